"""What passes between grader and sandbox: numbers, text, arrays, and tuples, lists, dictionaries of them. No code.

A frame is the length of its header, the length of its buffers, the header (JSON), the buffers (the arrays' bytes):

    | 4 bytes | 4 bytes | {"op": "call", …} | … |

An array is ``{"t": "array", "dtype": "<f8", "shape": [2, 3], "order": "C", "size": 48}``; its bytes come next among the
buffers. Whatever is none of these, a function or an object of the learner's own, travels as its type's name alone.
Decoding never calls anything that a frame names, and never makes more than a frame may hold.

This module runs at both ends, so it imports only NumPy.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

import numpy as np

LARGEST_HEADER = 1 << 21
LARGEST_BUFFERS = 1 << 25
DEEPEST = 16
DTYPES = {np.dtype(code).str for code in "?bhilqBHILQefd"}


class WireError(ValueError):
    """A frame that does not follow the rules."""


class Opaque:
    """Stands for a value that cannot travel. ``kind`` is the name of its type."""

    kind = "object"


class Absent:
    """Stands for a name that is not defined."""


def opaque(kind: str) -> Opaque:
    """A stand-in whose type is called ``kind``, so that messages name it."""
    kind = kind if kind.isidentifier() and len(kind) <= 40 else "object"
    return type(kind, (Opaque,), {"kind": kind})()


def write_frame(stream: BinaryIO, message: dict[str, Any]) -> None:
    """Send ``message``: a dictionary of values as described above."""
    buffers: list[bytes] = []
    header = json.dumps({key: _encode(value, buffers, 0) for key, value in message.items()}).encode()
    data = b"".join(buffers)
    if len(header) > LARGEST_HEADER or len(data) > LARGEST_BUFFERS:
        raise WireError(f"too large to send: more than {LARGEST_BUFFERS >> 20} MB")
    stream.write(struct.pack("<II", len(header), len(data)) + header + data)
    stream.flush()


def read_frame(stream: BinaryIO) -> dict[str, Any]:
    """Receive a message.

    Raises:
        EOFError: the other end is gone.
        WireError: what came is no frame.
    """
    header_size, data_size = struct.unpack("<II", _read(stream, 8))
    if header_size > LARGEST_HEADER or data_size > LARGEST_BUFFERS:
        raise WireError("a frame announces more than it may hold")
    header, data = _read(stream, header_size), _read(stream, data_size)
    try:
        message = json.loads(header)
        if not isinstance(message, dict):
            raise WireError("a frame must hold a dictionary")
        buffers = _Buffers(data)
        return {key: _decode(value, buffers, 0) for key, value in message.items()}
    except WireError:
        raise
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OverflowError) as error:
        raise WireError(f"not a frame: {type(error).__name__}") from None


def _read(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if data is None or len(data) < size:
        raise EOFError
    return data


def _encode(value: Any, buffers: list[bytes], depth: int) -> Any:
    kind = type(value)
    if value is None or kind in (bool, float, str) or (kind is int and abs(value) < 2**63):
        return value
    if isinstance(value, (np.ndarray, np.generic)):
        return _encode_array(value, buffers)
    if kind in (tuple, list) and depth < DEEPEST:
        return {"t": kind.__name__, "v": [_encode(item, buffers, depth + 1) for item in value]}
    if kind is dict and depth < DEEPEST and all(type(key) is str for key in value):
        return {"t": "dict", "v": [[key, _encode(item, buffers, depth + 1)] for key, item in value.items()]}
    if isinstance(value, Absent):
        return {"t": "absent"}
    if callable(value):
        return {"t": "function"}
    return {"t": "opaque", "name": kind.__name__}


def _encode_array(value: np.ndarray | np.generic, buffers: list[bytes]) -> dict[str, Any]:
    array = np.asarray(value)
    array = array.astype(array.dtype.newbyteorder("="), order="K", copy=False)
    if array.dtype.str not in DTYPES:
        return {"t": "opaque", "name": type(value).__name__}
    fortran = array.flags.f_contiguous and not array.flags.c_contiguous
    data = array.tobytes(order="F" if fortran else "C")
    buffers.append(data)
    kind = "array" if isinstance(value, np.ndarray) else "number"
    order = "F" if fortran else "C"
    return {"t": kind, "dtype": array.dtype.str, "shape": list(array.shape), "order": order, "size": len(data)}


class _Buffers:
    """Hands out the bytes of a frame's arrays in turn."""

    def __init__(self, data: bytes):
        self.data, self.place = data, 0

    def take(self, size: int) -> bytes:
        if type(size) is not int or not 0 <= size <= len(self.data) - self.place:
            raise WireError("an array announces bytes that did not come")
        self.place += size
        return self.data[self.place - size : self.place]


def _decode(value: Any, buffers: _Buffers, depth: int) -> Any:
    if depth > DEEPEST:
        raise WireError("nested too deeply")
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    kind = value["t"]
    if kind in ("array", "number"):
        return _decode_array(value, buffers)
    if kind in ("tuple", "list"):
        return (tuple if kind == "tuple" else list)(_decode(item, buffers, depth + 1) for item in value["v"])
    if kind == "dict":
        return {str(key): _decode(item, buffers, depth + 1) for key, item in value["v"]}
    if kind == "absent":
        return Absent()
    if kind == "function":
        return opaque("function")
    return opaque(str(value["name"]))


def _decode_array(value: dict[str, Any], buffers: _Buffers) -> np.ndarray | np.generic:
    if value["dtype"] not in DTYPES or value["order"] not in ("C", "F"):
        raise WireError("an array of an unknown type")
    dtype, shape = np.dtype(value["dtype"]), tuple(value["shape"])
    if len(shape) > 32 or not all(type(length) is int and 0 <= length <= LARGEST_BUFFERS for length in shape):
        raise WireError("an array of an impossible shape")
    array = np.frombuffer(buffers.take(value["size"]), dtype).reshape(shape, order=value["order"]).copy(order="K")
    return array if value["t"] == "array" else array[()]
