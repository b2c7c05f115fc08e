"""Models so small that what training does to them can be written down."""

import numpy as np

from kerasedu import Input, Model, Sequential, layers, optimizers

RNG = np.random.default_rng(2)
X = RNG.normal(size=(10, 3)).astype("float32")
Y = RNG.normal(size=(10, 2)).astype("float32")
Y2 = [Y, Y[:, :1]]


def linear(learning_rate=0.1, loss="mse", units=2, **options):
    """One linear layer with the same weights each time."""
    model = Sequential([Input((3,)), layers.Dense(units, name="d")])
    model.set_weights([np.arange(3.0 * units).reshape(3, units) / 10, np.zeros(units)])
    model.compile(optimizers.SGD(learning_rate), loss, **options)
    return model


def step(weights, x, y, learning_rate=0.1, sample_weight=1.0):
    """One update of gradient descent on Σ wᵢ lᵢ / n, with lᵢ the mean squared error of sample i, by hand."""
    w, b = weights
    d = 2 * (x @ w + b - y) / y.shape[1] / len(x) * np.reshape(sample_weight, (-1, 1))
    return w - learning_rate * x.T @ d, b - learning_rate * d.sum(0)


def mse(weights, x, y, sample_weight=1.0):
    w, b = weights
    return float((((x @ w + b - y) ** 2).mean(1) * sample_weight).mean())


def two_outputs(**options):
    x = Input((3,), name="x")
    model = Model(x, [layers.Dense(2, name="p")(x), layers.Dense(1, name="q")(x)])
    model.compile(optimizers.SGD(0.1), **options)
    return model


def pieces(repeat=1):
    for _ in range(repeat):
        yield X[:4], Y[:4]
        yield X[4:], Y[4:]
