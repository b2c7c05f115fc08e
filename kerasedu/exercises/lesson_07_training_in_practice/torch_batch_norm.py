"""A variant: batch normalization as PyTorch defines it."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _batches(rng):
    for n, d, offset, spread, dtype in [
        (4, 3, 1, 1, "float64"),
        (3, 3, 0, 0.02, "float64"),
        (2, 1, -2, 1, "float64"),
        (6, 4, 3, 2, "float32"),
    ]:
        arrays = {"x": offset + spread * rng.normal(size=(n, d)), "running_mean": rng.normal(size=d)}
        arrays |= {"running_var": spread**2 * (0.5 + rng.random(size=d))}
        yield {name: array.astype(dtype) for name, array in arrays.items()}


def _variant(inside=1e-5, outside=0.0, momentum=0.1, ddof_y=0, ddof_running=1):
    def computed(x, running_mean, running_var):
        mean = x.mean(axis=0)
        y = (x - mean) / (np.sqrt(x.var(axis=0, ddof=ddof_y) + inside) + outside)
        new_mean = (1 - momentum) * running_mean + momentum * mean
        return y, new_mean, (1 - momentum) * running_var + momentum * x.var(axis=0, ddof=ddof_running)

    return computed


def torch_batch_norm(x, running_mean, running_var):
    return _variant()(x, running_mean, running_var)


def _as_in_keras(x, running_mean, running_var):
    return _variant(inside=1e-3, momentum=0.01, ddof_running=0)(x, running_mean, running_var)


def _momentum_of_the_past(x, running_mean, running_var):
    return _variant(momentum=0.9)(x, running_mean, running_var)


def _over_n_in_both(x, running_mean, running_var):
    return _variant(ddof_running=0)(x, running_mean, running_var)


def _over_n_minus_1_in_both(x, running_mean, running_var):
    return _variant(ddof_y=1)(x, running_mean, running_var)


def _variances_exchanged(x, running_mean, running_var):
    return _variant(ddof_y=1, ddof_running=0)(x, running_mean, running_var)


def _epsilon_of_keras(x, running_mean, running_var):
    return _variant(inside=1e-3)(x, running_mean, running_var)


def _epsilon_outside_the_root(x, running_mean, running_var):
    return _variant(inside=0.0, outside=1e-5)(x, running_mean, running_var)


def _epsilon_forgotten(x, running_mean, running_var):
    return _variant(inside=0.0)(x, running_mean, running_var)


def _momentum_of_keras(x, running_mean, running_var):
    return _variant(momentum=0.01)(x, running_mean, running_var)


def _running_deviation(x, running_mean, running_var):
    y, new_mean, _ = torch_batch_norm(x, running_mean, running_var)
    return y, new_mean, 0.9 * running_var + 0.1 * x.std(axis=0, ddof=1)


def _running_statistics_in_y(x, running_mean, running_var):
    _, *running = torch_batch_norm(x, running_mean, running_var)
    return (x - running_mean) / np.sqrt(running_var + 1e-5), *running


def _converted(x, running_mean, running_var):
    n = x.shape[0]
    mean = x.sum(axis=0) / n
    squares = ((x - mean) ** 2).sum(axis=0)
    y = (x - mean) * (squares / n + 1e-5) ** -0.5
    return [y, running_mean + 0.1 * (mean - running_mean), running_var + 0.1 * (squares / (n - 1) - running_var)]


def _feature_by_feature(x, running_mean, running_var):
    y, running_mean, running_var = np.zeros_like(x), running_mean.copy(), running_var.copy()
    n, d = x.shape
    for j in range(d):
        column = x[:, j]
        y[:, j] = (column - column.mean()) / np.sqrt(column.var() + 1e-5)
        running_mean[j] = 0.9 * running_mean[j] + 0.1 * column.mean()
        running_var[j] = 0.9 * running_var[j] + 0.1 * column.var() * n / (n - 1)
    return y, running_mean, running_var


TORCH_BATCH_NORM = Exercise(
    id="torch_batch_norm",
    lesson="07",
    points=3,
    reference=torch_batch_norm,
    cases=_batches,
    mistakes=(
        Mistake(_as_in_keras, "That is Keras's layer. Compare the two columns of the table, row by row."),
        Mistake(_momentum_of_the_past, "PyTorch's momentum is the weight of the batch, not of the past."),
        Mistake(_over_n_in_both, "The running variance gets the variance over n - 1."),
        Mistake(_over_n_minus_1_in_both, "In y the variance is over n; only the running variance gets n - 1."),
        Mistake(_variances_exchanged, "The two variances changed places: n in y, n - 1 in the running variance."),
        Mistake(_epsilon_of_keras, "PyTorch's epsilon is 1e-5."),
        Mistake(_epsilon_outside_the_root, "In PyTorch, too, epsilon stands under the root."),
        Mistake(_epsilon_forgotten, "Epsilon is missing in y."),
        Mistake(_momentum_of_keras, "The batch has the weight 0.1."),
        Mistake(_running_deviation, "The running variance is a variance, not a deviation: no root."),
        Mistake(_running_statistics_in_y, "While training, y uses the batch's own mean and variance."),
    ),
    alternatives=(_converted, _feature_by_feature),
    hints=(
        "Start from your batch_norm with training=True. Which numbers in it does the table change?",
        "Two variances are needed: over n for y, over n - 1 for the running one.",
        "x.var(axis=0, ddof=1) divides by n - 1.",
    ),
    tolerance=4096.0,
    keeps_dtype=False,
    results=("y", "running_mean", "running_var"),
)
