"""What a learner reads of a prediction that is not right."""

import numpy as np
import pytest

from kerasedu.exercises import Question, evaluate
from kerasedu.exercises.exercise import Ordering

WAY = Question("way", "99", 1, lambda: 0.25, {0.7071: "Take the root of the other one."}, ("", "", ""))
LINES = Ordering("lines", "99", 1, ("CAB",), {"D": "That is another line."})
LETTER = Question("letter", "99", 1, lambda: "B", {"A": "That is nan."}, ("", "", ""))


@pytest.mark.parametrize(
    ("question", "given", "words"),
    [
        (WAY, np.sqrt(0.5), "root of the other"),
        (WAY, 0.255, "four digits"),
        (WAY, 0.5, "smaller example"),
        (LETTER, " a", "nan"),
        (LETTER, "nan", "one of the letters"),
        (LETTER, "C", "smaller example"),
    ],
)
def test_a_wrong_prediction_gets_the_advice_that_fits(question, given, words):
    result = evaluate(question, given)
    assert not result.right and words in result.message


@pytest.mark.parametrize("given", ["B", "b ", np.str_("b")])
def test_a_letter_may_be_small(given):
    assert evaluate(LETTER, given).right


@pytest.mark.parametrize(
    ("letters", "words"),
    [
        ("ACB", "first line is another"),
        ("CBA", "The first line is right;"),
        ("CA", "lines are missing"),
        ("CABA", "nothing comes after"),
        ("CAD", "That is another line"),
    ],
)
def test_lines_in_a_wrong_order_get_the_advice_that_fits(letters, words):
    result = evaluate(LINES, letters)
    assert not result.right and words in result.message
