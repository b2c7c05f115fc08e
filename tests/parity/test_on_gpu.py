"""On a graphics card, by each of Keras's backends that can use it; without one, reported as not run."""

import importlib.util
import json
import shutil
import subprocess
import sys

import pytest

from kerasedu.parity.backends import TITLES

pytestmark = [pytest.mark.gpu, pytest.mark.parity, pytest.mark.slow]

COMPARE = "from kerasedu.cli import main; main()"
ROUNDED = {
    "tensorflow": "module.config.experimental.enable_tensor_float_32_execution(True)",
    "jax": "module.config.update('jax_default_matmul_precision', 'tensorfloat32')",
    "torch": "module.backends.cuda.matmul.allow_tf32 = True",
}
CHECK = """
import numpy as np
from kerasedu import layers, parity
from kerasedu.parity import device, oracle
device.choose("gpu", "{backend}")
_, module = oracle.load()
{rounded}
x = np.random.default_rng(0).standard_normal((256, 256)).astype("float32")
assert parity.check(layers.Dense(256), x).passed
"""


@pytest.fixture(params=TITLES)
def backend(request):
    if not shutil.which("nvidia-smi"):
        pytest.skip("no NVIDIA card here: not run")
    if not importlib.util.find_spec(request.param):
        pytest.skip(f"{TITLES[request.param]} is not installed: not run")
    probe = f"from kerasedu.parity import device; device.choose('gpu', '{request.param}')"
    found = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True)
    if "sees no GPU here" in found.stderr:
        pytest.skip(f"{TITLES[request.param]} cannot use the card here: not run")
    assert found.returncode == 0, found.stderr
    return request.param


@pytest.mark.parametrize("pattern", ["Dense", "Conv2D(", "LSTM", "GRU", "BatchNormalization", "Adam"])
def test_the_matrix_is_within_tolerance_on_the_card(backend, pattern, tmp_path):
    options = ["--device", "gpu", "--backend", backend, "--only", pattern, "--out", str(tmp_path)]
    done = subprocess.run([sys.executable, "-c", COMPARE, "parity", *options], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads((tmp_path / "parity.json").read_text())
    assert found["circumstances"]["device"].startswith("GPU (") and found["comparisons"] > 5


@pytest.mark.parametrize("rounded", [True, False])
def test_products_rounded_to_tensorfloat_are_caught(backend, rounded):
    script = CHECK.format(backend=backend, rounded=ROUNDED[backend] if rounded else "")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == (1 if rounded else 0), done.stdout + done.stderr
    assert ("to TensorFloat-32" in done.stderr) is rounded
