"""Frames carry plain data there and back, and nothing else."""

import io
import json
import struct

import numpy as np
import pytest

from kerasedu.grading.sandbox import wire


def there_and_back(value):
    stream = io.BytesIO()
    wire.write_frame(stream, {"value": value})
    stream.seek(0)
    return wire.read_frame(stream)["value"]


def frame(header, data=b""):
    header = header if isinstance(header, bytes) else json.dumps(header).encode()
    return io.BytesIO(struct.pack("<II", len(header), len(data)) + header + data)


@pytest.mark.parametrize("value", [None, True, 3, -0.5, float("inf"), "text", (1, [2.0, "x"]), {"a": (1, None)}])
def test_plain_values_arrive_as_they_are(value):
    back = there_and_back(value)
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint64", "float16", "float32", "float64", ">f8"])
@pytest.mark.parametrize("shape", [(), (0, 3), (2, 3), (2, 1, 4)])
def test_arrays_arrive_with_type_shape_and_order(dtype, shape):
    array = np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)
    for sent in (array, np.asfortranarray(array), array[::-1] if array.ndim else array):
        back = there_and_back(sent)
        np.testing.assert_array_equal(back, sent)
        assert back.dtype == sent.dtype.newbyteorder("=")
        assert back.flags.writeable
    assert there_and_back(np.asfortranarray(array)).flags.f_contiguous


def test_numpy_s_numbers_stay_numpy_s():
    assert type(there_and_back(np.float32(0.1))) is np.float32


@pytest.mark.parametrize(
    "value", [object(), {1: 2}, 2**70, 1j, np.array([object()]), np.array(["text"]), np.array([1j])]
)
def test_anything_else_arrives_as_the_name_of_its_type(value):
    back = there_and_back(value)
    assert isinstance(back, wire.Opaque)
    assert type(back).__name__ == type(value).__name__


def test_functions_and_absent_names_have_stand_ins():
    assert there_and_back(len).kind == "function"
    assert isinstance(there_and_back(wire.Absent()), wire.Absent)


@pytest.mark.parametrize(
    "header",
    [
        b"not json",
        b"[1, 2]",
        b'{"v": ' + b"[" * 100_000,
        {"v": {"t": "array", "dtype": "|O", "shape": [1], "order": "C", "size": 8}},
        {"v": {"t": "array", "dtype": "<f8", "shape": [1], "order": "C", "size": 8}},
        {"v": {"t": "array", "dtype": "<f8", "shape": [-1], "order": "C", "size": 0}},
        {"v": {"t": "array", "dtype": "<f8", "shape": [1e9], "order": "C", "size": 0}},
        {"v": {"t": "array", "dtype": "<f8", "shape": [3], "order": "C", "size": 0}},
        {"v": {"t": "array", "dtype": "<f8", "shape": [0], "order": "K", "size": 0}},
        {"v": {"t": "list"}},
        {"v": {"t": "list", "v": 7}},
        {"v": {"name": "x"}},
        {"v": [1]},
    ],
)
def test_what_is_no_frame_is_refused(header):
    with pytest.raises(wire.WireError):
        wire.read_frame(frame(header))


def test_a_frame_is_limited():
    for sizes in ((1 << 30, 0), (2, 1 << 30)):
        with pytest.raises(wire.WireError, match="more than it may hold"):
            wire.read_frame(io.BytesIO(struct.pack("<II", *sizes)))
    with pytest.raises(wire.WireError, match="too large"):
        wire.write_frame(io.BytesIO(), {"value": np.zeros(wire.LARGEST_BUFFERS // 8 + 1)})
    nest = 0
    for _ in range(wire.DEEPEST + 5):
        nest = [nest]
    assert isinstance(there_and_back(nest), list)


def test_a_torn_frame_is_the_end():
    with pytest.raises(EOFError):
        wire.read_frame(io.BytesIO(b"\x01\x00"))
    with pytest.raises(EOFError):
        wire.read_frame(io.BytesIO(struct.pack("<II", 10, 0) + b"{}"))
