"""Find the bug: accuracy, precision and recall of probabilities."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _predictions(rng):
    for n in (12, 7, 30):
        y_true = rng.permutation([1, 1, 0, *rng.integers(2, size=n - 3)])
        y_pred = np.clip(0.35 * y_true + 0.2 + 0.25 * rng.normal(size=n), 0.01, 0.99)
        y_pred[:4] = [0.6, 0.7, 0.4, 0.8]
        yield {"y_true": y_true, "y_pred": y_pred}
    yield {"y_true": np.array([1, 0, 0]), "y_pred": np.array([0.9, 0.9, 0.9])}
    yield {"y_true": np.array([1, 1, 0, 1]), "y_pred": np.array([0.9, 0.2, 0.1, 0.3])}
    yield {"y_true": np.array([1, 0, 1, 0, 1]), "y_pred": np.array([0.5, 0.5, 0.7, 0.6, 0.2])}  # 0.5 is not above 0.5


def exam_scores(y_true, y_pred):
    positive = y_pred > 0.5
    hits = np.sum(positive & (y_true == 1))
    return np.mean(positive == y_true), hits / positive.sum(), hits / y_true.sum()


def _as_printed(y_true, y_pred):
    hits = np.sum((y_pred > 0.5) * y_true)
    return np.mean(y_true == y_pred), hits / np.sum(y_true), hits / np.sum(y_pred > 0.5)


def _floats_compared(y_true, y_pred):
    _, precision, recall = exam_scores(y_true, y_pred)
    return np.mean(y_true == y_pred), precision, recall


def _precision_and_recall_exchanged(y_true, y_pred):
    accuracy, precision, recall = exam_scores(y_true, y_pred)
    return accuracy, recall, precision


def _recall_twice(y_true, y_pred):
    accuracy, _, recall = exam_scores(y_true, y_pred)
    return accuracy, recall, recall


def _without_a_threshold(y_true, y_pred):
    hits = np.sum(y_pred * y_true)
    return np.mean((y_pred > 0.5) == y_true), hits / y_pred.sum(), hits / y_true.sum()


def _recall_of_all(y_true, y_pred):
    accuracy, precision, _ = exam_scores(y_true, y_pred)
    return accuracy, precision, np.sum((y_pred > 0.5) * y_true) / len(y_true)


def _cross_entropy_as_accuracy(y_true, y_pred):
    _, precision, recall = exam_scores(y_true, y_pred)
    return -np.mean(y_true * np.log(y_pred) + (1 - y_true) * np.log(1 - y_pred)), precision, recall


def _half_counts_as_positive(y_true, y_pred):
    return exam_scores(y_true, np.where(y_pred == 0.5, 0.6, y_pred))


def _true_positives_as_accuracy(y_true, y_pred):
    _, precision, recall = exam_scores(y_true, y_pred)
    return np.mean((y_pred > 0.5) & (y_true == 1)), precision, recall


def _counted(y_true, y_pred):
    tp = fp = fn = tn = 0
    for y, p in zip(y_true, y_pred):
        tp, fp = tp + (y == 1 and p > 0.5), fp + (y == 0 and p > 0.5)
        fn, tn = fn + (y == 1 and p <= 0.5), tn + (y == 0 and p <= 0.5)
    return (tp + tn) / len(y_true), tp / (tp + fp), tp / (tp + fn)


def _by_selection(y_true, y_pred):
    rounded = np.where(y_pred > 0.5, 1, 0)
    return [1 - np.abs(rounded - y_true).mean(), y_true[rounded == 1].mean(), rounded[y_true == 1].mean()]


EXAM_SCORES = Exercise(
    id="exam_scores",
    lesson="16",
    points=3,
    reference=exam_scores,
    cases=_predictions,
    results=("accuracy", "precision", "recall"),
    mistakes=(
        Mistake(
            _as_printed, "All three are wrong: what does == ask of 0.9 and 1, and which quantity is divided by which?"
        ),
        Mistake(_floats_compared, "A probability of 0.9 is not equal to 1: decide first, then compare."),
        Mistake(
            _precision_and_recall_exchanged, "Precision: of what was called positive. Recall: of what is positive."
        ),
        Mistake(_recall_twice, "Both are recall. Precision is the share of right ones among those called positive."),
        Mistake(_without_a_threshold, "Hits are counted after the decision, not weighted with the probability."),
        Mistake(_recall_of_all, "Recall is a share of the positive samples, not of all."),
        Mistake(_cross_entropy_as_accuracy, "Cross-entropy is a loss: it is no share of right answers."),
        Mistake(_half_counts_as_positive, "A sample is positive above 0.5; one at exactly 0.5 is not."),
        Mistake(_true_positives_as_accuracy, "A negative sample that is called negative is right, too."),
    ),
    alternatives=(_counted, _by_selection),
    hints=(
        "Take y_true = [1, 1, 0] and y_pred = [0.9, 0.2, 0.6]: how many are called positive, how many are, and both?",
        "Decide with y_pred > 0.5. Precision divides the hits by those called positive, recall by those that are.",
        "positive = y_pred > 0.5; accuracy is the mean of positive == y_true.",
    ),
)
