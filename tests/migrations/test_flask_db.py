"""Every command of `flask db`, as processes with DATABASE_URL alone, on a copy of the project.

Each journey is a dozen processes, so they are of the long tests; test_commands.py runs the usual ones in this process.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.databases import fresh_mariadb, sqlite_url
from tests.migrations import chain
from tests.schema.project import Project, copy_to

HEAD = chain.revisions()[-1]
BELOW = chain.revisions()[-2]
BRANCH = '''"""One of two branches.

Revision ID: {revision}
Revises: {below}
"""

import sqlalchemy as sa

from migrations import steps

revision = "{revision}"
down_revision = "{below}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    steps.create_table("{revision}", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    steps.drop_table("{revision}")
'''


class FlaskDb:
    """`flask db` in a copy of the project, on one database."""

    def __init__(self, project: Project, url: str) -> None:
        self.project = project
        self.url = url

    def __call__(self, *arguments: str) -> str:
        """What the command printed; it must end with 0."""
        done = self.ended(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ended(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """How the command ended."""
        return self.project.run("flask", "db", *arguments, url=self.url)

    def fails(self, *arguments: str) -> str:
        """What the command said on standard error; it must end with 1, without a traceback."""
        done = self.ended(*arguments)
        assert done.returncode == 1, done.stdout
        assert "Traceback" not in done.stderr
        return done.stderr

    def tables(self) -> set[str]:
        """The tables of the database."""
        with chain.connection(self.url) as connection:
            return set(sa.inspect(connection).get_table_names())


@pytest.fixture(params=["sqlite", "mariadb"])
def flask_db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FlaskDb]:
    (tmp_path / "project").mkdir()
    project = copy_to(tmp_path / "project")
    if request.param == "sqlite":
        yield FlaskDb(project, sqlite_url(tmp_path))
    else:
        with fresh_mariadb() as url:
            yield FlaskDb(project, url)


@pytest.mark.sweep
def test_looking_and_moving(flask_db: FlaskDb) -> None:
    assert flask_db("current") == ""
    assert flask_db("heads").split() == [HEAD, "(head)"]
    assert flask_db("branches") == ""
    assert [line.split()[-1].rstrip(",") for line in flask_db("upgrade").splitlines()] == chain.revisions()
    assert flask_db("current").split() == [HEAD, "(head)"]
    assert "No new upgrade operations" in flask_db("check")
    history = flask_db("history")
    assert all(revision in history for revision in chain.revisions())
    assert flask_db("upgrade") == ""

    assert flask_db("downgrade") == f"downgraded from {HEAD}\n"
    assert flask_db("current").split() == [BELOW]
    assert "not up to date" in flask_db.fails("check")
    assert flask_db("upgrade", BELOW) == ""
    assert flask_db("stamp", HEAD) == f"stamped {HEAD}\n"
    assert "New upgrade operations detected" in flask_db.fails("check")
    flask_db("stamp", BELOW)
    flask_db("upgrade")
    flask_db("check")

    flask_db("downgrade", "base")
    assert flask_db.tables() == {"alembic_version"}
    assert flask_db("current") == ""


@pytest.mark.sweep
def test_writing_revisions(flask_db: FlaskDb) -> None:
    flask_db("upgrade", BELOW)
    before = flask_db.project.versions()
    # What is behind its head says nothing about what the models lack.
    assert "not up to date" in flask_db.fails("migrate", "--message", "too early", "--rev-id", "020_early")
    assert flask_db.project.versions() == before

    flask_db("upgrade")
    model = flask_db.project.root / "app" / "models" / "unit.py"
    added = "    phone: Mapped[str] = mapped_column(String(40))\n"
    source = model.read_text(encoding="utf-8")
    assert source.count(added) == 1
    model.write_text(source.replace(added, added + added.replace("phone", "motto")), encoding="utf-8")
    assert "motto" in flask_db.fails("check")
    flask_db("migrate", "--message", "A motto", "--rev-id", "020_motto")
    flask_db("revision", "--message", "By hand", "--rev-id", "021_by_hand")
    new = {path.stem: path.read_text(encoding="utf-8") for path in flask_db.project.versions() - before}
    assert new.keys() == {"020_motto", "021_by_hand"}
    assert "sa.Column('motto', sa.String(length=40), nullable=False)" in new["020_motto"]
    assert new["021_by_hand"].startswith('"""By hand\n\nRevision ID: 021_by_hand\nRevises: 020_motto\n')
    assert flask_db("upgrade") == "upgraded to 020_motto\nupgraded to 021_by_hand\n"
    flask_db("check")
    flask_db("downgrade", HEAD)


@pytest.mark.sweep
def test_two_branches_are_refused_until_they_are_merged(flask_db: FlaskDb) -> None:
    versions = flask_db.project.root / "migrations" / "versions"
    for revision in ("020_here", "020_there"):
        source = BRANCH.format(revision=revision, below=HEAD)
        (versions / f"{revision}.py").write_text(source, encoding="utf-8")
    assert {line.split()[0] for line in flask_db("heads").splitlines()} == {"020_here", "020_there"}
    assert HEAD in flask_db("branches")
    assert "Multiple head revisions" in flask_db.fails("upgrade")
    assert flask_db.tables() <= {"alembic_version"}

    # Somebody has followed one of them before they met.
    flask_db("upgrade", "020_there")
    flask_db("merge", "heads", "--message", "Both", "--rev-id", "021_both")
    assert flask_db("heads").split() == ["021_both", "(head)"]
    assert flask_db("upgrade") == "upgraded to 020_here\nupgraded to 021_both\n"
    assert flask_db("current").split() == ["021_both", "(head)", "(mergepoint)"]
    assert flask_db.tables() >= {"020_here", "020_there"}

    flask_db("downgrade", HEAD)
    assert not flask_db.tables() & {"020_here", "020_there"}
    assert flask_db("current").split() == [HEAD, "(branchpoint)"]


def test_git_asks_which_of_two_new_revisions_is_the_head(tmp_path: Path) -> None:
    written = {"base": HEAD, "here": "020_here", "there": "020_there"}
    for name, revision in written.items():
        (tmp_path / name).write_text(f"{revision}\n", encoding="utf-8")
    merged = subprocess.run(
        ["git", "merge-file", "--stdout", "here", "base", "there"], cwd=tmp_path, capture_output=True, check=False
    )
    assert merged.returncode == 1
    assert b"<<<<<<< here" in merged.stdout
