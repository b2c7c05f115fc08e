"""Both sets in units of the training set's deviations."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _measurements(rng):
    for n, m, d, constant, dtype in [
        (6, 3, 4, 1, "float64"),
        (5, 5, 5, None, "float64"),
        (7, 1, 2, 0, "float32"),
        (1, 2, 3, None, "float64"),
        (9, 4, 1, None, "float64"),
    ]:
        x_train, x_test = (rng.normal(loc=3, scale=1 + np.arange(d), size=(k, d)) for k in (n, m))
        if constant is not None:
            x_train[:, constant] = 2
            x_test[0, constant] = 5
        yield {"x_train": x_train.astype(dtype), "x_test": x_test.astype(dtype)}


def _scaled(x, mean, deviation):
    return (x - mean) / np.where(deviation == 0, x.dtype.type(1), deviation)


def standardize(x_train, x_test):
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)
    return _scaled(x_train, mean, deviation), _scaled(x_test, mean, deviation)


def _statistics_of_both_sets(x_train, x_test):
    x = np.concatenate([x_train, x_test])
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    return _scaled(x_train, mean, deviation), _scaled(x_test, mean, deviation)


def _each_by_its_own(x_train, x_test):
    return tuple(_scaled(x, x.mean(axis=0), x.std(axis=0)) for x in (x_train, x_test))


def _statistics_of_the_test_set(x_train, x_test):
    mean, deviation = x_test.mean(axis=0), x_test.std(axis=0)
    return _scaled(x_train, mean, deviation), _scaled(x_test, mean, deviation)


def _own_mean_of_the_test_set(x_train, x_test):
    deviation = x_train.std(axis=0)
    return tuple(_scaled(x, x.mean(axis=0), deviation) for x in (x_train, x_test))


def _no_guard(x_train, x_test):
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)
    return (x_train - mean) / deviation, (x_test - mean) / deviation


def _epsilon_everywhere(x_train, x_test):
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0) + x_train.dtype.type(1e-7)
    return (x_train - mean) / deviation, (x_test - mean) / deviation


def _tiny_epsilon_everywhere(x_train, x_test):
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0) + x_train.dtype.type(1e-8)
    return (x_train - mean) / deviation, (x_test - mean) / deviation


def _large_epsilon_everywhere(x_train, x_test):
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0) + x_train.dtype.type(1e-3)
    return (x_train - mean) / deviation, (x_test - mean) / deviation


def _smallest_deviation(x_train, x_test):
    mean, deviation = x_train.mean(axis=0), np.maximum(x_train.std(axis=0), x_train.dtype.type(1e-7))
    return (x_train - mean) / deviation, (x_test - mean) / deviation


def _tiny_instead_of_zero(x_train, x_test):
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)
    deviation = np.where(deviation == 0, x_train.dtype.type(1e-8), deviation)
    return (x_train - mean) / deviation, (x_test - mean) / deviation


def _not_a_number_replaced(x_train, x_test):
    return tuple(np.nan_to_num(x) for x in _no_guard(x_train, x_test))


def _test_set_left_raw(x_train, x_test):
    return standardize(x_train, x_test)[0], x_test


def _divided_before_subtracting(x_train, x_test):
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)
    shift = mean / np.where(deviation == 0, x_train.dtype.type(1), deviation)
    return x_train - shift, x_test - shift


def _constant_feature_set_to_zero(x_train, x_test):
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)
    inverse = np.where(deviation == 0, deviation, 1 / np.where(deviation == 0, x_train.dtype.type(1), deviation))
    return (x_train - mean) * inverse, (x_test - mean) * inverse


def _sample_deviation(x_train, x_test):
    with np.errstate(all="ignore"):
        mean, deviation = x_train.mean(axis=0), x_train.std(axis=0, ddof=1)
    return _scaled(x_train, mean, deviation), _scaled(x_test, mean, deviation)


def _divided_by_variance(x_train, x_test):
    mean, variance = x_train.mean(axis=0), x_train.var(axis=0)
    return _scaled(x_train, mean, variance), _scaled(x_test, mean, variance)


def _one_mean_for_all_features(x_train, x_test):
    mean, deviation = x_train.mean(), x_train.std()
    return _scaled(x_train, mean, deviation), _scaled(x_test, mean, deviation)


def _sample_by_sample(x_train, x_test):
    return tuple(_scaled(x, x.mean(axis=1, keepdims=True), x.std(axis=1, keepdims=True)) for x in (x_train, x_test))


def _from_least_to_largest(x_train, x_test):
    low, width = x_train.min(axis=0), np.ptp(x_train, axis=0)
    return _scaled(x_train, low, width), _scaled(x_test, low, width)


def _in_sums(x_train, x_test):
    n = len(x_train)
    mean = x_train.sum(axis=0) / n
    deviation = (((x_train - mean) ** 2).sum(axis=0) / n) ** 0.5
    deviation[deviation == 0] = 1
    return [(x - mean) / deviation for x in (x_train, x_test)]


def _feature_by_feature(x_train, x_test):
    train, test = np.empty_like(x_train), np.empty_like(x_test)
    for j in range(x_train.shape[1]):
        mean, deviation = np.mean(x_train[:, j]), np.std(x_train[:, j]) or 1
        train[:, j], test[:, j] = (x_train[:, j] - mean) / deviation, (x_test[:, j] - mean) / deviation
    return train, test


def _in_place(x_train, x_test):
    mean, deviation = x_train.mean(0, keepdims=True), np.sqrt(x_train.var(0, keepdims=True))
    deviation += deviation == 0
    train, test = x_train.copy(), x_test.copy()
    for x in (train, test):
        x -= mean
        x /= deviation
    return train, test


STANDARDIZE = Exercise(
    id="standardize",
    lesson="07",
    points=2,
    reference=standardize,
    cases=_measurements,
    mistakes=(
        Mistake(
            _statistics_of_both_sets,
            "The test samples had a part in the mean and the deviation: the model now knows something about them.",
        ),
        Mistake(
            _each_by_its_own,
            "The test set was scaled by itself: the same measurement gets two different numbers in the two sets.",
        ),
        Mistake(
            _statistics_of_the_test_set, "Mean and deviation come from the wrong set: they are learnt, like weights."
        ),
        Mistake(_own_mean_of_the_test_set, "The deviation is the training set's, the mean must be, too."),
        Mistake(_no_guard, "A feature that never varies has the deviation 0. What is 0 / 0?"),
        Mistake(
            _not_a_number_replaced,
            "NaN is gone from the training set, but a new value in the test set is divided by 0: guard the deviation.",
        ),
        Mistake(
            _epsilon_everywhere, "A small number added to every deviation changes every feature; only a 0 needs help."
        ),
        Mistake(
            _tiny_epsilon_everywhere,
            "The number added to every deviation changes all features, and a feature with deviation 0 gets huge.",
        ),
        Mistake(
            _large_epsilon_everywhere, "The number added to every deviation changes all features: only a 0 needs help."
        ),
        Mistake(
            _smallest_deviation,
            "Keras does so; a value that is new in the test set gets huge. Where the deviation is 0 divide by 1.",
        ),
        Mistake(
            _constant_feature_set_to_zero, "Where the deviation is 0 divide by 1: a new value in the test set remains."
        ),
        Mistake(
            _tiny_instead_of_zero,
            "A value that is new in the test set gets huge: where the deviation is 0 divide by 1.",
        ),
        Mistake(
            _test_set_left_raw, "The model has learnt from standardized numbers: the test set needs the same treatment."
        ),
        Mistake(
            _divided_before_subtracting, "Division binds more tightly than subtraction: where are the parentheses?"
        ),
        Mistake(_sample_deviation, "You divided by n - 1. Here, as in Keras and in np.std, the mean square is over n."),
        Mistake(_divided_by_variance, "Divide by the standard deviation, which is the root of the variance."),
        Mistake(_one_mean_for_all_features, "Each feature, a column, has a mean and a deviation of its own."),
        Mistake(_sample_by_sample, "You averaged along the rows. A row is one sample; a feature is a column."),
        Mistake(_from_least_to_largest, "That brings the numbers between 0 and 1; asked are mean 0 and deviation 1."),
    ),
    alternatives=(_in_sums, _feature_by_feature, _in_place),
    hints=(
        "How many means are there for an x_train of shape (6, 4), and which set do they come from?",
        "Statistics are fitted like weights: on the training set, once. Both sets are then treated alike.",
        "deviation = np.where(deviation == 0, 1, deviation), before anything is divided by it",
    ),
    tolerance=4096.0,
    results=("train", "test"),
)
