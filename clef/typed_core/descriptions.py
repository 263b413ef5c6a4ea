"""What is asked of a `Type` at run time: its arguments, base, cases, and values by their parts.

Comes in: intrinsics `described_…`, called with a type's identity. Goes out: for each question one
function that goes by the identity to the answer for that type. Promises: only types for which a
`Type` is made anywhere are described, and only the questions that the program asks are answered; a
program without such questions holds nothing of this.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from clef.data_classes import dataclass
from clef.diagnostics.lowering import NotConvertible
from clef.typed_core.analysis import Analysis
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, Local, MonoType
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.specialiser import Instance, Specialiser, Subject

Answer = Callable[[Lowerer, Subject, Sequence[Local], Block], Expression | None]
"""The body of the function that answers for one type; nothing where the default says it."""


@dataclass(slots=True)
class Question:
    """A question that the program asks, with the answers that there are so far."""

    name: str
    answer: Answer
    parameters: Sequence[MonoType]  # the identity first
    result: MonoType
    answers: dict[int, str]


def ask(lowerer: Lowerer, instance: Instance, atoms: Sequence[Atom], answer: Answer) -> Expression:
    """The call of an intrinsic that asks about the type whose identity is the first operand."""
    specialiser = lowerer.specialiser
    name = f"described {instance.definition.intrinsic}"
    if name not in specialiser.questions:
        specialiser.questions.add(name)
        specialiser.result.reasons.setdefault(name, specialiser.current)
        question = Question(name, answer, instance.parameters, instance.result, {})
        _start(specialiser, question)
    return lowerer.builder.call(name, atoms, instance.result)


def _start(specialiser: Specialiser, question: Question) -> None:
    def add(subject: Subject) -> None:
        specialiser.later(lambda: _answer(specialiser, question, subject))

    for subject in list(specialiser.described.values()):
        add(subject)
    specialiser.on_described.append(add)
    specialiser.at_end.append(lambda: _finish(specialiser, question))


def _answer(specialiser: Specialiser, question: Question, subject: Subject) -> None:
    """Make the function that answers for one type."""
    name = f"{question.name} of #{subject.identity} {subject.type}"
    specialiser.current = question.name
    lowerer = Lowerer(specialiser, {}, {}, Analysis(), name)
    builder, block = lowerer.builder, Block()
    parameters = [builder.local(type) for type in question.parameters[1:]]
    made = question.answer(lowerer, subject, parameters, block)
    if made is None:
        return
    if lowerer.grows:
        _refuse(specialiser, subject)
    question.answers[subject.identity] = name
    specialiser.result.reasons.setdefault(name, question.name)
    body = builder.finish(block, made)
    specialiser.add_function(name, parameters, body, builder, result=question.result)


def _refuse(specialiser: Specialiser, subject: Subject) -> None:
    """Of types that grow there are no closed descriptions."""
    span = next(iter(specialiser.growing_definitions()))
    specialiser.report(NotConvertible(span, specialiser.display(subject.type)))


def _finish(specialiser: Specialiser, question: Question) -> None:
    """The function that goes by the identity, once all types are known."""
    builder = specialiser.builder()
    parameters = [builder.local(type) for type in question.parameters]
    result = question.result
    branches: list[tuple[int, Expression]] = []
    for identity, name in sorted(question.answers.items()):
        atoms: list[Atom] = [builder.variable(local) for local in parameters[1:]]
        branches.append((identity, builder.call(name, atoms, result)))
    default = builder.primitive("zero", [], result, (result,))
    body: Expression = default
    if branches:
        body = builder.switch(builder.variable(parameters[0]), "integer", branches, default, result)
    specialiser.add_function(question.name, parameters, body, builder, result=result)
