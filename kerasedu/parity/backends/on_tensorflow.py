"""Keras on TensorFlow."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np

CONVENTIONS: dict[tuple[str, ...], str] = {}


def load(wanted: str):
    """TensorFlow, quiet.

    On a GPU, float32 products must not be rounded to TensorFloat-32 (10 bits instead of 23, errors near 1e-3), sums
    must be added in the same order every time, and memory is taken as needed, not all at once.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    import tensorflow as tf

    tf.get_logger().setLevel("ERROR")
    if wanted == "cpu":
        return tf
    tf.config.experimental.enable_tensor_float_32_execution(False)
    cards = tf.config.list_physical_devices("GPU")
    if cards:
        try:
            for card in cards:
                tf.config.experimental.set_memory_growth(card, True)
        except RuntimeError:
            pass  # TensorFlow has computed before: its memory is what it is, and the numbers are the same
        tf.random.set_seed(0)
        tf.config.experimental.enable_op_determinism()
    return tf


def gpu() -> str | None:
    """The name of the first graphics card."""
    import tensorflow as tf

    cards = tf.config.list_physical_devices("GPU")
    if not cards:
        return None
    return tf.config.experimental.get_device_details(cards[0]).get("device_name", "unknown card")


@contextmanager
def place(device: str) -> Iterator[None]:
    """Compute on the ``"CPU"`` or the ``"GPU"``."""
    import tensorflow as tf

    with tf.device(f"/{device}:0"):
        yield


def vjp(
    function: Callable, arrays: Sequence[np.ndarray], cotangents, variables: Sequence, updated: Sequence, device: str
) -> tuple[list[np.ndarray], list[np.ndarray | None] | None]:
    """As ``oracle.vjp``, with a gradient tape."""
    import keras
    import tensorflow as tf

    with place(device):
        tensors = [tf.constant(a) for a in arrays]
        watched = [t for t in tensors if t.dtype.is_floating]
        with tf.GradientTape() as tape:
            tape.watch(watched)
            outputs = [tf.convert_to_tensor(y) for y in keras.tree.flatten(function(*tensors))]
        _require(device, [y.device for y in outputs])
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


def compiled(step: Callable) -> Callable:
    """As a graph: constants are rounded where the graph rounds them."""
    import tensorflow as tf

    return tf.function(step)


def _require(device: str, placements: Sequence[str]) -> None:
    """Make sure that the results lie where they were to be computed: TensorFlow falls back to the CPU in silence.

    Raises:
        RuntimeError: one of them was computed elsewhere.
    """
    for placement in placements:
        if f"device:{device}" not in placement:
            raise RuntimeError(f"this was to be computed on the {device}, but TensorFlow placed it on {placement}")
