"""A person at work while a backup is taken: `python -m tests.schema.writer URL NUMBER` uploads and signs in for ever.

Writes a line after each commit; whoever started it ends it.
"""

import itertools
import sys

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from app.access import Actor, ActorRole
from app.extensions import db
from app.models import Patient, User
from app.services import passwords, sign_in, transaction
from tests.conftest import make_settings
from tests.hashing import CHEAP
from tests.page import PASSWORD
from tests.services.uploads import as_doctor, csv_file, store


def main(url: str, number: str) -> None:
    """Work on the patient and with the doctor that are there, each recording a new one."""
    passwords._hasher = CHEAP
    app = create_app(make_settings(url))
    with app.app_context():
        engine = db.engine
    for count in itertools.count():
        with Session(engine, expire_on_commit=False) as session:
            doctor = session.scalars(select(User).where(User.email == "doctor@example.org")).one()
            patient = session.scalars(select(Patient).limit(1)).one()
            session.commit()
            # Eleven minutes are three chunks of each channel.
            file = csv_file(11, bpm=120 + count / 100, name=f"{number}-{count}.csv", toco=[float(number)] * 2640)
            store(session, as_doctor(doctor), patient, file)
            with transaction.unit_of_work(session):
                actor = Actor(role=ActorRole.ANONYMOUS, address=f"192.0.2.{number}")
                sign_in.sign_in(session, actor, email=doctor.email, password=PASSWORD, user_agent="writer")
        sys.stdout.write(f"{count}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
