"""`flask schema`: what `flask db` lacks, with exit codes that a script can trust."""

from flask.cli import AppGroup

group = AppGroup("schema", help="State, backups and adoption of the database.")
