"""Signature help: the parameters of what is being called.

Comes in: an analysed project, the present text and the caret. Goes out: the overloads of the called
name, with the parameter at the caret.
"""

from __future__ import annotations

import re

from lsprotocol.types import ParameterInformation, SignatureHelp, SignatureInformation

from clef.inference.members import find_members
from clef.inference.signatures import MemberSignature, ValueSignature
from clef.inference.type_text import show
from clef.inference.types import FunctionType
from clef.language_server.analysis import Analyser, ProjectAnalysis
from clef.language_server.completion import checker_of
from clef.language_server.describe import (
    documentation_of,
    member_text,
    parameter_text,
    value_text,
)
from clef.language_server.file_analysis import FileAnalysis
from clef.language_server.typed_places import member_name
from clef.source import SourceFile

_OPENING, _CLOSING = "([{", ")]}"
_BEFORE = r"(?:^|[=(|>,;]|<-|->|\b(?:in|then|else|do|return|yield)\b)\s*"
_ARGUMENT = r"[^\s=|<>(),;]"
_APPLICATION = re.compile(rf"{_BEFORE}([\w.']+)((?: +{_ARGUMENT}+)*) +{_ARGUMENT}*$")


def signature_help(
    analyser: Analyser, project: ProjectAnalysis, file: FileAnalysis, now: SourceFile, offset: int
) -> SignatureHelp | None:
    """Help for the innermost call around the caret."""
    called = _called(now.text, offset)
    if called is None:
        return None
    end, active, is_tupled = called
    is_known = file.source.text[:end] == now.text[:end]
    occurrence = file.occurrence_at(end) if is_known else None
    if occurrence is None or occurrence.span.end != end:
        text = _closed(now.text, end, offset, is_tupled)
        file = analyser.peek(project, file.source.path, text)
        occurrence = file.occurrence_at(end)
    if occurrence is None:
        return _of_unresolved(analyser, project, file, now.text, (end, offset, active))
    value = file.signatures.values.get(occurrence.key)
    if occurrence.kind == "value" and value is not None:
        return SignatureHelp([_of_value(project, value)], 0, min(active, max(value.arity - 1, 0)))
    return _of_members(project, _overloads(file, occurrence.kind, occurrence.key), active)


def _of_unresolved(
    analyser: Analyser,
    project: ProjectAnalysis,
    file: FileAnalysis,
    text: str,
    call: tuple[int, int, int],
) -> SignatureHelp | None:
    """A method whose overload is still open: all of this name that the object's type has."""
    end, offset, active = call
    written = re.search(r"\.(\w+)$", text[:end])
    if written is None:
        return None
    dot = written.start()
    rest = text.find("\n", offset)
    without = text[:dot] + text[len(text) if rest < 0 else rest :]
    other = analyser.peek(project, file.source.path, without)
    type_ = other.places.before(without, dot)
    if type_ is None:
        return None
    found = find_members(checker_of(other), type_, written.group(1))
    return _of_members(project, [one.member for one in found], active)


def _of_members(
    project: ProjectAnalysis, members: list[MemberSignature], active: int
) -> SignatureHelp | None:
    if not members:
        return None
    found = [_of_member(project, member) for member in members]
    fitting = [i for i, m in enumerate(members) if m.groups and len(m.groups[0]) > active]
    return SignatureHelp(found, fitting[0] if fitting else 0, active)


def _called(text: str, offset: int) -> tuple[int, int, bool] | None:
    """Where the called name ends, which argument the caret is in, and whether `(` opened it."""
    depth, commas = 0, 0
    for place in range(offset - 1, max(-1, offset - 2000), -1):
        character = text[place]
        if character in _CLOSING:
            depth += 1
        elif character in _OPENING and depth:
            depth -= 1
        elif character in _OPENING:
            before = text[:place].rstrip(" ")
            if character == "(" and before and (before[-1].isalnum() or before[-1] in "_'>"):
                return len(re.sub(r"<[^<>()]*>$", "", before)), commas, True
            return _curried(text, offset) if character == "(" else None
        elif character == "," and depth == 0:
            commas += 1
        elif character == "\n" and depth == 0:
            break
    return _curried(text, offset)


def _curried(text: str, offset: int) -> tuple[int, int, bool] | None:
    """`f a b |`: the words behind the last operator or keyword."""
    start = text.rfind("\n", 0, offset) + 1
    line = text[start:offset]
    found = _APPLICATION.search(line)
    if found is None:
        return None
    return start + found.end(1), len(found.group(2).split()), False


def _closed(text: str, end: int, offset: int, is_tupled: bool) -> str:
    """The text with the call completed, so that it can be understood."""
    rest = text.find("\n", offset)
    rest = len(text) if rest < 0 else rest
    return text[:end] + ("()" if is_tupled else "") + text[rest:]


def _of_value(project: ProjectAnalysis, value: ValueSignature) -> SignatureInformation:
    parameters: list[ParameterInformation] = []
    type_ = value.scheme.type
    for name in value.parameter_names:
        if not isinstance(type_, FunctionType):
            break
        text = show(type_.parameter)
        text = f"({text})" if isinstance(type_.parameter, FunctionType) else text
        parameters.append(ParameterInformation(f"{name}: {text}" if name.isidentifier() else text))
        type_ = type_.result
    words = documentation_of(project, value.span)
    return SignatureInformation(value_text(value), documentation=words, parameters=parameters)


def _overloads(file: FileAnalysis, kind: str, key: str) -> list[MemberSignature]:
    if kind == "type":
        signature = file.signatures.types.get(key)
        return signature.members.get(".ctor", []) if signature is not None else []
    owner = file.signatures.types.get(key.rpartition(".")[0])
    if owner is None:
        return []
    found = find_members(checker_of(file), owner.self_type(), member_name(key))
    return [one.member for one in found if one.member.kind == "method"]


def _of_member(project: ProjectAnalysis, member: MemberSignature) -> SignatureInformation:
    group = member.groups[0] if member.groups else ()
    parameters = [ParameterInformation(parameter_text(parameter)) for parameter in group]
    words = documentation_of(project, member.span)
    return SignatureInformation(member_text(member), documentation=words, parameters=parameters)
