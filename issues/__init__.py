"""From a file to a published page."""
