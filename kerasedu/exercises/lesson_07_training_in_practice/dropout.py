"""Dropout with a mask that is given."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _activations(rng):
    for n, units, rate, training in [
        (4, 6, 0.5, True),
        (3, 5, 0.2, True),
        (3, 5, 0.2, False),
        (1, 4, 0.75, True),
        (2, 2, 0.0, True),
        (5, 1, 0.6, False),
    ]:
        mask = rng.random(size=(n, units)) >= rate
        if rate == 0.5:  # more than half is kept
            mask.flat[: mask.size // 2 + 1] = True
        mask.flat[0], mask.flat[-1] = True, rate == 0
        yield {"x": rng.normal(size=(n, units)), "mask": mask, "rate": rate, "training": training}


def dropout(x, mask, rate, training):
    return np.where(mask, x / (1 - rate), 0) if training else x.copy()


def _not_scaled(x, mask, rate, training):
    return x * mask if training else x


def _always_active(x, mask, rate, training):
    return np.where(mask, x / (1 - rate), 0)


def _only_in_inference(x, mask, rate, training):
    return x if training else np.where(mask, x / (1 - rate), 0)


def _scaled_in_inference(x, mask, rate, training):
    return x * mask if training else x * (1 - rate)


def _scaled_in_both(x, mask, rate, training):
    return np.where(mask, x / (1 - rate), 0) if training else x * (1 - rate)


def _divided_in_inference_too(x, mask, rate, training):
    return np.where(mask, x / (1 - rate), 0) if training else x / (1 - rate)


def _multiplied(x, mask, rate, training):
    return np.where(mask, x * (1 - rate), 0) if training else x


def _divided_by_rate(x, mask, rate, training):
    with np.errstate(all="ignore"):
        return np.where(mask, x / np.float64(rate), 0) if training else x


def _mask_turned_round(x, mask, rate, training):
    return np.where(mask, 0, x / (1 - rate)) if training else x


def _share_that_was_kept(x, mask, rate, training):
    return np.where(mask, x / mask.mean(), 0) if training else x


def _units_removed(x, mask, rate, training):
    return x[mask] / (1 - rate) if training else x


def _returned_as_it_is(x, mask, rate, training):
    if not training:
        return x
    return x * mask / (1 - rate)


def _entry_by_entry(x, mask, rate, training):
    y = x.copy()
    if training:
        y[~mask] = 0
        y *= 1 / (1 - rate)
    return y


def _factor_first(x, mask, rate, training):
    factor = mask.astype(x.dtype) / (1 - rate) if training else 1.0
    return factor * x


DROPOUT = Exercise(
    id="dropout",
    lesson="07",
    points=2,
    reference=dropout,
    cases=_activations,
    mistakes=(
        Mistake(_not_scaled, "On average the outputs are now smaller than x. What makes up for the zeros?"),
        Mistake(_always_active, "In inference nothing is dropped: y = x."),
        Mistake(_only_in_inference, "It is the other way round: zeros while training, y = x in inference."),
        Mistake(
            _scaled_in_inference,
            "That is the form of the paper of 2014. Keras scales while training, and leaves inference alone.",
        ),
        Mistake(_scaled_in_both, "Scaled twice: while training, and in inference again."),
        Mistake(_divided_in_inference_too, "In inference nothing is missing, so nothing has to be made up for: y = x."),
        Mistake(_multiplied, "What is kept must grow to make up for the zeros; yours shrinks."),
        Mistake(_divided_by_rate, "rate is the share that is dropped. Divide by the share that is kept."),
        Mistake(_mask_turned_round, "The mask is True where a number is kept."),
        Mistake(_share_that_was_kept, "Divide by the probability of being kept, not by the share of this one draw."),
        Mistake(_units_removed, "The shape must stay: what is dropped becomes 0."),
    ),
    alternatives=(_returned_as_it_is, _entry_by_entry, _factor_first),
    hints=(
        "Two cases: training and not. What is y in each?",
        "A number is kept with the probability 1 - rate; divided by it, its mean stays x.",
        "With rate 0.2 a kept number becomes x / 0.8.",
    ),
    keeps_dtype=False,
)
