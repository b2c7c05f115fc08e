"""A dense layer on samples in columns."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


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
