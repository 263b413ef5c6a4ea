"""Commands in process, with a stand-in for the compiler's stages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from clef.command_line import running
from clef.command_line.main import rewrite, run, split
from tests.command_line.stand_ins import shell

__all__ = ["shell"]

CAPTURE = pytest.CaptureFixture[str]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The programs that the command would have become."""
    calls: list[list[str]] = []

    def record(path: str, words: Sequence[str]) -> None:
        calls.append([path, *words])

    monkeypatch.setattr(running.os, "execv", record)
    monkeypatch.setattr("clef.toolchain.process.run_attached", lambda words: 0)
    return calls


def write(name: str, text: str) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_help_lists_all_commands_under_headings(capsys: CAPTURE) -> None:
    assert run(["--help"]) == 0
    text = capsys.readouterr().out
    for word in ("Programs:", "Projects:", "Knowledge:", "run", "build", "check", "test", "new"):
        assert word in text
    for name in ("explain", "targets", "doctor", "completion"):
        assert name in text
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize(
    "name", ["run", "build", "check", "test", "new", "explain", "targets", "doctor", "completion"]
)
def test_every_command_has_help(name: str, capsys: CAPTURE) -> None:
    assert run([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: clef {name}")


def test_version(capsys: CAPTURE) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("clef 0")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["chek"], "did you mean `clef check`?"),
        (["zzzz"], "there is no command or file `zzzz`"),
        (["build", "--relase"], "did you mean `--release`?"),
        (["build", "--emit", "lllvm"], "llvm"),
        (["build", "--nonsense-at-all"], "no such option"),
        (["check", "--print", "scirpt"], "did you mean `script`?"),
        (["check", "--stop-after", "nowhere"], "there is no stage"),
        (["explain", "E9999"], "there is no message `E9999`"),
        (["check", "--message-format", "xml"], "human"),
        (["new"], "missing argument"),
        (["new", "1x"], "not a name for a project"),
        (["completion", "powershell"], "bash"),
        (["check", "--limit", "-1"], "limit"),
    ],
)
def test_a_bad_command_line_is_code_2(
    words: list[str], part: str, capsys: CAPTURE, folder: Path, shell: list[str]
) -> None:
    write("a.clef", "exit 0")
    if words[0] in ("check", "build"):
        words = [words[0], "a.clef", *words[1:]]
    assert run(words) == 2
    captured = capsys.readouterr()
    assert (
        captured.out == ""
        and part.lower() in captured.err.lower()
        and captured.err.startswith("error")
    )


def test_files_are_run_and_the_rest_is_theirs() -> None:
    assert rewrite(["a.clef", "--release", "x"]) == ["run", "a.clef", "--", "--release", "x"]
    assert rewrite(["check", "--timings", "a.clef"]) == ["check", "--timings=text", "a.clef"]
    assert rewrite(["run", "a.clef", "--", "--timings"])[-1] == "--timings"
    assert split(["run", "--", "a"]) == (["run"], ["a"])
    assert split(["check", "--", "a"]) == (["check", "--", "a"], [])


def test_run_becomes_the_program(
    folder: Path, shell: list[str], started: list[list[str]], capsys: CAPTURE
) -> None:
    write("a.clef", "exit 0")
    assert run(["run", "a.clef", "--", "--x", "y"]) == 0
    (words,) = started
    assert words[1:] == ["a", "--x", "y"]
    assert Path(words[0]).read_text() == "#!/bin/sh\nexit 0"
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_an_unchanged_program_is_not_compiled_again(
    folder: Path, shell: list[str], started: list[list[str]], capsys: CAPTURE
) -> None:
    write("a.clef", "echo WARNING")
    for _ in range(2):
        assert run(["run", "a.clef"]) == 0
        assert "warning[W0401]" in capsys.readouterr().err
    assert len(shell) == 1
    assert run(["run", "--release", "a.clef"]) == 0
    write("a.clef", "echo other")
    assert run(["run", "a.clef"]) == 0
    assert len(shell) == 3


def test_a_damaged_cache_entry_is_not_used(
    folder: Path, shell: list[str], started: list[list[str]]
) -> None:
    write("a.clef", "exit 0")
    run(["run", "a.clef"])
    program = Path(started[0][0])
    program.write_bytes(b"#!/bin/sh\nexit 1")
    run(["run", "a.clef"])
    assert len(shell) == 2
    assert program.read_bytes() == b"#!/bin/sh\nexit 0"


def test_errors_are_code_1(folder: Path, shell: list[str], capsys: CAPTURE) -> None:
    write("a.clef", "echo ERROR")
    for command in ("run", "build", "check"):
        assert run([command, "a.clef"]) == 1
        text = capsys.readouterr().err
        assert "error[E0312]: this says error" in text
        assert "\n1 error · checked 1 file in " in text
    assert not Path("a").exists()


def test_check_says_that_all_is_well(folder: Path, shell: list[str], capsys: CAPTURE) -> None:
    write("a.clef", "exit 0")
    assert run(["check", "a.clef"]) == 0
    assert capsys.readouterr().err.startswith("no errors · checked 1 file in ")
    assert run(["check", "-q", "a.clef"]) == 0
    assert capsys.readouterr().err == ""


def test_quiet_leaves_warnings_out(folder: Path, shell: list[str], capsys: CAPTURE) -> None:
    write("a.clef", "WARNING")
    assert run(["check", "-q", "a.clef"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("style", ["json", "sarif", "github", "short", "human"])
def test_formats(style: str, folder: Path, shell: list[str], capsys: CAPTURE) -> None:
    write("a.clef", "ERROR WARNING")
    assert run(["check", "--message-format", style, "a.clef"]) == 1
    captured = capsys.readouterr()
    if style == "json":
        values: list[Any] = [json.loads(line) for line in captured.out.splitlines()]
        assert [value["kind"] for value in values] == ["diagnostic", "diagnostic", "summary"]
    elif style == "sarif":
        assert len(json.loads(captured.out)["runs"][0]["results"]) == 2
    elif style == "github":
        assert captured.out.count("::error ") == captured.out.count("::warning ") == 1
    else:
        assert captured.out == "" and "E0312" in captured.err and "W0401" in captured.err


def test_run_leaves_standard_output_to_the_program(
    folder: Path, shell: list[str], capsys: CAPTURE
) -> None:
    write("a.clef", "ERROR")
    assert run(["run", "--message-format", "json", "a.clef"]) == 1
    captured = capsys.readouterr()
    assert captured.out == "" and json.loads(captured.err.splitlines()[0])["code"] == "E0312"


def test_color(folder: Path, shell: list[str], capsys: CAPTURE) -> None:
    write("a.clef", "ERROR")
    run(["check", "a.clef"])
    assert "\x1b" not in capsys.readouterr().err
    run(["check", "--color", "always", "a.clef"])
    assert "\x1b[1;31m" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["run", "gone.clef"], "E0801"),
        (["gone.clef"], "E0801"),
        (["check", "gone"], "E0801"),
        (["build"], "E0813"),
        (["check", "a.txt"], "E0812"),
        (["check", "bad.fidproj"], "E0806"),
        (["check", "lost.fidproj"], "E0810"),
        (["build", "--target", "pdp11", "a.clef"], "E0902"),
        (["test", "gone"], "E0801"),
    ],
)
def test_what_the_command_line_or_project_gets_wrong_is_code_2(
    words: list[str], code: str, folder: Path, shell: list[str], capsys: CAPTURE
) -> None:
    write("a.clef", "exit 0")
    write("sub/a.txt", "")
    write("a.txt", "")
    if code != "E0813":
        write("bad.fidproj", "[package")
        write("lost.fidproj", '[package]\nname = "a"\n[build]\nsources = ["gone.clef"]\n')
    assert run(words) == 2
    assert f"error[{code}]" in capsys.readouterr().err


def test_a_machine_that_is_no_target(
    folder: Path, shell: list[str], capsys: CAPTURE, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "pdp11")
    write("a.clef", "exit 0")
    assert run(["build", "a.clef"]) == 2
    assert "error[E0902]: there is no target named `pdp11-" in capsys.readouterr().err


def test_unreadable_text_is_code_1(folder: Path, shell: list[str], capsys: CAPTURE) -> None:
    Path("a.clef").write_bytes(b"\xff\xff")
    assert run(["check", "a.clef"]) == 1
    assert "error[E0803]" in capsys.readouterr().err


def test_an_empty_program_is_a_warning(
    folder: Path, shell: list[str], started: list[list[str]], capsys: CAPTURE
) -> None:
    write("a.clef", "")
    assert run(["run", "a.clef"]) == 0
    assert "warning[W0805]" in capsys.readouterr().err and started


def test_a_bug_is_code_70_with_a_bundle(
    folder: Path, shell: list[str], capsys: CAPTURE, tmp_path: Path
) -> None:
    write("a.clef", "BUG")
    assert run(["check", "a.clef"]) == 70
    text = capsys.readouterr().err
    assert "Traceback" not in text and "not of your program" in text
    (bundle,) = (tmp_path / "cache" / "reports").iterdir()
    assert str(bundle) in text
    facts = (bundle / "report.txt").read_text()
    assert "stage: script" in facts and "KeyError" in facts and "'a.clef'" in facts
    assert "Traceback" in (bundle / "traceback.txt").read_text()
    assert (bundle / "sources" / "000-a.clef").read_text() == "BUG"


def test_too_deep_is_a_message(folder: Path, shell: list[str], capsys: CAPTURE) -> None:
    write("a.clef", "DEEP")
    assert run(["check", "a.clef"]) == 1
    assert "error[E0820]" in capsys.readouterr().err


def test_timings(folder: Path, shell: list[str], capsys: CAPTURE) -> None:
    write("a.clef", "exit 0")
    assert run(["check", "--timings", "a.clef"]) == 0
    text = capsys.readouterr().err
    assert "script" in text and "total" in text and "100%" in text
    assert run(["check", "--timings=json", "-q", "a.clef"]) == 0
    value: dict[str, Any] = json.loads(capsys.readouterr().err)
    assert [stage["name"] for stage in value["stages"]] == ["read", "script", "plan"]


def test_print_and_stop(folder: Path, shell: list[str], capsys: CAPTURE) -> None:
    write("a.clef", "echo one\necho two")
    assert run(["check", "--print", "script:two", "--stop-after", "script", "a.clef"]) == 0
    assert capsys.readouterr().out == "echo two\n"
    assert run(["run", "--stop-after", "plan", "a.clef"]) == 0
    assert capsys.readouterr().out == ""


def test_emit(folder: Path, shell: list[str], capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    write("a.clef", "echo one")
    assert run(["build", "--emit", "tokens", "a.clef"]) == 0
    assert capfdbinary.readouterr().out == b"#!/bin/sh\necho one\n"
    assert run(["build", "--emit", "tokens", "-o", "out/tokens.txt", "a.clef"]) == 0
    assert Path("out/tokens.txt").read_text() == "#!/bin/sh\necho one\n"


def test_build(folder: Path, shell: list[str], capsys: CAPTURE) -> None:
    write("a.clef", "exit 0")
    assert run(["build", "a.clef"]) == 0
    assert os.access("a", os.X_OK)
    assert "built a (0.0 kB) in " in capsys.readouterr().err
    assert run(["build", "a.clef", "-o", "x/y"]) == 0
    assert os.access("x/y", os.X_OK)
    write("p/p.fidproj", '[package]\nname = "p"\n[build]\nsources = ["m.clef"]\noutput = "q"\n')
    write("p/m.clef", "exit 0")
    assert run(["build", "p"]) == 0
    assert os.access("p/build/q", os.X_OK)
    assert run(["build", "a.clef", "-o", "a.clef/x"]) == 2


def test_new_makes_a_project_that_loads(folder: Path, capsys: CAPTURE) -> None:
    from clef.project.loading import load, read_sources

    assert run(["new", "my-app"]) == 0
    assert "cd my-app && clef run" in capsys.readouterr().out
    loaded = load("my-app")
    assert loaded.diagnostics == [] and loaded.project is not None
    assert loaded.project.name == "my-app"
    sources, found = read_sources(loaded)
    assert len(sources) == 2 and found == []
    assert Path("my-app/.gitignore").read_text() == "build/\n"
    assert not [path for path in Path("my-app").rglob("*") if "template" in path.name]
    assert run(["test", "my-app"]) == 0
    assert "1 passed, 0 failed" in capsys.readouterr().err
    assert run(["new", "my-app"]) == 2


@pytest.mark.parametrize(
    ("template", "words", "shown"),
    [
        ("library", ["test"], "1 passed, 0 failed"),
        ("actors", ["run"], "the-app: 55"),
        ("wasm", ["run"], "fibonacci 20 = 6765"),
        ("console", ["run"], "Hello, the-app!"),
    ],
)
def test_projects_of_all_templates_run(
    folder: Path, template: str, words: list[str], shown: str
) -> None:
    made = folder / "the-app"
    assert run(["new", str(made), "--template", template]) == 0
    command = [sys.executable, "-m", "clef", *words]
    done = subprocess.run(command, cwd=made, env=_clef(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert shown in done.stdout + done.stderr


def test_a_project_for_python_is_called_from_it(folder: Path) -> None:
    made = folder / "the-app"
    assert run(["new", str(made), "--template", "python"]) == 0
    for words, shown in (
        (["main.py"], "add: 5\nmean: 3.0\n"),
        (["-m", "clef", "build", "--kind", "python"], ""),
    ):
        done = subprocess.run(
            [sys.executable, *words], cwd=made, env=_clef(), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout == shown
    assert list((made / "build").glob("*.whl"))


def test_every_template_is_tried() -> None:
    from clef.command_line.commands.new import template_names

    assert template_names() == ["actors", "console", "embedded", "library", "python", "wasm"]


def _clef() -> dict[str, str]:
    """The environment in which this compiler is started."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent.parent)}


def test_explain(capsys: CAPTURE) -> None:
    assert run(["explain", "e0806"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("error[E0806] project syntax\n") and "\nExample:\n" in text
    assert run(["explain"]) == 0
    assert "\nproject:\n  E0801  file not found\n" in capsys.readouterr().out


def test_targets(capsys: CAPTURE) -> None:
    assert run(["targets"]) == 0
    assert "wasm32-wasi" in capsys.readouterr().out
    assert run(["targets", "--json"]) == 0
    value: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert {"aarch64-linux", "riscv64-linux"} <= {target["name"] for target in value["targets"]}


def test_doctor(folder: Path, capsys: CAPTURE) -> None:
    assert run(["doctor"]) in (0, 3)
    assert "cache" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_completion(name: str, capsys: CAPTURE) -> None:
    assert run(["completion", name]) == 0
    assert "_CLEF_COMPLETE" in capsys.readouterr().out


PROJECT = '[package]\nname = "p"\n[build]\nsources = ["lib.clef", "main.clef"]\n'


def test_test_runs_programs_and_compares(folder: Path, shell: list[str], capsys: CAPTURE) -> None:
    write("p.fidproj", PROJECT)
    write("lib.clef", "word=hello")
    write("main.clef", "exit 9")
    program = "echo $word; cat; echo $1 >&2; exit 3"
    marks = "//> hello\n//> in\n//< in\n//@ 'a b'\n//2> a b\n//! exit 3\n"
    # A test's own marks are no comments to the shell, so that they stand behind its end.
    write("tests/good.clef", f"{program}\n{marks}")
    write("tests/deep/bad.clef", "echo no\nexit 0\n//> yes\n")
    write("tests/deep/broken.clef", "ERROR\n//> yes\n")
    write("tests/data.clef", "exit 0\n")
    assert run(["test"]) == 1
    text = capsys.readouterr().err
    assert "passed tests/good.clef" in text
    assert "FAILED tests/deep/bad.clef" in text and "expected 'yes'" in text
    assert "FAILED tests/deep/broken.clef" in text and "it does not compile" in text
    assert "data.clef" not in text
    assert "1 passed, 2 failed" in text
    assert run(["test", "--filter", "good"]) == 0
    assert run(["test", "--filter", "nothing"]) == 2
