"""Which symbols the core knows by representation, and the machine operations of their operators.

Comes in: nothing. Goes out: tables. Promises: a type listed here is represented so even when the
library's declaration of it has not been loaded; nothing here depends on a program.
"""

from __future__ import annotations

REPRESENTATIONS: dict[str, str] = {
    "System.SByte": "int8",
    "System.Int16": "int16",
    "System.Int32": "int32",
    "System.Int64": "int64",
    "System.Byte": "uint8",
    "System.UInt16": "uint16",
    "System.UInt32": "uint32",
    "System.UInt64": "uint64",
    "System.IntPtr": "nativeint",
    "System.UIntPtr": "unativeint",
    "System.Single": "float32",
    "System.Double": "float64",
    "System.Boolean": "bool",
    "System.Char": "char",
    "Microsoft.FSharp.Core.Unit": "unit",
    "System.String": "string",
    "System.Object": "object",
    "System.Array`1": "array",
    "Microsoft.FSharp.NativeInterop.nativeptr`1": "pointer",
}

SIGNED = frozenset({"int8", "int16", "int32", "int64", "nativeint"})
UNSIGNED = frozenset({"uint8", "uint16", "uint32", "uint64", "unativeint"})
INTEGERS = SIGNED | UNSIGNED
FLOATS = frozenset({"float32", "float64"})
NUMBERS = INTEGERS | FLOATS
SCALARS = NUMBERS | {"bool", "char"}  # one machine value; `=`, `<` are primitives
BITS: dict[str, int] = {
    "int8": 8,
    "uint8": 8,
    "int16": 16,
    "uint16": 16,
    "int32": 32,
    "uint32": 32,
    "int64": 64,
    "uint64": 64,
    "nativeint": 64,
    "unativeint": 64,
    "float32": 32,
    "float64": 64,
    "bool": 8,
    "char": 16,
}
UNSIGNED_OF: dict[str, str] = {
    "System.SByte": "System.Byte",
    "System.Int16": "System.UInt16",
    "System.Int32": "System.UInt32",
    "System.Int64": "System.UInt64",
    "System.IntPtr": "System.UIntPtr",
}

# Operators on numbers: member name → (primitive, representations it works for).
BINARY_OPERATORS: dict[str, tuple[str, frozenset[str]]] = {
    "op_Addition": ("add", NUMBERS | {"char"}),
    "op_Subtraction": ("sub", NUMBERS),
    "op_Multiply": ("mul", NUMBERS),
    "op_Division": ("div", NUMBERS),
    "op_BitwiseAnd": ("and", INTEGERS | {"bool"}),
    "op_BitwiseOr": ("or", INTEGERS | {"bool"}),
    "op_ExclusiveOr": ("xor", INTEGERS | {"bool"}),
    "op_LeftShift": ("shl", INTEGERS),
    "op_RightShift": ("shr", INTEGERS),
    "op_CheckedAddition": ("add_checked", INTEGERS),
    "op_CheckedSubtraction": ("sub_checked", INTEGERS),
    "op_CheckedMultiply": ("mul_checked", INTEGERS),
    "Pow": ("pow", FLOATS),
    "op_Exponentiation": ("pow", FLOATS),
    "Atan2": ("atan2", FLOATS),
}
UNARY_OPERATORS: dict[str, tuple[str, frozenset[str]]] = {
    "op_UnaryNegation": ("neg", SIGNED | FLOATS),
    "op_LogicalNot": ("not_bits", INTEGERS),
    "Abs": ("abs_float", FLOATS),
    "Sqrt": ("sqrt", FLOATS),
    "Floor": ("floor", FLOATS),
    "Ceiling": ("ceil", FLOATS),
    "Truncate": ("truncate", FLOATS),
    "Round": ("round_even", FLOATS),
    "Sin": ("sin", FLOATS),
    "Cos": ("cos", FLOATS),
    "Tan": ("tan", FLOATS),
    "Asin": ("asin", FLOATS),
    "Acos": ("acos", FLOATS),
    "Atan": ("atan", FLOATS),
    "Sinh": ("sinh", FLOATS),
    "Cosh": ("cosh", FLOATS),
    "Tanh": ("tanh", FLOATS),
    "Exp": ("exp", FLOATS),
    "Log": ("log", FLOATS),
    "Log10": ("log10", FLOATS),
}
