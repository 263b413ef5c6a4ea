"""`clef graph`: the page holds the whole graph, and a browser can walk about in it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from clef.command_line.graph_page import as_page
from clef.command_line.main import run
from clef.semantic_graph import Graph
from clef.semantic_graph.graph import FUNCTION

CAPTURE = pytest.CaptureFixture[str]
CHROMIUM = shutil.which("chromium")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt install chromium")


def drawn(page: Path, fragment: str = "") -> str:
    """The page as a browser leaves it."""
    assert CHROMIUM is not None
    words = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=4000"]
    command = [CHROMIUM, *words, "--dump-dom", f"file://{page}{fragment}"]
    return subprocess.run(command, capture_output=True, text=True, timeout=120).stdout


def large_graph(count: int) -> Graph:
    graph = Graph()
    for number in range(count):
        graph.number(FUNCTION, f"Large.module{number % 40}.function{number}")
    graph.reached_by[0] = -1
    for number in range(1, count):
        graph.reached_by[number] = len(graph.edges)
        graph.connect("call", (number // 8,), (number,))
    graph.connect("unknown call", (0, 1, 2), tuple(range(10, 30)))
    return graph


def test_the_data_is_the_graph(tmp_path: Path, capsys: CAPTURE) -> None:
    program = tmp_path / "small.clef"
    program.write_text(
        'let twice f x = f (f x)\nprintfn "%d</script>" (twice (fun x -> x + 1) 3)\n'
    )
    assert run(["graph", "--json", "-o", "-", str(program)]) == 0
    found = json.loads(capsys.readouterr().out)
    names = [node[1] for node in found["nodes"]]
    assert "$entry" in names and any("Small" in name for name in names)
    for _, sources, targets, _ in found["edges"]:
        assert all(0 <= one < len(names) for one in [*sources, *targets])
    page = tmp_path / "small.html"
    assert run(["graph", str(program), "-o", str(page)]) == 0
    assert page.read_text().count("</script>") == 2


@needs_browser
def test_a_browser_draws_the_neighbourhood(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(as_page(large_graph(100), {}, "large"))
    text = drawn(page)
    assert "100 nodes, 100 edges" in text
    assert text.count('class="node') == 28  # the centre, its calls, and those of the unknown call
    assert "<circle" in text
    text = drawn(page, "#9")
    assert "1 edges lead here, 8 lead away" in text and "call from" in text


@needs_browser
def test_ten_thousand_nodes_open(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(as_page(large_graph(10_000), {}, "large"))
    text = drawn(page, "#1")
    assert "10,000 nodes" in text and "the first 400 of 10000" in text
    assert text.count("<li") < 500 and 'class="node' in text
