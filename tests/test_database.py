"""What a database says when something does not hold names no value: it ends in the log."""

import logging
import sys
import traceback

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app.extensions import db
from app.models import User
from tests.make import Make

VALUE = "ana.o'hara@example.org"


def said(error: BaseException) -> str:
    """All that a log would hold of it, with what it came from."""
    return "".join(traceback.format_exception(error)) + repr(error) + str(error)


def test_a_row_that_is_there_already_is_not_named(session: Session, make: Make) -> None:
    first, second = make.user(email=VALUE), make.user()
    with pytest.raises(IntegrityError) as caught:
        session.execute(update(User).where(User.id == second.id).values(email=first.email))
    assert "ana" not in said(caught.value)
    assert "email" in str(caught.value)


def test_a_value_that_has_no_room_or_no_meaning_is_not_named(session: Session, make: Make) -> None:
    user = make.user()
    for values in ({"name": None, "password_hash": VALUE}, {"id": None, "name": VALUE}):
        with pytest.raises(DBAPIError) as caught, session.begin_nested():
            session.execute(update(User).where(User.id == user.id).values(values))
        assert "ana" not in said(caught.value)


def test_a_crash_logs_the_statement_without_its_values(
    app: Flask, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = make.user(email=VALUE), make.user()
    with app.test_request_context(), caplog.at_level(logging.ERROR):
        try:
            db.session.execute(update(User).where(User.id == second.id).values(email=first.email))
        except IntegrityError:
            app.log_exception(sys.exc_info())
        db.session.rollback()
    assert "UPDATE users SET email" in caplog.text
    assert "ana" not in caplog.text
