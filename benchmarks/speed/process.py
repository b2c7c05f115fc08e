"""What one measuring process does: measure one workload, print the answer as JSON on the last line.

python -m benchmarks.speed.process kerasedu mlp
python -m benchmarks.speed.process kerasedu epochs=mlp     memory over many epochs
python -m benchmarks.speed.process machine machine         the machine itself
"""

from __future__ import annotations

import importlib.util
import json
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from importlib.metadata import packages_distributions, version
from types import ModuleType

from benchmarks import import_time
from benchmarks.memory import peak_megabytes, resident_megabytes
from benchmarks.speed import libraries
from benchmarks.speed.machine import measure_machine
from benchmarks.speed.workloads import MACHINE, OVER_EPOCHS, Import, Training, Workload, find

RUNS = 5  # timed, if they fit into
SECONDS = 2.0
SLOW = 2.0  # seconds of one step, from which a single one is enough
EPOCHS, EPOCH = 40, 10  # how many, of how many steps each

Run = Callable[[int], None]


def main(library: str, workload: str) -> dict:
    """What was measured; else {"missing": how to install the library} or {"offered": False}."""
    if workload == MACHINE:
        return measure_machine()
    module = libraries.load(library)
    if importlib.util.find_spec(module.PACKAGE) is None:
        return {"missing": module.INSTALL}
    measure = memory_over_epochs if workload.startswith(OVER_EPOCHS) else time_of
    answer = measure(module, find(workload.removeprefix(OVER_EPOCHS)))
    return {**answer, "version": _version(module.PACKAGE)} if answer else {"offered": False}


def time_of(library: ModuleType, workload: Workload) -> dict | None:
    """Milliseconds per step of each timed run, when warm, and the most memory the process had."""
    if isinstance(workload, Import):
        return _imports(library.PACKAGE)
    run = library.training(workload) if isinstance(workload, Training) else library.updating(workload)
    if run is None:
        return None
    run(1)  # whatever a library does only once
    steps, seconds = 1, [_seconds(run, 1)]
    if seconds[0] < SLOW:
        steps = workload.steps
        run(steps)
        seconds = _repeat(lambda: _seconds(run, steps))
    return {"milliseconds": [1000 * value / steps for value in seconds], "steps": steps, "megabytes": peak_megabytes()}


def memory_over_epochs(library: ModuleType, workload: Workload) -> dict | None:
    """What is resident after each of many runs: it must not grow."""
    run = library.training(workload)
    if run is None:
        return None
    resident = []
    for _ in range(EPOCHS):
        run(EPOCH)
        resident.append(resident_megabytes())
    return {"resident": resident, "megabytes": peak_megabytes()}


def _imports(package: str) -> dict | None:
    """Each import in a new process. None where it fails: old libraries need a hand on today's Python (`aged`)."""
    try:
        seconds, megabytes = zip(*_repeat(lambda: import_time.measure_once(f"import {package}")))
    except subprocess.CalledProcessError:
        return None
    return {"milliseconds": [1000 * value for value in seconds], "megabytes": statistics.median(megabytes)}


def _repeat(measure: Callable) -> list:
    results, end = [], time.perf_counter() + SECONDS
    while not results or (len(results) < RUNS and time.perf_counter() < end):
        results.append(measure())
    return results


def _seconds(run: Run, steps: int) -> float:
    start = time.perf_counter()
    run(steps)
    return time.perf_counter() - start


def _version(package: str) -> str:
    return version(packages_distributions()[package][0])


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print("\n" + json.dumps(main(*sys.argv[1:])))
