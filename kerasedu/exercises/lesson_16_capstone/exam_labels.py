"""Find the bug: whole-number labels in a loss that expects one-hot rows."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _predictions(rng):
    for n, k in [(5, 4), (1, 3), (3, 3), (6, 10)]:
        p = rng.dirichlet(np.ones(k), size=n) + 0.02
        yield {"labels": rng.integers(k, size=n), "probabilities": p / p.sum(axis=1, keepdims=True)}


def exam_labels(labels, probabilities):
    return -np.mean(np.log(probabilities[np.arange(len(labels)), labels]))


def _labels_as_weights(labels, probabilities):
    weighted = labels[:, None] * np.log(probabilities)
    return -np.mean(np.sum(weighted, axis=1))


def _likeliest_class(labels, probabilities):
    return -np.mean(np.log(probabilities.max(axis=1)))


def _every_sample_with_every_label(labels, probabilities):
    return -np.mean(np.log(probabilities[:, labels]))


def _counted_from_one(labels, probabilities):
    return -np.mean(np.log(probabilities[np.arange(len(labels)), labels - 1]))


def _sum_over_samples(labels, probabilities):
    return -np.sum(np.log(probabilities[np.arange(len(labels)), labels]))


def _mean_probability(labels, probabilities):
    return -np.log(np.mean(probabilities[np.arange(len(labels)), labels]))


def _mean_over_classes(labels, probabilities):
    one_hot = np.eye(probabilities.shape[1])[labels]
    return -np.mean(one_hot * np.log(probabilities))


def _one_per_sample(labels, probabilities):
    return -np.log(probabilities[np.arange(len(labels)), labels])


def _one_hot(labels, probabilities):
    one_hot = np.eye(probabilities.shape[1])[labels]
    return np.mean(-(one_hot * np.log(probabilities)).sum(axis=1))


def _loop(labels, probabilities):
    return sum(-np.log(row[label]) for row, label in zip(probabilities, labels)) / len(labels)


EXAM_LABELS = Exercise(
    id="exam_labels",
    lesson="16",
    points=2,
    reference=exam_labels,
    cases=_predictions,
    mistakes=(
        Mistake(
            _labels_as_weights,
            "The label became a weight of all classes, so class 0 costs nothing. A label is a name, not a quantity.",
        ),
        Mistake(_likeliest_class, "Those are the probabilities of the likeliest classes, right or wrong."),
        Mistake(
            _every_sample_with_every_label, "That picks every label in every row, (n, n) numbers; each row has one."
        ),
        Mistake(_counted_from_one, "The labels count from 0."),
        Mistake(_sum_over_samples, "The mean over the samples was asked for.", 7),
        Mistake(_mean_probability, "First the logarithm of each, then the mean."),
        Mistake(_mean_over_classes, "Over the classes the terms are summed; only over the samples is it a mean.", 7),
        Mistake(_one_per_sample, "Those are the losses of the samples; their mean was asked for.", 7),
    ),
    alternatives=(_one_hot, _loop),
    hints=(
        "Take one sample with label 0 and one with label 9: what does each of them cost?",
        "For each row, only the probability of its own label counts.",
        "probabilities[np.arange(n), labels] has one number a row.",
    ),
    tolerance=256.0,
)
