"""One step of gradient descent with dynamic loss scaling, as Keras's LossScaleOptimizer does it. Not in kerasedu."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _steps(rng):
    def case(scale, good_steps, size=1.0, broken=None, where=1, zero=False, growth_steps=4):
        weights = [rng.normal(size=shape).astype("float32") * (not zero) for shape in [(2, 3), (3,)]]
        gradients = [(size * rng.normal(size=w.shape)).astype("float16") for w in weights]
        if broken is not None:
            gradients[where][1] = broken
        return {
            "weights": weights,
            "gradients": gradients,
            "learning_rate": 0.5,
            "scale": scale,
            "good_steps": good_steps,
            "growth_steps": growth_steps,
        }

    yield case(8.0, 1)
    yield case(16.0, 3)  # the last of four
    yield case(1024.0, 2, broken=np.inf)
    yield case(64.0, 3, broken=np.nan)
    yield case(2.0**15, 0, size=2e-4, zero=True)  # unscaled in float16 they would be 0
    yield case(256.0, 2)
    yield case(4.0, 0, broken=-np.inf, where=0)
    yield case(1.0, 3)
    yield case(2.0**14, 1, size=1000.0)  # finite numbers whose squares are not
    large = case(2.0**15, 1)  # finite numbers whose sum is not
    large["gradients"] = [rng.uniform(3e4, 6e4, w.shape).astype("float16") for w in large["weights"]]
    yield large
    yield case(32.0, 0, growth_steps=1)


def _is_finite(gradients):
    return all(np.isfinite(g).all() for g in gradients)


def _descend(weights, gradients, learning_rate, scale):
    return tuple(
        w - np.float32(learning_rate) * (g.astype("float32") / np.float32(scale)) for w, g in zip(weights, gradients)
    )


def loss_scale_step(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    if not _is_finite(gradients):
        return tuple(weights), scale / 2, 0
    new = _descend(weights, gradients, learning_rate, scale)
    return (new, scale * 2, 0) if good_steps + 1 == growth_steps else (new, scale, good_steps + 1)


def _not_unscaled(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    _, *state = loss_scale_step(weights, gradients, learning_rate, scale, good_steps, growth_steps)
    new = _descend(weights, gradients, learning_rate, 1) if _is_finite(gradients) else tuple(weights)
    return new, *state


def _unscaled_in_float16(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    _, *state = loss_scale_step(weights, gradients, learning_rate, scale, good_steps, growth_steps)
    unscaled = [(g / np.float16(scale)).astype("float16") for g in gradients]
    new = _descend(weights, unscaled, learning_rate, 1) if _is_finite(gradients) else tuple(weights)
    return new, *state


def _never_skipped(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    _, *state = loss_scale_step(weights, gradients, learning_rate, scale, good_steps, growth_steps)
    return _descend(weights, gradients, learning_rate, scale), *state


def _skipped_array_by_array(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    _, *state = loss_scale_step(weights, gradients, learning_rate, scale, good_steps, growth_steps)
    new = _descend(weights, gradients, learning_rate, scale)
    return tuple(b if np.isfinite(g).all() else a for a, b, g in zip(weights, new, gradients)), *state


def _infinities_set_to_zero(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    _, *state = loss_scale_step(weights, gradients, learning_rate, scale, good_steps, growth_steps)
    cleaned = [np.where(np.isfinite(g), g, np.float16(0)) for g in gradients]
    return _descend(weights, cleaned, learning_rate, scale), *state


def _only_nan_noticed(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    if any(np.isnan(g).any() for g in gradients):
        return tuple(weights), scale / 2, 0
    new = _descend(weights, gradients, learning_rate, scale)
    return (new, scale * 2, 0) if good_steps + 1 == growth_steps else (new, scale, good_steps + 1)


def _only_infinity_noticed(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    if any(np.isinf(g).any() for g in gradients):
        return tuple(weights), scale / 2, 0
    new = _descend(weights, gradients, learning_rate, scale)
    return (new, scale * 2, 0) if good_steps + 1 == growth_steps else (new, scale, good_steps + 1)


def _scale_kept_after_a_skip(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    new, after, count = loss_scale_step(weights, gradients, learning_rate, scale, good_steps, growth_steps)
    return new, max(after, scale), count


def _count_kept_after_a_skip(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    new, after, count = loss_scale_step(weights, gradients, learning_rate, scale, good_steps, growth_steps)
    return new, after, count if _is_finite(gradients) else good_steps


def _never_grows(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    new, after, count = loss_scale_step(weights, gradients, learning_rate, scale, good_steps, growth_steps)
    return new, min(after, scale), count if after <= scale else good_steps + 1


def _count_goes_on(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    new, after, count = loss_scale_step(weights, gradients, learning_rate, scale, good_steps, growth_steps)
    return new, after, growth_steps if after > scale else count


def _by_the_grown_scale(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    _, after, count = loss_scale_step(weights, gradients, learning_rate, scale, good_steps, growth_steps)
    new = _descend(weights, gradients, learning_rate, after) if _is_finite(gradients) else tuple(weights)
    return new, after, count


def _uphill(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    return loss_scale_step(weights, gradients, -learning_rate, scale, good_steps, growth_steps)


def _scaled_twice(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    _, *state = loss_scale_step(weights, gradients, learning_rate, scale, good_steps, growth_steps)
    new = _descend(weights, gradients, learning_rate, 1 / scale) if _is_finite(gradients) else tuple(weights)
    return new, *state


def _weights_in_float64(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    new, *state = loss_scale_step(weights, gradients, learning_rate, scale, good_steps, growth_steps)
    return tuple(w.astype("float64") for w in new), *state


def _weights_in_float16(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    new, *state = loss_scale_step(weights, gradients, learning_rate, scale, good_steps, growth_steps)
    return tuple(w.astype("float16") for w in new), *state


def _only_the_sum_looked_at(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    if not all(np.isfinite(g.sum()) for g in gradients):
        return tuple(weights), scale / 2, 0
    return loss_scale_step(weights, gradients, learning_rate, scale, good_steps, growth_steps)


def _only_the_norm_looked_at(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    if not all(np.isfinite((g * g).sum()) for g in gradients):
        return tuple(weights), scale / 2, 0
    return loss_scale_step(weights, gradients, learning_rate, scale, good_steps, growth_steps)


def _first_array_looked_at(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    if not _is_finite(gradients[:1]):
        return tuple(weights), scale / 2, 0
    new = _descend(weights, gradients, learning_rate, scale)
    return (new, scale * 2, 0) if good_steps + 1 == growth_steps else (new, scale, good_steps + 1)


def _any_for_all(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    if not any(np.isfinite(g).any() for g in gradients):
        return tuple(weights), scale / 2, 0
    new = _descend(weights, gradients, learning_rate, scale)
    return (new, scale * 2, 0) if good_steps + 1 == growth_steps else (new, scale, good_steps + 1)


def _grows_at_every_good_step(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    new, after, count = loss_scale_step(weights, gradients, learning_rate, scale, good_steps, growth_steps)
    return new, max(after, scale * 2) if _is_finite(gradients) else after, count


def _multiplied_by_growth_steps(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    new, after, count = loss_scale_step(weights, gradients, learning_rate, scale, good_steps, growth_steps)
    return new, scale * growth_steps if after > scale else after, count


def _broken_step_counted(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    new, after, count = loss_scale_step(weights, gradients, learning_rate, scale, good_steps, growth_steps)
    return new, after, count if _is_finite(gradients) else good_steps + 1


def _no_learning_rate(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    return loss_scale_step(weights, gradients, 1.0, scale, good_steps, growth_steps)


def _in_one_vector(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    flat = np.concatenate([g.ravel().astype("float64") for g in gradients])
    if not np.isfinite(flat.sum()):
        return [w.copy() for w in weights], scale * 0.5, 0
    flat = flat * (learning_rate / scale)
    ends = np.cumsum([w.size for w in weights])
    parts = np.split(flat, ends[:-1])
    new = [(w - part.reshape(w.shape)).astype(w.dtype) for w, part in zip(weights, parts)]
    good_steps += 1
    if good_steps >= growth_steps:
        scale, good_steps = scale * 2, 0
    return new, scale, good_steps


def _early_exit(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    for gradient in gradients:
        if np.isnan(gradient).any() or np.isinf(gradient).any():
            return [weights, scale / 2, 0]
    weights = [w - learning_rate * np.float32(g) / scale for w, g in zip(weights, gradients)]
    grown = (good_steps + 1) // growth_steps
    return [weights, np.float32(scale * 2**grown), np.int64((good_steps + 1) % growth_steps)]


LOSS_SCALE_STEP = Exercise(
    id="loss_scale_step",
    lesson="13",
    points=3,
    reference=loss_scale_step,
    cases=_steps,
    mistakes=(
        Mistake(_not_unscaled, "The gradients are those of the scaled loss: scale times too large."),
        Mistake(
            _unscaled_in_float16,
            "Divided in float16, small gradients become 0 after all. To which type must they be converted first?",
        ),
        Mistake(
            _never_skipped, "An infinite gradient went into the weights. Such a step is to leave all weights alone."
        ),
        Mistake(
            _skipped_array_by_array,
            "One array stayed, the other took its step. The scale was too large for the step as a whole: skip all.",
        ),
        Mistake(
            _infinities_set_to_zero,
            "The finite entries of a broken step were used. The whole step is skipped, for all weights.",
        ),
        Mistake(_only_nan_noticed, "An overflow shows as infinity first; NaN comes of it later. Look for both."),
        Mistake(_only_infinity_noticed, "NaN is no infinity, and as useless: look for both."),
        Mistake(
            _scale_kept_after_a_skip, "The step was skipped, but with the same scale the next one overflows as well."
        ),
        Mistake(_count_kept_after_a_skip, "Good steps in a row are counted; a skipped one interrupts the row."),
        Mistake(
            _never_grows,
            "This step counts as well: with it there may be growth_steps good ones in a row. Then the scale doubles.",
        ),
        Mistake(_count_goes_on, "After doubling the count starts again at 0."),
        Mistake(_by_the_grown_scale, "The loss of this step had the old scale: divide by that one, then double."),
        Mistake(_uphill, "The weights went with the gradient; descent goes against it."),
        Mistake(_scaled_twice, "The loss was multiplied by the scale; to undo it, divide."),
        Mistake(
            _only_the_sum_looked_at,
            "The sum of finite float16 numbers can be infinite itself. Look at each number, not at a sum of them.",
        ),
        Mistake(
            _only_the_norm_looked_at,
            "In float16 squares beyond 65504 are infinite although the gradient is not. Look at each number itself.",
        ),
        Mistake(_first_array_looked_at, "Only the first gradient was looked at; any of them can be broken."),
        Mistake(_any_for_all, "A step is good if *all* numbers are finite; here one finite number was enough."),
        Mistake(
            _grows_at_every_good_step, "The scale doubles after growth_steps good steps in a row, not after each one."
        ),
        Mistake(_multiplied_by_growth_steps, "growth_steps says when the scale grows. By which factor does it grow?"),
        Mistake(_broken_step_counted, "A skipped step is no good one: the count of good steps in a row starts at 0."),
        Mistake(_no_learning_rate, "The gradient is right, but the step is learning_rate times as long."),
        Mistake(_weights_in_float64, "The numbers are right, but the weights came back as float64; they are float32."),
        Mistake(_weights_in_float16, "The weights stay float32: in float16 a small step is lost in rounding."),
    ),
    alternatives=(_in_one_vector, _early_exit),
    hints=(
        "Two cases: a gradient that is not finite somewhere, or none. What happens to each of the three results?",
        "*State*: scale and count. *Correction*: to float32, then divide by the scale. *Step*: as ever, or none.",
        "if not all(np.isfinite(g).all() for g in gradients): return weights, scale / 2, 0",
    ),
    results=("weights", "scale", "good_steps"),
)
