"""Keras is imported late, silently, and never missing without a word."""

import importlib
import subprocess
import sys

import numpy as np
import pytest

from kerasedu.parity import oracle
from kerasedu.parity.backends import keep_float64

pytestmark = pytest.mark.parity


def run(program: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)


def test_the_room_can_be_entered_without_tensorflow():
    result = run("import sys, kerasedu.parity; print(sorted({'keras', 'tensorflow'} & set(sys.modules)))")
    assert (result.stdout.strip(), result.stderr) == ("[]", "")


def test_without_tensorflow_nothing_passes_and_the_error_says_what_to_install():
    result = run(
        "import sys; sys.modules['tensorflow'] = None\n"
        "import numpy as np\n"
        "from kerasedu import layers, parity\n"
        "layer, x = layers.Dense(2), np.ones((1, 3))\n"
        "for function, arguments in (parity.check, (layer, x)), (parity.to_keras, [layer]), (parity.from_keras, [0]):\n"
        "    try:\n"
        "        print('passed', function(*arguments))\n"
        "    except ImportError as error:\n"
        "        print(error)\n"
    )
    assert result.stdout.count("Nothing was compared. Install it with `make env`") == 3, result.stderr
    assert "passed" not in result.stdout


def test_another_backend_is_named():
    result = run(
        "import os; os.environ['KERAS_BACKEND'] = 'numpy'\n"
        "import numpy as np\n"
        "from kerasedu import layers, parity\n"
        "try:\n"
        "    parity.check(layers.Dense(2), np.ones((1, 3)))\n"
        "except ValueError as error:\n"
        "    print(error)\n"
    )
    assert "parity compares with Keras on tensorflow, jax, torch; got 'numpy'" in result.stdout, result.stderr


def test_a_process_keeps_the_backend_it_runs():
    result = run(
        "import sys\n"
        "from types import SimpleNamespace\n"
        "sys.modules['keras'] = SimpleNamespace(config=SimpleNamespace(backend=lambda: 'numpy'))\n"
        "from kerasedu.parity import oracle\n"
        "oracle.choose(name='tensorflow')\n"
        "try:\n"
        "    oracle.load()\n"
        "except ValueError as error:\n"
        "    print(error)\n"
    )
    expected = "already runs Keras on numpy, so it cannot compare with Keras on TensorFlow: restart it."
    assert expected in result.stdout, result.stderr


def test_a_backend_that_is_missing_is_named():
    result = run(
        "import sys; sys.modules['jax'] = None\n"
        "from kerasedu.parity import device\n"
        "try:\n"
        "    device.choose('gpu', 'jax')\n"
        "except ImportError as error:\n"
        "    print(error)\n"
    )
    assert "JAX cannot be imported here" in result.stdout, result.stderr


@pytest.mark.parametrize("name", ["jax", "torch"])
def test_other_backends_give_the_same_verdicts_where_they_are_installed(name):
    pytest.importorskip(name, reason=f"{name} is not installed: Keras on it was not compared")
    result = run(
        "import numpy as np\n"
        "from kerasedu import Sequential, layers, losses, optimizers, parity\n"
        f"parity.device.choose('cpu', {name!r})\n"
        "x = np.random.default_rng(0).normal(size=(8, 6, 6, 1)).astype('float32')\n"
        "for layer in (layers.Conv2D(3, 3), layers.BatchNormalization(), layers.Masking()):\n"
        "    print(parity.check(layer, x, training=True))\n"
        "print(parity.check(layers.GRU(3), x[..., 0], initial_state=np.ones((8, 3), 'float32')))\n"
        "print(parity.check(losses.Huber(), x, x + 1))\n"
        "print(parity.check(optimizers.Adam(), x[0], steps=20))\n"
        "model = Sequential([layers.Flatten(), layers.Dense(2)])\n"
        "model.compile('adam', 'mse')\n"
        "print(parity.check_fit(model, x, x[:, 0, :2, 0], epochs=2, batch_size=4))\n"
    )
    assert result.stdout.count("within tolerance") == 7, result.stdout + result.stderr
    title = {"jax": "JAX", "torch": "PyTorch"}[name]
    assert result.stdout.count(f"against Keras on CPU, Keras on {title}: ") == 7


def test_other_backends_keep_float64(monkeypatch):
    keras, _ = oracle.load()
    table = importlib.import_module("keras.src.backend.common.dtypes").BIT64_TO_BIT32_DTYPE
    monkeypatch.setitem(table, "float64", "float32")
    assert keras.backend.result_type("float64", "float64") == "float32"
    keep_float64()
    assert keras.backend.result_type("float64", "float64") == "float64"


def test_a_check_writes_nothing_to_stderr():
    result = run(
        "import os\n"
        "os.environ.pop('TF_CPP_MIN_LOG_LEVEL', None), os.environ.pop('TF_ENABLE_ONEDNN_OPTS', None)\n"
        "import numpy as np\n"
        "from kerasedu import layers, parity\n"
        "print(parity.check(layers.Dense(2), np.ones((1, 3))).passed)\n"
    )
    assert (result.stdout.strip(), result.stderr) == ("True", "")


def test_precision_is_restored_even_after_an_error():
    keras, _ = oracle.load()
    before = keras.config.floatx(), keras.config.dtype_policy().name
    with pytest.raises(RuntimeError), oracle.precision("float64"):
        assert (keras.config.floatx(), keras.config.dtype_policy().name) == ("float64", "float64")
        raise RuntimeError
    assert (keras.config.floatx(), keras.config.dtype_policy().name) == before


def test_vjp_gives_outputs_and_gradients():
    x, w = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    outputs, gradients = oracle.vjp(lambda x, w: [x * w, x + 1], [x, w], [np.array([1.0, 10.0]), np.array([5.0, 0.0])])
    np.testing.assert_array_equal(outputs, [[3.0, 8.0], [2.0, 3.0]])
    np.testing.assert_array_equal(gradients, [[8.0, 40.0], [1.0, 20.0]])


def test_vjp_has_no_gradient_at_integers_and_none_for_other_shapes():
    keras, _ = oracle.load()
    outputs, gradients = oracle.vjp(lambda i, w: keras.ops.take(w, i), [np.array([1, 1]), np.array([3.0, 4.0])])
    np.testing.assert_array_equal(outputs, [[4.0, 4.0]])
    assert gradients[0] is None
    np.testing.assert_array_equal(gradients[1], [0.0, 2.0])
    assert oracle.vjp(lambda x: x, [np.ones(3)], [np.ones(2)])[1] is None
