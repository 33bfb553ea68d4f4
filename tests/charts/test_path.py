from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.charts.path import JUMP_BPM, Points, dots_among, points, samples_per_column
from app.ctg.trace import FloatArray

# Steps of 15 bpm, so that some neighbours are further apart than a jump and some are not.
rates = st.one_of(st.just(np.nan), st.integers(2, 16).map(lambda n: n * 15.0), st.floats(30, 240))
values = st.lists(rates, max_size=120).map(np.array)
sizes = st.integers(3, 9)
jumps = st.sampled_from([JUMP_BPM, None])


@dataclass
class Piece:
    """What one line has in one column."""

    column: tuple[int, int]
    values: list[float]
    starts: bool

    @property
    def middle(self) -> float:
        """Half way between the lowest and the highest."""
        return (min(self.values) + max(self.values)) / 2


@dataclass
class Cut:
    """Which sample of the recording the first is, and which of them the window holds."""

    number: int
    begin: int
    end: int


def pieces_of(samples: FloatArray, per_column: int, cut: Cut, max_jump: float | None) -> list[Piece]:
    """The pieces of all lines, by a plain loop over the samples."""
    pieces: list[Piece] = []
    for index, value in enumerate(samples.tolist()):
        column = ((index + cut.number) // per_column, (index >= cut.begin) + (index >= cut.end))
        before = samples[index - 1] if index else np.nan
        is_joined = abs(value - before) <= (np.inf if max_jump is None else max_jump)
        if is_joined and pieces[-1].column == column:
            pieces[-1].values.append(value)
        elif not np.isnan(value):
            pieces.append(Piece(column, [value], not is_joined))
    return pieces


def oracle(
    samples: FloatArray, per_column: int, cut: Cut, max_jump: float | None
) -> list[tuple[int, float, bool, int]]:
    """Place, value and start of each point, and on which side of which edge, by a plain loop over the pieces."""
    drawn: list[tuple[int, float, bool, int]] = []
    pieces = pieces_of(samples, per_column, cut, max_jump)
    for before, piece, after in zip([None, *pieces], pieces, [*pieces[1:], None], strict=False):
        lowest, highest = min(piece.values), max(piece.values)
        if piece.starts or before is None:
            upwards = after is None or after.starts or after.middle >= piece.middle
        elif max(before.values) <= piece.middle:
            upwards = True
        elif min(before.values) > piece.middle:
            upwards = False
        else:
            upwards = piece.column[0] % 2 == 0
        first, second = (lowest, highest) if upwards else (highest, lowest)
        place, side = piece.column
        drawn += [(2 * place, first, piece.starts, side), (2 * place + 1, second, False, side)]
    return drawn


def told(shown: Points) -> list[tuple[int, float, bool, int]]:
    """The same of what is drawn."""
    index = np.arange(len(shown.place))
    sides = (index >= shown.begin).astype(int) + (index >= shown.end)
    return list(zip(shown.place.tolist(), shown.values.tolist(), shown.starts.tolist(), sides.tolist(), strict=True))


def lines_of(shown: Points) -> list[FloatArray]:
    """The values of each line."""
    starts = np.flatnonzero(shown.starts)
    return np.split(shown.values, starts[1:]) if len(shown.place) else []


@given(values, sizes, st.builds(Cut, st.integers(0, 30), st.integers(0, 40), st.integers(0, 140)), jumps)
@example(np.array([np.nan] * 12), 3, Cut(0, 0, 12), JUMP_BPM)
@example(np.array([140.0, 180.0, 140.0, 180.0]), 3, Cut(1, 1, 3), JUMP_BPM)
@example(np.array([140.0, 141.0, 142.0]), 9, Cut(2, 1, 2), JUMP_BPM)
def test_columns_are_those_of_a_plain_loop(trace: FloatArray, size: int, cut: Cut, jump: float | None) -> None:
    cut.begin = min(cut.begin, len(trace))
    cut.end = min(max(cut.begin, cut.end), len(trace))
    shown = points(trace, size, jump, number=cut.number, window=(cut.begin, cut.end))
    assert told(shown) == oracle(trace, size, cut, jump)


@given(values, sizes)
def test_the_lowest_and_the_highest_of_each_column_are_kept(trace: FloatArray, size: int) -> None:
    shown = points(trace, size, JUMP_BPM)
    for column in range(-(-len(trace) // size)):
        inside = trace[column * size : (column + 1) * size]
        drawn = shown.values[shown.place // 2 == column]
        if np.isnan(inside).all():
            assert len(drawn) == 0
        else:
            assert drawn.min() == np.nanmin(inside)
            assert drawn.max() == np.nanmax(inside)


@given(values, st.sampled_from([1, 3, 6, 8]))
def test_there_are_as_many_lines_as_stretches_without_loss_or_jump(trace: FloatArray, size: int) -> None:
    valid = ~np.isnan(trace)
    joins = valid[:-1] & valid[1:] & (np.abs(np.diff(np.nan_to_num(trace))) <= JUMP_BPM)
    assert len(lines_of(points(trace, size, JUMP_BPM))) == np.count_nonzero(valid) - np.count_nonzero(joins)


@given(values)
def test_few_samples_are_all_drawn(trace: FloatArray) -> None:
    shown = points(trace, 1, JUMP_BPM)
    assert shown.place.tolist() == np.flatnonzero(~np.isnan(trace)).tolist()
    assert shown.values.tolist() == trace[~np.isnan(trace)].tolist()
    for line in lines_of(shown):
        assert all(abs(after - before) <= JUMP_BPM for before, after in pairwise(line.tolist()))


@pytest.mark.parametrize(("sample_mm", "count"), [(1 / 24, 8), (1 / 12, 4), (1 / 8, 1), (1 / 6, 1), (1.0, 1)])
def test_a_column_holds_whole_samples(sample_mm: float, count: int) -> None:
    assert samples_per_column(1 / 3, sample_mm) == count


@pytest.mark.parametrize(("step", "lines"), [(30.0, 1), (30.25, 2), (-30.0, 1), (-31.0, 2)])
def test_only_more_than_30_bpm_is_a_jump(step: float, lines: int) -> None:
    trace = np.array([120.0, 120.0, 120.0 + step, 120.0 + step])
    assert np.count_nonzero(points(trace, 1, JUMP_BPM).starts) == lines
    assert np.count_nonzero(points(trace, 4, JUMP_BPM).starts) == lines


def test_uterine_activity_has_no_jumps() -> None:
    assert np.count_nonzero(points(np.array([0.0, 90.0, 5.0]), 3).starts) == 1


def test_a_slope_is_drawn_as_a_slope() -> None:
    rising = np.repeat(np.arange(100.0, 160.0), 2)
    assert (np.diff(points(rising, 6).values) >= 0).all()
    assert (np.diff(points(rising[::-1], 6).values) <= 0).all()


@given(values, sizes, st.integers(0, 120), jumps)
def test_both_windows_at_an_edge_draw_it_the_same(trace: FloatArray, size: int, edge: int, jump: float | None) -> None:
    edge = min(edge, len(trace))
    first, last = max(0, edge - 2 * size), min(len(trace), edge + 2 * size)
    left = points(trace[:last], size, jump, window=(0, edge))
    right = points(trace[first:], size, jump, number=first, window=(edge - first, len(trace) - first))
    # Of what lies a column away from the edge neither picture shows anything.
    near = range(2 * ((edge - 1) // size), 2 * (edge // size) + 2)
    before = [(*point, side == 1) for *point, side in told(left) if point[0] in near]
    assert before == [(*point, side == 0) for *point, side in told(right) if point[0] in near]


def test_a_line_that_is_no_larger_than_a_dot_is_drawn_as_dots() -> None:
    x, y = np.array([0, 1, 20, 40, 41, 60]), np.array([5, 6, 7, 8, 30, 9])
    starts = np.array([True, False, True, True, False, True])
    assert dots_among(x, y, starts, smallest=(4.0, 4.0)).tolist() == [True, True, True, False, False, True]
    assert not dots_among(np.array([0, 9]), np.array([1, 1]), np.array([True, False]), smallest=(4.0, 4.0)).any()
