"""``parity.check`` takes anything of ours, leaves it as it was, and says clearly what it did."""

import numpy as np
import pytest

from kerasedu import (
    activations,
    constraints,
    initializers,
    layers,
    losses,
    metrics,
    ops,
    optimizers,
    parity,
    regularizers,
)
from kerasedu.models import Model, Sequential

pytestmark = pytest.mark.parity
rng = np.random.default_rng(31)
X = rng.standard_normal((6, 5)).astype("float32")


def rows(report):
    return [row.what for row in report.rows]


def test_a_layer_is_compared_in_outputs_and_all_gradients():
    report = parity.check(layers.Dense(3, activation="relu"), X)
    assert report.passed, report
    assert rows(report) == ["y", "dL/dx", "dL/dkernel", "dL/dbias"]
    assert {row.dtype for row in report.rows} == {"float32"}


def test_the_type_is_that_of_the_layer():
    report = parity.check(layers.Dense(3, dtype="float64"), X)
    assert report.passed, report
    assert {row.dtype for row in report.rows} == {"float64"}
    assert max(row.error for row in report.rows) < 1e-13


def test_weights_after_the_call_are_compared_and_put_back():
    layer = layers.BatchNormalization()
    layer(X)
    before = layer.get_weights()
    report = parity.check(layer, X, training=True, calls=3)
    assert report.passed, report
    assert rows(report)[-2:] == ["moving_mean after", "moving_variance after"]
    for a, b in zip(before, layer.get_weights()):
        np.testing.assert_array_equal(a, b)


def test_the_weights_of_a_layer_are_used_not_drawn_again():
    layer = layers.Dense(2, kernel_initializer=initializers.Constant(0.5))
    layer(X)
    layer.kernel.assign(rng.standard_normal((5, 2)))
    assert parity.check(layer, X).passed


def test_masks_and_states_are_compared():
    x, mask = rng.standard_normal((2, 4, 3)), np.array([[True, True, False, False], [True, True, True, True]])
    layer = layers.GRU(2, return_sequences=True, return_state=True)
    report = parity.check(layer, x, mask=mask, initial_state=[rng.standard_normal((2, 2))])
    assert report.passed, report
    assert rows(report)[:5] == ["y[0]", "y[1]", "mask", "dL/dx", "dL/dstate"]
    report = parity.check(layers.Masking(), np.where(mask[..., None], x, 0))
    assert report.passed, report
    assert "mask" in rows(report)


def test_stateful_layers_are_called_again():
    x = rng.standard_normal((2, 4, 3))
    once = parity.check(layers.LSTM(2, stateful=True), x)
    twice = parity.check(layers.LSTM(2, stateful=True), x, calls=2)
    assert once.passed, once
    assert twice.passed, twice


def test_what_keras_computes_in_float32_is_judged_as_such():
    layer = layers.UpSampling2D(3, interpolation="bilinear", dtype="float64")
    report = parity.check(layer, rng.standard_normal((2, 3, 4, 2)))
    assert report.passed, report
    assert report.rows[0].tolerance > 1e-7
    assert all(row.telling for row in report.rows)


def test_where_all_is_rounding_the_report_says_so():
    report = parity.check(layers.Conv1D(1, 2, activation="softmax"), rng.standard_normal((3, 6, 2)))
    assert report.passed, report
    assert report["y"].verdict == "equal"
    assert all(row.verdict == "rounding" or row.error == 0 for row in report.rows[1:]), report


def test_saturated_activations_agree():
    x = np.array([[9.01, -9.2, 12.0, 30.0, -88.0]], "float32")
    for name in ("tanh", "sigmoid", "softmax", "softplus", "gelu", "log_softmax"):
        report = parity.check(activations.get(name), x)
        assert report.passed, report


def test_several_inputs_come_in_a_list():
    report = parity.check(layers.Multiply(), [X, X + 1])
    assert report.passed, report
    assert rows(report) == ["y", "dL/dx[0]", "dL/dx[1]"]


def test_integer_inputs_have_no_gradient():
    report = parity.check(layers.Embedding(7, 3), rng.integers(0, 7, (2, 4)))
    assert report.passed, report
    assert rows(report) == ["y", "dL/dembeddings"]


def test_activations_and_functions():
    for subject in (activations.get("gelu"), ops.gelu):
        report = parity.check(subject, X)
        assert report.passed, report
        assert rows(report) == ["y", "dL/dx"]
    report = parity.check(ops.matmul, (X, X.T))
    assert report.passed, report
    assert rows(report) == ["y", "dL/dx[0]", "dL/dx[1]"]
    for report in (
        parity.check(ops.concatenate, [X, X], axis=0),
        parity.check(ops.einsum, ("ij,kj->ik", X, X)),
        parity.check(ops.moments, X, axes=0),
        parity.check(ops.one_hot, np.array([1, 0, 2]), num_classes=3),
    ):
        assert report.passed, report


def test_losses_and_loss_functions():
    p, t = rng.uniform(0.1, 0.9, (6, 3)), np.eye(3)[rng.integers(0, 3, 6)]
    report = parity.check(losses.CategoricalCrossentropy(label_smoothing=0.1), p, t, sample_weight=np.arange(6.0))
    assert report.passed, report
    assert rows(report) == ["loss", "dL/dy_pred"]
    report = parity.check(losses.categorical_crossentropy, p, t)
    assert report.passed, report
    assert rows(report) == ["value"]


def test_metrics_after_every_batch_and_after_a_reset():
    p, t = rng.uniform(size=30), rng.integers(0, 2, 30)
    report = parity.check(metrics.AUC(num_thresholds=20), p, t, sample_weight=rng.uniform(size=30), steps=2)
    assert report.passed, report
    assert rows(report) == ["after batch 1", "after batch 2", "after reset and batch 1"]
    report = parity.check(metrics.Mean(), p)
    assert report.passed, report


def test_optimizers_after_every_step():
    optimizer = optimizers.Adam(0.01)
    report = parity.check(optimizer, [np.ones((2, 3)), np.zeros(4)], steps=20)
    assert report.passed, report
    assert [row.split(", worst of 20 steps")[0] for row in rows(report)] == ["variable[0]", "variable[1]"]
    assert optimizer.iterations == 0
    report = parity.check(optimizers.SGD(0.1, momentum=0.9), np.ones(2), gradients=[np.ones(2), np.zeros(2)])
    assert report.passed, report


def test_schedules_regularizers_and_constraints():
    report = parity.check(optimizers.schedules.ExponentialDecay(0.1, 10, 0.5, staircase=True), np.arange(0, 50, 7))
    assert report.passed, report
    report = parity.check(regularizers.L1L2(0.1, 0.2), X)
    assert report.passed, report
    assert rows(report) == ["y", "dL/dx"]
    for constraint in (constraints.MaxNorm(0.5), constraints.UnitNorm(axis=1), constraints.NonNeg()):
        report = parity.check(constraint, X)
        assert report.passed, report
        assert rows(report) == ["y"]


def test_each_argument_keeps_its_type():
    report = parity.check(ops.sparse_categorical_crossentropy, (np.array([1, 0]), X[:2]), from_logits=True)
    assert report.passed, report
    assert {row.dtype for row in report.rows} == {"float32"}


def test_a_model_is_a_layer():
    x = layers.Input((5,))
    model = Model(x, {"b": layers.Dense(2)(x), "a": layers.Dense(3)(x)})
    report = parity.check(model, X)
    assert report.passed, report
    assert rows(report)[:3] == ["y[0]", "y[1]", "dL/dx"]
    report = parity.check(Sequential([layers.Dense(2, dtype="float64")]), X)
    assert report.passed, report
    assert report["y"].dtype == "float64"


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        (layers.Dense(3), "Dense(units=3)"),
        (
            layers.Dense(3, "relu", kernel_initializer="he_normal"),
            "Dense(units=3, activation='relu', kernel_initializer='he_normal')",
        ),
        (layers.Conv2D(2, 3, padding="same"), "Conv2D(filters=2, kernel_size=(3, 3), padding='same')"),
        (losses.Huber(delta=0.5), "Huber(delta=0.5)"),
        (activations.get("relu"), "relu"),
        (ops.softmax, "softmax"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_the_title_shows_what_was_asked_for(subject, title):
    from kerasedu.parity.check import title as title_of

    assert title_of(subject) == title
    assert parity.check(activations.get("relu"), X, name="rectifier").title == "rectifier"


def test_what_cannot_be_compared_is_refused():
    class Mine(layers.Layer):
        def call(self, x, training=False, mask=None):
            return x, None

        def call_backward(self, dy, cache):
            return dy, []

    with pytest.raises(ValueError, match="Keras has no class Mine"):
        parity.check(Mine(), X)
    with pytest.raises(ValueError, match="got int"):
        parity.check(3, X)
    with pytest.raises(ValueError, match="Keras has no function rows"):
        parity.check(rows, X)


def test_a_different_shape_is_a_difference_not_a_crash():
    layer = layers.Flatten()
    layer.call = lambda x, training=False, mask=None: (x.reshape(-1), x.shape)
    report = parity.check(layer, X)
    assert not report.passed
    assert report["y"].cause == "shape (30,), Keras has (6, 5): the same numbers in another shape"


def test_inputs_are_never_changed():
    x = X.copy()
    x.setflags(write=False)
    assert parity.check(layers.Dense(2), x).passed
    assert parity.check(losses.MeanSquaredError(), x, x).passed
    np.testing.assert_array_equal(x, X)
