"""Grades leave as CSV that Canvas, Moodle and spreadsheets read, and that no spreadsheet executes."""

import csv
import io
import os
import subprocess
import sys

import pytest
from classroom import LESSON, ROOT, gradebook, hand_in, make_course
from click.testing import CliRunner
from nbgrader.api import Gradebook

from kerasedu import cli
from kerasedu.grading.batch import Batch, Options
from kerasedu.grading.exporting import defuse

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("batch")]

WRONG = "def dense_columns(x, kernel, bias):\n    return kernel.T @ x"
EVIL = "=cmd|' calc'!A0"
LATE_POLICY = """
from nbgrader.plugins import LateSubmissionPlugin

class OnePointADay(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 1.0 * -(-total_seconds_late // 86400)

c = get_config()
c.AssignLatePenalties.plugin_class = OnePointADay
c.CourseDirectory.root = {root!r}
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = make_course(tmp_path_factory.mktemp("class"))
    (root / "nbgrader_config.py").write_text(LATE_POLICY.format(root=str(root)))
    hand_in(root, "ada")
    hand_in(root, EVIL, dense_columns=WRONG)
    late = hand_in(root, 'O, "Brien')
    (late.parent / "timestamp.txt").write_text("2026-11-03 08:30:00 UTC\n")
    with Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        book.update_or_create_student("absent")
        book.update_or_create_student("ada", first_name="Ada", last_name="Lovelace", lms_user_id="501")
    Batch(root, "1", Options(root / "submitted", due="2026-11-01 23:59 UTC")).grade()
    return root


@pytest.fixture
def exported(course, monkeypatch):
    def read(form):
        monkeypatch.chdir(course)
        result = CliRunner().invoke(cli.main, ["export", "1", "--format", form])
        assert result.exit_code == 0, result.output
        return list(csv.reader(io.StringIO((course / "graded" / LESSON / f"{form}.csv").read_text())))

    return read


def test_plain(exported):
    heading, *rows = exported("csv")
    table = {row[0]: dict(zip(heading, row)) for row in rows}
    assert set(table) == {"ada", f"'{EVIL}", 'O, "Brien', "absent"}
    assert table["ada"]["total"] == "22.0"
    assert (table[f"'{EVIL}"]["dense_columns"], table[f"'{EVIL}"]["dense_columns outcome"]) == ("0.0", "wrong")
    assert (table["absent"]["outcome"], table["absent"]["points"]) == ("missing", "0.0")
    assert table["ada"]["needs_a_person"] == "yes"


def test_the_late_policy_is_nbgrader_s_plugin(course, exported):
    assert gradebook(course)['O, "Brien']["penalty"] == 2.0
    assert gradebook(course)["ada"]["penalty"] is None
    heading, *rows = exported("csv")
    late = next(dict(zip(heading, row)) for row in rows if row[0] == 'O, "Brien')
    assert (late["points"], late["penalty"], late["total"]) == ("22.0", "2.0", "20.0")
    assert late["submitted"].startswith("2026-11-03 08:30")


def test_canvas(exported):
    heading, possible, *rows = exported("canvas")
    assert heading == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", LESSON]
    assert possible[0] == "Points Possible" and possible[-1] == "26.0"
    assert ["Lovelace, Ada", "501", "", "ada", "", "22.0"] in rows


def test_moodle(exported):
    heading, *rows = exported("moodle")
    ada = next(dict(zip(heading, row)) for row in rows if row[1] == "Ada Lovelace")
    assert (ada["Identifier"], ada["Grade"], ada["Maximum Grade"]) == ("Participant 501", "22.0", "26.0")


def test_nbgrader_exports_the_same(course, exported):
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        scores = {s.student_id: s.score for s in book.assignment_submissions(LESSON)}
    heading, *rows = exported("csv")
    ours = {row[0].lstrip("'"): float(row[heading.index("points")]) for row in rows}
    assert ours == {**scores, "absent": 0}


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "|cmd"])
def test_formulas_are_defused(cell):
    assert defuse(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Ada", "1 = 1", -1.0, ""])
def test_everything_else_stays(cell):
    assert defuse(cell) == cell


def test_stock_nbgrader_export_opens_the_gradebook(course):
    command = [sys.executable, "-m", "nbgrader", "export", "--to", "stock.csv"]
    subprocess.run(command, cwd=course, check=True, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    with open(course / "stock.csv") as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert {name: scores[name] for name in ("ada", EVIL, "absent")} == {"ada": 22, EVIL: 19, "absent": 0}
    assert 'O, "Brien' not in scores  # it does not quote: reason enough for an export of our own
