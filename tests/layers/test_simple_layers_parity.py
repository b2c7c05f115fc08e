"""Activation, reshaping and merging layers against Keras: outputs, masks, gradients."""

import numpy as np
import pytest

from kerasedu import parity
from kerasedu.layers import (
    ELU,
    Activation,
    Add,
    Average,
    Concatenate,
    Dropout,
    Flatten,
    Identity,
    LeakyReLU,
    Maximum,
    Minimum,
    Multiply,
    Permute,
    ReLU,
    RepeatVector,
    Reshape,
    Softmax,
    Subtract,
)
from kerasedu.parity import oracle

pytestmark = pytest.mark.parity

both_types = pytest.mark.parametrize("dtype", ["float32", "float64"])
X = np.random.default_rng(0).standard_normal((3, 4, 5))
MASK = np.random.default_rng(1).random((3, 4, 5)) > 0.3


def ties(seed, *shape):
    """Few different numbers, so that many are equal."""
    return np.random.default_rng(seed).integers(-2, 3, shape).astype(float)


@both_types
@pytest.mark.parametrize(
    "make",
    [
        lambda t: Activation("tanh", dtype=t),
        lambda t: Activation("softmax", dtype=t),
        lambda t: Identity(dtype=t),
        lambda t: ReLU(dtype=t),
        lambda t: ReLU(1.0, 0.25, 0.5, dtype=t),
        lambda t: LeakyReLU(dtype=t),
        lambda t: ELU(0.7, dtype=t),
        lambda t: Softmax(dtype=t),
        lambda t: Softmax(1, dtype=t),
        lambda t: Softmax([1, 2], dtype=t),
        lambda t: Flatten(dtype=t),
        lambda t: Flatten("channels_first", dtype=t),
        lambda t: Reshape((2, 10), dtype=t),
        lambda t: Reshape((-1, 2), dtype=t),
        lambda t: Permute((2, 1), dtype=t),
        lambda t: Dropout(0.5, dtype=t),
    ],
)
def test_one_input(make, dtype):
    report = parity.check(make(dtype), X)
    assert report.passed, report


@both_types
def test_one_input_with_options(dtype):
    for report in (
        parity.check(RepeatVector(3, dtype=dtype), X[:, 0]),
        parity.check(Flatten(dtype=dtype), X[:, 0, 0]),
        parity.check(Dropout(0.0, dtype=dtype), X, training=True),
        parity.check(Dropout(1.0, dtype=dtype), X, training=True),
        parity.check(Softmax(dtype=dtype), X, mask=MASK),
        parity.check(Softmax([1, 2], dtype=dtype), X, mask=MASK[0]),
    ):
        assert report.passed, report


@both_types
@pytest.mark.parametrize("layer_class", [Add, Average, Maximum, Minimum, Multiply, Subtract])
def test_several_inputs(layer_class, dtype):
    pairs = [
        [ties(0, 3, 4, 5), ties(1, 3, 4, 5)],
        [ties(0, 3, 1, 5), ties(1, 3, 4, 1)],
        [ties(0, 3, 5), ties(1, 3, 4, 5)],
        [ties(0, 3, 4, 5), ties(1, 3)],
    ]
    threes = [[*pair, ties(2, *pair[0].shape)] for pair in pairs] if layer_class is not Subtract else []
    for xs in (*pairs, *threes):
        report = parity.check(layer_class(dtype=dtype), xs)
        assert report.passed, report


@both_types
@pytest.mark.parametrize("axis", [-1, 1, 0])
def test_concatenate(axis, dtype):
    shapes = [[3, 4, 5] for _ in range(3)]
    shapes[1][axis] = 2
    report = parity.check(Concatenate(axis, dtype=dtype), [ties(i, *shape) for i, shape in enumerate(shapes)])
    assert report.passed, report


@pytest.mark.parametrize("layer_class", [Add, Average, Maximum, Minimum, Multiply, Subtract, Concatenate])
def test_masks_of_several_inputs(layer_class):
    """Keras carries masks on the tensors; they change what Multiply, Maximum and Minimum compute."""
    keras, tf = oracle.load()
    rng = np.random.default_rng(2)
    for count in (2, 2, 2) if layer_class is Subtract else (2, 3, 4):
        xs = [ties(i, 2, 4, 3) for i in range(count)]
        for which in ([True] * count, [True] * (count - 1) + [False], [False] + [True] * (count - 1)):
            masks = [rng.random((2, 4)) > 0.5 if has else None for has in which]
            ours = layer_class(dtype="float64")
            y = ours.forward(xs, mask=masks)
            dy = rng.standard_normal(y.shape)
            tensors = [tf.constant(x) for x in xs]
            with tf.GradientTape() as tape:
                tape.watch(tensors)
                copies = [tf.identity(t) for t in tensors]
                for t, mask in zip(copies, masks):
                    if mask is not None:
                        t._keras_mask = tf.constant(mask)
                expected = getattr(keras.layers, layer_class.__name__)(dtype="float64")(copies)
            np.testing.assert_allclose(y, expected, rtol=1e-12)
            gradients = tape.gradient(expected, tensors, tf.constant(dy))
            for dx, theirs in zip(ours.backward(dy), gradients, strict=True):
                np.testing.assert_allclose(dx, theirs, rtol=1e-12)
            mask, theirs = ours.compute_mask(xs, masks), getattr(expected, "_keras_mask", None)
            assert (mask is None) == (theirs is None)
            np.testing.assert_array_equal(mask, None if theirs is None else theirs.numpy())
