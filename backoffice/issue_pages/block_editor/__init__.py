"""The block editor: an issue as one document of blocks beside its pages, each press
an act."""
