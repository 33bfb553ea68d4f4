"""The fonts of pictures that carry their own letters: DejaVu Sans, which comes with matplotlib, and what it lacks."""

from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

# Stands for a character that the font has no glyph for. An empty box would look like a letter that went missing.
UNKNOWN = "\ufffd"

# A face is set to a size and a text before it draws or measures: one thread at a time.
face_in_use = Lock()

# Words are measured at a size so large that rounding to a 64th of a point does not count.
_UNITS = 1000.0


@cache
def font_path(*, bold: bool = False) -> str:
    """The file of the face, the same on every machine."""
    import matplotlib

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name)


def drawable(text: str, *, bold: bool = False) -> str:
    """`text` with a sign of its own for each character that the face cannot draw."""
    known = _characters(bold)
    return "".join(letter if ord(letter) in known else UNKNOWN for letter in text)


def is_drawable(text: str, *, bold: bool = False) -> bool:
    """Whether the face has a glyph for every character."""
    known = _characters(bold)
    return all(ord(letter) in known for letter in text)


@cache
def _characters(bold: bool) -> frozenset[int]:
    """The code points that the face has a glyph for."""
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(font_path(bold=bold)).get_charmap())


@lru_cache(maxsize=4096)
def width_pt(text: str, size_pt: float, *, bold: bool = False) -> float:
    """How wide the face writes `text`, in points, without fitting letters to pixels."""
    from matplotlib.ft2font import LoadFlags

    with face_in_use:
        used = face(bold=bold)
        used.set_size(_UNITS, 72)
        used.set_text(drawable(text, bold=bold), 0.0, flags=LoadFlags.NO_HINTING)
        return used.get_width_height()[0] / 64 * size_pt / _UNITS


@cache
def face(*, bold: bool = False) -> "FT2Font":
    """The face itself, to be used under `face_in_use`."""
    from matplotlib.ft2font import FT2Font

    return FT2Font(font_path(bold=bold))
