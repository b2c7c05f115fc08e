"""Every attack is contained and graded as its honest worth; beside them honest submissions get their marks."""

import json
import os
import re
import shutil
import socket
from pathlib import Path

import honest
import nbformat
import on_the_file
import on_the_grade
import on_the_machine
import on_time_and_memory
import pytest
from case import ALL, LESSON, TARGET
from nbgrader.api import Gradebook

from kerasedu.grading.batch import Batch, Options
from kerasedu.grading.editions import instructor_edition
from kerasedu.grading.sandbox.limits import MB, Limits

ROOT = Path(__file__).parents[3]
HOSTILE = [*on_time_and_memory.CASES, *on_the_machine.CASES, *on_the_grade.CASES, *on_the_file.CASES]
CASES = [*HOSTILE, *honest.CASES]
LIMITS = Limits(
    cell_seconds=2,
    function_seconds=1.5,
    submission_seconds=20,
    cpu_seconds=5,
    memory=350 * MB,
    address_space=700 * MB,
    scratch=8 * MB,
    file_size=4 * MB,
    processes=24,
)

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("hostile")]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course in which every case was handed in and graded, all in one batch."""
    root = tmp_path_factory.mktemp("class") / "course"
    for folder in ("course", "solutions"):
        shutil.copytree(ROOT / folder / LESSON, root / folder / LESSON)
    solved = instructor_edition(root / "solutions" / LESSON / f"{LESSON}.py")
    with socket.socket() as listener, pytest.MonkeyPatch.context() as environment:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        environment.setenv("KERASEDU_SECRET", "secret")
        for case in CASES:
            hand_in(root, case, solved, listener.getsockname()[1])
        batch = Batch(root, LESSON, Options(root / "submitted", limits=LIMITS))
        before = snapshot(root)
        batch.grade()
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody has called
            listener.accept()
    return root, {record.student: record for record in batch.records}, before


def hand_in(root, case, solved, port):
    notebook = nbformat.from_dict(solved)
    released = nbformat.read(root / "course" / LESSON / f"{LESSON}.ipynb", as_version=4)
    handed_out = {c.metadata.nbgrader.grade_id: c.source for c in released.cells if "nbgrader" in c.metadata}
    for cell in notebook.cells:
        identifier = cell.metadata.get("nbgrader", {}).get("grade_id")
        answer = case.answers.get(identifier)
        if answer is honest.UNTOUCHED:
            cell.source = handed_out[identifier]
        elif answer is not None:
            cell.source = answer.replace("{root}", str(root)).replace("{port}", str(port))
    if case.change:
        case.change(notebook)
    write = case.write or on_the_file.with_files()
    write(root / "submitted" / case.name / LESSON, json.dumps(notebook))


def snapshot(root):
    """What lies in the course besides what grading writes."""
    made = {"autograded", "feedback", "graded"}
    paths = [p for p in root.rglob("*") if p.relative_to(root).parts[0] not in made and "gradebook" not in p.name]
    return {path: (path.lstat().st_mtime_ns, path.lstat().st_size) for path in paths}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_submission_gets_what_it_is_worth(course, case):
    record = course[1][case.name]
    of_target = {score.exercise: score.outcome for score in record.scores}.get(TARGET, record.outcome)
    assert (record.points, of_target) == (case.points, case.outcome), (record.message, record.scores)


def test_there_are_enough_of_both_kinds():
    assert len(HOSTILE) >= 45
    assert len(honest.CASES) >= 10
    assert len({case.name for case in CASES}) == len(CASES)


def test_the_course_is_as_it_was(course):
    root, _, before = course
    assert snapshot(root) == before
    assert not (root / "escaped").exists()


def test_no_process_is_left(course):
    commands = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if os.access(path, os.R_OK)]
    assert not [
        command for command in commands if b"/grader/worker.py" in command and str(os.getpid()).encode() in command
    ]


def test_the_gradebook_has_the_same_points_and_outcomes(course):
    root, records, _ = course
    with Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        for case in CASES:
            notebook = book.find_submission_notebook(LESSON, LESSON, case.name)
            assert notebook.score == case.points
            comments = {comment.name: comment.auto_comment for comment in notebook.comments}
            outcome = records[case.name].outcome if not records[case.name].scores else case.outcome
            assert comments[TARGET].startswith(outcome)


def test_no_page_runs_a_script_and_none_shows_a_solution(course):
    root, records, _ = course
    for student in records:
        page = (root / "feedback" / student / LESSON / f"{LESSON}.html").read_text()
        assert "<script" not in page
        notebook = nbformat.read(root / "autograded" / student / LESSON / f"{LESSON}.ipynb", as_version=4)
        texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
        assert not re.search(r"<(script|img|!--)", "".join(texts), re.IGNORECASE)
        assert "BEGIN SOLUTION" not in page


def test_the_duplicated_answer_is_remarked_upon(course):
    assert "more than once" in course[1]["duplicated_answer"].notes[0]


def test_most_points_are_what_the_lesson_has(course):
    assert max(record.points for record in course[1].values()) == ALL
