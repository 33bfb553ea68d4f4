"""Every route declares who may, in addresses and methods of one kind."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.web import guard
from tests.conftest import make_settings

KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?")
CONVERTED = re.compile(r"<(?P<kind>[a-z_]+:)?(?P<name>[a-z_]+)>")
# Of any shape: it is compared by its hash.
TEXTS = {"token"}
# Flask's own, which we declare public.
NOT_OURS = {"static"}


@pytest.fixture(scope="module")
def every() -> Flask:
    """The application with all its routes; no database is opened."""
    return create_app(make_settings("sqlite://"))


def unmarked(app: Flask) -> list[str]:
    """Endpoints that declare neither a permission nor that they are public."""
    return [
        endpoint
        for endpoint in app.view_functions
        if guard.permission_of(app, endpoint) is None and not guard.is_public(app, endpoint)
    ]


def test_every_route_declares_who_may(every: Flask) -> None:
    assert unmarked(every) == []


def test_an_unmarked_route_would_be_named_here() -> None:
    app = create_app(make_settings("sqlite://"))

    @app.get("/forgotten")
    def forgotten() -> str:
        return "nobody said who may"

    assert unmarked(app) == ["forgotten"]


def test_no_route_declares_both(every: Flask) -> None:
    assert [
        endpoint
        for endpoint in every.view_functions
        if guard.permission_of(every, endpoint) is not None and guard.is_public(every, endpoint)
    ] == []


def test_what_is_public_is_this_and_nothing_else(every: Flask) -> None:
    public = {endpoint for endpoint in every.view_functions if guard.is_public(every, endpoint)}
    outside_auth = {endpoint for endpoint in public if not endpoint.startswith("auth.")}
    assert outside_auth == {"static", "home", "healthz", "readyz"}
    assert {"auth.sign_in", "auth.register", "auth.forgot", "auth.reset"} <= public
    assert "auth.waiting" not in public
    assert "auth.sign_out" not in public


def test_a_view_reads_or_writes_and_never_both(every: Flask) -> None:
    wrong = {
        rule.endpoint: sorted(methods)
        for rule in every.url_map.iter_rules()
        if (methods := (rule.methods or set()) - {"HEAD", "OPTIONS"}) not in ({"GET"}, {"POST"})
    }
    assert wrong == {}
    views: dict[Callable[..., Any], set[str]] = {}
    for rule in every.url_map.iter_rules():
        views.setdefault(every.view_functions[rule.endpoint], set()).update(rule.methods or ())
    assert [view.__name__ for view, methods in views.items() if {"GET", "POST"} <= methods] == []


def test_addresses_are_words_with_hyphens(every: Flask) -> None:
    wrong = [
        rule.rule
        for rule in every.url_map.iter_rules()
        if rule.endpoint not in NOT_OURS
        for part in rule.rule.strip("/").split("/")
        if part and not CONVERTED.fullmatch(part) and not KEBAB.fullmatch(part)
    ]
    assert wrong == []


def test_no_address_ends_with_a_slash(every: Flask) -> None:
    assert [rule.rule for rule in every.url_map.iter_rules() if rule.rule.endswith("/")] == ["/"]


def test_parameters_have_a_type(every: Flask) -> None:
    untyped = [
        (rule.rule, match["name"])
        for rule in every.url_map.iter_rules()
        if rule.endpoint not in NOT_OURS
        for match in CONVERTED.finditer(rule.rule)
        if match["kind"] is None and match["name"] not in TEXTS
    ]
    assert untyped == []


def test_no_number_in_an_address_is_larger_than_a_row_can_have(every: Flask) -> None:
    adapter = every.url_map.bind("localhost")
    for rule in every.url_map.iter_rules():
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        for number, fits in ((2**31 - 1, True), (2**31, False), (2**63, False)):
            path = re.sub(r"<int:[a-z_]+>", str(number), rule.rule)
            assert "<int:" not in rule.rule or adapter.test(path, method) is fits, path


def test_no_name_of_a_recording_reaches_the_database_in_another_shape(every: Flask) -> None:
    """Its column is ASCII: MariaDB answers a comparison with anything else by an error."""
    adapter = every.url_map.bind("localhost")
    rules = [rule for rule in every.url_map.iter_rules() if "public_id" in rule.arguments]
    assert len(rules) > 5
    for rule in rules:
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        for name, fits in (("aZ0_-" + "a" * 17, True), ("é" * 22, False), ("a" * 21, False), ("a" * 23, False)):
            path = re.sub(r"<public_id:[a-z_]+>", name, rule.rule)
            assert adapter.test(path, method) is fits, path


def test_every_view_says_what_it_answers(every: Flask) -> None:
    silent = [
        endpoint
        for endpoint, view in every.view_functions.items()
        if endpoint not in NOT_OURS and not (view.__doc__ or "").strip()
    ]
    assert silent == []
