import pytest
from sqlalchemy.orm import Session

from app.services import drafts
from app.services.drafts import Tab
from app.services.errors import Conflict
from tests.make import Make
from tests.services.readings import SUSPICIOUS, amend, recording, sign, writing
from tests.services.uploads import as_doctor

TAB = Tab("a", "")


def test_a_draft_that_comes_after_the_signature_is_not_kept(session: Session, make: Make) -> None:
    doctor, other = make.doctor(), make.doctor()
    read = recording(session, make, doctor=doctor)
    review = sign(session, doctor, read)
    for late in (doctor, other):
        with pytest.raises(Conflict, match="already_signed"), writing(session):
            drafts.save(session, as_doctor(late), read, fetus=1, typed={"plan": "late", "amends": ""}, tab=TAB)
        assert drafts.find(session, as_doctor(late), read) is None

    with writing(session):
        drafts.save(session, as_doctor(other), read, fetus=1, typed={"plan": "x", "amends": str(review.id)}, tab=TAB)
    amend(session, doctor, read, review, SUSPICIOUS)
    with pytest.raises(Conflict, match="already_signed"), writing(session):
        drafts.save(session, as_doctor(doctor), read, fetus=1, typed={"plan": "x", "amends": str(review.id)}, tab=TAB)
