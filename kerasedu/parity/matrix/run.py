"""Run the matrix, case by case. What is done is kept, whatever happens to the rest."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterable
from importlib.metadata import version

import numpy as np

from kerasedu.parity import device, oracle
from kerasedu.parity.matrix.case import Case
from kerasedu.parity.matrix.result import FAILED, OTHERWISE, Result, Results
from kerasedu.parity.report import Row
from kerasedu.random import set_random_seed

INF = float("inf")


def run(cases: Iterable[Case], progress: Callable[[Case], None] = lambda case: None) -> Results:
    """Compare every case with Keras.

    A case that raises is a result too, with the reason. After an interruption (Ctrl-C) the results so far are
    returned, with ``complete`` false.

    Arguments:
        cases: such as ``all_cases()``.
        progress: called before each case.
    """
    results = Results(circumstances())
    start = time.perf_counter()
    try:
        for case in cases:
            progress(case)
            results.results += compare_case(case)
            results.cases += 1
        results.complete = True
    except KeyboardInterrupt:
        pass
    results.seconds = time.perf_counter() - start
    return results


def circumstances() -> dict[str, str]:
    """Device, processor and versions: what one must know to repeat the run."""
    keras, backend = oracle.load()
    return {
        "device": device.describe(),
        "machine": f"{platform.machine()}, {platform.system()}",
        "python": platform.python_version(),
        "kerasedu": version("kerasedu"),
        "numpy": np.__version__,
        "keras": keras.__version__,
        keras.config.backend(): backend.__version__,
    }


def compare_case(case: Case) -> list[Result]:
    """One result an array compared; or a single one, with the reason, if the case cannot run."""
    set_random_seed(0)  # the same weights, whichever cases ran before
    try:
        report = case.run()
        if not report.rows:
            raise ValueError("nothing was compared")
    except Exception as error:
        return [not_run(case, error)]
    return [_result(case, row) for row in report.rows]


def not_run(case: Case, error: BaseException) -> Result:
    """What stands for a case that broke off with ``error``."""
    verdict, remark = _verdict(case, FAILED, f"{type(error).__name__}: {error}")
    return Result(case.family, case.names, case.label, "", case.dtype, "", INF, INF, 0.0, INF, verdict, remark)


def _result(case: Case, row: Row) -> Result:
    verdict, remark = (row.verdict, row.remark) if row.passed else _verdict(case, row.verdict, row.remark)
    return Result(
        case.family,
        case.names,
        case.label,
        row.what,
        row.dtype,
        row.device,
        row.error,
        row.relative,
        row.tolerance,
        row.ratio,
        verdict,
        remark,
    )


def _verdict(case: Case, verdict: str, remark: str) -> tuple[str, str]:
    """A failure, or that this backend is known to do otherwise here."""
    text = f"{case.family}: {case.label} on the {device.settle()}: {remark}"
    for words, reason in oracle.library().CONVENTIONS.items():
        if all(word in text for word in words):
            return OTHERWISE, f"{reason}; {remark}"
    return verdict, remark
