"""The learner's copies are never overwritten, broken ones are explained, and progress is kept."""

import shutil
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from kerasedu import cli
from kerasedu.exercises import catalogue
from kerasedu.grading import workspace
from kerasedu.grading.editions import LessonError

ROOT = Path(__file__).parents[2]
LESSON = "01_matrix_operations"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A small tree of its own with lesson 01, as the working directory."""
    for folder in ("course", "solutions", "kerasedu"):
        (tmp_path / folder).mkdir()
    shutil.copytree(ROOT / "course" / LESSON, tmp_path / "course" / LESSON)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def copy_of(course):
    return course / "workspace" / LESSON / f"{LESSON}.ipynb"


def test_a_lesson_is_copied_once(course):
    assert len(workspace.refresh(course / "course", course / "workspace")) == 1
    assert workspace.refresh(course / "course", course / "workspace") == []
    assert copy_of(course).read_text() == (course / "course" / LESSON / f"{LESSON}.ipynb").read_text()


def test_a_new_version_replaces_an_untouched_copy_and_spares_a_changed_one(course):
    source = course / "course" / LESSON / f"{LESSON}.ipynb"
    workspace.refresh(course / "course", course / "workspace")
    source.write_text(source.read_text() + "\n")
    workspace.refresh(course / "course", course / "workspace")
    assert copy_of(course).read_text() == source.read_text()

    copy_of(course).write_text("my work")
    source.write_text(source.read_text() + "\n")
    (message,) = workspace.refresh(course / "course", course / "workspace")
    assert "your copy is kept" in message
    assert copy_of(course).read_text() == "my work"
    assert copy_of(course).with_suffix(".new.ipynb").read_text() == source.read_text()


def test_a_half_written_or_missing_notebook_is_explained(course):
    with pytest.raises(LessonError, match="kerasedu lab"):
        workspace.check(course / "course", copy_of(course))
    workspace.refresh(course / "course", course / "workspace")
    text = copy_of(course).read_text()
    copy_of(course).write_text(text[: len(text) // 2])
    with pytest.raises(LessonError, match="not a whole notebook"):
        workspace.check(course / "course", copy_of(course))


@pytest.mark.slow
def test_checking_a_copy_gives_verdicts_and_keeps_the_points(course):
    workspace.refresh(course / "course", course / "workspace")
    text = copy_of(course).read_text().replace("shape = None", "shape = (2, 3)")
    copy_of(course).write_text(text)
    result = CliRunner().invoke(cli.main, ["check", "1"])
    assert result.exit_code == 0, result.output
    assert "predict_product_shape: right, 1 of 1 points" in result.output
    assert "matmul_loops: not yet (not answered)" in result.output
    assert copy_of(course).read_text() == text
    table = CliRunner().invoke(cli.main, ["progress"]).output
    assert LESSON in table
    assert f"1 of {len(catalogue('01'))}" in table


def test_an_unknown_lesson_names_those_that_exist(course):
    result = CliRunner().invoke(cli.main, ["check", "42"])
    assert result.exit_code == 1
    assert LESSON in result.output


def test_a_taken_port_is_named_with_another(course):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = CliRunner().invoke(cli.main, ["lab", "--no-browser", "--port", str(port)])
    assert result.exit_code == 1
    assert f"--port {port + 1}" in result.output


def test_an_unwritable_folder_is_explained(course, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied", str(course / "workspace"))

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    result = CliRunner().invoke(cli.main, ["lab", "--no-browser"])
    assert result.exit_code == 1
    assert "make the folder writable" in result.output
