"""The verdict on an answer, whatever kind of exercise it answers."""

from __future__ import annotations

import os
import secrets
from typing import Any

from kerasedu.exercises.exercise import Exercise, Item, Ordering, Question, Quiz
from kerasedu.exercises.judging_functions import judge_function
from kerasedu.exercises.judging_predictions import judge_order, judge_prediction, judge_quiz
from kerasedu.exercises.result import RIGHT, Result

JUDGES = {Exercise: judge_function, Question: judge_prediction, Quiz: judge_quiz, Ordering: judge_order}


def evaluate(item: Item, given: Any, seed: int | None = None) -> Result:
    """The verdict on ``given``.

    Arguments:
        item: an entry of ``catalogue()``.
        given: the learner's function, prediction, tuple of predictions or order.
        seed: what the cases are drawn from; by default the environment's KERASEDU_SEED, else a new one each time.
    """
    if seed is None:
        seed = int(os.environ.get("KERASEDU_SEED") or secrets.randbelow(2**31))
    status, message, details = JUDGES[type(item)](item, given, seed)
    points = float(item.points if status == RIGHT else round(sum(details.get("parts", {}).values()), 2))
    return Result(item.id, item.lesson, status, points, item.points, message, seed=seed, **details)
