"""The page that JupyterLab opens first lists every lesson, and tells how far the learner has come."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from kerasedu import cli
from kerasedu.exercises import catalogue
from kerasedu.grading import editions, lab, workspace
from kerasedu.grading.scoring import Score
from kerasedu.grading.start_page import NAME, standings, write_start_page

COURSE = Path(__file__).parents[2] / "course"
LESSONS = editions.find_lessons(COURSE)


@pytest.fixture
def folder(tmp_path):
    workspace.refresh(COURSE, tmp_path)
    return tmp_path


def page(folder):
    return write_start_page(COURSE, folder).read_text()


def earn(folder, lesson):
    scores = [Score("check", item.id, "graded", item.points, item.points) for item in catalogue(lesson[:2]).values()]
    workspace.save_progress(folder, lesson, scores)


def test_each_lesson_has_a_line_and_its_link_leads_to_the_learner_s_copy(folder):
    rows = [line for line in page(folder).splitlines() if re.match(r"\| \d\d \|", line)]
    assert [row[2:4] for row in rows] == [lesson[:2] for lesson in LESSONS]
    links = [re.search(r"\[[A-Z].+\]\((.+)\)", row)[1] for row in rows]
    assert all((folder / link).is_file() for link in links)
    assert all(f"0 of {one.out_of:g} |" in row for one, row in zip(standings(COURSE, folder), rows))


def test_it_says_where_to_begin_and_where_to_go_on(folder):
    assert f"**Begin with [00 Start here]({LESSONS[0]}/{LESSONS[0]}.ipynb).**" in page(folder)
    earn(folder, LESSONS[0])
    assert "**Go on with [01 Matrix operations]" in page(folder)
    assert f"| {len(catalogue('00'))} of {len(catalogue('00'))} |" in page(folder)
    assert page(folder).count("✓") == 1
    for lesson in LESSONS:
        earn(folder, lesson)
    assert "**All exercises are right.**" in page(folder)


def test_what_a_learner_writes_into_it_does_not_stay(folder):
    before = page(folder)
    (folder / NAME).write_text("mine")
    assert page(folder) == before


def test_preparing_writes_the_folder_and_starts_nothing(tmp_path, monkeypatch):
    for name in ("solutions", "kerasedu"):
        (tmp_path / name).mkdir()
    (tmp_path / "course").symlink_to(COURSE)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli.main, ["lab", "--prepare"])
    assert result.exit_code == 0, result.output
    assert result.output.startswith(f"{len(LESSONS)} lessons, {LESSONS[0]} to {LESSONS[-1]}, copied to ")
    assert (tmp_path / "workspace" / NAME).is_file()
    assert CliRunner().invoke(cli.main, ["lab", "--prepare"]).output == ""


def test_text_is_written_and_read_as_utf_8_whatever_the_system_prefers(tmp_path):
    code = (
        "import sys, warnings; from pathlib import Path\n"
        "from kerasedu.grading import lab, start_page, workspace\n"
        "warnings.filterwarnings('error', category=EncodingWarning, module='kerasedu')\n"
        "course, folder = map(Path, sys.argv[1:])\n"
        "for _ in range(2):\n"
        "    workspace.refresh(course, folder); start_page.write_start_page(course, folder); lab.configure(folder)\n"
        "    workspace.save_progress(folder, '00_start_here', [])\n"
        "print(len(workspace.check(course, folder / '00_start_here' / '00_start_here.ipynb')))\n"
    )
    run = [sys.executable, "-X", "warn_default_encoding", "-X", "utf8=0", "-c", code, COURSE, tmp_path]
    result = subprocess.run(run, capture_output=True, text=True, env=os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0"})
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) > 0


def test_a_server_that_is_open_on_the_folder_already_is_found(folder, monkeypatch):
    servers = [
        {"root_dir": str(folder / "other"), "port": 1, "url": "http://a/", "token": "x"},
        {"root_dir": str(folder), "port": 2, "url": "http://b/", "token": "y"},
    ]
    monkeypatch.setattr("jupyter_server.serverapp.list_running_servers", lambda: iter(servers))
    monkeypatch.setattr(lab, "is_taken", lambda port: True)
    assert lab.running(folder) == f"http://b/lab/tree/{NAME}?token=y"
    monkeypatch.setattr(lab, "is_taken", lambda port: False)  # it ended without cleaning up
    assert lab.running(folder) is None


def test_the_first_free_port_is_taken(monkeypatch):
    monkeypatch.setattr(lab, "is_taken", lambda port: port < 8890)
    assert lab.free_port() == 8890


def test_commands_of_this_environment_come_first_in_its_terminals(folder):
    given = lab.environment(folder)
    assert given["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)
    assert given["JUPYTER_CONFIG_PATH"].split(os.pathsep)[0] == str(folder)
