"""Databases as the original left them: written down from facts, not made by our own revisions."""
