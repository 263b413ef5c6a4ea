"""Text to syntax tree: tokens with trivia, the offside rule as a pass of its own, then a parser
that recovers after errors and always gives a tree."""

from clef.syntax.parser import parse

__all__ = ["parse"]
