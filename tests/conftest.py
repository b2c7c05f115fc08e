"""Common to all tests: repeatable random examples, a quiet TensorFlow, what old Kerases lack, a browser."""

import os
import random
import shutil
from importlib.metadata import version
from pathlib import Path
from zlib import crc32

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ.setdefault("MPLBACKEND", "agg")
# Tests run side by side: BLAS threads of several processes would wait for each other most of the time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

import kerasedu

settings.register_profile(
    "repeatable", derandomize=True, deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repeatable")

# Python 3.10 gets no Keras after 3.12. What Keras mended or added since cannot be compared there: such a test is
# reported as not run. Parts of a test's name -> what came later.
KERAS = version("keras")
SINCE_KERAS_3_15 = {
    ("test_value_and_gradient", "float64", "SparseCategoricalCrossentropy"): "ignore_class in float64",
    ("test_metrics_are_keras_s", "ignore_class"): "ignore_class of the metric",
    ("test_configurations_go_to_keras_and_back", "SparseCategoricalCrossentropy"): "ignore_class of the metric",
    ("test_one_input_with_options",): "masks of Softmax that broadcast",
    ("test_layer_normalization", "axis=(3, 1)"): "axes in any order",
    ("test_layer_normalization", "rms_scaling"): "rms_scaling divides by the standard deviation",
    ("test_transpose", "axes2"): "negative axes",
    ("test_extremes", "relu"): "relu of infinity with a slope or a limit",
    ("test_the_distribution_is_keras_s", "VarianceScaling-options14"): "input_axes, output_axes",
    ("test_the_distribution_is_keras_s", "HeUniform-options21"): "input_axes, output_axes",
    ("test_arguments_and_defaults_are_keras_s", "initializers"): "input_axes, output_axes",
    ("test_penalties_and_their_gradients", "float64"): "penalties in float64",
    ("test_regression_with_penalties",): "penalties in float64",
    ("test_fit_parity.py::test_float64",): "penalties in float64",
    ("test_validation_data_with_weights_and_another_batch_size",): "penalties in float64",
    ("test_steps_per_epoch",): "penalties in float64",
    ("test_gradients_of_the_compiled_loss", "float64"): "penalties in float64",
    ("test_layers_and_weights_come_in_the_same_order", "unused"): "inputs that no output uses",
    ("test_random_graphs_have_the_same_layers_and_train_alike",): "inputs that no output uses",
}


def pytest_collection_modifyitems(items):
    if tuple(map(int, KERAS.split(".")[:2])) >= (3, 15):
        return
    for item in items:
        for parts, what in SINCE_KERAS_3_15.items():
            if all(part in item.nodeid for part in parts):
                item.add_marker(pytest.mark.skip(reason=f"not in Keras {KERAS}: {what}"))


def pytest_runtest_setup(item):
    """A test draws the same numbers whichever tests ran before it: with xdist that differs from run to run."""
    seed = crc32(item.nodeid.encode())
    random.seed(seed)  # Keras takes its seeds from here
    kerasedu.set_random_seed(seed)
    for name in ("rng", "RNG"):
        if hasattr(item.module, name):
            setattr(item.module, name, np.random.default_rng(seed))


@pytest.fixture(scope="session")
def artefacts():
    """The folder in which tests leave what people may want to look at."""
    folder = Path(__file__).parents[1] / "artefacts"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def browser():
    """Chromium from the system where there is one, else playwright's own (`make browser` sees to one of them)."""
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    options = ["--disable-gpu", "--disable-background-networking"]
    options += ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, names)), None)
        chromium = playwright.chromium.launch(executable_path=path, args=options)
        yield chromium
        chromium.close()
