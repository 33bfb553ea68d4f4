"""How a stretch is parted among sheets: none is a stub that makes the others smaller."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.charts import Audience, StripScale
from app.charts.sheets import NARROW_MM, WIDE_MM, Outline, Sheet, _parted, needed_mm, strip_height_mm

ADVICE = (
    "Finding a heartbeat does not mean your baby is well.",
    "Your baby's movements matter more than this recording.",
    "Ring the unit at any hour ·",
    "Phone: 021\u00a0555\u00a00100",
)

# What header and footer of a recording that nobody has read take.
WORDS_MM = 17.0


def lying(minutes: int, speed: int, *, audience: Audience = Audience.CLINICIAN) -> list[Sheet]:
    return list(_parted(outline(speed, audience), 60.0, minutes, WIDE_MM, NARROW_MM))


def outline(speed: int, audience: Audience) -> Outline:
    advice = ADVICE if audience is Audience.PATIENT else ()
    return Outline(StripScale(speed_cm_min=speed), audience, fetus_count=1, has_toco=True, advice=advice)


@given(st.integers(1, 7 * 1440), st.sampled_from([1, 2, 3]), st.booleans())
def test_sheets_differ_by_a_minute_at_most_and_leave_none_out(minutes: int, speed: int, is_lying: bool) -> None:
    size = (WIDE_MM, NARROW_MM) if is_lying else (NARROW_MM, WIDE_MM)
    sheets = list(_parted(outline(speed, Audience.CLINICIAN), 60.0, minutes, *size))
    lengths = [sheet.minutes for sheet in sheets]
    assert sum(lengths) == minutes
    assert max(lengths) - min(lengths) <= 1
    assert lengths == sorted(lengths, reverse=True)
    assert [sheet.start_s for sheet in sheets] == [60.0 + 60 * sum(lengths[:number]) for number in range(len(sheets))]


@pytest.mark.parametrize("minutes", [1433, 1434, 1435, 1436, 1437, 1438, 1439, 1440])
@pytest.mark.parametrize("audience", [Audience.CLINICIAN, Audience.PATIENT])
def test_a_day_fits_sheets_that_lie_whatever_its_length(minutes: int, audience: Audience) -> None:
    sheets = lying(minutes, 1, audience=audience)
    heights = [needed_mm(strip_height_mm(outline(1, audience), sheet), WORDS_MM) for sheet in sheets]
    assert len(sheets) <= 60
    assert max(heights) <= NARROW_MM
