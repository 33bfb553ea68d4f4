"""What may stand in an address for a row: what no row can have is no page, not an error of the database."""

from typing import Any

from flask import Flask
from werkzeug.routing import BaseConverter, IntegerConverter, Map

# The largest value of an INTEGER column on MariaDB.
MAX_ROW_NUMBER = 2**31 - 1


class RowNumber(IntegerConverter):
    """`<int:…>` of our routes: up to ten digits and MAX_ROW_NUMBER."""

    regex = r"\d{1,10}"

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **{"max": MAX_ROW_NUMBER, **kwargs})


class PublicId(BaseConverter):
    """`<public_id:…>`: the 22 characters of a recording's name in addresses. Its column holds ASCII only."""

    regex = r"[A-Za-z0-9_-]{22}"


def init_app(app: Flask) -> None:
    """Take the first for every `int` in a route, the second where a route says so."""
    app.url_map.converters.update(int=RowNumber, public_id=PublicId)
