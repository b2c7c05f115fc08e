"""A class is graded once, whatever interrupts it; what is new is graded, what is not stays."""

import json

import pytest
from classroom import LESSON, gradebook, hand_in, make_course
from click.testing import CliRunner
from nbgrader.api import Gradebook

from kerasedu import cli
from kerasedu.grading import batch, one, records
from kerasedu.grading import gradebook as gradebooks
from kerasedu.grading.batch import Batch, Options
from kerasedu.grading.editions import LessonError

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("batch")]

WRONG = "def dense_columns(x, kernel, bias):\n    return kernel.T @ x"


@pytest.fixture
def course(tmp_path):
    root = make_course(tmp_path)
    hand_in(root, "ada")
    hand_in(root, "ben", dense_columns=WRONG)
    return root


def grade(root, **options):
    """What was graded now, and all records."""
    whole, graded = Batch(root, "1", Options(root / "submitted", **options)), []
    before = {record.student: record for record in whole.records}
    whole.grade(graded.append)
    new = [record.student for record in graded if before.get(record.student) != record]
    return new, {record.student: record for record in whole.records}


def test_only_what_is_new_is_graded(course):
    assert grade(course)[0] == ["ada", "ben"]
    assert grade(course)[0] == []
    hand_in(course, "cyd")
    hand_in(course, "ben")
    assert grade(course)[0] == ["ben", "cyd"]
    assert {name: entry["score"] for name, entry in gradebook(course).items()} == {"ada": 22, "ben": 22, "cyd": 22}


def test_one_seed_is_recorded_and_draws_the_same_cases(course):
    _, first = grade(course)
    assert {record.seed for record in first.values()} == {
        json.loads((course / f"graded/{LESSON}/run.json").read_text())["seed"]
    }
    _, again = grade(course, force=True, seed=first["ben"].seed)
    wrong = [[s.message for s in found["ben"].scores if s.outcome == "wrong"] for found in (first, again)]
    assert wrong[0] == wrong[1] != []
    _, fresh = grade(course, force=True)
    assert fresh["ben"].seed != first["ben"].seed


def test_another_seed_for_one_student_leaves_the_class_alone(course):
    grade(course, seed=1)
    assert grade(course, only="ben", seed=2)[1]["ben"].seed == 2
    assert grade(course)[0] == ["ben"]


def test_folders_with_strange_names(course):
    names = ["é" * 120, "".join(map(chr, (0xDC80, 0xDCFF))), ".hidden", "a" * 250]
    for name in names:
        hand_in(course, name)
    _, found = grade(course)
    assert {record.points for student, record in found.items() if student not in ("ada", "ben")} == {22}
    assert len(found) == 6
    assert len(gradebook(course)) == 6


def test_one_student_alone(course):
    new, found = grade(course, only="ben")
    assert new == ["ben"]
    assert set(found) == {"ben"}
    with pytest.raises(LessonError, match="nothing from 'nobody'"):
        grade(course, only="nobody")


class Killed(BaseException):
    pass


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize(
    ("owner", "step"),
    [(records.Records, "save"), (batch, "rebuild"), (batch, "feedback_page"), (gradebooks.GradebookWriter, "write")],
)
def test_a_grader_killed_anywhere_goes_on(course, monkeypatch, owner, step, at):
    """Killed in each of the steps by which a result is kept, at the first and at the second call."""
    original, calls = getattr(owner, step), []

    def dies(*arguments):
        calls.append(arguments)
        if len(calls) == at:
            raise Killed
        return original(*arguments)

    monkeypatch.setattr(owner, step, dies)
    with pytest.raises(Killed):
        grade(course)
    monkeypatch.undo()
    _, found = grade(course)
    assert {name: record.points for name, record in found.items()} == {"ada": 22, "ben": 19}
    assert all(record.published for record in found.values())
    assert {name: entry["score"] for name, entry in gradebook(course).items()} == {"ada": 22, "ben": 19}
    assert (course / "feedback" / "ben" / LESSON / f"{LESSON}.html").is_file()


def test_a_person_s_marks_stay_when_graded_again(course):
    grade(course)
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        mark = book.find_grade("explain_broadcast", LESSON, LESSON, "ada")
        assert mark.needs_manual_grade
        mark.manual_score, mark.needs_manual_grade = 3.0, False
        book.db.commit()
    grade(course)
    assert gradebook(course)["ada"]["grades"]["explain_broadcast"] == (None, 3.0, False)
    grade(course, force=True)
    assert gradebook(course)["ada"]["grades"]["explain_broadcast"] == (None, 3.0, True)
    assert gradebook(course)["ada"]["score"] == 25


def test_comments_name_the_outcome(course):
    grade(course)
    comments = gradebook(course)["ben"]["comments"]
    assert comments["dense_columns"].startswith("wrong: Case ")
    assert comments["matmul_loops"] == "graded"
    assert comments["explain_broadcast"].startswith("needs a person")


def test_feedback_says_what_was_asked_and_gives_the_hint_but_no_answer(course):
    grade(course)
    page = (course / "feedback" / "ben" / LESSON / f"{LESSON}.html").read_text()
    assert "x (d_in, n), kernel (d_in, units), bias (units,); result (units, n)." in page
    assert "Case 1 of" in page
    assert "expected" not in page


def test_two_dask_workers_give_the_same_gradebook_as_none(course, tmp_path_factory):
    grade(course, seed=7)
    other = make_course(tmp_path_factory.mktemp("other"))
    hand_in(other, "ada")
    hand_in(other, "ben", dense_columns=WRONG)
    grade(other, seed=7, workers=2)
    assert gradebook(other) == gradebook(course)


def test_a_missing_notebook_names_what_is_there(course):
    hand_in(course, "dan").rename(course / "submitted" / "dan" / LESSON / "homework.ipynb")
    _, found = grade(course)
    assert found["dan"].outcome == "missing"
    assert "homework.ipynb" in found["dan"].message
    assert gradebook(course)["dan"]["score"] == 0


def test_the_command_shows_a_summary_and_refuses_without_a_sandbox(course, monkeypatch):
    monkeypatch.chdir(course)
    result = CliRunner().invoke(cli.main, ["grade", "1", "--workers", "1"])
    assert result.exit_code == 0, result.output
    assert "2 submissions" in result.output
    assert "dense_columns" in result.output
    monkeypatch.setenv("PATH", "/nowhere")
    one.launcher.cache_clear()
    refused = CliRunner().invoke(cli.main, ["grade", "1", "--force"])
    assert refused.exit_code == 1
    assert "--sandbox none" in refused.output
    forced = CliRunner().invoke(cli.main, ["grade", "1", "--sandbox", "none", "--workers", "1"])
    assert forced.exit_code == 0, forced.output
    assert "with your rights" in forced.output
    assert {name: entry["score"] for name, entry in gradebook(course).items()} == {"ada": 22, "ben": 19}
