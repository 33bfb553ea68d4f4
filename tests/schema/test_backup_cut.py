"""A restore to MariaDB that is cut at any statement leaves a database that nobody takes for a good one."""

import itertools
from pathlib import Path

import pytest

from app.schema.backup import UNFINISHED, backup_to, present, restore_from
from app.schema.backup.server import Server
from app.schema.errors import SchemaFailed, SchemaRefused
from tests.schema.commands import execute, tables
from tests.schema.two_tables import DROP, fill, filled
from tests.schema.ways import Way, held
from tests.sweep_sample import is_full


class Cut(BaseException):
    """The moment at which a process ended."""


@pytest.mark.parametrize("was_empty", [True, False])
def test_a_restore_cut_at_any_statement_is_marked_and_runs_again(
    mariadb_way: Way, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, was_empty: bool
) -> None:
    url, target, path = filled(mariadb_way), mariadb_way.empty(), tmp_path / "backup"
    backup_to(url, path)
    wanted = held(url)
    marked = 0
    for statements in itertools.count(step=1 if is_full() else 3):
        if not was_empty:
            fill(target, "since then")
        before = held(target)
        with monkeypatch.context() as patch:
            cut_after(patch, statements)
            try:
                restore_from(target, path, replace=not was_empty)
            except Cut:
                was_cut = True
            else:
                was_cut = False
        if UNFINISHED in tables(target):
            marked += 1
            assert_unusable(target, tmp_path)
            restore_from(target, path)
        elif was_cut:
            assert held(target) == before, "nothing changes before the mark is there"
            restore_from(target, path, replace=True)
        assert held(target) == wanted
        execute(target, *DROP)
        if not was_cut:
            break
    assert marked > 2


def cut_after(patch: pytest.MonkeyPatch, statements: int) -> None:
    """Ends a restore instead of the statement after so many."""
    run, left = Server.run, iter(range(statements))

    def counted(server: Server, statement: bytes | str) -> None:
        if next(left, None) is None:
            raise Cut
        run(server, statement)

    patch.setattr(Server, "run", counted)


def assert_unusable(url: str, folder: Path) -> None:
    """Nobody takes the database for a good one."""
    assert present(url) == {}
    with pytest.raises(SchemaRefused, match=r"The restore of .*/backup that began on .* has not ended.*again"):
        backup_to(url, folder / "never")
    assert not (folder / "never").exists()


def test_what_was_there_is_still_known_after_two_cuts(
    mariadb_way: Way, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backups: Path
) -> None:
    url, target, path = filled(mariadb_way), filled(mariadb_way, "precious"), tmp_path / "backup"
    precious = held(target)
    backup_to(url, path)
    with monkeypatch.context() as patch:
        cut_after(patch, 15)
        with pytest.raises(Cut):
            restore_from(target, path, replace=True)
    with monkeypatch.context() as patch:
        cut_after(patch, 5)
        with pytest.raises(Cut):
            restore_from(target, path)
    [kept] = backups.iterdir()
    with pytest.raises(SchemaRefused, match=f"What was there before is in {kept}"):
        backup_to(target, tmp_path / "never")
    restore_from(target, kept)
    assert held(target) == precious


def test_a_restore_that_somebody_writes_into_is_not_called_done(
    mariadb_way: Way, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, target, path = filled(mariadb_way), mariadb_way.empty(), tmp_path / "backup"
    backup_to(url, path)
    run = Server.run

    def meddled(server: Server, statement: bytes | str) -> None:
        run(server, statement)
        if statement[:22] == b"INSERT INTO `children`":
            execute(target, "DELETE FROM children WHERE id = 1")

    with monkeypatch.context() as patch:
        patch.setattr(Server, "run", meddled)
        with pytest.raises(SchemaFailed, match=r"differs from the backup in children \(1 rows instead of 2 rows\)"):
            restore_from(target, path)
    assert UNFINISHED in tables(target)
    restore_from(target, path)
    assert held(target) == held(url)
