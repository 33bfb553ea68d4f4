"""How many windows a strip on a page has, however long a recording is said to be."""

import pytest
from flask import Flask

from app.charts import StripScale
from app.web.monitoring.strip_tiles import MOST_TILES, Shape, tiles
from app.web.monitoring.strip_view import TILE_S, Address, StripView

SHAPE = Shape(start=None, fetus_count=1, has_toco=False, loss_fraction=None, time_is_estimated=False)
ADDRESS = Address(
    page="monitoring.session",
    picture="monitoring.strip_svg",
    overview="monitoring.overview_svg",
    samples="monitoring.samples",
    pdf="monitoring.strip_pdf",
    recording={"public_id": "0" * 22},
)


@pytest.mark.parametrize(
    ("windows", "looked_at", "first", "count"),
    [
        (1, 0, 0, 1),
        (1008, 1000, 0, 1008),
        (MOST_TILES, MOST_TILES - 1, 0, MOST_TILES),
        (600_000, 0, 0, MOST_TILES),
        (600_000, 300_000, 300_000 - MOST_TILES // 2, MOST_TILES),
        (600_000, 599_999, 599_999 - MOST_TILES // 2, MOST_TILES // 2 + 1),
    ],
)
def test_a_page_has_so_many_windows_at_most(app: Flask, windows: int, looked_at: int, first: int, count: int) -> None:
    view = StripView(ADDRESS, windows * TILE_S, looked_at * TILE_S, 10, StripScale())
    with app.test_request_context():
        made = tiles(view, SHAPE, ())
    assert (len(made), made[0].anchor) == (count, f"at-{first * TILE_S}")
    assert f"at-{looked_at * TILE_S}" in {tile.anchor for tile in made}
