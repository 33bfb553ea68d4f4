"""Recordings to measure with: synthetic ones of a clinic's monitor, and public ones where they are at hand."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from app.ctg.analysis import analyse
from app.ctg.findings import Analysis
from app.ctg.formats import SourceFile, read_recording
from app.ctg.synthetic import SCENARIOS, simulate
from app.ctg.trace import Trace
from tests.data import data_folder

ZONE = ZoneInfo("Asia/Jakarta")
START = datetime(2026, 3, 2, 1, 14, tzinfo=UTC)
# Labour with contractions and variable decelerations: 4 Hz, uterine activity, 9 % loss.
SCENARIO = "clinic_ctg_variable_decelerations"


@cache
def clinic(minutes: float, seed: int = 1) -> Trace:
    """A recording of `minutes` at 4 Hz: one fetus and uterine activity."""
    scenario = replace(SCENARIOS[SCENARIO], duration_s=minutes * 60.0, with_mhr=False)
    return simulate(scenario, seed=seed, start=START)


@cache
def with_quality(minutes: float, seed: int = 1) -> Trace:
    """The same with the quality that a monitor states: high, middle near a loss, or low."""
    trace = clinic(minutes, seed)
    lost = np.isnan(trace.fhr1).astype(np.float64)
    nearby = np.convolve(lost, np.ones(21) / 21, mode="same")
    return replace(trace, quality=np.where(nearby == 0, 1.0, np.where(nearby < 0.5, 0.5, 0.0)))


@cache
def handheld(minutes: float, seed: int = 1) -> Trace:
    """A recording of a handheld Doppler: whole beats, one a second."""
    scenario = replace(SCENARIOS["term_home_reactive"], duration_s=minutes * 60.0)
    return simulate(scenario, seed=seed, start=START)


def analysed(trace: Trace) -> Analysis:
    """What the engine finds in it."""
    return analyse(trace, fetus=1, gestation_days=270, maternal_bpm=80)


@cache
def public(minutes: float, count: int) -> tuple[Trace, ...]:
    """The first `minutes` of up to `count` public recordings of labour; none where their folder is not there."""
    try:
        folder = data_folder()
    except pytest.skip.Exception:
        return ()
    traces = map(_read, sorted((folder / "ctu_uhb" / "dev").glob("*.hea")))
    long_enough = (trace.between(0, minutes * 60) for trace in traces if trace.duration_s >= minutes * 60)
    return tuple(trace.starting(START) for trace in islice(long_enough, count))


def _read(header: Path) -> Trace:
    files = [SourceFile(path.name, path.read_bytes()) for path in (header, header.with_suffix(".dat"))]
    return read_recording(files, zone=ZONE, fetuses=1).trace
