"""The outbox: mail is written in the transaction that causes it, and sent afterwards by `flask jobs run`."""

from sqlalchemy.orm import Session

from app.models import OutgoingMail
from app.services.clock import utc_now


def send(session: Session, *, to: str, subject: str, body: str) -> OutgoingMail:
    """The message that waits in the outbox; a rolled back transaction takes it along.

    Words are the receiver's: `app.services.words.in_language(user.language)`.
    """
    now = utc_now()
    mail = OutgoingMail(
        to_address=to, subject=" ".join(subject.split()), body=body, created_at=now, try_after=now, attempts=0
    )
    session.add(mail)
    session.flush()
    return mail
