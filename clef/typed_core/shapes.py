"""What types are made of: from `TypeDefinition`s to `TypeShape`s of closed types.

Comes in: a `MonoType`. Goes out: its shape, made once, and look-ups in it (field and case indices,
ancestors). Promises: a class's fields start with the inherited ones; ancestors are all base classes
and all interfaces, direct or not; only asked types get shapes.
"""

from __future__ import annotations

from clef.inference.typed_tree import FieldDefinition, TypeDefinition
from clef.inference.types import NamedType
from clef.inference.well_known import ARRAYS
from clef.typed_core import well_known
from clef.typed_core.core import Case, Field, MonoType, TypeShape
from clef.typed_core.given_interfaces import grant
from clef.typed_core.growth import UNIFORM
from clef.typed_core.monomorphic import MonoTypes, TypeEnvironment
from clef.typed_core.placements import placement_of
from clef.typed_core.program import TypedProgram
from clef.typed_core.representations import REPRESENTATIONS, SCALARS

POLYMORPHIC = frozenset({"class", "interface", "exception"})
HELD = "$Held"  # what a uniform holds
CELL = "$Cell"  # one mutable field: a captured mutable local

_SHORT = {
    "System.SByte": "sbyte",
    "System.Byte": "byte",
    "System.Int16": "int16",
    "System.UInt16": "uint16",
    "System.Int32": "int",
    "System.UInt32": "uint32",
    "System.Int64": "int64",
    "System.UInt64": "uint64",
    "System.IntPtr": "nativeint",
    "System.UIntPtr": "unativeint",
    "System.Double": "float",
    "System.Single": "float32",
    "System.Decimal": "decimal",
    "System.Numerics.BigInteger": "bigint",
    "System.Boolean": "bool",
    "System.Char": "char",
    "System.String": "string",
    "System.Object": "obj",
    "System.Exception": "exn",
    well_known.UNIT: "unit",
    well_known.LIST: "list",
    well_known.OPTION: "option",
    well_known.SEQ: "seq",
    well_known.POINTER: "byref",
}


class Shapes:
    """The shapes of one compilation."""

    def __init__(self, program: TypedProgram, mono: MonoTypes) -> None:
        self.program = program
        self.mono = mono
        self.shapes: dict[MonoType, TypeShape] = {}
        self.missing: list[str] = []  # symbols of types that nobody defines
        self._definitions: dict[str, TypeDefinition | None] = {}
        self._cases: dict[str, dict[str, int]] = {}

    def definition(self, symbol: str) -> TypeDefinition | None:
        """The type's definition, asked for once."""
        if symbol not in self._definitions:
            self._definitions[symbol] = self.program.type_definition(symbol)
        return self._definitions[symbol]

    def definitions(self) -> list[TypeDefinition]:
        """The definitions of all types that were met so far."""
        return [one for one in self._definitions.values() if one is not None]

    def held(self, content: MonoType) -> MonoType:
        """The type of what a uniform holds (see uniform.py)."""
        type = self.mono.table.named(HELD, content)
        if type not in self.shapes:
            self.shapes[type] = TypeShape(
                type, "record", fields=[Field("content", content)], display_name="content"
            )
        return type

    def null_case(self, type: MonoType) -> int | None:
        """The case of a union that is null as an object: None, and that without fields where
        `UseNullAsTrueValue` asks for it."""
        if type.form != "named":
            return None
        if type.symbol == well_known.OPTION:
            return 0
        definition = self.definition(type.symbol)
        if definition is None or not definition.attributes or definition.kind != "union":
            return None
        asked = any(
            one.name.removesuffix("Attribute") == "CompilationRepresentation"
            and any(isinstance(flags, int) and flags & 8 for flags in one.arguments)
            for one in definition.attributes
        )
        empty = [at for at, case in enumerate(definition.cases) if not case.fields]
        is_small = len(empty) == 1 < len(definition.cases) < 4
        return empty[0] if asked and is_small else None

    def definition_of(self, type: MonoType) -> TypeDefinition | None:
        return self.definition(type.symbol) if type.form == "named" else None

    def of(self, type: MonoType) -> TypeShape:
        """The shape of a type."""
        found = self.shapes.get(type)
        if found is None:
            found = self.shapes[type] = TypeShape(type, "builtin", display_name=display(type))
            self._fill(found)
            grant(self, found)
        return found

    def representation(self, type: MonoType) -> str:
        """The builtin's name, or "" ."""
        if type.form != "named":
            return ""
        known = REPRESENTATIONS.get(type.symbol)
        if known is not None:
            return known
        shape = self.of(type)
        return shape.builtin if shape.kind == "builtin" else ""

    def is_scalar(self, type: MonoType) -> bool:
        """A single machine number: integers, floats, bool, char, and enums."""
        return self.representation(type) in SCALARS or self.of(type).kind == "enum"

    def is_polymorphic(self, type: MonoType) -> bool:
        """Whether a value of this static type may be of another dynamic type."""
        if type.form != "named":
            return False
        shape = self.of(type)
        return shape.kind in POLYMORPHIC or shape.builtin == "object"

    def is_nullable(self, type: MonoType) -> bool:
        """Whether null is among the values."""
        if self.is_polymorphic(type):
            return True
        shape = self.of(type)
        return shape.builtin in ("string", "array") or shape.kind == "function"

    def is_subtype(self, type: MonoType, ancestor: MonoType) -> bool:
        """Whether every value of `type` is one of `ancestor`, as far as the definitions tell."""
        if type is ancestor or self.of(ancestor).builtin == "object":
            return True
        return ancestor in self.of(type).ancestors

    def field_index(self, owner: MonoType, name: str) -> int:
        """The index of a field by name; the last of that name, since own fields follow inherited
        ones."""
        fields = self.of(owner).fields
        for index in range(len(fields) - 1, -1, -1):
            if fields[index].name == name:
                return index
        raise KeyError(f"{owner} has no field {name}")

    def case_index(self, owner: MonoType, symbol: str) -> int:
        """The index of a union case by its symbol."""
        indices = self._cases.get(owner.symbol)
        if indices is None:
            definition = self.definition_of(owner)
            cases = definition.cases if definition else []
            indices = {case.symbol: index for index, case in enumerate(cases)}
            self._cases[owner.symbol] = indices
        return indices[symbol]

    def cell(self, content: MonoType) -> MonoType:
        """The type of cells that hold one mutable `content`."""
        type = self.mono.table.named(CELL, content)
        if type not in self.shapes:
            self.shapes[type] = TypeShape(
                type, "record", fields=[Field("contents", content, True)], display_name="ref"
            )
        return type

    # Making shapes -------------------------------------------------------------------------------

    def _fill(self, shape: TypeShape) -> None:
        type = shape.type
        match type.form:
            case "function":
                shape.kind = "function"
            case "tuple" | "struct_tuple":
                shape.kind = "tuple"
                shape.is_value = type.form == "struct_tuple"
                shape.fields = [
                    Field(f"Item{index + 1}", item) for index, item in enumerate(type.arguments)
                ]
            case "anonymous" | "struct_anonymous":
                shape.kind = "record"
                shape.is_value = type.form == "struct_anonymous"
                names = type.field_names()
                shape.fields = [
                    Field(name, item) for name, item in zip(names, type.arguments, strict=True)
                ]
            case _:
                self._fill_named(shape)

    def _fill_byref(self, shape: TypeShape, content: MonoType) -> None:
        """A byref is a union: a cell, an element of an array, or a pair of accessors (see
        places.py)."""
        mono = self.mono
        unit = mono.plain(well_known.UNIT)
        array = mono.table.named(well_known.ARRAY, content)
        shape.kind = "union"
        shape.cases = [
            Case("Cell", [Field("cell", self.cell(content))]),
            Case("Element", [Field("array", array), Field("index", mono.plain(well_known.INT32))]),
            Case(
                "Accessors",
                [
                    Field("get", mono.function(unit, content)),
                    Field("set", mono.function(content, unit)),
                ],
            ),
        ]

    def _fill_named(self, shape: TypeShape) -> None:
        type = shape.type
        if type.symbol == well_known.POINTER:
            self._fill_byref(shape, type.arguments[0])
            return
        if type.symbol == UNIFORM:
            shape.builtin = "object"
            return
        definition = self.definition(type.symbol)
        known = REPRESENTATIONS.get(type.symbol)
        if definition is None:
            if known is None:
                self.missing.append(type.symbol)
            shape.builtin = known or "object"
            shape.element = type.arguments[0] if type.arguments else None
            return
        environment = self.mono.bind(definition.type_parameters, type.arguments)
        shape.is_value = definition.is_struct
        if definition.attributes:
            shape.placement = placement_of(definition.attributes, definition.span)
        builtin = definition.builtin or known
        if builtin is not None:
            shape.builtin = builtin
            shape.element = type.arguments[0] if type.arguments else None
            if builtin == "array" and type.symbol != well_known.ARRAY:
                digits = "".join(c for c in type.symbol.split("`")[0] if c.isdigit())
                shape.rank = int(digits) if digits else 1
        else:
            self._fill_defined(shape, definition, environment)
        self._add_ancestors(shape, definition, environment)

    def _fill_defined(
        self, shape: TypeShape, definition: TypeDefinition, environment: TypeEnvironment
    ) -> None:
        match definition.kind:
            case "union":
                shape.kind = "union"
                shape.cases = [
                    Case(case.name, self._fields(case.fields, environment))
                    for case in definition.cases
                ]
            case "record" | "struct":
                shape.kind = "record"
                shape.fields = self._fields(definition.fields, environment)
                if definition.equality == "reference" and shape.fields:
                    shape.fields[0].is_mutable = True  # identity needs a cell of its own
            case "enum":
                shape.kind = "enum"
                underlying = definition.underlying or NamedType(well_known.INT32)
                shape.element = self.mono.of(underlying, environment)
            case "delegate":
                shape.kind = "function"
                if definition.underlying is not None:
                    shape.element = self.mono.of(definition.underlying, environment)
            case "interface":
                shape.kind = "interface"
            case kind:
                shape.kind = "exception" if kind == "exception" else "class"
                inherited: list[Field] = []
                if definition.base is not None:
                    inherited = self.of(self.mono.of(definition.base, environment)).fields
                shape.fields = inherited + self._fields(definition.fields, environment)

    def _fields(self, fields: list[FieldDefinition], environment: TypeEnvironment) -> list[Field]:
        return [
            Field(item.name, self.mono.of(item.type, environment), item.is_mutable, item.is_zeroed)
            for item in fields
        ]

    def _add_ancestors(
        self, shape: TypeShape, definition: TypeDefinition, environment: TypeEnvironment
    ) -> None:
        direct = [self.mono.of(item, environment) for item in definition.interfaces]
        if definition.base is not None:
            base = self.mono.of(definition.base, environment)
            if self.of(base).builtin != "object":
                direct.insert(0, base)
        if definition.kind == "delegate":
            direct.append(self.mono.plain(well_known.MULTICAST_DELEGATE))
        shape.ancestors = self.with_ancestors(direct)

    def with_ancestors(self, direct: list[MonoType]) -> list[MonoType]:
        """These types and all that they inherit, each once."""
        found: dict[MonoType, None] = {}
        for ancestor in direct:
            found[ancestor] = None
            for further in self.of(ancestor).ancestors:
                found[further] = None
        return list(found)


def display(type: MonoType) -> str:
    """A type as a user would write it."""
    arguments = [display(argument) for argument in type.arguments]
    match type.form:
        case "function":
            left = f"({arguments[0]})" if type.arguments[0].form == "function" else arguments[0]
            return f"{left} -> {arguments[1]}"
        case "tuple":
            return " * ".join(arguments)
        case "struct_tuple":
            return f"struct ({' * '.join(arguments)})"
        case "anonymous" | "struct_anonymous":
            names = type.field_names()
            inner = "; ".join(f"{n}: {a}" for n, a in zip(names, arguments, strict=True))
            return f"{{| {inner} |}}"
        case "measured":
            units = [unit.rsplit(".", 1)[-1] for unit in type.symbol.split(" ")]
            return f"{arguments[0]}<{' '.join(units)}>"
        case _:
            if type.symbol == UNIFORM:
                return "_"
            rank = ARRAYS.get(type.symbol)
            if rank is not None:
                return f"{arguments[0]}[{',' * (rank - 1)}]"
            name = _SHORT.get(type.symbol) or type.symbol.rsplit(".", 1)[-1].split("`")[0]
            return f"{name}<{', '.join(arguments)}>" if arguments else name
