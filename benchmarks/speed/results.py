"""The results of all processes as they come: a dictionary that is written to a JSON file after each, and its medians.

{"machine": {...}, "date": "2026-11-26", "rounds": 3, "runs": [{"round": 0, "workload": "mlp", "library": "kerasedu",
"milliseconds": [0.71, 0.69, 0.70], "megabytes": 160.2, "version": "0.1.0", "load": 0.4}, ...]}

Instead of measurements a run has "missing" (how to install the library), "offered": false or "failed" (why).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from statistics import median

from benchmarks.speed.workloads import MACHINE, WORKLOADS, Training, Update


def write(results: dict, path: Path) -> None:
    """Replace the file at once: whoever interrupts finds the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(json.dumps(results, indent=1) + "\n")
    os.replace(temporary, path)


def add(results: dict, run: dict) -> None:
    """Keep ``run``, in place of an earlier try of the same."""
    results["runs"] = [old for old in results["runs"] if _key(old) != _key(run)] + [run]


def settled(results: dict, round_: int, workload: str, library: str) -> bool:
    """Whether there is nothing left to measure: it is measured, or the library does not offer it."""
    return any(
        _key(run)[1:] == (workload, library)
        and (run.get("offered") is False or (run["round"] == round_ and not {"failed", "missing"} & set(run)))
        for run in results["runs"]
    )


def by_round(results: dict, workload: str, library: str, measure: str = "milliseconds") -> dict[int, float]:
    """Round -> the median of what was measured in it."""
    values = {run["round"]: run[measure] for run in results["runs"] if _measured(run, workload, library)}
    return {number: median(value) if isinstance(value, list) else value for number, value in values.items()}


def typical(results: dict, workload: str, library: str, measure: str = "milliseconds") -> float | None:
    """The median over the rounds; None where there is none."""
    values = by_round(results, workload, library, measure).values()
    return median(values) if values else None


def ratios(results: dict, workload: str, library: str, against: str) -> list[float]:
    """How many times as long ``library`` took as ``against`` did in the same round, smallest first."""
    one, other = (by_round(results, workload, name) for name in (library, against))
    return sorted(one[number] / other[number] for number in one.keys() & other.keys())


def floor(results: dict, name: str) -> float | None:
    """Milliseconds that this machine needs for a workload's matrix products, or memory traffic, or NumPy's import."""
    machine = [run for run in results["runs"] if run["workload"] == MACHINE and "gflops" in run]
    if not machine:
        return None
    match WORKLOADS[name]:
        case Training() as training:
            return training.gemm_flops() / median(run["gflops"] for run in machine) / 1e6
        case Update() as update:
            return update.megabytes() / median(run["gigabytes_per_second"] for run in machine)
        case _:
            return 1000 * median(run["numpy_import"] for run in machine)


def remarks(results: dict) -> list[str]:
    """What is not there, and why: one sentence for each reason."""
    sentences = {}
    for run in results["runs"]:
        if "missing" in run:
            sentences[run["library"]] = f"{run['library']} is not installed here: `{run['missing']}`."
        elif "failed" in run:
            sentences[_key(run)] = (
                f"{run['library']} failed in {run['workload']}, round {run['round'] + 1}: {run['failed']}"
            )
    return list(sentences.values())


def _measured(run: dict, workload: str, library: str) -> bool:
    return _key(run)[1:] == (workload, library) and "milliseconds" in run


def _key(run: dict) -> tuple:
    return run["round"], run["workload"], run["library"]
