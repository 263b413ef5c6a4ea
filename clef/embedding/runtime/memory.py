"""Memory that belongs to Python, seen by Clef without a copy.

Comes in: anything with the buffer protocol (PEP 3118) or DLPack. Goes out: its address and length.
Promises: what has other items, gaps, several dimensions, or is read-only where it will be written
to, is refused with a message that says what would do; the memory is held until the view is closed.
"""

from __future__ import annotations

import ctypes
import struct
import sys
from collections.abc import Sequence
from typing import Any


class _Address(ctypes.Structure):
    """The first field of a Py_buffer, which is all that is needed of it."""

    _fields_ = (("buf", ctypes.c_void_p), ("rest", ctypes.c_byte * 72))


_get_buffer = ctypes.pythonapi.PyObject_GetBuffer
_get_buffer.argtypes = (ctypes.py_object, ctypes.c_void_p, ctypes.c_int)
_get_buffer.restype = ctypes.c_int
_release_buffer = ctypes.pythonapi.PyBuffer_Release
_release_buffer.argtypes = (ctypes.c_void_p,)
_release_buffer.restype = None


class View:
    """One-dimensional memory of somebody else: address, length, and what keeps it there."""

    __slots__ = ("_buffer", "address", "keeper", "length")

    def __init__(self, address: int, length: int, keeper: object, buffer: object = None) -> None:
        self.address = address
        self.length = length
        self.keeper = keeper
        self._buffer = buffer

    def close(self) -> None:
        """Let the memory go."""
        buffer, self._buffer = self._buffer, None
        if buffer is not None:
            _release_buffer(ctypes.byref(buffer))  # type: ignore[arg-type]


def _address_of(view: memoryview) -> tuple[int, object]:
    """The address of a buffer, and the Py_buffer that holds it."""
    raw = _Address()
    _get_buffer(view, ctypes.byref(raw), 0)
    return raw.buf or 0, raw


_FORMATS = {
    ("int", 8, True): "bc",
    ("int", 8, False): "Bc",
    ("int", 16, True): "h",
    ("int", 16, False): "H",
    ("int", 32, True): "il",
    ("int", 32, False): "IL",
    ("int", 64, True): "qln",
    ("int", 64, False): "QLN",
    ("float", 32): "f",
    ("float", 64): "d",
    ("bool",): "?",
}


def element_name(element: Sequence[Any]) -> str:
    """What the elements are called, by NumPy's names."""
    if element[0] == "int":
        return f"{'int' if element[2] else 'uint'}{element[1]}"
    if element[0] == "struct":
        return f"structures of {element[1]} bytes ({', '.join(one[0] for one in element[2])})"
    return f"{element[0]}{element[1]}" if len(element) > 1 else str(element[0])


def _size_of(element: Sequence[Any]) -> int:
    if element[0] == "struct":
        return int(element[1])
    return int(element[1]) // 8 if len(element) > 1 else 1


def _fits(view: memoryview, element: Sequence[Any]) -> bool:
    """Whether the items of a buffer are such elements, in this machine's byte order."""
    code = view.format
    if view.itemsize != _size_of(element):
        return False
    if element[0] == "struct":
        return _same_structure(code, element)
    foreign = ">!" if sys.byteorder == "little" else "<"
    if code[:1] in foreign and view.itemsize > 1:
        return False
    return len(code.lstrip("@=<>!")) == 1 and code[-1] in _FORMATS[tuple(element)]


_C_CODES = {
    "int8_t": "b",
    "uint8_t": "B",
    "int16_t": "h",
    "uint16_t": "H",
    "int32_t": "il",
    "uint32_t": "IL",
    "int64_t": "ql",
    "uint64_t": "QL",
    "intptr_t": "qln",
    "uintptr_t": "QLN",
    "float": "f",
    "double": "d",
    "bool": "?",
}


def _same_structure(code: str, element: Sequence[Any]) -> bool:
    """Whether a structured format has the same names at the same places (PEP 3118)."""
    try:
        fields, position = _parse_structure(code, 2) if code.startswith("T{") else ([], 0)
    except (IndexError, KeyError, ValueError):
        return False
    return position == len(code) and _flat(element, 0, "") == fields


def _flat(element: Sequence[Any], base: int, prefix: str) -> list[tuple[str, int, str]]:
    found: list[tuple[str, int, str]] = []
    for name, offset, inner in element[2]:
        if inner[0] == "struct":
            found += _flat(inner, base + offset, f"{prefix}{name}.")
        else:
            found.append((prefix + name, base + offset, _C_CODES.get(inner[1], "i")[0]))
    return found


def _parse_structure(code: str, at: int) -> tuple[list[tuple[str, int, str]], int]:
    """The fields of `T{…}` from after its brace on; gives what follows, too."""
    found: list[tuple[str, int, str]] = []
    offset = 0
    while code[at] != "}":
        while code[at] in "<=@":
            at += 1
        digits = at
        while code[at].isdigit():
            at += 1
        count = int(code[digits:at] or 1)
        if code[at] == "x":
            offset, at = offset + count, at + 1
            continue
        if code.startswith("T{", at):
            inner, at = _parse_structure(code, at + 2)
            size = inner_size = 0
            name, at = _field_name(code, at)
            found += [(f"{name}.{one}", offset + place, kind) for one, place, kind in inner]
            if inner:
                size = max(place + struct.calcsize(kind) for _, place, kind in inner)
                inner_size = max(struct.calcsize(kind) for _, _, kind in inner)
            offset += -(-size // max(inner_size, 1)) * max(inner_size, 1)
            continue
        kind = {"l": "q", "L": "Q"}.get(code[at], code[at])
        name, at = _field_name(code, at + 1)
        found.append((name, offset, kind))
        offset += struct.calcsize(kind)
    return found, at + 1


def _field_name(code: str, at: int) -> tuple[str, int]:
    if code[at] != ":":
        raise ValueError(code)
    end = code.index(":", at + 1)
    return code[at + 1 : end], end + 1


def view_of(value: object, element: Sequence[Any], writable: bool) -> View:
    """A view of a buffer, or of what DLPack hands over; raises TypeError or ValueError."""
    try:
        view = memoryview(value)  # type: ignore[arg-type]
    except (BufferError, ValueError) as error:
        raise TypeError(f"needs a buffer of {element_name(element)}: {error}") from None
    except TypeError:
        if hasattr(value, "__dlpack__"):
            return _dlpack_view(value, element)
        raise TypeError(
            f"needs a buffer of {element_name(element)}, such as a NumPy array or array.array, "
            f"not {type(value).__name__}"
        ) from None
    if not _fits(view, element):
        raise TypeError(
            f"needs a buffer of {element_name(element)}; this one has items of format "
            f"{view.format!r} and {view.itemsize} bytes"
        )
    if view.ndim != 1:
        raise ValueError(f"needs a buffer of one dimension, not {view.ndim}; pass x.reshape(-1)")
    if not view.c_contiguous:
        raise ValueError("needs a buffer without gaps; pass numpy.ascontiguousarray(x)")
    if writable and view.readonly:
        raise ValueError("needs a buffer that can be written to; this one is read-only")
    if view.nbytes == 0:
        return View(0, 0, view)
    address, held = _address_of(view)
    if address % min(_alignment(element), 8):
        _release_buffer(ctypes.byref(held))  # type: ignore[arg-type]
        raise ValueError("needs a buffer whose items are aligned; pass x.copy()")
    return View(address, view.nbytes // view.itemsize, view, held)


def _alignment(element: Sequence[Any]) -> int:
    if element[0] != "struct":
        return _size_of(element)
    kinds = [struct.calcsize(kind) for _, _, kind in _flat(element, 0, "")]
    return max(kinds, default=1)


class _DLTensor(ctypes.Structure):
    _fields_ = (
        ("data", ctypes.c_void_p),
        ("device_type", ctypes.c_int32),
        ("device_id", ctypes.c_int32),
        ("ndim", ctypes.c_int32),
        ("code", ctypes.c_uint8),
        ("bits", ctypes.c_uint8),
        ("lanes", ctypes.c_uint16),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
        ("strides", ctypes.POINTER(ctypes.c_int64)),
        ("byte_offset", ctypes.c_uint64),
    )


_CPU_DEVICES = (1, 3)  # main memory, and main memory that a GPU can see
_CODES = {("int", True): 0, ("int", False): 1, ("float", True): 2, ("bool", True): 6}


def _dlpack_view(value: Any, element: Sequence[Any]) -> View:
    """A view of a tensor in main memory."""
    device = value.__dlpack_device__()[0] if hasattr(value, "__dlpack_device__") else 1
    if int(device) not in _CPU_DEVICES:
        raise ValueError("needs a tensor in main memory, not on a device")
    try:
        capsule = value.__dlpack__()
    except BufferError as error:
        raise TypeError(f"needs a tensor of {element_name(element)}: {error}") from None
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.argtypes, pointer.restype = (ctypes.py_object, ctypes.c_char_p), ctypes.c_void_p
    tensor = _DLTensor.from_address(pointer(capsule, b"dltensor"))
    if element[0] == "struct":
        raise TypeError(f"needs a buffer of {element_name(element)}")
    bits = int(element[1]) if len(element) > 1 else 8
    wanted = _CODES[(element[0], bool(element[2]) if element[0] == "int" else True)]
    if (tensor.code, tensor.bits, tensor.lanes) != (wanted, bits, 1):
        raise TypeError(f"needs a tensor of {element_name(element)}")
    if tensor.ndim != 1:
        raise ValueError(f"needs a tensor of one dimension, not {tensor.ndim}")
    length = tensor.shape[0]
    if tensor.strides and length > 1 and tensor.strides[0] != 1:
        raise ValueError("needs a tensor without gaps")
    return View((tensor.data or 0) + tensor.byte_offset, length, (capsule, value))
