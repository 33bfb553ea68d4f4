"""The database as an operator sees it: its state, its backups, and how an older one is adopted. No Flask here."""
