"""The door: who comes in, by what, and who does not."""
