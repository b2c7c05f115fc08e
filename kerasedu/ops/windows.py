"""Windows that slide over images and sequences: how many there are, what they see, and the padding around.

For each spatial axis: n is the length of the input, k that of the window, s the stride (the step from one window to
the next), d the dilation (the step from one entry of a window to the next). With its entry o, window p sees the place
p s + o d of the padded input.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import chain

import numpy as np

Lengths = int | Sequence[int]


class Windows:
    """The windows over an input with ``lengths`` = n for each spatial axis; all fields are tuples over these axes.

    Arguments:
        name: who asks, for error messages.
        lengths: n.
        size, strides, dilations: k, s, d, one number or one for each axis.
        padding: ``"valid"``, ``"same"`` or ``"causal"``; see ``pad_lengths``.

    Raises:
        ValueError: k, s or d is not positive, or not even one window fits.
    """

    def __init__(
        self, name: str, lengths: Sequence[int], size: Lengths, strides: Lengths, padding: str, dilations: Lengths = 1
    ):
        axes = len(lengths)
        self.lengths = tuple(lengths)
        self.size = as_lengths(size, axes, f"{name}: the window's size")
        self.strides = as_lengths(strides, axes, f"{name}: strides")
        self.dilations = as_lengths(dilations, axes, f"{name}: dilation_rate")
        self.out = output_lengths(name, self.lengths, self.size, self.strides, padding, self.dilations)
        each = zip(self.lengths, self.size, self.strides, self.dilations)
        self.pads = tuple(pad_lengths(n, k, s, padding, d) for n, k, s, d in each)
        self.padded = tuple(n + before + after for n, (before, after) in zip(self.lengths, self.pads))

    def pad(self, x: np.ndarray, value: float = 0) -> np.ndarray:
        """x (batch, …, channels) with ``value`` around it."""
        if not any(map(any, self.pads)):
            return x
        padded = np.full((x.shape[0], *self.padded, x.shape[-1]), value, dtype=x.dtype)
        self.unpad(padded)[...] = x
        return padded

    def unpad(self, padded: np.ndarray) -> np.ndarray:
        """The part of a padded array that is not padding (a view)."""
        return padded[(slice(None), *(slice(before, before + n) for n, (before, _) in zip(self.lengths, self.pads)))]

    @cached_property
    def axes(self) -> list[list[tuple[slice, ...]]]:
        """For each spatial axis, what each entry o sees from all windows along it alone: o d, o d + s, o d + 2 s, …

        Each is an index into a padded array.
        """
        each = zip(self.size, self.strides, self.dilations, self.out)
        return [
            [(slice(None),) * axis + (slice(o * d, o * d + s * (m - 1) + 1, s),) for o in range(k)]
            for axis, (k, s, d, m) in enumerate(each, start=1)
        ]

    def sum_along(self, axis: int, terms: Iterable[np.ndarray]) -> np.ndarray:
        """What the places along one spatial axis receive: the o-th term is for what entry o sees, window by window.

        A term is (…, windows along this axis, …), the result (…, places of the padded input, …).
        """
        total = None
        for seen, term in zip(self.axes[axis], terms):
            if total is None:
                shape = (*term.shape[: axis + 1], self.padded[axis], *term.shape[axis + 2 :])
                total = np.zeros(shape, dtype=term.dtype)
            d_seen = total[seen]
            d_seen += term
        return total

    def seen_from(self, p: Sequence[int]) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
        """(entry o, place in the input without padding) for all that window p sees; padding is left out."""
        for o in np.ndindex(*self.size):
            each = zip(p, self.strides, o, self.dilations, self.pads)
            place = tuple(i * s + j * d - before for i, s, j, d, (before, _) in each)
            if all(0 <= i < n for i, n in zip(place, self.lengths)):
                yield o, place


def windows_over(
    name: str, lengths: tuple[int, ...], size: Lengths, strides: Lengths, padding: str, dilations: Lengths | None = None
) -> Windows:
    """``Windows`` with these arguments: training asks for the same ones at every step, so they are made once."""
    each = size, strides, (1,) * len(lengths) if dilations is None else dilations
    if not {tuple}.issuperset(map(type, each)) or not {int}.issuperset(map(type, chain(*each))):
        # what is looked up are tuples of int only: True and 1.0 equal 1, so they would be found instead of refused
        names = "the window's size", "strides", "dilation_rate"
        each = [as_lengths(value, len(lengths), f"{name}: {what}") for value, what in zip(each, names)]
    return _made(name, lengths, each[0], each[1], padding, each[2])


_made = lru_cache(maxsize=1024)(Windows)


def output_length(n: int | None, k: int, s: int, padding: str, d: int) -> int | None:
    """The number of windows along an axis; None if its length is not known.

    ``"valid"`` counts the windows that lie inside the input, ⌊(n - d (k - 1) - 1) / s⌋ + 1, which can come out as 0 or
    less. ``"same"`` and ``"causal"`` pad the input so that there are ⌈n / s⌉.
    """
    if n is None:
        return None
    return (n - d * (k - 1) - 1) // s + 1 if padding == "valid" else -(-n // s)


def output_lengths(name: str, lengths: Sequence, size, strides, padding: str, dilations) -> tuple[int | None, ...]:
    """``output_length`` for each spatial axis; ValueError if not even one window fits."""
    out = tuple(output_length(n, k, s, padding, d) for n, k, s, d in zip(lengths, size, strides, dilations))
    if padding == "valid" and any(m is not None and m < 1 for m in out):
        spread = f" with dilation {tuple(dilations)}" if max(dilations) > 1 else ""
        raise ValueError(
            f"{name}: a window of {tuple(size)}{spread} does not fit into an input of {tuple(lengths)}. Take a smaller "
            "window or padding='same'; or are the channels not where data_format says?"
        )
    return out


def pad_lengths(n: int, k: int, s: int, padding: str, d: int) -> tuple[int, int]:
    """How many places to add before and after an axis.

    ``"same"`` adds what the last window lacks, (⌈n / s⌉ - 1) s + d (k - 1) + 1 - n, half before and half after; of an
    odd number the larger half comes after. That depends on n: with k = 3 and s = 2 it is (0, 1) for an even n and
    (1, 1) for an odd n. ``"causal"`` adds d (k - 1) before, so that no output depends on a later input. The last of the
    ``"valid"`` windows lacks nothing.
    """
    if padding == "causal":
        return d * (k - 1), 0
    total = max(0, (output_length(n, k, s, padding, d) - 1) * s + d * (k - 1) + 1 - n)
    return total // 2, total - total // 2


def standardize_padding(padding: str, name: str, allowed: Sequence[str] = ("valid", "same")) -> str:
    """``padding`` in small letters; ValueError if it is not one of ``allowed``."""
    found = padding.lower() if isinstance(padding, str) else padding
    if found not in allowed:
        raise ValueError(f"{name}: expected padding to be {' or '.join(map(repr, allowed))}, got {padding!r}")
    return found


def as_lengths(value: Lengths, axes: int, name: str) -> tuple[int, ...]:
    """``value``, a positive integer for all spatial axes or one for each, as a tuple with one for each."""
    given = (value,) * axes if isinstance(value, (int, np.integer)) else value
    fits = isinstance(given, (tuple, list)) and len(given) == axes
    if not fits or not all(_is_positive(n) for n in given):
        several = f", or {axes} of them" if axes > 1 else ""
        raise ValueError(f"{name}: expected a positive integer{several}, got {value!r}")
    return tuple(int(n) for n in given)


def _is_positive(n) -> bool:
    return isinstance(n, (int, np.integer)) and not isinstance(n, bool) and n > 0
