"""How many windows there are along an axis, and where 'same' puts its zeros."""

from math import ceil

from kerasedu.exercises.exercise import Exercise, Mistake


def _axes(rng):
    for length, kernel_size, strides, dilation_rate in [
        (6, 3, 2, 1),
        (7, 3, 2, 1),
        (28, 3, 1, 1),
        (8, 2, 1, 1),
        (6, 1, 4, 1),  # 'same' lacks nothing
        (10, 3, 3, 2),
        (9, 4, 2, 2),
        (5, 5, 1, 1),
    ]:
        yield {"length": length, "kernel_size": kernel_size, "strides": strides, "dilation_rate": dilation_rate}
    kernel_size, strides, dilation_rate = (int(number) for number in rng.integers(2, 5, size=3))
    length = dilation_rate * (kernel_size - 1) + 1 + int(rng.integers(0, 20))
    yield {"length": length, "kernel_size": kernel_size, "strides": strides, "dilation_rate": dilation_rate}


def conv_sizes(length, kernel_size, strides, dilation_rate):
    span = dilation_rate * (kernel_size - 1) + 1
    return _with_padding(length, span, strides, lambda total: (total // 2, total - total // 2))


def _with_padding(length, span, strides, share):
    """The four numbers, when ``share`` gives the zeros before and after."""
    same = ceil(length / strides)
    total = max(0, (same - 1) * strides + span - length)
    return (length - span) // strides + 1, same, *share(total)


def _symmetric(length, kernel_size, strides, dilation_rate):
    span = dilation_rate * (kernel_size - 1) + 1
    return _with_padding(length, span, strides, lambda total: ((total + 1) // 2, (total + 1) // 2))


def _half_of_the_kernel(length, kernel_size, strides, dilation_rate):
    valid, same, *_ = conv_sizes(length, kernel_size, strides, dilation_rate)
    return valid, same, kernel_size // 2, kernel_size // 2


def _more_before(length, kernel_size, strides, dilation_rate):
    span = dilation_rate * (kernel_size - 1) + 1
    return _with_padding(length, span, strides, lambda total: (total - total // 2, total // 2))


def _as_without_strides(length, kernel_size, strides, dilation_rate):
    valid, same, *_ = conv_sizes(length, kernel_size, strides, dilation_rate)
    return valid, same, *conv_sizes(length, kernel_size, 1, dilation_rate)[2:]


def _dilation_ignored(length, kernel_size, strides, dilation_rate):
    return conv_sizes(length, kernel_size, strides, 1)


def _dilation_times_size(length, kernel_size, strides, dilation_rate):
    return conv_sizes(length, kernel_size * dilation_rate, strides, 1)


def _last_window_forgotten(length, kernel_size, strides, dilation_rate):
    valid, *others = conv_sizes(length, kernel_size, strides, dilation_rate)
    return valid - 1, *others


def _valid_rounded_up(length, kernel_size, strides, dilation_rate):
    _, *others = conv_sizes(length, kernel_size, strides, dilation_rate)
    return ceil((length - dilation_rate * (kernel_size - 1) - 1) / strides) + 1, *others


def _same_rounded_down(length, kernel_size, strides, dilation_rate):
    span, same = dilation_rate * (kernel_size - 1) + 1, length // strides
    total = max(0, (same - 1) * strides + span - length)
    return (length - span) // strides + 1, same, total // 2, total - total // 2


def _same_one_too_many(length, kernel_size, strides, dilation_rate):
    span, same = dilation_rate * (kernel_size - 1) + 1, length // strides + 1
    total = max(0, (same - 1) * strides + span - length)
    return (length - span) // strides + 1, same, total // 2, total - total // 2


def _not_rounded(length, kernel_size, strides, dilation_rate):
    span, same = dilation_rate * (kernel_size - 1) + 1, length / strides
    total = max(0, (same - 1) * strides + span - length)
    return (length - span) / strides + 1, same, total / 2, total - total / 2


def _same_as_the_input(length, kernel_size, strides, dilation_rate):
    span = dilation_rate * (kernel_size - 1) + 1
    total = (length - 1) * strides + span - length
    return (length - span) // strides + 1, length, total // 2, total - total // 2


def _negative_padding(length, kernel_size, strides, dilation_rate):
    valid, same, *_ = conv_sizes(length, kernel_size, strides, dilation_rate)
    total = (same - 1) * strides + dilation_rate * (kernel_size - 1) + 1 - length
    return valid, same, total // 2, total - total // 2


def _odd_zero_lost(length, kernel_size, strides, dilation_rate):
    span = dilation_rate * (kernel_size - 1) + 1
    return _with_padding(length, span, strides, lambda total: (total // 2, total // 2))


def _all_of_them_after(length, kernel_size, strides, dilation_rate):
    span = dilation_rate * (kernel_size - 1) + 1
    return _with_padding(length, span, strides, lambda total: (total // 2, total))


def _counted(length, kernel_size, strides, dilation_rate):
    last = dilation_rate * (kernel_size - 1)
    valid = len([start for start in range(0, length, strides) if start + last < length])
    starts = range(0, length, strides)
    lacking = max(starts[-1] + last - (length - 1), 0)
    return [valid, len(starts), lacking // 2, (lacking + 1) // 2]


def _negative_floor(length, kernel_size, strides, dilation_rate):
    same = -(-length // strides)
    total = (same - 1) * strides + (kernel_size - 1) * dilation_rate + 1 - length
    total *= total > 0
    valid = (length - (kernel_size - 1) * dilation_rate + strides - 1) // strides
    return valid, same, int(total / 2), ceil(total / 2)


CONV_SIZES = Exercise(
    id="conv_sizes",
    lesson="08",
    points=4,
    reference=conv_sizes,
    cases=_axes,
    results=("valid", "same", "before", "after"),
    mistakes=(
        Mistake(
            _symmetric,
            "Both sides got equally many zeros. With length 6, kernel 3 and stride 2 a single zero is lacking: on "
            "which side does TensorFlow put it?",
            26,
        ),
        Mistake(
            _half_of_the_kernel,
            "kernel_size // 2 on both sides is what others do. Keras adds only what the last window lacks, which "
            "depends on the length and the stride.",
            26,
        ),
        Mistake(_more_before, "The larger half came first; in Keras it comes after (bottom, right).", 26),
        Mistake(
            _as_without_strides,
            "The zeros are those for stride 1. With a stride the last window starts at (same - 1) · strides and may "
            "lack fewer.",
            26,
        ),
        Mistake(_dilation_ignored, "dilation_rate pulls the entries of the kernel apart: how far is the last from 0?"),
        Mistake(
            _dilation_times_size,
            "Between k entries there are k - 1 gaps: the kernel spans fewer places than dilation_rate · kernel_size.",
        ),
        Mistake(
            _last_window_forgotten, "'valid' lacks the + 1: a kernel that spans the whole axis still fits in once."
        ),
        Mistake(_valid_rounded_up, "'valid' rounds down: a window that does not fit in whole does not count."),
        Mistake(_same_rounded_down, "'same' rounds up: pixels that are left over get one more window, padded."),
        Mistake(
            _same_as_the_input, "'same' keeps the length for stride 1 only; with strides it is ⌈length / strides⌉."
        ),
        Mistake(
            _same_one_too_many,
            "⌈length / strides⌉ is not length // strides + 1: when the stride divides the length, nothing is rounded.",
        ),
        Mistake(_not_rounded, "Windows and zeros are counted: `//` rounds down, `-(-a // b)` up."),
        Mistake(_negative_padding, "A negative number of zeros: when the last window lacks nothing, nothing is added."),
        Mistake(_odd_zero_lost, "Before and after have to add up to the total: of an odd one, a zero got lost."),
        Mistake(_all_of_them_after, "After come the zeros that are left, not all: both sides add up to the total."),
    ),
    alternatives=(_counted, _negative_floor),
    hints=(
        "Draw 6 cells, then all windows of 3 that start at 0, 2 and 4. What does the last one lack?",
        "From its first entry to its last a kernel spans d (k - 1) + 1 places. 'same' adds what the last window lacks "
        "and splits it with total // 2.",
        "total = max(0, (same - 1) * strides + span - length)",
    ),
)
