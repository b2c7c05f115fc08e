"""A network trained from scratch reads real handwritten digits."""

import numpy as np

import kerasedu
from kerasedu import Sequential, datasets, layers


def test_a_small_network_reads_95_of_100_digits():
    kerasedu.set_random_seed(0)
    (x, y), (x_test, y_test) = datasets.digits()
    model = Sequential(
        [
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dropout(0.2),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(x, y, epochs=30, validation_split=0.1, verbose=0).history
    _, accuracy = model.evaluate(x_test, y_test, verbose=0)
    assert accuracy >= 0.95
    assert accuracy == (model.predict(x_test, verbose=0).argmax(1) == y_test).mean().astype("float32")
    assert history["val_loss"][-1] < history["val_loss"][0] / 5


def test_a_seed_makes_training_repeatable():
    (x, y), _ = datasets.digits()
    weights = []
    for _ in range(2):
        kerasedu.set_random_seed(7)
        model = Sequential([layers.Flatten(), layers.Dropout(0.5), layers.Dense(10)])
        model.compile("adam", "mse")
        model.fit(x[:100], np.eye(10)[y[:100]], epochs=2, verbose=0)
        weights.append(model.get_weights())
    for first, second in zip(*weights):
        np.testing.assert_array_equal(first, second)
