"""A PDF read back from its own bytes: the lines, colours and words of each page, in millimetres of the sheet."""

import re
import zlib
from dataclasses import dataclass, field

MM_PER_POINT = 25.4 / 72

_STREAM = re.compile(rb"<< ([^>]*)>>\nstream\n(.*?)\nendstream", re.DOTALL)
_TOKEN = re.compile(r"\((?:\\.|[^\\()])*\)|/?[^\s\[\]()<>/]+|[\[\]]|<[0-9a-fA-F]*>")
_ESCAPED = re.compile(r"\\([0-7]{3}|.)")

Point = tuple[float, float]


@dataclass
class Stroke:
    """One stroked path: its subpaths from the sheet's upper left corner, its colour and width."""

    colour: str
    width_mm: float
    lines: list[list[Point]]


@dataclass
class Page:
    """What is on one page; `words` are rows of text as they are drawn."""

    width_mm: float
    height_mm: float
    strokes: list[Stroke] = field(default_factory=list)
    fills: set[str] = field(default_factory=set)
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All words of the page."""
        return " ".join(self.words)

    def lines(self, colour: str) -> list[list[Point]]:
        """All lines of this colour."""
        return [line for stroke in self.strokes if stroke.colour == colour for line in stroke.lines]


def pages(document: bytes) -> list[Page]:
    """The pages in their order."""
    sizes = re.findall(rb"/MediaBox \[ 0 0 (\S+) (\S+) \]", document)
    contents = [zlib.decompress(data) for head, data in _STREAM.findall(document) if b"FlateDecode" in head]
    drawn = [content.decode("latin-1") for content in contents if content.startswith(b"/DeviceRGB CS")]
    assert len(sizes) == len(drawn)
    return [
        _page(float(w) * MM_PER_POINT, float(h) * MM_PER_POINT, text) for (w, h), text in zip(sizes, drawn, strict=True)
    ]


class _Reader:
    """The state that a page's commands change."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.numbers: list[float] = []
        self.words: list[str] = []
        self.look = ("#000000", "#000000", 1.0)
        self.kept: list[tuple[str, str, float]] = []
        self.lines: list[list[Point]] = []

    def do(self, command: str) -> None:
        """Carry out one command with the numbers before it; those that say nothing here are passed over."""
        colour, fill, width = self.look
        if command == "q":
            self.kept.append(self.look)
        elif command == "Q":
            self.look = self.kept.pop()
        elif command in {"RG", "G"}:
            self.look = (self._colour(command), fill, width)
        elif command in {"rg", "g"}:
            self.look = (colour, self._colour(command), width)
        elif command == "w":
            self.look = (colour, fill, self.numbers[-1])
        elif command in {"m", "l"}:
            self._go(is_start=command == "m")
        elif command in {"S", "s", "f", "f*", "n"}:
            self._paint(command)
        elif command in {"TJ", "Tj"}:
            self.page.words.append("".join(self.words))
            self.words = []

    def _colour(self, command: str) -> str:
        parts = self.numbers[-3:] if len(command) == 2 else self.numbers[-1:] * 3
        return "#" + "".join(f"{round(part * 255):02x}" for part in parts)

    def _go(self, *, is_start: bool) -> None:
        x, y = self.numbers[-2:]
        if is_start:
            self.lines.append([])
        self.lines[-1].append((x * MM_PER_POINT, self.page.height_mm - y * MM_PER_POINT))

    def _paint(self, command: str) -> None:
        colour, fill, width = self.look
        if command in {"S", "s"}:
            self.page.strokes.append(Stroke(colour, width * MM_PER_POINT, self.lines))
        elif command != "n":
            self.page.fills.add(fill)
        self.lines = []


def _page(width_mm: float, height_mm: float, content: str) -> Page:
    reader = _Reader(Page(width_mm, height_mm))
    for token in _TOKEN.findall(content):
        if token.startswith("("):
            reader.words.append(_ESCAPED.sub(_plain, token[1:-1]))
        elif re.fullmatch(r"[-+]?[\d.]+", token):
            reader.numbers.append(float(token))
        elif token not in {"[", "]"}:
            reader.do(token)
            reader.numbers = []
    return reader.page


def _plain(escaped: re.Match[str]) -> str:
    code = escaped[1]
    return chr(int(code, 8)) if len(code) == 3 else code
