"""Phrases that readers watch for, and where they stand in a text. Plain Python."""
