"""The learner's folder: private copies of the lessons, which updates never overwrite, and what was earned so far."""

from __future__ import annotations

import json
from pathlib import Path

from kerasedu.grading.editions import LessonError, write_if_changed
from kerasedu.grading.intake import Missing, Unreadable, read_submission
from kerasedu.grading.released import read_released
from kerasedu.grading.sandbox.limits import Limits
from kerasedu.grading.sandbox.unconfined import Unconfined
from kerasedu.grading.scoring import Score, score


def refresh(course: Path, workspace: Path) -> list[str]:
    """Copy lessons that are new; say what happened.

    A lesson that changed in the course since it was copied is replaced only if the learner has not touched it;
    otherwise the new version is laid beside theirs, as ``NN_topic.new.ipynb``.
    """
    messages: list[str] = []
    fresh: list[str] = []
    record = workspace / ".kerasedu" / "copied.json"
    copied = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else {}
    for source in sorted(course.glob("[0-9][0-9]_*/*.ipynb")):
        lesson, new = source.stem, source.read_text(encoding="utf-8")
        target = workspace / lesson / source.name
        if not target.exists():
            write_if_changed(target, new)
            fresh.append(lesson)
        elif copied.get(lesson) not in (None, new) and target.read_text(encoding="utf-8") == copied[lesson]:
            write_if_changed(target, new)
            messages.append(f"{lesson}: updated")
        elif copied.get(lesson) not in (None, new):
            beside = target.with_suffix(".new.ipynb")
            write_if_changed(beside, new)
            messages.append(f"{lesson}: your copy is kept; the new version lies beside it as {beside.name}")
        copied[lesson] = new
    write_if_changed(record, json.dumps(copied))
    if fresh:
        count = f"{len(fresh)} lessons, {fresh[0]} to {fresh[-1]}," if len(fresh) > 1 else fresh[0]
        messages.insert(0, f"{count} copied to {workspace}")
    return messages


def check(course: Path, notebook_path: Path) -> list[Score]:
    """Score the learner's copy as ``kerasedu grade`` would, in a process of its own. The file stays as it is.

    What counts are the answer cells; cells of the learner's own are not run. Messages hold nothing back.

    Raises:
        LessonError: the file is missing or is not a whole notebook.
    """
    released = read_released(course / notebook_path.parent.name / notebook_path.name)
    try:
        submission = read_submission(notebook_path.parent, notebook_path, released)
    except Missing:
        raise LessonError(f"{notebook_path} is missing. `kerasedu lab` makes a fresh copy.") from None
    except Unreadable as error:
        raise LessonError(
            f"{notebook_path} is not a whole notebook: {error} JupyterLab keeps an earlier version in "
            ".ipynb_checkpoints; or move it away, and `kerasedu lab` makes a fresh copy."
        ) from None
    return score(released, submission.answers, Unconfined(Limits()), seed=None, disclose=True)


def save_progress(workspace: Path, lesson: str, scores: list[Score]) -> None:
    """Keep the points of the last check of a lesson."""
    path = workspace / ".kerasedu" / "progress.json"
    progress = load_progress(workspace)
    progress[lesson] = {score.exercise: score.points for score in scores if score.points is not None}
    write_if_changed(path, json.dumps(progress, indent=1))


def load_progress(workspace: Path) -> dict[str, dict[str, float]]:
    """Lesson -> exercise -> points, from the checks so far."""
    path = workspace / ".kerasedu" / "progress.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
