"""Binary cross-entropy from logits, which never overflows."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _logits(rng):
    for n, labels, dtype in [(4, "int64", "float64"), (1, "int64", "float64"), (3, "float32", "float32")]:
        y_true, z = rng.integers(0, 2, size=n), rng.normal(scale=3, size=(n, 1))
        if n > 1:  # both signs
            z[:2] = np.array([[1], [-1]]) * np.abs(z[:2])
        y_true[0] = z[0, 0] < 0  # one logit against its label: a loss of nearly 0 would consist of rounding errors
        yield {"y_true": y_true.astype(labels), "z": z.astype(dtype)}
    z = np.array([[800.0], [-800.0], [40.0], [2.0]])
    yield {"y_true": np.array([0, 1, 0, 1]), "z": z + rng.uniform(size=z.shape)}
    yield {"y_true": np.array([1.0, 0.0, 1.0]), "z": np.array([[800.0], [-800.0], [-1.0]])}


def binary_from_logits(y_true, z):
    z = z[:, 0]
    return np.mean(np.maximum(z, 0) - z * y_true + np.log1p(np.exp(-np.abs(z))))


def _every_label_with_every_logit(y_true, z):
    return np.mean(np.maximum(z, 0) - z * y_true + np.log1p(np.exp(-np.abs(z))))


def _through_the_sigmoid(y_true, z):
    p = 1 / (1 + np.exp(-z[:, 0]))
    return -np.mean(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))


def _through_the_sigmoid_clipped(y_true, z):
    p = np.clip(_sigmoid(z[:, 0]), 1e-7, 1 - 1e-7)
    return -np.mean(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))


def _sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def _of_the_probability(y_true, z):
    return binary_from_logits(y_true, _sigmoid(z))


def _overflows(y_true, z):
    z = z[:, 0]
    return np.mean(np.log(1 + np.exp(z)) - z * y_true)


def _without_the_absolute_value(y_true, z):
    z = z[:, 0]
    return np.mean(np.maximum(z, 0) - z * y_true + np.log1p(np.exp(-z)))


def _absolute_value_without_minus(y_true, z):
    z = z[:, 0]
    return np.mean(np.maximum(z, 0) - z * y_true + np.log1p(np.exp(np.abs(z))))


def _without_the_maximum(y_true, z):
    z = z[:, 0]
    return np.mean(np.log1p(np.exp(-np.abs(z))) - z * y_true)


def _label_added(y_true, z):
    z = z[:, 0]
    return np.mean(np.maximum(z, 0) + z * y_true + np.log1p(np.exp(-np.abs(z))))


def _largest_of_all(y_true, z):
    z = z[:, 0]
    return np.mean(max(z.max(), 0) - z * y_true + np.log1p(np.exp(-np.abs(z))))


def _two_faults(y_true, z):
    p = _sigmoid(z)
    return -np.mean(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))


def _of_two_numbers_only(y_true, z):
    z = z[:, 0]
    return np.mean(max(z, 0) - z * y_true + np.log1p(np.exp(-np.abs(z))))


def _logarithm_forgotten(y_true, z):
    z = z[:, 0]
    return np.mean(np.maximum(z, 0) - z * y_true + np.exp(-np.abs(z)))


def _exponential_forgotten(y_true, z):
    z = z[:, 0]
    return np.mean(np.maximum(z, 0) - z * y_true + np.log1p(-np.abs(z)))


def _one_forgotten(y_true, z):
    z = z[:, 0]
    return np.mean(np.maximum(z, 0) - z * y_true - np.abs(z))


def _labels_exchanged(y_true, z):
    return binary_from_logits(1 - y_true, z)


def _one_per_sample(y_true, z):
    z = z[:, 0]
    return np.maximum(z, 0) - z * y_true + np.log1p(np.exp(-np.abs(z)))


def _sum_over_samples(y_true, z):
    return binary_from_logits(y_true, z) * len(y_true)


def _with_logaddexp(y_true, z):
    return (np.logaddexp(0, z) - z * y_true[:, None]).mean()


def _by_label(y_true, z):
    total = 0.0
    for y, (one,) in zip(y_true, z):
        against = -one if y == 1 else one  # how far the logit speaks for the other answer
        total += max(against, 0.0) + np.log(1 + np.exp(-abs(against)))
    return total / len(y_true)


def _with_stable_log_sigmoid(y_true, z):
    z, y = z.ravel(), np.asarray(y_true, float)

    def log_sigmoid(z):
        return np.minimum(z, 0) - np.log1p(np.exp(-abs(z)))

    return -np.sum(y * log_sigmoid(z) + (1 - y) * log_sigmoid(-z)) / z.size


BINARY_FROM_LOGITS = Exercise(
    id="binary_from_logits",
    lesson="03",
    points=3,
    reference=binary_from_logits,
    cases=_logits,
    mistakes=(
        Mistake(
            _every_label_with_every_logit,
            "y_true is (n,) and z is (n, 1): broadcasting made (n, n), every label with every logit.",
            2,
        ),
        Mistake(
            _two_faults,
            "y_true is (n,) and z is (n, 1): broadcasting made (n, n). And the way through the sigmoid meets ln 0.",
            2,
        ),
        Mistake(
            _through_the_sigmoid, "The way through the sigmoid meets ln 0 when |z| is large: use the logits' form."
        ),
        Mistake(
            _through_the_sigmoid_clipped,
            "Clipped, no sample can cost more than 16.118. From a logit of -800 with label 1 the loss is 800.",
        ),
        Mistake(_of_the_probability, "A sigmoid was applied first, so the formula saw probabilities as logits.", 10),
        Mistake(_overflows, "That is right on paper. exp(800) overflows: the form in the text never does.", 9),
        Mistake(_without_the_absolute_value, "Without |z| the exponential overflows for z = -800, and counts twice."),
        Mistake(_absolute_value_without_minus, "e to the power of |z| grows without limit; the exponent is negative."),
        Mistake(_without_the_maximum, "The first of the three terms is missing: the loss came out negative."),
        Mistake(_label_added, "z y is subtracted: a large logit with label 1 costs almost nothing."),
        Mistake(_largest_of_all, "max(z, 0) is taken for each logit on its own: np.maximum, not the largest of all."),
        Mistake(_of_two_numbers_only, "max chooses one of two numbers; np.maximum compares entry by entry."),
        Mistake(_logarithm_forgotten, "Of 1 + exp(-|z|) the logarithm is taken."),
        Mistake(
            _exponential_forgotten, "np.log1p(t) is ln(1 + t), and t here is exp(-|z|): the exponential is missing."
        ),
        Mistake(_one_forgotten, "ln(1 + exp(-|z|)), with the 1: without it the logarithm only undoes the exponential."),
        Mistake(_labels_exchanged, "Large logits cost much with label 1 here: they should cost nothing."),
        Mistake(_one_per_sample, "Those are the losses of the samples; asked for is their mean."),
        Mistake(_sum_over_samples, "Put the batch in twice: the loss must not double.", 7),
    ),
    alternatives=(_with_logaddexp, _by_label, _with_stable_log_sigmoid),
    hints=(
        "Print the shape of every term for n = 3. Then try z = ±800.",
        "Make the shapes equal, (n,) and (n,); then the three terms of the formula, entry by entry, and their mean.",
        "z = z[:, 0]    # (n,), like y_true",
    ),
    tolerance=512.0,
)
