"""Round float32 to bfloat16 by its bits. Not in kerasedu."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake

ONE, HALF = 1 << 16, 1 << 15  # the last bit that is kept, and half of it


def _numbers(rng):
    yield {
        "x": np.array([1.0, -2.5, 0.0, 1 + 1 / 128, 1 + 1 / 256, 1 + 3 / 256, -1 - 3 / 256, 1 + 1.01 / 256], "float32")
    }
    yield {"x": rng.normal(size=(3, 4)).astype("float32")}
    yield {"x": (rng.normal(size=7) * 10.0 ** rng.integers(-30, 30, 7)).astype("float32")}
    yield {"x": np.array([np.inf, -np.inf, 3.4e38, 65504, 255.5, -255.5], "float32")}  # 3.4e38 rounds to infinity
    near_ties = np.array([0x3F817FFF, 0x3F808001, 0x3F807FFF, 0x3F818001, 0x40490FDB], "uint32")
    yield {"x": near_ties.view("float32")}
    ties = rng.integers(0x3F00, 0x4100, 8).astype("uint32") << 16 | HALF
    yield {"x": ties.view("float32").reshape(2, 2, 2)}


def to_bfloat16(x):
    bits = x.view("uint32").astype("uint64")
    last_kept = bits >> 16 & 1
    rounded = (bits + (HALF - 1) + last_kept) & 0xFFFF0000
    return rounded.astype("uint32").view("float32")


def _cut_off(x):
    return (x.view("uint32") & np.uint32(0xFFFF0000)).view("float32")


def _halves_up(x):
    return ((x.view("uint32").astype("uint64") + HALF) & 0xFFFF0000).astype("uint32").view("float32")


def _halves_down(x):
    return ((x.view("uint32").astype("uint64") + (HALF - 1)) & 0xFFFF0000).astype("uint32").view("float32")


def _always_up(x):
    return ((x.view("uint32").astype("uint64") + (ONE - 1)) & 0xFFFF0000).astype("uint32").view("float32")


def _half_too_large(x):
    bits = x.view("uint32").astype("uint64")
    return ((bits + HALF + (bits >> 16 & 1)) & 0xFFFF0000).astype("uint32").view("float32")


def _halves_to_odd(x):
    bits = x.view("uint32").astype("uint64")
    return ((bits + HALF - (bits >> 16 & 1)) & 0xFFFF0000).astype("uint32").view("float32")


def _not_masked(x):
    bits = x.view("uint32").astype("uint64")
    return (bits + (HALF - 1) + (bits >> 16 & 1)).astype("uint32").view("float32")


def _to_float16(x):
    with np.errstate(over="ignore"):
        return x.astype("float16").astype("float32")


def _the_bits_as_numbers(x):
    bits = x.view("uint32").astype("uint64")
    return ((bits + (HALF - 1) + (bits >> 16 & 1)) & 0xFFFF0000).astype("float32")


def _not_moved_back(x):
    bits = x.view("uint32").astype("uint64")
    return ((bits + (HALF - 1) + (bits >> 16 & 1)) >> 16).astype("uint32").view("float32")


def _left_as_whole_numbers(x):
    return to_bfloat16(x).view("uint32")


def _read_from_64_bits(x):
    return to_bfloat16(x).view("uint32").astype("uint64").view("float32")


def _lower_half_kept(x):
    bits = x.view("uint32").astype("uint64")
    return ((bits + (HALF - 1) + (bits >> 16 & 1)) & 0xFFFF).astype("uint32").view("float32")


def _fixed_steps(x):
    return np.rint(x * np.float32(128)) / np.float32(128)


def _one_bit_less(x):
    with np.errstate(all="ignore"):
        fraction, exponent = np.frexp(x.astype("float64"))
        return np.ldexp(np.rint(fraction * 128) / 128, exponent).astype("float32")


def _to_tf32(x):
    bits = x.view("uint32").astype("uint64")
    return ((bits + 0xFFF + (bits >> 13 & 1)) & 0xFFFFE000).astype("uint32").view("float32")


def _by_significand(x):
    with np.errstate(all="ignore"):
        fraction, exponent = np.frexp(x.astype("float64"))
        return np.ldexp(np.rint(fraction * 256) / 256, exponent).astype("float32")


def _bit_by_bit(x):
    result = np.empty_like(x)
    for place, number in np.ndenumerate(x):
        high, low = divmod(int(np.float32(number).view("uint32")), ONE)
        high += low > HALF or (low == HALF and high % 2 == 1)
        result[place] = np.uint32(high * ONE).view("float32")
    return result


def _two_halves(x):
    bits = x.copy().view("uint32")
    low = bits & np.uint32(0xFFFF)
    up = (low > HALF) | ((low == HALF) & (bits & np.uint32(ONE) != 0))
    return (bits - low + np.where(up, np.uint32(ONE), np.uint32(0))).view("float32")


TO_BFLOAT16 = Exercise(
    id="to_bfloat16",
    lesson="13",
    points=3,
    reference=to_bfloat16,
    cases=_numbers,
    mistakes=(
        Mistake(_cut_off, "Cutting off always rounds towards zero, so errors add up. What is beyond half rounds up."),
        Mistake(_halves_up, "Exactly half goes to the neighbour whose last kept bit is 0; here it always went up."),
        Mistake(
            _halves_down, "Exactly half goes to the neighbour whose last bit that is kept is 0; here it never went up."
        ),
        Mistake(_always_up, "Whatever was not 0 behind the kept bits went up, however little it was."),
        Mistake(_half_too_large, "Half and one more was added: then less than half already rounds up, sometimes."),
        Mistake(_halves_to_odd, "Exactly half went to the odd neighbour; the last kept bit is to become 0."),
        Mistake(_not_masked, "The rounding is added, but the lower 16 bits are still there."),
        Mistake(_to_float16, "That is float16, with 5 bits for the exponent: large numbers become infinite."),
        Mistake(
            _the_bits_as_numbers, "`astype` converts the number that the bits spell; `view` reads the same bits anew."
        ),
        Mistake(_not_moved_back, "The 16 bits are right, but in the lower half: they belong where they came from."),
        Mistake(_left_as_whole_numbers, "The bits are right; read them as float32 again, with `view`."),
        Mistake(
            _read_from_64_bits,
            "Whole numbers of 64 bits were read as float32: twice as many. Make them np.uint32 before `view`.",
        ),
        Mistake(_lower_half_kept, "The mask kept the lower 16 bits; the upper ones are to stay."),
        Mistake(
            _fixed_steps,
            "Steps of 1/128 belong to numbers from 1 to 2. Smaller numbers have finer steps, larger ones coarser.",
        ),
        Mistake(_one_bit_less, "One bit too few: 7 bits of fraction are stored, and the leading 1 is not among them."),
        Mistake(_to_tf32, "That keeps 10 bits of fraction, as TF32 does; bfloat16 keeps 7."),
    ),
    alternatives=(_by_significand, _bit_by_bit, _two_halves),
    hints=(
        "Print x.view(np.uint32) in hexadecimal: the first four digits stay, the last four decide how to round.",
        "Adding 0x7FFF carries into the kept bits whatever is more than half; one more, if the last kept bit is 1, "
        "carries exactly half as well.",
        "last_kept = (bits >> 16) & 1, and in the end the lower 16 bits are masked: & 0xFFFF0000.",
    ),
    tolerance=0.0,
)
