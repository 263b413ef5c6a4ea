"""The memory plan: layouts, kinds, ownership, signatures. `make_plan(program, graph, coeffects,
facts)` is its only writer.
"""

from clef.memory_plan.plan import FunctionPlan, Layout, Plan, TargetFacts, Word
from clef.memory_plan.planner import layout_state, make_plan
from clef.memory_plan.printer import print_plan
from clef.memory_plan.registry import LayoutChanged, Registry
from clef.memory_plan.signatures import facts_for
from clef.memory_plan.verifier import verify_plan

__all__ = [
    "FunctionPlan",
    "Layout",
    "LayoutChanged",
    "Plan",
    "Registry",
    "TargetFacts",
    "Word",
    "facts_for",
    "layout_state",
    "make_plan",
    "print_plan",
    "verify_plan",
]
