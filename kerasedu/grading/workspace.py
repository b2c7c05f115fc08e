"""The learner's folder: private copies of the lessons, which updates never overwrite, and what was earned so far."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from kerasedu.exercises import catalogue
from kerasedu.grading.editions import LessonError, write_if_changed

CELL_SECONDS = 60  # a learner's cell that runs longer is interrupted


@dataclass(frozen=True)
class Verdict:
    """What one test cell said of one exercise."""

    exercise: str
    points: float
    out_of: float
    message: str


def refresh(course: Path, workspace: Path) -> list[str]:
    """Copy lessons that are new; say what happened.

    A lesson that changed in the course since it was copied is replaced only if the learner has not touched it;
    otherwise the new version is laid beside theirs, as ``NN_topic.new.ipynb``.
    """
    messages = []
    record = workspace / ".kerasedu" / "copied.json"
    copied = json.loads(record.read_text()) if record.is_file() else {}
    for source in sorted(course.glob("[0-9][0-9]_*/*.ipynb")):
        lesson, new = source.stem, source.read_text()
        target = workspace / lesson / source.name
        if not target.exists():
            write_if_changed(target, new)
            messages.append(f"{lesson}: copied to {target.parent}")
        elif copied.get(lesson) not in (None, new) and target.read_text() == copied[lesson]:
            write_if_changed(target, new)
            messages.append(f"{lesson}: updated")
        elif copied.get(lesson) not in (None, new):
            beside = target.with_suffix(".new.ipynb")
            write_if_changed(beside, new)
            messages.append(f"{lesson}: your copy is kept; the new version lies beside it as {beside.name}")
        copied[lesson] = new
    write_if_changed(record, json.dumps(copied))
    return messages


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """The notebook in ``path``.

    Raises:
        LessonError: the file is missing or is not a whole notebook.
    """
    try:
        return nbformat.read(path, as_version=4)
    except FileNotFoundError:
        raise LessonError(f"{path} is missing. `kerasedu lab` makes a fresh copy.") from None
    except Exception as error:
        raise LessonError(
            f"{path} is not a whole notebook ({type(error).__name__}). Was it saved to the end? JupyterLab keeps "
            "an earlier version in .ipynb_checkpoints; or move it away, and `kerasedu lab` makes a fresh copy."
        ) from None


def check(notebook_path: Path) -> list[Verdict]:
    """Run the learner's copy in a kernel of its own and read what its test cells say. The file stays as it is."""
    notebook = read_notebook(notebook_path)
    lesson = notebook_path.stem[:2]
    client = NotebookClient(
        notebook, timeout=CELL_SECONDS, interrupt_on_timeout=True, allow_errors=True, kernel_name="python3"
    )
    client.execute(cwd=str(notebook_path.parent))
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    verdicts = []
    for identifier, item in catalogue(lesson).items():
        cell = cells.get(f"check_{identifier}")
        points, message = (0.0, "its test cell is missing from the notebook") if cell is None else _read_outputs(cell)
        verdicts.append(Verdict(identifier, min(points, item.points), item.points, message))
    return verdicts


def save_progress(workspace: Path, lesson: str, verdicts: list[Verdict]) -> None:
    """Keep the points of the last check of a lesson."""
    path = workspace / ".kerasedu" / "progress.json"
    progress = load_progress(workspace)
    progress[lesson] = {verdict.exercise: verdict.points for verdict in verdicts}
    write_if_changed(path, json.dumps(progress, indent=1))


def load_progress(workspace: Path) -> dict[str, dict[str, float]]:
    """Lesson -> exercise -> points, from the checks so far."""
    path = workspace / ".kerasedu" / "progress.json"
    return json.loads(path.read_text()) if path.is_file() else {}


def _read_outputs(cell: nbformat.NotebookNode) -> tuple[float, str]:
    points, lines = 0.0, []
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stdout":
            lines.append(output.text.rstrip())
        elif output.output_type == "execute_result":
            try:
                points = float(output.data["text/plain"])
            except ValueError:
                lines.append("the test cell's last line was changed: it must be the check itself")
        elif output.output_type == "error":
            lines.append(f"{output.ename}: {output.evalue}. Run the answer cell above it first.")
    return points, "\n".join(lines)
