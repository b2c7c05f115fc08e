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
# # 13 Performance
#
# Two programs compute the same weights, and one takes a tenth of the time. After this lesson you can
#
# 1. time a training so that the number means something, and find where the time goes;
# 2. count the operations and the bytes of a layer, and tell which of the two limits it;
# 3. replace loops by operations on whole arrays, and copies by views;
# 4. say what float16, bfloat16 and TF32 round away, and write loss scaling;
# 5. predict what graphs, pipelines and faster hardware can gain.
#
# All times are measured on your machine, now, and shown as ratios: other programs disturb them, so read "about".

# %%
import cProfile
import pstats
import time

import keras
import ml_dtypes
import numpy as np
import tensorflow as tf

import kerasedu
from kerasedu import datasets, layers, ops, parity, plots
from kerasedu.exercises import check, quiz

print("Comparisons run on:", parity.device.describe())
rng = np.random.default_rng(13)
kerasedu.random.set_random_seed(13)

# %% [markdown]
# **Recall** from earlier lessons.
#
# 1. A functional model calls one `Dense(10)` on two inputs of shape (n, 64). How many parameters has the model?
# 2. im2col writes the windows of 32 images, 28 by 28 with one channel, into a matrix; 3 by 3, stride 1, no padding.
#    Which shape has it?
# 3. What is 2²⁴ + 1 in float32?

# %% nbgrader={"grade": false, "grade_id": "recall_13", "locked": false, "schema_version": 3, "solution": true, "task": false}
first = None
second = None
third = None
### BEGIN SOLUTION
first = 64 * 10 + 10
second = (32 * 26 * 26, 9)
third = 2**24
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_recall_13", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("recall_13", first, second, third)

# %% [markdown]
# ## 1. A clock, and where the time goes
#
# An article on speeding Keras up names three ways, structure, training and hardware, and measures none. We begin with
# the clock. The cell trains two networks in `kerasedu`, and their twins in tf.keras, twice each from new, and keeps the
# seconds of every epoch. Before you run it: which epoch of a run will stand out, and in which of the libraries?


# %%
class Marks:
    """Remembers when training began and when each epoch ended."""

    def on_train_begin(self, logs=None):
        self.times = [time.perf_counter()]

    def on_epoch_end(self, epoch, logs=None):
        self.times.append(time.perf_counter())


class Clock(Marks, kerasedu.callbacks.Callback):
    pass


class KerasClock(Marks, keras.callbacks.Callback):
    pass


# %%
def epochs_of(model, clock, shape, runs=2):
    """Seconds of each epoch, (runs, 6); each run trains a new copy of the model on 20 batches of 32."""
    x, y, table = rng.random((640, *shape), dtype="float32"), rng.integers(0, 10, 640), []
    for _ in range(runs):
        copy, marks = (parity.to_keras(model), clock()) if clock is KerasClock else (model, clock())
        copy.fit(x, y, epochs=6, verbose=0, callbacks=[marks])
        table.append(np.diff(marks.times))
    return np.array(table)


recorded = {}
for name, shape, first_layers in [("MLP", (784,), [layers.Dense(128, "relu")]), ("LSTM", (50, 1), [layers.LSTM(50)])]:
    model = kerasedu.Sequential([layers.Input(shape), *first_layers, layers.Dense(10, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    recorded[name] = epochs_of(model, Clock, shape), epochs_of(model, KerasClock, shape)
    for library, table in zip(["kerasedu", "tf.keras"], recorded[name]):
        print(name, library, "milliseconds an epoch, two runs:", *np.round(1000 * table), sep="\n  ")

# %% [markdown]
# In its first epoch tf.keras turns the Python code into a graph (section 5). That happens once, however long the
# training. What is left varies, since other programs run too. A few disturbed epochs move a mean, but not a **median**,
# the number in the middle.
#
# **Find the bug.** This function is to say how many times as fast the usual epoch is: above 1 means that `fast` takes
# less time. Mend it: no run's first epoch counts; of all that are left, take the median.


# %% nbgrader={"grade": false, "grade_id": "times_as_fast", "locked": false, "schema_version": 3, "solution": true, "task": false}
def times_as_fast(slow, fast):
    """A ratio, one number; slow, fast (runs, epochs): seconds, each row a run that starts with a new model."""
    return slow.mean() / fast.mean()


### BEGIN SOLUTION
def times_as_fast(slow, fast):
    """A ratio, one number; slow, fast (runs, epochs): seconds, each row a run that starts with a new model."""
    return np.median(slow[:, 1:]) / np.median(fast[:, 1:])


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_times_as_fast", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("times_as_fast", times_as_fast)

# %% [markdown]
# Your ratios follow. These networks are small: much of tf.keras's time goes into calling, not into computing. For
# larger ones the ratio changes; `make bench` in the course's folder measures nine workloads, other libraries too.
#
# The article also says that an optimizer "chooses and adjusts its algorithm automatically", and so trains faster. Do
# rule and settings change in training? And a speed means little if the results differ, so the two are compared.

# %%
for name, (ours, theirs) in recorded.items():
    print(f"{name}: an epoch of kerasedu is {times_as_fast(theirs, ours):.1f} times as fast as one of tf.keras")
x, y = rng.random((640, 50, 1), dtype="float32"), rng.integers(0, 10, 640)
before = type(model.optimizer).__name__, model.optimizer.get_config()
model.fit(x, y, verbose=0)
print(
    "rule and settings after training as before:",
    before == (type(model.optimizer).__name__, model.optimizer.get_config()),
)
parity.check_fit(model, x[:96], y[:96], epochs=2)

# %% [markdown]
# No optimizer chooses itself. Adam adapts the length of the *step* of each weight, by a fixed rule (lesson 06).
#
# A **profile** says which functions the time goes to. We train a convolutional network under Python's profiler: once in
# batches of 16, once in batches of 64, which `kerasedu` divides into pieces of 16, a thread for each processor. Then
# each layer is timed, forward and backward. Predict: which of the four layers takes longest?


# %%
def seconds(function, *arguments, repeats=7):
    """The median of several calls, after one that does not count."""
    times = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        function(*arguments)
        times.append(time.perf_counter() - start)
    return np.median(times[1:])


def profile(function, **arguments):
    """The five functions with the largest time of their own."""
    profiler = cProfile.Profile()
    profiler.runcall(function, **arguments)
    found = pstats.Stats(profiler).stats.items()
    rows = sorted(((own, name) for (_, _, name), (_, _, own, _, _) in found), reverse=True)
    return [f"{own / sum(own for own, _ in rows):.0%} {name}" for own, name in rows[:5]]


# %%
(digits, labels), _ = datasets.digits()
images = digits[:640, ..., None]
stack = [layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(), layers.Conv2D(64, 3, activation="relu")]
cnn = kerasedu.Sequential([layers.Input((8, 8, 1)), *stack, layers.Flatten(), layers.Dense(10, "softmax")])
cnn.compile("adam", "sparse_categorical_crossentropy")
cnn.fit(images, labels[:640], verbose=0)
for batch_size in (16, 64):
    print(f"batches of {batch_size}:", profile(cnn.fit, x=images, y=labels[:640], batch_size=batch_size, verbose=0))

y, times = images[:256], {}
for layer in cnn.layers:
    times[layer.name], y = seconds(layer.forward, y), layer.forward(y)
for layer in reversed(cnn.layers):
    times[layer.name], y = times[layer.name] + seconds(layer.backward, y), layer.backward(y)
shares = {name: t / sum(times.values()) for name, t in times.items()}
said = ", ".join(f"{name} {share:.0%}" for name, share in shares.items())
plots.bars(f"Share of each layer in the time: {said}.", shares.values(), shares, "layer", "share of the time")

# %% [markdown]
# In the second profile, one function does nothing but wait for a lock. `cProfile` sees the thread that it was started
# in, and the work was done in others. A profile needs reading.
#
# ## 2. Operations and bytes
#
# Before measuring, count. A product of (n, d) and (d, u) takes n · d · u multiplications and as many additions, so
# $2\,n\,d\,u$ **operations**. A training step has three such products a layer: $xW$, then backward $x^\top dz$ and
# $dz\,W^\top$; the first layer does without the last one.
#
# The article explains a convolutional network by the formula $y = f(Wx + b)$, which is a dense layer's. **Find the
# bug** in a count that believes it: one image (height, width, channels), a square kernel, stride 1, no padding; with
# bias among the parameters, and only the products among the operations.


# %% nbgrader={"grade": false, "grade_id": "article_cost", "locked": false, "schema_version": 3, "solution": true, "task": false}
def article_cost(height, width, channels, kernel_size, filters):
    """Parameters, and operations of the forward pass of one image: two numbers."""
    out_height, out_width = height - kernel_size + 1, width - kernel_size + 1
    inputs = height * width * channels
    outputs = out_height * out_width * filters
    parameters = inputs * outputs + outputs
    operations = 2 * inputs * outputs
    return parameters, operations


### BEGIN SOLUTION
def article_cost(height, width, channels, kernel_size, filters):
    """Parameters, and operations of the forward pass of one image: two numbers."""
    out_height, out_width = height - kernel_size + 1, width - kernel_size + 1
    window = kernel_size * kernel_size * channels
    parameters = window * filters + filters
    operations = 2 * window * filters * out_height * out_width
    return parameters, operations


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_article_cost", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("article_cost", article_cost)

# %% [markdown]
# **Compare** your count with Keras's and TensorFlow's own. Then a **floor** under the time of the MLP's training step:
# its operations divided by the rate at which a large product runs here. How far above it is `fit`?

# %%
conv = keras.layers.Conv2D(32, 3, use_bias=False)
conv.build((None, 28, 28, 1))
graph = tf.function(conv).get_concrete_function(tf.TensorSpec((1, 28, 28, 1))).graph
options = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation() | {"output": "none"}
counted = tf.compat.v1.profiler.profile(graph, options=options).total_float_ops
print("yours:", article_cost(28, 28, 1, 3, 32), " Keras:", conv.count_params() + 32, " TensorFlow:", counted)

a = rng.random((1024, 1024), dtype="float32")
rate = 2 * 1024**3 / seconds(np.matmul, a, a)
operations = 2 * 32 * (2 * 784 * 128 + 3 * 128 * 10)
floor = operations / rate
for library, table in zip(["kerasedu", "tf.keras"], recorded["MLP"]):
    print(f"{library}: a step takes {np.median(table[:, 1:]) / 20 / floor:.0f} times as long as its products")

# %% [markdown]
# Numbers must also be moved. The **intensity** of a computation is its operations divided by the bytes it reads and
# writes. A processor has a **peak** rate, and memory feeds it at its **bandwidth**, so the rate is at most
#
# $$\min(\text{peak},\ \text{intensity} \cdot \text{bandwidth})$$
#
# **Predict** for a peak of 100 and a bandwidth of 20 (billions of operations and of bytes a second; float32):
#
# 1. at which intensity do the two limits meet?
# 2. which intensity has `x + y` for large arrays?
# 3. a `Dense(1000)` reads one sample of 1000 numbers. Count the kernel alone: what is the highest rate?

# %% nbgrader={"grade": false, "grade_id": "predict_roofline", "locked": false, "schema_version": 3, "solution": true, "task": false}
corner = None
addition = None
one_sample = None
### BEGIN SOLUTION
corner = 100 / 20
addition = 1 / 12
one_sample = 2 / 4 * 20
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_roofline", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("predict_roofline", corner, addition, one_sample)

# %% [markdown]
# Here are additions, and a dense layer of 1024 units with batches of 1 to 512, on this machine. The roofs are the best
# bandwidth and the best rate among the points.

# %%
k, batches = 1024, np.array([1, 4, 16, 64, 256, 512])
rates = [2 * n * k * k / seconds(np.matmul, a[:n], a[:k]) for n in np.minimum(batches, k)]
intensities = 2 * batches * k * k / (4 * (k * k + 2 * batches * k))
u, v, w = rng.random((3, 2**18), dtype="float32")
adding = u.size / seconds(lambda: np.add(u, v, out=w), repeats=50)
points = {"x W, batches of 1 to 512": (intensities, np.array(rates) / 1e9)}
points["x + y"] = (np.array([1 / 12]), np.array([adding / 1e9]))
bandwidth = max((found / intensity).max() for intensity, found in points.values())
plots.roofline(
    f"Rates over intensities, both logarithmic. Additions, at 1/12, reach {adding / 1e9:.1f} billion operations a "
    f"second; products {', '.join(f'{r / 1e9:.0f}' for r in rates)} for batches of {', '.join(map(str, batches))}.",
    points,
    peak=max(rates) / 1e9,
    bandwidth=bandwidth,
)

# %% [markdown]
# With one sample each number of the kernel is used once: memory limits. A larger batch uses it again and again, until
# the processor limits. So batches are cheap up to there, and optimizers, activations and additions are never limited by
# the peak.
#
# ## 3. Whole arrays, views, caches
#
# A loop in Python costs some microseconds a turn, whatever it computes. **Build** without a loop over the samples: the
# mean over the first `lengths[i]` steps of sample i. What stands behind them is padding. This is the loop:
#
# ```python
# y = np.empty_like(x[:, 0])
# for i in range(len(x)):
#     y[i] = x[i, : lengths[i]].mean(axis=0)
# ```
#
# The check has one case with 1.5 million samples, in which a loop runs out of time. The result has x's dtype.


# %% nbgrader={"grade": false, "grade_id": "mean_of_valid", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mean_of_valid(x, lengths):
    """The means (n, d) in the dtype of x; x (n, time, d), lengths (n,): whole numbers of at least 1."""
    ### BEGIN SOLUTION
    mask = np.arange(x.shape[1]) < lengths[:, None]
    return (x * mask[:, :, None]).sum(axis=1) / lengths[:, None].astype(x.dtype)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_mean_of_valid", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("mean_of_valid", mean_of_valid)


# %%
def yours(function, *arguments):
    """What your function returns, None as long as it is not written."""
    try:
        return function(*arguments)
    except NotImplementedError:
        print("Write your function first, then run this cell again.")


def loop(x, lengths):
    y = np.empty_like(x[:, 0])
    for i in range(len(x)):
        y[i] = x[i, : lengths[i]].mean(axis=0)
    return y


# %%
x, lengths = rng.random((2000, 8, 4), dtype="float32"), rng.integers(1, 9, 2000)
mask = np.arange(8) < lengths[:, None]
references = {"loop": loop(x, lengths), "kerasedu": layers.GlobalAveragePooling1D()(x, mask=mask)}
references["tf.keras"] = np.array(keras.layers.GlobalAveragePooling1D()(x, mask=mask))
answer = yours(mean_of_valid, x, lengths)
if answer is not None:
    print({name: f"differs by {np.abs(answer - y).max():.0e}" for name, y in references.items()})
    print(f"the loop takes {seconds(loop, x, lengths) / seconds(mean_of_valid, x, lengths):.0f} times as long")

# %% [markdown]
# **Views.** NumPy finds a number by **strides**: how many bytes to go on in memory when an index grows by one. A
# float32 array (8, 8, 1) has strides (32, 4, 4). Other strides over the same memory are another array, and nothing is
# copied: `x.T` just exchanges them.
#
# im2col copies each pixel up to nine times. **Build** its windows as a view: the axes (rows of windows, columns of
# windows, rows in a window, columns in a window, channels), for square windows of `size` that move by `step`.


# %% nbgrader={"grade": false, "grade_id": "window_view", "locked": false, "schema_version": 3, "solution": true, "task": false}
def window_view(shape, strides, size, step):
    """Shape and strides of the view, two tuples of 5; shape (height, width, channels), strides of the image in bytes."""
    ### BEGIN SOLUTION
    (height, width, channels), (down, right, deep) = shape, strides
    view = ((height - size) // step + 1, (width - size) // step + 1, size, size, channels)
    return view, (down * step, right * step, down, right, deep)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_window_view", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("window_view", window_view)

# %% [markdown]
# The cell builds NumPy's own view for comparison, and convolves with it; no window is copied, until the product itself
# wants its numbers in a row.
#
# **Caches.** Then one formula, six operations over 64 MB, in three ways: with a new array for each result, into one
# array, and into that array piece by piece. Predict their order.

# %%
image, kernel = np.ascontiguousarray(images[0]), rng.normal(size=(3, 3, 1, 5)).astype("float32")
windows = np.lib.stride_tricks.sliding_window_view(image, (3, 3), axis=(0, 1))[::2, ::2].transpose(0, 1, 3, 4, 2)
print("NumPy:", (windows.shape, windows.strides), " yours:", yours(window_view, image.shape, image.strides, 3, 2))
convolved = np.tensordot(windows, kernel, axes=3)
print("memory shared:", np.shares_memory(windows, image), end=" ")
print("differs from kerasedu by", np.abs(convolved - ops.conv(image[None], kernel, 2)[0]).max(), end=" ")
print("and from tf.keras by", np.abs(convolved - keras.ops.conv(image[None], kernel, 2, "valid")[0]).max())


# %%
def with_new_arrays(x):
    for _ in range(3):
        y = x * x
        x = y + 1
    return x


def into(y, x):
    np.copyto(y, x)
    for _ in range(3):
        np.multiply(y, y, out=y)
        np.add(y, 1, out=y)


def in_pieces(y, x, size=2**16):
    for start in range(0, len(x), size):
        into(y[start : start + size], x[start : start + size])


# %%
x = rng.random(2**24, dtype="float32") / 2
y = np.empty_like(x)
times = [seconds(with_new_arrays, x, repeats=3), seconds(into, y, x, repeats=3), seconds(in_pieces, y, x, repeats=3)]
for name, t in zip(["new arrays", "one array", "one array, in pieces"], times):
    print(f"{name}: {t / times[-1]:.1f} times the time in pieces")

# %% [markdown]
# A large new array is memory that the system hands out page by page, 4 kB and more at a time, filled with zeros: a
# **page fault** for each. And 64 MB do not fit into a processor's cache, so each operation fetches them from memory
# again; 256 kB stay. `kerasedu` therefore keeps freed memory while it trains, and sends images through convolutions in
# pieces, each thread with one piece and with products that have no threads of their own.
#
# ## 4. Fewer bits
#
# Half the bits are half the bytes, and processors made for it compute several times as fast. float16 has 5 bits for
# the exponent and 10 for the fraction, bfloat16 8 and 7, float32 8 and 23.
#
# **Predict,** with the help of the table:
#
# 1. 1e-8 in float16; 2. 300 · 300 in float16 (`float("inf")` is infinity);
# 3. the weight 1 after an update of +0.0004, both in float16.

# %%
for dtype in ("float16", "bfloat16", "float32"):
    limits = ml_dtypes.finfo(dtype)
    least, largest, after_one = (float(v) for v in (limits.smallest_subnormal, limits.max, 1 + limits.eps))
    print(f"{dtype:9} smallest above 0: {least:.1e}   largest: {largest:.6g}   next after 1: {after_one:.8g}")

# %% nbgrader={"grade": false, "grade_id": "predict_float16", "locked": false, "schema_version": 3, "solution": true, "task": false}
tiny = None
product = None
updated = None
### BEGIN SOLUTION
tiny = 0
product = float("inf")
updated = 1
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_float16", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("predict_float16", tiny, product, updated)

# %% [markdown]
# The third is why **mixed precision** keeps the weights in float32, and only computes with 16 bits.
#
# bfloat16 is the upper half of float32's 32 bits. **Build** its rounding, with the result still stored as float32: to
# the nearer one of its neighbours, exactly half to the one whose last kept bit is 0. `x.view(np.uint32)` reads the same
# memory as whole numbers, and such a number grows with the size of x. Nobody tests NaN.


# %% nbgrader={"grade": false, "grade_id": "to_bfloat16", "locked": false, "schema_version": 3, "solution": true, "task": false}
def to_bfloat16(x):
    """x rounded to bfloat16, as a float32 array of the same shape; x float32."""
    ### BEGIN SOLUTION
    bits = x.view(np.uint32).astype(np.uint64)
    last_kept = (bits >> 16) & 1
    rounded = (bits + 0x7FFF + last_kept) & 0xFFFF0000
    return rounded.astype(np.uint32).view(np.float32)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_to_bfloat16", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("to_bfloat16", to_bfloat16)

# %% [markdown]
# GPUs since 2020 have **TF32**: inputs of a product rounded to 10 bits of the fraction, sums in float32. TensorFlow
# turns it on without being asked, and `parity` turns it off for comparisons. The errors of one product in each format
# tell why; the sums here are in float32, too.

# %%
x = rng.normal(size=100_000).astype("float32")
rounded = yours(to_bfloat16, x)
print("as TensorFlow's cast:", np.array_equal(rounded, tf.cast(tf.cast(x, tf.bfloat16), tf.float32)))
a, b = rng.normal(size=(2, 256, 256)).astype("float32")
exact = np.float64(a) @ b
for name, bits_dropped in {"float32": 0, "TF32": 13, "bfloat16": 16}.items():
    kept = np.uint32(0xFFFFFFFF << bits_dropped & 0xFFFFFFFF)
    half = np.uint32((1 << bits_dropped) // 2)
    p, q = (((m.view("uint32") + half) & kept).view("float32") for m in (a, b))
    print(f"{name:8} largest error: {np.abs(p @ q - exact).max():.0e}")
if "GPU" in parity.device.describe():
    tf.config.experimental.enable_tensor_float_32_execution(True)
    print("this GPU with TF32:", np.abs(tf.matmul(a, b) - exact).max())
    tf.config.experimental.enable_tensor_float_32_execution(False)

# %% [markdown]
# **Loss scaling.** Gradients are often below what float16 can hold. So the loss is multiplied by a **scale**, and with
# it every gradient; before the step they are divided by it, in float32. Too large a scale makes some gradient infinite
# or NaN: then the step is skipped, the scale halved and the count of good steps set to 0. After `growth_steps` good
# steps in a row the scale doubles, and the count starts at 0 again.
#
# **Build** this step of gradient descent: *state* is the scale and `good_steps`, the good steps in a row before this
# one; then *correction*, then *step*.


# %% nbgrader={"grade": false, "grade_id": "loss_scale_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def loss_scale_step(weights, gradients, learning_rate, scale, good_steps, growth_steps):
    """New weights, scale, good_steps; weights: float32 arrays, gradients: float16 arrays, of the scaled loss."""
    ### BEGIN SOLUTION
    # state
    if not all(np.isfinite(g).all() for g in gradients):
        return weights, scale / 2, 0
    # correction
    gradients = [g.astype(np.float32) / np.float32(scale) for g in gradients]
    # step
    weights = [w - np.float32(learning_rate) * g for w, g in zip(weights, gradients)]
    if good_steps + 1 == growth_steps:
        return weights, scale * 2, 0
    return weights, scale, good_steps + 1
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_loss_scale_step", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("loss_scale_step", loss_scale_step)

# %% [markdown]
# **Compare** eight steps with Keras's `LossScaleOptimizer`, which the policy `mixed_float16` puts around any optimizer.
# Then products in other types, on a processor: is fewer bits always faster?

# %%
weights, scale, good_steps = [np.ones(4, "float32")], 8.0, 0
variable = keras.Variable(weights[0])
optimizer = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.5), initial_scale=8.0, dynamic_growth_steps=2)
for t in range(8):
    g = np.where(t == 4, np.inf, rng.normal(size=4)).astype("float16")
    optimizer.apply([tf.cast(g, tf.float32)], [variable])
    result = yours(loss_scale_step, weights, [g], 0.5, scale, good_steps, 2)
    if result is None:
        break
    weights, scale, good_steps = result
    print("scale", scale, optimizer.dynamic_scale.numpy(), " weights differ by", np.abs(weights[0] - variable).max())
dense = keras.layers.Dense(8, dtype="mixed_float16")
print("mixed_float16 computes in", dense.compute_dtype, "and keeps weights in", dense.variable_dtype)
for dtype in ("float16", "float64"):
    times = [seconds(np.matmul, m, m, repeats=3) for m in (a[:128, :128].astype(dtype), a[:128, :128].copy())]
    print(f"NumPy: a product in {dtype} takes {times[0] / times[1]:.1f} times as long as in float32")

# %% [markdown]
# A processor without units for float16 converts number by number; float64 has twice the bytes. A format is fast where
# the hardware computes in it.
#
# ## 5. Graphs, pipelines, hardware
#
# `tf.function` runs a Python function once to record its operations as a **graph**, and from then on runs the graph.
# That first run is called **tracing**. There is one graph for each shape and dtype of the tensors that come in, and for
# each value of a Python number, since that is built in.
#
# **Predict** how many times `f` is traced, each time counted from new:
#
# 1. on batches of 32, 32 and 6 rows of 4 numbers; 2. on the Python numbers 0.1, 0.2, 0.3;
# 3. on `tf.constant(0.1)`, `tf.constant(0.2)`, `tf.constant(0.3)`.

# %% nbgrader={"grade": false, "grade_id": "predict_traces", "locked": false, "schema_version": 3, "solution": true, "task": false}
shapes = None
numbers = None
tensors = None
### BEGIN SOLUTION
shapes = 2
numbers = 3
tensors = 1
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_traces", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("predict_traces", shapes, numbers, tensors)

# %% [markdown]
# So a learning rate that changes belongs into a tensor. **XLA** (`jit_compile=True`) goes on from the graph: it compiles
# it for these shapes and fuses neighbouring operations, so that results between them need not go to memory. The cell
# compares all three ways of running, and their results.

# %%
batches = {"shapes": [tf.ones((n, 4)) for n in (32, 32, 6)], "numbers": [0.1, 0.2, 0.3]}
batches["tensors"] = [tf.constant(v) for v in batches["numbers"]]
for name, inputs in batches.items():
    f = tf.function(lambda x: 2 * x)
    for x in inputs:
        f(x)
    print(f"{name}: traced {f.experimental_get_tracing_count()} times")

w, x = (tf.constant(rng.normal(size=shape) / 8, tf.float32) for shape in [(64, 64), (32, 64)])


def residual(x):
    for _ in range(20):
        x = x + 0.5 * tf.tanh(x @ w)
    return x


# %%
ways = {"eager": residual, "graph": tf.function(residual), "XLA": tf.function(residual, jit_compile=True)}
expected, results = residual(x), {}
for name, way in ways.items():
    start = time.perf_counter()
    way(x)
    results[name] = time.perf_counter() - start, seconds(way, x, repeats=50)
    print(f"{name}: differs by {np.abs(way(x) - expected).max():.0e}, ", end="")
    print(
        f"first call {results[name][0] / results['eager'][1]:.0f}, later calls {results[name][1] / results['eager'][1]:.2f}",
        end="",
    )
    print(" times a call without graph")

# %% [markdown]
# How many calls does it take until the first one has paid off? For a short script, perhaps never.
#
# **Pipelines.** A fast model waits for its data. `dataset.prefetch(…)` loads the next batches while the model trains.
# **Build** the time of an epoch: batches are loaded one right after the other, whatever the model does, and trained on
# in the same order, one at a time, each as soon as it is loaded and the model is free.


# %% nbgrader={"grade": false, "grade_id": "pipeline_seconds", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pipeline_seconds(load, train):
    """Seconds until all batches are trained on, one number; load, train (k,): seconds for each batch."""
    ### BEGIN SOLUTION
    ready = now = 0.0
    for seconds_to_load, seconds_to_train in zip(load, train):
        ready += seconds_to_load
        now = max(now, ready) + seconds_to_train
    return now
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_pipeline_seconds", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("pipeline_seconds", pipeline_seconds)

# %%
load, train = rng.uniform(0.01, 0.03, (2, 20))  # seconds, spent asleep


def batches():
    for pause in load:
        time.sleep(pause)
        yield np.zeros(1)


def epoch(dataset):
    for pause, _ in zip(train, dataset):
        time.sleep(pause)


dataset = tf.data.Dataset.from_generator(batches, output_signature=tf.TensorSpec((1,)))
one_by_one = seconds(epoch, dataset, repeats=1)
ahead = seconds(epoch, dataset.prefetch(20), repeats=1)
print(f"one by one {one_by_one:.2f} s, the sum is {load.sum() + train.sum():.2f} s")
print(f"prefetched {ahead:.2f} s, you say", yours(pipeline_seconds, load, train))

# %% [markdown]
# The usual order is `cache` (if it fits into memory), `shuffle`, `batch`, `map` (`num_parallel_calls=tf.data.AUTOTUNE`),
# `prefetch`.
#
# **Hardware.** What is not made faster stays: Amdahl's law. **Predict:**
#
# 1. An epoch takes 10 seconds: 2 of reading, then 8 of products. A GPU makes products 8 times as fast. How many seconds
#    now?
# 2. By which factor can the epoch be sped up at most, with ever faster products?
# 3. How many megabytes (millions of bytes) are weights, gradients and Adam's two moments of a model with one million
#    parameters, in float32? The outputs of all layers, which backward needs, come on top, in proportion to the batch.

# %% nbgrader={"grade": false, "grade_id": "predict_amdahl", "locked": false, "schema_version": 3, "solution": true, "task": false}
total = None
limit = None
megabytes = None
### BEGIN SOLUTION
total = 2 + 8 / 8
limit = 10 / 2
megabytes = 4 * 4
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_amdahl", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("predict_amdahl", total, limit, megabytes)

# %% [markdown]
# Where a result lies is in its `device`. TensorFlow moves work to the processor in silence where there is no GPU, so
# look; and it takes a GPU's whole memory at once unless `set_memory_growth` is on. (Keras runs on TPUs, too, in the
# cloud; nothing here is measured there.) At last, how does a layer's cost grow with width, depth, length?

# %%
print("devices:", [device.name for device in tf.config.list_physical_devices()])
with tf.device("GPU:0"):
    print("asked for GPU:0, computed on", (tf.ones(3) + 1).device[-5:])
factors = [1, 2, 4, 8]
x, sequence = rng.random((128, 2048), dtype="float32"), rng.random((32, 160, 8), dtype="float32")
wide = {k: layers.Dense(256 * k) for k in factors}
deep = {k: kerasedu.Sequential([layers.Input((512,)), *(layers.Dense(512) for _ in range(k))]) for k in factors}
lstm = layers.LSTM(64)
measured = {
    "width": [seconds(wide[k], x[:, : 256 * k]) for k in factors],
    "depth": [seconds(deep[k], x[:, :512]) for k in factors],
    "length": [seconds(lstm, sequence[:, : 20 * k]) for k in factors],
}
counted = {"width": [k * k for k in factors], "depth": factors, "length": factors}
said = "; ".join(f"{name} {', '.join(f'{t / ts[0]:.1f}' for t in ts)}" for name, ts in measured.items())
plots.growth(
    f"Counted, eight times the width costs 64 times as much, eight times depth or length 8 times. Measured: {said}.",
    factors,
    counted,
    measured,
)

# %% [markdown]
# Width counts squared, depth and length once. Measured, small sizes cost more than their operations: calls have a price
# of their own. And depth and length are steps one after the other, which more processors cannot share.
#
# ## In your own words
#
# A colleague buys a GPU with ten times the peak of the old one, and training becomes 1.2 times as fast. Batches have 8
# images, which Python reads and resizes one by one before each step. "The card is broken," says the colleague. Explain
# in four or five sentences what may limit here, how to find out, and what to change first.

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_limit", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# Only the part that the card computes became faster; reading and resizing take as long as before, and by Amdahl's law
# they set the limit. With 8 images a batch, kernels are read for little work (low intensity) and calls cost more than
# products, so the peak is out of reach as well. To find out, time an epoch over the data alone and one on a batch that
# is already in memory, leaving the first epoch out, or profile. If loading dominates: resize once and cache, in
# parallel, and prefetch; then larger batches, a graph or XLA, mixed precision.
#
# **Marking scheme.** 1 point each: what is not faster sets the limit (Amdahl); loading and small batches named as
# causes; a measurement that separates them; a first remedy that fits the cause.
# ### END SOLUTION

# %% [markdown]
# ## What you can do now
#
# 1. Leave the first call out, take the median of the rest, and compare results before speeds; a profile finds the rest.
# 2. A product has 2 n d u operations. Below the corner of the roofline bytes limit, above it the processor.
# 3. A mask replaces a loop; strides describe windows without a copy; pieces stay in the cache.
# 4. Few bits: float16 over- and underflows, bfloat16 and TF32 round coarsely. Scale, check, unscale in float32, step.
# 5. Graphs and XLA pay after the first call; a pipeline costs the longer of its parts; what stays sets the limit.
