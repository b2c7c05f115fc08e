"""Softmax: each output depends on every input."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _probabilities(rng):
    for n, classes, dtype in [(2, 3, "float64"), (1, 4, "float64"), (3, 3, "float64"), (5, 2, "float32")]:
        y = np.exp(rng.normal(size=(n, classes)))
        dy = rng.normal(size=(n, classes))
        yield {"dy": dy.astype(dtype), "y": (y / y.sum(axis=1, keepdims=True)).astype(dtype)}


def softmax_backward(dy, y):
    return y * (dy - (dy * y).sum(axis=-1, keepdims=True))


def _elementwise(dy, y):
    return dy * y * (1 - y)


def _own_input_only(dy, y):
    return dy * y


def _others_only(dy, y):
    return -y * (dy * y).sum(axis=-1, keepdims=True)


def _sum_over_samples(dy, y):
    return y * (dy - (dy * y).sum(axis=0, keepdims=True))


def _sum_over_everything(dy, y):
    return y * (dy - (dy * y).sum())


def _upstream_sum_unweighted(dy, y):
    return y * (dy - dy.sum(axis=-1, keepdims=True))


def _with_jacobians(dy, y):
    jacobian = np.einsum("ni,ij->nij", y, np.eye(y.shape[1], dtype=y.dtype)) - y[:, :, None] * y[:, None, :]
    return np.einsum("ni,nij->nj", dy, jacobian)


def _sample_by_sample(dy, y):
    return np.array([(np.diag(p) - np.outer(p, p)) @ d for d, p in zip(dy, y)])


def _two_terms(dy, y):
    product = dy * y
    return product - y * product.sum(1)[:, None]


SOFTMAX_BACKWARD = Exercise(
    id="softmax_backward",
    lesson="04",
    points=3,
    reference=softmax_backward,
    cases=_probabilities,
    mistakes=(
        Mistake(
            _elementwise,
            "y (1 - y) is the diagonal of the Jacobian. Raising one logit also lowers all other probabilities.",
            8,
        ),
        Mistake(_own_input_only, "That is the first term of the Jacobian; the term -yᵢ yⱼ is missing.", 8),
        Mistake(_others_only, "That is the term -yᵢ yⱼ alone; the diagonal's yᵢ is missing.", 8),
        Mistake(_sum_over_samples, "You summed over the samples. Within a sample the classes depend on each other."),
        Mistake(_sum_over_everything, "One sum for the whole batch mixes the samples; each has a sum of its own."),
        Mistake(_upstream_sum_unweighted, "The sum runs over dyᵢ yᵢ: each upstream gradient weighted by its output."),
    ),
    alternatives=(_with_jacobians, _sample_by_sample, _two_terms),
    hints=(
        "For one sample, write dxⱼ = Σᵢ dyᵢ ∂yᵢ/∂xⱼ and put the Jacobian in.",
        "The Jacobian has two terms, so the sum has two: yⱼ dyⱼ, and -yⱼ times a number that is the same for all j.",
        "That number, one for each sample: (dy * y).sum(axis=-1, keepdims=True)",
    ),
    tolerance=256.0,
)
