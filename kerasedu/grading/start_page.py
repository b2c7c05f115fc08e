"""The page that JupyterLab opens first: every lesson with a link and the points so far. Written anew at each start."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from kerasedu.exercises import catalogue
from kerasedu.grading.editions import find_lessons, write_if_changed
from kerasedu.grading.workspace import load_progress

NAME = "Start.md"
PAGE = """# KerasEdu

{next}

| | lesson | exercises right | points |
|---|---|---|---|
{rows}

- In a lesson, run the cells from top to bottom with **Shift+Enter**, and save with **Ctrl+S** (⌘S on a Mac).
- An answer is checked where it stands, as often as you like. The points above are counted by `kerasedu check 00`
  (the lesson's number), typed in a terminal: menu File, New, Terminal.
- This folder is yours: updates of the course overwrite none of your lessons. Only this page is written anew, at each
  start and each `kerasedu check` (then menu File, Reload Markdown File from Disk); keep notes in a file of your own.
- Something does not work? `kerasedu doctor`, in the same terminal, says what is missing and what to do.
"""


@dataclass(frozen=True)
class Standing:
    """How far a learner has come in one lesson."""

    lesson: str
    title: str
    exercises: int
    right: int
    points: float
    out_of: float

    @property
    def complete(self) -> bool:
        return self.right == self.exercises


def standings(course: Path, workspace: Path) -> list[Standing]:
    """Every lesson of the course, with the points of the last `kerasedu check` of each."""
    earned = load_progress(workspace)
    return [_standing(course / name / f"{name}.ipynb", earned.get(name, {})) for name in find_lessons(course)]


def write_start_page(course: Path, workspace: Path) -> Path:
    """Write the page into the learner's folder; where it lies."""
    lessons = standings(course, workspace)
    rows = (
        f"| {lesson.lesson[:2]} | {_link(lesson)} | {lesson.right} of {lesson.exercises} | "
        f"{lesson.points:g} of {lesson.out_of:g}{' ✓' if lesson.complete else ''} |"
        for lesson in lessons
    )
    todo = next((lesson for lesson in lessons if not lesson.complete), None)
    begun = any(lesson.points for lesson in lessons)
    verb = "Go on with" if begun else "Begin with"
    following = f"**{verb} {_link(todo, number=True)}.**" if todo else "**All exercises are right.**"
    write_if_changed(workspace / NAME, PAGE.format(next=following, rows="\n".join(rows)))
    return workspace / NAME


def _standing(notebook: Path, points: dict[str, float]) -> Standing:
    items = catalogue(notebook.stem[:2])
    return Standing(
        notebook.stem,
        _title(notebook),
        exercises=len(items),
        right=sum(points.get(name, 0) == item.points for name, item in items.items()),
        points=sum(points.values()),
        out_of=sum(item.points for item in items.values()),
    )


def _title(notebook: Path) -> str:
    """The lesson's first heading without its number."""
    first = "".join(json.loads(notebook.read_text(encoding="utf-8"))["cells"][0]["source"]).splitlines()[0]
    return first.lstrip("# ").removeprefix(notebook.stem[:2]).strip()


def _link(lesson: Standing, number: bool = False) -> str:
    text = f"{lesson.lesson[:2]} {lesson.title}" if number else lesson.title
    return f"[{text}]({lesson.lesson}/{lesson.lesson}.ipynb)"
