"""The whole service on one machine, with no server installed: broker, mail catcher, processes."""
