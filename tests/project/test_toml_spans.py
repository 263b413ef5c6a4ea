"""Every key and value of a TOML document has its place."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clef.project.toml_spans import entries

DOCUMENT = '''# a comment with "quotes" = [
title = "a \\" b" # after
'literal key' . "b c" = 'x # y'
numbers = [ 1, 2_000, # two
  -3.5e2,
]
nested = [[1], ["a", { b = true, c.d = 1979-05-27T07:32:00Z }]]
long = """
line "one" ""two""
"""""
raw = \'\'\'
C:\\path\'\'\'

[table]
key=1
[table.inner."quoted.part"]
x = { }
[[array]]
name = "first"
[array.sub]
deep = 1
[[array]]
name = "second"
[[array.more]]
a = 1
'''


def test_values_are_where_the_places_say() -> None:
    found = entries(DOCUMENT)

    def value(*path: str | int) -> str:
        entry = found[path]
        return DOCUMENT[entry.value_start : entry.value_end]

    def key(*path: str | int) -> str:
        entry = found[path]
        return DOCUMENT[entry.key_start : entry.key_end]

    assert value("title") == '"a \\" b"' and key("title") == "title"
    assert value("literal key", "b c") == "'x # y'" and key("literal key", "b c") == '"b c"'
    assert value("numbers", 1) == "2_000" and value("numbers", 2) == "-3.5e2"
    assert value("nested", 0, 0) == "1"
    assert value("nested", 1, 1, "b") == "true"
    assert value("nested", 1, 1, "c", "d") == "1979-05-27T07:32:00Z"
    assert value("long").endswith('"""""') and value("raw").endswith("path'''")
    assert value("table") == "[table]" and value("table", "key") == "1"
    assert value("table", "inner", "quoted.part", "x") == "{ }"
    assert value("array", 0, "name") == '"first"' and value("array", 1, "name") == '"second"'
    assert value("array", 0, "sub", "deep") == "1"
    assert value("array", 1, "more", 0, "a") == "1"


def paths_of(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found: list[tuple[str | int, ...]] = []
    items: Any = []
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, inner in items:
        found += [(*path, key), *paths_of(inner, (*path, key))]
    return found


def test_nothing_is_left_out() -> None:
    missing = set(paths_of(tomllib.loads(DOCUMENT))) - set(entries(DOCUMENT))
    # Tables that are only mentioned on the way to another have no place of their own.
    assert missing == {("array",), ("array", 1, "more"), ("table", "inner")}


KEYS = st.text(alphabet="abc", min_size=1, max_size=3)
LEAVES = st.one_of(
    st.integers(-1000, 1000),
    st.booleans(),
    st.text(alphabet="ab#[]{}=,'\"\\ \n", max_size=8),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)


def written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        inside = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{inside}"'
    if isinstance(value, list):
        return "[ " + ", ".join(map(written, value)) + " ]"
    return "{ " + ", ".join(f"{key} = {written(inner)}" for key, inner in value.items()) + " }"


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_any_document(values: dict[str, Any]) -> None:
    text = "".join(f"{key}\t=  {written(value)} # remark\n" for key, value in values.items())
    assert tomllib.loads(text) == values
    found = entries(text)
    for path in paths_of(values):
        value: Any = values
        for step in path:
            value = value[step]
        entry = found[path]
        assert tomllib.loads("k = " + text[entry.value_start : entry.value_end])["k"] == value


@pytest.mark.parametrize("text", ["", "# only a comment", "\n\n", "[a]", "a=1"])
def test_small_documents(text: str) -> None:
    entries(text)
