from collections.abc import Callable

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.models import Base, ContactAttempt, ContactOutcome, Release, Review, ReviewDraft
from app.models.append_only import AppendOnlyError
from app.services import contacts
from tests.make import Make
from tests.services.readings import give, recording, sign
from tests.services.uploads import as_doctor


@pytest.fixture(params=[Review, Release, ContactAttempt], ids=lambda model: str(model.__name__))
def row(request: pytest.FixtureRequest, session: Session, make: Make) -> Base:
    """One row of each kind that must stand."""
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    review = sign(session, doctor, read)
    if request.param is Review:
        return review
    if request.param is Release:
        return give(session, doctor, read, review)
    return contacts.log(session, as_doctor(doctor), read, outcome=ContactOutcome.NO_ANSWER, note="")


FIELDS = {Review: "comment", Release: "message", ContactAttempt: "note"}


def test_a_signed_row_cannot_be_changed(session: Session, row: Base) -> None:
    setattr(row, FIELDS[type(row)], "other words")

    with pytest.raises(AppendOnlyError, match="append-only"):
        session.flush()


def test_a_signed_row_cannot_be_deleted(session: Session, row: Base) -> None:
    session.delete(row)

    with pytest.raises(AppendOnlyError, match="append-only"):
        session.flush()


@pytest.mark.parametrize("statement", [delete, lambda model: update(model).values(session_id="x")])
def test_statements_over_many_rows_are_refused_too(
    session: Session, row: Base, statement: Callable[[type[Base]], object]
) -> None:
    with pytest.raises(AppendOnlyError, match="append-only"):
        session.execute(statement(type(row)))  # type: ignore[call-overload]


def test_a_draft_is_no_signed_row(session: Session, make: Make) -> None:
    session.execute(delete(ReviewDraft))
