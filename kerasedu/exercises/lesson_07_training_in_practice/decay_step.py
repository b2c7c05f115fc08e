"""A step of gradient descent with weight decay, biases left alone."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _networks(rng):
    for shapes, learning_rate, weight_decay, dtype in [
        ([(3, 4), (4,), (4, 2), (2,)], 0.1, 0.5, "float64"),
        ([(2, 1), (1,)], 0.5, 0.1, "float64"),
        ([(3, 3), (3,), (3, 3), (3,)], 0.2, 0.3, "float32"),
        ([(1, 1), (1,)], 0.25, 0.0, "float64"),
        ([(2, 3), (3, 1), (1,)], 0.1, 0.5, "float64"),  # the first layer has no bias
    ]:
        weights, gradients = ([rng.normal(size=shape).astype(dtype) for shape in shapes] for _ in range(2))
        yield {
            "weights": weights,
            "gradients": gradients,
            "learning_rate": learning_rate,
            "weight_decay": weight_decay,
        }


def decay_step(weights, gradients, learning_rate, weight_decay):
    rates = [weight_decay if w.ndim == 2 else 0.0 for w in weights]
    return tuple(w - learning_rate * (g + rate * w) for w, g, rate in zip(weights, gradients, rates))


def _biases_too(weights, gradients, learning_rate, weight_decay):
    return tuple(w - learning_rate * (g + weight_decay * w) for w, g in zip(weights, gradients))


def _biases_only(weights, gradients, learning_rate, weight_decay):
    rates = [0.0 if w.ndim == 2 else weight_decay for w in weights]
    return tuple(w - learning_rate * (g + rate * w) for w, g, rate in zip(weights, gradients, rates))


def _no_decay(weights, gradients, learning_rate, weight_decay):
    return tuple(w - learning_rate * g for w, g in zip(weights, gradients))


def _without_the_learning_rate(weights, gradients, learning_rate, weight_decay):
    rates = [weight_decay if w.ndim == 2 else 0.0 for w in weights]
    return tuple(w - learning_rate * g - rate * w for w, g, rate in zip(weights, gradients, rates))


def _towards_larger_weights(weights, gradients, learning_rate, weight_decay):
    rates = [weight_decay if w.ndim == 2 else 0.0 for w in weights]
    return tuple(w - learning_rate * (g - rate * w) for w, g, rate in zip(weights, gradients, rates))


def _twice(weights, gradients, learning_rate, weight_decay):
    return decay_step(weights, gradients, learning_rate, 2 * weight_decay)


def _half(weights, gradients, learning_rate, weight_decay):
    return decay_step(weights, gradients, learning_rate, weight_decay / 2)


def _first_layer_only(weights, gradients, learning_rate, weight_decay):
    rates = [weight_decay, *[0.0] * (len(weights) - 1)]
    return tuple(w - learning_rate * (g + rate * w) for w, g, rate in zip(weights, gradients, rates))


def _longer_than_one(weights, gradients, learning_rate, weight_decay):
    rates = [weight_decay if len(w) > 1 else 0.0 for w in weights]
    return tuple(w - learning_rate * (g + rate * w) for w, g, rate in zip(weights, gradients, rates))


def _after_the_step(weights, gradients, learning_rate, weight_decay):
    rates = [weight_decay if w.ndim == 2 else 0.0 for w in weights]
    return tuple((w - learning_rate * g) * (1 - learning_rate * r) for w, g, r in zip(weights, gradients, rates))


def _biases_not_updated(weights, gradients, learning_rate, weight_decay):
    steps = decay_step(weights, gradients, learning_rate, weight_decay)
    return tuple(step if w.ndim == 2 else w for w, step in zip(weights, steps))


def _sign_of_the_weight(weights, gradients, learning_rate, weight_decay):
    rates = [weight_decay if w.ndim == 2 else 0.0 for w in weights]
    return tuple(w - learning_rate * (g + rate * np.sign(w)) for w, g, rate in zip(weights, gradients, rates))


def _in_place(weights, gradients, learning_rate, weight_decay):
    for w, g in zip(weights, gradients):
        if w.ndim == 2:
            w *= 1 - learning_rate * weight_decay
        w -= learning_rate * g
    return weights


def _in_two_lines(weights, gradients, learning_rate, weight_decay):
    result = []
    for w, g in zip(weights, gradients):
        new = w * (1 - learning_rate * weight_decay) if len(w.shape) > 1 else w
        result.append(new - learning_rate * g)
    return result


def _every_second(weights, gradients, learning_rate, weight_decay):
    rates = [weight_decay if place % 2 == 0 else 0.0 for place in range(len(weights))]
    return tuple(w - learning_rate * (g + rate * w) for w, g, rate in zip(weights, gradients, rates))


def _by_number_of_axes(weights, gradients, learning_rate, weight_decay):
    factors = {1: 1.0, 2: 1 - learning_rate * weight_decay}
    return [factors[np.ndim(w)] * w - learning_rate * g for w, g in zip(weights, gradients)]


DECAY_STEP = Exercise(
    id="decay_step",
    lesson="07",
    points=2,
    reference=decay_step,
    cases=_networks,
    mistakes=(
        Mistake(_biases_too, "The biases decayed as well. A bias only shifts a unit: it has one axis, a kernel two."),
        Mistake(_biases_only, "It is the kernels that decay, the arrays with two axes."),
        Mistake(_no_decay, "That is the step without the decay."),
        Mistake(_without_the_learning_rate, "The decay, too, is multiplied by the learning rate."),
        Mistake(_towards_larger_weights, "Your weights grow: the decay pulls them towards 0."),
        Mistake(_twice, "A 2 too many: the decay is learning_rate · weight_decay · w."),
        Mistake(_half, "A ½ too many: the decay is learning_rate · weight_decay · w."),
        Mistake(_first_layer_only, "Every kernel decays, not the first alone."),
        Mistake(
            _every_second, "Kernels and biases need not alternate: a layer can do without a bias. Ask for the axes."
        ),
        Mistake(_longer_than_one, "len(w) is the length of the first axis; w.ndim tells how many axes there are."),
        Mistake(_after_the_step, "You let the new weights decay. Decay and step both start from the old ones."),
        Mistake(_biases_not_updated, "The biases do not decay, but they still follow their gradients."),
        Mistake(
            _sign_of_the_weight,
            "That pulls all weights equally hard (L1). Here the pull is in proportion to the weight.",
        ),
        Mistake(_in_place, "Right numbers, but `-=` changed the caller's weights: w = w - … makes new arrays."),
    ),
    alternatives=(_in_two_lines, _by_number_of_axes),
    hints=(
        "How can you tell a kernel from a bias by its shape?",
        "Two pulls on a kernel, one on a bias; both are multiplied by the learning rate.",
        "For a kernel: w - learning_rate * g - learning_rate * weight_decay * w",
    ),
    tolerance=256.0,
    keeps_dtype=False,
)
