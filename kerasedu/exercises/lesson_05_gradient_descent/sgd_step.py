"""One step of plain gradient descent for all weights of a model."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _models(rng):
    for shapes, learning_rate, dtype in [
        ([(3, 2), (2,)], 0.1, "float64"),
        ([(4,)], 0.5, "float64"),
        ([(2, 3), (3,), (3, 3), (3,)], 0.01, "float32"),
        ([(5, 1), (1,)], 1.5, "float64"),
    ]:
        weights, gradients = ([rng.normal(size=shape).astype(dtype) for shape in shapes] for _ in range(2))
        yield {"weights": weights, "gradients": gradients, "learning_rate": learning_rate}


def sgd_step(weights, gradients, learning_rate):
    return tuple(w - learning_rate * g for w, g in zip(weights, gradients))


def _uphill(weights, gradients, learning_rate):
    return tuple(w + learning_rate * g for w, g in zip(weights, gradients))


def _gradients_returned(weights, gradients, learning_rate):
    return tuple(gradients)


def _steps_returned(weights, gradients, learning_rate):
    return tuple(-learning_rate * g for g in gradients)


def _name_bound_again(weights, gradients, learning_rate):
    for w, g in zip(weights, gradients):
        w = w - learning_rate * g
    return weights


def _in_place(weights, gradients, learning_rate):
    for w, g in zip(weights, gradients):
        w -= learning_rate * g
    return weights


def _rate_forgotten(weights, gradients, learning_rate):
    return tuple(w - g for w, g in zip(weights, gradients))


def _divided_again(weights, gradients, learning_rate):
    return tuple(w - learning_rate * g / len(g) for w, g in zip(weights, gradients))


def _same_gradient_for_all(weights, gradients, learning_rate):
    return tuple(w - learning_rate * gradients[0].mean() for w in weights)


def _one_by_one(weights, gradients, learning_rate):
    new = []
    for i in range(len(weights)):
        new.append(np.add(weights[i], -(gradients[i] * learning_rate)))
    return new


def _on_copies(weights, gradients, learning_rate):
    new = [w.copy() for w in weights]
    for w, g in zip(new, gradients):
        w -= learning_rate * g
    return new


SGD_STEP = Exercise(
    id="sgd_step",
    lesson="05",
    points=2,
    reference=sgd_step,
    cases=_models,
    mistakes=(
        Mistake(_gradients_returned, "Those are the gradients as they came in. What a step returns are weights.", 13),
        Mistake(
            _name_bound_again,
            "The weights came back as they were: `w = …` in a loop gives the name w a new array, and the list still "
            "holds the old one.",
            13,
        ),
        Mistake(_steps_returned, "That is by how much the weights change; asked for are the changed weights.", 13),
        Mistake(_uphill, "The gradient points to where the loss grows."),
        Mistake(_in_place, "Right numbers, but `-=` changed the caller's arrays: make new ones and return those."),
        Mistake(_rate_forgotten, "The gradient says the direction; learning_rate scales the step."),
        Mistake(
            _divided_again,
            "Something divides the gradient once more. If the loss is a mean, its gradient already is one.",
            7,
        ),
        Mistake(_same_gradient_for_all, "Each array has a gradient of its own, of its own shape."),
    ),
    alternatives=(_one_by_one, _on_copies),
    hints=(
        "How many arrays come in, how many go out, and of which shapes?",
        "Each array moves against its own gradient: zip goes through both lists side by side.",
        "For one array: w - learning_rate * g",
    ),
)
