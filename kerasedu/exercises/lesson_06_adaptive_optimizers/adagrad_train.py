"""Adagrad from a blank cell, over several steps."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake

START, EPSILON = 0.1, 1e-7


def _gradients(rng):
    for steps, shape, size, learning_rate, dtype in [
        (3, (2,), 1, 0.5, "float64"),
        (1, (3,), 1e-4, 0.5, "float64"),
        (2, (4,), 1e-7, 2.0, "float64"),
        (2, (3,), 0, 0.5, "float64"),  # no gradient, no step
        (100, (1,), 1, 0.1, "float64"),
        (5, (3, 3), 10, 0.01, "float64"),
        (4, (5,), 1, 0.5, "float32"),
    ]:
        w, gradients = rng.normal(size=shape), size * rng.normal(size=(steps, *shape))
        yield {"w": w.astype(dtype), "gradients": gradients.astype(dtype), "learning_rate": learning_rate}


def adagrad_train(w, gradients, learning_rate):
    return _train(w, gradients, learning_rate)


def _train(w, gradients, learning_rate, start=START, gather=lambda a, g: a + g**2, root=lambda a: np.sqrt(a + EPSILON)):
    """The right weights, unless an argument brings in a mistake."""
    a = np.full_like(w, start)
    for g in gradients:
        a = gather(a, g)
        w = w - learning_rate * g / root(a)
    return w


def _starts_at_zero(w, gradients, learning_rate):
    return _train(w, gradients, learning_rate, start=0)


def _starts_at_one(w, gradients, learning_rate):
    return _train(w, gradients, learning_rate, start=1)


def _epsilon_outside(w, gradients, learning_rate):
    return _train(w, gradients, learning_rate, root=lambda a: np.sqrt(a) + EPSILON)


def _of_the_paper(w, gradients, learning_rate):
    return _train(w, gradients, learning_rate, start=0, root=lambda a: np.sqrt(a) + EPSILON)


def _no_epsilon(w, gradients, learning_rate):
    return _train(w, gradients, learning_rate, root=np.sqrt)


def _average(w, gradients, learning_rate):
    return _train(w, gradients, learning_rate, gather=lambda a, g: 0.9 * a + 0.1 * g**2)


def _average_from_zero(w, gradients, learning_rate):
    return _train(w, gradients, learning_rate, start=0, gather=lambda a, g: 0.9 * a + 0.1 * g**2)


def _not_squared(w, gradients, learning_rate):
    return _train(w, gradients, learning_rate, gather=lambda a, g: a + np.abs(g))


def _gradients_summed(w, gradients, learning_rate):
    return _train(w, gradients, learning_rate, gather=lambda a, g: a + g)


def _root_forgotten(w, gradients, learning_rate):
    return _train(w, gradients, learning_rate, root=lambda a: a + EPSILON)


def _one_sum_for_all(w, gradients, learning_rate):
    return _train(w, gradients, learning_rate, gather=lambda a, g: a + np.sum(g**2))


def _state_forgotten(w, gradients, learning_rate):
    return _train(w, gradients, learning_rate, gather=lambda a, g: START + g**2)


def _step_before_state(w, gradients, learning_rate):
    a = np.full_like(w, START)
    for g in gradients:
        w = w - learning_rate * g / np.sqrt(a + EPSILON)
        a = a + g**2
    return w


def _epsilon_gathered(w, gradients, learning_rate):
    return _train(w, gradients, learning_rate, gather=lambda a, g: a + g**2 + EPSILON, root=np.sqrt)


def _mean_of_all(w, gradients, learning_rate):
    a = np.full_like(w, START)
    for t, g in enumerate(gradients, 1):
        a = a + g**2
        w = w - learning_rate * g / np.sqrt(a / t + EPSILON)
    return w


def _last_sum_for_all_steps(w, gradients, learning_rate):
    return w - learning_rate * gradients.sum(axis=0) / np.sqrt(START + np.square(gradients).sum(axis=0) + EPSILON)


def _plain_descent(w, gradients, learning_rate):
    return w - learning_rate * gradients.sum(axis=0)


def _one_step_only(w, gradients, learning_rate):
    return _train(w, gradients[:1], learning_rate)


def _uphill(w, gradients, learning_rate):
    return _train(w, gradients, -learning_rate)


def _weights_in_place(w, gradients, learning_rate):
    a = np.full_like(w, START)
    for g in gradients:
        a += g**2
        w -= learning_rate * g / np.sqrt(a + EPSILON)
    return w


def _all_sums_at_once(w, gradients, learning_rate):
    sums = START + EPSILON + np.cumsum(np.square(gradients), axis=0)
    return w - learning_rate * np.sum(gradients / np.sqrt(sums), axis=0)


def _copies_changed_in_place(w, gradients, learning_rate):
    w, a = w.copy(), np.zeros_like(w)
    for t in range(len(gradients)):
        a += gradients[t] * gradients[t]
        w -= np.float64(learning_rate) * gradients[t] * (a + np.float64(0.1) + np.float64(1e-7)) ** -0.5
    return w


def _number_by_number(w, gradients, learning_rate):
    flat, result = gradients.reshape(len(gradients), -1), []
    for i, start in enumerate(w.ravel()):
        value, total = float(start), 0.1
        for g in flat[:, i]:
            total += float(g) ** 2
            value -= learning_rate * float(g) / (total + 1e-7) ** 0.5
        result.append(value)
    return np.array(result).reshape(w.shape)


ADAGRAD_TRAIN = Exercise(
    id="adagrad_train",
    lesson="06",
    points=3,
    reference=adagrad_train,
    cases=_gradients,
    mistakes=(
        Mistake(
            _starts_at_zero, "The accumulator starts at 0 here; in Keras at 0.1, which shortens the first steps.", 20
        ),
        Mistake(_starts_at_one, "The accumulator does not start at 1. What is its value before the first gradient?"),
        Mistake(
            _epsilon_outside, "In Keras's Adagrad epsilon is inside the root. Only many digits tell, as a is 0.1.", 20
        ),
        Mistake(
            _of_the_paper, "That is the paper's form: a from 0, epsilon outside. Keras's has 0.1, epsilon inside.", 20
        ),
        Mistake(_no_epsilon, "Epsilon is missing. It is added to the accumulator inside the root.", 20),
        Mistake(_average, "That is RMSprop's average: it forgets. Adagrad's accumulator is a sum and only grows.", 21),
        Mistake(
            _average_from_zero, "That is RMSprop: an average, from 0. Adagrad's accumulator is a sum, from 0.1.", 21
        ),
        Mistake(_not_squared, "The accumulator sums squares; the root in the step brings back the size.", 18),
        Mistake(
            _gradients_summed, "The accumulator sums squares: a sum of g itself can be negative and has no root.", 18
        ),
        Mistake(_root_forgotten, "Squares were summed, so the step is divided by the root of the sum.", 18),
        Mistake(
            _one_sum_for_all,
            "One sum for all entries gives all weights the same scale. Each entry sums its own squares.",
            22,
        ),
        Mistake(_state_forgotten, "The accumulator starts anew in each step: it must live outside the loop."),
        Mistake(_step_before_state, "The step used the old accumulator. State first: this gradient counts already."),
        Mistake(
            _epsilon_gathered, "Epsilon went into the accumulator and adds up there; it belongs into the step only."
        ),
        Mistake(_mean_of_all, "Divided by t the sum becomes a mean, and steps no longer shrink.", 21),
        Mistake(_last_sum_for_all_steps, "Each step is divided by the sum up to that step, not by the final one."),
        Mistake(_plain_descent, "That is gradient descent: nothing is divided by what has gathered."),
        Mistake(_one_step_only, "That is the first step only. Is the return inside the loop?"),
        Mistake(_uphill, "The steps have the right length and go uphill."),
        Mistake(_weights_in_place, "Right numbers, but `-=` changed the caller's w: w = w - … is a new array."),
    ),
    alternatives=(_all_sums_at_once, _copies_changed_in_place, _number_by_number),
    hints=(
        "What must exist before the loop, and with which shape and value? Then each step has two lines.",
        "State: the accumulator gathers the squares. Step: the gradient over the root of accumulator plus epsilon. "
        "There is no correction: nothing is averaged.",
        "accumulator = np.full_like(w, 0.1)   # before the loop",
    ),
    tolerance=256.0,
    keeps_dtype=False,
)
