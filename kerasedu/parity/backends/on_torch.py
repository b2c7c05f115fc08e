"""Keras on PyTorch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from kerasedu.parity.backends.conventions import ELSEWHERE

_PADDING = "Keras on PyTorch counts the padding in its averages"
CONVENTIONS = {
    **ELSEWHERE,
    ("average_pool", "padding='same'"): _PADDING,
    ("AveragePooling", "padding='same'"): _PADDING,
    ("ops: dot, x (2, 3, 4)",): "Keras on PyTorch multiplies stacks of matrices otherwise than NumPy's dot",
    ("LayerNormalization(axis=1",): "Keras on PyTorch normalizes the last axes only",
    ("stateful=True", "calls=2"): "PyTorch cannot differentiate a state that the layer overwrites",
}


def load(wanted: str):
    """PyTorch, with products that a GPU does not round to TensorFloat-32, and repeatable sums."""
    if wanted == "cpu":
        os.environ["KERAS_TORCH_DEVICE"] = "cpu"
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    import torch

    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.use_deterministic_algorithms(True, warn_only=True)
    return torch


def gpu() -> str | None:
    """The name of the first graphics card."""
    import torch

    return torch.cuda.get_device_name(0) if torch.cuda.is_available() else None


@contextmanager
def place(device: str) -> Iterator[None]:
    """Compute on the ``"CPU"`` or the ``"GPU"``."""
    import keras

    with keras.device("cpu" if device == "CPU" else "gpu:0"):
        yield


def vjp(
    function: Callable, arrays: Sequence[np.ndarray], cotangents, variables: Sequence, updated: Sequence, device: str
) -> tuple[list[np.ndarray], list[np.ndarray | None] | None]:
    """As ``oracle.vjp``, with PyTorch's graph."""
    import keras
    import torch

    with place(device):
        tensors = [keras.ops.convert_to_tensor(a, dtype=str(np.asarray(a).dtype)) for a in arrays]
        watched = [t.requires_grad_() for t in tensors if t.is_floating_point()]
        with torch.enable_grad():
            flat = [keras.ops.convert_to_tensor(y) for y in keras.tree.flatten(function(*tensors))]
        _require(device, flat)
        values = [y.detach().cpu().numpy().copy() for y in flat]
        outputs = [y for y in flat if y.is_floating_point()]
        if cotangents is None:
            cotangents = [np.ones(y.shape) for y in outputs]
        if [tuple(y.shape) for y in outputs] != [dy.shape for dy in cotangents]:
            return values, None
        sources = watched + [v.value for v in variables]
        pairs = [(y, dy) for y, dy in zip(outputs, cotangents) if y.requires_grad]
        slopes = [None] * len(sources)
        if pairs and sources:
            upstream = [torch.as_tensor(dy, dtype=y.dtype, device=y.device) for y, dy in pairs]
            slopes = torch.autograd.grad([y for y, _ in pairs], sources, upstream, allow_unused=True)
        found = [torch.zeros_like(s) if slope is None else slope for s, slope in zip(sources, slopes)]
    left = iter([slope.detach().cpu().numpy() for slope in found])
    gradients = [next(left) if t.is_floating_point() else None for t in tensors]
    return values, gradients + list(left)


def compiled(step: Callable) -> Callable:
    """As it is, without recording."""
    import torch

    return torch.no_grad()(step)


def _require(device: str, results: Sequence) -> None:
    for result in results:
        if (device == "CPU") != (result.device.type == "cpu"):
            raise RuntimeError(f"this was to be computed on the {device}, but PyTorch placed it on {result.device}")
