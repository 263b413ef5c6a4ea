"""Random well-typed programs, for comparing the compiler with the reference and with itself.

In: seeds, or decisions written down before. Out: the text of an F# program that prints what it
computes, one program or many packed into modules. Promises: the same seed gives the same text;
every program is accepted by F#, ends by itself, and does nothing whose result F# leaves open.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.random_programs import changes, controls, effects, makings
from tests.random_programs.chance import Chance
from tests.random_programs.generator import Function, Generator
from tests.random_programs.statements import procedure
from tests.random_programs.types import (
    INT,
    Declared,
    Type,
    draw_type,
    list_of,
    option_of,
    show_function,
    shower,
)

HEADER = (Path(__file__).parent / "header.fs").read_text(encoding="utf-8")
SHAPES = (changes, controls, effects, makings)
"""Imported for what they register."""


def packed(seeds: Iterable[int]) -> str:
    """One source with the programs of many seeds, each a module named by its seed."""
    return HEADER + "".join(module(f"P{seed}", Chance(seed)) for seed in seeds)


def single(chance: Chance) -> str:
    """One program by itself."""
    return HEADER + module("P", chance)


def module(name: str, chance: Chance) -> str:
    """A module that declares types and functions and prints what the functions give."""
    generator = Generator(chance)
    lines = [f"\nmodule {name} ="]
    lines += _declarations(generator)
    for index in range(1 + (generator.chance.below(4) == 3)):
        function = _signature(generator, f"f{index}")
        lines.append("    " + _definition(generator, function))
        generator.functions.append(function)
        lines += [f"    {_call(generator, function, name)}" for _ in range(2)]
    if generator.chance.likely(15):
        written, parameters = procedure(generator, "s")
        lines += [*written, *(_called(generator, "s", parameters, name) for _ in range(2))]
    return "\n".join(lines) + "\n"


def _declarations(g: Generator) -> list[str]:
    lines: list[str] = []
    for index in range(g.number(0, 2)):
        declared = _record(g, index) if g.chance.likely(50) else _union(g, index)
        lines.append(f"    type {declared.text()}")
        g.world.declared[declared.type.name] = declared
        lines.append(f"    let rec {show_function(declared)}")
    return lines


def _record(g: Generator, index: int) -> Declared:
    name = f"R{index}"
    fields = [
        (f"{label}{index}", draw_type(g.chance, g.world, 2, comparable=True))
        for label in "abcd"[: g.number(1, 4)]
    ]
    return Declared(Type(name), {name: fields}, True, g.chance.likely(25))


def _union(g: Generator, index: int) -> Declared:
    name = f"U{index}"
    struct = g.chance.likely(25)
    cases: dict[str, list[tuple[str, Type]]] = {}
    labels = iter(f"{letter}{index}" for letter in "mnopqrstuvw")
    for case in "KLMN"[: g.number(1, 4)]:
        count = g.number(0, 2)
        drawn = [draw_type(g.chance, g.world, 1, comparable=True) for _ in range(count)]
        if cases and not struct and g.chance.likely(40):
            drawn.append(g.chance.one_of((Type(name), list_of(Type(name)), option_of(Type(name)))))
        cases[f"{case}{index}"] = [(next(labels), kind) for kind in drawn]
    return Declared(Type(name), cases, False, struct)


def _signature(g: Generator, name: str) -> Function:
    parameters = tuple(g.type() for _ in range(g.number(1, 3)))
    return Function(name, parameters, g.type(), g.chance.likely(30))


def _definition(g: Generator, function: Function) -> str:
    named = [(f"p{i}", kind) for i, kind in enumerate(function.parameters)]
    written = [f"{name}: {kind}" for name, kind in named]
    inner = ", ".join(written) if function.tupled else ") (".join(written)
    head = f"({inner}) : {function.result}"
    if not g.chance.likely(30):
        with g.under(*named):
            return f"let {function.name} {head} = {g.expression(function.result, 3)}"
    return _recursive(g, function, named, head)


def _recursive(g: Generator, f: Function, named: list[tuple[str, Type]], head: str) -> str:
    """A function that calls itself while a number, its first parameter, is not used up."""
    f.parameters = (INT, *f.parameters)
    start = f"let rec {f.name} (n: int" + (", " + head[1:] if f.tupled else ") " + head)
    calls_itself = Function(f.name + "'", f.parameters[1:], f.result, f.tupled)
    with g.under(*named, ("n", INT)):
        base = g.expression(f.result, 1)
        g.functions.append(calls_itself)
        body = g.expression(f.result, 2)
        g.functions.pop()
        given = [g.expression(kind, 1) for kind in calls_itself.parameters]
    step = f.call(["(n - 1)" if not f.tupled else "n - 1", *given])
    again = "fun (" + ") (".join(f"q{i}: {k}" for i, k in enumerate(calls_itself.parameters))
    names = [f"q{i}" for i in range(len(given))]
    if f.tupled:
        again = "fun (" + ", ".join(f"q{i}: {k}" for i, k in enumerate(calls_itself.parameters))
    recursion = f.call(["(n - 1)" if not f.tupled else "n - 1", *names])
    last = g.pick("body", "step")
    chosen = body if last == "body" else step
    return (
        f"{start} = spend (); if n <= 0 || n > 4 then {base} else "
        f"let {f.name}' = {again}) -> {recursion} in {chosen}"
    )


def _call(g: Generator, function: Function, name: str) -> str:
    arguments = [g.expression(kind, 1) for kind in function.parameters]
    if function.parameters[0] == INT and g.chance.likely(60):
        arguments[0] = str(g.number(1, 4))
    shown = f"{shower(function.result)} ({function.call(arguments)})"
    return f'attempt "{name}.{function.name}" (fun () -> {shown})'


def _called(g: Generator, procedure: str, parameters: list[Type], name: str) -> str:
    arguments = " ".join(g.expression(kind, 1) for kind in parameters)
    return f'    attempt "{name}.{procedure}" (fun () -> {procedure} {arguments})'
