"""Use cases: database session and actor first; they flush and never commit, and know no request."""
