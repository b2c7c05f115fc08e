"""A variant: a cross-entropy in which every class counts the same, however many samples it has."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _predictions(rng):
    """Classes of unequal size; in two cases a class is absent."""
    for labels, k in [([0] * 6 + [1] * 2, 2), ([2, 0, 0, 2, 2, 1], 3), ([1], 3), ([3, 3, 0, 3, 0, 3, 3, 1], 5)]:
        p = rng.dirichlet(np.ones(k), size=len(labels)) + 0.2
        yield {"labels": rng.permutation(np.array(labels)), "probabilities": p / p.sum(axis=1, keepdims=True)}


def _losses(labels, probabilities):
    return -np.log(probabilities[np.arange(len(labels)), labels])


def balanced_crossentropy(labels, probabilities):
    losses = _losses(labels, probabilities)
    return np.mean([losses[labels == k].mean() for k in np.unique(labels)])


def _plain_mean(labels, probabilities):
    return np.mean(_losses(labels, probabilities))


def _means_summed(labels, probabilities):
    losses = _losses(labels, probabilities)
    return sum(losses[labels == k].mean() for k in np.unique(labels))


def _absent_classes_counted(labels, probabilities):
    return _means_summed(labels, probabilities) / probabilities.shape[1]


def _mean_of_nothing(labels, probabilities):
    losses = _losses(labels, probabilities)
    return np.mean([losses[labels == k].mean() for k in range(probabilities.shape[1])])


def _large_classes_weigh_more(labels, probabilities):
    weights = np.bincount(labels)[labels]
    return np.sum(weights * _losses(labels, probabilities)) / weights.sum()


def _weights_not_divided_out(labels, probabilities):
    return np.mean(_losses(labels, probabilities) / np.bincount(labels)[labels])


def _sums_of_classes(labels, probabilities):
    return np.sum(_losses(labels, probabilities)) / len(np.unique(labels))


def _logarithm_of_mean_probabilities(labels, probabilities):
    p = probabilities[np.arange(len(labels)), labels]
    return -np.mean([np.log(p[labels == k].mean()) for k in np.unique(labels)])


def _probability_of_the_likeliest(labels, probabilities):
    losses = -np.log(probabilities.max(axis=1))
    return np.mean([losses[labels == k].mean() for k in np.unique(labels)])


def _all_probabilities(labels, probabilities):
    return np.mean([-np.log(probabilities[labels == k]).mean() for k in np.unique(labels)])


def _every_sample_for_every_class(labels, probabilities):
    return np.mean([-np.log(probabilities[:, k]).mean() for k in np.unique(labels)])


def _sign_forgotten(labels, probabilities):
    return -balanced_crossentropy(labels, probabilities)


def _inverse_counts(labels, probabilities):
    weights = 1 / np.bincount(labels)[labels]
    return (weights * _losses(labels, probabilities)).sum() / weights.sum()


def _weights_of_scikit_learn(labels, probabilities):
    classes, index, counts = np.unique(labels, return_inverse=True, return_counts=True)
    weights = len(labels) / (len(classes) * counts)
    one_hot = np.eye(probabilities.shape[1])[labels]
    return -np.mean(weights[index] * (one_hot * np.log(np.clip(probabilities, 1e-7, 1))).sum(axis=1))


def _epsilon_added(labels, probabilities):
    means = []
    for k in range(probabilities.shape[1]):
        if (labels == k).any():
            means.append(-np.log(probabilities[labels == k, k] + 1e-7).mean())
    return np.mean(means)


def _with_dictionaries(labels, probabilities):
    of_class = {}
    for label, row in zip(labels.tolist(), probabilities):
        of_class.setdefault(label, []).append(-np.log(row[label]))
    means = [sum(values) / len(values) for values in of_class.values()]
    return sum(means) / len(means)


BALANCED_CROSSENTROPY = Exercise(
    id="balanced_crossentropy",
    lesson="03",
    points=3,
    reference=balanced_crossentropy,
    cases=_predictions,
    mistakes=(
        Mistake(_plain_mean, "That is the mean over samples: the large class decides it."),
        Mistake(_means_summed, "The means of the classes are summed; asked for is their mean.", 7),
        Mistake(_absent_classes_counted, "Divided by all classes, also by those that no label of the batch has."),
        Mistake(_mean_of_nothing, "The mean over no samples is not a number. Which classes occur in the labels?"),
        Mistake(_large_classes_weigh_more, "Weighted with the counts, the large class decides even more than before."),
        Mistake(
            _weights_not_divided_out,
            "The weights are right. With weights, divide by their sum, not by the number of samples.",
        ),
        Mistake(_sums_of_classes, "Within a class the mean is taken, not the sum.", 7),
        Mistake(_logarithm_of_mean_probabilities, "First the logarithm of each sample's probability, then the mean."),
        Mistake(_all_probabilities, "Every probability of the rows was taken; only that of the true class counts."),
        Mistake(
            _probability_of_the_likeliest, "Those are the probabilities of the likeliest classes, not of the true."
        ),
        Mistake(_every_sample_for_every_class, "Column k of all samples was taken; only the samples of class k count."),
        Mistake(_sign_forgotten, "Logarithms of probabilities are negative; a loss is not."),
    ),
    alternatives=(_inverse_counts, _weights_of_scikit_learn, _with_dictionaries, _epsilon_added),
    hints=(
        "Take labels 0, 0, 0, 1 with losses 1, 1, 1, 5: the mean is 2, the balanced one 3. How does 3 arise?",
        "First the mean of the losses within each class that occurs, then the mean of these means.",
        "losses[labels == k].mean()    # of class k",
    ),
    tolerance=1e10,  # some clip at 1e-7 or add it, though nothing is 0
)
