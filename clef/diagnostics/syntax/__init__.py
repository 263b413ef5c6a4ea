"""Diagnostics of the syntax stage, E01xx: characters, literals, brackets, layout and grammar."""

from clef.diagnostics.syntax.brackets import (
    MismatchedBracket,
    NestingTooDeep,
    UnclosedBracket,
    UnmatchedBracket,
)
from clef.diagnostics.syntax.characters import (
    InvalidDirective,
    ReservedWord,
    TabCharacter,
    UnclosedConditional,
    UnexpectedCharacter,
    UnterminatedComment,
)
from clef.diagnostics.syntax.grammar import (
    CallAsArgument,
    InvalidPrefixOperator,
    LetWithoutBody,
    MisplacedDeclaration,
    MisplacedModifier,
    MissingExpression,
    MissingName,
    MissingPattern,
    MissingType,
    ReservedOperatorCharacter,
    UnexpectedToken,
)
from clef.diagnostics.syntax.literals import (
    InvalidCharacterLiteral,
    InvalidEscape,
    InvalidInterpolation,
    InvalidNumber,
    NumberOutOfRange,
    UnterminatedString,
)

__all__ = [
    "CallAsArgument",
    "InvalidCharacterLiteral",
    "InvalidDirective",
    "InvalidEscape",
    "InvalidInterpolation",
    "InvalidNumber",
    "InvalidPrefixOperator",
    "LetWithoutBody",
    "MismatchedBracket",
    "MisplacedDeclaration",
    "MisplacedModifier",
    "MissingExpression",
    "MissingName",
    "MissingPattern",
    "MissingType",
    "NestingTooDeep",
    "NumberOutOfRange",
    "ReservedOperatorCharacter",
    "ReservedWord",
    "TabCharacter",
    "UnclosedBracket",
    "UnclosedConditional",
    "UnexpectedCharacter",
    "UnexpectedToken",
    "UnmatchedBracket",
    "UnterminatedComment",
    "UnterminatedString",
]
