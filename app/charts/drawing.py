"""One description of a strip: the paper's key and the marks on it, from which each format is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor

from app.charts import caption, clock, computed, demo, end, events, ink, legend, noted
from app.charts.curve import DOT_MM
from app.charts.layout import LANE_HEIGHT_MM, Layout, Panel, layout_for
from app.charts.marks import Layer, Rectangle
from app.charts.paper import RULES_REPEAT_S
from app.charts.strip import Audience, Frame, Strip
from app.charts.text import clean
from app.charts.window import Window


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture in millimetres, ready to be written.

    Attributes
    ----------
    layout, has_band : Layout, bool
        What the paper is drawn from, first of all and once for many pictures (`app.charts.paper`).
    rules_mm : tuple of float
        Where the left edge of each ten minutes of upright rules lies from the left edge of the paper; they show
        within the clip "paper".
    clips : mapping of str to rectangles
        The names that layers use.
    layers : tuple of Layer
        On the paper, the first one lowest.
    title, description : str
        The same in words, for those who cannot see it.
    """

    layout: Layout
    has_band: bool
    rules_mm: tuple[float, ...]
    clips: Mapping[str, tuple[Rectangle, ...]]
    layers: tuple[Layer, ...]
    title: str
    description: str

    @property
    def width_mm(self) -> float:
        """Width of the picture."""
        return self.layout.width_mm

    @property
    def height_mm(self) -> float:
        """Height of the picture."""
        return self.layout.height_mm


def drawing_of(strip: Strip) -> Drawing:
    """The description of this strip; the same strip gives the same description."""
    layout, window = layout_for(strip), Window(strip)
    said = caption.parts_of(window)
    if strip.frame is Frame.AXIS:
        layers: tuple[Layer, ...] = (Layer("", caption.titles(strip, layout)),)
    else:
        layers = _recording(window, layout)
    if strip.frame is Frame.FULL:
        words = (*caption.caption(said, layout), *caption.titles(strip, layout), *noted.words(strip, layout))
        layers = (*layers, Layer("advice", caption.advice(strip, layout)), Layer("", words))
    return Drawing(
        layout=layout,
        has_band=strip.audience is Audience.CLINICIAN,
        rules_mm=_rules_mm(strip, layout),
        clips=_clips(strip, layout),
        layers=tuple(layer for layer in layers if layer.marks),
        title=clean(strip.caption.labels.title),
        description=clean(" ".join((*strip.shown_advice, caption.sentence(said)))),
    )


def _recording(window: Window, layout: Layout) -> tuple[Layer, ...]:
    """What lies on the paper of a full picture or a tile, and its clock."""
    strip = window.strip
    return (
        Layer("demo", demo.demo(strip, layout), clip="paper"),
        Layer("after-the-end", end.after_the_end(strip, layout)),
        Layer("", ink.loss_lanes(window, layout), clip="lanes"),
        Layer("", (*computed.baselines(strip, layout), *ink.heart_rates(window, layout)), clip="heart"),
        Layer("", ink.uterine_activity(window, layout), clip="uterus"),
        Layer("events", events.events(strip, layout)),
        Layer("noted", (*noted.movements(strip, layout), *noted.flags(strip, layout))),
        Layer("no-signal", end.no_signal(window, layout)),
        Layer("", clock.clock(strip, layout)),
        Layer("", legend.legend(strip, layout)),
    )


def _rules_mm(strip: Strip, layout: Layout) -> tuple[float, ...]:
    """The upright rules, ten minutes after ten minutes, on full minutes of the clock."""
    if strip.frame is Frame.AXIS:
        return ()
    shift_mm = clock.rules_shift_mm(strip, layout)
    tile_mm = RULES_REPEAT_S * layout.mm_per_s
    # The rule on the right edge counts: a half of it shows, and the other in the next tile.
    tiles = floor((layout.fhr.width_mm - shift_mm) / tile_mm + 1e-9) + 1
    return tuple(shift_mm + tile * tile_mm for tile in range(tiles))


def _clips(strip: Strip, layout: Layout) -> dict[str, tuple[Rectangle, ...]]:
    """The panels, both together, and the lanes."""
    lanes_mm = layout.lane_tops_mm[-1] + LANE_HEIGHT_MM - layout.lane_tops_mm[0]
    clips = {
        "heart": (_with_dots(layout.fhr, strip),),
        "paper": tuple(map(_rectangle, layout.panels)),
        "lanes": (Rectangle(layout.fhr.left_mm, layout.lane_tops_mm[0], layout.fhr.width_mm, lanes_mm),),
    }
    if layout.toco is not None:
        clips["uterus"] = (_with_dots(layout.toco, strip),)
    return clips


def _with_dots(panel: Panel, strip: Strip) -> Rectangle:
    """The panel, a little wider where the recording begins or ends at its edge: there a dot is a whole one."""
    before = DOT_MM / 2 if strip.start_s == 0 else 0.0
    after = DOT_MM / 2 if strip.end_s >= strip.stretch.recording_s else 0.0
    return Rectangle(panel.left_mm - before, panel.top_mm, panel.width_mm + before + after, panel.height_mm)


def _rectangle(panel: Panel) -> Rectangle:
    """Where the panel lies."""
    return Rectangle(panel.left_mm, panel.top_mm, panel.width_mm, panel.height_mm)
