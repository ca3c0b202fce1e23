"""Colleagues, and the door by which they come in."""
