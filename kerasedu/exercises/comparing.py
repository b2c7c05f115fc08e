"""Compare what a learner's function returned with what it should have: the first thing that differs, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kerasedu.exercises.calling import Outcome
from kerasedu.exercises.result import (
    CHANGED_INPUT,
    NOT_ANSWERED,
    NOT_FINITE,
    RAISED,
    TOO_SLOW,
    TRANSPOSED,
    WARNED,
    WRONG_DTYPE,
    WRONG_SHAPE,
    WRONG_TYPE,
    WRONG_VALUES,
)

LARGEST_SHOWN = 24  # arrays of at most so many numbers are shown whole
EXPLAINED = {  # what stands in Python's and NumPy's messages -> what it means for somebody who learns arrays
    "truth value of an array": "`if`, `and` and Python's `max` want one True or False. Entry by entry: np.where, "
    "np.maximum, np.minimum, masks.",
    "mismatch in its core dimension": "In a @ b each row of a meets each column of b, so they must be equally long. "
    "Print both shapes.",
    "could not be broadcast together": "Shapes are lined up from the right; two lengths fit if they are equal or one "
    "of them is 1. Print both shapes.",
    "non-broadcastable output operand": "`y += …` writes into the array y, which must have the shape of the result "
    "already. `y = y + …` makes a new array.",
    "only integer scalar arrays": "Only whole numbers can be indices or axes, and np.max(a, b) takes b for an axis. "
    "The larger of two, entry by entry: np.maximum(a, b).",
    "out of bounds for uint": "Unsigned whole numbers are never negative: write the mask without `~` or `-`.",
    "multiply sequence by non-int": "A list is not an array: go through its entries one by one.",
}
LEFT_THE_RANGE = ("overflow", "invalid value", "divide by zero")  # how NumPy's warnings of it begin


@dataclass(frozen=True)
class Fault:
    """What is wrong with an outcome: one of the statuses of ``result``, and rows that explain it.

    A row is (label, text) or (label, text, answer); ``answer`` holds the right numbers, which graded work is not told.
    """

    status: str
    rows: tuple[tuple[str, ...], ...] = ()

    def lines(self, with_answer: bool = True) -> list[str]:
        """The rows as lines of text."""
        texts = ((label, ", ".join(filter(None, parts if with_answer else parts[:1]))) for label, *parts in self.rows)
        return [f"  {label}: {text}" if label else f"  {text}" for label, text in texts if text]


def find_fault(outcome: Outcome, expected: Any, tolerance: float, names: Sequence[str] = ()) -> Fault | None:
    """What is wrong with ``outcome``, looked for in the order in which it helps to hear of it; None if nothing is.

    Arguments:
        outcome: what the learner's function did.
        expected: the right answer, an array or a number, or a tuple of them; a tuple inside it stands for a list.
        tolerance: how far numbers may be off, in units of machine epsilon times the largest expected number.
        names: what the results are called, if there are several.
    """
    if outcome.fault == NOT_ANSWERED:
        return Fault(
            NOT_ANSWERED, (("", "Replace `raise NotImplementedError` by your answer, run that cell, then this."),)
        )
    if outcome.fault == TOO_SLOW:
        return Fault(
            TOO_SLOW,
            (("", "No answer within the time limit. Is there a loop that never ends, or one over very many numbers?"),),
        )
    if outcome.fault == RAISED:
        explained = [meaning for part, meaning in EXPLAINED.items() if part in outcome.detail]
        return Fault(RAISED, tuple(("", line) for line in [*outcome.detail.splitlines(), *explained]))
    if outcome.value is None or outcome.value is Ellipsis:
        return Fault(NOT_ANSWERED, (("", "The function returned nothing. Is the line with `return` missing?"),))
    fault = _find_fault_in_value(outcome.value, expected, tolerance, names)
    if fault is None and outcome.changed:
        advice = "The array that came in belongs to the caller: compute into a new one (`x = x + 1`, not `x += 1`)."
        return Fault(CHANGED_INPUT, (("changed", ", ".join(outcome.changed)), ("", advice)))
    return fault


def find_warning(outcome: Outcome) -> Fault | None:
    """What NumPy warned of on the way to a value: numbers that left the range of their type; None if it did not."""
    warned = warnings_of(outcome)
    advice = "The values are right, but on the way a number left the range of its type. NumPy names the operation."
    return Fault(WARNED, (("", advice),)) if warned else None


def warnings_of(outcome: Outcome) -> set[str]:
    """NumPy's warnings of overflow, of a division by zero, and of results that are no numbers."""
    return {text for text in outcome.warned if text.startswith(LEFT_THE_RANGE)}


def right_results(outcome: Outcome, expected: Any, tolerance: float, names: Sequence[str]) -> set[str]:
    """Which of several results of one call are right, by name; none if the call failed or changed its arguments."""
    whole = isinstance(outcome.value, (tuple, list)) and len(outcome.value) == len(names)
    if outcome.fault or outcome.changed or not whole:
        return set()
    pairs = zip(names, outcome.value, expected)
    return {name for name, got, right in pairs if _find_fault_in_result(got, right, tolerance) is None}


def agree(first: Outcome, second: Outcome, tolerance: float) -> bool:
    """Whether two outcomes are the same: equal answers, or errors of the same type."""
    if (first.fault, first.error, first.changed) != (second.fault, second.error, second.changed):
        return False
    return first.fault is not None or _agree(first.value, second.value, tolerance)


def describe(value: Any) -> str:
    """Shape and type of ``value``, in a few words."""
    if isinstance(value, np.ndarray):
        return f"{value.shape} {value.dtype}"
    return f"{type(value).__name__} {value!r}" if np.isscalar(value) else type(value).__name__


def _find_fault_in_value(got: Any, expected: Any, tolerance: float, names: Sequence[str]) -> Fault | None:
    if not isinstance(expected, tuple):
        return _find_fault_in_array(got, expected, tolerance)
    if not isinstance(got, (tuple, list)) or len(got) != len(expected):
        wanted = f"{len(expected)} results: return {', '.join(names) or 'all of them'}"
        count = f"{len(got)} results" if isinstance(got, (tuple, list)) else describe(got)
        return Fault(WRONG_TYPE, (("got", count), ("expected", wanted)))
    for index, (one, right) in enumerate(zip(got, expected)):
        fault = _find_fault_in_result(one, right, tolerance)
        if fault:
            name = names[index] if names else f"{index + 1} of {len(expected)}"
            return Fault(fault.status, (("result", name), *fault.rows))
    return None


def _find_fault_in_result(got: Any, expected: Any, tolerance: float) -> Fault | None:
    if not isinstance(expected, tuple):
        return _find_fault_in_array(got, expected, tolerance)
    if not isinstance(got, (tuple, list)) or len(got) != len(expected):
        count = f"a list of {len(got)}" if isinstance(got, (tuple, list)) else describe(got)
        return Fault(WRONG_TYPE, (("got", count), ("expected", f"a list of {len(expected)}")))
    for index, (one, right) in enumerate(zip(got, expected)):
        fault = _find_fault_in_array(one, right, tolerance)
        if fault:
            return Fault(fault.status, (("entry of the list", f"[{index}]"), *fault.rows))
    return None


def _find_fault_in_array(got: Any, expected: Any, tolerance: float) -> Fault | None:
    right = np.asarray(expected)
    if right.ndim and not isinstance(got, np.ndarray):
        advice = "Return a NumPy array." if isinstance(got, (list, tuple)) or np.isscalar(got) else ""
        return Fault(WRONG_TYPE, (("got", f"{describe(got)}, expected an array. {advice}".rstrip()),))
    given = _as_numbers(got)
    if given is None:
        return Fault(WRONG_TYPE, (("got", f"{describe(got)}, expected {'numbers' if right.ndim else 'a number'}"),))
    if given.shape != right.shape:
        return _wrong_shape(given, right, tolerance)
    wrong = ~_close(given, right, tolerance)
    if wrong.any():
        return _wrong_values(given, right, wrong, tolerance)
    if hasattr(got, "dtype") and not _types_agree(given, right):
        return Fault(WRONG_DTYPE, (("dtype", f"got {given.dtype}, expected {right.dtype}; the values are right"),))
    return None


def _wrong_shape(given: np.ndarray, right: np.ndarray, tolerance: float) -> Fault:
    if given.T.shape == right.shape and _close(given.T, right, tolerance).all():
        return Fault(
            TRANSPOSED, (("shape", f"got {given.shape}, expected {right.shape}: the right numbers, transposed"),)
        )
    expected = f"{right.shape}" if right.ndim else "() (a single number)"
    rows = [("shape", f"got {given.shape}, expected {expected}"), *_show(given, right)]
    return Fault(WRONG_SHAPE, tuple(rows))


def _wrong_values(given: np.ndarray, right: np.ndarray, wrong: np.ndarray, tolerance: float) -> Fault:
    if right.ndim == 2 and given.T.shape == right.shape and _close(given.T, right, tolerance).all():
        return Fault(TRANSPOSED, (("shape", f"{given.shape}; the right numbers, transposed"), *_show(given, right)))
    place = tuple(int(i) for i in np.argwhere(wrong)[0])
    got, expected = f"got {_number(given[place])}", f"expected {_number(right[place])}"
    if not right.ndim:
        rows = [("value", got, expected)]
    else:
        where = f"[{', '.join(map(str, place))}]"
        rows = [(f"at {where}", got, expected), ("", f"{wrong.sum()} of {wrong.size} differ"), *_show(given, right)]
    not_finite = not np.isfinite(given[place]) and np.isfinite(right[place])
    return Fault(NOT_FINITE if not_finite else WRONG_VALUES, tuple(rows))


def _show(given: np.ndarray, right: np.ndarray) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    if given.ndim and given.size <= LARGEST_SHOWN:
        rows.append(("got", _text(given)))
    if right.ndim and right.size <= LARGEST_SHOWN:
        rows.append(("expected", "", _text(right)))
    return rows


def _text(array: np.ndarray) -> str:
    return np.array2string(array, precision=6, suppress_small=True, max_line_width=66)


def _number(value: Any) -> str:
    return f"{value:.7g}" if value.dtype.kind == "f" else str(value)


def _as_numbers(value: Any) -> np.ndarray | None:
    try:
        array = np.asarray(value)
    except Exception:
        return None
    return array if array.dtype.kind in "biuf" else None


def _close(given: np.ndarray, right: np.ndarray, tolerance: float) -> np.ndarray:
    """Entry by entry, whether |given - right| <= tolerance · epsilon · max |right|; equal infinities are close."""
    if given.dtype.kind in "biu" and right.dtype.kind in "biu":
        return np.asarray(given == right)
    epsilon = max(np.finfo(a.dtype).eps for a in (given, right) if a.dtype.kind == "f")
    with np.errstate(all="ignore"):
        finite = np.abs(right[np.isfinite(right)])
        bound = tolerance * float(epsilon) * float(finite.max(initial=0))
        given, right = np.asarray(given, "float64"), np.asarray(right, "float64")
        same = (given == right) | (np.isnan(given) & np.isnan(right))
        return np.asarray(same | (np.abs(given - right) <= bound))


def _agree(first: Any, second: Any, tolerance: float) -> bool:
    if isinstance(first, (tuple, list)) or isinstance(second, (tuple, list)):
        both = isinstance(first, (tuple, list)) and isinstance(second, (tuple, list))
        return both and len(first) == len(second) and all(_agree(a, b, tolerance) for a, b in zip(first, second))
    a, b = _as_numbers(first), _as_numbers(second)
    if a is None or b is None:
        return a is b and type(first) is type(second)
    return a.shape == b.shape and _types_agree(a, b) and bool(_close(a, b, tolerance).all())


def _types_agree(given: np.ndarray, right: np.ndarray) -> bool:
    """Whether two types do the same: the precision of an array matters, that of one number or of counts does not."""
    return right.ndim == 0 or right.dtype.kind != "f" or given.dtype == right.dtype
