"""A teacher's report names mistakes, counts them, and shows who wrote the same."""

import pytest
from classroom import LESSON, hand_in, make_course
from click.testing import CliRunner

from kerasedu import cli
from kerasedu.grading.batch import Batch, Options
from kerasedu.grading.records import Record
from kerasedu.grading.released import read_released
from kerasedu.grading.report import identical_answers, mistake_lines, slow_answers
from kerasedu.grading.scoring import Score

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("batch")]

NO_BIAS = "def dense_columns(x, kernel, bias):\n    return kernel.T @ x"
LAST_TERM = "def matmul_loops(a, b):\n    return np.outer(a[:, -1], b[-1])"
COPIED = {
    "dense_columns": "def dense_columns(x, kernel, bias):\n    return (x.T.dot(kernel) + bias).T",
    "pairwise_squared": "def pairwise_squared(x, y):\n    return np.array([[(p - q) @ (p - q) for q in y] for p in x])",
    "multiplications": "def multiplications(m, k, n):\n    return k * (m + n)",
}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    root = make_course(tmp_path_factory.mktemp("class"))
    for number in range(9):
        hand_in(root, f"student{number}", **({"matmul_loops": LAST_TERM} if number < 4 else {}))
    hand_in(root, "left", **COPIED)
    hand_in(root, "right", **{name: f"# mine\n{source}\n\n" for name, source in COPIED.items()})
    hand_in(root, "<b>bold<", dense_columns=NO_BIAS)
    broken = hand_in(root, "broken")
    broken.write_text("{")
    Batch(root, "1", Options(root / "submitted")).grade()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        result = CliRunner().invoke(cli.main, ["report", "1"])
    assert result.exit_code == 0, result.output
    return (root / "graded" / LESSON / "report.html").read_text()


def test_mistakes_are_named_and_counted(page):
    assert "4 of 12" in page
    assert "last term only" in page
    assert "add to the entry, do not overwrite it" in page


def test_identical_answers_stand_out(page):
    assert "<td>left, right</td><td>multiplications, dense_columns, pairwise_squared</td>" in page


def test_who_was_not_graded_is_told_why(page):
    assert "<td>broken</td><td>unreadable</td>" in page


def test_figures_have_text_alternatives_and_names_are_escaped(page):
    assert page.count("<img") == 2
    assert 'alt="Points of 12 students' in page
    assert "<b>bold" not in page


def test_common_answers_are_not_called_identical():
    released = read_released_lesson()
    same = {name: f"x = {name!r}" for name in released.answers}
    assert identical_answers({f"s{n}": same for n in range(10)}, released) == []
    assert len(identical_answers({"a": same, "b": same, **{f"s{n}": {} for n in range(10)}}, released)) == 1


def read_released_lesson():
    from classroom import ROOT

    return read_released(ROOT / "course" / LESSON / f"{LESSON}.ipynb")


def a_record(student, **of_score):
    return Record(student, LESSON, "graded", scores=(Score("check_x", "matmul_loops", "wrong", 0.0, 1.0, **of_score),))


def test_the_most_frequent_mistake_comes_first():
    records = [a_record("a", mistake="_b"), *(a_record(str(n), mistake="_last_term_only") for n in range(3))]
    first, second = mistake_lines(records, "01")
    assert (first.name, first.count, first.of) == ("last term only", 3, 4)
    assert (second.name, second.hint) == ("b", "")


def test_slow_answers_are_those_far_from_the_median():
    records = [a_record(str(n), seconds=0.01) for n in range(5)]
    assert slow_answers([*records, a_record("slow", seconds=3.0)]) == [("slow", "matmul_loops", 3.0, 0.01)]
    assert slow_answers([*records, a_record("quick enough", seconds=0.9)]) == []


def test_without_grades_the_command_says_what_comes_first(tmp_path, monkeypatch):
    monkeypatch.chdir(make_course(tmp_path))
    result = CliRunner().invoke(cli.main, ["report", "1"])
    assert result.exit_code == 1
    assert "comes first" in result.output
