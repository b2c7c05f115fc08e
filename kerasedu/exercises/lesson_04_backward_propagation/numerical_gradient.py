"""The gradient from differences of the loss."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _points(rng):
    for n, d, step, dtype in [
        (4, 3, 1e-5, "float64"),
        (1, 2, 1e-5, "float64"),
        (3, 1, 2e-5, "float64"),
        (5, 4, 1e-5, "float32"),
    ]:
        x, w = (rng.uniform(0.4, 1.2, size=shape) * rng.choice([-1, 1], size=shape) for shape in [(n, d), d])
        yield {"x": x.astype(dtype), "w": w.astype(dtype), "step": step}


def _loss(x, w):
    return np.mean(np.tanh(x @ w) ** 2)


def numerical_gradient(x, w, step):
    x, w = x.astype("float64"), w.astype("float64")
    gradient = np.zeros(len(w))
    for i in range(len(w)):
        h = step * np.eye(len(w))[i]
        gradient[i] = (_loss(x, w + h) - _loss(x, w - h)) / (2 * step)
    return gradient


def _one_sided(x, w, step):
    x, w = x.astype("float64"), w.astype("float64")
    return np.array([(_loss(x, w + h) - _loss(x, w)) / step for h in step * np.eye(len(w))])


def _step_not_doubled(x, w, step):
    return 2 * numerical_gradient(x, w, step)


def _not_divided(x, w, step):
    return 2 * step * numerical_gradient(x, w, step)


def _all_at_once(x, w, step):
    x, w = x.astype("float64"), w.astype("float64")
    return np.full(len(w), (_loss(x, w + step) - _loss(x, w - step)) / (2 * step))


def _moves_stay(x, w, step):
    x, w = x.astype("float64"), w.astype("float64")
    gradient = np.zeros(len(w))
    for i in range(len(w)):
        w[i] += step
        above = _loss(x, w)
        w[i] -= 2 * step
        gradient[i] = (above - _loss(x, w)) / (2 * step)
    return gradient


def _in_the_type_of_w(x, w, step):
    steps = (step * np.eye(len(w))).astype(w.dtype)
    return np.array([(_loss(x, w + h) - _loss(x, w - h)) / (2 * step) for h in steps], w.dtype)


def _copies_in_the_type_of_w(x, w, step):
    gradient = np.zeros(len(w))
    for i in range(len(w)):
        above, below = w.copy(), w.copy()
        above[i] += step
        below[i] -= step
        gradient[i] = (_loss(x, above) - _loss(x, below)) / (2 * step)
    return gradient


def _one_sided_from_below(x, w, step):
    x, w = x.astype("float64"), w.astype("float64")
    return np.array([(_loss(x, w) - _loss(x, w - h)) / step for h in step * np.eye(len(w))])


def _sum_over_samples(x, w, step):
    return len(x) * numerical_gradient(x, w, step)


def _step_of_its_own(x, w, step):
    x, w, tiny = x.astype("float64"), w.astype("float64"), 1e-13
    return np.array([(_loss(x, w + h) - _loss(x, w - h)) / (2 * tiny) for h in tiny * np.eye(len(w))])


def _only_the_last(x, w, step):
    gradient = np.zeros(len(w))
    gradient[-1] = numerical_gradient(x, w, step)[-1]
    return gradient


def _half_times_step(x, w, step):
    return step * step * numerical_gradient(x, w, step)


def _earlier_moves_kept(x, w, step):
    x, w = x.astype("float64"), w.astype("float64")
    gradient, h = np.zeros(len(w)), np.zeros(len(w))
    for i in range(len(w)):
        h[i] = step
        gradient[i] = (_loss(x, w + h) - _loss(x, w - h)) / (2 * step)
    return gradient


def _one_number(x, w, step):
    return _all_at_once(x, w, step)[0]


def _one_name_more(x, w, step):
    x, w = x.astype("float64"), w.astype("float64")
    above, below, gradient = w, w, np.zeros(len(w))
    for i in range(len(w)):
        above[i] += step
        below[i] -= step
        gradient[i] = (_loss(x, above) - _loss(x, below)) / (2 * step)
    return gradient


def _parentheses(x, w, step):
    x, w = x.astype("float64"), w.astype("float64")
    return np.array([_loss(x, w + h) - _loss(x, w - h) / (2 * step) for h in step * np.eye(len(w))])


def _swapped(x, w, step):
    return -numerical_gradient(x, w, step)


def _rows_of_moved_weights(x, w, step):
    moves = step * np.eye(len(w))
    above = np.mean(np.tanh(x @ (w + moves).T) ** 2, axis=0)
    below = np.mean(np.tanh(x @ (w - moves).T) ** 2, axis=0)
    return (above - below) / (2 * step)


def _moves_back(x, w, step):
    x, w = np.float64(x), np.array(w, "float64")
    result = []
    for i, centre in enumerate(w.copy()):
        w[i] = centre + step
        above = _loss(x, w)
        w[i] = centre - step
        below = _loss(x, w)
        w[i] = centre
        result.append((above - below) / step / 2)
    return np.array(result)


def _fourth_order(x, w, step):
    x, w = x.astype(float), w.astype(float)

    def slope(direction, h):
        return (_loss(x, w + h * direction) - _loss(x, w - h * direction)) / (2 * h)

    return np.array([(4 * slope(e, step / 2) - slope(e, step)) / 3 for e in np.eye(len(w))])


def _analytic(x, w, step):
    x, w = x.astype("float64"), w.astype("float64")
    y = np.tanh(x @ w)
    return x.T @ (2 * y * (1 - y**2)) / len(x)


NUMERICAL_GRADIENT = Exercise(
    id="numerical_gradient",
    lesson="04",
    points=3,
    reference=numerical_gradient,
    cases=_points,
    mistakes=(
        Mistake(
            _one_sided,
            "One-sided: its error falls with h, that of the difference between both sides with h².",
            14,
        ),
        Mistake(
            _in_the_type_of_w,
            "float32 comes out. It keeps 7 digits, and of a change by 1e-5 two are left: take x and w to float64 "
            "first, and make the result float64 too (np.zeros_like(w) has the type of w).",
            14,
        ),
        Mistake(
            _copies_in_the_type_of_w,
            "`w.copy()` of a float32 w is float32: 7 digits, and a change by 1e-5 leaves two. Take both to float64.",
            14,
        ),
        Mistake(_one_sided_from_below, "One-sided: w itself on one side. Use w + step and w - step.", 14),
        Mistake(
            _step_of_its_own,
            "That step is so small that both losses are equal but for rounding. Use the step that is given.",
            14,
        ),
        Mistake(_sum_over_samples, "The loss is the mean over the samples; yours adds them up.", 7),
        Mistake(_step_not_doubled, "From w - step to w + step it is two steps."),
        Mistake(_not_divided, "That is the change of the loss; its slope is the change divided by the way."),
        Mistake(_all_at_once, "All weights moved together. Entry i needs the slope in the direction of w[i] alone."),
        Mistake(_moves_stay, "w[i] was moved and not put back: later entries are measured at another point."),
        Mistake(_only_the_last, "Only the last entry is filled in: does each turn of the loop begin with new zeros?"),
        Mistake(_one_name_more, "`above = w` is a second name for the same array, not a copy: both losses are equal."),
        Mistake(_parentheses, "Only the second loss is divided. The difference belongs in parentheses."),
        Mistake(_half_times_step, "`a / 2 * step` divides by 2 and multiplies by step: write a / (2 * step)."),
        Mistake(
            _earlier_moves_kept,
            "The first entry is right. Later ones still move the weights before them: begin each turn with new zeros.",
        ),
        Mistake(_one_number, "All weights moved together, which gives one number. Each w[i] has a slope of its own."),
        Mistake(_swapped, "The sign: the loss at w + step comes first."),
    ),
    alternatives=(_rows_of_moved_weights, _moves_back, _fourth_order, _analytic),
    hints=(
        "Which entries of w differ between the two losses, and by how much in all?",
        "gradient[i] ≈ (L(w + h eᵢ) - L(w - h eᵢ)) / 2h, where eᵢ is 1 at place i and 0 elsewhere; in float64.",
        "moved = w.astype('float64'); moved[i] += step    # astype makes a copy",
    ),
    tolerance=1e8,  # rounding of the losses, divided by the step
)
