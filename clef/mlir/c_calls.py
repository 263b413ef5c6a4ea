"""C functions that take or give structures by value, called through functions of C.

Comes in: an external function with such a parameter or result. Goes out: for the module, a call
with the addresses of the structures; for the linker, the C text of the function that is called,
which calls the real one. Promises: how structures travel in registers is the C compiler's business
on every machine; functions without them are called directly and have nothing of this.
"""

from __future__ import annotations

from clef.memory_plan.c_structures import CScalar, CStructure, c_scalar, c_structure
from clef.memory_plan.foreign import is_nullable_pointer
from clef.memory_plan.plan import POINTER, Plan
from clef.typed_core.core import External, MonoType, Program

_SCALARS = {
    "i1": "_Bool",
    "i8": "char",
    "i16": "short",
    "i32": "int",
    "i64": "long long",
    "f32": "float",
    "f64": "double",
    POINTER: "void *",
}


def structures_of(plan: Plan, external: External) -> list[CStructure | None]:
    """For the result and each parameter, the structure that is passed by value."""
    return [c_structure(plan, type) for type in (external.result, *external.parameters)]


def passes_structures(plan: Plan, external: External) -> bool:
    """Whether a function is called through one of ours."""
    return any(structures_of(plan, external))


def caller_name(external: External) -> str:
    """Our function's name."""
    return f"clef_call_{external.symbol}"


def c_callers(program: Program, plan: Plan) -> str:
    """The C text of all functions that call others with structures; empty when there are none."""
    written: dict[str, str] = {}
    for external in program.externals.values():
        if passes_structures(plan, external):
            written.setdefault(external.symbol, _caller(plan, external))
    return "".join(written.values())


def _caller(plan: Plan, external: External) -> str:
    symbol = external.symbol
    names: list[str] = []
    text = ""
    types = (external.result, *external.parameters)
    for index, structure in enumerate(structures_of(plan, external)):
        if structure is None:
            names.append(_scalar(plan, types[index]))
        else:
            names.append(f"{symbol}_{index}")
            text += f"typedef {_text(structure)} {names[-1]};\n"
    result, *parameters = names
    is_given = isinstance(c_structure(plan, external.result), CStructure)
    passed = [
        (name, f"{name} *" if c_structure(plan, type) else name, f"a{index}")
        for index, (name, type) in enumerate(zip(parameters, external.parameters, strict=True))
        if name != "void"
    ]
    taken = [f"{held} {name}" for _, held, name in passed]
    if is_given:
        taken.insert(0, f"{result} *result")
    values = [f"*{name}" if held != plain else name for plain, held, name in passed]
    call = f"{symbol}({', '.join(values)})"
    body = f"*result = {call}" if is_given else call if result == "void" else f"return {call}"
    given = "void" if is_given else result
    declared = ", ".join(plain for plain, _, _ in passed) or "void"
    text += f"extern {result} {symbol}({declared});\n"
    return f"{text}{given} {caller_name(external)}({', '.join(taken) or 'void'}) {{ {body}; }}\n"


def _scalar(plan: Plan, type: MonoType) -> str:
    layout = plan.layouts[type]
    if not layout.words:
        return "void"
    is_address = layout.is_counted or is_nullable_pointer(type, plan)
    return "void *" if is_address else _text(c_scalar(layout))


def _text(member: CScalar | CStructure) -> str:
    if isinstance(member, CStructure):
        inner = [f"{_text(one)} m{index};" for index, one in enumerate(member.members)]
        return f"struct {{ {' '.join(inner)} }}"
    name = _SCALARS[member.word]
    if member.word not in ("i8", "i16", "i32", "i64"):
        return name
    return f"{'signed' if member.is_signed else 'unsigned'} {name}"
