"""Whether a core program keeps the promises of core.py.

Comes in: a program. Goes out: a list of complaints, empty when all is well. Promises: every
invariant is looked at: operands are atoms, locals are bound before use and once, node ids are
unique, called functions exist and get the right number of arguments, jumps go to enclosing joins
from tail position, types of operands fit.
"""

from __future__ import annotations

from clef.typed_core import core
from clef.typed_core.core import Expression, Function, Label, Local, MonoType, Program
from clef.typed_core.primitives import PRIMITIVES
from clef.typed_core.shapes import display


class _Checker:
    def __init__(self, program: Program, function: Function) -> None:
        self.program = program
        self.function = function
        self.bound: set[Local] = set()
        self.visible: set[Local] = set()
        self.nodes: set[int] = set()
        self.joins: dict[Label, core.Join] = {}
        self.complaints: list[str] = []

    def complain(self, text: str) -> None:
        self.complaints.append(f"{self.function.name}: {text}")

    def bind(self, local: Local) -> None:
        if local in self.bound:
            self.complain(f"local {local.name}#{local.id} is bound twice")
        if not 0 <= local.id < self.function.local_count:
            self.complain(f"local id {local.id} out of range")
        self.bound.add(local)
        self.visible.add(local)

    def fits(self, given: MonoType, wanted: MonoType, where: str) -> None:
        if given is not wanted:
            self.complain(f"{where}: {display(given)} where {display(wanted)} is expected")

    def run(self) -> list[str]:
        for parameter in self.function.parameters:
            self.bind(parameter)
        self.expression(self.function.body, {})
        if not _diverges(self.function.body):
            self.fits(self.function.body.type, self.function.result, "result")
        return self.complaints

    def expression(self, node: Expression, targets: dict[Label, core.Join]) -> None:
        """Check a node; `targets` are the joins that a jump from here may go to."""
        hidden: list[Local] = []
        while isinstance(node, core.Let):
            self.node(node)
            self.expression(node.value, {})
            if not _diverges(node.value):
                self.fits(node.value.type, node.local.type, f"let {node.local.name}")
            self.bind(node.local)
            hidden.append(node.local)
            node = node.body
        self.node(node)
        self.nested(node, targets)
        self.visible.difference_update(hidden)

    def node(self, node: core.Node) -> None:
        if node.id in self.nodes:
            self.complain(f"node id {node.id} is used twice ({type(node).__name__})")
        if not 0 <= node.id < self.function.node_count:
            self.complain(f"node id {node.id} out of range")
        self.nodes.add(node.id)

    def atom(self, node: Expression) -> None:
        if not isinstance(node, core.Variable | core.Literal):
            self.complain(f"operand is a {type(node).__name__}")
            return
        self.node(node)
        if isinstance(node, core.Variable):
            self.variable(node)

    def variable(self, node: core.Variable) -> None:
        if node.local not in self.visible:
            self.complain(f"local {node.local.name}#{node.local.id} is not in scope")
        self.fits(node.type, node.local.type, f"variable {node.local.name}")

    def nested(self, node: Expression, targets: dict[Label, core.Join]) -> None:
        match node:
            case core.Variable():
                self.variable(node)
            case core.If():
                self.atom(node.condition)
                self.expression(node.then, targets)
                self.expression(node.otherwise, targets)
            case core.Switch():
                self.switch(node, targets)
            case core.Join():
                self.join(node, targets)
            case core.Jump():
                self.jump(node, targets)
            case core.TryWith():
                self.expression(node.body, {})
                self.bind(node.local)
                self.expression(node.handler, targets)
                self.visible.discard(node.local)
            case core.Let():
                self.expression(node, targets)
            case _:
                for child in core.children(node):
                    self.atom(child)
                self.simple(node)

    def switch(self, node: core.Switch, targets: dict[Label, core.Join]) -> None:
        self.atom(node.scrutinee)
        keys = [key for key, _ in node.branches]
        if len(set(keys)) != len(keys):
            self.complain("switch has a key twice")
        if node.on not in ("case", "integer", "kind"):
            self.complain(f"switch on {node.on}")
        if node.on == "case" and node.default is None:
            cases = self.program.shapes[node.scrutinee.type].cases
            if len(keys) != len(cases):
                self.complain("switch without default misses cases")
        for _, branch in node.branches:
            self.expression(branch, targets)
        if node.default is not None:
            self.expression(node.default, targets)
        elif node.on != "case":
            self.complain(f"switch on {node.on} without default")

    def join(self, node: core.Join, targets: dict[Label, core.Join]) -> None:
        inner = {**targets, node.label: node}
        self.expression(node.body, inner)
        for parameter in node.parameters:
            self.bind(parameter)
        self.expression(node.continuation, inner if node.is_loop else targets)
        self.visible.difference_update(node.parameters)

    def jump(self, node: core.Jump, targets: dict[Label, core.Join]) -> None:
        for argument in node.arguments:
            self.atom(argument)
        join = targets.get(node.label)
        if join is None:
            self.complain(f"jump to {node.label.name} from outside or not in tail position")
            return
        self.arguments(node.arguments, [local.type for local in join.parameters], "jump")

    def arguments(
        self, given: list[core.Variable | core.Literal], wanted: list[MonoType], what: str
    ) -> None:
        if len(given) != len(wanted):
            self.complain(f"{what} gets {len(given)} arguments, takes {len(wanted)}")
            return
        for argument, type in zip(given, wanted, strict=True):
            self.fits(argument.type, type, what)

    def simple(self, node: Expression) -> None:
        match node:
            case core.Assign():
                if not node.local.is_mutable:
                    self.complain(f"assignment to immutable {node.local.name}")
                if node.local not in self.visible:
                    self.complain(f"assignment to {node.local.name} out of scope")
                self.fits(node.value.type, node.local.type, "assignment")
            case core.Call():
                self.call(node)
            case core.MakeClosure():
                self.closure(node)
            case core.CallClosure():
                self.call_closure(node)
            case core.Primitive():
                self.primitive(node)
            case core.Construct():
                self.construct(node)
            case core.Project():
                self.project(node)
            case core.GlobalRead() | core.GlobalWrite():
                if node.symbol not in self.program.globals:
                    self.complain(f"no global {node.symbol}")
            case _:
                pass

    def call(self, node: core.Call) -> None:
        name = node.function
        program = self.program
        if name in program.functions:
            function = program.functions[name]
            wanted = [local.type for local in function.parameters]
            self.fits(node.type, function.result, f"result of {name}")
        elif name in program.dispatchers:
            wanted = program.dispatchers[name].parameters
        elif name in program.externals:
            wanted = program.externals[name].parameters
        else:
            self.complain(f"no function {name}")
            return
        self.arguments(node.arguments, wanted, name)

    def call_closure(self, node: core.CallClosure) -> None:
        type = node.function.type
        for argument in node.arguments:
            if type.form != "function":
                return  # a delegate
            self.fits(argument.type, type.arguments[0], "closure")
            type = type.arguments[1]
        self.fits(node.type, type, "result of a closure")

    def closure(self, node: core.MakeClosure) -> None:
        function = self.program.functions.get(node.function)
        if function is None:
            self.complain(f"no function {node.function}")
            return
        count = len(node.captures)
        if count != function.capture_count:
            self.complain(
                f"closure of {node.function} keeps {count}, takes {function.capture_count}"
            )
        wanted = [local.type for local in function.parameters[:count]]
        self.arguments(node.captures, wanted, f"closure of {node.function}")
        if len(function.parameters) == count:
            self.complain(f"closure of {node.function} takes no arguments")

    def primitive(self, node: core.Primitive) -> None:
        info = PRIMITIVES.get(node.operation)
        if info is None:
            self.complain(f"no primitive {node.operation}")
        elif not info.is_vararg and len(info.ownership) != len(node.arguments):
            self.complain(
                f"%{node.operation} gets {len(node.arguments)} operands,"
                f" takes {len(info.ownership)}"
            )

    def construct(self, node: core.Construct) -> None:
        shape = self.program.shapes.get(node.type)
        if shape is None:
            self.complain(f"no shape for {display(node.type)}")
            return
        if node.case >= 0:
            fields = shape.cases[node.case].fields
        else:
            fields = shape.fields
            if shape.kind == "class" and not node.arguments:
                return
        self.arguments(node.arguments, [item.type for item in fields], f"new {display(node.type)}")

    def project(self, node: core.Project) -> None:
        shape = self.program.shapes.get(node.owner)
        if shape is None:
            self.complain(f"no shape for {display(node.owner)}")
            return
        fields = shape.cases[node.case].fields if node.case >= 0 else shape.fields
        if not 0 <= node.index < len(fields):
            self.complain(f"{display(node.owner)} has no field {node.index}")
            return
        self.fits(node.type, fields[node.index].type, "field")
        self.fits(node.value.type, node.owner, "object of a field")


def _diverges(node: Expression) -> bool:
    while isinstance(node, core.Let):
        node = node.body
    return isinstance(node, core.Raise | core.Jump)


def check(program: Program) -> list[str]:
    """All complaints about a program."""
    complaints: list[str] = []
    for function in program.functions.values():
        complaints += _Checker(program, function).run()
    for dispatcher in program.dispatchers.values():
        for _, name in dispatcher.targets:
            target = program.functions.get(name)
            if target is None:
                complaints.append(f"{dispatcher.name}: no function {name}")
            elif len(target.parameters) != len(dispatcher.parameters):
                complaints.append(f"{dispatcher.name}: {name} takes another number of arguments")
            else:
                taken = [one.type for one in target.parameters[1:]]
                if taken != dispatcher.parameters[1:] or target.result is not dispatcher.result:
                    complaints.append(f"{dispatcher.name}: {name} takes or gives other types")
    if program.entry not in program.functions:
        complaints.append("the program has no entry")
    return complaints
