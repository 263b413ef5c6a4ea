"""Which cells can be parts of a circle, which counting of references does not give back.

Comes in: a program and its graph. Goes out: `Cycles`: types, closures and partial applications
whose cells can be in a circle, and the types whose references can lead to such a cell. Promises: a
circle of cells needs a place that was set after its cell was made (`stores.py`) within one strongly
connected component of the types; what is not listed is never in a circle. Immutable lists, trees
and records of immutable things are not listed.
"""

from __future__ import annotations

from collections.abc import Iterable

from clef.data_classes import dataclass, field
from clef.memory_plan.stores import FieldKey, Late, find_late
from clef.semantic_graph import Graph
from clef.semantic_graph.components import strongly_connected
from clef.typed_core.core import MonoType, Primitive, Program
from clef.typed_core.nodes import nodes

Thing = MonoType | str | tuple[MonoType, int]
"""A type, the name of a closure's function, or a partial application: the function's type and how
many arguments it has got.
"""


@dataclass(slots=True)
class Cycles:
    """`things`: whose cells can be in a circle; `references`: types whose references can lead to
    one.
    """

    things: set[Thing] = field(default_factory=set["Thing"])
    references: set[MonoType] = field(default_factory=set[MonoType])


@dataclass(slots=True)
class _Web:
    """`parts`: what a cell holds; `kinds`: what a value of a type can be. `fields`, `elements`: the
    parts that stand in places which can be set.
    """

    program: Program
    parts: dict[Thing, list[Thing]] = field(default_factory=dict["Thing", "list[Thing]"])
    kinds: dict[Thing, list[Thing]] = field(default_factory=dict["Thing", "list[Thing]"])
    fields: dict[FieldKey, MonoType] = field(default_factory=dict["FieldKey", "MonoType"])
    elements: dict[MonoType, MonoType] = field(default_factory=dict["MonoType", "MonoType"])


def find_cycles(program: Program, graph: Graph) -> Cycles:
    """Look at the whole program; most have no such types, which is found quickly."""
    web = _Web(program)
    for type in program.shapes:
        _add_type(web, type)
    _add_subtypes(web)
    _add_objects(web, graph)
    _add_functions(web, graph)
    everything = {*web.parts, *web.kinds}
    successors = {one: [*web.parts.get(one, ()), *web.kinds.get(one, ())] for one in everything}
    ordered = sorted(everything, key=_order)
    components = strongly_connected(ordered, {one: successors[one] for one in ordered})
    home = {one: number for number, group in enumerate(components) for one in group}
    circular = {n for n, group in enumerate(components) if _is_circular(group, successors)}
    late = _late(web, graph, home, circular)
    wanted = {home[owner] for owner in _owners(web, late, home)}
    cycles = Cycles({one for one, number in home.items() if number in wanted})
    _find_references(web, cycles)
    return cycles


def _order(thing: Thing) -> tuple[int, int, str]:
    if isinstance(thing, MonoType):
        return (0, thing.id, "")
    if isinstance(thing, tuple):
        return (1, thing[0].id, str(thing[1]))
    return (2, 0, thing)


def _is_circular(group: list[Thing], successors: dict[Thing, list[Thing]]) -> bool:
    return len(group) > 1 or group[0] in successors[group[0]]


# The web of types ---------------------------------------------------------------------------------


def _add_type(web: _Web, type: MonoType) -> None:
    parts: list[Thing] = web.parts.setdefault(type, [])
    shape = web.program.shapes[type]
    if type.form in ("tuple", "struct_tuple") or type.form.endswith("anonymous"):
        parts.extend(type.arguments)
    elif shape.kind == "union":
        for case, item in enumerate(shape.cases):
            for index, one in enumerate(item.fields):
                parts.append(one.type)
                web.fields[type, case, index] = one.type
    elif shape.kind == "builtin" and shape.builtin == "array":
        element = shape.element or type.arguments[0]
        parts.append(element)
        web.elements[type] = element
    elif shape.kind == "function" and shape.element is not None:
        web.kinds.setdefault(type, []).append(shape.element)
    else:
        for index, one in enumerate(shape.fields):
            parts.append(one.type)
            web.fields[type, -1, index] = one.type


def _add_subtypes(web: _Web) -> None:
    for type, shape in web.program.shapes.items():
        for ancestor in shape.ancestors:
            web.kinds.setdefault(ancestor, []).append(type)


def _add_objects(web: _Web, graph: Graph) -> None:
    """An object can be whatever becomes one."""
    program = web.program
    objects = [t for t, s in program.shapes.items() if s.builtin == "object"]
    if not objects:
        return
    found: dict[MonoType, None] = dict(program.live)
    for name, facts in graph.facts.items():
        if facts.primitives.isdisjoint(("box", "cast")):
            continue
        for node in nodes(program.functions[name].body):
            if isinstance(node, Primitive) and node.operation in ("box", "cast"):
                found[node.arguments[0].type] = None
    for type in objects:
        web.kinds.setdefault(type, []).extend(found)


def _add_functions(web: _Web, graph: Graph) -> None:
    """A function value holds what it captured; one that has got arguments, those as well."""
    for facts in graph.facts.values():
        for name, type in facts.closures:
            function = web.program.functions[name]
            captured = function.parameters[: function.capture_count]
            web.parts[name] = [local.type for local in captured]
            web.kinds.setdefault(type, []).append(name)
            _add_partial(web, type, len(function.parameters) - function.capture_count)


def _add_partial(web: _Web, type: MonoType, arity: int) -> None:
    """What values of the type, and of the types of its results, are with some of the arguments."""
    while arity > 1:
        at, held = type, [type]
        for count in range(1, arity):
            held.append(at.arguments[0])
            at = at.arguments[1]
            if (type, count) not in web.parts:
                web.parts[type, count] = list(held)
                web.kinds.setdefault(at, []).append((type, count))
        type, arity = type.arguments[1], arity - 1


# What closes circles ------------------------------------------------------------------------------


def _late(web: _Web, graph: Graph, home: dict[Thing, int], circular: set[int]) -> Late:
    """The stores that matter: into places whose contents are in the same component."""
    owners = {key[0] for key, part in web.fields.items() if _inside(key[0], part, home, circular)}
    for owner in list(owners):  # a field has the same place in classes below and above
        owners.update(_relatives(web, owner))
    arrays = {array for array, part in web.elements.items() if _inside(array, part, home, circular)}
    return find_late(web.program, graph, owners, arrays) if owners or arrays else Late()


def _inside(owner: Thing, part: Thing, home: dict[Thing, int], circular: set[int]) -> bool:
    return part in home and home[owner] == home[part] and home[owner] in circular


def _relatives(web: _Web, owner: MonoType) -> Iterable[MonoType]:
    """The classes above and below one that has fields."""
    shapes = web.program.shapes
    yield from (type for type in shapes[owner].ancestors if type in shapes)
    yield from (kind for kind in web.kinds.get(owner, ()) if isinstance(kind, MonoType))


def _owners(web: _Web, late: Late, home: dict[Thing, int]) -> list[Thing]:
    """The owners of places that are set late to something of their own component."""
    found: list[Thing] = []
    for owner, case, index in late.fields:
        for type in (owner, *_relatives(web, owner)):
            part = web.fields.get((type, case, index))
            if part is not None and home.get(part) == home[type]:
                found.append(type)
    for array in late.arrays:
        if home[web.elements[array]] == home[array]:
            found.append(array)
    return found


def _find_references(web: _Web, cycles: Cycles) -> None:
    """Spread from what can be in a circle to the types that it is a kind of."""
    above: dict[Thing, list[Thing]] = {}
    for type, kinds in web.kinds.items():
        for kind in kinds:
            above.setdefault(kind, []).append(type)
    work = list(cycles.things)
    seen = set(work)
    while work:
        for type in above.get(work.pop(), ()):
            if type not in seen:
                seen.add(type)
                work.append(type)
    cycles.references.update(one for one in seen if isinstance(one, MonoType))
