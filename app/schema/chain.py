"""The revision chain, for any database URL: what it holds, and running it."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError

from app.schema.errors import SchemaFailed
from config import ROOT
from migrations.connections import migration_engine

VERSIONS = ROOT / "migrations" / "versions"
HEAD_FILE = ROOT / "migrations" / "head.txt"


def config(url: str) -> Config:
    """Alembic's settings for the database at `url`."""
    settings = Config(str(ROOT / "alembic.ini"))
    settings.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return settings


@functools.cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(Config(str(ROOT / "alembic.ini")))


def revisions() -> list[Script]:
    """Every revision, oldest first."""
    return list(_scripts().walk_revisions())[::-1]


def head() -> str:
    """The id of the newest revision; SchemaFailed when the chain has branched."""
    heads = _scripts().get_heads()
    if len(heads) != 1:
        raise SchemaFailed(
            f"The chain has {len(heads)} heads ({', '.join(heads)}): join them with `flask db merge heads`."
        )
    return heads[0]


@contextmanager
def connection(url: str) -> Iterator[sa.Connection]:
    """A connection fit for looking and for changing a schema; what was not committed is undone."""
    engine = migration_engine(url)
    try:
        with engine.connect() as opened:
            yield opened
    finally:
        engine.dispose()


def stamped(opened: sa.Connection) -> tuple[str, ...]:
    """The ids in `alembic_version`: usually one, none on an empty or unversioned database."""
    return MigrationContext.configure(opened).get_current_heads()


def upgrade(url: str, revision: str = "head") -> None:
    """The database brought up to `revision`; SchemaFailed says why not."""
    _run(command.upgrade, url, revision)


def downgrade(url: str, revision: str) -> None:
    """The database brought down to `revision`, which may be relative ("-1"); SchemaFailed says why not."""
    _run(command.downgrade, url, revision)


def stamp(url: str, revision: str) -> None:
    """`alembic_version` says `revision` from now on, whatever it said; nothing else changes."""
    try:
        command.stamp(config(url), revision, purge=True)
    except CommandError as error:
        raise SchemaFailed(str(error)) from error


def _run(run: Callable[[Config, str], None], url: str, revision: str) -> None:
    try:
        run(config(url), revision)
    except CommandError as error:
        raise SchemaFailed(str(error)) from error
