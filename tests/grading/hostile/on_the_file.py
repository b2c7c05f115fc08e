"""Attacks by the file: links, sizes, formats, metadata, names, what lies beside the notebook."""

import os

from case import ALL, LESSON, RIGHT, TARGET, WITHOUT_TARGET, WRONG, Case
from nbformat.v4 import new_code_cell

GRADED, WRONG_OUTCOME, UNREADABLE, MISSING = "graded", "wrong", "unreadable", "missing"


def cell(notebook, identifier):
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == identifier)


def tests(notebook):
    return [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade")]


def linked_notebook(folder, text):
    folder.mkdir(parents=True)
    (folder / f"{LESSON}.ipynb").symlink_to(folder.parents[2] / "course" / LESSON / f"{LESSON}.ipynb")


def linked_folder(folder, text):
    folder.parent.mkdir(parents=True)
    folder.symlink_to(folder.parents[2] / "course" / LESSON)


def fifo(folder, text):
    folder.mkdir(parents=True)
    os.mkfifo(folder / f"{LESSON}.ipynb")


def written(make):
    def write(folder, text):
        folder.mkdir(parents=True)
        make(folder / f"{LESSON}.ipynb", text)

    return write


def a_hundred_megabytes(path, text):
    path.write_text(text)
    os.truncate(path, 100 << 20)


def with_files(**files):
    def write(folder, text):
        folder.mkdir(parents=True)
        (folder / f"{LESSON}.ipynb").write_text(text)
        for name, content in files.items():
            path = folder / name.replace("__", "/").replace("_py", ".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)

    return write


def wrong_kernel(notebook):
    notebook.metadata.kernelspec = {"name": "bash", "display_name": "x; rm -rf ~", "language": "bash"}


def no_tests(notebook):
    notebook.cells = [c for c in notebook.cells if c not in tests(notebook)]


def easy_tests(notebook):
    for test in tests(notebook):
        test.source = "100.0"


def more_points(notebook):
    for test in tests(notebook):
        test.metadata.nbgrader.points = 495


def extra_tests(notebook):
    grading = {"grade": True, "solution": False, "locked": False, "points": 99, "schema_version": 3, "task": False}
    notebook.cells.append(new_code_cell("99.0", metadata={"nbgrader": {**grading, "grade_id": "../../../extra"}}))


def duplicated_answer(notebook):
    copy = new_code_cell(WRONG, metadata=cell(notebook, TARGET).metadata)
    notebook.cells.append(copy)


def retyped(notebook):
    for one in [*tests(notebook), cell(notebook, TARGET)]:
        one.cell_type = "raw"
        one.pop("outputs", None)
        one.pop("execution_count", None)


def no_metadata(notebook):
    for one in notebook.cells:
        one.metadata = {}


def strange_metadata(notebook):
    for number, one in enumerate(notebook.cells):
        if "nbgrader" not in one.metadata:
            one.metadata["nbgrader"] = [None, "text", 7, {"grade_id": ["x"]}][number % 4]


def old_schema(notebook):
    for one in notebook.cells:
        if "nbgrader" in one.metadata:
            one.metadata.nbgrader.schema_version = 99


def unlocked(notebook):
    for one in notebook.cells:
        if "nbgrader" in one.metadata:
            one.metadata.nbgrader.update(locked=False, solution=True, grade=True, task=True)


CASES = [
    Case("linked_notebook", 0, UNREADABLE, write=linked_notebook),
    Case("linked_folder", 0, UNREADABLE, write=linked_folder),
    Case("fifo", 0, UNREADABLE, write=fifo),
    Case("not_json", 0, UNREADABLE, write=written(lambda path, text: path.write_text(text[: len(text) // 2]))),
    Case("empty_file", 0, UNREADABLE, write=written(lambda path, text: path.write_bytes(b""))),
    Case("not_text", 0, UNREADABLE, write=written(lambda path, text: path.write_bytes(bytes(range(256)) * 99))),
    Case("a_list", 0, UNREADABLE, write=written(lambda path, text: path.write_text("[]"))),
    Case("300_000_levels", 0, UNREADABLE, write=written(lambda path, text: path.write_text("[" * 300_000))),
    Case("a_hundred_megabytes", 0, UNREADABLE, write=written(a_hundred_megabytes)),
    Case(
        "format_3",
        0,
        UNREADABLE,
        write=written(lambda p, text: p.write_text(text.replace('"nbformat": 4', '"nbformat": 3'))),
    ),
    Case(
        "format_99",
        0,
        UNREADABLE,
        write=written(lambda p, text: p.write_text(text.replace('"nbformat": 4', '"nbformat": 99'))),
    ),
    Case("too_many_cells", 0, UNREADABLE, change=lambda n: n.cells.extend(new_code_cell("1") for _ in range(600))),
    Case(
        "another_name",
        0,
        MISSING,
        write=lambda f, text: with_files(**{"homework.ipynb": text})(f, "") or (f / f"{LESSON}.ipynb").unlink(),
    ),
    Case("wrong_kernel", ALL, GRADED, change=wrong_kernel),
    Case("deleted_tests", ALL, GRADED, change=no_tests),
    Case("edited_tests", WITHOUT_TARGET, WRONG_OUTCOME, {TARGET: WRONG}, change=easy_tests),
    Case("changed_points", ALL, GRADED, change=more_points),
    Case("extra_tests", ALL, GRADED, change=extra_tests),
    Case("duplicated_answer", ALL, GRADED, change=duplicated_answer),
    Case("retyped_cells", ALL, GRADED, change=retyped),
    Case("unlocked_cells", ALL, GRADED, change=unlocked),
    Case("emptied_metadata", 0, MISSING, change=no_metadata),
    Case("strange_metadata", ALL, GRADED, change=strange_metadata),
    Case("wrong_schema", ALL, GRADED, change=old_schema),
    Case("shell_line", WITHOUT_TARGET, UNREADABLE, {TARGET: "!rm -rf ~\n" + RIGHT}),
    Case("cell_magic", WITHOUT_TARGET, UNREADABLE, {TARGET: "%%bash\nrm -rf ~\n"}),
    Case("line_magic", WITHOUT_TARGET, UNREADABLE, {TARGET: "%run evil.py\n" + RIGHT}),
    Case("assigned_shell", WITHOUT_TARGET, UNREADABLE, {TARGET: "files = !ls\n" + RIGHT}),
    Case("harmless_magic", ALL, GRADED, {TARGET: "%matplotlib inline\n" + RIGHT}),
    Case("nul_byte", ALL, GRADED, {TARGET: "x = 1\0\n" + RIGHT}),
    Case("lone_surrogate", ALL, GRADED, {TARGET: "x = '\\ud800'\n# \ud800\n" + RIGHT}),
    Case("very_long_answer", WITHOUT_TARGET, MISSING, {TARGET: RIGHT + "#" * 300_000}),
    Case("deeply_nested_source", WITHOUT_TARGET, UNREADABLE, {TARGET: "x = " + "(" * 50_000 + ")" * 50_000}),
    Case(
        "numpy_folder",
        WITHOUT_TARGET,
        WRONG_OUTCOME,
        {TARGET: WRONG},
        write=with_files(numpy____init___py="allclose = lambda *a: True"),
    ),
    Case("start_up_files", ALL, GRADED, write=with_files(sitecustomize_py="import os; os._exit(0)", conftest_py="1/0")),
    Case("=cmd|' calc'!A0", ALL, GRADED),
    Case('O, "Brien', ALL, GRADED),
    Case("<script>alert(1)<", ALL, GRADED),
]
