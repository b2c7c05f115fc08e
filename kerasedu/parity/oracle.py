"""Keras on TensorFlow, the other side of every comparison: imported late, silently, with the device settled."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import numpy as np

from kerasedu import config

MISSING = (
    "parity compares with Keras, and TensorFlow cannot be imported here ({reason}). Nothing was compared. "
    "Install it with `make env`, or `pip install 'kerasedu[cpu]'` (`kerasedu[gpu]` on Linux with an NVIDIA card)."
)
OTHER_BACKEND = (
    "parity compares with Keras on TensorFlow, but this process runs Keras on {backend}. "
    "Unset KERAS_BACKEND and restart."
)


@cache
def load():
    """The modules ``(keras, tensorflow)``.

    Raises:
        ImportError: TensorFlow or Keras is missing; the message says what to install.
        ValueError: this process already runs Keras on another backend.
    """
    wanted = os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    if wanted != "tensorflow" and "keras" not in sys.modules:
        raise ValueError(OTHER_BACKEND.format(backend=wanted))
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    try:
        with silence():
            import keras
            import tensorflow
    except ImportError as error:
        raise ImportError(MISSING.format(reason=error)) from error
    tensorflow.get_logger().setLevel("ERROR")
    if keras.config.backend() != "tensorflow":
        raise ValueError(OTHER_BACKEND.format(backend=keras.config.backend()))
    return keras, tensorflow


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
    function: Callable, arrays: Sequence[np.ndarray], cotangents: Sequence[np.ndarray] | None = None, variables=()
) -> tuple[list[np.ndarray], list[np.ndarray | None] | None]:
    """Outputs of ``function(*arrays)``, and their vector-Jacobian product with ``cotangents``.

    Arguments:
        function: takes tensors, returns a tensor or a nest of them.
        arrays: its inputs.
        cotangents: dL/dy for each floating-point output y; None stands for ones.
        variables: Keras variables to differentiate by, besides the inputs.

    Returns:
        The outputs, and dL/dx for each input and variable: zeros where L does not depend on it, None where it is not
        a floating-point number. Instead of the gradients None if the outputs have other shapes than the cotangents.
    """
    from kerasedu.parity import device

    keras, tf = load()
    with tf.device(device.settle()):
        tensors = [tf.constant(a) for a in arrays]
        watched = [t for t in tensors if t.dtype.is_floating]
        with tf.GradientTape() as tape:
            tape.watch(watched)
            outputs = [tf.convert_to_tensor(y) for y in keras.tree.flatten(function(*tensors))]
        device.require([y.device for y in outputs])
        values = [y.numpy() for y in outputs]
        outputs = [y for y in outputs if y.dtype.is_floating]
        if cotangents is not None:
            if [tuple(y.shape) for y in outputs] != [dy.shape for dy in cotangents]:
                return values, None
            cotangents = [tf.constant(dy, y.dtype) for dy, y in zip(cotangents, outputs)]
        sources = watched + list(variables)
        slopes = tape.gradient(outputs, sources, cotangents, "zero") if outputs and sources else []
        slopes = iter(tf.convert_to_tensor(slope).numpy() for slope in slopes)
    gradients = [next(slopes) if t.dtype.is_floating else None for t in tensors]
    return values, gradients + list(slopes)


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
