"""Products, arithmetic, shapes, moments, cross-entropies and activations of ops against keras.ops, with gradients."""

import numpy as np
import pytest

from kerasedu import ops, parity
from kerasedu.parity import oracle

pytestmark = pytest.mark.parity

DTYPES = ["float32", "float64"]


@pytest.fixture(params=DTYPES)
def dtype(request):
    with oracle.precision(request.param):
        yield request.param


def normal(dtype, *shape):
    return np.random.default_rng(sum(shape)).standard_normal(shape).astype(dtype)


def assert_equal(function, x, **options):
    report = parity.check(function, x, **options)
    assert report.passed, report


# -- products ---------------------------------------------------------------------------------------------------------

MATMUL = [
    ((3, 4), (4, 2)),
    ((4,), (4,)),
    ((4,), (4, 2)),
    ((3, 4), (4,)),
    ((2, 3, 4), (4, 5)),
    ((2, 1, 3, 4), (5, 4, 2)),
    ((4,), (2, 4, 3)),
    ((2, 3, 4), (4,)),
    ((64, 100), (100, 32)),
    ((0, 4), (4, 2)),
]


@pytest.mark.parametrize(("a", "b"), MATMUL)
def test_matmul(a, b, dtype):
    assert_equal(ops.matmul, (normal(dtype, *a), normal(dtype, *b)))


@pytest.mark.parametrize(
    ("a", "b"), [((3, 4), (4, 2)), ((4,), (4,)), ((3, 4), (4,)), ((2, 3, 4), (5, 4, 2)), ((), (3,)), ((3, 2), ())]
)
def test_dot(a, b, dtype):
    assert_equal(ops.dot, (normal(dtype, *a), normal(dtype, *b)))


@pytest.mark.parametrize(("a", "b"), [((3,), (4,)), ((2, 3), (4,)), ((), (3,))])
def test_outer(a, b, dtype):
    assert_equal(ops.outer, (normal(dtype, *a), normal(dtype, *b)))


@pytest.mark.parametrize(
    ("subscripts", "shapes"),
    [
        ("ij,jk->ik", [(2, 3), (3, 4)]),
        ("ij,jk", [(2, 3), (3, 4)]),
        ("ij->j", [(2, 3)]),
        ("ij->", [(2, 3)]),
        ("ii->i", [(3, 3)]),
        ("ii", [(3, 3)]),
        ("iij->j", [(3, 3, 2)]),
        ("i,j->ij", [(2,), (3,)]),
        ("...ij,jk->...ik", [(5, 2, 3), (3, 4)]),
        ("bij,bj,i->b", [(5, 2, 3), (5, 3), (2,)]),
        ("bhqd,bhkd->bhqk", [(2, 3, 4, 5), (2, 3, 6, 5)]),
    ],
)
def test_einsum(subscripts, shapes, dtype):
    assert_equal(ops.einsum, (subscripts, *(normal(dtype, *shape) for shape in shapes)))


# -- arithmetic -------------------------------------------------------------------------------------------------------

BROADCAST = [((3, 4), (3, 4)), ((3, 4), (4,)), ((3, 1), (1, 4)), ((), (2, 3)), ((2, 3, 1), (3, 5)), ((0, 3), (3,))]


@pytest.mark.parametrize("function", [ops.add, ops.subtract, ops.multiply, ops.divide])
@pytest.mark.parametrize(("a", "b"), BROADCAST)
def test_arithmetic(function, a, b, dtype):
    assert_equal(function, (normal(dtype, *a), normal(dtype, *b)))


@pytest.mark.parametrize(("a", "b"), BROADCAST)
def test_squared_difference(a, b, dtype):
    _, tf = oracle.load()
    a, b = normal(dtype, *a), normal(dtype, *b)
    y = ops.squared_difference(a, b)
    dy = np.ones_like(y)
    (expected,), gradients = oracle.vjp(tf.math.squared_difference, [a, b], [dy])
    np.testing.assert_allclose(y, expected, rtol=1e-6)
    for got, wanted in zip(ops.squared_difference_backward(dy, a, b), gradients, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-6)


def test_square(dtype):
    assert_equal(ops.square, normal(dtype, 3, 4))


@pytest.mark.parametrize("function", ["add", "subtract", "multiply", "divide", "matmul", "dot", "outer"])
@pytest.mark.parametrize(
    "types",
    [("float32", "int64"), ("int32", "float64"), ("float32", "float64"), ("int32", "int32"), ("uint8", "float32")],
)
def test_types_of_mixed_arguments(function, types):
    keras, _ = oracle.load()
    a, b = (np.array([[1, 2], [3, 4]], t) for t in types)
    expected = np.asarray(getattr(keras.ops, function)(a, b))
    got = getattr(ops, function)(a, b)
    assert got.dtype == expected.dtype
    np.testing.assert_allclose(got, expected)


# -- shapes, one-hot rows, moments ------------------------------------------------------------------------------------


@pytest.mark.parametrize("axes", [None, (1, 2, 0), (-1, 0, 1)])
def test_transpose(axes, dtype):
    assert_equal(ops.transpose, normal(dtype, 2, 3, 4), axes=axes)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_joining(axis, dtype):
    pieces = [np.moveaxis(normal(dtype, n, 2, 3), 0, axis) for n in (1, 4, 2)]
    assert_equal(ops.concatenate, ([*pieces],), axis=axis)
    assert_equal(ops.stack, ([normal(dtype, 2, 3), normal(dtype, 2, 3) + 1],), axis=axis)


@pytest.mark.parametrize("pieces", [2, [1, 3]])
@pytest.mark.parametrize("axis", [0, -1])
def test_split(pieces, axis, dtype):
    assert_equal(ops.split, normal(dtype, 4, 4), indices_or_sections=pieces, axis=axis)


@pytest.mark.parametrize("labels", [[0, 2, 1], [[0, -1], [5, 1]], 2])
@pytest.mark.parametrize("axis", [-1, 0])
@pytest.mark.parametrize("one_hot_type", [None, "int32", "float64", "bool"])
def test_one_hot(labels, axis, one_hot_type, dtype):
    keras, _ = oracle.load()
    expected = np.asarray(keras.ops.one_hot(np.array(labels), 3, axis=axis, dtype=one_hot_type))
    got = ops.one_hot(np.array(labels), 3, axis=axis, dtype=one_hot_type or dtype)
    np.testing.assert_array_equal(got, expected)
    assert got.dtype == expected.dtype


@pytest.mark.parametrize("axes", [(0,), (0, 1), [0, 2], (0, 1, 2)])
@pytest.mark.parametrize("keepdims", [False, True])
def test_moments(axes, keepdims, dtype):
    assert_equal(ops.moments, normal(dtype, 3, 4, 5), axes=axes, keepdims=keepdims)


# -- activations of ops -----------------------------------------------------------------------------------------------

NAMES = "elu gelu hard_sigmoid leaky_relu log_softmax logsumexp relu selu sigmoid silu softmax softplus softsign tanh"


@pytest.mark.parametrize("name", [*NAMES.split(), "swish"])
def test_defaults_of_activations_are_those_of_keras_ops(name, dtype):
    assert_equal(getattr(ops, name), 3 * normal(dtype, 4, 5))


@pytest.mark.parametrize("axis", [None, 0, -1, (0, 1)])
@pytest.mark.parametrize("keepdims", [False, True])
def test_logsumexp(axis, keepdims, dtype):
    assert_equal(ops.logsumexp, 5 * normal(dtype, 3, 4), axis=axis, keepdims=keepdims)


@pytest.mark.parametrize("axis", [0, 1, (0, 2)])
def test_softmax_along_several_axes(axis, dtype):
    assert_equal(ops.softmax, normal(dtype, 2, 3, 4), axis=axis)


# -- cross-entropies of ops -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("from_logits", [False, True])
@pytest.mark.parametrize("axis", [-1, 0])
def test_crossentropies(from_logits, axis, dtype):
    z = normal(dtype, 4, 3)
    output = z if from_logits else ops.softmax(z)
    target = ops.softmax(normal(dtype, 4, 3) + 1, axis=axis)
    assert_equal(ops.categorical_crossentropy, (target, output), from_logits=from_logits, axis=axis)
    assert_equal(ops.binary_crossentropy, (target, output), from_logits=from_logits)
    labels = np.array([0, 2, 1, 1])
    assert_equal(ops.sparse_categorical_crossentropy, (labels, output), from_logits=from_logits)
    assert_equal(ops.sparse_categorical_crossentropy, (labels[:, None], output), from_logits=from_logits)
