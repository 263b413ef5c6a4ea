"""Which allocation sites make values that outlive their function.

Comes in: the program. Goes out: `escaping` sites. Promises: a site that is not listed makes a value
that is only looked at (`Project`, branches, borrowing operands) inside the function that made it.
First cut: whatever is stored, passed, captured, returned or assigned escapes.
"""

from __future__ import annotations

from clef.coeffects.tables import Analysis, Coeffects
from clef.semantic_graph import Graph
from clef.typed_core.core import (
    Construct,
    Expression,
    Function,
    Let,
    Literal,
    MakeClosure,
    Primitive,
    Program,
    Project,
    Switch,
    Variable,
    children,
)
from clef.typed_core.primitives import PRIMITIVES


def _looked_at(node: Expression) -> set[int]:
    """Ids of the operand nodes that a node only looks at."""
    match node:
        case Project():
            return {node.value.id}
        case Switch():
            return {node.scrutinee.id}
        case Primitive():
            info = PRIMITIVES.get(node.operation)
            if info is None or info.borrows_result:
                return set()
            return {
                operand.id
                for operand, mode in zip(node.arguments, info.ownership, strict=False)
                if mode == "b"
            }
        case _:
            return set()


def _sites(function: Function) -> tuple[dict[int, int], set[int]]:
    """Site of each local that names a fresh value, and the ids of the locals that get away."""
    sites: dict[int, int] = {}
    escaped: set[int] = set()
    stack: list[Expression] = [function.body]
    while stack:
        node = stack.pop()
        harmless = _looked_at(node)
        for child in children(node):
            if isinstance(child, Variable):
                if child.id not in harmless:
                    escaped.add(child.local.id)
            elif not isinstance(child, Literal):
                stack.append(child)
        if isinstance(node, Variable):
            escaped.add(node.local.id)
        if isinstance(node, Let) and isinstance(node.value, Construct | MakeClosure):
            sites[node.local.id] = node.value.id
        elif isinstance(node, Construct | MakeClosure):
            sites.setdefault(-1 - node.id, node.id)
    return sites, escaped


def run(program: Program, graph: Graph, tables: Coeffects) -> None:
    """Mark the sites of every function."""
    for function in program.functions.values():
        sites, escaped = _sites(function)
        kept = {site for local, site in sites.items() if local >= 0 and local not in escaped}
        for site in sites.values():
            if site not in kept:
                tables.escaping.add((function.name, site))


def show(tables: Coeffects) -> str:
    """The escaping sites, sorted."""
    return "".join(f"escapes: {name}#{node}\n" for name, node in sorted(tables.escaping))


ANALYSIS = Analysis("escape", (), run, show)
