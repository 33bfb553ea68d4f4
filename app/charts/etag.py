"""The identity of a picture, from identifiers alone: a browser that has it is answered without reading a sample."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from app.charts.strip import (
    RENDERER_VERSION,
    Audience,
    Frame,
    StripCaption,
    StripMark,
    StripScale,
    TimeAxis,
    marks_for,
)


def strip_etag(
    *,
    data_digest: str,
    start: datetime | None,
    analysis_ids: Sequence[str],
    start_s: float,
    minutes: float,
    scale: StripScale,
    audience: Audience,
    caption: StripCaption,
    is_demo: bool,
    frame: Frame,
    time: TimeAxis,
    marks: Sequence[StripMark],
) -> str:
    """64 hexadecimal digits that differ whenever the picture may differ; without quotation marks.

    Parameters
    ----------
    data_digest : str
        `Trace.digest()` of the recording; it does not cover `start`, which is therefore asked for beside it.
    analysis_ids : sequence of str
        What names each analysis that would be drawn: for instance "engine version:input digest:fetus". A patient's
        picture shows none, so they do not count there.
    """
    identity = {
        "renderer": RENDERER_VERSION,
        "data": data_digest,
        "start": None if start is None else start.astimezone(UTC).isoformat(),
        "analyses": list(analysis_ids) if audience is Audience.CLINICIAN else [],
        "window": [float(start_s), float(minutes)],
        "scale": asdict(scale),
        "audience": audience,
        "zone": [str(caption.zone), caption.begin_zone_name, caption.zone_name],
        "device": caption.device,
        "advice": caption.advice if audience is Audience.PATIENT else (),
        "labels": asdict(caption.labels),
        "is_demo": is_demo,
        "frame": frame,
        "time": time,
        "marks": [asdict(mark) for mark in marks_for(marks, audience)],
    }
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()
