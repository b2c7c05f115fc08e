"""Every loss against Keras's: options, reductions, weights, masks, shapes, kinks and extremes, with gradients."""

import inspect
import warnings

import numpy as np
import pytest

import kerasedu
from kerasedu import losses, ops, parity
from kerasedu.parity import oracle

pytestmark = pytest.mark.parity

rng = np.random.default_rng(0)
REDUCTIONS = ["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None]
NUMBERS, SIGNED, SHARES, BITS, LOGIT_BITS, ROWS, LOGIT_ROWS, CLASSES, LOGIT_CLASSES = range(9)
CASES = [
    ("MeanSquaredError", {}, NUMBERS),
    ("MeanAbsoluteError", {}, NUMBERS),
    ("MeanAbsolutePercentageError", {}, NUMBERS),
    ("LogCosh", {}, NUMBERS),
    ("Huber", {}, NUMBERS),
    ("Huber", {"delta": 0.3}, NUMBERS),
    ("CosineSimilarity", {}, NUMBERS),
    ("CosineSimilarity", {"axis": 0}, NUMBERS),
    ("Hinge", {}, SIGNED),
    ("Hinge", {}, BITS),
    ("SquaredHinge", {}, SIGNED),
    ("SquaredHinge", {}, BITS),
    ("KLDivergence", {}, SHARES),
    ("BinaryCrossentropy", {}, BITS),
    ("BinaryCrossentropy", {"label_smoothing": 0.2}, BITS),
    ("BinaryCrossentropy", {"axis": 0}, BITS),
    ("BinaryCrossentropy", {"from_logits": True}, LOGIT_BITS),
    ("BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.2}, LOGIT_BITS),
    ("CategoricalCrossentropy", {}, ROWS),
    ("CategoricalCrossentropy", {}, SHARES),
    ("CategoricalCrossentropy", {"label_smoothing": 0.2}, ROWS),
    ("CategoricalCrossentropy", {"axis": 0}, SHARES),
    ("CategoricalCrossentropy", {"axis": 0, "label_smoothing": 0.2}, SHARES),
    ("CategoricalCrossentropy", {"from_logits": True}, LOGIT_ROWS),
    ("CategoricalCrossentropy", {"from_logits": True, "label_smoothing": 0.2}, LOGIT_ROWS),
    ("SparseCategoricalCrossentropy", {}, CLASSES),
    ("SparseCategoricalCrossentropy", {"from_logits": True}, LOGIT_CLASSES),
    ("SparseCategoricalCrossentropy", {"ignore_class": 1}, CLASSES),
    ("SparseCategoricalCrossentropy", {"ignore_class": 1, "from_logits": True}, LOGIT_CLASSES),
]


@pytest.fixture(params=["float32", "float64"])
def dtype(request):
    with oracle.precision(request.param):
        yield request.param


def data(kind, shape, dtype):
    """Labels and predictions of a kind."""
    z = 2 * rng.standard_normal(shape).astype(dtype)
    if kind == NUMBERS:
        return rng.standard_normal(shape), z
    if kind == SIGNED:
        return np.sign(rng.standard_normal(shape)), z
    if kind == SHARES:
        return ops.softmax(rng.standard_normal(shape)), ops.softmax(z)
    if kind in (BITS, LOGIT_BITS):
        return rng.integers(0, 2, shape), z if kind == LOGIT_BITS else ops.sigmoid(z)
    if kind in (ROWS, LOGIT_ROWS):
        return np.eye(shape[-1])[rng.integers(0, shape[-1], shape[:-1])], z if kind == LOGIT_ROWS else ops.softmax(z)
    return rng.integers(0, shape[-1], shape[:-1]), z if kind == LOGIT_CLASSES else ops.softmax(z)


def against_keras(name, options, y_true, y_pred, sample_weight=None, mask=None):
    """Our value and dL/dy_pred, and Keras's."""
    keras, tf = oracle.load()
    theirs, ours = getattr(keras.losses, name)(**options), getattr(losses, name)(**options)

    def loss(y_pred):
        y_pred = tf.identity(y_pred)
        if mask is not None:
            y_pred._keras_mask = tf.constant(mask)
        return theirs(np.asarray(y_true), y_pred, sample_weight=sample_weight)

    (value,), (gradient,) = oracle.vjp(loss, [y_pred])
    got, cache = ours.propagate(y_true, y_pred, sample_weight, mask)
    return (got, ours.backpropagate(cache)), (value, gradient)


def assert_equal(ours, theirs, rounding=200):
    """The gradients are equal to a part of the largest; the losses to a part of 1 where their terms cancel."""
    for got, expected in zip(ours, theirs, strict=True):
        assert got.dtype == expected.dtype
        assert got.shape == expected.shape
        tolerance = rounding * np.finfo(expected.dtype).eps
        size = 1 if expected.ndim == 0 else np.abs(expected).max(initial=0)
        np.testing.assert_allclose(got, expected, rtol=tolerance, atol=tolerance * size)


# -- options, weights, masks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "options", "kind"), CASES)
@pytest.mark.parametrize("shape", [(8, 3), (1, 4), (3, 5, 4)])
def test_value_and_gradient(name, options, kind, shape, dtype):
    y_true, y_pred = data(kind, shape, dtype)
    report = parity.check(getattr(losses, name)(**options), y_pred, y_true)
    assert report.passed, report


@pytest.mark.parametrize(("name", "options", "kind"), [case for case in CASES if case[1].get("axis") != 0])
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_reductions_weights_and_masks(name, options, kind, reduction):
    options = {**options, "reduction": reduction}
    y_true, y_pred = data(kind, (3, 5, 4), "float32")
    weights = [None, *(rng.random(shape).astype("float32") for shape in [(3, 5), (3, 1), (5,), (3, 5, 1), ()])]
    for sample_weight in weights:
        for mask in (None, rng.random((3, 5)) < 0.6):
            assert_equal(*against_keras(name, options, y_true, y_pred, sample_weight, mask))


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_nothing_that_counts(reduction, dtype):
    y_true, y_pred = data(NUMBERS, (4, 3), dtype)
    for weights in ({"sample_weight": np.zeros(4, dtype)}, {"mask": np.zeros(4, bool)}):
        assert_equal(*against_keras("Huber", {"reduction": reduction}, y_true, y_pred, **weights))


@pytest.mark.parametrize("name", ["MeanSquaredError", "Hinge", "BinaryCrossentropy", "KLDivergence"])
@pytest.mark.parametrize(
    ("true_shape", "pred_shape"),
    [((3,), (3, 1)), ((3, 1), (3,)), ((3,), (3,)), ((2, 3, 1), (2, 3)), ((2, 3), (2, 3, 1)), ((0, 3), (0, 3))],
)
def test_an_axis_of_length_1_and_none(name, true_shape, pred_shape, dtype):
    y_true, y_pred = rng.integers(0, 2, true_shape), rng.random(pred_shape).astype(dtype)
    assert_equal(*against_keras(name, {}, y_true, y_pred))
    if true_shape == (3,):
        assert_equal(*against_keras(name, {}, y_true, y_pred, sample_weight=np.array([1, 2, 5], dtype)))


@pytest.mark.parametrize("labels", [(3,), (3, 1)])
def test_shapes_of_class_numbers(labels, dtype):
    _, y_pred = data(CLASSES, (3, 4), dtype)
    assert_equal(*against_keras("SparseCategoricalCrossentropy", {}, np.array([0, 3, 1]).reshape(labels), y_pred))


@pytest.mark.parametrize(("name", "options", "kind"), CASES)
def test_functions(name, options, kind, dtype):
    y_true, y_pred = data(kind, (4, 3), dtype)
    report = parity.check(
        getattr(losses, getattr(losses, name)().name.removesuffix("_loss")), y_pred, y_true, **options
    )
    assert report.passed, report


# -- kinks and extremes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["MeanSquaredError", "MeanAbsoluteError", "MeanAbsolutePercentageError", "Huber", "LogCosh"]
)
def test_kinks_of_errors(name, dtype):
    y_pred = np.array([[0.0, 1.0, -1.0, 2.0, 0.5, 1e4, -1e4]], dtype)
    assert_equal(*against_keras(name, {}, np.zeros((1, 7)), y_pred))


@pytest.mark.parametrize("name", ["Hinge", "SquaredHinge"])
@pytest.mark.parametrize("y_true", [[1, 1, -1, 1, -1, -1.0], [1, 1, 0, 1, 0, 0.0], [2, 0.5, 0, 1, 0, 0.0]])
def test_kinks_of_hinges(name, y_true, dtype):
    assert_equal(*against_keras(name, {}, np.array([y_true]), np.array([[0.0, 1.0, -1.0, 2.0, 0.5, -3.0]], dtype)))


@pytest.mark.parametrize("name", ["BinaryCrossentropy", "CategoricalCrossentropy", "KLDivergence"])
@pytest.mark.parametrize("row", [[0, 1, 0.5], [1e-7, 1 - 1e-7, 0.5], [5e-8, 1 - 5e-8, 0.3], [-0.2, 1.2, 0], [0, 1, 0]])
@pytest.mark.parametrize("label", [0, 1, 2])
def test_clipped_probabilities(name, row, label, dtype):
    y_pred = np.array([row], dtype)
    assert_equal(*against_keras(name, {}, np.eye(3)[[label]], y_pred))
    assert_equal(*against_keras("SparseCategoricalCrossentropy", {}, [label], y_pred))


@pytest.mark.parametrize("z", [[1e4, -1e4, 0], [-1e4, 1e4, 3], [50, -50, 0], [-100, -100, -101]])
@pytest.mark.parametrize("label", [0, 1, 2])
def test_extreme_logits(z, label, dtype):
    for name in ("BinaryCrossentropy", "CategoricalCrossentropy"):
        assert_equal(*against_keras(name, {"from_logits": True}, np.eye(3)[[label]], np.array([z], dtype)))
    assert_equal(*against_keras("SparseCategoricalCrossentropy", {"from_logits": True}, [label], np.array([z], dtype)))


@pytest.mark.parametrize("y_true", [[2.0, 1, 0], [0, 0, 0], [0.3, 0.3, 0.3]])
def test_labels_that_are_no_distribution(y_true, dtype):
    z = np.array([[0.5, -1.0, 2.0]], dtype)
    for options in ({}, {"from_logits": True}):
        y_pred = z if options else ops.softmax(z)
        assert_equal(*against_keras("CategoricalCrossentropy", options, np.array([y_true]), y_pred))


def test_vectors_of_length_0(dtype):
    vectors = np.array([[0.0, 0, 0], [1e-9, 0, 0], [1, 2, 3]], dtype)
    others = np.array([[1.0, 2, 3]] * 3, dtype)
    for y_true, y_pred in ((others, vectors), (vectors, others)):
        assert_equal(*against_keras("CosineSimilarity", {}, y_true, y_pred))


# -- signatures, names ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted({name for name, _, _ in CASES}))
def test_arguments_and_defaults_are_keras_s(name):
    keras, _ = oracle.load()
    for thing in (name, getattr(losses, name)().name.removesuffix("_loss")):
        got, wanted = (inspect.signature(getattr(room, thing)).parameters.values() for room in (losses, keras.losses))
        assert [(p.name, p.default) for p in got] == [(p.name, p.default) for p in wanted]
    assert getattr(losses, name)().name == getattr(keras.losses, name)().name


# -- what fit and evaluate compute ------------------------------------------------------------------------------------

X = np.array([[3.0, -2, 30], [1, 2, -25], [0.5, 0.1, -0.3]], "float32")


@pytest.mark.parametrize("activation", ["softmax", "sigmoid", "linear"])
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("BinaryCrossentropy", {}),
        ("CategoricalCrossentropy", {}),
        ("CategoricalCrossentropy", {"label_smoothing": 0.1}),
        ("CategoricalCrossentropy", {"from_logits": True}),
        ("SparseCategoricalCrossentropy", {}),
        ("SparseCategoricalCrossentropy", {"ignore_class": 0}),
        ("MeanSquaredError", {}),
    ],
)
def test_keras_looks_through_softmax_and_sigmoid_to_the_logits(activation, name, options):
    keras, _ = oracle.load()
    y = np.array([1, 1, 0]) if name.startswith("Sparse") else np.eye(3)[[1, 1, 0]]
    results = []
    for library in (kerasedu, keras):
        dense = library.layers.Dense(3, activation=activation, kernel_initializer="identity")
        model = library.Sequential([library.Input((3,)), dense])
        model.compile(library.optimizers.SGD(0.5), loss=getattr(library.losses, name)(**options))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # both libraries warn where loss and activation do not belong together
            value = model.evaluate(X, y, verbose=0)
            model.fit(X, y, epochs=2, verbose=0)
        results.append([value, *model.get_weights()])
    for got, expected in zip(*results, strict=True):
        np.testing.assert_allclose(got, expected, rtol=2e-5, atol=1e-6)
