"""Every family's check notices a wrong derivative: one part in a thousand, a missing term, a swapped gate."""

from types import MethodType

import numpy as np
import pytest

from kerasedu import layers, losses, metrics, optimizers, parity
from kerasedu.models import Sequential
from kerasedu.random import set_random_seed

pytestmark = pytest.mark.parity
rng = np.random.default_rng(21)
TYPES = ["float32", "float64"]


@pytest.fixture(autouse=True)
def same_weights_every_time():
    set_random_seed(0)


def spoiled(layer, change):
    """``layer``, whose (dx, gradients) pass through ``change`` on their way out."""

    def call_backward(self, *arguments):
        dx, gradients = type(self).call_backward(self, *arguments)
        return change(dx, [np.array(g) for g in gradients])

    layer.call_backward = MethodType(call_backward, layer)
    return layer


FAMILIES = {
    "dense": (lambda dtype: layers.Dense(5, activation="tanh", dtype=dtype), (6, 8)),
    "conv": (lambda dtype: layers.Conv2D(4, 3, padding="same", dtype=dtype), (2, 9, 9, 3)),
    "batch norm": (lambda dtype: layers.BatchNormalization(dtype=dtype), (6, 5, 4)),
    "layer norm": (lambda dtype: layers.LayerNormalization(dtype=dtype), (6, 5, 4)),
    "simple rnn": (lambda dtype: layers.SimpleRNN(5, dtype=dtype), (4, 12, 3)),
    "lstm": (lambda dtype: layers.LSTM(5, return_sequences=True, dtype=dtype), (4, 12, 3)),
    "gru": (lambda dtype: layers.GRU(5, dtype=dtype), (4, 12, 3)),
    "bidirectional": (lambda dtype: layers.Bidirectional(layers.LSTM(3, dtype=dtype)), (4, 7, 3)),
}


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("family", FAMILIES)
def test_one_part_in_a_thousand_in_any_gradient_is_caught(family, dtype):
    make, shape = FAMILIES[family]
    x = rng.standard_normal(shape)
    options = {"training": True} if family == "batch norm" else {}
    right = parity.check(make(dtype), x, **options)
    assert right.passed, right
    assert all(row.telling for row in right.rows), right

    def larger_dx(dx, gradients):
        return dx * np.array(1.001, dx.dtype), gradients

    wrong = parity.check(spoiled(make(dtype), larger_dx), x, **options)
    assert [row.what for row in wrong.rows if not row.passed] == ["dL/dx"]
    assert wrong["dL/dx"].cause == "off by the factor 1.001"
    names = [row.what for row in right.rows if row.what.startswith("dL/d") and row.what != "dL/dx"]
    for i in range(len(names)):

        def larger_dw(dx, gradients, i=i):
            gradients[i] *= 1.001
            return dx, gradients

        wrong = parity.check(spoiled(make(dtype), larger_dw), x, **options)
        failed = [row for row in wrong.rows if not row.passed]
        assert len(failed) == 1
        assert failed[0].cause == "off by the factor 1.001"


def a_transposed_kernel_gradient(dx, gradients):
    gradients[0] = gradients[0].swapaxes(-1, -2).copy()
    return dx, gradients


def swapped_gates(dx, gradients):
    i, f, c, o = np.split(gradients[0], 4, axis=-1)
    gradients[0] = np.concatenate([i, c, f, o], axis=-1)
    return dx, gradients


def without_the_last_step(dx, gradients):
    dx[:, -1] = 0
    return dx, gradients


def mean_instead_of_sum(dx, gradients):
    gradients[-1] /= 4
    return dx, gradients


def time_reversed(dx, gradients):
    return dx[:, ::-1], gradients


@pytest.mark.parametrize(
    ("make", "shape", "mistake", "row", "cause"),
    [
        (lambda: layers.Dense(4), (4, 4), a_transposed_kernel_gradient, "dL/dkernel", "last two axes transposed"),
        (lambda: layers.Dense(4), (4, 4), mean_instead_of_sum, "dL/dbias", "off by the factor 0.25"),
        (lambda: layers.LSTM(3), (2, 4, 3), swapped_gates, "dL/dkernel", "second and third quarter"),
        (lambda: layers.GRU(3), (2, 4, 3), time_reversed, "dL/dx", "axis 1 in reverse order"),
        (lambda: layers.SimpleRNN(3), (2, 4, 3), without_the_last_step, "dL/dx", "numbers differ"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_the_usual_mistakes_are_caught_and_named(make, shape, mistake, row, cause):
    x = rng.standard_normal(shape)
    report = parity.check(spoiled(make(), mistake), x)
    assert [r.what for r in report.rows if not r.passed] == [row]
    assert cause in report[row].cause


def test_a_missing_term_of_batch_normalization_is_caught():
    def without_the_variance_term(dx, gradients):
        return dx + 0.01 * X / np.std(X, axis=0), gradients

    X = rng.standard_normal((32, 4)).astype("float32")
    report = parity.check(spoiled(layers.BatchNormalization(), without_the_variance_term), X, training=True)
    assert not report["dL/dx"].passed


def test_noise_of_the_size_of_tensorfloat_32_is_caught():
    """Ten bits of mantissa instead of 23: what a GPU does to matrix products unless it is told not to."""
    x = rng.standard_normal((16, 64)).astype("float32")
    layer = layers.Dense(32)
    right = layer.linear

    def rounded(x, training=False, mask=None):
        x, kernel = ((a.view(np.uint32) & 0xFFFFE000).view(np.float32) for a in (x.copy(), layer.kernel.value.copy()))
        return x @ kernel, right(x)[1]

    assert parity.check(layer, x).passed
    layer.linear = rounded
    report = parity.check(layer, x)
    assert not report["y"].passed
    assert report["y"].ratio > 20


@pytest.mark.parametrize("dtype", TYPES)
def test_a_wrong_loss_gradient_is_caught(dtype):
    p, t = rng.uniform(0.1, 0.9, (6, 4)).astype(dtype), rng.integers(0, 2, (6, 4)).astype(dtype)
    for loss in (losses.MeanSquaredError(), losses.BinaryCrossentropy(), losses.CategoricalCrossentropy()):
        assert parity.check(loss, p, t).passed
        right = loss.backward
        loss.backward = lambda right=right: right() * np.array(1.001, dtype)
        report = parity.check(loss, p, t)
        assert [row.what for row in report.rows if not row.passed] == ["dL/dy_pred"]


@pytest.mark.parametrize(
    "option", [{"beta_1": 0.9001}, {"beta_2": 0.9991}, {"epsilon": 2e-7}, {"learning_rate": 0.001001}]
)
def test_a_wrong_optimizer_constant_is_caught(option):
    """The twin is made from the arguments, so the mistake is made in the copy that runs."""

    class Adam(optimizers.Adam):
        def build(self, variables):
            super().build(variables)
            for name, value in option.items():
                setattr(self, name, value)

    Adam.__module__ = optimizers.Adam.__module__
    gradients = [np.full(3, g) for g in 1e-4 * rng.standard_normal(50)]
    assert parity.check(optimizers.Adam(), np.ones(3), gradients=gradients).passed
    assert not parity.check(Adam(), np.ones(3), gradients=gradients).passed


def test_adam_without_bias_correction_is_caught_at_the_first_step():
    class Adam(optimizers.Adam):
        def update_step(self, gradient, variable, learning_rate):
            variable.value -= learning_rate * gradient

    Adam.__module__ = optimizers.Adam.__module__
    report = parity.check(Adam(), np.ones(3), steps=1)
    assert not report.passed


def test_a_wrong_metric_is_caught():
    t, p = rng.integers(0, 2, 40), rng.uniform(size=40)
    metric = metrics.Precision()
    assert parity.check(metric, p, t).passed
    right = metric.result
    metric.result = lambda: right() * 1.001
    assert not parity.check(metric, p, t).passed


def test_a_wrong_layer_inside_a_model_is_caught_by_gradients_and_training():
    def slightly_larger(dx, gradients):
        return dx * np.float32(1.001), gradients

    model = Sequential([layers.Input((4,)), layers.Dense(5, activation="tanh"), layers.Dense(2)])
    model.compile("sgd", "mse")
    x, y = rng.standard_normal((32, 4)).astype("float32"), rng.standard_normal((32, 2)).astype("float32")
    assert parity.check(model, x).passed
    assert parity.check(model, x, y).passed
    assert parity.check(model, x, y, epochs=2).passed
    spoiled(model.layers[1], slightly_larger)
    for report in (parity.check(model, x), parity.check(model, x, y), parity.check(model, x, y, epochs=2)):
        wrong = [row.what.split(",")[0] for row in report.rows if not row.passed]
        assert any("dense" in what and "kernel" in what for what in wrong), report
