"""Typed trees as text, for snapshots and `--print`.

Comes in: definitions, expressions, patterns. Goes out: indented text in which everything implicit
shows: type arguments, coercions,
chosen overloads. Promises: the same tree gives the same text; locals show their ids only where two
share a name.
"""

from __future__ import annotations

from clef.inference import typed_tree as typed
from clef.inference.type_text import show
from clef.inference.types import Type

_STEP = "  "


def print_typed_file(file: typed.TypedFile) -> str:
    """All definitions of a file."""
    return "\n\n".join(print_definition(one) for one in file.definitions.values()) + "\n"


def print_definition(definition: typed.Definition) -> str:
    """One definition: its head with types, then its body."""
    generic = ""
    if definition.type_parameters:
        generic = "<" + ", ".join("'" + p.name for p in definition.type_parameters) + ">"
    flags = "inline " if definition.is_inline else "mutable " if definition.is_mutable else ""
    parameters = "".join(f" ({pattern_text(p)}: {show(p.type)})" for p in definition.parameters)
    head = f"{flags}{definition.symbol}{generic}{parameters} : {show(definition.result_type)}"
    if definition.intrinsic is not None:
        return f"{head} = intrinsic {definition.intrinsic}"
    if definition.external is not None:
        return f"{head} = external {'/'.join(definition.external)}"
    return head + " =\n" + _Printer().block(definition.body, 1)


def expression_text(node: typed.Expression) -> str:
    """One expression, on as many lines as it needs."""
    return _Printer().block(node, 0)


def _types(types: tuple[Type, ...]) -> str:
    return "<" + ", ".join(show(t) for t in types) + ">" if types else ""


# Patterns -----------------------------------------------------------------------------------------


def pattern_text(node: typed.Pattern | None) -> str:
    """A pattern on one line."""
    match node:
        case None:
            return ""
        case typed.WildcardPattern():
            return "_"
        case typed.VariablePattern(local=local):
            return local.name
        case typed.AsPattern(left=left, right=right):
            return f"({pattern_text(left)} as {pattern_text(right)})"
        case typed.OrPattern(left=left, right=right):
            return f"({pattern_text(left)} | {pattern_text(right)})"
        case typed.AndPattern(items=items):
            return "(" + " & ".join(pattern_text(i) for i in items) + ")"
        case typed.LiteralPattern(value=value):
            return "()" if value is None else repr(value)
        case typed.TuplePattern(items=items):
            return "(" + ", ".join(pattern_text(i) for i in items) + ")"
        case typed.RecordPattern(fields=fields):
            return "{" + "; ".join(f"{i} = {pattern_text(p)}" for i, p in fields) + "}"
        case typed.CasePattern(case=case, arguments=items):
            return _with_arguments(case.rpartition(".")[2], items)
        case typed.ExceptionPattern(symbol=symbol, arguments=items):
            return _with_arguments(symbol.rpartition(".")[2], items)
        case typed.ArrayPattern(items=items):
            return "[|" + "; ".join(pattern_text(i) for i in items) + "|]"
        case typed.TypeTestPattern(tested=tested, inner=inner):
            test = f":? {show(tested)}"
            return test if inner is None else f"({test} as {pattern_text(inner)})"
        case typed.NullPattern():
            return "null"
        case typed.ActivePattern(identity=identity, index=index, inner=inner):
            return f"(recogniser {identity} {index} {pattern_text(inner)})"
        case _:
            return type(node).__name__


def _with_arguments(name: str, items: list[typed.Pattern]) -> str:
    return f"{name}({', '.join(pattern_text(i) for i in items)})" if items else name


# Expressions --------------------------------------------------------------------------------------


class _Printer:
    """Short nodes go on one line, others open an indented block."""

    __slots__ = ()

    def block(self, node: typed.Expression, depth: int) -> str:
        """A node at an indentation."""
        pad = _STEP * depth
        lines = self.lines(node)
        return "\n".join(pad + line for line in lines)

    def inside(self, nodes: list[typed.Expression]) -> list[str]:
        return [_STEP + line for node in nodes for line in self.lines(node)]

    def group(self, head: str, *nodes: typed.Expression | None) -> list[str]:
        """A head with its parts, on one line when they are short."""
        parts = [self.lines(node) for node in nodes if node is not None]
        if all(len(part) == 1 for part in parts):
            line = " ".join([head, *(f"({p[0]})" if " " in p[0] else p[0] for p in parts)])
            if len(line) < 90:
                return [line]
        return [head, *[_STEP + line for part in parts for line in part]]

    def rules(self, rules: list[typed.MatchRule]) -> list[str]:
        lines: list[str] = []
        for rule in rules:
            lines.append(f"| {pattern_text(rule.pattern)}")
            if rule.guard is not None:
                lines += [_STEP + line for line in self.group("when", rule.guard)]
            lines += [_STEP * 2 + line for line in self.lines(rule.body)]
        return lines

    def lines(self, node: typed.Expression) -> list[str]:
        """The lines of a node."""
        match node:
            case typed.Literal(value=value):
                return ["()" if value is None else repr(value)]
            case typed.LocalReference(local=local, type_arguments=arguments):
                return [local.name + _types(arguments)]
            case typed.GlobalReference(symbol=symbol, type_arguments=arguments):
                return [symbol + _types(arguments)]
            case typed.Lambda(parameters=parameters, body=body):
                head = "fun " + " ".join(pattern_text(p) for p in parameters) + " ->"
                return self.group(head, body)
            case typed.Application(function=function, arguments=arguments_):
                return self.group("apply", function, *arguments_)
            case typed.Let():
                return self.let(node)
            case typed.Use(local=local, value=value_, body=body):
                return [*self.group(f"use {local.name} =", value_), *self.lines(body)]
            case typed.Sequential(items=items):
                return [line for item in items for line in self.lines(item)]
            case typed.If(condition=condition, then=then, otherwise=otherwise):
                return [
                    *self.group("if", condition),
                    *self.inside([then]),
                    "else",
                    *self.inside([otherwise]),
                ]
            case typed.Match(scrutinee=scrutinee, rules=rules):
                return [*self.group("match", scrutinee), *self.rules(rules)]
            case typed.TryWith(body=body, rules=rules):
                return ["try", *self.inside([body]), "with", *self.rules(rules)]
            case typed.TryFinally(body=body, finalizer=finalizer):
                return ["try", *self.inside([body]), "finally", *self.inside([finalizer])]
            case typed.While(condition=condition, body=body):
                return [*self.group("while", condition), *self.inside([body])]
            case typed.ForTo(local=local, start=start, finish=finish, is_down=down, body=body):
                word = "downto" if down else "to"
                return [
                    *self.group(f"for {local.name} {word}", start, finish),
                    *self.inside([body]),
                ]
            case typed.ForIn(pattern=pattern, collection=collection, body=body):
                head = f"for {pattern_text(pattern)} in"
                return [*self.group(head, collection), *self.inside([body])]
            case _:
                return self.other(node)

    def let(self, node: typed.Let) -> list[str]:
        lines: list[str] = []
        for binding in node.bindings:
            parameters = "".join(f" {pattern_text(p)}" for p in binding.parameters)
            word = "let rec" if node.is_recursive else "let"
            head = f"{word} {pattern_text(binding.pattern)}{parameters} ="
            lines += self.group(head, binding.body)
        return [*lines, *self.lines(node.body)]

    def other(self, node: typed.Expression) -> list[str]:
        """Objects, calls and data."""
        match node:
            case typed.MethodCall(symbol=symbol, object=target, arguments=arguments):
                return self.group(f"call {symbol}{_types(node.type_arguments)}", target, *arguments)
            case typed.VirtualCall(slot=slot, object=target, arguments=arguments):
                types = _types(node.method_type_arguments)
                return self.group(f"virtual {slot}{types}", target, *arguments)
            case typed.TraitCall(supports=supports, member=member, arguments=arguments):
                return self.group(f"trait {_types(supports)}.{member.name}", *arguments)
            case typed.New(constructor=constructor, arguments=arguments):
                return self.group(f"new {show(node.type)} by {constructor}", *arguments)
            case typed.Coerce(value=value):
                return self.group(f"coerce {show(node.type)}", value)
            case typed.Downcast(value=value):
                return self.group(f"downcast {show(node.type)}", value)
            case typed.TypeTest(value=value, tested=tested):
                return self.group(f"is {show(tested)}", value)
            case typed.UnionConstruction(case=case, arguments=arguments):
                return self.group(case.rpartition(".")[2], *arguments)
            case typed.ExceptionConstruction(symbol=symbol, arguments=arguments):
                return self.group(f"exception {symbol}", *arguments)
            case typed.Hole():
                return ["hole"]
            case typed.FieldFix(object=target, index=index, value=value):
                return self.group(f"fill {index}", target, value)
            case typed.Tuple(items=items):
                return self.group("tuple", *items)
            case typed.ArrayLiteral(items=items):
                return self.group("array", *items)
            case typed.RecordConstruction(fields=fields):
                return self.group(f"record {show(node.type)}", *[v for _, v in fields])
            case typed.RecordCopy(source=source, fields=fields):
                indices = " ".join(str(i) for i, _ in fields)
                return self.group(f"copy with {indices}", source, *[v for _, v in fields])
            case typed.FieldGet(object=target, field=name):
                return self.group(f"field {name}", target)
            case typed.FieldSet(object=target, field=name, value=value):
                return self.group(f"set field {name}", target, value)
            case typed.LocalSet(local=local, value=value):
                return self.group(f"set {local.name}", value)
            case typed.GlobalSet(symbol=symbol, value=value):
                return self.group(f"set {symbol}", value)
            case typed.Comprehension(kind=kind, body=body):
                return [f"{kind} of {show(node.element)}", *self.inside([body])]
            case typed.Yield(value=value):
                return self.group("yield", value)
            case typed.YieldAll(values=value):
                return self.group("yield!", value)
            case typed.FormatLiteral(parts=parts) | typed.InterpolatedString(parts=parts):
                return self.format(parts)
            case typed.ObjectExpression(members=members):
                lines = [f"object {show(node.type)}"]
                for one in members:
                    parameters = " ".join(pattern_text(p) for p in one.parameters)
                    lines.append(f"{_STEP}{one.slot} {parameters} =")
                    lines += [_STEP * 2 + line for line in self.lines(one.body)]
                return lines
            case typed.SourcePlace(kind=kind):
                return [f"{kind} of the call"]
            case typed.TypeName(kind=kind, subject=subject):
                return [f"{kind} of {show(subject)}"]
            case _:
                from clef.inference.checker import children

                return self.group(type(node).__name__, *children(node))

    def format(self, parts: list[typed.FormatPart]) -> list[str]:
        texts = [repr(p.text) if not p.specifier else f"%{p.specifier}" for p in parts]
        arguments = [p.argument for p in parts if p.argument is not None]
        return self.group("format " + " ".join(texts), *arguments)
