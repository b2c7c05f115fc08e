"""A variant for weights: symmetric, with a scale for each output unit."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _kernels(rng):
    for (d, units), dtype, empty in [
        ((4, 3), "float64", None),
        ((3, 3), "float64", None),
        ((2, 5), "float32", 1),
        ((1, 2), "float64", None),
        ((6, 4), "float64", 3),
    ]:
        multiples = rng.integers(-126, 127, size=(d, units)) + rng.uniform(-0.4, 0.4, size=(d, units))
        multiples[rng.integers(d, size=units), np.arange(units)] = 127 * rng.choice([-1, 1], size=units)
        kernel = multiples * 10.0 ** rng.uniform(-3, 1, size=units)
        if empty is not None:
            kernel[:, empty] = 0
        yield {"kernel": kernel.astype(dtype)}


def _largest(kernel):
    """The largest magnitude of each column, 127 where all are zero."""
    largest = np.abs(kernel).max(axis=0)
    return np.where(largest == 0, 127, largest).astype(kernel.dtype)


def quantize_kernel(kernel):
    scale = _largest(kernel) / 127
    return np.round(kernel / scale).astype("int8"), scale


def _one_scale_for_all(kernel):
    scale = np.abs(kernel).max() / 127
    return np.round(kernel / scale).astype("int8"), scale


def _one_scale_repeated(kernel):
    scale = np.full(kernel.shape[1], np.abs(kernel).max() / 127, kernel.dtype)
    return np.round(kernel / scale).astype("int8"), scale


def _scale_of_each_row(kernel):
    largest = np.abs(kernel).max(axis=1, keepdims=True)
    scale = np.where(largest == 0, 127, largest).astype(kernel.dtype) / 127
    return np.round(kernel / scale).astype("int8"), scale[:, 0]


def _divided_by_nothing(kernel):
    scale = np.abs(kernel).max(axis=0) / 127
    return np.round(kernel / scale).astype("int8"), scale


def _small_number_in_scale(kernel):
    scale = np.abs(kernel).max(axis=0) / 127 + kernel.dtype.type(1e-7)
    return np.round(kernel / scale).astype("int8"), scale


def _zeros_count_as_one(kernel):
    q, scale = quantize_kernel(kernel)
    return q, np.where(kernel.any(axis=0), scale, kernel.dtype.type(1 / 127))


def _not_divided_by_127(kernel):
    q, scale = quantize_kernel(kernel)
    return q, np.where(kernel.any(axis=0), scale * 127, scale).astype(kernel.dtype)


def _multiplied(kernel):
    _, scale = quantize_kernel(kernel)
    return np.round(kernel * scale).astype("int8"), scale


def _size_of_the_largest(kernel):
    largest = np.abs(kernel.max(axis=0))
    scale = np.where(largest == 0, 127, largest).astype(kernel.dtype) / 127
    return np.clip(np.round(kernel / scale), -127, 127).astype("int8"), scale


def _half_the_steps(kernel):
    scale = _largest(kernel) / 255
    return np.clip(np.round(kernel / scale), -127, 127).astype("int8"), scale


def _without_absolute_value(kernel):
    largest = kernel.max(axis=0)
    scale = np.where(largest == 0, 127, largest).astype(kernel.dtype) / 127
    return np.clip(np.round(kernel / scale), -128, 127).astype("int8"), scale


def _of_128_steps(kernel):
    largest = np.abs(kernel).max(axis=0)
    scale = np.where(largest == 0, 128, largest).astype(kernel.dtype) / 128
    return np.clip(np.round(kernel / scale), -128, 127).astype("int8"), scale


def _range_of_each_column(kernel):
    width = kernel.max(axis=0) - kernel.min(axis=0)
    scale = np.where(width == 0, 255, width).astype(kernel.dtype) / 255
    return np.clip(np.round(kernel / scale), -128, 127).astype("int8"), scale


def _truncated(kernel):
    scale = _largest(kernel) / 127
    return (kernel / scale).astype("int8"), scale


def _floored(kernel):
    scale = _largest(kernel) / 127
    return np.floor(kernel / scale).astype("int8"), scale


def _reciprocal(kernel):
    scale = 127 / _largest(kernel)
    return np.round(kernel * scale).astype("int8"), scale


def _scale_as_a_row(kernel):
    q, scale = quantize_kernel(kernel)
    return q, scale[None]


def _not_rounded(kernel):
    scale = _largest(kernel) / 127
    return kernel / scale, scale


def _column_by_column(kernel):
    q = np.zeros(kernel.shape, dtype=int)
    scale = np.ones(kernel.shape[1], dtype=kernel.dtype)
    for j in range(kernel.shape[1]):
        if np.any(kernel[:, j]):
            scale[j] = max(abs(kernel[:, j])) / 127
            q[:, j] = [round(float(w) / float(scale[j])) for w in kernel[:, j]]
    return q, scale


def _transposed(kernel):
    columns = kernel.T
    largest = np.maximum(columns.max(axis=1), -columns.min(axis=1))
    scale = largest / 127
    scale[largest == 0] = 1
    return [np.clip(np.rint(columns / scale[:, None]), -127, 127).T.astype(np.int8), scale]


QUANTIZE_KERNEL = Exercise(
    id="quantize_kernel",
    lesson="15",
    points=2,
    reference=quantize_kernel,
    cases=_kernels,
    mistakes=(
        Mistake(_one_scale_for_all, "One scale for the whole kernel: columns of small weights lose their digits."),
        Mistake(_one_scale_repeated, "One scale for the whole kernel: columns of small weights lose their digits."),
        Mistake(_scale_of_each_row, "Each row got its scale. The kernel is (d, units): a unit is a column.", 3),
        Mistake(_divided_by_nothing, "A column of zeros got the scale 0: nothing can be divided by it. It is 1."),
        Mistake(
            _small_number_in_scale,
            "A small number was added to every scale. Exactly: the scale is 1 where a column is zero, and untouched "
            "elsewhere.",
        ),
        Mistake(_zeros_count_as_one, "A column of zeros has the scale 1: put it in after dividing by 127."),
        Mistake(_not_divided_by_127, "The scale is one step: the largest |w| has 127 of them."),
        Mistake(_multiplied, "A step of size scale goes into w how often? Divide by the scale."),
        Mistake(
            _size_of_the_largest, "First the sizes, then the largest: max may have missed a large negative weight."
        ),
        Mistake(_half_the_steps, "255 steps span the whole range; on each side of 0 are 127."),
        Mistake(_without_absolute_value, "The largest weight may be negative: sizes count."),
        Mistake(_of_128_steps, "Symmetric means -127 to 127: 127 steps on either side."),
        Mistake(_range_of_each_column, "That is the width of a column's range; symmetric needs the larger side."),
        Mistake(_truncated, "The quotient was cut off. The nearest whole number is at most half a step away."),
        Mistake(_floored, "The quotient was rounded down. The nearest whole number is at most half a step away."),
        Mistake(_reciprocal, "That is how Keras stores it; here scale is the size of a step: kernel ≈ q · scale."),
        Mistake(_scale_as_a_row, "scale is (units,), without a second axis."),
        Mistake(_not_rounded, "The quotients are right; q holds whole numbers."),
    ),
    alternatives=(_column_by_column, _transposed),
    hints=(
        "How many scales has a kernel of shape (64, 32)? Does q · scale give it back, column by column?",
        "The largest magnitude of a column becomes ±127; a column of zeros keeps its zeros, with scale 1.",
        "scale = np.abs(kernel).max(axis=0) / 127, and then scale[scale == 0] = 1",
    ),
    results=("q", "scale"),
    keeps_dtype=False,
)
