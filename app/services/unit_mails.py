"""Mail to those who answer for what nobody owns; it says that something waits, never what or whose."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Role, User
from app.services import doctors, outbox
from app.services.words import in_language


def message_waits(session: Session) -> None:
    """Tell every doctor on unit cover that a message waits, or every administrator where nobody is on cover."""
    on_cover = doctors.on_unit_cover(session)
    for doctor in on_cover:
        _ = in_language(doctor.language)
        body = _(
            "A patient has left a message about her baby's movements. She was told to call, and that her message "
            "may not be read.\n\nSign in to Dopply and open the unit list."
        )
        outbox.send(session, to=doctor.email, subject=_("A message waits on the unit list"), body=body)
    for admin in [] if on_cover else _admins(session):
        _ = in_language(admin.language)
        body = _(
            "A patient has left a message about her baby's movements, and nobody is on unit cover to read it. She was "
            "told to call.\n\nSign in to Dopply and put a doctor on unit cover."
        )
        outbox.send(session, to=admin.email, subject=_("Nobody reads the unit list"), body=body)


def _admins(session: Session) -> list[User]:
    return list(
        session.scalars(select(User).where(User.role == Role.ADMIN, User.deactivated_at.is_(None)).order_by(User.id))
    )
