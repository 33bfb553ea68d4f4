import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ctg.trace import FloatArray
from app.ctg.weighted_median import BLOCK, Window, running_weighted_median

HALF = 7


def plain(
    values: FloatArray,
    weights: FloatArray,
    window: Window,
    floor: FloatArray,
    anchor: FloatArray | None,
    anchor_total: FloatArray | None,
) -> tuple[list[float], list[float]]:
    """The definition, one point and one window at a time."""
    medians, totals = [], []
    for t in range(len(values)):
        pairs = []
        for u in range(t - int(window.left[t]), t + int(window.right[t]) + 1):
            weight = window.kernel[abs(u - t)] * weights[u] if values[u] >= floor[t] else 0.0
            pairs.append((values[u], weight))
        totals.append(float(np.cumsum([weight for _, weight in sorted(pairs)])[-1]))
        if anchor is not None and anchor_total is not None:
            pairs.append((anchor[t], max(0.0, anchor_total[t] - totals[-1])))
        pairs = sorted(pairs)
        whole = sum(weight for _, weight in pairs)
        reached = 0.0
        median = np.nan
        for value, weight in pairs:
            reached += weight
            if whole > 0 and reached >= whole / 2:
                median = float(value)
                break
        medians.append(median)
    return medians, totals


# Small whole numbers make ties and exact halves common, and keep sums exact in any order.
@st.composite
def cases(draw: st.DrawFn) -> tuple[FloatArray, FloatArray, Window, FloatArray, FloatArray, FloatArray]:
    count = draw(st.one_of(st.integers(1, 12), st.integers(BLOCK - 2, BLOCK + 12)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    index = np.arange(count)
    reach = draw(st.integers(0, HALF))
    window = Window(
        rng.integers(0, 4, HALF + 1).astype(float) + (np.arange(HALF + 1) == 0),
        np.minimum(index, reach),
        np.minimum(index[::-1], HALF),
    )
    values, weights, floor, anchor, total = (
        rng.integers(low, high, count).astype(float) for low, high in ((0, 9), (0, 5), (-3, 7), (0, 9), (0, 60))
    )
    return values, weights, window, floor, anchor, total


@given(cases())
def test_blocks_give_what_the_plain_loop_gives(
    case: tuple[FloatArray, FloatArray, Window, FloatArray, FloatArray, FloatArray],
) -> None:
    values, weights, window, floor, anchor, total = case
    medians, totals = running_weighted_median(values, weights, window, floor)
    expected, expected_totals = plain(values, weights, window, floor, None, None)
    np.testing.assert_array_equal(medians, expected)
    np.testing.assert_array_equal(totals, expected_totals)

    anchored, totals = running_weighted_median(values, weights, window, floor, anchor, total)
    expected, expected_totals = plain(values, weights, window, floor, anchor, total)
    np.testing.assert_array_equal(anchored, expected)
    np.testing.assert_array_equal(totals, expected_totals)


def test_the_median_is_the_smallest_value_that_reaches_half() -> None:
    window = Window(np.ones(3), np.array([0, 1, 2]), np.array([2, 1, 0]))
    medians, totals = running_weighted_median(
        np.array([1.0, 2.0, 4.0]), np.array([1.0, 1.0, 2.0]), window, np.full(3, -np.inf)
    )
    assert medians.tolist() == [2.0, 2.0, 2.0]
    assert totals.tolist() == [4.0, 4.0, 4.0]


def test_without_any_weight_there_is_no_median() -> None:
    window = Window(np.ones(2), np.array([0, 1]), np.array([1, 0]))
    medians, _ = running_weighted_median(np.array([1.0, 2.0]), np.zeros(2), window, np.zeros(2))
    assert np.isnan(medians).all()


@pytest.mark.parametrize("power", [1, 2])
def test_weight_sums_are_those_of_the_window(power: int) -> None:
    window = Window(np.array([1.0, 0.5, 0.25]) ** power, np.array([0, 1, 2]), np.array([2, 1, 0]))
    one, two = 0.5**power, 0.25**power
    assert window.weight_sums().tolist() == [1 + one + two, 1 + 2 * one, 1 + one + two]
