"""Einstein's summation: any sum of products of arrays, written with a letter for each axis."""

from __future__ import annotations

from string import ascii_letters

import numpy as np

from kerasedu.ops.broadcasting import promote, promote_to_float, sum_to_shape

__all__ = ["einsum", "einsum_backward"]


def einsum(subscripts: str, *operands) -> np.ndarray:
    """``einsum("ij,jk->ik", a, b)``: y[i, k] = Σⱼ a[i, j] b[j, k]. Letters that the result lacks are summed over.

    Arguments:
        subscripts: a letter for each axis of each operand, then those of the result. Without ``->`` the result has
            the letters that occur once, in alphabetical order. ``...`` stands for axes without letters.
        operands: the arrays.

    Source: https://keras.io/api/ops/numpy/
    """
    return np.einsum(subscripts, *promote(*operands), optimize=True)


def einsum_backward(dy, subscripts: str, *operands) -> tuple[np.ndarray, ...]:
    """dL/d(operand) for each operand: the sum again, with dy in the place of the operand.

    Every product contains each operand once, so its derivative is the product of the others. What was summed over in
    one operand alone is repeated; where a letter stands twice in one operand, only its diagonal receives a gradient.
    """
    arrays = promote_to_float(*operands)
    dy = np.asarray(dy, dtype=arrays[0].dtype)
    *inputs, output = _letters(subscripts, arrays)
    lengths: dict[str, int] = {}
    for letters, array in zip(inputs, arrays):
        for letter, length in zip(letters, array.shape):
            lengths[letter] = max(lengths.get(letter, 1), length) if length else 0
    gradients = []
    for place, (own, array) in enumerate(zip(inputs, arrays)):
        distinct = "".join(dict.fromkeys(own))
        others = [*zip(inputs, arrays), (output, dy)]
        del others[place]
        alone = [letter for letter in distinct if all(letter not in letters for letters, _ in others)]
        others += [(letter, np.ones(lengths[letter], array.dtype)) for letter in alone]
        formula = ",".join(letters for letters, _ in others) + "->" + distinct
        total = np.einsum(formula, *(a for _, a in others), optimize=True)
        gradient = np.zeros_like(array, order="C")
        diagonal = np.einsum(f"{own}->{distinct}", gradient)  # a view
        diagonal[...] = sum_to_shape(total, diagonal.shape)
        gradients.append(gradient)
    return tuple(gradients)


def _letters(subscripts: str, arrays: list[np.ndarray]) -> list[str]:
    """The letters of each operand and of the result, with letters for the axes that ``...`` stands for, too."""
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    terms = inputs.split(",")
    if len(terms) != len(arrays):
        raise ValueError(f"einsum expected {len(terms)} operands for {subscripts!r}, got {len(arrays)}")
    free = [letter for letter in ascii_letters if letter not in subscripts]
    unnamed = [a.ndim - len(term.replace("...", "")) if "..." in term else 0 for term, a in zip(terms, arrays)]
    names = "".join(free[: max(unnamed)])
    terms = [term.replace("...", names[len(names) - count :]) for term, count in zip(terms, unnamed)]
    if arrow:
        output = output.replace("...", names)
    else:
        everything = "".join(terms)
        output = names + "".join(sorted(s for s in set(everything) - set(names) if everything.count(s) == 1))
    return [*terms, output]
