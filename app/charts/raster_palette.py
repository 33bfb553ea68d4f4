"""The sixteen colours of an indexed picture, and which of them stands for any other."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.charts import style

# Between ink and sheet, for the edges of letters.
_SOFT = "#94929e"

# Four bits a pixel. Colours that a reader cannot tell apart share an entry: frame and strong rules, loss and captions.
COLOURS = (
    style.SHEET,
    style.PAPER,
    style.BAND,
    style.GRID_FINE,
    style.GRID,
    style.GRID_STRONG,
    style.INK,
    style.SECOND_INK,
    style.MATERNAL_INK,
    style.MUTED,
    style.LANE,
    style.HATCH,
    style.DEMO,
    style.BASELINE,
    style.COMPUTED,
    _SOFT,
)
_BAND = COLOURS.index(style.BAND)


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of `#rrggbb`, 0 to 255."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


PALETTE = np.array([rgb(colour) for colour in COLOURS], dtype=np.uint8)


@lru_cache(maxsize=256)
def index_of(colour: str, opacity: float = 1.0, on: str = style.SHEET) -> int:
    """The entry nearest to `colour` as it looks on `on`, where it covers it by `opacity` of 0 to 1."""
    mixed = [opacity * over + (1 - opacity) * under for over, under in zip(rgb(colour), rgb(on), strict=True)]
    return int(nearest(np.array([mixed]))[0])


def nearest(colours: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The entry nearest to each colour, shape (n, 3) of 0 to 255, as an array of shape (n,)."""
    apart = ((colours[:, None, :] - PALETTE[None, :, :]) ** 2).sum(axis=2)
    # The band means something, and the edges of letters are not to look like it.
    apart[apart[:, _BAND] > 0, _BAND] = np.inf
    entries: NDArray[np.uint8] = apart.argmin(axis=1).astype(np.uint8)
    return entries
