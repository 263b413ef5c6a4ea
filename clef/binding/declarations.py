"""From C declarations to Clef's terms.

Comes in: the syntax tree of a preprocessed header. Goes out: a `Binding`. Promises: only what the
header itself declares is bound; types are followed through other headers as far as needed; each
refusal says why.

Source: ISO C11, 6.7; System V ABI, AMD64 and AArch64 (sizes of types, LP64).
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from clef.binding.constants import Constant, constant_value
from clef.binding.model import (
    Binding,
    ClefType,
    Enumeration,
    Function,
    Member,
    NotBound,
    Structure,
)
from clef.binding.preprocess import NoHeader, Preprocessed, is_own
from clef.data_classes import dataclass, field

_INTEGERS = {
    1: ("sbyte", "byte"),
    2: ("int16", "uint16"),
    4: ("int", "uint32"),
    8: ("int64", "uint64"),
}
_POINTER = 8
_WIDEST = 16
"""An array in a structure is bound as single fields up to this length."""


def scalar(text: str, size: int) -> ClefType:
    """A type of one word."""
    return ClefType(text, size, size, (size,))


@dataclass(slots=True)
class _Reader:
    own: tuple[str, ...]
    binding: Binding = field(default_factory=Binding)
    typedefs: dict[str, Any] = field(default_factory=dict[str, Any])
    structs: dict[str, Any] = field(default_factory=dict[str, Any])
    made: dict[int, Structure | str] = field(default_factory=dict[int, "Structure | str"])
    names: dict[int, str] = field(default_factory=dict[int, str])
    values: dict[str, Constant] = field(default_factory=dict[str, Constant])
    refused: frozenset[str] = frozenset()

    def is_own(self, node: Any) -> bool:
        """Whether something stands in the header itself."""
        return node.coord is not None and is_own(self.own, str(node.coord.file))


def read_declarations(source: Preprocessed, refused: frozenset[str] = frozenset()) -> Binding:
    """Parse a header; raises `NoHeader`. The C compiler lays the `refused` structures out in its
    own way."""
    parser: Any = import_module("pycparser.c_parser")
    try:
        tree: Any = parser.CParser().parse(source.text, source.own[0])
    except Exception as error:  # the parser has an exception class for each of its versions
        raise NoHeader(str(error)) from error
    reader = _Reader(source.own, refused=refused)
    for node in tree.ext:
        _register(reader, node)
    for node in tree.ext:
        if reader.is_own(node):
            _bind(reader, node)
    for macro in source.macros:
        _macro(reader, macro.name, macro.text, macro.has_parameters)
    return reader.binding


def _kind(node: Any) -> str:
    return type(node).__name__


def _register(reader: _Reader, node: Any) -> None:
    """Note what has a name, wherever it stands."""
    kind = _kind(node)
    if kind == "Typedef":
        reader.typedefs[node.name] = node.type
        inner = node.type.type if _kind(node.type) == "TypeDecl" else None
        if _kind(inner) in ("Struct", "Union", "Enum"):
            reader.names.setdefault(id(inner), node.name)
        _register_inside(reader, node.type)
    elif kind in ("Decl", "FuncDef"):
        _register_inside(reader, node.type if kind == "Decl" else node.decl.type)


def _register_inside(reader: _Reader, node: Any) -> None:
    kind = _kind(node)
    if kind in ("Struct", "Union"):
        if node.decls is not None:
            if node.name:
                reader.structs[f"{kind} {node.name}"] = node
            for member in node.decls:
                if _kind(member) == "Decl":
                    _register_inside(reader, member.type)
    elif kind == "Enum":
        _enumerators(reader, node)
    elif hasattr(node, "type"):
        _register_inside(reader, node.type)


def _enumerators(reader: _Reader, node: Any) -> list[tuple[str, int]]:
    """The names of an enumeration with their values."""
    if node.values is None:
        return []
    found: list[tuple[str, int]] = []
    following: int | None = 0
    for one in node.values.enumerators:
        value: Constant | None = following
        if one.value is not None:
            value = constant_value(_expression(one.value), reader.values)
        following = value + 1 if isinstance(value, int) else None
        if isinstance(value, int):
            reader.values[one.name] = value
            found.append((one.name, value))
    return found


def _expression(node: Any) -> str:
    generator: Any = import_module("pycparser.c_generator")
    return str(generator.CGenerator().visit(node))


# What is bound ------------------------------------------------------------------------------------


def _bind(reader: _Reader, node: Any) -> None:
    kind = _kind(node)
    if kind == "FuncDef":
        reader.binding.left_out.append((node.decl.name, "it has its code in the header"))
    elif kind == "Typedef":
        _named(reader, node.name, node.type)
    elif kind == "Decl":
        inner = _kind(node.type)
        if inner == "FuncDecl":
            _function(reader, node)
        elif inner in ("Struct", "Union", "Enum"):
            _tagged(reader, node.type)
        elif node.name:
            reader.binding.left_out.append((node.name, "it is a variable"))


def _named(reader: _Reader, name: str, node: Any) -> None:
    inner = node.type if _kind(node) == "TypeDecl" else None
    if _kind(inner) in ("Struct", "Union", "Enum"):
        _tagged(reader, inner, name)


def _tagged(reader: _Reader, node: Any, name: str = "") -> None:
    """A structure, union or enumeration that the header declares."""
    if _kind(node) == "Enum":
        _enumeration(reader, node, name)
        return
    if node.decls is None:
        return
    try:
        _structure(reader, node)
    except NotBound as reason:
        shown = reader.names.get(id(node)) or node.name or name
        entry = (f"{_kind(node).lower()} {shown}", str(reason))
        if entry not in reader.binding.left_out:
            reader.binding.left_out.append(entry)


def _enumeration(reader: _Reader, node: Any, name: str) -> None:
    values = _enumerators(reader, node)
    called = name or reader.names.get(id(node)) or node.name
    binding = reader.binding
    if called and values:
        if all(one.name != called for one in binding.enumerations):
            c_name = called if id(node) in reader.names or name else f"enum {called}"
            binding.enumerations.append(Enumeration(called, c_name, tuple(values)))
    else:
        binding.constants.update(values)


def _macro(reader: _Reader, name: str, text: str, has_parameters: bool) -> None:
    if has_parameters or not text or name.startswith("_"):
        if has_parameters and not name.startswith("_"):
            reader.binding.left_out.append((name, "it is a macro with parameters"))
        return
    value = constant_value(text, {**reader.values, **reader.binding.constants})
    if value is None or (isinstance(value, int) and not -(1 << 63) <= value < 1 << 64):
        reader.binding.left_out.append((name, f"the macro `{text[:60]}` is no constant"))
        return
    reader.binding.constants[name] = value


def _function(reader: _Reader, node: Any) -> None:
    if node.name.startswith("__"):  # the C library's own
        return
    try:
        function = _function_of(reader, node)
    except NotBound as reason:
        reader.binding.left_out.append((node.name, str(reason)))
        return
    if all(one.name != function.name for one in reader.binding.functions):
        reader.binding.functions.append(function)


def _function_of(reader: _Reader, node: Any) -> Function:
    parameters: list[Member] = []
    for index, one in enumerate(_parameters(node.type)):
        name = one.name or f"argument{index + 1}"
        parameters.append(Member(name, _by_value(type_of(reader, one.type, is_parameter=True))))
    given = node.type.type
    result = "unit" if _is_void(given) else _by_value(type_of(reader, given)).text
    return Function(node.name, tuple(parameters), result)


def _parameters(node: Any) -> list[Any]:
    """The parameters of a function type, none for `void`."""
    listed = list(node.args.params) if node.args is not None else []
    for one in listed:
        if _kind(one) == "EllipsisParam":
            raise NotBound("it takes any number of arguments")
    if len(listed) == 1 and _is_void(listed[0].type):
        return []
    return listed


def _is_void(node: Any) -> bool:
    return (
        _kind(node) == "TypeDecl"
        and _kind(node.type) == "IdentifierType"
        and node.type.names == ["void"]
    )


def _by_value(type: ClefType) -> ClefType:
    if type.holds_union:
        raise NotBound(f"it passes the union `{type.text}` by value")
    return type


def _in_callback(type: ClefType) -> ClefType:
    if len(type.words) != 1:
        raise NotBound(f"C calls it with the structure `{type.text}` by value")
    return type


# Types --------------------------------------------------------------------------------------------


def type_of(reader: _Reader, node: Any, is_parameter: bool = False) -> ClefType:
    """The Clef type of a C type; raises `NotBound`."""
    match _kind(node):
        case "TypeDecl" | "Typename":
            return type_of(reader, node.type, is_parameter)
        case "IdentifierType":
            return _identifier(reader, node.names)
        case "PtrDecl":
            return _pointer(reader, node, is_parameter)
        case "ArrayDecl" if is_parameter:
            return _pointer(reader, node, is_parameter)
        case "FuncDecl":
            return _function_pointer(reader, node)
        case "Struct" | "Union":
            return _structure_type(reader, node)
        case "Enum":
            return _enumeration_type(reader, node)
        case kind:
            raise NotBound(f"it has a type ({kind}) that has no counterpart")


def _identifier(reader: _Reader, names: list[str]) -> ClefType:
    if len(names) == 1 and names[0] in reader.typedefs:
        return type_of(reader, reader.typedefs[names[0]])
    words = sorted(names)
    signed = "unsigned" not in words
    kinds = [one for one in words if one not in ("signed", "unsigned", "int")]
    match kinds:
        case ["float"]:
            return scalar("float32", 4)
        case ["double"]:
            return scalar("float", 8)
        case ["_Bool"]:
            return scalar("bool", 1)
        case ["char"]:
            return _integer(1, "signed" in words)
        case ["short"]:
            return _integer(2, signed)
        case []:
            return _integer(4, signed)
        case ["long"] | ["long", "long"]:
            return _integer(8, signed)
        case _:
            raise NotBound(f"`{' '.join(names)}` has no counterpart")


def _integer(size: int, signed: bool) -> ClefType:
    return scalar(_INTEGERS[size][0 if signed else 1], size)


def _pointer(reader: _Reader, node: Any, is_parameter: bool) -> ClefType:
    target = _resolved(reader, node.type)
    if "volatile" in (getattr(node, "quals", None) or []):  # stands for `_Nullable`
        return scalar("nativeint option", _POINTER)
    if _kind(target) == "FuncDecl":
        return _function_pointer(reader, target)
    if _kind(target) == "TypeDecl" and is_parameter and _is_text(target):
        return scalar("string", _POINTER)
    if _is_void(target):
        return scalar("nativeint", _POINTER)
    inner = target.type if _kind(target) == "TypeDecl" else target
    if _kind(inner) in ("Struct", "Union"):
        return _address_of_structure(reader, inner)
    try:
        return scalar(f"nativeptr<{type_of(reader, target).text}>", _POINTER)
    except NotBound:
        return scalar("nativeint", _POINTER)


def _is_text(node: Any) -> bool:
    return (
        _kind(node.type) == "IdentifierType"
        and node.type.names == ["char"]
        and "const" in (node.quals or [])
    )


def _resolved(reader: _Reader, node: Any) -> Any:
    """A type with the typedefs that lead to it taken away."""
    while _kind(node) == "TypeDecl" and _kind(node.type) == "IdentifierType":
        names = node.type.names
        if len(names) != 1 or names[0] not in reader.typedefs:
            break
        node = reader.typedefs[names[0]]
    return node


def _address_of_structure(reader: _Reader, node: Any) -> ClefType:
    """A structure that cannot be seen into is a handle."""
    complete = _complete(reader, node)
    try:
        if complete is None or complete.decls is None:
            raise NotBound("it is not declared")
        return scalar(f"nativeptr<{_structure(reader, complete).name}>", _POINTER)
    except NotBound:
        name = reader.names.get(id(node)) or reader.names.get(id(complete)) or node.name
        if not name:
            return scalar("nativeint", _POINTER)
        if name not in reader.binding.handles:
            reader.binding.handles.append(name)
        return scalar(f"{name}Handle", _POINTER)


def _complete(reader: _Reader, node: Any) -> Any:
    if node.decls is not None:
        return node
    return reader.structs.get(f"{_kind(node)} {node.name}")


def _function_pointer(reader: _Reader, node: Any) -> ClefType:
    taken = [_in_callback(type_of(reader, one.type, True)).text for one in _parameters(node)]
    taken = ["nativeptr<byte>" if one == "string" else one for one in taken]
    is_void = _is_void(node.type)
    result = "unit" if is_void else _in_callback(type_of(reader, node.type)).text
    given = " * ".join(taken) or "unit"
    shown = f"({given})" if len(taken) > 1 else given
    return scalar(f"FnPtr<{shown} -> {result}>", _POINTER)


def _enumeration_type(reader: _Reader, node: Any) -> ClefType:
    name = reader.names.get(id(node)) or node.name
    if node.values is None:
        known = {one.name for one in reader.binding.enumerations}
        return scalar(name if name in known else "int", 4)
    if name and reader.is_own(node):
        _enumeration(reader, node, name)
        return scalar(name, 4)
    return scalar("int", 4)


def _structure_type(reader: _Reader, node: Any) -> ClefType:
    complete = _complete(reader, node)
    if complete is None or complete.decls is None:
        raise NotBound(f"`{_kind(node).lower()} {node.name}` is not declared completely")
    made = _structure(reader, complete)
    words = [size for member in made.members for size in member.type.words]
    if made.is_union:
        words = [made.alignment] * (made.size // made.alignment)
    has_union = made.is_union or any(one.type.holds_union for one in made.members)
    return ClefType(made.name, made.size, made.alignment, tuple(words), has_union)


def _structure(reader: _Reader, node: Any) -> Structure:
    """The structure, made once; raises `NotBound`."""
    found = reader.made.get(id(node))
    if isinstance(found, str):
        raise NotBound(found)
    if found is None:
        reader.made[id(node)] = "it contains itself"
        try:
            found = _new_structure(reader, node)
        except NotBound as reason:
            reader.made[id(node)] = str(reason)
            raise
        reader.made[id(node)] = found
        reader.binding.structures.append(found)
    return found


def _new_structure(reader: _Reader, node: Any) -> Structure:
    typedef = reader.names.get(id(node))
    name = typedef or node.name
    if not name:
        raise NotBound("it has no name")
    if name in reader.refused:
        raise NotBound("it is packed or aligned in a way of its own")
    c_name = typedef or f"{_kind(node).lower()} {node.name}"
    members = list(_members(reader, node.decls))
    if not members:
        raise NotBound("it is empty")
    if _kind(node) == "Union":
        alignment = max((one.type.alignment for one in members), default=1)
        size = max((one.type.size for one in members), default=0)
        whole = -(-size // alignment) * alignment
        return Structure(name, c_name, tuple(members), whole, alignment, is_union=True)
    return _laid_out(name, c_name, members)


def _laid_out(name: str, c_name: str, members: list[Member]) -> Structure:
    placed: list[Member] = []
    position, flat, alignment = 0, 0, 1
    for one in members:
        step = one.type.alignment
        position = -(-position // step) * step
        first = -1
        for size in one.type.words:
            flat = -(-flat // size) * size
            first = flat if first < 0 else first
            flat += size
        if first != position:
            raise NotBound(f"`{one.name}` does not lie where Clef would put it")
        placed.append(Member(one.name, one.type, position, one.place))
        position += one.type.size
        alignment = max(alignment, step)
    return Structure(name, c_name, tuple(placed), -(-position // alignment) * alignment, alignment)


def _members(reader: _Reader, declarations: Iterable[Any]) -> Iterable[Member]:
    for one in declarations:
        if _kind(one) != "Decl":
            continue
        if one.bitsize is not None:
            raise NotBound(f"`{one.name}` is a bit-field")
        if not one.name:
            raise NotBound("a part of it has no name")
        if _kind(one.type) == "ArrayDecl":
            yield from _array(reader, one)
        else:
            yield Member(one.name, type_of(reader, one.type))


def _array(reader: _Reader, node: Any) -> Iterable[Member]:
    size = None
    if node.type.dim is not None:
        size = constant_value(_expression(node.type.dim), reader.values)
    if not isinstance(size, int) or not 0 < size <= _WIDEST:
        raise NotBound(f"`{node.name}` is an array inside of it")
    inner = type_of(reader, node.type.type)
    for index in range(size):
        yield Member(f"{node.name}_{index}", inner, place=f"{node.name}[{index}]")
