"""The demo world: built by the real command, looked at through the real pages."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from app import create_app
from app.extensions import db
from app.models import (
    AccessBasis,
    AccessState,
    AuditEvent,
    Doctor,
    DoctorPatient,
    MonitoringSession,
    MonitoringType,
    Movement,
    OutgoingMail,
    Patient,
    PregnancyInfo,
    Release,
    ReleaseKind,
    ReviewState,
    SessionFile,
    UnitMessage,
    User,
)
from app.services import audit, clock, demo, installation, passwords
from app.services.demo import happening
from app.services.demo.moments import days_ago, minutes_ago
from app.services.demo.people import PASSWORD, PATIENTS, address
from app.services.demo.plan import RECORDINGS
from config import Environment, Settings
from tests.page import Browser
from tests.rules.tree import ROOT

# It builds the demo world: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep

ZONE = ZoneInfo("Asia/Jakarta")
SECRET_KEY = "only-for-tests-0123456789-abcdefghij"
MIGRATIONS = ROOT / "migrations"

# What instances answer whose DOPPLY_ENV and database are given as NAME=FILE.
ASK_INSTANCES = """
import os, sys
from app import create_app
from config import load_settings
for pair in sys.argv[1:]:
    environment, path = pair.split("=", 1)
    settings = load_settings({**os.environ, "DOPPLY_ENV": environment, "DATABASE_URL": f"sqlite:///{path}"})
    print(create_app(settings).test_client().get("/auth/sign-in").status_code)
"""


def run(environment: str, path: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    """A process of our own with this DOPPLY_ENV on the SQLite file at `path`."""
    variables = {"DOPPLY_ENV": environment, "DATABASE_URL": f"sqlite:///{path}", "SECRET_KEY": SECRET_KEY}
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "MPLCONFIGDIR") if name in os.environ}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=kept | variables, capture_output=True, text=True, check=False
    )


def content_of(path: Path) -> bytes:
    """A database file, read by another process: closing it in this one would drop SQLite's locks on it."""
    return subprocess.run(["cat", str(path)], capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The demo's file, and what the command printed."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    done = run("demo", path, "-m", "flask", "demo", "build")
    assert done.returncode == 0, done.stderr
    return path, done.stdout


@pytest.fixture(scope="module")
def demo_app(built: tuple[Path, str]) -> Iterator[Flask]:
    app = create_app(
        Settings(
            environment=Environment.DEMO,
            database_url=f"sqlite:///{built[0]}",
            secret_key=SECRET_KEY,
            time_zone=ZONE,
            emergency_phone="119",
            mail_url="console:",
            max_upload_mb=16,
        )
    )
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def world(built: tuple[Path, str]) -> Iterator[Session]:
    engine = create_engine(f"sqlite:///{built[0]}")
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture(scope="module")
def real_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("real") / "real.db"
    done = run("development", path, "-m", "flask", "db", "upgrade")
    assert done.returncode == 0, done.stderr
    return path


def signed_in(app: Flask, key: str) -> Browser:
    return Browser(app).sign_in(SimpleNamespace(email=address(key)), PASSWORD)  # type: ignore[arg-type]


def by_key(world: Session) -> dict[str, MonitoringSession]:
    """Each recording under its key, which stands in the name of its file."""
    rows = world.execute(
        select(SessionFile.name, MonitoringSession).join(
            MonitoringSession, MonitoringSession.id == SessionFile.session_id
        )
    )
    return {Path(name).stem.removeprefix("demo-"): recording for name, recording in rows}


def test_the_command_prints_three_sign_ins_that_work(built: tuple[Path, str], demo_app: Flask) -> None:
    printed = re.findall(r"^\s+(\w+)\s+(\S+@\S+)\s+(\S+)$", built[1], re.MULTILINE)
    assert [role for role, _, _ in printed] == ["doctor", "patient", "admin"]
    homes = {"doctor": "Recordings to review", "patient": "Siti Rahma Contoh", "admin": "Doctors"}
    for role, email, password in printed:
        browser = Browser(demo_app).sign_in(SimpleNamespace(email=email), password)  # type: ignore[arg-type]
        page = browser.get("/", follow_redirects=True)
        assert page.heading == homes[role]


def test_the_password_passes_the_rules_for_everybody() -> None:
    assert all(passwords.problem(PASSWORD, name=plan.name, email=plan.email) is None for plan in PATIENTS)


def test_nothing_is_left_beside_the_database(built: tuple[Path, str]) -> None:
    assert {path.name for path in built[0].parent.iterdir()} <= {"demo.db", "demo.db-wal", "demo.db-shm"}


def test_the_world_holds_every_kind_of_patient(world: Session) -> None:
    assert installation.is_demo(world)
    assert sorted(map(tuple, world.execute(select(Doctor.is_valid, Doctor.on_unit_cover)))) == [
        (False, False),
        (True, False),
        (True, True),
    ]
    links = set(map(tuple, world.execute(select(DoctorPatient.access_state, DoctorPatient.access_basis))))
    assert links == {
        (AccessState.LIVE, AccessBasis.ACCEPTED),
        (AccessState.LIVE, AccessBasis.CARRIED_OVER),
        (AccessState.LIVE, AccessBasis.CLINIC_CONSENT),
        (AccessState.REQUESTED, None),
        (AccessState.ENDED, AccessBasis.ACCEPTED),
    }
    today = datetime.now(ZONE).date()
    weeks = {
        280 // 7 - (due - today).days // 7 for due in world.scalars(select(PregnancyInfo.expected_due_date)) if due
    }
    assert min(weeks) < 20
    assert max(weeks) >= 41
    assert world.scalar(select(func.count()).select_from(Patient)) == len(PATIENTS)


def test_the_recordings_stand_at_every_stage(world: Session) -> None:
    recordings = by_key(world)
    assert recordings.keys() == {plan.key for plan in RECORDINGS}
    states = [recording.review_state for recording in recordings.values()]
    assert states.count(ReviewState.RELEASED) == 7
    assert states.count(ReviewState.SIGNED) == 2
    assert states.count(ReviewState.TO_REVIEW) == len(RECORDINGS) - 9
    kinds = set(world.scalars(select(Release.kind)))
    assert kinds == set(ReleaseKind)
    assert {recording.monitoring_type for recording in recordings.values()} == set(MonitoringType)
    assert {recording.format_id for recording in recordings.values()} == {"csv", "wfdb"}
    assert recordings["twins"].fetus_count == 2
    assert recordings["night"].duration_s == 8 * 3600
    assert recordings["halved"].doctor_id is None
    assert recordings["overdue"].due_at is not None
    assert recordings["overdue"].due_at < datetime.now(UTC)


def test_an_answer_that_worries_stands_on_the_unit_list(world: Session, demo_app: Flask) -> None:
    message = world.scalars(select(UnitMessage)).one()
    assert (message.movement, message.session_id) == (Movement.LESS, by_key(world)["less"].id)
    assert "Fitri Handayani Contoh" in signed_in(demo_app, "ratna").get("/monitoring/unit").words


def test_samples_are_those_of_the_scenario_and_seed_whatever_file_they_came_in(world: Session) -> None:
    recordings = by_key(world)
    for plan in RECORDINGS:
        stored = recordings[plan.key]
        days = None if stored.gestational_age == 0 else 7 * stored.gestational_age
        simulated = happening.trace_of(plan, begins=stored.began_at, gestation_days=days)
        assert stored.trace_digest == simulated.digest(), plan.key


def test_the_chain_is_intact_and_in_the_order_of_time(world: Session) -> None:
    assert audit.verify(world).is_intact
    moments = list(world.scalars(select(AuditEvent.at).order_by(AuditEvent.position)))
    assert moments == sorted(moments)
    assert moments[0] < datetime.now(UTC) - timedelta(days=200)


def test_no_mail_waits_to_be_sent(world: Session) -> None:
    assert world.scalar(select(func.count()).select_from(OutgoingMail)) != 0
    waiting = select(func.count()).select_from(OutgoingMail).where(OutgoingMail.given_up_at.is_(None))
    assert world.scalar(waiting) == 0


def test_nobody_can_be_taken_for_a_real_person(world: Session) -> None:
    people = world.scalars(select(User)).all()
    assert all(user.name.endswith(" Contoh") and user.email.endswith("@demo.dopply.example") for user in people)
    phones = world.scalars(select(Patient.phone)).all()
    assert all(phone is not None and re.fullmatch(r"0800 555 01\d\d", phone) for phone in phones)
    assert len(set(phones)) == len(phones)
    devices = world.scalars(select(MonitoringSession.device_name)).all()
    assert all(name is not None and "simulated" in name for name in devices)


@pytest.mark.parametrize(
    ("key", "paths"),
    [
        (
            "ratna",
            ["/monitoring/queue", "/monitoring/unit", "/patients", "/monitoring/sessions", "/links"],
        ),
        ("siti", ["/monitoring/upload", "/links", "/account"]),
        ("agus", ["/admin/doctors", "/admin/users", "/admin/unit", "/admin/audit"]),
        ("maya", ["/auth/waiting"]),
    ],
)
def test_every_page_carries_the_demo_mark(demo_app: Flask, key: str, paths: list[str]) -> None:
    browser = signed_in(demo_app, key)
    for path in paths:
        page = browser.get(path)
        assert page.one(".ribbon").get_text(strip=True), path


@pytest.mark.parametrize("key", ["less", "night", "short", "sinusoidal", "twins"])
def test_recordings_open_and_their_pictures_carry_the_demo_mark(demo_app: Flask, world: Session, key: str) -> None:
    browser = signed_in(demo_app, "ratna")
    path = f"/monitoring/sessions/{by_key(world)[key].public_id}"
    assert browser.get(path).one(".ribbon")
    picture = browser.get(f"{path}/strip.svg?minutes=10").response.get_data(as_text=True)
    assert "DEMO – synthetic data" in picture


def test_symptoms_come_first_in_the_queue_and_then_the_open_call(demo_app: Flask) -> None:
    words = signed_in(demo_app, "ratna").get("/monitoring/queue").words
    places = [words.index(name) for name in ("Fitri Handayani", "Indah Permata", "Ayu Puspita", "Dewi Anggraini")]
    assert places == sorted(places)


def test_names_alike_are_pointed_out(demo_app: Flask, world: Session) -> None:
    page = signed_in(demo_app, "ratna").get(f"/monitoring/sessions/{by_key(world)['short'].public_id}")
    assert "Check the birth date" in page.one(".patient-banner__alike").get_text()


def test_a_demo_is_built_only_by_a_demo_instance(built: tuple[Path, str], tmp_path: Path) -> None:
    before = content_of(built[0])
    done = run("development", built[0], "-m", "flask", "demo", "build")
    assert (done.returncode, done.stdout) == (3, "")
    assert "DOPPLY_ENV" in done.stderr
    assert content_of(built[0]) == before


def test_a_real_database_is_never_replaced(real_database: Path) -> None:
    before = content_of(real_database)
    done = run("demo", real_database, "-m", "flask", "demo")
    assert done.returncode == 3, done.stderr
    assert "something else than a demo" in done.stderr
    assert content_of(real_database) == before
    assert not list(real_database.parent.glob(".demo-*"))


def test_demo_and_real_instances_serve_only_their_own_kind(built: tuple[Path, str], real_database: Path) -> None:
    pairs = [f"demo={built[0]}", f"demo={real_database}", f"development={real_database}", f"development={built[0]}"]
    done = run("demo", built[0], "-c", ASK_INSTANCES, *pairs)
    assert done.stdout.split() == ["200", "503", "200", "503"], done.stderr


@pytest.mark.parametrize("url", ["sqlite://", "mysql+pymysql://nobody:secret@localhost/dopply"])
def test_only_a_file_can_be_a_demo(url: str) -> None:
    with pytest.raises(demo.NotADemoDatabase) as refused:
        demo.rebuild(url, migrations=MIGRATIONS, zone=ZONE)
    assert "secret" not in str(refused.value)


def test_a_file_that_is_no_database_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    path.write_text("somebody's notes")
    with pytest.raises(demo.NotADemoDatabase):
        demo.rebuild(f"sqlite:///{path}", migrations=MIGRATIONS, zone=ZONE)
    assert path.read_text() == "somebody's notes"


def test_a_build_that_fails_leaves_the_old_demo_and_no_remains(built: tuple[Path, str], tmp_path: Path) -> None:
    old = tmp_path / "demo.db"
    old.write_bytes(content_of(built[0]))
    with pytest.raises(Exception, match="no-migrations"):
        demo.rebuild(f"sqlite:///{old}", migrations=tmp_path / "no-migrations", zone=ZONE)
    assert content_of(old) == content_of(built[0])
    assert not list(tmp_path.glob(".demo-*"))


def test_moments_are_counted_back_from_the_build() -> None:
    now = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    assert minutes_ago(40).before(now, ZONE) == datetime(2026, 11, 23, 0, 50, tzinfo=UTC)
    assert days_ago(1, "06:45").before(now, ZONE) == datetime(2026, 11, 22, 6, 45, tzinfo=ZONE)
    with pytest.raises(ValueError, match="minutes"):
        days_ago(0, "06:45")


def test_the_clock_of_the_use_cases_moves_only_inside_the_block() -> None:
    instant = datetime(2020, 2, 29, 12, tzinfo=UTC)
    with clock.at(instant):
        assert clock.utc_now() == instant
        with clock.at(instant + timedelta(hours=1)):
            assert clock.utc_now() == instant + timedelta(hours=1)
        assert clock.utc_now() == instant
    assert clock.utc_now() > instant + timedelta(days=365)
    with pytest.raises(ValueError, match="time zone"), clock.at(datetime(2020, 2, 29, 12)):  # noqa: DTZ001
        raise AssertionError("a naive instant was accepted")
