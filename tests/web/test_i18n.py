"""Numbers in words: what is shown must not say more than was measured."""

import pytest
from flask import Flask

from app.web.i18n import elapsed_words, percent, stretch_words


@pytest.mark.parametrize(
    ("fraction", "shown"),
    [
        (None, "–"),
        (0.0, "0 %"),
        (0.0001, "< 1 %"),
        (0.01, "1 %"),
        (0.126, "13 %"),
        (0.99, "99 %"),
        (0.996, "> 99 %"),
        (0.9999, "> 99 %"),
        (1.0, "100 %"),
    ],
)
def test_nothing_and_everything_are_said_only_when_they_are(app: Flask, fraction: float | None, shown: str) -> None:
    with app.test_request_context():
        assert percent(fraction) == shown


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (40.4, "40 s"),
        (59.9, "59 s"),
        (119, "1 min 59 s"),
        (179.75, "2 min 59 s"),
        (180, "3 min 0 s"),
        (206.6, "3 min 27 s"),
        (3599.9, "59 min 59 s"),
        (4000.2, "1 h 6 min 40 s"),
    ],
)
def test_what_lasts_as_long_as_a_rule_asks_is_said_to_the_second(app: Flask, seconds: float, said: str) -> None:
    with app.test_request_context():
        assert stretch_words(seconds) == said


@pytest.mark.parametrize(("seconds", "said"), [(0, "0:00:00"), (220.75, "0:03:40"), (90061, "25:01:01")])
def test_time_from_the_start_always_has_hours(seconds: float, said: str) -> None:
    assert elapsed_words(seconds) == said
