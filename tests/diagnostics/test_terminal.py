"""What people see."""

from __future__ import annotations

import inspect

from hypothesis import given
from hypothesis import strategies as st

from clef.diagnostics import Label
from clef.diagnostics.look import ASCII, COLOURS, Look
from clef.diagnostics.terminal import render
from clef.source import SourceFile, Span
from tests.diagnostics.findings import Finding, span_of

ORDERS = SourceFile(
    "src/orders.clef",
    """module Orders

let limit = 3
let f total =
    if total > limit then
\ttotal * 0.9<discount>
    else "free" + "日本" + x

let g x =
    match x with
    | A -> 1
    | B -> 2
    | C -> 3
    | D -> 4
    | E -> 5
    | F -> 6
    | G -> "x"
""",
)
OTHER = SourceFile("other.clef", "let x = 1\n")
SOURCES = {ORDERS.path: ORDERS, OTHER.path: OTHER}


def shown(finding: Finding, look: Look | None = None, explained: bool = False) -> str:
    return render(finding, SOURCES, look or Look(), explained)


def expect(finding: Finding, text: str, look: Look | None = None) -> None:
    assert shown(finding, look) == inspect.cleandoc(text) + "\n"


def at(text: str, remark: str = "", primary: bool = True, number: int = 1) -> Label:
    return Label(span_of(ORDERS, text, number), remark, primary)


def finding(*labels: Label) -> Finding:
    return Finding(labels[0].span, marks=labels)


def test_everything_at_once() -> None:
    one = Finding(
        span_of(ORDERS, '"free"'),
        marks=(
            at('"free"', "this is a `string`"),
            at("if", "the whole `if` is expected to be `Money`", False),
        ),
        facts=("found      string", "expected   float<EUR>"),
        advice="parse the text first, or return `0.0<EUR>`",
    )
    text = """
    error[E0312]: these two branches have different types
       ╭─ src/orders.clef:7:10
       │
     5 │     if total > limit then
       │     ── the whole `if` is expected to be `Money`
     6 │     total * 0.9<discount>
     7 │     else "free" + "日本" + x
       │          ^^^^^^ this is a `string`
       │
       = found      string
       = expected   float<EUR>
       hint: parse the text first, or return `0.0<EUR>`
       more: clef explain E0312
    """
    assert shown(one, explained=True) == inspect.cleandoc(text) + "\n"


def test_several_labels_on_one_line_hang_below_each_other() -> None:
    expect(
        finding(at('"日本"', "right"), at('"free"', "left", False), at("+", "operator", False)),
        """
        error[E0312]: these two branches have different types
           ╭─ src/orders.clef:7:19
           │
         7 │     else "free" + "日本" + x
           │          ────── ─ ^^^^^^ right
           │          │      │
           │          │      operator
           │          left
        """,
    )


def test_labels_at_the_same_place() -> None:
    expect(
        finding(at("limit", "one"), at("limit", "two", False)),
        """
        error[E0312]: these two branches have different types
           ╭─ src/orders.clef:3:5
           │
         3 │ let limit = 3
           │     ^^^^^
           │     │
           │     two
           │     one
        """,
    )


def test_a_label_in_another_file() -> None:
    expect(
        finding(at("limit", "used here"), Label(OTHER.span(4, 5), "defined here", False)),
        """
        error[E0312]: these two branches have different types
           ╭─ src/orders.clef:3:5
           │
         3 │ let limit = 3
           │     ^^^^^ used here
           │
           ├─ other.clef:1:5
           │
         1 │ let x = 1
           │     ─ defined here
        """,
    )


def test_brackets_over_several_lines() -> None:
    whole = span_of(ORDERS, "match").to(span_of(ORDERS, '"x"'))
    branch = span_of(ORDERS, "if").to(span_of(ORDERS, '"free"'))
    expect(
        finding(Label(whole, "all of this"), Label(branch, "and this", False)),
        """
        error[E0312]: these two branches have different types
           ╭─ src/orders.clef:10:5
           │
         5 │ ╭       if total > limit then
         6 │ │       total * 0.9<discount>
         7 │ │       else "free" + "日本" + x
           │ ╰────────────────── and this
         8 │
         9 │     let g x =
        10 │   ╭     match x with
        11 │   │     | A -> 1
        ·· │   │
        16 │   │     | F -> 6
        17 │   │     | G -> "x"
           │   ╰──────────────^ all of this
        """,
    )


def test_a_bracket_that_begins_within_a_line() -> None:
    expect(
        finding(Label(span_of(ORDERS, "x =").to(span_of(ORDERS, "| A")), "this")),
        """
        error[E0312]: these two branches have different types
           ╭─ src/orders.clef:9:7
           │
         9 │   let g x =
           │ ╭───────^
        10 │ │     match x with
        11 │ │     | A -> 1
           │ ╰───────^ this
        """,
    )


def test_the_end_of_the_file() -> None:
    end = len(ORDERS.text)
    expect(
        finding(Label(ORDERS.span(end, end), "something is missing here")),
        """
        error[E0312]: these two branches have different types
           ╭─ src/orders.clef:17:15
           │
        17 │     | G -> "x"
           │               ^ something is missing here
        """,
    )


def test_a_place_without_text() -> None:
    nowhere = Finding(Span("", 0, 0), what="there is no target `x`", advice="use `native`")
    assert shown(nowhere) == "error[E0312]: there is no target `x`\n   hint: use `native`\n"
    unread = Finding(Span("gone.clef", 0, 0), what="there is no file `gone.clef`")
    assert shown(unread) == "error[E0312]: there is no file `gone.clef`\n   ╭─ gone.clef\n"


def test_plain_letters_where_the_encoding_has_no_boxes() -> None:
    look = Look(charset=ASCII, encoding="ascii")
    text = shown(finding(at('"日本"', "das ist für später"), at("+", "two", False)), look)
    assert text.isascii()
    assert "--> src/orders.clef:7:19" in text


def test_colour_only_when_asked() -> None:
    one = finding(at("limit", "one"))
    assert "\x1b" not in shown(one)
    coloured = shown(one, Look(palette=COLOURS))
    assert "\x1b[1;31m^^^^^\x1b[0m" in coloured
    assert coloured.count("\x1b[0m") * 2 == coloured.count("\x1b[")


def test_source_and_messages_cannot_steer_the_terminal() -> None:
    source = SourceFile("evil\x1b.clef", "let x = \x1b[2J\n")
    one = Finding(source.span(0, 3), what="a\x1b[0m", marks=(Label(source.span(0, 3), "\x07"),))
    assert "\x1b" not in render(one, {source.path: source}, Look())


TEXTS = st.text(alphabet="ab \t\n\r日é\u0301\x1b", max_size=60)


@given(
    TEXTS, st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70), st.booleans()), max_size=5)
)
def test_any_labels_on_any_text(text: str, spans: list[tuple[int, int, bool]]) -> None:
    source = SourceFile("a.clef", text)
    labels = tuple(
        Label(source.span(min(a, b), max(a, b)), f"remark {i}", primary)
        for i, (a, b, primary) in enumerate(spans)
    )
    one = Finding(labels[0].span if labels else source.span(0, 0), marks=labels)
    result = render(one, {"a.clef": source}, Look(width=40))
    for index in range(len(labels)):
        assert f"remark {index}" in result
    assert all(line == line.rstrip() for line in result.split("\n"))
