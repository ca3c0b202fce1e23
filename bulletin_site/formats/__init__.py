"""Dates in the manner of the mails, where Django's own is another."""
