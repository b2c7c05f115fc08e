"""How far apart two right answers may lie.

Two programs that compute the same formula in floating point differ for two reasons.

- **Rounding on the way in.** No input is known better than to one rounding, a relative ε (``np.finfo(dtype).eps``,
  1.2e-7 in float32 and 2.2e-16 in float64). What that does to the result depends on the formula: subtracting nearly
  equal numbers magnifies it, a saturated sigmoid swallows it. It need not be guessed. Keras computes the result a
  second time from inputs moved by one rounding each (``perturb``), and the largest change is called δ. Where many
  operations follow each other, as in training, Keras computes a third time in the other precision, and the larger
  change counts.
- **Rounding on the way.** A number that is a sum of n terms is rounded n times. Roundings go up as often as down, so
  they add up like the steps of a random walk, to about √n of them.

Together:

    tolerance = 4 √n ε (max|y| + s) + 32 δ

with y what Keras computed, the maximum taken over the whole array, and n the number of terms in a sum, estimated from
the shapes. For a gradient, s = max|dL/dy| max(1, max|x|) is the size of what is summed, which counts where it cancels:
the slope of a saturated tanh, 1 - y², is 0 in one library and 1.2e-7 in the other, and both are right. For a loss, s
is that of the samples' values: the mean of the cosines 1, 1, -1, -1 is 0 or 1.5e-8. For a function whose result is a
single number, s is the mean size of its input's numbers, whose sum may cancel in the same way. Otherwise s = 0.
The 4 leaves room for sums whose terms come in an unlucky order, and for the exponential, logarithm and tanh, which
differ between libraries in their last digit or two. The 32 is there because δ is one draw of a random quantity: where
y is a single number and all of it is rounding, one draw in fifty is more than 32 times too small.

In float32 this lies between 1e-5 and 2e-4 of max|y| for well-posed formulas, so a gradient that is wrong by one part
in a thousand stands out; in float64 it lies nine orders of magnitude lower. Where rounding is as large as the number
itself (the gradient of a bias in front of a batch normalization is zero, and computed as 1e-9), no comparison can tell
right from wrong. ``is_telling`` says so, and the report shows such rows as "rounding" instead of "equal".

Keras computes some things in float32 even for float64 (bilinear resizing). Such an array is recognised by its numbers,
which all fit into float32, and judged by float32's ε.

Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, chapters 1 to 4.
"""

from __future__ import annotations

import numpy as np

TELLING = 5e-4  # a tolerance below this part of the largest value sees an error of one part in a thousand


def perturb(x: np.ndarray) -> np.ndarray:
    """``x`` with every number moved up or down by one rounding; integers and booleans stay.

    Up or down depends on the number itself, through a hash of its bits. So equal numbers stay equal, the first of two
    equal maxima stays the first, and zero stays zero.
    """
    x = np.asarray(x)
    if x.dtype.kind != "f":
        return x
    bits = x.reshape(-1).view(np.uint32 if x.dtype == np.float32 else np.uint64)
    hashed = (bits ^ (bits >> 7)) * bits.dtype.type(0x9E3779B1)
    up = (hashed >> (8 * bits.itemsize - 1)).astype(x.dtype).reshape(x.shape)
    return x * (1 + np.finfo(x.dtype).eps * (2 * up - 1))


def change(expected: np.ndarray, moved: np.ndarray) -> float:
    """δ = max|moved − y|, for y computed again from perturbed inputs."""
    if expected.dtype.kind != "f" or expected.shape != moved.shape:
        return 0.0
    with np.errstate(invalid="ignore"):
        return largest(np.subtract(moved, expected, dtype=float))


def tolerance(expected: np.ndarray, delta: float = 0.0, terms: float = 1, size: float = 0.0) -> float:
    """4 √n ε (max|y| + s) + 32 δ, the largest difference that rounding explains.

    Arguments:
        expected: y.
        delta: δ.
        terms: n.
        size: s.
    """
    if expected.dtype.kind != "f" or not expected.size:
        return 0.0
    kind = np.finfo(np.float32 if fits_float32(expected) else expected.dtype)
    return float(4 * np.sqrt(max(terms, 1)) * kind.eps * (largest(expected) + size) + 32 * delta + kind.tiny)


def fits_float32(y: np.ndarray) -> bool:
    """Whether every number of y is one that float32 has too."""
    with np.errstate(over="ignore"):
        return np.array_equal(y, y.astype(np.float32), equal_nan=y.dtype.kind == "f")


def is_telling(expected: np.ndarray, limit: float) -> bool:
    """Whether a comparison within ``limit`` would notice an error of one part in a thousand (or y is exactly zero)."""
    return largest(expected) == 0 or limit <= TELLING * largest(expected)


def largest(x: np.ndarray) -> float:
    """max|x| over the finite numbers in x; 0 if there are none."""
    size = np.abs(np.asarray(x, dtype=float))
    return float(np.max(size, initial=0.0, where=np.isfinite(size)))
