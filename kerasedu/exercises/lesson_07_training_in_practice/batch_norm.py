"""Batch normalization, in training and in inference, with its moving statistics."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake

MOMENTUM, EPSILON = 0.99, 1e-3


def _batches(rng):
    for n, d, offset, spread, training, dtype in [
        (4, 3, 2, 1, True, "float64"),
        (4, 3, 2, 1, False, "float64"),
        (1, 2, 0, 1, True, "float64"),
        (3, 3, -1, 0.05, True, "float64"),
        (6, 2, 1000, 1, True, "float64"),
        (5, 4, 1, 2, True, "float32"),
        (3, 3, 0, 3, False, "float32"),
    ]:
        arrays = {
            "x": offset + spread * rng.normal(size=(n, d)),
            "gamma": rng.normal(size=d),
            "beta": rng.normal(size=d),
        }
        arrays |= {
            "moving_mean": offset + rng.normal(size=d),
            "moving_variance": spread**2 * (0.5 + rng.random(size=d)),
        }
        yield {**{name: array.astype(dtype) for name, array in arrays.items()}, "training": training}


def _normalized(x, mean, variance, gamma, beta):
    return gamma * (x - mean) / np.sqrt(variance + EPSILON) + beta


def _followed(moving, value, momentum=MOMENTUM):
    return momentum * moving + (1 - momentum) * value


def batch_norm(x, gamma, beta, moving_mean, moving_variance, training):
    if not training:
        return _normalized(x, moving_mean, moving_variance, gamma, beta), moving_mean, moving_variance
    mean, variance = x.mean(axis=0), x.var(axis=0)
    y = _normalized(x, mean, variance, gamma, beta)
    return y, _followed(moving_mean, mean), _followed(moving_variance, variance)


def _variation(normalize=_normalized, statistics=None, momentum=MOMENTUM, moving_statistics=None):
    """``batch_norm`` with one thing changed."""
    statistics = statistics or (lambda x: (x.mean(axis=0), x.var(axis=0)))
    moving_statistics = moving_statistics or statistics

    def changed(x, gamma, beta, moving_mean, moving_variance, training):
        if not training:
            return normalize(x, moving_mean, moving_variance, gamma, beta), moving_mean, moving_variance
        y = normalize(x, *statistics(x), gamma, beta)
        mean, variance = moving_statistics(x)
        return y, _followed(moving_mean, mean, momentum), _followed(moving_variance, variance, momentum)

    return changed


def _sample(x):
    with np.errstate(all="ignore"):
        return x.mean(axis=0), x.var(axis=0, ddof=1)


def _population(x):
    return x.mean(axis=0), x.var(axis=0)


def _sample_variance(*arguments):
    return _variation(statistics=_sample)(*arguments)


def _sample_variance_in_y(*arguments):
    return _variation(statistics=_sample, moving_statistics=_population)(*arguments)


def _sample_variance_in_the_moving_one(*arguments):
    return _variation(moving_statistics=_sample)(*arguments)


def _momentum_of_the_batch(*arguments):
    return _variation(momentum=1 - MOMENTUM)(*arguments)


def _momentum_of_pytorch(*arguments):
    return _variation(momentum=0.9)(*arguments)


def _batch_statistics_in_inference(x, gamma, beta, moving_mean, moving_variance, training):
    y, new_mean, new_variance = batch_norm(x, gamma, beta, moving_mean, moving_variance, True)
    return (y, new_mean, new_variance) if training else (y, moving_mean, moving_variance)


def _cases_exchanged(x, gamma, beta, moving_mean, moving_variance, training):
    y, *_ = batch_norm(x, gamma, beta, moving_mean, moving_variance, not training)
    return y, *batch_norm(x, gamma, beta, moving_mean, moving_variance, training)[1:]


def _as_in_pytorch(*arguments):
    def normalize(x, mean, variance, gamma, beta):
        return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta

    return _variation(normalize, momentum=0.9)(*arguments)


def _beta_divided_too(*arguments):
    def normalize(x, mean, variance, gamma, beta):
        return (gamma * (x - mean) + beta) / np.sqrt(variance + EPSILON)

    return _variation(normalize)(*arguments)


def _training_is_ignored(x, gamma, beta, moving_mean, moving_variance, training):
    return batch_norm(x, gamma, beta, moving_mean, moving_variance, True)


def _moving_statistics_in_training(x, gamma, beta, moving_mean, moving_variance, training):
    y = _normalized(x, moving_mean, moving_variance, gamma, beta)
    return y, *batch_norm(x, gamma, beta, moving_mean, moving_variance, training)[1:]


def _new_moving_statistics_in_training(x, gamma, beta, moving_mean, moving_variance, training):
    _, *moving = batch_norm(x, gamma, beta, moving_mean, moving_variance, training)
    return _normalized(x, *moving, gamma, beta), *moving


def _moving_statistics_not_updated(x, gamma, beta, moving_mean, moving_variance, training):
    return batch_norm(x, gamma, beta, moving_mean, moving_variance, training)[0], moving_mean, moving_variance


def _moving_statistics_replaced(x, gamma, beta, moving_mean, moving_variance, training):
    y, *_ = batch_norm(x, gamma, beta, moving_mean, moving_variance, training)
    return (y, x.mean(axis=0), x.var(axis=0)) if training else (y, moving_mean, moving_variance)


def _updated_in_inference(x, gamma, beta, moving_mean, moving_variance, training):
    y, *_ = batch_norm(x, gamma, beta, moving_mean, moving_variance, training)
    return y, _followed(moving_mean, x.mean(axis=0)), _followed(moving_variance, x.var(axis=0))


def _epsilon_forgotten(*arguments):
    def normalize(x, mean, variance, gamma, beta):
        return gamma * (x - mean) / np.sqrt(variance) + beta

    return _variation(normalize)(*arguments)


def _epsilon_outside_the_root(*arguments):
    def normalize(x, mean, variance, gamma, beta):
        return gamma * (x - mean) / (np.sqrt(variance) + EPSILON) + beta

    return _variation(normalize)(*arguments)


def _epsilon_of_pytorch(*arguments):
    def normalize(x, mean, variance, gamma, beta):
        return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta

    return _variation(normalize)(*arguments)


def _divided_by_the_variance(*arguments):
    def normalize(x, mean, variance, gamma, beta):
        return gamma * (x - mean) / (variance + EPSILON) + beta

    return _variation(normalize)(*arguments)


def _root_of_the_deviation(*arguments):
    def deviation(x):
        return x.mean(axis=0), x.std(axis=0)

    return _variation(statistics=deviation, moving_statistics=_population)(*arguments)


def _moving_deviation(*arguments):
    def deviation(x):
        return x.mean(axis=0), x.std(axis=0)

    return _variation(moving_statistics=deviation)(*arguments)


def _gamma_and_beta_exchanged(x, gamma, beta, *rest):
    return batch_norm(x, beta, gamma, *rest)


def _gamma_and_beta_forgotten(x, gamma, beta, *rest):
    return batch_norm(x, np.ones_like(gamma), np.zeros_like(beta), *rest)


def _each_sample_by_itself(x, gamma, beta, moving_mean, moving_variance, training):
    if not training:
        return batch_norm(x, gamma, beta, moving_mean, moving_variance, training)
    y = _normalized(x, x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True), gamma, beta)
    return y, *batch_norm(x, gamma, beta, moving_mean, moving_variance, training)[1:]


def _rows_everywhere(x, gamma, beta, moving_mean, moving_variance, training):
    by_rows = _variation(statistics=lambda x: (x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)))
    return by_rows(x, gamma, beta, moving_mean, moving_variance, training)


def _one_mean_for_all_features(x, gamma, beta, moving_mean, moving_variance, training):
    return _variation(statistics=lambda x: (x.mean(), x.var()))(x, gamma, beta, moving_mean, moving_variance, training)


def _mean_of_squares(*arguments):
    return _variation(statistics=lambda x: (x.mean(axis=0), (x**2).mean(axis=0) - x.mean(axis=0) ** 2))(*arguments)


def _in_sums(x, gamma, beta, moving_mean, moving_variance, training):
    mean, variance = moving_mean, moving_variance
    if training:
        n = len(x)
        mean = np.sum(x, 0) / n
        variance = np.sum((x - mean) ** 2, 0) / n
        moving_mean = moving_mean + (1 - MOMENTUM) * (mean - moving_mean)
        moving_variance = moving_variance + (1 - MOMENTUM) * (variance - moving_variance)
    r = gamma / np.sqrt(variance + EPSILON)
    return r * x + (beta - r * mean), moving_mean, moving_variance


def _feature_by_feature(x, gamma, beta, moving_mean, moving_variance, training):
    y, moving_mean, moving_variance = np.empty_like(x), moving_mean.copy(), moving_variance.copy()
    for j in range(x.shape[1]):
        mean, variance = (x[:, j].mean(), x[:, j].var()) if training else (moving_mean[j], moving_variance[j])
        y[:, j] = (x[:, j] - mean) * (variance + 0.001) ** -0.5 * gamma[j] + beta[j]
        if training:
            moving_mean[j] = 0.99 * moving_mean[j] + 0.01 * mean
            moving_variance[j] = 0.99 * moving_variance[j] + 0.01 * variance
    return [y, moving_mean, moving_variance]


def _with_kept_axes(x, gamma, beta, moving_mean, moving_variance, training):
    if training:
        mean, variance = np.mean(x, axis=0, keepdims=True), np.var(x, axis=0, keepdims=True)
        moving_mean = moving_mean * 0.99 + mean[0] * 0.01
        moving_variance = moving_variance * 0.99 + variance[0] * 0.01
    else:
        mean, variance = moving_mean[None], moving_variance[None]
    x_hat = (x - mean) / (variance + 1e-3) ** 0.5
    return x_hat * gamma + beta, moving_mean, moving_variance


BATCH_NORM = Exercise(
    id="batch_norm",
    lesson="07",
    points=3,
    reference=batch_norm,
    cases=_batches,
    mistakes=(
        Mistake(_sample_variance, "You divided by n - 1. Keras's variance is the mean of (x - μ)², over n."),
        Mistake(_sample_variance_in_y, "In y the variance must be the mean of (x - μ)², over n, not n - 1."),
        Mistake(
            _sample_variance_in_the_moving_one,
            "The moving variance follows the batch's variance over n; n - 1 is PyTorch's.",
        ),
        Mistake(_momentum_of_the_batch, "Momentum is the weight of the past. Yours forgets nearly all of it at once."),
        Mistake(_momentum_of_pytorch, "The momentum is 0.99 here; a tenth is what PyTorch gives to the batch."),
        Mistake(
            _batch_statistics_in_inference,
            "In inference a sample's result must not depend on the others in its batch: use the moving statistics.",
        ),
        Mistake(_cases_exchanged, "In y the cases changed places: the batch's statistics belong to training."),
        Mistake(_as_in_pytorch, "Momentum and epsilon are PyTorch's; here they are 0.99 and 1e-3."),
        Mistake(_beta_divided_too, "Beta is added to the quotient, not divided with it."),
        Mistake(_training_is_ignored, "With training=False the moving statistics are used, and stay as they are."),
        Mistake(_moving_statistics_in_training, "While training, y uses the mean and variance of this batch."),
        Mistake(_new_moving_statistics_in_training, "While training, y uses this batch's own mean and variance."),
        Mistake(
            _moving_statistics_not_updated, "y is right; while training the moving statistics must follow the batch."
        ),
        Mistake(_moving_statistics_replaced, "They must move: 99 parts of the old, 1 part of the batch."),
        Mistake(
            _updated_in_inference, "In inference the moving statistics stay as they are, or the test set would leak in."
        ),
        Mistake(_epsilon_forgotten, "A batch of one sample has the variance 0. What did epsilon stand for?"),
        Mistake(_epsilon_outside_the_root, "Epsilon is added to the variance, under the root."),
        Mistake(_epsilon_of_pytorch, "Keras's epsilon is 1e-3 here."),
        Mistake(_divided_by_the_variance, "Divide by the deviation, the root of variance + epsilon."),
        Mistake(_root_of_the_deviation, "np.std is a root already: under the root belongs the variance."),
        Mistake(_moving_deviation, "The moving variance follows the batch's variance, not its deviation."),
        Mistake(_gamma_and_beta_exchanged, "Gamma stretches, beta shifts."),
        Mistake(_gamma_and_beta_forgotten, "Gamma and beta are missing."),
        Mistake(_each_sample_by_itself, "You averaged along each row; here each column has a mean, over the batch."),
        Mistake(_rows_everywhere, "You averaged along each row; here each column has a mean, over the batch."),
        Mistake(_one_mean_for_all_features, "Each feature has its own mean and variance, over the batch."),
        Mistake(
            _mean_of_squares,
            "The mean of x² minus μ²: right on paper, but around 1,000 most digits cancel. Subtract μ first.",
        ),
    ),
    alternatives=(_in_sums, _feature_by_feature, _with_kept_axes),
    hints=(
        "Two cases. Which mean and variance go into y in each, and what becomes of the moving ones?",
        "Training: those of the batch, and the moving ones keep 0.99 of themselves. Inference: the moving ones.",
        "moving_mean = momentum * moving_mean + (1 - momentum) * x.mean(axis=0)",
    ),
    tolerance=4096.0,
    keeps_dtype=False,
    results=("y", "moving_mean", "moving_variance"),
)
