"""The paper of a strip: matplotlib draws band, rules, frames and axis numbers once, and they are kept.

Ticks and rules take matplotlib most of the time of a whole picture, and they are the same for each window of
each recording. So the paper is drawn once per layout and audience, and the ink of a recording is laid on it.
Upright rules repeat after ten minutes: one such tile is drawn, and a picture lays as many as it needs side by
side, shifted until they stand on full clock minutes.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

from app.charts import style
from app.charts.layout import TOCO_TOP, Layout, Panel
from app.charts.strip import Frame
from app.charts.style import POINT_MM
from app.charts.text import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# The rate that guidelines call the normal baseline (FIGO 2015, section 4): an aid to the eye of clinicians only.
BAND_BPM = (110.0, 160.0)

RULES_REPEAT_S = 600.0

_PAPERS_KEPT = 64
_FINE_RULES_S = {1: 30, 2: 15, 3: 10}
_AXIS_NUMBERS_GAP_MM = 1.4
# Half the height of a digit in parts of the type size: numbers stand centred on their rule in any font.
_HALF_DIGIT_EM = 0.36

# matplotlib reads these from its global settings while it writes, so one figure is written at a time.
matplotlib_is_writing = Lock()

# What a picture of its own needs and two drawings in one document do not: names of groups, the font (the
# picture names it once), and turns by no angle.
_TIDY = (
    (re.compile(r' id="[^"]*"'), ""),
    (re.compile(r" font-family: [^;]*;| stroke-linejoin: miter;?"), ""),
    (re.compile(r' transform="rotate\(-?0 [^"]*"'), ""),
    (re.compile(r"</?g/?>"), ""),
    (re.compile(r"\s+"), " "),
    (re.compile(r"> <"), "><"),
)
_STYLE = re.compile(r' style="([^"]*)"')
_LENGTH = re.compile(r' (x|y|font-size|stroke-width)="([\d.]+)(?:px)?"')
_DATA = re.compile(r' d="([^"]*)"')
_STEP = re.compile(r"([ML]) (\S+) (\S+)|z")
# All words on the paper are numbers of its axes, and a line has this width where matplotlib states none.
_COMMON = (
    f' font-size="{number(style.AXIS_TEXT_PT * POINT_MM)}"',
    f' fill="{style.MUTED}"',
    f' stroke-width="{number(POINT_MM)}"',
)


@dataclass(frozen=True, slots=True)
class Paper:
    """SVG elements in millimetres of the picture: `sheet` once, `rules` for each ten minutes."""

    sheet: str
    rules: str


@lru_cache(maxsize=_PAPERS_KEPT)
def paper(layout: Layout, *, has_band: bool) -> Paper:
    """The paper of this layout, drawn at most once while it is kept; safe to call from any thread."""
    return Paper(sheet=svg_elements(sheet_figure(layout, has_band=has_band)), rules=svg_elements(rules_figure(layout)))


def sheet_figure(layout: Layout, *, has_band: bool) -> "Figure":
    """A transparent figure of the picture's size with paper, band, level rules, frames and the numbers of both axes."""
    figure = _figure(layout.width_mm, layout.height_mm)
    for panel in layout.panels:
        axes = _axes(figure, panel, layout)
        axes.patch.set(visible=True, facecolor=style.PAPER)
        if panel is layout.fhr:
            if has_band:
                low, high = (min(max(edge, panel.low), panel.high) for edge in BAND_BPM)
                axes.axhspan(low, high, facecolor=style.BAND, linewidth=0, clip_on=False, zorder=0)
            step = 20.0
        else:
            step = 20.0 if panel.high <= TOCO_TOP else 25.0
        strong = _multiples(panel, step)
        fine = [value for value in _multiples(panel, step / 2) if value not in strong]
        _lines(axes, [((0, v), (1, v)) for v in fine], style.GRID_FINE, style.GRID_FINE_PT)
        _lines(axes, [((0, v), (1, v)) for v in strong], style.GRID, style.GRID_PT)
        _frame(axes, panel, layout.frame)
        if layout.frame is not Frame.TILE:
            _numbers(axes, panel, strong, layout.frame)
    return figure


def rules_figure(layout: Layout) -> "Figure":
    """A transparent figure with the upright rules of ten minutes; the first stands on the left edge of the paper."""
    width = RULES_REPEAT_S * layout.mm_per_s
    figure = _figure(layout.fhr.left_mm + width, layout.height_mm)
    seconds = range(0, int(RULES_REPEAT_S), _FINE_RULES_S[layout.scale.speed_cm_min])
    for panel in layout.panels:
        axes = _axes(figure, replace(panel, width_mm=width), layout)
        for wanted, colour, width_pt in (
            ([s for s in seconds if s % 60], style.GRID_FINE, style.GRID_FINE_PT),
            ([s for s in seconds if s and not s % 60], style.GRID, style.GRID_PT),
            ([0], style.GRID_STRONG, style.GRID_STRONG_PT),
        ):
            places = [s / RULES_REPEAT_S for s in wanted]
            _lines(axes, [((x, panel.low), (x, panel.high)) for x in places], colour, width_pt)
    return figure


def _figure(width_mm: float, height_mm: float) -> "Figure":
    """An empty transparent figure of this size."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width_mm / 25.4, height_mm / 25.4))
    figure.patch.set_visible(False)
    return figure


def _axes(figure: "Figure", panel: Panel, layout: Layout) -> "Axes":
    """Bare axes over `panel`: 0 to 1 from left to right, the panel's own units upwards."""
    figure_width_mm = figure.get_figwidth() * 25.4
    axes = figure.add_axes(
        (
            panel.left_mm / figure_width_mm,
            1 - panel.bottom_mm / layout.height_mm,
            panel.width_mm / figure_width_mm,
            panel.height_mm / layout.height_mm,
        )
    )
    axes.set(xlim=(0, 1), ylim=(panel.low, panel.high), xticks=[], yticks=[])
    axes.patch.set_visible(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes


def _multiples(panel: Panel, step: float) -> list[float]:
    """The multiples of `step` on the panel's axis."""
    first, last = -int(-panel.low // step), int(panel.high // step)
    return [number * step for number in range(first, last + 1)]


def _lines(
    axes: "Axes", lines: list[tuple[tuple[float, float], tuple[float, float]]], colour: str, width_pt: float
) -> None:
    """Draw straight lines as one path: a path for each would make the picture several times as large."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    if not lines:
        return
    vertices = [point for line in lines for point in line]
    path = Path(vertices, [Path.MOVETO, Path.LINETO] * len(lines))
    axes.add_patch(
        PathPatch(path, fill=False, edgecolor=colour, linewidth=width_pt, capstyle="butt", clip_on=False, zorder=1)
    )


def _frame(axes: "Axes", panel: Panel, frame: Frame) -> None:
    """Draw the panel's border, without the sides where it goes on in the next tile."""
    corners = ((0.0, panel.high), (0.0, panel.low), (1.0, panel.low), (1.0, panel.high))
    left, foot, right, top = zip(corners, (*corners[1:], corners[0]), strict=True)
    sides = {Frame.FULL: [left, foot, right, top], Frame.TILE: [foot, top], Frame.AXIS: [left, foot, top]}
    _lines(axes, sides[frame], style.FRAME, style.FRAME_PT)


def _numbers(axes: "Axes", panel: Panel, values: list[float], frame: Frame) -> None:
    """Write the numbers of the upright axis: at both ends of a strip longer than an eye follows a rule."""
    from matplotlib.font_manager import FontProperties

    # DejaVu Sans comes with matplotlib, so that no machine looks for another; the picture names its own fonts.
    font = FontProperties(family="DejaVu Sans", size=style.AXIS_TEXT_PT)
    gap = _AXIS_NUMBERS_GAP_MM / panel.width_mm
    drop = _HALF_DIGIT_EM * style.AXIS_TEXT_PT * POINT_MM / panel.mm_per_unit
    for value in values:
        # A number at the foot of the heart rate panel would stand in the loss lane below it.
        if value == panel.low and panel.low != 0:
            continue
        ends = ((-gap, "right"), (1 + gap, "left"))
        for x, side in ends if frame is Frame.FULL else ends[:1]:
            axes.text(x, value - drop, f"{value:g}", ha=side, va="baseline", fontproperties=font, color=style.MUTED)


def svg_elements(figure: "Figure") -> str:
    """What matplotlib writes for `figure`, as one group in millimetres without its document around it."""
    import matplotlib

    written = BytesIO()
    metadata = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with matplotlib_is_writing, matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "dopply"}):
        figure.savefig(written, format="svg", metadata=metadata)
    document = written.getvalue().decode()
    drawing = document[document.index('<g id="figure_1">') : document.rindex("</g>") + len("</g>")]
    for pattern, replacement in _TIDY:
        drawing = pattern.sub(replacement, drawing)
    drawing = _LENGTH.sub(_in_mm, _STYLE.sub(_presentation_attributes, drawing))
    for attribute in _COMMON:
        drawing = drawing.replace(attribute, "")
    return f"<g{''.join(_COMMON)}>{_DATA.sub(_steps_in_mm, drawing).strip()}</g>"


def _in_mm(found: re.Match[str]) -> str:
    """A length of matplotlib's, which it states in points."""
    return f' {found[1]}="{number(float(found[2]) * POINT_MM)}"'


def _steps_in_mm(found: re.Match[str]) -> str:
    """Path data as steps from point to point: those of rules are alike, so that the picture packs well."""
    data, at = "", (0.0, 0.0)
    for command, *place in _STEP.findall(found[1]):
        if not command:
            data += "z"
            continue
        x, y = (round(float(points) * POINT_MM, 3) for points in place)
        across, down = number(x - at[0]), number(y - at[1])
        if command == "L" and "0" in (across, down):
            data += f"h{across}" if down == "0" else f"v{down}"
        else:
            data += f"{command.lower()}{across}{'' if down.startswith('-') else ' '}{down}"
        at = x, y
    return f' d="{data}"'


def _presentation_attributes(found: re.Match[str]) -> str:
    """The same as attributes of their own: a content security policy without styles ignores `style`."""
    pairs = (declaration.split(":", 1) for declaration in found[1].split(";") if declaration.strip())
    return "".join(f' {name.strip()}="{value.strip()}"' for name, value in pairs)
