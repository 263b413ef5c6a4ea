"""Did-you-mean suggests slips of the fingers and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clef.diagnostics.spelling import closest, closest_few, distance

WORDS = st.text(alphabet="abcd", max_size=7)


def reference_distance(left: str, right: str) -> int:
    """The textbook table, without cut-off."""
    table = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in range(len(left) + 1):
        for j in range(len(right) + 1):
            if i == 0 or j == 0:
                table[i][j] = i + j
                continue
            table[i][j] = min(
                table[i - 1][j] + 1,
                table[i][j - 1] + 1,
                table[i - 1][j - 1] + (left[i - 1] != right[j - 1]),
            )
            if i > 1 and j > 1 and left[i - 1] == right[j - 2] and left[i - 2] == right[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


@given(WORDS, WORDS, st.integers(0, 8))
def test_the_distance_is_the_textbooks_up_to_the_cutoff(left: str, right: str, cutoff: int) -> None:
    assert distance(left, right, cutoff) == min(reference_distance(left, right), cutoff + 1)


def test_common_slips_are_found() -> None:
    names = ["printfn", "printf", "List", "length", "version", "Map", "map"]
    assert closest("pritnfn", names) == "printfn"
    assert closest("lenght", names) == "length"
    assert closest("versoin", names) == "version"
    assert closest("list", names) == "List"


def test_nothing_is_suggested_for_a_stranger() -> None:
    assert closest("zebra", ["printfn", "List"]) is None
    assert closest("x", ["y", "z"]) is None
    assert closest("anything", []) is None


def test_the_name_itself_is_never_suggested() -> None:
    assert closest("map", ["map"]) is None


def test_the_order_of_candidates_does_not_matter() -> None:
    names = ["bat", "cat", "rat", "hat"]
    assert closest_few("xat", names) == closest_few("xat", names[::-1]) == ["bat", "cat", "hat"]
