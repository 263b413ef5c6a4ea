"""The MLIR module under construction.

Comes in: pieces of text from the emitters of functions and data. Goes out: the module's text.
Promises: every global thing is written once; the order of the text depends on nothing but the
program.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import blake2b

from clef.coeffects import Coeffects
from clef.data_classes import dataclass, field
from clef.memory_plan import Layout, Plan
from clef.memory_plan.layouts import LayoutState, layout_of
from clef.source import SourceFile, Span
from clef.toolchain.marks import Marks
from clef.toolchain.target import Target
from clef.typed_core.core import MonoType, Program

WORD_TYPES = ("i8", "i16", "i32", "i64", "f32", "f64", "ptr")


@dataclass(frozen=True, slots=True)
class EmitOptions:
    """`debug`: describe functions and variables to debuggers. `debug_heap`: count live cells,
    poison freed ones, and end with exit code 99 when some are left. `check_heap`,
    `heap_statistics`: see `heap_watch.py`. `system_heap`: every block is the C library's.
    `sources`: the files that spans speak of. `stable_names`: constants are named by what they hold
    and not by their number, so that a function that is the same in two programs has the same text.
    `is_library`: the entry takes the number of a function and the address of its slots. `marks`:
    where to note what is run. `verify_checks`: checks that are proven end the program at once where
    they fail after all. Without `hints`, what only an optimiser reads is left out.
    """

    debug: bool = False
    debug_heap: bool = False
    sources: Mapping[str, SourceFile] = field(default_factory=dict[str, SourceFile])
    check_heap: bool = False
    heap_statistics: bool = False
    system_heap: bool = False
    stable_names: bool = False
    is_library: bool = False
    marks: Marks | None = None
    verify_checks: bool = False
    hints: bool = True


@dataclass(slots=True)
class ModuleState:
    """What all emitters share. `wanted`: helper functions that something calls, in order, with who
    writes them; `reached`: functions of the program that something calls; `written`: done;
    `kept_apart`: not to be made one with their callers.
    """

    program: Program
    plan: Plan
    coeffects: Coeffects
    layouts: LayoutState
    target: Target
    options: EmitOptions
    globals: list[str] = field(default_factory=list[str])
    functions: list[str] = field(default_factory=list[str])
    literals: dict[tuple[str, object], str] = field(default_factory=dict[tuple[str, object], str])
    declared: set[str] = field(default_factory=set[str])
    wanted: dict[str, Callable[[ModuleState], None]] = field(
        default_factory=dict[str, "Callable[[ModuleState], None]"]
    )
    written: set[str] = field(default_factory=set[str])
    kept_apart: set[str] = field(default_factory=set[str])
    reached: dict[str, None] = field(default_factory=dict[str, None])
    attributes: dict[str, str] = field(default_factory=dict[str, str])
    debug_attributes: dict[str, str] = field(default_factory=dict[str, str])
    debug_files: dict[str, int] = field(default_factory=dict[str, int])
    debug_subprograms: list[str] = field(default_factory=list[str])
    debug_variables: list[str] = field(default_factory=list[str])

    @property
    def word(self) -> str:
        """The integer type as wide as a pointer."""
        return f"i{self.plan.facts.pointer_bytes * 8}"

    @property
    def grain(self) -> int:
        """Bytes that all blocks of the heap are aligned to: 16 if a type asks for more than 8, or
        one of a later program may.
        """
        asked = [
            shape.placement.alignment for shape in self.program.shapes.values() if shape.placement
        ]
        return 16 if self.plan.is_open or max(asked, default=0) > 8 else 8

    @property
    def has_heaps(self) -> bool:
        """Whether there are several heaps. The sanitizers have but one."""
        options = self.options
        return self.plan.has_heaps and not (options.check_heap or options.system_heap)

    def layout(self, type: MonoType) -> Layout:
        """The layout of a type."""
        return layout_of(self.layouts, type)


def symbol(name: str) -> str:
    """A global name as MLIR writes it."""
    if name.replace("_", "a").isalnum() and name.isascii():
        return "@" + name
    return '@"' + name.replace("\\", "\\5C").replace('"', "\\22") + '"'


def callee(state: ModuleState, name: str) -> str:
    """The symbol of a function or dispatcher of the program, which will be emitted then."""
    state.reached.setdefault(name)
    return symbol(name)


def want(state: ModuleState, name: str, write: Callable[[ModuleState], None]) -> str:
    """The symbol of a helper function; `write` adds it to the module, once, when everything else is
    emitted.
    """
    state.wanted.setdefault(name, write)
    return symbol(name)


def declare(state: ModuleState, name: str, text: str) -> str:
    """A global thing that is written at its first use."""
    if name not in state.declared:
        state.declared.add(name)
        state.globals.append(text)
    return symbol(name)


def data_name(state: ModuleState, prefix: str, data: bytes) -> str:
    """The name of a constant that no name of the program leads to."""
    if state.options.stable_names:
        return f"{prefix}_{blake2b(data, digest_size=12).hexdigest()}"
    return f"{prefix}_{len(state.literals)}"


def site_text(module: ModuleState, text: str) -> str:
    """A constant with the name of a place."""
    key = ("site", text)
    found = module.literals.get(key)
    if found is None:
        name = data_name(module, "clef_site", text.encode("utf-8", "surrogatepass"))
        quoted = text.replace("\\", "\\5C").replace('"', "\\22").replace("\n", "\\0A")
        declare(module, name, f'  llvm.mlir.global internal constant @{name}("{quoted}\\00")')
        found = module.literals[key] = symbol(name)
    return found


def line_of(state: ModuleState, span: Span | None) -> str:
    """`file:line` for messages; empty when it is not known."""
    if span is None:
        return ""
    source = state.options.sources.get(span.path)
    if source is None:
        return span.path
    return f"{span.path}:{source.position(span.start)[0]}"


def tag(state: ModuleState, name: str) -> str:
    """An attribute saying which class of memory an access touches: accesses of different classes
    never meet.
    """
    if not state.options.hints:
        return ""
    alias = name.replace(".", "_")
    if alias not in state.attributes:
        state.attributes[alias] = (
            f'#class_{alias} = #llvm.tbaa_type_desc<id = "{name}", '
            f"members = {{<#class_root, 0>}}>\n"
            f"#tag_{alias} = #llvm.tbaa_tag<base_type = #class_{alias}, "
            f"access_type = #class_{alias}, offset = 0>"
        )
    return f"{{tbaa = [#tag_{alias}]}}"


def module_text(state: ModuleState) -> str:
    """Everything together."""
    head = ['#class_root = #llvm.tbaa_root<id = "clef">', *state.attributes.values()]
    head += state.debug_attributes.values()
    return "\n".join([*head, "module {", *state.globals, *state.functions, "}"]) + "\n"
