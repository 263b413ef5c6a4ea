"""Python functions that call a library's.

Comes in: the description of a function. Goes out: a Python function with the same parameters.
Promises: arguments are checked before anything is called; an exception of Clef code is raised; what
was lent to the call is taken back when it ends, however it ends.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from .exceptions import exception_class
from .memory import element_name, view_of
from .packing import Packing, to_bytes
from .results import array_maker, format_code
from .scalars import c_type_of, scalar_converter, scalar_result, to_text, wrong

Prepared = tuple[Any, ...]


class Data(ctypes.Structure):
    """A text or array that a function returned."""

    _fields_ = (("data", ctypes.c_void_p), ("length", ctypes.c_int64))


class Library:
    """A loaded library: its functions, and the exceptions that its calls end with."""

    def __init__(self, path: str, description: Mapping[str, Any]) -> None:
        self.code = ctypes.CDLL(path)
        prefix = description["prefix"]
        self._message = self.function(f"{prefix}_last_error", ctypes.c_char_p)
        self._type = self.function(f"{prefix}_last_error_type", ctypes.c_char_p)
        self._place = self.function(f"{prefix}_last_error_place", ctypes.c_char_p)
        self.release = self.function(f"{prefix}_release", ctypes.c_bool, ctypes.c_void_p)
        counter = self.function(f"{prefix}_failures", ctypes.POINTER(ctypes.c_int32))
        self.failures = counter().contents
        if not self.function(f"{prefix}_start", ctypes.c_bool)():
            self.check()

    def function(self, name: str, result: Any, *parameters: Any) -> Any:
        """A function of the library."""
        found = getattr(self.code, name)
        found.restype, found.argtypes = result, parameters
        return found

    def check(self) -> None:
        """Raise what this thread's last call ended with, if it ended so."""
        message = self._message()
        if message is None:
            return
        name = (self._type() or b"").decode("utf-8", "replace")
        error = exception_class(name)(message.decode("utf-8", "replace"))
        error.place = (self._place() or b"").decode("utf-8", "replace")
        if error.place:
            error.add_note(f"raised at {error.place}")
        raise error


class Functions:
    """Makes the functions of one module."""

    def __init__(
        self, library: Library, packing: Packing, classes: Mapping[str, Any], arrays: str
    ) -> None:
        self.library = library
        self.packing = packing
        self.classes = classes
        self.arrays = arrays

    def make(self, told: Mapping[str, Any], module: str) -> Callable[..., Any]:
        """One function, from text, so that it has its own parameters, for help and for keywords."""
        space: dict[str, Any] = {"_len": len, "_str": str, "_type": type}
        space["_Error"] = (TypeError, ValueError, OverflowError)
        types: list[Any] = []
        body: list[str] = []
        passed: list[str] = []
        closing: list[str] = []
        for index, (name, one) in enumerate(told["parameters"]):
            self._parameter(index, name, one, types, space, body, passed, closing)
        space["_call"] = self.library.function(told["c_name"], None, *types)
        space["_failures"] = self.library.failures
        space["_check"] = self.library.check
        ending = self._result(told["result"], space)
        text = _text(told, body, passed, closing, ending)
        exec(compile(text, f"<{module}.{told['name']}>", "exec"), space)
        made: Callable[..., Any] = space[told["name"]]
        made.__module__, made.__doc__ = module, told["documentation"] or None
        return made

    def _parameter(
        self,
        index: int,
        name: str,
        told: Sequence[Any],
        types: list[Any],
        space: dict[str, Any],
        body: list[str],
        passed: list[str],
        closing: list[str],
    ) -> None:
        """What turns one argument into what is passed."""
        kind, convert = told[0], f"_x{index}"
        place = f"_n = {name!r}"
        if kind in ("int", "float", "bool", "char", "enum"):
            types.append(c_type_of(told))
            space[convert] = scalar_converter(told, self.classes)
            body.append(f"{place}; _a{index} = {convert}({name})")
            passed.append(f"_a{index}")
            return
        types += [ctypes.c_void_p, ctypes.c_void_p if kind == "callback" else ctypes.c_int64]
        if kind in ("text", "packed"):
            types[-2] = ctypes.c_char_p
            space[convert] = to_text if kind == "text" else self._packer(told[1])
            body.append(f"{place}; _a{index} = {convert}({name})")
            passed.append(f"_a{index}, _len(_a{index})")
        elif kind == "callback":
            space[convert] = self._callback(told)
            body.append(f"{place}; _a{index} = {convert}({name}, _errors)")
            passed.append(f"_a{index}, None")
        else:
            space[convert] = self._viewer(kind, told[1])
            body.append(f"{place}; _a{index} = {convert}({name})")
            passed.append(f"_a{index}.address, _a{index}.length")
            closing.append(f"_a{index}")

    def _packer(self, told: Sequence[Any]) -> Callable[[Any], bytes]:
        if told[0] == "bytes":
            return lambda value: _packed_block(to_bytes(value))
        write = self.packing.writer(told)

        def pack(value: Any) -> bytes:
            out = bytearray()
            write(value, out)
            return bytes(out)

        return pack

    def _viewer(self, kind: str, element: Sequence[Any]) -> Callable[[Any], Any]:
        if kind != "numbers":
            return lambda value: view_of(value, element, kind == "span")
        convert, form = scalar_converter(element, self.classes), format_code(element)

        def view(value: Any) -> Any:
            if isinstance(value, (list, tuple)):
                items = cast(Any, value)
                return view_of(_packed_numbers(items, convert, form), element, False)
            if isinstance(value, (str, bytes)) and element_name(element) != "uint8":
                raise wrong(f"a sequence or buffer of {element_name(element)}", value)
            return view_of(value, element, False)

        return view

    def _callback(self, told: Sequence[Any]) -> Callable[[Any, list[BaseException]], Any]:
        """A Python function as a C function. Its first exception is kept, and it is not called
        again then."""
        results = told[2]
        given = None if results[0] == "unit" else c_type_of(results)
        kind = ctypes.CFUNCTYPE(given, *(c_type_of(one) for one in told[1]), ctypes.c_void_p)
        readers = [scalar_result(one, self.classes) for one in told[1]]
        convert = _nothing if given is None else scalar_converter(results, self.classes)

        def wrap(function: Any, errors: list[BaseException]) -> Any:
            if not callable(function):
                raise wrong("a function", function)

            def call(*arguments: Any) -> Any:
                if errors:
                    return 0
                try:
                    taken = zip(readers, arguments, strict=False)
                    return convert(function(*(read(one) if read else one for read, one in taken)))
                except BaseException as error:
                    errors.append(error)
                    return 0

            return kind(call)

        return wrap

    def _result(self, told: Sequence[Any], space: dict[str, Any]) -> str:
        """The expression that turns what C returned into a value, and the type that C returns."""
        call, release = space["_call"], self.library.release
        if told[0] == "unit":
            return "None"
        if told[0] in ("text", "packed", "numbers"):
            call.restype = Data
            if told[0] == "text":
                space["_give"] = _text_of(release)
            elif told[0] == "packed":
                space["_give"] = self._unpacker(told[1])
            else:
                space["_give"] = _array_of(array_maker(told[1], self.arrays, release))
            return "_give(_r)"
        call.restype = c_type_of(told)
        reader = scalar_result(told, self.classes)
        if reader is None:
            return "_r"
        space["_give"] = reader
        return "_give(_r)"

    def _unpacker(self, told: Sequence[Any]) -> Callable[[Data], Any]:
        read, release = self.packing.reader(told), self.library.release

        def unpack(result: Data) -> Any:
            if not result.data:
                return read(b"", 0)[0]
            data = ctypes.string_at(result.data, result.length)
            release(result.data)
            return read(data, 0)[0]

        return unpack


def _nothing(_: object) -> None:
    return None


def _packed_block(data: bytes) -> bytes:
    return len(data).to_bytes(8, "little") + data + bytes(-len(data) % 8)


def _packed_numbers(items: Sequence[Any], convert: Callable[[Any], Any], form: Any) -> Any:
    checked = [convert(item) for item in items]
    packed: Any = memoryview(bytearray(struct.pack(f"{len(checked)}{form}", *checked)))
    return packed.cast(form)


def _text_of(release: Callable[[int], Any]) -> Callable[[Data], str]:
    def read(result: Data) -> str:
        if not result.data:
            return ""
        text = ctypes.string_at(result.data, result.length)
        release(result.data)
        return text.decode("utf-8", "surrogatepass")

    return read


def _array_of(make: Callable[[int | None, int], Any]) -> Callable[[Data], Any]:
    return lambda result: make(result.data, result.length)


def _text(
    told: Mapping[str, Any],
    body: Sequence[str],
    passed: Sequence[str],
    closing: Sequence[str],
    ending: str,
) -> str:
    """The source of a function."""
    name = told["name"]
    names = ", ".join(one for one, _ in told["parameters"])
    lines = [f"def {name}({names}):"]
    has_callbacks = any(one[0] == "callback" for _, one in told["parameters"])
    if has_callbacks:
        lines.append("    _errors = []")
    margin = "    "
    if closing:
        lines.append("    " + " = ".join(closing) + " = None")
        lines.append("    try:")
        margin = "        "
    if body:
        lines.append(f"{margin}try:")
        lines += [f"{margin}    {one}" for one in body]
        lines.append(f"{margin}except _Error as _e:")
        message = f'"{name}(): argument \'" + _n + "\' " + _str(_e)'
        lines.append(f"{margin}    raise _type(_e)({message}) from None")
    lines.append(f"{margin}_r = _call({', '.join(passed)})")
    if has_callbacks:
        lines.append(f"{margin}if _errors:")
        lines.append(f"{margin}    raise _errors[0]")
    lines.append(f"{margin}if _failures.value:")
    lines.append(f"{margin}    _check()")
    lines.append(f"{margin}return {ending}")
    if closing:
        lines.append("    finally:")
        for one in closing:
            lines.append(f"        if {one} is not None: {one}.close()")
    return "\n".join(lines) + "\n"
