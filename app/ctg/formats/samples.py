"""Samples as a file states them -> channels of a Trace: what loss is, and which numbers cannot be meant."""

from collections.abc import Callable, Mapping
from datetime import datetime

import numpy as np

from app.ctg.findings import Reason, Scalar
from app.ctg.formats.errors import ParseError, Place
from app.ctg.formats.notes import note
from app.ctg.formats.source import FormatId, ParsedRecording
from app.ctg.quality import MAX_RATE_BPM, is_missing
from app.ctg.trace import ChannelName, FloatArray, Trace

# No heart and no pressure transducer gives four digits: such a number has another unit or is a slip.
ABSURD_VALUE = 1000.0

PlaceOf = Callable[[int], Place]


def rates_bpm(values: FloatArray, place_of: PlaceOf, notes: list[Reason]) -> FloatArray:
    """Heart rates with loss as NaN, shape (n,), otherwise as they are.

    Loss is NaN, 0, and whatever is above `quality.MAX_RATE_BPM`: there devices put error codes (511, 999). The codes
    are counted in a note, so that a stored trace holds rates and NaN alone and nobody has to know codes after this.

    Raises
    ------
    ParseError
        At the first value that is infinite, negative or `ABSURD_VALUE` or more.
    """
    _refuse(np.isinf(values), "value_not_finite", values, place_of)
    _refuse(values < 0, "value_negative", values, place_of)
    _refuse(values >= ABSURD_VALUE, "value_absurd", values, place_of, limit=int(ABSURD_VALUE))
    missing = is_missing(values)
    is_code = missing & (values > 0)
    if is_code.any():
        first = int(np.argmax(is_code))
        name = place_of(first).column or ""
        notes.append(note("error_codes", name=name, count=int(is_code.sum()), limit=int(MAX_RATE_BPM)))
    return np.where(missing, np.nan, values)


def activity(values: FloatArray, place_of: PlaceOf) -> FloatArray:
    """Uterine activity, shape (n,), as it is: 0 is a value, NaN is loss.

    Raises
    ------
    ParseError
        At the first value that is infinite or whose size is `ABSURD_VALUE` or more.
    """
    _refuse(np.isinf(values), "value_not_finite", values, place_of)
    _refuse(np.abs(values) >= ABSURD_VALUE, "value_absurd", values, place_of, limit=int(ABSURD_VALUE))
    return values


def _refuse(
    bad: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    code: str,
    values: FloatArray,
    place_of: PlaceOf,
    **more: Scalar,
) -> None:
    if bad.any():
        first = int(np.argmax(bad))
        raise ParseError(code, place_of(first), value=f"{values[first]:g}", **more)


def recording(
    format_id: FormatId,
    channels: Mapping[ChannelName, FloatArray],
    *,
    start: datetime | None,
    rate_hz: float,
    fetuses: int,
    notes: list[Reason],
    declared: Mapping[str, Scalar] | None = None,
    time_is_estimated: bool = False,
) -> ParsedRecording:
    """Checked channels as a ParsedRecording.

    A channel other than `fhr1` in which every sample is lost was not connected and is left out; only a second
    fetal rate stays when two babies were stated, because its loss is then a finding.
    """
    kept = {name: values for name, values in channels.items() if name == "fhr1" or not np.isnan(values).all()}
    if fetuses == 2 and "fhr2" in channels:
        kept["fhr2"] = channels["fhr2"]
    quality = kept.get("quality")
    if quality is not None and ((quality < 0) | (quality > 1)).any():
        del kept["quality"]
        notes.append(note("quality_ignored"))
    if fetuses == 1 and "fhr2" in kept:
        notes.append(note("second_fetus_found"))
    if fetuses == 2 and "fhr2" not in kept:
        notes.append(note("second_fetus_absent"))
    elif fetuses == 2 and np.isnan(kept["fhr2"]).all():
        notes.append(note("second_fetus_lost"))
    if time_is_estimated:
        notes.append(note("time_estimated"))
    trace = Trace(start=start, rate_hz=rate_hz, time_is_estimated=time_is_estimated, **kept)  # type: ignore[arg-type]
    return ParsedRecording(trace, format_id, tuple(notes), dict(declared or {}))
