"""Names that Python and NumPy had when DeZero and numpy-ml were written, in 2020, and have no longer."""

import collections
import collections.abc

import numpy as np


def bring_back_old_names() -> None:
    """Aliases only: nothing computes another way."""
    np.int = int  # noqa: NPY001
    collections.Hashable = collections.abc.Hashable
