"""The matrix product, block by block."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _blocked_cases(rng):
    for m, k, n, block in [(4, 4, 4, 2), (5, 7, 3, 2), (1, 3, 2, 4), (6, 5, 4, 3)]:
        yield {"a": rng.normal(size=(m, k)), "b": rng.normal(size=(k, n)), "block_size": block}


def matmul_blocked(a, b, block_size):
    return a @ b


def _blocks_overwrite(a, b, block_size):
    last = (a.shape[1] - 1) // block_size * block_size
    return a[:, last:] @ b[last:]


def _drops_the_rest(a, b, block_size):
    k = a.shape[1] // block_size * block_size
    return a[:, :k] @ b[:k]


def _first_block_only(a, b, block_size):
    return a[:, :block_size] @ b[:block_size]


def _blocks_elementwise(a, b, block_size):
    return a * b


def _blocks_of_rows(a, b, block_size):
    return np.vstack([a[i : i + block_size] @ b for i in range(0, len(a), block_size)])


def _blocks_of_sums(a, b, block_size):
    c = np.zeros((a.shape[0], b.shape[1]))
    for p in range(0, a.shape[1], block_size):
        c += a[:, p : p + block_size] @ b[p : p + block_size]
    return c


MATMUL_BLOCKED = Exercise(
    id="matmul_blocked",
    lesson="01",
    points=3,
    reference=matmul_blocked,
    cases=_blocked_cases,
    mistakes=(
        Mistake(_blocks_overwrite, "Each block is a part of the sum over p: add it to the result, do not replace it."),
        Mistake(_drops_the_rest, "A last, smaller block is left over when block_size does not divide the length."),
        Mistake(_first_block_only, "Only the first block of the sum is there: p must step on to the end."),
        Mistake(_blocks_elementwise, "`*` multiplies entry by entry. Blocks are multiplied with @.", 1),
    ),
    alternatives=(_blocks_of_rows, _blocks_of_sums),
    hints=(
        "Look at the last block when block_size does not divide the length, and at = against +=.",
        "A product of matrices cut into blocks follows the rule for entries: C_ij = Σ_p A_ip B_pj.",
        "One step: c[i:i + s, j:j + s] += a[i:i + s, p:p + s] @ b[p:p + s, j:j + s]",
    ),
)
