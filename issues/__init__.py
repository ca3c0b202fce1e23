"""Issues, from a file to a published page."""
