"""Readers from a list that an office has: its file read, its columns guessed, its rows read and
taken in by batches, and all of it undone where that is wanted."""
