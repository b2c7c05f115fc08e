"""A whole lesson in JupyterLab, run in a real browser."""

import contextlib
import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from kerasedu.exercises import catalogue

ROOT = Path(__file__).parents[2]
LESSON = "01_matrix_operations"
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]


def outputs(notebook, kind):
    return [out for cell in notebook.cells for out in cell.get("outputs", []) if out.output_type == kind]


@pytest.fixture
def course(tmp_path):
    for name in ("course", "solutions", "kerasedu"):
        (tmp_path / name).mkdir()
    shutil.copytree(ROOT / "course" / LESSON, tmp_path / "course" / LESSON)
    return tmp_path


@pytest.fixture
def lesson_page(page, serve, free_port, course):
    """Lesson 01 open in the JupyterLab that `kerasedu lab` starts."""
    command = [Path(sys.executable).with_name("kerasedu"), "lab", "--no-browser", "--port", str(free_port())]
    page.goto(serve(command, course).replace("/Start.md?", f"/{LESSON}/{LESSON}.ipynb?"))
    page.wait_for_selector(".jp-Notebook-cell")
    expect(page.locator("#jp-main-statusbar")).to_contain_text("Python 3 (ipykernel) | Idle")
    assert page.locator(".jp-Dialog").all_inner_texts() == [], "JupyterLab asks something"
    return page


def run_all_and_save(page, path, wait_for):
    """Run All Cells; the notebook as saved when the last cell has run."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()

    saved = {"notebook": nbformat.read(path, as_version=4)}

    def counts():
        return [cell.execution_count for cell in saved["notebook"].cells if cell.cell_type == "code"]

    def finished():
        page.keyboard.press("Control+s")
        with contextlib.suppress(nbformat.reader.NotJSONError):  # being written just now
            saved["notebook"] = nbformat.read(path, as_version=4)
        return all(counts())

    wait_for(finished, lambda: f"Cells that ran: {counts()}.", seconds=240)
    return saved["notebook"]


def test_run_all_shows_verdicts_and_comparisons_and_no_error(lesson_page, course, keep, wait_for):
    notebook = run_all_and_save(lesson_page, course / "workspace" / LESSON / f"{LESSON}.ipynb", wait_for)
    keep("lesson_01")
    assert outputs(notebook, "error") == []
    assert [out.text for out in outputs(notebook, "stream") if out.name == "stderr"] == []
    verdicts = [out.text for out in outputs(notebook, "stream") if "not yet" in out.text]
    assert len(verdicts) == len(catalogue("01"))
    tables = [out.data["text/html"] for out in outputs(notebook, "execute_result") if "text/html" in out.data]
    comparisons = [cell for cell in notebook.cells if "parity.check(" in cell.source]
    assert sum("within tolerance" in table for table in tables) == len(comparisons) > 0
