"""The exercises of the course: what is asked, what is right, which mistakes are known, and the checks.

    check("matmul_loops", matmul_loops)     # a function: drawn cases, compared with the reference
    answer("predict_product_shape", (2, 2)) # a prediction: a number, a shape or a choice
    quiz("recall_02", (3, 2), "B")          # several predictions in one cell
    order("lines_matmul", "B A C")          # lines put in order
    hint("matmul_loops", 1)                 # three levels: where to look, the principle, one worked line

In a lesson the answer cell's ``grade_id`` is the exercise's id, that of its test cell ``check_<id>``.
"""

from kerasedu.exercises.checks import answer, check, hint, order, quiz
from kerasedu.exercises.engine import evaluate
from kerasedu.exercises.exercise import Exercise, Mistake, Ordering, Question, Quiz, catalogue

__all__ = [
    "Exercise",
    "Mistake",
    "Ordering",
    "Question",
    "Quiz",
    "answer",
    "catalogue",
    "check",
    "evaluate",
    "hint",
    "order",
    "quiz",
]
