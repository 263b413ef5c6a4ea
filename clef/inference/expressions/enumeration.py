"""What `for … in` and `yield!` iterate over.

Comes in: the collection's expression. Goes out: it typed, its element type, and the enumerator
protocol where the core does not
know the collection. Promises: ranges, arrays, lists, strings and `seq` need no protocol beyond
their interface.
"""

from __future__ import annotations

from clef.diagnostics.typing import NotEnumerable
from clef.diagnostics.typing.restrictions import RangeWithoutBrackets
from clef.inference import typed_tree as typed
from clef.inference.constraints import require
from clef.inference.expressions.dispatch import check, handles, infer
from clef.inference.members import find_members
from clef.inference.state import Checker, Reason
from clef.inference.subtyping import supertype_instance
from clef.inference.traits import weak_resolution
from clef.inference.type_text import show
from clef.inference.types import ERROR, Constraint, NamedType, Type, TypeVariable
from clef.inference.unification import prune
from clef.inference.well_known import (
    ARRAY,
    BOOL,
    CHAR,
    ENUMERATOR,
    LIST,
    OBJECT,
    PLAIN_ENUMERABLE,
    PLAIN_ENUMERATOR,
    SEQ,
    STRING,
    seq_of,
)
from clef.source import Span
from clef.syntax import tree


def range_of(c: Checker, node: tree.Range, element: Type) -> typed.Expression:
    """`a .. b` or `a .. s .. b` as a sequence of `element`."""
    why = Reason("the bounds of a range have one type", node.span)
    assert node.start is not None and node.end is not None
    start = check(c, node.start, element)
    step = check(c, node.step, element, why) if node.step is not None else None
    finish = check(c, node.end, element, why)
    if isinstance(prune(element), TypeVariable):
        weak_resolution(c, element)
    return typed.Range(seq_of(element), node.span, start, step, finish)


@handles(tree.Range)
def _range(c: Checker, node: tree.Range, expected: Type, why: Reason | None) -> typed.Expression:
    from clef.inference.expressions.dispatch import failed, fit

    if node.start is None or node.end is None:
        return failed(node.span)
    c.report(RangeWithoutBrackets(node.span))
    return fit(c, range_of(c, node, c.fresh(node.span)), expected, why)


def enumerate_collection(
    c: Checker, node: tree.Expression
) -> tuple[typed.Expression, Type, typed.Enumeration | None]:
    """The collection, the type of its elements, and how to walk it."""
    if isinstance(node, tree.Range) and node.start is not None and node.end is not None:
        number = c.fresh(node.span)
        return range_of(c, node, number), number, None
    collection = infer(c, node)
    element, enumeration = enumeration_of(c, collection, node.span)
    return collection, element, enumeration


def enumeration_of(
    c: Checker, collection: typed.Expression, span: Span
) -> tuple[Type, typed.Enumeration | None]:
    """How to walk over a typed collection."""
    type = prune(collection.type)
    if isinstance(type, TypeVariable):
        weak_resolution(c, type)
        type = prune(type)
    if type == ERROR:
        return ERROR, None
    if isinstance(type, TypeVariable):
        known = supertype_instance(c, type, SEQ)
        if known is not None:
            return known.arguments[0], _protocol(c, collection, known, span)
        element = c.fresh(span)
        require(c, type, Constraint("subtype", seq_of(element)), span)
        c.enumerated.append((type, seq_of(element)))
        return element, _protocol(c, collection, seq_of(element), span)
    if isinstance(type, NamedType):
        if type.symbol in (ARRAY, LIST):
            return type.arguments[0], None
        if type == STRING:
            return CHAR, None
        by_pattern = _by_pattern(c, collection, type, span)
        if by_pattern is not None:
            return by_pattern
    found = supertype_instance(c, type, SEQ)
    if found is not None:
        return found.arguments[0], _protocol(c, collection, found, span)
    if supertype_instance(c, type, PLAIN_ENUMERABLE) is not None:
        return OBJECT, _plain_protocol(c, collection, span)
    c.report(NotEnumerable(span, show(type)))
    return ERROR, None


def _protocol(
    c: Checker, collection: typed.Expression, as_seq: NamedType, span: Span
) -> typed.Enumeration:
    """`IEnumerable<T>`: GetEnumerator, MoveNext, Current, Dispose through the interfaces."""
    from clef.inference.expressions.control import dispose_call

    element = as_seq.arguments[0]
    enumerator_type = NamedType(ENUMERATOR, (element,))
    source = c.local("source", collection.type, span)
    enumerator = c.local("enumerator", enumerator_type, span)
    whole: typed.Expression = typed.LocalReference(collection.type, span, source)
    if prune(collection.type) != as_seq:
        whole = typed.Coerce(as_seq, span, whole)
    get = typed.VirtualCall(enumerator_type, span, f"{SEQ}.GetEnumerator", as_seq, (), whole, [])
    current_source = typed.LocalReference(enumerator_type, span, enumerator)
    plain = NamedType(PLAIN_ENUMERATOR)
    move = typed.VirtualCall(
        BOOL,
        span,
        f"{PLAIN_ENUMERATOR}.MoveNext",
        plain,
        (),
        typed.Coerce(plain, span, current_source),
        [],
    )
    current = typed.VirtualCall(
        element, span, f"{ENUMERATOR}.get_Current", enumerator_type, (), current_source, []
    )
    dispose = dispose_call(c, enumerator, span)
    return typed.Enumeration(source, enumerator, get, move, current, dispose)


def _plain_protocol(c: Checker, collection: typed.Expression, span: Span) -> typed.Enumeration:
    plain = NamedType(PLAIN_ENUMERATOR)
    as_plain = NamedType(PLAIN_ENUMERABLE)
    source = c.local("source", collection.type, span)
    enumerator = c.local("enumerator", plain, span)
    whole = typed.Coerce(as_plain, span, typed.LocalReference(collection.type, span, source))
    reference = typed.LocalReference(plain, span, enumerator)
    get = typed.VirtualCall(
        plain, span, f"{PLAIN_ENUMERABLE}.GetEnumerator", as_plain, (), whole, []
    )
    move = typed.VirtualCall(BOOL, span, f"{PLAIN_ENUMERATOR}.MoveNext", plain, (), reference, [])
    current = typed.VirtualCall(
        OBJECT, span, f"{PLAIN_ENUMERATOR}.get_Current", plain, (), reference, []
    )
    dispose = _dispose_if_possible(c, enumerator, span)
    return typed.Enumeration(source, enumerator, get, move, current, dispose)


def _dispose_if_possible(c: Checker, enumerator: typed.Local, span: Span) -> typed.Expression:
    """`match enumerator with :? IDisposable as disposable -> disposable.Dispose() | _ -> ()`."""
    from clef.inference.expressions.control import dispose_call
    from clef.inference.well_known import DISPOSABLE, UNIT

    disposable = c.local("disposable", DISPOSABLE, span)
    inner = typed.VariablePattern(DISPOSABLE, span, disposable)
    test = typed.TypeTestPattern(enumerator.type, span, DISPOSABLE, inner)
    other = typed.WildcardPattern(enumerator.type, span)
    rules = [
        typed.MatchRule(test, None, dispose_call(c, disposable, span), span),
        typed.MatchRule(other, None, typed.Literal(UNIT, span, None), span),
    ]
    reference = typed.LocalReference(enumerator.type, span, enumerator)
    return typed.Match(UNIT, span, reference, rules)


def _by_pattern(
    c: Checker, collection: typed.Expression, type: NamedType, span: Span
) -> tuple[Type, typed.Enumeration] | None:
    """A type with its own GetEnumerator method (F# specification §6.5.6)."""
    from clef.inference.calls import call_group
    from clef.inference.expressions.control import dispose_call
    from clef.inference.well_known import DISPOSABLE

    if type.symbol == SEQ:
        return None
    group = [
        f
        for f in find_members(c, type, "GetEnumerator")
        if not f.member.is_slot and not f.member.is_static and f.member.access == "public"
    ]
    if not group:
        return None
    nothing = tree.Constant(span, None, tree.LiteralKind.UNIT)
    source = c.local("source", type, span)
    whole = typed.LocalReference(type, span, source)
    get = call_group(c, group[:1], whole, nothing, None, span, None)
    enumerator = c.local("enumerator", get.type, span, is_mutable=True)
    reference = typed.LocalReference(get.type, span, enumerator)
    moves = find_members(c, get.type, "MoveNext")
    currents = [f for f in find_members(c, get.type, "Current") if f.member.kind == "getter"]
    if not moves or not currents:
        return None
    move = call_group(c, moves[:1], reference, nothing, None, span, BOOL)
    current = call_group(c, currents[:1], reference, None, None, span, None)
    dispose = None
    if supertype_instance(c, get.type, DISPOSABLE.symbol) is not None:
        dispose = dispose_call(c, enumerator, span)
    return current.type, typed.Enumeration(source, enumerator, get, move, current, dispose)
