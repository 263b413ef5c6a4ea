"""Names: a parsed file in, a `ResolvedFile` out, in which every name has its meaning.

Resolutions stand in the `resolution` slots of the tree; `ResolvedFile.table` holds those of nodes
without a slot: the `Name` of a
binding head (ValueResolution at module level, LocalResolution in functions), of a for loop's
variable, of `this`, `as self` and
`?optional` parameters, and every `FieldPattern` (FieldResolution). A module-level `let a, b = …`
binds LocalBinders that
`ResolvedFile.promoted` maps to their ValueEntity. An identifier that may be a custom operation of a
computation expression has
`UnresolvedName(0)`: inference asks the builder. Attribute names are not resolved: the compiler
knows attributes by name.
"""

from clef.names.environment import Environment
from clef.names.files import ResolvedFile, resolve

__all__ = ["Environment", "ResolvedFile", "resolve"]
