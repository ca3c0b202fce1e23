"""A library that composes, signs, sends and interprets mail; it knows no readers and no issues."""
