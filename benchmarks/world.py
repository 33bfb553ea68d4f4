"""A doctor, her patient and recordings in a portal, made by the use cases that the portal itself has."""

from dataclasses import dataclass
from typing import Self

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.access import Actor, ActorRole
from app.ctg.formats import SourceFile
from app.ctg.trace import Trace
from app.models import MonitoringSession, MonitoringType
from app.services import recordings, transaction
from benchmarks.signals import ZONE
from benchmarks.stores import engine_of
from tests.make import Make
from tests.page import Browser
from tests.recordings import csv_bytes


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A doctor's browser."""

    client: FlaskClient

    def strip(self, recording: MonitoringSession) -> None:
        """Open the first strip of a recording, through the whole request."""
        response = self.client.get(f"/monitoring/sessions/{recording.public_id}/strip.svg?start_s=0&minutes=30")
        if response.status_code != 200:
            raise RuntimeError(f"the strip was answered with {response.status_code}")


class World:
    """One doctor with one patient, on the database of `app`; to be closed before the database goes."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.session = Session(engine_of(app), expire_on_commit=False)
        make = Make(self.session)
        make.unit()
        self.doctor, self.patient = make.doctor(), make.patient()
        make.link(self.doctor, self.patient)
        self.make = make

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.session.close()

    def browser(self) -> SignedIn:
        """The doctor signed in, as in the portal."""
        return SignedIn(Browser(self.app).sign_in(self.doctor).client)

    def empty_recording(self) -> MonitoringSession:
        """A session without samples."""
        return self.make.monitoring_session(self.patient)

    def upload(self, trace: Trace) -> MonitoringSession:
        """A stored and analysed recording, from a file as a doctor uploads it."""
        file = SourceFile("bench.csv", _as_csv(trace))
        actor = Actor(role=ActorRole.DOCTOR, user_id=self.doctor.id, is_validated=True)
        with transaction.unit_of_work(self.session):
            stored = recordings.store(
                self.session,
                actor,
                self.patient,
                [file],
                monitoring_type=MonitoringType.CLINIC,
                started_at=trace.start,
                zone=ZONE,
                fetuses=1,
                movement=None,
                maternal_bpm=80,
                device_name="",
                notes="",
            )
        return stored.monitoring_session


def _as_csv(trace: Trace) -> bytes:
    channels = {
        name: [None if value != value else value for value in values.tolist()]  # noqa: PLR0124  # Only NaN differs.
        for name, values in trace.channels()
    }
    return csv_bytes(
        channels["fhr1"],
        rate_hz=trace.rate_hz,
        toco=channels.get("toco"),
        quality=channels.get("quality"),
    )
