"""Batch normalization backward: mean and variance depend on every sample of the batch."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake

EPSILON = 1e-3


def _batches(rng):
    for n, d, spread, dtype in [
        (5, 3, 1, "float64"),
        (3, 3, 1, "float64"),
        (4, 4, 0.05, "float64"),
        (2, 1, 0.03, "float64"),
        (7, 2, 2, "float32"),
    ]:
        arrays = {"dy": rng.normal(size=(n, d)), "x": 1 + spread * rng.normal(size=(n, d)), "gamma": rng.normal(size=d)}
        if n == 2:  # not nearly equal: of their difference rounding errors would be left
            arrays["dy"][0] += 10
        yield {name: array.astype(dtype) for name, array in arrays.items()}


def _parts(x):
    deviation = np.sqrt(x.var(axis=0) + EPSILON)
    return (x - x.mean(axis=0)) / deviation, deviation


def batch_norm_backward(dy, x, gamma):
    x_hat, deviation = _parts(x)
    dx_hat = dy * gamma
    dx = (dx_hat - dx_hat.mean(axis=0) - x_hat * (dx_hat * x_hat).mean(axis=0)) / deviation
    return dx, (dy * x_hat).sum(axis=0), dy.sum(axis=0)


def _with_dx(function):
    """The right dgamma and dbeta with another dx."""
    return lambda dy, x, gamma: (function(dy, x, gamma), *batch_norm_backward(dy, x, gamma)[1:])


def _mean_and_variance_constant(dy, x, gamma):
    return _with_dx(lambda dy, x, gamma: dy * gamma / _parts(x)[1])(dy, x, gamma)


def _variance_constant(dy, x, gamma):
    return _with_dx(lambda dy, x, gamma: (dy - dy.mean(axis=0)) * gamma / _parts(x)[1])(dy, x, gamma)


def _mean_constant(dy, x, gamma):
    def dx(dy, x, gamma):
        x_hat, deviation = _parts(x)
        return gamma * (dy - x_hat * (dy * x_hat).mean(axis=0)) / deviation

    return _with_dx(dx)(dy, x, gamma)


def _sums_for_means(dy, x, gamma):
    def dx(dy, x, gamma):
        x_hat, deviation = _parts(x)
        return gamma * (dy - dy.sum(axis=0) - x_hat * (dy * x_hat).sum(axis=0)) / deviation

    return _with_dx(dx)(dy, x, gamma)


def _gamma_forgotten(dy, x, gamma):
    return _with_dx(lambda dy, x, gamma: batch_norm_backward(dy, x, np.ones_like(gamma))[0])(dy, x, gamma)


def _deviation_forgotten(dy, x, gamma):
    return _with_dx(lambda dy, x, gamma: batch_norm_backward(dy, x, gamma)[0] * _parts(x)[1])(dy, x, gamma)


def _three_ways(variance=-1.0, mean=-1.0, power=3, gather=lambda d: d.sum(axis=0)):
    """dx as the sum of its three ways, of which two can be weighted wrongly."""

    def dx(dy, x, gamma):
        n, (_, s) = x.dtype.type(len(x)), _parts(x)
        dx_hat, deviation = dy * gamma, x - x.mean(axis=0)
        dv, dmu = gather(dx_hat * deviation) / s**power, gather(dx_hat) / s
        return dx_hat / s + x.dtype.type(variance) * deviation * dv / n + x.dtype.type(mean) * dmu / n

    return dx


def _half_forgotten(dy, x, gamma):
    return _with_dx(_three_ways(variance=-2))(dy, x, gamma)


def _two_forgotten(dy, x, gamma):
    return _with_dx(_three_ways(variance=-0.5))(dy, x, gamma)


def _sign_of_variance(dy, x, gamma):
    return _with_dx(_three_ways(variance=1))(dy, x, gamma)


def _sign_of_mean(dy, x, gamma):
    return _with_dx(_three_ways(mean=1))(dy, x, gamma)


def _mean_not_shared_out(dy, x, gamma):
    return _with_dx(_three_ways(mean=-len(x)))(dy, x, gamma)


def _variance_not_shared_out(dy, x, gamma):
    return _with_dx(_three_ways(variance=-len(x)))(dy, x, gamma)


def _not_gathered(dy, x, gamma):
    return _with_dx(_three_ways(gather=lambda d: d))(dy, x, gamma)


def _no_third_power(dy, x, gamma):
    return _with_dx(_three_ways(power=1))(dy, x, gamma)


def _mean_way(share):
    """The right dx, but for what goes on to x through the mean."""

    def dx(dy, x, gamma):
        right, (_, s) = batch_norm_backward(dy, x, gamma)[0], _parts(x)
        dx_hat = dy * gamma
        return right + dx_hat.mean(axis=0) / s - share(dx_hat, s) / x.dtype.type(len(x))

    return _with_dx(dx)


def _variance_way(share):
    """The right dx, but for what goes on to x through the variance."""

    def dx(dy, x, gamma):
        right, (x_hat, s) = batch_norm_backward(dy, x, gamma)[0], _parts(x)
        dx_hat, deviation = dy * gamma, x - x.mean(axis=0)
        right = right + x_hat * (dx_hat * x_hat).mean(axis=0) / s
        return right - deviation * share(dx_hat * deviation, s) / x.dtype.type(len(x))

    return _with_dx(dx)


def _dmu_not_gathered(dy, x, gamma):
    return _mean_way(lambda d, s: d / s)(dy, x, gamma)


def _dmu_without_s(dy, x, gamma):
    return _mean_way(lambda d, s: d.sum(axis=0))(dy, x, gamma)


def _dv_not_gathered(dy, x, gamma):
    return _variance_way(lambda d, s: d / s**3)(dy, x, gamma)


def _second_power(dy, x, gamma):
    return _variance_way(lambda d, s: d.sum(axis=0) / s**2)(dy, x, gamma)


def _gamma_in_all(dy, x, gamma):
    dx, dgamma, dbeta = batch_norm_backward(dy, x, gamma)
    return dx, gamma * dgamma, gamma * dbeta


def _epsilon_forgotten(dy, x, gamma):
    deviation = x.std(axis=0)
    x_hat = (x - x.mean(axis=0)) / deviation
    dx = gamma * (dy - dy.mean(axis=0) - x_hat * (dy * x_hat).mean(axis=0)) / deviation
    return dx, (dy * x_hat).sum(axis=0), dy.sum(axis=0)


def _sample_variance(dy, x, gamma):
    deviation = np.sqrt(x.var(axis=0, ddof=1) + EPSILON)
    x_hat = (x - x.mean(axis=0)) / deviation
    dx = gamma * (dy - dy.mean(axis=0) - x_hat * (dy * x_hat).mean(axis=0)) / deviation
    return dx, (dy * x_hat).sum(axis=0), dy.sum(axis=0)


def _mean_over_the_batch(dy, x, gamma):
    x_hat, _ = _parts(x)
    return batch_norm_backward(dy, x, gamma)[0], (dy * x_hat).mean(axis=0), dy.mean(axis=0)


def _no_sum_over_the_batch(dy, x, gamma):
    return batch_norm_backward(dy, x, gamma)[0], dy * _parts(x)[0], dy


def _x_for_x_hat(dy, x, gamma):
    dx, _, dbeta = batch_norm_backward(dy, x, gamma)
    return dx, (dy * x).sum(axis=0), dbeta


def _y_for_x_hat(dy, x, gamma):
    dx, _, dbeta = batch_norm_backward(dy, x, gamma)
    return dx, (dy * gamma * _parts(x)[0]).sum(axis=0), dbeta


def _dgamma_and_dbeta_exchanged(dy, x, gamma):
    dx, dgamma, dbeta = batch_norm_backward(dy, x, gamma)
    return dx, dbeta, dgamma


def _along_three_ways(dy, x, gamma):
    return _with_dx(_three_ways())(dy, x, gamma)


def _with_jacobians(dy, x, gamma):
    n, d = x.shape
    x_hat, deviation = _parts(x)
    dx = np.empty_like(x)
    for j in range(d):
        jacobian = (np.eye(n) - 1 / n - np.outer(x_hat[:, j], x_hat[:, j]) / n) / deviation[j]
        dx[:, j] = jacobian.T @ (gamma[j] * dy[:, j])
    return [dx, np.einsum("nd,nd->d", dy, x_hat), np.ones(n, x.dtype) @ dy]


def _with_dgamma(dy, x, gamma):
    x_hat, deviation = _parts(x)
    n = x.shape[0]
    dgamma, dbeta = np.sum(dy * x_hat, 0), np.sum(dy, 0)
    return gamma / (n * deviation) * (n * dy - dbeta - x_hat * dgamma), dgamma, dbeta


BATCH_NORM_BACKWARD = Exercise(
    id="batch_norm_backward",
    lesson="07",
    points=6,
    reference=batch_norm_backward,
    cases=_batches,
    mistakes=(
        Mistake(
            _mean_and_variance_constant,
            "dx treats mean and variance as constants. Every x of the batch moves both, so dx has three terms.",
        ),
        Mistake(_variance_constant, "dx lacks the way through the variance."),
        Mistake(_mean_constant, "dx lacks the way through the mean."),
        Mistake(_sums_for_means, "In dx the mean and the variance pass on 1/n to each sample: you took sums."),
        Mistake(_gamma_forgotten, "dx lacks gamma: dx_hat is dy times gamma."),
        Mistake(_deviation_forgotten, "dx lacks the division by s, the root of variance + epsilon."),
        Mistake(_half_forgotten, "In dx the way through the variance is twice as large as it should be: dv has a ½."),
        Mistake(
            _two_forgotten, "In dx the way through the variance is half as large as it should be: a square gives a 2."
        ),
        Mistake(_sign_of_variance, "Sign: a larger variance makes x_hat smaller."),
        Mistake(_sign_of_mean, "Sign: a larger mean makes x_hat smaller."),
        Mistake(_mean_not_shared_out, "dmu was not divided by n: each x moves the mean by a share of 1/n."),
        Mistake(_variance_not_shared_out, "dv was not divided by n: each x moves the variance by a share."),
        Mistake(
            _not_gathered,
            "v and μ feed every sample of the batch: their gradients are sums over it, before they go on to x.",
        ),
        Mistake(_dmu_not_gathered, "dmu is (d,): μ feeds every sample of the batch, so its gradient is a sum over it."),
        Mistake(_dv_not_gathered, "dv is (d,): v feeds every sample of the batch, so its gradient is a sum over it."),
        Mistake(_dmu_without_s, "The way through the mean lacks its local derivative: ∂x̂/∂μ is -1/s, not -1."),
        Mistake(_no_third_power, "In dv the power of s is wrong: differentiate (v + ε) to the power -½."),
        Mistake(_second_power, "In dv the power of s is wrong: differentiate (v + ε) to the power -½."),
        Mistake(_epsilon_forgotten, "Here, too, epsilon stands under the root."),
        Mistake(_sample_variance, "The forward pass divides by n, so the backward pass must, too."),
        Mistake(_mean_over_the_batch, "dgamma and dbeta add up what all samples say: sums, not means.", 7),
        Mistake(_no_sum_over_the_batch, "All samples use the same gamma and beta: sum over the batch.", 5),
        Mistake(_x_for_x_hat, "Gamma is multiplied by x_hat, not by x."),
        Mistake(_y_for_x_hat, "dgamma is the sum of dy · x_hat; gamma itself does not come in."),
        Mistake(
            _gamma_in_all, "dgamma and dbeta start from dy. Only what goes on to x_hat and x is multiplied by gamma."
        ),
        Mistake(_dgamma_and_dbeta_exchanged, "Two results have changed places: return dx, dgamma, dbeta."),
    ),
    alternatives=(_along_three_ways, _with_jacobians, _with_dgamma),
    hints=(
        "How many ways lead from one x to the loss? Start with dgamma and dbeta, which need only one line each.",
        "Each way is a product of local derivatives. Where one number feeds the whole batch, sum first: dv and dmu.",
        "dmu = -(dx_hat / s).sum(axis=0), and each x gets dmu / n of it",
    ),
    tolerance=2048.0,
    keeps_dtype=False,
    results=("dx", "dgamma", "dbeta"),
)
