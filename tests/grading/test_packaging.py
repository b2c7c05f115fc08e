"""Two archives: repeatable, complete, and nothing of the instructor's in the students' one."""

import re
import shutil
import zipfile

import pytest
from classroom import LESSON, ROOT, make_course, solved

from kerasedu.exercises import catalogue
from kerasedu.grading.editions import find_lessons, instructor_edition
from kerasedu.grading.packaging import BESIDE, student_files, write_packages

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packaging")]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = make_course(tmp_path_factory.mktemp("class"))
    for name in BESIDE:
        shutil.copy(ROOT / name, root)
    for folder in ("kerasedu", "docs", "benchmarks", ".ci"):
        shutil.copytree(ROOT / folder, root / folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "tests").mkdir()  # those of the whole course are many, and packed like any other folder
    return root


@pytest.fixture(scope="module")
def archives(course):
    return {path.stem: path for path in write_packages(course, course / "dist")}


def test_the_same_sources_give_the_same_bytes(course, archives):
    for path in write_packages(course, course / "again"):
        assert path.read_bytes() == archives[path.stem].read_bytes()


def test_the_instructor_s_archive_is_complete(archives):
    with zipfile.ZipFile(archives["kerasedu-instructor"]) as archive:
        names = {name.removeprefix("kerasedu-instructor/") for name in archive.namelist()}
        executed = archive.read(f"kerasedu-instructor/executed/{LESSON}.ipynb").decode()
        marking = archive.read("kerasedu-instructor/MARKING.md").decode()
        mistakes = archive.read("kerasedu-instructor/MISTAKES.md").decode()
    assert {"GUIDE.md", f"solutions/{LESSON}/{LESSON}.py", f"course/{LESSON}/{LESSON}.ipynb", *BESIDE} <= names
    assert f"executed/{LESSON}.html" in names
    assert "kerasedu/exercises/lesson_01_matrix_operations/matmul_loops.py" in names
    assert '"image/png"' in executed or "data:image/png" in executed
    assert "Marking scheme" in marking
    assert "last term only" in mistakes
    assert not [name for name in names if "__pycache__" in name or name.startswith(("build/", "dist/", "graded/"))]


def test_nothing_of_the_instructor_s_is_in_the_students_archive(archives):
    with zipfile.ZipFile(archives["kerasedu-student"]) as archive:
        names = [name.removeprefix("kerasedu-student/") for name in archive.namelist()]
        texts = "".join(archive.read(name).decode() for name in archive.namelist())
    assert names == [f"{LESSON}/{LESSON}.ipynb", "LICENSE", "README.md"]
    assert "SOLUTION" not in texts
    assert "Marking scheme" not in texts
    for line in solution_lines(solved()):
        assert line not in texts
    for item in catalogue("01").values():
        for mistake in getattr(item, "mistakes", ()):
            assert mistake.hint not in texts


@pytest.mark.parametrize("lesson", find_lessons(ROOT / "solutions"))
def test_no_line_of_a_solution_is_released(lesson):
    files = student_files(ROOT)
    released = files[f"{lesson}/{lesson}.ipynb"].decode()
    notebook = instructor_edition(ROOT / "solutions" / lesson / f"{lesson}.py")
    shown = "\n".join(shown_to_learners(cell) for cell in notebook.cells)
    for line in solution_lines(notebook):
        if line not in shown:  # what a lesson shows openly is no secret
            assert line not in released


def shown_to_learners(cell):
    """A cell without its solutions: starting code stays."""
    return re.sub(r"### BEGIN SOLUTION\n.*?### END SOLUTION", "", cell.source, flags=re.DOTALL)


def solution_lines(notebook):
    """Lines of solutions that are long enough to mean something, as they would stand in JSON."""
    for cell in notebook.cells:
        above = re.split(r"^### BEGIN SOLUTION", cell.source, flags=re.MULTILINE)[0]
        for solution in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell.source, re.DOTALL):
            for line in map(str.strip, solution.splitlines()):
                if len(line) >= 12 and line not in above and '"' not in line and "\\" not in line:
                    yield line
