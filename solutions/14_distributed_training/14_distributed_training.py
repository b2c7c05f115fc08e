# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 14 Distributed training
#
# When one computer is too slow or too small, several train one model. After this lesson you can
#
# 1. share a batch among workers and average their gradients so that the result is that of one worker;
# 2. follow an all-reduce around a ring step by step;
# 3. say what a synchronous step costs, and where more workers stop helping;
# 4. train with stale gradients, and say what staleness costs;
# 5. cut a dense layer into parts for several devices, and run all of this in TensorFlow.
#
# Two devices, two processes and a parameter server run on this computer. TPUs and clusters stay on paper; curves for
# more workers are simulated.

# %%
import numpy as np

import kerasedu
from kerasedu import datasets, gradcheck, layers, losses, ops, optimizers, parity, plots
from kerasedu.exercises import check, quiz
from kerasedu.parity import cluster

print("Comparisons run on:", parity.device.describe())
import tensorflow as tf

two = [tf.config.LogicalDeviceConfiguration()] * 2  # the processor as CPU:0 and CPU:1, before it computes anything
tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], two)


def yours(function):
    """What your function returns, None as long as it is not written."""
    try:
        return function()
    except NotImplementedError:
        print("Write your function first, then run this cell again.")


# %% [markdown]
# **Recall** from earlier lessons.
#
# 1. `BatchNormalization` sees the numbers 0, 0, 4, 4 in training, with scale 1, shift 0 and ε = 0. What becomes of a 4?
# 2. A model has 1,000,000 parameters of type float32. How many bytes do its gradients take?
# 3. The largest curvature of a loss is 8. Below which learning rate does gradient descent converge?

# %% nbgrader={"grade": false, "grade_id": "recall_14", "locked": false, "schema_version": 3, "solution": true, "task": false}
first = None
second = None
third = None
### BEGIN SOLUTION
first = (4 - 2) / 2
second = 4_000_000
third = 2 / 8
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_recall_14", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("recall_14", first, second, third)

# %% [markdown]
# ## 1. Data parallelism is averaging gradients
#
# n **workers** hold the same weights. Worker k gets a **shard** of the batch, $n_k$ samples, and computes $g_k$, the
# gradient of the mean loss over them. The loss of the whole batch is a mean as well, so
#
# $$g = \frac{1}{N} \sum_k n_k\, g_k \qquad N = \sum_k n_k$$
#
# where g and all $g_k$ have the shape of the weight. **Predict:** shards of 3 samples and 1 have the gradients 2 and 6.
# What is the gradient of the whole batch, and what comes out if the sizes are left out?
#
# **Build** both steps. Shards are neighbours in x; every sample is in one of them; sizes differ by one at most, the
# larger first: 7 samples are 3, 2 and 2. Then average the gradients of one weight. After the checks, three workers
# share 101 images and find the gradient of all, to rounding.


# %% nbgrader={"grade": false, "grade_id": "shard", "locked": false, "schema_version": 3, "solution": true, "task": false}
def shard(x, workers, index):
    """The samples of worker number index = 0, …, workers - 1; x (samples, …). A shard may be empty."""
    ### BEGIN SOLUTION
    size, rest = divmod(len(x), workers)
    start = index * size + min(index, rest)
    return x[start : start + size + (index < rest)]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_shard", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("shard", shard)


# %% nbgrader={"grade": false, "grade_id": "average_gradients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def average_gradients(gradients, sizes):
    """The gradient of the whole batch; gradients: an array for each worker, sizes: its number of samples, maybe 0."""
    ### BEGIN SOLUTION
    return sum(size * gradient for gradient, size in zip(gradients, sizes)) / sum(sizes)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_average_gradients", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("average_gradients", average_gradients)

# %%
rng = np.random.default_rng(14)
(digits, labels), _ = datasets.digits()
digits, labels = np.float64(digits.reshape(-1, 64))[:101], labels[:101]
model, loss = layers.Dense(10, activation="softmax", dtype="float64"), losses.SparseCategoricalCrossentropy()


def gradients(x, y):
    """dL/dkernel and dL/dbias of the mean loss over x (samples, 64), y (samples,)."""
    loss.forward(y, model.forward(x))
    model.backward(loss.backward())
    return [gradient.copy() for gradient in model.grads]


def compare(names, answer, references):
    """Print the largest difference between each result of answer() and each reference."""
    for name, result, *right in zip(names, yours(lambda: list(answer())) or [], *references.values()):
        fits = [np.abs(result - g).max() if np.shape(result) == np.shape(g) else np.inf for g in right]
        print(f"{name:8}", "   ".join(f"{way} {difference:.0e}" for way, difference in zip(references, fits)))


# %%
whole = gradients(digits, labels)
start = model.get_weights()


def average():
    parts = [(shard(digits, 3, k), shard(labels, 3, k)) for k in range(3)]
    results, sizes = [gradients(*part) for part in parts], [len(y) for _, y in parts]
    return [average_gradients(list(of_one_weight), sizes) for of_one_weight in zip(*results)]


twin = parity.to_keras(model)
with tf.GradientTape() as tape:
    total = tf.reduce_mean(tf.keras.losses.sparse_categorical_crossentropy(labels, twin(digits)))
slopes = gradcheck.numerical_gradient(lambda b: loss(labels, ops.softmax(digits @ start[0] + b)), start[1])
compare(["dkernel", "dbias"], average, {"kerasedu": whole, "tf.keras": tape.gradient(total, twin.trainable_variables)})
compare(["dbias"], lambda: average()[1:], {"measured": [slopes]})

# %% [markdown]
# (Your prediction: 3 with the sizes, 4 without.)
#
# An article's steps for a cluster are: choose a framework, set up nodes and data, train. How workers agree is
# left out. Somebody filled the gap, for the mean squared difference of x w and y. **Find the bug:** the result is to be
# what one worker gets from the whole batch.


# %% nbgrader={"grade": false, "grade_id": "train_on_workers", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_on_workers(xs, ys, w, learning_rate, steps):
    """The weights after some steps; xs, ys: shards (n_k, d) and (n_k,) of one batch, maybe of unequal sizes; w (d,)."""
    for _ in range(steps):
        for x, y in zip(xs, ys):
            gradient = 2 / len(x) * x.T @ (x @ w - y)
            w = w - learning_rate * gradient
    return w


### BEGIN SOLUTION
def train_on_workers(xs, ys, w, learning_rate, steps):
    """The weights after some steps; xs, ys: shards (n_k, d) and (n_k,) of one batch, maybe of unequal sizes; w (d,)."""
    samples = sum(len(x) for x in xs)
    for _ in range(steps):
        gradient = np.zeros_like(w)
        for x, y in zip(xs, ys):
            gradient += 2 / samples * x.T @ (x @ w - y)
        w = w - learning_rate * gradient
    return w


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_train_on_workers", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("train_on_workers", train_on_workers)

# %% [markdown]
# **In Keras**, `MirroredStrategy` keeps a copy of the model on each device, a **replica**, cuts every batch into
# shards, and averages. What is created in its scope is mirrored; `fit` stays as it is. **Predict:** does it agree with
# one device, also when the last batch has 5 samples, shards of 3 and 2?

# %%
mirrored = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
classifier = kerasedu.Sequential([layers.Dense(10, activation="softmax")])
classifier.compile(optimizers.SGD(0.5), "sparse_categorical_crossentropy")
classifier.build((None, 64))
images = np.float32(digits)


def after_fit(samples, scope):
    """The weights after an epoch of tf.keras in batches of 32, from those of the classifier."""
    with scope:
        network = parity.to_keras(classifier)
    network.fit(images[:samples], labels[:samples], batch_size=32, shuffle=False, verbose=0)
    return network.get_weights()


# %%
def by_hand(samples, weighted):
    """The same epoch with two replicas, whose gradients are averaged with or without their sizes."""
    model.set_weights(classifier.get_weights())
    for rows in np.split(np.arange(samples), range(32, samples, 32)):
        shards = np.array_split(rows, 2)
        sizes = [len(shard) if weighted else 1 for shard in shards]
        results = zip(*(gradients(digits[shard], labels[shard]) for shard in shards))
        means = [np.average(pair, axis=0, weights=sizes) for pair in results]
        model.set_weights([w - 0.5 * g for w, g in zip(model.get_weights(), means)])
    return model.get_weights()


for samples in (96, 101):
    references = {"one device": after_fit(samples, tf.device("CPU:0")), "sizes": by_hand(samples, True)}
    references |= {"no sizes": by_hand(samples, False)}
    print(f"MirroredStrategy with {samples} samples, its distance from:")
    compare(["kernel", "bias"], lambda samples=samples: after_fit(samples, mirrored.scope()), references)
report = parity.check_fit(classifier, images, labels, epochs=1, batch_size=32)
report

# %% [markdown]
# With equal shards it is one device to rounding. With 3 and 2 it is not: **Keras averages the replicas' means without
# their sizes**. (If the very first batch is cut unequally, Keras 3.15's `fit` even stops with an error.) So let the
# number of replicas divide the batch size, and drop the rest of an epoch.
#
# With **batch normalization** a sample's output depends on the others in its batch, so averaging gradients isn't
# enough. Each replica uses the statistics of its own shard, unless asked to synchronize. Predict what two replicas make
# of 0, 0 and 4, 4.

# %%
column = np.float32([[0], [0], [4], [4]])


def normalized(synchronized):
    with mirrored.scope():
        layer = tf.keras.layers.BatchNormalization(epsilon=1e-6, synchronized=synchronized)
        layer.build((None, 1))

    def replica():
        index = tf.distribute.get_replica_context().replica_id_in_sync_group
        return layer(tf.constant(column)[2 * index : 2 * index + 2], training=True)

    return np.concatenate(mirrored.experimental_local_results(tf.function(lambda: mirrored.run(replica))()))


for name, parts in {"whole batch": [column], "per shard": np.split(column, 2)}.items():
    ours = [layers.BatchNormalization(epsilon=1e-6)(part, training=True) for part in parts]
    theirs = normalized(synchronized=name == "whole batch")
    print(f"{name:12} kerasedu {np.concatenate(ours).ravel()}   tf.keras, 2 replicas {theirs.ravel()}")

# %% [markdown]
# More workers with equal shards make a larger batch, and fewer steps in an epoch. k small steps with rate η add up to
# about one step with rate kη on their common batch, if the weights hardly move meanwhile. Hence the **linear scaling
# rule**: the learning rate grows by the same factor as the batch. It ends at the limit 2/λ of lesson 05; a warm-up
# helps at first, when gradients change fastest.
#
# **Predict:** rate 0.1 was right for batches of 32. Now 8 workers have 32 samples each.
#
# 1. How many samples does a step use?
# 2. Which learning rate does the rule give?
# 3. How many steps does an epoch of 1,024 samples take?

# %% nbgrader={"grade": false, "grade_id": "predict_large_batch", "locked": false, "schema_version": 3, "solution": true, "task": false}
samples = None
rate = None
steps = None
### BEGIN SOLUTION
samples = 8 * 32
rate = 0.1 * 256 / 32
steps = 1024 // 256
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_large_batch", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("predict_large_batch", samples, rate, steps)

# %%
(train, train_labels), _ = datasets.digits()
train = train.reshape(-1, 64)
for batch_size, rate in [(32, 0.1), (256, 0.1), (256, 0.8), (1437, 4.5)]:
    kerasedu.random.set_random_seed(0)
    network = kerasedu.Sequential([layers.Dense(10, activation="softmax")])
    network.compile(optimizers.SGD(rate), "sparse_categorical_crossentropy")
    history = network.fit(train, train_labels, epochs=5, batch_size=batch_size, verbose=0).history["loss"]
    print(f"batch {batch_size:4}, learning_rate {rate}: loss after 5 epochs {history[-1]:.3f}")

# %% [markdown]
# Eight times the rate made up for eight times fewer steps. With all digits in one batch, the rule led over the limit.
#
# ## 2. All-reduce around a ring
#
# Every worker needs the sum of all gradients: an **all-reduce**. If all sent to worker 0, its line would carry
# everything. Around a **ring** worker i sends to worker i + 1 only, the last one to worker 0, all at the same time.
#
# Each gradient is cut into n chunks. In n - 1 steps the chunks travel and are added up (**reduce-scatter**): in step
# s = 0, 1, … worker i sends its chunk (i - s) mod n. Then each worker has one whole sum, and in n - 1 more steps these
# are handed round (**all-gather**). The picture counts how many workers' numbers are in a chunk; frames mark arrivals.
# Nobody sends and receives the same chunk in one step, so a loop may take the workers one by one.
#
# **Build** the first half. Two lines are missing: which chunk worker i sends, and what its neighbour does with it.

# %%
plots.ring(
    "Tables of 4 workers by 4 chunks. At the start every entry is 1. In the upper row one chunk of each worker grows in "
    "each step, to 2, 3 and 4; at its end worker 0 has a 4 in chunk 1, worker 1 in chunk 2, worker 2 in chunk 3, "
    "worker 3 in chunk 0. In the lower row the fours are copied to the next worker, until all entries are 4.",
    workers=4,
)


# %% nbgrader={"grade": false, "grade_id": "reduce_scatter", "locked": false, "schema_version": 3, "solution": true, "task": false}
def reduce_scatter(chunks):
    """All chunks after n - 1 steps; chunks (n, n, size): chunks[i, c] is chunk c of worker i."""
    chunks = chunks.copy()
    workers = len(chunks)
    for step in range(workers - 1):
        for i in range(workers):
            ### BEGIN SOLUTION
            c = (i - step) % workers
            chunks[(i + 1) % workers, c] += chunks[i, c]
            ### END SOLUTION
    return chunks


# %% nbgrader={"grade": true, "grade_id": "check_reduce_scatter", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("reduce_scatter", reduce_scatter)

# %% [markdown]
# **Build** the plan of the second half: which chunk does worker i send in its step s = 0, …, n - 2? Start from what
# each worker has whole. Then both halves run beside the rings of `kerasedu` and TensorFlow.


# %% nbgrader={"grade": false, "grade_id": "all_gather_plan", "locked": false, "schema_version": 3, "solution": true, "task": false}
def all_gather_plan(workers):
    """An array of whole numbers (workers - 1, workers): row s, column i is the chunk that worker i sends in step s."""
    ### BEGIN SOLUTION
    step, worker = np.arange(workers - 1)[:, None], np.arange(workers)
    return (worker + 1 - step) % workers
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_all_gather_plan", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("all_gather_plan", all_gather_plan)


# %%
def your_ring(arrays):
    """The sum as each worker has it; arrays: one (n · size,) for each of n workers."""
    chunks = reduce_scatter(np.stack(arrays).reshape(len(arrays), len(arrays), -1))
    for sent in all_gather_plan(len(arrays)):
        for i, c in enumerate(sent):
            chunks[(i + 1) % len(arrays), c] = chunks[i, c]
    return chunks.reshape(len(arrays), -1)


arrays = list(rng.normal(size=(4, 12)))
compare([f"worker {i}" for i in range(4)], lambda: your_ring(arrays), {"kerasedu": ops.ring_all_reduce(arrays)})
shares = mirrored.experimental_distribute_values_from_function(lambda c: arrays[c.replica_id_in_sync_group])
of_tensorflow = mirrored.reduce("SUM", shares, axis=None)
compare(["worker 0"], lambda: your_ring(arrays[:2]), {"tf.distribute": [of_tensorflow]})

# %% [markdown]
# ## 3. What a step costs
#
# A message takes the **latency**, in seconds, plus its bytes divided by the **bandwidth**, in bytes per second. The
# ring sends 2 (n - 1) messages one after the other, each an n-th of the gradient; all workers at the same time. And a
# **synchronous** step waits for its slowest worker.
#
# **Predict**, for a gradient of 100 MB, a bandwidth of 100 MB per second, and no latency:
#
# 1. How many seconds does the all-reduce take with 2 workers?
# 2. What does this time tend to with more and more workers?
# 3. Each worker is late in one step of 100, independently. In which share of the steps is somebody of 100 workers late?
#
# Then **build** the model of a step: the workers share the batch as in section 1 and start together; then comes the
# ring.

# %% nbgrader={"grade": false, "grade_id": "predict_costs", "locked": false, "schema_version": 3, "solution": true, "task": false}
two = None
many = None
late = None
### BEGIN SOLUTION
two = 2 * (2 - 1) * (100 / 2) / 100
many = 2
late = 1 - 0.99**100
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_costs", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("predict_costs", two, many, late)


# %% nbgrader={"grade": false, "grade_id": "step_seconds", "locked": false, "schema_version": 3, "solution": true, "task": false}
def step_seconds(workers, batch_size, sample_seconds, size, latency, bandwidth):
    """Seconds of a synchronous step; sample_seconds: computing for one sample, size: bytes of the gradient."""
    ### BEGIN SOLUTION
    largest_shard = -(-batch_size // workers)
    message = latency + size / (workers * bandwidth)
    return largest_shard * sample_seconds + 2 * (workers - 1) * message
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_step_seconds", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("step_seconds", step_seconds)

# %% [markdown]
# From your model follow **simulated** curves. Either a batch of 4,096 is shared, or the batch grows by 64 samples a
# worker, and samples per second count. Stragglers: every worker's computing takes a random factor. **Amdahl's law** is
# the simplest model: if a fraction p of the work can't be divided, n workers are 1 / (p + (1 - p)/n) times as fast,
# never more than 1/p.

# %%
workers = np.unique(np.geomspace(1, 1000, 40).astype(int))
computer = {"sample_seconds": 1e-3, "size": 100e6, "latency": 50e-6, "bandwidth": 10e9}
slowest = np.array([np.exp(0.3 * rng.normal(size=(200, n))).max(axis=1).mean() for n in workers])


def speed_ups():
    shared = np.array([step_seconds(n, 4096, **computer) for n in workers])
    growing = np.array([step_seconds(n, 64 * n, **computer) for n in workers])
    late = growing + 64e-3 * (slowest - 1)
    lines = {"Amdahl, p = 0.01": 1 / (0.01 + 0.99 / workers), "batch of 4,096": shared[0] / shared}
    lines |= {"batch grows": workers * growing[0] / growing, "… with stragglers": workers * late[0] / late}
    print("batch of 4,096: fastest with", workers[np.argmin(shared)], "workers")
    return plots.scaling(SHOWN, workers, lines)


SHOWN = """Simulated speed-ups for 1 to 1,000 workers. Amdahl's law bends towards 100. With a shared batch the speed-up has a
peak at some hundred workers and then falls. With a growing batch it keeps rising, ever farther below the line of n times
as fast; with stragglers it lies lower again."""
yours(speed_ups)

# %% [markdown]
# The bytes never cost more than 2 · size / bandwidth, however many send; the latencies grow with n. So a fixed batch
# has a best number of workers.
#
# **Two real processes.** `MultiWorkerMirroredStrategy` does this between programs. Each learns from the environment
# variable `TF_CONFIG` who the others are; `cluster.run` starts two on this computer. Each gets its own shard only, 51
# and 50 samples. Keras 3.15's `fit` stops with an error here, so we write the step, and weigh the shards ourselves.


# %%
def worker(weights, x, y, share):
    """The weights after 10 steps; share: own samples / all samples. This function's text is sent to each process."""
    import tensorflow as tf

    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    with strategy.scope():
        network = tf.keras.Sequential([tf.keras.Input((64,)), tf.keras.layers.Dense(10, activation="softmax")])
    network.set_weights(weights)

    def replica():
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.keras.losses.sparse_categorical_crossentropy(y, network(x)))
        gradients = [share * g for g in tape.gradient(loss, network.trainable_variables)]
        summed = tf.distribute.get_replica_context().all_reduce("sum", gradients)
        for variable, gradient in zip(network.trainable_variables, summed):
            variable.assign_sub(0.5 * gradient)

    for _ in range(10):
        strategy.run(replica)
    return network.get_weights()


# %%
own = [(classifier.get_weights(), images[rows], labels[rows], len(rows) / 101) for rows in (range(51), range(51, 101))]
try:
    first, second = cluster.run(worker, own)
    alone = parity.to_keras(classifier)
    alone.fit(images, labels, batch_size=101, epochs=10, verbose=0)
    classifier.fit(images, labels, batch_size=101, epochs=10, verbose=0)
    print("both processes have the same weights:", all(np.array_equal(a, b) for a, b in zip(first, second)))
    references = {"kerasedu": classifier.get_weights(), "tf.keras, one process": alone.get_weights()}
    compare(["kernel", "bias"], lambda: first, references)
except RuntimeError as error:
    print("This computer would not run two processes:", error)

# %% [markdown]
# ## 4. Nobody waits: stale gradients
#
# In **asynchronous** training a **parameter server** holds the weights. A worker fetches them, computes a gradient,
# delivers it and fetches again. The server applies each gradient as it comes: nobody waits, but others may have
# delivered meanwhile. The **staleness** of an update is the number of updates since its worker fetched.
#
# $$w_{t+1} = w_t - \eta\, g(w_{t-\tau_t}) \qquad \tau_t: \text{ staleness of update } t$$
#
# **Build** the server, for the loss $\frac12 \sum_i \lambda_i w_i^2$ with the gradient λ · w. `arrivals` lists the
# worker that delivers update t = 0, 1, …. All workers fetch the first w at the start; each fetches again right after
# its own update.


# %% nbgrader={"grade": false, "grade_id": "parameter_server", "locked": false, "schema_version": 3, "solution": true, "task": false}
def parameter_server(w, curvature, learning_rate, arrivals):
    """Two arrays: the weights (steps + 1, d), beginning with w, and the staleness (steps,); w and curvature (d,)."""
    ### BEGIN SOLUTION
    path, staleness, fetched = [w], [], {}  # fetched: worker -> number of updates when it fetched
    for t, worker in enumerate(arrivals):
        seen = fetched.get(worker, 0)
        w = w - learning_rate * curvature * path[seen]
        path.append(w)
        staleness.append(t - seen)
        fetched[worker] = t + 1
    return np.array(path), np.array(staleness)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_parameter_server", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("parameter_server", parameter_server)

# %% [markdown]
# If n workers deliver in turn, the staleness is soon τ = n - 1. On the loss with curvature λ, a constant staleness
# lowers the limit of the learning rate from 2/λ to $\frac{2}{\lambda} \sin\frac{\pi}{4\tau + 2}$. On the diabetes data
# of lesson 05, along the directions of its curvatures, your server runs with η = 0.4/λ for the largest λ. **Predict**
# which of τ = 0, 1, 3, 7 converge.

# %%
(patients, progress), _ = datasets.diabetes()
x, y = ((np.float64(a) - np.mean(a, axis=0)) / np.std(a, axis=0) for a in (patients[:, 2:4], progress))
curvature, directions = np.linalg.eigh(2 / len(y) * x.T @ x)
best = np.linalg.lstsq(x, y)[0]
start, rate = directions.T @ -best, np.float32(0.4 / curvature.max())  # from w = 0; the rate in float32, as in Keras
alt = "The loss falls steadily with staleness 0, even a little faster with 1, in slow waves with 3; with 7 it rises."


def losses_in_turn(n):
    path, _ = parameter_server(start, curvature, rate, [t % n for t in range(60)])
    return np.square(path[1:]) @ curvature / 2


w, sgd, fetched = tf.keras.Variable(start, dtype="float64"), tf.keras.optimizers.SGD(float(rate)), [start] * 4
for t in range(60):
    sgd.apply([tf.constant(curvature * fetched[t % 4])], [w])
    fetched[t % 4] = w.numpy()
compare(["last loss"], lambda: [losses_in_turn(4)[-1]], {"tf.keras": [np.square(w.numpy()) @ curvature / 2]})
print("limits of η times λ:", [f"{2 * np.sin(np.pi / (4 * tau + 2)):.2f}" for tau in (0, 1, 3, 7)])
yours(lambda: plots.curves(alt, {f"staleness {n - 1}": losses_in_turn(n) for n in (1, 2, 4, 8)}, "updates", log=True))

# %% [markdown]
# A little staleness may even help: like momentum, it keeps going where it went. More of it ends in waves.
#
# **A real one.** TensorFlow's `ClusterCoordinator` hands steps to whichever worker is free. Here a parameter server and
# three workers are threads of one more process. `version` counts updates, so each step can tell how stale it is.


# %%
def asynchronous(x, y, updates):
    """The weights after some updates, and the staleness of each."""
    import tensorflow as tf
    from kerasedu.parity import cluster

    coordinator = cluster.parameter_server(workers=3)
    with coordinator.strategy.scope():
        w, version = tf.Variable(tf.zeros(2, "float64")), tf.Variable(0)

    @tf.function
    def deliver():
        seen, fetched = version.read_value(), cluster.pause(w.read_value(), 0.02)  # as if w were larger
        gradient = 2 / len(y) * tf.linalg.matvec(x, tf.linalg.matvec(x, fetched) - y, transpose_a=True)
        with tf.control_dependencies([gradient]):  # deliver when it is done
            w.assign_sub(0.1 * gradient)
            return version.assign_add(1) - 1 - seen

    staleness = [coordinator.schedule(deliver) for _ in range(updates)]
    coordinator.join()
    return w.numpy(), [int(value.fetch()) for value in staleness]


# %%
try:
    [(w, staleness)] = cluster.run(asynchronous, [(x, y, 80)])
    print("staleness of 80 updates, how many of 0, 1, 2, …:", np.bincount(staleness))
    print(f"distance from the lowest point: {np.abs(w - best).max():.0e}, at the start {np.abs(best).max():.0e}")
except RuntimeError as error:
    print("This computer would not run the parameter server:", error)

# %% [markdown]
# Counts and weights depend on who was quick: asynchronous training can't be repeated to the last digit.
#
# ## 5. Model parallelism
#
# If the model is too large for one memory, its layers may lie on different devices; then one works while the others
# wait. Or a **layer** is cut. By **columns**, device k has the columns $W_k$ (d, units_k) of the kernel; x is (n, d), n
# samples: $y_k = x W_k$, and y is $[y_0, y_1]$ side by side. x went two ways, so backward **dx is a sum over devices**.
# By **rows**, device k has some of the inputs, $x_k$ (n, d_k), and the rows $W_k$ (d_k, units):
# $y = x_0 W_0 + x_1 W_1 + b$ is **a sum over devices**, and each $dx_k$ stays where it is.
#
# **Build** the backward pass by columns, with the five parts of lesson 04 on every device. Then two layers: the first
# by columns, the second by rows. Hidden units never travel; forward there is **one** sum. (This is not in `kerasedu`.)


# %% nbgrader={"grade": false, "grade_id": "column_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def column_backward(dy, x, kernels):
    """dL/dx and the list of dL/dW_k; dy (n, all units), x (n, d), kernels: a list of (d, units_k), units may differ."""
    ### BEGIN SOLUTION
    # shapes: dx (n, d); dkernels like kernels; device k has the columns of dy that are its units
    ends = np.cumsum([kernel.shape[1] for kernel in kernels])
    parts = np.split(dy, ends[:-1], axis=1)
    # local derivative, upstream, accumulate over samples for the kernels and over devices for x
    dx = sum(part @ kernel.T for part, kernel in zip(parts, kernels))
    # return
    return dx, [x.T @ part for part in parts]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_column_backward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("column_backward", column_backward)


# %% nbgrader={"grade": false, "grade_id": "split_mlp", "locked": false, "schema_version": 3, "solution": true, "task": false}
def split_mlp(x, first_kernels, first_biases, second_kernels, second_bias):
    """y = relu(x A + a) B + b, (n, units), from parts of A, a and B; x (n, d) and b (units,) are there whole.

    Each list has an entry for each device: A_k (d, h_k), a_k (h_k,), B_k (h_k, units).
    """
    ### BEGIN SOLUTION
    parts = [np.maximum(x @ A + a, 0) @ B for A, a, B in zip(first_kernels, first_biases, second_kernels)]
    return sum(parts) + second_bias
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_split_mlp", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("split_mlp", split_mlp)

# %%
x, dy, kernel = rng.normal(size=(5, 4)), rng.normal(size=(5, 6)), rng.normal(size=(4, 6))
dense = layers.Dense(6, use_bias=False, dtype="float64")
dense(x)
dense.set_weights([kernel])
dense.forward(x)
slopes = [gradcheck.numerical_gradient(lambda a: np.vdot(dy, a @ kernel), x)]
slopes += [gradcheck.numerical_gradient(lambda a: np.vdot(dy, x @ a), kernel)]

tensor, pieces = tf.Variable(x), [tf.Variable(kernel[:, :2]), tf.Variable(kernel[:, 2:])]
with tf.GradientTape() as tape:
    with tf.device("CPU:0"):
        left = tf.matmul(tensor, pieces[0])
    with tf.device("CPU:1"):
        right = tf.matmul(tensor, pieces[1])
    total = tf.reduce_sum(dy * tf.concat([left, right], axis=1))
print("computed on", left.device[-5:], "and", right.device[-5:])
references = {"measured": slopes, "kerasedu": [dense.backward(dy), *dense.grads]}
dx, *dkernels = tape.gradient(total, [tensor, *pieces])
references |= {"two devices": [dx, tf.concat(dkernels, axis=1)]}


# %%
def joined():
    dx, dkernels = column_backward(dy, x, [kernel[:, :2], kernel[:, 2:]])
    return dx, np.hstack(dkernels)


compare(["dx", "dkernel"], joined, references)
hidden = kerasedu.Sequential([layers.Dense(6, activation="relu"), layers.Dense(2)])
x_32 = np.float32(x)
hidden(x_32)
A, a, B, b = hidden.get_weights()
halves = [[A[:, :2], A[:, 2:]], [a[:2], a[2:]], [B[:2], B[2:]]]
references = {"kerasedu": [hidden(x_32)], "tf.keras": [parity.to_keras(hidden)(x_32)]}
compare(["y"], lambda: [split_mlp(x_32, *halves, b)], references)
print(parity.check(dense, x), parity.check(hidden, x_32), sep="\n\n")

# %% [markdown]
# (`keras.distribution` describes such layouts for Keras on JAX; on TensorFlow it is accepted and has no effect.)
#
# ## In your own words
#
# A friend trains on 8 devices in place of one, with the same learning rate and epochs; each device gets as many samples
# a step as the one had. An epoch takes a quarter of the time, and the model ends up worse. "The gradients get mixed
# up", says the friend. Explain in five sentences what happened to the batch, the steps and the learning rate, why the
# time is not an eighth, and what to try.

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_parallel", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# Averaged gradients are those of one batch 8 times as large, so nothing is mixed up. But there are an eighth as many
# steps, each as long as before, so training has gone less far. By the linear scaling rule the rate should grow 8 times,
# with a warm-up and within the limit 2/λ; or train for more epochs. Computing is shared, but the all-reduce takes about
# 2 · size / bandwidth plus latencies in every step, and all wait for the slowest. Other causes to look at: batch
# normalization per replica, and shards of unequal size.
#
# **Marking scheme.** 1 point each: the average is the gradient of one larger batch; fewer steps at the same rate; the
# time for messages or waiting; a remedy that fits, with its limit.
# ### END SOLUTION

# %% [markdown]
# ## What you can do now
#
# 1. Shards hold every sample once; gradients are averaged with their sizes. Keras leaves the sizes out.
# 2. 2 (n - 1) steps, each with a chunk to the right neighbour: first added, then copied.
# 3. The largest shard, plus 2 (n - 1) messages; bytes cost at most 2 · size / bandwidth, latency and stragglers grow.
# 4. A gradient belongs to the weights that its worker fetched; staleness lowers the limit of the learning rate.
# 5. By columns dx is summed, by rows y is. You ran two devices, two processes and a parameter server.
