"""What inputs may refer to: names, types and `open`s of all inputs so far.

Comes in: parsed inputs. Goes out: their checked units. Promises: an input sees the ones before it
as if each stood in a module that is open; a later definition hides an earlier one and changes
nothing that was made with it; what an input that failed declared is not seen.
"""

from __future__ import annotations

from clef.checked_unit import CheckedUnit, unit_of
from clef.checking import examine, switches_of
from clef.data_classes import dataclass
from clef.diagnostics.arrangement import has_errors
from clef.diagnostics.diagnostic import Diagnostic
from clef.diagnostics.silencing import without_silenced
from clef.inference.signatures import FileSignatures, Signatures, TypeSignature, ValueSignature
from clef.names import Environment
from clef.repl.inputs import SYMBOLS, Input, lasting, open_module
from clef.source import SourceFile
from clef.standard_library import Library, renewed
from clef.syntax import tree


@dataclass(slots=True)
class Checked:
    """One input, checked. `module` is where its definitions are."""

    source: SourceFile
    unit: CheckedUnit
    interface: FileSignatures
    module: str
    diagnostics: list[Diagnostic]
    opened: list[tree.Declaration]

    def values(self) -> list[ValueSignature]:
        """Its own values in the order of the text."""
        found = self.interface.values
        own = [one for key, one in found.items() if key.rpartition(".")[0] == self.module]
        return sorted(own, key=lambda one: one.span.start)

    def types(self) -> list[TypeSignature]:
        """Its own types in the order of the text."""
        found = self.interface.types
        own = [one for key, one in found.items() if _owner(key) == self.module]
        return sorted(own, key=lambda one: one.span.start)


def _owner(symbol: str) -> str:
    return symbol.partition("`")[0].rpartition(".")[0]


class Names:
    """The environment of the next input."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._accepted: list[Checked] = []
        self._opened: list[tree.Declaration] = []
        self._written: dict[tree.Declaration, str] = {}
        self._environment = renewed(library).environment
        self._signatures = library.signatures

    @property
    def signatures(self) -> Signatures:
        """The signatures that the next input sees."""
        return self._signatures

    @property
    def accepted(self) -> list[Checked]:
        """The inputs that later ones see."""
        return self._accepted

    def check(self, given: Input, after: Checked | None = None) -> Checked:
        """Names and types of one input; nothing of it is seen by others yet. `after`: an input
        that it sees besides.
        """
        parsed = given.tree
        opened = lasting(parsed.declarations)
        parsed.declarations = [*self._opened, *parsed.declarations]
        environment = self._environment
        signatures = self._signatures
        if after is not None:
            signatures = signatures.with_file(after.interface)
        before = set(environment.custom_operations)
        try:
            examined = examine(parsed, environment, signatures, SYMBOLS, True)
        except BaseException:
            self._renew()
            raise
        operations = environment.custom_operations - before
        resolved, interface = examined.resolved, examined.interface
        found = [*given.diagnostics, *examined.diagnostics]
        found = without_silenced(found, switches_of(parsed, given.source))
        unit = unit_of(resolved.fragment, operations, examined.typed, interface, found)
        unit.entry_point = None  # a main function is not run unless it is called
        made = Checked(given.source, unit, interface, resolved.module_symbol, found, opened)
        if after is None and has_errors(found):
            self._renew()
        return made

    def accept(self, checked: Checked, is_open: bool = True) -> None:
        """Let later inputs see it."""
        self._signatures = self._signatures.with_file(checked.interface)
        self._accepted.append(checked)
        names = [one.name for one in checked.values()]
        if is_open and checked.module and not self._hides_it(checked, names):
            self._opened.append(open_module(checked.source, checked.module))
        self._opened += checked.opened
        text = checked.source.text
        self._written.update({one: text[one.span.start : one.span.end] for one in checked.opened})

    def preamble(self) -> str:
        """What a file must begin with to see the same names, as text."""
        lines: list[str] = []
        for one in self._opened:
            if isinstance(one, tree.OpenDeclaration):
                lines.append("open " + ".".join(part.written for part in one.name.parts))
            else:
                lines.append(self._written[one])
        return "".join(f"{line}\n" for line in dict.fromkeys(reversed(lines)).__reversed__())

    def fresh_environment(self) -> Environment:
        """The environment of a further input, which may be spoiled."""
        environment = renewed(self.library).environment
        for one in self._accepted:
            environment.add_file(one.unit.root)
            environment.custom_operations |= one.unit.custom_operations
        return environment

    def refuse(self) -> None:
        """Forget what was checked and not accepted."""
        self._renew()

    def _hides_it(self, checked: Checked, names: list[str]) -> bool:
        """An input that only has `it` takes the place of the one before it."""
        if names != ["it"] or checked.types() or checked.unit.root.modules[checked.module].modules:
            return False
        mine = open_module(checked.source, checked.module)
        for index, one in enumerate(self._opened):
            if isinstance(one, tree.OpenDeclaration) and one.span.path.startswith("it:"):
                del self._opened[index]
                break
        mine.span = SourceFile("it:" + checked.source.path, "").span(0, 0)
        self._opened.append(mine)
        return True

    def _renew(self) -> None:
        self._environment = self.fresh_environment()
