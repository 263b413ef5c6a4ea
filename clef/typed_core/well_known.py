"""The library's names that the core needs, with their exact signatures: the agreement between this
stage and `clef/library`.

Comes in: nothing. Goes out: symbols of library functions and types, and the names of the *core
intrinsics*. Promises: no other module of this stage but `well_known_json` spells a library symbol.
When a library lacks one that a program needs, the user gets E0520 with its name.

Core intrinsics are names that library code writes in `[<Intrinsic("…")>]` like primitives, but
specialisation itself replaces the
call by code for the concrete types (so they work for every type argument, and inside every library
function):

    derive_equals        'T -> 'T -> bool      `=`: structural; NaN differs from itself
    derive_equals_er     'T -> 'T -> bool      `.Equals`: structural; NaN equals itself
    derive_default_equals 'T -> 'T -> bool     the default comparer: as derive_equals_er, arrays by
                                     reference; derive_default_hash agrees with it
    derive_compare       'T -> 'T -> int       `compare`: total; NaN is below everything and equal
                                     to itself
    derive_less          'T -> 'T -> bool      `<`  (and _less_equal, _greater, _greater_equal):
                                     false when a NaN takes part
    derive_hash          'T -> int             `hash`
    derive_to_string     'T -> string          `.ToString()`, `string`, `%O`; null and None give ""
    derive_text          'T -> string          `string x`: the same, but numbers are written as in
                                     the invariant culture
    derive_layout        'T -> Layout          the structure that `%A` prints
    type_name            unit -> string        `typeof<'T>.Name`     ('T is the only type parameter)
    type_full_name       unit -> string        `typeof<'T>.FullName`
    type_text            unit -> string        `typeof<'T>.ToString()`
    type_identity        unit -> int           a number that is different for different types
    type_same_scalar     unit -> bool          both type parameters are one scalar type
    type_size            unit -> int           `sizeof<'T>`
    type_equals          unit -> bool          'T and 'U are the same type; folded, so that the
                                     other branch disappears
    type_is_array        unit -> bool          'T is an array of one dimension
    type_is_reference    unit -> bool          'T is a class, interface, string, array, function …
                                     (not a number, struct, unit)
    raise                exn -> 'T
    reraise              unit -> 'T            only inside `with`
    box                  'T -> obj             None and () become null
    unbox                obj -> 'T             raises InvalidCastException
    type_test            obj -> bool           the value is a 'T
    dynamic_to_string    obj -> string         (and dynamic_equals: obj -> obj -> bool,
                                     dynamic_hash: obj -> int, dynamic_compare,
                                               dynamic_layout: obj -> Layout, dynamic_type_name: obj
                                               -> string): by the kind of the value
    dynamic_type         obj -> System.Type    `x.GetType()`
    enum_names           unit -> string[]      names of the enum 'T; enum_values: unit -> 'T[]
    described_…          identity of a Type, … -> what reflection asks about it (descriptions.py)
    format_apply         PrintfFormat<'Printer,'State,'Residue,'Result> -> (string -> 'Result) ->
                                     'Printer
    format_make          ((string -> 'Result) -> 'Printer) -> PrintfFormat<…>: the other way round
    format_of_text       string -> PrintfFormat<…>: a call of FORMATS_OF_TEXT's `of0`, `of1` …
    ref_cell …           are not needed: `Ref` is an ordinary library record
    zero                 unit -> 'T            `Unchecked.defaultof<'T>`
    vacant               unit -> 'T            the same where nobody will see it
    delegate_invoke      'Delegate -> …        calls of delegates need no library code: `D.Invoke`
                                     is known

How `%A`, ToString and friends of library types find their code (asked for in this order):
    layout      LAYOUTS below; then a record, union, tuple, exception, enum … by structure; classes
    by ToString
    to string   an override of `ToString` (a member `T.ToString` with no further parameter); then
    LAYOUTS with the `%+A` rules for records and unions;
                classes print their full type name
    equality    an override of `Equals` (`T.Equals` taking one value, best of type 'T, else obj);
    then structure; classes by reference
    hash        an override of `GetHashCode` (`T.GetHashCode`); then structure
    compare     `T.CompareTo` taking one value (best of type 'T, else obj); then structure
So builtin types (Int32, String, Decimal …) must have members `ToString()`, and those that are no
machine numbers (Decimal, BigInteger …)
`Equals`, `GetHashCode`, `CompareTo`.
Static operators (`op_Addition`, `op_Explicit` …) of types that are no machine numbers are members
of the type: `System.Decimal.op_Addition`.
"""

from __future__ import annotations

CORE = "Microsoft.FSharp.Core"
COLLECTIONS = "Microsoft.FSharp.Collections"
OPERATORS = f"{CORE}.Operators"

# Types -------------------------------------------------------------------------------------------

UNIT = f"{CORE}.Unit"
OBJECT = "System.Object"
PLAIN_OBJECT = "Clef.Runtime.PlainObject"  # what `obj()` makes
STRING = "System.String"
BOOLEAN = "System.Boolean"
CHAR = "System.Char"
INT32 = "System.Int32"
INT64 = "System.Int64"
UINT64 = "System.UInt64"
FLOAT = "System.Double"
FLOAT32 = "System.Single"
DECIMAL = "System.Decimal"
BIGINT = "System.Numerics.BigInteger"
BYTE = "System.Byte"
# a library class, see TYPE_OBJECT
TYPE = "System.Type"
EXCEPTION = "System.Exception"
ARRAY = "System.Array`1"
BYREF = "System.ByRef`1"
INREF = "System.InRef`1"  # what it refers to is only read
NATIVE_POINTER = "Microsoft.FSharp.NativeInterop.nativeptr`1"
POINTER = "$ByRef"  # what a byref is in the core: a union, see places.py
TYPED_POINTER = "Clef.Ptr`3"
STACK_REGION = "Clef.Stack"
ARENA_REGION = "Clef.Arena"
PERIPHERAL = "Clef.Peripheral"
LIST = f"{COLLECTIONS}.List`1"
NIL = f"{LIST}.Nil"
CONS = f"{LIST}.Cons"
OPTION = f"{CORE}.Option`1"
NULLABLE = "System.Nullable`1"
VALUE_OPTION = f"{CORE}.ValueOption`1"
CHOICE = f"{CORE}.Choice`"
FORMAT_TYPES = (f"{CORE}.PrintfFormat`5", f"{CORE}.PrintfFormat`4")
LAYOUT = f"{CORE}.Printing.Layout"  # any type; the core only passes it on
SEQ_MAP = "Microsoft.FSharp.Collections.Seq.map"
SEQ = "System.Collections.Generic.IEnumerable`1"
ENUMERATOR = "System.Collections.Generic.IEnumerator`1"
WIDENED = "Clef.Runtime.Widening.enumerator"  # seq<'X> -> IEnumerator<'Y>, 'X being below 'Y
PLAIN_SEQ = "System.Collections.IEnumerable"
PLAIN_ENUMERATOR = "System.Collections.IEnumerator"
DISPOSABLE = "System.IDisposable"
ENUM_OVER = "System.EnumOver`1"
VALUE_TYPE = "System.ValueType"
NUMERIC_INTERFACES = ("System.Numerics.I", "System.IParsable")
"""How the interfaces begin that types have without saying so, for their static members."""
ENUM = "System.Enum"
ARRAYS_OF_ANY = "System.Array"
MULTICAST_DELEGATE = "System.MulticastDelegate"

# Slots (abstract members) that the core implements or calls itself -------------------------------

GET_ENUMERATOR = f"{SEQ}.GetEnumerator"  # unit -> IEnumerator<'T>
PLAIN_GET_ENUMERATOR = f"{PLAIN_SEQ}.GetEnumerator"  # unit -> IEnumerator
CURRENT = f"{ENUMERATOR}.get_Current"  # unit -> 'T
PLAIN_CURRENT = f"{PLAIN_ENUMERATOR}.get_Current"  # unit -> obj
MOVE_NEXT = f"{PLAIN_ENUMERATOR}.MoveNext"  # unit -> bool
RESET = f"{PLAIN_ENUMERATOR}.Reset"  # unit -> unit
NO_RESET = "Microsoft.FSharp.Core.Failures.noReset"  # unit -> unit
DISPOSE = f"{DISPOSABLE}.Dispose"  # unit -> unit
TO_STRING = f"{OBJECT}.ToString"
EQUALS = f"{OBJECT}.Equals"
GET_HASH_CODE = f"{OBJECT}.GetHashCode"
COMPARABLE = "System.IComparable"
COMPARE_TO = f"{COMPARABLE}.CompareTo"  # obj -> int
GENERIC_COMPARABLE = "System.IComparable`1"
STRUCTURAL_COMPARABLE = "System.Collections.IStructuralComparable"
STRUCTURAL_EQUATABLE = "System.Collections.IStructuralEquatable"
STRUCTURAL_OBJECTS = f"{CORE}.LanguagePrimitives.StructuralObjects"
STRUCTURAL_EQUAL = f"{STRUCTURAL_OBJECTS}.equal"  # IStructuralEquatable -> obj -> bool
STRUCTURAL_ORDER = f"{STRUCTURAL_OBJECTS}.order"  # IStructuralComparable -> obj -> int
# The parts, those of another value or null, 1 for unions, whether it is a tuple, a comparer:
EQUAL_PARTS = "Clef.Runtime.StructuralParts.equalParts"  # obj[] -> obj[] -> int -> bool -> …
ORDER_PARTS = "Clef.Runtime.StructuralParts.orderParts"  # the same, with the other object
HASH_PARTS = "Clef.Runtime.StructuralParts.hashParts"  # obj[] -> int -> bool -> …
PLAIN_PART = "Clef.Runtime.StructuralParts.plain"  # obj -> obj
COMPARER = "System.Collections.IComparer"
EQUALITY_COMPARER = "System.Collections.IEqualityComparer"
STRUCTURAL_HASH = f"{STRUCTURAL_OBJECTS}.hash"  # IStructuralEquatable -> int
EQUATABLE = "System.IEquatable`1"

# Array and string access as inference spells it: library functions with the intrinsics array_get,
# array_set …
ARRAY_INTRINSICS = f"{CORE}.LanguagePrimitives.IntrinsicFunctions"

CHECK_STATIC_INIT = f"{ARRAY_INTRINSICS}.CheckStaticInit"  # level -> least level -> unit
READ_BYREF = f"{ARRAY_INTRINSICS}.ReadByref"  # 'T byref -> 'T
WRITE_BYREF = f"{ARRAY_INTRINSICS}.WriteByref"  # 'T byref -> 'T -> unit

# Failures: library functions that make the exception; the core raises it -------------------------

FAILURES = f"{CORE}.Failures"
FORMATS_OF_TEXT = f"{CORE}.RunTimeFormats"  # of1: string -> PrintfFormat<'A -> 'Result, …>
FORMAT_WITHOUT_TEXT = f"{FAILURES}.formatWithoutText"  # unit -> exn
RECURSIVE_VALUE = f"{FAILURES}.recursiveValue"  # unit -> exn
MATCH_FAILURE = f"{FAILURES}.matchFailure"  # file: string -> line: int -> column: int -> exn
INVALID_CAST = f"{FAILURES}.invalidCast"  # source type: string -> target type: string -> exn
ENUMERATION_NOT_STARTED = f"{FAILURES}.enumerationNotStarted"  # unit -> exn
ENUMERATION_FINISHED = f"{FAILURES}.enumerationFinished"  # unit -> exn
NULL_REFERENCE = f"{FAILURES}.nullReference"  # unit -> exn
INDEX_OUT_OF_RANGE = f"{FAILURES}.indexOutOfRange"  # unit -> exn
DIVIDE_BY_ZERO = f"{FAILURES}.divideByZero"  # unit -> exn
OVERFLOW = f"{FAILURES}.overflow"  # unit -> exn
ZERO_STEP = f"{FAILURES}.zeroStep"  # unit -> exn: "The step of a range cannot be zero."
FAILURE = f"{FAILURES}.failure"  # message: string -> exn, what failwith raises
WRONG_OPERAND = f"{FAILURES}.wrongOperand"  # type name: string -> exn, what CompareTo raises
WRONG_TUPLE = f"{FAILURES}.wrongTuple"  # type name: string -> exn, the same for tuples
NOT_COMPARABLE = (
    f"{FAILURES}.notComparable"  # type name: string -> exn (ArgumentException as .NET's)
)

MAKE_ARRAY = "Clef.Runtime.ArrayObjects.make"  # int -> obj: an array of zeros of a type

# Start and end of the program --------------------------------------------------------------------

STARTUP = f"{CORE}.Startup"
UNHANDLED = (
    f"{STARTUP}.unhandledException"  # exn -> int: reports on standard error, gives the exit code
)
EXIT_CODE = f"{STARTUP}.exitCode"  # unit -> int: where no main function gives one
FINISH = f"{STARTUP}.finish"  # unit -> unit: what is to be done at the end, and FLUSH
WAITING_STACKS = "Clef.Runtime.Scheduler.waiting"  # int: those that wait in the middle of code
FLUSH = "Clef.Runtime.Streams.flush"  # unit -> unit: flushes the standard streams
# exn -> nativeint -> int: keeps its texts for the caller of a library; gives 1
BOUNDARY_FAILED = "Clef.Runtime.Boundary.failed"
ARGUMENTS = f"{STARTUP}.arguments"  # unit -> string[]: without the program's name

# Comprehensions and ranges -----------------------------------------------------------------------

LIST_HASH = "Clef.Runtime.ListPieces.hash"  # 'T list -> int
LIST_RANGE = "Clef.Runtime.ListPieces.range"  # 'T -> 'T -> 'T list
LIST_REVERSE = f"{COLLECTIONS}.List.rev"  # 'T list -> 'T list; in place when the list is unique
# 'T[] -> 'T[]: the same elements with room for more; 'T[] -> int -> 'T[]: the first ones
ARRAY_GROWN = f"{CORE}.Comprehensions.grown"
ARRAY_FITTED = f"{CORE}.Comprehensions.fitted"
RANGES = f"{CORE}.Ranges"
RANGE = f"{RANGES}.range"  # inline: start: ^T -> finish: ^T -> seq<^T>; step is the type's One
RANGE_STEP = f"{RANGES}.rangeStep"  # inline: start: ^T -> step: ^T -> finish: ^T -> seq<^T>

# Strings -----------------------------------------------------------------------------------------

# string -> string -> int: String.CompareOrdinal (UTF-16 order); null first
STRING_COMPARE = f"{CORE}.Comparisons.compareStrings"
STRING_HASH = f"{CORE}.Comparisons.hashString"  # string -> int: deterministic
FLOAT_HASH = f"{CORE}.Comparisons.hashFloat"  # float -> int, as .NET's Double.GetHashCode
FLOAT32_HASH = f"{CORE}.Comparisons.hashFloat32"  # float32 -> int
STRING_CONCAT = f"{CORE}.Formatting.concat2"  # string -> string -> string
STRING_PREFIXED = f"{CORE}.Formatting.prefixed"  # the same after a literal of ASCII
STRING_CONCAT_ALL = f"{CORE}.Formatting.concatAll"  # string[] -> string
# string -> string[] -> string: the first one grows in place when nobody else has it
STRING_CONCAT_ONTO = f"{CORE}.Formatting.concatOnto"
STRING_CHAR = f"{CORE}.Formatting.charAt"  # string -> int -> char, unchecked: for `for c in s`
STRING_LENGTH = f"{CORE}.Formatting.length"  # string -> int, UTF-16 units

# int -> int -> int -> bool -> byte -> decimal: low, middle, high, is negative, scale; for
# literals when decimal is no builtin
MAKE_DECIMAL = f"{CORE}.LanguagePrimitives.IntrinsicFunctions.MakeDecimal"

# Formatting. flags: "-" 1, "+" 2, " " 4, "0" 8 added up; width and precision -1 when absent ------

FORMATTING = f"{CORE}.Formatting"
OR_EMPTY = f"{FORMATTING}.orEmpty"  # string -> string; null is ""
BOOL_TEXT = f"{FORMATTING}.boolText"  # bool -> string
CHAR_TEXT = "Clef.Runtime.Utf16.ofChar"  # char -> string
INTEGER_TEXT = "Clef.Runtime.IntegerText.ofInt64"  # int64 -> string
UNSIGNED_TEXT = "Clef.Runtime.IntegerText.ofUInt64"  # uint64 -> string
# bits of a digit: int -> upper case: bool -> uint64 -> string
DIGITS_TEXT = "Clef.Runtime.IntegerText.inBase"
FIXED_POINT_TEXT = "Clef.Runtime.FloatText.fixedPoint"  # float -> places: int -> string
# float -> places: int -> letter: char -> digits of the exponent: int -> string
SCIENTIFIC_TEXT = "Clef.Runtime.FloatText.scientific"
FORMAT_BOOL = f"{FORMATTING}.formatBool"  # flags: int -> width: int -> bool -> string
FORMAT_STRING = f"{FORMATTING}.formatString"  # flags -> width -> string -> string; null is ""
FORMAT_CHAR = f"{FORMATTING}.formatChar"  # flags -> width -> char -> string
FORMAT_SIGNED = (
    f"{FORMATTING}.formatSigned"  # flags -> width -> precision -> int64 -> string (d, i)
)
# specifier: char -> flags -> width -> precision -> uint64 -> string (d i u x X o B)
FORMAT_UNSIGNED = f"{FORMATTING}.formatUnsigned"
# specifier: char -> flags -> width -> precision -> float -> string (e E f F g G)
FORMAT_FLOAT = f"{FORMATTING}.formatFloat"
FORMAT_FLOAT32 = f"{FORMATTING}.formatFloat32"  # the same for float32
FORMAT_DECIMAL = f"{FORMATTING}.formatDecimal"  # the same for decimal (M and the float specifiers)
# flags -> width (80 when absent) -> precision -> Layout -> string (A)
FORMAT_LAYOUT = f"{FORMATTING}.formatLayout"
FORMAT_OBJECT = (
    f"{FORMATTING}.formatObject"  # flags -> width -> string -> string (O): null is "<null>"
)
PAD_HOLE = (
    f"{FORMATTING}.padHole"  # alignment: int -> string -> string: {x,10}; negative: to the left
)
# 'T -> format: string -> string, inline: {x:N2}; calls x.ToString(format)
INVARIANT_TEXT = "Clef.Runtime.Culture.invariantText"  # obj -> string
FORMAT_HOLE = f"{FORMATTING}.formatHole"  # of numbers
FORMAT_ANY_HOLE = f"{FORMATTING}.formatAnyHole"  # of whatever may be IFormattable
FORMATTED_NUMBERS = frozenset(
    f"System.{name}"
    for name in (
        *("SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64"),
        *("IntPtr", "UIntPtr", "Single", "Double", "Decimal"),
    )
)
# (TextWriter -> unit) -> string: runs it on a StringWriter (%a and %t of printf)
CAPTURE_WRITER = f"{FORMATTING}.captureWriter"
CAPTURE_BUILDER = f"{FORMATTING}.captureBuilder"
STRING_BUILDER = "System.Text.StringBuilder"
FORMAT_FLAGS = {"-": 1, "+": 2, " ": 4, "0": 8}

# What printf and friends do with the finished text, when the format is a literal applied to all
# its arguments.
# value: ("call", symbol of string -> unit) or ("text", "") or ("raise", symbol of string -> exn)
PRINTERS: dict[str, tuple[str, str]] = {
    f"{CORE}.ExtraTopLevelOperators.printf": ("call", f"{FORMATTING}.write"),
    f"{CORE}.ExtraTopLevelOperators.printfn": ("call", f"{FORMATTING}.writeLine"),
    f"{CORE}.ExtraTopLevelOperators.eprintf": ("call", f"{FORMATTING}.writeError"),
    f"{CORE}.ExtraTopLevelOperators.eprintfn": ("call", f"{FORMATTING}.writeErrorLine"),
    f"{CORE}.ExtraTopLevelOperators.sprintf": ("text", ""),
    f"{CORE}.ExtraTopLevelOperators.failwithf": ("raise", FAILURE),
    f"{CORE}.Printf.printf": ("call", f"{FORMATTING}.write"),
    f"{CORE}.Printf.printfn": ("call", f"{FORMATTING}.writeLine"),
    f"{CORE}.Printf.eprintf": ("call", f"{FORMATTING}.writeError"),
    f"{CORE}.Printf.eprintfn": ("call", f"{FORMATTING}.writeErrorLine"),
    f"{CORE}.Printf.sprintf": ("text", ""),
    f"{CORE}.Printf.failwithf": ("raise", FAILURE),
}

# Layouts: what `%A` builds (module Microsoft.FSharp.Core.Printing) -------------------------------

PRINTING = f"{CORE}.Printing"
LAYOUT_TEXT = f"{PRINTING}.text"  # string -> Layout: as it is
LAYOUT_RECORD = (
    f"{PRINTING}.record"  # names: string list -> values: Layout list -> Layout   { A = 1; B = 2 }
)
# name: string -> fields: Layout list -> Layout   Case (1, 2); no fields: Case
FORMAT_ELEMENT = f"{FORMATTING}.formatElement"  # string -> string: null becomes "null"
LAYOUT_CASE = f"{PRINTING}.case"
LAYOUT_TUPLE = f"{PRINTING}.tuple"  # items: Layout list -> Layout
LAYOUT_DISPLAY = f"{PRINTING}.display"  # pieces: Layout list -> Layout, without blanks
LAYOUT_STRUCT_TUPLE = f"{PRINTING}.structTuple"  # items: Layout list -> Layout   struct (1, 2)
LAYOUT_EXCEPTION = (
    f"{PRINTING}.exceptionCase"  # name -> fields: Layout list -> Layout   MyError "x"
)
LAYOUT_STRING = f"{PRINTING}.quoted"  # string -> Layout, of a string value: in quotes, null is null
LAYOUT_NULL = f"{PRINTING}.nothing"  # unit -> Layout: <null>
LAYOUT_OBJECT = f"{PRINTING}.ofObjectText"  # string -> Layout: what ToString() of a class gave
LAYOUT_FAILED_OBJECT = (
    f"{PRINTING}.ofFailedText"  # exn -> Layout: of an object whose text raised it
)
LAYOUT_LIMIT = f"{PRINTING}.limitNext"  # size: int -> unit, before a whole text
LAYOUT_START = f"{PRINTING}.start"  # unit -> int64: begins a whole text
LAYOUT_FINISH = f"{PRINTING}.finish"  # int64 -> Layout -> Layout: ends it
LAYOUT_ENTER = f"{PRINTING}.enter"  # size -> share -> depth to go back to, or -1: not shown
LAYOUT_LEAVE = f"{PRINTING}.leave"  # depth -> Layout -> Layout
LAYOUT_COUNT = f"{PRINTING}.count"  # unit -> unit: a field of a record
LAYOUT_MORE = f"{PRINTING}.more"  # unit -> Layout: ...

# Types whose layout is a library function `'T -> Layout` (type parameters: those of the type).
# The elements' layouts come from
# `derive_layout` inside them. A type missing here is printed by its structure, or by ToString
# when it is a class.
LAYOUTS: dict[str, str] = {
    "System.SByte": f"{PRINTING}.ofSByte",  # 1y
    "System.Byte": f"{PRINTING}.ofByte",  # 1uy
    "System.Int16": f"{PRINTING}.ofInt16",  # 1s
    "System.UInt16": f"{PRINTING}.ofUInt16",  # 1us
    "System.Int32": f"{PRINTING}.ofInt32",  # 1
    "System.UInt32": f"{PRINTING}.ofUInt32",  # 1u
    "System.Int64": f"{PRINTING}.ofInt64",  # 1L
    "System.UInt64": f"{PRINTING}.ofUInt64",  # 1UL
    "System.IntPtr": f"{PRINTING}.ofIntPtr",  # 1n
    "System.UIntPtr": f"{PRINTING}.ofUIntPtr",  # 1un
    "System.Double": f"{PRINTING}.ofFloat",  # 1.0, nan, infinity
    "System.Single": f"{PRINTING}.ofFloat32",  # 1.0f
    "System.Decimal": f"{PRINTING}.ofDecimal",  # 1M
    "System.Numerics.BigInteger": f"{PRINTING}.ofBigInteger",  # 1
    "System.Boolean": f"{PRINTING}.ofBoolean",
    "System.Char": f"{PRINTING}.ofChar",  # 'a'
    "System.String": LAYOUT_STRING,
    UNIT: f"{PRINTING}.ofUnit",  # ()
    LIST: f"{PRINTING}.ofList",  # 'T list -> Layout
    ARRAY: f"{PRINTING}.ofArray",  # 'T[] -> Layout
    "System.Array2`1": f"{PRINTING}.ofArray2D",
    "System.Array3`1": f"{PRINTING}.ofArray3D",
    # seq<'T> -> Layout; also for every class that implements seq<'T> and has no entry of its
    # own
    SEQ: f"{PRINTING}.ofSeq",
    f"{COLLECTIONS}.Map`2": f"{PRINTING}.ofMap",  # Map<'K,'V> -> Layout
    f"{COLLECTIONS}.Set`1": f"{PRINTING}.ofSet",  # Set<'T> -> Layout
    "System.Lazy`1": f"{PRINTING}.ofLazy",  # Value is not created. / the value
    "System.Tuple`1": f"{PRINTING}.ofSingle",
    "System.ValueTuple`1": f"{PRINTING}.ofStructSingle",
}
# Those of them whose parts count among what a text shows at most, and not they themselves.
LAYOUTS_OF_PARTS = frozenset(
    {
        *(LIST, ARRAY, SEQ, "System.Array2`1", "System.Array3`1"),
        *(f"{COLLECTIONS}.Map`2", f"{COLLECTIONS}.Set`1"),
        *("System.Lazy`1", "System.Tuple`1", "System.ValueTuple`1"),
    }
)


# Types that show the name of their class where a text is asked for: F# gives them no ToString.
TEXTLESS = frozenset(
    {f"{CORE}.Result`2", f"{CORE}.Ref`1", *(f"{CHOICE}{count}" for count in range(2, 8))}
)

# typeof<'T> as an object: name -> full name -> text -> identity -> traits -> Type
TYPE_OBJECT = f"{CORE}.TypeInformation.make"  # its type is above
FORMATTABLE = "System.IFormattable"
FORMAT_ENUM = f"{CORE}.EnumInformation.format"  # a value, its format, a provider
DELEGATE_CODES = "Clef.Runtime.DelegateCodes.of"  # with how many arguments they take
ENUM_TYPE_OBJECT = f"{CORE}.EnumInformation.make"  # the same, with the enum as its type argument

# Conversions from strings: `int "42"` and relatives, string -> 'T (op_Explicit with a string
# operand)
PARSERS: dict[str, str] = {
    "System.Int32": f"{CORE}.LanguagePrimitives.ParseInt32",
    "System.Int64": f"{CORE}.LanguagePrimitives.ParseInt64",
    "System.UInt32": f"{CORE}.LanguagePrimitives.ParseUInt32",
    "System.UInt64": f"{CORE}.LanguagePrimitives.ParseUInt64",
    "System.Int16": f"{CORE}.LanguagePrimitives.ParseInt16",
    "System.UInt16": f"{CORE}.LanguagePrimitives.ParseUInt16",
    "System.SByte": f"{CORE}.LanguagePrimitives.ParseSByte",
    "System.Byte": f"{CORE}.LanguagePrimitives.ParseByte",
    "System.Double": "Clef.Runtime.IntegerReader.convertFloat",
    "System.Single": "Clef.Runtime.IntegerReader.convertFloat32",
    "System.Decimal": "Clef.Runtime.StyledNumbers.convertDecimal",
    "System.Char": "System.Char.Parse",
    "System.IntPtr": f"{CORE}.LanguagePrimitives.ParseIntPtr",
    "System.UIntPtr": f"{CORE}.LanguagePrimitives.ParseUIntPtr",
}

# Functions that are applied in place -------------------------------------------------------------

PRESENT = "Clef.Runtime.CollectionErrors.present"  # raises for null: string -> 'T -> unit
IS_MADE = "Clef.Runtime.Raw.isMade"  # seq<'T> -> bool: false for what is only walked through
DURING = "Clef.Runtime.Raw.during"  # bool -> seq<'T> -> seq<'T>: asked before each element
EAGER = "Clef.Runtime.Raw.eager"  # bool -> unit: the first loop opens its source at once
OPENED = "Clef.Runtime.Raw.opened"  # unit -> unit: as far as this at once
ENDED = "Clef.Runtime.Raw.ended"  # unit -> unit: no further item, what is open stays open
PIPE_RIGHT = f"{OPERATORS}.op_PipeRight"
PIPE_RIGHT_2 = f"{OPERATORS}.op_PipeRight2"
PIPE_RIGHT_3 = f"{OPERATORS}.op_PipeRight3"
PIPE_LEFT = f"{OPERATORS}.op_PipeLeft"

# Core intrinsics ---------------------------------------------------------------------------------

CORE_INTRINSICS = frozenset(
    [
        "derive_equals",
        "derive_equals_er",
        "derive_default_equals",
        "derive_default_hash",
        "derive_compare",
        "derive_less",
        "derive_less_equal",
        "derive_greater",
        "derive_greater_equal",
        "derive_hash",
        "derive_to_string",
        "derive_text",
        "derive_layout",
        "type_name",
        "type_full_name",
        "type_text",
        "type_identity",
        "type_same_scalar",
        "type_size",
        "type_equals",
        "type_is_reference",
        "type_is_array",
        "raise",
        "reraise",
        "box",
        "unbox",
        "type_test",
        "dynamic_to_string",
        "dynamic_equals",
        "dynamic_hash",
        "dynamic_compare",
        "dynamic_layout",
        "dynamic_type",
        "dynamic_delegate_code",
        "dynamic_type_name",
        "enum_names",
        "enum_values",
        "described_arguments",
        "described_codec",
        "described_definition",
        "described_base",
        "described_interfaces",
        "described_cases",
        "described_field_names",
        "described_field_types",
        "described_holds",
        "described_tag",
        "described_read",
        "described_make",
        "described_property_names",
        "described_property_types",
        "described_property_traits",
        "described_get_property",
        "described_set_property",
        "described_constructors",
        "described_constructor_types",
        "described_constructor_names",
        "described_construct",
        "described_zero",
        "described_array",
        "described_with_attributes",
        "described_attributes",
        "constructed_instances",
        "constructed_tuples",
        "constructed_functions",
        "constructed_arrays",
        "format_apply",
        "format_make",
        "format_of_text",
        "format_text",
        "zero",
        "vacant",
    ]
)
