"""Core programs as text, for people and for snapshots.

Comes in: a program or a function. Goes out: lines. Promises: the same program gives the same text
(node ids are not shown; locals are named and numbered by their first appearance); bindings of a
block stand under each other, whatever their number.
"""

from __future__ import annotations

from clef.typed_core import core
from clef.typed_core.core import Constant, Expression, Function, Local, MonoType, Program
from clef.typed_core.shapes import display


class _Printer:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names: dict[Local, str] = {}
        self.taken: dict[str, int] = {}

    def name(self, local: Local) -> str:
        found = self.names.get(local)
        if found is None:
            base = local.name or "_"
            count = self.taken.get(base, 0)
            self.taken[base] = count + 1
            found = base if count == 0 and local.name else f"{base}{count + 1}"
            self.names[local] = found
        return found

    def line(self, depth: int, text: str) -> None:
        self.lines.append("  " * depth + text)

    def block(self, depth: int, node: Expression) -> None:
        """A chain of `let`s, then what it ends in."""
        while isinstance(node, core.Let):
            self.binding(depth, node)
            node = node.body
        self.tail(depth, node)

    def binding(self, depth: int, node: core.Let) -> None:
        value = node.value
        is_unit = node.local.type.symbol.endswith(".Unit")
        word = "mutable" if node.local.is_mutable else "let"
        if is_unit and not node.local.name:
            head = "do"
        else:
            head = f"{word} {self.name(node.local)}: {display(node.local.type)} ="
        if is_inline(value):
            self.line(depth, f"{head} {self.inline(value)}")
        else:
            self.line(depth, head)
            self.block(depth + 1, value)

    def tail(self, depth: int, node: Expression) -> None:
        match node:
            case core.If():
                self.line(depth, f"if {self.inline(node.condition)} then")
                self.block(depth + 1, node.then)
                self.line(depth, "else")
                self.block(depth + 1, node.otherwise)
            case core.Switch():
                self.switch(depth, node)
            case core.Join():
                self.join(depth, node)
            case core.TryWith():
                self.line(depth, "try")
                self.block(depth + 1, node.body)
                self.line(depth, f"with {self.name(node.local)}")
                self.block(depth + 1, node.handler)
            case _:
                self.line(depth, self.inline(node))

    def switch(self, depth: int, node: core.Switch) -> None:
        self.line(depth, f"switch {node.on} {self.inline(node.scrutinee)}")
        for key, branch in node.branches:
            shown = display(node.types[key]) if node.on == "kind" else str(key)
            self.line(depth, f"| {shown}")
            self.block(depth + 1, branch)
        if node.default is not None:
            self.line(depth, "| _")
            self.block(depth + 1, node.default)

    def join(self, depth: int, node: core.Join) -> None:
        word = "loop" if node.is_loop else "join"
        parameters = ", ".join(self.parameter(local) for local in node.parameters)
        self.line(depth, f"{word} {node.label.name}#{node.label.id}({parameters})")
        self.block(depth + 1, node.continuation)
        self.line(depth, "in")
        self.block(depth + 1, node.body)

    def parameter(self, local: Local) -> str:
        return f"{self.name(local)}: {display(local.type)}"

    def inlines(self, nodes: list[core.Variable | core.Literal]) -> str:
        return ", ".join(self.inline(node) for node in nodes)

    def inline(self, node: Expression) -> str:
        """A node without nested blocks, on one line."""
        match node:
            case core.Variable():
                return self.name(node.local)
            case core.Literal():
                return _literal(node)
            case core.Assign():
                return f"{self.name(node.local)} <- {self.inline(node.value)}"
            case core.GlobalRead():
                return f"global {node.symbol}"
            case core.GlobalWrite():
                return f"global {node.symbol} <- {self.inline(node.value)}"
            case core.Call():
                return f"{node.function}({self.inlines(node.arguments)})"
            case core.CallClosure():
                return f"apply {self.inline(node.function)}({self.inlines(node.arguments)})"
            case core.MakeClosure():
                return f"closure {node.function}[{self.inlines(node.captures)}]"
            case core.Primitive():
                types = ", ".join(map(display, node.type_arguments))
                shown = f"<{types}>" if types else ""
                return f"%{node.operation}{shown}({self.inlines(node.arguments)})"
            case core.Construct():
                case = f".{node.case}" if node.case >= 0 else ""
                return f"new {display(node.type)}{case}({self.inlines(node.arguments)})"
            case core.Project():
                case = f"{node.case}." if node.case >= 0 else ""
                return f"{self.inline(node.value)}.{case}{node.index}"
            case core.SetField():
                case = f"{node.case}." if node.case >= 0 else ""
                return f"{self.inline(node.object)}.{case}{node.index} <- {self.inline(node.value)}"
            case core.Jump():
                return f"jump {node.label.name}#{node.label.id}({self.inlines(node.arguments)})"
            case core.Raise():
                return f"raise {self.inline(node.exception)}"
            case _:
                return f"<{type(node).__name__}>"


def is_inline(node: Expression) -> bool:
    return not isinstance(node, core.Let | core.If | core.Switch | core.Join | core.TryWith)


def _literal(node: core.Literal) -> str:
    return _value(node.value, node.type)


def _value(value: object, type: MonoType) -> str:
    if value is None:
        return "()" if type.symbol.endswith(".Unit") else "null"
    if isinstance(value, str):
        return '"' + value.encode("unicode_escape").decode("ascii").replace('"', '\\"') + '"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Constant):
        case = f"#{value.case}" if value.case >= 0 else ""
        fields = ", ".join(_value(held, type) for type, held in value.fields)
        return f"constant{case}({fields})"
    return str(value)


def print_function(function: Function) -> str:
    """One function."""
    printer = _Printer()
    parameters = [printer.parameter(local) for local in function.parameters]
    if function.capture_count:
        captured = ", ".join(parameters[: function.capture_count])
        parameters = [f"[{captured}]", *parameters[function.capture_count :]]
    head = f"{function.name}({', '.join(parameters)}): {display(function.result)} ="
    printer.line(0, head)
    printer.block(1, function.body)
    return "\n".join(printer.lines)


def _type(type: MonoType, program: Program) -> str:
    shape = program.shapes[type]
    parts: list[str] = []
    if shape.cases:
        for case in shape.cases:
            fields = ", ".join(f"{f.name}: {display(f.type)}" for f in case.fields)
            parts.append(f"{case.name}({fields})" if fields else case.name)
        return f"type {display(type)} = {shape.kind} {' | '.join(parts)}"
    fields = ", ".join(f"{f.name}: {display(f.type)}" for f in shape.fields)
    return f"type {display(type)} = {shape.kind} {{ {fields} }}"


def print_program(program: Program, with_library: bool = True) -> str:
    """All functions, dispatchers and globals, sorted by the order they were made."""
    parts: list[str] = []
    for type in program.shapes:
        if program.shapes[type].kind in ("record", "union", "class", "exception"):
            parts.append(_type(type, program))
    for value in program.globals.values():
        word = "mutable" if value.is_mutable else "let"
        parts.append(f"global {word} {value.symbol}: {display(value.type)}")
    for dispatcher in program.dispatchers.values():
        lines = [f"dispatcher {dispatcher.name}"]
        lines += [f"  | {display(type)} -> {name}" for type, name in dispatcher.targets]
        parts.append("\n".join(lines))
    for function in program.functions.values():
        if with_library or not _is_library(function.name):
            parts.append(print_function(function))
    return "\n\n".join(parts) + "\n"


def _is_library(name: str) -> bool:
    return name.startswith(("Microsoft.FSharp.", "System."))
