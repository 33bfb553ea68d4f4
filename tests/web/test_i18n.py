"""Numbers in words: what is shown must not say more than was measured."""

import pytest
from flask import Flask

from app.web.i18n import percent


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
