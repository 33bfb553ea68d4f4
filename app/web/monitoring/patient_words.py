"""What a patient reads of one recording, in the words of SAFETY.md, section 3."""

import re
from datetime import datetime

from flask_babel import gettext

from app.models import Uninterpretable
from app.services.clock import utc_now
from app.services.patient_view import PatientState, PatientStateKind
from app.web.i18n import date_local, time_local
from app.web.monitoring.reading_words import REASONS_FOR_PATIENTS
from app.web.viewer import emergency_contact

# Names are written with their title by some, and the sentences below have it already.
_TITLE = re.compile(r"^\s*dr\b\.?\s*", re.IGNORECASE)


def sentence(state: PatientState) -> str:
    """The sentence for this state; the doctor's own words follow it as a quotation."""
    name = _name(state.doctor_name)
    if state.kind is PatientStateKind.OPENED and state.at is not None:
        return _opened(name, state.at)
    if state.kind is PatientStateKind.READ and state.at is not None:
        return _read(state, name, state.at)
    if state.kind is PatientStateKind.PLEASE_CALL:
        return str(
            gettext(
                "Please call %(unit)s now about this recording. If you cannot reach us, come in.",
                unit=emergency_contact().unit_name,
            )
        )
    if state.kind is PatientStateKind.NOT_READABLE:
        return str(
            gettext(
                "This recording could not be read (%(reason)s). This says nothing about your baby.",
                reason=REASONS_FOR_PATIENTS[state.reason or Uninterpretable.OTHER],
            )
        )
    if state.kind is PatientStateKind.CARRIED_OVER:
        return str(gettext("This recording came from the earlier system. Nobody has read it here."))
    return str(gettext("Your recording is saved. Nobody has checked it yet."))


def line(state: PatientState) -> str:
    """The state in a list, where the doctor's words do not follow."""
    if state.kind is PatientStateKind.READ and state.at is not None:
        return str(
            gettext(
                "Dr %(name)s read this recording on %(date)s.", name=_name(state.doctor_name), date=date_local(state.at)
            )
        )
    return sentence(state)


def signature(state: PatientState) -> str:
    """Under the doctor's words: who wrote them, and when."""
    if state.written_at is None:
        return state.writer_name
    return str(gettext("%(name)s, %(date)s", name=state.writer_name, date=date_local(state.written_at)))


def tag(state: PatientState) -> str:
    """The state in a word or two."""
    return str(
        {
            PatientStateKind.SAVED: gettext("saved"),
            PatientStateKind.CARRIED_OVER: gettext("earlier system"),
            PatientStateKind.OPENED: gettext("opened"),
            PatientStateKind.READ: gettext("read"),
            PatientStateKind.PLEASE_CALL: gettext("please call"),
            PatientStateKind.NOT_READABLE: gettext("not readable"),
        }[state.kind]
    )


def tags(state: PatientState, *, is_carried_over: bool) -> list[str]:
    """The state in a word or two, and where the recording came from when that is not the state itself."""
    words = [tag(state)]
    if is_carried_over and state.kind is not PatientStateKind.CARRIED_OVER:
        words.append(str(gettext("earlier system")))
    return words


def _name(written: str) -> str:
    return _TITLE.sub("", written) or written


def _read(state: PatientState, name: str, at: datetime) -> str:
    """Who read it, and whose words follow."""
    if state.writer_name == state.doctor_name:
        return str(
            gettext(
                "Dr %(name)s read this recording on %(date)s. What they wrote to you:", name=name, date=date_local(at)
            )
        )
    return str(
        gettext(
            "Dr %(name)s read this recording on %(date)s. What Dr %(writer)s wrote to you:",
            name=name,
            date=date_local(at),
            writer=_name(state.writer_name),
        )
    )


def _opened(name: str, at: datetime) -> str:
    time = time_local(at)
    if date_local(at) == date_local(utc_now()):
        return str(gettext("Your recording is saved. Dr %(name)s opened it at %(time)s.", name=name, time=time))
    return str(
        gettext(
            "Your recording is saved. Dr %(name)s opened it on %(date)s at %(time)s.",
            name=name,
            date=date_local(at),
            time=time,
        )
    )
