"""Weight decay: every step makes the weights a little smaller."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kerasedu.optimizers.rounding import like_keras
from kerasedu.variable import Variable


class WeightDecay:
    """w ← w - η λ w, for all variables but those that are excluded."""

    def __init__(self):
        self._excluded: set[int] = set()
        self._excluded_names: re.Pattern | None = None

    def exclude(self, variables: Sequence[Variable] | None, names: Sequence[str] | None) -> None:
        """From now on leave alone these variables, and those in whose path one of these patterns is found."""
        self._excluded = {id(variable) for variable in variables or ()}
        self._excluded_names = re.compile("|".join(names)) if names else None

    def apply(self, variables: Sequence[Variable], rate: float, learning_rate: float) -> None:
        """Decay ``variables``, with λ = ``rate``."""
        for variable in variables:
            if not self._excludes(variable):
                w = variable.value
                w -= w * like_keras(rate, variable) * w.dtype.type(learning_rate)

    def _excludes(self, variable: Variable) -> bool:
        named = self._excluded_names is not None and self._excluded_names.search(variable.path) is not None
        return named or id(variable) in self._excluded
