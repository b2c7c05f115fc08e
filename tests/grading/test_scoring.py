"""The right answers of every lesson get every point outside the notebook, too; what is not answered gets none."""

from pathlib import Path

import pytest

from kerasedu.exercises import catalogue
from kerasedu.exercises.exercise import Exercise
from kerasedu.grading import outcomes
from kerasedu.grading.editions import find_lessons, instructor_edition
from kerasedu.grading.released import ANSWER, TEST, Released, Step, read_released
from kerasedu.grading.sandbox import wire
from kerasedu.grading.sandbox.bubblewrap import Bubblewrap
from kerasedu.grading.sandbox.limits import Limits
from kerasedu.grading.sandbox.unconfined import Unconfined
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


def test_an_answer_that_defines_something_else():
    steps = (
        Step(ANSWER, "product_layer", ""),
        Step(TEST, "check_product_layer", 'check("product_layer", product_layer)', 2.0),
    )
    (one,) = score(
        Released("01", steps), {"product_layer": "def layer(a, b):\n    return a @ b"}, Unconfined(Limits()), 1
    )
    assert (one.outcome, one.message) == (outcomes.MISSING, "The answer cell defines nothing called 'product_layer'.")


WITH_KERAS = """
import keras

def dense_columns(x, kernel, bias):
    return keras.ops.convert_to_numpy(keras.ops.matmul(kernel.T, x)) + bias[:, None]
"""


@pytest.mark.parity
@pytest.mark.parametrize("launcher", [Bubblewrap, Unconfined])
def test_an_exercise_about_keras_gets_keras_and_no_other_does(launcher):
    steps = (
        Step(ANSWER, "dense_columns", "", keras=True),
        Step(TEST, "check_dense_columns", 'check("dense_columns", dense_columns)', 3.0, keras=True),
        Step(ANSWER, "product_layer", ""),
        Step(TEST, "check_product_layer", 'check("product_layer", product_layer)', 2.0),
    )
    cheating = "import kerasedu\ndef dense_columns(x, kernel, bias):\n    return 0"
    product = "import keras\ndef product_layer(a, b):\n    return keras.ops.matmul(a, b)"
    right, no_keras = score(
        Released("01", steps), {"dense_columns": WITH_KERAS, "product_layer": product}, launcher(Limits()), seed=1
    )
    assert (right.outcome, no_keras.outcome) == (outcomes.GRADED, outcomes.CRASHED), (right, no_keras)
    no_kerasedu, _ = score(Released("01", steps), {"dense_columns": cheating}, launcher(Limits()), seed=1)
    assert "ModuleNotFoundError" in no_kerasedu.message
