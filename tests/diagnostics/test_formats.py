"""What programs read: short, JSON, SARIF, GitHub."""

from __future__ import annotations

import json
from typing import Any

from clef.diagnostics import Fix, Label
from clef.diagnostics.arrangement import Counts
from clef.diagnostics.look import ASCII, COLOURS, Look, look_of, wants_colour
from clef.diagnostics.report import closing, messages, summary
from clef.source import SourceFile, Span
from tests.diagnostics.findings import Finding, Remark

SOURCE = SourceFile("src/a b.clef", "let é = 1\nlet y = é + x\n")
SOURCES = {SOURCE.path: SOURCE}


def one() -> Finding:
    span = SOURCE.span(22, 23)
    return Finding(
        span,
        what="there is no value `x`",
        marks=(Label(span, "this name"), Label(SOURCE.span(4, 5), "not this", False)),
        facts=("100% sure",),
        advice="did you mean `y`?",
        mends=(Fix("write `y`", ((span, "y"),), safe=True),),
    )


def as_text(style: str, *findings: Finding) -> str:
    return messages(findings, SOURCES, style, Look(), version="1.2.3")


def test_short() -> None:
    assert as_text("short", one()) == "src/a b.clef:2:13: E0312: there is no value `x`\n"


def test_json_is_one_object_a_line() -> None:
    lines = as_text("json", one(), one()).splitlines()
    assert len(lines) == 1
    value: dict[str, Any] = json.loads(lines[0])
    assert value["version"] == 1 and value["kind"] == "diagnostic"
    assert value["place"] == {
        "path": "src/a b.clef",
        "start": {"offset": 22, "line": 2, "column": 13},
        "end": {"offset": 23, "line": 2, "column": 14},
    }
    assert [label["primary"] for label in value["labels"]] == [True, False]
    assert value["fixes"][0]["edits"][0]["replacement"] == "y"
    assert value["hint"] == "did you mean `y`?"


def test_json_without_a_place() -> None:
    value: dict[str, Any] = json.loads(as_text("json", Finding(Span("", 0, 0))))
    assert value["place"] is None


def test_json_summary() -> None:
    value: dict[str, Any] = json.loads(closing([one()], 3, "json", Look(), 0.25))
    assert value == {
        "version": 1, "kind": "summary", "errors": 1, "warnings": 0, "files": 3, "seconds": 0.25,
    }  # fmt: skip


def test_sarif_has_what_the_standard_requires() -> None:
    log: dict[str, Any] = json.loads(as_text("sarif", one(), Remark(SOURCE.span(0, 3))))
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    driver = run["tool"]["driver"]
    assert driver["name"] == "clef" and driver["version"] == "1.2.3"
    assert [rule["id"] for rule in driver["rules"]] == ["E0312", "W0401"]
    assert {result["level"] for result in run["results"]} == {"error", "warning"}
    for result in run["results"]:
        assert result["message"]["text"]
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "src/a%20b.clef"
        region = place["region"]
        assert (region["startLine"], region["startColumn"]) <= (
            region["endLine"],
            region["endColumn"],
        )
    fix = next(r for r in run["results"] if r["level"] == "error")["fixes"][0]
    replacement = fix["artifactChanges"][0]["replacements"][0]
    assert replacement["insertedContent"] == {"text": "y"}


def test_sarif_of_nothing_is_a_log_without_results() -> None:
    log: dict[str, Any] = json.loads(as_text("sarif"))
    assert log["runs"][0]["results"] == []


def test_github_escapes() -> None:
    line = as_text("github", one())
    assert line.startswith("::error file=src/a b.clef,line=2,col=13,endLine=2,endColumn=14,")
    assert "title=E0312%3A there is no value `x`::" in line
    assert line.endswith("this name%0A100%25 sure%0Ahint: did you mean `y`?\n")
    assert line.count("\n") == 1


def test_the_same_finding_twice_is_one_message() -> None:
    assert as_text("short", one(), one()).count("\n") == 1


def test_one_message_for_one_piece_of_source() -> None:
    first = Finding(SOURCE.span(0, 3), what="first")
    text = as_text("short", first, Finding(SOURCE.span(0, 3), what="second"))
    assert "first" in text and "second" not in text


def test_messages_are_ordered_by_place() -> None:
    late, early = Finding(SOURCE.span(12, 13), what="late"), Remark(SOURCE.span(0, 3), what="early")
    text = as_text("short", late, early)
    assert text.index("early") < text.index("late")


def test_the_limit_keeps_errors_and_counts_the_rest() -> None:
    text = "x" * 100
    source = SourceFile("a.clef", text)
    findings: list[Finding] = [Remark(source.span(i, i + 1), what=f"w{i}") for i in range(50)]
    findings += [Finding(source.span(i, i + 1), what=f"e{i}") for i in range(50, 60)]
    shown = messages(findings, {"a.clef": source}, "short", Look(), limit=10)
    assert [line.split()[-1] for line in shown.splitlines()[:10]] == [
        f"e{i}" for i in range(50, 60)
    ]
    assert "50 more messages not shown; --limit 0 shows all" in shown
    assert len(messages(findings, {}, "short", Look(), limit=0).splitlines()) == 60


def test_the_explanation_is_offered_once_for_each_code() -> None:
    text = as_text("human", Finding(SOURCE.span(0, 3)), Finding(SOURCE.span(10, 13), what="more"))
    assert text.count("clef explain E0312") == 1


def test_the_closing_line() -> None:
    assert summary(Counts(3, 1), 41, 0.38, Look()) == (
        "3 errors, 1 warning · checked 41 files in 0.38 s\n"
    )
    assert summary(Counts(0, 0), 1, 0.1, Look()) == "no errors · checked 1 file in 0.10 s\n"
    assert summary(Counts(1, 0), 1, 0.1, Look(charset=ASCII)).isascii()


class Stream:
    """Just enough of an output stream."""

    def __init__(self, encoding: str, terminal: bool) -> None:
        self.encoding = encoding
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


def test_colours_follow_option_then_variables_then_terminal() -> None:
    assert wants_colour("always", False, {"NO_COLOR": "1"})
    assert not wants_colour("never", True, {"FORCE_COLOR": "1"})
    assert not wants_colour("auto", True, {"NO_COLOR": "1", "FORCE_COLOR": "1"})
    assert wants_colour("auto", False, {"FORCE_COLOR": "1"})
    assert wants_colour("auto", True, {"TERM": "xterm"})
    assert not wants_colour("auto", True, {"TERM": "dumb"})
    assert not wants_colour("auto", False, {})


def test_the_look_suits_the_stream() -> None:
    latin = look_of(Stream("latin-1", False), "auto", {})  # type: ignore[arg-type]
    assert latin.charset is ASCII and latin.palette == {}
    terminal = look_of(Stream("utf-8", True), "auto", {"TERM": "xterm"})  # type: ignore[arg-type]
    assert terminal.charset is not ASCII and terminal.palette is COLOURS
