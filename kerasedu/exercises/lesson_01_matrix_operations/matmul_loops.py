"""The matrix product, entry by entry."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _pairs_to_multiply(rng):
    for m, k, n, dtype in [(2, 3, 4, "float64"), (3, 3, 3, "float64"), (1, 5, 2, "float32"), (4, 1, 3, "float64")]:
        yield {"a": rng.normal(size=(m, k)).astype(dtype), "b": rng.normal(size=(k, n)).astype(dtype)}


def matmul_loops(a, b):
    return a @ b


def _elementwise(a, b):
    return a * b


def _b_transposed(a, b):
    return a @ b.T


def _last_term_only(a, b):
    return np.outer(a[:, -1], b[-1])


def _forgets_last_term(a, b):
    return a[:, :-1] @ b[:-1]


def _product_transposed(a, b):
    return (a @ b).T


def _dot(a, b):
    return np.dot(a, b)


def _sum_of_outer(a, b):
    return sum(np.outer(a[:, p], b[p]) for p in range(a.shape[1])).astype(a.dtype)


def _einsum(a, b):
    return np.einsum("ik,kj->ij", a, b)


MATMUL_LOOPS = Exercise(
    id="matmul_loops",
    lesson="01",
    points=3,
    reference=matmul_loops,
    cases=_pairs_to_multiply,
    mistakes=(
        Mistake(_elementwise, "`*` multiplies entry by entry. A matrix product sums over the shared axis.", 1),
        Mistake(_b_transposed, "That sums over the columns of both. Row i of a meets column j of b.", 1),
        Mistake(_last_term_only, "Only the last term of each sum is left: add to the entry, do not overwrite it."),
        Mistake(_forgets_last_term, "The sum stops one term early: range(k) already ends at k - 1."),
        Mistake(_product_transposed, "The right numbers at [j, i]: which index is the row of the result?"),
    ),
    alternatives=(_dot, _sum_of_outer, _einsum),
    hints=(
        "Look at the innermost line: which entries of a and b make one term of c[i, j]?",
        "c[i, j] is a sum over p of row i of a times column j of b; start each entry at zero.",
        "Innermost line: c[i, j] += a[i, p] * b[p, j]",
    ),
)
