"""The commands of the original's guide and of ours, one by one, with what each must do. Data; test_guide runs it."""

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from app.schema import reset
from tests.migrations import chain
from tests.schema.commands import execute, stamp_of, tables
from tests.schema.project import Project

# The commands of the original's guide, in its own words. In place of [...] stands what a reader would put there.
ORIGINAL = [
    "python manage_migrations.py status",
    'python manage_migrations.py new "Description of changes"',
    "python manage_migrations.py apply",
    "python manage_migrations.py history",
    "alembic check",
    "alembic current",
    "alembic upgrade head",
    "alembic downgrade -1",
    "python full_reset.py",
    "python reset_migrations.py",
    "alembic revision --autogenerate",
    "alembic branches",
    'alembic merge heads -m "merge message"',
    "alembic stamp head",
    "alembic downgrade 019_strip_storage",
    "alembic history",
    "python check_tables.py",
]

NAME = "dopply"  # How our guide calls the database.
HEAD = chain.revisions()[-1]
ADDED = f"{len(chain.revisions()) + 1:03}_description_of_changes"
WITH_ZONE = {"DOPPLY_LEGACY_TIME_ZONE": "Asia/Jakarta"}


@dataclass
class World:
    """The copy of the project and the database of one journey, and what was seen on the way."""

    project: Project
    url: str
    seen: dict[str, set[Path]] = field(default_factory=dict)

    def run(self, command: str, words: list[str]) -> "tuple[int, str]":
        """Exit code and everything that was printed."""
        words = [reset.name(self.url) if word == NAME else word for word in words]
        done = self.project.run(*words, url=self.url, **WITH_ZONE)
        assert "Traceback" not in done.stderr, (command, done.stderr)
        return done.returncode, done.stdout + done.stderr


def travel(world: World, steps: "list[Step]") -> None:
    """Every step, one after the other."""
    for step in steps:
        step.first(world)
        code, said = world.run(step.command, shlex.split(step.command))
        assert code == step.exit_code, f"{step.command}: {said}"
        for words in step.says:
            assert words in said, f"{step.command}: {said}"
        step.then(world)


def nothing(_world: World) -> None:
    """Nothing has to be done, or to be true."""


@dataclass(frozen=True)
class Step:
    """A command: what happens before it, how it ends, what it says, and what is true afterwards."""

    command: str
    exit_code: int = 0
    says: tuple[str, ...] = ()
    then: Callable[[World], None] = nothing
    first: Callable[[World], None] = nothing


def is_at(*revisions: str) -> Callable[[World], None]:
    """The database is at the revision."""

    def check(world: World) -> None:
        assert sorted(stamp_of(world.url)) == sorted(revisions)

    return check


def has_motto(*, expected: bool) -> Callable[[World], None]:
    """The column that the test gave to a model is in the database, or is not."""

    def check(world: World) -> None:
        with chain.connection(world.url) as connection:
            columns = {column["name"] for column in sa.inspect(connection).get_columns("unit")}
        assert ("motto" in columns) is expected

    return check


def add_a_user(world: World) -> None:
    """One row that must survive everything but a full reset."""
    execute(
        world.url,
        "INSERT INTO users (name, email, password_hash, role, created_at) "
        "VALUES ('Ani', 'ani@example.org', '', 'admin', '2026-01-01 00:00:00')",
    )


def users(world: World) -> int:
    """How many there are."""
    with chain.connection(world.url) as connection:
        return connection.scalar(sa.text("SELECT COUNT(*) FROM users")) or 0


def the_user_is_there(world: World) -> None:
    assert users(world) == 1


def wrote_a_numbered_file(world: World) -> None:
    path = world.project.root / "migrations" / "versions" / f"{ADDED}.py"
    source = path.read_text(encoding="utf-8")
    assert source.startswith(f'"""Description of changes\n\nRevision ID: {ADDED}\nRevises: {HEAD}\n')
    compile(source, path.name, "exec")
    assert (world.project.root / "migrations" / "head.txt").read_text(encoding="utf-8") == f"{ADDED}\n"


def remember_files(world: World) -> None:
    world.seen["versions"] = world.project.versions()


def give_a_model_a_column(world: World) -> None:
    """`Unit` gets a motto, as a developer would write it."""
    remember_files(world)
    path = world.project.root / "app" / "models" / "unit.py"
    source = path.read_text(encoding="utf-8")
    line = '    __tablename__ = "unit"\n'
    assert line in source
    path.write_text(source.replace(line, f"{line}    motto: Mapped[str | None] = mapped_column(Text)\n"), "utf-8")
    if not re.search(r"^from sqlalchemy import .*\bText\b", source, re.MULTILINE):
        path.write_text("from sqlalchemy import Text\n" + path.read_text(encoding="utf-8"), "utf-8")


def wrote_the_column(world: World) -> None:
    [path] = world.project.versions() - world.seen["versions"]
    source = path.read_text(encoding="utf-8")
    assert "sa.Column('motto', sa.Text(), nullable=True)" in source
    assert "app." not in source


def add_a_second_head(world: World) -> None:
    """Another branch has a revision after the same one."""
    code, said = world.run("", ["alembic", "revision", "-m", "other", "--head", HEAD, "--splice"])
    assert code == 0, said


def stamp_over_the_truth(world: World) -> None:
    """What the original's guide called a way out: the tables of an older revision under the stamp of the newest."""
    for words in (["alembic", "downgrade", "692e6f2120e5"], ["alembic", "stamp", "head"]):
        code, said = world.run("", words)
        assert code == 0, said


def count_backups(world: World) -> None:
    world.seen["backups"] = world.project.backups()


def one_more_backup(world: World) -> None:
    assert len(world.project.backups() - world.seen["backups"]) == 1


def nothing_was_lost(world: World) -> None:
    assert world.project.backups() == world.seen["backups"]
    the_user_is_there(world)


def was_built_anew(world: World) -> None:
    one_more_backup(world)
    assert users(world) == 0


def has_the_zone(world: World) -> None:
    assert "installation" in tables(world.url)


IN_ITS_OWN_WORDS = [
    Step("python manage_migrations.py status", 4, ("empty", "pending")),
    Step("python manage_migrations.py apply", 0, (f"-> {HEAD}", "no drift"), is_at(HEAD)),
    Step("python manage_migrations.py status", 0, ("at head", "drift     none")),
    Step("alembic check", 0, ("No new upgrade operations detected",), first=add_a_user),
    Step(
        'python manage_migrations.py new "Description of changes"',
        0,
        ("No difference found", f"{ADDED}.py"),
        wrote_a_numbered_file,
    ),
    Step('python manage_migrations.py new "Description of changes"', 3, ("flask schema apply",), is_at(HEAD)),
    Step("python manage_migrations.py history", 0, (f"current  {HEAD}", f"pending  {ADDED}")),
    Step("alembic current", 0, (HEAD,)),
    Step("python manage_migrations.py apply", 0, (f"{HEAD} -> {ADDED}",), is_at(ADDED)),
    Step("alembic downgrade -1", 0, (f"downgraded from {ADDED}",), is_at(HEAD)),
    Step("alembic upgrade head", 0, (f"upgraded to {ADDED}",), is_at(ADDED)),
    Step("alembic history", 0, (f"{HEAD} -> {ADDED} (head), Description of changes",)),
    Step("python check_tables.py", 0, ("users", "waveform_chunks")),
    # The trap in "manually stamp current state", what shows it, and the way out of it.
    Step("python manage_migrations.py status", 4, ("reset-migrations",), first=stamp_over_the_truth),
    Step("python manage_migrations.py apply", 1, ("FAILED", "reset-migrations")),
    Step("python reset_migrations.py", 3, ("--yes",), is_at(ADDED), first=count_backups),
    Step("flask schema reset-migrations --yes", 0, (), one_more_backup),
    Step("python reset_migrations.py", 0, ("Nothing to do",), is_at("692e6f2120e5")),
    Step("alembic upgrade head", 0, (f"upgraded to {ADDED}",), has_the_zone),
    Step("alembic stamp head", 0, (), is_at(ADDED)),
    Step("alembic check", 0, (), the_user_is_there),
    # A model gets a column.
    Step("alembic revision --autogenerate", 0, (), wrote_the_column, first=give_a_model_a_column),
    Step("alembic upgrade head", 0, ("upgraded to",), has_motto(expected=True)),
    # Two branches.
    Step("alembic branches", 0, ("(branchpoint)",), first=add_a_second_head),
    Step("python manage_migrations.py status", 1, ("2 heads", "flask db merge heads")),
    Step('alembic merge heads -m "merge message"', 0),
    Step("alembic upgrade head", 0, ("upgraded to",)),
    Step("flask schema rollback --steps 2 --yes", 3, ("joins two branches",)),
    Step("alembic downgrade 019_strip_storage", 0, ("downgraded from",), has_motto(expected=False)),
    Step("alembic upgrade head", 0, ("upgraded to",), has_motto(expected=True)),
    # Starting over.
    Step("python full_reset.py", 3, ("--database",), nothing_was_lost, first=count_backups),
    Step("python full_reset.py --database dopply", 0, ("Backed up to", "no drift"), was_built_anew),
]

BEFORE = "before.dopply.zip"


def an_original_without_a_version(world: World) -> None:
    """A database as the original's create_all made it, in use."""
    chain.upgrade(world.url, "692e6f2120e5")
    add_a_user(world)
    execute(world.url, "DROP TABLE alembic_version")


def wrote_a_backup(world: World) -> None:
    path = world.project.root / BEFORE
    assert path.stat().st_mode & 0o777 == 0o600
    path.rename(path.with_name("kept.dopply.zip"))


def lose_the_user(world: World) -> None:
    """Something has gone wrong since the backup."""
    count_backups(world)
    path = world.project.root / BEFORE
    path.with_name("kept.dopply.zip").rename(path)
    execute(world.url, "DELETE FROM users")


def the_user_is_back(world: World) -> None:
    one_more_backup(world)
    the_user_is_there(world)


def stamp_it(world: World) -> None:
    """The same with its version."""
    execute(
        world.url,
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)",
        "INSERT INTO alembic_version VALUES ('692e6f2120e5')",
    )


IN_OUR_WORDS = [
    Step("flask schema status", 1, ("unversioned", "flask schema adopt"), first=an_original_without_a_version),
    Step("flask schema apply", 3, ("flask schema adopt",)),
    Step("flask schema status", 4, ("not adopted", "flask schema adopt"), first=stamp_it),
    Step("flask schema apply", 3, ("flask schema adopt",), is_at("692e6f2120e5")),
    Step("flask schema adopt --dry-run", 0, ("692e6f2120e5",), the_user_is_there),
    Step("flask schema adopt --yes", 0, ("Backed up to",), one_more_backup, first=count_backups),
    Step("flask schema status", 0, ("at head",), the_user_is_there),
    Step("flask schema status --json", 0, ('"state": "at head"',)),
    Step("flask schema adopt --yes", 0, ("Nothing to do",)),
    Step("flask schema tables", 0, ("users",)),
    Step("flask schema history", 0, (f"current  {HEAD}",)),
    Step("flask schema apply", 0, ("pending revisions: 0", "no drift")),
    Step('flask schema new "Description of changes"', 0, (f"{ADDED}.py",), wrote_a_numbered_file),
    Step("flask schema apply", 0, ("pending revisions: 1",), is_at(ADDED)),
    Step("flask schema rollback", 3, ("--yes",), is_at(ADDED)),
    Step("flask schema rollback --steps 2 --yes", 0, ("Backed up to", HEAD), is_at(chain.revisions()[-2])),
    Step("flask schema apply", 0, ("pending revisions: 2",), is_at(ADDED)),
    Step("flask schema backup", 0, ("Backed up to",), one_more_backup, first=count_backups),
    Step(f"flask schema backup {BEFORE}", 0, ("Backed up to",), wrote_a_backup),
    Step(f"flask schema restore {BEFORE} --replace --yes", 0, ("as it was",), the_user_is_back, first=lose_the_user),
    Step("flask schema reset-migrations --yes", 0, ("Nothing to do",)),
]
