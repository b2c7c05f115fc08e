"""The teacher's commands. Each is a thin shell around the room's functions."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from kerasedu.grading.root import find_root

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("lesson")
@click.option("--submitted", type=FOLDER, help="Submissions, STUDENT/LESSON/LESSON.ipynb.  [default: submitted]")
@click.option("--workers", type=click.IntRange(1), help="Processes on this machine.  [default: one for each core]")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler to use instead: tcp://HOST:PORT or tls://…")
@click.option("--seed", type=int, help="Draw the cases from this number.  [default: the run's own, drawn once]")
@click.option("--sandbox", type=click.Choice(["bwrap", "none"]), default="bwrap", show_default=True)
@click.option("--only", metavar="STUDENT", help="Grade this student alone.")
@click.option("--force", is_flag=True, help="Grade again what is graded, with new cases.")
def grade(lesson: str, submitted: Path | None, workers: int | None, **options) -> None:
    """Grade the submissions of LESSON: safely, quickly, and nothing is lost if it is interrupted: run it again.

    Learners' code runs in a sandbox; points are decided outside it. Results go into nbgrader's gradebook, feedback
    pages into feedback/, records into graded/.
    """
    from rich.console import Console

    from kerasedu.grading.batch import Batch, Options
    from kerasedu.grading.editions import LessonError
    from kerasedu.grading.progress import following, summary
    from kerasedu.grading.sandbox.bubblewrap import SandboxUnavailable

    console, root, start = Console(), find_root(), time.monotonic()
    if options["sandbox"] == "none":
        console.print("[bold red]No sandbox: learners' code runs with your rights, on your files.[/]")
    try:
        chosen = Options(submitted or root / "submitted", workers or len(os.sched_getaffinity(0)), **options)
        batch = Batch(root, lesson, chosen)
        with following(console, len(batch.students)) as report:
            batch.grade(report)
    except (LessonError, SandboxUnavailable) as error:
        hint = " Or, for code that you trust: --sandbox none." if isinstance(error, SandboxUnavailable) else ""
        raise click.ClickException(f"{error}.{hint}") from None
    console.print(summary([r for r in batch.records if r.student in set(batch.students)], time.monotonic() - start))
    console.print(f"Seed {batch.seed}. Gradebook and feedback are written; `kerasedu report {batch.lesson}` sums up.")


COMMANDS = (grade,)
