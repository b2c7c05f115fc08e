"""What each input contributed to a score: gradients along the way from a baseline, by the midpoint rule."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _networks(rng):
    """Weights so small that hardly ever all units are near ±1, where 1 - tanh² is hardly exact."""
    for d, units, steps, dtype in [
        (4, 3, 5, "float64"),
        (3, 3, 1, "float64"),
        (1, 6, 4, "float64"),
        (5, 2, 20, "float32"),
    ]:
        yield {
            "x": rng.normal(size=d).astype(dtype),
            "baseline": rng.normal(size=d).astype(dtype),
            "kernel": rng.normal(scale=0.4, size=(d, units)).astype(dtype),
            "bias": rng.normal(scale=0.4, size=units).astype(dtype),
            "output_kernel": rng.normal(size=units).astype(dtype),
            "steps": steps,
        }


def _gradient(point, kernel, bias, output_kernel):
    return kernel @ (output_kernel * (1 - np.tanh(point @ kernel + bias) ** 2))


def _score(point, kernel, bias, output_kernel):
    return np.tanh(point @ kernel + bias) @ output_kernel


def _mean_gradient(x, baseline, weights, shares):
    """Along the line: share 0 is the baseline, 1 is x."""
    gradients = [_gradient(baseline + float(share) * (x - baseline), *weights) for share in shares]
    return np.mean(gradients, axis=0, dtype="float64").astype(x.dtype)


def integrated_gradients(x, baseline, kernel, bias, output_kernel, steps):
    weights = kernel, bias, output_kernel
    return (x - baseline) * _mean_gradient(x, baseline, weights, (np.arange(steps) + 0.5) / steps)


def _left_ends(x, baseline, kernel, bias, output_kernel, steps):
    weights = kernel, bias, output_kernel
    return (x - baseline) * _mean_gradient(x, baseline, weights, np.arange(steps) / steps)


def _right_ends(x, baseline, kernel, bias, output_kernel, steps):
    weights = kernel, bias, output_kernel
    return (x - baseline) * _mean_gradient(x, baseline, weights, np.arange(1, steps + 1) / steps)


def _both_ends(x, baseline, kernel, bias, output_kernel, steps):
    weights = kernel, bias, output_kernel
    return (x - baseline) * _mean_gradient(x, baseline, weights, np.linspace(0, 1, steps))


def _all_ends(x, baseline, kernel, bias, output_kernel, steps):
    weights = kernel, bias, output_kernel
    return (x - baseline) * _mean_gradient(x, baseline, weights, np.linspace(0, 1, steps + 1))


def _counted_from_one(x, baseline, kernel, bias, output_kernel, steps):
    weights = kernel, bias, output_kernel
    return (x - baseline) * _mean_gradient(x, baseline, weights, (np.arange(1, steps + 1) + 0.5) / steps)


def _half_divided_only(x, baseline, kernel, bias, output_kernel, steps):
    weights = kernel, bias, output_kernel
    return (x - baseline) * _mean_gradient(x, baseline, weights, np.arange(steps) + 0.5 / steps)


def _trapezoid(x, baseline, kernel, bias, output_kernel, steps):
    first = _left_ends(x, baseline, kernel, bias, output_kernel, steps)
    return (first + _right_ends(x, baseline, kernel, bias, output_kernel, steps)) / 2


def _mean_only(x, baseline, kernel, bias, output_kernel, steps):
    return _mean_gradient(x, baseline, (kernel, bias, output_kernel), (np.arange(steps) + 0.5) / steps)


def _times_x(x, baseline, kernel, bias, output_kernel, steps):
    return x * _mean_only(x, baseline, kernel, bias, output_kernel, steps)


def _turned_round(x, baseline, kernel, bias, output_kernel, steps):
    return -integrated_gradients(x, baseline, kernel, bias, output_kernel, steps)


def _from_zero(x, baseline, kernel, bias, output_kernel, steps):
    return integrated_gradients(x, np.zeros_like(x), kernel, bias, output_kernel, steps)


def _path_from_zero(x, baseline, kernel, bias, output_kernel, steps):
    return (x - baseline) * _mean_only(x, np.zeros_like(x), kernel, bias, output_kernel, steps)


def _gradient_at_x(x, baseline, kernel, bias, output_kernel, steps):
    return (x - baseline) * _gradient(x, kernel, bias, output_kernel)


def _summed(x, baseline, kernel, bias, output_kernel, steps):
    return steps * integrated_gradients(x, baseline, kernel, bias, output_kernel, steps)


def _divided_twice(x, baseline, kernel, bias, output_kernel, steps):
    return integrated_gradients(x, baseline, kernel, bias, output_kernel, steps) / x.dtype.type(steps)


def _last_gradient_only(x, baseline, kernel, bias, output_kernel, steps):
    last = baseline + (steps - 0.5) / steps * (x - baseline)
    return (x - baseline) * _gradient(last, kernel, bias, output_kernel)


def _way_without_start(x, baseline, kernel, bias, output_kernel, steps):
    return (x - baseline) * _mean_only(x - baseline, np.zeros_like(x), kernel, bias, output_kernel, steps)


def _without_sign(x, baseline, kernel, bias, output_kernel, steps):
    return np.abs(integrated_gradients(x, baseline, kernel, bias, output_kernel, steps))


def _added_up(x, baseline, kernel, bias, output_kernel, steps):
    return integrated_gradients(x, baseline, kernel, bias, output_kernel, steps).sum()


def _scores_along_the_way(x, baseline, kernel, bias, output_kernel, steps):
    scores = [_score(baseline + (k + 0.5) / steps * (x - baseline), kernel, bias, output_kernel) for k in range(steps)]
    return (x - baseline) * np.mean(scores, dtype="float64").astype(x.dtype)


def _only_the_middle(x, baseline, kernel, bias, output_kernel, steps):
    return integrated_gradients(x, baseline, kernel, bias, output_kernel, 1)


def _inner_points(x, baseline, kernel, bias, output_kernel, steps):
    shares = np.arange(1, steps + 1) / (steps + 1)
    return (x - baseline) * _mean_gradient(x, baseline, (kernel, bias, output_kernel), shares)


def _bias_forgotten(x, baseline, kernel, bias, output_kernel, steps):
    return integrated_gradients(x, baseline, kernel, np.zeros_like(bias), output_kernel, steps)


def _output_kernel_forgotten(x, baseline, kernel, bias, output_kernel, steps):
    return integrated_gradients(x, baseline, kernel, bias, np.ones_like(output_kernel), steps)


def _slope_not_squared(x, baseline, kernel, bias, output_kernel, steps):
    total = np.zeros_like(x)
    for k in range(steps):
        point = baseline + (k + 0.5) / steps * (x - baseline)
        total += kernel @ (output_kernel * (1 - np.tanh(point @ kernel + bias)))
    return (x - baseline) * total / steps


def _tanh_for_its_slope(x, baseline, kernel, bias, output_kernel, steps):
    total = np.zeros_like(x)
    for k in range(steps):
        point = baseline + (k + 0.5) / steps * (x - baseline)
        total += kernel @ (output_kernel * np.tanh(point @ kernel + bias))
    return (x - baseline) * total / steps


def _all_at_once(x, baseline, kernel, bias, output_kernel, steps):
    shares = (np.arange(steps, dtype=x.dtype)[:, None] + x.dtype.type(0.5)) / x.dtype.type(steps)
    points = (1 - shares) * baseline + shares * x
    slopes = 1 - np.tanh(points @ kernel + bias) ** 2
    gradients = (slopes * output_kernel) @ kernel.T
    return gradients.mean(axis=0) * (x - baseline)


def _in_double(x, baseline, kernel, bias, output_kernel, steps):
    middles = (np.arange(steps) + 0.5) / steps  # in float64, whatever x is
    gradients = [_gradient(baseline + m * (x - baseline), kernel, bias, output_kernel) for m in middles]
    return (x - baseline) * np.mean(gradients, axis=0)


def _running_sum(x, baseline, kernel, bias, output_kernel, steps):
    step = (x - baseline) / steps
    point, total = baseline + step / 2, np.zeros_like(x)
    for _ in range(steps):
        h = np.tanh(bias + kernel.T @ point)
        for i in range(len(x)):
            total[i] += step[i] * sum(kernel[i] * output_kernel * (1 - h) * (1 + h))
        point = point + step
    return total


INTEGRATED_GRADIENTS = Exercise(
    id="integrated_gradients",
    lesson="15",
    points=3,
    reference=integrated_gradients,
    cases=_networks,
    mistakes=(
        Mistake(_left_ends, "The gradients came from the beginnings of the parts; asked for are their middles."),
        Mistake(_right_ends, "The gradients came from the ends of the parts; asked for are their middles."),
        Mistake(
            _both_ends,
            "linspace(0, 1, steps) puts points on both ends. The middles of `steps` equal parts are asked for.",
        ),
        Mistake(_all_ends, "linspace(0, 1, steps + 1) gives the ends of the parts; their middles are asked for."),
        Mistake(_counted_from_one, "k starts at 0: the last point lies beyond x."),
        Mistake(_half_divided_only, "(k + 1/2) / steps needs the parentheses: points lie between baseline and x."),
        Mistake(
            _trapezoid, "That is the trapezoidal rule, also a good one; here the middles of the parts are asked for."
        ),
        Mistake(_mean_only, "That is the mean gradient. How far did each input travel?"),
        Mistake(_times_x, "The way starts at the baseline, so each input travelled x - baseline, not x."),
        Mistake(_turned_round, "The way goes from the baseline to x, not back."),
        Mistake(_from_zero, "The way starts at zero; a baseline was given."),
        Mistake(_path_from_zero, "The points lie on a line from zero; they lie between baseline and x."),
        Mistake(
            _gradient_at_x,
            "That is gradient times input, from the end of the way only. Where tanh is flat it misses what was gained.",
        ),
        Mistake(_summed, "The gradients are averaged: more steps must not make the result larger."),
        Mistake(_divided_twice, "Divided by steps twice: a mean has done it already."),
        Mistake(_last_gradient_only, "Only the last gradient counts: was the sum overwritten in each step?"),
        Mistake(_way_without_start, "The points are baseline + share · (x - baseline); the start is missing."),
        Mistake(_without_sign, "An input may lower the score: the sign stays."),
        Mistake(_added_up, "That is the sum, good for checking. Asked for is one number for each input."),
        Mistake(_scores_along_the_way, "Those are the scores along the way; it is their gradients that are averaged."),
        Mistake(_inner_points, "Between the points lie steps + 1 parts; the middles of `steps` parts are asked for."),
        Mistake(_bias_forgotten, "tanh is taken of x W + b: the bias is missing, so the slopes are others."),
        Mistake(_output_kernel_forgotten, "Each unit counts with its weight in v."),
        Mistake(_slope_not_squared, "The slope of tanh is 1 - tanh²."),
        Mistake(_tanh_for_its_slope, "That is tanh itself; the chain needs its slope, 1 - tanh²."),
        Mistake(_only_the_middle, "There is one gradient only, from the middle of the way: take `steps` of them."),
    ),
    alternatives=(_all_at_once, _running_sum, _in_double),
    hints=(
        "With one step, from which point must the gradient come?",
        "Average the gradients at the middles of the parts, then multiply by the way, x - baseline.",
        "The middle of part k is baseline + (k + 0.5) / steps * (x - baseline), for k = 0, …, steps - 1.",
    ),
    tolerance=1024.0,
    keeps_dtype=False,
)
