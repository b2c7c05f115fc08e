"""Find the bug: the article's matrix multiplication layer adds."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _stacks(rng):
    for n, m, k, p, dtype in [(2, 3, 3, 3, "float64"), (4, 2, 3, 5, "float32"), (1, 2, 2, 2, "float64")]:
        yield {"a": rng.normal(size=(n, m, k)).astype(dtype), "b": rng.normal(size=(n, k, p)).astype(dtype)}


def product_layer(a, b):
    return a @ b


def _adds(a, b):
    return a + b


def _entry_by_entry(a, b):
    return a * b


def _every_pair(a, b):
    return np.dot(a, b)


def _other_order(a, b):
    return b @ a


def _sum_over_samples(a, b):
    return np.einsum("nmk,nkp->mp", a, b)


def _first_sample_only(a, b):
    return a[0] @ b[0]


def _sample_by_sample(a, b):
    return np.stack([np.dot(one, other) for one, other in zip(a, b)])


def _einsum(a, b):
    return np.einsum("nmk,nkp->nmp", a, b)


def _broadcast_and_sum(a, b):
    return (a[:, :, :, None] * b[:, None, :, :]).sum(axis=2)


PRODUCT_LAYER = Exercise(
    id="product_layer",
    lesson="01",
    points=2,
    reference=product_layer,
    cases=_stacks,
    mistakes=(
        Mistake(_adds, "It still adds. Which operator is the matrix product?"),
        Mistake(_entry_by_entry, "`*` multiplies entry by entry. A matrix product sums over the shared axis.", 1),
        Mistake(_every_pair, "np.dot pairs every sample of a with every sample of b: look at the four axes."),
        Mistake(_other_order, "The order of the operands matters: the rows come from a."),
        Mistake(
            _sum_over_samples, "The samples were summed. Each has a product of its own, so n stays the first axis."
        ),
        Mistake(_first_sample_only, "That is the first sample's product alone."),
    ),
    alternatives=(_sample_by_sample, _einsum, _broadcast_and_sum),
    hints=(
        "Compare the shape of the result with (n, m, p).",
        "Axis 0 counts samples; each sample's matrices are multiplied by themselves.",
        "For one sample i: a[i] @ b[i]. NumPy's @ does so for every i at once.",
    ),
    tolerance=256.0,
)
