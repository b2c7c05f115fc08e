"""The device: settled once, named in every report, and what was asked for or an error."""

from types import SimpleNamespace

import pytest

from kerasedu.parity import device, oracle

pytestmark = pytest.mark.parity


class Config:
    """Stands for ``tf.config`` of a machine with one graphics card, and writes down what is set."""

    def __init__(self, started=False):
        self.set = {}
        self.experimental = SimpleNamespace(
            enable_tensor_float_32_execution=lambda on: self.set.update(tf32=on),
            set_memory_growth=self.set_memory_growth,
            enable_op_determinism=lambda: self.set.update(determinism=True),
            get_device_details=lambda card: {"device_name": f"{card} 9000"},
        )
        self.started = started

    def list_physical_devices(self, kind):
        return ["Card"] if kind == "GPU" else []

    def set_memory_growth(self, card, on):
        if self.started:
            raise RuntimeError("Physical devices cannot be modified after being initialized")
        self.set.update({card: on})


@pytest.fixture
def card(monkeypatch):
    def install(config):
        fake = SimpleNamespace(
            config=config, random=SimpleNamespace(set_seed=lambda seed: config.set.update(seed=seed))
        )
        monkeypatch.setattr(oracle, "load", lambda: (None, fake))
        monkeypatch.setattr(device, "settle", device.settle.__wrapped__)
        return config

    return install


def test_a_card_is_used_with_full_precision_in_a_repeatable_order(card):
    config = card(Config())
    assert device.settle() == "/GPU:0"
    assert config.set == {"tf32": False, "Card": True, "seed": 0, "determinism": True}
    assert device.describe.__wrapped__() == "GPU (Card 9000)"


def test_a_card_that_has_computed_before_is_used_all_the_same(card):
    config = card(Config(started=True))
    assert device.settle() == "/GPU:0"
    assert config.set == {"tf32": False, "seed": 0, "determinism": True}


def test_a_result_from_the_processor_does_not_pass_as_one_from_the_card(card):
    card(Config())
    device.require(["/job:localhost/replica:0/task:0/device:GPU:0"])
    with pytest.raises(RuntimeError, match=r"to be computed on the GPU, but TensorFlow placed it on .*CPU:0"):
        device.require(["/job:localhost/replica:0/task:0/device:CPU:0"])


def test_without_a_card_the_report_says_cpu(monkeypatch):
    config = Config()
    config.list_physical_devices = lambda kind: []
    monkeypatch.setattr(oracle, "load", lambda: (None, SimpleNamespace(config=config)))
    monkeypatch.setattr(device, "settle", device.settle.__wrapped__)
    assert device.settle() == "/CPU:0"
    assert device.describe.__wrapped__() == "CPU"
    assert config.set == {"tf32": False}
