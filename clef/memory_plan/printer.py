"""The plan as text: layouts, kinds, then each function's ownership operations.

Comes in: a `Plan`. Goes out: text. Promises: the same plan gives the same text.
"""

from __future__ import annotations

from clef.memory_plan.plan import ENVIRONMENT, FunctionPlan, Layout, Plan, Word


def print_plan(plan: Plan) -> str:
    """Everything."""
    lines = [print_layout(layout) for layout in plan.layouts.values()]
    lines += [
        f"kind {kind.number}: {kind.name} {kind.form} size {kind.size} "
        f"references {list(kind.counted)}"
        for kind in list(plan.kinds.values())[1:]
    ]
    for function in plan.functions.values():
        lines += print_function(function)
    return "\n".join(lines) + "\n"


def _words(words: tuple[Word, ...]) -> str:
    return " ".join(("&" if word.counted else "") + word.type.lstrip("!") for word in words)


def print_layout(layout: Layout) -> str:
    """One line: the form, the words and the cells."""
    text = f"layout {layout.type}: {layout.form} [{_words(layout.words)}]"
    for case, cell in sorted(layout.cells.items()):
        text += f" cell {case}: kind {cell.kind} size {cell.size}"
    return text


def _name(plan: FunctionPlan, identity: int) -> str:
    if identity == ENVIRONMENT:
        return "environment"
    if identity in plan.tokens:
        return f"block of {plan.tokens[identity]}%{identity}"
    local = plan.locals.get(identity)
    return f"{local.name if local is not None else ''}%{identity}"


def print_function(plan: FunctionPlan) -> list[str]:
    """The tables of one function, a line an entry."""
    sign = plan.signature
    lines = [f"function {plan.function} ({_words(sign.parameters)}) -> ({_words(sign.results)})"]
    if plan.entry:
        lines.append("  entry: drop " + ", ".join(_name(plan, item) for item in plan.entry))
    for title, table in (
        ("before", plan.before),
        ("between", plan.between),
        ("after", plan.after),
        ("exceptional", plan.exceptional),
    ):
        for node, dropped in sorted(table.items()):
            names = ", ".join(_name(plan, item) for item in dropped)
            lines.append(f"  {title} {node}: drop {names}")
    for title, nodes in (
        ("duplicate", plan.duplicate),
        ("keep", plan.keep),
        ("unused", plan.unused),
        ("tail calls", plan.tail_calls),
    ):
        if nodes:
            lines.append(f"  {title}: " + ", ".join(map(str, sorted(nodes))))
    for node, take in sorted(plan.takes.items()):
        fields = ", ".join(f"{index} to {_name(plan, local.id)}" for index, local in take.moved)
        given = f", {_name(plan, plan.gives[node])}" if node in plan.gives else ""
        lines.append(f"  take {node}: {_name(plan, take.local.id)} apart, {fields}{given}")
    for node, token in sorted(plan.reuses.items()):
        lines.append(f"  reuse {node}: {_name(plan, token)}")
    if plan.borrowed_parameters:
        listed = ", ".join(map(str, sorted(plan.borrowed_parameters)))
        lines.append(f"  borrowed parameters: {listed}")
    if plan.borrowed:
        lines.append(
            "  borrowed: " + ", ".join(_name(plan, item) for item in sorted(plan.borrowed))
        )
    return lines
