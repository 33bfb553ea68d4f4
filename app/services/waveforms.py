"""Stored waveforms: a Trace into five-minute chunks, and back for the stretch that is asked for."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.ctg.quality import is_missing, loss_fraction
from app.ctg.stretch import Stretch, peak, with_neighbours
from app.ctg.trace import Trace, is_possible, samples_between
from app.ctg.waveform_codec import Chunk, CorruptWaveform, chunks_holding, decode, encode, samples_per_chunk
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
    _write(session, session_id, encode(trace))


def write_piece(session: Session, session_id: str, piece: Trace, *, first_sample: int) -> None:
    """Store samples of a recording that is still being received: in chunks that are numbered by their first sample."""
    shifted = ((chunk, first_sample + chunk.first_sample) for chunk in encode(piece))
    _write(session, session_id, [replace(chunk, chunk_no=first, first_sample=first) for chunk, first in shifted])


def _write(session: Session, session_id: str, chunks: list[Chunk]) -> None:
    # In the order of the primary key: InnoDB then fills a page before it begins the next one.
    ordered = sorted(chunks, key=lambda chunk: (chunk.channel, chunk.chunk_no))
    rows = [
        {"session_id": session_id} | {column.key: getattr(chunk, column.key) for column in _CHUNK} for chunk in ordered
    ]
    session.execute(insert(WaveformChunk), rows)


def summary(trace: Trace) -> dict[str, Any]:
    """What a session says of its whole waveform, by column, so that lists, ETags and windows read no other sample."""
    losses = [loss_fraction(is_missing(trace.fhr(fetus))) for fetus in range(1, trace.fetus_count + 1)]
    return {
        "rate_hz": trace.rate_hz,
        "sample_count": len(trace),
        "fetus_count": trace.fetus_count,
        "time_is_estimated": trace.time_is_estimated,
        "channels": channel_names(trace),
        "toco_peak": peak(trace),
        "trace_digest": trace.digest(),
        "loss_fraction": sum(losses) / len(losses),
    }


def channel_names(trace: Trace) -> str:
    """The channels of a trace as a session names them."""
    return " ".join(name for name, _ in trace.channels())


def stored_channels(session: Session, monitoring_session: MonitoringSession) -> frozenset[str]:
    """The channels that are stored of a session, without reading a sample; none of one without a waveform of ours."""
    if monitoring_session.channels is not None:
        return frozenset(monitoring_session.channels.split())
    # Stored by a program that did not know the column yet.
    query = select(WaveformChunk.channel).where(WaveformChunk.session_id == monitoring_session.id).distinct()
    return frozenset(session.scalars(query))


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
    rate_hz, total = _shape(monitoring_session)
    begin_s = 0.0 if start_s is None else start_s
    first, last = samples_between(begin_s, total / rate_hz if end_s is None else end_s, rate_hz)
    return _samples(session, monitoring_session, first, last)


def read_stretch(session: Session, monitoring_session: MonitoringSession, start_s: float, end_s: float) -> Stretch:
    """What a picture of the window from `start_s` to `end_s` needs, with the neighbours of its samples on each side.

    However long the recording is, only the chunks of the window are read. Errors are those of `read_trace`.
    """
    if monitoring_session.channels is None:
        # Stored by a program that did not know the column yet, in the minute in which the database was upgraded.
        return Stretch.around(read_trace(session, monitoring_session), start_s, end_s)
    rate_hz, total = _shape(monitoring_session)
    first, last = with_neighbours(start_s, end_s, rate_hz, total)
    part = _samples(session, monitoring_session, first, last)
    return Stretch(part, first / rate_hz, total / rate_hz, monitoring_session.toco_peak)


def check_shape(monitoring_session: MonitoringSession) -> None:
    """CorruptWaveform where a session says of its waveform what is true of none."""
    if monitoring_session.sample_count is not None:
        _shape(monitoring_session)


def _shape(monitoring_session: MonitoringSession) -> tuple[float, int]:
    """Rate in Hz and number of samples; NotFound without them, CorruptWaveform where no recording has them."""
    rate_hz, total = monitoring_session.rate_hz, monitoring_session.sample_count
    if rate_hz is None or total is None:
        raise NotFound("waveform")
    if not is_possible(total, rate_hz):
        raise CorruptWaveform("fhr1", 0, f"{total} samples at {rate_hz!r} Hz are no recording")
    return rate_hz, total


def _samples(session: Session, monitoring_session: MonitoringSession, first: int, last: int) -> Trace:
    """The samples from `first` up to, not including, `last`, as far as there are any."""
    rate_hz, total = _shape(monitoring_session)
    first, last = min(first, total), min(last, total)
    # A stretch outside the recording still reads one chunk: its channels, without samples.
    held = min(first, max(0, total - 1))
    size = samples_per_chunk(rate_hz)
    if monitoring_session.trace_digest is None:
        # Still being received: no piece is longer than a chunk, and its number is its first sample.
        numbers = held - size + 1, max(last, held + 1) - 1
    else:
        wanted = chunks_holding(held, max(last, held + 1), rate_hz)
        numbers = wanted.start, wanted.stop - 1
    rows = session.execute(
        select(*_CHUNK).where(
            WaveformChunk.session_id == monitoring_session.id, WaveformChunk.chunk_no.between(*numbers)
        )
    )
    chunks = [Chunk(*row) for row in rows]  # type: ignore[arg-type]  # decode refuses any other channel
    begins = min((chunk.first_sample for chunk in chunks), default=0)
    ends = max((chunk.first_sample + chunk.sample_count for chunk in chunks), default=0)
    if not (0 <= begins <= first and last <= ends <= total):
        raise CorruptWaveform("fhr1", held // size, f"samples {begins} to {ends} of {total} are there")
    trace = decode(
        chunks,
        start=monitoring_session.began_at + timedelta(seconds=begins / rate_hz),
        rate_hz=rate_hz,
        sample_count=ends - begins,
        time_is_estimated=monitoring_session.time_is_estimated,
    )
    return trace.part(first - begins, last - begins)
