"""Softmax: each output depends on every input."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _probabilities(rng):
    for n, classes, dtype in [(2, 3, "float64"), (1, 4, "float64"), (3, 3, "float64"), (5, 2, "float32")]:
        y = np.exp(rng.normal(size=(n, classes)))
        dy = rng.normal(size=(n, classes))
        yield {"dy": dy.astype(dtype), "y": (y / y.sum(axis=1, keepdims=True)).astype(dtype)}
    yield {"dy": np.array([[1.0, -2.0, 3.0]]), "y": np.array([[0.0, 1.0, 0.0]])}


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


def _sum_without_keepdims(dy, y):
    return y * (dy - (dy * y).sum(axis=-1))


def _sign_reversed(dy, y):
    return y * ((dy * y).sum(axis=-1, keepdims=True) - dy)


def _diagonal_and_elementwise(dy, y):
    return dy * (y - y * y.sum(axis=-1, keepdims=True))


def _mean_in_place_of_sum(dy, y):
    return y * (dy - (dy * y).mean(axis=-1, keepdims=True))


def _output_forgotten(dy, y):
    return dy - (dy * y).sum(axis=-1, keepdims=True)


def _jacobian_of_the_first(dy, y):
    return dy @ (np.diag(y[0]) - np.outer(y[0], y[0]))


def _softmax_once_more(dy, y):
    e = np.exp(y - y.max(axis=-1, keepdims=True))
    return softmax_backward(dy, e / e.sum(axis=-1, keepdims=True))


def _upstream_sum_unweighted(dy, y):
    return y * (dy - dy.sum(axis=-1, keepdims=True))


def _jacobians_themselves(dy, y):
    return np.array([np.diag(p) - np.outer(p, p) for p in y])


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
        Mistake(
            _diagonal_and_elementwise,
            "yᵢ yⱼ is multiplied by dyᵢ before the sum over i, since each output has a gradient of its own.",
            8,
        ),
        Mistake(
            _sum_without_keepdims,
            "The sum has one number for each sample, shape (n,). Against (n, classes) it lines up with the classes.",
            2,
        ),
        Mistake(_mean_in_place_of_sum, "Σᵢ dyᵢ yᵢ is a sum, not a mean: the yᵢ are its weights already."),
        Mistake(_output_forgotten, "Both terms of the Jacobian have the factor yⱼ, the first one too."),
        Mistake(_jacobian_of_the_first, "Each sample has a Jacobian of its own; you used the first one's for all."),
        Mistake(
            _jacobians_themselves,
            "Those are the Jacobians, one for each sample. The chain rule multiplies them by dy, which leaves (n, K).",
        ),
        Mistake(_sign_reversed, "The sign: ∂yᵢ/∂zᵢ is positive, a larger logit makes its own class more probable."),
        Mistake(_softmax_once_more, "y is the output of softmax already; you applied softmax to it again.", 10),
        Mistake(_sum_over_samples, "You summed over the samples. Within a sample the classes depend on each other."),
        Mistake(_sum_over_everything, "One sum for the whole batch mixes the samples; each has a sum of its own."),
        Mistake(_upstream_sum_unweighted, "The sum runs over dyᵢ yᵢ: each upstream gradient weighted by its output."),
    ),
    alternatives=(_with_jacobians, _sample_by_sample, _two_terms),
    hints=(
        "For one sample, write dzⱼ = Σᵢ dyᵢ ∂yᵢ/∂zⱼ and put the Jacobian in.",
        "The Jacobian has two terms, so the sum has two: yⱼ dyⱼ, and -yⱼ times a number that is the same for all j.",
        "That number, one for each sample: (dy * y).sum(axis=-1, keepdims=True)",
    ),
    tolerance=256.0,
)
