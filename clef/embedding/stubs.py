"""Type stubs for Clef modules.

Comes in: the description of a module. Goes out: the text of a `.pyi` file. Promises: the types are
those that the functions accept and give.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

_HEAD = """\
# Written by `clef stubs`.
import decimal
import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from typing_extensions import Buffer

class ClefException(Exception):
    type_name: str
    place: str
"""
_SIMPLE = {
    "int": "int",
    "float": "float",
    "bool": "bool",
    "char": "str",
    "text": "str",
    "unit": "None",
    "bytes": "bytes",
    "integer": "int",
    "decimal": "decimal.Decimal",
}


def stub_text(description: Mapping[str, Any]) -> str:
    """The whole stub. Types have the fields of their first instance; generic ones say `Any`."""
    lines = [_HEAD]
    for name, told in description["classes"].items():
        lines += _class(name, told, _instances(description, name))
    root = description["root"]
    inner: dict[str, list[str]] = {}
    for told in description["values"]:
        _place(lines, inner, root, told, [f"{told['name']}: {result(told['result'])}"])
    for told in description["functions"]:
        _place(lines, inner, root, told, _function(told))
    for name, members in inner.items():
        lines += [f"class {name}:", *(f"    {one}" for one in members), ""]
    return "\n".join(lines).rstrip() + "\n"


def _place(
    lines: list[str],
    inner: dict[str, list[str]],
    root: str,
    told: Mapping[str, Any],
    text: Sequence[str],
) -> None:
    """Put a definition where it belongs; what stands in inner modules becomes static members."""
    path = str(told["symbol"]).rpartition(".")[0]
    if path == root:
        lines += text
        return
    name = path.removeprefix(f"{root}.").replace(".", "_")
    is_function = text[0].startswith("def")
    inner.setdefault(name, []).extend([*(["@staticmethod"] if is_function else []), *text])


def _instances(description: Mapping[str, Any], name: str) -> list[Any]:
    """The types of the fields, for each type that the class stands for."""
    found: dict[str, Any] = {}

    def walk(told: Any) -> None:
        if isinstance(told, list):
            parts = cast(Any, told)
            if len(parts) == 3 and parts[0] in ("record", "union") and parts[1] == name:
                found.setdefault(parts[2], description["named"][parts[2]])
            for one in parts:
                walk(one)

    for one in [*description["functions"], *description["values"]]:
        walk([one["result"], *(part for _, part in one["parameters"])])
    for one in description["named"].values():
        walk(one)
    return list(found.values())


def _class(name: str, told: Mapping[str, Any], instances: list[Any]) -> list[str]:
    if told["kind"] == "enum":
        values = [f"    {member} = {value}" for member, value in told["values"].items()]
        return [f"class {name}(enum.IntEnum):", *(values or ["    ..."]), ""]
    if told["kind"] == "record":
        types = _types(len(told["fields"]), instances)
        return [*_dataclass(name, told["fields"], types, "", ""), ""]
    lines = [f"class {name}:"]
    for index, (case, fields) in enumerate(told["cases"]):
        types = _types(len(fields), [one[index] for one in instances])
        if fields:
            lines += _dataclass(case, fields, types, f"({name})", "    ")
        else:
            lines.append(f"    {case}: {name}")
    return [*lines, ""]


def _types(count: int, instances: list[Any]) -> list[str]:
    if not instances:
        return ["Any"] * count
    columns = [[result(one[index]) for one in instances] for index in range(count)]
    return [column[0] if len(set(column)) == 1 else "Any" for column in columns]


def _dataclass(
    name: str, fields: Sequence[str], types: Sequence[str], base: str, margin: str
) -> list[str]:
    listed = [f"{margin}    {one}: {type}" for one, type in zip(fields, types, strict=True)]
    head = [f"{margin}@dataclass(frozen=True)", f"{margin}class {name}{base}:"]
    return [*head, *(listed or [f"{margin}    ..."])]


def _function(told: Mapping[str, Any]) -> list[str]:
    listed = ", ".join(f"{name}: {argument(one)}" for name, one in told["parameters"])
    head = f"def {told['name']}({listed}) -> {result(told['result'])}:"
    if not told["documentation"]:
        return [f"{head} ..."]
    text = told["documentation"].replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return [head, *(f"    {line}".rstrip() for line in f'"""{text}"""'.split("\n"))]


def argument(told: Sequence[Any]) -> str:
    """The type that a parameter accepts."""
    match told[0]:
        case "packed":
            return argument(told[1])
        case "numbers":
            return f"Buffer | Sequence[{argument(told[1])}]"
        case "span" | "read_only_span":
            return "Buffer"
        case "callback":
            listed = ", ".join(result(one) for one in told[1])
            return f"Callable[[{listed}], {argument(told[2])}]"
        case "option":
            return f"{argument(told[1])} | None"
        case "list" | "sequence" | "array" | "set":
            return f"Iterable[{argument(told[1])}]"
        case "map":
            return f"Mapping[{argument(told[1])}, {argument(told[2])}]"
        case "tuple":
            return f"tuple[{', '.join(argument(one) for one in told[1])}]"
        case "enum" | "record" | "union":
            return str(told[1])
        case kind:
            return _SIMPLE[kind]


def result(told: Sequence[Any]) -> str:
    """The type that a function gives."""
    match told[0]:
        case "packed":
            return result(told[1])
        case "numbers":
            return "Any"
        case "option":
            return f"{result(told[1])} | None"
        case "list" | "sequence" | "array":
            return f"list[{result(told[1])}]"
        case "set":
            return f"set[{result(told[1])}]"
        case "map":
            return f"dict[{result(told[1])}, {result(told[2])}]"
        case "tuple":
            return f"tuple[{', '.join(result(one) for one in told[1])}]"
        case _:
            return argument(told)
