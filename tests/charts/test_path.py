import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.charts.path import JUMP_BPM, Points, column_of, path_data, points
from app.ctg.trace import FloatArray

values = st.lists(st.one_of(st.just(np.nan), st.floats(30, 240)), max_size=120).map(np.array)


def lines_of(shown: Points) -> list[list[int]]:
    """The samples of each line."""
    starts = np.flatnonzero(shown.starts)
    return [part.tolist() for part in np.split(shown.index, starts[1:])] if len(shown.index) else []


@given(values, st.floats(0.03, 0.4))
def test_the_lowest_and_the_highest_of_each_column_are_kept(trace: FloatArray, per_sample: float) -> None:
    columns = column_of(len(trace), 0.0, per_sample)
    assert columns is not None
    kept = points(trace, columns, JUMP_BPM).index
    for column in np.unique(columns):
        inside = trace[columns == column]
        if not np.isnan(inside).all():
            drawn = trace[kept[columns[kept] == column]]
            assert drawn.min() == np.nanmin(inside)
            assert drawn.max() == np.nanmax(inside)


@given(values, st.floats(0.03, 2.0))
def test_a_line_never_crosses_loss_or_a_jump(trace: FloatArray, per_sample: float) -> None:
    columns = column_of(len(trace), 0.0, per_sample)
    for line in lines_of(points(trace, columns, JUMP_BPM)):
        between = trace[line[0] : line[-1] + 1]
        assert not np.isnan(between).any()
        assert (np.abs(np.diff(between)) <= JUMP_BPM).all()


@given(values, st.floats(0.03, 2.0))
def test_neighbours_that_belong_together_are_joined(trace: FloatArray, per_sample: float) -> None:
    columns = column_of(len(trace), 0.0, per_sample)
    lines = lines_of(points(trace, columns, JUMP_BPM))
    valid = ~np.isnan(trace)
    joins = valid[:-1] & valid[1:] & (np.abs(np.diff(np.nan_to_num(trace))) <= JUMP_BPM)
    assert len(lines) == np.count_nonzero(valid) - np.count_nonzero(joins)


@given(values)
def test_only_samples_are_drawn_and_in_their_order(trace: FloatArray) -> None:
    columns = column_of(len(trace), 0.0, 0.2)
    kept = points(trace, columns, JUMP_BPM).index
    assert (np.diff(kept) > 0).all()
    assert not np.isnan(trace[kept]).any()


@given(values)
def test_few_samples_are_all_drawn(trace: FloatArray) -> None:
    assert column_of(len(trace), 0.0, 0.5) is None
    assert points(trace, None, JUMP_BPM).index.tolist() == np.flatnonzero(~np.isnan(trace)).tolist()


@pytest.mark.parametrize(("step", "lines"), [(30.0, 1), (30.25, 2), (-30.0, 1), (-31.0, 2)])
def test_only_more_than_30_bpm_is_a_jump(step: float, lines: int) -> None:
    shown = points(np.array([120.0, 120.0, 120.0 + step, 120.0 + step]), None, JUMP_BPM)
    assert np.count_nonzero(shown.starts) == lines


def test_uterine_activity_has_no_jumps() -> None:
    assert np.count_nonzero(points(np.array([0.0, 90.0, 5.0]), None).starts) == 1


whole = st.integers(-20_000, 20_000)


@given(st.lists(st.tuples(whole, whole, st.booleans()), min_size=1, max_size=40))
def test_path_data_says_each_number(triples: list[tuple[int, int, bool]]) -> None:
    x, y = (np.array([triple[k] for triple in triples]) for k in (0, 1))
    starts = np.array([True, *(triple[2] for triple in triples[1:])])
    lines, dots = path_data(x, y, starts)
    found = []
    for data in (lines + dots).split("M")[1:]:
        head, _, tail = data.replace("h0", "").partition("l")
        at = np.array(head.split(), dtype=int)
        found.append(tuple(at))
        steps = np.array(tail.replace("-", " -").split(), dtype=int).reshape(-1, 2)
        found += [tuple(at + step) for step in np.cumsum(steps, axis=0)]
    assert sorted(found) == sorted(zip(x.tolist(), y.tolist(), strict=True))
