"""Killing, emptying and restarting everything in mid-send, and counting afterwards."""
