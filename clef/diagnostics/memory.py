"""Findings of the memory plan (E06xx): values that have no place where the program wants them.

Comes in: what planning met. Goes out: diagnostics with a way out. Promises: what is reported here
never reaches the machine.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label
from clef.source import Span


@dataclass(frozen=True, slots=True)
class ForeignValue(Diagnostic):
    """A C function takes or gives a value that C has no type for.

    Numbers, pointers, strings and arrays (as the address of their first element) can be passed, and
    records, structs and tuples of numbers and pointers, which are structures by value. The members
    of a tuple of parameters become arguments of their own. Unions, options of what is no pointer,
    and structures that hold references have no counterpart. A function that is called at an address
    takes no structures.

    Example:
        [<FidelityExtern("", "find")>]
        let find (name: string) : int option = NativeDefault.zeroed ()
        printfn "%A" (find "a")

    Instead:
        [<FidelityExtern("", "find")>]
        let find (name: string) : int = NativeDefault.zeroed ()
    """

    code: ClassVar[str] = "E0601"

    function: str
    type: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"the C function `{self.function}` cannot take or give a `{self.type}`"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, f"`{self.type}` has no counterpart in C")]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "pass its parts one by one, or a pointer"


@dataclass(frozen=True, slots=True)
class HeapPromise(Diagnostic):
    """A function marked `[<NoHeap>]` needs the heap, itself or through what it calls.

    Numbers, structs and small records and unions are kept in registers; lists, arrays, strings
    that are put together, functions that remember values, and boxed values are cells on the heap.
    What is made only to raise an exception does not count. A function value that is not known could
    do anything, so calling one breaks the promise too.

    Example:
        [<NoHeap>]
        let both (x: int) : int list = [ x; x ]
        printfn "%d" (both 1).Length

    Instead:
        [<NoHeap>]
        let both (x: int) : struct (int * int) = struct (x, x)
        printfn "%A" (both 1)
    """

    code: ClassVar[str] = "E0602"

    function: str
    cause: str
    path: tuple[str, ...]  # the functions on the way, none when it is the function itself
    promise: Span

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"`{self.function}` promises to do without the heap, but {self.cause}"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        way = " calls ".join(f"`{name}`" for name in (self.function, *self.path))
        shown = self.cause if not self.path else f"{way}: {self.cause}"
        return [Label(self.span, shown), Label(self.promise, "the promise", False)]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "use structs and numbers, let the caller bring a buffer, or take `[<NoHeap>]` away"


@dataclass(frozen=True, slots=True)
class PointerAccess(Diagnostic):
    """A pointer is read although its type says that it is only for writing, or the other way round.

    The third parameter of `Ptr<'T, 'Region, 'Access>` is what the pointer may be used for:
    `ReadOnly`, `WriteOnly` or `ReadWrite`. It costs nothing when the program runs.

    Example:
        let level : Ptr<int, Flash, ReadOnly> = Ptr.ofNativeInt 0x8000n
        let change () = Ptr.write level 3

    Instead:
        let level : Ptr<int, Sram, ReadWrite> = Ptr.ofNativeInt 0x8000n
        let change () = Ptr.write level 3
    """

    code: ClassVar[str] = "E0603"

    access: str
    use: str  # read or written

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"a pointer that is `{self.access}` cannot be {self.use}"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, f"this is {self.use} through a `{self.access}` pointer")]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "give the pointer `ReadWrite` access where it is made, if the memory allows it"


@dataclass(frozen=True, slots=True)
class StackPointerEscapes(Diagnostic):
    """A pointer into a function's part of the stack, or into an arena that a function has made,
    goes where it could be used when that function has returned.

    What `Ptr.stackalloc` reserves is gone at the end of the function. Pointers to it can be given
    to functions and kept in locals. They cannot be returned by the function that reserved the
    memory, stored in a value, captured by a function value, or kept in a module's value. The same
    holds for pointers that `Arena.alloc` gives, which may also stand in structs.

    Example:
        let make () : Ptr<int, Stack, ReadWrite> =
            let place = Ptr.stackalloc 4
            Ptr.write place 1
            place
        printfn "%d" (Ptr.read (make ()))

    Instead:
        let fill (place: Ptr<int, Stack, ReadWrite>) = Ptr.write place 1
        let use' () =
            let place = Ptr.stackalloc 4
            fill place
            Ptr.read place
        printfn "%d" (use' ())
    """

    code: ClassVar[str] = "E0604"

    region: str  # the stack, or an arena
    way: str
    origin: Span | None

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"a pointer into {self.region} {self.way}, so it could outlive its memory"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        found = [Label(self.span, f"it {self.way} here")]
        if self.origin is not None and self.origin != self.span:
            found.append(Label(self.origin, "the memory is reserved here", False))
        return found

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "let the caller reserve the memory and pass the pointer on, or use an array"


@dataclass(frozen=True, slots=True)
class NotForC(Diagnostic):
    """A function is to be called from C, or by its name, and cannot be.

    `FnPtr.ofFunction` makes code that C can call. That code has no place for values that a function
    remembers, and has to be made when the program is compiled: give it a function of a module, or
    a lambda that uses nothing from around it, whose arguments and result are numbers, characters,
    `bool`, pointers, or tuples of those. `FnPtr.fromSymbol` needs the name as a literal.

    Example:
        let scaled (factor: int) : FnPtr<int -> int> =
            FnPtr.ofFunction (fun x -> x * factor)
        printfn "%d" (FnPtr.invoke (scaled 3) 4)

    Instead:
        let scaled : FnPtr<int * int -> int> =
            FnPtr.ofFunction (fun (factor, x) -> x * factor)
        printfn "%d" (FnPtr.invoke scaled (3, 4))
    """

    code: ClassVar[str] = "E0605"

    reason: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return "this function cannot be used from C"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, self.reason)]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "use a function of a module that gets all it needs as arguments"


@dataclass(frozen=True, slots=True)
class ArenaEscape(Diagnostic):
    """Something that is allocated in an `arena { … }` block may still be there after the block.

    All memory of a block goes back in one step at its end. So the block's result is plain data
    (numbers, characters, structs of those), and nothing in it, nor in the functions that it calls,
    may store a reference in something that lies outside. What can lie outside is judged by types:
    whatever can be reached from the values that the block uses and from the modules' values. Plain
    data can be stored anywhere.

    Example:
        let names = System.Collections.Generic.List<string>()
        let note (x: int) = arena { names.Add(string x) }
        note 1

    Instead:
        let lengths = Array.zeroCreate<int> 10
        let note (x: int) = arena { lengths.[x] <- (string x).Length }
        note 1
    """

    code: ClassVar[str] = "E0606"

    way: str
    path: tuple[str, ...]
    block: Span

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"a value may outlive its arena: {self.way}"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        through = " calls ".join(f"`{name}`" for name in self.path)
        found = [Label(self.span, f"through {through}" if through else self.way)]
        if self.block != self.span:
            found.append(Label(self.block, "the arena", False))
        return found

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return (
            "give plain data out, fill an array of numbers from outside, or do this part after the "
            "block"
        )


@dataclass(frozen=True, slots=True)
class PlacementNotKept(Diagnostic):
    """An attribute asks for a place or an alignment that the plan cannot give.

    `[<Memory("stack")>]` on a record or union: its values never are cells on the heap;
    `"heap"`: they always are; `"arena"` on a type or function: made or called in arenas only.
    `[<Memory("static")>]` on a module's value: it lies in the program itself. `[<Align(n)>]` and
    `[<CacheLineAligned>]` (64 bytes) hold for structs and small records on the stack and in memory
    behind pointers, up to 16 bytes also in arrays and cells, and for plain values of modules.

    Example:
        [<Memory("stack")>]
        type Counter = { mutable Count: int }
        let counter = { Count = 1 }
        printfn "%d" counter.Count

    Instead:
        [<Memory("stack")>]
        type Counter = { Count: int; Step: int; Limit: int }
        let counter = { Count = 1; Step = 1; Limit = 9 }
        printfn "%d" counter.Count
    """

    code: ClassVar[str] = "E0607"

    name: str
    reason: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"`{self.name}` cannot have the place that is asked for: {self.reason}"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, self.reason)]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "take the attribute away, or change what the reason names"


@dataclass(frozen=True, slots=True)
class HeapForbidden(Diagnostic):
    """The project has `memory_model = "stack_only"`, but a part of the program needs the heap.

    Numbers, structs, small records and unions, texts that stand in the source, and memory that
    `NativePtr.stackalloc` or `Ptr.stackalloc` reserves need none. Lists, arrays, texts that are put
    together, objects, functions that remember values and boxed values do; so does `printfn` with
    values. What is made only to raise an exception does not count.

    Example:
        --- example.fidproj
        [package]
        name = "small"

        [compilation]
        memory_model = "stack_only"

        [build]
        sources = ["main.clef"]
        --- main.clef
        let squares = [ for i in 1 .. 3 -> i * i ]
        exit (List.head squares)

    Instead:
        --- example.fidproj
        [package]
        name = "small"

        [compilation]
        memory_model = "stack_only"

        [build]
        sources = ["main.clef"]
        --- main.clef
        let squares () =
            let place = Ptr.stackalloc<int> 3
            for i in 1 .. 3 do
                Ptr.set place (i - 1) (i * i)
            Ptr.get place 0
        exit (squares ())
    """

    code: ClassVar[str] = "E0608"

    cause: str
    path: tuple[str, ...]

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"this needs the heap, and the project has none: {self.cause}"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        way = " calls ".join(f"`{name}`" for name in self.path)
        return [Label(self.span, f"{way}: {self.cause}" if way else self.cause)]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return (
            "use structs and numbers, let the caller bring memory (`Ptr.stackalloc`), or set "
            '`memory_model = "static_pools"`'
        )


@dataclass(frozen=True, slots=True)
class StackUnbounded(Diagnostic):
    """The project limits the stack with `max_stack_size`, but nobody can say how deep it gets.

    A function that calls itself (or others that lead back to it) in other than the last position
    takes a frame each time; memory that is reserved on the stack in a loop, or in a number that is
    computed, grows as well. Calls in the last position leave no frame. `clef explain --stack` shows
    what is known.

    Situation:
        [compilation]
        max_stack_size = "64K"

        // and in the program
        let rec sum xs =
            match xs with
            | [] -> 0
            | x :: rest -> x + sum rest

    Instead:
        let sum xs =
            let rec go total xs =
                match xs with
                | [] -> total
                | x :: rest -> go (total + x) rest
            go 0 xs
    """

    code: ClassVar[str] = "E0609"

    entry: str
    reason: str
    path: tuple[str, ...]

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"the stack of `{self.entry}` has no bound: {self.reason}"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, " calls ".join(f"`{name}`" for name in self.path))]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "make the call the last thing that the function does, use a loop, or lift the limit"


@dataclass(frozen=True, slots=True)
class StackTooDeep(Diagnostic):
    """The program may need more stack than its project allows with `max_stack_size`.

    The number is that of the deepest chain of calls that the program has, whether it happens or
    not. `clef explain --stack` shows the chain with all frames.

    Situation:
        [compilation]
        max_stack_size = "1K"

        // and in the program
        let large () =
            let place = Ptr.stackalloc<int64> 1000
            Ptr.read place

    Instead:
        [compilation]
        max_stack_size = "16K"
    """

    code: ClassVar[str] = "E0610"

    entry: str
    size: int
    limit: int
    path: tuple[str, ...]

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"`{self.entry}` may need {self.size} bytes of stack; {self.limit} are allowed"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "calls ".join(f"`{name}` " for name in self.path).strip())]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "`clef explain --stack` shows what takes it; a release build takes less"
