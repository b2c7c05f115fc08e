"""What the terminal shows while a class is graded, and afterwards."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from kerasedu.grading import outcomes
from kerasedu.grading.records import Record


@contextlib.contextmanager
def following(console: Console, count: int) -> Iterator[Callable[[Record], None]]:
    """A progress bar over ``count`` submissions; call what it gives with each record."""
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, TextColumn("{task.description}", markup=False), console=console) as progress:
        bar = progress.add_task("", total=count)

        def report(record: Record) -> None:
            points = f"{record.points:g} of {record.out_of:g}" if record.scores else record.outcome
            progress.update(bar, advance=1, description=f"{record.student}: {points}, {record.seconds:.1f} s")

        yield report


def summary(records: Sequence[Record], seconds: float) -> Table:
    """Exercises and what became of them."""
    rows = {"submissions": Counter(record.outcome for record in records)}
    for record in records:
        for score in record.scores:
            rows.setdefault(score.exercise, Counter())[score.outcome] += 1
    occurring = [outcome for outcome in outcomes.ALL if any(counts[outcome] for counts in rows.values())]
    table = Table(title=f"{len(records)} submissions in {seconds:.0f} s")
    table.add_column("", no_wrap=True)
    for outcome in occurring:
        table.add_column(outcome, justify="right")
    for name, counts in rows.items():
        table.add_row(Text(name), *(str(counts[outcome] or "") for outcome in occurring))
    return table
