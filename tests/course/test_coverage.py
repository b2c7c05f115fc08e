"""The table of what is taught where points to things that exist."""

import importlib
import re
from functools import reduce
from pathlib import Path

import nbformat
import pytest

import kerasedu
from kerasedu.exercises import catalogue

COURSE = Path(__file__).parents[2] / "course"
LINES = (COURSE / "README.md").read_text().splitlines()
ROWS = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in LINES if re.search(r"\[\d\d §", line)]
TOPICS = [row for row in ROWS if re.fullmatch(r"[A-E]\d+", row[0])]
QUESTIONS = [row for row in ROWS if row not in TOPICS]


def sections(cell):
    """(lesson, section, link) for each "05 §4" in a cell."""
    return re.findall(r"\[(\d\d) §(\w+)\]\(([^)]+)\)", cell)


def names(cell):
    return re.findall(r"`([\w.]+)`", cell)


def headings(link):
    cells = nbformat.read(COURSE / link, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return re.findall(r"^## (\d+)\.", text, re.MULTILINE)


def attribute(module, name):
    return reduce(getattr, name.split("."), module)


def test_the_table_is_whole():
    counted = {letter: sum(row[0].startswith(letter) for row in TOPICS) for letter in "ABCDE"}
    assert counted == {"A": 6, "B": 10, "C": 6, "D": 6, "E": 5}
    assert len(QUESTIONS) >= 25
    assert {len(row) for row in TOPICS} == {6}
    assert {len(row) for row in QUESTIONS} == {3}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:30])
def test_sections_and_exercises_exist(row):
    taught, exercises = (row[2], row[5]) if row in TOPICS else (row[1], row[2])
    assert sections(taught)
    for lesson, section, link in sections(taught):
        assert link.startswith(lesson)
        assert section in headings(link)
    assert names(exercises)
    for name in names(exercises):
        assert name in catalogue()
    if row in TOPICS:
        assert {catalogue()[name].lesson for name in names(exercises)} & {lesson for lesson, *_ in sections(taught)}


@pytest.mark.parametrize("row", TOPICS, ids=lambda row: row[0])
def test_references_exist(row):
    for name in names(row[3]):
        room = name.split(".")[0]
        if room in ("gradcheck", "autodiff", "parity"):
            importlib.import_module(f"kerasedu.{room}")
        assert attribute(kerasedu, name)


@pytest.mark.parity
@pytest.mark.parametrize("row", TOPICS, ids=lambda row: row[0])
def test_what_is_compared_with_exists(row):
    import keras
    import tensorflow

    assert names(row[4])
    for name in names(row[4]):
        library, _, rest = name.partition(".")
        assert attribute({"keras": keras, "tf": tensorflow}[library], rest)


def test_every_lesson_but_the_first_is_in_the_table():
    listed = {lesson for row in ROWS for lesson, *_ in sections(row[2] if row in TOPICS else row[1])}
    assert listed >= {folder.name[:2] for folder in COURSE.iterdir() if folder.is_dir()} - {"16"}
