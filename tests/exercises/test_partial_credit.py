"""Points by part: each result of a function and each question of a quiz earns its own."""

from dataclasses import replace

import numpy as np
import pytest

from kerasedu.exercises import Exercise, Question, Quiz, evaluate


def sums(x):
    return x.sum(axis=0), x.sum(axis=1), x.sum()


def cases(rng):
    for shape in [(3, 3), (2, 5)]:
        yield {"x": rng.normal(size=shape)}


SUMS = Exercise("sums", "99", 6, sums, cases, (), (), ("a", "b", "c"), results=("columns", "rows", "all"))
QUIZ = Quiz(
    "quiz",
    "99",
    (
        Question("shape", "99", 1, lambda: (2, 3), {(3, 2): "Rows first."}, ("", "", "")),
        Question("number", "99", 2, lambda: 0.25, {0.5: "Square it."}, ("", "", "")),
    ),
    ("a", "b", "c"),
)


def test_each_result_that_is_right_in_every_case_earns_its_share():
    result = evaluate(SUMS, lambda x: (x.sum(axis=0), x.sum(axis=0), x.sum()))
    assert (result.right, result.points) == (False, 4)
    assert result.parts == {"columns": 2, "rows": 0, "all": 2}
    assert "result: rows" in result.message
    assert "Right in every case: columns, all." in result.message


def test_several_numbers_may_come_as_one_array():
    def largest(x):
        return np.argwhere(x == x.max())[0]

    pair = Exercise(
        "pair",
        "99",
        2,
        lambda x: divmod(int(x.argmax()), x.shape[1]),
        cases,
        (),
        (),
        ("a", "b", "c"),
        results=("row", "column"),
    )
    assert evaluate(pair, largest).right
    assert not evaluate(pair, lambda x: largest(x) + 1).right
    assert not evaluate(pair, lambda x: largest(x)[:1]).right
    assert evaluate(pair, lambda x: largest(x) * [1, 0] - [0, 1]).points == 1


def test_each_of_several_tuples_may_come_as_an_array():
    both = Exercise(
        "both", "99", 2, lambda x: (x.shape, x.strides), cases, (), (), ("a", "b", "c"), results=("shape", "strides")
    )
    assert evaluate(both, lambda x: [np.array(x.shape), np.array(x.strides)]).right
    assert evaluate(both, lambda x: (np.array(x.shape), np.array(x.shape))).points == 1


def test_a_result_right_in_one_case_only_earns_nothing():
    result = evaluate(SUMS, lambda x: (x.sum(axis=0), x.sum(axis=1) * (x.shape == (3, 3)), x.sum()))
    assert result.parts["rows"] == 0


@pytest.mark.parametrize("wrong", [lambda x: 1 / 0, lambda x: sums(x)[:2], lambda x: None, lambda x: x])
def test_an_answer_that_fails_as_a_whole_earns_nothing(wrong):
    points = evaluate(SUMS, wrong).points
    assert points == 0
    assert isinstance(points, float), "nbgrader reads a bare float"


def test_changing_the_argument_costs_all_parts():
    def changes(x):
        right = sums(x)
        x += 1
        return right

    assert evaluate(SUMS, changes).points == 0


def test_a_quiz_explains_each_answer():
    result = evaluate(QUIZ, ([3, 2], 0.25))
    assert result.points == 2
    assert result.message == "1. Rows first.\n2. right"
    assert evaluate(QUIZ, (np.zeros((2, 3)).shape, np.float64(0.25))).right


@pytest.mark.parametrize("odd", [{}, object(), np.array(3.0), 1j, "B", set(), float("nan"), True])
def test_odd_answers_become_verdicts(odd):
    result = evaluate(QUIZ, (odd, odd))
    assert not result.right
    assert result.points == 0


def running_sums(x):
    return x.sum(), tuple(x[: k + 1].sum(axis=0) for k in range(len(x)))


RUNNING = Exercise("running", "99", 2, running_sums, cases, (), (), ("a", "b", "c"), results=("total", "running"))


def test_a_result_may_be_a_list_of_arrays():
    assert evaluate(RUNNING, lambda x: [x.sum(), list(np.cumsum(x, axis=0))]).right
    result = evaluate(RUNNING, lambda x: (x.sum(), list(x)))
    assert (result.points, result.parts["total"]) == (1, 1)
    assert "result: running\n  entry of the list: [1]" in result.message
    result = evaluate(RUNNING, lambda x: (x.sum(), list(x)[1:]))
    assert "got: a list of 2\n  expected: a list of 3" in result.message
    assert "got: float64" in evaluate(RUNNING, lambda x: (x.sum(), x.sum())).message


def test_an_exercise_may_take_answers_of_a_finer_type():
    def finer(x):
        return sums(x.astype("float64"))

    single = replace(SUMS, cases=lambda rng: ({"x": case["x"].astype("float32")} for case in cases(rng)))
    open_type = replace(single, keeps_dtype=False)
    assert evaluate(single, finer, seed=0).status == "wrong dtype"
    assert evaluate(open_type, finer, seed=0).right
    assert not evaluate(open_type, lambda x: tuple(1.001 * part for part in finer(x)), seed=0).right
