"""FHRMA `.fhr` and `.fhrm` files -> Trace.

Little-endian: uint32 Unix time of the first sample (0 = not stated), then samples at 4 Hz of 6 bytes (FHR1, FHR2
uint16, toco, quality uint8) or 8 bytes (with MHR uint16 after FHR2). Rates are in quarters of a bpm, toco in
halves of a unit; 0 is loss of a rate. Source: FHRMA toolbox, Boudet et al. 2020, SoftwareX 11:100428;
layout verified on all 156 + 1,065 published files.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.ctg.findings import Reason
from app.ctg.formats.clock import FIRST_YEAR, LAST_YEAR, from_epoch
from app.ctg.formats.errors import ParseError, Place
from app.ctg.formats.notes import note
from app.ctg.formats.samples import rates_bpm, recording
from app.ctg.formats.source import MAX_SAMPLES, FormatId, ParsedRecording, SourceFile
from app.ctg.trace import ChannelName, FloatArray

RATE_HZ = 4.0
HEADER_BYTES = 4
RAW_PER_BPM = 4
RAW_PER_TOCO_UNIT = 2

# Detection only, nothing is refused or changed by it: the published files hold rates from 25 to 255 bpm.
PLAUSIBLE_BPM = (20.0, 300.0)
MIN_PLAUSIBLE_SHARE = 0.99

# Bits of the quality byte of .fhrm; the one of .fhr has no published meaning.
FHR1_GOOD = 0b0000_0001
FHR2_GOOD = 0b0000_0100
QUALITY_BITS = 0b0111_1111


@dataclass(frozen=True, slots=True)
class Layout:
    """One of the two kinds of file."""

    format_id: FormatId
    extension: str
    sample: np.dtype[Any]

    @property
    def rate_names(self) -> tuple[str, ...]:
        """The fields that hold quarters of a bpm."""
        return tuple(name for name in self.sample.names or () if name in ("fhr1", "fhr2", "mhr"))

    def whole_samples(self, content: bytes) -> int:
        """How many complete samples `content` holds."""
        return max(0, len(content) - HEADER_BYTES) // self.sample.itemsize

    def left_over(self, content: bytes) -> int:
        """Bytes after the last complete sample."""
        return max(0, len(content) - HEADER_BYTES) % self.sample.itemsize

    def decode(self, content: bytes) -> NDArray[Any]:
        """The complete samples as a structured view, shape (n,)."""
        return np.frombuffer(content[HEADER_BYTES:], self.sample, count=self.whole_samples(content))

    def is_plausible(self, content: bytes) -> bool:
        """Whether what `content` would hold in this layout are heart rates, at least one of them."""
        raw = self.decode(content)
        if (raw["quality"] > QUALITY_BITS).any():
            return False
        rates = np.concatenate([raw[name][raw[name] > 0] for name in self.rate_names]) / RAW_PER_BPM
        low, high = PLAUSIBLE_BPM
        return bool(len(rates) and ((rates >= low) & (rates <= high)).mean() >= MIN_PLAUSIBLE_SHARE)

    def is_lost(self, content: bytes) -> bool:
        """Whether every rate is 0, as in a recording of nothing; or in any file of zeros."""
        raw = self.decode(content)
        return not any(raw[name].any() for name in self.rate_names)


_RATES = [("fhr1", "<u2"), ("fhr2", "<u2")]
_REST = [("toco", "u1"), ("quality", "u1")]
FHR = Layout("fhrma_fhr", ".fhr", np.dtype(_RATES + _REST))
FHRM = Layout("fhrma_fhrm", ".fhrm", np.dtype([*_RATES, ("mhr", "<u2"), *_REST]))
LAYOUTS = (FHR, FHRM)


def layout_of(source: SourceFile) -> Layout | None:
    """The layout whose rates are plausible in `source`, or None; the name decides between both or neither.

    Raises
    ------
    ParseError
        When the name claims a layout that the content contradicts, or when nothing tells the two apart.
    """
    content = source.content
    named = next((layout for layout in LAYOUTS if layout.extension == source.extension), None)
    fitting = [layout for layout in LAYOUTS if layout.is_plausible(content) and not layout.left_over(content)]
    if len(fitting) > 1:
        # Read in the wrong layout, rates fall into the quality byte, which is 0 in nearly every file.
        without = [layout for layout in fitting if not layout.decode(content)["quality"].any()]
        fitting = without if len(without) == 1 else fitting
    if len(fitting) == 1:
        return fitting[0]
    if fitting and named is None:
        raise ParseError("fhrma_ambiguous", source.place)
    if named is not None and not fitting and not (named.is_plausible(content) or named.is_lost(content)):
        raise ParseError("fhrma_implausible", source.place)
    return named


def read_fhrma(source: SourceFile, layout: Layout, *, fetuses: int) -> ParsedRecording:
    """The recording in `source`; ParseError if it ends within a sample, is empty or holds absurd rates."""
    content = source.content
    if len(content) < HEADER_BYTES or layout.left_over(content):
        whole = layout.whole_samples(content)
        raise ParseError(
            "fhrma_truncated",
            Place(source.name, byte=len(content), sample=whole + 1),
            left=layout.left_over(content) if len(content) >= HEADER_BYTES else len(content),
            sample_bytes=layout.sample.itemsize,
        )
    raw = layout.decode(content)
    if not len(raw):
        raise ParseError("no_samples", source.place)
    if len(raw) > MAX_SAMPLES:
        raise ParseError("too_many_samples", source.place, limit=MAX_SAMPLES)
    notes: list[Reason] = []
    rates = {name: _bpm(raw, name, source, notes) for name in layout.rate_names}
    channels: dict[ChannelName, FloatArray] = {"toco": raw["toco"] / RAW_PER_TOCO_UNIT}
    second_is_used = np.nan_to_num(rates["fhr2"]) > np.nan_to_num(rates["fhr1"])
    if fetuses == 1:
        channels["fhr1"] = np.fmax(rates["fhr1"], rates["fhr2"])
        if raw["fhr1"].any() and raw["fhr2"].any():
            notes.append(note("sensors_merged"))
    else:
        channels["fhr1"], channels["fhr2"] = rates["fhr1"], rates["fhr2"]
        second_is_used[:] = False
        if layout is FHRM and raw["fhr2"].any():
            notes.append(note("sensors_kept_apart"))
    if layout is FHRM:
        channels["mhr"] = rates["mhr"]
    if raw["quality"].any():
        if layout is FHRM:
            good = raw["quality"] & np.where(second_is_used, FHR2_GOOD, FHR1_GOOD)
            channels["quality"] = (good > 0).astype(np.float64)
        else:
            notes.append(note("quality_ignored"))
    return recording(
        layout.format_id,
        channels,
        start=_start(source),
        rate_hz=RATE_HZ,
        fetuses=fetuses,
        notes=notes,
    )


def _bpm(raw: NDArray[Any], name: str, source: SourceFile, notes: list[Reason]) -> FloatArray:
    """One field in bpm with NaN for loss, shape (n,); ParseError at an absurd value."""
    values = raw[name] / RAW_PER_BPM
    return rates_bpm(values, lambda index: Place(source.name, sample=index + 1, column=name.upper()), notes)


def _start(source: SourceFile) -> datetime | None:
    """The instant in the header, or None where it is 0."""
    seconds = int.from_bytes(source.content[:HEADER_BYTES], "little")
    if seconds == 0:
        return None
    start = from_epoch(seconds)
    if not datetime(FIRST_YEAR, 1, 1, tzinfo=UTC) <= start < datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC):
        raise ParseError("time_absurd", Place(source.name, byte=0), value=start.isoformat())
    return start
