"""Arguments of method calls: reading them from syntax, and matching them with parameters.

Comes in: the argument expression of a call and a candidate's parameters. Goes out: which argument
goes to which parameter.
Promises: named, optional, ParamArray and out parameters are matched as the F# specification (§14.4)
says.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.data_classes import dataclass, field
from clef.inference.members import Found
from clef.inference.signatures import ParameterSignature
from clef.inference.types import NamedType
from clef.inference.well_known import OUTREF
from clef.names.entities import UnresolvedName
from clef.syntax import tree


@dataclass(slots=True, eq=False)
class StoredValue(tree.Expression):
    """What is stored by a setter: the value of its last parameter, behind all other arguments."""

    value: tree.Expression


@dataclass(slots=True)
class Arguments:
    """Arguments as written. `named`: (name, value, is `?name`); `late`: one without a name behind
    them; `stores`: the last one without a name is what a setter stores."""

    positional: list[tree.Expression]
    named: list[tuple[tree.Name, tree.Expression, bool]] = field(
        default_factory=list[tuple[tree.Name, tree.Expression, bool]]
    )
    late: tree.Expression | None = None
    stores: bool = False


@dataclass(slots=True)
class Matching:
    """How arguments meet the parameters of one candidate."""

    slots: list[tree.Expression | None]  # one a parameter; None: optional left out
    optional_given: list[bool]  # the argument is the option itself (`?x = …`)
    param_array: list[tree.Expression] | None = None
    properties: list[tuple[tree.Name, tree.Expression]] = field(
        default_factory=list[tuple[tree.Name, tree.Expression]]
    )
    is_packed: bool = False  # several arguments make one tuple
    is_spread: bool = False  # one tuple value fills several parameters
    out_from: int | None = None  # trailing out parameters that the result gets


def strip(node: tree.Expression) -> tree.Expression:
    """Without parentheses."""
    while isinstance(node, tree.Paren):
        node = node.expression
    return node


def read_arguments(node: tree.Expression | None, names: set[str]) -> Arguments:
    """Split an argument expression; `names` are the parameters that may be named."""
    if node is None:
        return Arguments([])
    inner = node
    if isinstance(node, tree.Paren):
        inner = node.expression
        if isinstance(inner, tree.Paren):  # `f((a, b))` passes one tuple
            return Arguments([inner])
    if isinstance(inner, tree.Constant) and inner.kind is tree.LiteralKind.UNIT:
        return Arguments([]) if inner is node else Arguments([inner])
    parts = inner.elements if isinstance(inner, tree.Tuple) and not inner.is_struct else [inner]
    result = Arguments([])
    for part in parts:
        if isinstance(part, StoredValue):
            result.positional.append(part.value)
            result.stores = True
            continue
        named = _named(part, names)
        if named is not None:
            result.named.append(named)
        else:
            result.positional.append(part)
            if result.named:
                result.late = part
    return result


def may_be_named(node: tree.Expression | None) -> bool:
    """Whether an argument list has anything of the form `name = value`."""
    inner = node.expression if isinstance(node, tree.Paren) else node
    parts = inner.elements if isinstance(inner, tree.Tuple) else [inner]
    return any(
        isinstance(part, tree.Application) and isinstance(part.function, tree.Application)
        for part in parts
    )


def _named(
    node: tree.Expression, names: set[str]
) -> tuple[tree.Name, tree.Expression, bool] | None:
    if not isinstance(node, tree.Application) or not isinstance(node.function, tree.Application):
        return None
    head = node.function.function
    if not isinstance(head, tree.Identifier) or head.name.text != "op_Equality":
        return None
    left = node.function.argument
    if isinstance(left, tree.OptionalArgument):
        return left.name, node.argument, True
    if isinstance(left, tree.Identifier) and len(left.name.parts) == 1:
        name = left.name.parts[0]
        if name.text in names or isinstance(left.resolution, UnresolvedName):
            return name, node.argument, False
    return None


def match_arguments(
    arguments: Arguments, parameters: tuple[ParameterSignature, ...], settable: set[str]
) -> Matching | None:
    """Match arguments with parameters; None if their number or names do not fit."""
    if arguments.stores:
        return _match_stored(arguments, parameters, settable)
    matching = Matching([None] * len(parameters), [False] * len(parameters))
    taken = _match_named(arguments, parameters, settable, matching)
    if taken is None:
        return None
    required = [i for i in range(len(parameters)) if i not in taken]
    place = param_array_place(parameters)
    if place == len(parameters) - 1 and place not in taken:
        fixed = required[:-1]
        if len(arguments.positional) >= sum(not _may_lack(parameters[i]) for i in fixed):
            for index, value in zip(fixed, arguments.positional, strict=False):
                matching.slots[index] = value
            matching.param_array = arguments.positional[len(fixed) :]
            return matching
    return _match_positional(arguments, parameters, required, matching)


def _match_stored(
    arguments: Arguments, parameters: tuple[ParameterSignature, ...], settable: set[str]
) -> Matching | None:
    """The indices meet the first parameters as in any call, and the value the last one."""
    if not parameters:
        return None
    indices = Arguments(arguments.positional[:-1], arguments.named)
    found = match_arguments(indices, parameters[:-1], settable)
    if found is None or found.is_packed or found.is_spread or found.out_from is not None:
        return None
    found.slots.append(arguments.positional[-1])
    found.optional_given.append(False)
    return found


def param_array_place(parameters: Sequence[ParameterSignature]) -> int | None:
    """Where the parameter is that takes several arguments: the last, or in front of the value that
    is stored by an index."""
    for place in (len(parameters) - 1, len(parameters) - 2):
        if place >= 0 and parameters[place].is_param_array:
            return place
    return None


def _match_named(
    arguments: Arguments,
    parameters: tuple[ParameterSignature, ...],
    settable: set[str],
    matching: Matching,
) -> set[int] | None:
    """The places of the parameters that are given by name; None if a name does not fit."""
    taken: set[int] = set()
    by_name = {p.name: i for i, p in enumerate(parameters)}
    for name, value, is_optional in arguments.named:
        index = by_name.get(name.text)
        if index is not None and index in taken:
            return None  # it is given twice
        if index is not None:
            matching.slots[index] = value
            matching.optional_given[index] = is_optional
            taken.add(index)
        elif name.text in settable and not is_optional:
            matching.properties.append((name, value))
        else:
            return None
    return taken


def _match_positional(
    arguments: Arguments,
    parameters: tuple[ParameterSignature, ...],
    required: list[int],
    matching: Matching,
) -> Matching | None:
    """Arguments without names for the parameters that are left, which are the first ones."""
    positional, count = arguments.positional, len(parameters)
    given = len(positional)
    if given == 1 and count == 0 and not arguments.named:
        only = strip(positional[0])
        is_unit = isinstance(only, tree.Constant) and only.kind is tree.LiteralKind.UNIT
        return matching if is_unit else None
    if given > len(required):
        matching.is_packed = count == 1 and not arguments.named
        return matching if matching.is_packed else None
    if required[:given] != list(range(given)):
        return None  # what has no name does not come first
    for index, value in zip(required, positional, strict=False):
        matching.slots[index] = value
    missing = [parameters[i] for i in required[given:]]
    if all(map(_may_lack, missing)):
        return matching
    if all(is_out(one) or _may_lack(one) for one in missing):
        matching.out_from = required[given]
        return matching
    if given == 1 and count > 1 and not arguments.named:
        matching.slots = [None] * count
        matching.is_spread = True
        return matching
    # `f()` passes unit to a generic parameter.
    matching.is_packed = given == 0 and count == 1 and not arguments.named
    return matching if matching.is_packed else None


def is_out(parameter: ParameterSignature) -> bool:
    """Whether a call may leave a parameter out and get what is stored there as a result."""
    type = parameter.type
    return parameter.is_out or (isinstance(type, NamedType) and type.symbol == OUTREF)


def _may_lack(parameter: ParameterSignature) -> bool:
    return parameter.is_optional or parameter.has_default


def parameter_names(group: list[Found]) -> set[str]:
    """All names that a call of these candidates may use."""
    return {p.name for found in group for part in found.member.groups for p in part if p.name}
