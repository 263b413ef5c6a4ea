"""What stages print, and what their checkers say.

Comes in: the product of one stage, and perhaps the name of a function. Goes out: text for `--print`
and `--emit`, or complaints for `--check-stages`. Promises: the same product gives the same text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from clef.source import SourceFile

if TYPE_CHECKING:
    from clef.backends import Artifacts
    from clef.checking import CheckedProgram
    from clef.mlir.planned import Planned
    from clef.semantic_graph import Graph
    from clef.syntax.tokens import LaidOutTokens
    from clef.syntax.tree import File
    from clef.typed_core.core import Program


def print_typed(checked: CheckedProgram, only: str) -> str:
    """The type of every definition; of one function, if asked, its whole typed tree."""
    from clef.inference.type_text import show_scheme
    from clef.printing import print_node

    lines: list[str] = []
    for unit in checked.units:
        for symbol, value in unit.values.items():
            if not only:
                lines.append(f"val {symbol}: {show_scheme(value.scheme)}")
        for symbol, definition in unit.definitions.items():
            if only and names(symbol, only):
                lines.append(print_node(definition))
    return "\n".join(lines) + "\n"


def names(symbol: str, only: str) -> bool:
    """Whether the user may have meant this symbol by `only`."""
    bare = symbol.partition("<")[0]
    return bare == only or bare.endswith("." + only)


def check_typed(checked: CheckedProgram) -> list[str]:
    """What is wrong with the typed trees."""
    from clef.inference.checker import check_typed_file
    from clef.inference.typed_tree import TypedFile

    return [
        complaint
        for unit in checked.units
        for complaint in check_typed_file(TypedFile("", dict(unit.definitions), {}, []))
    ]


def print_core(program: Program, only: str) -> str:
    """The user's functions in the core language, or all that have the name asked for."""
    from clef.typed_core.printer import print_function, print_program

    if not only:
        return print_program(program, with_library=False)
    chosen = [f for name, f in program.functions.items() if names(name, only)]
    return "\n\n".join(map(print_function, chosen)) + "\n"


def check_core(program: Program) -> list[str]:
    """What is wrong with a core program."""
    from clef.typed_core.checker import check

    return check(program)


def print_graph(graph: Graph, only: str) -> str:
    """The program graph."""
    from clef.semantic_graph import print_graph as print_edges

    return print_edges(graph, (lambda name: names(name, only)) if only else None)


def print_planned(planned: Planned, only: str) -> str:
    """The plan as text, or that of the functions that have the name asked for."""
    from clef.memory_plan.printer import print_function, print_layout, print_plan

    plan = planned.plan
    if not only:
        return print_plan(plan)
    chosen = [one for one in plan.functions.values() if names(one.function, only)]
    types = {local.type for one in chosen for local in one.locals.values()}
    lines = [print_layout(layout) for type, layout in plan.layouts.items() if type in types]
    return "\n".join([*lines, *[line for one in chosen for line in print_function(one)]]) + "\n"


_MLIR_FUNCTION = re.compile(
    r'^  llvm\.func [^\n]*?@"(?P<name>[^"]+)"[^\n]*\{\n.*?^  \}\n?', re.M | re.S
)


def print_mlir(text: str, only: str) -> str:
    """The program in MLIR, or the functions that have the name asked for."""
    if not only:
        return text
    found = _MLIR_FUNCTION.finditer(text)
    return "\n".join(one[0] for one in found if names(one["name"], only))


def print_sources(sources: Sequence[SourceFile], only: str) -> str:
    """The files with their sizes."""
    return "\n".join(
        f"{source.path}: {len(source.line_starts)} lines, {len(source.text)} characters"
        for source in sources
    )


def print_tokens(files: Sequence[tuple[SourceFile, LaidOutTokens]], only: str) -> str:
    """A line for every token: place, kind, text. The offside rule's own tokens have no text."""
    lines: list[str] = []
    for source, laid_out in files:
        lines.append(f"{source.path}:")
        starts, ends = laid_out.tokens.starts, laid_out.tokens.ends
        real = laid_out.tokens.kinds
        for kind, place in zip(laid_out.kinds, laid_out.places, strict=True):
            line, column = source.position(starts[place])
            text = source.text[starts[place] : ends[place]] if kind == real[place] else ""
            shown = f"{kind}  {text!r}" if text and text != kind else kind
            lines.append(f"{line:>5}:{column:<4} {shown}")
    return "\n".join(lines)


def print_trees(trees: Sequence[File], only: str) -> str:
    """Every syntax tree."""
    from clef.syntax.printer import print_tree

    return "\n".join(print_tree(tree) for tree in trees)


def print_llvm(artifacts: Artifacts, only: str) -> str:
    """LLVM's intermediate language, optimised if the build is."""
    return artifacts.optimised_llvm or artifacts.llvm


def print_assembly(artifacts: Artifacts, only: str) -> str:
    """Assembly."""
    return artifacts.assembly


def print_anything(product: object, only: str) -> str:
    """Whatever has no printer of its own."""
    from clef.printing import print_node

    return print_node(product, only)
