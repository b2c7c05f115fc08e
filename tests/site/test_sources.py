"""What the website is made of, looked at before it is built."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "docs/glossary.md").read_text()
SECTIONS = dict(re.findall(r"^## Lesson (\d\d): .*?\n(.*?)(?=^## |\Z)", GLOSSARY, re.DOTALL | re.MULTILINE))
LESSONS = sorted((ROOT / "course").glob("*/*.ipynb"))
TERMS = {
    n: [row.split(" | ") for row in re.findall(r"^\| (?!term)(.+) \|$", text, re.M)] for n, text in SECTIONS.items()
}


def load(name):
    """A module of docs/site, which is no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / f"docs/site/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_the_glossary_s_terms_are_those_of_the_lesson(lesson):
    cells = json.loads(lesson.read_text())["cells"]
    text = "".join("".join(cell["source"]) + "\n" for cell in cells).lower()
    if lesson.name[:2] != "16":  # the capstone has no new terms
        assert len(TERMS[lesson.name[:2]]) >= 5
    for term, *_ in TERMS.get(lesson.name[:2], []):
        words = [word for word in re.findall(r"\w+", term.lower()) if word not in {"a", "and", "of", "own", "your"}]
        assert [word for word in words if word[: max(4, len(word) - 3)] not in text] == [], term


def test_each_term_has_a_chinese_name_and_a_meaning():
    rows = [row for rows in TERMS.values() for row in rows]
    assert len(rows) > 150
    assert [row for row in rows if len(row) != 3 or not all(cell.strip() for cell in row)] == []


def test_links_to_other_hosts_only_where_the_repository_is_known():
    links = load("details").lesson_links
    assert "http" not in links("", "01_matrix_operations.ipynb")
    known = links("https://github.com/owner/name", "01_matrix_operations.ipynb")
    path = "course/01_matrix_operations/01_matrix_operations.ipynb"
    assert f"colab.research.google.com/github/owner/name/blob/HEAD/{path}" in known
    assert f"mybinder.org/v2/gh/owner/name/HEAD?urlpath=lab/tree/{path}" in known


def test_a_docstring_s_formulas_become_blocks_and_its_words_stay_words():
    rst = load("api").as_rst(
        "y = a*b and x_ are text, ``a_`` is code:\n\n    dx = dy Wᵀ\n    db = Σ dy\n\nArguments:\n    x: input."
    )
    assert rst.startswith(r"y = a\*b and x\_ are text, ``a_`` is code:")
    assert ".. code-block:: text\n   :class: formula\n\n   dx = dy Wᵀ\n   db = Σ dy\n" in rst
    assert rst.endswith(":Parameters: **x** -- input.\n")
