"""Whatever address a patient opens: no class, no risk, no score, no computed sentence (SAFETY.md, rule 2)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from flask import Flask, url_for
from flask_babel import force_locale, gettext
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.models import (
    Language,
    MonitoringResult,
    MonitoringSession,
    Movement,
    OverallClassification,
    Patient,
    ReleaseKind,
    RiskLevel,
    UnitMessage,
    User,
)
from app.services.clock import utc_now
from app.services.forbidden_words import ALLOWED_SENTENCES, found_in
from tests import older
from tests.make import Make
from tests.page import Browser
from tests.recordings import csv_bytes, steady_bpm
from tests.services.readings import NO_CONCERN, PATHOLOGICAL, SUSPICIOUS, UNREADABLE, amend, call, give, sign
from tests.services.uploads import as_doctor, csv_file, store

# Sentences of ours about a reading or an analysis, by their message id; each language has its own word for them.
NEVER = (
    "Baseline",
    "Bradycardia",
    "Computed analysis",
    "Impression",
    "No concern",
    "Pathological",
    "Possibly the mother's rate",
    "Sinusoidal",
    "Suspicious",
    "Tachycardia",
    "Variability",
    "abnormal",
    "concerning",
)
# Words that no catalogue has, as programs and the seed's result row say them.
NEVER_IN_ANY_LANGUAGE = (
    "FIGO",
    "bradikardia",
    "legacy",
    "NICHD",
    "risk",
    "risiko",
    "score",
    "skor",
    "only for clinicians",
)
# Words that stand on every page for another reason are no sign of a leak.
SHORTEST_TELLING_WORDS = 16
# What a doctor had written in the older system was for doctors.
TOLD = "only for clinicians: bradikardia"
OTHERS = {"filename": "css/base.css", "token": "not-a-token"}


class Home:
    """A patient with a recording in every state, each with an analysis that found something."""

    def __init__(self, app: Flask, session: Session, make: Make) -> None:
        make.unit()
        self.app, self.session, self._numbers = app, session, count()
        self.doctor: User = make.doctor(name="Ratna Dewi")
        self.patient: Patient = make.patient(name="Sekar Ayu")
        make.pregnancy(self.patient)
        make.link(self.doctor, self.patient)
        self.desk = Browser(app).sign_in(self.doctor)
        self.read = dict(self._recordings())
        self.record = older.record_of(
            session, self.patient, [96 + second % 3 for second in range(1200)], classification="Bradikardia", notes=TOLD
        )
        self.session.execute(update(UnitMessage).values(closed_at=utc_now()))
        self.session.commit()

    def _recordings(self) -> Iterator[tuple[str, MonitoringSession]]:
        yield "saved", self._slow("saved")
        yield "worried", self._slow("worried", movement=Movement.LESS)
        twins = csv_file(minutes=20, bpm=100, fhr2_bpm=[182.0] * 4800)
        yield "twins", store(self.session, as_doctor(self.doctor), self.patient, twins, fetuses=2).monitoring_session
        yield "opened", (opened := self._slow("opened"))
        self.desk.get(f"/monitoring/sessions/{opened.public_id}")
        yield "signed", (signed := self._slow("signed"))
        sign(self.session, self.doctor, signed, replace(PATHOLOGICAL, comment="only for clinicians"))
        yield "told", (told := self._slow("told"))
        review = sign(self.session, self.doctor, told, SUSPICIOUS)
        call(self.session, self.doctor, told)
        give(self.session, self.doctor, told, review, message="Come on Monday.")
        amend(self.session, self.doctor, told, review, PATHOLOGICAL)
        yield "asked to call", (asked := self._slow("asked"))
        review = sign(self.session, self.doctor, asked, NO_CONCERN)
        call(self.session, self.doctor, asked)
        give(self.session, self.doctor, asked, review, ReleaseKind.PLEASE_CALL, "")
        # What came with an older database, with everything that its programs thought of it.
        yield "older", (came := older.session_of(self.session, self.patient, older.values(20, 96), doctor_notes=TOLD))
        self.session.add(result_of(came))
        self.session.commit()
        yield "not readable", (lost := self._slow("lost"))
        review = sign(self.session, self.doctor, lost, UNREADABLE)
        give(self.session, self.doctor, lost, review, ReleaseKind.NOT_READABLE, "")

    def _slow(self, name: str, **given: Any) -> MonitoringSession:
        """Twenty minutes near 100 bpm, no two alike."""
        rates = steady_bpm(1200, 96 + next(self._numbers))
        file = replace(csv_file(name=f"{name}.csv"), content=csv_bytes(rates, rate_hz=1))
        made = store(self.session, as_doctor(self.doctor), self.patient, file, **given).monitoring_session
        self.session.refresh(made, ["patient"])
        self.session.commit()
        return made

    def clinicians_pages(self) -> list[str]:
        """The pages of her recordings."""
        return [
            *(f"/monitoring/sessions/{recording.public_id}" for recording in self.read.values()),
            f"/records/{self.record.id}",
        ]

    def computed_sentences(self) -> set[str]:
        """What the page of a clinician says of the analyses, where it is long enough to be told from other words."""
        said: set[str] = set()
        for address in self.clinicians_pages():
            page = self.desk.get(address)
            cells = page.soup.select("[aria-labelledby^=analysis-] :is(th, td, li, .card__method)")
            said |= {" ".join(cell.get_text(" ").split()) for cell in cells}
        return {text for text in said if len(text) >= SHORTEST_TELLING_WORDS}

    def addresses(self) -> list[str]:
        """Every address that a patient can open, those about a recording for each of hers."""
        with self.app.test_request_context():
            return [
                url_for(rule.endpoint, **values)
                for rule in self.app.url_map.iter_rules()
                if "GET" in (rule.methods or ())
                for values in self._arguments(rule)
            ]

    def without_random(self, text: str) -> str:
        """`text` without tokens and public ids, in which any short word stands sooner or later."""
        text = re.sub(r'<input[^>]*name="csrf_token"[^>]*>', "", text)
        for recording in self.read.values():
            text = text.replace(recording.public_id, "")
        return text

    def _arguments(self, rule: Rule) -> list[dict[str, Any]]:
        messages = self.session.scalars(select(UnitMessage.id)).all()
        known: dict[str, Any] = {
            **OTHERS,
            "patient_id": self.patient.id,
            "doctor_id": self.doctor.id,
            "message_id": messages[0],
            "record_id": self.record.id,
        }
        if "public_id" in rule.arguments:
            other = {"other_id": self.read["saved"].public_id} if "other_id" in rule.arguments else {}
            return [{"public_id": recording.public_id} | other for recording in self.read.values()]
        return [{name: known[name] for name in rule.arguments}]


def result_of(row: MonitoringSession) -> MonitoringResult:
    """What the older system's program had written of a session."""
    return MonitoringResult(
        session_id=row.id,
        overall_classification=OverallClassification.ABNORMAL,
        average_bpm=96.0,
        baseline_variability=2.0,
        findings=["Bradikardia menetap"],
        recommendations=["risiko tinggi"],
        risk_level=RiskLevel.HIGH,
        created_at=row.start_time,
    )


@pytest.fixture
def home(app: Flask, session: Session, make: Make) -> Home:
    return Home(app, session, make)


@pytest.mark.parametrize("language", Language)
def test_no_route_tells_a_patient_what_was_computed_or_classified(home: Home, language: Language) -> None:
    assert_there_is_something_to_tell(home)
    home.patient.user.language = home.doctor.language = language
    home.session.commit()
    computed = home.computed_sentences()
    assert len(computed) > 10
    with home.app.test_request_context(), force_locale(language.value):
        words = [*map(gettext, NEVER), *NEVER_IN_ANY_LANGUAGE]
        allowed = [gettext(sentence) for sentence in ALLOWED_SENTENCES]
    never = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, words)) + r")(?!\w)", re.IGNORECASE)
    for address in home.clinicians_pages():
        assert never.search(home.desk.get(address).text)
    phone = Browser(home.app).sign_in(home.patient.user)

    told, seen = {}, 0
    for address in home.addresses():
        response = phone.client.get(address, buffered=True)
        assert response.status_code in {200, 303, 403, 404}, address
        if response.mimetype not in {"text/html", "image/svg+xml"}:
            continue
        seen += response.status_code == 200
        text = " ".join(home.without_random(response.text).split()).replace("&#39;", "'")
        for sentence in allowed:
            text = text.replace(sentence, "")
        found = [*never.findall(text), *found_in(text), *(words for words in computed if words in text)]
        if found:
            told[address] = found
    assert not told
    assert seen > 2 * len(home.read)


def assert_there_is_something_to_tell(home: Home) -> None:
    """The world has classes and findings; without them the test could not fail."""
    results = home.session.scalars(select(MonitoringResult)).all()
    assert {result.overall_classification for result in results} == set(OverallClassification)
    assert {result.risk_level for result in results} == set(RiskLevel)
