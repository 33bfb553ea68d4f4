"""Bytes of valid recordings in each format, for tests that need a file to upload or to damage."""

import json
import struct
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

Values = Sequence[float | None]


def steady_bpm(count: int, bpm: float = 140.0) -> list[float]:
    """`count` plausible rates that wander by a quarter of a bpm to 3 bpm around `bpm`."""
    return [bpm + ((index * 7) % 25 - 12) / 4 for index in range(count)]


def csv_bytes(
    fhr_bpm: Values,
    *,
    rate_hz: float = 4.0,
    fhr2_bpm: Values | None = None,
    toco: Values | None = None,
    mhr_bpm: Values | None = None,
    quality: Values | None = None,
    start: datetime | None = None,
    separator: str = ",",
    line_end: str = "\n",
) -> bytes:
    """A CSV recording; None is an empty cell; with `start` the times are ISO 8601, otherwise seconds."""
    optional = {"fhr2_bpm": fhr2_bpm, "toco": toco, "mhr_bpm": mhr_bpm, "quality": quality}
    columns = {"fhr_bpm": fhr_bpm} | {name: values for name, values in optional.items() if values is not None}

    def number(value: float | None) -> str:
        text = "" if value is None else f"{value:.10g}"
        return text if separator == "," else text.replace(".", ",")

    def time(index: int) -> str:
        if start is None:
            return number(index / rate_hz)
        return (start + timedelta(seconds=index / rate_hz)).isoformat()

    lines = [separator.join(["time_s" if start is None else "time", *columns])]
    for index, row in enumerate(zip(*columns.values(), strict=True)):
        lines.append(separator.join([time(index), *map(number, row)]))
    return (line_end.join(lines) + line_end).encode()


def digital_16(signals: Sequence[Sequence[int]]) -> bytes:
    """Interleaved samples in WFDB format 16."""
    return b"".join(struct.pack("<h", value) for frame in zip(*signals, strict=True) for value in frame)


def wfdb_bytes(
    fhr_bpm: Sequence[float],
    uc: Sequence[float] | None = None,
    *,
    record: str = "1001",
    rate_hz: float = 4.0,
    base: str = "",
    names: Sequence[str] = ("FHR", "UC"),
    comment: str = "#----- Additional parameters\n",
) -> tuple[bytes, bytes]:
    """Header and signal file of a WFDB record as CTU-UHB writes them; `base` is its time and date."""
    given = [fhr_bpm] if uc is None else [fhr_bpm, uc]
    digital = [[round(value * 100) for value in values] for values in given]
    lines = [f"{record} {len(digital)} {rate_hz:g} {len(fhr_bpm)} {base}".rstrip()]
    for values, gain, name in zip(digital, ("100(0)/bpm", "100/nd"), names, strict=False):
        checksum = (sum(values) + 2**15) % 2**16 - 2**15
        lines.append(f"{record}.dat 16 {gain} 12 0 {values[0]} {checksum} 0 {name}")
    return ("\n".join(lines) + "\n" + comment).encode(), digital_16(digital)


def fhr_bytes(
    fhr1_bpm: Sequence[float],
    fhr2_bpm: Sequence[float] | None = None,
    toco: Sequence[float] | None = None,
    *,
    unix_time: int = 0,
) -> bytes:
    """An FHRMA `.fhr` file; 0 is loss."""
    none = [0.0] * len(fhr1_bpm)
    rows = zip(fhr1_bpm, fhr2_bpm or none, toco or none, strict=True)
    samples = (struct.pack("<HHBB", round(4 * a), round(4 * b), round(2 * t), 0) for a, b, t in rows)
    return struct.pack("<I", unix_time) + b"".join(samples)


def fhrm_bytes(
    fhr1_bpm: Sequence[float],
    fhr2_bpm: Sequence[float] | None = None,
    mhr_bpm: Sequence[float] | None = None,
    toco: Sequence[float] | None = None,
    *,
    quality: Sequence[int] | None = None,
    unix_time: int = 0,
) -> bytes:
    """An FHRMA `.fhrm` file; 0 is loss, `quality` the eight bits as they are."""
    none = [0.0] * len(fhr1_bpm)
    bits = quality or [0] * len(fhr1_bpm)
    rows = zip(fhr1_bpm, fhr2_bpm or none, mhr_bpm or none, toco or none, bits, strict=True)
    samples = (
        struct.pack("<HHHBB", round(4 * a), round(4 * b), round(4 * m), round(2 * t), q) for a, b, m, t, q in rows
    )
    return struct.pack("<I", unix_time) + b"".join(samples)


def bpm_json_bytes(
    bpm: Values,
    *,
    times_s: Sequence[float] | None = None,
    quality: Values | None = None,
    encodings: int = 1,
    envelope: Mapping[str, Any] | None = None,
) -> bytes:
    """Dopply `bpm_data`: plain numbers, or objects where `times_s` is given; `encodings` 2 is text in text.

    With `envelope` the samples stand under "bpm_data" in an object with these other members.
    """
    items: list[Any] = list(bpm)
    if times_s is not None:
        items = [{"time": time, "bpm": value} for time, value in zip(times_s, bpm, strict=True)]
    if quality is not None:
        for item, value in zip(items, quality, strict=True):
            item.update(signal_quality=value, classification="normal")
    document: Any = items if envelope is None else {**envelope, "bpm_data": items}
    for _ in range(encodings - 1):
        document = json.dumps(document)
    return json.dumps(document).encode()
