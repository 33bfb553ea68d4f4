"""What an older Dopply wrote as findings is shown, whatever text stands there."""

import pytest

from app.services.older_results import lines_in

DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('["irama teratur", ""]', ("irama teratur",)),
        ('"irama teratur"', ("irama teratur",)),
        ("irama teratur", ("irama teratur",)),
        ("", ()),
        (None, ()),
        (DEEP, (DEEP,)),
    ],
    ids=["list", "text", "no JSON", "empty", "null", "deeper than Python reads"],
)
def test_every_text_gives_lines(text: str | None, lines: tuple[str, ...]) -> None:
    assert lines_in(text) == lines
