"""pyproject.toml, environment.yml and constraints.txt say the same."""

import ast
import json
import re
import sys
from importlib.metadata import distributions
from itertools import chain
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text())
CONSTRAINTS = [Requirement(line) for line in (ROOT / "constraints.txt").read_text().splitlines() if line[:1] != "#"]
REQUIREMENTS = [Requirement(line) for line in [*PROJECT["dependencies"], *chain(*EXTRAS.values())]]
PYTHONS = ["3.10", "3.11", "3.12", "3.13"]


def pinned(python: str) -> dict[str, Version]:
    """Package -> version that constraints.txt gives for one Python."""
    fitting = [c for c in CONSTRAINTS if c.marker is None or c.marker.evaluate({"python_version": python})]
    return {c.name: Version(str(c.specifier).removeprefix("==")) for c in fitting}


def test_the_project_has_the_extras_of_the_design():
    assert {"cpu", "gpu", "teach", "ops", "site", "dev"} <= set(EXTRAS)


def test_conda_takes_the_same_python_as_pip():
    (python,) = (d for d in CONDA["dependencies"] if isinstance(d, str) and d.startswith("python "))
    conda_range = SpecifierSet(python.removeprefix("python "))
    for minor in range(8, 17):
        version = f"3.{minor}"
        assert (version in conda_range) == (version in PYTHONS)
    assert set(SpecifierSet(PROJECT["requires-python"])) <= set(conda_range)


def test_conda_takes_everything_else_from_pyproject():
    (pip_lines,) = (d["pip"] for d in CONDA["dependencies"] if isinstance(d, dict))
    *options, install = pip_lines
    assert options == ["--constraint constraints.txt"]
    extras = re.fullmatch(r"--editable \.\[([\w,]+)\]", install).group(1).split(",")
    assert set(extras) == {"cpu", "teach", "ops", "site", "dev"}


@pytest.mark.parametrize("python", PYTHONS)
def test_each_requirement_has_one_tested_version_within_its_range(python):
    versions = pinned(python)
    for requirement in REQUIREMENTS:
        if requirement.marker is None or requirement.marker.evaluate({"python_version": python}):
            assert versions[requirement.name] in requirement.specifier, requirement


def test_no_package_asks_for_a_late_patch_release_of_python():
    """Debian 12 has Python 3.11.2 and keeps it: where a package wants 3.11.5, nothing can be installed."""
    first = "{}.{}.0".format(*sys.version_info)
    wanted = {package.name: package.metadata.get("Requires-Python") or "" for package in distributions()}
    assert {name: python for name, python in wanted.items() if not SpecifierSet(python).contains(first)} == {}


def test_constraints_name_versions_and_no_addresses():
    assert all(c.url is None and str(c.specifier).startswith("==") for c in CONSTRAINTS)


# Colab, August 2026. There `kerasedu` is installed alone and must leave these as they are.
COLAB_PYTHONS = ("3.12", "3.13")
COLAB = {"numpy": ("2.0.2", "2.1.3"), "tensorflow": ("2.20.0",), "keras": ("3.13.0", "3.13.2")}


@pytest.mark.parametrize("python", COLAB_PYTHONS)
def test_colab_s_versions_are_accepted(python):
    assert python in SpecifierSet(PROJECT["requires-python"])
    for requirement in [*map(Requirement, PROJECT["dependencies"]), *map(Requirement, EXTRAS["cpu"])]:
        for version in COLAB.get(requirement.name, ()):
            assert version in requirement.specifier, f"{requirement} would replace {version}"


def imported(source: str) -> set[str]:
    """The top-level packages that a piece of Python imports."""
    lines = "\n".join(line for line in source.splitlines() if not line.lstrip().startswith(("%", "!")))
    nodes = list(ast.walk(ast.parse(lines)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in names} - set(sys.stdlib_module_names)


def test_lessons_need_tensorflow_and_what_the_package_alone_brings():
    alone = {Requirement(line).name.replace("scikit-learn", "sklearn") for line in PROJECT["dependencies"]}
    alone |= {"scipy", "PIL", "packaging"}  # scikit-learn needs the first, matplotlib the others
    for path in ROOT.glob("course/*/*.ipynb"):
        cells = [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]
        found = set().union(*(imported("".join(cell["source"])) for cell in cells))
        assert found <= alone | {"kerasedu", "keras", "tensorflow", "ml_dtypes", "IPython", "keras_tuner"}, path.name


def test_the_rooms_that_lessons_use_need_no_more():
    import kerasedu

    alone = {"numpy", "matplotlib", "sklearn", "threadpoolctl", "click", "rich", "scipy", "PIL", "packaging"}
    beside = {
        "keras",
        "tensorflow",
        "jax",
        "torch",
        "psutil",
        "IPython",
        "jupyter_server",
        "mlflow",
    }  # used where they are
    package = Path(kerasedu.__file__).parent
    for path in package.rglob("*.py"):
        if "grading" not in path.relative_to(package).parts:
            assert imported(path.read_text()) <= alone | beside | {"kerasedu"}, path.name


def test_binder_has_what_it_looks_for():
    first, second = [line for line in (ROOT / "binder/requirements.txt").read_text().splitlines() if line[0] != "#"]
    assert (ROOT / "binder" / first.removeprefix("--constraint ")).resolve() == ROOT / "constraints.txt"
    assert set(re.fullmatch(r"-e \.\[([\w,]+)\]", second)[1].split(",")) <= set(EXTRAS)
    assert (ROOT / "binder/runtime.txt").read_text().strip().removeprefix("python-") in PYTHONS
    for name in ("postBuild", "start"):
        assert (ROOT / "binder" / name).stat().st_mode & 0o111, f"{name} must be executable"
        assert (ROOT / "binder" / name).read_text().startswith("#!/bin/")


def test_the_commands_for_windows_install_what_make_installs():
    readme, makefile = (ROOT / "README.md").read_text(), (ROOT / "Makefile").read_text()
    line = next(line for line in readme.splitlines() if line.startswith(r".venv\Scripts\pip"))
    extras = set(re.search(r"\[([\w,]+)\]", line)[1].split(","))
    assert extras < set(EXTRAS)
    assert extras - {"cpu"} < set(re.search(r"\.\[\$\(DEVICE\),([\w,]+)\]", makefile)[1].split(","))
    assert "--constraint constraints.txt" in line and "--constraint constraints.txt" in makefile
