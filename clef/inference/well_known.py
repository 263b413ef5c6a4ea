"""The library's names that the compiler itself needs, all in one place.

Comes in: nothing. Goes out: symbols and ready-made types. Promises: no other module of inference
spells a library symbol;
when a library lacks one of these, using it gives a diagnostic that names the symbol.
"""

from __future__ import annotations

from typing import TypeGuard

from clef.inference.types import NamedType, Type

CORE = "Microsoft.FSharp.Core"
COLLECTIONS = "Microsoft.FSharp.Collections"
OPERATORS = f"{CORE}.Operators"
INTRINSICS = f"{CORE}.LanguagePrimitives.IntrinsicFunctions"
SLICING = f"{OPERATORS}.OperatorIntrinsics"

INT = NamedType("System.Int32")
INT64 = NamedType("System.Int64")
SBYTE = NamedType("System.SByte")
BYTE = NamedType("System.Byte")
INT16 = NamedType("System.Int16")
UINT16 = NamedType("System.UInt16")
UINT32 = NamedType("System.UInt32")
UINT64 = NamedType("System.UInt64")
NATIVEINT = NamedType("System.IntPtr")
UNATIVEINT = NamedType("System.UIntPtr")
FLOAT = NamedType("System.Double")
FLOAT32 = NamedType("System.Single")
DECIMAL = NamedType("System.Decimal")
BIGINT = NamedType("System.Numerics.BigInteger")
BOOL = NamedType("System.Boolean")
CHAR = NamedType("System.Char")
STRING = NamedType("System.String")
QUERY_BUILDER = "Microsoft.FSharp.Linq.QueryBuilder"
OBJECT = NamedType("System.Object")
UNIT = NamedType(f"{CORE}.Unit")
WITHOUT_CONSTANTS = frozenset({NATIVEINT.symbol, UNATIVEINT.symbol, BIGINT.symbol})
EXCEPTION = NamedType("System.Exception")
TYPE = NamedType("System.Type")
DISPOSABLE = NamedType("System.IDisposable")
FORMATTABLE = NamedType("System.IFormattable")
FORMATTABLE_STRING = NamedType("System.FormattableString")
FORMATTABLE_CREATE = "Clef.Runtime.FormattableText.create"
VALUE_TYPE = NamedType("System.ValueType")
ENUM = NamedType("System.Enum")

ARRAY = "System.Array`1"
LIST = f"{COLLECTIONS}.List`1"
OPTION = f"{CORE}.Option`1"
VALUE_OPTION = f"{CORE}.ValueOption`1"
SEQ = "System.Collections.Generic.IEnumerable`1"
ENUMERATOR = "System.Collections.Generic.IEnumerator`1"
PLAIN_ENUMERABLE = "System.Collections.IEnumerable"
PLAIN_ENUMERATOR = "System.Collections.IEnumerator"
REFERENCE = f"{CORE}.Ref`1"
AWAITED = (
    "Microsoft.FSharp.Control.Async`1",
    "System.Threading.Tasks.Task",
    "System.Threading.Tasks.Task`1",
)
RESULT = f"{CORE}.Result`2"
BYREF = "System.ByRef`1"
INREF = "System.InRef`1"  # what it refers to is only read
OUTREF = "System.OutRef`1"
BYREFS = frozenset({BYREF, INREF, OUTREF})
SPANS = frozenset({"System.Span`1", "System.ReadOnlySpan`1", "System.SpanEnumerator`1"})
_KEYS, _GENERIC = "Clef.Runtime.KeyCollection`1", "System.Collections.Generic"
_IMMUTABLE = "System.Collections.Immutable.Immutable"
NESTED_TYPES: dict[tuple[str, str], tuple[str, tuple[int, ...]]] = {
    **{
        (f"{_GENERIC}.{owner}`2", name): (_KEYS, (place,))
        for owner in ("Dictionary", "SortedDictionary")
        for place, name in enumerate(("KeyCollection", "ValueCollection"))
    },
    **{
        (f"{_IMMUTABLE}{owner}`{count}", "Builder"): (
            f"{_IMMUTABLE}{owner}Builder`{count}",
            tuple(range(count)),
        )
        for owner, count in (
            *(("Array", 1), ("List", 1), ("HashSet", 1), ("SortedSet", 1)),
            *(("Dictionary", 2), ("SortedDictionary", 2)),
        )
    },
}
"""What stands for a type inside of a generic one, and which of its arguments that is given."""
PIN_ARRAY = "Clef.Runtime.Pinning.address"
HOLD = "Clef.Runtime.Pinning.hold"
THREAD_VALUES = "Clef.Runtime.ThreadValues`1"  # a static field's values, one for each thread
THREAD_VALUE = "Clef.Runtime.ThreadValue`1"
MAKE_THREAD_VALUES = "Clef.Runtime.ThreadStatics.make"  # unit -> ThreadValues<'T>
VALUE_OF_THREAD = "Clef.Runtime.ThreadStatics.own"  # ThreadValues<'T> -> ThreadValue<'T>
PIN_STRING = "Clef.Runtime.Pinning.characters"
NATIVE_POINTER = "Microsoft.FSharp.NativeInterop.nativeptr`1"
POINTER_ACCESS = {"Clef.Readable": "read", "Clef.Writable": "written"}
"""What an access of `Ptr` has to implement, and what can then be done through the pointer."""
POINTER_ACCESSES = frozenset({"Clef.ReadOnly", "Clef.WriteOnly", "Clef.ReadWrite"})
PRINTF_FORMAT = f"{CORE}.PrintfFormat`5"
RUN_TIME_FORMATS = f"{CORE}.RunTimeFormats"
MOST_FORMAT_VALUES = 6  # of its functions `of0`, `of1` …
FORMATS = frozenset({PRINTF_FORMAT, f"{CORE}.PrintfFormat`4"})
TEXT_WRITER = "System.IO.TextWriter"
LAZY = "System.Lazy`1"
NULLABLE = "System.Nullable`1"
EQUATABLE = "System.IEquatable`1"
COMPARABLE = "System.IComparable"
STRUCTURAL_EQUATABLE = "System.Collections.IStructuralEquatable"
STRUCTURAL_COMPARABLE = "System.Collections.IStructuralComparable"
GENERIC_COMPARABLE = "System.IComparable`1"
MULTICAST_DELEGATE = "System.MulticastDelegate"
# The types that only structs, enums, delegates and arrays inherit from.
NEVER_BASES = frozenset(
    {"System.ValueType", "System.Enum", "System.Delegate", MULTICAST_DELEGATE, "System.Array"}
)
ATTRIBUTE = "System.Attribute"
EVENT = "Microsoft.FSharp.Control.IEvent`2"

NIL = f"{LIST}.Nil"
CONS = f"{LIST}.Cons"
NONE = f"{OPTION}.None"
SOME = f"{OPTION}.Some"
VALUE_NONE = f"{VALUE_OPTION}.ValueNone"
VALUE_SOME = f"{VALUE_OPTION}.ValueSome"

# Array access: functions of the library, known to the core as primitives.
GET_ARRAY = f"{INTRINSICS}.GetArray"
SET_ARRAY = f"{INTRINSICS}.SetArray"
GET_ARRAY_2D = f"{INTRINSICS}.GetArray2D"
SET_ARRAY_2D = f"{INTRINSICS}.SetArray2D"
GET_ARRAY_3D = f"{INTRINSICS}.GetArray3D"
SET_ARRAY_3D = f"{INTRINSICS}.SetArray3D"
GET_ARRAY_4D = f"{INTRINSICS}.GetArray4D"
SET_ARRAY_4D = f"{INTRINSICS}.SetArray4D"
TO_BYREF = "Microsoft.FSharp.NativeInterop.NativePtr.toByRef"
BYREF_READ = f"{INTRINSICS}.ReadByref"
BYREF_WRITE = f"{INTRINSICS}.WriteByref"
GET_STRING = f"{INTRINSICS}.GetString"
ARRAY_SLICE = f"{SLICING}.GetArraySlice"
SET_ARRAY_SLICE = f"{SLICING}.SetArraySlice"
STRING_SLICE = f"{SLICING}.GetStringSlice"
FROM_END = f"{SLICING}.FromEnd"
ARRAY_SLICE_2D = f"{SLICING}.GetArraySlice2D"
ARRAY_SLICE_2D_FIRST = f"{SLICING}.GetArraySlice2DFixed1"
ARRAY_SLICE_2D_SECOND = f"{SLICING}.GetArraySlice2DFixed2"
SET_ARRAY_SLICE_2D = f"{SLICING}.SetArraySlice2D"
SET_ARRAY_SLICE_2D_FIRST = f"{SLICING}.SetArraySlice2DFixed1"
SET_ARRAY_SLICE_2D_SECOND = f"{SLICING}.SetArraySlice2DFixed2"

# Functions that syntax stands for.
LAZY_VALUE = f"{LAZY}.get_Value"
LAZY_CREATE = "Microsoft.FSharp.Control.LazyExtensions.Create"
FAIL_INIT = f"{INTRINSICS}.FailInit"
FAIL_TYPE_INIT = f"{INTRINSICS}.FailTypeInit"
RAISE_ASSERT = f"{INTRINSICS}.Assert"
BIGINT_LITERAL = f"{INTRINSICS}.BigIntegerLiteral"  # string -> bigint
NOT = f"{OPERATORS}.not"
RERAISES = frozenset({f"{OPERATORS}.reraise", f"{OPERATORS}.rethrow"})
NAMEOF = f"{OPERATORS}.nameof"
LOGICAL_AND = f"{OPERATORS}.op_BooleanAnd"
LOGICAL_OR = f"{OPERATORS}.op_BooleanOr"
TYPEOF = f"{OPERATORS}.typeof"
TYPEDEFOF = f"{OPERATORS}.typedefof"
SIZEOF = f"{OPERATORS}.sizeof"
DEFAULTOF = (
    f"{CORE}.LanguagePrimitives.IntrinsicOperators.defaultof",
    f"{OPERATORS}.Unchecked.defaultof",
)
ASSIGN_REFERENCE = f"{OPERATORS}.op_ColonEquals"
SEQ_FUNCTION = f"{CORE}.LaterOperators.seq"

INTEGERS: dict[str, int] = {  # bits; negative when signed
    "System.SByte": -8,
    "System.Byte": 8,
    "System.Int16": -16,
    "System.UInt16": 16,
    "System.Int32": -32,
    "System.UInt32": 32,
    "System.Int64": -64,
    "System.UInt64": 64,
    "System.IntPtr": -64,
    "System.UIntPtr": 64,
}
SIGNED = frozenset(name for name, bits in INTEGERS.items() if bits < 0)
FLOATS = frozenset({"System.Double", "System.Single"})
NUMBERS = frozenset(INTEGERS) | FLOATS | {"System.Decimal"}
MEASURABLE = NUMBERS
PRIMITIVES = NUMBERS | {
    "System.Boolean",
    "System.Char",
    "System.String",
    "System.Object",
    UNIT.symbol,
}
ARRAYS = {f"System.Array{'' if n == 1 else n}`1": n for n in range(1, 33)}

# How the user writes the types that have a short name.
SHORT_NAMES: dict[str, str] = {
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
    "System.Boolean": "bool",
    "System.Char": "char",
    "System.String": "string",
    "System.Object": "obj",
    "System.Numerics.BigInteger": "bigint",
    "System.Exception": "exn",
    UNIT.symbol: "unit",
}
POSTFIX_NAMES: dict[str, str] = {
    LIST: "list",
    OPTION: "option",
    VALUE_OPTION: "voption",
    REFERENCE: "ref",
    LAZY: "Lazy",
}
PREFIX_NAMES: dict[str, str] = {
    SEQ: "seq",
    BYREF: "byref",
    INREF: "inref",
    OUTREF: "outref",
    NATIVE_POINTER: "nativeptr",
    f"{COLLECTIONS}.Map`2": "Map",
    f"{COLLECTIONS}.Set`1": "Set",
}


def array_symbol(rank: int) -> str:
    """The symbol of arrays with `rank` dimensions."""
    return ARRAY if rank == 1 else f"System.Array{rank}`1"


def list_of(element: Type) -> NamedType:
    return NamedType(LIST, (element,))


def option_of(element: Type) -> NamedType:
    return NamedType(OPTION, (element,))


def array_of(element: Type) -> NamedType:
    return NamedType(ARRAY, (element,))


def seq_of(element: Type) -> NamedType:
    return NamedType(SEQ, (element,))


def is_byref(type: Type) -> TypeGuard[NamedType]:
    """Whether a type is `byref<'T>` or one of its relatives."""
    return isinstance(type, NamedType) and type.symbol in BYREFS


def is_span(type: Type) -> bool:
    """Whether a type is a span, which nothing keeps."""
    return isinstance(type, NamedType) and type.symbol in SPANS


def is_inref(type: Type) -> bool:
    """Whether what a reference refers to is only read."""
    return isinstance(type, NamedType) and type.symbol == INREF


def passes_as(given: str, taken: str) -> bool:
    """Whether one kind of reference is taken for another (F# RFC FS-1053); `ref` cells are taken
    where something is written."""
    if given == taken:
        return True
    return given == BYREF or (given == REFERENCE and taken != INREF)


def byref_of(element: Type, is_readonly: bool = False) -> NamedType:
    return NamedType(INREF if is_readonly else BYREF, (element,))
