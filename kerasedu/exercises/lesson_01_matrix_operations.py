"""Lesson 01: products, broadcasting, data types, floating point."""

from __future__ import annotations

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake, Ordering, Question


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


def _columns_cases(rng):
    for n, d, units in [(5, 3, 2), (1, 4, 3), (3, 3, 3), (4, 2, 5)]:
        yield {"x": rng.normal(size=(d, n)), "kernel": rng.normal(size=(d, units)), "bias": rng.normal(size=units)}


def dense_columns(x, kernel, bias):
    return kernel.T @ x + bias[:, None]


def _row_convention(x, kernel, bias):
    return x @ kernel + bias


def _result_in_rows(x, kernel, bias):
    return x.T @ kernel + bias


def _kernel_not_transposed(x, kernel, bias):
    return kernel @ x + bias[:, None]


def _bias_along_samples(x, kernel, bias):
    return kernel.T @ x + bias


def _no_bias(x, kernel, bias):
    return kernel.T @ x


def _rows_and_back(x, kernel, bias):
    return (x.T @ kernel + bias).T


def _einsum_columns(x, kernel, bias):
    return np.einsum("dn,du->un", x, kernel) + bias.reshape(-1, 1)


DENSE_COLUMNS = Exercise(
    id="dense_columns",
    lesson="01",
    points=3,
    reference=dense_columns,
    cases=_columns_cases,
    mistakes=(
        Mistake(_row_convention, "That is Keras's form, for samples in rows. Here every sample is a column of x.", 3),
        Mistake(
            _result_in_rows, "The right numbers with samples in rows; the result has them in columns, as x has.", 3
        ),
        Mistake(
            _kernel_not_transposed, "The kernel is (d_in, units), as in Keras; which axis must meet x's first one?", 3
        ),
        Mistake(
            _bias_along_samples, "The bias was added along the samples. Each unit, a row here, has its own bias.", 2
        ),
        Mistake(_no_bias, "The bias is missing."),
    ),
    alternatives=(_rows_and_back, _einsum_columns),
    hints=(
        "Write the shape of each operand under it: which axes must meet, and along which does the bias lie?",
        "Transposing y = x W + b gives yᵀ = Wᵀ xᵀ + b, with b as a column.",
        "A column from a vector: bias[:, None] has shape (units, 1).",
    ),
)


def _vectors(rng):
    for n, dtype in [(3, "float64"), (1, "float64"), (7, "float32"), (4, "float64")]:
        yield {"target": rng.normal(size=n).astype(dtype), "output": rng.normal(size=(n, 1)).astype(dtype)}


def mean_squared_difference(target, output):
    return np.mean((target - output[:, 0]) ** 2)


def _broadcast(target, output):
    return np.mean((target - output) ** 2)


def _sum_not_mean(target, output):
    return np.sum((target - output[:, 0]) ** 2)


def _no_square(target, output):
    return np.mean(target - output[:, 0])


def _absolute(target, output):
    return np.mean(np.abs(target - output[:, 0]))


def _square_of_mean(target, output):
    return np.mean(target - output[:, 0]) ** 2


def _reshape_first(target, output):
    return np.square(target.reshape(-1, 1) - output).mean()


def _with_dot(target, output):
    difference = target - output.ravel()
    return difference @ difference / difference.dtype.type(len(difference))


MEAN_SQUARED_DIFFERENCE = Exercise(
    id="mean_squared_difference",
    lesson="01",
    points=2,
    reference=mean_squared_difference,
    cases=_vectors,
    mistakes=(
        Mistake(_broadcast, "(n,) against (n, 1) broadcasts to (n, n): every target meets every output.", 2),
        Mistake(_sum_not_mean, "That is the sum of the squares, not their mean."),
        Mistake(_no_square, "Without the square, differences of opposite sign cancel."),
        Mistake(_absolute, "That is the mean absolute difference."),
        Mistake(_square_of_mean, "Square each difference first, then take the mean."),
    ),
    alternatives=(_reshape_first, _with_dot),
    hints=(
        "Print the shape of the difference for n = 3: how many numbers are averaged?",
        "Broadcasting lines shapes up from the right; (3,) and (3, 1) meet as (1, 3) and (3, 1).",
        "output[:, 0] has shape (n,), like target.",
    ),
)


def _points(rng):
    for m, n, d in [(4, 3, 2), (1, 5, 3), (3, 3, 3), (6, 1, 1)]:
        yield {"x": rng.normal(size=(m, d)), "y": rng.normal(size=(n, d))}


def pairwise_squared(x, y):
    return np.square(x[:, None, :] - y[None, :, :]).sum(axis=-1)


def _distance(x, y):
    return np.sqrt(pairwise_squared(x, y))


def _pairs_transposed(x, y):
    return pairwise_squared(y, x)


def _own_distance(x, y):
    return pairwise_squared(x, x)


def _mean_over_features(x, y):
    return np.square(x[:, None, :] - y[None, :, :]).mean(axis=-1)


def _no_features_summed(x, y):
    return np.square(x[:, None, :] - y[None, :, :])


def _pairs_of_sums(x, y):
    return np.square((x[:, None, :] - y[None, :, :]).sum(axis=-1))


def _by_expansion(x, y):
    return (x**2).sum(axis=1)[:, None] - 2 * x @ y.T + (y**2).sum(axis=1)


def _by_rows(x, y):
    return np.array([np.square(row - y).sum(axis=1) for row in x])


PAIRWISE_SQUARED = Exercise(
    id="pairwise_squared",
    lesson="01",
    points=3,
    reference=pairwise_squared,
    cases=_points,
    mistakes=(
        Mistake(_distance, "The squared distance was asked for: leave out the root."),
        Mistake(_pairs_transposed, "Entry [i, j] belongs to x[i] and y[j]; here rows belong to y."),
        Mistake(_own_distance, "Those are the distances of x from itself, as in article 000: y must enter."),
        Mistake(_mean_over_features, "Sum over the features, not their mean."),
        Mistake(
            _no_features_summed, "The shape (m, n, d) still holds one number a feature: one axis has to be summed."
        ),
        Mistake(_pairs_of_sums, "Square each feature's difference first, then sum."),
    ),
    alternatives=(_by_expansion, _by_rows),
    hints=(
        "Which shape has x[:, None, :] - y[None, :, :], and which axis must disappear?",
        "A new axis of length 1 makes every row of x meet every row of y.",
        "differences = x[:, None, :] - y[None, :, :]    # (m, n, d)",
    ),
    tolerance=4096.0,  # the expanded form |x|² - 2 x·y + |y|² loses digits, and is right all the same
)


def multiplications(m, k, n):
    return m * k + k * n


def _sizes(rng):
    for _ in range(4):
        m, k, n = (int(size) for size in rng.integers(2, 40, size=3))
        yield {"m": m, "k": k, "n": n}
    yield {"m": 1, "k": 1, "n": 1}


def _left_first(m, k, n):
    return m * k * n + m * n


def _product_only(m, k, n):
    return m * k * n


def _multiplied(m, k, n):
    return m * k * k * n


def _outer_sizes(m, k, n):
    return m * n + k * n


def _factored(m, k, n):
    return k * (m + n)


def _counted(m, k, n):
    return sum(k for _ in range(m)) + sum(n for _ in range(k))


MULTIPLICATIONS = Exercise(
    id="multiplications",
    lesson="01",
    points=2,
    reference=multiplications,
    cases=_sizes,
    mistakes=(
        Mistake(_left_first, "That is the cost of (A B) v. In A (B v) no matrix product is left."),
        Mistake(_product_only, "That is the cost of A B alone, the product that A (B v) avoids."),
        Mistake(_multiplied, "The two products happen one after the other: their costs add."),
        Mistake(_outer_sizes, "A meets a vector of length k: one multiplication for each entry of A."),
    ),
    alternatives=(_factored, _counted),
    hints=(
        "Which product happens first, and what shape has its result?",
        "A matrix times a vector costs one multiplication for each entry of the matrix.",
        "B v costs k · n multiplications and gives a vector of length k.",
    ),
)

PREDICT_PRODUCT_SHAPE = Question(
    id="predict_product_shape",
    lesson="01",
    points=1,
    right=lambda: (np.ones((3, 1)).T * np.ones((2, 3))).shape,
    wrong={
        (1, 3): "Broadcasting stretches the axis of length 1; it does not keep it.",
        (2, 1): "That would be the matrix product B A. `*` works entry by entry.",
        (3, 2): "Nothing is transposed but A itself.",
    },
    hints=(
        "A.T has shape (1, 3). Write it above (2, 3), aligned on the right.",
        "Axes of length 1 stretch to the other's length; others must agree.",
        "The last axis: 3 and 3 give 3.",
    ),
)

PREDICT_DTYPE = Question(
    id="predict_dtype",
    lesson="01",
    points=1,
    right=lambda: {"float32": "A", "float64": "B", "int64": "C"}[
        (np.ones(2, "float32") + np.ones(2, "int64")).dtype.name
    ],
    wrong={
        "A": "float32 holds whole numbers exactly up to 2²⁴ only; int64 goes much further.",
        "C": "A float is in it.",
    },
    hints=(
        "Which type can hold the numbers of both operands?",
        "NumPy takes the smallest type that holds both; int64 does not fit into float32.",
        "np.result_type('float32', 'int64') tells.",
    ),
)

LINES_MATMUL = Ordering(
    id="lines_matmul",
    lesson="01",
    points=2,
    right=("CAEDB",),
    distractors={
        "F": "It multiplies entry by entry, which rectangular operands refuse.",
        "G": "It overwrites the sum.",
    },
    hints=(
        "The result must exist before it is written to, and is returned last.",
        "Three things: the array, the loops over its entries, the sum for one entry.",
        "First line: c = np.zeros((m, n))",
    ),
)

ITEMS = (
    PREDICT_PRODUCT_SHAPE,
    MATMUL_LOOPS,
    LINES_MATMUL,
    MEAN_SQUARED_DIFFERENCE,
    PREDICT_DTYPE,
    MATMUL_BLOCKED,
    MULTIPLICATIONS,
    DENSE_COLUMNS,
    PAIRWISE_SQUARED,
)
