"""Of every exercise: right answers pass, each known mistake fails and is named, an empty answer fails clearly."""

import re
from dataclasses import replace

import pytest

from kerasedu.exercises import Exercise, Ordering, Question, Quiz, catalogue, evaluate
from kerasedu.exercises.result import CHANGED_INPUT, NOT_ANSWERED, RAISED, TOO_SLOW, WRONG_TYPE

EXERCISES = [item for item in catalogue().values() if isinstance(item, Exercise)]
QUIZZES = [item for item in catalogue().values() if isinstance(item, Quiz)]
QUESTIONS = [item for item in catalogue().values() if isinstance(item, Question)]
QUESTIONS += [question for quiz in QUIZZES for question in quiz.questions]
ORDERINGS = [item for item in catalogue().values() if isinstance(item, Ordering)]
SEEDS = range(3)
MORE_SEEDS = range(1000, 1004)
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.id)


def stub(*args, **kwargs):
    raise NotImplementedError("your answer")


@each_exercise
def test_there_are_enough_mistakes_alternatives_and_hints(exercise):
    assert len(exercise.mistakes) >= 4
    assert len(exercise.alternatives) >= 2
    assert len({h for h in exercise.hints if h}) == 3


@each_exercise
@pytest.mark.parametrize("seed", SEEDS)
def test_right_answers_are_accepted_however_written(exercise, seed):
    for function in (exercise.reference, *exercise.alternatives):
        result = evaluate(exercise, function, seed)
        assert result.right, result
        assert result.points == exercise.points


@each_exercise
@pytest.mark.parametrize("seed", SEEDS)
def test_each_mistake_is_rejected_and_named(exercise, seed):
    for mistake in exercise.mistakes:
        result = evaluate(exercise, mistake.function, seed)
        assert not result.right
        assert result.points < exercise.points if exercise.results else result.points == 0
        assert result.mistake == mistake.name, result
        assert mistake.hint in result.message


@each_exercise
def test_other_seeds_give_the_same_verdicts(exercise):
    nameless = replace(exercise, mistakes=())  # to look for the mistake's name takes most of the time
    for seed in MORE_SEEDS:
        refused = [f.__name__ for f in exercise.alternatives if not evaluate(nameless, f, seed).right]
        accepted = [m.name for m in exercise.mistakes if evaluate(nameless, m.function, seed).right]
        assert not refused, f"{refused} refused for seed {seed}"
        assert not accepted, f"{accepted} accepted for seed {seed}"


@each_exercise
def test_an_unanswered_exercise_says_so(exercise):
    assert evaluate(exercise, stub).status == NOT_ANSWERED
    assert evaluate(exercise, lambda *args: None).status == NOT_ANSWERED
    assert evaluate(exercise, 3).status == "not a function"


@each_exercise
def test_errors_endless_loops_and_odd_answers_become_verdicts(exercise, monkeypatch):
    monkeypatch.setattr("kerasedu.exercises.judging_functions.SECONDS", 0.2)

    def loops(*args):
        while True:
            pass

    assert evaluate(exercise, lambda *args: 1 / 0).status == RAISED
    assert evaluate(exercise, loops).status == TOO_SLOW
    assert evaluate(exercise, lambda *args: "text").status == WRONG_TYPE


@pytest.mark.parametrize(
    "exercise", [e for e in EXERCISES if e.id in ("dense_columns", "matmul_loops")], ids=lambda e: e.id
)
def test_changing_an_argument_is_noticed(exercise):
    def changes(*args):
        right = exercise.reference(*args)
        args[0][...] = 0
        return right

    assert evaluate(exercise, changes).status == CHANGED_INPUT


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.id)
def test_a_question_knows_right_from_wrong(question):
    assert evaluate(question, question.right()).right
    assert evaluate(question, None).status == NOT_ANSWERED
    assert evaluate(question, object()).points == 0
    for wrong, advice in question.wrong.items():
        result = evaluate(question, wrong)
        assert result.points == 0
        assert result.message == advice


@pytest.mark.parametrize("quiz", QUIZZES, ids=lambda q: q.id)
def test_a_quiz_gives_each_question_its_points(quiz):
    answers = [question.right() for question in quiz.questions]
    assert evaluate(quiz, tuple(answers)).points == quiz.points
    assert evaluate(quiz, (None,) * len(answers)).points == 0
    for place, question in enumerate(quiz.questions):
        result = evaluate(quiz, (*answers[:place], None, *answers[place + 1 :]))
        assert result.points == quiz.points - question.points
        assert result.parts[question.id] == 0
    assert evaluate(quiz, answers[0]).status == WRONG_TYPE


@pytest.mark.parametrize("ordering", ORDERINGS, ids=lambda o: o.id)
def test_an_order_of_lines_knows_right_from_wrong(ordering):
    for right in ordering.right:
        assert evaluate(ordering, " ".join(right).lower()).right
        assert not evaluate(ordering, right[::-1]).right
        for letter, why in ordering.distractors.items():
            assert why in evaluate(ordering, right[:-1] + letter).message
    assert evaluate(ordering, "").status == NOT_ANSWERED


def test_a_list_of_arrays_is_described_by_its_shapes():
    result = evaluate(catalogue()["own_forward"], lambda x, weights: x, seed=0)
    assert "weights of 4 arrays, (3, 5), (5,), (5, 2), (2,)" in result.message


def test_ids_are_plain_words_and_belong_to_a_lesson():
    for name, item in catalogue().items():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
        assert re.fullmatch(r"\d\d", item.lesson)
