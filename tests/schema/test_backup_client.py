"""mariadb-dump as it is run: it goes where the URL leads, shows no password, and is not believed when it dies."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.schema.backup import backup_to, restore_from
from app.schema.errors import SchemaFailed
from tests.databases import fresh_mariadb
from tests.schema.commands import execute
from tests.schema.ways import CLIENT, PORTABLE, held, hide_clients, require_client

# What option files, shells and URLs each read in their own way.
PASSWORDS = [
    "plain",
    "",
    " two  words ",
    "#not;a comment",
    "'single' \"double\"",
    'ends in "',
    "back\\slash\\n\\t\\\\",
    "\\",
    "equals=[client]",
    "tab\tand%percent@at:/?&+",
    "$(id) `id` ${HOME} !bang",
    "ünïcode",
]


@pytest.fixture
def client() -> str:
    """The path of mariadb-dump."""
    return require_client()


@pytest.fixture
def database(client: str) -> Iterator[str]:
    """The URL of a database with one table and three rows."""
    with fresh_mariadb() as url:
        execute(url, "CREATE TABLE things (id INT PRIMARY KEY)", "INSERT INTO things VALUES (1), (2), (3)")
        yield url


@pytest.fixture
def someone(database: str) -> Iterator[sa.URL]:
    """The database as a user of MariaDB's who may only read it; her password is set by the test."""
    url = sa.make_url(database)
    name = f"{url.database}_user"[-32:]
    execute(database, f"CREATE USER '{name}'@'%%'", f"GRANT SELECT ON {url.database}.* TO '{name}'@'%%'")
    try:
        yield url.set(username=name)
    finally:
        execute(database, f"DROP USER '{name}'@'%%'")


@pytest.mark.parametrize("password", PASSWORDS)
def test_any_password_of_a_user_who_may_only_read(
    database: str, someone: sa.URL, tmp_path: Path, password: str
) -> None:
    # Our driver sends a password in latin1, whatever else it speaks.
    latin = sa.make_url(database).update_query_dict({"charset": "latin1"})
    with sa.create_engine(latin, poolclass=sa.NullPool).begin() as connection:
        connection.execute(
            sa.text(f"SET PASSWORD FOR '{someone.username}'@'%' = PASSWORD(:password)"), {"password": password}
        )
    url = someone.set(password=password).render_as_string(hide_password=False)
    done = backup_to(url, tmp_path / "backup")
    assert (done.method, done.tables) == (CLIENT, {"things": 3})


def script(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of the test's own in front of mariadb-dump; it answers --version as that does."""
    path = folder / "bin" / CLIENT
    path.parent.mkdir()
    real = require_client()
    path.write_text(f'#!/bin/sh\nreal={real}\n[ "$1" = --version ] && exec $real "$@"\n{text}\n', encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{path.parent}{os.pathsep}{os.environ['PATH']}")


def test_nobody_reads_the_password(
    database: str, someone: sa.URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    password = "s3cret-in-the-url"
    execute(database, f"SET PASSWORD FOR '{someone.username}'@'%%' = PASSWORD('{password}')")
    url = someone.set(password=password).render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    seen = tmp_path / "seen"
    script(tmp_path, f'tr "\\0" " " </proc/$$/cmdline >{seen}; env >>{seen}; exec $real "$@"', monkeypatch)

    backup_to(url, tmp_path / "backup")

    assert "--single-transaction" in seen.read_text(encoding="utf-8")
    assert password not in seen.read_text(encoding="utf-8")
    assert password.encode() not in (tmp_path / "backup").read_bytes()


def test_a_wrong_password_is_told_without_it(someone: sa.URL, tmp_path: Path) -> None:
    url = someone.set(password="not-hers").render_as_string(hide_password=False)
    with pytest.raises(SchemaFailed, match="Access denied") as raised:
        backup_to(url, tmp_path / "backup")
    assert "not-hers" not in str(raised.value)


def test_the_files_of_the_machine_do_not_lead_it_elsewhere(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".my.cnf").write_text("[client]\npassword=wrong\nhost=192.0.2.1\nport=1\n[mysqldump]\nno-data\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("MYSQL_PWD", "wrong")
    assert backup_to(database, tmp_path / "backup").tables == {"things": 3}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param('$real "$@" | head -c 1500; exit 2', "ended with 2", id="killed"),
        pytest.param('$real "$@" | head -n 40; exit 0', "left its dump unfinished", id="cut, and it says all is well"),
        pytest.param("echo broken >&2; exit 1", "ended with 1: broken", id="fails at once"),
        pytest.param("exit 0", "left its dump unfinished", id="writes nothing"),
        pytest.param("kill -9 $$", "ended with -9", id="kill -9"),
        pytest.param('$real "$@" | sed s/VALUES/VALEURS/', "in a form that we do not know", id="another language"),
    ],
)
def test_a_dump_that_did_not_end_well_leaves_no_backup(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, reason: str
) -> None:
    script(tmp_path, text, monkeypatch)
    with pytest.raises(SchemaFailed, match=f"{reason}.*No backup was made"):
        backup_to(database, tmp_path / "backup")
    assert [path.name for path in tmp_path.iterdir()] == ["bin"]


def test_without_a_client_our_own_export_does_it(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_mariadb: str
) -> None:
    hide_clients(monkeypatch)
    assert backup_to(database, tmp_path / "backup").method == PORTABLE
    restore_from(empty_mariadb, tmp_path / "backup")
    assert held(empty_mariadb) == held(database)


def test_an_option_that_the_client_does_not_know_is_left_to_our_own_export(database: str, tmp_path: Path) -> None:
    (tmp_path / "my.cnf").write_text("[client]\n")
    url = sa.make_url(database).update_query_dict({"read_default_file": str(tmp_path / "my.cnf")})
    done = backup_to(url.render_as_string(hide_password=False), tmp_path / "backup")
    assert (done.method, done.tables) == (PORTABLE, {"things": 3})


def test_over_the_network_too(database: str, tmp_path: Path) -> None:
    with sa.create_engine(database, poolclass=sa.NullPool).connect() as connection:
        port, is_deaf = connection.exec_driver_sql("SELECT @@port, @@skip_networking").one()
    if is_deaf or not port:
        pytest.skip("this server listens on its socket only")
    url = sa.URL.create("mysql+pymysql", "root", host="localhost", port=port, database=sa.make_url(database).database)
    assert backup_to(url.render_as_string(hide_password=False), tmp_path / "backup").method == CLIENT
