"""Editing a draft: acts on a document of blocks, each of which takes a draft and returns a draft.

`document` has the values, `acts` what can be done, `applying` does it; nothing there knows the
database. `storage` takes a draft from the tables and writes it back, `history` keeps each state.
"""
