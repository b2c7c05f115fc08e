"""A learner's first hour, clicked through in a real browser: start page, lesson 00, answers in lesson 01, points."""

import contextlib
import json
import re
import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).parents[2]
FIRST, SECOND = "00_start_here", "01_matrix_operations"
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]


@pytest.fixture
def course(tmp_path):
    for name in ("course", "solutions", "kerasedu"):
        (tmp_path / name).mkdir()
    for lesson in (FIRST, SECOND):
        shutil.copytree(ROOT / "course" / lesson, tmp_path / "course" / lesson)
    return tmp_path


class Learner:
    """Clicks and types as a person does, and looks at the tab that is in front."""

    def __init__(self, page, keep):
        self.page, self.keep = page, keep
        self.front = page.locator(".jp-MainAreaWidget:not(.lm-mod-hidden)")

    def open_lesson(self, title):
        """Click a lesson's link on the start page, and wait for its kernel."""
        self.front.locator("table").get_by_role("link", name=title, exact=True).click()
        heading = self.front.locator(".jp-Notebook .jp-MarkdownCell h1")
        expect(heading).to_contain_text(title)
        expect(self.page.locator("#jp-main-statusbar")).to_contain_text("Python 3 (ipykernel) | Idle")
        assert self.page.locator(".jp-Dialog").all_inner_texts() == [], "JupyterLab asks something"

    def cell(self, text):
        return self.front.locator(".jp-CodeCell", has_text=text).first

    def run(self, text, shows=""):
        """Run the cell that contains a text; it has run when it has a number. Its output shows what it should."""
        cell = self.cell(text)
        number = cell.locator(".jp-InputPrompt").first
        before = number.inner_text()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Shift+Enter")
        expect(number).to_have_text(re.compile(r"\[\d+\]"))
        expect(number).not_to_have_text(before)
        expect(cell.locator(".jp-Cell-outputArea")).to_contain_text(shows)

    def answer(self, old, new):
        """Replace the content of an answer cell, and run it and the check below it."""
        self.cell(old).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(new)
        self.run(new)

    def choose(self, *menu):
        for entry in menu:
            labels = self.page.locator(".lm-MenuBar-itemLabel, .lm-Menu-itemLabel")
            labels.filter(has_text=re.compile(f"^{entry}$")).click()


def test_from_the_start_page_to_the_first_points(page, serve, free_port, course, keep, wait_for):
    command = [Path(sys.executable).with_name("kerasedu"), "lab", "--no-browser", "--port", str(free_port())]
    page.goto(serve(command, course))
    learner = Learner(page, keep)
    expect(learner.front.locator(".jp-RenderedMarkdown")).to_contain_text("Begin with 00 Start here")
    keep("start_page")

    learner.open_lesson("Start here")
    learner.run("doctor.examine()", shows="Everything that learning needs is here.")
    learner.run("datasets.digits()", shows="training: (1438, 8, 8)")
    expect(learner.front.locator(".jp-OutputArea img, .jp-OutputArea svg").first).to_be_visible()
    keep("lesson_00")

    page.get_by_role("tab", name="Start.md").click()
    learner.open_lesson("Matrix operations")
    learner.run("import numpy as np", shows="Comparisons run on:")
    learner.answer("shape = None", "shape = (1, 3)")
    learner.run('answer("predict_product_shape"', shows="it does not keep it")
    keep("answer_wrong")
    learner.answer("shape = (1, 3)", "shape = (2, 3)")
    learner.run('answer("predict_product_shape"', shows="right, 1 of 1 points")
    keep("answer_right")

    path = course / "workspace" / SECOND / f"{SECOND}.ipynb"
    page.keyboard.press("Control+s")
    saved = None

    def is_saved():
        nonlocal saved
        with contextlib.suppress(nbformat.reader.NotJSONError):  # being written just now
            saved = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in nbformat.read(path, 4).cells}
        return saved["predict_product_shape"].source == "shape = (2, 3)"

    wait_for(is_saved)
    assert [out.output_type for out in saved["check_predict_product_shape"].outputs] == ["stream", "execute_result"]

    points = course / "workspace" / ".kerasedu" / "progress.json"
    learner.choose("File", "New", "Terminal")
    expect(learner.front.locator(".xterm-helper-textarea")).to_be_focused()
    page.keyboard.type("kerasedu check 01")
    page.keyboard.press("Enter")
    wait_for(points.is_file)
    assert json.loads(points.read_text())[SECOND]["predict_product_shape"] == 1
    keep("terminal")

    page.get_by_role("tab", name="Start.md").click()
    learner.choose("File", "Reload Markdown File from Disk")
    expect(learner.front.locator("table")).to_contain_text("1 of 22")
    keep("start_page_points")
