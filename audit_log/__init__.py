"""The log of who did what: append-only acts of people, in one table."""
