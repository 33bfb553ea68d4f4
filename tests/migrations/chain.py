"""Running revisions from a test: through env.py as the commands do, or one body alone."""

import functools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = ROOT / "migrations" / "versions"

SEED = [
    "001_initial_schema",
    "002_records_notifications",
    "003_patient_status_history",
    "004_fetal_monitoring",
    "692e6f2120e5",
]


def config(url: str, more_versions: Path | None = None) -> Config:
    """The settings of `alembic` for the database at `url`, with a second folder of revisions if one is given."""
    settings = Config(str(ROOT / "alembic.ini"))
    settings.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    if more_versions is not None:
        settings.set_main_option("version_locations", os.pathsep.join([str(VERSIONS), str(more_versions)]))
    return settings


def upgrade(url: str, revision: str = "head") -> None:
    """The database, brought up to `revision`."""
    command.upgrade(config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """The database, brought down to `revision`."""
    command.downgrade(config(url), revision)


@functools.cache
def scripts() -> ScriptDirectory:
    """The chain as Alembic reads it."""
    return ScriptDirectory.from_config(config("sqlite://"))


def revisions() -> list[str]:
    """All revision ids, oldest first."""
    return [script.revision for script in scripts().walk_revisions()][::-1]


def module(revision: str) -> ModuleType:
    """The file of one revision."""
    found: ModuleType = scripts().get_revision(revision).module
    return found


@contextmanager
def connection(url: str) -> Iterator[sa.Connection]:
    """A connection that commits at the end; on SQLite it keeps foreign keys, as the application's do."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _keep_foreign_keys)
    with engine.begin() as opened:
        yield opened


def _keep_foreign_keys(dbapi_connection: Any, _record: Any) -> None:
    dbapi_connection.execute("PRAGMA foreign_keys=ON")


def run_body(url: str, revision: str, direction: str = "upgrade") -> None:
    """One revision's function, run without looking at or changing alembic_version."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as opened:
        if engine.dialect.name == "sqlite":
            opened.exec_driver_sql("PRAGMA foreign_keys=OFF")
            opened.rollback()
        with opened.begin(), Operations.context(MigrationContext.configure(opened)):
            getattr(module(revision), direction)()


class Cut(Exception):
    """The moment at which a run ended: a killed process, a lost connection."""


@contextmanager
def cut_after(statements: int) -> Iterator[None]:
    """Raises Cut inside, instead of the statement after so many that change the schema.

    Changes of rows are not counted: without the COMMIT that comes with the next change of the schema they are
    undone by the cut, so that they make no place of their own.
    """
    seen = 0

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal seen
        if statement.lstrip().split()[0].upper() in {"CREATE", "ALTER", "DROP"}:
            seen += 1
            if seen > statements:
                raise Cut

    sa.event.listen(sa.Engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", count)
