"""A schedule: up in a straight line, down along half a cosine. The total counts the warm-up, unlike in Keras."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _schedules(rng):
    for peak, warmup_steps, total_steps in [(0.5, 4, 12), (1.0, 0, 6), (0.1, 5, 10)]:
        peak = peak * float(rng.uniform(0.8, 1.2))
        yield {
            "steps": np.arange(total_steps + 4),
            "peak": peak,
            "warmup_steps": warmup_steps,
            "total_steps": total_steps,
        }
    yield {"steps": np.array([3, 0, 2, 9]), "peak": 0.3, "warmup_steps": 3, "total_steps": 7}
    yield {"steps": np.array([1]), "peak": 0.2, "warmup_steps": 2, "total_steps": 5}


def _rates(steps, peak, warmup_steps, progress, wave=lambda p: 0.5 * (1 + np.cos(np.pi * p))):
    """Rising before ``warmup_steps``; then the wave of ``progress(t)``."""
    return np.array([peak * (t / warmup_steps if t < warmup_steps else wave(progress(t))) for t in steps])


def warmup_cosine(steps, peak, warmup_steps, total_steps):
    return _rates(steps, peak, warmup_steps, lambda t: min(1, (t - warmup_steps) / (total_steps - warmup_steps)))


def _cosine_from_the_first_step(steps, peak, warmup_steps, total_steps):
    return _rates(steps, peak, warmup_steps, lambda t: min(1, t / total_steps))


def _total_without_warmup(steps, peak, warmup_steps, total_steps):
    return _rates(steps, peak, warmup_steps, lambda t: min(1, (t - warmup_steps) / total_steps))


def _rises_again(steps, peak, warmup_steps, total_steps):
    return _rates(steps, peak, warmup_steps, lambda t: (t - warmup_steps) / (total_steps - warmup_steps))


def _no_warmup(steps, peak, warmup_steps, total_steps):
    return warmup_cosine(steps, peak, 0, total_steps)


def _straight_down(steps, peak, warmup_steps, total_steps):
    def progress(t):
        return min(1, (t - warmup_steps) / (total_steps - warmup_steps))

    return _rates(steps, peak, warmup_steps, progress, lambda p: 1 - p)


def _quarter_of_a_cosine(steps, peak, warmup_steps, total_steps):
    def progress(t):
        return min(1, (t - warmup_steps) / (total_steps - warmup_steps))

    return _rates(steps, peak, warmup_steps, progress, lambda p: np.cos(np.pi / 2 * p))


def _not_halved(steps, peak, warmup_steps, total_steps):
    def progress(t):
        return min(1, (t - warmup_steps) / (total_steps - warmup_steps))

    return _rates(steps, peak, warmup_steps, progress, lambda p: 1 + np.cos(np.pi * p))


def _first_step_counted_as_one(steps, peak, warmup_steps, total_steps):
    return warmup_cosine(np.asarray(steps) + 1, peak, warmup_steps, total_steps)


def _warmup_one_step_early(steps, peak, warmup_steps, total_steps):
    rates = warmup_cosine(steps, peak, warmup_steps, total_steps)
    return np.where(steps < warmup_steps, peak * (steps + 1) / max(warmup_steps, 1), rates)


def _one_step_only(steps, peak, warmup_steps, total_steps):
    if steps < warmup_steps:
        return peak * steps / warmup_steps
    return peak * (1 + np.cos(np.pi * min(1, (steps - warmup_steps) / (total_steps - warmup_steps)))) / 2


def _divides_by_no_warmup(steps, peak, warmup_steps, total_steps):
    progress = [min(1, (t - warmup_steps) / (total_steps - warmup_steps)) for t in steps.tolist()]
    rising = [min(t / warmup_steps, 1) for t in steps.tolist()]
    return peak * np.array(rising) * 0.5 * (1 + np.cos(np.pi * np.maximum(progress, 0)))


def _pi_forgotten(steps, peak, warmup_steps, total_steps):
    def progress(t):
        return min(1, (t - warmup_steps) / (total_steps - warmup_steps))

    return _rates(steps, peak, warmup_steps, progress, lambda p: 0.5 * (1 + np.cos(p)))


def _whole_numbers(steps, peak, warmup_steps, total_steps):
    return warmup_cosine(steps, peak, warmup_steps, total_steps).astype(int)


def _steps_of_its_own(steps, peak, warmup_steps, total_steps):
    return warmup_cosine(np.arange(len(steps)), peak, warmup_steps, total_steps)


def _every_step_up_to_the_total(steps, peak, warmup_steps, total_steps):
    return warmup_cosine(np.arange(total_steps), peak, warmup_steps, total_steps)


def _where(steps, peak, warmup_steps, total_steps):
    p = np.clip((steps - warmup_steps) / (total_steps - warmup_steps), 0, 1)
    return np.where(steps < warmup_steps, peak * steps / max(warmup_steps, 1), peak * np.cos(np.pi * p / 2) ** 2)


def _case_by_case(steps, peak, warmup_steps, total_steps):
    rates = np.zeros(len(steps))
    for i, t in enumerate(steps):
        if t < warmup_steps:
            rates[i] = peak * t / warmup_steps
        elif t < total_steps:
            rates[i] = peak / 2 * (1 - np.cos(np.pi * (total_steps - t) / (total_steps - warmup_steps)))
    return rates


WARMUP_COSINE = Exercise(
    id="warmup_cosine",
    lesson="05",
    points=2,
    reference=warmup_cosine,
    cases=_schedules,
    mistakes=(
        Mistake(
            _cosine_from_the_first_step, "At the end of the warm-up the rate drops: the cosine starts there, at p = 0."
        ),
        Mistake(
            _total_without_warmup, "At total_steps the rate is not yet 0: the descent has fewer steps than total_steps."
        ),
        Mistake(_rises_again, "After total_steps a cosine rises again; p ends at 1."),
        Mistake(_no_warmup, "The first steps are to be small: the rate rises from 0 to peak."),
        Mistake(_straight_down, "That falls in a straight line; a cosine starts and ends level."),
        Mistake(
            _quarter_of_a_cosine, "That is a quarter of a wave: it ends steep. From p = 0 to 1 the angle grows to π."
        ),
        Mistake(_not_halved, "At p = 0 the cosine is 1, so 1 + cos is 2 there: the rate starts at twice the peak."),
        Mistake(_first_step_counted_as_one, "The first step is step 0, as in Keras; everything comes one step early."),
        Mistake(_warmup_one_step_early, "At step 0 the rate is 0: the line is peak · t/W, not peak · (t + 1)/W."),
        Mistake(_pi_forgotten, "The angle is π p: from p = 0 to 1 the cosine falls from 1 to -1."),
        Mistake(
            _whole_numbers,
            "The rates were cut to whole numbers: np.zeros_like(steps) has the type of steps. np.zeros(len(steps)) is "
            "float64.",
        ),
        Mistake(_steps_of_its_own, "The rates are those of the steps 0, 1, 2, …; `steps` says which are asked for."),
        Mistake(_every_step_up_to_the_total, "One rate for each entry of `steps`; yours has one for each step of all."),
        Mistake(
            _one_step_only,
            "steps is an array; `if` decides for one number. Loop over the steps, or choose entry by entry (np.where).",
        ),
        Mistake(_divides_by_no_warmup, "A warm-up of 0 steps is allowed: then nothing may be divided by it."),
    ),
    alternatives=(_where, _case_by_case),
    hints=(
        "Work out by hand warmup_steps 2, total_steps 6, peak 1: which rates at steps 0, 1, 2, 4, 6?",
        "Two cases. Before warmup_steps a straight line; from there on a cosine of p, where p runs from 0 to 1 and "
        "stays 1.",
        "p = min(1, (t - warmup_steps) / (total_steps - warmup_steps)) for one step t.",
    ),
)
