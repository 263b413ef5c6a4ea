"""MLIR's C interface: parse and verify text, run passes, print LLVM IR.

Comes in: MLIR text and a pass list. Goes out: LLVM IR text as LLVM 24 prints it. Promises: text
that MLIR refuses, a pass that fails and an operation that has no translation raise `MlirRefusal`
with MLIR's own words; the process never dies of them (the Python bindings'
`translate_module_to_llvmir` would). Only the shared library inside the `torch_mlir` package is
used, through ctypes: importing the package itself would cost ten times as long.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from ctypes import c_bool, c_char_p, c_int8, c_size_t, c_ssize_t, c_void_p
from functools import cache
from pathlib import Path
from typing import Any


class MlirRefusal(Exception):
    """MLIR refused `step`; `reports` are its diagnostics."""

    def __init__(self, step: str, reports: list[str]) -> None:
        super().__init__(f"{step}: " + "; ".join(reports))
        self.step = step
        self.reports = reports


class _StringRef(ctypes.Structure):
    _fields_ = [("data", c_char_p), ("length", c_size_t)]


class _Result(ctypes.Structure):
    _fields_ = [("value", c_int8)]


_PrintCallback = ctypes.CFUNCTYPE(None, _StringRef, c_void_p)
# ctypes callbacks cannot return structures; one byte in a structure is returned like a bare byte on
# every ABI we run on.
_DiagnosticCallback = ctypes.CFUNCTYPE(c_int8, c_void_p, c_void_p)
_DeleteCallback = ctypes.CFUNCTYPE(None, c_void_p)

_SIGNATURES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "mlirDialectRegistryCreate": (c_void_p, ()),
    "mlirRegisterAllDialects": (None, (c_void_p,)),
    "mlirRegisterAllPasses": (None, ()),
    "mlirContextCreateWithRegistry": (c_void_p, (c_void_p, c_bool)),
    "mlirContextDestroy": (None, (c_void_p,)),
    "mlirRegisterAllLLVMTranslations": (None, (c_void_p,)),
    "mlirContextAttachDiagnosticHandler": (
        ctypes.c_uint64,
        (c_void_p, _DiagnosticCallback, c_void_p, c_void_p),
    ),
    "mlirContextDetachDiagnosticHandler": (None, (c_void_p, ctypes.c_uint64)),
    "mlirDiagnosticPrint": (None, (c_void_p, _PrintCallback, c_void_p)),
    "mlirDiagnosticGetLocation": (c_void_p, (c_void_p,)),
    "mlirDiagnosticGetNumNotes": (c_ssize_t, (c_void_p,)),
    "mlirDiagnosticGetNote": (c_void_p, (c_void_p, c_ssize_t)),
    "mlirLocationPrint": (None, (c_void_p, _PrintCallback, c_void_p)),
    "mlirModuleCreateParse": (c_void_p, (c_void_p, _StringRef)),
    "mlirModuleGetOperation": (c_void_p, (c_void_p,)),
    "mlirModuleDestroy": (None, (c_void_p,)),
    "mlirOperationSetDiscardableAttributeByName": (None, (c_void_p, _StringRef, c_void_p)),
    "mlirStringAttrGet": (c_void_p, (c_void_p, _StringRef)),
    "mlirOperationPrint": (None, (c_void_p, _PrintCallback, c_void_p)),
    "mlirPassManagerCreate": (c_void_p, (c_void_p,)),
    "mlirPassManagerDestroy": (None, (c_void_p,)),
    "mlirPassManagerEnableVerifier": (None, (c_void_p, c_bool)),
    "mlirPassManagerGetAsOpPassManager": (c_void_p, (c_void_p,)),
    "mlirParsePassPipeline": (_Result, (c_void_p, _StringRef, _PrintCallback, c_void_p)),
    "mlirPassManagerRunOnOp": (_Result, (c_void_p, c_void_p)),
    "LLVMContextCreate": (c_void_p, ()),
    "LLVMContextDispose": (None, (c_void_p,)),
    "mlirTranslateModuleToLLVMIR": (c_void_p, (c_void_p, c_void_p)),
    "LLVMPrintModuleToString": (c_void_p, (c_void_p,)),
    "LLVMDisposeMessage": (None, (c_void_p,)),
    "LLVMDisposeModule": (None, (c_void_p,)),
}

_Function = Callable[..., "int | _Result | None"]


def _library_path() -> Path:
    """The shared library, found without importing the package around it."""
    name = {
        "win32": "TorchMLIRAggregateCAPI.dll",
        "darwin": "libTorchMLIRAggregateCAPI.dylib",
    }.get(sys.platform, "libTorchMLIRAggregateCAPI.so")
    for entry in sys.path:
        path = Path(entry) / "torch_mlir" / "_mlir_libs" / name
        if path.exists():
            return path
    raise MlirRefusal("loading MLIR", [f"{name} of the torch-mlir package is not on sys.path"])


@cache
def _interface() -> dict[str, _Function]:
    library = ctypes.CDLL(str(_library_path()))
    functions: dict[str, _Function] = {}
    for name, (result, parameters) in _SIGNATURES.items():
        function = library[name]
        function.restype = result
        function.argtypes = parameters
        functions[name] = function
    return functions


def _call(name: str, *arguments: object) -> int:
    """Call a function that gives a handle (0 for null), or nothing."""
    result = _interface()[name](*arguments)
    return result if isinstance(result, int) else 0


def _succeeds(name: str, *arguments: object) -> bool:
    result = _interface()[name](*arguments)
    return isinstance(result, _Result) and bool(result.value)


def _string(text: bytes) -> _StringRef:
    return _StringRef(text, len(text))


def _printed(function: str, handle: int) -> str:
    pieces: list[bytes] = []

    def collect(piece: _StringRef, _: int | None) -> None:
        pieces.append(ctypes.string_at(piece.data, piece.length))

    _call(function, handle, _PrintCallback(collect), None)
    return b"".join(pieces).decode("utf-8", "replace")


@cache
def _new_registry() -> int:
    _call("mlirRegisterAllPasses")
    registry = _call("mlirDialectRegistryCreate")
    _call("mlirRegisterAllDialects", registry)
    return registry


_loading = threading.Lock()


def _registry() -> int:
    """The one registry of dialects; loads the library at the first call."""
    with _loading:
        return _new_registry()


def load_in_background() -> None:
    """Begin loading the library in a thread of its own, so that the first translation need not."""
    threading.Thread(target=_registry, name="load MLIR", daemon=True).start()


def _diagnostic_text(diagnostic: int) -> str:
    place = _printed("mlirLocationPrint", _call("mlirDiagnosticGetLocation", diagnostic))
    text = f"{place}: {_printed('mlirDiagnosticPrint', diagnostic)}"
    for index in range(_call("mlirDiagnosticGetNumNotes", diagnostic)):
        text += "\n  " + _diagnostic_text(_call("mlirDiagnosticGetNote", diagnostic, index))
    return text


@contextmanager
def _context(reports: list[str]) -> Generator[int]:
    """An MLIR context whose diagnostics are added to `reports`."""

    def report(diagnostic: int, _: int | None) -> int:
        reports.append(_diagnostic_text(diagnostic))
        return 1

    handler = _DiagnosticCallback(report)
    context = _call("mlirContextCreateWithRegistry", _registry(), False)
    _call("mlirRegisterAllLLVMTranslations", context)
    _call("mlirContextAttachDiagnosticHandler", context, handler, None, None)
    try:
        yield context
    finally:
        _call("mlirContextDestroy", context)


def _run_passes(context: int, operation: int, passes: str, reports: list[str]) -> None:
    manager = _call("mlirPassManagerCreate", context)
    try:
        # The parser has verified the module; verifying after each pass would double the time.
        _call("mlirPassManagerEnableVerifier", manager, False)
        complaints: list[bytes] = []

        def collect(piece: _StringRef, _: int | None) -> None:
            complaints.append(ctypes.string_at(piece.data, piece.length))

        nested = _call("mlirPassManagerGetAsOpPassManager", manager)
        pipeline = _string(f"builtin.module({passes})".encode())
        if not _succeeds("mlirParsePassPipeline", nested, pipeline, _PrintCallback(collect), None):
            raise MlirRefusal("pass list", [b"".join(complaints).decode("utf-8", "replace")])
        if not _succeeds("mlirPassManagerRunOnOp", manager, operation):
            raise MlirRefusal("lowering", reports)
    finally:
        _call("mlirPassManagerDestroy", manager)


def _translate(operation: int, reports: list[str]) -> str:
    context = _call("LLVMContextCreate")
    module = _call("mlirTranslateModuleToLLVMIR", operation, context)
    try:
        if not module:
            raise MlirRefusal("translation to LLVM IR", reports)
        text = _call("LLVMPrintModuleToString", module)
        try:
            return ctypes.string_at(text).decode("utf-8", "surrogateescape")
        finally:
            _call("LLVMDisposeMessage", text)
            _call("LLVMDisposeModule", module)
    finally:
        _call("LLVMContextDispose", context)


@contextmanager
def _module(context: int, text: str, reports: list[str]) -> Generator[int]:
    module = _call("mlirModuleCreateParse", context, _string(text.encode()))
    if not module:
        raise MlirRefusal("verification", reports)
    try:
        yield _call("mlirModuleGetOperation", module)
    finally:
        _call("mlirModuleDestroy", module)


def _set_string(context: int, operation: int, name: str, value: str) -> None:
    attribute = _call("mlirStringAttrGet", context, _string(value.encode()))
    _call(
        "mlirOperationSetDiscardableAttributeByName", operation, _string(name.encode()), attribute
    )


def translate(text: str, passes: str, data_layout: str) -> str:
    """LLVM IR (LLVM 24's spelling) of a module.

    `passes` is a comma-separated pass list on `builtin.module`, or nothing. `data_layout` must be
    the target's: the translation folds address arithmetic on constants.
    """
    reports: list[str] = []
    with _context(reports) as context, _module(context, text, reports) as operation:
        _set_string(context, operation, "llvm.data_layout", data_layout)
        if passes:
            _run_passes(context, operation, passes, reports)
        return _translate(operation, reports)


def transform(text: str, passes: str = "") -> str:
    """The module after some passes, printed in MLIR's own layout; without passes it is only
    verified.
    """
    reports: list[str] = []
    with _context(reports) as context, _module(context, text, reports) as operation:
        if passes:
            _run_passes(context, operation, passes, reports)
        return _printed("mlirOperationPrint", operation)
