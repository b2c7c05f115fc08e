"""Both libraries train the same model from the same weights to the same weights."""

import numpy as np
import pytest

from kerasedu import datasets, layers, losses, optimizers, parity
from kerasedu.models import Model, Sequential
from kerasedu.random import set_random_seed

pytestmark = pytest.mark.parity


@pytest.fixture(autouse=True)
def same_weights_every_time():
    set_random_seed(0)


@pytest.fixture(scope="module")
def digits():
    (x, y), _ = datasets.digits()
    return (x[:192] / 16).reshape(192, 8, 8).astype("float32"), y[:192]


def mlp():
    return Sequential([layers.Flatten(), layers.Dense(16, activation="relu"), layers.Dense(10, activation="softmax")])


def cnn():
    return Sequential(
        [
            layers.Reshape((8, 8, 1)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.BatchNormalization(),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )


def recurrent(layer):
    return Sequential([layer(8), layers.Dense(10, activation="softmax")])


KINDS = {
    "MLP": mlp,
    "CNN": cnn,
    "SimpleRNN": lambda: recurrent(layers.SimpleRNN),
    "LSTM": lambda: recurrent(layers.LSTM),
    "GRU": lambda: recurrent(layers.GRU),
}


@pytest.mark.parametrize("kind", KINDS)
def test_three_epochs_on_real_digits(kind, digits):
    x, y = digits
    model = KINDS[kind]()
    model.compile(optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    report = parity.check(model, x, y, epochs=3, batch_size=64, validation_split=0.25)
    assert report.passed, report
    assert [row.what for row in report.rows[:4]] == [
        f"history: {key}" for key in ("accuracy", "loss", "val_accuracy", "val_loss")
    ]
    assert len(report.rows) == 4 + len(model.weights)
    assert all("worst of 9 steps" in row.what for row in report.rows[4:])
    assert model.optimizer.iterations == 0


def test_two_inputs_and_two_outputs_with_weights(digits):
    x, y = digits
    top, bottom = layers.Input((4, 8)), layers.Input((4, 8))
    shared = layers.GRU(6)
    both = layers.Concatenate()([shared(top), shared(bottom)])
    digit, odd = layers.Dense(10, activation="softmax", name="digit")(both), layers.Dense(1, name="odd")(both)
    model = Model([top, bottom], [digit, odd])
    model.compile(
        "rmsprop",
        {"digit": "sparse_categorical_crossentropy", "odd": losses.BinaryCrossentropy(from_logits=True)},
        loss_weights={"digit": 1.0, "odd": 0.5},
    )
    report = parity.check_fit(model, [x[:, :4], x[:, 4:]], [y, (y % 2)[:, None].astype("float32")], epochs=2)
    assert report.passed, report
    assert {"history: digit_loss", "history: odd_loss"} <= {row.what for row in report.rows}


def test_regularized_model_with_sample_weights_in_float64(digits):
    x, y = digits
    model = Sequential(
        [
            layers.Input((64,), dtype="float64"),
            layers.Dense(8, "tanh", kernel_regularizer="l1_l2", kernel_constraint="unit_norm", dtype="float64"),
            layers.Dense(10, "softmax", dtype="float64"),
        ]
    )
    model.compile(optimizers.SGD(0.1, momentum=0.9, nesterov=True), "sparse_categorical_crossentropy")
    weight = np.random.default_rng(0).uniform(size=192)
    report = parity.check_fit(model, x.reshape(192, 64), y, sample_weight=weight, batch_size=50)
    assert report.passed, report
    assert max(row.error for row in report.rows) < 1e-12


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_gradients_of_the_compiled_loss(dtype):
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((20, 6)), np.eye(3)[rng.integers(0, 3, 20)]
    model = Sequential(
        [
            layers.Input((6,), dtype=dtype),
            layers.Dense(5, activation="relu", kernel_regularizer="l2", dtype=dtype),
            layers.BatchNormalization(dtype=dtype),
            layers.Dense(3, activation="softmax", dtype=dtype),
        ]
    )
    model.compile("adam", losses.CategoricalCrossentropy(label_smoothing=0.1))
    report = parity.check(model, x, y, sample_weight=rng.uniform(size=20))
    assert report.passed, report
    assert report.rows[0].what == "loss"
    assert len(report.rows) == 1 + len(model.weights)


def test_a_bias_before_batch_normalization_is_called_rounding(digits):
    """Its gradient is zero, and computed as 1e-9: a comparison can't tell, and Adam makes steps of it."""
    x, y = digits
    model = Sequential(
        [layers.Flatten(), layers.Dense(8), layers.BatchNormalization(), layers.Dense(10, activation="softmax")]
    )
    model.compile(optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    report = parity.check(model, x, y)
    assert report.passed, report
    bias = next(row for row in report.rows if row.what.startswith("dL/ddense") and row.what.endswith("bias"))
    assert bias.verdict == "rounding"
    assert parity.check(model, x, y, epochs=1).passed


def test_the_model_is_left_as_it_was(digits):
    x, y = digits
    model = mlp()
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y, epochs=1, verbose=0)
    before, steps = model.get_weights(), model.optimizer.iterations
    parity.check_fit(model, x, y, epochs=1)
    parity.check(model, x, y)
    for a, b in zip(before, model.get_weights()):
        np.testing.assert_array_equal(a, b)
    assert model.optimizer.iterations == steps


def test_an_uncompiled_model_is_refused(digits):
    with pytest.raises(ValueError, match=r"is not compiled: call compile\(optimizer, loss\) before check_fit"):
        parity.check_fit(mlp(), *digits)


@pytest.mark.parametrize(
    "layer",
    [
        layers.Dropout(0.5),
        layers.LSTM(4, dropout=0.1),
        layers.Bidirectional(layers.GRU(4, recurrent_dropout=0.1)),
        layers.TimeDistributed(layers.Dropout(0.2)),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_a_model_that_draws_random_numbers_is_refused(layer, digits):
    x, y = digits
    model = Sequential([layers.Input((8, 8)), layer, layers.Flatten(), layers.Dense(10, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    for options in ({}, {"epochs": 1}):
        with pytest.raises(ValueError, match="has dropout"):
            parity.check(model, x, y, **options)


def test_two_runs_are_shown_step_by_step(digits):
    x, y = digits
    model = mlp()
    model.compile("adam", "sparse_categorical_crossentropy")
    training = parity.compare_training(model, x, y, epochs=2, batch_size=64)
    assert training
    assert len(training.distances) == 6
    assert 0 <= max(training.distances) < 1e-5
    assert training.report["history: loss"].passed
    html = training._repr_html_()
    assert "The losses of both libraries by epoch" in html
    assert "all 5 within tolerance" in html
    assert "largest distance between the weights" in repr(training)


def test_a_run_that_goes_astray_shows_in_the_distances(digits, monkeypatch):
    x, y = digits
    original = layers.Dense.linear_gradients
    monkeypatch.setattr(layers.Dense, "linear_gradients", lambda *a: [1.1 * g for g in original(*a)])
    model = mlp()
    model.compile(optimizers.SGD(0.1), "sparse_categorical_crossentropy")
    training = parity.compare_training(model, x, y, epochs=2, batch_size=64)
    assert not training
    assert training.distances[-1] > training.distances[0] > 1e-4
