"""A test browser that lints every page it opens, and pages that are asked for what a reader sees."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import html5lib
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.models import User

PASSWORD = "correct horse battery"  # What tests/make.py hashes.

# html5lib's complaints that are not about our markup.
TOLERATED_PARSE_ERRORS: frozenset[str] = frozenset()


class Page:
    """One answer; `soup` is its parsed HTML."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.location = response.headers.get("Location")
        self.is_html = response.mimetype == "text/html"
        self.text = response.get_data(as_text=True) if self.is_html else ""
        self.soup = BeautifulSoup(self.text, "html.parser")
        if self.is_html and self.status not in {301, 302, 303, 307, 308}:
            lint(self.text, self.soup)

    @property
    def heading(self) -> str:
        """The page's one h1."""
        return squeeze(self.one("h1"))

    @property
    def words(self) -> str:
        """All that can be read in the page's main part, white space folded."""
        return squeeze(self.one("main"))

    @property
    def errors(self) -> list[str]:
        """The entries of the error summary."""
        return [squeeze(item) for item in self.soup.select(".nhsuk-error-summary li")]

    def one(self, selector: str) -> Tag:
        """The only element that matches the CSS selector."""
        found = self.soup.select(selector)
        assert len(found) == 1, f"{len(found)} elements match {selector!r} on:\n{self.text}"
        return found[0]

    def form(self, action: str | None = None) -> dict[str, str]:
        """The fields that a browser would send from the form to `action` (or the only one in main) untouched."""
        forms = [form for form in self.soup.select("form") if action is None or form.get("action") == action]
        if action is None:
            forms = [form for form in self.soup.select("main form") if form.get("method", "get") == "post"]
        assert len(forms) == 1, f"{len(forms)} forms for {action!r}"
        fields: dict[str, str] = {}
        for field in forms[0].select("input[name], textarea[name], select[name]"):
            kind = str(field.get("type", "text"))
            if kind in {"radio", "checkbox"} and not field.has_attr("checked"):
                continue
            if kind in {"submit", "file"}:
                continue
            if field.name == "textarea":
                fields[str(field["name"])] = field.get_text()
            elif field.name == "select":
                chosen = field.select_one("option[selected]") or field.select_one("option")
                fields[str(field["name"])] = "" if chosen is None else str(chosen.get("value", ""))
            else:
                fields[str(field["name"])] = str(field.get("value", ""))
        return fields


class Browser:
    """A browser with its own cookies."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()

    def get(self, path: str, *, status: int = 200, **options: Any) -> Page:
        """Open `path` and expect `status`."""
        return self._answered(self.client.get(path, **options), status)

    def post(self, path: str, fields: Mapping[str, Any] | None = None, *, status: int = 303, **options: Any) -> Page:
        """Post `fields` to `path` with a valid CSRF token unless `fields` has its own."""
        data = {"csrf_token": self.csrf_token(), **(fields or {})}
        return self._answered(self.client.post(path, data=data, **options), status)

    def submit(self, path: str, *, status: int = 303, to: str | None = None, **values: Any) -> Page:
        """Open `path`, fill its form (to `to`, or the only one in main) with `values` and send it."""
        page = self.get(path)
        action = to
        fields = {**page.form(action), **values}
        return self._answered(self.client.post(action or path, data=fields), status)

    def follow(self, page: Page) -> Page:
        """Open where `page` redirects to."""
        assert page.location, f"no redirect but {page.status}:\n{page.text}"
        return self.get(page.location)

    def sign_in(self, user: User, password: str = PASSWORD) -> "Browser":
        """Sign `user` in through the page; the answer is this browser."""
        self.submit("/auth/sign-in", email=user.email, password=password)
        return self

    def csrf_token(self) -> str:
        """A token of this browser's session."""
        token = BeautifulSoup(self.client.get("/auth/sign-in").get_data(as_text=True), "html.parser").select_one(
            "input[name=csrf_token]"
        )
        if token is None:  # Signed in: the sign-in page leads home, every other page has the sign-out form.
            token = BeautifulSoup(self.client.get("/account").get_data(as_text=True), "html.parser").select_one(
                "input[name=csrf_token]"
            )
        assert token is not None
        return str(token["value"])

    def _answered(self, response: TestResponse, status: int) -> Page:
        page = Page(response)
        assert page.status == status, f"{page.status} instead of {status} ({page.location}):\n{page.text[:3000]}"
        return page


def lint(text: str, soup: BeautifulSoup) -> None:
    """Fail on what no page may have: invalid HTML, two h1, a bad form, an inline style or handler, a double id."""
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(text)
    errors = [code for _, code, _ in parser.errors if code not in TOLERATED_PARSE_ERRORS]
    assert not errors, f"invalid HTML: {errors}\n{text}"
    assert len(soup.select("h1")) == 1, f"{len(soup.select('h1'))} h1 elements"
    title = soup.select_one("title")
    assert title is not None, "no title"
    assert re.search(r"\S – Dopply$", squeeze(title)), f"title {title}"
    html = soup.select_one("html")
    assert html is not None, "no html element"
    assert html.get("lang") in {"en", "id"}, "no language"
    ids = Counter(str(element["id"]) for element in soup.select("[id]"))
    assert not [name for name, count in ids.items() if count > 1], f"double ids: {ids.most_common(3)}"
    for element in soup.select("[aria-describedby], label[for]"):
        for name in str(element.get("aria-describedby") or element.get("for")).split():
            assert name in ids, f"{element} names the missing id {name!r}"
    for form in soup.select("form"):
        assert form.get("method") in {"get", "post"}, f"form without method: {form}"
        if form["method"] == "post":
            assert form.select_one("input[name=csrf_token]"), f"form without CSRF token: {form}"
    for image in soup.select("img"):
        assert image.has_attr("alt"), f"image without alt: {image}"
    for element in soup.find_all(True):
        bad = [name for name in element.attrs if name == "style" or name.startswith("on")]
        assert not bad, f"inline {bad} on {element}"
        assert element.name != "style", "inline style element"
        assert element.name != "script" or element.has_attr("src"), "inline script"
    for element in soup.select("[src], link[href]"):
        address = str(element.get("src") or element.get("href"))
        assert re.match(r"/(?!/)", address), f"address off the host: {address}"
    assert not re.search(r"\{[{%]|\bNone\b", squeeze(soup.body or soup)), "template leftovers"


def squeeze(element: Tag) -> str:
    """Its text with white space folded."""
    return " ".join(element.get_text(" ").split())
