"""Sending what waits in the outbox: once each, again later after a failure, given up after a day's tries."""

from datetime import timedelta
from typing import TextIO

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from app.models import OutgoingMail
from app.services.clock import utc_now
from app.services.mail_transport import MailNotSent, MailServerAway, Message, Transport
from app.services.transaction import unit_of_work

FIRST_WAIT = timedelta(minutes=1)
# 1, 2, 4 ... 256 minutes: the tenth and last try comes eight and a half hours after the first.
MAX_ATTEMPTS = 10
BATCH = 50
ERROR_LIMIT = 255


def deliver(session: Session, send: Transport) -> int:
    """How many messages left. Each is claimed by a committed row before it is sent, so no two runners send one.

    A process that dies between sending and noting it sends that one message again; none is lost.
    """
    sent = 0
    for number in _waiting(session):
        message = _claim(session, number)
        if message is None:
            continue
        try:
            send(message)
        except MailServerAway as reason:
            _note_failure(session, number, str(reason))
            break  # The next one would wait as long for nothing, and the other jobs with it.
        except MailNotSent as reason:
            _note_failure(session, number, str(reason))
        else:
            _close(session, number, sent_at=utc_now(), last_error=None)
            sent += 1
    return sent


def announce(session: Session, stream: TextIO) -> int:
    """How many messages wait in a demo, which never sends one: each is named once, without its words, and closed."""
    numbers = _waiting(session)
    for number in numbers:
        stream.write(f"mail {number} would be sent now; the demo sends none\n")
        stream.flush()
        _close(session, number, given_up_at=utc_now(), last_error="the demo sends no mail")
    return len(numbers)


def _waiting(session: Session) -> list[int]:
    with unit_of_work(session):
        return list(session.scalars(select(OutgoingMail.id).where(*_is_due()).order_by(OutgoingMail.id).limit(BATCH)))


def _claim(session: Session, number: int) -> Message | None:
    """The message, counted as tried and hidden from other runners until its next try; None if one was faster."""
    with unit_of_work(session):
        mail = session.scalars(
            select(OutgoingMail)
            .where(OutgoingMail.id == number, *_is_due())
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one_or_none()
        if mail is None:
            return None
        mail.attempts += 1
        mail.try_after = utc_now() + FIRST_WAIT * 2 ** (mail.attempts - 1)
        return Message(
            number=mail.id, to=mail.to_address, subject=mail.subject, body=mail.body, created_at=mail.created_at
        )


def _is_due() -> tuple[ColumnElement[bool], ...]:
    return (
        OutgoingMail.sent_at.is_(None),
        OutgoingMail.given_up_at.is_(None),
        OutgoingMail.try_after <= utc_now(),
    )


def _note_failure(session: Session, number: int, reason: str) -> None:
    with unit_of_work(session):
        attempts = session.scalars(select(OutgoingMail.attempts).where(OutgoingMail.id == number)).one()
    if attempts >= MAX_ATTEMPTS:
        _close(session, number, given_up_at=utc_now(), last_error=reason[:ERROR_LIMIT])
        return
    with unit_of_work(session):
        session.execute(update(OutgoingMail).where(OutgoingMail.id == number).values(last_error=reason[:ERROR_LIMIT]))


def _close(session: Session, number: int, **values: object) -> None:
    """Note the end of a message and forget its words: they may hold a token."""
    with unit_of_work(session):
        session.execute(update(OutgoingMail).where(OutgoingMail.id == number).values(body="", **values))
