"""The mean absolute error with a weight for each sample, divided by the number of samples or by the weights."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _batches(rng):
    for n, d, dtype in [(4, 3, "float64"), (1, 2, "float64"), (3, 3, "float64"), (6, 1, "float32"), (2, 5, "float64")]:
        y_true, y_pred = rng.normal(size=(2, n, d)).astype(dtype)
        weights = rng.uniform(1.5, 3, size=n).astype(dtype)
        if n > 3:
            weights[0] = 0
        yield {"y_true": y_true, "y_pred": y_pred, "weights": weights}


def weighted_mae(y_true, y_pred, weights):
    error = np.abs(y_pred - y_true)
    total = np.sum(weights * error.mean(axis=-1))
    return total / len(weights), total / weights.sum()


def _weights_along_the_outputs(y_true, y_pred, weights):
    total = np.sum(weights * np.abs(y_pred - y_true))
    return total / len(weights), total / weights.sum()


def _weights_along_the_outputs_then_mean(y_true, y_pred, weights):
    total = np.sum(np.mean(weights * np.abs(y_pred - y_true), axis=-1))
    return total / len(weights), total / weights.sum()


def _sum_over_the_outputs(y_true, y_pred, weights):
    total = np.sum(weights * np.abs(y_pred - y_true).sum(axis=-1))
    return total / len(weights), total / weights.sum()


def _weights_forgotten(y_true, y_pred, weights):
    mean = np.abs(y_pred - y_true).mean()
    return mean, mean


def _exchanged(y_true, y_pred, weights):
    over_n, over_weights = weighted_mae(y_true, y_pred, weights)
    return over_weights, over_n


def _always_by_n(y_true, y_pred, weights):
    over_n, _ = weighted_mae(y_true, y_pred, weights)
    return over_n, over_n


def _not_divided(y_true, y_pred, weights):
    over_n, over_weights = weighted_mae(y_true, y_pred, weights)
    return over_n * len(weights), over_weights


def _by_all_numbers(y_true, y_pred, weights):
    over_n, over_weights = weighted_mae(y_true, y_pred, weights)
    return over_n / y_true.shape[1], over_weights


def _outputs_summed_in_the_second(y_true, y_pred, weights):
    over_n, over_weights = weighted_mae(y_true, y_pred, weights)
    return over_n, over_weights * y_true.shape[1]


def _first_without_weights(y_true, y_pred, weights):
    return np.abs(y_pred - y_true).mean(), weighted_mae(y_true, y_pred, weights)[1]


def _not_summed(y_true, y_pred, weights):
    weighted = weights * np.abs(y_pred - y_true).mean(axis=-1)
    return weighted / len(weights), weighted / weights.sum()


def _shares_first(y_true, y_pred, weights):
    _, over_weights = weighted_mae(y_true, y_pred, weights)
    return over_weights / len(weights), over_weights


def _weights_missing_above(y_true, y_pred, weights):
    over_n, _ = weighted_mae(y_true, y_pred, weights)
    return over_n, np.abs(y_pred - y_true).mean(axis=-1).sum() / weights.sum()


def _squared(y_true, y_pred, weights):
    total = np.sum(weights * np.square(y_pred - y_true).mean(axis=-1))
    return total / len(weights), total / weights.sum()


def _mean_over_the_samples_first(y_true, y_pred, weights):
    total = np.sum(weights * np.abs(y_pred - y_true).mean(axis=0))
    return total / len(weights), total / weights.sum()


def _with_a_column(y_true, y_pred, weights):
    weighted = weights[:, None] * np.abs(y_pred - y_true)
    return weighted.mean(), weighted.sum() / (weights.sum() * y_true.shape[1])


def _in_loops(y_true, y_pred, weights):
    total = 0.0
    for t, p, w in zip(y_true, y_pred, weights):
        total += w * sum(abs(float(a) - float(b)) for a, b in zip(t, p)) / len(t)
    return [total / len(y_true), total / sum(weights)]


def _with_average(y_true, y_pred, weights):
    losses = np.mean(abs(y_true - y_pred), axis=1)
    return losses @ weights / weights.size, np.average(losses, weights=weights)


WEIGHTED_MAE = Exercise(
    id="weighted_mae",
    lesson="03",
    points=2,
    reference=weighted_mae,
    cases=_batches,
    results=("over_n", "over_weights"),
    mistakes=(
        Mistake(
            _weights_along_the_outputs,
            "weights (n,) met the errors (n, d): broadcasting lines them up with the outputs. Weigh what is (n,).",
            2,
        ),
        Mistake(
            _weights_along_the_outputs_then_mean,
            "weights (n,) met the errors (n, d): broadcasting lines them up with the outputs. Weigh what is (n,).",
            2,
        ),
        Mistake(_sum_over_the_outputs, "Over the d outputs of one sample a mean is taken, not the sum.", 7),
        Mistake(_weights_forgotten, "The result does not depend on the weights."),
        Mistake(_exchanged, "Both numbers are right and stand in each other's place."),
        Mistake(_always_by_n, "Both are divided by n. What does the second formula divide by?"),
        Mistake(_not_divided, "The first is still the sum: put the batch in twice, and it doubles.", 7),
        Mistake(_by_all_numbers, "The mean over the d outputs has been taken before: n is the number of samples.", 7),
        Mistake(_outputs_summed_in_the_second, "In the second number the mean over the d outputs is missing.", 7),
        Mistake(_first_without_weights, "The first number has the weights above the line as well."),
        Mistake(_not_summed, "Those are the shares of the samples; each result is their sum, one number."),
        Mistake(_shares_first, "The first number takes the weights as they are, not divided by their sum."),
        Mistake(_weights_missing_above, "The second number has the weights above and below the line."),
        Mistake(_squared, "That is the squared error with weights; asked for is the absolute one."),
        Mistake(_mean_over_the_samples_first, "The mean went down the samples; each sample has a loss of its own."),
    ),
    alternatives=(_with_a_column, _in_loops, _with_average),
    hints=(
        "Write the shape next to each line: the errors are (n, d), the weights (n,). What has to be (n,) first?",
        "Mean over the last axis gives one loss a sample; these are weighted and summed. Then divide, in two ways.",
        "per_sample = error.mean(axis=-1)    # (n,)",
    ),
    tolerance=256.0,
)
