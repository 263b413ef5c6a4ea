"""`module rec` and `namespace rec`: types and values that know each other, whatever their order.

Comes in: the declarations of a recursive module, with the modules inside it. Goes out: checked
types and values. Promises: literals are checked first, one after the other, because patterns need
what they are; then the values that members of types use, then the members and all others, so that
types are known where they are used; module-level values are initialised in the order of the source,
or when they are first asked for.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.data_classes import dataclass, field
from clef.inference.attributes import has_attribute
from clef.inference.captures import mentioned_values
from clef.inference.state import Checker
from clef.inference.type_definitions import check_types
from clef.inference.type_shells import Home
from clef.inference.unification import lower_levels
from clef.names import ResolvedFile
from clef.names.entities import ValueResolution
from clef.syntax import tree

Bind = Callable[[list[tree.Binding], dict[tree.Node, Home]], None]
Declare = Callable[[tree.Declaration], None]
Arrange = Callable[[list[tree.Binding], int], None]


@dataclass(slots=True)
class _Contents:
    """All declarations in order; `homes` says where each stands."""

    types: list[tree.TypeDefinition | tree.ExceptionDeclaration] = field(
        default_factory=list["tree.TypeDefinition | tree.ExceptionDeclaration"]
    )
    bindings: list[tree.Binding] = field(default_factory=list[tree.Binding])
    others: list[tree.Declaration] = field(default_factory=list[tree.Declaration])
    homes: dict[tree.Node, Home] = field(default_factory=dict[tree.Node, Home])


def check_recursive(
    c: Checker,
    file: ResolvedFile,
    nodes: list[tree.Declaration],
    bind: Bind,
    declare: Declare,
    arrange: Arrange,
) -> None:
    """Types, values, then `do` and other declarations. `arrange` decides what is computed when."""
    contents = _Contents()
    outer: Home = (c.module, c.opened)
    _gather(c, file, nodes, contents)
    c.module, c.opened = outer
    first = len(c.file.initialisations)
    literals = [b for b in contents.bindings if has_attribute(b.attributes, "Literal")]
    early, late = _by_need(c, contents, literals)
    groups = [*([one] for one in literals), *([early] if early else [])]

    def before() -> None:
        c.level += 1  # types of members that are open still are not the values' own
        for group in groups:
            bind(group, contents.homes)
        c.level -= 1
        for one in early:
            _keep_open(c, one)

    if contents.types:
        check_types(c, contents.types, contents.homes, before if groups else None)
    else:
        before()
    if late:
        bind(late, contents.homes)
    for node in contents.others:
        c.module, c.opened = contents.homes[node]
        declare(node)
    c.module, c.opened = outer
    added = c.file.initialisations[first:]
    added.sort(key=lambda one: c.file.definitions[one.symbol].span.start)
    c.file.initialisations[first:] = added
    arrange(contents.bindings, first)


def _keep_open(c: Checker, binding: tree.Binding) -> None:
    """What a value shares with members that are not checked yet is nothing in which these could
    be generic."""
    symbol = _symbol(c, binding)
    value = c.value_named(symbol) if symbol is not None else None
    if value is not None:
        lower_levels(c, value.scheme.type, c.level)
        c.kept_open.append((value.scheme, binding.head.span))


def _symbol(c: Checker, binding: tree.Binding) -> str | None:
    if not isinstance(binding.head, tree.NameHead):
        return None
    resolution = c.table.get(binding.head.name)
    return resolution.entity.symbol if isinstance(resolution, ValueResolution) else None


def _gather(
    c: Checker, file: ResolvedFile, nodes: list[tree.Declaration], contents: _Contents
) -> None:
    for node in nodes:
        c.opened = file.opened.get(node, c.opened)
        home: Home = (c.module, c.opened)
        match node:
            case tree.TypesDeclaration(types=types):
                contents.types.extend(types)
                contents.homes.update(dict.fromkeys(types, home))
            case tree.ExceptionDeclaration() if node in file.types:
                contents.types.append(node)
                contents.homes[node] = home
            case tree.LetDeclaration(bindings=bindings):
                contents.bindings.extend(bindings)
                contents.homes.update(dict.fromkeys(bindings, home))
            case tree.ModuleDeclaration():
                entity = file.modules.get(node)
                if entity is not None:
                    c.module = entity.symbol
                    if entity.access != "public":
                        c.hidden_modules.append((entity.symbol, entity.access))
                _gather(c, file, node.declarations, contents)
                c.module = home[0]
            case _:
                contents.others.append(node)
                contents.homes[node] = home


def _by_need(
    c: Checker, contents: _Contents, literals: list[tree.Binding]
) -> tuple[list[tree.Binding], list[tree.Binding]]:
    """The bindings that members of the types need, directly or not, and the others; of both those
    that are no literals."""
    bindings = [one for one in contents.bindings if one not in literals]
    if not contents.types:
        return [], bindings
    by_symbol: dict[str, tree.Binding] = {}
    for binding in bindings:
        symbol = _symbol(c, binding)
        if symbol is not None:
            by_symbol[symbol] = binding
    needed: set[tree.Binding] = set()
    waiting: list[object] = list(contents.types)
    while waiting:
        for symbol in mentioned_values([waiting.pop()]):
            wanted = by_symbol.get(symbol)
            if wanted is not None and wanted not in needed:
                needed.add(wanted)
                waiting.append(wanted)
    early = [one for one in bindings if one in needed]
    return early, [one for one in bindings if one not in needed]
