import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from app.charts import Audience, Strip, StripScale, style
from app.charts.layout import layout_for
from app.charts.pdf import Field, PrintWords, strip_pdf, words_height_mm
from app.charts.sheets import MARGIN_MM, Outline, Sheet, needed_mm, sheets_for, strip_height_mm
from app.charts.strip import MarkKind, StripMark
from app.charts.style import POINT_MM
from app.ctg.findings import Event
from app.ctg.trace import Trace
from tests.charts.make import WIB, make_analysis, make_strip, make_trace, wave
from tests.charts.pdf_reader import Box, Page, pages

# Each page is drawn and read again: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep

WORDS = PrintWords(
    title="Fetal heart rate strip",
    name="Ana Purnama",
    identity=(Field("born", "3 Apr 1996", is_identifier=True), Field("record", "R-00417", is_identifier=True)),
    recording=(Field("gestation then", "38w4d"), Field("recorded", "22 Nov 2026, 08:14 WIB")),
    readings=("No concern. Signed by Ratna Dewi, 22 Nov 2026, 09:30 WIB.",),
    notes=("Dashed blue lines and brackets are computed.",),
    page="page %(page)d of %(pages)d",
    unprintable="(has letters that cannot be printed here)",
    language="en",
)
# What stands under a strip of the demo world, in both languages, with the number of its page.
FOOTERS = {
    "en": (
        (
            "DEMO – synthetic data",
            "Blue lines, brackets and letters are computed: for reference, not a diagnosis.",
            "True to scale when printed at 100 %.",
        ),
        "Page %(page)d of %(pages)d",
    ),
    "id": (
        (
            "DEMO – data sintetis",
            "Garis biru, kurung, dan huruf adalah hasil hitungan: sebagai acuan, bukan diagnosis.",
            "Skala tepat bila dicetak pada 100 %.",
        ),
        "Halaman %(page)d dari %(pages)d",
    ),
}
ADVICE = ("Your baby's movements matter more than this recording.", "Phone: 021 555 0100")


def printed(
    trace: Trace,
    minutes: int,
    *,
    start_s: float = 0.0,
    words: PrintWords = WORDS,
    first: int = 1,
    of: int | None = None,
    **fields: Any,
) -> bytes:
    """The PDF of a stretch of this recording, with band, baseline and an event."""
    scale, audience = fields.get("scale", StripScale()), fields.get("audience", Audience.CLINICIAN)
    caption = replace(WIB, advice=ADVICE)
    outline = Outline(
        scale,
        audience,
        trace.fetus_count,
        trace.toco is not None,
        ADVICE if audience is Audience.PATIENT else (),
        fields.get("marks", ()),
    )
    found = (make_analysis(trace, events=(Event("acceleration", 60, 100, 165),)),)

    def strip_of(sheet: Sheet) -> Strip:
        return make_strip(trace, caption, start_s=sheet.start_s, minutes=sheet.minutes, analyses=found, **fields)

    sheets = sheets_for(outline, start_s, minutes, words_mm=partial(words_height_mm, words))
    return strip_pdf(sheets, strip_of, words, first=first, of=of)


def distances(places: list[float]) -> list[float]:
    """Between neighbours, in millimetres, to a micrometre."""
    apart: list[float] = np.round(np.diff(sorted({round(place, 4) for place in places})), 3).tolist()
    return apart


@pytest.mark.parametrize("speed", [1, 2, 3])
def test_a_minute_measures_what_the_scale_says(speed: int) -> None:
    trace = wave(30)
    for page in pages(printed(trace, 30, scale=StripScale(speed))):
        lines = page.lines(style.GRID) + page.lines(style.GRID_STRONG)
        minutes = [line[0][0] for line in lines if line[0][0] == pytest.approx(line[-1][0], abs=1e-6)]
        assert set(distances(minutes)) == {10.0 * speed}


@pytest.mark.parametrize(("bpm_per_cm", "level_mm"), [(20, 10.0), (30, 6.667)])
def test_20_bpm_measure_what_the_scale_says(bpm_per_cm: int, level_mm: float) -> None:
    trace = replace(wave(10), toco=None)
    (page,) = pages(printed(trace, 10, scale=StripScale(1, bpm_per_cm)))
    levels = [line[0][1] for line in page.lines(style.GRID) if line[0][1] == pytest.approx(line[-1][1], abs=1e-6)]

    assert set(distances(levels)) == {level_mm}


def test_the_sheet_is_a4_and_viewers_are_asked_not_to_fit_it() -> None:
    document = printed(wave(10), 10)
    (page,) = pages(document)

    assert [page.width_mm, page.height_mm] == pytest.approx([297, 210], abs=0.01)
    assert document.count(b"/PrintScaling /None") == 1
    place = int(document.rsplit(b"startxref\n", 1)[1].split()[0])
    assert document[place:].startswith(b"xref\n1 1\n")
    catalogue = int(document[place:].split()[3])
    assert document[catalogue:].startswith(b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R /Lang (en) /ViewerPreferences")


def test_every_minute_is_on_one_sheet_and_the_line_runs_on_from_sheet_to_sheet() -> None:
    trace = make_trace(np.repeat([120.0, 130.0], 6000))
    found = pages(printed(trace, 50))
    assert len(found) == 2
    layout = layout_for(make_strip(trace, minutes=25))
    left = MARGIN_MM + layout.fhr.left_mm
    for page in found:
        (ink,) = page.lines(style.INK)[:1]
        across = [x for x, _ in ink]
        assert min(across) <= left + 0.3
        assert max(across) >= left + 249.7


def test_no_extreme_of_the_heart_rate_is_lost() -> None:
    fhr = np.full(2400, 140.0)
    fhr[500], fhr[1200], fhr[1999] = 165.0, 118.25, 158.75
    trace = make_trace(fhr)
    (page,) = pages(printed(trace, 10))
    heights = [y for line in page.lines(style.INK) for _, y in line]
    (ink,) = [line for line in page.lines(style.INK) if len(line) > 50]
    level = next(y for _, y in ink[:1])

    assert level - min(heights) == pytest.approx(12.5, abs=0.01)
    assert max(y for _, y in ink) - level == pytest.approx(10.875, abs=0.01)


def test_each_sheet_says_whose_it_is_what_was_read_and_which_sheet_it_is() -> None:
    found = pages(printed(wave(60), 60))

    assert len(found) == 3
    for number, page in enumerate(found, start=1):
        for words in ("Ana Purnama", "3 Apr 1996", "R-00417", "38w4d", "1 cm/min · 20 bpm/cm", WORDS.readings[0]):
            assert words in page.text
        assert f"page {number} of 3" in page.text
        assert WORDS.notes[0] in page.text


@pytest.mark.parametrize("language", FOOTERS)
@pytest.mark.parametrize("width_mm", [297.0, 210.0, 150.0, 105.0])
@pytest.mark.parametrize("count", [1, 12, 180, 2016])
def test_notes_and_the_number_of_the_page_never_lie_on_one_another(language: str, width_mm: float, count: int) -> None:
    notes, page_words = FOOTERS[language]
    words = replace(WORDS, notes=notes, page=page_words)
    trace = wave(3)
    sheet = Sheet(width_mm, 210.0, 0.0, 3)
    document = strip_pdf((sheet,), lambda _: make_strip(trace, minutes=3), words, first=count, of=count)
    (page,) = pages(document)
    foot = footer(page)

    assert foot[-1].text == page_words % {"page": count, "pages": count}
    assert overlapping(foot) == []
    assert {box.size_pt for box in foot} == {8.5}
    assert all(box.left_mm >= MARGIN_MM - 0.1 and box.right_mm <= width_mm - MARGIN_MM + 0.2 for box in foot)
    for note in notes:
        assert note.replace("–", "\0") in re.sub(r"\s+", " ", page.text)


def footer(page: Page) -> list[Box]:
    """The words below the lowest line of the sheet."""
    line = max(line[0][1] for stroke in page.strokes for line in stroke.lines)
    return [box for box in page.boxes if box.baseline_mm > line]


def overlapping(boxes: list[Box]) -> list[tuple[str, str]]:
    """Those that lie on one another."""
    return [
        (one.text, other.text)
        for one, other in combinations(boxes, 2)
        if abs(one.baseline_mm - other.baseline_mm) < 8.5 * POINT_MM
        and one.text.strip()
        and other.text.strip()
        and max(one.left_mm, other.left_mm) < min(one.right_mm, other.right_mm) - 0.05
    ]


def test_a_part_of_the_sheets_is_numbered_as_they_all_are() -> None:
    found = pages(printed(wave(60), 60, first=61, of=180))

    assert [f"page {number} of 180" in page.text for number, page in enumerate(found, start=61)] == [True] * 3


def test_a_patients_sheets_hold_nothing_computed_and_what_she_must_read() -> None:
    trace = wave(20)
    (clinicians,) = pages(printed(trace, 20))
    (hers,) = pages(printed(trace, 20, audience=Audience.PATIENT))

    assert style.BAND in clinicians.fills
    assert clinicians.lines(style.BASELINE)
    assert "acceleration" in clinicians.text
    assert style.BAND not in hers.fills
    assert not hers.lines(style.BASELINE)
    assert not hers.lines(style.COMPUTED)
    assert "acceleration" not in hers.text
    assert " ".join(ADVICE) in hers.text


@pytest.mark.parametrize("speed", [1, 2, 3])
def test_what_is_too_high_for_a_sheet_on_its_side_stands_upright_and_is_never_made_smaller(speed: int) -> None:
    trace = wave(20)
    twins = replace(trace, fhr2=trace.fhr1 - 10)
    for page in pages(printed(twins, 20, scale=StripScale(speed, 20, 30, 240))):
        assert page.width_mm == pytest.approx(210, abs=0.01)
        assert page.height_mm == pytest.approx(297, abs=0.01)
        assert within(page)


def test_words_that_take_fewer_rows_on_a_sheet_on_its_side_leave_it_there() -> None:
    reading = "Reading, fetus 1: " + "Baseline 140 bpm · Variability 12 bpm · " * 3 + "Signed by Ratna Dewi."
    twins = Outline(StripScale(1, 20, 50, 210), Audience.CLINICIAN, 2, has_toco=True)
    room_mm = 210.0 - needed_mm(strip_height_mm(twins, Sheet(297.0, 210.0, 0.0, 20)), 0.0)
    # As many readings as just fit on a sheet on its side; on an upright one each takes a row more.
    count = next(
        number
        for number in range(20, 0, -1)
        if words_height_mm(replace(WORDS, readings=(reading,) * number), 297.0) <= room_mm
    )
    words = replace(WORDS, readings=(reading,) * count)
    assert words_height_mm(words, 210.0) > room_mm

    for page in pages(printed(replace(wave(40), fhr2=wave(40).fhr1 - 10), 40, words=words)):
        assert page.width_mm == pytest.approx(297, abs=0.01)
        assert page.height_mm == pytest.approx(210, abs=0.01)
        assert within(page)


def test_many_notes_make_the_sheet_higher_so_that_none_is_lost() -> None:
    texts = [f"note number {number} " + "x" * 90 for number in range(1, 41)]
    marks = tuple(StripMark(MarkKind.ANNOTATION, 15.0 * n, text, "Ratna") for n, text in enumerate(texts))
    (page,) = pages(printed(wave(10), 10, scale=StripScale(1), marks=marks, words=replace(WORDS, readings=())))

    assert page.height_mm > 298
    assert all(f"note number {number} " in page.text for number in range(1, 41))
    assert all(y <= page.height_mm - MARGIN_MM for stroke in page.strokes for line in stroke.lines for _, y in line)


def test_words_and_strip_never_lie_on_one_another() -> None:
    trace = wave(10)
    strip = make_strip(trace, minutes=10, analyses=(make_analysis(trace),))
    words = replace(WORDS, readings=(" ".join(["word"] * 900),))
    (page,) = pages(strip_pdf((Sheet(297.0, 210.0, 0.0, 10),), lambda _: strip, words))

    assert page.height_mm == pytest.approx(
        2 * MARGIN_MM + words_height_mm(words, 297.0) + layout_for(strip).height_mm, abs=0.01
    )
    assert within(page)


def within(page: Page) -> bool:
    """Whether all lines lie within the margins of the sheet."""
    points = [point for stroke in page.strokes for line in stroke.lines for point in line]
    return all(
        MARGIN_MM - 0.2 <= x <= page.width_mm - MARGIN_MM + 0.2 and MARGIN_MM - 0.2 <= y <= page.height_mm - MARGIN_MM
        for x, y in points
    )


@pytest.mark.parametrize(
    ("name", "shown", "is_noted"),
    [
        ("Nguyễn Thị Ánh", "Nguy", False),
        ("Ana \u0e01\u0e23\u0e38\u0e07", "Ana", True),
        ("\u5f20\u4f1f", "has letters that cannot be printed here", True),
        ("\u202eanA\u0000 (a\\b)", "anA (a\\b)", False),
        ("$\\frac{a}{b}$ %d", "$\\frac{a}{b}$ %d", False),
        ("x" * 255, "x" * 60, False),
    ],
)
def test_a_name_is_printed_or_said_to_be_unprintable(name: str, shown: str, is_noted: bool) -> None:
    (page,) = pages(printed(wave(5), 5, words=replace(WORDS, name=name)))

    assert shown in page.text
    assert ("cannot be printed here" in page.text) == is_noted
    assert "R-00417" in page.text


def test_long_readings_are_broken_into_rows_and_keep_every_word() -> None:
    reading = " ".join(f"word{number}" for number in range(120))
    (page,) = pages(printed(wave(10), 10, words=replace(WORDS, readings=(reading,))))

    assert re.sub(r"\s+", " ", reading) in page.text
    assert within(page)


def test_the_demo_mark_is_on_each_sheet() -> None:
    for page in pages(printed(wave(30), 30, is_demo=True)):
        assert page.text.count("DEMO") > 2


def test_the_same_bytes_on_any_thread_and_no_time_of_printing_in_them() -> None:
    jobs: list[Callable[[], bytes]] = [
        lambda minutes=minutes, speed=speed: printed(wave(20), minutes, scale=StripScale(speed))  # type: ignore[misc]
        for minutes in (3, 12)
        for speed in (1, 3)
    ]
    alone = [job() for job in jobs]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda job: job(), jobs * 3))

    assert together == alone * 3
    assert b"/CreationDate" not in alone[0]
    assert b"Matplotlib" not in alone[0]


def test_the_title_of_the_file_says_nothing_of_her() -> None:
    document = printed(wave(5), 5)
    info = re.findall(rb"/Title ([^\n]*)", document)

    assert info == [b"(Fetal heart rate strip) >>"]
    assert b"Ana" not in document
