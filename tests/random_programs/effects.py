"""Kinds of statements of random programs: what waits, ends early or cleans up.

In: a block that is being written. Out: its next lines. Promises: as in `statements`.
"""

from __future__ import annotations

from tests.random_programs.patterns import draw_pattern
from tests.random_programs.statements import Block, condition, nested, statement
from tests.random_programs.types import INT, STRING, Type, list_of


@nested
def matching(b: Block) -> None:
    """`match` with blocks."""
    over = b.g.type(1, comparable=True)
    b.line(f"match {b.value(over, 2)} with")
    for total in (False, True):
        pattern, bound = draw_pattern(b.g, over, 2, total)
        guard = f" when {condition(b)}" if not total and b.g.chance.likely(30) else ""
        b.line(f"| {pattern}{guard} ->")
        with b.inner(False, *bound):
            b.statements(2)


@nested
def using(b: Block) -> None:
    """`use` in a block."""
    b.line("do")
    with b.inner():
        b.line(f"use {b.g.fresh()} = new Held({b.g.number(0, 9)})")
        b.statements()


@nested
def waiting(b: Block) -> None:
    """A delayed value with effects, of which all but the first request see the same."""
    name, kind = b.g.fresh(), b.g.type(1, comparable=True)
    b.line(f"let {name} =")
    b.line("    lazy (")
    with b.inner(True, ending=""):
        b.indent += 1
        b.line("note 3 ()")
        b.statements(2)
        b.line(f"{b.value(kind)})")
        b.indent -= 1
    for _ in range(b.g.number(0, 2)):
        target = b.declared("mutable", kind)
        b.line(f"{target.name} <- {name}.Force()")


@nested
def asynchronous(b: Block) -> None:
    """`async` with bindings, loops and handlers."""
    kind, name, i = b.g.type(1, comparable=True), b.g.fresh(), b.g.fresh()
    b.line(f"let {name} : Async<{kind}> =")
    b.line("    async {")
    with b.inner(True, ending=""):
        b.indent += 1
        b.line(f"let! {i} = async {{ return {b.value(INT)} }}")
        with b.inner_scope((i, INT)):
            b.statements(2)
            b.line(f"for {i} in 0 .. {b.g.number(0, 3)} do")
            with b.inner():
                b.line("do! async { return () }")
                b.statements(1)
            b.line("try")
            with b.inner(ending=""):
                b.line(f'if {condition(b)} then failwith "no"')
                b.line(f"return {b.value(kind)}")
            b.line(f"with _ -> return {b.value(kind)}")
        b.indent -= 1
    b.line("    }")
    target = b.declared("mutable", kind)
    b.line(f"{target.name} <- Async.RunSynchronously {name}")


@nested
def publishing(b: Block) -> None:
    """An event with handlers."""
    name, x, kind = b.g.fresh(), b.g.fresh(), b.g.type(1, comparable=True)
    b.line(f"let {name} = Event<{kind}>()")
    for _ in range(b.g.number(0, 2)):
        b.line(f"{name}.Publish.Add(fun {x} ->")
        with b.inner(True, (x, kind), ending="())"):
            b.line("spend ()")
            b.statements(2)
    for _ in range(b.g.number(1, 2)):
        b.line(f"{name}.Trigger({b.value(kind)})")


@nested
def walking(b: Block) -> None:
    """An enumerator that is moved by hand."""
    item, name = b.g.type(1, comparable=True), b.g.fresh()
    target = b.declared("mutable", item)
    b.line("do")
    with b.inner():
        b.line(f"use {name} = ({b.value(list_of(item), 2)} :> seq<_>).GetEnumerator()")
        b.line(f"while {name}.MoveNext() do")
        with b.inner():
            b.line("spend ()")
            b.line(f"{target.name} <- {name}.Current")
            b.statements(1)


@statement
def in_place(b: Block) -> None:
    """Functions that change an array."""
    place = b.some("array")
    name = place.name
    b.line(
        b.g.pick(
            f"Array.fill {name} 0 (min 1 {name}.Length) {b.value(place.item)}",
            f"Array.sortInPlace {name}",
            f"Array.blit {name} 0 {name} ({name}.Length / 2) ({name}.Length / 2)",
            f"Array.Reverse({name})",
            f"{name}.[..0] <- [| {b.value(place.item)} |]",
            f"Array.sortInPlaceBy (fun x -> note 4 (hash (compare x x))) {name}",
        )
    )


@statement
def spelling(b: Block) -> None:
    """Characters and parts of a text."""
    target, text = b.declared("mutable", STRING), b.g.fresh()
    name = target.name
    b.line(f"let {text} = clip {b.value(STRING)}")
    b.line(
        b.g.pick(
            f"for c in {text} do {name} <- string c + {name}",
            f"for i in {text}.Length - 1 .. -1 .. 0 do {name} <- {name} + {text}.[i..i]",
            f"if {text}.Length > 1 then {name} <- {text}.[1..] + {text}.[..0]",
            f"{name} <- String.map (fun c -> if c = 'a' then 'b' else c) {text}",
        )
    )
    b.line(f"{name} <- clip {name}")


@nested
def looking_for(b: Block) -> None:
    """A local function that calls itself, with places outside."""
    name, n, kind = b.g.fresh(), b.g.fresh(), Type("int")
    b.line(f"let rec {name} ({n}: int) : int =")
    with b.inner(True, (n, kind), ending=""):
        b.line("spend ()")
        b.statements(2)
        last = b.g.pick(
            f"{name} ({n} - 1)", f"{n} + {name} ({n} - 2)", f"max {n} ({name} ({n} - 1))"
        )
        b.line(f"if {n} <= 0 then {b.value(INT)} else {last}")
    target = b.declared("mutable", INT)
    b.line(f"{target.name} <- {name} {b.g.number(0, 4)}")
