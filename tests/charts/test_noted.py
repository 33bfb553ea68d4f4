from xml.etree.ElementTree import Element

import numpy as np
import pytest

from app.charts import Audience, Frame, MarkKind, StripMark, StripScale, strip_size_cm
from app.charts.layout import layout_for
from tests.charts.make import SVG, Picture, corners_of, draw, make_trace, wave

MOVED = StripMark(MarkKind.MOVEMENT, 120.0)
TURNED = StripMark(MarkKind.EVENT, 200.0, "left lateral", "Siti")
UNCLEAR = StripMark(MarkKind.ANNOTATION, 240.0, "probe slipped", "dr. Ratna", end_s=300.0)
MARKS = (UNCLEAR, MOVED, TURNED)


def flags(picture: Picture) -> dict[str, float]:
    """The numbers over the paper and how far they stand from its left edge."""
    group = picture.root.find(f".//{SVG}g[@id='noted']")
    texts: list[Element] = [] if group is None else list(group.iter(f"{SVG}text"))
    return {text.text or "": float(text.get("x", "")) - picture.left_mm for text in texts}


def test_events_and_annotations_are_numbered_by_time_and_told_beneath() -> None:
    picture = draw(wave(10), minutes=10, marks=MARKS)
    assert list(flags(picture)) == ["1", "2"]
    assert any("1 left lateral · Siti" in text and "2 probe slipped · dr. Ratna" in text for text in picture.texts)


def test_no_words_stand_on_the_paper() -> None:
    picture = draw(wave(10), minutes=10, marks=MARKS)
    layout = layout_for(picture.strip)
    for text in picture.root.iter(f"{SVG}text"):
        if "slipped" in "".join(text.itertext()):
            assert float(text.get("y", "")) > layout.time_axis_mm
    group = picture.root.find(f".//{SVG}g[@id='noted']")
    assert group is not None
    assert all(float(text.get("y", "")) < layout.fhr.top_mm for text in group.iter(f"{SVG}text"))


def test_numbers_are_those_of_the_whole_recording() -> None:
    assert list(flags(draw(wave(20), start_s=220, minutes=10, marks=MARKS))) == ["2"]
    assert "left lateral" not in " ".join(draw(wave(20), start_s=220, minutes=10, marks=MARKS).texts)


def test_flags_at_one_time_stand_beside_each_other() -> None:
    marks = tuple(StripMark(MarkKind.ANNOTATION, 60.0 + k, str(k)) for k in range(12))
    places = sorted(flags(draw(wave(10), minutes=10, marks=marks)).values())
    assert len(places) == 12
    assert min(np.diff(places)) > 3


def test_a_flag_stands_at_the_same_time_in_each_tile() -> None:
    marks = tuple(StripMark(MarkKind.ANNOTATION, 594.0 + 2 * k, "x") for k in range(4))
    first, second = (flags(draw(wave(20), start_s=s, minutes=10, marks=marks, frame=Frame.TILE)) for s in (0.0, 600.0))
    assert first["3"] - 100 == pytest.approx(second["3"], abs=0.002)


def test_a_movement_is_an_arrow_at_the_foot_and_explained() -> None:
    picture = draw(wave(10), minutes=10, marks=(MOVED,))
    path = picture.root.find(f".//{SVG}path[@id='movements']")
    assert path is not None
    corners = corners_of(path.get("d", "").removesuffix("z"))
    foot = layout_for(picture.strip).fhr.bottom_mm
    assert max(y for _, y in corners) == pytest.approx(foot)
    assert min(corners, key=lambda corner: corner[1])[0] - picture.left_mm == pytest.approx(20)
    assert "movement noted" in picture.texts
    assert "movement noted" not in draw(wave(10), minutes=10).texts


def test_a_patient_sees_her_movements_and_no_words_of_a_clinician() -> None:
    picture = draw(wave(10), minutes=10, marks=MARKS, audience=Audience.PATIENT)
    assert picture.bytes == draw(wave(10), minutes=10, marks=(MOVED,), audience=Audience.PATIENT).bytes
    assert "movements" in picture.ids
    assert "slipped" not in picture.bytes.decode()


@pytest.mark.parametrize("minutes", [3, 10, 30])
def test_the_size_is_known_without_a_sample(minutes: float) -> None:
    long = tuple(StripMark(MarkKind.ANNOTATION, 30.0 * k, "word " * 40, "dr. Ratna") for k in range(5))
    picture = draw(wave(30), minutes=minutes, start_s=20.0, marks=long)
    said = strip_size_cm(StripScale(), minutes, audience=Audience.CLINICIAN, start_s=20.0, marks=long)
    assert float(picture.root.get("height", "").removesuffix("mm")) == pytest.approx(said[1] * 10, abs=0.001)


def test_long_words_are_cut_with_an_ellipsis() -> None:
    trace = make_trace(np.full(720, 140.0))
    texts = draw(trace, minutes=3, marks=(StripMark(MarkKind.ANNOTATION, 10.0, "word " * 40),)).texts
    (line,) = (text for text in texts if text.startswith("1 word"))
    assert line.endswith("…")


@pytest.mark.parametrize(("start_s", "end_s"), [(-1.0, None), (float("nan"), None), (20.0, 10.0)])
def test_a_mark_has_a_time_in_the_recording(start_s: float, end_s: float | None) -> None:
    with pytest.raises(ValueError, match="recording"):
        StripMark(MarkKind.EVENT, start_s, end_s=end_s)
