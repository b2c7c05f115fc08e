"""Callbacks take the same decisions as Keras's, given the same numbers."""

import csv

import numpy as np
import pytest

import kerasedu
from kerasedu.parity import oracle

pytestmark = pytest.mark.parity
X, Y = np.ones((4, 2), "float32"), np.ones((4, 1), "float32")
RNG = np.random.default_rng(6)


@pytest.fixture(scope="module")
def models():
    """A model of each library, which the tests train again and again."""
    keras = oracle.load()[0]
    made = {}
    for library in (kerasedu, keras):
        model = library.Sequential([library.Input((2,)), library.layers.Dense(1)])
        model.compile(library.optimizers.SGD(0.0), "mse", metrics=["accuracy"])
        made[library] = model
    return made


def trained(library, model, values, make, name="val_loss"):
    """Train with scripted logs. Returns the callback, the history, and the epoch that the weights are of."""

    class Scripted(library.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs[name] = values[epoch]
            self.model.set_weights([np.full(w.shape, epoch) for w in self.model.get_weights()])

    model.optimizer.learning_rate = 1.0
    callback = make(library.callbacks)
    history = model.fit(X, Y, epochs=len(values), verbose=0, callbacks=[Scripted(), callback])
    return callback, history, int(model.get_weights()[0].flat[0])


SERIES = [np.round(RNG.random(9), 1).tolist() for _ in range(2)] + [[3.0, 2.0, 2.0, 1.0, 5.0, 5.0, 5.0]]
STOPPING = [
    {},
    {"patience": 2},
    {"patience": 3, "restore_best_weights": True},
    {"patience": 2, "min_delta": 0.3},
    {"patience": 2, "mode": "max", "restore_best_weights": True},
    {"patience": 2, "baseline": 0.25, "restore_best_weights": True},
    {"patience": 1, "start_from_epoch": 3, "restore_best_weights": True},
    {"patience": 20, "restore_best_weights": True},
]


@pytest.mark.parametrize("options", STOPPING, ids=str)
def test_early_stopping(models, options):
    for values in SERIES:
        results = [
            trained(library, model, values, lambda room: room.EarlyStopping(**options))
            for library, model in models.items()
        ]
        (ours, history, epoch), (theirs, keras_history, keras_epoch) = results
        assert history.epoch == keras_history.epoch
        assert epoch == keras_epoch
        assert (ours.stopped_epoch, ours.best_epoch, ours.wait) == (
            theirs.stopped_epoch,
            theirs.best_epoch,
            theirs.wait,
        )


PLATEAUS = [
    {"patience": 1},
    {"patience": 2, "factor": 0.5},
    {"patience": 1, "cooldown": 2, "factor": 0.5},
    {"patience": 1, "min_lr": 0.3, "factor": 0.5},
    {"patience": 1, "min_delta": 0.3, "factor": 0.5},
    {"patience": 1, "mode": "max", "factor": 0.5},
]


@pytest.mark.parametrize("options", PLATEAUS, ids=str)
def test_reduce_on_plateau(models, options):
    for values in SERIES:
        ours, theirs = (
            trained(library, model, values, lambda room: room.ReduceLROnPlateau(**options))[1].history
            for library, model in models.items()
        )
        assert list(ours) == list(theirs)
        np.testing.assert_allclose(ours["learning_rate"], theirs["learning_rate"], rtol=1e-6)


def test_learning_rate_scheduler(models):
    ours, theirs = (
        trained(library, model, [1.0] * 4, lambda room: room.LearningRateScheduler(lambda epoch, rate: rate * 0.7))[1]
        for library, model in models.items()
    )
    np.testing.assert_allclose(ours.history["learning_rate"], theirs.history["learning_rate"], rtol=1e-6)


@pytest.mark.parametrize("metric", ["accuracy", "val_accuracy", "loss", "val_loss"])
def test_the_direction_of_a_metric(models, metric):
    found = []
    for library, model in models.items():
        _, history, _ = trained(
            library, model, [0.5, 0.6, 0.4, 0.7], lambda room: room.EarlyStopping(monitor=metric), name=metric
        )
        found.append(history.epoch)
    assert found[0] == found[1]


@pytest.mark.parametrize("options", [{}, {"separator": ";"}, {"append": True}], ids=str)
def test_csv_logger(models, options, tmp_path):
    contents = []
    for library, model in models.items():
        path = str(tmp_path / f"{library.__name__}.csv")
        for _ in range(2):
            trained(library, model, [0.5, 0.25], lambda room, path=path: room.CSVLogger(path, **options))
        with open(path, newline="") as file:
            contents.append(list(csv.reader(file, delimiter=options.get("separator", ","))))
    assert contents[0][0] == contents[1][0]
    assert len(contents[0]) == len(contents[1])
    assert [row[0] for row in contents[0]] == [row[0] for row in contents[1]]


@pytest.mark.parametrize(
    "options",
    [{}, {"save_best_only": True}, {"save_best_only": True, "initial_value_threshold": 0.45}, {"save_freq": 3}],
    ids=str,
)
def test_model_checkpoint(models, options, tmp_path):
    names = []
    for library, model in models.items():
        folder = tmp_path / library.__name__
        pattern = "{epoch}-{batch}.weights.h5" if "save_freq" in options else "{epoch}-{val_loss:.2f}.weights.h5"
        trained(
            library,
            model,
            SERIES[0][:5],
            lambda room, path=folder / pattern: room.ModelCheckpoint(path, save_weights_only=True, **options),
        )
        names.append(sorted(path.name for path in folder.iterdir()))
    assert names[0] == names[1]
