"""The accuracy of probabilities."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _probabilities(rng):
    for n, k, dtype in [(40, 10, "float32"), (7, 3, "float64"), (1, 5, "float64"), (10, 10, "float64")]:
        scores = np.exp(3 * rng.normal(size=(n, k)))
        probabilities = (scores / scores.sum(axis=1, keepdims=True)).astype(dtype)
        labels = probabilities.argmax(axis=1)
        missed = rng.permutation(n)[: n // 3]
        labels[missed] = (labels[missed] + 1) % k
        yield {"probabilities": probabilities, "labels": labels}
    probabilities = np.array([[0.6, 0.3, 0.1], [0.5, 0.4, 0.1], [0.2, 0.1, 0.7]])  # by columns all three are right
    yield {"probabilities": probabilities, "labels": np.arange(3)}


def fraction_right(probabilities, labels):
    return np.mean(probabilities.argmax(axis=1) == labels)


def _best_image_for_each_digit(probabilities, labels):
    n, k = probabilities.shape
    return np.mean(probabilities.argmax(axis=0)[: min(n, k)] == labels[: min(n, k)])


def _counts(probabilities, labels):
    return np.sum(probabilities.argmax(axis=1) == labels)


def _fraction_wrong(probabilities, labels):
    return np.mean(probabilities.argmax(axis=1) != labels)


def _value_instead_of_place(probabilities, labels):
    return np.mean(probabilities.max(axis=1) == labels)


def _percent(probabilities, labels):
    return 100 * np.mean(probabilities.argmax(axis=1) == labels)


def _mean_probability_of_the_label(probabilities, labels):
    return np.mean(probabilities[np.arange(len(labels)), labels])


def _with_a_loop(probabilities, labels):
    right = 0
    for row, label in zip(probabilities, labels):
        right += int(row.argmax() == label)
    return right / len(labels)


def _by_sorting(probabilities, labels):
    return float(np.count_nonzero(np.argsort(probabilities, axis=1)[:, -1] == labels) / len(labels))


def _label_has_the_maximum(probabilities, labels):
    chosen = probabilities[np.arange(len(labels)), labels]
    return (chosen == probabilities.max(axis=1)).mean()


FRACTION_RIGHT = Exercise(
    id="fraction_right",
    lesson="00",
    points=2,
    reference=fraction_right,
    cases=_probabilities,
    mistakes=(
        Mistake(
            _best_image_for_each_digit,
            "axis=0 goes down the columns: it finds the best image for each digit. Each row is one image.",
        ),
        Mistake(_counts, "That is how many are right. A fraction divides by the number of images."),
        Mistake(_fraction_wrong, "That is the fraction of errors."),
        Mistake(
            _value_instead_of_place,
            "max gives the largest probability itself; the decision is the place where it stands.",
        ),
        Mistake(_percent, "That is in percent. A fraction lies between 0 and 1."),
        Mistake(
            _mean_probability_of_the_label,
            "That is the mean probability of the right digit. A decision counts fully or not at all.",
        ),
    ),
    alternatives=(_with_a_loop, _by_sorting, _label_has_the_maximum),
    hints=(
        "Take three rows and their labels, and decide by eye which are right. What did you look at in each row?",
        "Find the place of the largest entry in each row, compare with the labels, and average.",
        "decisions = probabilities.argmax(axis=1)    # shape (n,)",
    ),
)
