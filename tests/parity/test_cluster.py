"""Processes that compute beside this one: they know each other, give results back, and never outlive their time."""

import os
import time

import numpy as np
import pytest

from kerasedu.parity import cluster


def who_am_i(start):
    import json
    import os

    settings = json.loads(os.environ["TF_CONFIG"])
    return os.getpid(), settings["task"]["index"], settings["cluster"]["worker"], start + settings["task"]["index"]


def helper(x):
    return 2 * x


def with_helper(x):
    return helper(x)


def fails():
    raise ValueError("on purpose")


def never_ends(path):
    import os
    import time

    with open(path, "w") as file:
        file.write(str(os.getpid()))
    while True:
        time.sleep(0.1)


def test_each_process_has_its_number_its_arguments_and_the_addresses_of_all():
    (first, one, addresses, a), (second, two, same, b) = cluster.run(who_am_i, [(np.zeros(2),), (np.ones(2),)])
    assert len({os.getpid(), first, second}) == 3
    assert (one, two) == (0, 1)
    assert addresses == same and len(set(addresses)) == 2
    assert (a == 0).all() and (b == 2).all()


def test_functions_may_call_those_that_were_sent_along():
    assert cluster.run([helper, with_helper], [(3,)]) == [6]


def test_an_error_comes_back_in_words():
    with pytest.raises(RuntimeError, match=r"(?s)process 0 failed.*on purpose"):
        cluster.run(fails, [()])


def test_what_runs_out_of_time_is_ended(tmp_path):
    with pytest.raises(RuntimeError, match="process 0 did not end in time"):
        cluster.run(never_ends, [(str(tmp_path / "pid"),)], seconds=2)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_failure_of_one_ends_the_others(tmp_path):
    def second_fails(path):
        import json
        import os
        import time

        if json.loads(os.environ["TF_CONFIG"])["task"]["index"] == 0:
            raise ValueError("first")
        time.sleep(60)

    start = time.monotonic()
    with pytest.raises(RuntimeError, match="first"):
        cluster.run(second_fails, [(1,), (2,)])
    assert time.monotonic() - start < 30


def test_free_addresses_differ():
    assert len(set(cluster.free_addresses(5))) == 5


def two_workers(x, y):
    """Weights after a custom loop, and the error of fit."""
    import tensorflow as tf

    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    with strategy.scope():
        network = tf.keras.Sequential([tf.keras.Input((2,)), tf.keras.layers.Dense(1, kernel_initializer="zeros")])

    def replica():
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((network(x) - y) ** 2)
        gradients = tape.gradient(loss, network.trainable_variables)
        for v, g in zip(network.trainable_variables, tf.distribute.get_replica_context().all_reduce("mean", gradients)):
            v.assign_sub(0.1 * g)

    strategy.run(replica)
    weights = network.get_weights()
    network.compile("sgd", "mse")
    try:
        network.fit(x, y, verbose=0)
    except ValueError as error:
        return weights, str(error)
    return weights, "fit ran"


def mirrored(x, y):
    """Weights after fit with batches of 4 on two devices, and the error when the first batch is cut unequally."""
    import tensorflow as tf

    two = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], two)
    with tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope():
        network = tf.keras.Sequential([tf.keras.Input((2,)), tf.keras.layers.Dense(1, kernel_initializer="zeros")])
        network.compile(tf.keras.optimizers.SGD(0.1), "mse")
    network.fit(x, y, batch_size=4, shuffle=False, verbose=0)
    weights = network.get_weights()
    network.compile("sgd", "mse")
    try:
        network.fit(x[:3], y[:3], batch_size=3, verbose=0)
    except tf.errors.InvalidArgumentError as error:
        return weights, str(error)
    return weights, "fit ran"


def served(updates):
    import tensorflow as tf

    from kerasedu.parity import cluster

    coordinator = cluster.parameter_server(workers=2)
    with coordinator.strategy.scope():
        w, version = tf.Variable(0.0), tf.Variable(0)

    @tf.function
    def deliver():
        seen, fetched = version.read_value(), cluster.pause(w.read_value(), 0.02)
        with tf.control_dependencies([fetched]):
            w.assign_sub(0.1 * (fetched - 1.0))
            return version.assign_add(1) - 1 - seen

    staleness = [coordinator.schedule(deliver) for _ in range(updates)]
    coordinator.join()
    return float(w.numpy()), [int(value.fetch()) for value in staleness]


def descend(x, y, batches):
    """Kernel and bias of a linear layer from zero; each batch is a list of shards, whose mean gradients count alike."""
    kernel, bias = np.zeros((2, 1)), np.zeros(1)
    for shards in batches:
        errors = [(x[rows], 2 * (x[rows] @ kernel + bias - y[rows]) / len(rows)) for rows in shards]
        kernel = kernel - 0.1 * np.mean([part.T @ error for part, error in errors], axis=0)
        bias = bias - 0.1 * np.mean([error.sum(axis=0) for _, error in errors], axis=0)
    return kernel, bias


@pytest.mark.slow
@pytest.mark.parity
def test_what_lesson_14_says_of_keras_on_several_workers():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(7, 2)), rng.normal(size=(7, 1))
    (first, said), (second, _) = cluster.run(two_workers, [(x[:3], y[:3]), (x[3:6], y[3:6])])
    one_step = descend(x, y, [[[0, 1, 2], [3, 4, 5]]])
    for a, b, right in zip(first, second, one_step):
        np.testing.assert_array_equal(a, b)
        np.testing.assert_allclose(a, right, atol=1e-6)
    assert "PerReplica" in said  # Keras's fit can't be used here

    [(weights, said)] = cluster.run(mirrored, [(x, y)])
    without_sizes = descend(x, y, [[[0, 1], [2, 3]], [[4, 5], [6]]])
    for a, right in zip(weights, without_sizes):
        np.testing.assert_allclose(a, right, atol=1e-6)
    assert "same size and shape" in said


@pytest.mark.slow
@pytest.mark.parity
def test_a_parameter_server_takes_updates_from_workers_that_do_not_wait():
    [(w, staleness)] = cluster.run(served, [(60,)])
    assert w == pytest.approx(1, abs=0.1)
    assert max(staleness) >= 1
