"""The `bpm_data` of a record that an older Dopply stored -> the curve it holds.

An uploaded file with an odd time or value is refused and sent again. Here nobody can send again, so whatever can be
placed without guessing is placed, and the notes say how.
"""

from datetime import datetime, timedelta

import numpy as np

from app.ctg.findings import Reason
from app.ctg.formats.bpm_samples import Samples, decoded, place_of, samples_in
from app.ctg.formats.errors import ParseError, Place
from app.ctg.formats.grid import Grid, grid
from app.ctg.formats.notes import note
from app.ctg.formats.source import SourceFile
from app.ctg.handheld import Curve, curve_in_order, curve_of_seconds, known_quality, rates_and_loss
from app.ctg.trace import FloatArray, Trace

# What a message names: there is no file.
BPM_DATA = SourceFile("bpm_data", b"")

# Longer after the start of its recording no first value comes: such times count from another moment.
LATEST_FIRST_VALUE_S = 86_400.0


def curve_of_bpm_data(text: str | None, *, start: datetime) -> Curve:
    """The curve in `text`, the JSON of a record that began at `start`; None is SQL's NULL.

    Times that lie on a grid keep their fractions of a second; others count to the second. Without times the values
    are drawn one a second, and the time axis is estimated.

    Raises
    ------
    ParseError
        When there are no values or they are in none of the shapes, with the place and the reason.
    """
    document = None if text is None else decoded(text, BPM_DATA)
    if document is None or document == []:
        raise ParseError("no_values", Place(""))
    samples = samples_in(document, BPM_DATA)
    if samples.times_s is None:
        rates, notes = rates_and_loss(samples.bpm)
        return curve_in_order(rates, None, [*notes, note("rate_not_stored")], start=start)
    return _timed(samples, samples.times_s, start)


def _timed(samples: Samples, times_s: FloatArray, start: datetime) -> Curve:
    order = np.argsort(times_s, kind="stable")
    times_s, bpm = times_s[order], samples.bpm[order]
    quality = None if samples.quality is None else samples.quality[order]
    origin, notes = start, list[Reason]()
    if 0 <= times_s[0] <= LATEST_FIRST_VALUE_S:
        origin = start + timedelta(seconds=float(times_s[0]))
    else:
        notes.append(note("starts_late", first_s=float(times_s[0])))
    slots = _grid(times_s)
    if slots is None:
        seconds = np.floor(times_s).astype(np.int64)
        curve = curve_of_seconds(seconds - seconds[0], bpm, quality, origin=origin)
        return Curve(curve.trace, (*notes, *curve.notes))
    rates, notes_of_rates = rates_and_loss(bpm)
    notes += notes_of_rates
    quality = known_quality(quality, notes)
    if slots.missing:
        notes.append(note("samples_missing", count=slots.missing))
    if slots.rate_is_assumed:
        notes.append(note("rate_not_stored"))
    trace = Trace(
        start=origin,
        rate_hz=slots.rate_hz,
        fhr1=slots.fill(rates),
        quality=None if quality is None else slots.fill(quality),
        time_is_estimated=slots.rate_is_assumed,
    )
    return Curve(trace, tuple(notes))


def _grid(times_s: FloatArray) -> Grid | None:
    """The grid that the times lie on; None where one repeats or lies between two slots.

    A grid may take a time a little off its slot for one that was rounded. Whole seconds are taken at their word.
    """
    try:
        slots = grid(times_s, lambda index: place_of(BPM_DATA, index, "time"))
    except ParseError:
        return None
    are_whole = bool((times_s == np.floor(times_s)).all())
    is_exact = np.allclose(slots.slots / slots.rate_hz, times_s - times_s[0])
    return slots if is_exact or not are_whole else None
