"""Softmax of each row, for logits of any size."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _logits(rng):
    yield {"z": rng.normal(size=(4, 3))}
    yield {"z": rng.normal(size=(1, 5))}
    yield {"z": 2 * rng.normal(size=(3, 3))}
    yield {"z": rng.normal(size=(5, 2)).astype("float32")}
    yield {"z": np.array([[1000.0, 0.0, 999.0], [-2000.0, -2000.0, -2001.0]])}
    yield {"z": np.array([[300.0, 0.0], [-300.0, -301.0], [0.0, 0.5]], dtype="float32")}
    yield {"z": 2000 + rng.normal(size=(2, 4))}


def stable_softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _not_shifted(z):
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


def _shifted_by_one_number_for_all(z):
    e = np.exp(z - z.max())
    return e / e.sum(axis=1, keepdims=True)


def _shifted_by_the_mean(z):
    e = np.exp(z - z.mean(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _shifted_by_the_smallest(z):
    e = np.exp(z - z.min(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _shifted_by_the_largest_absolute_value(z):
    e = np.exp(z - np.abs(z).max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _logits_cut_at_700(z):
    e = np.exp(np.clip(z, -700, 700))
    return e / e.sum(axis=1, keepdims=True)


def _logits_divided(z):
    e = np.exp(z / z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _nan_replaced(z):
    e = np.exp(z)
    return np.nan_to_num(e / e.sum(axis=1, keepdims=True))


def _epsilon_in_the_denominator(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / (e.sum(axis=1, keepdims=True) + z.dtype.type(1e-7))


def _numerator_alone_shifted(z):
    return np.exp(z - z.max(axis=1, keepdims=True)) / np.exp(z).sum(axis=1, keepdims=True)


def _over_the_batch(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def _over_everything(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def _axis_not_kept(z):
    e = np.exp((z.T - z.max(axis=1)).T)
    return e / e.sum(axis=1)


def _divided_by_the_largest(z):
    return np.exp(z - z.max(axis=1, keepdims=True))


def _without_exp(z):
    z = z - z.min(axis=1, keepdims=True)
    return z / z.sum(axis=1, keepdims=True)


def _sigmoids(z):
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def _hardmax(z):
    return (z == z.max(axis=1, keepdims=True)).astype(z.dtype)


def _by_logarithms(z):
    return np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))


def _row_by_row(z):
    rows = []
    for row in z:
        e = np.exp(row - max(row))
        rows.append(e / sum(e))
    return np.array(rows)


def _by_differences(z):
    with np.errstate(over="ignore"):
        return 1 / np.exp(z[:, None, :] - z[:, :, None]).sum(axis=2)


STABLE_SOFTMAX = Exercise(
    id="stable_softmax",
    lesson="02",
    points=3,
    reference=stable_softmax,
    cases=_logits,
    mistakes=(
        Mistake(_not_shifted, "For large logits exp overflows, and ∞/∞ is no number. What may be subtracted first?", 9),
        Mistake(
            _shifted_by_one_number_for_all,
            "One shift for the whole batch: in a row that lies far below the largest number, all powers become 0, and "
            "0/0 is no number. Each row needs its own.",
            9,
        ),
        Mistake(
            _shifted_by_the_mean, "The mean leaves positive exponents. After which shift is every exponent ≤ 0?", 9
        ),
        Mistake(
            _shifted_by_the_smallest,
            "Now every exponent is 0 or more, and large ones overflow as before. Which shift makes every one ≤ 0?",
            9,
        ),
        Mistake(
            _shifted_by_the_largest_absolute_value,
            "In a row of large negative logits that goes down twice as far: all powers become 0, and 0/0 is no number. "
            "Take the largest logit, with its sign.",
            9,
        ),
        Mistake(
            _logits_cut_at_700,
            "Cut off, large logits become equal. A shift keeps their differences, and softmax depends on nothing else.",
            9,
        ),
        Mistake(
            _logits_divided,
            "Division changes the differences between the logits, and softmax depends on them. Subtract.",
            9,
        ),
        Mistake(_nan_replaced, "A nan that became 0 is still wrong: there the probability is near 1. Shift first.", 9),
        Mistake(
            _epsilon_in_the_denominator,
            "After the right shift one power is e⁰ = 1, so the sum is never 0; the small number spoils the values.",
        ),
        Mistake(_numerator_alone_shifted, "The shift cancels only if numerator and denominator have the same one.", 9),
        Mistake(_over_the_batch, "Each column of your result sums to 1; it should be each row, one for each sample."),
        Mistake(_over_everything, "All numbers of the batch together sum to 1; those of each row must."),
        Mistake(
            _axis_not_kept,
            "A sum over axis 1 is (n,), which broadcasting lines up with the classes; keepdims=True keeps (n, 1).",
            2,
        ),
        Mistake(_divided_by_the_largest, "The powers are right; divide each row by its sum."),
        Mistake(_without_exp, "The exponential is missing."),
        Mistake(_sigmoids, "Those are sigmoids, each number for itself: the rows do not sum to 1."),
        Mistake(_hardmax, "That picks the largest logit; softmax gives the others a share as well."),
    ),
    alternatives=(_by_logarithms, _row_by_row, _by_differences),
    hints=(
        "Try z = [[1000, 0]] and print each step. Where does the first inf appear?",
        "Subtract from each row its own largest number: the result stays the same, and no exponent is above 0.",
        "The largest number of each row, as a column: z.max(axis=1, keepdims=True)",
    ),
    tolerance=16384.0,
)
