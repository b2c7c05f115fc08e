"""How cost and memory grow: with batch size, length of a sequence, side of an image, width, and number of epochs.

    python -m benchmarks.growth                some three minutes; --help lists the options

Fits cost = constant * size**power by least squares on the logarithms. A power below the expected one means that costs
which do not depend on the size (an optimizer's update, in the case of the batch size) still weigh at the small end;
then the power between the two largest sizes comes nearer. One above it means that something grows which should not.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import click
import numpy as np
from rich.console import Console

from benchmarks.speed import results
from benchmarks.speed.command import begun, resumed, run_under_a_bar
from benchmarks.speed.libraries import MODULES
from benchmarks.speed.measuring import ROOT
from benchmarks.speed.table import markdown, number, surroundings
from benchmarks.speed.workloads import FAMILIES, OVER_EPOCHS, WORKLOADS

TRAINED_ON = ("mlp", "cnn-32", "lstm-50x100")  # over many epochs


@click.command()
@click.option("--only", default="", metavar="TEXT", help=f"Only what contains TEXT: {', '.join(FAMILIES)}, epochs.")
@click.option("--libraries", default="kerasedu,tf.keras", show_default=True, help=f"Of {', '.join(MODULES)}.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=ROOT / "benchmarks" / "results" / "growth",
    help="Where to write, without ending: .md and .json.  [default: benchmarks/results/growth]",
)
@click.option("--resume", is_flag=True, help="Go on with the file OUT.json where an interrupted run stopped.")
def main(only: str, libraries: str, out: Path, resume: bool) -> None:
    """Measure how cost and memory grow with sizes and epochs, for kerasedu and tf.keras."""
    path = out.with_name(out.name + ".json")
    found = resumed(path) if resume else begun()
    found["rounds"] = 1
    chosen, console = libraries.split(","), Console()
    orders = [(0, name, library) for name in _names() if only in name for library in chosen]
    finished = run_under_a_bar(console, found, path, orders)
    if found["runs"]:
        text = page(found, chosen)
        out.with_name(out.name + ".md").write_text(text)
        console.print(text, markup=False, highlight=False, soft_wrap=True)
    sys.exit(0 if finished else 130)


def fitted_power(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """p of cost = c * size**p, by least squares on log cost = log c + p log size."""
    return float(np.polyfit(np.log(sizes), np.log(costs), 1)[0])


def drift(resident: Sequence[float]) -> float:
    """Megabytes that each epoch adds once the first quarter is over: 0 if memory is flat."""
    rest = resident[len(resident) // 4 :]
    half = len(rest) // 2
    return (median(rest[-half:]) - median(rest[:half])) / (len(rest) - half)


def page(found: dict, libraries: Sequence[str]) -> str:
    """A table of powers and one of memory."""
    powers = [row for name in FAMILIES for library in libraries for row in _power_row(found, name, library)]
    memory = [row for name in TRAINED_ON for library in libraries for row in _memory_row(found, name, library)]
    parts = [
        "# How cost grows",
        surroundings(found),
        markdown(["size", "library", "sizes", "ms per step", "MB at most", "power", "at the end", "expected"], powers),
        "Milliseconds of one training step, and the most memory of the process, data included, at each size. Power: p "
        "of cost = c · sizeᵖ, fitted to all sizes, and at the end: to the two largest. What does not grow with the "
        "size, such as an optimizer's update with the batch, lowers it at the small end.",
        "## Memory over epochs",
        markdown(["workload", "library", "MB after the first", "MB after the last", "MB more per epoch"], memory),
        *results.remarks(found),
    ]
    return "\n\n".join(parts) + "\n"


def _names() -> Iterator[str]:
    for name, family in FAMILIES.items():
        yield from (f"{name}={size}" for size in family.sizes)
    yield from (OVER_EPOCHS + name for name in TRAINED_ON)


def _power_row(found: dict, name: str, library: str) -> Iterator[list[str]]:
    """The row, if there are two sizes at least."""
    family = FAMILIES[name]
    times = {size: results.typical(found, f"{name}={size}", library) for size in family.sizes}
    times = {size: time for size, time in times.items() if time}
    if len(times) < 2:
        return
    megabytes = [results.typical(found, f"{name}={size}", library, "megabytes") for size in times]
    low, high = family.powers
    yield [
        family.title,
        library,
        ", ".join(map(str, times)),
        ", ".join(map(number, times.values())),
        ", ".join(map(number, megabytes)),
        f"{fitted_power(list(times), list(times.values())):.2f}",
        f"{fitted_power(list(times)[-2:], list(times.values())[-2:]):.2f}",
        f"{low}" if low == high else f"{low} to {high}",
    ]


def _memory_row(found: dict, name: str, library: str) -> Iterator[list[str]]:
    for run in found["runs"]:
        if (run["workload"], run["library"]) == (OVER_EPOCHS + name, library) and "resident" in run:
            first, *_, last = run["resident"]
            yield [WORKLOADS[name].title, library, number(first), number(last), f"{drift(run['resident']):.2f}"]


if __name__ == "__main__":
    main()
