"""Runs revisions for `flask db ...` (the application's database) and for `alembic ...` (DATABASE_URL)."""

import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.util import CommandError
from flask import current_app, has_app_context

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from migrations.connections import (  # noqa: E402
    LOCK_IS_HELD,
    LOCK_WAIT_S,
    migration_engine,
    refuse_broken_references,
    refuse_unversioned,
    schema_lock,
    waits_explained,
)
from migrations.legacy_time import legacy_time_zone  # noqa: E402

COMMANDS_THAT_RUN_REVISIONS = {"upgrade", "downgrade"}
COMMANDS_THAT_WRITE = COMMANDS_THAT_RUN_REVISIONS | {"do_stamp"}


def database_url() -> sa.URL | str:
    """The address of the database: as configured by a caller, of the running application, or DATABASE_URL."""
    if configured := context.config.get_main_option("sqlalchemy.url"):
        return configured
    if has_app_context():
        url: sa.URL = current_app.extensions["migrate"].db.engine.url
        return url
    import config

    try:
        return config.database_url(os.environ)
    except config.SettingsError as error:
        raise CommandError(str(error)) from error


def lock_wait_s() -> float:
    """How long to wait for another upgrade, in seconds: 30, or as `-x lock_wait_s=...` says."""
    stated = context.get_x_argument(as_dictionary=True).get("lock_wait_s", LOCK_WAIT_S)
    try:
        return float(stated)
    except ValueError as error:
        raise CommandError(f"lock_wait_s={stated!r} is no number of seconds.") from error


def render_item(kind: str, item: Any, autogen_context: AutogenContext) -> str | bool:
    """A type of ours written as the plain type under it, because revisions do not import `app`."""
    if kind == "type" and type(item).__module__.startswith("app."):
        from alembic.autogenerate.render import _repr_type

        return _repr_type(item.impl_instance, autogen_context)
    return False


def report(*, ctx: Any, step: Any, **_: Any) -> None:
    """Checks one revision just before its COMMIT, and prints its name on a command line."""
    refuse_broken_references(ctx.connection)
    if context.config.cmd_opts is not None:
        verb = "stamped" if step.is_stamp else "upgraded to" if step.is_upgrade else "downgraded from"
        context.config.print_stdout(f"{verb} {', '.join(step.up_revision_ids)}")


def run(connection: sa.Connection) -> None:
    """Runs what the command asked for: on SQLite one transaction per revision."""
    options: dict[str, Any] = {
        "connection": connection,
        "compare_type": True,
        "render_item": render_item,
        "render_as_batch": True,
        "transactional_ddl": connection.dialect.name == "sqlite",
        "transaction_per_migration": True,
        "on_version_apply": report,
    }
    context.configure(**options)
    command = context.get_context().opts["fn"].__name__
    if command not in COMMANDS_THAT_WRITE:
        # Only the commands that compare need the models; a broken model never stops an upgrade.
        from app.models import Base

        context.configure(**options, target_metadata=Base.metadata)
        context.run_migrations()
        return
    is_locked = context.config.attributes.get(LOCK_IS_HELD, False)
    with nullcontext() if is_locked else schema_lock(connection, lock_wait_s()):
        if command in COMMANDS_THAT_RUN_REVISIONS:
            refuse_unversioned(connection)
        if command == "upgrade":
            # Asked here and not by the revision that uses it, so that it stops before anything has changed.
            legacy_time_zone(connection)
            connection.rollback()
        with context.begin_transaction():
            context.run_migrations()


def main() -> None:
    """One run on one connection, which is closed afterwards."""
    if context.is_offline_mode():
        raise CommandError("There is no SQL script to print: every step asks the database what is there first.")
    engine = migration_engine(database_url())
    with waits_explained(), engine.connect() as connection:
        run(connection)
        if engine.dialect.name == "sqlite":
            connection.rollback()
            connection.connection.execute("PRAGMA foreign_keys=ON")


try:
    main()
except CommandError as error:
    if has_app_context() or context.config.cmd_opts is None:
        raise
    # The bare `alembic` command would end with 255; scripts rely on 1 for "failed".
    sys.exit(f"FAILED: {error}")
