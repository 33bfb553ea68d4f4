import pytest
from sqlalchemy.orm import Session

from app.services import drafts
from app.services.drafts import Tab
from app.services.errors import Conflict
from tests.make import Make
from tests.services.readings import recording, writing
from tests.services.uploads import as_doctor

TAB = Tab("a", "")


def test_only_who_saw_the_last_draft_or_wrote_it_writes_over_it(session: Session, make: Make) -> None:
    doctor = make.doctor()
    actor, read = as_doctor(doctor), recording(session, make, doctor=doctor)

    def save(plan: str, tab: Tab) -> None:
        with writing(session):
            drafts.save(session, actor, read, fetus=1, typed={"plan": plan}, tab=tab)

    save("first", TAB)
    save("again, though the answer got lost", TAB)
    last = drafts.version(drafts.find(session, actor, read), 1)
    for stranger in (Tab("", ""), Tab("b", ""), Tab("b", "0" * 64)):
        with pytest.raises(Conflict, match="draft_changed"):
            save("not seen", stranger)
    save("seen", Tab("b", last))
    with pytest.raises(Conflict, match="draft_changed"):
        save("third", TAB)

    draft = drafts.find(session, actor, read)
    assert draft is not None
    assert draft.fields["1"]["plan"] == "seen"
