"""Stored waveforms: a Trace into five-minute chunks, and back for the stretch that is asked for."""

from datetime import timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.ctg.trace import Trace
from app.ctg.waveform_codec import Chunk, chunks_between, decode, encode, samples_per_chunk
from app.models import MonitoringSession, WaveformChunk
from app.services.errors import NotFound

_CHUNK = (
    WaveformChunk.channel,
    WaveformChunk.chunk_no,
    WaveformChunk.first_sample,
    WaveformChunk.sample_count,
    WaveformChunk.encoding,
    WaveformChunk.scale,
    WaveformChunk.payload,
)


def write_trace(session: Session, session_id: str, trace: Trace) -> None:
    """Store every sample of `trace` under a session that has none yet, in one bulk statement."""
    rows = [
        {"session_id": session_id} | {column.key: getattr(chunk, column.key) for column in _CHUNK}
        for chunk in encode(trace)
    ]
    session.execute(insert(WaveformChunk), rows)


def read_trace(
    session: Session, monitoring_session: MonitoringSession, start_s: float | None = None, end_s: float | None = None
) -> Trace:
    """The samples with start_s <= time < end_s, or all; only the chunks that hold them are read.

    Raises
    ------
    NotFound
        When no waveform is stored for this session.
    CorruptWaveform
        When the stored chunks do not give one back.
    """
    rate_hz, total = monitoring_session.rate_hz, monitoring_session.sample_count
    if rate_hz is None or total is None:
        raise NotFound("waveform")
    begin_s = 0.0 if start_s is None else start_s
    until_s = total / rate_hz if end_s is None else end_s
    size = samples_per_chunk(rate_hz)
    wanted = chunks_between(begin_s, until_s, rate_hz)
    newest = max(0, (total - 1) // size)
    # A stretch outside the recording still reads one chunk: its channels, without samples.
    first = min(wanted.start, newest)
    last = min(max(wanted.stop - 1, first), newest)
    rows = session.execute(
        select(*_CHUNK).where(
            WaveformChunk.session_id == monitoring_session.id, WaveformChunk.chunk_no.between(first, last)
        )
    )
    first_sample = first * size
    trace = decode(
        (Chunk(*row) for row in rows),  # type: ignore[arg-type]  # decode refuses any other channel
        start=monitoring_session.began_at + timedelta(seconds=first_sample / rate_hz),
        rate_hz=rate_hz,
        sample_count=min(total, (last + 1) * size) - first_sample,
        time_is_estimated=monitoring_session.time_is_estimated,
    )
    if start_s is None and end_s is None:
        return trace
    return trace.between(begin_s - first_sample / rate_hz, until_s - first_sample / rate_hz)
