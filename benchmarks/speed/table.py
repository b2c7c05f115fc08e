"""The results as a page of Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from benchmarks.speed.goals import GOALS, IMPORT_LIMITS, verdict
from benchmarks.speed.results import floor, ratios, remarks, typical
from benchmarks.speed.workloads import MACHINE, WORKLOADS

OURS = "kerasedu"
UNITS = {"milliseconds": "ms", "megabytes": "MB"}


def page(results: dict) -> str:
    """Times, ratios against the goals, memory; how they were measured; what is missing."""
    names = [name for name in WORKLOADS if any(run["workload"] == name for run in results["runs"])]
    found = [run["library"] for run in results["runs"] if "milliseconds" in run]
    libraries = sorted(set(found), key=found.index)
    versions = {run["library"]: run["version"] for run in results["runs"] if "version" in run}
    times = [
        [WORKLOADS[name].title, number(floor(results, name)), *_row(results, name, libraries, "milliseconds")]
        for name in names
    ]
    memory = [[WORKLOADS[name].title, *_row(results, name, libraries, "megabytes")] for name in names]
    titles = [f"{name} {versions[name]}" for name in libraries]
    parts = [
        "# How fast: milliseconds per training step",
        surroundings(results),
        markdown(["workload", "floor", *titles], times),
        "Forward, backward and Adam, through the public interface with default arguments: `fit` of kerasedu and "
        "tf.keras, an eager loop of the others. Each figure is the median over the rounds of the median of several "
        "short runs in a new process that was warm. Floor: the matrix products alone, at the speed that NumPy's BLAS "
        "reaches here on large matrices; for Adam the memory to be moved; for the import that of NumPy.",
        "## Against the goals",
        markdown(["workload", "against", "times as long", "must", "aim", "verdict"], goal_rows(results, names)),
        "Median of the ratios within a round (smallest to largest). The goals are in `benchmarks/speed/goals.py`.",
        "## Memory: most megabytes resident in the process, Python and data included",
        markdown(["workload", *titles], memory),
        *remarks(results),
    ]
    return "\n\n".join(parts) + "\n"


def goal_rows(results: dict, names: Sequence[str]) -> list[list[str]]:
    """A row for each goal of the workloads ``names``."""
    rows = []
    for goal in GOALS:
        if goal.workload in names:
            values = ratios(results, goal.workload, OURS, goal.against)
            middle = median(values) if values else None
            spread = f"{number(middle)} ({number(values[0])} to {number(values[-1])})" if values else "-"
            bounds = [number(goal.must), number(goal.aim)]
            rows.append(
                [WORKLOADS[goal.workload].title, goal.against, spread, *bounds, verdict(middle, goal.must, goal.aim)]
            )
    for limit in IMPORT_LIMITS if "import" in names else ():
        value = typical(results, "import", OURS, limit.measure)
        cells = [
            f"{number(x)} {UNITS[limit.measure]}" if x is not None else "-" for x in (value, limit.must, limit.aim)
        ]
        rows.append([WORKLOADS["import"].title, "-", *cells, verdict(value, limit.must, limit.aim)])
    return rows


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table: the first column left, the others right."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def number(value: float | None) -> str:
    """Two or three digits that matter."""
    if value is None:
        return "-"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}" if value >= 10 else f"{value:.2g}"


def _row(results: dict, workload: str, libraries: Sequence[str], measure: str) -> list[str]:
    return [number(typical(results, workload, library, measure)) for library in libraries]


def surroundings(results: dict) -> str:
    """Machine, versions, date, and a warning if other work disturbed the measurement."""
    machine = results["machine"]
    text = (
        f"{results['date']}, {machine['processor']}, {machine['processors']} processors, {machine['system']}, "
        f"Python {machine['python']}, NumPy {machine['numpy']}"
    )
    rates = [run for run in results["runs"] if run["workload"] == MACHINE and "gflops" in run]
    if rates:
        gflops = median(run["gflops"] for run in rates)
        text += f", {rates[0]['blas']}: {gflops:.0f} GFLOP/s in float32"
    rounds = {run["round"] for run in results["runs"]}
    text += f". {len(rounds)} of {results['rounds']} rounds."
    load = results["load"]
    if load is not None and load > machine["processors"] / 4:
        text += f" **The machine had other work when this began (load {load:g}): take the figures for a rough idea.**"
    return text
