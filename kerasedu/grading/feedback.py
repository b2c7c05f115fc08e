"""The page a learner gets back: each exercise, its points, what was asked, the first failing case, a hint."""

from __future__ import annotations

import ast
import re
from functools import cache

from jinja2 import Environment, PackageLoader

from kerasedu.grading import outcomes
from kerasedu.grading.records import Record
from kerasedu.grading.released import ANSWER, Released


def feedback_page(record: Record, released: Released) -> str:
    """The page as HTML. Whatever came from the learner stands in it as text, never as markup."""
    asked = {step.id: asked_for(step.source) for step in released.steps if step.kind == ANSWER}
    return (
        environment()
        .get_template("feedback.html")
        .render(record=record, asked=asked, meaning=outcomes.MEANING, title=title(record.lesson))
    )


def title(lesson: str) -> str:
    """``01_matrix_operations`` as people write it."""
    number, _, words = lesson.partition("_")
    return f"{number} {words.replace('_', ' ')}"


def asked_for(source: str) -> str:
    """What an answer cell asks for, in words: the docstring of the function in its released form."""
    try:
        functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    except SyntaxError:
        return ""
    return re.sub(r"\s+", " ", ast.get_docstring(functions[0]) or "") if functions else ""


@cache
def environment() -> Environment:
    """Templates, with everything escaped that is put into them."""
    return Environment(loader=PackageLoader("kerasedu.grading"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
