"""A restore that its user may not finish is refused before the mark, and the database is not called unfinished."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.schema.backup import backup_to, restore_from
from app.schema.errors import SchemaRefused
from tests.schema.commands import execute, schema, tables
from tests.schema.ways import held, hide_clients

ALL = ("SELECT", "CREATE", "DROP", "ALTER", "INDEX", "REFERENCES", "INSERT", "UPDATE", "CREATE TEMPORARY TABLES")


@pytest.fixture
def filled(empty_mariadb: str) -> str:
    """Two tables, one of which refers to the other and holds a FLOAT of more than six digits."""
    execute(
        empty_mariadb,
        "CREATE TABLE things (id INTEGER PRIMARY KEY, weight FLOAT)",
        "CREATE TABLE parts (id INTEGER PRIMARY KEY, thing_id INTEGER, FOREIGN KEY (thing_id) REFERENCES things (id))",
        "INSERT INTO things VALUES (1, 0.123456789)",
        "INSERT INTO parts VALUES (1, 1)",
    )
    return empty_mariadb


@pytest.fixture
def user(filled: str) -> Iterator[str]:
    """The name of a user of the server who may do nothing yet."""
    name = f"dopply_{secrets.token_hex(4)}"
    execute(filled, f"CREATE USER {name}@'%%' IDENTIFIED BY 'Melati-2'")
    yield name
    execute(filled, f"DROP USER {name}@'%%'")


def as_user(url: str, user: str, rights: tuple[str, ...]) -> str:
    """The URL of the same database for the user, who has these rights on it."""
    parts = sa.make_url(url)
    execute(url, f"GRANT {', '.join(rights)} ON {parts.database}.* TO {user}@'%%'")
    return parts.set(username=user, password="Melati-2").render_as_string(hide_password=False)


@pytest.mark.parametrize("right", [right for right in ALL if right not in {"SELECT", "REFERENCES"}])
def test_a_right_that_is_missing_is_named_and_no_mark_is_left(
    right: str, filled: str, user: str, tmp_path: Path, backups: Path
) -> None:
    backup_to(filled, tmp_path / "backup")
    before = held(filled)
    mine = as_user(filled, user, tuple(other for other in ALL if other != right))
    with pytest.raises(SchemaRefused, match=f"lacks the right {right}. Nothing was changed"):
        restore_from(mine, tmp_path / "backup", replace=True)
    assert held(filled) == before
    assert not backups.exists()
    assert schema(filled, "backup", str(tmp_path / "again")).exit_code == 0


def test_the_rights_of_the_guide_are_enough(filled: str, user: str, tmp_path: Path) -> None:
    backup_to(filled, tmp_path / "backup")
    before = held(filled)
    restore_from(as_user(filled, user, ALL), tmp_path / "backup", replace=True)
    assert held(filled) == before


def test_a_backup_of_our_own_export_needs_no_temporary_table(
    filled: str, user: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide_clients(monkeypatch)
    backup_to(filled, tmp_path / "backup")
    before = held(filled)
    restore_from(as_user(filled, user, ALL[:-1]), tmp_path / "backup", replace=True)
    assert held(filled) == before
    assert tables(filled) == {"things", "parts"}
