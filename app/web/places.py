"""Places in a list, as they stand in an address: 400 for anything that no link of ours says."""

import re
from datetime import UTC, datetime, timedelta

from flask import abort, request

from app.web.converters import MAX_ROW_NUMBER

# Microseconds since 1970, as a part of a place.
INSTANT = r"-?\d{1,18}"

_NUMBER = re.compile(r"\d{1,10}", re.ASCII)
# Positions in the audit trail, of which there are more than rows of any other table.
_POSITION = re.compile(r"\d{1,18}", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parts(name: str, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """What stands after `name` in the address, taken apart by `pattern`; None without it."""
    text = request.args.get(name)
    if text is None:
        return None
    match = pattern.fullmatch(text)
    if match is None:
        abort(400)
    return match


def row(name: str) -> int | None:
    """The number of a row after `name` in the address, None without one."""
    match = parts(name, _NUMBER)
    return None if match is None else row_number(match[0])


def position(name: str) -> int | None:
    """The position in the audit trail after `name` in the address, None without one."""
    match = parts(name, _POSITION)
    return None if match is None else int(match[0])


def row_number(digits: str) -> int:
    """The number that these digits write; 400 for one that no row can have."""
    if int(digits) > MAX_ROW_NUMBER:
        abort(400)
    return int(digits)


def instant(text: str) -> datetime:
    """The instant, in UTC, that `instant_text` wrote; 400 for one in no calendar."""
    try:
        return _EPOCH + timedelta(microseconds=int(text))
    except OverflowError:
        abort(400)


def instant_text(of: datetime) -> str:
    """Microseconds since 1970: exact, since a place beside the instant would leave out or repeat a row."""
    return str((of - _EPOCH) // timedelta(microseconds=1))
