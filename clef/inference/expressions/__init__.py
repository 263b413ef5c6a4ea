"""Expressions: each form of the syntax tree has one function here that gives its typed form.

Comes in: resolved expressions and the type their place expects. Goes out: typed expressions.
Importing this package fills
the table that `dispatch.check` goes by.
"""

from clef.inference.expressions import (
    access,
    addresses,
    assignments,
    blocks,
    casts,
    chains,
    control,
    data,
    functions,
    implied,
    objects,
    records,
    text,
)
from clef.inference.expressions.dispatch import check, infer

__all__ = [
    "access",
    "addresses",
    "assignments",
    "blocks",
    "casts",
    "chains",
    "check",
    "control",
    "data",
    "functions",
    "implied",
    "infer",
    "objects",
    "records",
    "text",
]
