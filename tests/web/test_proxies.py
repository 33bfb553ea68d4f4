"""Whose word about a reader's address is believed: nobody's, unless the settings trust a proxy."""

from dataclasses import replace

import pytest
from flask import Flask, request

from app import create_app
from app.web.guard import public
from tests.conftest import make_settings

FORGED = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(
    ("trusted", "address"),
    [(0, "127.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.7")],
)
def test_only_as_many_proxies_as_are_trusted_are_believed(
    app: Flask, database_url: str, trusted: int, address: str
) -> None:
    behind = create_app(replace(make_settings(database_url), trusted_proxies=trusted))
    seen: list[str | None] = []

    @public
    def probe() -> str:
        seen.append(request.remote_addr)
        return ""

    behind.add_url_rule("/healthz/probe", "probe", probe)
    behind.test_client().get("/healthz/probe", headers=FORGED)
    assert seen == [address]
