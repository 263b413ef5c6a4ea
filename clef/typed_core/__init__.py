"""The typed core: a small explicit language; generics specialised, matches compiled, closures
explicit."""

from clef.typed_core.core import Program
from clef.typed_core.lower import lower
from clef.typed_core.program import Options, TypedProgram

__all__ = ["Options", "Program", "TypedProgram", "lower"]
