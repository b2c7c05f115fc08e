"""How each library does the workloads: one module a library, all alike.

To add one, write a module here and name it in MODULES. It holds

    PACKAGE = "torch"                 what is imported; its version is recorded
    INSTALL = "pip install torch"     what to do where it is missing
    def training(workload)            builds the model and its data, returns run(steps): trains so many steps
    def updating(workload)            returns run(steps): so many steps of Adam alone

Both return None for what the library does not offer. Each module uses its library as the library's tutorials do.
"""

from __future__ import annotations

import importlib
from types import ModuleType

MODULES = {
    "kerasedu": "with_kerasedu",
    "tf.keras": "with_keras",
    "PyTorch": "with_torch",
    "DeZero": "with_dezero",
    "numpy-ml": "with_numpy_ml",
}


def load(name: str) -> ModuleType:
    """The module of the library ``name``; the library itself is imported only when something is measured."""
    return importlib.import_module(f"{__name__}.{MODULES[name]}")
