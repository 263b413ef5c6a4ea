"""Completion: what could be written at the caret.

Comes in: an analysed project, the present text and the caret. Goes out: completion items. Promises:
behind a dot only what can follow it; after `open` only modules; where a type is written only types;
a name that is not open yet brings its `open` along; what fits best comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from lsprotocol.types import (
    CompletionItem,
    CompletionItemKind,
    MarkupContent,
    MarkupKind,
    Position,
    Range,
    TextEdit,
)

from clef.inference import typed_tree as typed
from clef.inference.members import find_field, find_members, member_names
from clef.inference.signatures import FileSignatures
from clef.inference.state import Checker
from clef.inference.type_text import show
from clef.inference.types import AnonymousRecordType, NamedType, Type
from clef.inference.unification import prune
from clef.language_server.analysis import Analyser, ProjectAnalysis
from clef.language_server.describe import (
    declaration,
    declared_at,
    documentation_of,
    member_text,
)
from clef.language_server.file_analysis import FileAnalysis
from clef.language_server.occurrences import Occurrence
from clef.language_server.opening import openable, place_for_open
from clef.language_server.scopes import (
    Visible,
    contents,
    globals_at,
    locals_at,
    module_named,
    type_named,
)
from clef.language_server.typed_places import plain
from clef.source import SourceFile, Span
from clef.source.difference import difference

KEYWORDS = tuple(
    re.findall(
        r"\w+",
        """
        let match with fun function if then else elif for in do while try finally use mutable rec
        and type module namespace open member static abstract override default interface inherit
        new when as of return yield lazy async task seq true false null not inline private
        internal raise
        """,
    )
)

KINDS = {
    "local": CompletionItemKind.Variable,
    "value": CompletionItemKind.Function,
    "case": CompletionItemKind.EnumMember,
    "exception": CompletionItemKind.Class,
    "activePattern": CompletionItemKind.Operator,
    "type": CompletionItemKind.Class,
    "module": CompletionItemKind.Module,
    "field": CompletionItemKind.Field,
    "member": CompletionItemKind.Method,
}
_TYPE_PLACE = re.compile(r"(?::|:>|:\?>?|\bof|\bnew|\binherit|\binterface|\btypeof<)\s*[\w.]*$")
_PLAIN = re.compile(r"[^\W\d][\w']*")
LIMIT = 400


def completions(
    analyser: Analyser, project: ProjectAnalysis, file: FileAnalysis, now: SourceFile, offset: int
) -> list[CompletionItem]:
    """The items for a caret in the present text."""
    if _is_text(file, now, offset):
        return []
    line_start = now.text.rfind("\n", 0, offset) + 1
    before = now.text[line_start:offset]
    prefix = re.search(r"[\w']*$", before)
    word = prefix.group() if prefix is not None else ""
    start = offset - len(word)
    was = difference(file.source.text, now.text).before(offset)
    opening = re.match(r"\s*open\s+(?:type\s+)?([\w.]*)$", before)
    if opening is not None:
        return _modules(file, opening.group(1), was)
    if now.text[start - 1 : start] == "." and not re.search(r"\d\.$", now.text[:start]):
        return _behind_dot(analyser, project, file, now, start - 1, offset)
    only_types = _TYPE_PLACE.search(before) is not None
    found = list(_in_scope(file, was, only_types))
    items = [_item(file, visible, word) for visible in found]
    if not only_types:
        items += [_keyword(keyword) for keyword in KEYWORDS]
    known = {visible.name for visible in found}
    items += _not_open(file, now, word, known, only_types)
    return [item for item in items if _fits(item.label, word)][:LIMIT]


def _fits(label: str, word: str) -> bool:
    """Whether the letters of a word stand in a label in this order."""
    position = 0
    lowered = label.lower()
    for letter in word.lower():
        position = lowered.find(letter, position) + 1
        if position == 0:
            return False
    return True


def _is_text(file: FileAnalysis, now: SourceFile, offset: int) -> bool:
    """Whether the caret stands in a comment or in a string."""
    line_start = now.text.rfind("\n", 0, offset) + 1
    before = now.text[line_start:offset]
    in_string = len(re.findall(r'(?<!\\)"', before)) % 2 == 1 and "$" not in before
    return "//" in re.sub(r'"[^"]*"', "", before) or in_string


# Names in scope -----------------------------------------------------------------------------------


def _in_scope(file: FileAnalysis, offset: int, only_types: bool) -> Iterator[Visible]:
    seen: set[str] = set()
    everything = [*locals_at(file, offset), *globals_at(file, offset)]
    for visible in everything:
        if only_types and visible.kind not in ("type", "module"):
            continue
        if visible.name in seen or not _PLAIN.fullmatch(visible.name):
            continue
        seen.add(visible.name)
        yield visible


def _item(file: FileAnalysis, visible: Visible, word: str) -> CompletionItem:
    better = 0 if word and visible.name.lower().startswith(word.lower()) else 1
    kind = KINDS[visible.kind]
    value = file.signatures.values.get(visible.key) if visible.kind == "value" else None
    if value is not None and value.arity == 0:
        kind = CompletionItemKind.Variable
    return CompletionItem(
        visible.name,
        kind=kind,
        detail=show(value.scheme.type) if value is not None else None,
        sort_text=f"{better}{visible.rank}{visible.name}",
        insert_text=visible.name,
        data={"path": file.source.path, "key": visible.key, "kind": visible.kind},
    )


def _keyword(word: str) -> CompletionItem:
    return CompletionItem(word, kind=CompletionItemKind.Keyword, sort_text=f"14{word}")


def _modules(file: FileAnalysis, written: str, offset: int) -> list[CompletionItem]:
    *path, _ = written.split(".")
    module = module_named(file, path, offset) if path else file.environment.root
    inner = module.modules.values() if module is not None else ()
    return [
        CompletionItem(
            m.name,
            kind=CompletionItemKind.Module,
            data={"path": file.source.path, "key": m.symbol, "kind": "module"},
        )
        for m in inner
    ]


def _not_open(
    file: FileAnalysis, now: SourceFile, word: str, known: set[str], only_types: bool
) -> Iterator[CompletionItem]:
    """Names of modules that are not open, each with the edit that opens its module."""
    if len(word) < 3:
        return
    line = _line_now(file, now, place_for_open(file))
    for visible, module in openable(file, word.lower()):
        if visible.name in known or (only_types and visible.kind != "type"):
            continue
        yield CompletionItem(
            visible.name,
            kind=KINDS[visible.kind],
            detail=f"open {module}",
            sort_text=f"15{visible.name}",
            additional_text_edits=[
                TextEdit(Range(Position(line, 0), Position(line, 0)), f"open {module}\n")
            ],
            data={"path": file.source.path, "key": visible.key, "kind": visible.kind},
        )


def _line_now(file: FileAnalysis, now: SourceFile, line: int) -> int:
    """Where a line of the analysed text is in the present one; both count from 0."""
    starts = file.source.line_starts
    place = starts[line] if line < len(starts) else len(file.source.text)
    return now.position(difference(file.source.text, now.text).after(place))[0] - 1


# Behind a dot -------------------------------------------------------------------------------------


def _behind_dot(
    analyser: Analyser,
    project: ProjectAnalysis,
    file: FileAnalysis,
    now: SourceFile,
    dot: int,
    offset: int,
) -> list[CompletionItem]:
    path = re.search(r"[\w.]*$", now.text[:dot])
    names = path.group().split(".") if path is not None else [""]
    was = difference(file.source.text, now.text).before(offset)
    if all(map(_PLAIN.fullmatch, names)) and not _is_value(file, names[0], was):
        module = module_named(file, names, was)
        owner = type_named(file, names, was)
        items = [_item(file, v, "") for v in contents(module, 1)] if module is not None else []
        if owner is not None:
            items += _static(file, owner)
        if items:
            return [item for item in items if _PLAIN.fullmatch(item.label)]
    without = now.text[:dot] + now.text[offset:]
    other = analyser.peek(project, file.source.path, without)
    found = other.places.before(without, dot)
    return _instance(other, found) if found is not None else []


def _is_value(file: FileAnalysis, name: str, offset: int) -> bool:
    """Whether a variable hides modules and types of this name."""
    return any(visible.name == name for visible in locals_at(file, offset))


def checker_of(file: FileAnalysis) -> Checker:
    """What inference needs to look members up."""
    own = FileSignatures(file.source.path)
    nothing = typed.TypedFile(file.source.path, {}, {}, [])
    return Checker(file.source.path, file.signatures, own, {}, {}, nothing)


def _instance(file: FileAnalysis, type_: Type) -> list[CompletionItem]:
    """Members and fields of a value."""
    checker = checker_of(file)
    type_ = prune(type_)
    items: dict[str, CompletionItem] = {}
    for name in member_names(checker, type_):
        if name in items or not _PLAIN.fullmatch(name):
            continue
        item = _member_item(file, checker, type_, name)
        if item is not None:
            items[name] = item
    return list(items.values())


def _member_item(
    file: FileAnalysis, checker: Checker, type_: Type, name: str
) -> CompletionItem | None:
    if isinstance(type_, AnonymousRecordType):
        detail = show(type_.types[type_.names.index(name)])
        return CompletionItem(name, kind=CompletionItemKind.Field, detail=detail)
    field = find_field(checker, type_, name)
    if field is not None and not field[0].is_static:
        detail = show(field[2])
        return CompletionItem(
            name, kind=CompletionItemKind.Field, detail=detail, sort_text=f"0{name}"
        )
    members = [m for m in find_members(checker, type_, name) if not m.member.is_static]
    if not members:
        return None
    first = members[0].member
    is_method = first.kind == "method"
    more = f"  (+{len(members) - 1} overloads)" if is_method and len(members) > 1 else ""
    return CompletionItem(
        name,
        kind=CompletionItemKind.Method if is_method else CompletionItemKind.Property,
        detail=member_text(first) + more,
        sort_text=f"{1 if first.owner == 'System.Object' else 0}{name}",
        data={"path": file.source.path, "key": first.symbol, "kind": "member"},
    )


def _static(file: FileAnalysis, owner: str) -> list[CompletionItem]:
    """Static members of a type, its union cases and enum values."""
    signature = file.signatures.types.get(owner)
    if signature is None:
        return []
    if isinstance(signature.abbreviated, NamedType):
        return _static(file, signature.abbreviated.symbol)
    items = [
        CompletionItem(case, kind=CompletionItemKind.EnumMember)
        for case in [*signature.cases, *signature.enum_values]
    ]
    for name, members in signature.members.items():
        static = [m for m in members if m.is_static]
        if not static or name.startswith(("get_", "set_", ".", "op_")):
            continue
        is_method = static[0].kind == "method"
        items.append(
            CompletionItem(
                name,
                kind=CompletionItemKind.Method if is_method else CompletionItemKind.Property,
                detail=member_text(static[0]),
                data={"path": file.source.path, "key": static[0].symbol, "kind": "member"},
            )
        )
    return items


# Details on demand --------------------------------------------------------------------------------


def remembered(item: CompletionItem) -> dict[str, str]:
    """What an item says about itself: `path`, `key` and `kind`."""
    data: object = item.data
    return cast("dict[str, str]", data) if isinstance(data, dict) else {}


def details(project: ProjectAnalysis, item: CompletionItem) -> CompletionItem:
    """The declaration and the documentation of an item that the user looks at."""
    data = remembered(item)
    file = project.files.get(data.get("path", ""))
    if file is None:
        return item
    kind, key = data["kind"], data["key"]
    key = plain(key) if kind == "member" else key
    here = Occurrence(Span(file.source.path, 0, 0), key, kind, item.label)
    if item.detail is None and kind != "local":
        item.detail = declaration(file, here)
    words = documentation_of(project, declared_at(file, project, here))
    if words:
        item.documentation = MarkupContent(MarkupKind.Markdown, words)
    return item
