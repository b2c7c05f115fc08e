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
# # 15 From notebook to service
#
# After this lesson you can
#
# 1. make a network smaller: prune it and keep it pruned, quantise it, train a smaller one from it;
# 2. export it, register versions, serve one under an alias, and roll back;
# 3. notice that requests have drifted, and go on after a crash as if there had been none;
# 4. say what an answer rests on, attack a network, and harden it;
# 5. search hyper-parameters, and name what takes hardware that is not here.
#
# **Recall** from earlier lessons.
#
# 1. Two workers compute the gradient of their mean loss: 2.0 from 30 samples, 6.0 from 10. What is the gradient of the
#    mean loss over all 40?
# 2. Two classes have the logits (2, 0). At temperature 2, how many times as likely as the second is the
#    first?
# 3. A score is s = 3 x1 - 5 x2. What is the saliency of x2 at x2 = 2?

# %%
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

import numpy as np

import kerasedu
from kerasedu import datasets, gradcheck, layers, losses, ops, optimizers, parity, plots
from kerasedu.exercises import check, quiz
from kerasedu.parity import service
from kerasedu.parity.lite import LiteModel

print("Comparisons run on:", parity.device.describe())
temporary = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)  # goes when the notebook's process ends
folder, rng = Path(temporary.name), np.random.default_rng(15)

# %% nbgrader={"grade": false, "grade_id": "recall_15", "locked": false, "schema_version": 3, "solution": true, "task": false}
first = None
second = None
third = None
### BEGIN SOLUTION
first = (30 * 2 + 10 * 6) / 40
second = np.exp(1)
third = 5
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_recall_15", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("recall_15", first, second, third)

# %% [markdown]
# ## 1. Fewer weights
#
# All networks here read digits of 8 by 8 pixels. They learn from `x_fit`; every choice is made on `x_val`. The test
# digits play the users: they come as `requests`.
#
# **Pruning** sets weights to zero, most often those of the smallest **magnitude** |w|. The **mask** is an array of the
# kernel's shape, 1 where a weight stays, 0 where it goes. **Predict** how many bytes these take, for a kernel of shape
# (64, 32):
#
# 1. the kernel in float32;
# 2. the same array after 80 % of its weights were set to zero;
# 3. its weights as int8, each in one byte, together with one float32 for each of the 32 units.

# %%
(digits, labels), (requests, answers) = datasets.digits()
shuffled = np.random.default_rng(0).permutation(len(digits))
x, y, requests = digits.reshape(-1, 64)[shuffled], labels[shuffled], requests.reshape(-1, 64)
x_fit, y_fit, x_val, y_val = x[:1150], y[:1150], x[1150:], y[1150:]


def reader(units=32, activation="softmax", library=kerasedu, **options):
    """A new network of kerasedu, or of tf.keras."""
    hidden = library.layers.Dense(units, "relu", **options)
    return library.Sequential([library.layers.Input((64,)), hidden, library.layers.Dense(10, activation)])


def when_written(action):
    """What action() returns, once the functions it calls are written and its packages are there."""
    try:
        return action()
    except NotImplementedError:
        print("Write your function first, then run this cell again.")
    except ImportError as missing:
        print(f"{missing}. Run `pip install keras-tuner tensorboard`, then this cell again.")


# %%
def trained(model, x=x_fit, y=y_fit, epochs=15, loss="sparse_categorical_crossentropy"):
    model.compile(optimizers.Adam(0.003), loss)
    model.fit(x, y, epochs=epochs, verbose=0)
    return model


def right(model, x=x_val):
    return np.mean(np.argmax(model(x), axis=1) == y_val)


kerasedu.random.set_random_seed(15)
model = trained(reader())
print(f"{right(model):.3f} of the validation digits right")

# %% nbgrader={"grade": false, "grade_id": "predict_bytes", "locked": false, "schema_version": 3, "solution": true, "task": false}
float_kernel = None
pruned_kernel = None
int8_kernel = None
### BEGIN SOLUTION
float_kernel = 64 * 32 * 4
pruned_kernel = float_kernel
int8_kernel = 64 * 32 + 32 * 4
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_bytes", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("predict_bytes", float_kernel, pruned_kernel, int8_kernel)

# %% [markdown]
# Zeros save space in compressed files, time where code or hardware skips them.
#
# **Build** the mask. Exactly `int(fraction * kernel.size)` weights go, the smallest of the whole kernel; of equal ones
# those that stand first, row by row. (`np.argsort(..., kind="stable")` leaves equal numbers in their order.)


# %% nbgrader={"grade": false, "grade_id": "prune_mask", "locked": false, "schema_version": 3, "solution": true, "task": false}
def prune_mask(kernel, fraction):
    """1 where a weight stays, 0 where it goes, in the shape of kernel (d, units); fraction from 0 to 1."""
    ### BEGIN SOLUTION
    smallest_first = np.argsort(np.abs(kernel), axis=None, kind="stable")
    mask = np.ones(kernel.size)
    mask[smallest_first[: int(fraction * kernel.size)]] = 0
    return mask.reshape(kernel.shape)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_prune_mask", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("prune_mask", prune_mask)

# %% [markdown]
# Cutting costs accuracy; further training repairs some of it. "Does Keras support pruning?", asks an article, and answers:
# "Yes, by its pruning function." Keras 3 has none, so people write their own, often like this. **Find the bug**: after
# training, hardly a weight is zero. The loss is the mean squared difference over all of y.


# %% nbgrader={"grade": false, "grade_id": "pruned_training", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pruned_training(x, y, kernel, mask, learning_rate, steps):
    """The kernel (d, units) after some steps, zero where mask is 0; x (n, d), y (n, units)."""
    kernel = kernel * mask
    for _ in range(steps):
        gradient = 2 / y.size * x.T @ (x @ kernel - y)
        kernel = kernel - learning_rate * gradient
    return kernel


### BEGIN SOLUTION
def pruned_training(x, y, kernel, mask, learning_rate, steps):
    """The kernel (d, units) after some steps, zero where mask is 0; x (n, d), y (n, units)."""
    kernel = kernel * mask
    for _ in range(steps):
        gradient = 2 / y.size * x.T @ (x @ kernel - y)
        kernel = (kernel - learning_rate * gradient) * mask
    return kernel


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_pruned_training", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("pruned_training", pruned_training)

# %%
import tensorflow as tf


def keep(mask, library):
    """A constraint: both libraries apply it to the weights after every update."""
    mask = mask.astype("float32")
    return type("Keep", (library.constraints.Constraint,), {"__call__": lambda self, w: w * mask})()


# Masking the gradient is not enough: an old velocity of Adam would still move a weight.
def pruned(fraction, epochs, masked=True, library=kerasedu):
    """A copy of model without a fraction of its first kernel, trained on, the mask kept or not."""
    kernel, *others = model.get_weights()
    mask = prune_mask(kernel, fraction)
    copy = reader(library=library, kernel_constraint=keep(mask, library) if masked else None)
    copy.set_weights([kernel * mask, *others])
    copy.compile("adam", "sparse_categorical_crossentropy")
    copy.fit(x_fit, y_fit, epochs=epochs, shuffle=False, verbose=0)
    return copy


# %%
def compare_masks():
    for masked in (False, True):  # without the mask, only pixels that are always white keep their zeros
        pair = [pruned(0.8, 1, masked, library).get_weights() for library in (kerasedu, tf.keras)]
        zeros = [f"{np.mean(weights[0] == 0):.3f}" for weights in pair]
        apart = max(np.abs(a - b).max() for a, b in zip(*pair))
        print(f"mask kept: {masked}   zeros: {zeros[0]}, in Keras {zeros[1]}   largest difference: {apart:.0e}")
    kernel, mask = model.get_weights()[0], prune_mask(model.get_weights()[0], 0.8)
    sizes = [len(zlib.compress(np.float32(k).tobytes())) for k in (kernel, kernel * mask)]
    print(f"bytes of the kernel, compressed: {sizes[0]}, with 80 % zeros {sizes[1]}")
    shares = np.array([0, 0.5, 0.7, 0.8, 0.9, 0.95])
    return plots.lines(
        "Cut only, the share of right digits falls steeply above some fraction; trained on, it stays high much longer.",
        shares,
        {name: [right(pruned(s, n)) for s in shares] for name, n in {"cut": 0, "cut, then trained on": 4}.items()},
        xlabel="fraction of the first kernel that is zero",
        ylabel="share of validation digits right",
    )


when_written(compare_masks)

# %% [markdown]
# ## 2. Fewer bits
#
# **Quantising** replaces a float32 by a whole number q of 8 bits, int8, from -128 to 127. It stands for the number
# (q - zero) · scale: the **scale** is the size of a step, the **zero point** what 0 becomes. Numbers whose range
# [low, high] was measured on samples ("calibration") get
#
# $$\text{scale} = \frac{\text{high} - \text{low}}{255} \qquad \text{zero} = \text{round}\Big(-128 -
# \frac{\text{low}}{\text{scale}}\Big) \qquad q = \text{clip}\Big(\text{round}\Big(\frac{x}{\text{scale}}\Big) +
# \text{zero}, -128, 127\Big)$$
#
# First the range is widened to contain 0: low becomes min(low, 0), high max(high, 0). So a real 0, which ReLU makes
# often, is hit exactly. **Build** the three results. x may lie outside of the range.


# %% nbgrader={"grade": false, "grade_id": "quantize", "locked": false, "schema_version": 3, "solution": true, "task": false}
def quantize(x, low, high):
    """q in int8, in the shape of x; scale, a number; zero_point, a whole number. low < high."""
    ### BEGIN SOLUTION
    low, high = min(low, 0), max(high, 0)
    scale = (high - low) / 255
    zero_point = round(-128 - low / scale)
    return np.clip(np.round(x / scale) + zero_point, -128, 127).astype("int8"), scale, zero_point
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_quantize", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("quantize", quantize)

# %% [markdown]
# Weights lie on both sides of zero, so they get a **symmetric** form: zero point 0, and the largest |w| becomes ±127.
# But units differ: one scale for the whole kernel would leave columns of small weights a few steps only. **Build** the
# variant that tools use, one scale for each unit: each column. A column of zeros has the scale 1.
#
# Below both are **compared** with tools. Keras's `quantize("int8")` stores the reciprocal of our scale, and measures a
# layer's inputs anew, row by row, at every call. LiteRT (once TFLite) runs models on phones; for int8 it
# measures activations once, on samples. It reads a **SavedModel**, the folder that `export` writes: a program with its
# weights, without your Python code.


# %% nbgrader={"grade": false, "grade_id": "quantize_kernel", "locked": false, "schema_version": 3, "solution": true, "task": false}
def quantize_kernel(kernel):
    """q in int8 (d, units) and scale (units,), with kernel ≈ q · scale; kernel (d, units)."""
    ### BEGIN SOLUTION
    scale = np.abs(kernel).max(axis=0) / 127
    scale[scale == 0] = 1
    return np.round(kernel / scale).astype("int8"), scale
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_quantize_kernel", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("quantize_kernel", quantize_kernel)


# %%
def export(network, name):
    parity.to_keras(network).export(folder / name / "model", verbose=False)
    return folder / name


def compare_tools():
    for form in ("float32", "int8 weights", "int8"):
        lite = LiteModel(saved, form, x_fit[:200])
        found = lite.answer(quantize(x_val, 0, 1)[0] if form == "int8" else x_val)
        print(f"{form:13}{len(lite.content):6} bytes   {np.mean(found.argmax(axis=1) == y_val):.3f} right")
    print("pixels: LiteRT", lite.input_quantization, "  yours", quantize(x_val, 0, 1)[1:])
    hidden, (q, scale) = parity.to_keras(model).layers[0], quantize_kernel(model.get_weights()[0])
    hidden.quantize("int8")
    keras = {w.name: np.asarray(w) for w in hidden.weights}
    apart = np.abs([lite.kernel_scales(32, 64) / scale - 1, scale * keras["kernel_scale"] - 1]).max(axis=1)
    print(f"equal q in Keras: {np.mean(q == keras['kernel']):.3f}   scales of LiteRT and Keras, apart by: {apart}")
    steps = (np.abs(x_val).max(axis=1, keepdims=True) + 1e-7) / 127  # Keras adds 1e-7
    output = ops.relu(np.round(x_val / steps) @ q * (steps * scale) + model.get_weights()[1])
    print(f"its int8 layer in NumPy, difference: {np.abs(hidden(x_val) - output).max():.0e}")


# %%
saved = export(model, "v1") / "model"
loaded = tf.saved_model.load(saved)
print(f"SavedModel, loaded again, against kerasedu: {np.abs(loaded.serve(x_val) - model(x_val)).max():.0e}")
when_written(compare_tools)

# %% [markdown]
# ## 3. A smaller student
#
# **Distillation** trains a small network, the student, to give the probabilities of a larger one, the teacher. They say
# more than a label: this 7 looks a little like a 9. A **temperature** T > 1 flattens both, so that small ones count.
# With t and s the logits of teacher and student, both (n, classes):
#
# $$p = \text{softmax}(t / T) \qquad q = \text{softmax}(s / T) \qquad L = T^2\,\frac{1}{n} \sum_{i=1}^{n}
# \sum_{k} p_{ik} \ln \frac{p_{ik}}{q_{ik}}$$
#
# The inner sum is the KL divergence: the cross-entropy of p and q, less a term without s. So its gradient at s/T is
# q - p. The chain rule brings 1/T on the way to s, and flattened probabilities differ less, by about another 1/T; T²
# makes up for both. **Build** loss and gradient. Logits may be in the thousands: no logarithm may meet a 0.


# %% nbgrader={"grade": false, "grade_id": "distillation", "locked": false, "schema_version": 3, "solution": true, "task": false}
def distillation(teacher, student, temperature):
    """L, a number, and dL/ds (n, classes); teacher and student are logits (n, classes)."""
    ### BEGIN SOLUTION
    z_p, z_q = teacher / temperature, student / temperature
    z_p, z_q = z_p - z_p.max(axis=1, keepdims=True), z_q - z_q.max(axis=1, keepdims=True)
    log_p = z_p - np.log(np.exp(z_p).sum(axis=1, keepdims=True))
    log_q = z_q - np.log(np.exp(z_q).sum(axis=1, keepdims=True))
    loss = temperature**2 * (np.exp(log_p) * (log_p - log_q)).sum(axis=1).mean()
    return loss, temperature * (np.exp(log_q) - np.exp(log_p)) / len(student)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_distillation", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("distillation", distillation)


# %%
def compare_three_ways(references, answer):
    """Print how far answer() is from each reference."""
    mine = when_written(answer)
    if mine is not None:
        print({way: f"{np.abs(mine - gradient).max():.0e}" for way, gradient in references.items()})


t, s, T = 2 * rng.normal(size=(3, 4)), 2 * rng.normal(size=(3, 4)), 3.0
kl, p, q = losses.KLDivergence(), ops.softmax(t / T), ops.softmax(s / T)
kl.forward(p, q)
with tf.GradientTape() as tape:
    logits = tf.Variable(s)
    total = T**2 * tf.keras.losses.KLDivergence(dtype="float64")(p, tf.nn.softmax(logits / T))
references = {
    "numerical": gradcheck.numerical_gradient(lambda s: T**2 * kl(p, ops.softmax(s / T)), s),
    "kerasedu": T**2 * ops.softmax_backward(kl.backward(), s / T) / T,
    "tf.keras": tape.gradient(total, logits),
}
compare_three_ways(references, lambda: distillation(t, s, T)[1])
compare_three_ways({"loss, tf.keras": float(total)}, lambda: distillation(t, s, T)[0])

# %% [markdown]
# A teacher answers for images without labels, too. Suppose only the first 100 digits have labels. The teacher is an
# **ensemble**, five networks that started differently: their probabilities are averaged, or their votes counted; for
# the student, their logits averaged. Predict which student reads more digits right: one that learns from 100 labels,
# or one that imitates the teacher on all 1,150 images.

# %%
from_logits, few = losses.SparseCategoricalCrossentropy(from_logits=True), 100
teachers = [trained(reader(64, None), x_fit[:few], y_fit[:few], 60, from_logits) for _ in range(5)]
logits = np.stack([teacher(x) for teacher in teachers])  # (5, n, 10)
probabilities = ops.softmax(logits[:, 1150:])
votes = np.eye(10)[probabilities.argmax(axis=2)].sum(axis=0)
print("each:", [f"{right(teacher):.3f}" for teacher in teachers])
for name, found in {"probabilities averaged": probabilities.mean(axis=0), "votes counted": votes}.items():
    print(f"{name}: {np.mean(found.argmax(axis=1) == y_val):.3f}")


# %%
def imitating(student, teacher, temperature=2.0, epochs=20):
    """The student, trained on the teacher's logits for x_fit."""
    rule = optimizers.Adam(0.003)
    for _ in range(epochs):
        for rows in np.array_split(rng.permutation(1150), 36):
            student_logits = student.forward(x_fit[rows])
            student.backward(distillation(teacher[rows], student_logits, temperature)[1])
            rule.apply_gradients(zip(student.grads, student.trainable_variables))
    return student


def compare_students(units=8, trials=3):
    alone = [trained(reader(units, None), x_fit[:few], y_fit[:few], 60, from_logits) for _ in range(trials)]
    taught = [imitating(reader(units, None), logits.mean(axis=0)) for _ in range(trials)]
    for name, students in {"100 labels": alone, "the teacher": taught}.items():
        print(f"{units} units, from {name}: {np.mean([right(student) for student in students]):.3f} right")


when_written(compare_students)

# %% [markdown]
# Try `few = 1150`, labels for all: does a student still gain?
#
# ## 4. Released, watched, rolled back
#
# A **registry** keeps every **version** ever released: its folder, a **hash** of its files (it changes with any byte),
# its accuracy. An **alias**, `production`, names the version that serves. To release is to move the alias; a
# **rollback** moves it back. Here `mlflow-skinny` keeps it all in an SQLite file; the whole of MLflow adds web pages, a
# model server, logging from `fit`. Version 1 is our model. Version 2 comes from a colleague, for whom white is 1 and
# black is 0. Version 3 gets damaged.

# %%
client = service.registry(folder / "registry.db")
client.create_registered_model("digits")
print("registry:", type(client).__name__)


def register(source, network, shown=lambda pixels: pixels):
    """Enter an exported version; shown(pixels) is how its training saw the pixels."""
    np.save(source / "ink.npy", shown(x_fit).mean(axis=1))  # the mean pixel of each training image
    tags = {"sha256": service.digest(source), "accuracy": f"{right(network, shown(x_val)):.3f}"}
    return client.create_model_version("digits", source=str(source), tags=tags)


register(folder / "v1", model)
theirs = trained(reader(), 1 - x_fit)
register(export(theirs, "v2"), theirs, lambda pixels: 1 - pixels)
register(export(model, "v3"), model)
for number in "123":
    print("version", number, client.get_model_version("digits", number).tags)

# %% [markdown]
# Labels come late, inputs at once: so inputs are watched. The **population stability index** compares a number, here
# an image's mean pixel, between training and requests. The **training** quantiles 1/bins, 2/bins, … (`np.quantile`)
# cut the line into `bins` bins that hold about equally many training numbers. A number on an edge belongs to the bin on
# its right; the outer bins are open. With m training numbers, n requests, and 1 added to each count, so that no bin is
# empty:
#
# $$p_b = \frac{\text{training numbers in } b + 1}{m + \text{bins}} \qquad q_b = \frac{\text{requests in } b + 1}{n +
# \text{bins}} \qquad \text{score} = \sum_b (q_b - p_b) \ln \frac{q_b}{p_b}$$
#
# Without drift it is about (bins - 1)(1/m + 1/n). A rule of thumb: above 0.25 somebody should look. **Build** it.


# %% nbgrader={"grade": false, "grade_id": "drift_score", "locked": false, "schema_version": 3, "solution": true, "task": false}
def drift_score(training, requests, bins):
    """The population stability index, a number; training (m,) and requests (n,) hold numbers, in any order."""
    ### BEGIN SOLUTION
    edges = np.quantile(training, np.arange(1, bins) / bins)
    edges = np.concatenate([[-np.inf], edges, [np.inf]])
    p = (np.histogram(training, edges)[0] + 1) / (len(training) + bins)
    q = (np.histogram(requests, edges)[0] + 1) / (len(requests) + bins)
    return np.sum((q - p) * np.log(q / p))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_drift_score", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("drift_score", drift_score)

# %% [markdown]
# The **service** (`kerasedu/parity/service.py`, worth reading) is a process of its own. At every request it asks the
# registry which version serves, so a rollback needs no restart. It refuses files that do not fit their hash. Predict in
# which of four events accuracy falls, in which the score rises.

# %%
faded, seen = 0.9 * requests, []
events = [
    ("start", "1", requests),
    ("release", "2", requests),
    ("roll back", "1", requests),
    ("lamp fades", "1", faded),
]
with service.running(folder / "registry.db", "digits") as ask:
    for event, number, pixels in events:
        client.set_registered_model_alias("digits", "production", number)
        status, reply = ask(pixels)
        accuracy = np.mean(np.argmax(reply["output"], axis=1) == answers)
        print(f"{event:10}  version {reply['version']} answers, {accuracy:.3f} right (known later)")
        seen.append((event, number, pixels.mean(axis=1)))
    print("an image with a pixel too few:", ask(requests[:1, :63])[0])
    (folder / "v3" / "ink.npy").write_bytes(b"damaged")
    client.set_registered_model_alias("digits", "production", "3")
    print("version 3:", *ask(requests[:1]))


# %%
def monitor():
    for event, number, ink in seen:
        training = np.load(folder / f"v{number}" / "ink.npy")
        no_drift = 9 * (1 / len(training) + 1 / len(ink))
        print(f"{event:10}  score {drift_score(training, ink, 10):.2f}, without drift about {no_drift:.2f}")


when_written(monitor)
ink = {"training": x_fit.mean(axis=1), "requests": seen[0][2], "requests, faded": seen[3][2]}
edges = [-np.inf, *np.quantile(ink["training"], np.arange(1, 10) / 10), np.inf]
plots.grouped_bars(
    "Training images fill all ten bins about equally, by construction; the requests nearly so. Under the faded lamp most "
    "requests fall into the lowest bins.",
    {name: np.histogram(values, edges)[0] / len(values) for name, values in ink.items()},
    [str(k) for k in range(1, 11)],
    xlabel="bin, by tenths of the training images' mean pixel",
    ylabel="share of images",
)

# %% [markdown]
# Version 2 was accurate on its own data; the service disagrees with it on what black is. The hash cannot tell, the
# score can. Under the faded lamp compare score and accuracy: drift is a reason to look, no verdict.
#
# **After a crash** training goes on from a **checkpoint**: the weights and the optimizer's state, Adam's m, v and step
# count. `save` of `kerasedu` writes a new file and then renames it, so the file is always whole. Keras's
# `BackupAndRestore` writes over the old one; `double_checkpoint=True` copies that first. The cells kill a process after
# its third epoch.

# %%
program = """
import sys, numpy as np
from kerasedu import models
model, data = models.load_model(sys.argv[1]), np.load(sys.argv[2])
for epoch in range(model.optimizer.iterations // 36, 6):  # 36 steps an epoch
    model.fit(data["x"], data["y"], shuffle=False, verbose=0)
    model.save(sys.argv[1])
    print(epoch + 1, flush=True)
"""


def train(crash_after=None):
    command = [sys.executable, "-c", program, str(folder / "checkpoint"), str(folder / "digits.npz")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if int(line) == crash_after:
                process.kill()
    return kerasedu.models.load_model(folder / "checkpoint")


# %%
np.savez(folder / "digits.npz", x=x_fit, y=y_fit)
never_crashed, twins = reader(), [reader(library=tf.keras) for _ in range(2)]
for network in (never_crashed, *twins):
    network.set_weights(never_crashed.get_weights())
    network.compile("adam", "sparse_categorical_crossentropy")
never_crashed.save(folder / "checkpoint")
crashed = train(crash_after=3)
found = {"resumed": train().get_weights()}
crashed.compile("adam", "sparse_categorical_crossentropy")  # its weights, but a new optimizer
crashed.fit(x_fit, y_fit, epochs=3, shuffle=False, verbose=0)
found["weights only"] = crashed.get_weights()
for twin, last in zip(twins, (3, 6)):  # the second one goes on where the first one stopped
    backup = tf.keras.callbacks.BackupAndRestore(folder / "backup", delete_checkpoint=False)
    twin.fit(x_fit, y_fit, epochs=last, shuffle=False, verbose=0, callbacks=[backup])
found["tf.keras, resumed"] = twin.get_weights()
never_crashed.fit(x_fit, y_fit, epochs=6, shuffle=False, verbose=0)
for name, weights in found.items():
    print(f"{name}: {max(np.abs(a - b).max() for a, b in zip(weights, never_crashed.get_weights())):.0e}")

# %% [markdown]
# ## 5. What an answer rests on, and how it breaks
#
# Saliency (lesson 09) is the gradient at the image. Where a unit is saturated it is near zero, though the pixel was
# decisive. **Integrated gradients** come from the whole way, from a **baseline** $x'$, here a white image, straight to
# x, both (d,). The gradients of the score S at the **middles** of `steps` equal parts are averaged, and multiplied by
# how far each pixel travelled:
#
# $$a = (x - x') \odot \frac{1}{\text{steps}} \sum_{k=0}^{\text{steps} - 1} \nabla S\Big(x' + \frac{k +
# \frac12}{\text{steps}} (x - x')\Big)$$
#
# **Completeness:** with more steps the sum of a tends to S(x) - S(x'). **Build** it for
# $S(x) = \tanh(x W + b) \cdot v$, with W (d, units), b and v (units,).


# %% nbgrader={"grade": false, "grade_id": "integrated_gradients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def integrated_gradients(x, baseline, kernel, bias, output_kernel, steps):
    """a (d,), what each input adds to the score; x and baseline (d,), output_kernel v (units,)."""
    ### BEGIN SOLUTION
    total = np.zeros_like(x)
    for k in range(steps):
        point = baseline + (k + 0.5) / steps * (x - baseline)
        slope = 1 - np.tanh(point @ kernel + bias) ** 2
        total += kernel @ (slope * output_kernel)
    return (x - baseline) * total / steps
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_integrated_gradients", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("integrated_gradients", integrated_gradients)

# %%
scorer = kerasedu.Sequential([layers.Input((64,)), layers.Dense(24, "tanh"), layers.Dense(10)])
scorer = gradcheck.with_dtype(trained(scorer, loss=from_logits), "float64")
twin, (W, b, V, _) = parity.to_keras(scorer), scorer.get_weights()
image, label, white = x_val[0].astype("float64"), y_val[0], np.zeros(64)
points, rows = (np.arange(5) + 0.5)[:, None] / 5 * image, np.eye(10)[np.full(5, label)]
scorer.forward(points)
with tf.GradientTape() as tape:
    way = tf.Variable(points)
    total = tf.reduce_sum(twin(way) * rows)
numerical = gradcheck.numerical_gradient(lambda p: np.vdot(scorer(p), rows), points)
ways = {"numerical": numerical, "kerasedu": scorer.backward(rows), "tf.keras": tape.gradient(total, way)}
references = {way: image * np.mean(gradients, axis=0) for way, gradients in ways.items()}
compare_three_ways(references, lambda: integrated_gradients(image, white, W, b, V[:, label], 5))


# %%
def explain():
    print("purple raises the score, orange lowers it")
    gained, rival = (scorer(image[None]) - scorer(white[None]))[0], np.argsort(scorer(image[None])[0])[-2]
    for steps in (1, 5, 50):
        missing = gained[label] - integrated_gradients(image, white, W, b, V[:, label], steps).sum()
        print(f"{steps:2} steps: the sum misses S(x) - S(white) by {missing:+.5f}")
    shown = [image] + [integrated_gradients(image, white, W, b, V[:, c], 50) for c in (label, rival)]
    return plots.images(
        "A digit, and what each pixel adds to the score of its label and of the next likely class: purple pixels raise "
        "the score, orange ones lower it, white ones were not drawn on.",
        np.stack([one / np.abs(one).max() for one in shown]).reshape(3, 8, 8),
        ["the image", f"for {label}", f"for {rival}"],
        signed=True,
    )


when_written(explain)

# %% [markdown]
# **An attack** goes the same way back to the pixels, with the loss in place of the score. The fast gradient sign method
# (**FGSM**) moves every pixel by $\varepsilon$ to where the loss of the true label grows:
#
# $$x_\text{adv} = \text{clip}\big(x + \varepsilon \cdot \text{sign}(\partial L / \partial x), 0, 1\big)$$
#
# The sign forgets sizes: mean or sum of the loss is the same. **Build** it for one dense layer with softmax; the
# gradient at its logits is p - one-hot labels (lesson 04). A pixel with gradient 0 stays.
#
# **Adversarial training** hardens a network: each batch contains its own attacked images, made anew. Predict for the
# figure below what that costs at $\varepsilon = 0$.


# %% nbgrader={"grade": false, "grade_id": "fgsm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fgsm(x, labels, kernel, bias, epsilon):
    """Attacked images (n, d); x (n, d) from 0 to 1, labels (n,) whole numbers, kernel (d, classes), bias (classes,)."""
    ### BEGIN SOLUTION
    z = x @ kernel + bias
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    dx = (p - np.eye(len(bias))[labels]) @ kernel.T
    return np.clip(x + epsilon * np.sign(dx), 0, 1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_fgsm", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("fgsm", fgsm)

# %%
single = trained(kerasedu.Sequential([layers.Input((64,)), layers.Dense(10, "softmax")]))
single, loss = gradcheck.with_dtype(single, "float64"), losses.SparseCategoricalCrossentropy()
inside, truth = 0.2 + 0.6 * x_val[:8].astype("float64"), y_val[:8]  # so that nothing is clipped
twin = parity.to_keras(single)
loss.forward(truth, single.forward(inside))
with tf.GradientTape() as tape:
    pixels = tf.Variable(inside)
    total = tf.keras.losses.SparseCategoricalCrossentropy(dtype="float64")(truth, twin(pixels))
numerical = gradcheck.numerical_gradient(lambda p: loss(truth, single(p)), inside)
ways = {"numerical": numerical, "kerasedu": single.backward(loss.backward()), "tf.keras": tape.gradient(total, pixels)}
references = {way: inside + 0.1 * np.sign(gradients) for way, gradients in ways.items()}
compare_three_ways(references, lambda: fgsm(inside, truth, *single.get_weights(), 0.1))


# %%
def attack(network, x, y, epsilon):
    """FGSM on any classifier: the gradient comes back through all its layers."""
    loss.forward(y, network.forward(x))
    return np.clip(x + epsilon * np.sign(network.backward(loss.backward())), 0, 1)


def adversarial(epsilon, epochs=25):
    kerasedu.random.set_random_seed(1)
    network, draw = reader(), np.random.default_rng(1)
    network.compile(optimizers.Adam(0.003), "sparse_categorical_crossentropy")
    for _ in range(epochs):
        for rows in np.array_split(draw.permutation(1150), 36):
            both = np.concatenate([x_fit[rows], attack(network, x_fit[rows], y_fit[rows], epsilon)])
            network.train_on_batch(both, np.tile(y_fit[rows], 2))
    return network


# %%
plain, hardened = adversarial(0.0), adversarial(0.15)
strengths, networks = np.linspace(0, 0.3, 7), {"plain": plain, "hardened with ε = 0.15": hardened}
plots.lines(
    "Both start near the top. The plain network falls to nearly nothing as ε grows; the hardened one falls later.",
    strengths,
    {name: [right(n, attack(n, x_val, y_val, e)) for e in strengths] for name, n in networks.items()},
    xlabel="ε, how far each pixel moves",
    ylabel="share of validation digits right",
)

# %%
chosen = np.flatnonzero(plain(x_val).argmax(axis=1) == y_val)[:7]
fooled = attack(plain, x_val[chosen], y_val[chosen], 0.15)
plots.images(
    "Seven digits above, the same under attack below: speckled, still easy to read for us, and most of them misread.",
    np.concatenate([x_val[chosen], fooled]).reshape(-1, 8, 8),
    [f"{digit}" for digit in y_val[chosen]] + [f"read as {digit}" for digit in plain(fooled).argmax(axis=1)],
    columns=7,
)

# %% [markdown]
# Hardened against FGSM is not safe: stronger attacks take many small steps
# ([Madry et al.](https://arxiv.org/abs/1706.06083)), and a network whose gradients vanish merely looks robust.
#
# ## 6. Searching hyper-parameters
#
# KerasTuner draws settings, trains, and compares a **validation** metric. The best of several scores flatters: a fair
# number comes from data that no trial has seen, once, at the end.


# %%
def build(hp):
    rate = hp.Float("learning_rate", 1e-4, 1e-1, sampling="log")
    network = reader(hp.Choice("units", [8, 32, 128]), library=tf.keras)
    network.compile(tf.keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return network


def search():
    from keras_tuner import RandomSearch

    tuner = RandomSearch(build, "val_accuracy", max_trials=3, seed=3, directory=folder, project_name="search")
    tuner.search(x_fit, y_fit, validation_data=(x_val, y_val), epochs=4, batch_size=64, verbose=0)
    for trial in tuner.oracle.get_best_trials(3):
        print(trial.hyperparameters.values, f"{trial.score:.3f}")
    best = build(tuner.get_best_hyperparameters()[0])
    best.fit(x, y, epochs=8, batch_size=64, verbose=0)
    print(f"test digits, on which nothing was chosen: {best.evaluate(requests, answers, verbose=0)[1]:.3f}")


when_written(search)

# %% [markdown]
# ## What stays on paper
#
# | what | why not here | go on at |
# |---|---|---|
# | TPU | rented hardware | [tensorflow.org/guide/tpu](https://www.tensorflow.org/guide/tpu) |
# | TensorRT | needs an NVIDIA card | [docs.nvidia.com](https://docs.nvidia.com/deeplearning/tensorrt/) |
# | clusters | lesson 14 has one machine | [distributed training](https://www.tensorflow.org/guide/distributed_training) |
# | many users | ours answers one at a time | [TensorFlow Serving](https://www.tensorflow.org/tfx/guide/serving) |
#
# An article asks some sixty times whether Keras supports something, and always answers yes. Seventeen of the questions
# are about cutting a model's points, lines, planes, its fourth to thirteenth dimension. None exists.
# A text that continues its own pattern reads fluently; but no answer names a function. Look one up, and call it.
#
# ## In your own words
#
# A colleague has pruned and quantised a network, and released it. In the notebook 97 % were right, in the service 60 %.
# "The data has drifted", says the colleague, "we retrain on this month's requests, labelled by the model itself."
# Explain in four or five sentences what to do first, how to find out whether it is drift, what else is likely, and what
# is wrong with the plan.

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_release", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# First move the alias back to the last good version, if its folder was not overwritten; that is why versions are kept.
# Then compare: the exported model and the one in memory on the same inputs; the requests' distribution with that of the
# training data, by a drift score. If the answers differ on equal inputs, it is not drift: likely are another
# preprocessing in the service (what is black?), a wrong calibration range or zero point, a mask lost in training on.
# Only if the inputs have moved and the export agrees is it drift. Labels made by the model that is wrong teach it its
# own errors; requests need labels from people, and a validation set that nobody trains on.
#
# **Marking scheme.** 1 point each: roll back first, or why that is impossible now; a measurement that tells drift from
# a fault (same inputs through both models, or a drift score); a likely other cause; why its own labels are no labels.
# ### END SOLUTION

# %% [markdown]
# ## What you can do now
#
# 1. A mask acts at every update. int8 needs scale and zero point, a kernel a scale for each unit. T² keeps gradients'
#    size.
# 2. Versions are never overwritten, and have a hash; an alias releases and rolls back.
# 3. A drift score compares requests with training quantiles. A checkpoint holds the optimizer's state.
# 4. Integrated gradients add up to the score gained. FGSM moves each pixel by ε uphill; training on attacks helps.
# 5. Choose on validation data, report on test data, and say what you have not run.
