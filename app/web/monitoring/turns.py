"""Long prints take turns: a day on 58 sheets keeps a processor busy for seconds, and all threads serve pages too."""

from collections.abc import Callable, Sequence
from threading import BoundedSemaphore
from typing import Any

from flask import Response, make_response, render_template, request

from app.charts import Strip, pdf
from app.charts.pdf import PrintWords
from app.charts.sheets import Sheet
from app.web.monitoring import blueprint

# About half a second; what is shorter is printed at once, however many print.
LONG_SHEETS = 6
# In each process: the other threads are left for pages and pictures.
LONG_PRINTS_AT_A_TIME = 1
# Longer than the longest print takes on a machine with nothing else to do.
RETRY_AFTER_S = 10

_turns = BoundedSemaphore(LONG_PRINTS_AT_A_TIME)


class PrintIsBusy(Exception):
    """Another long print is being made; this one was not begun."""


def strip_pdf(sheets: Sequence[Sheet], strip_of: Callable[[Sheet], Strip], words: PrintWords, **numbers: Any) -> bytes:
    """The sheets as one PDF; PrintIsBusy where they are many and another print is. Nobody waits with a thread."""
    if len(sheets) <= LONG_SHEETS:
        return pdf.strip_pdf(sheets, strip_of, words, **numbers)
    if not _turns.acquire(blocking=False):
        raise PrintIsBusy
    try:
        return pdf.strip_pdf(sheets, strip_of, words, **numbers)
    finally:
        _turns.release()


@blueprint.app_errorhandler(PrintIsBusy)
def handle_busy(_: PrintIsBusy) -> Response:
    """A page that says so, with the way to the same print."""
    page = render_template("monitoring/print_busy.html", seconds=RETRY_AFTER_S, again=request.full_path.rstrip("?"))
    response = make_response(page, 503)
    response.retry_after = RETRY_AFTER_S
    response.headers["Cache-Control"] = "no-store"
    return response
