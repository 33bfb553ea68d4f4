"""The demo's database file: made beside the old one, and put in its place only when it is whole."""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from datetime import tzinfo
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from app.database import engine_options, prepare_engine
from app.services import clock
from app.services.demo.world import fill

# What SQLite keeps beside a database; the old one's must never meet the new file.
COMPANIONS = ("-wal", "-shm", "-journal")


class NotADemoDatabase(Exception):
    """The place is taken by something that no demo made; nothing was touched. The message says what."""


def rebuild(database_url: str, *, migrations: Path, zone: tzinfo) -> Path:
    """The file at `database_url`, built anew from an empty database by the whole revision chain.

    An instance that still serves the old file goes on with it until it is restarted.

    Raises
    ------
    NotADemoDatabase
        The URL names no SQLite file, or one that holds something else than a demo.
    """
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        raise NotADemoDatabase(f"the demo is an SQLite file of its own, not {url.render_as_string()}")
    path = Path(url.database)
    _refuse_other_than_demo(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=".demo-", dir=path.parent))
    try:
        new = workshop / path.name
        _build(f"sqlite:///{new}", migrations, zone)
        # First these: what is left of the old database would be played back into the new one.
        for companion in COMPANIONS:
            Path(f"{path}{companion}").unlink(missing_ok=True)
        new.replace(path)
    finally:
        shutil.rmtree(workshop)
    return path


def _build(database_url: str, migrations: Path, zone: tzinfo) -> None:
    chain = Config()
    chain.set_main_option("script_location", str(migrations).replace("%", "%%"))
    chain.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    command.upgrade(chain, "head")
    engine = create_engine(database_url, **engine_options(database_url))
    prepare_engine(engine)
    try:
        with Session(engine) as session:
            fill(session, now=clock.utc_now(), zone=zone)
    finally:
        # The last connection that closes writes everything into the one file.
        engine.dispose()


def _refuse_other_than_demo(path: Path) -> None:
    """Raise NotADemoDatabase unless there is nothing at `path`, an empty database or a demo."""
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not tables:
                return
            kinds = connection.execute("SELECT kind FROM installation").fetchall() if "installation" in tables else []
    except sqlite3.Error as error:
        raise NotADemoDatabase(f"{path} cannot be read as a database ({error})") from error
    if kinds != [("demo",)]:
        raise NotADemoDatabase(f"{path} holds something else than a demo")
