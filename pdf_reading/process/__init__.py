"""Reading in a subprocess with limits, and the form in which its result comes back."""
