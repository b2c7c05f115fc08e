"""A metric that keeps a state: recall of each class over all batches, then the mean over the classes seen."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _batches(rng):
    # ``seen`` classes have occurred so far, ``here`` of them in this batch
    for n, classes, seen, here in [(5, 3, 3, 3), (8, 4, 3, 2), (1, 3, 1, 1), (9, 3, 3, 2), (6, 2, 2, 2)]:
        y_true = rng.integers(here, size=n)
        y_true[: min(n, 3)] = y_true[0]
        scores = rng.random((n, classes))
        scores[: n // 2 + 1, y_true[0]] += 1  # several right in one class
        scores[0] = 1 + (np.arange(classes) == y_true[0]) / 4  # right; with three classes or more, below 1/2
        total = np.where(np.arange(classes) < seen, rng.integers(3, 9, size=classes), 0)
        right = np.minimum(total, rng.integers(0, 4, size=classes))
        right[here:] = 0 if n == 8 else total[here:]  # a class of earlier batches only: its recall is 0 or 1
        counts = np.stack([right, total]) * (n != 5)  # the first case starts from nothing
        yield {"counts": counts, "y_true": y_true, "y_pred": scores / scores.sum(axis=1, keepdims=True)}


def _counts_of(y_true, y_pred):
    classes = y_pred.shape[1]
    hits = y_true[y_pred.argmax(axis=1) == y_true]
    return np.stack([np.bincount(hits, minlength=classes), np.bincount(y_true, minlength=classes)])


def _mean(counts):
    seen = counts[1] > 0
    return np.mean(counts[0, seen] / counts[1, seen])


def mean_recall(counts, y_true, y_pred):
    counts = counts + _counts_of(y_true, y_pred)
    return counts, _mean(counts)


def _this_batch_only(counts, y_true, y_pred):
    counts = _counts_of(y_true, y_pred)
    return counts, _mean(counts)


def _result_of_this_batch(counts, y_true, y_pred):
    batch = _counts_of(y_true, y_pred)
    return counts + batch, _mean(batch)


def _divided_by_all_classes(counts, y_true, y_pred):
    counts = counts + _counts_of(y_true, y_pred)
    return counts, np.sum(counts[0] / np.maximum(counts[1], 1)) / counts.shape[1]


def _not_a_number(counts, y_true, y_pred):
    counts = counts + _counts_of(y_true, y_pred)
    return counts, np.mean(counts[0] / counts[1])


def _classes_without_a_hit_left_out(counts, y_true, y_pred):
    counts = counts + _counts_of(y_true, y_pred)
    hit = counts[0] > 0
    return counts, np.sum(counts[0, hit] / counts[1, hit]) / max(hit.sum(), 1)


def _only_the_classes_of_this_batch(counts, y_true, y_pred):
    counts = counts + _counts_of(y_true, y_pred)
    there = np.unique(y_true)
    return counts, np.mean(counts[0, there] / counts[1, there])


def _recall_of_each_class(counts, y_true, y_pred):
    counts = counts + _counts_of(y_true, y_pred)
    return counts, counts[0, counts[1] > 0] / counts[1, counts[1] > 0]


def _accuracy(counts, y_true, y_pred):
    counts = counts + _counts_of(y_true, y_pred)
    return counts, counts[0].sum() / counts[1].sum()


def _precision(counts, y_true, y_pred):
    classes, predicted = y_pred.shape[1], y_pred.argmax(axis=1)
    hits = np.bincount(y_true[predicted == y_true], minlength=classes)
    counts = counts + np.stack([hits, np.bincount(predicted, minlength=classes)])
    return counts, _mean(counts)


def _repeated_class_counts_once(counts, y_true, y_pred):
    counts = counts.copy()
    counts[1, y_true] += 1
    counts[0, y_true[y_pred.argmax(axis=1) == y_true]] += 1
    return counts, _mean(counts)


def _mean_of_old_and_new(counts, y_true, y_pred):
    batch = _counts_of(y_true, y_pred)
    if not counts.any():
        return batch, _mean(batch)
    return counts + batch, (_mean(counts) + _mean(batch)) / 2


def _in_place(counts, y_true, y_pred):
    counts += _counts_of(y_true, y_pred)
    return counts, _mean(counts)


def _only_totals(counts, y_true, y_pred):
    batch = _counts_of(y_true, y_pred)
    counts = counts + np.stack([batch[1], batch[1]])
    return counts, _mean(counts)


def _rows_exchanged(counts, y_true, y_pred):
    counts = counts + _counts_of(y_true, y_pred)[::-1]
    return counts, _mean(counts[::-1])


def _without_a_length(counts, y_true, y_pred):
    hits = y_true[y_pred.argmax(axis=1) == y_true]
    counts = counts + np.stack([np.bincount(hits), np.bincount(y_true)])
    return counts, _mean(counts)


def _misses_in_the_second_row(counts, y_true, y_pred):
    hits, total = _counts_of(y_true, y_pred)
    counts = counts + np.stack([hits, total - hits])
    return counts, _mean(counts)


def _above_one_half(counts, y_true, y_pred):
    classes = y_pred.shape[1]
    hits = y_true[y_pred[np.arange(len(y_true)), y_true] > 0.5]
    counts = counts + np.stack([np.bincount(hits, minlength=classes), np.bincount(y_true, minlength=classes)])
    return counts, _mean(counts)


def _predicted_in_the_first_row(counts, y_true, y_pred):
    classes, predicted = y_pred.shape[1], y_pred.argmax(axis=1)
    counts = counts + np.stack([np.bincount(predicted, minlength=classes), np.bincount(y_true, minlength=classes)])
    return counts, _mean(counts)


def _epsilon_below_the_line(counts, y_true, y_pred):
    counts = counts + _counts_of(y_true, y_pred)
    return counts, np.mean(counts[0] / (counts[1] + 1e-7))


def _one_by_one(counts, y_true, y_pred):
    right, total = counts[0].tolist(), counts[1].tolist()
    for label, scores in zip(y_true, y_pred):
        total[label] += 1
        if scores[label] == max(scores):
            right[label] += 1
    shares = [r / t for r, t in zip(right, total) if t]
    return np.array([right, total]), sum(shares) / len(shares)


def _one_hot(counts, y_true, y_pred):
    rows = np.eye(y_pred.shape[1])[y_true]
    hit = np.argmax(y_pred, axis=-1) == y_true
    counts = counts.astype(float)
    np.add.at(counts[1], y_true, 1)
    counts[0] += hit @ rows
    with np.errstate(invalid="ignore"):
        return [counts, np.nanmean(counts[0] / counts[1])]


MEAN_RECALL = Exercise(
    id="mean_recall",
    lesson="12",
    points=2,
    reference=mean_recall,
    cases=_batches,
    mistakes=(
        Mistake(_this_batch_only, "The counts of the batches before are gone: a state is added to, not replaced."),
        Mistake(
            _result_of_this_batch,
            "The counts are right. The result is to be computed from all of them, and not from this batch alone.",
        ),
        Mistake(
            _divided_by_all_classes,
            "A class that no batch has shown has no recall, neither 0 nor 1: it does not take part in the mean.",
        ),
        Mistake(
            _classes_without_a_hit_left_out,
            "A class that was seen and never predicted rightly has the recall 0, and counts.",
        ),
        Mistake(_only_the_classes_of_this_batch, "Classes of earlier batches take part in the mean as well."),
        Mistake(_recall_of_each_class, "The result is one number: the mean of these recalls."),
        Mistake(_not_a_number, "0 / 0 for a class that was never seen: leave those classes out of the mean."),
        Mistake(
            _accuracy,
            "That is the accuracy: frequent classes count more. First a recall for each class, then the mean.",
        ),
        Mistake(_precision, "The second row counts how often a class was there, and not how often it was predicted."),
        Mistake(
            _repeated_class_counts_once,
            "counts[1, y_true] += 1 adds 1 to a class once, however often it occurs in y_true. np.bincount counts all.",
        ),
        Mistake(
            _mean_of_old_and_new,
            "A mean of two results gives both the same weight, however many samples they come from. Compute it from "
            "the new counts.",
        ),
        Mistake(_in_place, "The counts are right, but those that came in are changed: counts = counts + ..., not +=."),
        Mistake(_rows_exchanged, "The first row counts those predicted rightly, the second all that there were."),
        Mistake(
            _without_a_length,
            "np.bincount makes an array as long as the largest class it meets. With minlength=classes both have one "
            "length.",
        ),
        Mistake(_misses_in_the_second_row, "The second row counts all samples of a class, the hits among them."),
        Mistake(
            _above_one_half,
            "The predicted class is the one with the highest probability, which need not be above one half.",
        ),
        Mistake(
            _predicted_in_the_first_row,
            "The first row counts only those predictions of a class that were right, not all of them.",
        ),
        Mistake(
            _epsilon_below_the_line,
            "A small number below the line hides 0 / 0: a class that no batch has shown then counts as 0. Leave such "
            "classes out of the mean.",
        ),
        Mistake(_only_totals, "The first row counts only those that were predicted rightly."),
    ),
    alternatives=(_one_by_one, _one_hot),
    hints=(
        "On paper: three samples of class 0, of which two are predicted rightly. Which two entries of counts grow, by "
        "how much?",
        "The state holds counts, which may be added over batches; ratios may not. Divide only at the end, and only "
        "where something was counted.",
        "np.bincount(y_true, minlength=classes) counts each class of the batch.",
    ),
    results=("counts", "result"),
)
