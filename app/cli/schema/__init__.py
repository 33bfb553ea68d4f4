"""`flask schema`: what `flask db` lacks, with exit codes that a script can trust."""

from flask.cli import AppGroup

group = AppGroup("schema", help="State, backups and adoption of the database.")

# Each module adds its commands to the group, which therefore stands first.
from app.cli.schema import adopt, backup, look, move, new, reset  # noqa: E402, F401
