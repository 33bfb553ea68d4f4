"""The WSGI entry point: `app` for gunicorn and for the flask command."""

import sys
from pathlib import Path

from app import create_app
from config import SettingsError, load_settings

# These commands maintain the schema and serve nobody, so they run with DATABASE_URL alone.
DATABASE_COMMANDS = {"db", "schema"}


def only_maintains_database(argv: list[str]) -> bool:
    """Whether this process is `flask [--app wsgi] db …` or `… schema …`."""
    commands = [word for word in argv[1:] if not word.startswith("-")]
    return Path(argv[0]).stem in {"flask", "__main__"} and bool(DATABASE_COMMANDS.intersection(commands[:2]))


serves = not only_maintains_database(sys.argv)
try:
    app = create_app(load_settings(serves=serves))
except SettingsError as error:
    raise SystemExit(str(error) if serves else f"FAILED: {error}") from None
