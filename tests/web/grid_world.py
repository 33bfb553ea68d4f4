"""One patient with everything that a record can have, eight people who ask for it, and the rows as they were."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Flask, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.access import Actor, ActorRole
from app.ctg.formats import SourceFile
from app.extensions import db
from app.models import (
    AccessState,
    AuditEvent,
    BrowserSession,
    MonitoringSession,
    MonitoringType,
    Movement,
    Patient,
    TokenPurpose,
    UnitMessage,
    User,
)
from app.services import account_tokens, recordings, transaction
from tests import older
from tests.conftest import Pristine
from tests.make import Make
from tests.page import Browser
from tests.recordings import csv_bytes, steady_bpm
from tests.tables import contents
from tests.web.grid_table import Answer, Case, Who

COOKIE = "dopply"
NONE: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer, and what it did: which tables it changed, how many refusals the audit trail gained."""

    status: int
    text: str
    leads_to_sign_in: bool
    changed_tables: frozenset[str]
    refusals: int


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What an actor's browser sends: its cookie, and the CSRF token that belongs to it."""

    user_id: int | None
    cookie: str
    csrf_token: str


class World:
    """The world of the grid: built once, put back whenever somebody was allowed to change it."""

    def __init__(self, app: Flask, database_url: str) -> None:
        self.app = app
        with app.app_context():
            self.engine = db.engine
        with Session(self.engine, expire_on_commit=False) as session:
            users = self._people(session)
        self.browsers = {who: self._sign_in(user) for who, user in users.items()}
        self._sign_in(self.patient.user)
        with Session(self.engine) as session:
            statement = select(func.max(BrowserSession.id)).where(BrowserSession.user_id == self.patient.user_id)
            self.values["browser_id"] = session.scalar(statement)
        self._rows = contents(self.engine)
        self._built = Pristine(app, database_url)

    def _people(self, session: Session) -> dict[Who, User | None]:
        make = Make(session)
        make.unit()
        patient = make.patient(name="Sekar Gridpatient", email="sekar.gridpatient@example.org")
        make.pregnancy(patient)
        earlier = make.pregnancy(patient, due=date(2026, 5, 10), is_current=False)
        unsettled = make.user()
        unsettled.email_lower = None
        linked, asking, waiting = make.doctor(), make.doctor(), make.doctor(is_valid=False)
        make.link(linked, patient)
        make.link(asking, patient, state=AccessState.REQUESTED)
        with transaction.unit_of_work(session):
            recording = _recording(session, patient)
            message = session.scalars(select(UnitMessage).where(UnitMessage.patient_id == patient.id)).one()
            reset = account_tokens.issue(session, linked, TokenPurpose.RESET)
            activation = account_tokens.issue(session, asking, TokenPurpose.ACTIVATE)
        other = older.session_of(session, patient, older.values(1))
        record = older.record_of(session, patient, [140, 141], notes="Gridpatient, after lunch")
        self.patient = patient
        self.secrets = (
            patient.user.name,
            patient.user.email,
            recording.public_id,
            other.public_id,
            "Gridpatient, after lunch",
        )
        self.values: dict[str, Any] = {
            "patient_id": patient.id,
            "patient_email": patient.user.email,
            "public_id": recording.public_id,
            "other_id": other.public_id,
            "pregnancy_id": earlier.id,
            "record_id": record.id,
            "doctor_id": linked.id,
            "asking_doctor_id": asking.id,
            "user_id": waiting.id,
            "unsettled_id": unsettled.id,
            "message_id": message.id,
            "reset_token": reset,
            "activation_token": activation,
            "filename": "css/base.css",
        }
        return {
            Who.ANONYMOUS: None,
            Who.HERSELF: patient.user,
            Who.OTHER_PATIENT: make.patient().user,
            Who.WAITING_DOCTOR: waiting,
            Who.UNLINKED_DOCTOR: make.doctor(),
            Who.LINKED_DOCTOR: linked,
            Who.COVER_DOCTOR: make.doctor(on_unit_cover=True),
            Who.ADMIN: make.admin(),
        }

    def _sign_in(self, user: User | None) -> SignedIn:
        browser = Browser(self.app)
        if user is not None:
            browser.sign_in(user)
        token = browser.csrf_token()
        cookie = browser.client.get_cookie(COOKIE)
        assert cookie is not None
        return SignedIn(None if user is None else user.id, cookie.value, token)

    def put_back(self) -> None:
        """Every row as it was when the world was built."""
        self._built.restore()

    def ask(self, who: Who, case: Case, *, method: str = "", arguments: Mapping[str, object] = NONE) -> Seen:
        """What the actor's browser gets, and what that did; the rows are put back when it changed any."""
        client = self.app.test_client()
        client.set_cookie(COOKIE, self.browsers[who].cookie)
        method = method or case.method
        data = None
        if method == "POST":
            data = {"csrf_token": self.browsers[who].csrf_token, **self._filled(case.fields)}
        refusals = self._refusals()
        response = client.open(self.address(case, arguments), method=method, data=data, buffered=True)
        now = contents(self.engine)
        seen = Seen(
            status=response.status_code,
            text=without_numbers(response),
            leads_to_sign_in=leads_to_sign_in(response),
            changed_tables=frozenset(name for name, rows in self._rows.items() if now[name] != rows),
            refusals=self._refusals() - refusals,
        )
        if method == "POST" and case.answers[who] is Answer.SERVED:
            self.put_back()  # Also the browsers that it may have signed out, and the counted tries.
        return seen

    def address(self, case: Case, arguments: Mapping[str, object] = NONE) -> str:
        """The path of the case's route, filled with what belongs to the patient."""
        needed = {name: self.values[name] for name in self.parameters(case) & self.values.keys()}
        with self.app.test_request_context():
            return url_for(case.endpoint, **{**needed, **self._filled(case.arguments), **arguments})

    def parameters(self, case: Case) -> set[str]:
        """The names of the parts of the address that the route leaves open."""
        rules = self.app.url_map.iter_rules(case.endpoint)
        return set().union(*(rule.arguments for rule in rules if case.method in (rule.methods or ())))

    def asked(self, case: Case) -> str:
        """What the actor already says in asking: its echo tells her nothing."""
        return " ".join([self.address(case), *self._filled(case.fields).values()])

    def _refusals(self) -> int:
        with Session(self.engine) as session:
            statement = select(func.count()).select_from(AuditEvent).where(AuditEvent.act == "refused")
            return session.scalar(statement) or 0

    def _filled(self, texts: Mapping[str, str]) -> dict[str, str]:
        return {name: text.format_map(self.values) for name, text in texts.items()}


def leads_to_sign_in(response: TestResponse) -> bool:
    """Whether the answer sends the reader to sign in first."""
    return response.status_code == 303 and urlsplit(response.headers["Location"]).path == "/auth/sign-in"


def without_numbers(response: TestResponse) -> str:
    """The answer without what differs on every page: its reference number and its CSRF tokens."""
    # A picture or a document for paper is no text; what of it can be read as one is compared all the same.
    text = response.get_data().decode(errors="replace").replace(response.headers["X-Request-Id"], "")
    return re.sub(r'name="csrf_token"[^>]*', "", text)


def _recording(session: Session, patient: Patient) -> MonitoringSession:
    """Two minutes that the patient sent, with an answer that leaves a message with the unit."""
    actor = Actor(role=ActorRole.PATIENT, user_id=patient.user_id, patient_id=patient.id)
    return recordings.store(
        session,
        actor,
        patient,
        [SourceFile("home.csv", csv_bytes(steady_bpm(120), rate_hz=1))],
        monitoring_type=MonitoringType.HOME,
        started_at=datetime(2026, 3, 1, 8, tzinfo=ZoneInfo("Asia/Jakarta")),
        zone=ZoneInfo("Asia/Jakarta"),
        fetuses=1,
        movement=Movement.LESS,
        maternal_bpm=None,
        device_name="",
        notes="",
    ).monitoring_session
