"""`clef doc`: what the pages say, where their links lead, and how they look in a browser."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from clef.command_line.main import run
from clef.documentation.markup import as_html, as_markdown, examples_of
from clef.documentation.site import summary

CAPTURE = pytest.CaptureFixture[str]
CHROMIUM = shutil.which("chromium")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt install chromium")
pytest.importorskip("markdown_it", reason="pip install 'clef-lang[doc]'")

SHAPES = """/// Plane shapes. See `Shape` and `area`.
module Shapes

/// What can be drawn.
type Shape =
    /// Around a centre.
    | Circle of radius: float
    | Square of side: float

/// A pen <b>with</b> a colour.
type Pen(colour: string) =
    /// The name of the colour.
    member _.Colour = colour
    member private _.Hidden = 1

/// The area of a `Shape`.
///
/// ```fsharp
/// > area (Square 3.0)
/// val it : float = 9.0
/// ```
///
/// ```fsharp
/// printfn "%.1f" (area (Circle 1.0))
/// //> 3.1
/// ```
let area shape =
    match shape with
    | Circle r -> System.Math.PI * r * r
    | Square s -> s * s

/// <summary>Twice a number, see <see cref="M:Shapes.area"/>.</summary>
/// <param name="x">the number</param>
/// <returns>the double</returns>
/// <example><code>
/// twice 4 |> printfn "%d"
/// //> 9
/// </code></example>
let twice (x: int) = x + x

let private secret = 1

module Inner =
    /// Nothing.
    let nothing: Shape list = []
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    source = tmp_path / "shapes.clef"
    source.write_text(SHAPES)
    assert run(["doc", str(source), "-o", str(tmp_path / "pages")]) == 0
    return tmp_path / "pages"


def test_declarations_and_comments_are_there(site: Path) -> None:
    page = (site / "Shapes.html").read_text()
    assert "Plane shapes." in page and "A pen &lt;b&gt;with&lt;/b&gt; a colour." in page
    assert "The name of the colour." in page
    assert "secret" not in page and "Hidden" not in page
    assert '<a href="Shapes.html#Shapes.area"><code>area</code></a>' in page
    assert "<li><code>x</code>: the number</li>" in page and "Returns the double" in page
    inner = (site / "Shapes.Inner.html").read_text()
    assert '<a href="Shapes.html#Shapes.Shape">Shape</a>' in inner


def test_every_link_leads_somewhere_and_nothing_is_fetched(site: Path) -> None:
    places = {path.name: path.read_text() for path in site.glob("*.html")}
    for name, text in places.items():
        assert "http" not in text
        for link in re.findall(r'href="([^"]+)"', text):
            page, _, anchor = link.partition("#")
            if page.endswith(".css"):
                continue
            target = places[page or name]
            assert not anchor or f'id="{anchor}"' in target, (name, link)


def test_examples_are_run(tmp_path: Path, capsys: CAPTURE) -> None:
    source = tmp_path / "shapes.clef"
    source.write_text(SHAPES)
    assert run(["doc", "--test", str(source)]) == 1
    text = capsys.readouterr().err
    assert text.count("passed Shapes.area example") == 2
    assert "FAILED Shapes.twice example 1" in text
    assert "it should print ['9'], and prints ['8']" in text
    assert run(["test", "--doc", "--filter", "area", str(source)]) == 0


def test_markup() -> None:
    assert as_markdown("plain *text*") == "plain *text*"
    assert "`f`" in as_markdown('<summary>see <see cref="f:f"/> a</summary>').replace("f:", "")
    assert as_markdown("<broken") == "<broken"
    assert "<script" not in as_html("a <script>alert(1)</script>", lambda name: None)
    assert summary("One `sentence`. Two.") == "One sentence."
    found = examples_of("```fsharp not-run\na\n```\n\n```\nb\n```\n\n```sh\nc\n```\n")
    assert [(one.text, one.is_run) for one in found] == [("a\n", False), ("b\n", True)]


@needs_browser
def test_the_search_finds_and_the_pages_fit(site: Path, tmp_path: Path) -> None:
    assert CHROMIUM is not None
    words = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000"]
    command = [*words, "--dump-dom", f"file://{site}/index.html?q=area"]
    text = subprocess.run(command, capture_output=True, text=True, timeout=120).stdout
    first = re.search(r'<ol id="found"><li><a href="([^"]+)">([^<]+)', text)
    assert first is not None and first.groups() == ("Shapes.html#Shapes.area", "area")
