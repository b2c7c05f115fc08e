"""Callbacks that write files."""

import csv

import pytest
from scripted import X, Y, epoch_of, net, run

from kerasedu.callbacks import CSVLogger, ModelCheckpoint


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
