"""Code actions: edits that mend what the compiler complains about, and a few that only help.

Comes in: an analysed project and a range of one file. Goes out: code actions. Promises: an edit
leaves the rest of the text as it is; where a fix is one of several, none is called preferred.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import cast

from lsprotocol.types import CodeAction, CodeActionKind, TextEdit, WorkspaceEdit

from clef.diagnostics.diagnostic import Diagnostic
from clef.inference.members import slots_of
from clef.inference.signatures import MemberSignature
from clef.inference.types import FunctionType, NamedType, Type
from clef.inference.unification import prune
from clef.language_server import slips
from clef.language_server.analysis import ProjectAnalysis
from clef.language_server.completion import checker_of
from clef.language_server.file_analysis import FileAnalysis
from clef.language_server.opening import openable, place_for_open
from clef.language_server.positions import to_range
from clef.language_server.rewriting import Edits, Proposal, rewritings
from clef.language_server.scopes import path_to
from clef.language_server.unused import unused_locals, unused_opens
from clef.language_server.uris import to_uri
from clef.source import Span
from clef.syntax import tree

Mender = Callable[[ProjectAnalysis, FileAnalysis, Diagnostic], Iterator[Proposal]]


def code_actions(
    project: ProjectAnalysis, file: FileAnalysis, start: int, end: int
) -> list[CodeAction]:
    """The actions for a selection."""
    actions: list[CodeAction] = []
    for diagnostic in file.diagnostics:
        span = diagnostic.span
        if span.path != file.source.path or span.end < start or span.start > end:
            continue
        for mend in (_own_fixes, _suggested, *MENDERS.get(diagnostic.code, ())):
            for title, edits in mend(project, file, diagnostic):
                actions.append(_action(file, project, title, edits, CodeActionKind.QuickFix))
    actions += _cleaning(project, file, start, end)
    for title, edits in rewritings(file, start):
        actions.append(_action(file, project, title, edits, CodeActionKind.RefactorRewrite))
    return actions


def _action(
    file: FileAnalysis, project: ProjectAnalysis, title: str, edits: Edits, kind: CodeActionKind
) -> CodeAction:
    changes: dict[str, list[TextEdit]] = {}
    for span, text in edits:
        other = project.files.get(span.path, file)
        edit = TextEdit(to_range(other.source, span), text)
        changes.setdefault(to_uri(other.source.path), []).append(edit)
    return CodeAction(title, kind=kind, edit=WorkspaceEdit(changes=changes))


def _at(file: FileAnalysis, start: int, end: int | None = None) -> Span:
    return Span(file.source.path, start, start if end is None else end)


# Fixes of diagnostics -----------------------------------------------------------------------------


def _own_fixes(p: ProjectAnalysis, file: FileAnalysis, found: Diagnostic) -> Iterator[Proposal]:
    for fix in found.fixes():
        yield fix.title, list(fix.edits)


def _suggested(p: ProjectAnalysis, file: FileAnalysis, found: Diagnostic) -> Iterator[Proposal]:
    """A misspelt name: diagnostics know the nearest one."""
    suggestion = getattr(found, "suggestion", None)
    wrong = getattr(found, "name", None) or getattr(found, "member", None)
    if not isinstance(suggestion, str) or not suggestion or not isinstance(wrong, str):
        return
    text = file.source.text[found.span.start : found.span.end]
    place = text.rfind(wrong.rpartition(".")[2])
    if place >= 0:
        start = found.span.start + place
        written = wrong.rpartition(".")[2]
        edit = (_at(file, start, start + len(written)), suggestion.rpartition(".")[2])
        yield f"Change to `{suggestion}`", [edit]


def _open_module(p: ProjectAnalysis, file: FileAnalysis, found: Diagnostic) -> Iterator[Proposal]:
    name = str(getattr(found, "name", "")).partition(".")[0]
    line = place_for_open(file)
    starts = file.source.line_starts
    offset = starts[line] if line < len(starts) else len(file.source.text)
    for _, module in openable(file, name, whole=True):
        yield f"Open `{module}`", [(_at(file, offset), f"open {module}\n")]


def _add_rec(p: ProjectAnalysis, file: FileAnalysis, found: Diagnostic) -> Iterator[Proposal]:
    if not getattr(found, "needs_rec", False):
        return
    name = str(getattr(found, "name", ""))
    for node in reversed(path_to(file.tree, found.span.start)):
        if isinstance(node, tree.Let | tree.LetDeclaration):
            heads = [b.head for b in node.bindings if isinstance(b.head, tree.NameHead)]
            if any(head.name.text == name for head in heads):
                word = file.source.text.find("let", node.span.start)
                yield f"Make `{name}` recursive", [(_at(file, word + 3), " rec")]
                return


def _make_mutable(p: ProjectAnalysis, file: FileAnalysis, found: Diagnostic) -> Iterator[Proposal]:
    definition = getattr(found, "definition", None)
    if isinstance(definition, Span):
        name = getattr(found, "name", "")
        start = definition.start
        before = p.files[definition.path].source.text if definition.path in p.files else ""
        if before[start:].startswith("mutable"):
            return
        place = before.rfind(str(name), start, definition.end)
        start = place if place >= 0 else start
        yield f"Make `{name}` mutable", [(Span(definition.path, start, start), "mutable ")]


def _missing_rules(p: ProjectAnalysis, file: FileAnalysis, found: Diagnostic) -> Iterator[Proposal]:
    around = path_to(file.tree, found.span.start)
    node = next((n for n in reversed(around) if isinstance(n, tree.Match | tree.Function)), None)
    if node is None or not node.clauses:
        return
    clause = node.clauses[-1]
    column = file.source.position(clause.span.start)[1] - 1
    first = file.source.text.rfind("|", 0, node.clauses[0].pattern.span.start)
    line_start = file.source.text.rfind("\n", 0, first) + 1
    indent = file.source.text[line_start:first]
    indent = indent if not indent.strip() else " " * max(column - 2, 0)
    end = len(file.source.text[: clause.span.end].rstrip())
    patterns = _uncovered(file, node) or [str(getattr(found, "example", "_"))]
    rules = "".join(f'\n{indent}| {one} -> failwith "not implemented"' for one in patterns)
    yield (
        ("Add the missing rules" if len(patterns) > 1 else "Add the missing rule"),
        [(_at(file, end), rules)],
    )
    yield (
        "Add a rule for everything else",
        [(_at(file, end), f'\n{indent}| _ -> failwith "not implemented"')],
    )


def _uncovered(file: FileAnalysis, node: tree.Match | tree.Function) -> list[str]:
    """Patterns for the cases of a union that no rule names."""
    if not isinstance(node, tree.Match):
        return []
    type_ = file.places.exactly(node.subject.span.start, node.subject.span.end)
    signature = file.signatures.types.get(type_.symbol) if isinstance(type_, NamedType) else None
    if signature is None or not signature.cases:
        return []
    named = {_first_name(clause.pattern) for clause in node.clauses if clause.guard is None}
    patterns: list[str] = []
    for case in signature.cases.values():
        if case.name in named or not case.name.isidentifier():
            continue
        names = [_variable(field.name, index) for index, field in enumerate(case.fields)]
        patterns.append(f"{case.name}({', '.join(names)})" if names else case.name)
    return patterns


def _first_name(pattern: tree.Node) -> str:
    while isinstance(pattern, tree.ParenPattern):
        pattern = pattern.pattern
    match pattern:
        case tree.ConstructorPattern(name=name):
            return name.parts[-1].text
        case tree.NamedPattern(name=name):
            return name.text
        case _:
            return ""


def _variable(name: str, index: int) -> str:
    return "_" if re.fullmatch(r"Item\d*", name) else name[:1].lower() + name[1:]


def _missing_members(
    p: ProjectAnalysis, file: FileAnalysis, found: Diagnostic
) -> Iterator[Proposal]:
    """Stubs for the members of an interface or of an abstract class."""
    missing = getattr(found, "members", ())
    around = path_to(file.tree, found.span.start)
    for node in reversed(around):
        type_ = _implemented(file, node)
        if type_ is None:
            continue
        slots = [one.member for one in slots_of(checker_of(file), type_)]
        wanted = [m for m in slots if m.is_abstract and (m.property or m.name) in missing]
        end = len(file.source.text[: node.span.end].rstrip().removesuffix("}").rstrip())
        column = file.source.position(node.span.start)[1] - 1
        stubs = _stubs(wanted, " " * (column + 4))
        has_members = isinstance(node, tree.InterfaceMember) and node.implementation.members
        text = (
            stubs
            if has_members or "with" in file.source.text[node.span.start : end]
            else (f" with{stubs}")
        )
        if wanted:
            yield "Implement the missing members", [(_at(file, end), text)]
        return


def _implemented(file: FileAnalysis, node: tree.Node) -> NamedType | None:
    written: tree.Node | None = None
    if isinstance(node, tree.InterfaceMember):
        written = node.implementation.type
    elif isinstance(node, tree.ObjectExpression):
        written = node.type
    if not isinstance(written, tree.NamedType):
        return None
    occurrence = file.occurrence_at(written.name.parts[-1].span.start)
    signature = file.signatures.types.get(occurrence.key) if occurrence is not None else None
    return signature.self_type() if signature is not None else None


def _stubs(members: list[MemberSignature], indent: str) -> str:
    lines: list[str] = []
    for member in members:
        name = member.property or member.name
        groups = "".join(
            "(" + ", ".join(f"{p.name or f'arg{i}'}" for i, p in enumerate(group)) + ")"
            for group in member.groups
        )
        arguments = groups if member.kind == "method" else ""
        lines.append(f'\n{indent}member _.{name}{arguments} = failwith "not implemented"')
    return "".join(lines)


def _missing_fields(
    p: ProjectAnalysis, file: FileAnalysis, found: Diagnostic
) -> Iterator[Proposal]:
    """The fields that a record expression lacks."""
    around = path_to(file.tree, found.span.start)
    record = next((n for n in reversed(around) if isinstance(n, tree.Record)), None)
    fields = getattr(found, "fields", ())
    if record is None or not isinstance(fields, tuple):
        return
    end = len(file.source.text[: record.span.end].rstrip().removesuffix("}").rstrip())
    names = cast("tuple[str, ...]", fields)
    text = "; ".join(f'{name} = failwith "not implemented"' for name in names)
    yield "Add the missing fields", [(_at(file, end), ("; " if record.fields else " ") + text)]


def _ignore(p: ProjectAnalysis, file: FileAnalysis, found: Diagnostic) -> Iterator[Proposal]:
    yield "Ignore the result", [(_at(file, found.span.end), " |> ignore")]


def _assign(p: ProjectAnalysis, file: FileAnalysis, found: Diagnostic) -> Iterator[Proposal]:
    text = file.source.text[found.span.start : found.span.end]
    place = text.find("=")
    if place >= 0:
        start = found.span.start + place
        yield "Assign with `<-`", [(_at(file, start, start + 1), "<-")]


def _missing_fun(p: ProjectAnalysis, file: FileAnalysis, found: Diagnostic) -> Iterator[Proposal]:
    """`(x -> x + 1)`: the arrow has no `fun` behind the bracket before it."""
    if getattr(found, "found", "") != "->":
        return
    before = re.search(r"(?:\(|\|>|<\|)\s*([\w'(),: ]*)$", file.source.text[: found.span.start])
    if before is not None and before[1].strip():
        yield "Insert `fun`", [(_at(file, before.start(1)), "fun ")]


def _missing_equals(
    p: ProjectAnalysis, file: FileAnalysis, found: Diagnostic
) -> Iterator[Proposal]:
    """Parameters run on until something cannot be one, often on the next line."""
    if not str(getattr(found, "expected", "")).startswith("= "):
        return
    before = file.source.text[: found.span.start]
    heads = list(re.finditer(r"\b(?:let|and|member|override|default)\b", before))
    line = before.find("\n", heads[-1].end()) if heads else -1
    end = len(before[:line].rstrip()) if line >= 0 else len(before.rstrip())
    yield "Insert `=`", [(_at(file, end), " =")]


def _inner_call(p: ProjectAnalysis, file: FileAnalysis, found: Diagnostic) -> Iterator[Proposal]:
    """`f g x`, where `g x` was meant as one argument."""
    around = path_to(file.tree, found.span.start)
    calls = [node for node in around if isinstance(node, tree.Application)]
    parts = _parts(calls[0]) if calls else []
    for part in parts[1:-1]:
        is_function = isinstance(_type_of(file, part), FunctionType)
        marked = part.span == found.span or parts[0].span == found.span
        if is_function and marked:
            edits = [(_at(file, part.span.start), "("), (_at(file, parts[-1].span.end), ")")]
            text = file.source.text[part.span.start : parts[-1].span.end]
            if "\n" not in text:
                yield f"Put `{text}` in parentheses", edits
            return


def _parts(node: tree.Expression) -> list[tree.Expression]:
    """A function and its arguments, as far as they are written side by side."""
    parts: list[tree.Expression] = []
    while isinstance(node, tree.Application) and node.form is tree.ApplicationForm.PLAIN:
        parts.append(node.argument)
        node = node.function
    return [node, *reversed(parts)]


def _type_of(file: FileAnalysis, node: tree.Expression) -> Type | None:
    """The type of an expression, or of the value that a name stands for."""
    found = file.places.exactly(node.span.start, node.span.end)
    occurrence = file.occurrence_at(node.span.start)
    if found is None and occurrence is not None:
        value = file.signatures.values.get(occurrence.key)
        found = value.scheme.type if value is not None else None
    return prune(found) if found is not None else None


MENDERS: dict[str, tuple[Mender, ...]] = {
    "E0120": (_missing_fun, _missing_equals, slips.colon_of_field),
    "E0201": (_add_rec, slips.member_of_this, slips.arrow_of_lambda, _open_module),
    "E0202": (_open_module,),
    "E0205": (_open_module,),
    "E0301": (_inner_call, slips.conversion),
    "E0304": (_inner_call,),
    "E0308": (_make_mutable,),
    "E0313": (_missing_fields,),
    "E0314": (slips.anonymous_record,),
    "E0320": (_missing_members,),
    "E0330": (slips.needless_return,),
    "W0350": (_ignore,),
    "W0352": (_assign,),
    "W0401": (_missing_rules,),
}


# What is not needed, and what could be written otherwise ------------------------------------------


def _cleaning(
    project: ProjectAnalysis, file: FileAnalysis, start: int, end: int
) -> Iterator[CodeAction]:
    opens = list(unused_opens(file))
    here = [node for node in opens if node.span.start <= end and start <= node.span.end]
    kind = CodeActionKind.QuickFix
    if here:
        edits = [(_whole_line(file, node.span), "") for node in opens]
        yield _action(file, project, "Remove unused `open`", edits, kind)
    for occurrence in unused_locals(file):
        if occurrence.span.start <= end and start <= occurrence.span.end:
            text = f"Rename `{occurrence.name}` to `_{occurrence.name}`"
            edit = (_at(file, occurrence.span.start), "_")
            yield _action(file, project, text, [edit], kind)


def _whole_line(file: FileAnalysis, span: Span) -> Span:
    text = file.source.text
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    return _at(file, start, len(text) if end < 0 else end + 1)
