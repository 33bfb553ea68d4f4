"""Codes and values of the core and the services as sentences in the reader's language."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.ctg.findings import Reason
from app.ctg.formats import NOTE_SENTENCES, ParseError, Place
from app.ctg.reasons import SENTENCES as REASON_SENTENCES
from app.services.errors import Refused
from app.web.i18n import datetime_local

# Notes of ours on a recording, beside those of the parsers.
RECORDING_NOTES: Mapping[str, str] = {
    "start_stated": _("The file states no start. The start is what the uploader wrote."),
    "start_long_ago": _("The recording is dated %(days)d days before it was received. Check the date."),
}

REFUSALS: Mapping[str, str] = {
    "start_needed": _("The file does not say when it was recorded. Enter the date and time at which it began."),
    "start_in_future": _("This recording would begin in the future, at %(start)s. Check the date and the clock."),
    "start_too_early": _("A recording from %(start)s cannot be right. Check the date."),
}


def parse_error(error: ParseError) -> str:
    """Where the file is wrong and why."""
    reason = str(gettext(error.sentence)) % error.values
    where = place(error.place)
    return f"{where}: {reason}" if where else reason


def place(where: Place) -> str:
    """`record.csv, line 12, column fhr_bpm`; '' for what was sent as a whole."""
    parts = {
        "line": _("line %(value)s", value=where.line),
        "column": _("column %(value)s", value=where.column),
        "byte": _("byte %(value)s", value=where.byte),
        "sample": _("sample %(value)s", value=where.sample),
    }
    named = [str(words) for name, words in parts.items() if getattr(where, name) is not None]
    return ", ".join([*([where.file] if where.file else []), *named])


def note(reason: Reason) -> str:
    """What a reader has to know about the file."""
    if reason.code in RECORDING_NOTES:
        return str(RECORDING_NOTES[reason.code]) % dict(reason.values)
    return str(gettext(NOTE_SENTENCES[reason.code])) % dict(reason.values)


def finding(reason: Reason) -> str:
    """What an analysis says of itself."""
    return str(gettext(REASON_SENTENCES[reason.code])) % dict(reason.values)


def refusal(refused: Refused) -> str:
    """Why a recording was not stored."""
    values = {
        name: datetime_local(value) if isinstance(value, datetime) else value for name, value in refused.values.items()
    }
    return str(REFUSALS[refused.code]) % values
