"""Precision and recall of every class, from a confusion matrix."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _matrices(rng):
    for classes in (3, 2, 5):
        yield {"matrix": rng.integers(1, 30, size=(classes, classes)) + np.diag(rng.integers(5, 50, size=classes))}
    yield {"matrix": np.array([[5, 2, 0, 0], [1, 3, 0, 0], [4, 1, 0, 0], [0, 0, 0, 0]])}


def precision_recall(matrix):
    right = matrix.diagonal()
    return _divide(right, matrix.sum(axis=0)), _divide(right, matrix.sum(axis=1))


def _divide(a, b):
    return np.where(b > 0, a / np.where(b > 0, b, 1), 0.0)


def _exchanged(matrix):
    precision, recall = precision_recall(matrix)
    return recall, precision


def _recall_twice(matrix):
    _, recall = precision_recall(matrix)
    return recall, recall


def _not_a_number(matrix):
    right = matrix.diagonal()
    return right / matrix.sum(axis=0), right / matrix.sum(axis=1)


def _exchanged_not_a_number(matrix):
    right = matrix.diagonal()
    return right / matrix.sum(axis=1), right / matrix.sum(axis=0)


def _one_where_empty(matrix):
    precision, recall = precision_recall(matrix)
    return np.where(matrix.sum(axis=0) == 0, 1.0, precision), np.where(matrix.sum(axis=1) == 0, 1.0, recall)


def _shares_of_all(matrix):
    return matrix.diagonal() / matrix.sum(), matrix.diagonal() / matrix.sum()


def _one_number_for_all(matrix):
    accuracy = np.full(len(matrix), np.trace(matrix) / matrix.sum())
    return accuracy, accuracy


def _errors_alone_below(matrix):
    right = matrix.diagonal()
    return _divide(right, matrix.sum(axis=0) - right), _divide(right, matrix.sum(axis=1) - right)


def _whole_numbers(matrix):
    right = matrix.diagonal()
    return right // np.maximum(matrix.sum(axis=0), 1), right // np.maximum(matrix.sum(axis=1), 1)


def _f1_in_place_of_recall(matrix):
    precision, recall = precision_recall(matrix)
    return precision, 2 * _divide(precision * recall, precision + recall)


def _one_added_below(matrix):
    right = matrix.diagonal()
    return right / (matrix.sum(axis=0) + 1), right / (matrix.sum(axis=1) + 1)


def _averages(matrix):
    precision, recall = precision_recall(matrix)
    return precision.mean(), recall.mean()


def _with_where(matrix):
    right = np.diag(matrix).astype(float)
    results = []
    for total in (matrix.sum(0), matrix.sum(1)):
        results.append(np.divide(right, total, out=np.zeros(len(right)), where=total != 0))
    return results


def _in_loops(matrix):
    k = len(matrix)
    precision, recall = np.zeros(k), np.zeros(k)
    for c in range(k):
        called, true = sum(matrix[i, c] for i in range(k)), sum(matrix[c, j] for j in range(k))
        if called:
            precision[c] = matrix[c, c] / called
        if true:
            recall[c] = matrix[c, c] / true
    return precision, recall


def _cleaned_afterwards(matrix):
    with np.errstate(all="ignore"):
        shares = np.diag(matrix) / np.stack([matrix.sum(axis=0), matrix.sum(axis=1)])
    return tuple(np.nan_to_num(shares))


def _epsilon_below(matrix):
    right = matrix.diagonal()
    return right / (matrix.sum(axis=0) + 1e-7), right / (matrix.sum(axis=1) + 1e-7)


PRECISION_RECALL = Exercise(
    id="precision_recall",
    lesson="03",
    points=2,
    reference=precision_recall,
    cases=_matrices,
    results=("precision", "recall"),
    mistakes=(
        Mistake(_exchanged, "Exchanged: a column holds what was called that class, a row what is of that class."),
        Mistake(_recall_twice, "Both are recall, as in an article's list. Precision divides by what was called so."),
        Mistake(_not_a_number, "Right, except for classes that occur nowhere: 0 / 0 is not a number. Keras says 0."),
        Mistake(
            _exchanged_not_a_number,
            "Exchanged: a column holds what was called that class. And where nothing is, 0 / 0 is not a number.",
        ),
        Mistake(_one_where_empty, "Where there is nothing to divide by, Keras's value is 0."),
        Mistake(_shares_of_all, "Divided by all samples. Which samples does each of the two divide by?"),
        Mistake(_one_number_for_all, "That is the accuracy, once for each class. Each class has its own totals."),
        Mistake(_errors_alone_below, "Below stand all samples called so (or being so), the right ones included."),
        Mistake(_whole_numbers, "// cuts off what is behind the point; / divides."),
        Mistake(_f1_in_place_of_recall, "The second is the F1 score, made of both. Recall divides by the row's sum."),
        Mistake(_one_added_below, "Adding 1 changes every share; only a sum of 0 needs help."),
        Mistake(_averages, "Asked for is one number a class, shape (classes,)."),
    ),
    alternatives=(_with_where, _in_loops, _cleaned_afterwards, _epsilon_below),
    hints=(
        "Take [[8, 2], [1, 9]]. How many were called class 1, how many are class 1, and how many are both?",
        "The diagonal holds the right ones. A column's sum is all that was called so, a row's sum all that is so. "
        "Where a sum is 0, divide by 1: 0 / 1 is the 0 that is wanted.",
        "called = matrix.sum(axis=0)    # of each class, (classes,)",
    ),
    tolerance=1e9,  # many add 1e-7 below, against 0 / 0
)
