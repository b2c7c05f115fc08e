"""The matrix in several processes. Each makes the cases for itself and runs those whose numbers it is told."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from kerasedu.parity import oracle
from kerasedu.parity.matrix.case import Case
from kerasedu.parity.matrix.cases import all_cases
from kerasedu.parity.matrix.result import Result, Results
from kerasedu.parity.matrix.run import circumstances, compare_case, not_run

_cases: list[Case] = []  # in a process of the pool: what it may be asked for


def run_spread(pattern: str, workers: int, progress: Callable[[Case], None] = lambda case: None) -> Results:
    """As ``run(all_cases(pattern))``, in ``workers`` processes, on the device and backend chosen here.

    Arguments:
        progress: called after each case.
    """
    cases = list(all_cases(pattern))
    results = Results(circumstances() | {"processes": str(workers)})
    backend = oracle.load()[0].config.backend()
    start = time.perf_counter()
    found: dict[int, list[Result]] = {}
    chosen = (oracle.wanted_device(), backend, pattern)
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_prepare, initargs=chosen)
    try:
        numbers = {pool.submit(_compare, number): number for number in range(len(cases))}
        for done in as_completed(numbers):
            case = cases[numbers[done]]
            broken = done.exception()  # the process was killed, say for want of memory
            found[numbers[done]] = done.result() if broken is None else [not_run(case, broken)]
            progress(case)
        results.complete = True
    except KeyboardInterrupt:
        pass
    finally:
        pool.shutdown(cancel_futures=True)
    results.results = [result for number in sorted(found) for result in found[number]]
    results.cases = len(found)
    results.seconds = time.perf_counter() - start
    return results


def _prepare(device: str, backend: str, pattern: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the first one decides
    oracle.choose(device, backend)
    _cases.extend(all_cases(pattern))


def _compare(number: int) -> list[Result]:
    return compare_case(_cases[number])
