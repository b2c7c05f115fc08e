"""Cross-entropy of class numbers, from logits."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _logits(rng):
    for n, k in [(4, 3), (1, 5), (3, 3), (6, 10)]:
        labels = rng.integers(k, size=n)
        labels[0] = k - 1
        z = rng.normal(scale=2, size=(n, k))
        z[0, -1] -= 6  # a loss of nearly 0 would consist of rounding errors
        yield {"labels": labels, "z": z}
    z = np.array([[1000.0, 0, 500], [-1000, -1001, -999], [0, 1, 800], [3, 1, 2]])
    yield {"labels": np.array([1, 2, 2, 0]), "z": z + rng.uniform(size=z.shape)}


def sparse_from_logits(labels, z):
    return _logsumexp(z) - z[np.arange(len(labels)), labels]


def _logsumexp(z, axis=-1):
    m = z.max(axis=axis, keepdims=True)
    return np.squeeze(m, axis) + np.log(np.sum(np.exp(z - m), axis=axis))


def _softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _softmax_twice(labels, z):
    return sparse_from_logits(labels, _softmax(z))


def _not_shifted(labels, z):
    return np.log(np.exp(z).sum(axis=-1)) - z[np.arange(len(labels)), labels]


def _shift_not_added_back(labels, z):
    return sparse_from_logits(labels, z) - z.max(axis=-1)


def _largest_of_the_batch(labels, z):
    m = z.max()
    return m + np.log(np.exp(z - m).sum(axis=-1)) - z[np.arange(len(labels)), labels]


def _every_label_of_every_row(labels, z):
    return _logsumexp(z)[:, None] - z[:, labels]


def _every_label_in_columns(labels, z):
    return _logsumexp(z) - z[:, labels]


def _every_sum_with_every_logit(labels, z):
    return _logsumexp(z)[:, None] - z[np.arange(len(labels)), labels]


def _over_the_samples(labels, z):
    return _logsumexp(z, axis=0) - z[np.arange(len(labels)), labels]


def _clipped(labels, z):
    return -np.log(np.clip(_softmax(z)[np.arange(len(labels)), labels], 1e-7, 1 - 1e-7))


def _epsilon_added(labels, z):
    return -np.log(_softmax(z)[np.arange(len(labels)), labels] + 1e-7)


def _not_clipped(labels, z):
    return -np.log(_softmax(z)[np.arange(len(labels)), labels])


def _largest_only(labels, z):
    return z.max(axis=-1) - z[np.arange(len(labels)), labels]


def _logarithm_forgotten(labels, z):
    m = z.max(axis=-1)
    return m + np.exp(z - m[:, None]).sum(axis=-1) - z[np.arange(len(labels)), labels]


def _shift_inside_the_logarithm(labels, z):
    m = z.max(axis=-1)
    return np.log(m + np.exp(z - m[:, None]).sum(axis=-1)) - z[np.arange(len(labels)), labels]


def _label_as_a_quantity(labels, z):
    return np.sum(labels[:, None] * (_logsumexp(z)[:, None] - z), axis=-1)


def _counted_from_one(labels, z):
    return _logsumexp(z) - z[np.arange(len(labels)), labels - 1]


def _likeliest_class(labels, z):
    return np.log(np.exp(z - z.max(axis=-1, keepdims=True)).sum(axis=-1))


def _mean_over_samples(labels, z):
    return np.mean(sparse_from_logits(labels, z))


def _all_classes(labels, z):
    return _logsumexp(z)[:, None] - z


def _sign_forgotten(labels, z):
    return -sparse_from_logits(labels, z)


def _log_softmax(labels, z):
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.take_along_axis(log_p, labels[:, None], axis=1)[:, 0]


def _one_hot(labels, z):
    y = np.eye(z.shape[1])[labels]
    return np.logaddexp.reduce(z, axis=1) - (y * z).sum(axis=1)


def _loop(labels, z):
    result = np.zeros(len(z))
    for i, (label, row) in enumerate(zip(labels, z)):
        others = row - row[label]  # how far each class is above the true one
        top = max(others)
        result[i] = top + np.log(sum(np.exp(others - top)))
    return result


SPARSE_FROM_LOGITS = Exercise(
    id="sparse_from_logits",
    lesson="03",
    points=3,
    reference=sparse_from_logits,
    cases=_logits,
    mistakes=(
        Mistake(
            _softmax_twice,
            "The exponentials and the logarithm already are the softmax: applied to probabilities, it is there twice.",
            10,
        ),
        Mistake(_not_shifted, "Right on paper; exp(1000) overflows. Take the largest logit of each row out first.", 9),
        Mistake(_shift_not_added_back, "What was subtracted inside the exponentials has to be added after the log."),
        Mistake(
            _largest_of_the_batch,
            "One shift for the whole batch: in rows far below it every exponential is 0. Each row has its own maximum.",
            9,
        ),
        Mistake(
            _every_label_of_every_row,
            "z[:, labels] picks every label in every row, (n, n) numbers; each row has one label.",
            2,
        ),
        Mistake(
            _every_label_in_columns,
            "z[:, labels] picks every label in every row, (n, n) numbers; each row has one label.",
            2,
        ),
        Mistake(
            _every_sum_with_every_logit,
            "(n, 1) minus (n,) is (n, n): every row's sum met every row's logit. Make both (n,).",
            2,
        ),
        Mistake(_over_the_samples, "The sum went down the samples. It runs over the classes of one sample: axis -1."),
        Mistake(_clipped, "Clipped, no sample can cost more than 16.118; from logits nothing needs to be clipped."),
        Mistake(_epsilon_added, "The added number keeps ln finite and changes every loss. Stay with the logits."),
        Mistake(_not_clipped, "The way through the probabilities meets ln 0. Stay with the logits."),
        Mistake(_largest_only, "The logarithm of the sum is more than the largest logit: what do the others add?"),
        Mistake(_logarithm_forgotten, "Of the sum of the exponentials the logarithm is taken."),
        Mistake(_shift_inside_the_logarithm, "m is added to the logarithm, not inside it."),
        Mistake(
            _label_as_a_quantity,
            "The label became a factor, so class 0 costs nothing and class 9 much. A label is a name, not a quantity.",
        ),
        Mistake(_counted_from_one, "The labels count from 0."),
        Mistake(_likeliest_class, "Those are the losses if the likeliest class were right. Use the labels."),
        Mistake(_mean_over_samples, "That is reduced already; asked for is one loss for each sample, (n,)."),
        Mistake(_all_classes, "That is -ln p of every class, (n, K). Each sample costs that of its true class alone."),
        Mistake(_sign_forgotten, "A loss of this kind is never negative: which of the two terms is subtracted?"),
    ),
    alternatives=(_log_softmax, _one_hot, _loop),
    hints=(
        "One row first: z = [2, 0, 0] and label 0 cost 0.24, label 1 costs 2.24. Then z = [1000, 0, 0].",
        "Per row: the logarithm of the sum of the exponentials, minus the logit of the true class. Shift by the row's "
        "maximum m, and add m again.",
        "m = z.max(axis=-1, keepdims=True)    # (n, 1), to be subtracted from z",
    ),
    tolerance=256.0,
)
