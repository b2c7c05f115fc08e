"""pyproject.toml, environment.yml and constraints.txt say the same."""

import re
import sys
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
    assert {"cpu", "gpu", "teach", "site", "dev"} <= set(EXTRAS)


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
    assert set(extras) == {"cpu", "teach", "dev"}


@pytest.mark.parametrize("python", PYTHONS)
def test_each_requirement_has_one_tested_version_within_its_range(python):
    versions = pinned(python)
    for requirement in REQUIREMENTS:
        if requirement.marker is None or requirement.marker.evaluate({"python_version": python}):
            assert versions[requirement.name] in requirement.specifier, requirement


def test_constraints_name_versions_and_no_addresses():
    assert all(c.url is None and str(c.specifier).startswith("==") for c in CONSTRAINTS)
