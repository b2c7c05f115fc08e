"""Affine quantisation to int8, as TFLite has it for activations: scale and zero point from a measured range."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake

APART = 0.4  # quotients stay so close to a whole number that rounding errors cannot decide where they go


def _ranges(rng):
    yield _case(rng, -1.0, 2.0, (3, 4), "float64", above=True)
    yield _case(rng, 0.0, 1.0, (1, 6), "float32")
    yield _case(rng, 0.5, 3.0, (5,), "float64")  # 0 outside of the range
    yield _case(rng, -4.0, -1.0, (2, 3), "float64")
    yield _case(rng, -0.3, 0.2, (4, 4), "float32", beyond=2.0)
    yield _case(rng, -20.0, 60.0, (2, 2, 2), "float64", beyond=1.5)


def _case(rng, low, high, shape, dtype, beyond=1.0, above=False):
    """Numbers from the range, or up to ``beyond`` times as far out, each near a multiple of the scale.

    The zero point lies above or below the whole number it is rounded to, far enough that it matters how it is rounded.
    """
    while True:
        a, b = low * rng.uniform(0.9, 1.1), high * rng.uniform(0.9, 1.1)
        scale = (max(b, 0) - min(a, 0)) / 255
        offset = -128 - min(a, 0) / scale
        distance = offset - round(offset)
        if a >= 0 or b <= 0 or 0.15 < (distance if above else -distance) < APART:
            break
    multiples = np.round(rng.uniform(beyond * a, beyond * b, size=shape) / scale)
    if beyond > 1:
        multiples.flat[:2] = np.round([beyond * a / scale, beyond * b / scale])
    parts = rng.uniform(-APART, APART, size=shape)
    parts.flat[-2:] = -APART, APART
    multiples.flat[-2:] = np.round((a + b) / 2 / scale)  # inside the range
    if a > 0 or b < 0:
        multiples.flat[0] = np.round((max(a, 0) + min(b, 0)) / 2 / scale)  # between the range and 0
    x = (multiples + parts) * scale
    return {"x": x.astype(dtype), "low": a, "high": b}


def _scale(low, high):
    return (max(high, 0) - min(low, 0)) / 255


def _zero_point(low, scale):
    return round(-128 - min(low, 0) / scale)


def quantize(x, low, high):
    scale = _scale(low, high)
    zero_point = _zero_point(low, scale)
    return _clipped(np.round(x / scale) + zero_point), scale, zero_point


def _clipped(q, low=-128, high=127, dtype="int8"):
    return np.clip(q, low, high).astype(dtype)


def _zero_outside(x, low, high):
    scale = (high - low) / 255
    zero_point = round(-128 - low / scale)
    return _clipped(np.round(x / scale) + zero_point), scale, zero_point


def _only_low_widened(x, low, high):
    return _zero_outside(x, min(low, 0), high)


def _only_high_widened(x, low, high):
    return _zero_outside(x, low, max(high, 0))


def _zero_point_of_the_given_low(x, low, high):
    scale = _scale(low, high)
    zero_point = round(-128 - low / scale)
    return _clipped(np.round(x / scale) + zero_point), scale, zero_point


def _zero_point_for_unsigned(x, low, high):
    scale = _scale(low, high)
    zero_point = round(-min(low, 0) / scale)
    return _clipped(np.round(x / scale) + zero_point), scale, zero_point


def _zero_point_with_plus(x, low, high):
    scale = _scale(low, high)
    zero_point = round(-128 + min(low, 0) / scale)
    return _clipped(np.round(x / scale) + zero_point), scale, zero_point


def _held_in_the_given_range(x, low, high):
    return quantize(np.clip(x, low, high), low, high)


def _from_minus_127(x, low, high):
    _, scale, zero_point = quantize(x, low, high)
    return _clipped(np.round(x / scale) + zero_point, -127), scale, zero_point


def _turned_back(x, low, high):
    q, scale, zero_point = quantize(x, low, high)
    return ((q.astype("float64") - zero_point) * scale).astype(x.dtype), scale, zero_point


def _unsigned(x, low, high):
    scale = _scale(low, high)
    zero_point = round(-min(low, 0) / scale)
    return _clipped(np.round(x / scale) + zero_point, 0, 255, "uint8"), scale, zero_point


def _symmetric(x, low, high):
    scale = max(abs(low), abs(high)) / 127
    return _clipped(np.round(x / scale), -127), scale, 0


def _wraps_round(x, low, high):
    _, scale, zero_point = quantize(x, low, high)
    return (np.round(x / scale) + zero_point).astype("int64").astype("int8"), scale, zero_point


def _not_clipped(x, low, high):
    _, scale, zero_point = quantize(x, low, high)
    return (np.round(x / scale) + zero_point).astype("int64"), scale, zero_point


def _clipped_before_the_shift(x, low, high):
    _, scale, zero_point = quantize(x, low, high)
    return (np.clip(np.round(x / scale), -128, 127) + zero_point).astype("int64"), scale, zero_point


def _truncated(x, low, high):
    _, scale, zero_point = quantize(x, low, high)
    return _clipped(np.trunc(x / scale) + zero_point), scale, zero_point


def _floored(x, low, high):
    _, scale, zero_point = quantize(x, low, high)
    return _clipped(np.floor(x / scale) + zero_point), scale, zero_point


def _of_256_steps(x, low, high):
    scale = (max(high, 0) - min(low, 0)) / 256
    zero_point = _zero_point(low, scale)
    return _clipped(np.round(x / scale) + zero_point), scale, zero_point


def _range_of_this_batch(x, low, high):
    return quantize(x, float(x.min()), float(x.max()))


def _rounded_from_the_lower_end(x, low, high):
    _, scale, zero_point = quantize(x, low, high)
    return _clipped(np.round((x - min(low, 0)) / scale) - 128), scale, zero_point


def _zero_point_cut_off(x, low, high):
    scale = _scale(low, high)
    zero_point = int(-128 - min(low, 0) / scale)
    return _clipped(np.round(x / scale) + zero_point), scale, zero_point


def _zero_point_rounded_down(x, low, high):
    scale = _scale(low, high)
    zero_point = int(np.floor(-128 - min(low, 0) / scale))
    return _clipped(np.round(x / scale) + zero_point), scale, zero_point


def _not_rounded_at_all(x, low, high):
    _, scale, zero_point = quantize(x, low, high)
    return _clipped(x / scale + zero_point), scale, zero_point


def _kept_as_uint8(x, low, high):
    q, scale, zero_point = quantize(x, low, high)
    return q.astype("uint8"), scale, zero_point


def _zero_point_not_rounded(x, low, high):
    scale = _scale(low, high)
    zero_point = -128 - min(low, 0) / scale
    return _clipped(np.round(x / scale + zero_point)), scale, zero_point


def _zero_point_subtracted(x, low, high):
    _, scale, zero_point = quantize(x, low, high)
    return _clipped(np.round(x / scale) - zero_point), scale, zero_point


def _zero_point_forgotten(x, low, high):
    _, scale, zero_point = quantize(x, low, high)
    return _clipped(np.round(x / scale)), scale, zero_point


def _multiplied(x, low, high):
    scale = 255 / (max(high, 0) - min(low, 0))
    zero_point = round(-128 - min(low, 0) * scale)
    return _clipped(np.round(x * scale) + zero_point), scale, zero_point


def _from_the_upper_end(x, low, high):
    low, high = min(low, 0.0), max(high, 0.0)
    scale = np.float64(high - low) / 255.0
    zero_point = int(np.floor(127 - high / scale + 0.5))
    q = np.rint(np.asarray(x, "float64") / scale + zero_point)
    return [np.minimum(np.maximum(q, -128), 127), scale, np.int8(zero_point)]


def _number_by_number(x, low, high):
    scale = (max(0, low, high) - min(0, low, high)) / 255
    zero_point = -128 + round(-min(0, low) / scale)
    q = [max(-128, min(127, round(float(value) / scale) + zero_point)) for value in x.ravel()]
    return np.array(q, dtype=np.int8).reshape(x.shape), scale, zero_point


QUANTIZE = Exercise(
    id="quantize",
    lesson="15",
    points=3,
    reference=quantize,
    cases=_ranges,
    mistakes=(
        Mistake(
            _zero_outside,
            "If the range does not contain 0, it is widened until it does: padding and ReLU make exact zeros.",
        ),
        Mistake(_only_low_widened, "Widen on both sides: a range below 0, such as [-4, -1], needs high = 0."),
        Mistake(_only_high_widened, "Widen on both sides: a range above 0, such as [0.5, 3], needs low = 0."),
        Mistake(
            _zero_point_of_the_given_low, "The scale knows of the widened range; the zero point needs its low, too."
        ),
        Mistake(
            _zero_point_for_unsigned, "That zero point belongs to 0 to 255. int8 starts 128 lower: low becomes -128."
        ),
        Mistake(_zero_point_with_plus, "low / scale is subtracted: check that low itself becomes about -128."),
        Mistake(
            _held_in_the_given_range,
            "x was held between low and high as given, but the widened range goes on to 0. Clip q, at -128 and 127.",
        ),
        Mistake(_from_minus_127, "-128 is in use here; only the symmetric form, for weights, ends at -127."),
        Mistake(_turned_back, "Those are the numbers that q stands for. Asked for is q."),
        Mistake(_unsigned, "That is the form for uint8, 0 to 255. int8 goes from -128 to 127."),
        Mistake(_symmetric, "That is the symmetric form for weights. Here the range may be lopsided."),
        Mistake(_wraps_round, "Numbers beyond the range came out with the wrong sign: int8 has no 200. Clip first."),
        Mistake(_not_clipped, "Some numbers do not fit into int8. What lies beyond the range becomes -128 or 127."),
        Mistake(_clipped_before_the_shift, "Clipping comes last: the zero point moves the numbers once more."),
        Mistake(_truncated, "The quotient was cut off. The nearest whole number is at most half a step away."),
        Mistake(_floored, "The quotient was rounded down. The nearest whole number is at most half a step away."),
        Mistake(_of_256_steps, "256 numbers have 255 steps between them."),
        Mistake(
            _range_of_this_batch,
            "The range came from x itself. It is measured once, while calibrating, and given as low and high.",
        ),
        Mistake(_zero_point_not_rounded, "The zero point is a whole number itself, so that 0 is hit exactly."),
        Mistake(
            _zero_point_subtracted, "0 becomes the zero point: it is added when quantising, subtracted on the way back."
        ),
        Mistake(
            _rounded_from_the_lower_end,
            "x - low was rounded in one go. Then 0 is not hit exactly: round x / scale, and add the zero point, "
            "which is rounded already.",
        ),
        Mistake(_zero_point_cut_off, "int() cuts off; the zero point is rounded to the nearest whole number."),
        Mistake(_zero_point_rounded_down, "The zero point was rounded down; the nearest whole number is meant."),
        Mistake(_not_rounded_at_all, "Converting to int8 cuts off. Round before: the nearest number is meant."),
        Mistake(_kept_as_uint8, "uint8 has no negative numbers: they came out as 128 and more."),
        Mistake(_zero_point_forgotten, "0 becomes the zero point, not 0: it has to be added."),
        Mistake(_multiplied, "That scale is the reciprocal: x is divided by the scale, the size of one step."),
    ),
    alternatives=(_from_the_upper_end, _number_by_number),
    hints=(
        "Check three numbers by hand: 0 must become zero_point, low about -128, high about 127.",
        "Widen the range to contain 0; scale is the range / 255; round both the zero point and x / scale; clip last.",
        "zero_point = round(-128 - min(low, 0) / scale)",
    ),
    results=("q", "scale", "zero_point"),
)
