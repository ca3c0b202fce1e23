"""Bulletins and their topics, who sends them and how they look."""
