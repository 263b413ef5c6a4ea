"""Which functions of `List` and `Array` have a twin that works item by item.

Comes in: nothing. Goes out: tables from a function's symbol to its twin's. Promises: a twin takes
the same arguments, with a sequence in the place of the collection, which is the last one; it does
the same as the function when the sequence is that collection. The names are those of
`clef/library/collections`; a name that is missing only costs a list or an array.
"""

from __future__ import annotations

_COLLECTIONS = "Microsoft.FSharp.Collections."
_STAGES = "Clef.Runtime.Stages."


def _of(module: str, names: str, twins: str = _STAGES) -> dict[str, str]:
    return {f"{_COLLECTIONS}{module}.{name}": f"{twins}{name}" for name in names.split()}


def _renamed(module: str, **names: str) -> dict[str, str]:
    return {f"{_COLLECTIONS}{module}.{name}": twin for name, twin in names.items()}


def _stage(name: str) -> str:
    return f"{_STAGES}{name}"


_EVERYWHERE = (
    "map mapi indexed filter choose takeWhile skipWhile truncate pairwise distinct distinctBy"
)
LAZY: dict[str, str] = {**_of("Seq", _EVERYWHERE), **_renamed("Seq", where=_stage("filter"))}
"""Functions of `Seq`: they are stages of a strict pipeline once a list or array is made of it."""
STAGES: dict[str, str] = {
    **_of("List", _EVERYWHERE),
    **_of("Array", _EVERYWHERE),
    **_renamed("List", where=_stage("filter"), collect=_stage("collectLists")),
    **_renamed("List", concat=_stage("concatLists")),
    **_renamed("List", distinctBy=_stage("distinctByOfList")),
    **_renamed("List", skip=_stage("skipOfList"), take=_stage("takeOfList"), tail=_stage("tail")),
    **_renamed("Array", where=_stage("filter"), collect=_stage("collectArrays")),
    **LAZY,
}
"""What takes a collection and makes another one."""
HELD: frozenset[str] = frozenset(f"{_COLLECTIONS}List.{name}" for name in ("skip", "tail"))
"""Functions that give a part of a list that is there, and make nothing."""
TAKEN = f"{_COLLECTIONS}List.take"
STOPPING: frozenset[str] = frozenset(map(_stage, ("skipOfList", "takeOfList", "tail", "unfold")))
"""Twins that raise at the end where there were too few items, or never come to an end."""
KEYED: frozenset[str] = frozenset(map(_stage, ("distinct", "distinctBy", "distinctByOfList")))
"""Twins that compare and hash: the type of the keys must say that nobody can tell when."""
PLAIN_KEYS: frozenset[str] = frozenset(
    f"System.{name}"
    for name in (
        *("SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64"),
        *("Char", "String", "Boolean", "Single", "Double"),
    )
)
COLLECTING: frozenset[str] = frozenset(map(_stage, ("collectLists", "collectArrays")))
COLLECTED: str = _stage("collectFlows")
"""The twin of `collect` for a function that gives a sequence."""
SOURCES: dict[str, str] = {
    **_renamed("List", init=_stage("init"), append=_stage("appendedLists")),
    **_renamed("Array", init=_stage("init"), zip=_stage("zipArrays"), map2=_stage("map2Arrays")),
    **_renamed("Array", rev=_stage("reversedArray"), append=_stage("appendedArrays")),
    **_renamed("Array", take=_stage("takenArray"), skip=_stage("skippedArray")),
    **_renamed("Array", sub=_stage("subArray"), create=_stage("created")),
    **_renamed("Array", replicate=_stage("created"), unfold=_stage("unfold")),
    **_renamed("List", unfold=_stage("unfold")),
    **_renamed("List", replicate=_stage("replicatedList"), take=_stage("takenList")),
    "Microsoft.FSharp.Core.ListOperators.op_Append": _stage("appendedLists"),
}
"""What makes a collection of other things, which are computed before."""
CONVERSIONS: frozenset[str] = frozenset(
    {
        *_of("List", "ofArray ofSeq toArray toSeq"),
        *_of("Array", "ofList ofSeq toList toSeq"),
        *_of("Seq", "toList toArray ofList ofArray"),
    }
)
"""What leaves the items as they are."""
_AS_SEQUENCES = (
    "iter iteri fold sum sumBy exists forall contains tryFind find tryPick pick tryFindIndex "
    "findIndex"
)
_SEQ = f"{_COLLECTIONS}Seq."
_MAKERS = ("ofList", "ofArray", "ofSeq")
_ALIKE = "length isEmpty tryHead tryLast"
CONSUMERS: dict[str, str] = {
    **_of("List", f"{_AS_SEQUENCES} average averageBy", _SEQ),
    **_of("Array", _AS_SEQUENCES, _SEQ),
    **_of("Seq", f"{_AS_SEQUENCES} average averageBy", _SEQ),
    **_of("Seq", "length isEmpty head tryHead last tryLast max min maxBy minBy", _SEQ),
    **_of("Seq", "reduce exactlyOne tryExactlyOne item tryItem", _SEQ),
    **_of("List", _ALIKE),
    **_of("Array", _ALIKE),
    **_renamed("List", head=_stage("headOfList"), last=_stage("lastOfList")),
    **_renamed("List", max=_stage("maxOfList"), min=_stage("minOfList")),
    **_renamed("List", reduce=_stage("reduceList"), toArray="Clef.Runtime.ArrayPieces.ofSeq"),
    **_renamed("Array", head=_stage("headOfArray"), last=_stage("lastOfArray")),
    **_renamed("Array", max=_stage("maxOfArray"), min=_stage("minOfArray")),
    **_renamed("Array", reduce=_stage("reduceArray"), average=_stage("averageOfArray")),
    **_renamed("Array", ofList="Clef.Runtime.ArrayPieces.ofSeq"),
    **_renamed("Array", toList="Clef.Runtime.ListPieces.ofSeq"),
    **_renamed("List", ofArray="Clef.Runtime.ListPieces.ofSeq"),
    **_renamed("List", item=_stage("itemOfList"), tryItem=_stage("tryItem")),
    **_renamed("List", maxBy=_stage("maxByOfList"), minBy=_stage("minByOfList")),
    **_renamed("Array", maxBy=_stage("maxByOfArray"), minBy=_stage("minByOfArray")),
    **_renamed("Array", averageBy=_stage("averageByOfArray")),
    **_renamed("List", rev=_stage("reversedList"), partition=_stage("partitionLists")),
    **_renamed("List", unzip=_stage("unzipLists")),
    **_renamed("List", sort=_stage("sortedList"), sortDescending=_stage("sortedListDown")),
    **_renamed("List", sortWith=_stage("sortedListWith"), sortBy=_stage("sortedListBy")),
    **_renamed("List", sortByDescending=_stage("sortedListByDown"), scan=_stage("scanList")),
    **_renamed("List", countBy=_stage("countByOfList"), groupBy=_stage("groupByOfList")),
    **_renamed("Array", countBy=_stage("countByOfArray"), groupBy=_stage("groupByOfArray")),
    **dict.fromkeys((f"{_COLLECTIONS}Set.{name}" for name in _MAKERS), f"{_COLLECTIONS}Set.ofSeq"),
    **dict.fromkeys((f"{_COLLECTIONS}Map.{name}" for name in _MAKERS), f"{_COLLECTIONS}Map.ofSeq"),
    "Microsoft.FSharp.Core.ExtraTopLevelOperators.set": f"{_COLLECTIONS}Set.ofSeq",
    "Microsoft.FSharp.Core.String.concat": _stage("concatTexts"),
    "Clef.Runtime.StringSearch.joinArray": _stage("concatTexts"),
    "Clef.Runtime.StringSearch.joinSequence": _stage("concatTexts"),
    "Clef.Runtime.StringSearch.joinItems": _stage("concatItems"),
}
"""What takes a collection apart."""
TELLING: frozenset[str] = frozenset((f"{_SEQ}iter", f"{_SEQ}iteri"))
"""Those that are there for what can be seen."""
GATHERING: frozenset[str] = frozenset(map(_stage, ("concatTexts", "concatItems")))
"""Twins that put all items into an array first: where one was made, nothing is saved."""
MEMBERS: dict[str, str] = {
    "System.String.Join": "Clef.Runtime.StringSearch.joinArray",
    "System.String.Join|2": "Clef.Runtime.StringSearch.joinSequence",
    "System.String.Join|3": "Clef.Runtime.StringSearch.joinItems",
    "System.Array`1.get_Length": f"{_COLLECTIONS}Array.length",
    f"{_COLLECTIONS}List`1.get_Length": f"{_COLLECTIONS}List.length",
    f"{_COLLECTIONS}List`1.get_IsEmpty": f"{_COLLECTIONS}List.isEmpty",
}
"""Members, and functions that do the same."""
_CHECKS = ("checkLengths", "checkTaken", "checkSkipped", "checkSub")
EARLY: frozenset[str] = frozenset(
    (
        "Clef.Runtime.CollectionErrors.negative",
        "Clef.Runtime.ListPieces.checkReplicated",
        "Clef.Runtime.ListPieces.checkTaken",
        *(f"Clef.Runtime.ArrayPieces.{name}" for name in _CHECKS),
    )
)
"""Checks of what a source is given: they come before everything in any case."""
FORMATS: frozenset[str] = frozenset(
    f"Microsoft.FSharp.Core.ExtraTopLevelOperators.{name}"
    for name in ("sprintf", "printf", "printfn", "eprintf", "eprintfn", "failwithf")
)
"""Functions whose first argument says how many more there are."""
