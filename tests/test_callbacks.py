"""Callbacks: when they are called, and what each does to the training."""

import csv
import re

import numpy as np
import pytest

from kerasedu import Input, Sequential, layers, optimizers
from kerasedu.callbacks import (
    Callback,
    CallbackList,
    CSVLogger,
    EarlyStopping,
    History,
    LambdaCallback,
    LearningRateScheduler,
    ModelCheckpoint,
    ProgbarLogger,
    ReduceLROnPlateau,
)

X = np.ones((6, 3), dtype="float32")
Y = np.ones((6, 2), dtype="float32")


def net(learning_rate=0.1, **options):
    model = Sequential([Input((3,)), layers.Dense(2, kernel_initializer="zeros")])
    model.compile(optimizers.SGD(learning_rate), "mse", **options)
    return model


class Scripted(Callback):
    """Puts given numbers into the logs for the callbacks after it, and makes every weight the number of the epoch."""

    def __init__(self, values, name="val_loss"):
        super().__init__()
        self.values, self.name = values, name

    def on_epoch_end(self, epoch, logs=None):
        logs[self.name] = self.values[epoch]
        self.model.set_weights([np.full(w.shape, epoch) for w in self.model.get_weights()])


def run(values, *others, name="val_loss", model=None, **options):
    """Train as many epochs as there are values, with ``others`` watching them; the model and its history."""
    model = model or net()
    history = model.fit(
        X, Y, epochs=len(values), callbacks=[Scripted(values, name), *others], **{"verbose": 0, **options}
    )
    return model, history


def epoch_of(weights_of):
    return int(weights_of.get_weights()[0][0, 0])


# -- when they are called ------------------------------------------------------------------------------------------


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


# -- EarlyStopping -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "options", "epochs"),
    [
        ([3, 2, 1, 0], {}, 4),
        ([3, 2, 2, 1], {}, 3),
        ([3, 4, 1, 1], {}, 2),
        ([3, 4, 5, 6], {"patience": 1}, 2),
        ([3, 4, 5, 6, 7], {"patience": 3}, 4),
        ([3, 4, 2, 4, 5, 6, 7], {"patience": 3}, 6),
        ([3, 2.9, 2.8, 2.7], {"min_delta": 0.5}, 2),
        ([3, 2.4, 2.3, 2.2], {"min_delta": 0.5}, 3),
        ([1, 2, 3, 2, 1], {"mode": "max"}, 4),
        ([5, 5, 5, 5], {"start_from_epoch": 2}, 4),
        ([5, 5, 5, 5, 5], {"start_from_epoch": 2}, 4),
        ([5, 4, 3, 2], {"baseline": 1, "patience": 2}, 4),
        ([5, 6, 7, 8, 9], {"baseline": 1, "patience": 3}, 3),
        ([0.5, 2, 3, 4, 5], {"baseline": 1, "patience": 3}, 4),
        ([3, float("nan"), 2, 3], {}, 2),
    ],
)
def test_training_stops_when_nothing_gets_better(values, options, epochs):
    stopping = EarlyStopping(**options)
    _, history = run(values, stopping)
    assert len(history.epoch) == epochs
    assert stopping.stopped_epoch == (epochs - 1 if epochs < len(values) else 0) or epochs == len(values)


def test_the_best_weights_come_back():
    model, _ = run([3, 1, 2, 2], EarlyStopping(patience=2, restore_best_weights=True))
    assert epoch_of(model) == 1
    model, _ = run([3, 1, 2, 2], EarlyStopping(patience=2))
    assert epoch_of(model) == 3


def test_the_best_weights_come_back_though_no_epoch_beat_the_baseline_or_training_was_not_stopped():
    model, _ = run([5, 4, 6, 7], EarlyStopping(patience=4, baseline=1, restore_best_weights=True))
    assert epoch_of(model) == 1
    model, _ = run([1, 2], EarlyStopping(patience=5, restore_best_weights=True))
    assert epoch_of(model) == 0


def test_early_stopping_says_so(capsys):
    run([3, 4], EarlyStopping(verbose=1, restore_best_weights=True))
    assert capsys.readouterr().out == (
        "Epoch 2: early stopping\nRestoring model weights from the end of the best epoch: 1.\n"
    )


def test_a_callback_can_be_used_again():
    stopping = EarlyStopping(patience=1)
    for _ in range(2):
        _, history = run([3, 2, 3, 3], stopping)
        assert len(history.epoch) == 3


def test_a_number_that_is_not_logged_warns():
    with pytest.warns(UserWarning, match="'val_loss'.*only loss"):
        net().fit(X, Y, callbacks=[EarlyStopping()], verbose=0)


@pytest.mark.parametrize(("metric", "stops_after"), [("accuracy", 2), ("mse", 3)])
def test_a_metric_says_itself_whether_it_should_rise(metric, stops_after):
    values = [1, 0, 1, 2] if metric == "accuracy" else [2, 1, 2, 3]
    model = net(metrics=[metric])
    _, history = run(values, EarlyStopping(monitor=metric), name=metric, model=model)
    assert len(history.epoch) == stops_after


def test_a_metric_that_does_not_say_needs_a_mode():
    with pytest.raises(ValueError, match="'mystery' should fall or rise"):
        run([1, 2], EarlyStopping(monitor="mystery"), name="mystery")


def test_an_unknown_mode_becomes_auto():
    with pytest.warns(UserWarning, match="'down' is unknown"):
        assert EarlyStopping(mode="down").mode == "auto"


# -- learning rates ------------------------------------------------------------------------------------------------


def test_the_learning_rate_follows_the_schedule_and_is_logged(capsys):
    model = net(0.5)
    scheduler = LearningRateScheduler(lambda epoch, rate: rate / 2 if epoch else rate, verbose=1)
    history = model.fit(X, Y, epochs=3, callbacks=[scheduler], verbose=0).history
    assert history["learning_rate"] == [0.5, 0.25, 0.125]
    assert float(model.optimizer.learning_rate) == 0.125
    assert "Epoch 2: LearningRateScheduler setting learning rate to 0.25." in capsys.readouterr().out


def test_a_schedule_of_the_epoch_alone():
    history = net().fit(X, Y, epochs=2, callbacks=[LearningRateScheduler(lambda epoch: 1.0 / 2**epoch)], verbose=0)
    assert history.history["learning_rate"] == [1.0, 0.5]


def test_a_schedule_returns_a_float():
    with pytest.raises(ValueError, match="returns a float, got"):
        net().fit(X, Y, callbacks=[LearningRateScheduler(lambda epoch, rate: "0.1")], verbose=0)


@pytest.mark.parametrize(
    ("values", "options", "rates"),
    [
        ([3, 2, 1], {"patience": 1}, [1, 1, 1]),
        ([3, 3, 3, 3], {"patience": 1}, [1, 1, 0.5, 0.25]),
        ([3, 3, 3, 3, 3], {"patience": 2}, [1, 1, 1, 0.5, 0.5]),
        ([3, 3, 3, 3, 3, 3], {"patience": 1, "cooldown": 2}, [1, 1, 0.5, 0.5, 0.25, 0.25]),
        ([3, 3, 3, 3], {"patience": 1, "min_lr": 0.4}, [1, 1, 0.5, 0.4]),
        ([3, 2.99, 2.98], {"patience": 1, "min_delta": 0.1}, [1, 1, 0.5]),
        ([1, 2, 2], {"patience": 1, "mode": "max"}, [1, 1, 1]),
        ([1, 2, 2, 2], {"patience": 1, "mode": "max"}, [1, 1, 1, 0.5]),
    ],
)
def test_the_learning_rate_falls_when_nothing_gets_better(values, options, rates):
    model = net(1.0)
    _, history = run(values, ReduceLROnPlateau(factor=0.5, **options), model=model)
    np.testing.assert_allclose(history.history["learning_rate"], rates)


def test_a_fall_is_told(capsys):
    run([3, 3], ReduceLROnPlateau(factor=0.5, patience=1, verbose=1), model=net(1.0))
    assert "Epoch 2: ReduceLROnPlateau reducing learning rate to 0.5." in capsys.readouterr().out


def test_a_factor_of_one_would_not_reduce():
    with pytest.raises(ValueError, match="less than 1"):
        ReduceLROnPlateau(factor=1.0)


def test_a_plateau_of_a_number_that_is_not_logged_warns():
    with pytest.warns(UserWarning, match="ReduceLROnPlateau watches 'val_loss'"):
        net().fit(X, Y, callbacks=[ReduceLROnPlateau()], verbose=0)


# -- files ---------------------------------------------------------------------------------------------------------


def lines_of(path, delimiter=","):
    with open(path, newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def test_the_history_in_a_file(tmp_path):
    history = net(metrics=["mae"]).fit(
        X, Y, epochs=2, validation_split=0.5, callbacks=[CSVLogger(tmp_path / "log.csv")], verbose=0
    )
    header, *rows = lines_of(tmp_path / "log.csv")
    assert header == ["epoch", "loss", "mae", "val_loss", "val_mae"]
    assert [row[0] for row in rows] == ["0", "1"]
    assert [float(row[3]) for row in rows] == history.history["val_loss"]


def test_the_file_is_continued_or_begun_anew(tmp_path):
    path = str(tmp_path / "log.csv")
    net().fit(X, Y, epochs=2, callbacks=[CSVLogger(path, separator=";")], verbose=0)
    net().fit(X, Y, epochs=3, initial_epoch=2, callbacks=[CSVLogger(path, separator=";", append=True)], verbose=0)
    lines = lines_of(path, ";")
    assert lines[0] == ["epoch", "loss", "val_loss"]
    assert [line[0] for line in lines[1:]] == ["0", "1", "2"]
    assert {line[2] for line in lines[1:]} == {"NA"}
    net().fit(X, Y, callbacks=[CSVLogger(path)], verbose=0)
    assert len(lines_of(path)) == 2


def test_appending_to_nothing_writes_a_header(tmp_path):
    net().fit(X, Y, callbacks=[CSVLogger(tmp_path / "log.csv", append=True)], verbose=0)
    assert lines_of(tmp_path / "log.csv")[0] == ["epoch", "loss", "val_loss"]


def test_validation_in_some_epochs_only(tmp_path):
    net().fit(X, Y, epochs=2, validation_split=0.5, validation_freq=2, callbacks=[CSVLogger(tmp_path / "l")], verbose=0)
    _, first, second = lines_of(tmp_path / "l")
    assert first[2] == "NA"
    assert float(second[2]) > 0


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_checkpoint_after_each_epoch(tmp_path):
    run([0.5, 0.25], ModelCheckpoint(tmp_path / "new" / "{epoch:02d}-{val_loss:.2f}.kerasedu"))
    assert names_in(tmp_path / "new") == ["01-0.50.kerasedu", "02-0.25.kerasedu"]


def test_only_the_best_model_is_kept(tmp_path, capsys):
    path = tmp_path / "best"
    run([3, 1, 2], ModelCheckpoint(path, save_best_only=True, save_weights_only=True, verbose=1))
    best = net()
    best.load_weights(path)
    assert epoch_of(best) == 1
    out = capsys.readouterr().out
    assert f"Epoch 2: val_loss improved from 3.00000 to 1.00000, saving model to {path}" in out
    assert "Epoch 3: val_loss did not improve from 1.00000" in out


def test_a_checkpoint_only_below_a_threshold(tmp_path):
    run([3, 2], ModelCheckpoint(tmp_path / "{epoch}", save_best_only=True, initial_value_threshold=2.5))
    assert names_in(tmp_path) == ["2"]


def test_a_checkpoint_every_so_many_batches(tmp_path):
    net().fit(
        X,
        Y,
        batch_size=1,
        epochs=2,
        verbose=0,
        callbacks=[ModelCheckpoint(tmp_path / "{epoch}-{batch}", save_freq=4, save_weights_only=True)],
    )
    assert names_in(tmp_path) == ["1-4", "2-2", "2-6"]


def test_a_checkpoint_of_what_is_not_logged_is_saved_with_a_warning(tmp_path):
    with pytest.warns(UserWarning, match="'val_loss', which is not logged"):
        net().fit(X, Y, callbacks=[ModelCheckpoint(tmp_path / "m", save_best_only=True)], verbose=0)
    assert names_in(tmp_path) == ["m"]


def test_mistakes_of_checkpoints(tmp_path):
    with pytest.raises(ValueError, match="save_freq"):
        ModelCheckpoint("m", save_freq="batch")
    with pytest.raises(KeyError, match="val_mae"):
        run([1], ModelCheckpoint(tmp_path / "{val_mae}"))
    with pytest.raises(OSError, match="is a folder"):
        run([1], ModelCheckpoint(tmp_path))


# -- progress ------------------------------------------------------------------------------------------------------


def test_outside_a_terminal_an_epoch_is_one_line(capsys):
    net().fit(X, Y, batch_size=1, epochs=2)
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert len(lines) == 2
    assert re.fullmatch(r"Epoch 1/2  6/6  \d+\.\ds \d+[mu]s/step - loss: \d\.\d{4}", lines[0])
    assert err == ""


@pytest.mark.parametrize("verbose", [1, 2, "auto"])
def test_evaluate_and_predict_are_one_line(capsys, verbose):
    net().evaluate(X, Y, verbose=verbose)
    net().predict(X, verbose=verbose)
    evaluated, predicted = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"1/1  .*/step - loss: 1\.0000", evaluated)
    assert re.fullmatch(r"1/1  .*/step", predicted)


def test_silence(capsys):
    model = net()
    model.fit(X, Y, verbose=0)
    model.evaluate(X, Y, verbose=0)
    model.predict(X, verbose=0)
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_the_line_grows(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setattr("kerasedu.callbacks.progress_bar._SECONDS_BETWEEN_UPDATES", 0)
    net().fit(X, Y, batch_size=2, epochs=1)
    out = capsys.readouterr().out
    assert out.count("\r") == 4
    assert out.count("\n") == 1
    assert "\r[======              ]  1/3  " in out
    assert out.splitlines()[-1].count("=") == 20


def test_verbose_2_does_not_grow(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    net().fit(X, Y, verbose=2)
    out = capsys.readouterr().out
    assert "\r" not in out
    assert "[=" not in out


def test_validation_inside_fit_prints_nothing_of_its_own(capsys):
    net().fit(X, Y, validation_split=0.5)
    (line,) = capsys.readouterr().out.splitlines()
    assert "val_loss" in line


def test_small_numbers_are_readable(capsys):
    run([1e-5], verbose=1)
    assert "val_loss: 1.0000e-05" in capsys.readouterr().out


def test_a_bar_of_ones_own_is_used(capsys):
    net().fit(X, Y, callbacks=[ProgbarLogger()])
    assert len(capsys.readouterr().out.splitlines()) == 1
