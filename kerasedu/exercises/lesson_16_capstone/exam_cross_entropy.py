"""Find the bug: a cross-entropy whose sum and mean go over the wrong axes, and that meets log 0."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _predictions(rng):
    """Probabilities as softmax gives them; in the last case some are exactly 0 and 1."""
    for n, k in [(4, 3), (1, 5), (3, 3), (6, 2)]:
        p = rng.dirichlet(np.ones(k), size=n) + 0.02
        yield {"y_true": np.eye(k)[rng.integers(k, size=n)], "y_pred": p / p.sum(axis=1, keepdims=True)}
    yield {"y_true": np.eye(3)[[0, 1, 2]], "y_pred": np.array([[1.0, 0, 0], [0.2, 0.5, 0.3], [1.0, 0, 0]])}


def exam_cross_entropy(y_true, y_pred):
    return -np.mean(np.sum(y_true * _log(y_pred), axis=1))


def _log(p):
    return np.log(np.clip(p, 1e-7, 1 - 1e-7))


def _as_printed(y_true, y_pred):
    return -np.sum(y_true * np.log(y_pred))


def _printed_but_clipped(y_true, y_pred):
    return -np.sum(y_true * _log(y_pred))


def _not_clipped(y_true, y_pred):
    return -np.mean(np.sum(y_true * np.log(y_pred), axis=1))


def _mean_over_classes(y_true, y_pred):
    return -np.mean(y_true * _log(y_pred))


def _mean_over_classes_only(y_true, y_pred):
    return -np.sum(np.mean(y_true * _log(y_pred), axis=1))


def _sign_forgotten(y_true, y_pred):
    return np.mean(np.sum(y_true * _log(y_pred), axis=1))


def _one_per_sample(y_true, y_pred):
    return -np.sum(y_true * _log(y_pred), axis=1)


def _operands_exchanged(y_true, y_pred):
    return -np.mean(np.sum(y_pred * _log(y_true), axis=1))


def _binary(y_true, y_pred):
    return -np.mean(np.sum(y_true * _log(y_pred) + (1 - y_true) * _log(1 - y_pred), axis=1))


def _clipped_lower(y_true, y_pred):
    return -np.mean(np.sum(y_true * np.log(np.maximum(y_pred, 1e-12)), axis=1))


def _right_class_only(y_true, y_pred):
    p = y_pred[np.arange(len(y_pred)), y_true.argmax(axis=1)]
    return np.mean(-np.log(np.maximum(p, 1e-7)))


def _epsilon_added(y_true, y_pred):
    total = 0.0
    for y, p in zip(y_true, y_pred):
        for k in range(len(y)):
            total -= y[k] * np.log(p[k] + 1e-7)
    return total / len(y_true)


EXAM_CROSS_ENTROPY = Exercise(
    id="exam_cross_entropy",
    lesson="16",
    points=3,
    reference=exam_cross_entropy,
    cases=_predictions,
    mistakes=(
        Mistake(_as_printed, "It is a sum over samples and classes: two copies of the data double the loss.", 7),
        Mistake(_printed_but_clipped, "Clipped, and still a sum over the samples: what does Keras do with them?", 7),
        Mistake(
            _not_clipped,
            "Right until a probability is 0: the logarithm is -inf, and 0 · inf is not a number. Clip first.",
        ),
        Mistake(_clipped_lower, "Finite, but clipped at another place than in Keras, which takes 1e-7."),
        Mistake(_mean_over_classes, "The mean went over the classes as well: over those the terms are summed.", 7),
        Mistake(_mean_over_classes_only, "Sum and mean are exchanged: sum over classes, mean over samples.", 7),
        Mistake(_sign_forgotten, "Logarithms of probabilities are negative; a loss is not."),
        Mistake(_one_per_sample, "Those are the losses of the samples; one number was asked for.", 7),
        Mistake(_operands_exchanged, "The logarithm is taken of the prediction, not of the truth."),
        Mistake(_binary, "That is a binary cross-entropy for each class; softmax's classes exclude each other."),
    ),
    alternatives=(_right_class_only, _epsilon_added),
    hints=(
        "Put the same batch in twice. Must the loss change? And what is the loss when a probability is 0?",
        "n stands for two things: over the k classes the terms are summed, over the n samples their mean is taken.",
        "np.clip(y_pred, 1e-7, 1 - 1e-7) keeps the logarithm finite.",
    ),
    tolerance=1e10,  # where exactly one clips is a matter of 1e-7
)
