"""The command line: which processes run in which order, and what is written when."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from benchmarks.speed import machine, results
from benchmarks.speed.libraries import MODULES
from benchmarks.speed.measuring import ROOT, measure
from benchmarks.speed.workloads import MACHINE, WORKLOADS

COLUMNS = (
    BarColumn(),
    MofNCompleteColumn(),
    TimeElapsedColumn(),
    TimeRemainingColumn(),
    TextColumn("{task.fields[now]}"),
)

Order = tuple[int, str, str]  # round, workload, library


@click.command()
@click.option("--only", default="", metavar="TEXT", help=f"Only workloads that contain TEXT: {', '.join(WORKLOADS)}.")
@click.option("--libraries", default=",".join(MODULES), show_default=True, help="Which, with commas between them.")
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True, help="How often each is measured.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=ROOT / "benchmarks" / "results" / "speed",
    help="Where to write, without ending: .md, .json and .png.  [default: benchmarks/results/speed]",
)
@click.option("--resume", is_flag=True, help="Go on with the file OUT.json where an interrupted run stopped.")
def main(only: str, libraries: str, rounds: int, out: Path, resume: bool) -> None:
    """Measure milliseconds per training step of kerasedu, tf.keras and peers, on the processor of this machine.

    Each figure comes from a new process; the libraries take turns. A library that is not installed is named, not
    measured. About twenty minutes with the defaults; interrupt at will, then go on with --resume.
    """
    names = [name for name in WORKLOADS if only in name]
    chosen = libraries.split(",")
    if not names:
        raise click.UsageError(f"no workload contains {only!r}: there are {', '.join(WORKLOADS)}")
    if unknown := set(chosen) - set(MODULES):
        raise click.UsageError(f"unknown: {', '.join(unknown)}. There are {', '.join(MODULES)}")
    path = out.with_name(out.name + ".json")
    found = resumed(path) if resume else begun()
    found["rounds"] = rounds
    console = Console()
    finished = run_under_a_bar(console, found, path, list(all_orders(range(rounds), names, chosen)))
    if found["runs"]:
        _report(console, found, out, chosen)
    sys.exit(0 if finished else 130)


def all_orders(rounds: Sequence[int], workloads: Sequence[str], libraries: Sequence[str]) -> Iterator[Order]:
    """First the machine, then each workload with the libraries right after one another, every other round backwards."""
    for number in rounds:
        yield number, MACHINE, MACHINE
        for workload in workloads:
            for library in libraries if number % 2 == 0 else reversed(libraries):
                yield number, workload, library


def run_under_a_bar(console: Console, found: dict, path: Path, orders: Sequence[Order]) -> bool:
    """`run` with a progress bar; whether it came to the end, or was interrupted."""
    try:
        with Progress(*COLUMNS, console=console, transient=True) as bar:
            task = bar.add_task("", total=len(orders), now="")
            run(found, path, orders, measure, lambda now: bar.update(task, advance=1, now=now))
    except KeyboardInterrupt:
        console.print("Interrupted; the same command with --resume goes on from here.")
        return False
    return True


def run(
    found: dict, path: Path, orders: Sequence[Order], measure: Callable[..., dict], tell: Callable[[str], None]
) -> None:
    """Carry out what is not settled yet; the file at ``path`` is complete after every process.

    Arguments:
        found: the results so far, which grow.
        measure: `measuring.measure` or what stands in for it.
        tell: called after each order with what was measured.
    """
    missing = set()
    for number, workload, library in orders:
        if library not in missing and not results.settled(found, number, workload, library):
            load, answer = machine.load(), measure(library, workload)
            results.add(found, {"round": number, "workload": workload, "library": library, **answer, "load": load})
            results.write(found, path)
            if "missing" in answer:
                missing.add(library)
        tell(f"{workload}: {library}")


def begun() -> dict:
    """Results without any."""
    return {"machine": machine.describe(), "date": date.today().isoformat(), "load": machine.load(), "runs": []}


def resumed(path: Path) -> dict:
    """The results of an earlier run on this machine."""
    try:
        found = json.loads(path.read_text())
    except FileNotFoundError:
        raise click.UsageError(f"nothing to go on with: there is no {path}. Run without --resume") from None
    if found["machine"] != machine.describe():
        raise click.UsageError(f"{path} is from another machine or other versions. Run without --resume")
    return found


def _report(console: Console, found: dict, out: Path, libraries: Sequence[str]) -> None:
    """Print the page and write it, with the figure, beside the JSON file."""
    from benchmarks.speed.figure import draw
    from benchmarks.speed.table import page

    text = page(found)
    console.print(text, markup=False, highlight=False, soft_wrap=True)
    written: dict[str, bytes] = {}
    measured = [name for name in libraries if any(r["library"] == name and "milliseconds" in r for r in found["runs"])]
    if picture := draw(found, measured):
        written[".png"] = picture.png
        text += f"\n![{picture.alt}]({out.name}.png)\n"
    written[".md"] = text.encode()
    for ending, content in written.items():
        out.with_name(out.name + ending).write_bytes(content)
    console.print(f"wrote {', '.join(out.name + ending for ending in ('.json', *written))} in {out.parent}")
