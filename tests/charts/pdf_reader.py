"""A PDF read back from its own bytes: the lines, colours and words of each page, in millimetres of the sheet."""

import re
import zlib
from dataclasses import dataclass, field

MM_PER_POINT = 25.4 / 72

_STREAM = re.compile(rb"<< ([^>]*)>>\nstream\n(.*?)\nendstream", re.DOTALL)
_TOKEN = re.compile(r"\((?:\\.|[^\\()])*\)|/?[^\s\[\]()<>/]+|[\[\]]|<[0-9a-fA-F]*>")
_ESCAPED = re.compile(r"\\([0-7]{3}|.)")
_FONT_NAME = re.compile(rb"/(F\d+) (\d+) 0 R")
_FONT = re.compile(rb"(\d+) 0 obj\n<< /Type /Font /BaseFont .*?/FirstChar (\d+).*?/Widths (\d+) 0 R", re.DOTALL)
_WIDTHS = re.compile(rb"(\d+) 0 obj\n\[([^\]]*)\]")

Point = tuple[float, float]
Fonts = dict[str, dict[int, float]]


@dataclass
class Stroke:
    """One stroked path: its subpaths from the sheet's upper left corner, its colour and width."""

    colour: str
    width_mm: float
    lines: list[list[Point]]


@dataclass(frozen=True)
class Box:
    """Where a piece of a level row of words stands: its edges, its baseline and the size of its type."""

    text: str
    left_mm: float
    right_mm: float
    baseline_mm: float
    size_pt: float


@dataclass
class Page:
    """What is on one page: `words` are rows of text as they are drawn, `boxes` say where the level ones stand."""

    width_mm: float
    height_mm: float
    strokes: list[Stroke] = field(default_factory=list)
    fills: set[str] = field(default_factory=set)
    words: list[str] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)

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
    fonts = _fonts(document)
    return [
        _page(float(w) * MM_PER_POINT, float(h) * MM_PER_POINT, text, fonts)
        for (w, h), text in zip(sizes, drawn, strict=True)
    ]


def _fonts(document: bytes) -> Fonts:
    """Of each face of the document how wide its letters are, in thousandths of the type's size."""
    widths = {number: [float(width) for width in numbers.split()] for number, numbers in _WIDTHS.findall(document)}
    faces = {number: dict(enumerate(widths[named], int(first))) for number, first, named in _FONT.findall(document)}
    return {name.decode(): faces[number] for name, number in _FONT_NAME.findall(document) if number in faces}


class _Reader:
    """The state that a page's commands change."""

    def __init__(self, page: Page, fonts: Fonts) -> None:
        self.page = page
        self.fonts = fonts
        self.font, self.size_pt, self.along = "", 0.0, 0.0
        self.at: tuple[float, ...] = ()
        self.numbers: list[float] = []
        self.words: list[str] = []
        self.look = ("#000000", "#000000", 1.0)
        self.kept: list[tuple[tuple[str, str, float], tuple[float, ...]]] = []
        self.lines: list[list[Point]] = []

    def do(self, command: str) -> None:
        """Carry out one command with the numbers before it; those that say nothing here are passed over."""
        colour, fill, width = self.look
        if command == "q":
            self.kept.append((self.look, self.at))
        elif command == "Q":
            self.look, self.at = self.kept.pop()
        elif command == "cm":
            self.at = tuple(self.numbers[-6:])
        elif command == "BT":
            self.along = 0.0
        elif command == "Td":
            self.along += self.numbers[-2]
        elif command == "Tf":
            self.size_pt = self.numbers[-1]
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
            self._write("".join(self.words))
            self.words = []

    def _write(self, text: str) -> None:
        """Words in one row; what kerning moves is far less than a millimetre."""
        self.page.words.append(text)
        if not text or not self.at or self.at[1]:
            return
        left, up = (points * MM_PER_POINT for points in (self.at[4] + self.along, self.at[5]))
        widths = self.fonts[self.font]
        length = sum(widths[ord(letter)] for letter in text) / 1000 * self.size_pt * MM_PER_POINT
        self.page.boxes.append(Box(text, left, left + length, self.page.height_mm - up, self.size_pt))

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


def _page(width_mm: float, height_mm: float, content: str, fonts: Fonts) -> Page:
    reader = _Reader(Page(width_mm, height_mm), fonts)
    for token in _TOKEN.findall(content):
        if token.startswith("("):
            reader.words.append(_ESCAPED.sub(_plain, token[1:-1]))
        elif re.fullmatch(r"[-+]?[\d.]+", token):
            reader.numbers.append(float(token))
        elif token.startswith("/F"):
            reader.font = token[1:]
        elif token not in {"[", "]"}:
            reader.do(token)
            reader.numbers = []
    return reader.page


def _plain(escaped: re.Match[str]) -> str:
    code = escaped[1]
    return chr(int(code, 8)) if len(code) == 3 else code
