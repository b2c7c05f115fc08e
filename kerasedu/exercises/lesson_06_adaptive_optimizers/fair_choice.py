"""Choose an optimizer and its learning rate from a table of losses."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _tables(rng):
    one_lost = [0.05, 0.05, 0.05, np.nan]
    all_but_one = [0.6, np.nan, np.nan, np.nan, np.nan]
    for shape, best, lost in [
        ((2, 3, 4), 1, [np.nan, 0.05, 0.05, 0.05]),  # the first seed is lost
        ((3, 3, 3), 0, [0.05, 0.05, np.inf]),
        ((2, 4, 5), 1, all_but_one),
        ((3, 2, 2), 2, [0.05, np.nan]),
        ((2, 3, 3), 0, [0.6, np.nan, np.inf]),
        ((2, 3, 4), 0, one_lost),
        ((3, 4, 5), 2, all_but_one),
        ((4, 3, 4), 3, one_lost),
    ]:
        yield {"losses": _table(rng, shape, best, lost)}


def _table(rng, shape, best, lost):
    """Losses around 0.55; the right choice has 0.4, and traps stand beside it."""
    losses = 0.5 + 0.1 * rng.random(shape)
    rate = rng.integers(1, shape[1])
    losses[best, rate] = 0.4 + 0.1 * rng.permutation(np.linspace(-1, 1, shape[2]))
    rival = (best + 1) % shape[0]
    losses[rival, rate] = 1.5  # at the rate that suits the best, a rival is bad but for one lucky seed
    losses[rival, rate, 0 if lost[0] > 0.5 else rng.integers(shape[2])] = 0.1
    losses[best, 1:][np.arange(1, shape[1]) != rate] = 0.44  # more even, and a little worse
    losses[rival, 0] -= 0.05  # at the first rate, a rival is better
    losses[best, 0] = lost if np.isnan(lost[0]) else rng.permutation(lost)  # trainings that were lost in some seeds
    if shape[0] > 2:  # and with an optimizer that is not the best one either
        losses[(best + 2) % shape[0], 0] = rng.permutation(lost) - 0.02
    return losses


def fair_choice(losses):
    means = np.where(np.isfinite(losses), losses, np.inf).mean(axis=2)
    optimizer, rate = np.unravel_index(means.argmin(), means.shape)
    return int(optimizer), int(rate)


def _lost_trainings_left_out(losses):
    return fair_choice(np.ma.masked_invalid(losses).mean(axis=2).filled(np.inf)[..., None])


def _nan_left_out(losses):
    kept = np.isfinite(losses) | np.isinf(losses)
    sums, counts = np.where(kept, losses, 0).sum(axis=2), kept.sum(axis=2)
    return fair_choice(np.where(counts > 0, sums / np.maximum(counts, 1), np.inf)[..., None])


def _nan_alone_counted_as_zero(losses):
    return fair_choice(np.nan_to_num(losses, nan=0.0))


def _nan_counted_as_zero(losses):
    return fair_choice(np.nan_to_num(losses, nan=0.0, posinf=0.0))


def _nan_taken_for_the_smallest(losses):
    means = losses.mean(axis=2)
    optimizer, rate = np.unravel_index(means.argmin(), means.shape)
    return int(optimizer), int(rate)


def _luckiest_seed(losses):
    return fair_choice(np.where(np.isfinite(losses).all(axis=2), losses.min(axis=2), np.inf)[..., None])


def _luckiest_of_the_seeds_that_ended(losses):
    return fair_choice(np.where(np.isfinite(losses), losses, np.inf).min(axis=2, keepdims=True))


def _mean_over_the_optimizers(losses):
    means = np.where(np.isfinite(losses), losses, np.inf).mean(axis=0)
    rate, seed = np.unravel_index(means.argmin(), means.shape)
    return int(rate), int(seed)


def _one_rate_for_all(losses):
    means = np.where(np.isfinite(losses), losses, 10.0).mean(axis=2)
    rate = means.mean(axis=0).argmin()
    return int(means[:, rate].argmin()), int(rate)


def _at_the_first_rate(losses):
    return fair_choice(losses[:, :1])


def _first_optimizer_anyway(losses):
    return fair_choice(losses[:1])


def _median(losses):
    return fair_choice(np.median(np.where(np.isfinite(losses), losses, np.inf), axis=2, keepdims=True))


def _first_seed_only(losses):
    return fair_choice(losses[:, :, :1])


def _best_rate_of_each(losses):
    means = np.where(np.isfinite(losses), losses, np.inf).mean(axis=2)
    winner = means.min(axis=1).argmin()
    return winner, means[winner].argmin()


def _with_loops(losses):
    best = (np.inf, None)
    for i, of_optimizer in enumerate(losses.tolist()):
        for j, of_rate in enumerate(of_optimizer):
            if all(abs(loss) < np.inf for loss in of_rate):
                best = min(best, (sum(of_rate) / len(of_rate), [i, j]), key=lambda pair: pair[0])
    return best[1]


LUCKY = "One lucky seed decided. Compare means over the seeds."
LEFT_OUT = "The mean left out the trainings that were lost. A learning rate that loses one in four is no good one."
COUNTED_AS_ZERO = "Lost trainings came out as losses of 0, the best of all. They are the worst."

FAIR_CHOICE = Exercise(
    id="fair_choice",
    lesson="06",
    points=2,
    reference=fair_choice,
    cases=_tables,
    results=("optimizer", "rate"),
    mistakes=(
        Mistake(
            _first_optimizer_anyway,
            "Optimizer 0 was chosen without looking at the others. In some tables another has the lower mean.",
            23,
        ),
        Mistake(_one_rate_for_all, "One rate for all favours whom it suits. Each optimizer is taken at its own best."),
        Mistake(
            _at_the_first_rate, "Only one learning rate was looked at. The best may be another for each optimizer."
        ),
        Mistake(_luckiest_seed, LUCKY),
        Mistake(_luckiest_of_the_seeds_that_ended, LUCKY),
        Mistake(_mean_over_the_optimizers, "The mean was taken over the optimizers. The seeds are the last axis."),
        Mistake(_median, "That is the median. It does not see the training that was lost; the mean was asked for."),
        Mistake(_first_seed_only, "One seed is one draw of the lot: take the mean over all seeds."),
        Mistake(_lost_trainings_left_out, LEFT_OUT),
        Mistake(_nan_left_out, LEFT_OUT),
        Mistake(_nan_counted_as_zero, COUNTED_AS_ZERO),
        Mistake(_nan_alone_counted_as_zero, COUNTED_AS_ZERO),
        Mistake(
            _nan_taken_for_the_smallest,
            "argmin takes NaN for the smallest number of all. Make lost trainings infinite before the mean.",
        ),
    ),
    alternatives=(_best_rate_of_each, _with_loops),
    hints=(
        "Which axis holds the seeds, and what does one NaN do to a mean and to argmin?",
        "First every lost training becomes infinite, then the mean over the seeds; the lowest mean of the table wins.",
        "means = np.where(np.isfinite(losses), losses, np.inf).mean(axis=2)",
    ),
)
