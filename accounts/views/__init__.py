"""The pages of the door, in the manner of the admin."""
