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
# # 12 Keras inside out
#
# After this lesson you can
#
# 1. write a model with several inputs, outputs and tasks, and say what is minimised;
# 2. write a layer, a loss, a metric and a training step of your own;
# 3. save a model, and resume an interrupted run where it was;
# 4. train on data that come in pieces, and keep statistics of them;
# 5. turn sentences into numbers, and classify them;
# 6. measure what Keras costs against plain NumPy.

# %%
import re
import timeit
from collections import Counter
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import tensorflow as tf

import kerasedu
from kerasedu import callbacks, datasets, gradcheck, layers, losses, models, optimizers, parity, plots
from kerasedu.exercises import check, quiz

print("Comparisons run on:", parity.device.describe())
rng, keras, folder = np.random.default_rng(12), tf.keras, Path(mkdtemp())
(x_train, y_train), (x_test, y_test) = datasets.digits()


# %%
def yours(function, *arguments):
    """What your function returns, None as long as it is not written."""
    try:
        return function(*arguments)
    except NotImplementedError:
        print("Write your function first, then run this cell again.")


def compare_with(results, references, names):
    """Print the largest difference between each result and each reference."""
    for k, name in enumerate(names if results else ()):
        far = {way: np.abs(results[k] - np.asarray(values[k])).max() for way, values in references.items()}
        print(f"{name:6}", "   ".join(f"{way} {distance:.0e}" for way, distance in far.items()))


def apart(model, other):
    """The largest difference between the weights of two models."""
    return max(np.abs(a - b).max() for a, b in zip(model.get_weights(), other.get_weights()))


# %% [markdown]
# **Recall** from earlier lessons.
#
# 1. A sequence of 3 steps is padded to 7. An LSTM reads it with its mask. In how many steps does the state change?
# 2. A weight has the gradient 250. By how much does the first step of `Adam(0.01)` change it, sign included?
# 3. A metric has counted 8 true positives, 2 false positives and 4 false negatives. What is the recall?

# %% nbgrader={"grade": false, "grade_id": "recall_12", "locked": false, "schema_version": 3, "solution": true, "task": false}
first = None
second = None
third = None
### BEGIN SOLUTION
first = 3
second = -0.01
third = 8 / (8 + 4)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_recall_12", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("recall_12", first, second, third)

# %% [markdown]
# ## 1. Three ways to a model
#
# Keras describes models; a **backend** computes: TensorFlow here, JAX or PyTorch elsewhere. A model is
#
# - `Sequential`: layers in a row, each with one input and one output;
# - **functional**: layers called on symbolic tensors, and a `Model` of inputs and outputs: any graph without loops;
# - **subclassed**: a class with a method `call` (section 6). It may do anything, but Keras sees no graph in it.
#
# **Predict** which of these lines, taken from articles or their advice, raise an error, and which one only when `fit`
# begins. `model` is functional and trained.
#
# - A: `Sequential().add(Dense(10), activation="relu")`
# - B: `Model(inputs=Conv2D(32, 3))`
# - C: `optimizers.Nesterov(0.01)`
# - D: `model.compile("adam")`, and then `fit`
# - E: `product = Add()([a, b])`, for a matrix product
# - F: `model.compile("adam", "mse")`, to start anew with another optimizer


# %%
def attempts(library):
    a = library.layers.Input((3,))
    model = library.Model(a, library.layers.Dense(2)(a))
    x, y = np.zeros((4, 3), "float32"), np.zeros((4, 2), "float32")
    yield "A", lambda: library.Sequential().add(library.layers.Dense(10), activation="relu")
    yield "B", lambda: library.Model(inputs=library.layers.Conv2D(32, 3))
    yield "C", lambda: library.optimizers.Nesterov(0.01)
    yield "D", lambda: (model.compile("adam"), model.fit(x, y, verbose=0))
    yield "E", lambda: library.layers.Add()([a, a])
    yield "F", lambda: model.compile("adam", "mse")


for (letter, in_keras), (_, in_kerasedu) in zip(attempts(keras), attempts(kerasedu)):
    for name, attempt in {"tf.keras": in_keras, "kerasedu": in_kerasedu}.items():
        try:
            attempt()
            print(letter, name, "- runs")
        except Exception as error:
            print(letter, name, "-", str(error).splitlines()[0][:100])

# %% [markdown]
# E and F run, and are wrong: `Add` adds, and `compile` leaves the weights as they are (lesson 05).
#
# Next, a graph with two inputs and **two tasks**. The model sees the upper half of a digit, and `ink`, the mean darkness of
# the lower half. It is to name the digit and to draw the lower half. With L₁ the cross-entropy, L₂ the mean squared error,
# and a, b their `loss_weights`, `fit` minimises
#
# $$L = a\, L_1 + b\, L_2$$
#
# **Predict** for a = 1, b = 5:
#
# 1. How many parameters has the model in the picture?
# 2. Which shape has its output `bottom` for 5 samples?
# 3. L₁ is 0.4 and L₂ is 0.06. What is L?


# %%
def two_task_model(loss_weights):
    kerasedu.random.set_random_seed(0)
    top, ink = layers.Input((32,), name="top"), layers.Input((1,), name="ink")
    joined = layers.Concatenate(name="joined")([top, ink])
    hidden = layers.Dense(48, activation="relu", name="hidden")(joined)
    digit = layers.Dense(10, activation="softmax", name="digit")(hidden)
    bottom = layers.Dense(32, activation="sigmoid", name="bottom")(hidden)
    model = kerasedu.Model([top, ink], [digit, bottom])
    model.compile(optimizers.Adam(0.005), ["sparse_categorical_crossentropy", "mse"], loss_weights)
    return model


plots.model_graph(
    "From left to right: the inputs top, 32 numbers, and ink, 1 number, meet in joined, 33 numbers. From there an arrow "
    "leads to hidden, 48 units, and from hidden one to digit, 10 numbers, and one to bottom, 32 numbers.",
    two_task_model([1, 5]),
)

# %% nbgrader={"grade": false, "grade_id": "predict_model", "locked": false, "schema_version": 3, "solution": true, "task": false}
parameters = None
shape = None
total = None
### BEGIN SOLUTION
parameters = (33 * 48 + 48) + (48 * 10 + 10) + (48 * 32 + 32)
shape = (5, 32)
total = 1 * 0.4 + 5 * 0.06
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_model", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("predict_model", parameters, shape, total)

# %%
tops, bottoms = x_train[:, :4].reshape(-1, 32), x_train[:, 4:].reshape(-1, 32)
test_tops, test_bottoms = x_test[:, :4].reshape(-1, 32), x_test[:, 4:].reshape(-1, 32)
inputs, test_inputs = [tops, bottoms.mean(axis=1)[:, None]], [test_tops, test_bottoms.mean(axis=1)[:, None]]
few = [part[:96] for part in inputs], [y_train[:96], bottoms[:96]]
print(parity.check_fit(two_task_model([1, 5]), *few, epochs=2, batch_size=32))
for weights in ([1, 0], [0, 1], [1, 5], [1, 100]):
    model = two_task_model(weights)
    model.fit(inputs, [y_train, bottoms], epochs=25, verbose=0)
    digit, drawn = model.predict(test_inputs, verbose=0)
    right, error = np.mean(digit.argmax(axis=1) == y_test), np.mean((drawn - test_bottoms) ** 2)
    print(f"loss weights {weights!s:9} digits right {right:.3f}   error of the pixels {error:.3f}")

completed = np.hstack([x_test[:10, :4], drawn[:10].reshape(-1, 4, 8)])
plots.images(
    "Two rows of ten digits. Above as they were written, below with the lower half drawn by the model, in the right "
    "places but blurred; above each of these the digit that the model names.",
    np.concatenate([x_test[:10], completed]),
    [f"{k}" for k in y_test[:10]] + [f"says {k}" for k in digit[:10].argmax(axis=1)],
)

# %% [markdown]
# A task with weight 0 is not learnt. Whether one task helps the other has to be measured.
#
# **Build** loss and gradients of such a network, without biases, in the five parts of lesson 04: shapes, local derivative,
# upstream, accumulate, return. With x (n, d) and h = relu(x W), (n, u), it has two linear outputs: $z = h V_1$ for the
# softmax cross-entropy, whose dL₁/dz is (p - one-hot) / n, and $v = h V_2$, (n, p), for the mean squared error, in Keras a
# mean over samples **and** pixels. h is used twice.
#
# Below the check it is compared with measured slopes, and with what a step of `SGD(1.0)` takes from the weights in both
# libraries.


# %% nbgrader={"grade": false, "grade_id": "two_tasks", "locked": false, "schema_version": 3, "solution": true, "task": false}
def two_tasks(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    """L, dL/dW, dL/dV1, dL/dV2; kernel W (d, u), digit_kernel V1 (u, classes), pixel_kernel V2 (u, p), labels (n,),
    pixels (n, p)."""
    ### BEGIN SOLUTION
    a, b = loss_weights
    # shapes: h (n, u), z (n, classes), v (n, p)
    h = np.maximum(x @ kernel, 0)
    z, v = h @ digit_kernel, h @ pixel_kernel
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    loss = a * -np.mean(np.log(p[np.arange(len(x)), labels])) + b * np.mean((v - pixels) ** 2)
    # local derivative of relu
    slope = h > 0
    # upstream: of each output, and of h, which both use
    dz = a * (p - np.eye(z.shape[1], dtype=z.dtype)[labels]) / len(x)
    dv = b * 2 * (v - pixels) / pixels.size
    dh = dz @ digit_kernel.T + dv @ pixel_kernel.T
    # accumulate over the batch, and return
    return loss, x.T @ (dh * slope), h.T @ dz, h.T @ dv
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_two_tasks", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("two_tasks", two_tasks)

# %%
x = layers.Input((33,))
h = layers.Dense(8, "relu", use_bias=False)(x)
model = kerasedu.Model(x, [layers.Dense(10, "softmax", use_bias=False)(h), layers.Dense(32, use_bias=False)(h)])
model.compile(optimizers.SGD(1.0), ["sparse_categorical_crossentropy", "mse"], loss_weights=[1, 5])
kernels, targets, references = [w.copy() for w in model.get_weights()], (y_train[:20], bottoms[:20]), {}
exact = [np.float64(a) for a in (np.hstack(inputs)[:20], *kernels)]
result = yours(two_tasks, *exact, *targets, (1, 5))


def slopes(k):
    loss = lambda w: two_tasks(*exact[:k], w, *exact[k + 1 :], *targets, (1, 5))[0]  # noqa: E731
    return gradcheck.numerical_gradient(loss, exact[k])


for name, network in {"kerasedu": model, "tf.keras": parity.to_keras(model)}.items():
    network.train_on_batch(np.float32(exact[0]), list(targets))
    references[name] = [before - after for before, after in zip(kernels, network.get_weights())]
references["measured"] = result and [slopes(k) for k in (1, 2, 3)]
compare_with(result and result[1:], references, ["dW", "dV1", "dV2"])

# %% [markdown]
# ## 2. Parts of your own
#
# A **layer** of your own has three methods. `build` makes the weights when the shape of the input is known; `call`
# computes; `get_config` returns a dictionary of the arguments of `__init__`, those of the parent (`super().get_config()`)
# among them, from which `from_config` makes the layer again. A tape differentiates `call`. In `kerasedu` you write
# `call_backward`, and the arguments are noted for you.


# %%
class Gain(layers.Layer):
    def build(self, input_shape):
        self.gain = self.add_weight((input_shape[-1],), "ones", name="gain")

    def call(self, x, training=False, mask=None):
        return x * self.gain.value, x  # and what call_backward will need

    def call_backward(self, dy, x):
        return dy * self.gain.value, [np.sum(dy * x, axis=0)]


class KerasGain(keras.layers.Layer):
    def build(self, input_shape):
        self.gain = self.add_weight((input_shape[-1],), "ones", name="gain")

    def call(self, x):
        return x * self.gain


# %%
x, dy = np.float32(rng.normal(size=(2, 5, 3)))
ours, theirs = Gain(), KerasGain()
with tf.GradientTape() as tape:
    total = tf.reduce_sum(dy * theirs(x))
ours.forward(x)
ours.backward(dy)
print("dL/dgain, largest difference:", np.abs(ours.grads[0] - tape.gradient(total, theirs.gain)).max())
print(gradcheck.check_gradients(Gain(dtype="float64"), np.float64(x)))
for name, (library, layer) in {"gain.kerasedu": (kerasedu, ours), "gain.keras": (keras, theirs)}.items():
    layer.set_weights([np.array([1.0, 2.0, 3.0])])
    library.Sequential([library.layers.Input((3,)), layer]).save(folder / name)
    again = library.models.load_model(folder / name, custom_objects={type(layer).__name__: type(layer)})
    print(name, "loaded, with the weights", again.get_weights()[0])

# %% [markdown]
# **Find the bug.** An article's advice: inherit from an existing layer, and implement its attributes `activation` and
# `batch_size`. Here is a `Dense` with a slope below zero, made after it. Behind its error waits a bug without one. Mend
# the class, so that y = z for z > 0 and slope · z otherwise, with z = x W + b and 0 ≤ slope < 1. `article_layer` is
# right: it describes the layer, makes it again, and lets the copy compute. (This answer may use Keras.)

# %% nbgrader={"grade": false, "grade_id": "article_layer", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["keras"]
import keras


class Leaky(keras.layers.Dense):
    def __init__(self, units, slope=0.01, **kwargs):
        super().__init__(units, **kwargs)
        self.slope = slope

    @property
    def activation(self):
        return lambda z: keras.ops.maximum(z, self.slope * z)


def article_layer(x, kernel, bias, slope):
    """The output (n, units) of a layer made again from its own description."""
    copy = Leaky.from_config(Leaky(len(bias), slope).get_config())
    copy.build(x.shape)
    copy.set_weights([kernel, bias])
    return keras.ops.convert_to_numpy(copy(x))


### BEGIN SOLUTION
class Leaky(keras.layers.Dense):
    def __init__(self, units, slope=0.01, **kwargs):
        super().__init__(units, **kwargs)
        self.slope = slope

    def call(self, x):
        z = super().call(x)
        return keras.ops.maximum(z, self.slope * z)

    def get_config(self):
        return {**super().get_config(), "slope": self.slope}


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_article_layer", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("article_layer", article_layer)

# %% [markdown]
# A **loss** of your own is a function of y and ŷ in Keras, a class with its derivative in `kerasedu`. The **pinball loss**
# charges q for each unit that a prediction is too low, 1 - q for each unit that it is too high:
#
# $$l = q\,(y - \hat y)\ \text{ if } y > \hat y, \qquad l = (1 - q)\,(\hat y - y)\ \text{ otherwise}$$
#
# With q = 0.9, too low costs nine times as much, and the best constant is a **quantile**: 90 % of all y lie below it.
# **Build** the mean of l over n samples, and its gradient with respect to ŷ. Mind the shapes: `y_pred` is (n, 1), as
# `Dense(1)` makes it, and `y_true` is (n,).


# %% nbgrader={"grade": false, "grade_id": "pinball", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pinball(y_true, y_pred, q):
    """The mean loss and its gradient (n, 1); y_true (n,), y_pred (n, 1)."""
    ### BEGIN SOLUTION
    y = y_true[:, None]
    low = y > y_pred
    loss = np.mean(np.where(low, q * (y - y_pred), (1 - q) * (y_pred - y)))
    return loss, np.where(low, -q, 1 - q) / len(y)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_pinball", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("pinball", pinball)


# %%
class Pinball(losses.Loss):
    def __init__(self, q):
        super().__init__()
        self.q = q

    def call(self, y, predicted):
        return np.maximum(self.q * (y - predicted), (self.q - 1) * (y - predicted))[:, 0]

    def call_backward(self, dl, y, predicted):
        return dl[:, None] * np.where(y > predicted, -self.q, 1 - self.q)


def keras_pinball(q):
    return lambda y, predicted: keras.ops.maximum(q * (y - predicted), (q - 1) * (y - predicted))[:, 0]


(patients, progress), _ = datasets.diabetes()
mass, progress = (patients[:, 2:3] - patients[:, 2].mean()) / patients[:, 2].std(), progress[:, None] / 100

# %%
guess, loss, of_keras = tf.Variable(rng.normal(1.5, 1, size=(6, 1))), Pinball(0.9), keras_pinball(0.9)
y = np.float64(progress[:6])
loss.forward(y, guess.numpy())
with tf.GradientTape() as tape:
    total = tf.reduce_mean(of_keras(y, guess))
references = {"measured": [gradcheck.numerical_gradient(lambda a: loss(y, a), guess.numpy())]}
references |= {"kerasedu": [loss.backward()], "tf.keras": [tape.gradient(total, guess)]}
result = yours(pinball, y[:, 0], guess.numpy(), 0.9)
compare_with(result and result[1:], references, ["dL/dŷ"])
lines, ends = {}, np.array([[mass.min()], [mass.max()]])
for q in (0.1, 0.9):
    model = kerasedu.Sequential([layers.Input((1,)), layers.Dense(1, kernel_initializer="zeros")])
    model.compile(optimizers.Adam(0.05), Pinball(q))
    model.fit(mass, progress, batch_size=354, epochs=200, verbose=0)
    lines[f"q = {q}"] = ends, model.predict(ends, verbose=0)
    print(f"q = {q}: {np.mean(progress < model.predict(mass, verbose=0)):.2f} of the patients lie below the line")
alt = "354 points rise to the right. Of two rising lines, one has few points below it, the other has few above."
axes = {"xlabel": "body mass index, standardized", "ylabel": "progress of diabetes / 100"}
plots.points(alt, mass, progress, lines, **axes)

# %% [markdown]
# A **metric** reports on an epoch but sees batches. It keeps a **state**, which `update_state` adds to and `result` reads.
# Ratios of batches cannot be averaged, so the state holds counts.
#
# **Build** a mean recall, in which rare classes count like frequent ones: the recall of each class, then the mean over the
# classes **seen so far**. The state `counts` is (2, classes): how many samples of each class were predicted rightly, and
# how many there were. Below, one class serves both libraries.


# %% nbgrader={"grade": false, "grade_id": "mean_recall", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mean_recall(counts, y_true, y_pred):
    """The new counts and the result; y_true (n,) whole numbers, y_pred (n, classes) probabilities."""
    ### BEGIN SOLUTION
    classes = y_pred.shape[1]
    right = y_true[y_pred.argmax(axis=1) == y_true]
    counts = counts + np.stack([np.bincount(right, minlength=classes), np.bincount(y_true, minlength=classes)])
    seen = counts[1] > 0
    return counts, np.mean(counts[0, seen] / counts[1, seen])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_mean_recall", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("mean_recall", mean_recall)


# %%
def mean_recall_metric(library, xp):
    class MeanRecall(library.metrics.Metric):
        def update_state(self, y_true, y_pred, sample_weight=None):
            rows = xp.take(xp.eye(10), y_true, axis=0)
            hits = xp.where(xp.equal(xp.argmax(y_pred, axis=-1), y_true)[:, None], rows, 0 * rows)
            self.counts.assign(self.counts.value + xp.stack([xp.sum(hits, axis=0), xp.sum(rows, axis=0)]))

        def result(self):  # all ten classes have been seen
            return xp.mean(self.counts.value[0] / self.counts.value[1])

    metric = MeanRecall()
    metric.counts = metric.add_weight(shape=(2, 10), initializer="zeros", name="counts")
    return metric


both, state = [mean_recall_metric(kerasedu, np), mean_recall_metric(keras, keras.ops)], (np.zeros((2, 10), int), 0)
for rows in np.split(np.arange(len(y_test)), range(60, len(y_test), 60)):
    state = state and yours(mean_recall, state[0], y_test[rows], digit[rows])
    results = [float(metric(y_test[rows], digit[rows])) for metric in both]
print("kerasedu, tf.keras:", results, "yours:", state and float(state[1]))

# %% [markdown]
# ## 3. Save, stop, go on
#
# A **callback** is an object that `fit` calls at set moments, such as `on_epoch_end`, with the logs. `ModelCheckpoint`
# saves the model each epoch; Keras's `BackupAndRestore` keeps what the same call of `fit` needs after a crash. A `.keras`
# file, like our `.kerasedu`, holds architecture, weights and **optimizer state**. Our `save_weights` writes the weights
# alone. Keras's adds the optimizer's state, but `load_weights` returns it only to an optimizer that is built.
#
# We stop a run after 20 of 40 epochs, each one batch of all digits, and go on from the whole model, or from the weights
# alone. **Predict:** which of the three curves coincide?


# %%
def digit_model():
    kerasedu.random.set_random_seed(0)
    model = kerasedu.Sequential([layers.Input((64,)), layers.Dense(32, "relu"), layers.Dense(10, "softmax")])
    model.compile(optimizers.Adam(0.02), "sparse_categorical_crossentropy")
    return model


flat, at_once = x_train.reshape(-1, 64), {"batch_size": len(x_train), "shuffle": False, "verbose": 0}
through, first = digit_model(), digit_model()
runs = {"not stopped": through.fit(flat, y_train, epochs=40, **at_once).history["loss"]}
checkpoint = callbacks.ModelCheckpoint(folder / "half.kerasedu")
half = first.fit(flat, y_train, epochs=20, callbacks=[checkpoint], **at_once).history["loss"]
whole, weights_alone = models.load_model(folder / "half.kerasedu"), digit_model()
weights_alone.load_weights(folder / "half.kerasedu")
for name, model in {"whole model": whole, "weights alone": weights_alone}.items():
    runs[name] = half + model.fit(flat, y_train, epochs=40, initial_epoch=20, **at_once).history["loss"]
alt = "Three losses fall together for 20 epochs. Then that of the weights alone jumps up; the other two stay one line."
plots.curves(alt, runs, log=True)


# %%
class Crash(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 20:
            raise KeyboardInterrupt


print(f"kerasedu: whole model {apart(whole, through):.0e}, weights alone {apart(weights_alone, through):.0e}")
for crash in ([Crash()], []):
    twin, backup = parity.to_keras(digit_model()), keras.callbacks.BackupAndRestore(folder / "backup")
    try:
        twin.fit(flat, y_train, epochs=40, callbacks=[backup, *crash], **at_once)
    except KeyboardInterrupt:
        print("tf.keras: interrupted after", int(twin.optimizer.iterations), "steps")
print(f"tf.keras, resumed: {apart(twin, through):.0e} after", int(twin.optimizer.iterations), "steps")
early, late = (twin.from_config(twin.get_config()) for _ in range(2))
twin.save_weights(folder / "twin.weights.h5"), early.load_weights(folder / "twin.weights.h5")
early.compile("adam", "mse"), late.compile("adam", "mse"), late.optimizer.build(late.trainable_variables)
late.load_weights(folder / "twin.weights.h5")
print("steps known, loaded before compile and build, and after:", *(int(m.optimizer.iterations) for m in (early, late)))

# %% [markdown]
# The order of shuffled samples is in none of these files: to repeat a run exactly, draw it from a seed that depends on
# the epoch.
#
# **Build** what is missing in a resumed Adam. `iterations` is the number of steps made **before**; `gradients` (steps, …)
# has one for each step to come. For step t, counted from 1 since the very beginning, and η the `learning_rate`
# (lesson 06):
#
# $$m \leftarrow \beta_1 m + (1-\beta_1) g \qquad v \leftarrow \beta_2 v + (1-\beta_2) g^2 \qquad
# w \leftarrow w - \eta\,\frac{\sqrt{1-\beta_2^t}}{1-\beta_1^t}\,\frac{m}{\sqrt v + \varepsilon}$$


# %% nbgrader={"grade": false, "grade_id": "resumed_adam", "locked": false, "schema_version": 3, "solution": true, "task": false}
def resumed_adam(w, m, v, iterations, gradients, learning_rate):
    """The state after all gradients: w, m, v, iterations; w, m, v have one shape."""
    beta_1, beta_2, epsilon = 0.9, 0.999, 1e-7
    for g in gradients:
        # state: m, v and the number of this step
        # correction: the learning rate with its factor, alpha
        ### BEGIN SOLUTION
        iterations = iterations + 1
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g**2
        alpha = learning_rate * np.sqrt(1 - beta_2**iterations) / (1 - beta_1**iterations)
        ### END SOLUTION
        # step
        w = w - alpha * m / (np.sqrt(v) + epsilon)
    return w, m, v, iterations


# %% nbgrader={"grade": true, "grade_id": "check_resumed_adam", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("resumed_adam", resumed_adam)

# %%
gradients, start, zero, ends = rng.normal(size=(8, 3)), np.ones(3), np.zeros(3), {}
for name, library, variable in [("kerasedu", kerasedu, kerasedu.Variable), ("tf.keras", keras, tf.Variable)]:
    adam, w = library.optimizers.Adam(0.01), variable(start, dtype="float32")
    for gradient in gradients:
        adam.apply_gradients([(np.float32(gradient), w)])
    ends[name] = [w.numpy()]
half = yours(resumed_adam, start, zero, zero, 0, gradients[:5], 0.01)
compare_with(half and resumed_adam(*half, gradients[5:], 0.01), ends, ["w"])  # 5 + 3 steps against 8

# %% [markdown]
# ## 4. Data that come in pieces
#
# `fit` also takes a generator of batches (`steps_per_epoch` says what to call an epoch), for data that do not fit into
# memory or have no end. **Online learning** uses each batch as it comes: first as a test, then for `train_on_batch`.
#
# Digits come in batches of 16. From the middle of the stream on, the scanner mirrors all images. One model goes on
# learning; another one is frozen there. **Predict** both curves.


# %%
def scanner():
    images, y = np.concatenate([x_train, x_train[:, :, ::-1]]).reshape(-1, 64), np.tile(y_train, 2)
    yield from ((images[k : k + 16], y[k : k + 16]) for k in range(0, len(y), 16))


def follow(network, steps):
    hits = []
    for k, (x, y) in enumerate(scanner()):
        hits += (np.asarray(network(x)).argmax(axis=1) == y).tolist()
        if k < steps:
            network.train_on_batch(x, y)
    return np.convolve(hits, np.ones(100) / 100, "valid")


trio = [digit_model(), digit_model(), parity.to_keras(digit_model())]
shares = {"goes on learning": follow(trio[0], 180), "frozen in the middle": follow(digit_model(), 90)}
trio[1].fit(scanner(), steps_per_epoch=180, verbose=0), follow(trio[2], 180)
print(f"by batch, by fit, in tf.keras: {np.ptp([m.get_weights()[0] for m in trio], axis=0).max():.0e} apart")
alt = "Both curves rise, and fall deep in the middle. The one that goes on learning rises again, the other stays low."
plots.curves(alt, shares, xlabel="digit, from the 100th on", ylabel="share right of the last 100")

# %% [markdown]
# Mean and variance of a stream, for standardizing (lesson 07), are not known beforehand. They can be **merged**. Two
# groups of $n_1$ and $n_2$ samples have means $\mu_1$, $\mu_2$ and variances $\sigma_1^2$, $\sigma_2^2$.
# Together, with $n = n_1 + n_2$ and $\delta = \mu_2 - \mu_1$, they have
#
# $$\mu = \mu_1 + \delta\,\frac{n_2}{n} \qquad \sigma^2 = \frac{n_1 \sigma_1^2 + n_2 \sigma_2^2}{n} + \delta^2\,\frac{n_1 n_2}{n^2}$$
#
# **Build** it for a batch (k, d). At first `count` is 0. Variances divide by the number of samples. Means may be large, so
# do not subtract squares from squares (lesson 01). `Normalization.adapt` merges batches, too, but each call begins anew.


# %% nbgrader={"grade": false, "grade_id": "running_moments", "locked": false, "schema_version": 3, "solution": true, "task": false}
def running_moments(count, mean, variance, batch):
    """count, mean and variance of all samples so far, the batch among them; mean, variance (d,), batch (k, d)."""
    ### BEGIN SOLUTION
    k = len(batch)
    total = count + k
    delta = batch.mean(axis=0) - mean
    within = (count * variance + k * batch.var(axis=0)) / total
    return total, mean + delta * k / total, within + delta**2 * count * k / total**2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_running_moments", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("running_moments", running_moments)

# %%
(cells, _), _ = datasets.breast_cancer()
state = 0, np.zeros(30), np.zeros(30)
for start in range(0, len(cells), 50):
    state = state and yours(running_moments, *state, np.float64(cells[start : start + 50]))
adapted = keras.layers.Normalization()
adapted.adapt(cells)
for k, name, theirs in [(1, "mean", adapted.mean), (2, "variance", adapted.variance)]:
    if state:
        print(f"{name:9} against Normalization, relative: {np.abs(state[k] / np.asarray(theirs)[0] - 1).max():.0e}")

# %% [markdown]
# ## 5. Sentences
#
# A text becomes numbers in four steps: **standardize** (small letters, no punctuation), **split** into words, look each up
# in a **vocabulary**, **pad** to one length. The vocabulary holds the most frequent words of the **training** texts.
# Ours are sentences of documentation that is installed here: Python's language reference (class 0) and NumPy (class 1).

# %%
(texts, classes), (test_texts, test_classes) = datasets.sentences()
print(f"{len(texts)} sentences to train, {len(test_texts)} to test; class {classes[0]}: {texts[0]!r}")
texts, test_texts = ([re.sub("[^a-z]", " ", t.lower()) for t in part] for part in (texts, test_texts))
vocabulary = [word for word, _ in Counter(" ".join(texts).split()).most_common(800)]
print("most frequent:", *vocabulary[:12])

# %% [markdown]
# Keras's `TextVectorization` pads behind the words, and cuts off the end; its `pad_sequences` pads **before** them, and
# cuts off the **beginning**.
#
# **Build** the second way, with the codes of the first: 0 is padding, 1 any unknown word, and word k of the vocabulary,
# k = 0, 1, …, has the code k + 2. Words are what `text.lower().split()` makes.


# %% nbgrader={"grade": false, "grade_id": "vectorize", "locked": false, "schema_version": 3, "solution": true, "task": false}
def vectorize(texts, vocabulary, length):
    """An array (number of texts, length) of whole numbers: zeros first, then the last words of each text."""
    ### BEGIN SOLUTION
    code = {word: k + 2 for k, word in enumerate(vocabulary)}
    result = np.zeros((len(texts), length), dtype=int)
    for row, text in zip(result, texts):
        codes = [code.get(word, 1) for word in text.lower().split()][-length:]
        row[length - len(codes) :] = codes
    return result
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_vectorize", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("vectorize", vectorize)

# %%
padded_behind = keras.layers.TextVectorization(vocabulary=vocabulary)(texts + test_texts).numpy()
coded = keras.utils.pad_sequences([row[row > 0] for row in padded_behind], maxlen=20)
result = yours(vectorize, texts + test_texts, vocabulary, 20)
print("yours is as the two together:", None if result is None else np.array_equal(result, coded))
x_texts, x_test_texts = np.split(coded, [len(texts)])
kerasedu.random.set_random_seed(0)
table, mean = layers.Embedding(len(vocabulary) + 2, 8, mask_zero=True), layers.GlobalAveragePooling1D()
reader = kerasedu.Sequential([layers.Input((20,)), table, mean, layers.Dense(1, activation="sigmoid")])
reader.compile(optimizers.SGD(2.0, momentum=0.9), "binary_crossentropy", metrics=["accuracy"])
print(parity.check_fit(reader, x_texts[:96], classes[:96], epochs=2, batch_size=32))
reader.fit(x_texts, classes, epochs=15, verbose=0)
right, share = reader.evaluate(x_test_texts, test_classes, verbose=0)[1], test_classes.mean()
print(f"test sentences right: {right:.2f}; always the more frequent class: {max(share, 1 - share):.2f}")

# %% [markdown]
# `Embedding` holds a row of 8 numbers for each code: (n, 20) becomes (n, 20, 8). A mean over the words that are not masked,
# and a sigmoid, do the rest. So each word has a score of its own: its row times the last kernel.
#
# Why not Adam? In tf.keras the gradient of an embedding is a list of rows, in which a word that occurs twice stands twice.
# Keras's Adam on TensorFlow squares each entry **before** it adds them, 1² + 2² in place of (1 + 2)²: v is too small, and
# the step too long.

# %%
twice = tf.IndexedSlices(tf.constant([[1.0], [2.0]]), indices=[0, 0], dense_shape=[1, 1])  # word 0, twice
for rule in (keras.optimizers.SGD, keras.optimizers.Adam):
    steps = []
    for gradient in (twice, tf.convert_to_tensor(twice)):
        weight = keras.Variable(np.zeros((1, 1), "float32"))
        rule(0.1).apply([gradient], [weight])
        steps.append(float(weight.numpy().item()))
    print(f"{rule.__name__:4} - step with a list of rows {steps[0]:.3f}, with an array {steps[1]:.3f}")
rows, kernel, _ = reader.get_weights()
scores = (rows @ kernel)[2:, 0]
chosen = [*scores.argsort()[:4], *scores.argsort()[-4:]]
alt = "Scores of eight words: four negative ones, of the language reference, and four positive ones, of NumPy."
axes = {"xlabel": "word", "ylabel": "score: Python -, NumPy +"}
plots.bars(alt, scores[chosen], [vocabulary[k] for k in chosen], **axes)

# %% [markdown]
# ## 6. What Keras costs
#
# The same steps in four ways: NumPy alone; `fit` of `kerasedu`; `fit` of tf.keras; and a subclassed model with a **training
# step of your own**: the tape, compiled by `tf.function`. (As `train_step(self, data)`, `fit` would call it.)
# **Predict:** which way is quickest for 32 units and batches of 32? Which for 2,048 units and batches of 719?


# %%
def numpy_epochs(weights, batch_size, epochs):
    W, b, V, c = weights
    for start in [*range(0, len(flat), batch_size)] * epochs:
        x, labels = flat[start : start + batch_size], y_train[start : start + batch_size]
        h = np.maximum(x @ W + b, 0)
        z = h @ V + c
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(len(x)), labels] -= 1
        dz = p / np.float32(len(x))
        dh = dz @ V.T * (h > 0)
        for weight, gradient in zip(weights, (x.T @ dh, dh.sum(axis=0), h.T @ dz, dz.sum(axis=0))):
            weight -= np.float32(0.1) * gradient


# %%
class OwnModel(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.hidden, self.out = keras.layers.Dense(units, "relu"), keras.layers.Dense(10, "softmax")
        self.rule = keras.optimizers.SGD(0.1)

    def call(self, x):
        return self.out(self.hidden(x))

    @tf.function(reduce_retracing=True)
    def step(self, x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, self(x, training=True)))
        gradients = tape.gradient(loss, self.trainable_variables)
        self.rule.apply_gradients(zip(gradients, self.trainable_variables))

    def epochs(self, batch_size, epochs):
        for start in [*range(0, len(flat), batch_size)] * epochs:
            self.step(*(tf.constant(a[start : start + batch_size]) for a in (flat, y_train)))


# %%
def compare_times(units, batch_size):
    model = kerasedu.Sequential([layers.Input((64,)), layers.Dense(units, "relu"), layers.Dense(10, "softmax")])
    model.compile(optimizers.SGD(0.1), "sparse_categorical_crossentropy")
    weights, twin, other = [w.copy() for w in model.get_weights()], parity.to_keras(model), OwnModel(units)
    other(flat[:1]), other.set_weights(weights)  # the call builds it
    settings = {"batch_size": batch_size, "shuffle": False, "verbose": 0}
    ways = {
        "NumPy": lambda: numpy_epochs(weights, batch_size, 3),
        "fit of kerasedu": lambda: model.fit(flat, y_train, epochs=3, **settings),
        "fit of tf.keras": lambda: twin.fit(flat, y_train, epochs=3, **settings),
        "own compiled step": lambda: other.epochs(batch_size, 3),
    }  # each runs three times; in the first, functions are compiled
    seconds = {name: min(timeit.repeat(way, number=1, repeat=3)) for name, way in ways.items()}
    far = max(np.abs(a - b).max() for m in (model, twin, other) for a, b in zip(m.get_weights(), weights))
    print(f"{units} units, batches of {batch_size}; time against NumPy's; weights differ by at most {far:.0e}")
    print("   ".join(f"{name} {time / seconds['NumPy']:.1f}" for name, time in seconds.items()))


compare_times(32, 32)
compare_times(2048, 719)

# %% [markdown]
# Look for two things: with small arrays most time goes into the work around each step, of which an own compiled step has
# less than `fit`; with large arrays arithmetic counts, and the ratios fall. For this price Keras gives derivatives of
# whatever you write, GPUs, files that others can read, and much-tested code.
#
# ## In your own words
#
# A colleague's training is interrupted every night. Each morning a script builds the model, calls `load_weights`,
# `compile` and `fit`. "The loss jumps up each time. Now I save the whole model; but it has a layer of mine with an argument
# `slope`, and when loaded it predicts something else." Explain in four or five sentences what was lost at each restart,
# what is probably wrong with the layer, and how to test both repairs.

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_resume", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# `load_weights` brought back the weights alone: our files of weights hold no more, and in Keras the optimizer did not
# exist yet. Adam's averages m and v and its count of steps began anew, so the first steps had full size in all
# directions, and a schedule would start again. The whole model (`ModelCheckpoint`, `BackupAndRestore`) keeps
# them; after loading one must not compile again, and gives `initial_epoch`. The layer's `get_config` probably does not
# return `slope`, so the layer is made again with its default; it should return `{**super().get_config(), "slope":
# self.slope}`. Test: train six epochs at once, and three, restart, three, on samples in the same order; all weights must
# be equal to rounding. And predict one batch before saving and after loading: the numbers must be the same.
#
# **Marking scheme.** 1 point each: the optimizer's state was lost (m, v, steps); why that makes the loss jump, or that
# compiling again loses it too; `get_config` lacks the argument; tests that compare numbers before and after.
# ### END SOLUTION

# %% [markdown]
# ## What you can do now
#
# 1. `fit` minimises the weighted sum of the losses, and a shared layer hears from all tasks.
# 2. A layer has `build`, `call`, `get_config`; a loss has a gradient; a metric adds counts; a step has a tape.
# 3. With its weights, the optimizer's state and its step count a run goes on as if never stopped.
# 4. A stream is tested before it is learnt; means and variances of pieces can be merged.
# 5. The training texts give the vocabulary; the side of the padding belongs to the model.
# 6. You measured: overhead counts where arrays are small.
