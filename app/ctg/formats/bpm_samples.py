"""The samples in the `bpm_data` of the Dopply apps, as they stand: in every shape that their databases hold.

A list of numbers, a list of `{time, bpm}` or `{time, bpm, signal_quality, classification}` with times in seconds,
each as it is or as text within text.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.ctg.formats.errors import ParseError, Place
from app.ctg.formats.source import MAX_SAMPLES, SourceFile
from app.ctg.trace import FloatArray

# The app encoded twice; a third layer is room for one more careless program.
MAX_ENCODINGS = 3

# A sample has four keys, its envelope a few more; an object of millions would only cost memory.
MAX_KEYS = 100

# A sample has four keys; more commas than this cannot be a recording that is read.
MAX_COMMAS = 4 * MAX_SAMPLES

# Beyond this a whole number does not fit a float; 1e400 is infinite already.
MAX_NUMBER = 1e300

# Unix time in milliseconds has 13 digits: more is a slip.
MAX_TIME_S = 1e11


@dataclass(frozen=True, slots=True)
class NotFinite:
    """A word such as NaN that Python's json module takes although it is not JSON."""

    word: str


@dataclass(frozen=True, slots=True)
class Samples:
    """The numbers of each sample, NaN for null, each of shape (n,) with n >= 1, in the order in which they stand.

    `times_s` and `quality` are None in a list of plain numbers; `times_s` has no NaN.
    """

    bpm: FloatArray
    times_s: FloatArray | None = None
    quality: FloatArray | None = None


def samples_in(document: object, source: SourceFile) -> Samples:
    """The samples that a decoded JSON value holds; ParseError where it is in none of the shapes."""
    if document is None or document == []:
        raise ParseError("no_samples", source.place)
    if not isinstance(document, list):
        raise ParseError("json_shape", source.place)
    if len(document) > MAX_SAMPLES:
        raise ParseError("too_many_samples", source.place, limit=MAX_SAMPLES)
    if isinstance(document[0], dict):
        return _timed(document, source)
    return Samples(_column(document, lambda item: item, "bpm", source))


def _timed(items: list[Any], source: SourceFile) -> Samples:
    """The samples in objects that each state their time."""
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            raise ParseError("json_shape", place_of(source, index))
        for key in ("time", "bpm"):
            if key not in item:
                raise ParseError("json_key_missing", place_of(source, index), key=key)
    times_s = _column(items, lambda item: item["time"], "time", source)
    if np.isnan(times_s).any():
        raise ParseError("time_missing", place_of(source, int(np.argmax(np.isnan(times_s))), "time"))
    if (np.abs(times_s) > MAX_TIME_S).any():
        first = int(np.argmax(np.abs(times_s) > MAX_TIME_S))
        raise ParseError("time_absurd", place_of(source, first, "time"), value=f"{times_s[first]:g}")
    return Samples(
        bpm=_column(items, lambda item: item["bpm"], "bpm", source),
        times_s=times_s,
        quality=_column(items, lambda item: item.get("signal_quality"), "signal_quality", source),
    )


def _column(items: list[Any], value_of: Callable[[Any], object], name: str, source: SourceFile) -> FloatArray:
    """One finite number per item, NaN for null, shape (n,); ParseError at anything else."""
    values = np.empty(len(items))
    for index, item in enumerate(items):
        value = value_of(item)
        if value is None:
            values[index] = np.nan
        elif isinstance(value, NotFinite):
            raise ParseError("value_not_finite", place_of(source, index, name), value=value.word)
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise ParseError("value_text", place_of(source, index, name), value=said(value))
        elif not -MAX_NUMBER < value < MAX_NUMBER:
            raise ParseError("value_not_finite", place_of(source, index, name), value="inf")
        else:
            values[index] = value
    return values


def decoded(text: str, source: SourceFile) -> Any:
    """The JSON value in `text`, through up to `MAX_ENCODINGS` layers of text within text."""
    value: Any = text
    for _ in range(MAX_ENCODINGS):
        value = _loaded(value, source)
        if not isinstance(value, str):
            return value
    raise ParseError("json_shape", source.place)


def _loaded(text: str, source: SourceFile) -> Any:
    """The JSON value in `text`; ParseError where the json module would raise or where a key repeats."""
    if text.count(",") > MAX_COMMAS or text.count("{") + text.count("[") > MAX_SAMPLES + MAX_ENCODINGS:
        raise ParseError("too_many_samples", source.place, limit=MAX_SAMPLES)

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(pairs) > MAX_KEYS:
            raise ParseError("json_shape", source.place)
        found = dict(pairs)
        if len(found) != len(pairs):
            [(key, _)] = Counter(key for key, _ in pairs).most_common(1)
            raise ParseError("json_key_twice", source.place, key=key)
        return found

    try:
        return json.loads(text, object_pairs_hook=unique, parse_constant=NotFinite)
    except json.JSONDecodeError as error:
        place = Place(source.name, line=error.lineno, column=str(error.colno))
        raise ParseError("json_unreadable", place, reason=error.msg) from None
    except RecursionError:
        raise ParseError("json_too_deep", source.place) from None
    except ParseError:
        raise
    except ValueError:
        # Python refuses to convert whole numbers of thousands of digits.
        raise ParseError("json_unreadable", source.place, reason="a number is too long") from None


def said(value: object) -> str:
    """A JSON value in a message; of a list or an object only that it is one, it may be large and deep."""
    if isinstance(value, list | dict):
        return "[…]" if isinstance(value, list) else "{…}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def place_of(source: SourceFile, index: int, column: str | None = None) -> Place:
    """The item at `index`, counted from 1 as people do."""
    return Place(source.name, sample=index + 1, column=column)
