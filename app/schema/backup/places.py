"""Where backups go when nobody says where."""

import re
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from config import INSTANCE

FOLDER = INSTANCE / "backups"
SUFFIX = ".dopply.zip"


def default_path(url: str) -> Path:
    """A free name in instance/backups with the database and the time in UTC; the folder is the owner's alone."""
    FOLDER.mkdir(parents=True, mode=0o700, exist_ok=True)
    return FOLDER / f"{_name(url)}-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}{SUFFIX}"


def _name(url: str) -> str:
    parts = sa.make_url(url)
    name = parts.database or "database"
    if parts.get_backend_name() == "sqlite":
        name = Path(name).stem
    return re.sub(r"[^\w-]+", "_", name)
