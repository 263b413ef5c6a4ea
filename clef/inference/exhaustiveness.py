"""Stub."""

from __future__ import annotations

from clef.inference import typed_tree as typed
from clef.inference.state import Checker
from clef.inference.types import Type
from clef.source import Span


def check_match(
    c: Checker, span: Span, subject: Type, rules: list[typed.MatchRule], is_try: bool = False
) -> None:
    """Later."""


def check_irrefutable(c: Checker, pattern: typed.Pattern) -> None:
    """Later."""
