"""The primitives: every machine operation that library code can name with `[<Intrinsic("…")>]`.

Each entry says how many operands there are, whether the operation may raise, whether it is pure,
and for every operand whether it is
borrowed ("b") or consumed ("c"). Operands that are plain numbers may be either. Result ownership: a
fresh (owned) value, unless `borrows_result`:
then the result is read out of an operand and the plan counts it up when it is kept.
Type arguments are those of the intrinsic function, in order; where none are given, operations are
chosen by the operand types.
"""

from __future__ import annotations

from clef.data_classes import dataclass


@dataclass(frozen=True, slots=True)
class PrimitiveInfo:
    """What a primitive does to its operands, to memory and to control."""

    name: str
    ownership: str  # one letter an operand: b or c
    is_pure: bool = True
    may_raise: bool = False
    borrows_result: bool = False
    is_vararg: bool = False


def _table(*groups: tuple[str, PrimitiveInfo]) -> dict[str, PrimitiveInfo]:
    table: dict[str, PrimitiveInfo] = {}
    for names, info in groups:
        for name in names.split():
            table[name] = PrimitiveInfo(
                name,
                info.ownership,
                info.is_pure,
                info.may_raise,
                info.borrows_result,
                info.is_vararg,
            )
    return table


_UNARY = PrimitiveInfo("", "b")
_BINARY = PrimitiveInfo("", "bb")
_RAISING_BINARY = PrimitiveInfo("", "bb", may_raise=True)
_RAISING_UNARY = PrimitiveInfo("", "b", may_raise=True)


def _effect(ownership: str, may_raise: bool = False, is_vararg: bool = False) -> PrimitiveInfo:
    """`is_vararg`: any number of further operands, which are borrowed."""
    return PrimitiveInfo("", ownership, False, may_raise, is_vararg=is_vararg)


PRIMITIVES: dict[str, PrimitiveInfo] = _table(
    # Numbers: by operand type (all integer types, chars for comparison, float32, float64). Integers
    # wrap.
    # shr is arithmetic for signed types; shift count is int32, masked as F# does
    ("add sub mul and or xor shl shr", _BINARY),
    # DivideByZeroException; MinValue / -1 raises OverflowException; floats never raise
    ("div rem", _RAISING_BINARY),
    ("neg not_bits not abs_float sqrt floor ceil truncate round_even", _UNARY),
    ("sin cos tan asin acos atan sinh cosh tanh exp log log10 log2 cbrt", _UNARY),
    ("pow atan2 fmod copysign fma_unused", _BINARY),
    ("add_checked sub_checked mul_checked", _RAISING_BINARY),  # OverflowException
    # numbers, bool, char, enums; IEEE for floats (ne is true for NaN)
    ("eq ne lt le gt ge", _BINARY),
    # convert: to type_arguments[0] with F#'s unchecked rules (float to int: truncation, saturating
    # as .NET's x86 result is fixed in LANGUAGE order);
    # convert_checked raises OverflowException; reinterpret keeps the bits (int64 <-> float64, int32
    # <-> float32, int <-> enum/char/bool)
    ("convert reinterpret", _UNARY),
    ("convert_checked", _RAISING_UNARY),
    ("popcount clz ctz bswap", _UNARY),
    # mul_high: high half of the full product (for uint64/int64)
    ("mul_high", _BINARY),
    # Strings: cell of UTF-8 bytes. byte_length, bytes_at (unchecked; as many as the result has) and
    # utf16_length are raw; building: string_allocate n gives a unique cell of n bytes,
    # string_set_byte writes it, string_seal computes the UTF-16 facts and gives the string (same
    # cell).
    ("string_byte_length string_utf16_length string_is_ascii", _UNARY),
    # the length where every byte is a UTF-16 unit, 0 for other texts and for null
    ("string_plain_length", _UNARY),
    ("string_bytes_at", _BINARY),
    ("string_allocate", _effect("b")),
    ("string_static", _effect("b")),  # the same in static memory; a literal number of bytes
    ("string_set_byte", _effect("bbb")),
    # source string, source offset, target, target offset, count
    ("string_copy_bytes", _effect("bbbbb")),
    ("string_seal", _effect("c")),
    ("string_seal_as", _effect("cb")),  # the number of UTF-16 units is known
    # a string under construction that begins with the bytes of another and has n more
    ("string_grow", _effect("cb")),
    ("string_compare_bytes", PrimitiveInfo("", "bb")),  # memcmp order then length: int32
    ("string_equal", PrimitiveInfo("", "bb")),
    ("string_address", _UNARY),  # nativeptr<byte> to the payload, valid while the string lives
    # Arrays: type_arguments[0] is the element type. array_zero: zeroed; raises on negative size.
    # array_get borrows its result out of the array.
    ("array_zero", PrimitiveInfo("", "b", is_pure=False, may_raise=True)),
    ("array_length", _UNARY),
    ("array_get", PrimitiveInfo("", "bb", is_pure=False, may_raise=True, borrows_result=True)),
    ("array_set", _effect("bbc", may_raise=True)),
    ("array_get_unchecked", PrimitiveInfo("", "bb", is_pure=False, borrows_result=True)),
    ("array_set_unchecked", _effect("bbc")),
    # byref to an element
    ("array_address", PrimitiveInfo("", "bb", is_pure=False, may_raise=True)),
    # source, offset, target, offset, count: memmove with counts kept right; unchecked
    ("array_clone", _effect("b")),  # a new array with the same elements
    ("array_copy", _effect("bbbbb")),
    # that array, and one of as many plain elements to be written: the same if nobody else has it
    ("array_beside", _effect("c")),
    ("array_own", _effect("c")),  # the array itself where nobody else has it, else a clone
    # array, length: one of that length, no smaller, with the same elements, then nothing
    ("array_grow", _effect("cb")),
    # array_move: like array_copy, but nothing is counted: the places moved to hold nothing, those
    # moved from are forgotten afterwards. array_forget: array, index, count
    ("array_move", _effect("bbbbb")),
    ("array_forget", _effect("bbb")),
    # Raw memory: nativeptr<T>
    ("pointer_read", PrimitiveInfo("", "b", is_pure=False)),
    ("pointer_write", _effect("bb")),
    # the same through a pointer to a device: happens, and in order
    ("volatile_read", _effect("b")),
    ("volatile_write", _effect("bb")),
    ("pointer_add", _BINARY),  # pointer, int element index
    ("pointer_to_int pointer_of_int pointer_retype", _UNARY),
    ("size_of", PrimitiveInfo("", "")),  # bytes that a value takes in memory: int32
    ("memory_copy", _effect("bbb")),  # target, source, bytes: nativeptr, nativeptr, nativeint
    ("memory_fill", _effect("bbb")),  # target, byte, bytes
    ("stack_allocate", _effect("b")),
    # what is allocated from now on comes from a new heap; the end of it, by return or exception
    ("heap_enter heap_leave heap_abandon", _effect("")),
    ("heap_main", _effect("")),  # the whole program's heap becomes the current one; that before
    ("heap_use", _effect("b")),
    # a stack that begins with a C function; on with another one until this one's turn comes:
    # meanwhile anything may happen
    ("stack_new stack_switch", _effect("b")),
    ("memory_reserve", _effect("b")),  # bytes from the system, never given back: nativeint
    # C functions by address: one that C can call, one of a library, a call of one
    ("function_pointer symbol_pointer", _UNARY),
    ("call_pointer", _effect("b", is_vararg=True)),
    # Byrefs
    ("byref_read", PrimitiveInfo("", "b", is_pure=False, borrows_result=True)),
    ("byref_write", _effect("bc")),
    # Fields of a cell that is not finished: hole cell, case, index -> where the field is
    # (the cell is kept alive by other means); fill writes it for the first time.
    ("hole", _effect("bbb")),
    ("fill", _effect("bc")),
    # The same of a finished cell, whose field holds no reference: a nativeptr.
    ("field_address", _effect("bbb")),
    # Objects: box/unbox between a type and obj (type_arguments[0] is the value's type); cast is a
    # reinterpretation of a reference already known to fit.
    ("box", _effect("c")),
    ("unbox", PrimitiveInfo("", "b", is_pure=False, borrows_result=True)),
    ("rebox", _effect("bc")),  # object, value: another value in the box that the object is
    ("cast", PrimitiveInfo("", "c")),
    ("is_null", _UNARY),
    ("share", _UNARY),  # the same value once more
    ("check_null", _effect("b", may_raise=True)),  # NullReferenceException; see null_checks.py
    # becomes check_null where the object may be null: what it is called with answers null otherwise
    ("receiver", _effect("b", may_raise=True)),
    ("hold", _effect("b")),  # nothing: the operand lives until here
    ("zero_is_seen", _effect("b")),  # nothing: marks that zeros of the array are visible
    ("reference_equal", _BINARY),
    ("reference_hash", _UNARY),  # int32; the same for as long as the cell lives
    ("null", PrimitiveInfo("", "")),
    ("zero", PrimitiveInfo("", "")),  # default value of type_arguments[0]
    ("vacant", PrimitiveInfo("", "")),  # the same; nothing looks into it
    ("kind_of", _UNARY),  # the cell's kind number: int32
    ("alternative", _UNARY),  # which way is taken; gone once all is lowered (alternatives.py)
    # References to the outside. system_call n a b c d e f -> nativeint (Linux); wasi calls are
    # externals.
    ("system_call", _effect("bbbbbbb")),
    ("live_cells", _effect("")),  # number of live heap cells: int64
    ("exit_process", _effect("b")),
    # nothing gets here; ends the program (only where checks are verified)
    ("never_reached", _effect("")),
    # literal string: "linux", "wasi", "bare", architecture or word size; folded
    ("target_is", PrimitiveInfo("", "b")),
    ("initial_stack", PrimitiveInfo("", "")),  # nativeint: address of argc at start (Linux)
    (
        "ignore",
        _effect("b"),
        # an effect, so that its operand lives until here: code that uses a cell's raw address ends
        # with
        # it
    ),
)

CHECKS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("array_get", "array_set", "array_address"), ("index",)),
    "array_zero": ("size", "memory"),  # "memory": of 32-bit targets
    **dict.fromkeys(("div", "rem"), ("zero", "overflow")),
    **dict.fromkeys(("add_checked", "sub_checked", "mul_checked"), ("overflow",)),
    "convert_checked": ("overflow",),
    "check_null": ("null",),
    "receiver": ("null",),
}
"""The checks of the primitives that may raise."""
