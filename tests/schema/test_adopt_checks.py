"""What adoption checks before and after: each check stops it, says so, and says where the state before is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.schema import adopt as adoption
from app.schema.errors import SchemaFailed
from app.schema.plan import look
from tests.databases import fresh_mariadb, sqlite_url
from tests.migrations import chain
from tests.schema.adopting import ADOPT, ZONE, lines_of
from tests.schema.commands import execute, stamp_of
from tests.schema.originals import rows, tables
from tests.schema.originals.build import build
from tests.schema.project import Project, copy_to

HASH = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA"

# A revision of a developer who has made a mistake, put at the end of a copy of the project.
REVISION = '''"""A mistake."""

from alembic import op

revision = "999_mistake"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    {mistake}


def downgrade() -> None:
    pass
'''


@pytest.fixture(params=["sqlite", pytest.param("mariadb", marks=pytest.mark.sweep)])
def original(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an original with rows."""
    if request.param == "sqlite":
        yield with_rows(sqlite_url(tmp_path))
    else:
        with fresh_mariadb("latin1", "latin1_swedish_ci") as url:
            yield with_rows(url)


def with_rows(url: str) -> str:
    build(url, *tables.AT_692E, stamp="692e6f2120e5")
    rows.insert(url, HASH)
    return url


def test_what_changed_between_looking_and_beginning_stops_it(
    original: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOPPLY_LEGACY_TIME_ZONE", "Asia/Jakarta")
    plan = look(original)
    execute(original, "UPDATE alembic_version SET version_num = '003_patient_status_history'")
    with pytest.raises(SchemaFailed, match="Somebody has changed the database since it was looked at"):
        adoption.adopt(original, plan, backup=tmp_path / "a.backup", report=tmp_path / "a.jsonl", say=lambda _: None)
    assert stamp_of(original) == ["003_patient_status_history"]
    assert not (tmp_path / "a.jsonl").exists()


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        ('op.execute("DELETE FROM notifications WHERE id = 1")', "notifications had"),
        ('op.drop_index("ix_outgoing_mails_sent_at_try_after", "outgoing_mails")', "not as the models say"),
        (
            'assert not op.get_bind().exec_driver_sql("SELECT 1 FROM users").all(), "no rows foreseen"',
            "no rows foreseen",
        ),
    ],
    ids=["a row is lost", "an index is missing", "a step fails"],
)
def test_a_revision_that_goes_wrong_is_no_success(original: str, tmp_path: Path, mistake: str, words: str) -> None:
    project = with_revision(tmp_path, mistake)
    backup, report = tmp_path / "before.backup", tmp_path / "report.jsonl"
    done = project.run(*ADOPT, "--yes", "--backup", str(backup), "--report", str(report), url=original, **ZONE)
    assert done.returncode == 1, done.stdout + done.stderr
    assert words in done.stderr
    assert f"How it was before is in {backup}" in done.stderr
    assert not any("finished" in line for line in lines_of(report))


@pytest.mark.sweep
def test_a_reference_to_nothing_is_no_success(tmp_path: Path) -> None:
    """On SQLite each revision is checked before its COMMIT; on MariaDB foreign keys can be off for a while."""
    project = with_revision(
        tmp_path,
        """if op.get_bind().dialect.name != "sqlite":
        op.execute("SET foreign_key_checks = 0")
        op.execute("UPDATE notifications SET from_patient_id = 987654 WHERE id = 1")
        op.execute("SET foreign_key_checks = 1")""",
    )
    with fresh_mariadb() as url:
        with_rows(url)
        files = ["--backup", str(tmp_path / "a.backup"), "--report", str(tmp_path / "a.jsonl")]
        done = project.run(*ADOPT, "--yes", *files, url=url, **ZONE)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "987654" in done.stderr or "from_patient_id" in done.stderr


def with_revision(folder: Path, mistake: str) -> Project:
    """A copy of the project, of this test alone, with one revision more."""
    (folder / "project").mkdir()
    project = copy_to(folder / "project")
    revision = REVISION.format(head=chain.revisions()[-1], mistake=mistake)
    (project.root / "migrations" / "versions" / "999_mistake.py").write_text(revision, encoding="utf-8")
    return project
