from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.charts import Audience, Frame, MarkKind, StripLabels, StripMark, StripScale, TimeAxis, etag, strip_etag
from tests.charts.make import START, WIB

SAME: dict[str, Any] = {
    "data_digest": "aa",
    "start": START,
    "analysis_ids": ("1:aa:1",),
    "start_s": 0.0,
    "minutes": 30.0,
    "scale": StripScale(),
    "audience": Audience.CLINICIAN,
    "caption": WIB,
    "is_demo": False,
    "frame": Frame.FULL,
    "time": TimeAxis.CLOCK,
    "marks": (),
}

OTHER: list[dict[str, Any]] = [
    {"data_digest": "ab"},
    {"start": START + timedelta(seconds=1)},
    {"start": None},
    {"analysis_ids": ()},
    {"analysis_ids": ("2:aa:1",)},
    {"start_s": 60.0},
    {"minutes": 10.0},
    {"scale": StripScale(speed_cm_min=3)},
    {"scale": StripScale(bpm_per_cm=30)},
    {"scale": StripScale(low_bpm=30, high_bpm=240)},
    {"audience": Audience.PATIENT},
    {"caption": replace(WIB, zone=ZoneInfo("Asia/Makassar"))},
    {"caption": replace(WIB, zone_name="WITA")},
    {"caption": replace(WIB, device="Sonicaid")},
    {"caption": replace(WIB, labels=replace(StripLabels(), loss="hilang"))},
    {"is_demo": True},
    {"frame": Frame.TILE},
    {"frame": Frame.AXIS},
    {"time": TimeAxis.ELAPSED},
    {"marks": (StripMark(MarkKind.MOVEMENT, 60.0),)},
    {"marks": (StripMark(MarkKind.ANNOTATION, 60.0, "position changed"),)},
]


@pytest.mark.parametrize("other", OTHER, ids=[str(sorted(other)) for other in OTHER])
def test_each_parameter_makes_another_picture(other: dict[str, Any]) -> None:
    assert strip_etag(**{**SAME, **other}) != strip_etag(**SAME)


def test_the_advice_is_part_of_a_patients_picture_alone() -> None:
    called = replace(WIB, advice=("Phone: 021",))
    patient = {**SAME, "audience": Audience.PATIENT}
    assert strip_etag(**{**patient, "caption": called}) != strip_etag(**patient)
    assert strip_etag(**{**SAME, "caption": called}) == strip_etag(**SAME)


def test_another_renderer_makes_another_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    before = strip_etag(**SAME)
    monkeypatch.setattr(etag, "RENDERER_VERSION", "0")
    assert strip_etag(**SAME) != before


def test_equal_parameters_make_the_same_picture() -> None:
    same_instant = START.astimezone(UTC)
    assert strip_etag(**{**SAME, "start": same_instant, "start_s": 0, "minutes": 30}) == strip_etag(**SAME)
    assert strip_etag(**SAME) == strip_etag(**SAME)
    assert len(strip_etag(**SAME)) == 64


def test_the_same_instant_in_another_zone_is_the_same_start() -> None:
    jakarta = START.astimezone(ZoneInfo("Asia/Jakarta"))
    assert strip_etag(**{**SAME, "start": jakarta}) == strip_etag(**SAME)
    assert datetime(2026, 11, 22, 1, 14, tzinfo=UTC) == jakarta


def test_a_clinicians_annotation_leaves_a_patients_picture_as_it_is() -> None:
    patient = {**SAME, "audience": Audience.PATIENT}
    note, movement = StripMark(MarkKind.ANNOTATION, 60.0, "unclear"), StripMark(MarkKind.MOVEMENT, 60.0)
    assert strip_etag(**{**patient, "marks": (note,)}) == strip_etag(**patient)
    assert strip_etag(**{**patient, "marks": (movement,)}) != strip_etag(**patient)


def test_a_new_analysis_leaves_a_patients_picture_as_it_is() -> None:
    patient = {**SAME, "audience": Audience.PATIENT}
    assert strip_etag(**{**patient, "analysis_ids": ("2:aa:1",)}) == strip_etag(**patient)
