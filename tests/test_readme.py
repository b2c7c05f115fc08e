"""What the README tells people to type exists and works."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kerasedu.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
BLOCKS = "".join(re.findall(r"```console\n(.*?)```", README, re.DOTALL)).splitlines()
COMMANDS = [line.split("#")[0].strip() for line in BLOCKS] + re.findall(r"`((?:make|python) [^`]+)`", README)


def commands(start):
    return [command.split() for command in COMMANDS if command.removeprefix(".venv/bin/").startswith(start)]


@pytest.mark.parametrize("command", commands("make "), ids=" ".join)
def test_a_make_command_has_its_target(command):
    result = subprocess.run([*command, "--dry-run"], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("command", commands("kerasedu "), ids=" ".join)
def test_a_kerasedu_command_exists(command):
    assert command[1] in main.commands


@pytest.mark.parametrize("command", commands("nbgrader "), ids=" ".join)
def test_an_nbgrader_command_is_one_that_the_grading_tests_run(command):
    assert f'"{command[1]}"' in (ROOT / "tests/grading/test_nbgrader.py").read_text()


@pytest.mark.parametrize("command", commands("python benchmarks/"), ids=" ".join)
def test_a_benchmark_exists(command):
    assert (ROOT / command[1]).is_file()


@pytest.mark.parametrize("command", commands("python -m benchmarks."), ids=" ".join)
def test_a_benchmark_module_exists(command):
    assert (ROOT / f"{command[2].replace('.', '/')}.py").is_file()


@pytest.mark.parity
@pytest.mark.slow
def test_the_python_example_runs_and_agrees_with_keras(tmp_path):
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    result = subprocess.run([sys.executable, "-c", example], cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "within tolerance" in result.stdout


def test_links_lead_somewhere():
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if not link.startswith("https://")]
    assert len(links) >= 3
    assert [link for link in links if not (ROOT / link).exists()] == []


def rows(text, columns):
    """The rows of the tables in a Markdown text that have so many columns, as lists of cells."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    return [row for row in cells if len(row) == columns]


def test_the_table_lists_every_lesson_once_in_order_under_its_title():
    listed = [row for row in rows(README, 2) if re.match(r"\[?\d\d\b", row[0])]
    numbers = [re.search(r"\d\d", row[0])[0] for row in listed]
    assert numbers == [f"{number:02}" for number in range(17)]
    there = {path.stem[:2]: path for path in ROOT.glob("course/*/*.ipynb")}
    for number, (link, topic) in zip(numbers, listed):
        if number not in there:
            assert topic.startswith("in preparation: ")
            continue
        assert link == f"[{number}]({there[number].relative_to(ROOT).as_posix()})"
        heading = "".join(json.loads(there[number].read_text())["cells"][0]["source"]).splitlines()[0]
        assert topic.lower().startswith(heading.removeprefix(f"# {number} ").lower())


def test_the_teachers_plan_has_every_lesson():
    guide = (ROOT / "docs" / "teachers_guide.md").read_text()
    weeks = [row for row in rows(guide, 3) if re.match(r"\d", row[0])]
    planned = sorted({number for row in weeks for number in re.findall(r"\d\d", row[1])})
    assert planned == [f"{number:02}" for number in range(17)]
    assert [int(number) for row in weeks for number in re.findall(r"\d+", row[0])] == list(range(1, 16))


def test_it_is_short_and_names_no_address_of_the_repository():
    assert len(README.splitlines()) < 200
    hosts = set(re.findall(r"https?://([\w.-]+)", README))
    assert hosts == {"nbgrader.readthedocs.io", "mybinder.org"}
