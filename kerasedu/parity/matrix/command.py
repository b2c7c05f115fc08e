"""What ``kerasedu parity`` does: run the matrix under a progress bar, write the results, say what was found."""

from __future__ import annotations

import signal
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from kerasedu.parity import device
from kerasedu.parity.matrix.case import Case
from kerasedu.parity.matrix.cases import all_cases
from kerasedu.parity.matrix.result import Results
from kerasedu.parity.matrix.run import run
from kerasedu.parity.matrix.spread import run_spread

WORST_SHOWN = 20


def compare_everything(
    wanted_device: str, pattern: str, out: Path, backend: str | None = None, workers: int = 1
) -> bool:
    """Run all cases that contain ``pattern``, in ``workers`` processes; whether all ran and nothing was different.

    Raises:
        ValueError: the device cannot be had, or no case contains the pattern.
        ImportError: Keras or its backend is missing.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was compared before is written all the same
    device.choose(wanted_device, backend)
    cases = list(all_cases(pattern))
    if not cases:
        raise ValueError(f"no comparison contains {pattern!r}: try a public name, such as Conv2D, or float64")
    console = Console()
    console.print(f"{len(cases)} configurations against Keras on {device.describe()}")
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[now]}"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=len(cases), now="")

        def progress(case: Case) -> None:
            bar.update(task, advance=1, now=f"{case.family}: {case.names[0]}")

        results = run(cases, progress) if workers == 1 else run_spread(pattern, workers, progress)
    _show(console, results)
    for path in results.save(out):
        console.print(f"wrote {path}")
    return results.passed


def _show(console: Console, results: Results) -> None:
    table = Table("family", "comparisons", "failed", "largest error / tolerance")
    for family, count, wrong, ratio, _ in results.summary():
        table.add_row(family, str(count), str(wrong), f"{ratio:.2g}")
    console.print(table)
    failed = [result for result in results.worst_first() if not result.passed]
    for result in failed[:WORST_SHOWN]:
        console.print(f"{result.verdict}: {result.label}: {result.what} {result.remark}", markup=False)
    if len(failed) > WORST_SHOWN:
        console.print(f"and {len(failed) - WORST_SHOWN} more")
    verdict = f"{len(failed)} failed" if failed else "all within tolerance"
    if not results.complete:
        verdict = f"interrupted after {results.cases} configurations; of what was compared, {verdict}"
    console.print(f"{len(results.results)} comparisons in {results.seconds:.0f} s: {verdict}")
