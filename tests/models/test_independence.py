"""No array that somebody holds changes because a model goes on working."""

import numpy as np
import pytest

import kerasedu
from kerasedu import layers

rng = np.random.default_rng(1)
IMAGES = rng.normal(size=(80, 8, 8, 1)).astype("float32")
CLASSES = rng.integers(0, 3, 80)
KINDS = {
    "mlp": lambda: [layers.Flatten(), layers.Dense(8, activation="relu")],
    "cnn": lambda: [layers.Conv2D(4, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten()],
    "lstm": lambda: [layers.Reshape((8, 8)), layers.LSTM(5)],
    "gru": lambda: [layers.Reshape((8, 8)), layers.GRU(5)],
    "rnn": lambda: [layers.Reshape((8, 8)), layers.SimpleRNN(5)],
    "normalized": lambda: [layers.Flatten(), layers.BatchNormalization(), layers.Dense(4, activation="tanh")],
}
each_kind = pytest.mark.parametrize("kind", KINDS)


def model_of(kind, seed=0):
    kerasedu.random.set_random_seed(seed)
    model = kerasedu.Sequential([layers.Input((8, 8, 1)), *KINDS[kind](), layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def train(model, **options):
    return model.fit(IMAGES, CLASSES, shuffle=False, verbose=0, **options).history["loss"]


@each_kind
def test_returned_arrays_stay_as_they_are(kind):
    model = model_of(kind)
    y = model.forward(IMAGES[:40], training=True)
    dx = model.backward(np.cos(y))
    held = [y, dx, *model.grads, *model.get_weights(), model.predict(IMAGES, verbose=0)]
    copies = [array.copy() for array in held]
    train(model, epochs=2)
    model.forward(IMAGES[40:])
    model.backward(np.ones((40, 3)))
    for array, copy in zip(held, copies):
        np.testing.assert_array_equal(array, copy)


@each_kind
def test_training_in_turns_equals_training_alone(kind):
    alone = [train(model_of(kind, seed), epochs=3) for seed in (1, 2)]
    first, second = model_of(kind, 1), model_of(kind, 2)
    in_turns = [[train(model)[0] for model in (first, second)] for _ in range(3)]
    assert [list(losses) for losses in zip(*in_turns)] == alone


@each_kind
def test_predicting_between_epochs_changes_nothing(kind):
    alone, model = train(model_of(kind), epochs=2), model_of(kind)
    losses = train(model)
    model.predict(IMAGES[:7], verbose=0)
    model.evaluate(IMAGES, CLASSES, batch_size=80, verbose=0)
    assert losses + train(model) == alone


@each_kind
def test_another_batch_size_on_the_way(kind):
    model, other = model_of(kind), model_of(kind)
    train(model, batch_size=50)
    other.train_on_batch(IMAGES[:50], CLASSES[:50])
    other.train_on_batch(IMAGES[50:], CLASSES[50:])
    for got, expected in zip(model.get_weights(), other.get_weights()):
        np.testing.assert_array_equal(got, expected)


def test_a_layer_in_two_models_learns_from_both():
    shared = layers.Dense(4, activation="tanh")
    models = [kerasedu.Sequential([layers.Input((64,)), shared, layers.Dense(units)]) for units in (2, 3)]
    x = IMAGES.reshape(80, 64)
    for model, units in zip(models, (2, 3)):
        model.compile("sgd", "mse")
        before = shared.kernel.numpy()
        model.fit(x, np.ones((80, units)), verbose=0)
        assert (shared.kernel.value != before).any()
    np.testing.assert_array_equal(models[0].layers[0].kernel.value, models[1].layers[0].kernel.value)
