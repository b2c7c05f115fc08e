"""A loss of one's own: its minimum is a quantile, not the mean."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _predictions(rng):
    for n, q, dtype in [(4, 0.9, "float64"), (1, 0.25, "float64"), (3, 0.1, "float64"), (6, 0.75, "float32")]:
        y_true = rng.normal(size=n)
        off = np.where(np.arange(n) % 2, 1, -1) * (0.2 + rng.random(n))
        yield {"y_true": y_true.astype(dtype), "y_pred": (y_true + off)[:, None].astype(dtype), "q": q}


def _losses(y_true, y_pred, q):
    difference = y_true - y_pred[:, 0]
    return np.maximum(q * difference, (q - 1) * difference)


def _slopes(y_true, y_pred, q):
    return np.where(y_true > y_pred[:, 0], -q, 1 - q).astype(y_pred.dtype)[:, None]


def pinball(y_true, y_pred, q):
    return np.mean(_losses(y_true, y_pred, q)), _slopes(y_true, y_pred, q) / y_pred.dtype.type(len(y_true))


def _all_pairs(y_true, y_pred, q):
    difference = y_true - y_pred
    slopes = np.where(difference > 0, -q, 1 - q).astype(y_pred.dtype)
    return np.mean(np.maximum(q * difference, (q - 1) * difference)), slopes / y_pred.dtype.type(slopes.size)


def _all_pairs_over_samples(y_true, y_pred, q):
    loss, slopes = _all_pairs(y_true, y_pred, q)
    return loss, slopes * y_pred.dtype.type(len(y_true))


def _one_axis(y_true, y_pred, q):
    loss, dy = pinball(y_true, y_pred, q)
    return loss, dy[:, 0]


def _sides_swapped(y_true, y_pred, q):
    return pinball(y_true, y_pred, 1 - q)


def _sign(y_true, y_pred, q):
    loss, dy = pinball(y_true, y_pred, q)
    return loss, -dy


def _gradient_not_divided(y_true, y_pred, q):
    loss, dy = pinball(y_true, y_pred, q)
    return loss, dy * y_pred.dtype.type(len(y_true))


def _summed(y_true, y_pred, q):
    loss, dy = _gradient_not_divided(y_true, y_pred, q)
    return loss * len(y_true), dy


def _both_sides_alike(y_true, y_pred, q):
    loss, _ = pinball(y_true, y_pred, q)
    slopes = np.where(y_true > y_pred[:, 0], -q, q).astype(y_pred.dtype)[:, None]
    return loss, slopes / y_pred.dtype.type(len(y_true))


def _negative_above(y_true, y_pred, q):
    difference = y_true - y_pred[:, 0]
    return np.mean(np.where(difference > 0, q, 1 - q) * difference), pinball(y_true, y_pred, q)[1]


def _falling_on_both_sides(y_true, y_pred, q):
    loss, _ = pinball(y_true, y_pred, q)
    slopes = np.where(y_true > y_pred[:, 0], -q, q - 1).astype(y_pred.dtype)[:, None]
    return loss, slopes / y_pred.dtype.type(len(y_true))


def _rising_on_both_sides(y_true, y_pred, q):
    loss, dy = _falling_on_both_sides(y_true, y_pred, q)
    return loss, -dy


def _one_for_each_sample(y_true, y_pred, q):
    return _losses(y_true, y_pred, q), pinball(y_true, y_pred, q)[1]


def _absolute(y_true, y_pred, q):
    loss, dy = pinball(y_true, y_pred, 0.5)
    return 2 * loss, 2 * dy


def _larger_of_two_positive_slopes(y_true, y_pred, q):
    difference = y_true - y_pred[:, 0]
    return np.mean(np.maximum(q * difference, (1 - q) * difference)), pinball(y_true, y_pred, q)[1]


def _losses_as_gradient(y_true, y_pred, q):
    loss, dy = pinball(y_true, y_pred, q)
    return loss, dy * np.abs(y_true[:, None] - y_pred)


def _loss_summed(y_true, y_pred, q):
    loss, dy = pinball(y_true, y_pred, q)
    return loss * len(y_true), dy


def _too_high_is_free(y_true, y_pred, q):
    low = y_true > y_pred[:, 0]
    loss, dy = np.mean(np.where(low, _losses(y_true, y_pred, q), 0)), pinball(y_true, y_pred, q)[1]
    return loss, np.where(low[:, None], dy, 0)


def _sample_by_sample(y_true, y_pred, q):
    total, dy = 0.0, np.zeros_like(y_pred)
    for i, (true, (predicted,)) in enumerate(zip(y_true, y_pred)):
        if true > predicted:
            total += q * (true - predicted)
            dy[i, 0] = -q / len(y_true)
        else:
            total += (1 - q) * (predicted - true)
            dy[i, 0] = (1 - q) / len(y_true)
    return total / len(y_true), dy


def _from_the_indicator(y_true, y_pred, q):
    column = y_true[:, None]
    slopes = ((column < y_pred) - q).astype(y_pred.dtype)
    return [((y_pred - column) * slopes).mean(), slopes / y_pred.dtype.type(y_pred.size)]


PINBALL = Exercise(
    id="pinball",
    lesson="12",
    points=2,
    reference=pinball,
    cases=_predictions,
    mistakes=(
        Mistake(
            _all_pairs,
            "y_true (n,) beside y_pred (n, 1) makes an array (n, n): every person is compared with every prediction.",
            2,
        ),
        Mistake(
            _all_pairs_over_samples,
            "y_true (n,) beside y_pred (n, 1) makes an array (n, n): every person is compared with every prediction.",
            2,
        ),
        Mistake(_one_axis, "The gradient has the shape of what it belongs to: y_pred is (n, 1).", 2),
        Mistake(_sides_swapped, "q is the price of a prediction that is too low, 1 - q of one that is too high."),
        Mistake(_sign, "If a prediction is too low, raising it lowers the loss: its derivative there is negative."),
        Mistake(_gradient_not_divided, "The loss is a mean over the samples, so each share of the gradient is 1/n.", 7),
        Mistake(_summed, "Asked for is the mean over the samples.", 7),
        Mistake(_both_sides_alike, "On the side where the prediction is too high, the slope is 1 - q."),
        Mistake(_negative_above, "A loss cannot be negative: where the prediction is too high, it is (1 - q) (ŷ - y)."),
        Mistake(
            _falling_on_both_sides,
            "Where the prediction is too high, raising it costs more: the slope there is positive.",
        ),
        Mistake(
            _rising_on_both_sides,
            "Where the prediction is too low, raising it costs less: the slope there is negative.",
        ),
        Mistake(_one_for_each_sample, "The loss is to be one number, the mean."),
        Mistake(
            _larger_of_two_positive_slopes,
            "Where the prediction is too high, y - ŷ is negative, and so are both numbers that you compare. One line "
            "falls, the other rises: q (y - ŷ) and (1 - q) (ŷ - y).",
        ),
        Mistake(
            _losses_as_gradient,
            "The derivative of q (y - ŷ) with respect to ŷ is -q: how far the prediction is off does not matter.",
        ),
        Mistake(_loss_summed, "The gradient belongs to the mean. So the loss has to be the mean, not the sum.", 7),
        Mistake(_too_high_is_free, "A prediction that is too high costs something, too: 1 - q for each unit."),
        Mistake(_absolute, "That is the mean absolute error, which does not know q."),
    ),
    alternatives=(_sample_by_sample, _from_the_indicator),
    hints=(
        "Take one sample with y = 5 and q = 0.9. What is the loss for ŷ = 4, what for ŷ = 6?",
        "Two cases: too low costs q for each unit, too high 1 - q. The slopes with respect to ŷ are -q and 1 - q. And "
        "y_pred has an axis more than y_true.",
        "y = y_true[:, None] has the shape of y_pred; np.where(y > y_pred, ..., ...) chooses.",
    ),
    results=("loss", "dy_pred"),
    keeps_dtype=False,
)
