"""A backup restores to the same tables and the same rows, in each way that it can be taken."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from app.schema.backup import backup_to, describe, present, restore_from
from app.schema.errors import SchemaFailed, SchemaRefused
from tests.migrations import chain, rows
from tests.schema.commands import execute, stamp_of
from tests.schema.ways import SQLITE, Way, held

# Cheap to build, and all of the original's tables are there.
EARLY = "006_utf8mb4"
HEAD = chain.revisions()[-1]


def filled(way: Way) -> str:
    """A database at EARLY with rows in every table."""
    url = way.empty()
    chain.upgrade(url, EARLY)
    with chain.connection(url) as connection:
        rows.insert(connection)
    return url


def unchecked(url: str, statement: str) -> None:
    """The statement, on a connection that does not look at foreign keys."""
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        on_sqlite = connection.dialect.name == "sqlite"
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF" if on_sqlite else "SET foreign_key_checks = 0")
        connection.commit()
        connection.exec_driver_sql(statement)
        connection.commit()


def test_everything_is_as_it_was(way: Way, tmp_path: Path) -> None:
    url, other = filled(way), way.empty()
    chain.upgrade(url)

    taken = backup_to(url, tmp_path / "backup")
    restored = restore_from(other, tmp_path / "backup")

    assert taken.method == way.name
    assert held(other) == held(url)
    assert taken.tables == restored.manifest.counts == present(other)
    assert taken.tables["records"] == 2
    assert restored.before is None
    assert restored.notes == ()
    assert stamp_of(other) == [HEAD]


def test_a_restored_database_goes_on(way: Way, tmp_path: Path) -> None:
    url, other = filled(way), way.empty()
    backup_to(url, tmp_path / "backup")

    restored = restore_from(other, tmp_path / "backup")

    assert restored.notes == (f"It is at revision {EARLY}: run `flask db upgrade` before you serve it.",)
    chain.upgrade(other)
    assert stamp_of(other) == [HEAD]


def test_the_next_numbers_go_on_where_they_were(mariadb_way: Way, tmp_path: Path) -> None:
    url, other = filled(mariadb_way), mariadb_way.empty()
    insert = "INSERT INTO users (name, email, password_hash, role, created_at) VALUES ('A', 'a@x', '', 'admin', NOW())"
    execute(url, insert, "DELETE FROM users WHERE email = 'a@x'")
    backup_to(url, tmp_path / "backup")

    restore_from(other, tmp_path / "backup")

    execute(url, insert)
    execute(other, insert)
    assert held(other)["users"] == held(url)["users"]


def test_a_revision_from_the_future_is_restored_and_told(way: Way, tmp_path: Path) -> None:
    url, other = filled(way), way.empty()
    execute(url, "UPDATE alembic_version SET version_num = '999_later'")
    backup_to(url, tmp_path / "backup")

    restored = restore_from(other, tmp_path / "backup")

    [note] = restored.notes
    assert "999_later is unknown" in note
    assert held(other) == held(url)


def test_an_empty_database_has_an_empty_backup(way: Way, tmp_path: Path) -> None:
    url = way.empty()
    execute(url)
    assert backup_to(url, tmp_path / "backup").tables == {}
    other = filled(way)
    restore_from(other, tmp_path / "backup", replace=True)
    assert held(other) == {}


def test_a_database_with_tables_is_left_alone(way: Way, tmp_path: Path) -> None:
    url = filled(way)
    backup_to(url, tmp_path / "backup")
    execute(url, "UPDATE users SET name = 'Since then'")
    before = held(url)

    with pytest.raises(SchemaRefused, match=r"--replace.*Nothing was changed"):
        restore_from(url, tmp_path / "backup")

    assert held(url) == before


def test_what_is_replaced_is_backed_up_first(way: Way, tmp_path: Path, backups: Path) -> None:
    url = filled(way)
    backup_to(url, tmp_path / "backup")
    as_backed_up = held(url)
    execute(url, "UPDATE users SET name = 'Since then'", "CREATE TABLE notes (id INTEGER PRIMARY KEY)")
    since_then = held(url)

    restored = restore_from(url, tmp_path / "backup", replace=True)

    assert held(url) == as_backed_up
    assert restored.before is not None
    assert restored.before.path.parent == backups
    restore_from(url, restored.before.path, replace=True)
    assert held(url) == since_then


@pytest.mark.parametrize("kind", ["to SQLite", "to MariaDB"])
def test_the_other_kind_of_database_is_refused(
    kind: str, sqlite_at_head: str, empty_sqlite: str, empty_mariadb: str, tmp_path: Path
) -> None:
    source, target = (empty_mariadb, empty_sqlite) if kind == "to SQLite" else (sqlite_at_head, empty_mariadb)
    backup_to(source, tmp_path / "backup")
    with pytest.raises(SchemaRefused, match="goes back only to its own kind"):
        restore_from(target, tmp_path / "backup")
    assert present(target) == {}


def test_rows_that_refer_to_nothing_are_kept_and_told(way: Way, tmp_path: Path) -> None:
    url, other = way.empty(), way.empty()
    reference = "REFERENCES parents (id)" if way.name == SQLITE else ", FOREIGN KEY (parent_id) REFERENCES parents (id)"
    execute(
        url,
        "CREATE TABLE parents (id INTEGER PRIMARY KEY)",
        f"CREATE TABLE children (id INTEGER PRIMARY KEY, parent_id INTEGER {reference})",
        "INSERT INTO parents VALUES (1)",
        "INSERT INTO children VALUES (1, 1), (3, NULL)",
    )
    unchecked(url, "INSERT INTO children VALUES (2, 9)")
    backup_to(url, tmp_path / "backup")

    restored = restore_from(other, tmp_path / "backup")

    assert restored.notes == ("1 rows refer to nothing (children -> parents). They came so with the backup.",)
    assert held(other) == held(url)


def test_asking_for_a_database_that_is_not_there_does_not_make_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'none.db'}"
    assert present(url) == {}
    with pytest.raises(SchemaFailed, match="There is no database"):
        backup_to(url, tmp_path / "backup")
    assert list(tmp_path.iterdir()) == []


def test_a_backup_says_what_it_is(way: Way, tmp_path: Path) -> None:
    url = filled(way)
    backup_to(url, tmp_path / "backup")
    manifest = describe(tmp_path / "backup")
    assert manifest.revision == (EARLY,)
    assert manifest.counts["records"] == 2
    assert manifest.engine == ("sqlite" if way.name == SQLITE else "mysql")
