"""Which samples make a batch, in which order, and where an epoch ends."""

import numpy as np
import pytest
from linear_models import X, linear, pieces

import kerasedu
from kerasedu import Model, layers


class Seen(Model):
    """A model that remembers the samples it was trained on: x is the sample's number."""

    def __init__(self):
        super().__init__()
        self._dense = layers.Dense(1, kernel_initializer="zeros")
        self._layers = [self._dense]
        self.batches = []
        self.compile("sgd", "mse")

    def call(self, x, training=False, mask=None):
        if training:
            self.batches.append(x[:, 0].astype(int).tolist())
        return self._dense.propagate(x, training)

    def call_backward(self, dy, cache):
        return self._dense.backpropagate(dy, cache)


def trained_on(samples, **options):
    model = Seen()
    x = np.arange(float(samples))[:, None]
    model.fit(x, np.zeros((samples, 1)), verbose=0, **options)
    return model.batches


def test_without_shuffling_batches_come_in_order_and_the_last_is_smaller():
    assert trained_on(5, batch_size=2, epochs=2, shuffle=False) == [[0, 1], [2, 3], [4]] * 2


def test_32_samples_make_a_batch_unless_told_otherwise():
    assert [len(batch) for batch in trained_on(70)] == [32, 32, 6]


def test_shuffling_makes_a_new_order_in_each_epoch_and_loses_no_sample():
    kerasedu.set_random_seed(0)
    batches = trained_on(40, batch_size=10, epochs=2)
    first, second = np.concatenate(batches[:4]), np.concatenate(batches[4:])
    assert first.tolist() != second.tolist()
    assert sorted(first) == sorted(second) == list(range(40))
    kerasedu.set_random_seed(0)
    assert trained_on(40, batch_size=10, epochs=2) == batches


def test_batches_can_be_shuffled_within():
    batches = trained_on(40, batch_size=20, shuffle="batch")
    assert [sorted(batch) for batch in batches] == [list(range(20)), list(range(20, 40))]
    assert batches[0] != list(range(20))


def test_the_validation_split_is_the_end_of_the_data():
    assert trained_on(10, validation_split=0.25, shuffle=False) == [[0, 1, 2, 3, 4, 5, 6]]


def test_an_epoch_of_so_many_steps_goes_on_where_the_last_one_stopped():
    assert trained_on(6, batch_size=2, steps_per_epoch=1, epochs=4, shuffle=False) == [[0, 1], [2, 3], [4, 5], [0, 1]]


def test_steps_alone_say_how_large_a_batch_is():
    assert [len(batch) for batch in trained_on(10, steps_per_epoch=3)] == [4, 4, 2]


def test_an_epoch_ends_with_the_data_and_the_next_begins_anew_with_a_warning():
    with pytest.warns(UserWarning, match="ended after 1 batches of epoch 2"):
        batches = trained_on(6, batch_size=2, steps_per_epoch=2, epochs=3, shuffle=False)
    assert batches == [[0, 1], [2, 3], [4, 5], [0, 1], [2, 3]]


def test_a_generator_gives_batches():
    from_generator, from_arrays = linear(), linear()
    from_generator.fit(pieces(2), steps_per_epoch=2, epochs=2, verbose=0)
    for _ in range(2):
        for x, y in pieces():
            from_arrays.train_on_batch(x, y)
    for got, wanted in zip(from_generator.get_weights(), from_arrays.get_weights()):
        np.testing.assert_array_equal(got, wanted)


class Numbered:
    """Batches by number, as ``keras.utils.PyDataset`` gives them."""

    def __len__(self):
        return 2

    def __getitem__(self, i):
        return list(pieces())[i]


@pytest.mark.parametrize("batches", [list(pieces()), Numbered()], ids=["list", "len and []"])
def test_batches_that_can_be_gone_through_again_serve_every_epoch(batches):
    model, other = linear(), linear()
    history = model.fit(batches, epochs=3, validation_data=batches, verbose=0).history
    other.fit(pieces(3), steps_per_epoch=2, epochs=3, verbose=0)
    assert len(history["val_loss"]) == 3
    np.testing.assert_array_equal(model.get_weights()[0], other.get_weights()[0])
    np.testing.assert_array_equal(model.predict([(X[:4],), (X[4:],)], verbose=0), model.predict(X, verbose=0))


def test_a_generator_that_ends_early_ends_the_training():
    model = linear()
    with pytest.warns(UserWarning, match="ended after 0 batches of epoch 2"):
        history = model.fit(pieces(), epochs=3, verbose=0)
    assert history.epoch == [0]
