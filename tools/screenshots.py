"""Takes the README's screenshots of a freshly built demo world: `make screenshots`, where a Chromium is installed."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from app.services.demo.people import DOCTORS, PASSWORD, PATIENTS
from tools.serve import ROOT, commands, end

TARGET = ROOT / "docs" / "screenshots"
DESK_PX, PHONE_PX = 1280, 360
START_LIMIT_S = 60.0
POLL_S = 0.2
MARGIN_PX = 4


def main() -> int:
    """The exit status; each picture is named as it is written."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        print("No Chromium on the PATH", file=sys.stderr)
        return 1
    TARGET.mkdir(parents=True, exist_ok=True)
    with served_demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        doctor = signed_in(browser, address, DOCTORS[0].email, DESK_PX)
        keep(doctor, "queue", through="tbody tr:nth-child(12)")
        doctor.get_by_role("link", name="Yuni Astuti").last.click()
        keep(doctor, "strip", through=".findings")
        keep(signed_in(browser, address, PATIENTS[0].email, PHONE_PX), "patient", through=".recordings")
        browser.close()
    return 0


@contextmanager
def served_demo() -> Iterator[str]:
    """The address of a demo of our own, on a free port and in a temporary folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DOPPLY_ENV": "demo", "DATABASE_URL": f"sqlite:///{folder}/demo.db"}
        subprocess.run([sys.executable, "-m", "flask", "demo"], cwd=ROOT, env=environment, check=True)
        server = subprocess.Popen(commands(port)[0], cwd=ROOT, env=environment, process_group=0)  # noqa: S603
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/healthz")
            yield address
        finally:
            end([server])


def wait_for(url: str) -> None:
    """None, once `url` answers; TimeoutError when it does not in time."""
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        try:
            urlopen(url, timeout=POLL_S).close()  # noqa: S310 - our own server
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(POLL_S)
        else:
            return
    raise TimeoutError(f"{url} did not answer in {START_LIMIT_S:g} s")


def signed_in(browser: Browser, address: str, email: str, width_px: int) -> Page:
    """The home of the person with this address, in a window of her own."""
    page = browser.new_page(viewport=ViewportSize(width=width_px, height=800), locale="en")
    page.goto(f"{address}/auth/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_selector(".ribbon")
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def keep(page: Page, name: str, *, through: str) -> None:
    """Write the page from its top through this element as docs/screenshots/<name>.png."""
    page.wait_for_load_state("networkidle")
    box = page.locator(through).first.bounding_box()
    if box is None:
        raise LookupError(f"nothing matches {through} on {page.url}")
    taken = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
    shown = taken.crop((0, 0, taken.width, min(taken.height, round(box["y"] + box["height"]) + MARGIN_PX)))
    path = TARGET / f"{name}.png"
    # Pages have few colours; this method keeps also those of thin lines.
    shown.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}  {shown.width} x {shown.height} px, {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    sys.exit(main())
