"""Random programs about indices, divisors and overflow.

In: a seed. Out: a program of many small functions, each called with numbers at the ends of ranges;
what it gives, or the exception that ends it, is printed. Promises: functions end, and use loops,
conditions, remainders, bits, shifts and lengths in ways that leave some checks provable.
"""

from __future__ import annotations

import random

_NUMBERS = ["0", "1", "-1", "2", "3", "7", "8", "-5", "255", "2147483647", "-2147483648"]
_COMPARISONS = ["<", "<=", ">", ">=", "=", "<>"]


class Generator:
    """Writes one program. `names`: the integers in scope; `arrays`: the arrays."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.names: list[str] = []
        self.mutable: list[str] = []
        self.arrays: list[str] = []
        self.count = 0
        self.functions = 0

    def pick(self, items: list[str]) -> str:
        return self.random.choice(items)

    def fresh(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    # Integers -------------------------------------------------------------------------------------

    def number(self, depth: int = 2) -> str:
        roll = self.random.random()
        if depth == 0 or roll < 0.3:
            return self.pick(self.names) if self.random.random() < 0.75 else self.literal()
        if roll < 0.4:
            return f"{self.pick(self.arrays)}.Length"
        one, other = self.number(depth - 1), self.number(depth - 1)
        if roll < 0.62:
            return f"({one} {self.pick(['+', '-', '*'])} {self.small(depth - 1)})"
        if roll < 0.7:
            return f"({one} {self.pick(['+', '-'])} {other})"
        if roll < 0.78:
            return f"({one} % {self.divisor(depth - 1)})"
        if roll < 0.84:
            return f"({one} / {self.divisor(depth - 1)})"
        if roll < 0.9:
            return f"({one} {self.pick(['&&&', '|||', '^^^'])} {other})"
        if roll < 0.94:
            return f"({one} {self.pick(['>>>', '<<<'])} {self.pick(['1', '2', '31', other])})"
        if roll < 0.97:
            return f"(if {self.condition(1)} then {one} else {other})"
        return f"(int (uint32 ({one}) >>> {self.pick(['1', '8', '20'])}))"

    def literal(self) -> str:
        found = self.pick(_NUMBERS)
        return f"({found})" if found.startswith("-") else found

    def small(self, depth: int) -> str:
        return self.pick(["1", "2", "3", self.number(depth)])

    def divisor(self, depth: int) -> str:
        return self.pick(["2", "3", "16", f"{self.pick(self.arrays)}.Length", self.number(depth)])

    def condition(self, depth: int = 2) -> str:
        roll = self.random.random()
        if depth > 0 and roll < 0.35:
            joint = self.pick(["&&", "||"])
            return f"({self.condition(depth - 1)} {joint} {self.condition(depth - 1)})"
        if depth > 0 and roll < 0.42:
            return f"not ({self.condition(depth - 1)})"
        if roll < 0.6:
            name, array = self.pick(self.names), self.pick(self.arrays)
            return f"{name} >= 0 && {name} < {array}.Length"
        comparison = self.pick(_COMPARISONS)
        return f"{self.number(1)} {comparison} {self.number(1)}"

    # Statements -----------------------------------------------------------------------------------

    def statements(self, indent: str, depth: int) -> list[str]:
        lines: list[str] = []
        names, arrays = list(self.names), list(self.arrays)
        for _ in range(self.random.randint(1, 3)):
            lines += self.statement(indent, depth)
        lines.append(f"{indent}sum <- sum + {self.pick(self.names)}")
        self.names, self.arrays = names, arrays
        return lines

    def statement(self, indent: str, depth: int) -> list[str]:
        roll = self.random.random()
        array = self.pick(self.arrays)
        if depth > 0 and roll < 0.25:
            return self.counting(indent, depth)
        if depth > 0 and roll < 0.36:
            return self.repeating(indent, depth)
        if depth > 0 and roll < 0.52:
            lines = [f"{indent}if {self.condition()} then"]
            lines += self.statements(indent + "    ", depth - 1)
            if self.random.random() < 0.4:
                lines += [f"{indent}else", *self.statements(indent + "    ", depth - 1)]
            return lines
        if roll < 0.68:
            return [f"{indent}sum <- sum + {array}.[{self.index(array)}]"]
        if roll < 0.78:
            return [f"{indent}{array}.[{self.index(array)}] <- {self.number(1)}"]
        if roll < 0.84:
            operation = self.pick(["+", "-", "*"])
            value = f"Checked.({operation}) {self.atom()} {self.atom()}"
            return [f"{indent}sum <- sum ^^^ ({value})"]
        if roll < 0.88:
            name = self.fresh("xs")
            size = self.pick(["4", f"({self.number(1)} &&& 7)", f"{array}.Length", "(sum % 9)"])
            self.arrays.append(name)
            return [f"{indent}let {name} : int[] = Array.zeroCreate ({size})"]
        if roll < 0.94 and self.mutable:
            return [f"{indent}{self.pick(self.mutable)} <- {self.number()}"]
        name = self.fresh("v")
        line = f"{indent}let {name} = {self.number()}"
        self.names.append(name)
        return [line]

    def atom(self) -> str:
        return self.pick([*self.names, "1", "2", "(-1)"])

    def index(self, array: str) -> str:
        if self.random.random() < 0.5:
            return self.pick(self.names)
        return self.pick(
            [
                self.number(1),
                f"{self.pick(self.names)} % {array}.Length",
                f"({self.pick(self.names)} &&& 3)",
                f"{array}.Length - 1 - {self.pick(self.names)}",
                f"{self.pick(self.names)} + 1",
            ]
        )

    def counting(self, indent: str, depth: int) -> list[str]:
        name, array = self.fresh("i"), self.pick(self.arrays)
        first = self.pick(["0", "1", self.pick(self.names)])
        last = self.pick(
            [f"{array}.Length - 1", f"{array}.Length - 2", f"{self.pick(self.names)} - 1", "7"]
        )
        spent = f'{indent}    if fuel <= 0 then failwith "fuel"\n{indent}    fuel <- fuel - 1'
        head = self.pick(
            [
                f"for {name} = {first} to {last} do",
                f"for {name} = {last} downto {first} do",
                f"for {name} in {first} .. {self.pick(['2', '3', '-1'])} .. {last} do",
            ]
        )
        names = list(self.names)
        self.names.append(name)
        inside = self.statements(indent + "    ", depth - 1)
        self.names = names
        return [indent + head, spent, *inside]

    def repeating(self, indent: str, depth: int) -> list[str]:
        name, array = self.fresh("m"), self.pick(self.arrays)
        start = self.pick(["0", "1", self.pick(self.names), f"{array}.Length - 1"])
        step = self.pick(["+ 1", "+ 2", "- 1", "* 2", "/ 2", ">>> 1"])
        limit = self.pick([f"{name} < {array}.Length", f"{name} > 0", self.condition()])
        self.names.append(name)
        self.mutable.append(name)
        lines = [f"{indent}let mutable {name} = {start}", f"{indent}while fuel > 0 && {limit} do"]
        inside = self.statements(indent + "    ", depth - 1)
        self.mutable.remove(name)
        return [
            *lines,
            f"{indent}    fuel <- fuel - 1",
            *inside,
            f"{indent}    {name} <- {name} {step}",
        ]

    def recursive(self) -> str:
        """A loop that calls itself, and is called where something is known of its start."""
        self.functions += 1
        name = f"f{self.functions}"
        limit = self.pick(["xs.Length", "11", "n", "ys.Length - 1", "20"])
        index = self.pick(["i", "n * 4 + i", "i - n", "n + i", "i &&& 3", "(n - i) % 5", "i + 1"])
        more = self.pick([f"xs.[{index}]", f"ys.[{index}]", f"xs.[{index}] / (i - n + 1)"])
        start = self.pick(["n", "0", "n + 1", "n / 2", "xs.Length - n"])
        known = self.pick(["n >= 0", "n < xs.Length", "n > 0 && n < ys.Length", "true"])
        return (
            f"let rec go{name} (xs: int[]) (ys: int[]) (n: int) (i: int) (acc: int) =\n"
            f"    if i > -50 && i < {limit} then\n"
            f"        go{name} xs ys n (i + 1) (acc + {more})\n    else\n        acc\n\n"
            f"let {name} (xs: int[]) (ys: int[]) (n: int) (b: int) =\n"
            f"    if {known} then go{name} xs ys n ({start}) b else b"
        )

    # Programs -------------------------------------------------------------------------------------

    def function(self) -> str:
        self.functions += 1
        self.names, self.arrays, self.mutable = ["a", "b", "sum"], ["xs", "ys"], ["sum"]
        head = f"let f{self.functions} (xs: int[]) (ys: int[]) (a: int) (b: int) ="
        lines = [head, "    let mutable sum = 0", "    let mutable fuel = 40"]
        for _ in range(self.random.randint(2, 4)):
            lines += self.statement("    ", 3)
        if self.functions > 1 and self.random.random() < 0.4:
            other = self.random.randint(1, self.functions - 1)
            lines.append(f"    sum <- sum + f{other} xs ys {self.atom()} {self.atom()}")
        return "\n".join([*lines, "    sum"])

    def program(self, functions: int) -> str:
        """A whole program."""
        parts = [
            self.recursive() if self.random.random() < 0.2 else self.function()
            for _ in range(functions)
        ]
        calls: list[str] = []
        for number in range(1, functions + 1):
            for _ in range(4):
                one, other = self.literal(), self.literal()
                sizes = f"{self.random.randint(0, 9)} {self.random.randint(0, 9)}"
                calls.append(
                    f"    attempt {number} (fun () -> f{number} (made {sizes.split()[0]}) "
                    f"(made {sizes.split()[1]}) {one} {other})"
                )
        return "\n\n".join([_HEAD, *parts, _MAIN + "\n".join([*calls, "    0\n"])])


_HEAD = """let made n = Array.init n (fun i -> i * 3 - 2)

let attempt (number: int) (work: unit -> int) =
    try printfn "%d: %d" number (work ())
    with e -> printfn "%d: %s" number (e.GetType().Name)"""
_MAIN = """[<EntryPoint>]
let main _ =
"""


def random_program(seed: int, functions: int = 25) -> str:
    """The program of a seed."""
    return Generator(seed).program(functions)
