"""The command ``kerasedu``: lab, check, progress for learners; build, parity, bench for authors; grade for teachers."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import webbrowser
from pathlib import Path

import click

from kerasedu.grading.commands import COMMANDS
from kerasedu.grading.root import find_root

QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}


class Commands(click.Group):
    """The commands; where a package is missing, one line says what to do."""

    def invoke(self, context: click.Context):
        try:
            return super().invoke(context)
        except ModuleNotFoundError as error:
            raise click.ClickException(
                f"{error.name} is not installed here. `kerasedu doctor` says what is missing and what to do."
            ) from None


@click.group(cls=Commands)
def main() -> None:
    """Learn how Keras computes by building it."""
    os.environ.update({name: value for name, value in QUIET.items() if name not in os.environ})


@main.command()
@click.option("--port", type=int, help="Where JupyterLab listens, on this machine only.  [default: 8888, or above]")
@click.option("--no-browser", is_flag=True, help="Do not open a browser; the address is printed.")
@click.option("--prepare", is_flag=True, help="Only write the folder; do not start JupyterLab.")
def lab(port: int | None, no_browser: bool, prepare: bool) -> None:
    """Copy new lessons into workspace/ and open JupyterLab there, on a page that lists them.

    Your own work is never overwritten.
    """
    from kerasedu.grading import lab as jupyter
    from kerasedu.grading.start_page import write_start_page
    from kerasedu.grading.workspace import refresh

    root = find_root()
    workspace = root / "workspace"
    try:
        for message in refresh(root / "course", workspace):
            click.echo(message)
        write_start_page(root / "course", workspace)
        configuration = jupyter.configure(workspace)
    except PermissionError as error:
        raise click.ClickException(
            f"cannot write {error.filename}: make the folder writable, or clone the course into one that is"
        ) from None
    if prepare:
        return
    if address := jupyter.running(workspace):
        click.echo(f"JupyterLab is open on this folder already: {address}")
        if not no_browser:
            with contextlib.suppress(webbrowser.Error):  # there is none: the address is printed
                webbrowser.get().open(address)
        return
    if port and jupyter.is_taken(port):
        raise click.ClickException(f"port {port} is taken, perhaps by another JupyterLab: try --port {port + 1}")
    opens = "open the address below" if no_browser else "your browser opens"
    click.echo(f"JupyterLab starts, which takes some seconds; {opens}. Ctrl+C here, twice, ends it.")
    command = jupyter.command(workspace, port or jupyter.free_port(), browser=not no_browser)
    sys.exit(subprocess.call(command, cwd=workspace, env=jupyter.environment(configuration)))


@main.command()
def doctor() -> None:
    """Whether everything is there: versions, processor, graphics card, and what to do about what is missing.

    The exit status is 1 if something that learning needs is missing. Put the output into a bug report.
    """
    from kerasedu.doctor import examine

    report = examine()
    click.echo(report)
    sys.exit(0 if report.complete else 1)


@main.command()
@click.argument("lesson")
def check(lesson: str) -> None:
    """Run your copy of LESSON (1, 01 or its full name): a verdict, points and advice for each exercise."""
    from rich.console import Console

    from kerasedu.exercises import catalogue
    from kerasedu.exercises.result import NOT_ANSWERED
    from kerasedu.grading import workspace as learner
    from kerasedu.grading.editions import LessonError, find_lesson
    from kerasedu.grading.start_page import write_start_page

    console = Console()
    folder = find_root() / "workspace"
    try:
        name = find_lesson(lesson, find_root() / "course")
        with console.status(f"Running {name}"):
            scores = learner.check(find_root() / "course", folder / name / f"{name}.ipynb")
    except LessonError as error:
        raise click.ClickException(str(error)) from None
    automatic = [score for score in scores if score.exercise in catalogue()]
    for score in automatic:
        right, text = score.points == score.out_of, str(score)
        text = text.splitlines()[0] if score.status == NOT_ANSWERED else text
        console.print(text, style="green" if right else None, markup=False, highlight=False)
    earned, possible = (sum(getattr(score, field) for score in automatic) for field in ("points", "out_of"))
    console.print(f"{name}: {earned:g} of {possible:g} points", style="bold", highlight=False)
    learner.save_progress(folder, name, automatic)
    write_start_page(find_root() / "course", folder)


@main.command()
def progress() -> None:
    """What you have earned so far, lesson by lesson, from the last `kerasedu check` of each."""
    from rich.console import Console
    from rich.table import Table

    from kerasedu.grading.start_page import standings

    root = find_root()
    table = Table("lesson", "exercises right", "points")
    lessons = standings(root / "course", root / "workspace")
    for one in lessons:
        style = "green" if one.complete else None
        table.add_row(one.lesson, f"{one.right} of {one.exercises}", f"{one.points:g} of {one.out_of:g}", style=style)
    right, exercises, points, out_of = (
        sum(getattr(one, field) for one in lessons) for field in ("right", "exercises", "points", "out_of")
    )
    table.add_section()
    table.add_row("all", f"{right} of {exercises}", f"{points:g} of {out_of:g}")
    Console().print(table)


for command in COMMANDS:
    main.add_command(command)


@main.command()
@click.argument("lessons", nargs=-1)
def build(lessons: tuple[str, ...]) -> None:
    """Make both editions of LESSONS (all by default) from solutions/NN_topic/NN_topic.py."""
    from kerasedu.grading import editions

    root = find_root()
    try:
        names = [editions.find_lesson(lesson, root / "solutions") for lesson in lessons]
        for name in names or editions.find_lessons(root / "solutions"):
            for path in editions.build(root, name):
                click.echo(f"wrote {path.relative_to(root)}")
    except editions.LessonError as error:
        raise click.ClickException(str(error)) from None


@main.command()
@click.option("--device", type=click.Choice(["auto", "cpu", "gpu"]), default="auto", show_default=True)
@click.option(
    "--only", default="", metavar="TEXT", help="Only configurations that contain TEXT: Conv2D, LSTM, float64."
)
@click.option(
    "--backend",
    type=click.Choice(["tensorflow", "jax", "torch"]),
    help="What Keras computes with. By default what KERAS_BACKEND says, or else TensorFlow.",
)
@click.option(
    "--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes, each with a Keras of its own."
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default="parity", show_default=True)
def parity(device: str, only: str, backend: str | None, workers: int, out: Path) -> None:
    """Compare every public name with Keras: a table here; parity.html, parity.md and parity.json in the folder OUT.

    The exit status is 1 if anything is out of tolerance or could not run.
    """
    from kerasedu.parity.matrix.command import compare_everything

    try:
        passed = compare_everything(device, only, out, backend, workers)
    except (ValueError, ImportError, OSError) as error:
        raise click.ClickException(str(error)) from None
    sys.exit(0 if passed else 1)


@main.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def bench(options: tuple[str, ...]) -> None:
    """Measure training steps against tf.keras and peers on this machine; `kerasedu bench --help` has the options."""
    root = find_root()
    if not (root / "benchmarks" / "speed").is_dir():
        raise click.ClickException(
            f"{root} has no benchmarks: they are in the repository only. Clone it, and there run `make bench`"
        )
    paths = [str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    sys.exit(subprocess.call([sys.executable, "-m", "benchmarks.speed", *options], env=environment))
