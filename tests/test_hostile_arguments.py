"""Any arrays given to ops, activations and losses: an answer of the promised shape or a ValueError, nothing changed."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from kerasedu import activations, constraints, initializers, losses, ops, regularizers
from kerasedu.config import as_float
from kerasedu.ops.broadcasting import promote

SHAPES = [(), (0,), (1,), (3,), (3, 1), (1, 3), (3, 3), (0, 3), (3, 0), (2, 3, 4), (2, 3, 1), (2, 0, 3)]
DTYPES = ["float16", "float32", "float64", "int8", "int64", "uint8", "bool", "complex64", "U3", "object"]
TYPES_AND_SHAPES = st.tuples(st.sampled_from(DTYPES), st.sampled_from(SHAPES), st.booleans(), st.integers(0, 9))


def make(kind) -> np.ndarray:
    """A read-only array of any type and shape, perhaps with NaN and infinities in it, with a negative stride."""
    dtype, shape, has_holes, seed = kind
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 3, shape) if dtype[0] in "iub" else rng.standard_normal(shape)
    if has_holes and x.dtype.kind == "f":
        x = np.where(rng.random(shape) < 0.3, rng.choice([np.nan, np.inf, -np.inf]), x)
    x = np.asarray(x).astype(dtype)
    x = x[::-1] if x.ndim else x
    x.flags.writeable = False
    return x


def answer(f, *arrays):
    """f(*arrays), or None if it refuses them; the arrays stay as they are."""
    before = [a.copy() for a in arrays]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # means of nothing, one class alone
        try:
            result = f(*arrays)
        except ValueError as error:
            assert str(error)
            result = None
    for a, b in zip(arrays, before):
        assert a.dtype == b.dtype
        assert a.tobytes() == b.tobytes() or a.dtype == object
    return result


ACTIVATIONS = sorted(name for name, f in vars(activations).items() if isinstance(f, activations.ActivationFunction))
LOSSES = sorted(name for name, f in vars(losses).items() if isinstance(f, type) and losses.Loss in f.__mro__[1:])
BINARY = [
    *("add", "multiply", "divide", "matmul", "matmul_loops", "matmul_blocked", "dot", "outer"),
    *("binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"),
    "pairwise_squared_distances",
]


@pytest.mark.parametrize("name", ACTIVATIONS)
@given(kind=TYPES_AND_SHAPES)
def test_activations(name, kind):
    f, x = activations.get(name), make(kind)
    y = answer(f, x)
    if y is None:
        assert x.dtype.kind not in "fiub" or x.ndim == 0
    else:
        assert y.shape == x.shape
        assert y.dtype == as_float(x).dtype
        assert answer(lambda x, y: f.backward(np.ones_like(y), x, y), x, y).shape == x.shape


@pytest.mark.parametrize("name", BINARY)
@given(a=TYPES_AND_SHAPES, b=TYPES_AND_SHAPES)
def test_functions_of_two_arrays(name, a, b):
    a, b = make(a), make(b)
    f, backward = getattr(ops, name), getattr(ops, f"{name}_backward", None)
    y = answer(f, a, b)
    if y is not None:
        assert y.dtype.kind in "fiub"
        if backward is not None:
            gradients = answer(lambda a, b: backward(np.ones(y.shape), a, b), a, b)
            gradients = gradients if isinstance(gradients, tuple) else (None, gradients)
            for x, gradient in zip((a, b), gradients, strict=True):
                assert gradient is None or gradient.shape == x.shape


@pytest.mark.parametrize("name", LOSSES)
@given(
    y_true=TYPES_AND_SHAPES,
    y_pred=TYPES_AND_SHAPES,
    same_shape=st.booleans(),
    reduction=st.sampled_from(["sum", "mean", "mean_with_sample_weight", "none"]),
    weight=st.none() | TYPES_AND_SHAPES,
)
def test_losses(name, y_true, y_pred, same_shape, reduction, weight):
    y_pred = make(y_pred)
    y_true = make((y_true[0], y_pred.shape, *y_true[2:]) if same_shape else y_true)
    loss = getattr(losses, name)(reduction=reduction)
    value = answer(loss.forward, y_true, y_pred, *([] if weight is None else [make(weight)]))
    if value is not None:
        with np.errstate(all="ignore"):
            gradient = loss.backward()
        assert gradient.shape == y_pred.shape
        assert value.dtype == gradient.dtype == as_float(y_pred).dtype
        if reduction != "none" and np.shape(value) != (0,):
            assert np.shape(value) == ()


@given(TYPES_AND_SHAPES)
def test_penalties_and_projections(kind):
    w = make(kind)
    for thing in (regularizers.L1L2(0.1, 0.1), constraints.NonNeg(), constraints.MaxNorm(), constraints.UnitNorm()):
        answer(thing, w)
    penalty = answer(regularizers.L2().backward, w)
    assert penalty is None or penalty.shape == w.shape


@given(hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4), st.integers(0, 9))
def test_initial_values_of_any_shape(shape, seed):
    for name in ("Zeros", "RandomNormal", "TruncatedNormal", "GlorotUniform", "HeNormal"):
        init = initializers.get({"class_name": name, "config": {} if name == "Zeros" else {"seed": seed}})
        assert init(shape).shape == shape


@pytest.mark.parametrize("x", ["text", np.array([1j]), np.array([None])])
def test_what_holds_no_numbers_is_refused(x):
    with pytest.raises(ValueError, match="of numbers, got dtype"):
        as_float(x)
    with pytest.raises(ValueError, match="of numbers, got dtype"):
        promote(1.0, x)


def test_numbers_in_another_byte_order_become_the_machine_s():
    swapped = np.dtype("float32").newbyteorder("S")
    x = as_float(np.array([1.0, 2.5], swapped))
    assert x.dtype.isnative
    assert x.tolist() == [1.0, 2.5]
