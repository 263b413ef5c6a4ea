"""NumPy arrays in calls of Clef code: no copies, and what is refused.

In: `geometry.clef`. Out: tests across types of items and layouts, DLPack, structured arrays, the
life of returned arrays. Promises: skipped, with the reason, where NumPy is not installed.
"""

from __future__ import annotations

import gc
import weakref
from pathlib import Path
from typing import Any

import pytest

import clef
from tests.embedding.test_python_module import live_cells

numpy = pytest.importorskip("numpy", reason="NumPy is not installed")
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def geometry() -> Any:
    return clef.load(HERE / "geometry.clef", count_cells=True)


TYPES = {
    "increment8": "int8",
    "increment8u": "uint8",
    "increment16": "int16",
    "increment16u": "uint16",
    "increment32": "int32",
    "increment32u": "uint32",
    "increment64": "int64",
    "increment64u": "uint64",
    "increment32f": "float32",
    "increment64f": "float64",
}


@pytest.mark.parametrize("name", TYPES)
def test_every_type_in_place(geometry: Any, name: str) -> None:
    values = numpy.arange(7).astype(TYPES[name])
    before = values.__array_interface__["data"]
    assert getattr(geometry, name)(values) is None
    assert values.tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert values.__array_interface__["data"] == before
    part = values[2:5]
    getattr(geometry, name)(part)
    assert values.tolist() == [1, 2, 4, 5, 6, 6, 7]
    getattr(geometry, name)(numpy.empty(0, TYPES[name]))


@pytest.mark.parametrize("name", TYPES)
def test_every_other_type_is_refused(geometry: Any, name: str) -> None:
    others = [*TYPES.values(), "bool", "complex128", "U3", "float16", "datetime64[s]"]
    for other in others:
        if other != TYPES[name]:
            values = numpy.zeros(3, other)
            with pytest.raises((TypeError, ValueError), match="values"):
                getattr(geometry, name)(values)
            assert values.tolist() == numpy.zeros(3, other).tolist()


def test_truth_values(geometry: Any) -> None:
    values = numpy.array([True, False])
    geometry.invert(values)
    assert values.tolist() == [False, True]


REFUSED = [
    ("strided", lambda: numpy.arange(10.0)[::2], ValueError, "without gaps"),
    ("reversed", lambda: numpy.arange(10.0)[::-1], ValueError, "without gaps"),
    ("two dimensions", lambda: numpy.zeros((2, 3)), ValueError, "of one dimension, not 2"),
    ("no dimension", lambda: numpy.float64(1.0), ValueError, "of one dimension, not 0"),
    ("read-only", lambda: read_only(), ValueError, "read-only"),
    ("foreign order", lambda: numpy.zeros(2, ">f8"), TypeError, "float64"),
    ("misaligned", lambda: misaligned(), ValueError, "aligned"),
    ("objects", lambda: numpy.array([1.0, None]), TypeError, "float64"),
]


def read_only() -> Any:
    values = numpy.arange(3.0)
    values.flags.writeable = False
    return values


def misaligned() -> Any:
    return numpy.frombuffer(bytearray(25), numpy.uint8)[1:].view(numpy.float64)


@pytest.mark.parametrize("number", range(len(REFUSED)), ids=[one[0] for one in REFUSED])
def test_layouts_that_are_refused(geometry: Any, number: int) -> None:
    _, make, kind, message = REFUSED[number]
    with pytest.raises(kind, match=message):
        geometry.scale(make(), 2.0)


def test_read_only_arrays_can_be_read(geometry: Any) -> None:
    assert geometry.total(read_only()) == 3.0
    assert geometry.total(numpy.frombuffer(bytes(16), numpy.float64)) == 0.0
    assert geometry.total(numpy.zeros((2, 3)).reshape(-1)) == 0.0


def test_structures(geometry: Any) -> None:
    kind = numpy.dtype([("R", "u1"), ("G", "u1"), ("Weight", "f8")], align=True)
    pixels = numpy.array([(1, 2, 3.0), (4, 5, 6.0)], kind)
    geometry.brighten(pixels)
    assert pixels.tolist() == [(2, 2, 6.0), (5, 5, 12.0)]
    for other in (
        numpy.dtype([("R", "u1"), ("G", "u1"), ("Weight", "f8")]),
        numpy.dtype([("R", "u1"), ("B", "u1"), ("Weight", "f8")], align=True),
        numpy.dtype([("R", "u1"), ("G", "i1"), ("Weight", "f8")], align=True),
        numpy.dtype("f8"),
    ):
        with pytest.raises(TypeError, match="structures of 16 bytes"):
            geometry.brighten(numpy.zeros(2, other))


class Tensor:
    """Something that knows DLPack and nothing else."""

    def __init__(self, values: Any) -> None:
        self.values = values

    def __dlpack__(self) -> Any:
        return self.values.__dlpack__()

    def __dlpack_device__(self) -> Any:
        return self.values.__dlpack_device__()


def test_dlpack(geometry: Any) -> None:
    values = numpy.arange(4.0)
    geometry.scale(Tensor(values), 3.0)
    assert values.tolist() == [0, 3, 6, 9]
    assert geometry.total(Tensor(values[1:3])) == 9.0
    for wrong in (values.astype("f4"), values[::2], values.reshape(2, 2)):
        with pytest.raises((TypeError, ValueError), match="needs a tensor"):
            geometry.scale(Tensor(wrong), 1.0)


def test_returned_arrays_live_as_long_as_they_are_used(geometry: Any) -> None:
    shared = geometry.share()
    assert isinstance(shared, numpy.ndarray) and shared.dtype == numpy.float64
    shared[1] = 20.0
    assert geometry.share()[1] == 20.0
    shared[1] = 2.0
    gc.collect()
    before = live_cells(geometry)
    squares = geometry.squares(1000)
    part = squares[10:20]
    watched = weakref.ref(squares)
    del squares
    gc.collect()
    assert watched() is None or part.base is not None
    assert part.tolist() == [number * number for number in range(10, 20)]
    assert live_cells(geometry) > before
    del part
    gc.collect()
    assert live_cells(geometry) == before


def test_numbers_of_numpy(geometry: Any) -> None:
    assert geometry.quotient(numpy.int64(7), numpy.uint8(2)) == 3
    assert geometry.length(numpy.float32(1.5)) == 3.0
    assert geometry.echoOption(numpy.float64(1.5)) == 1.5
    assert geometry.reversed(numpy.array([1.0, 2.0])).tolist() == [2.0, 1.0]
    with pytest.raises(TypeError, match="float64"):
        geometry.reversed(numpy.array([1, 2]))
