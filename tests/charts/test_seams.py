"""Pictures that lie side by side meet in the same line, drawn from what the routes read for each of them."""

from itertools import pairwise

import numpy as np
import pytest

from app.charts import Frame, Strip, StripScale
from app.charts.curve import DOT_MM, neighbours
from app.charts.layout import layout_for
from app.ctg.formats import SourceFile, read_recording
from app.ctg.stretch import Stretch, with_neighbours
from app.ctg.trace import Trace
from tests.charts.make import START, WIB, Picture, make_strip, make_trace, wave
from tests.data import data_folder

# Pictures of many windows at many rates: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep

TILE_S = 600
SCALES = [StripScale(1, 20), StripScale(2, 30, 30, 240), StripScale(3, 20)]


def tile(trace: Trace, start_s: float, scale: StripScale) -> Picture:
    """Ten minutes as a page gets them."""
    stretch = Stretch.around(trace, start_s, start_s + TILE_S)
    return Picture(Strip(stretch, WIB, start_s=start_s, minutes=TILE_S / 60, scale=scale, frame=Frame.TILE))


def at_edge(picture: Picture, edge_mm: float) -> tuple[list[float], list[float]]:
    """The heights at which lines cross an edge, and place and height of the dots that lie on it, from the edge."""
    # A little beside the edge, because a sample that lies on it may be rounded to either side.
    edge_mm += 0.01
    crossed = [
        round(y + (to_y - y) * (edge_mm - x) / (to_x - x), 3)
        for line in picture.path("fhr1").lines
        for (x, y), (to_x, to_y) in pairwise(line)
        if x <= edge_mm < to_x
    ]
    dots = [(x - edge_mm, y) for x, y in picture.path("fhr1-dots").points if abs(x - edge_mm) < DOT_MM / 2 - 0.001]
    return crossed, [number for dot in dots for number in dot]


def seams(trace: Trace, scale: StripScale) -> tuple[int, list[int]]:
    """How many edges of tiles are crossed by a line, and the seconds of those where the two sides differ."""
    pictures = [tile(trace, start_s, scale) for start_s in range(0, int(trace.duration_s), TILE_S)]
    width, crossed, differ = TILE_S / 6 * scale.speed_cm_min, 0, []
    for number, (left, right) in enumerate(pairwise(pictures), start=1):
        before, after = at_edge(left, width), at_edge(right, 0.0)
        crossed += bool(before[0])
        alike = [len(one) for one in before] == [len(one) for one in after] and all(
            np.allclose(one, other, atol=0.02) for one, other in zip(before, after, strict=True)
        )
        if not alike:
            differ.append(number * TILE_S)
    return crossed, differ


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("rate_hz", [0.5, 2.0, 4.0, 5.0, 12.5])
def test_both_sides_of_an_edge_are_alike(scale: StripScale, rate_hz: float) -> None:
    crossed, differ = seams(wave(300, rate_hz), scale)
    assert crossed >= 10
    assert differ == []


@pytest.mark.parametrize("scale", SCALES)
def test_both_sides_of_an_edge_are_alike_in_public_recordings(scale: StripScale) -> None:
    crossed, differ = 0, dict[str, list[int]]()
    for header in sorted((data_folder() / "ctu_uhb" / "dev").glob("*.hea"))[:20]:
        files = [SourceFile(path.name, path.read_bytes()) for path in (header, header.with_suffix(".dat"))]
        found, where = seams(read_recording(files, zone=WIB.zone, fetuses=1).trace.starting(START), scale)
        crossed += found
        differ |= {header.name: where} if where else {}
    assert crossed > 80
    assert differ == {}


@pytest.mark.parametrize("speed", [1, 2, 3])
@pytest.mark.parametrize("minutes", [10, 100])
@pytest.mark.parametrize("rate_hz", [1 / 60, 0.2, 1.0, 2.0, 3.0, 4.0, 5.0, 10.0, 12.5, 25.0])
def test_what_is_read_is_what_is_drawn_from(speed: int, minutes: float, rate_hz: float) -> None:
    layout = layout_for(make_strip(make_trace([140.0]), minutes=minutes, scale=StripScale(speed)))
    first, last = with_neighbours(7200.0, 7800.0, rate_hz, int(86400 * rate_hz))
    assert min(7200 * rate_hz - first, last - 7800 * rate_hz) >= neighbours(rate_hz, layout) - 1e-6
