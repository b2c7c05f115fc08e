"""Keras on JAX."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from kerasedu.parity.backends.conventions import ELSEWHERE

CONVENTIONS = {
    **ELSEWHERE,
    ("schedules: ",): "with 64-bit step numbers JAX computes in float64",
    ("sparse_categorical_crossentropy",): "with 64-bit labels JAX computes in float64",
    ("recurrence: GRU(", "use_bias=False", "float32"): "Keras on JAX mixes float32 and float64 states when both are on",
    ("on the GPU", "LSTM", "Cannot lower jaxpr"): "JAX has cuDNN's LSTM in float32 alone",
    ("on the GPU", "LSTM(", "return_sequences=True", "go_backwards=True"): "the outputs come in the input's order",
    ("recurrence: ", "mask=", "initial_state="): "before the first step that is not masked, the output is the state",
}


def load(wanted: str):
    """JAX, with float64, and with products that a GPU does not round to TensorFloat-32."""
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    import jax

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_default_matmul_precision", "highest")
    return jax


def gpu() -> str | None:
    """The name of the first graphics card."""
    import jax

    try:
        return jax.devices("gpu")[0].device_kind
    except RuntimeError:
        return None


@contextmanager
def place(device: str) -> Iterator[None]:
    """Compute on the ``"CPU"`` or the ``"GPU"``."""
    import jax

    with jax.default_device(jax.devices(device.lower())[0]):
        yield


def vjp(
    function: Callable, arrays: Sequence[np.ndarray], cotangents, variables: Sequence, updated: Sequence, device: str
) -> tuple[list[np.ndarray], list[np.ndarray | None] | None]:
    """As ``oracle.vjp``. JAX differentiates functions of values, so variables are replaced by values for the call."""
    import jax
    import keras
    from jax import numpy as jnp

    floating = [np.asarray(a).dtype.kind == "f" for a in arrays]
    with place(device):
        tensors = [jnp.asarray(a) for a in arrays]

        def run(watched, values):
            left = iter(watched)
            inputs = [next(left) if is_floating else t for t, is_floating in zip(tensors, floating)]
            with keras.StatelessScope(state_mapping=list(zip(variables, values))) as scope:
                flat = [keras.ops.convert_to_tensor(y) for y in keras.tree.flatten(function(*inputs))]
            after = [scope.get_current_value(variable) for variable in updated]
            return [y for y in flat if jnp.issubdtype(y.dtype, jnp.floating)], (flat, after)

        watched = [t for t, is_floating in zip(tensors, floating) if is_floating]
        outputs, back, (flat, after) = jax.vjp(run, watched, [v.value for v in variables], has_aux=True)
        for variable, value in zip(updated, after):
            if value is not None:
                variable.assign(value)
        _require(device, flat)
        values = [np.asarray(y) for y in flat]
        if cotangents is None:
            cotangents = [jnp.ones_like(y) for y in outputs]
        if [y.shape for y in outputs] != [dy.shape for dy in cotangents]:
            return values, None
        of_inputs, of_variables = back([jnp.asarray(dy, y.dtype) for dy, y in zip(cotangents, outputs)])
    left = iter(of_inputs)
    gradients = [np.asarray(next(left)) if is_floating else None for is_floating in floating]
    return values, gradients + [np.asarray(slope) for slope in of_variables]


def compiled(step: Callable) -> Callable:
    """As it is: Keras's own variables change outside of JAX's compiled functions."""
    return step


def _require(device: str, results: Sequence) -> None:
    for result in results:
        found = {d.platform for d in result.devices()}
        if (device == "CPU") != (found == {"cpu"}):
            raise RuntimeError(f"this was to be computed on the {device}, but JAX placed it on {sorted(found)}")
