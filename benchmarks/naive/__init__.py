"""The peers: each does the same work in the way that comes to mind first, and is written to be read."""
