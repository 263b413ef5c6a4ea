"""Resumable functions (in preparation)."""

from __future__ import annotations

from clef.inference import typed_tree as t
from clef.typed_core.builder import Block
from clef.typed_core.core import Expression
from clef.typed_core.lowerer import Lowerer


def lower_sequence(lowerer: Lowerer, node: t.Comprehension, block: Block) -> Expression:
    return lowerer.unsupported("`seq { }`", "use a list", node)
