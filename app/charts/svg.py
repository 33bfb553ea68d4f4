"""A strip as an SVG document: paper, then ink, then words; the same input gives the same bytes."""

from math import ceil

from app.charts import caption, clock, computed, ink, legend, style
from app.charts.layout import LANE_HEIGHT_MM, Layout, Panel, layout_for
from app.charts.paper import RULES_REPEAT_S, paper
from app.charts.strip import Audience, Strip
from app.charts.style import POINT_MM
from app.charts.text import clean, number, text_element, width_mm, xml
from app.ctg.quality import is_missing

_DEMO_PT = 20.0
_SMALLEST_DEMO_PT = 8.0
_DEMO_APART_MM = (95.0, 42.0)
_NOTICE_PT = 14.0


def strip_svg(strip: Strip) -> bytes:
    """The strip as SVG 1.1 in UTF-8, true to scale when it is shown or printed at 100 %.

    It refers to nothing outside itself, so that it works as an image under a strict content security policy.
    """
    layout = layout_for(strip)
    sheet = paper(layout, has_band=strip.audience is Audience.CLINICIAN)
    width, height = number(layout.width_mm), number(layout.height_mm)
    said = caption.parts_of(strip)
    title, description = xml(strip.caption.labels.title), xml(" ".join((*strip.shown_advice, caption.sentence(said))))
    uterus = ink.uterine_activity(strip, layout)
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="{width}mm" height="{height}mm"'
        f' viewBox="0 0 {width} {height}" role="img" aria-labelledby="title desc" font-family="{style.FONT_FAMILY}"'
        ' font-variant-numeric="tabular-nums">',
        f'<title id="title">{title}</title><desc id="desc">{description}</desc>',
        _definitions(layout, sheet.rules),
        f'<rect width="{width}" height="{height}" fill="{style.SHEET}"/>',
        sheet.sheet,
        _rules(strip, layout),
        _demo(strip, layout),
        _after_the_end(strip, layout),
        ink.loss_lanes(strip, layout),
        f'<g clip-path="url(#heart)">{computed.baselines(strip, layout)}{ink.heart_rates(strip, layout)}</g>',
        f'<g clip-path="url(#uterus)">{uterus}</g>' if uterus else "",
        computed.events(strip, layout),
        _no_signal(strip, layout),
        caption.advice(strip, layout),
        caption.caption(said, layout),
        caption.titles(strip, layout),
        clock.clock(strip, layout),
        legend.legend(strip, layout),
        "</svg>\n",
    )
    return "".join(parts).encode()


def _definitions(layout: Layout, rules: str) -> str:
    """Ten minutes of rules, clip paths of the panels and the hatching of paper that nothing was recorded on."""
    lanes_mm = layout.lane_tops_mm[-1] + LANE_HEIGHT_MM - layout.lane_tops_mm[0]
    clips = [f'<clipPath id="heart">{_rectangle(layout.fhr)}</clipPath>']
    if layout.toco is not None:
        clips.append(f'<clipPath id="uterus">{_rectangle(layout.toco)}</clipPath>')
    clips.append(f'<clipPath id="paper">{"".join(map(_rectangle, layout.panels))}</clipPath>')
    lanes = Panel(layout.fhr.left_mm, layout.lane_tops_mm[0], layout.fhr.width_mm, lanes_mm, 0, 1)
    clips.append(f'<clipPath id="lanes">{_rectangle(lanes)}</clipPath>')
    return (
        f'<defs><g id="rules">{rules}</g>{"".join(clips)}'
        '<pattern id="hatch" width="3" height="3" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<path d="M0 0v3" stroke="{style.HATCH}" stroke-width="0.7"/></pattern></defs>'
    )


def _rules(strip: Strip, layout: Layout) -> str:
    """The upright rules, ten minutes after ten minutes, on full minutes of the clock."""
    shift_mm = clock.rules_shift_mm(strip, layout)
    tile_mm = RULES_REPEAT_S * layout.mm_per_s
    tiles = ceil((layout.fhr.width_mm - shift_mm) / tile_mm - 1e-9)
    uses = "".join(f'<use href="#rules" x="{number(shift_mm + tile * tile_mm)}"/>' for tile in range(tiles))
    return f'<g clip-path="url(#paper)">{uses}</g>'


def _rectangle(panel: Panel, attributes: str = "", left_mm: float | None = None) -> str:
    """The panel's rectangle, or its part from `left_mm` on."""
    left = panel.left_mm if left_mm is None else left_mm
    return (
        f'<rect x="{number(left)}" y="{number(panel.top_mm)}" width="{number(panel.right_mm - left)}"'
        f' height="{number(panel.height_mm)}"{attributes}/>'
    )


def _demo(strip: Strip, layout: Layout) -> str:
    """Pale slanted words over all of the paper and under the ink; empty for real recordings."""
    if not strip.is_demo:
        return ""
    words = clean(strip.caption.labels.demo)
    # On a narrow window the words are smaller, so that they are read as a whole.
    size_pt = min(_DEMO_PT, max(_SMALLEST_DEMO_PT, (layout.fhr.width_mm - 8.0) / width_mm(words + " ", 1.0, bold=True)))
    across, down = (mm * size_pt / _DEMO_PT for mm in _DEMO_APART_MM)
    marks = []
    for panel in layout.panels:
        for row in range(max(1, int(panel.height_mm / down + 0.5))):
            y = panel.top_mm + min((row + 0.62) * down, panel.height_mm - 6.0)
            for column in range(int(panel.width_mm / across) + 1):
                x = panel.left_mm + 6.0 + (column + 0.5 * (row % 2)) * across
                marks.append(f'<text transform="translate({number(x)} {number(y)}) rotate(-12)">{xml(words)}</text>')
    return (
        f'<g id="demo" clip-path="url(#paper)" fill="{style.DEMO}" fill-opacity="0.13" font-weight="600"'
        f' font-size="{number(size_pt * POINT_MM)}">{"".join(marks)}</g>'
    )


def _after_the_end(strip: Strip, layout: Layout) -> str:
    """Hatching and words on the paper after the last sample; empty when the window ends before."""
    recorded_s = max(0.0, strip.trace.duration_s - strip.start_s)
    if recorded_s >= strip.window_s - 1e-9:
        return ""
    left = layout.fhr.left_mm + recorded_s * layout.mm_per_s
    hatched = "".join(_rectangle(panel, ' fill="url(#hatch)" fill-opacity="0.55"', left) for panel in layout.panels)
    middle = layout.fhr.top_mm + layout.fhr.height_mm / 2
    edge = "".join(f"M{number(left)} {number(panel.top_mm)}v{number(panel.height_mm)}" for panel in layout.panels)
    words = text_element(0, 0, strip.caption.labels.end_of_recording, size_pt=9.0, anchor="middle", fill=style.MUTED)
    place = number(min(left + 4.2, layout.fhr.right_mm - 1.0))
    return (
        f'<g id="after-the-end">{hatched}<path d="{edge}" stroke="{style.MUTED}" stroke-width="0.3"/>'
        f'<g transform="translate({place} {number(middle)}) rotate(-90)"'
        f' stroke="{style.PAPER}" stroke-width="1.2" paint-order="stroke">{words}</g></g>'
    )


def _no_signal(strip: Strip, layout: Layout) -> str:
    """The words "no signal" when the window holds not one heart rate of a fetus."""
    part = strip.trace.between(strip.start_s, strip.end_s)
    if any(not is_missing(part.fhr(fetus)).all() for fetus in range(1, part.fetus_count + 1)):
        return ""
    panel = layout.fhr
    words = text_element(
        panel.left_mm + panel.width_mm / 2,
        panel.top_mm + panel.height_mm * 0.3,
        strip.caption.labels.no_signal,
        size_pt=_NOTICE_PT,
        anchor="middle",
        bold=True,
        fill=style.INK,
    )
    return f'<g id="no-signal" stroke="{style.PAPER}" stroke-width="1.2" paint-order="stroke">{words}</g>'
