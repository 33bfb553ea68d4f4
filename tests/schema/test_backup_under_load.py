"""A backup that is taken while others upload and sign in restores to one moment, with nothing of it half."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import prepare_engine
from app.models import AuditEvent, BrowserSession, MonitoringSession, StoredFile, StoredFilePart, WaveformChunk
from app.schema.backup import backup_to, restore_from
from app.services import audit
from tests.make import Make
from tests.migrations import chain
from tests.schema.ways import Way

ROOT = Path(__file__).parents[2]
WRITERS = 2
BACKUPS = 2


@contextmanager
def opened(url: str) -> Iterator[Session]:
    """A session as the portal has it."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    prepare_engine(engine)
    with Session(engine, expire_on_commit=False) as session:
        yield session


@contextmanager
def writers(url: str) -> Iterator[list["subprocess.Popen[str]"]]:
    """Processes at work on the database; at the end they are killed in the middle of it."""
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.schema.writer", url, str(number)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for number in range(1, WRITERS + 1)
    ]
    try:
        yield running
    finally:
        for process in running:
            process.kill()
        for process in running:
            process.communicate()


def wait_for_work(running: list["subprocess.Popen[str]"]) -> None:
    """Return when each of them has committed something more."""
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline(), "a writer has ended"


@pytest.fixture
def portal(way: Way) -> str:
    """A database at the head with a doctor, her patient, and their live link."""
    url = way.empty()
    chain.upgrade(url)
    with opened(url) as session:
        make = Make(session)
        make.unit()
        user = make.doctor()
        user.email = user.email_lower = "doctor@example.org"
        session.commit()
        make.link(user, make.patient())
    return url


@pytest.mark.fault
def test_it_is_of_one_moment(way: Way, portal: str, tmp_path: Path) -> None:
    paths = [tmp_path / f"backup {number}" for number in range(BACKUPS)]
    with writers(portal) as running:
        for path in paths:
            wait_for_work(running)
            backup_to(portal, path)
        wait_for_work(running)
    ends = []
    for path in paths:
        other = way.empty()
        restored = restore_from(other, path)
        assert restored.notes == ()
        with opened(other) as session:
            assert_whole(session)
            ends.append(session.scalars(select(func.max(AuditEvent.position))).one())
    with opened(portal) as session:
        ends.append(session.scalars(select(func.max(AuditEvent.position))).one())
    # Each was taken while others wrote: before, between and after them something was committed.
    assert ends == sorted(set(ends)), ends


def assert_whole(session: Session) -> None:
    """The audit chain holds, and every recording has all its chunks, its file, and its row in the trail."""
    assert audit.verify(session).is_intact
    recordings = session.scalars(select(MonitoringSession)).all()
    assert recordings
    samples = dict(
        session.execute(
            select(WaveformChunk.session_id, func.sum(WaveformChunk.sample_count)).group_by(WaveformChunk.session_id)
        ).all()
    )
    # Two channels: heart rate and contractions.
    assert {row.id: 2 * (row.sample_count or 0) for row in recordings} == samples
    files = set(session.scalars(select(StoredFile.sha256)))
    assert files == {row.content_sha256 for row in recordings}
    assert files == set(session.scalars(select(StoredFilePart.sha256)))
    stored = session.scalars(select(AuditEvent.object_id).where(AuditEvent.act == "session:store")).all()
    assert sorted(stored) == sorted(row.public_id for row in recordings)
    signed_in = session.scalars(select(func.count()).where(AuditEvent.act == "account:sign_in")).one()
    assert session.scalars(select(func.count()).select_from(BrowserSession)).one() == signed_in
