"""What a small program costs in a process that has compiled others before.

In: nothing. Out: median seconds from text to machine code, by the name of the snippet, as JSON on
standard output. Promises: no two texts are the same, so that nothing is taken from the cache of
checked files; the process has seen a snippet of the same kind, as after the first minutes at a
prompt.

    python -m benchmarks.snippets
"""

from __future__ import annotations

import json
import os
import time
from statistics import median

EXPRESSION = """printfn "%d" (1 + 2 + {number})
"""
TWENTY_LINES = """let square x = x * x + {number}
let rec divisor a b = if b = 0 then a else divisor b (a % b)

type Shape =
    | Circle of radius: float
    | Square of side: float

let area shape =
    match shape with
    | Circle radius -> 3.0 * radius * radius
    | Square side -> side * side

let squares = [ 1..10 ] |> List.map square |> List.filter (fun x -> x % 2 = 0)
let words = [ "one"; "two"; "three" ]
let letters = words |> List.map String.length |> List.fold (+) 0
printfn "%d %d %d" (List.sum squares) letters (divisor 12 18)
for shape in [ Circle 1.0; Square 2.0 ] do
    printfn "%A has the area %.2f" shape (area shape)

printfn "%s" (String.concat ", " words)
"""
SNIPPETS = {"expression": EXPRESSION, "twenty lines": TWENTY_LINES}
TIMES = 15
WARM_UP = 3


def measured() -> dict[str, float]:
    """Median seconds for each snippet."""
    from clef.session import Session

    session = Session()
    first = int.from_bytes(os.urandom(3), "little")
    found: dict[str, float] = {}
    for name, text in SNIPPETS.items():
        seconds: list[float] = []
        for number in range(first, first + WARM_UP + TIMES):
            one = text.replace("{number}", str(number))
            start = time.perf_counter()
            snippet = session.compile(one)
            seconds.append(time.perf_counter() - start)
            if snippet.code is None:
                raise ValueError(f"{name} does not compile")
        found[name] = median(seconds[WARM_UP:])
    return found


if __name__ == "__main__":
    print(json.dumps(measured()))
