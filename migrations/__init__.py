"""The revision chain, and the small steps that its revisions are made of."""
