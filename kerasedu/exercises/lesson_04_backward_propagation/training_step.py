"""Find the bug: one layer is updated before the gradient has passed through it."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _networks(rng):
    for n, d, h, k, dtype in [
        (4, 3, 5, 2, "float64"),
        (1, 2, 3, 1, "float64"),
        (3, 3, 3, 3, "float64"),
        (6, 2, 4, 3, "float32"),
    ]:
        shapes = {"x": (n, d), "y": (n, k), "w1": (d, h), "w2": (h, k)}
        yield {**{name: rng.normal(size=shape).astype(dtype) for name, shape in shapes.items()}, "learning_rate": 0.3}


def _gradients(x, y, w1, w2):
    h = np.tanh(x @ w1)
    dout = (h @ w2 - y) / x.dtype.type(len(x))
    return x.T @ (dout @ w2.T * (1 - h**2)), h.T @ dout


def training_step(x, y, w1, w2, learning_rate):
    dw1, dw2 = _gradients(x, y, w1, w2)
    return w1 - learning_rate * dw1, w2 - learning_rate * dw2


def _updated_on_the_way(x, y, w1, w2, learning_rate):
    h = np.tanh(x @ w1)
    dout = (h @ w2 - y) / x.dtype.type(len(x))
    w2 = w2 - learning_rate * h.T @ dout
    dh = dout @ w2.T
    w1 = w1 - learning_rate * x.T @ (dh * (1 - h**2))
    return w1, w2


def _updated_in_place_on_the_way(x, y, w1, w2, learning_rate):
    h = np.tanh(x @ w1)
    dout = (h @ w2 - y) / x.dtype.type(len(x))
    w2 -= learning_rate * h.T @ dout
    w1 -= learning_rate * x.T @ (dout @ w2.T * (1 - h**2))
    return w1, w2


def _alias_of_w2(x, y, w1, w2, learning_rate):
    h = np.tanh(x @ w1)
    dout = (h @ w2 - y) / x.dtype.type(len(x))
    old = w2
    w2 -= learning_rate * h.T @ dout
    return w1 - learning_rate * x.T @ (dout @ old.T * (1 - h**2)), w2


def _twice(x, y, w1, w2, learning_rate):
    dw1, dw2 = _gradients(x, y, w1, w2)
    return w1 - 2 * learning_rate * dw1, w2 - 2 * learning_rate * dw2


def _gradients_returned(x, y, w1, w2, learning_rate):
    return _gradients(x, y, w1, w2)


def _nothing_updated(x, y, w1, w2, learning_rate):
    return w1, w2


def _in_place(x, y, w1, w2, learning_rate):
    dw1, dw2 = _gradients(x, y, w1, w2)
    w1 -= learning_rate * dw1
    w2 -= learning_rate * dw2
    return w1, w2


def _first_layer_first(x, y, w1, w2, learning_rate):
    w1 = w1 - learning_rate * _gradients(x, y, w1, w2)[0]
    return w1, w2 - learning_rate * _gradients(x, y, w1, w2)[1]


def _forward_again_after_the_first_update(x, y, w1, w2, learning_rate):
    w2 = w2 - learning_rate * _gradients(x, y, w1, w2)[1]
    return w1 - learning_rate * _gradients(x, y, w1, w2)[0], w2


def _mean_taken_twice(x, y, w1, w2, learning_rate):
    dw1, dw2 = _gradients(x, y, w1, w2)
    n = x.dtype.type(len(x))
    return w1 - learning_rate * dw1 / n, w2 - learning_rate * dw2 / n


def _sum_of_the_batch(x, y, w1, w2, learning_rate):
    dw1, dw2 = _gradients(x, y, w1, w2)
    n = x.dtype.type(len(x))
    return w1 - learning_rate * dw1 * n, w2 - learning_rate * dw2 * n


def _second_layer_only(x, y, w1, w2, learning_rate):
    return w1, w2 - learning_rate * _gradients(x, y, w1, w2)[1]


def _other_way_round(x, y, w1, w2, learning_rate):
    return training_step(x, y, w1, w2, learning_rate)[::-1]


def _step_without_learning_rate(x, y, w1, w2, learning_rate):
    dw1, dw2 = _gradients(x, y, w1, w2)
    return w1 - dw1, w2 - dw2


def _uphill(x, y, w1, w2, learning_rate):
    dw1, dw2 = _gradients(x, y, w1, w2)
    return w1 + learning_rate * dw1, w2 + learning_rate * dw2


def _slope_of_tanh_forgotten(x, y, w1, w2, learning_rate):
    h = np.tanh(x @ w1)
    dout = (h @ w2 - y) / x.dtype.type(len(x))
    return w1 - learning_rate * x.T @ (dout @ w2.T), w2 - learning_rate * h.T @ dout


def _other_names(x, y, w1, w2, learning_rate):
    h = np.tanh(x @ w1)
    dout = (h @ w2 - y) / len(x)
    dh = dout @ w2.T
    new_w2 = w2 - learning_rate * (h.T @ dout)
    new_w1 = w1 - learning_rate * (x.T @ (dh * (1 - h * h)))
    return new_w1, new_w2


def _sample_by_sample(x, y, w1, w2, learning_rate):
    new_w1, new_w2 = w1.copy(), w2.copy()
    for one, target in zip(x, y):
        h = np.tanh(one @ w1)
        d = (h @ w2 - target) / len(x)
        new_w2 -= learning_rate * np.outer(h, d)
        new_w1 -= learning_rate * np.outer(one, w2 @ d / np.cosh(one @ w1) ** 2)
    return [new_w1, new_w2]


TRAINING_STEP = Exercise(
    id="training_step",
    lesson="04",
    points=2,
    reference=training_step,
    cases=_networks,
    mistakes=(
        Mistake(
            _updated_on_the_way,
            "w2 is right, w1 is not: dh was computed with the new w2, while the loss came from the old one.",
            12,
        ),
        Mistake(
            _updated_in_place_on_the_way,
            "The update came before the gradient had passed, and `-=` also changed the caller's arrays.",
            12,
        ),
        Mistake(
            _first_layer_first,
            "w2's gradient was computed after w1 had changed: all gradients belong to one point.",
            12,
        ),
        Mistake(
            _forward_again_after_the_first_update,
            "w1's gradient was computed anew after w2 had changed: all gradients belong to one point.",
            12,
        ),
        Mistake(
            _gradients_returned, "Those are the gradients. The update still has to be made: w - learning_rate * dw.", 13
        ),
        Mistake(
            _nothing_updated, "The weights came back unchanged: computing gradients changes nothing by itself.", 13
        ),
        Mistake(
            _alias_of_w2,
            "`old = w2` is a second name for one array, and `-=` changes it under both names (the caller's, too).",
            12,
        ),
        Mistake(_twice, "The half in front of the loss cancels the 2 from the square."),
        Mistake(_second_layer_only, "w1 came back unchanged: its own gradient has to be subtracted as well.", 13),
        Mistake(_other_way_round, "Return w1 first, then w2."),
        Mistake(_mean_taken_twice, "dout holds 1/n already, so all gradients are means; do not divide again.", 7),
        Mistake(_sum_of_the_batch, "The loss is a mean over the samples: the division by n belongs into dout.", 7),
        Mistake(_step_without_learning_rate, "The learning rate says how far to go along the gradient."),
        Mistake(_in_place, "Right numbers, but `-=` changed the caller's weights: w = w - … makes new arrays."),
        Mistake(_uphill, "The gradient points uphill: the loss would grow."),
        Mistake(_slope_of_tanh_forgotten, "Between dh and w1 stands tanh, whose slope is 1 - h²."),
    ),
    alternatives=(_other_names, _sample_by_sample),
    hints=(
        "Follow w2 through the lines: where is it read after it has changed?",
        "All gradients belong to the weights of the forward pass. First every gradient, then every update.",
        "dh = dout @ w2.T must stand before w2 gets its new value.",
    ),
    tolerance=512.0,
)
