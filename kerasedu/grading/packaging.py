"""The course as two archives: one to hand out, one for those who teach. The same sources give the same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import nbformat

from kerasedu.exercises.exercise import Exercise, Ordering, Question, Quiz, catalogue
from kerasedu.grading.editions import find_lessons, instructor_edition
from kerasedu.grading.executed import executed_edition, page

FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the oldest time that a zip file can hold; no file's own time is kept
BESIDE = (
    "README.md",
    "LICENSE",
    "Makefile",
    "pyproject.toml",
    "constraints.txt",
    "environment.yml",
    "nbgrader_config.py",
)
UNWANTED = {"__pycache__", ".ipynb_checkpoints"}
STUDENT_README = """# KerasEdu: the lessons

Open `NN_topic/NN_topic.ipynb` in JupyterLab where `kerasedu` is installed: on your school's server, or on your own
machine after `make lab` in a clone of the course's repository. Answer in the cells that say so, run the cell below
each, and hand the notebook in under its own name. Cells of your own are welcome; what is graded are the answer cells.
"""


def write_packages(root: Path, target: Path) -> Iterator[Path]:
    """Write ``kerasedu-student.zip`` and ``kerasedu-instructor.zip`` into ``target``; each as soon as it is there."""
    target.mkdir(parents=True, exist_ok=True)
    for name, files in (("student", student_files), ("instructor", instructor_files)):
        path = target / f"kerasedu-{name}.zip"
        write_archive(path, files(root), f"kerasedu-{name}")
        yield path


def student_files(root: Path) -> dict[str, bytes]:
    """What learners get: the released notebooks, and nothing that was not released."""
    files = {"README.md": STUDENT_README.encode(), "LICENSE": (root / "LICENSE").read_bytes()}
    for lesson in find_lessons(root / "course"):
        files[f"{lesson}/{lesson}.ipynb"] = (root / "course" / lesson / f"{lesson}.ipynb").read_bytes()
    return files


def instructor_files(root: Path) -> dict[str, bytes]:
    """What teachers get: guide, sources, executed solutions, marking schemes, mistakes, tests, configuration."""
    files = {
        "GUIDE.md": (root / "docs" / "teachers_guide.md").read_bytes(),
        "MARKING.md": marking_schemes(root).encode(),
        "MISTAKES.md": mistakes_by_lesson(root).encode(),
    }
    for name in BESIDE:
        files[name] = (root / name).read_bytes()
    for folder in ("kerasedu", "course", "tests", "docs", "benchmarks", ".ci"):
        files |= _tree(root, root / folder)
    for lesson in find_lessons(root / "solutions"):
        files |= _tree(root, root / "solutions" / lesson)
        notebook = executed_edition(root, lesson)
        files[f"executed/{lesson}.ipynb"] = (nbformat.writes(notebook) + "\n").encode()
        files[f"executed/{lesson}.html"] = page(notebook, lesson).encode()
    return files


def write_archive(path: Path, files: dict[str, bytes], folder: str) -> None:
    """A zip file whose bytes depend on names and contents alone."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{name}", FIRST_DAY)
            entry.external_attr, entry.create_system = 0o100644 << 16, 3
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED, 9)


def marking_schemes(root: Path) -> str:
    """The questions that a person grades, each with its model answer and marking scheme."""
    lines = ["# Questions that a person grades", ""]
    for lesson in find_lessons(root / "solutions"):
        for cell in instructor_edition(root / "solutions" / lesson / f"{lesson}.py").cells:
            grading = cell.metadata.get("nbgrader", {})
            if grading.get("grade") and grading.get("solution"):
                text = cell.source.replace("### BEGIN SOLUTION\n", "").replace("### END SOLUTION", "").strip()
                lines += [f"## {lesson}: {grading.grade_id}, {grading.points:g} points", "", text, ""]
    return "\n".join(lines)


def mistakes_by_lesson(root: Path) -> str:
    """The catalogue: every exercise, its known mistakes and the hints that learners get."""
    lines = ["# Known mistakes, and the hints that learners get", ""]
    for lesson in find_lessons(root / "solutions"):
        lines += [f"## {lesson}", ""]
        for item in catalogue(lesson[:2]).values():
            lines += [f"### {item.id}, {item.points:g} points", "", *_mistakes(item), ""]
    return "\n".join(lines)


def _mistakes(item: Exercise | Question | Quiz | Ordering) -> Iterator[str]:
    if isinstance(item, Exercise):
        for mistake in item.mistakes:
            number = f" (misconception {mistake.misconception})" if mistake.misconception else ""
            yield f"- {mistake.name.strip('_').replace('_', ' ')}{number}: {mistake.hint}"
    elif isinstance(item, Ordering):
        yield f"- right: {' or '.join(item.right)}"
        yield from (f"- {letter} does not belong: {why}" for letter, why in item.distractors.items())
    else:
        for question in item.questions if isinstance(item, Quiz) else (item,):
            yield f"- right: {question.right()!r}"
            yield from (f"- {wrong!r}: {hint}" for wrong, hint in question.wrong.items())


def _tree(root: Path, folder: Path) -> dict[str, bytes]:
    """Path -> content of the files of a folder that are not leftovers of running something."""
    paths = (path for path in folder.rglob("*") if path.is_file() and not UNWANTED & set(path.parts))
    kept = (path for path in paths if path.suffix != ".pyc" and not path.name.startswith("."))
    kept = (path for path in kept if not (folder.parent.name == "solutions" and path.suffix == ".ipynb"))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in kept}
