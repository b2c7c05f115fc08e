"""Cross-entropies: how improbable the labels are under predicted probabilities p, or under logits z.

The names of the arguments are those of ``keras.ops``: target for the labels y, output for p or z. Where a probability
is clipped, the derivative is 0 beyond the limits; where it is not, it is the formula's.
"""

from __future__ import annotations

import numpy as np

from kerasedu.config import as_float, epsilon
from kerasedu.ops.activation import log_softmax, sigmoid, softmax

__all__ = [
    "binary_crossentropy",
    "binary_crossentropy_backward",
    "categorical_crossentropy",
    "categorical_crossentropy_backward",
    "sparse_categorical_crossentropy",
    "sparse_categorical_crossentropy_backward",
]


def binary_crossentropy(target, output, from_logits: bool = False) -> np.ndarray:
    """l = -y ln p - (1 - y) ln(1 - p), for each number.

    With logits, p = σ(z), and l = max(z, 0) - y z + ln(1 + e^-|z|): the same, but never the logarithm of a rounded 0.

    Arguments:
        target: y, between 0 and 1, any shape.
        output: p, clipped to [ε, 1 - ε] with ε = 1e-7; or z, any number. Shape of y.
        from_logits: whether ``output`` is z.

    Returns:
        l in the shape of y.

    Source: https://keras.io/api/ops/nn/
    """
    y, output = _same_shape("binary_crossentropy", target, output)
    if from_logits:
        z = output
        return np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))
    p = np.clip(output, epsilon(), 1 - epsilon())
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


def binary_crossentropy_backward(dy, target, output, from_logits: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """dL/dtarget and dL/doutput, from dy = dL/dl: ∂l/∂z = σ(z) - y, or ∂l/∂p = (1 - y) / (1 - p) - y / p."""
    y, output = _same_shape("binary_crossentropy", target, output)
    if from_logits:
        z = output
        return -z * dy, (sigmoid(z) - y) * dy
    p = np.clip(output, epsilon(), 1 - epsilon())
    dp = ((1 - y) / (1 - p) - y / p) * dy
    return (np.log(1 - p) - np.log(p)) * dy, dp * (p == output)


def categorical_crossentropy(target, output, from_logits: bool = False, axis: int = -1) -> np.ndarray:
    """l = -Σₖ yₖ ln pₖ over the classes k; with logits, p = softmax(z).

    Arguments:
        target: y, the probabilities of the classes: one-hot rows, as a rule.
        output: p, which is divided by its sum and then clipped to [ε, 1 - ε] with ε = 1e-7; or z. Shape of y.
        from_logits: whether ``output`` is z.
        axis: the axis of the classes.

    Returns:
        l in the shape of y without ``axis``.

    Source: https://keras.io/api/ops/nn/
    """
    y, output = _same_shape("categorical_crossentropy", target, output)
    if from_logits:
        return -(y * log_softmax(output, axis)).sum(axis)
    p = np.clip(output / output.sum(axis, keepdims=True), epsilon(), 1 - epsilon())
    return -(y * np.log(p)).sum(axis)


def categorical_crossentropy_backward(
    dy, target, output, from_logits: bool = False, axis: int = -1
) -> tuple[np.ndarray, np.ndarray]:
    """dL/dtarget and dL/doutput, from dy = dL/dl.

    ∂l/∂z = softmax(z) - y, which is right only if Σ y = 1; TensorFlow, too, takes that for granted.
    With s = Σ output, q = output / s, and dq = -y / q dy where q is not clipped: doutputₖ = (dqₖ - Σⱼ dqⱼ qⱼ) / s.
    """
    y, output = _same_shape("categorical_crossentropy", target, output)
    dy = np.expand_dims(dy, axis)
    if from_logits:
        return -log_softmax(output, axis) * dy, (softmax(output, axis) - y) * dy
    s = output.sum(axis, keepdims=True)
    q = output / s
    p = np.clip(q, epsilon(), 1 - epsilon())
    dq = -y / p * dy * (p == q)
    return -np.log(p) * dy, (dq - (dq * q).sum(axis, keepdims=True)) / s


def sparse_categorical_crossentropy(target, output, from_logits: bool = False, axis: int = -1) -> np.ndarray:
    """l = -ln pₖ for the true class k; with logits, p = softmax(z).

    Arguments:
        target: k, whole numbers from 0 up, shape (...) or (..., 1).
        output: p, clipped to [ε, 1 - ε] with ε = 1e-7 and then divided by its sum (``categorical_crossentropy`` does
            it in the other order); or z. Shape (..., classes).
        from_logits: whether ``output`` is z.
        axis: the axis of the classes: the last, Keras allows no other.

    Returns:
        l in the shape (...).

    Raises:
        ValueError: labels that are no whole numbers from 0 to classes - 1, or have another shape.

    Source: https://keras.io/api/ops/nn/
    """
    output = as_float(output)
    k = _class_numbers(target, output, axis)
    z = output if from_logits else np.log(np.clip(output, epsilon(), 1 - epsilon()))
    log_p = log_softmax(z)
    return -log_p[_of_true_class(log_p, k)].reshape(k.shape)


def sparse_categorical_crossentropy_backward(
    dy, target, output, from_logits: bool = False, axis: int = -1
) -> np.ndarray:
    """dL/doutput, from dy = dL/dl: ∂l/∂z = softmax(z) - y with y the one-hot rows of the labels.

    For probabilities z = ln p, so ∂l/∂p = ∂l/∂z / p where p is not clipped.
    """
    output = as_float(output)
    k = _class_numbers(target, output, axis)
    p = output if from_logits else np.clip(output, epsilon(), 1 - epsilon())
    dz = softmax(p if from_logits else np.log(p))
    dz[_of_true_class(dz, k)] -= 1
    dz *= np.expand_dims(dy, -1)
    return dz if from_logits else dz / p * (p == output)


def _same_shape(name: str, target, output) -> tuple[np.ndarray, np.ndarray]:
    output = as_float(output)
    target = as_float(target).astype(output.dtype, copy=False)
    if name == "categorical_crossentropy" and output.ndim == 0:
        raise ValueError(f"{name} expected an axis of classes, got a number")
    if target.shape == output.shape:
        return target, output
    hint = "Labels of shape (n,) beside predictions of shape (n, 1) need y[:, None]."
    if name == "categorical_crossentropy":
        hint = (
            "It takes one-hot labels. For class numbers, use sparse_categorical_crossentropy, or one_hot(y, classes)."
        )
    raise ValueError(
        f"{name} expected labels in the shape of the predictions, {output.shape}, got {target.shape}. {hint}"
    )


def _of_true_class(a: np.ndarray, k: np.ndarray) -> tuple[np.ndarray, ...]:
    """Where the numbers a[..., k] stand."""
    return (*np.indices(k.shape, sparse=True), k)


def _class_numbers(target, output: np.ndarray, axis: int) -> np.ndarray:
    name, k = "sparse_categorical_crossentropy", np.asarray(target)
    k = k if k.dtype.kind in "iub" else as_float(k)
    if output.ndim == 0 or axis not in (-1, output.ndim - 1):
        raise ValueError(f"{name} expected the classes on the last axis, got axis={axis} for shape {output.shape}")
    if k.ndim == output.ndim and k.shape[-1] == 1:
        k = k[..., 0]
    if k.shape != output.shape[:-1]:
        hint = "Do the predictions end in an axis of classes?"
        if k.shape == output.shape:
            hint = "Are they one-hot? Then use categorical_crossentropy, or the numbers y.argmax(-1)."
        raise ValueError(
            f"{name} expected class numbers of shape {output.shape[:-1]} for predictions of shape {output.shape}, "
            f"got {k.shape}. {hint}"
        )
    classes = output.shape[-1]
    numbers = k.astype(np.int64) if np.isfinite(k).all() else np.full(k.shape, -1)
    if k.size and not ((numbers == k) & (numbers >= 0) & (numbers < classes)).all():
        raise ValueError(
            f"{name} expected whole numbers from 0 to {classes - 1}, one for each of {classes} classes, got labels "
            f"from {k.min()} to {k.max()}. Do they start at 1 (subtract 1), or has the last layer too few units?"
        )
    return numbers
