"""A waveform that arrives in pieces: each is stored as it comes, and all become one recording when it is complete.

Until then the recording has no digest, so that nobody can sign what is still to grow; it can be looked at all the same.
"""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.ctg.stretch import peak
from app.ctg.trace import Trace
from app.models import MonitoringSession, WaveformChunk
from app.services import readings, waveforms
from app.services.errors import Conflict


def append(session: Session, monitoring_session: MonitoringSession, piece: Trace, *, first_sample: int) -> None:
    """Store the samples that follow those which are there.

    Parameters
    ----------
    piece : Trace
        The next samples, with the rate and the channels of the first piece, and like it with measured or with
        estimated times; its start is not looked at.
    first_sample : int
        Their place in the recording.

    Raises
    ------
    Conflict
        recording_complete, kept_as_readings (a session has one truth), piece_differs, or piece_out_of_order with the
        number of samples that are there (`stored`).
    """
    if len(piece) == 0:
        return
    row = readings.locked(session, monitoring_session)
    stored = row.sample_count or 0
    if row.trace_digest is not None:
        raise Conflict("recording_complete")
    if row.rate_hz is None and readings.are_stored(session, row):
        raise Conflict("kept_as_readings")
    if first_sample != stored:
        raise Conflict("piece_out_of_order", stored=stored)
    channels = waveforms.channel_names(piece)
    kind = (piece.rate_hz, channels, piece.time_is_estimated)
    if row.rate_hz is not None and (row.rate_hz, row.channels, row.time_is_estimated) != kind:
        raise Conflict("piece_differs")
    waveforms.write_piece(session, row.id, piece, first_sample=first_sample)
    peaks = [value for value in (row.toco_peak, peak(piece)) if value is not None]
    row.rate_hz, row.channels, row.time_is_estimated = kind
    row.fetus_count = piece.fetus_count
    row.sample_count, row.toco_peak = stored + len(piece), max(peaks, default=None)
    session.flush()


def compact(session: Session, monitoring_session: MonitoringSession) -> Trace:
    """Make one recording of all pieces, the same samples bit for bit, and say what is known of the whole.

    Whoever calls this has begun a transaction: it is all done when that ends well, and nothing is when it does not.
    A recording that is complete stays as it is.

    Raises
    ------
    NotFound
        When no piece has come.
    """
    row = readings.locked(session, monitoring_session)
    trace = waveforms.read_trace(session, row)
    if row.trace_digest is not None:
        return trace
    session.execute(delete(WaveformChunk).where(WaveformChunk.session_id == row.id))
    waveforms.write_trace(session, row.id, trace)
    for name, value in waveforms.summary(trace).items():
        setattr(row, name, value)
    row.end_time = trace.end
    session.flush()
    return trace
