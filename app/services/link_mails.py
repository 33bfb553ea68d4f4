"""Messages about links, in the receiver's language; who asks stands behind the sign-in, not in a mailbox."""

from sqlalchemy.orm import Session

from app.models import User
from app.services import outbox
from app.services.words import in_language


def access_requested(session: Session, receiver: User, address: str) -> None:
    """Write to a patient that somebody asks to see her record; `address` is the page where she answers."""
    _ = in_language(receiver.language)
    body = _(
        "A doctor or midwife asks to see your record in Dopply.\n\n"
        "Sign in to see who it is, and accept or decline:\n%(address)s\n\n"
        "Until you accept, nobody sees more than before. You can end access at any time."
    )
    outbox.send(
        session, to=receiver.email, subject=_("A request waits for your answer"), body=body % {"address": address}
    )
