"""Keras, the other side of every comparison: imported late, silently, on the backend chosen."""

from __future__ import annotations

import importlib.util
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import numpy as np

from kerasedu import config
from kerasedu.parity.backends import TITLES, backend, keep_float64

MISSING = (
    "parity compares with Keras, and {title} cannot be imported here ({reason}). Nothing was compared. "
    "Install it with `make env`, or `pip install 'kerasedu[cpu]'` (`kerasedu[gpu]` on Linux with an NVIDIA card)."
)
OTHER_BACKEND = "this process already runs Keras on {running}, so it cannot compare with Keras on {wanted}: restart it."
DEVICES = ("auto", "cpu", "gpu")
_wanted = {"device": "auto", "backend": None}


def choose(device: str = "auto", name: str | None = None) -> None:
    """Which device, ``"auto"``, ``"cpu"`` or ``"gpu"``, and which backend ``load`` is to take.

    Arguments:
        name: ``"tensorflow"``, ``"jax"`` or ``"torch"``; None for what ``KERAS_BACKEND`` says, or else TensorFlow, or
            else whichever of the others is installed.

    Raises:
        ValueError: another device or backend.
    """
    if device not in DEVICES:
        raise ValueError(f"device is one of {', '.join(DEVICES)}, got {device!r}")
    if name is not None:
        backend(name)
    _wanted.update(device=device, backend=name)
    load.cache_clear()


def wanted_device() -> str:
    """``"auto"``, ``"cpu"`` or ``"gpu"``."""
    return _wanted["device"]


@cache
def load():
    """The modules ``(keras, tensorflow)``, or ``(keras, jax)``, or ``(keras, torch)``.

    Raises:
        ImportError: one of them is missing; the message says what to install.
        ValueError: this process already runs Keras on another backend, or KERAS_BACKEND is none of the three.
    """
    name = _wanted["backend"] or os.environ.get("KERAS_BACKEND") or _installed()
    running = sys.modules["keras"].config.backend() if "keras" in sys.modules else name
    if running != name:
        raise ValueError(OTHER_BACKEND.format(running=TITLES.get(running, running), wanted=TITLES.get(name, name)))
    library = backend(name)
    os.environ["KERAS_BACKEND"] = name
    try:
        with silence():
            module = library.load(wanted_device())
            import keras

            if name != "tensorflow":
                keep_float64()
    except ImportError as error:
        raise ImportError(MISSING.format(title=TITLES[name], reason=error)) from error
    return keras, module


def library():
    """What Keras computes with: a module of ``kerasedu.parity.backends``."""
    keras, _ = load()
    return backend(keras.config.backend())


def _installed() -> str:
    return next((name for name in TITLES if name in sys.modules or importlib.util.find_spec(name)), "tensorflow")


@contextmanager
def precision(dtype: str) -> Iterator[None]:
    """Let both libraries compute in ``dtype`` for a while, and Keras not warn; the types from before come back."""
    keras, _ = load()
    ours, floatx, policy = config.floatx(), keras.config.floatx(), keras.config.dtype_policy()
    config.set_floatx(dtype)
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module=r"keras\.|tensorflow")
            yield
    finally:
        config.set_floatx(ours)
        keras.config.set_floatx(floatx)
        keras.config.set_dtype_policy(policy)


def vjp(
    function: Callable,
    arrays: Sequence[np.ndarray],
    cotangents: Sequence[np.ndarray] | None = None,
    variables: Sequence = (),
    updated: Sequence = (),
) -> tuple[list[np.ndarray], list[np.ndarray | None] | None]:
    """Outputs of ``function(*arrays)``, and their vector-Jacobian product with ``cotangents``.

    Arguments:
        function: takes tensors, returns a tensor or a nest of them.
        arrays: its inputs.
        cotangents: dL/dy for each floating-point output y; None stands for ones.
        variables: Keras variables to differentiate by, besides the inputs.
        updated: Keras variables that the function changes, such as moving averages.

    Returns:
        The outputs, and dL/dx for each input and variable: zeros where L does not depend on it, None where it is not
        a floating-point number. Instead of the gradients None if the outputs have other shapes than the cotangents.
    """
    from kerasedu.parity import device

    return library().vjp(function, arrays, cotangents, list(variables), list(updated), device.settle())


def as_numpy(value) -> np.ndarray:
    """A tensor or variable of Keras as an array of its own."""
    keras, _ = load()
    return np.array(keras.ops.convert_to_numpy(value))


@contextmanager
def silence() -> Iterator[None]:
    """Nothing reaches stderr, not even from C++: nbgrader gives 0 points to a cell that writes there."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
