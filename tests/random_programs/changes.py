"""Kinds of statements of random programs.

In: a block that is being written. Out: its next lines. Promises: as in `statements`.
"""

from __future__ import annotations

from tests.random_programs.statements import SORTS, Block, Place, condition, nested, statement
from tests.random_programs.types import INT, Type, list_of


@statement
def assigning(b: Block) -> None:
    """A local that changes."""
    place = b.some("mutable")
    b.line(f"{place.name} <- {b.value(place.item, 2)}")


@statement
def assigning_with_itself(b: Block) -> None:
    """What a place holds next is made of what it held."""
    place = b.some("mutable", "ref")
    old = b.g.fresh()
    read = place.name if place.sort == "mutable" else place.name + ".Value"
    with b.g.under((old, place.item)):
        value = b.value(place.item, 2)
    b.line(f"let {old} = {read}")
    b.line(f"{read} <- {value}")


@statement
def appending(b: Block) -> None:
    """Texts and lists that grow."""
    kind = b.g.chance.one_of((Type("string"), list_of(INT)))
    mutable = [
        p for p in b.places if p.sort == "mutable" and p.item == kind and p.closure == b.closure
    ]
    place = b.g.chance.one_of(mutable) if mutable else b.declared("mutable", kind)
    name, more = place.name, f"({b.value(kind)}: {kind})"
    if kind.name == "string":
        b.line(f"{name} <- clip ({b.g.pick(f'{name} + {more}', f'{more} + {name}')})")
    else:
        b.line(f"{name} <- few ({b.g.pick(f'{more} @ {name}', f'{b.value(INT)} :: {name}')})")


@statement
def element(b: Block) -> None:
    """An element of an array, a list or a dictionary."""
    place = b.some("array", "array", "list", "entries")
    value = b.value(place.item, 2)
    if place.sort == "array":
        b.line(f"{place.name}.[{b.index(place)}] <- {value}")
    elif place.sort == "list":
        b.line(f"if {place.name}.Count > 1 then {place.name}.[{b.g.number(0, 1)}] <- {value}")
    else:
        b.line(f"{place.name}.[{b.value(place.key)}] <- {value}")


@statement
def list_changes(b: Block) -> None:
    """Members of `List`."""
    place = b.some("list")
    name, item = place.name, b.value(place.item)
    b.line(
        b.g.pick(
            f"{name}.Add({item})",
            f"{name}.Insert({b.g.number(0, 2)}, {item})",
            f"{name}.Reverse()",
            f"if {name}.Count > 0 then {name}.RemoveAt({name}.Count - 1)",
            f"{name}.AddRange({b.value(list_of(place.item))})",
            f"{name}.AddRange({name})",
            f"{name}.RemoveAt {b.g.number(0, 2)}",
            f"{name}.Clear()",
            f"if {name}.Remove({item}) then note 1 ()",
            f"{name}.RemoveAll(fun x -> x > {item}) |> ignore",
        )
    )
    b.line(f"shorter {name}")


@statement
def dictionary_changes(b: Block) -> None:
    """Members of `Dictionary`."""
    place = b.some("entries")
    name, key, item = place.name, b.value(place.key), b.value(place.item)
    found = b.g.fresh()
    which = b.g.number(0, 3)
    if which == 0:
        b.line(f"if not ({name}.ContainsKey({key})) then {name}.Add({key}, {item})")
    elif which == 1:
        b.line(f"if {name}.Remove({key}) then note 2 ()")
    elif which == 2:
        b.line(f"{name}.Add({key}, {item})")
    else:
        b.line(f"match {name}.TryGetValue({key}) with")
        b.line(f"| true, {found} ->")
        with b.inner(False, (found, place.item)):
            b.statements(2)
        b.line(f"| _ -> {name}.[{b.value(place.key)}] <- {item}")


@statement
def queue_changes(b: Block) -> None:
    """Members of queues, stacks and sets."""
    place = b.some("queue", "stack", "unique")
    name, item = place.name, b.value(place.item)
    if place.sort == "unique":
        b.line(b.g.pick(f"{name}.Add({item}) |> ignore", f"{name}.Remove({item}) |> ignore"))
        return
    put, take = ("Enqueue", "Dequeue") if place.sort == "queue" else ("Push", "Pop")
    target = b.declared("mutable", place.item)
    b.line(f"{name}.{put}({item})")
    if b.g.chance.likely(60):
        b.line(f"{target.name} <- {name}.{take}()")


@statement
def slot_changes(b: Block) -> None:
    """Fields of a record."""
    place = b.some("slot")
    name, value = place.name, b.value(place.item, 2)
    lines = (
        [f"{name}.Held <- {value}"],
        [f"{name}.Past <- few ({name}.Held :: {name}.Past)", f"{name}.Held <- {value}"],
        [f"{name}.Past <- few ({name}.Past @ {name}.Past)"],
    )
    for one in b.g.chance.one_of(lines):
        b.line(one)
    if b.g.chance.likely(25):
        copy = b.g.fresh()
        b.line(f"let {copy} = {{ {name} with {b.g.pick('Tag = 3', f'Held = {value}')} }}")
        b.places.append(Place(copy, "slot", place.item, closure=b.closure))


@statement
def cupboard_changes(b: Block) -> None:
    """Members of a class."""
    place = b.some("cupboard")
    name, value = place.name, b.value(place.item)
    if b.g.chance.likely(50):
        b.line(f"{name}.Inside <- {value}")
    else:
        target = b.declared("mutable", place.item)
        b.line(f"{target.name} <- {name}.Swap({value})")


@statement
def twin_changes(b: Block) -> None:
    """Fields of structures, in locals and in arrays."""
    place = b.some("twin", "twins")
    at = place.name if place.sort == "twin" else f"{place.name}.[{b.index(place)}]"
    label = b.g.pick("First", "Second")
    b.line(f"{at}.{label} <- {b.value(place.item)}")
    if b.g.chance.likely(30):
        copy = b.g.fresh()
        b.line(f"let mutable {copy} = {at}")
        b.line(f"{copy}.First <- {at}.Second")
        b.places.append(Place(copy, "twin", place.item, closure=b.closure))


@statement
def through_address(b: Block) -> None:
    """A function that takes an address."""
    place = b.some("mutable", "array", "slot", "twin")
    at = {
        "mutable": place.name,
        "array": f"{place.name}.[{b.index(place)}]",
        "slot": f"{place.name}.Held",
        "twin": f"{place.name}.First",
    }[place.sort]
    if place.sort == "mutable" and b.g.chance.likely(40):
        other = b.declared("mutable", place.item)
        b.line(f"trade &{at} &{other.name}")
    else:
        b.line(f"put &{at} {b.value(place.item)}")


@statement
def aliasing(b: Block) -> None:
    """Another name for the same object."""
    place = b.some("array", "list", "entries", "ref", "slot", "cupboard", "twins")
    name = b.g.fresh()
    b.line(f"let {name} = {place.name}")
    b.add(Place(name, place.sort, place.item, place.key, b.closure))


@statement
def copying(b: Block) -> None:
    """A copy, or a part."""
    place = b.some("array", "list", "twins")
    name = b.g.fresh()
    if place.sort == "list":
        b.line(f"let {name} = List<{place.item}>({place.name})")
    else:
        low = b.g.number(0, 1)
        b.line(
            f"let {name} = "
            + b.g.pick(
                f"Array.copy {place.name}",
                f"Array.append {place.name} {place.name} |> Array.truncate 9",
                f"{place.name}.[{low}..]",
                f"Array.rev {place.name}",
            )
        )
    b.add(Place(name, place.sort, place.item, place.key, b.closure))


@statement
def declaring(b: Block) -> None:
    """A new place, or a name for what a place holds now."""
    if b.g.chance.likely(50):
        b.declared(b.g.pick(*SORTS))
        return
    place, name = b.some("mutable", "ref", "slot"), b.g.fresh()
    part = {"mutable": "", "ref": ".Value", "slot": ".Held"}[place.sort]
    b.line(f"let {name} = {place.name}{part}")
    b.g.scope.append((name, place.item))


@nested
def branching(b: Block) -> None:
    """`if`, with or without `else`."""
    b.line(f"if {condition(b)} then")
    with b.inner():
        b.statements()
    if b.g.chance.likely(50):
        b.line("else")
        with b.inner():
            b.statements(2)


@nested
def counting(b: Block) -> None:
    """`for` over numbers."""
    i, low, high = b.g.fresh(), b.g.number(0, 2), b.g.number(0, 6)
    b.line(
        b.g.pick(
            f"for {i} = {low} to {high} do",
            f"for {i} = {high} downto {low} do",
            f"for {i} in {low} .. {b.g.number(1, 3)} .. {high} do",
            f"for {i} in {high} .. -2 .. {low} do",
        )
    )
    with b.inner(False, (i, INT)):
        b.line("spend ()")
        b.statements()


@statement
def over_array(b: Block) -> None:
    """A loop over the indices of an array that it reads and writes."""
    place, i = b.some("array"), b.g.fresh()
    name = place.name
    b.line(f"for {i} in {b.g.pick('0', '1')} .. {name}.Length - {b.g.number(1, 2)} do")
    with b.inner(False, (i, INT)):
        b.line("spend ()")
        other = b.g.pick(
            f"{name}.[{i} - 1]", f"{name}.[{i} + 1]", f"{name}.[{name}.Length - 1 - {i}]"
        )
        if b.g.chance.likely(50):
            old = b.g.fresh()
            b.line(f"let {old} = {name}.[{i}]")
            b.line(f"{name}.[{i}] <- {other}")
            if b.g.chance.likely(50):
                b.line(f"{name}.[0] <- {old}")
        else:
            b.line(f"{name}.[{i}] <- {b.value(place.item)}")
        if b.depth > 0:
            b.statements(2)


@nested
def over_items(b: Block) -> None:
    """A loop over a collection, which the body may change."""
    place, x = b.some("list", "array", "queue", "slot", "entries", "unique"), b.g.fresh()
    if place.sort == "entries":
        b.line(f"for KeyValue({x}, {x}v) in {place.name} do")
        bound = [(x, place.key), (f"{x}v", place.item)]
    else:
        b.line(f"for {x} in {place.name}{'.Past' if place.sort == 'slot' else ''} do")
        bound = [(x, place.item)]
    with b.inner(False, *bound):
        b.line("spend ()")
        b.statements()


@nested
def while_true(b: Block) -> None:
    """`while`."""
    i = b.g.fresh()
    b.line(f"let mutable {i} = {b.g.number(0, 5)}")
    b.line(f"while {i} > 0 && ({condition(b)} || {i} % 2 = 0) do")
    with b.inner():
        b.line(f"{i} <- {i} - 1")
        b.line("spend ()")
        b.statements()


@nested
def handling(b: Block) -> None:
    """`try … with` or `finally`."""
    b.line("try")
    with b.inner():
        b.statements()
        if b.g.chance.likely(30):
            b.line(f"if {condition(b)} then raise (Custom {b.g.number(0, 9)})")
    if b.g.chance.likely(65):
        caught = b.g.pick("_", "Custom _", ":? ArgumentException", ":? InvalidOperationException")
        b.line(f"with {caught} ->")
    else:
        b.line("finally")
    with b.inner():
        b.line(f"note {b.g.number(0, 9)} ()")
        b.statements(2)


@nested
def later(b: Block) -> None:
    """A closure that is kept, or called on the spot."""
    name = b.g.fresh()
    if b.g.chance.likely(50):
        b.line("acts.Add(fun () ->")
        with b.inner(True, ending="())"):
            b.statements()
        return
    result = b.g.type(1)
    b.line(f"let {name} ({name}x: int) : {result} =")
    with b.inner(True, (f"{name}x", INT), ending=""):
        b.line("spend ()")
        b.statements(2)
        b.line(b.value(result))
    for _ in range(b.g.number(0, 2)):
        b.line(f"{name} {b.g.number(0, 5)} |> ignore")


@statement
def acting(b: Block) -> None:
    """The closures that were kept are called."""
    act = b.g.fresh()
    b.line(f"for {act} in acts{b.g.pick('.ToArray()', '')} do")
    b.line("    spend ()")
    b.line(f"    {act} ()")


@nested
def lazily(b: Block) -> None:
    """A sequence with effects, of which a part is asked for."""
    name, i = b.g.fresh(), b.g.fresh()
    target = b.declared("list")
    b.line(f"let {name} : seq<{target.item}> =")
    b.line("    seq {")
    with b.inner(True, ending=""):
        b.indent += 1
        b.line(f"for {i} in 0 .. {b.g.number(0, 4)} do")
        with b.inner(False, (i, INT)):
            b.line("spend ()")
            b.statements(2)
            b.line(f"yield {b.value(target.item)}")
        b.indent -= 1
    b.line("    }")
    taken = b.g.pick("Seq.truncate 2", "Seq.filter (fun _ -> true)", "Seq.skip 1", "Seq.rev", "id")
    for _ in range(b.g.number(1, 2)):
        b.line(f"{target.name}.AddRange({name} |> {taken} |> List.ofSeq)")
    b.line(f"shorter {target.name}")


@nested
def built(b: Block) -> None:
    """A list that a block makes."""
    target = b.declared("mutable", list_of(INT))
    x = b.g.fresh()
    b.line(f"{target.name} <-")
    b.line(f"    {b.g.pick('few', 'List.rev', 'List.sort')} [")
    with b.inner(True, ending=""):
        b.indent += 1
        b.line(f"for {x} in {b.value(list_of(INT))} do")
        with b.inner(False, (x, INT)):
            b.line("spend ()")
            b.statements(1)
            b.line(f"if {condition(b)} then yield {b.value(INT)}")
        b.indent -= 1
    b.line("    ]")
