"""Tests of the revision chain, each on SQLite and on MariaDB."""
