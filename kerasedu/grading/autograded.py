"""The graded notebook: the released edition with a learner's answers, and under each test what it said.

It is what formgrader shows a person who grades by hand, so it lies where nbgrader expects it.
"""

from __future__ import annotations

import re

import nbformat
from nbformat.v4 import new_output

from kerasedu.grading.records import Record

TAG = re.compile(r"<(?=[a-zA-Z/!?])")  # formgrader would hand HTML in an answer's text on to the teacher's browser


def rebuild(released: nbformat.NotebookNode, answers: dict[str, str], record: Record) -> nbformat.NotebookNode:
    """The released notebook with answers and verdicts in it, and nothing else of the learner's."""
    notebook = nbformat.from_dict(released)
    scores = {score.cell: score for score in record.scores}
    for cell in notebook.cells:
        grading = cell.metadata.get("nbgrader", {})
        if grading.get("solution") and grading.grade_id in answers:
            answer = answers[grading.grade_id]
            cell.source = TAG.sub("&lt;", answer) if cell.cell_type == "markdown" else answer
        score = scores.get(grading.get("grade_id"))
        if score and cell.cell_type == "code":
            cell.outputs = [new_output("stream", name="stdout", text=str(score) + "\n")]
    return notebook
