"""What Keras computes with, TensorFlow, JAX or PyTorch: for each a module with the same names.

    load(wanted)      import the library, quiet and with full precision; the library's module
    gpu()             the name of the graphics card it can use, or None
    vjp(…)            outputs of a function and their vector-Jacobian product, see ``oracle.vjp``
    compiled(step)    the step of an optimizer as ``fit`` runs it
    place(device)     the context in which Keras computes on the "CPU" or the "GPU"
    CONVENTIONS       where Keras gives other numbers than on TensorFlow, or none, with the reason: the words that are
                      all in "family: configuration on the CPU: remark", as the report shows them

TensorFlow is what the course is about. The others are there for machines whose card TensorFlow cannot use.
"""

from __future__ import annotations

import importlib
from types import ModuleType

TITLES = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}


def backend(name: str) -> ModuleType:
    """The module for ``"tensorflow"``, ``"jax"`` or ``"torch"``.

    Raises:
        ValueError: another name.
    """
    if name not in TITLES:
        raise ValueError(f"parity compares with Keras on {', '.join(TITLES)}; got {name!r}")
    return importlib.import_module(f"kerasedu.parity.backends.on_{name}")


def keep_float64() -> None:
    """Let Keras compute with float64 where it is given float64.

    Except on TensorFlow, Keras makes float32 of the results of most operations, because JAX does unless told otherwise.
    A table inside Keras says so.
    """
    from keras.src.backend.common import dtypes

    dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"
