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
# After this lesson you can
#
# 1. time a training so that the number means something, and find where the time goes;
# 2. count a layer's operations and bytes, and tell which of them limits it;
# 3. replace loops by operations on whole arrays, and copies by views;
# 4. say what float16, bfloat16 and TF32 round away, and write loss scaling;
# 5. predict what graphs, pipelines and faster hardware can gain.
#
# All times are measured now. Other programs disturb them: read "about".
#
# **Recall** from earlier lessons; answer below the next two cells.
#
# 1. A functional model calls one `Dense(10)` on two inputs of shape (n, 64). How many parameters has the model?
# 2. im2col writes windows of 3 by 3 of 32 images, 28 by 28 with one channel, into a matrix (stride 1, no padding).
#    Which shape has it?
# 3. What is 2²⁴ + 1 in float32?

# %%
import cProfile
import pstats
import time
from copy import deepcopy

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


# %%
def seconds(function, *arguments, repeats=7, pick=np.median):
    """The median of several calls (or the shortest: np.min), after one that does not count."""
    times = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        function(*arguments)
        times.append(time.perf_counter() - start)
    return pick(times[1:])


def yours(function, *arguments):
    """What your function returns, None as long as it is not written."""
    try:
        return function(*arguments)
    except NotImplementedError:
        print("Write your function first, then run this cell again.")


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
# An article on Keras's performance measures nothing. Here two networks train in `kerasedu`, their twins in tf.keras,
# for five epochs, twice from the start. Predict: which epoch will stand out, and in which library?


# %%
def epochs_of(model, x, y):
    """Seconds of each of five epochs."""
    marks = [time.perf_counter()]
    for _ in range(5):
        model.fit(x, y, verbose=0)
        marks.append(time.perf_counter())
    return np.diff(marks)


recorded = {}
for name, shape, first_layers in [("MLP", (784,), [layers.Dense(128, "relu")]), ("LSTM", (50, 1), [layers.LSTM(50)])]:
    x, y = rng.random((320, *shape), dtype="float32"), rng.integers(0, 10, 320)
    model = kerasedu.Sequential([layers.Input(shape), *first_layers, layers.Dense(10, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    for library, make in {"kerasedu": deepcopy, "tf.keras": parity.to_keras}.items():
        table = recorded[name, library] = np.array([epochs_of(make(model), x, y) for _ in range(2)])
        print(name, library, "milliseconds an epoch, two runs:", *np.round(1000 * table), sep="\n  ")

# %% [markdown]
# In its first epoch tf.keras turns Python code into a graph (section 5), once per run. The others vary. A few disturbed
# epochs move a mean, but hardly the **median**: the number in the middle by size, or the mean of the two there.
#
# **Find the bug.** How many times as fast is the usual epoch of `fast`? Above 1, it takes less time. No run's first
# epoch counts; of all that are left, of all runs together, take the median.
#
# Below the check are your ratios. In small networks much of tf.keras's time goes into calls; `make bench` measures more
# networks. The article also says that an optimizer chooses its algorithm by itself, and so trains faster. Do rule and
# settings change?


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

# %%
for name in ("MLP", "LSTM"):
    ratio = times_as_fast(recorded[name, "tf.keras"], recorded[name, "kerasedu"])
    print(f"{name}: an epoch of kerasedu is {ratio:.1f} times as fast as one of tf.keras")
before = model.optimizer.get_config()
model.fit(x, y, verbose=0)
print("rule and settings after training as before:", before == model.optimizer.get_config(), before["name"])
parity.check_fit(model, x[:96], y[:96], epochs=2)

# %% [markdown]
# No optimizer chooses itself: Adam adapts the *step* of each weight, by a fixed rule (lesson 06).
#
# A **profile** says which functions the time goes to. A convolutional network trains under Python's profiler, in
# batches of 16, then of 64; those `kerasedu` divides into pieces of 16, with a thread on each processor. The four
# functions with the longest times of their own are printed. Then each layer is timed alone, forward and backward.
# Predict: which takes longest?

# %%
(digits, labels), _ = datasets.digits()
images = digits[:640, ..., None]
convs = [layers.Conv2D(units, 3, activation="relu", name=f"Conv2D, {units}") for units in (32, 64)]
stack = [convs[0], layers.MaxPooling2D(name="pooling"), convs[1], layers.Flatten(), layers.Dense(10, "softmax")]
cnn = kerasedu.Sequential([layers.Input((8, 8, 1)), *stack])
cnn.compile("adam", "sparse_categorical_crossentropy")
cnn.fit(images, labels[:640], verbose=0)
for batch_size in (16, 64):
    profiler = cProfile.Profile()
    profiler.runcall(cnn.fit, images, labels[:640], batch_size=batch_size, verbose=0)
    found = [(own, name) for (_, _, name), (_, _, own, _, _) in pstats.Stats(profiler).stats.items()]
    total = sum(own for own, _ in found)
    largest = sorted(found, reverse=True)[:4]
    print(f"batches of {batch_size}:", ", ".join(f"{own / total:.0%} {name}" for own, name in largest))

# %%
y, times = images[:256], {}
for layer in cnn.layers:
    times[layer], y = seconds(layer.forward, y), layer.forward(y)
for layer in reversed(cnn.layers):
    times[layer], y = times[layer] + seconds(layer.backward, y), layer.backward(y)
shares = {layer.name.split("_")[0]: t / sum(times.values()) for layer, t in times.items()}
said = ", ".join(f"{name} {share:.0%}" for name, share in shares.items())
plots.bars(f"Share of each layer in the time: {said}.", shares.values(), shares, "layer", "share of the time")

# %% [markdown]
# The first profile is flat: many functions take a little each. Up to Python 3.11 `cProfile` sees only the thread in
# which it was started: with several processors, waiting for a lock leads the second profile, while other threads work.
# Later versions see all threads.
#
# ## 2. Operations and bytes
#
# A product of $x$ (n, d) and $W$ (d, u) takes $n\,d\,u$ multiplications, and as many additions are counted:
# $2\,n\,d\,u$ **operations**. Training has three a layer, $xW$, $x^\top dz$ and $dz\,W^\top$, where $dz$ (n, u) is the
# gradient for $xW$; the first layer does without the last.
#
# The article explains convolutional networks by a dense layer's $y = f(Wx + b)$. **Find the bug** in a count that
# believes it: one image, a square kernel, stride 1, no padding; the bias is a parameter, but adding it is no operation
# here. Below the check, your count meets Keras's and TensorFlow's, and the MLP's training step its **floor**: the
# operations of its products, divided by the rate of one large product.


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

# %%
conv = keras.layers.Conv2D(32, 3, use_bias=False)
conv.build((None, 28, 28, 1))
graph = tf.function(conv).get_concrete_function(tf.TensorSpec((1, 28, 28, 1))).graph
options = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation() | {"output": "none"}
counted = tf.compat.v1.profiler.profile(graph, options=options).total_float_ops
biases = 32  # left out above, since adding them is no product
print("yours:", article_cost(28, 28, 1, 3, 32), " Keras:", conv.count_params() + biases, " TensorFlow:", counted)

a = rng.random((1024, 1024), dtype="float32")
rate = 2 * 1024**3 / seconds(np.matmul, a, a, pick=np.min)
floor = 2 * 32 * (2 * 784 * 128 + 3 * 128 * 10) / rate
for library in ("kerasedu", "tf.keras"):
    step = np.median(recorded["MLP", library][:, 1:]) / 10  # batches an epoch
    print(f"{library}: a step takes {step / floor:.1f} times as long as its products would")

# %% [markdown]
# The **intensity** of a computation is its operations divided by the bytes it reads and writes. A processor has a
# **peak** rate, and memory feeds it at its **bandwidth**, so the rate is at most
#
# $$\min(\text{peak},\ \text{intensity} \cdot \text{bandwidth})$$
#
# **Predict** for a peak of 100 and a bandwidth of 20 (billions of operations and of bytes a second; float32):
#
# 1. at which intensity do the two limits meet?
# 2. which intensity has `x + y` for large arrays?
# 3. a `Dense(1000)` reads one sample of 1000 numbers. Counting the kernel's bytes alone: what is the highest rate?
#
# The figure shows additions and a dense layer of 1024 units, at their fastest. The roofs go through the best points;
# arrays this small may come from a cache (section 3).

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

# %%
k, batches = 1024, np.array([1, 4, 16, 64, 256, 512])
rates = [2 * n * k * k / seconds(np.matmul, a[:n], a, pick=np.min) for n in batches]
intensities = 2 * batches * k * k / (4 * (k * k + 2 * batches * k))
u, v, w = rng.random((3, 2**18), dtype="float32")
adding = u.size / seconds(lambda: np.add(u, v, out=w), repeats=50, pick=np.min)
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
# With one sample each number of the kernel is used once, and the bandwidth limits; with a large batch the peak does.
# Activations and updates stay on the left.
#
# ## 3. Whole arrays, views, caches
#
# A loop in Python costs microseconds a turn, whatever it computes. **Build** without a loop over the samples: the mean
# over the first `lengths[i]` time steps of sample i. What follows them is padding.
#
# ```python
# y = np.empty_like(x[:, 0])
# for i in range(len(x)):
#     y[i] = x[i, : lengths[i]].mean(axis=0)
# ```
#
# One case of the check has 3.3 million samples: too many for a loop.


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
def loop(x, lengths):
    y = np.empty_like(x[:, 0])
    for i in range(len(x)):
        y[i] = x[i, : lengths[i]].mean(axis=0)
    return y


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
# float32 array (8, 6, 3) has strides (72, 12, 4): to the next row, column, channel. With other strides the same memory
# is another array, without a copy: `x.T` exchanges them, `x[::2]` doubles the first.
#
# im2col with 3 by 3 windows copies a pixel up to nine times. **Build** one image's windows as a view, with the axes:
# rows of windows, columns of windows, rows in a window, columns in a window, channels. Windows are square, of `size`,
# move by `step`, and stay inside.


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

# %%
image, kernel = rng.random((8, 6, 3), dtype="float32"), rng.normal(size=(3, 3, 3, 5)).astype("float32")
windows = np.lib.stride_tricks.sliding_window_view(image, (3, 3), axis=(0, 1))[::2, ::2].transpose(0, 1, 3, 4, 2)
print("NumPy:", (windows.shape, windows.strides), "\nyours:", yours(window_view, image.shape, image.strides, 3, 2))
convolved = np.tensordot(windows, kernel, axes=3)
print("memory shared:", np.shares_memory(windows, image), end=" ")
print(f"differs from kerasedu by {np.abs(convolved - ops.conv(image[None], kernel, 2)[0]).max():.0e}", end=" ")
print(f"and from tf.keras by {np.abs(convolved - keras.ops.conv(image[None], kernel, 2, 'valid')[0]).max():.0e}")

# %% [markdown]
# **Caches.** One formula, six operations over 64 MB: with a new array for each result, within one array, and within
# one array piece by piece. Predict their order.


# %%
def with_new_arrays(x):
    for _ in range(3):
        square = x * x
        x = square + 1


def within(y, x, size):
    for start in range(0, len(x), size):
        piece = y[start : start + size]
        np.copyto(piece, x[start : start + size])
        for _ in range(3):
            np.multiply(piece, piece, out=piece)
            np.add(piece, 1, out=piece)


x = rng.random(2**24, dtype="float32") / 2
y = np.empty_like(x)
times = {"new arrays": seconds(with_new_arrays, x, repeats=3), "one array": seconds(within, y, x, len(x), repeats=3)}
times["one array, in pieces"] = seconds(within, y, x, 2**16, repeats=3)
print({name: f"{t / times['one array, in pieces']:.1f} times" for name, t in times.items()})

# %% [markdown]
# The system hands a large new array out page by page, filled with zeros when first touched: a **page fault** each. And
# 64 MB do not fit into most caches, so each operation fetches them again; pieces stay there. So `kerasedu` keeps freed
# memory, and convolves in pieces.
#
# ## 4. Fewer bits
#
# Half the bits are half the bytes, and hardware made for it computes several times as fast. Besides the sign, float16
# has 5 bits for the exponent and 10 for the fraction, bfloat16 8 and 7, float32 8 and 23. **Predict,** with the table,
# what is stored:
#
# 1. 1e-8 in float16;
# 2. 300 · 300 in float16 (`float("inf")` is infinity);
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
# The third is why **mixed precision** keeps the weights in float32 and only computes with 16 bits.
#
# bfloat16 is the upper half of float32's 32 bits. **Build** its rounding, with the result stored as float32: to the
# nearer neighbour, exactly half to the one whose last kept bit is 0. `x.view(np.uint32)` reads the same memory as whole
# numbers, which grow with |x|, and `.view(np.float32)` reads them back; `>>` moves bits down, `&` keeps those set in
# both (`0xFFFF0000` has the upper 16 set). NaN does not occur.
#
# NVIDIA's GPUs since 2020 also have **TF32**: inputs of products rounded to 10 bits of fraction. TensorFlow uses it
# unasked, `parity` turns it off; the errors below the check tell why.


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
# **Loss scaling.** Many gradients are too small for float16. So the loss is multiplied by a **scale**, and with it
# every gradient; before the step they are divided by it, in float32. Too large a scale makes some gradient infinite or
# NaN: then the whole step is skipped, the scale halved, and the count of good steps set to 0. After `growth_steps` good
# steps in a row the scale doubles, and the count starts at 0 again.
#
# **Build** this step of gradient descent: *state* (scale and `good_steps`, the count before it), *correction*, *step*.
# Below the check it meets Keras's `LossScaleOptimizer`, which `compile` adds under the policy `mixed_float16`. And are
# fewer bits always faster?


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
# A format is fast where hardware and library compute in it; else it is converted number by number.
#
# ## 5. Graphs, pipelines, hardware
#
# `tf.function` runs a Python function once to record its operations as a **graph** (**tracing**), and from then on runs
# the graph. There is one for each shape and dtype of tensors, and for each value of a Python number, since that is
# built in. **Predict** how many times a new function is traced:
#
# 1. on batches of 32, 32 and 6 rows of 4 numbers;
# 2. on the Python numbers 0.1, 0.2, 0.3;
# 3. on `tf.constant(0.1)`, `tf.constant(0.2)`, `tf.constant(0.3)`.
#
# **XLA** (`jit_compile=True`) compiles the graph for these shapes and fuses neighbouring operations, so that results
# between them need not go to memory.

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

# %%
values, rows = [0.1, 0.2, 0.3], [tf.ones((n, 4)) for n in (32, 32, 6)]
for name, inputs in {"shapes": rows, "numbers": values, "tensors": [tf.constant(v) for v in values]}.items():
    f = tf.function(lambda x: 2 * x)
    for x in inputs:
        f(x)
    print(name, "- graphs:", f.experimental_get_tracing_count())

# %%
w, x = (tf.constant(rng.normal(size=shape) / 8, tf.float32) for shape in [(64, 64), (32, 64)])


def residual(x):
    for _ in range(20):
        x = x + 0.5 * tf.tanh(x @ w)
    return x


expected, times = residual(x), {}
for name, way in [
    ("eager", residual),
    ("graph", tf.function(residual)),
    ("XLA", tf.function(residual, jit_compile=True)),
]:
    start = time.perf_counter()
    difference, first = np.abs(way(x) - expected).max(), time.perf_counter() - start
    times[name] = seconds(lambda way: np.array(way(x)), way, repeats=50)
    print(f"{name}: first call {first / times['eager']:.1f}, later calls {times[name] / times['eager']:.2f}", end="")
    print(f" times an eager call, results differ by {difference:.0e}")

# %% [markdown]
# After how many calls have tracing and compiling paid off? A changing learning rate should be a tensor: why?
#
# **Pipelines.** `dataset.prefetch(…)` loads the next batches while the model trains. **Build** the time of an epoch:
# batches are loaded one right after the other, whatever the model does, and trained on in this order, each as soon as
# it is loaded and the model is free. Below the check, `tf.data` does it.


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
load, train = rng.uniform(0.02, 0.06, (2, 10))  # seconds, spent asleep


def batches():
    for pause in load:
        time.sleep(pause)
        yield np.zeros(1)


def epoch(dataset):
    for pause, _ in zip(train, dataset):
        time.sleep(pause)


options = tf.data.Options()
options.experimental_optimization.inject_prefetch = False  # else TensorFlow adds it unasked
dataset = tf.data.Dataset.from_generator(batches, output_signature=tf.TensorSpec((1,))).with_options(options)
one_by_one, ahead = (seconds(epoch, d, repeats=1) for d in (dataset, dataset.prefetch(10)))
print(f"one by one {one_by_one:.2f} s; the sum is {load.sum() + train.sum():.2f} s")
print(f"prefetched {ahead:.2f} s; you say", yours(pipeline_seconds, load, train))

# %% [markdown]
# The usual order: `shuffle`, `batch`, `map` with `num_parallel_calls=tf.data.AUTOTUNE`, `prefetch`.
#
# **Hardware.** What is not made faster stays: Amdahl's law. **Predict:**
#
# 1. An epoch takes 10 seconds, 2 of reading, then 8 of products. A GPU makes products 8 times as fast. How many seconds
#    now?
# 2. By which factor can the epoch be sped up at most, with ever faster products?
# 3. How many megabytes (millions of bytes) are weights, gradients and Adam's two moments of one million parameters in
#    float32? (Outputs come on top, in proportion to the batch.)
#
# A result's `device` says where it was computed: without a GPU, TensorFlow takes the processor in silence. With one it
# takes nearly all its memory, unless `set_memory_growth` is on. (Keras runs on TPUs as well; none was measured.) Last:
# how does the time forward grow with width, depth and length?

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

# %%
print("devices:", [device.name for device in tf.config.list_physical_devices()])
with tf.device("GPU:0"):
    print("asked for GPU:0, computed on", (tf.ones(3) + 1).device[-5:])
factors, lstm = [1, 2, 4, 8], layers.LSTM(64)
x, sequences = rng.random((64, 2048), dtype="float32"), rng.random((32, 160, 8), dtype="float32")
wide = [layers.Dense(256 * k) for k in factors]
deep = [kerasedu.Sequential([layers.Dense(512) for _ in range(k)]) for k in factors]
measured = {
    "width": [seconds(layer, x[:, : layer.units], pick=np.min) for layer in wide],
    "depth": [seconds(model, x[:, :512], pick=np.min) for model in deep],
    "length": [seconds(lstm, sequences[:, : 20 * k], pick=np.min) for k in factors],
}
counted = {"width": [k * k for k in factors], "depth": factors, "length": factors}
said = "; ".join(f"{name} {', '.join(f'{t / ts[0]:.1f}' for t in ts)}" for name, ts in measured.items())
lead = (
    "Counted, 8 times the width costs 64 times as much, 8 times depth or length 8 times. Measured for 1, 2, 4, 8 times"
)
plots.growth(f"{lead}: {said}.", factors, counted, measured)

# %% [markdown]
# Points below their line: a call costs the same for small arrays. Points above: arrays outgrow the cache, or other
# programs run. Layers and time steps come one after the other; processors cannot share them.
#
# ## In your own words
#
# A colleague buys a GPU with ten times the old one's peak, and training becomes 1.2 times as fast. Batches have 8
# images, which Python reads and resizes before each step. In four or five sentences: what may limit here, how to find
# out, and what to change first?

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
# 1. Leave out the first call, take the median, compare results too; a profile shows where time goes.
# 2. A product has $2\,n\,d\,u$ operations. Left of the roofline's corner bytes limit, right of it the processor.
# 3. A mask replaces a loop; strides describe windows without a copy; pieces stay in the cache.
# 4. float16 over- and underflows, bfloat16 and TF32 round coarsely. Scale, check, unscale in float32, step.
# 5. Graphs pay off after some calls; a pipeline costs about its slower part; what is not faster sets the limit.
