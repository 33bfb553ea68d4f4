"""A person at a real browser, which is watched: no script error, no complaint, no request that leaves the host."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from tests.page import PASSWORD, lint

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
# axe also knows "minor" and "moderate"; these two keep somebody from using a page.
SERIOUS = {"serious", "critical"}


class Reader:
    """One person in a browser of her own; `page` is Playwright's."""

    def __init__(
        self, chromium: Browser, address: str, viewport: Mapping[str, int], *, has_scripts: bool = True
    ) -> None:
        self.address = address
        self.viewport = viewport
        self.has_scripts = has_scripts
        self.complaints: list[str] = []
        context = chromium.new_context(
            base_url=address,
            viewport={"width": viewport["width"], "height": viewport["height"]},
            java_script_enabled=has_scripts,
            locale="en-GB",
        )
        context.set_default_timeout(20_000)
        self.page: Page = context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        self.page.on("request", self._see_request)
        self.page.on("response", self._see_response)

    def open(self, path: str) -> None:
        """Go to `path` and look at the page."""
        self.page.goto(path)
        self.look()

    def press(self, name: str) -> None:
        """Press the button and look at the page that follows."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()
        self.look()

    def follow(self, name: str) -> None:
        """Follow the link in the main part and look at its page."""
        with self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()
        self.look()

    def choose(self, question: str, answer: str) -> None:
        """Choose an answer of a group of radio buttons."""
        self.page.get_by_role("group", name=question, exact=True).get_by_label(answer, exact=True).check()

    def fill(self, **answers: str) -> None:
        """Type into fields by their names."""
        for name, text in answers.items():
            self.page.locator(f"main [name={name}]").fill(text)

    def select(self, **answers: str) -> None:
        """Choose from lists by their names."""
        for name, label in answers.items():
            self.page.locator(f"main select[name={name}]").select_option(label=label)

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        """Sign in through the page."""
        self.open("/auth/sign-in")
        self.fill(email=email, password=password)
        self.press("Sign in")

    def words(self) -> str:
        """What can be read in the main part."""
        return " ".join(self.page.get_by_role("main").inner_text().split())

    def heading(self) -> str:
        """The page's one h1."""
        return self.page.get_by_role("heading", level=1).inner_text()

    def look(self) -> None:
        """Check the page at hand: well made, nothing wider than the screen, nothing to complain about."""
        text = self.page.content()
        lint(text, BeautifulSoup(text, "html.parser"))
        self.check_width()
        assert self.complaints == [], f"{self.page.url}: {self.complaints}"

    def check_width(self) -> None:
        """Fail when the page can be moved sideways."""
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= self.page.evaluate("document.documentElement.clientWidth"), (
            f"{self.page.url} is {width} px wide"
        )

    def inspect(self) -> None:
        """Check the page at hand as it is at a desk and on a phone, also by axe where scripts run."""
        for viewport in (DESK, PHONE):
            self.page.set_viewport_size({"width": viewport["width"], "height": viewport["height"]})
            self.check_width()
            if self.has_scripts:
                found = Axe().run(self.page).response["violations"]
                serious = {
                    one["id"]: [node["html"] for node in one["nodes"]] for one in found if one["impact"] in SERIOUS
                }
                assert serious == {}, f"{self.page.url} at {viewport['width']} px: {serious}"
        self.page.set_viewport_size({"width": self.viewport["width"], "height": self.viewport["height"]})

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"console: {message.text}")

    def _see_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:")):
            self.complaints.append(f"request to {urlsplit(request.url).netloc}: {request.url}")

    def _see_response(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status} from {response.url}")
