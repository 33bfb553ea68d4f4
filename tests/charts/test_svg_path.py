import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from app.charts.svg_path import dots_data, lines_data
from tests.charts.make import lines_in

whole = st.integers(-20_000, 20_000)
small = st.integers(0, 12)


@given(st.lists(st.tuples(st.one_of(whole, small), st.one_of(whole, small), st.booleans()), min_size=1, max_size=40))
@example([(0, 0, True), (3, 5, False), (3, 1, False), (6, 1, False), (7, 1, False)])
def test_lines_and_dots_say_each_number(triples: list[tuple[int, int, bool]]) -> None:
    x, y = (np.array([triple[k] for triple in triples]) for k in (0, 1))
    starts = np.array([True, *(triple[2] for triple in triples[1:])])
    wanted: list[list[tuple[int, int]]] = []
    for across, down, is_start in zip(x.tolist(), y.tolist(), starts.tolist(), strict=True):
        if is_start:
            wanted.append([])
        if is_start or wanted[-1][-1] != (across, down):
            wanted[-1].append((across, down))
    assert lines_in(lines_data(x, y, starts)) == wanted
    assert lines_in(dots_data(x, y)) == [[point] for point in zip(x.tolist(), y.tolist(), strict=True)]
