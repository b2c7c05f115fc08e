"""The right answers of every lesson get every point outside the notebook, too; what is not answered gets none."""

from pathlib import Path

import pytest

from kerasedu.exercises import catalogue
from kerasedu.exercises.exercise import Exercise
from kerasedu.grading import outcomes
from kerasedu.grading.editions import find_lessons, instructor_edition
from kerasedu.grading.released import read_released
from kerasedu.grading.sandbox import wire
from kerasedu.grading.sandbox.bubblewrap import Bubblewrap
from kerasedu.grading.sandbox.limits import Limits
from kerasedu.grading.scoring import score

ROOT = Path(__file__).parents[2]
LESSONS = find_lessons(ROOT / "course")


def released(lesson):
    return read_released(ROOT / "course" / lesson / f"{lesson}.ipynb")


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_instructor_s_answers_are_right(lesson):
    notebook = instructor_edition(ROOT / "solutions" / lesson / f"{lesson}.py")
    answers = {c.metadata.nbgrader.grade_id: c.source for c in notebook.cells if "nbgrader" in c.metadata}
    scores = score(released(lesson), answers, Bubblewrap(Limits()), seed=1)
    assert {s.exercise for s in scores if s.points is not None} == set(catalogue(lesson[:2]))
    assert [str(s) for s in scores if s.outcome not in (outcomes.GRADED, outcomes.NEEDS_A_PERSON)] == []
    assert all(s.points == s.out_of for s in scores if s.outcome == outcomes.GRADED)


@pytest.mark.parametrize("lesson", LESSONS)
def test_what_was_handed_out_earns_nothing(lesson):
    edition = released(lesson)
    scores = score(edition, edition.answers, Bubblewrap(Limits()), seed=1)
    assert {s.outcome for s in scores} == {outcomes.MISSING}
    assert sum(s.points for s in scores) == 0


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_case_of_every_exercise_can_be_sent(lesson):
    """So that no exercise can be added that graders could not grade."""
    import io

    import numpy as np

    for exercise in catalogue(lesson[:2]).values():
        if isinstance(exercise, Exercise):
            for case in exercise.cases(np.random.default_rng(0)):
                stream = io.BytesIO()
                wire.write_frame(stream, {"arguments": tuple(case.values())})
                stream.seek(0)
                back = wire.read_frame(stream)["arguments"]
                assert not [one for one in back if isinstance(one, wire.Opaque)], exercise.id
