"""The documents as a site: built without warnings, and looked at in a browser.

In: the pages of `docs`. Out: a site in a temporary folder. Promises: links that lead nowhere fail
the build; in Chromium, pages write no errors to the console, are as wide as the window, and the
search finds what it should. Without Sphinx or Chromium the tests are skipped, with the reason.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.documents.blocks import ROOT

pytest.importorskip("sphinx", reason="the extra `documents` is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.xdist_group("site")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site; warnings are errors."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-n", "docs", folder]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, as it is installed on the machine."""
    playwright = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def test_every_message_has_a_place(site: Path) -> None:
    """The page of messages holds each code of the catalogue."""
    from clef.diagnostics.catalogue import catalogue

    text = (site / "all-messages.html").read_text(encoding="utf-8")
    assert [code for code in catalogue() if f"{code}:" not in text] == []


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit(site: Path, browser: Any, width: int) -> None:
    """No page is wider than the window or complains to the console."""
    view = browser.new_page(viewport={"width": width, "height": 900})
    complaints: list[str] = []
    view.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    view.on("pageerror", lambda error: complaints.append(str(error)))
    for page in sorted(site.rglob("*.html")):
        view.goto(page.as_uri())
        excess = view.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert excess <= 0, f"{page.name} is {excess} pixels too wide"
    assert complaints == []
    view.close()


def test_search(site: Path, browser: Any) -> None:
    """Typing into the search box leads to the page about it."""
    view = browser.new_page()
    view.goto((site / "index.html").as_uri())
    view.fill("input[name=q]", "MailboxProcessor")
    view.press("input[name=q]", "Enter")
    view.wait_for_selector("#search-results li a")
    found = view.locator("#search-results li a").all_inner_texts()
    assert "Doing several things" in found
    view.get_by_role("link", name="Doing several things").last.click()
    assert view.locator("h1").inner_text().startswith("Doing several things")
    view.close()


def test_dark(site: Path, browser: Any) -> None:
    """The pages follow the colours that the reader's system asks for."""
    colours: list[str] = []
    for scheme in ("light", "dark"):
        view = browser.new_page(color_scheme=scheme)
        view.goto((site / "tour.html").as_uri())
        colours.append(view.evaluate("getComputedStyle(document.body).backgroundColor"))
        view.close()
    assert colours[0] != colours[1]
