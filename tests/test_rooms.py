"""The rooms of the package, ground floor first: a room imports only from itself and from rooms below it."""

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "kerasedu"

COMMON = {"config", "memory", "threads", "random", "configurable", "variable"}
GROUND = {"ops"}
OBJECTS = {"activations", "initializers", "regularizers", "constraints", "losses", "metrics", "optimizers"}
FLOORS = [GROUND | COMMON, OBJECTS, {"layers"}, {"models", "callbacks"}, {"autodiff", "gradcheck", "datasets", "plots"}]
BELOW_PARITY = set().union(*FLOORS)
MAY_IMPORT = {room: set().union(*FLOORS[: level + 1]) for level, floor in enumerate(FLOORS) for room in floor}
MAY_IMPORT["parity"] = BELOW_PARITY | {"parity"}
MAY_IMPORT["exercises"] = BELOW_PARITY | {"exercises"}
EVERYTHING = BELOW_PARITY | {"parity", "exercises", "grading"}
MAY_IMPORT["grading"] = MAY_IMPORT["doctor"] = MAY_IMPORT["__init__"] = EVERYTHING
MAY_IMPORT["cli"] = EVERYTHING | {"doctor"}

FILES = sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_modules(path: Path) -> list[str]:
    modules = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            modules += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} uses a relative import"
            modules += [f"{node.module}.{alias.name}" for alias in node.names]
    return modules


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_from_rooms_below(path):
    inside = {module.split(".")[1] for module in imported_modules(path) if module.startswith("kerasedu.")}
    rooms = {name for name in inside if name in MAY_IMPORT}
    assert rooms <= MAY_IMPORT[room_of(path)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_parity_imports_keras(path):
    outside = {module.split(".")[0] for module in imported_modules(path)} - {"kerasedu"}
    if room_of(path) != "parity":
        assert not outside & {"keras", "tensorflow", "jax", "torch"}
    if room_of(path) in set().union(*FLOORS[:4]):
        assert not outside - set(sys.stdlib_module_names) - {"numpy", "threadpoolctl", "__future__"}


def test_every_room_of_the_table_exists():
    assert {room_of(path) for path in FILES} == set(MAY_IMPORT)
