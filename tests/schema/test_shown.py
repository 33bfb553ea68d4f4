"""The report of an adoption sends its reader to pages that there are."""

import re

import pytest
from flask import Flask

from app.schema.interpretations import links, people, pregnancies, readings, records, sessions, times
from app.schema.report import Kind

MODULES = (links, people, pregnancies, readings, records, sessions, times)
KINDS = {kind.code: kind for module in MODULES for kind in vars(module).values() if isinstance(kind, Kind)}

PATH = re.compile(r"(?:/(?:[\w-]+|<[^>]+>))+")
PLACEHOLDER = re.compile(r"<[^>]+>")
# What stands where no page of its own can be named.
WITHOUT_A_PATH = ("no page", "known after the upgrade", "beside the time", "where the time")


def pages(app: Flask) -> set[str]:
    """The paths that can be opened, `<>` for what varies."""
    return {PLACEHOLDER.sub("<>", rule.rule) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}


@pytest.mark.parametrize("code", sorted(KINDS))
def test_a_row_is_shown_on_a_page_that_there_is(upgraded_app: Flask, code: str) -> None:
    shown = KINDS[code].shown
    paths = {PLACEHOLDER.sub("<>", path) for path in PATH.findall(shown)}
    assert paths <= pages(upgraded_app), shown
    assert bool(paths) is not shown.startswith(WITHOUT_A_PATH), shown
