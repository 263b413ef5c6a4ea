"""Parts of values and cells lie at their alignments, apart, and without needless gaps."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clef.memory_plan.packing import end_of, in_order, packed

# Words, and structs that stay together.
PARTS = st.lists(st.sampled_from([(1, 1), (2, 2), (4, 4), (8, 8), (6, 2), (16, 8), (12, 4)]))
STARTS = st.sampled_from([0, 8, 12, 13, 17, 22])


@given(PARTS, STARTS)
def test_parts_are_apart_and_aligned(parts: list[tuple[int, int]], start: int) -> None:
    for shape in (packed(parts, start), in_order(parts, start)):
        taken: set[int] = set()
        for at, (size, alignment) in zip(shape.offsets, parts, strict=True):
            assert at >= start and at % alignment == 0
            here = set(range(at, at + size))
            assert not here & taken
            taken |= here
        end = end_of(parts, shape.offsets, start)
        assert end <= shape.size < end + shape.alignment


@given(PARTS)
def test_packing_needs_no_more_than_the_declared_order(parts: list[tuple[int, int]]) -> None:
    assert packed(parts, 8).size <= in_order(parts, 8).size


@given(st.lists(st.sampled_from([(1, 1), (2, 2), (4, 4), (8, 8)]), min_size=1))
def test_words_behind_a_header_leave_a_gap_only_at_the_end(parts: list[tuple[int, int]]) -> None:
    shape = packed(parts, 8)
    assert end_of(parts, shape.offsets, 8) == 8 + sum(size for size, _ in parts)
