"""The strip of a window that stands alone, as a page of two recordings shows each of them."""

import logging
from dataclasses import dataclass

from app.charts import Audience, strip_size_cm, strip_summary
from app.ctg.formats import ParseError
from app.ctg.waveform_codec import CorruptWaveform
from app.models import MonitoringSession
from app.services import traces
from app.web import current, sentences
from app.web.monitoring import recording_words
from app.web.monitoring.damaged import damaged_words
from app.web.monitoring.drawing import pixels
from app.web.monitoring.strip_picture import make_strip
from app.web.monitoring.strip_view import StripView

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Picture:
    """What a page needs to show a strip."""

    src: str
    alt: str
    width_px: int
    height_px: int


def picture(recording: MonitoringSession, view: StripView) -> tuple[Picture | None, str]:
    """The strip of this view at its physical size; or None and why there is none. Only the window is read."""
    end_s = view.start_s + view.minutes * 60.0
    try:
        stretch = traces.read_stretch(current.database(), recording, view.start_s, end_s)
    except ParseError as error:
        return None, sentences.parse_error(error)
    except CorruptWaveform:
        logger.exception("the samples of a session are damaged")
        return None, damaged_words()
    strip = make_strip(recording, stretch, (), view, Audience.CLINICIAN)
    width_cm, height_cm = strip_size_cm(
        view.scale,
        view.minutes,
        audience=Audience.CLINICIAN,
        fetus_count=stretch.part.fetus_count,
        has_toco=stretch.part.toco is not None,
    )
    alt = recording_words.strip_alt(strip_summary(strip))
    return Picture(view.picture_url(), alt, pixels(width_cm), pixels(height_cm)), ""
