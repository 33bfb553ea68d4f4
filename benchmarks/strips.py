"""Strips to be drawn: the values that a recording and its analysis give, as the portal makes them."""

import gzip

from app.charts import Strip, StripCaption
from app.ctg.findings import Analysis
from app.ctg.stretch import Stretch
from app.ctg.trace import Trace
from app.web.compression import LEVEL
from benchmarks.signals import ZONE

CAPTION = StripCaption(ZONE, "WIB", device="Sonicaid Team3")


def strip(trace: Trace, analysis: Analysis | None, minutes: float, start_s: float = 0.0) -> Strip:
    """A clinician's strip of `minutes` at 1 cm/min and 20 bpm/cm, with the paper's band and everything computed."""
    return Strip(
        Stretch.whole(trace),
        CAPTION,
        start_s=start_s,
        minutes=minutes,
        analyses=() if analysis is None else (analysis,),
    )


def sent_bytes(svg: bytes) -> int:
    """How many bytes of it go to a browser that takes gzip."""
    return len(gzip.compress(svg, LEVEL, mtime=0))
