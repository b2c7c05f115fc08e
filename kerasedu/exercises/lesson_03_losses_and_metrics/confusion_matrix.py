"""The confusion matrix."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _decisions(rng):
    """Pairs of which some come twice, more often above the diagonal; the last class is never met in some cases."""
    for n, classes in [(12, 3), (1, 2), (30, 5), (9, 2)]:
        labels = rng.integers(classes, size=n)
        predicted = np.minimum(labels + rng.integers(0, 2, size=n), classes - 1)
        labels[:3], predicted[:3] = 0, 1
        yield {"labels": labels, "predicted": predicted, "classes": classes}
    yield {"labels": np.array([2, 0, 2, 2, 1]), "predicted": np.array([0, 0, 0, 2, 2]), "classes": 4}


def confusion_matrix(labels, predicted, classes):
    matrix = np.zeros((classes, classes), dtype=int)
    np.add.at(matrix, (labels, predicted), 1)
    return matrix


def _transposed(labels, predicted, classes):
    return confusion_matrix(predicted, labels, classes)


def _repeated_pairs_count_once(labels, predicted, classes):
    matrix = np.zeros((classes, classes), dtype=int)
    matrix[labels, predicted] += 1
    return matrix


def _right_ones_only(labels, predicted, classes):
    return np.diag(confusion_matrix(labels, predicted, classes).diagonal())


def _wrong_ones_only(labels, predicted, classes):
    matrix = confusion_matrix(labels, predicted, classes)
    return matrix - np.diag(matrix.diagonal())


def _shares_of_all(labels, predicted, classes):
    return confusion_matrix(labels, predicted, classes) / len(labels)


def _shares_of_the_row(labels, predicted, classes):
    matrix = confusion_matrix(labels, predicted, classes)
    return matrix / matrix.sum(axis=1, keepdims=True)


def _as_large_as_the_labels_say(labels, predicted, classes):
    return confusion_matrix(labels, predicted, max(labels.max(), predicted.max()) + 1)


def _without_minlength(labels, predicted, classes):
    return np.bincount(classes * labels + predicted).reshape(classes, classes)


def _counts_multiplied(labels, predicted, classes):
    return np.outer(np.bincount(labels, minlength=classes), np.bincount(predicted, minlength=classes))


def _counted_from_one(labels, predicted, classes):
    return confusion_matrix(labels - 1, predicted - 1, classes)


def _loop(labels, predicted, classes):
    matrix = np.zeros((classes, classes))
    for label, decision in zip(labels, predicted):
        matrix[label, decision] += 1
    return matrix


def _bincount(labels, predicted, classes):
    return np.bincount(classes * labels + predicted, minlength=classes**2).reshape(classes, classes)


def _one_hot(labels, predicted, classes):
    rows = np.arange(classes)
    return (rows[:, None] == labels).astype(float) @ (predicted[:, None] == rows)


CONFUSION_MATRIX = Exercise(
    id="confusion_matrix",
    lesson="03",
    points=3,
    reference=confusion_matrix,
    cases=_decisions,
    mistakes=(
        Mistake(_transposed, "The right counts, transposed: the true class chooses the row."),
        Mistake(
            _repeated_pairs_count_once,
            "matrix[labels, predicted] += 1 reads all entries, adds 1, and writes: a pair that occurs three times "
            "still counts once.",
        ),
        Mistake(_right_ones_only, "The diagonal is right; what was confused with what stands off it."),
        Mistake(_wrong_ones_only, "The right decisions are counted as well: they are the diagonal."),
        Mistake(_shares_of_all, "Those are shares; the matrix holds counts."),
        Mistake(_shares_of_the_row, "Those are shares of the row; the matrix holds counts, and a row may be empty."),
        Mistake(
            _as_large_as_the_labels_say, "Its size is given: a class may be absent, from labels and from decisions."
        ),
        Mistake(_without_minlength, "np.bincount stops at the largest number that it meets; say how many you want."),
        Mistake(_counts_multiplied, "That multiplies totals. Count pairs: this label and that decision together."),
        Mistake(_counted_from_one, "Classes are numbered from 0, like rows and columns."),
    ),
    alternatives=(_loop, _bincount, _one_hot),
    hints=(
        "By hand, two classes: labels 0, 0, 0 and decisions 1, 1, 0. Which entry must be 2?",
        "Start from zeros of shape (classes, classes). Each sample adds 1 to one entry: its label's row, its "
        "decision's column.",
        "matrix[label, decision] += 1, for one sample at a time",
    ),
)
