"""Clipping each number of a gradient."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _gradients(rng):
    for shapes, limit, dtype in [
        ([(2, 3), (3,)], 1.0, "float64"),
        ([(1,)], 0.5, "float64"),
        ([(4, 2), (2, 2), (2,)], 2.0, "float32"),
        ([(3, 2)], 50.0, "float64"),
    ]:
        yield {"gradients": [3 * rng.normal(size=shape).astype(dtype) for shape in shapes], "limit": limit}
    yield {"gradients": [np.array([-4.0, 0.5, 3.0]), np.array([[2.5]])], "limit": 1.5}


def clip_by_value(gradients, limit):
    return tuple(np.clip(gradient, -limit, limit) for gradient in gradients)


def _one_side(gradients, limit):
    return tuple(np.minimum(gradient, limit) for gradient in gradients)


def _from_zero(gradients, limit):
    return tuple(np.clip(gradient, 0, limit) for gradient in gradients)


def _large_ones_dropped(gradients, limit):
    return tuple(np.where(np.abs(gradient) > limit, 0, gradient) for gradient in gradients)


def _each_norm(gradients, limit):
    norms = [np.sqrt(np.sum(gradient**2)) for gradient in gradients]
    return tuple(g * min(1, limit / norm) for g, norm in zip(gradients, norms))


def _scaled_to_the_largest(gradients, limit):
    return tuple(g * min(1, limit / np.abs(g).max()) for g in gradients)


def _sign_lost(gradients, limit):
    return tuple(np.minimum(np.abs(gradient), limit) for gradient in gradients)


def _moved_to_the_upper_end(gradients, limit):
    return tuple(np.where(np.abs(gradient) > limit, gradient.dtype.type(limit), gradient) for gradient in gradients)


def _result_thrown_away(gradients, limit):
    return tuple(gradients)


def _two_sides(gradients, limit):
    return [np.maximum(np.minimum(gradient, limit), -limit) for gradient in gradients]


def _copied_and_mended(gradients, limit):
    result = []
    for gradient in gradients:
        clipped = gradient.copy()
        clipped[clipped > limit] = limit
        clipped[clipped < -limit] = -limit
        result.append(clipped)
    return result


CLIP_BY_VALUE = Exercise(
    id="clip_by_value",
    lesson="10",
    points=1,
    reference=clip_by_value,
    cases=_gradients,
    mistakes=(
        Mistake(_one_side, "Large negative numbers are still there: the interval has two ends."),
        Mistake(_from_zero, "Negative numbers became zero. The interval lies around zero."),
        Mistake(_large_ones_dropped, "Numbers outside the interval move to its nearer end, not to zero."),
        Mistake(
            _each_norm,
            "That keeps the direction of each gradient: it is clipping by norm. Here each number is cut off by itself.",
            33,
        ),
        Mistake(
            _scaled_to_the_largest, "All numbers shrank together. Only those outside the interval are to move.", 33
        ),
        Mistake(_sign_lost, "The size is right, the sign is lost."),
        Mistake(_moved_to_the_upper_end, "Large negative numbers moved to +limit; their nearer end is -limit."),
        Mistake(_result_thrown_away, "Nothing was clipped. np.clip returns a new array: collect what it returns."),
    ),
    alternatives=(_two_sides, _copied_and_mended),
    hints=(
        "Try [-4, 0.5, 3] with limit 1.5 by hand: which numbers move, and where to?",
        "Each number is forced into the interval from -limit to limit; numbers inside it stay.",
        "NumPy has it: np.clip(array, lowest, highest).",
    ),
)
