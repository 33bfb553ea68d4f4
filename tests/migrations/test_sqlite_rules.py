"""Rebuilding tables on SQLite loses no row, and a revision that would break a reference is undone."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.util import CommandError

from tests.migrations import chain, facts, rows

REBUILD_USERS_AND_PATIENTS = """
from alembic import op
revision = "rebuild"
down_revision = "692e6f2120e5"

def upgrade():
    for table in ("users", "patients"):
        with op.batch_alter_table(table, recreate="always"):
            pass
"""

LOSE_A_PARENT = """
from alembic import op
revision = "lose"
down_revision = "692e6f2120e5"

def upgrade():
    op.execute("CREATE TABLE trace_of_this_revision (id INTEGER)")
    op.execute("DELETE FROM patients WHERE id = 1")
"""


def with_rows(url: str) -> dict[str, list[dict[str, str]]]:
    chain.upgrade(url, "692e6f2120e5")
    with chain.connection(url) as connection:
        rows.insert(connection)
        return rows.read(connection)


def test_rebuilding_users_and_patients_keeps_the_rows_of_every_child(empty_sqlite: str, tmp_path: Path) -> None:
    before = with_rows(empty_sqlite)
    assert all(before.values())
    with chain.connection(empty_sqlite) as connection:
        schema = facts.read(connection)
    (tmp_path / "rebuild.py").write_text(REBUILD_USERS_AND_PATIENTS, encoding="utf-8")
    command.upgrade(chain.config(empty_sqlite, more_versions=tmp_path), "rebuild")
    with chain.connection(empty_sqlite) as connection:
        assert rows.read(connection) == before
        assert facts.read(connection) == schema


def test_a_revision_that_leaves_rows_without_parents_is_undone(empty_sqlite: str, tmp_path: Path) -> None:
    before = with_rows(empty_sqlite)
    (tmp_path / "lose.py").write_text(LOSE_A_PARENT, encoding="utf-8")
    with pytest.raises(CommandError, match=r"doctor_patient -> patients"):
        command.upgrade(chain.config(empty_sqlite, more_versions=tmp_path), "lose")
    with chain.connection(empty_sqlite) as connection:
        assert rows.read(connection) == before
        assert "trace_of_this_revision" not in facts.read(connection)
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == "692e6f2120e5"


def test_the_transaction_that_asks_for_the_version_holds_the_write_lock(empty_sqlite: str) -> None:
    statements: list[str] = []

    def keep(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", keep)
    try:
        chain.upgrade(empty_sqlite, "001_initial_schema")
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", keep)
    first_question = next(place for place, text in enumerate(statements) if "alembic_version" in text)
    assert "BEGIN IMMEDIATE" in statements[:first_question]
