"""Checks that need more than Python: `make check-email`."""
