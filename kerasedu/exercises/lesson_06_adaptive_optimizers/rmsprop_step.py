"""RMSprop without its accumulator: the line to write is the average of the squared gradients."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _steps(rng):
    for shape, size, rho, epsilon, dtype in [
        ((2, 3), 1, 0.9, 1e-7, "float64"),
        ((4,), 1e-4, 0.9, 1e-7, "float64"),
        ((3, 2), 1e-7, 0.8, 1e-7, "float64"),
        ((3,), 0, 0.9, 1e-7, "float64"),  # no gradient, no step
        ((1, 1), 100, 0.5, 1e-3, "float64"),
        ((5,), 1e-4, 0.95, 1e-7, "float32"),
    ]:
        w, g, v = rng.normal(size=shape), size * rng.normal(size=shape), size**2 * rng.random(shape)
        numbers = {"learning_rate": 0.01, "rho": rho, "epsilon": epsilon}
        yield {"w": w.astype(dtype), "g": g.astype(dtype), "v": v.astype(dtype), **numbers}


def rmsprop_step(w, g, v, learning_rate, rho, epsilon):
    v = rho * v + (1 - rho) * g**2
    return w - learning_rate * g / np.sqrt(v + epsilon), v


def _step(w, g, v, learning_rate, epsilon):
    return w - learning_rate * g / np.sqrt(v + epsilon), v


def _never_forgets(w, g, v, learning_rate, rho, epsilon):
    return _step(w, g, v + g**2, learning_rate, epsilon)


def _without_its_share(w, g, v, learning_rate, rho, epsilon):
    return _step(w, g, rho * v + g**2, learning_rate, epsilon)


def _shares_swapped(w, g, v, learning_rate, rho, epsilon):
    return _step(w, g, (1 - rho) * v + rho * g**2, learning_rate, epsilon)


def _this_gradient_only(w, g, v, learning_rate, rho, epsilon):
    return _step(w, g, g**2, learning_rate, epsilon)


def _past_thrown_away(w, g, v, learning_rate, rho, epsilon):
    return _step(w, g, (1 - rho) * g**2, learning_rate, epsilon)


def _not_squared(w, g, v, learning_rate, rho, epsilon):
    return _step(w, g, rho * v + (1 - rho) * np.abs(g), learning_rate, epsilon)


def _gradient_itself(w, g, v, learning_rate, rho, epsilon):
    return _step(w, g, rho * v + (1 - rho) * g, learning_rate, epsilon)


def _mean_over_entries(w, g, v, learning_rate, rho, epsilon):
    return _step(w, g, rho * v + (1 - rho) * np.mean(g**2), learning_rate, epsilon)


def _average_squared(w, g, v, learning_rate, rho, epsilon):
    return _step(w, g, (rho * v + (1 - rho) * g) ** 2, learning_rate, epsilon)


def _epsilon_outside(w, g, v, learning_rate, rho, epsilon):
    v = rho * v + (1 - rho) * g**2
    return w - learning_rate * g / (np.sqrt(v) + epsilon), v


def _state_changed_in_place(w, g, v, learning_rate, rho, epsilon):
    v *= rho
    v += (1 - rho) * g**2
    return _step(w, g, v, learning_rate, epsilon)


def _state_not_handed_on(w, g, v, learning_rate, rho, epsilon):
    return rmsprop_step(w, g, v, learning_rate, rho, epsilon)[0], v


def _towards_the_square(w, g, v, learning_rate, rho, epsilon):
    new = v + (g * g - v) * (1 - rho)
    return w - g * (new + epsilon) ** -0.5 * learning_rate, new


def _number_by_number(w, g, v, learning_rate, rho, epsilon):
    new_w, new_v = w.copy(), v.copy()
    for place in np.ndindex(w.shape):
        new_v[place] = rho * v[place] + (1 - rho) * g[place] ** 2
        new_w[place] -= learning_rate * g[place] / np.sqrt(new_v[place] + epsilon)
    return [new_w, new_v]


def _in_double_precision(w, g, v, learning_rate, rho, epsilon):
    w, g, v = (np.array(a, dtype="float64") for a in (w, g, v))
    v *= np.float64(rho)
    v += np.square(g) * np.float64(1 - rho)
    w -= np.multiply(learning_rate, g) / np.sqrt(v + epsilon)
    return w, v


RMSPROP_STEP = Exercise(
    id="rmsprop_step",
    lesson="06",
    points=2,
    reference=rmsprop_step,
    cases=_steps,
    mistakes=(
        Mistake(
            _never_forgets,
            "That is a sum: it only grows, and old gradients count for ever. An average keeps a share of the old.",
            21,
        ),
        Mistake(
            _without_its_share,
            "The shares of an average sum to 1. With v = g² before, it must be g² after the same gradient; yours grew.",
            16,
        ),
        Mistake(_shares_swapped, "rho is the share of the memory, 1 - rho that of the new square: yours forgets fast."),
        Mistake(
            _this_gradient_only, "Divided by its own size alone, a gradient leaves only its sign. Where is memory?"
        ),
        Mistake(_past_thrown_away, "The new square has its share; what was remembered before this step is missing."),
        Mistake(_not_squared, "v averages squares, and the root in the step undoes the square. |g| was averaged.", 18),
        Mistake(_gradient_itself, "v averages squares: an average of g itself can be negative and has no root."),
        Mistake(_average_squared, "The average was squared; first square g, then average: v is an average of squares."),
        Mistake(
            _mean_over_entries,
            "Each weight has an average of its own; you mixed the entries of g, so all get the same scale.",
            22,
        ),
        Mistake(_epsilon_outside, "In Keras's RMSprop epsilon is inside the root. Gradients near 1e-4 tell.", 20),
        Mistake(_state_changed_in_place, "Right numbers, but `*=` changed the caller's v: v = rho * v + … is new."),
        Mistake(_state_not_handed_on, "The step is right, but the v that came in was returned, not the new one."),
    ),
    alternatives=(_towards_the_square, _number_by_number, _in_double_precision),
    hints=(
        "Try one weight with rho = 0.5, v = 4 and g = 2: which v must come out if every gradient has the size 2?",
        "New average = share of the old + share of the new, and both shares sum to 1. rho is the share of the old.",
        "The share of the new square: (1 - rho) * g**2",
    ),
    keeps_dtype=False,
)
