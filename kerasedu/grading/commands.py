"""The teacher's commands. Each is a thin shell around the room's functions."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from kerasedu.grading.root import find_root

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("lesson")
@click.option("--submitted", type=FOLDER, help="Submissions, STUDENT/LESSON/LESSON.ipynb.  [default: submitted]")
@click.option("--workers", type=click.IntRange(1), help="Processes on this machine.  [default: one for each core]")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler to use instead: tcp://HOST:PORT or tls://…")
@click.option("--seed", type=int, help="Draw the cases from this number.  [default: the run's own, drawn once]")
@click.option("--sandbox", type=click.Choice(["bwrap", "none"]), default="bwrap", show_default=True)
@click.option("--due", metavar="TIME", help='When it is due, "2026-11-30 23:59 UTC": later ones get the late policy.')
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
        chosen = Options(submitted or root / "submitted", workers or _cores(), **options)
        batch = Batch(root, lesson, chosen)
        with following(console, len(batch.folders)) as report:
            batch.grade(report)
    except (LessonError, SandboxUnavailable) as error:
        hint = " Or, for code that you trust: --sandbox none." if isinstance(error, SandboxUnavailable) else ""
        raise click.ClickException(f"{error}.{hint}") from None
    console.print(
        summary([record for record in batch.records if record.student in batch.folders], time.monotonic() - start)
    )
    console.print(f"Seed {batch.seed}. Gradebook and feedback are written; `kerasedu report {batch.lesson}` sums up.")


@click.command()
@click.argument("lesson")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--roster", type=FILE, help="CSV: your own (id, first_name, last_name, email), Canvas's or Moodle's.")
def collect(lesson: str, source: Path, roster: Path | None) -> None:
    """Bring the submissions of LESSON into submitted/ from SOURCE.

    SOURCE is a folder as nbgrader has it, a folder of files named after their students, or the zip file in which
    Canvas or Moodle hands out submissions. The roster tells who is who, and who is missing.
    """
    from kerasedu.grading import collecting
    from kerasedu.grading.editions import LessonError, find_lesson
    from kerasedu.grading.gradebook import open_gradebook
    from kerasedu.grading.roster import read_roster

    root = find_root()
    try:
        name = find_lesson(lesson, root / "course")
        people = read_roster(roster) if roster else []
        with open_gradebook(root) as book:
            for person in people:
                columns = {column: value for column, value in person.to_dict().items() if value}
                book.update_or_create_student(columns.pop("id"), **columns)
        for message in collecting.collect(source, name, root / "submitted", people):
            click.echo(message)
    except LessonError as error:
        raise click.ClickException(str(error)) from None
    missing = [person.id for person in people if not (root / "submitted" / person.id / name).is_dir()]
    if missing:
        click.echo(f"nothing from {len(missing)} of {len(people)}: {', '.join(missing)}")


@click.command()
@click.argument("lesson")
@click.option("--format", "form", type=click.Choice(["csv", "canvas", "moodle"]), default="csv", show_default=True)
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="[default: graded/LESSON/FORMAT.csv]")
def export(lesson: str, form: str, to: Path | None) -> None:
    """Write the grades of LESSON as CSV, in the form that Canvas or Moodle imports, or plain."""
    from kerasedu.grading import exporting
    from kerasedu.grading.editions import LessonError, find_lesson, write_if_changed
    from kerasedu.grading.gradebook import open_gradebook
    from kerasedu.grading.records import Records

    root = find_root()
    try:
        name = find_lesson(lesson, root / "course")
        with open_gradebook(root) as book:
            lines = exporting.read_lines(book, Records(root, name), name)
    except LessonError as error:
        raise click.ClickException(str(error)) from None
    path = to or root / "graded" / name / f"{form}.csv"
    write_if_changed(path, exporting.write(lines, name, form))
    click.echo(f"wrote {len(lines)} students to {path}")


@click.command()
@click.argument("lesson")
def report(lesson: str) -> None:
    """Sum up how the class did in LESSON: points, exercises, mistakes, identical answers, as a page in graded/."""
    import nbformat

    from kerasedu.grading.editions import LessonError, find_lesson, write_if_changed
    from kerasedu.grading.records import Records
    from kerasedu.grading.released import read_answers, read_released
    from kerasedu.grading.report import report_page

    root = find_root()
    try:
        name = find_lesson(lesson, root / "course")
    except LessonError as error:
        raise click.ClickException(str(error)) from None
    records = list(Records(root, name))
    if not records:
        raise click.ClickException(f"nothing is graded yet: `kerasedu grade {name[:2]}` comes first")
    answers = {}
    for record in records:
        path = root / "autograded" / record.student / name / f"{name}.ipynb"
        answers[record.student] = read_answers(nbformat.read(path, as_version=4)) if record.scores else {}
    page = report_page(records, answers, read_released(root / "course" / name / f"{name}.ipynb"))
    path = root / "graded" / name / "report.html"
    write_if_changed(path, page)
    click.echo(f"wrote {path}")


@click.command()
@click.option("--to", type=FOLDER, default="dist", show_default=True, help="Where the two archives go.")
def package(to: Path) -> None:
    """Pack the course into two archives: one for students, one for instructors.

    The instructor's has the lessons with their outputs, so each lesson runs once; that takes minutes.
    """
    from rich.console import Console

    from kerasedu.grading.packaging import write_packages

    console, root = Console(), find_root()
    with console.status("Running lessons that have changed, and packing"):
        for path in write_packages(root, to):
            console.print(f"wrote {path}, {path.stat().st_size / 1e6:.1f} MB")


def _cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


COMMANDS = (grade, collect, export, report, package)
