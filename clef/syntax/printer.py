"""The syntax tree as text, for snapshots and for people.

Comes in: any node. Goes out: one expression in parentheses for each node: the name of its class,
then its fields in order. Promises: equal trees print equally; spans, absent fields and flags that
are off are left out; what fits on a line is on one.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, cast

from clef.syntax import tree
from clef.syntax.traversal import field_names

_WIDTH: Final = 100
_PLAIN: Final[tuple[object, ...]] = (tree.ApplicationForm.PLAIN, tree.Dispatch.PLAIN)


def _constant(node: tree.Constant) -> str:
    text = repr(node.value)
    if node.kind is tree.LiteralKind.UNIT:
        text = "()"
    measure = f" {_flat(node.measure)}" if node.measure is not None else ""
    return f"({node.kind.value}{node.suffix} {text}{measure})"


def _leaf(value: object) -> str | None:
    """The text of what has no parts; None for what has."""
    if isinstance(value, tree.Name):
        return value.text if value.text.isidentifier() else repr(value.text)
    if isinstance(value, tree.LongName):
        return ".".join(_leaf(part) or "" for part in value.parts)
    if isinstance(value, tree.Constant):
        return _constant(value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tree.Node | tree.TypeParameters | list):
        return None
    return repr(value)


def _parts(value: object) -> tuple[str, list[tuple[str, object]], str]:
    """The opening, the labelled parts and the closing of a node or list."""
    if isinstance(value, list):
        items = cast(list[object], value)
        return "[", [("", item) for item in items], "]"
    assert isinstance(value, tree.Node | tree.TypeParameters)
    parts: list[tuple[str, object]] = []
    for name in field_names(value):
        field: object = getattr(value, name)
        if field is None or field is False or field == [] or field in _PLAIN:
            continue
        if field is True:
            parts.append((name.removeprefix("is_"), None))
        elif isinstance(field, Enum | str | int):
            parts.append((name + "=", field))
        else:
            parts.append(("", field))
    return "(" + type(value).__name__, parts, ")"


def _flat(value: object) -> str:
    leaf = _leaf(value)
    if leaf is not None:
        return leaf
    opening, parts, closing = _parts(value)
    texts = [label if part is None else label + _flat(part) for label, part in parts]
    if opening == "[":
        return "[" + " ".join(texts) + "]"
    return opening + "".join(" " + text for text in texts) + closing


def _indented(value: object, indent: int, lines: list[str], label: str) -> None:
    """Add the lines of a value; what does not fit on one line has one part on each."""
    pad = "  " * indent + label
    leaf = _leaf(value)
    if leaf is None and _length(value, _WIDTH - len(pad)) >= 0:
        leaf = _flat(value)
    if leaf is not None:
        lines.append(pad + leaf)
        return
    opening, parts, closing = _parts(value)
    lines.append(pad + opening)
    for name, part in parts:
        if part is None:
            lines.append("  " * (indent + 1) + name)
        else:
            _indented(part, indent + 1, lines, name)
    lines[-1] += closing


def _length(value: object, limit: int) -> int:
    """What is left of `limit` after printing flat; negative as soon as it does not fit, which
    bounds the work."""
    leaf = _leaf(value)
    if leaf is not None:
        return limit - len(leaf)
    opening, parts, _ = _parts(value)
    limit -= len(opening) + 1
    for label, part in parts:
        if limit < 0:
            return -1
        limit -= 1 + len(label)
        if part is not None:
            limit = _length(part, limit)
    return limit


def print_tree(node: tree.Node) -> str:
    """The whole tree as text, ending with a newline."""
    lines: list[str] = []
    if isinstance(node, tree.File):
        for declaration in node.declarations:
            _indented(declaration, 0, lines, "")
    else:
        _indented(node, 0, lines, "")
    return "\n".join(lines) + "\n"
