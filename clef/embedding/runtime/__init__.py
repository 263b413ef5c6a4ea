"""The Python side of the boundary: a module of Python made of a library and its description.

Comes in: the description that `clef.embedding.python_interface` writes, and a shared library. Goes
out: a module whose functions take and give Python values. Promises: needs nothing but Python's
standard library, not even the rest of this package, because wheels hold a copy of this folder; a
value of the wrong type never reaches the library.
"""

from .exceptions import ClefException
from .module import fill_module

__all__ = ["ClefException", "fill_module"]
