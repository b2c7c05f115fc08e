"""Training agrees with tf.keras, weight for weight and number for number."""

import numpy as np
import pytest

import kerasedu
from kerasedu import Input, Model, Sequential, datasets, layers, losses, optimizers, parity, regularizers

pytestmark = pytest.mark.parity
RNG = np.random.default_rng(4)
(DIGITS, LABELS), _ = datasets.digits()
DIGITS, LABELS = DIGITS[:100], LABELS[:100]
X = RNG.normal(size=(50, 6)).astype("float32")


@pytest.fixture(autouse=True)
def same_weights_every_time():
    kerasedu.set_random_seed(0)


def assert_same_training(model, x, y, **options):
    report = parity.check(model, x, y, epochs=3, batch_size=16, **options)
    assert report.passed, report


def classifier(**options):
    model = Sequential(
        [Input((8, 8)), layers.Flatten(), layers.Dense(12, activation="relu"), layers.Dense(10, activation="softmax")]
    )
    model.compile(optimizers.Adam(0.01), "sparse_categorical_crossentropy", **options)
    return model


def regression(loss="mse", dtype="float32", **options):
    model = Sequential(
        [
            Input((6,), dtype=dtype),
            layers.Dense(5, activation="tanh", kernel_regularizer=regularizers.L2(0.01), dtype=dtype),
            layers.Dense(2, bias_regularizer="l1", dtype=dtype),
        ]
    )
    model.compile(optimizers.SGD(0.05, momentum=0.9), loss, **options)
    return model


def test_softmax_with_sparse_crossentropy():
    assert_same_training(classifier(metrics=["accuracy"]), DIGITS, LABELS)


def test_sigmoid_with_binary_crossentropy():
    model = Sequential([Input((6,)), layers.Dense(4, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"])
    assert_same_training(model, X, (X[:, 0] > 0).astype("float32"))


@pytest.mark.parametrize("loss", ["mse", "mae", losses.Huber(0.5)])
def test_regression_with_penalties(loss):
    assert_same_training(regression(loss, metrics=["mae", "mse"]), X, X[:, :2] ** 2)


def test_float64():
    assert_same_training(regression(dtype="float64"), X.astype("float64"), X[:, :2].astype("float64") ** 2)


def test_sample_weights_and_validation():
    model = classifier(metrics=["accuracy"], weighted_metrics=["accuracy", "sparse_categorical_crossentropy"])
    weights = RNG.random(100).astype("float32")
    assert_same_training(model, DIGITS, LABELS, sample_weight=weights, validation_split=0.3)


def test_class_weights():
    assert_same_training(classifier(), DIGITS, LABELS, class_weight={0: 5.0, 3: 0.1})


def test_validation_data_with_weights_and_another_batch_size():
    model, y = regression(weighted_metrics=["mae"]), X[:, :2] ** 2
    held_out = (X[40:], y[40:], RNG.random(10).astype("float32"))
    assert_same_training(model, X[:40], y[:40], validation_data=held_out, validation_batch_size=3)


def test_steps_per_epoch():
    model = regression()
    report = parity.check(model, X, X[:, :2], epochs=4, batch_size=8, steps_per_epoch=2)
    assert report.passed, report


def test_two_inputs_two_outputs_and_a_shared_layer():
    a, b = Input((6,), name="a"), Input((6,), name="b")
    shared = layers.Dense(4, activation="relu", name="shared")
    joined = layers.Concatenate()([shared(a), shared(b)])
    model = Model(
        [a, b], [layers.Dense(3, activation="softmax", name="kind")(joined), layers.Dense(1, name="size")(joined)]
    )
    model.compile(
        "adam",
        {"kind": "categorical_crossentropy", "size": "mse"},
        loss_weights={"kind": 0.3, "size": 2.0},
        metrics={"kind": ["accuracy"], "size": ["mae"]},
    )
    y = [np.eye(3, dtype="float32")[np.arange(50) % 3], X[:, :1]]
    assert_same_training(model, [X, X[::-1].copy()], y, validation_split=0.2)


def test_masked_sequences():
    tokens = RNG.integers(1, 9, size=(40, 5))
    tokens[RNG.random((40, 5)) < 0.3] = 0
    model = Sequential(
        [
            Input((5,)),
            layers.Embedding(9, 4, mask_zero=True),
            layers.SimpleRNN(3, return_sequences=True),
            layers.Dense(2, activation="softmax"),
        ]
    )
    model.compile(optimizers.SGD(0.1, momentum=0.9), "sparse_categorical_crossentropy", metrics=["accuracy"])
    assert_same_training(model, tokens, (tokens > 2).astype("int64"))


def test_keras_adds_the_squares_where_an_embedding_is_used_twice_and_we_square_the_sum():
    """Keras on TensorFlow hands Adam one gradient for each use of a row, g₁ and g₂, and v grows by g₁² + g₂².

    The gradient of the row is g₁ + g₂, and its square is what Adam's paper, other optimizer inputs and we take. So
    Adam, RMSprop and their relatives train an Embedding differently; SGD and its momentum do not.
    """
    x, y = np.array([[1.0, 1.0, 2.0]]), np.array([[[1.0], [3.0], [5.0]]])
    model = Sequential([Input((3,)), layers.Embedding(3, 1, embeddings_initializer="zeros")])
    model.compile(optimizers.Adam(beta_2=0.0), "mse")
    theirs = parity.to_keras(model)
    for trained in (model, theirs):
        trained.train_on_batch(x, y)
    g1, g2 = -2 / 3, -6 / 3
    velocity = [np.asarray(trained.optimizer.variables[3]).ravel()[1] for trained in (model, theirs)]
    np.testing.assert_allclose(velocity, [(g1 + g2) ** 2, g1**2 + g2**2], rtol=1e-6)


def test_frozen_layers_and_batch_normalization():
    model = Sequential(
        [
            Input((6,)),
            layers.Dense(5, trainable=False),
            layers.BatchNormalization(),
            layers.Dense(4, activation="relu"),
            layers.BatchNormalization(trainable=False),
            layers.Dense(1),
        ]
    )
    model.compile("sgd", "mse")
    assert_same_training(model, X, X[:, :1])


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
@pytest.mark.parametrize("loss", ["binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"])
def test_any_crossentropy_goes_back_to_the_logits_of_softmax_and_sigmoid(activation, loss):
    """Keras keeps the logits of either activation, and any cross-entropy takes them, even where the two do not fit."""
    model = Sequential([Input((6,)), layers.Dense(3, activation=activation)])
    model.compile("sgd", loss)
    labels = np.arange(50) % 3
    y = labels if loss.startswith("sparse") else np.eye(3, dtype="float32")[labels]
    assert_same_training(model, 30 * X, y)


def test_a_convolutional_network():
    model = Sequential(
        [
            Input((8, 8, 1)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    assert_same_training(model, DIGITS[..., None], LABELS)
