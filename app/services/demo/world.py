"""The demo world from its opening to now, each act a transaction of its own at its own moment."""

from datetime import datetime, tzinfo
from io import StringIO

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.models import Installation, InstallationKind
from app.services import clock, mail_delivery
from app.services.demo import happening, settling
from app.services.demo.cast import Cast
from app.services.transaction import unit_of_work


def fill(session: Session, *, now: datetime, zone: tzinfo) -> None:
    """Let everything happen until `now` in an empty, upgraded database, which is marked as a demo first.

    The acts come in the order of time, because the audit chain is one: its rows carry the moments told here.
    """
    with unit_of_work(session):
        session.execute(update(Installation).values(kind=InstallationKind.DEMO))
    cast = Cast(session)
    # Sorted by the instant alone: acts of one instant keep their order.
    for instant, act in sorted([*settling.acts(now, zone), *happening.acts(now, zone)], key=lambda step: step[0]):
        if instant > now:
            raise ValueError(f"{act} would happen only after the build, at {instant}")
        with clock.at(instant), unit_of_work(session):
            act(cast)
    # The mails of the past are closed here, or the first minute of serving would name every one of them.
    while mail_delivery.announce(session, StringIO()):
        pass
