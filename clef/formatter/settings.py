"""How formatted text looks.

Comes in: pairs of keys and values as an `.editorconfig` has them for a file. Goes out: `Settings`.
Promises: the keys, values and defaults are those of Fantomas; what is not understood is named and
leaves the default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, Final

from clef.data_classes import dataclass

CRAMPED: Final = "cramped"
ALIGNED: Final = "aligned"
STROUSTRUP: Final = "stroustrup"


@dataclass(frozen=True, slots=True)
class Settings:
    """One field for each key; those after `end_of_line` have `fsharp_` in front of their name."""

    indent_size: int = 4
    max_line_length: int = 120
    insert_final_newline: bool = True
    end_of_line: str = ""  # "" keeps the line ends of the file
    space_before_parameter: bool = True
    space_before_lowercase_invocation: bool = True
    space_before_uppercase_invocation: bool = False
    space_before_class_constructor: bool = False
    space_before_member: bool = False
    space_before_colon: bool = False
    space_after_comma: bool = True
    space_before_semicolon: bool = False
    space_after_semicolon: bool = True
    space_around_delimiter: bool = True
    max_if_then_short_width: int = 0
    max_if_then_else_short_width: int = 60
    max_infix_operator_expression: int = 80
    max_record_width: int = 40
    max_record_number_of_items: int = 1
    record_multiline_formatter: str = "character_width"
    max_array_or_list_width: int = 80
    max_array_or_list_number_of_items: int = 1
    array_or_list_multiline_formatter: str = "character_width"
    max_value_binding_width: int = 80
    max_function_binding_width: int = 40
    max_dot_get_expression_width: int = 80
    multiline_bracket_style: str = CRAMPED
    newline_before_multiline_computation_expression: bool = True
    newline_between_type_definition_and_members: bool = True
    align_function_signature_to_indentation: bool = False
    multi_line_lambda_closing_newline: bool = False
    bar_before_discriminated_union_declaration: bool = False
    blank_lines_around_nested_multiline_expressions: bool = True
    keep_max_number_of_blank_lines: int = 100


DEFAULTS: Final = Settings()
_PLAIN: Final = frozenset(("indent_size", "max_line_length", "insert_final_newline", "end_of_line"))
_MULTILINE: Final = ("character_width", "number_of_items")
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "end_of_line": ("lf", "crlf"),
    "record_multiline_formatter": _MULTILINE,
    "array_or_list_multiline_formatter": _MULTILINE,
    "multiline_bracket_style": (CRAMPED, ALIGNED, STROUSTRUP),
}
_LEAST: Final = {"indent_size": 1, "max_line_length": 60}
# Keys of Fantomas that are known and change nothing here.
_WITHOUT_EFFECT: Final = frozenset(
    (
        "fsharp_alternative_long_member_definitions",
        "fsharp_experimental_keep_indent_in_branch",
        "fsharp_experimental_elmish",
    )
)
# Values that the editorconfig specification gives a meaning of its own.
_NO_VALUE: Final = frozenset(("unset", "off", "tab"))
NO_LIMIT: Final = 10_000


def key_of(field: str) -> str:
    """The key of a field of `Settings`."""
    return field if field in _PLAIN else "fsharp_" + field


def _whole_number(field: str, text: str) -> int | None:
    if not text.isdecimal() or len(text) > 6:
        return None
    value = int(text)
    return value if value >= _LEAST.get(field, 0) else None


def _truth(_: str, text: str) -> bool | None:
    return {"true": True, "false": False}.get(text)


def _word(field: str, text: str) -> str | None:
    return text if text in _WORDS[field] else None


_READERS: Final[dict[type, Callable[[str, str], object]]] = {
    int: _whole_number,
    bool: _truth,
    str: _word,
}


def read_settings(pairs: Mapping[str, str]) -> tuple[Settings, list[str]]:
    """Settings, and one sentence for each key or value of the formatter that is not understood."""
    changes: dict[str, Any] = {}
    complaints: list[str] = []
    known = {key_of(field.name): field.name for field in fields(Settings)}
    for key, raw in pairs.items():
        name, text = known.get(key.lower()), raw.strip().lower()
        if name is None:
            if key.lower().startswith("fsharp_") and key.lower() not in _WITHOUT_EFFECT:
                complaints.append(f"`{key}` is no setting of the formatter")
        elif name == "max_line_length" and text == "off":
            changes[name] = NO_LIMIT
        elif text not in _NO_VALUE:
            value = _READERS[type(getattr(DEFAULTS, name))](name, text)
            if value is None:
                complaints.append(f"`{key} = {raw}` is not understood")
            else:
                changes[name] = value
    return replace(DEFAULTS, **changes), complaints
