"""When callbacks are called, and what they are told."""

import numpy as np
import pytest
from scripted import X, Y, net, run

from kerasedu.callbacks import Callback, CallbackList, EarlyStopping, History, LambdaCallback


class Recorder(Callback):
    def __init__(self):
        super().__init__()
        self.calls = []


def _recording(name):
    def hook(self, *args, **kwargs):
        self.calls.append((name.removeprefix("on_"), *[a for a in args if isinstance(a, int)]))

    return hook


for _name in vars(Callback):
    if _name.startswith("on_") and _name not in ("on_batch_begin", "on_batch_end"):
        setattr(Recorder, _name, _recording(_name))


def test_the_order_of_calls_in_fit():
    recorder = Recorder()
    net().fit(X, Y, batch_size=2, epochs=1, validation_split=1 / 3, callbacks=[recorder], verbose=0)
    assert recorder.calls == [
        ("train_begin",),
        ("epoch_begin", 0),
        ("train_batch_begin", 0),
        ("train_batch_end", 0),
        ("train_batch_begin", 1),
        ("train_batch_end", 1),
        ("test_begin",),
        ("test_batch_begin", 0),
        ("test_batch_end", 0),
        ("test_end",),
        ("epoch_end", 0),
        ("train_end",),
    ]


def test_the_order_of_calls_in_evaluate_and_predict():
    recorder = Recorder()
    net().evaluate(X, Y, callbacks=[recorder], verbose=0)
    net().predict(X, callbacks=[recorder], verbose=0)
    names = [name for name, *_ in recorder.calls]
    assert names == [
        *("test_begin", "test_batch_begin", "test_batch_end", "test_end"),
        *("predict_begin", "predict_batch_begin", "predict_batch_end", "predict_end"),
    ]


def test_what_a_callback_knows():
    known = {}

    class Asking(Callback):
        def on_epoch_end(self, epoch, logs=None):
            known.update(params=dict(self.params), model=self.model, logs=logs)

        def on_batch_end(self, batch, logs=None):
            known["batch"] = (batch, logs)

    model = net(metrics=["mae"])
    model.fit(X, Y, batch_size=4, epochs=3, validation_split=0.5, callbacks=Asking(), verbose=0)
    assert known["params"] == {"verbose": 0, "epochs": 3, "steps": 1}
    assert known["model"] is model
    assert list(known["logs"]) == ["loss", "mae", "val_loss", "val_mae"]
    assert known["batch"][0] == 0
    assert list(known["batch"][1]) == ["loss", "mae"]
    assert all(type(value) is float for value in known["logs"].values())


def test_the_logs_of_a_batch_are_the_means_so_far():
    seen = []
    model = net(0.0)
    y = np.array([[1.0], [2.0], [3.0]]) * np.ones((3, 2))
    model.fit(
        X[:3],
        y,
        batch_size=1,
        shuffle=False,
        verbose=0,
        callbacks=LambdaCallback(on_train_batch_end=lambda batch, logs: seen.append(logs["loss"])),
    )
    assert seen == [1.0, 2.5, pytest.approx(14 / 3)]


def test_a_callback_can_stop_the_training_in_the_middle_of_an_epoch():
    def stop(batch, logs):
        model.stop_training = batch == 1

    model, seen = net(), []
    history = model.fit(
        X,
        Y,
        batch_size=1,
        epochs=5,
        verbose=0,
        callbacks=[
            LambdaCallback(on_train_batch_end=stop),
            LambdaCallback(on_train_batch_end=lambda b, logs: seen.append(b)),
        ],
    )
    assert seen == [0, 1]
    assert history.epoch == [0]


def test_what_a_callback_adds_to_the_logs_is_in_the_history():
    _, history = run([3.0, 2.0], name="extra")
    assert history.history["extra"] == [3.0, 2.0]


def test_a_list_of_callbacks_is_one_callback():
    first, second = Recorder(), Recorder()
    together = CallbackList([first, [second]], model="m", epochs=3)
    together.on_epoch_begin(1)
    third = Recorder()
    together.append(third)
    together.on_train_end({"b": np.float32(1), "a": 2})
    assert first.calls == second.calls == [("epoch_begin", 1), ("train_end",)]
    assert third.calls == [("train_end",)]
    assert (third.model, third.params) == ("m", {"epochs": 3})


def test_a_history_of_ones_own_is_used():
    mine = History()
    assert net().fit(X, Y, callbacks=[mine], verbose=0) is mine


@pytest.mark.parametrize(("wrong", "message"), [(3, "got 3"), (EarlyStopping, "is a class"), ([print], "objects")])
def test_what_is_no_callback_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        net().fit(X, Y, callbacks=wrong, verbose=0)


def test_an_unknown_hook_is_refused():
    with pytest.raises(ValueError, match="no hook 'on_epoch'"):
        LambdaCallback(on_epoch=print)
