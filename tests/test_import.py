"""``import kerasedu`` brings NumPy and nothing else; the rest comes when it is asked for."""

import subprocess
import sys

import pytest

import kerasedu

HEAVY = ["matplotlib", "sklearn", "scipy", "rich", "click", "tensorflow", "keras", "jax", "torch", "pandas"]


def modules_after(code: str) -> set[str]:
    script = f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"
    return set(subprocess.check_output([sys.executable, "-c", script], text=True).split())


def test_importing_kerasedu_brings_numpy_only():
    loaded = modules_after("import kerasedu")
    assert "numpy" in loaded
    assert not loaded & set(HEAVY)
    assert not loaded & {f"kerasedu.{room}" for room in ("layers", "models", "parity", "plots", "exercises", "grading")}


def test_training_brings_nothing_more():
    loaded = modules_after(
        "import kerasedu, numpy as np\n"
        "from kerasedu import *\n"
        "m = kerasedu.Sequential([kerasedu.layers.Dense(2)])\n"
        "m.compile('adam', 'mse', metrics=['mae'])\n"
        "m.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0)"
    )
    assert not loaded & set(HEAVY)


def test_every_name_is_there():
    for name in kerasedu.__all__:
        assert getattr(kerasedu, name) is not None


@pytest.mark.parametrize("room", ["autodiff", "datasets", "layers", "parity"])
def test_rooms_open_when_they_are_entered(room):
    assert getattr(kerasedu, room).__name__ == f"kerasedu.{room}"
    assert room in dir(kerasedu)


def test_a_name_that_does_not_exist():
    with pytest.raises(AttributeError, match="no attribute 'sequential'"):
        kerasedu.sequential  # noqa: B018
