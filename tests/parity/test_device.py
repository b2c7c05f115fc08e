"""The device: named in every report, and what was asked for or an error."""

import sys
from contextlib import nullcontext
from types import SimpleNamespace

import numpy as np
import pytest

from kerasedu import layers, parity
from kerasedu.parity import device, oracle
from kerasedu.parity.backends import backend, on_tensorflow

pytestmark = pytest.mark.parity


class Config:
    """Stands for ``tf.config`` of a machine with graphics cards, and writes down what is set."""

    def __init__(self, cards=("Card",), started=False):
        self.set = {}
        self.cards = list(cards)
        self.started = started
        self.experimental = SimpleNamespace(
            enable_tensor_float_32_execution=lambda on: self.set.update(tf32=on),
            set_memory_growth=self.set_memory_growth,
            enable_op_determinism=lambda: self.set.update(determinism=True),
            get_device_details=lambda card: {"device_name": f"{card} 9000"},
        )

    def list_physical_devices(self, kind):
        return self.cards if kind == "GPU" else []

    def set_memory_growth(self, card, on):
        if self.started:
            raise RuntimeError("Physical devices cannot be modified after being initialized")
        self.set.update({card: on})


@pytest.fixture
def tensorflow(monkeypatch):
    def install(config):
        fake = SimpleNamespace(
            config=config,
            random=SimpleNamespace(set_seed=lambda seed: config.set.update(seed=seed)),
            get_logger=lambda: SimpleNamespace(setLevel=lambda level: None),
        )
        monkeypatch.setitem(sys.modules, "tensorflow", fake)
        return config

    oracle.load()  # the real one first: Keras needs it
    yield install
    oracle.load.cache_clear()


@pytest.fixture
def wanting(monkeypatch):
    """Say what is wanted for the length of a test."""

    def want(name):
        monkeypatch.setitem(oracle._wanted, "device", name)

    return want


def test_a_card_is_used_with_full_precision_in_a_repeatable_order(tensorflow, wanting):
    config = tensorflow(Config())
    on_tensorflow.load("auto")
    assert config.set == {"tf32": False, "Card": True, "seed": 0, "determinism": True}
    wanting("auto")
    assert device.settle() == "GPU"
    assert device.describe() == "GPU (Card 9000)"


def test_a_card_that_has_computed_before_is_used_all_the_same(tensorflow):
    config = tensorflow(Config(started=True))
    on_tensorflow.load("gpu")
    assert config.set == {"tf32": False, "seed": 0, "determinism": True}


def test_the_processor_can_be_asked_for_although_there_is_a_card(tensorflow, wanting):
    config = tensorflow(Config())
    on_tensorflow.load("cpu")
    assert config.set == {}
    wanting("cpu")
    assert device.settle() == device.describe() == "CPU"


def test_a_result_from_the_processor_does_not_pass_as_one_from_the_card():
    on_tensorflow._require("GPU", ["/job:localhost/replica:0/task:0/device:GPU:0"])
    with pytest.raises(RuntimeError, match=r"to be computed on the GPU, but TensorFlow placed it on .*CPU:0"):
        on_tensorflow._require("GPU", ["/job:localhost/replica:0/task:0/device:CPU:0"])


def test_without_a_card_the_report_says_cpu_and_a_wish_for_one_fails(tensorflow):
    config = tensorflow(Config(cards=()))
    on_tensorflow.load("auto")
    assert config.set == {"tf32": False}
    assert device.describe() == "CPU"
    with pytest.raises(ValueError, match="TensorFlow sees no GPU here, so nothing was compared"):
        device.choose("gpu")
    assert oracle.wanted_device() == "auto"


def test_other_devices_and_backends_are_refused():
    with pytest.raises(ValueError, match="device is one of auto, cpu, gpu, got 'tpu'"):
        device.choose("tpu")
    with pytest.raises(ValueError, match="Keras on tensorflow, jax, torch; got 'numpy'"):
        device.choose("auto", "numpy")
    assert backend("tensorflow") is on_tensorflow


def test_products_that_a_card_rounds_stop_the_comparison(monkeypatch):
    monkeypatch.setattr(device, "settle", lambda: "GPU")
    monkeypatch.setattr(on_tensorflow, "place", lambda name: nullcontext())
    device.require_full_precision()  # the processor in the card's place: its products are exact enough
    keras, _ = oracle.load()
    for name in ("matmul", "conv"):
        with monkeypatch.context() as patch:
            exact = getattr(keras.ops, name)
            patch.setattr(keras.ops, name, lambda x, w, exact=exact: exact(to_tf32(x), to_tf32(w)))
            with pytest.raises(RuntimeError, match="TensorFlow rounds the products of float32 numbers on this GPU"):
                parity.check(layers.Dense(2), np.ones((1, 3), np.float32))


def to_tf32(tensor):
    """Ten of the 23 bits behind the point."""
    return ((np.asarray(tensor).view(np.uint32) + 0x1000) & np.uint32(0xFFFFE000)).view(np.float32)
