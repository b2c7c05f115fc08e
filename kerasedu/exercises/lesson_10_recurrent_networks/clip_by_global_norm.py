"""Shrinking all gradients by one factor."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _gradients(rng):
    for shapes, limit, dtype in [
        ([(2, 3), (3,)], 1.0, "float64"),
        ([(1,)], 0.25, "float64"),
        ([(4, 2), (2, 2), (2,)], 2.0, "float32"),
        ([(3, 2), (2,)], 50.0, "float64"),  # nothing to clip
    ]:
        yield {"gradients": [3 * rng.normal(size=shape).astype(dtype) for shape in shapes], "limit": limit}
    yield {"gradients": [np.array([3.0]), np.array([[-4.0]])], "limit": 1.0}


def clip_by_global_norm(gradients, limit):
    norm = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))
    return tuple(gradient * min(1, limit / norm) for gradient in gradients)


def _by_value(gradients, limit):
    return tuple(np.clip(gradient, -limit, limit) for gradient in gradients)


def _each_by_itself(gradients, limit):
    norms = [np.sqrt(np.sum(gradient**2)) for gradient in gradients]
    return tuple(g * min(1, limit / norm) for g, norm in zip(gradients, norms))


def _always_scaled(gradients, limit):
    norm = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))
    return tuple(gradient * (limit / norm) for gradient in gradients)


def _sum_of_norms(gradients, limit):
    norm = sum(np.sqrt(np.sum(gradient**2)) for gradient in gradients)
    return tuple(gradient * min(1, limit / norm) for gradient in gradients)


def _no_root(gradients, limit):
    square = sum(np.sum(gradient**2) for gradient in gradients)
    return tuple(gradient * min(1, limit / square) for gradient in gradients)


def _limit_forgotten(gradients, limit):
    norm = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))
    return tuple(gradient / norm if norm > limit else gradient for gradient in gradients)


def _factor_upside_down(gradients, limit):
    norm = _norm(gradients)
    return tuple(gradient * (norm / limit) if norm > limit else gradient for gradient in gradients)


def _norm(gradients):
    return np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))


def _larger_factor_taken(gradients, limit):
    return tuple(gradient * max(1, limit / _norm(gradients)) for gradient in gradients)


def _by_the_largest_number(gradients, limit):
    largest = max(np.abs(gradient).max() for gradient in gradients)
    return tuple(gradient * min(1, limit / largest) for gradient in gradients)


def _summed_before_squaring(gradients, limit):
    norm = np.sqrt(sum(np.sum(gradient) ** 2 for gradient in gradients))
    return tuple(gradient * min(1, limit / norm) for gradient in gradients)


def _something_added_to_the_norm(gradients, limit):
    return tuple(gradient * min(1, limit / (_norm(gradients) + 1e-6)) for gradient in gradients)


def _all_in_one_vector(gradients, limit):
    norm = np.linalg.norm(np.concatenate([gradient.ravel() for gradient in gradients]))
    if norm <= limit:
        return gradients
    return [gradient * (limit / norm) for gradient in gradients]


def _norm_of_norms(gradients, limit):
    norm = np.linalg.norm([np.linalg.norm(gradient) for gradient in gradients])
    return [(gradient * limit / max(norm, limit)).astype(gradient.dtype) for gradient in gradients]


CLIP_BY_GLOBAL_NORM = Exercise(
    id="clip_by_global_norm",
    lesson="10",
    points=3,
    reference=clip_by_global_norm,
    cases=_gradients,
    mistakes=(
        Mistake(_by_value, "Each number was cut off by itself, so the step turned. One factor for all keeps it.", 33),
        Mistake(_each_by_itself, "Every gradient got a factor of its own: the step of the whole model turned.", 33),
        Mistake(_always_scaled, "A gradient that is short enough must stay as it is; yours was made longer."),
        Mistake(_sum_of_norms, "Lengths at right angles add like the sides of a triangle: squares first, root last."),
        Mistake(_no_root, "That is the square of the norm."),
        Mistake(_limit_forgotten, "All were scaled to length 1. The length they are to have is limit."),
        Mistake(_factor_upside_down, "Long gradients got longer: turn the factor round."),
        Mistake(_larger_factor_taken, "Of 1 and limit / n the smaller one is the factor: clipping never lengthens."),
        Mistake(_by_the_largest_number, "You measured the largest number. The length needs all: squares, sum, root."),
        Mistake(_summed_before_squaring, "Square each number, then add: as it is, opposite signs cancel."),
        Mistake(_something_added_to_the_norm, "PyTorch adds 1e-6 to n. The formula here, and Keras, add nothing."),
    ),
    alternatives=(_all_in_one_vector, _norm_of_norms),
    hints=(
        "Try [3] and [-4] with limit 1: how long is the step, and what must both be multiplied by?",
        "Lay all numbers of all gradients into one vector: its length is n. All shrink by the factor limit / n, if n "
        "is larger than limit.",
        "norm = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))",
    ),
)
