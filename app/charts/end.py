"""What stands on paper that nothing was recorded on: hatching after the last sample, and words where no rate is."""

from app.charts import style
from app.charts.layout import Layout
from app.charts.marks import Hatch, Mark, Pen, Rectangle, Strokes, Text
from app.charts.strip import Strip
from app.charts.text import text_marks
from app.charts.window import Window

_NOTICE_PT = 14.0
_END_PT = 9.0
_EDGE = Pen("end", style.MUTED, 0.3)


def after_the_end(strip: Strip, layout: Layout) -> tuple[Mark, ...]:
    """Hatching and words on the paper after the last sample; nothing when the window ends before."""
    recorded_s = max(0.0, strip.stretch.recording_s - strip.start_s)
    if recorded_s >= strip.window_s - 1e-9:
        return ()
    left = layout.fhr.left_mm + recorded_s * layout.mm_per_s
    hatched = tuple(Rectangle(left, p.top_mm, p.right_mm - left, p.height_mm) for p in layout.panels)
    edges = tuple(((left, p.top_mm), (left, p.bottom_mm)) for p in layout.panels)
    words = text_marks(
        min(left + 4.2, layout.fhr.right_mm - 1.0),
        layout.fhr.top_mm + layout.fhr.height_mm / 2,
        strip.caption.labels.end_of_recording,
        size_pt=_END_PT,
        anchor="middle",
        fill=style.MUTED,
        angle=-90.0,
        halo=style.PAPER,
    )
    return (Hatch(style.HATCH, hatched), Strokes(_EDGE, edges), *words)


def no_signal(window: Window, layout: Layout) -> tuple[Text, ...]:
    """The words "no signal" when the window holds not one heart rate of a fetus."""
    if window.has_signal:
        return ()
    panel = layout.fhr
    return text_marks(
        panel.left_mm + panel.width_mm / 2,
        panel.top_mm + panel.height_mm * 0.3,
        window.strip.caption.labels.no_signal,
        size_pt=_NOTICE_PT,
        anchor="middle",
        bold=True,
        fill=style.INK,
        halo=style.PAPER,
    )
