"""The machine, and how fast it multiplies matrices and moves memory: no step can take less than that."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable

import numpy as np

SIDE = 1024  # of the square matrices whose product is timed
LENGTH = 10**6  # of the vectors whose sum is timed
REPEATS = 15


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def measure_machine() -> dict:
    """To be called in a measuring process: rates in float32, and the library that multiplies."""
    rng = np.random.default_rng(0)
    a, b, product = (rng.standard_normal((SIDE, SIDE), dtype=np.float32) for _ in range(3))
    u, v, total = (rng.standard_normal(LENGTH, dtype=np.float32) for _ in range(3))
    return {
        "gflops": 2 * SIDE**3 / 1e9 / _median(lambda: np.matmul(a, b, out=product)),
        "gigabytes_per_second": 3 * 4 * LENGTH / 1e9 / _median(lambda: np.add(u, v, out=total)),
        "numpy_import": _numpy_import(),
        "blas": _blas(),
    }


def describe() -> dict:
    """What a reader must know to judge the figures."""
    return {
        "processor": _processor(),
        "processors": processors(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
    }


def load() -> float | None:
    """How many processes wanted to run during the last minute; None where the system does not say."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def _median(call: Callable) -> float:
    """Seconds of a call, when warm."""
    times = []
    for _ in range(REPEATS + 1):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def _numpy_import() -> float:
    from benchmarks.import_time import measure_once

    return statistics.median(measure_once("import numpy")[0] for _ in range(5))


def _blas() -> str:
    from threadpoolctl import threadpool_info

    for pool in threadpool_info():
        if pool["user_api"] == "blas":
            kernel = f", {pool['architecture']} kernels" if pool.get("architecture") else ""
            return f"{pool['internal_api']} {pool['version']}{kernel}, {pool['num_threads']} threads"
    return "unknown"


def _processor() -> str:
    try:
        with open("/proc/cpuinfo") as lines:
            return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown"
