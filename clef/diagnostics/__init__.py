"""Diagnostics as data: every message the compiler can give is one frozen dataclass with a permanent
code.
"""

from clef.diagnostics.diagnostic import Diagnostic, Fix, Label, Severity

__all__ = ["Diagnostic", "Fix", "Label", "Severity"]
