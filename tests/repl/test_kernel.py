"""Notebooks: a kernel that is started as Jupyter starts it, and asked as Jupyter asks."""

from __future__ import annotations

import json
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

client_module: Any = pytest.importorskip(
    "jupyter_client", reason="pip install 'clef-lang[jupyter]'"
)
pytest.importorskip("ipykernel", reason="pip install 'clef-lang[jupyter]'")


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Generator[Any]:
    from jupyter_client.kernelspec import KernelSpecManager

    from clef.command_line.main import run

    folder = tmp_path_factory.mktemp("jupyter")
    assert run(["kernel", "install", "--prefix", str(folder)]) == 0
    specs = KernelSpecManager(kernel_dirs=[str(folder / "share" / "jupyter" / "kernels")])
    manager = client_module.KernelManager(kernel_name="clef", kernel_spec_manager=specs)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=120)
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def cell(kernel: Any, code: str) -> tuple[dict[str, Any], list[tuple[str, Any]]]:
    """The reply to a cell, and everything that was sent meanwhile."""
    client = kernel[1]
    wanted = client.execute(code)
    sent: list[tuple[str, Any]] = []
    while True:
        message = client.get_iopub_msg(timeout=90)
        if message["parent_header"].get("msg_id") != wanted:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "status" and content["execution_state"] == "idle":
            break
        sent.append((kind, content))
    return answer(client, wanted), sent


def answer(client: Any, wanted: str) -> dict[str, Any]:
    """The reply to one request; those to others may come first."""
    while True:
        message = client.get_shell_msg(timeout=90)
        if message["parent_header"].get("msg_id") == wanted:
            content: dict[str, Any] = message["content"]
            return content


def result(kernel: Any, code: str) -> dict[str, str]:
    reply, sent = cell(kernel, code)
    assert reply["status"] == "ok", reply
    return next(content["data"] for kind, content in sent if kind == "execute_result")


def printed(sent: list[tuple[str, Any]], name: str) -> str:
    return "".join(c["text"] for kind, c in sent if kind == "stream" and c["name"] == name)


def test_cells_run_print_and_show_values(kernel: Any) -> None:
    reply, sent = cell(kernel, 'let x = 20\nprintfn "%d" x\neprintfn "aside"')
    assert reply["status"] == "ok"
    assert printed(sent, "stdout").startswith("20\n")
    assert printed(sent, "stderr") == "aside\n"
    assert result(kernel, "x + 1") == {"text/plain": "21"}


def test_tables(kernel: Any) -> None:
    cell(kernel, "type City = { Name: string; Size: int option }")
    data = result(kernel, '[ { Name = "A<B"; Size = Some 3 }; { Name = "C"; Size = None } ]')
    assert data["text/html"] == (
        "<table><thead><tr><th>Name</th><th>Size</th></tr></thead><tbody>"
        "<tr><td>A&lt;B</td><td>Some 3</td></tr><tr><td>C</td><td>None</td></tr>"
        "</tbody></table>"
    )
    data = result(kernel, '[| 1, "a"; 2, "b" |]')
    assert "<th>Item1</th><th>Item2</th>" in data["text/html"]
    assert "<tr><td>2</td><td>b</td></tr>" in data["text/html"]
    data = result(kernel, "seq { for i in 1 .. 300 -> {| I = i; Square = i * i |} }")
    assert data["text/html"].count("<tr>") == 201 and "the first 200 rows" in data["text/html"]


def test_values_that_say_how_they_look(kernel: Any) -> None:
    cell(
        kernel,
        "type Dot(r: int) =\n"
        "    member _.ToSvg() = sprintf \"<svg><circle r='%d'/></svg>\" r\n"
        "type Bold = { Text: string } with\n"
        '    member b.ToHtml() = "<b>" + b.Text + "</b>"',
    )
    assert result(kernel, "Dot 4")["image/svg+xml"] == "<svg><circle r='4'/></svg>"
    assert result(kernel, '{ Text = "x" }')["text/html"] == "<b>x</b>"


def test_mistakes_and_exceptions_are_errors(kernel: Any) -> None:
    cell(kernel, "let kept = 20")
    reply, sent = cell(kernel, 'let y = 1 + "a"')
    assert reply["status"] == "error" and "E0317" in "".join(reply["traceback"])
    reply, sent = cell(kernel, 'failwith "boom" |> ignore')
    assert reply["status"] == "error" and reply["ename"] == "Exception"
    assert "System.Exception: boom" in printed(sent, "stderr")
    assert result(kernel, "kept")["text/plain"] == "20"


def test_completion_inspection_and_completeness(kernel: Any) -> None:
    client = kernel[1]
    found = answer(client, client.complete("List.ma", 7))
    assert "map" in found["matches"] and (found["cursor_start"], found["cursor_end"]) == (5, 7)
    found = answer(client, client.inspect("x + 1", 1))
    assert found["found"] and found["data"]["text/plain"] == "val x: int"
    assert answer(client, client.is_complete("let f x ="))["status"] == "incomplete"
    assert answer(client, client.is_complete("1 + 1"))["status"] == "complete"


def test_interrupt_keeps_the_session(kernel: Any) -> None:
    manager, client = kernel
    cell(kernel, "let mutable n = 1")
    wanted = client.execute(
        'n <- 2\nprintfn "turning"\nSystem.Console.Out.Flush()\nwhile true do ()',
        stop_on_error=False,  # else what is asked right after it may be left out
    )
    while True:
        message = client.get_iopub_msg(timeout=60)
        if message["msg_type"] == "stream" and "turning" in message["content"]["text"]:
            break
    manager.interrupt_kernel()
    reply = answer(client, wanted)
    assert reply["status"] == "error" and reply["ename"] == "Interrupted"
    assert result(kernel, "n")["text/plain"] == "1"


def test_a_whole_notebook(tmp_path: Path, kernel: Any) -> None:
    nbformat: Any = pytest.importorskip("nbformat")
    nbclient: Any = pytest.importorskip("nbclient")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(text) for text in ("let a = 6", "a * 7")]
    )
    runner = nbclient.NotebookClient(
        notebook, kernel_name="clef", timeout=120, resources={"metadata": {"path": str(tmp_path)}}
    )
    runner.create_kernel_manager()
    runner.km.kernel_spec_manager = kernel[0].kernel_spec_manager
    runner.execute()
    assert notebook.cells[1].outputs[0]["data"]["text/plain"] == "42"


def test_restart_forgets(kernel: Any) -> None:
    manager, client = kernel
    manager.restart_kernel(now=True)
    client.wait_for_ready(timeout=120)
    reply, _ = cell(kernel, "x")
    assert reply["status"] == "error" and "E0201" in "".join(reply["traceback"])


def test_what_jupyter_is_told(kernel: Any, tmp_path: Path) -> None:
    from clef.command_line.notebooks import kernel_description

    text = json.dumps(kernel_description())
    assert sys.executable in text and "{connection_file}" in text
