"""Samples as ORM objects: one each, added all at once, and read back one by one into arrays."""

from datetime import timedelta

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ctg.trace import FloatArray, Trace
from app.models import HeartRateReading, ReadingClassification
from benchmarks.naive.tables import NaiveSample


def store_samples(session: Session, session_id: str, trace: Trace) -> None:
    """A row for each sample of rate, uterine activity and quality."""
    assert trace.start is not None  # noqa: S101  # For the types: each recording here has one.
    toco = trace.toco if trace.toco is not None else np.full(len(trace), np.nan)
    quality = trace.quality if trace.quality is not None else np.full(len(trace), np.nan)
    session.add_all(
        NaiveSample(
            session_id=session_id,
            timestamp=trace.start + timedelta(seconds=index / trace.rate_hz),
            fhr_bpm=_or_none(trace.fhr1[index]),
            toco=_or_none(toco[index]),
            quality=_or_none(quality[index]),
        )
        for index in range(len(trace))
    )
    session.commit()


def read_samples(session: Session, session_id: str) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Rate, uterine activity and quality, NaN for loss."""
    rows = session.scalars(
        select(NaiveSample).where(NaiveSample.session_id == session_id).order_by(NaiveSample.id)
    ).all()
    return (
        np.array([row.fhr_bpm for row in rows], dtype=float),
        np.array([row.toco for row in rows], dtype=float),
        np.array([row.quality for row in rows], dtype=float),
    )


def handheld_rows(session_id: str, trace: Trace) -> list[HeartRateReading]:
    """A reading for each value that the device had."""
    assert trace.start is not None  # noqa: S101  # For the types: each recording here has one.
    start = trace.start
    return [
        HeartRateReading(
            session_id=session_id,
            timestamp=start + timedelta(seconds=index / trace.rate_hz),
            bpm=0 if np.isnan(bpm) else round(bpm),
            signal_quality=0.9,
            classification=ReadingClassification.NORMAL,
            created_at=start,
        )
        for index, bpm in enumerate(trace.fhr1)
    ]


def store_readings(session: Session, session_id: str, trace: Trace) -> None:
    """A row of the portal's own table for each value."""
    session.add_all(handheld_rows(session_id, trace))
    session.commit()


def read_readings(session: Session, session_id: str) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Seconds since 1970, beats and quality."""
    rows = session.scalars(
        select(HeartRateReading)
        .where(HeartRateReading.session_id == session_id)
        .order_by(HeartRateReading.timestamp, HeartRateReading.id)
    ).all()
    return (
        np.array([row.timestamp.timestamp() for row in rows]),
        np.array([row.bpm for row in rows], dtype=float),
        np.array([row.signal_quality for row in rows], dtype=float),
    )


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
