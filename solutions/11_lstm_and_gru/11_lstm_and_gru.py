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
# # 11 LSTM and GRU
#
# A simple recurrent network forgets. Gated cells learn what to keep. After this lesson you can
#
# 1. read and write one step of an LSTM, in Keras's order of the gates, and send gradients back through it;
# 2. say what the forget gate does to a gradient, and choose its bias for a long memory;
# 3. write one step of a GRU, tell the two GRUs apart, and bring weights over from another library;
# 4. pad sequences of different length and skip the padding;
# 5. choose between a simple cell, LSTM, GRU and reading both ways, by measuring;
# 6. generate text letter by letter.

# %%
import codecs
import contextlib
import io

import numpy as np

import kerasedu
from kerasedu import datasets, gradcheck, layers, ops, optimizers, parity, plots
from kerasedu.exercises import check, order, quiz

print("Comparisons run on:", parity.device.describe())
rng = np.random.default_rng(11)

# %% [markdown]
# **Recall** from earlier lessons.
#
# 1. Going back one step multiplies a gradient by 0.9. What is left of it after 40 steps?
# 2. `SimpleRNN(8, return_sequences=True)` reads a batch of shape (5, 12, 3). Which shape comes out?
# 3. `Conv1D(8, kernel_size=5)` without padding reads a batch of shape (4, 20, 3). Which shape comes out?

# %% nbgrader={"grade": false, "grade_id": "recall_11", "locked": false, "schema_version": 3, "solution": true, "task": false}
first = None
second = None
third = None
### BEGIN SOLUTION
first = 0.9**40
second = (5, 12, 8)
third = (4, 16, 8)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_recall_11", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("recall_11", first, second, third)

# %% [markdown]
# ## 1. A carry and three gates
#
# A long short-term memory, **LSTM**, has two states. The **carry** c is the memory, the **hidden state** h what the
# cell shows. A **gate** is a number from 0 to 1 that multiplies. The input gate i says how much is written, the forget
# gate f how much is kept, the output gate o how much is shown. What is written is the **candidate** g. Primes mark what
# comes out of the step, products are entry by entry:
#
# $$c' = f\, c + i\, g \qquad h' = o \tanh(c')$$
#
# Here is one unit with weights chosen by hand. It reads a value and a mark, and the mark opens the input gate and shuts
# the forget gate. **Predict** before you look: what does the carry do between two marks?

# %%
values, marks = rng.uniform(-1, 1, size=16), np.isin(np.arange(16), [3, 8])
x = np.stack([values, marks], axis=1)[:, None]  # (time, batch of 1, 2 features)
kernel = np.array([[0.0, 0, 2, 0], [20, -20, 0, 0]])  # columns i, f, g, o; rows value, mark
bias = np.array([-10.0, 10, 0, 10])
i, f, g, o = (x[:, 0] @ kernel + bias).T
(h, c), _ = ops.lstm_sequence(x, np.zeros((1, 1)), np.zeros((1, 1)), kernel, np.zeros((1, 4)), bias)
rows = {"value": values, "mark": marks, "input gate i": ops.sigmoid(i), "forget gate f": ops.sigmoid(f)}
rows |= {"candidate g": np.tanh(g), "carry c": c[:, 0, 0], "hidden state h": h[:, 0, 0]}
plots.gates(
    "At the two marked steps the input gate is 1 and the forget gate 0, and the carry takes the candidate's value. "
    "Between them the input gate is 0, the forget gate 1, and the carry does not change at all, whatever comes in.",
    rows,
)

# %% [markdown]
# A carry behind f = 1 lasts. Normally the gates are learnt: each is a small dense layer of x and h, and all lie side by
# side in the columns of one kernel. For x (n, d), h and c (n, u) with u units, and the sigmoid σ:
#
# $$z = x W + h U + b \qquad i = \sigma(z_i) \quad f = \sigma(z_f) \quad g = \tanh(z_g) \quad o = \sigma(z_o)$$
#
# W is (d, 4u), U (u, 4u), b (4u,), so z is (n, 4u): four blocks of u columns. Keras's **order of the blocks** is i, f,
# g, o (it calls the candidate c). Nothing in the shapes tells one block from another. When Keras builds the layer, it
# sets the forget gate's part of b to 1 (`unit_forget_bias`).
#
# **Build** one step; `sigmoid` is there. It returns the new h and the new c, and each earns its points.


# %% nbgrader={"grade": false, "grade_id": "lstm_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sigmoid(z):
    return 0.5 + 0.5 * np.tanh(0.5 * z)  # 1 / (1 + exp(-z)), without overflow


def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    """The new h and c; x (n, d), h and c (n, u), kernel (d, 4u), recurrent_kernel (u, 4u), bias (4u,)."""
    ### BEGIN SOLUTION
    z_i, z_f, z_g, z_o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=1)
    i, f, g, o = sigmoid(z_i), sigmoid(z_f), np.tanh(z_g), sigmoid(z_o)
    c = f * c + i * g
    return o * np.tanh(c), c
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_lstm_step", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("lstm_step", lstm_step)

# %% [markdown]
# **Predict.** Along the carry, dc'/dc = f.
#
# 1. f = 0.99 at each of 100 steps. Which share of a gradient reaches the first carry along this way?
# 2. Which bias of the forget gate gives f = 0.99, if x and h add nothing? (σ(1) is 0.73; solve σ(z) = 0.99.)

# %% nbgrader={"grade": false, "grade_id": "predict_carry", "locked": false, "schema_version": 3, "solution": true, "task": false}
share = None
forget_bias = None
### BEGIN SOLUTION
share = 0.99**100
forget_bias = np.log(0.99 / 0.01)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_carry", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
quiz("predict_carry", share, forget_bias)

# %% [markdown]
# ## 2. One step backward
#
# Two gradients arrive, dh for h' and dc for c'. The new carry is **used twice**, by the next step and by the output, so
# what comes through h' = o tanh(c') is added first:
#
# $$dc \leftarrow dc + dh \cdot o\,(1 - \tanh^2 c')$$
#
# Then every product gives each factor the other one:
#
# | gate | its gradient | slope of its activation |
# |---|---|---|
# | i | dc · g | i (1 - i) |
# | f | dc · c | f (1 - f) |
# | g | dc · i | 1 - g² |
# | o | dh · tanh(c') | o (1 - o) |
#
# Gradient times slope is one block of dz. From dz on all is as in a simple recurrent layer; the old carry gets dc · f.
# **Build** it in the five parts of lesson 10: shapes (the forward step again), local derivative, upstream, accumulate,
# return.


# %% nbgrader={"grade": false, "grade_id": "lstm_step_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lstm_step_backward(dh, dc, x, h, c, kernel, recurrent_kernel, bias):
    """dL/dx, dL/dh, dL/dc, dL/dW, dL/dU, dL/db, from dh = dL/dh' and dc = dL/dc' (n, u)."""
    ### BEGIN SOLUTION
    # shapes: the four gates, c_new, dh and dc are (n, u)
    z_i, z_f, z_g, z_o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=1)
    i, f, g, o = sigmoid(z_i), sigmoid(z_f), np.tanh(z_g), sigmoid(z_o)
    a = np.tanh(f * c + i * g)
    # local derivative
    slopes = np.hstack([i * (1 - i), f * (1 - f), 1 - g**2, o * (1 - o)])
    # upstream
    dc = dc + dh * o * (1 - a**2)
    dz = np.hstack([dc * g, dc * c, dc * i, dh * a]) * slopes
    # accumulate over the batch
    dkernel, drecurrent_kernel, dbias = x.T @ dz, h.T @ dz, dz.sum(axis=0)
    # return
    return dz @ kernel.T, dz @ recurrent_kernel.T, dc * f, dkernel, drecurrent_kernel, dbias
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_lstm_step_backward", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("lstm_step_backward", lstm_step_backward)

# %% [markdown]
# **Compare three ways**: with slopes measured by moving one number at a time, with `kerasedu`, and with what
# TensorFlow's tape records from the Keras layer, on one step of a sequence.


# %%
import tensorflow as tf


def three_ways(layer, step, step_backward, upstream, x, states):
    """The gradients of L = Σ upstream · new states, with respect to x, the old states and the weights."""
    arguments = [x, *states, *layer.get_weights()]

    def loss(*arguments):
        new = step(*arguments)
        return sum(np.vdot(d, s) for d, s in zip(upstream, new if isinstance(new, tuple) else [new]))

    moved = [lambda a, k=k: loss(*arguments[:k], a, *arguments[k + 1 :]) for k in range(len(arguments))]
    numerical = [gradcheck.numerical_gradient(move, a) for move, a in zip(moved, arguments)]
    twin, tensors = parity.to_keras(layer), [tf.constant(a) for a in [x, *states]]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        _, *new = twin(tensors[0][:, None], initial_state=tensors[1:])
        total = sum(tf.reduce_sum(d * s) for d, s in zip(upstream, new))
    of_keras = tape.gradient(total, [*tensors, *twin.trainable_variables])
    return {"numerical": numerical, "kerasedu": step_backward(*upstream, *arguments), "tf.keras": of_keras}


# %%
x_t, *states, dh, dc = rng.normal(size=(2, 3)), *rng.normal(size=(4, 2, 4))
cell = layers.LSTM(4, return_state=True, dtype="float64")
cell(x_t[:, None])
references = three_ways(cell, ops.lstm_step, ops.lstm_step_backward, [dh, dc], x_t, states)
try:
    yours = lstm_step_backward(dh, dc, x_t, *states, *cell.get_weights())
except NotImplementedError:
    yours = []
    print("Write lstm_step_backward first, then run this cell again.")
for k, (name, gradient) in enumerate(zip(["dx", "dh", "dc", "dkernel", "drecurrent_kernel", "dbias"], yours)):
    differences = {way: np.abs(gradient - np.asarray(right[k])).max() for way, right in references.items()}
    print(f"{name:18}", "   ".join(f"{way} {difference:.0e}" for way, difference in differences.items()))

# %% [markdown]
# **Measure** as in lesson 10: a gradient starts at the last of 100 steps. How much of it arrives at each input before?
# Besides Keras's start we try one made for keeping: f = 0.99 and i = 0.01, so that a state lasts and new input enters
# slowly.


# %%
def made_for_keeping(layer):
    """The built layer, its input gates started at 0.01 and its forget gates at 0.99."""
    kernel, recurrent_kernel, bias = layer.get_weights()
    bias[:50], bias[50:100] = -np.log(99), np.log(99)
    layer.set_weights([kernel, recurrent_kernel, bias])
    return layer


def lengths_going_back(layer):
    """‖dL/dx_t‖ for t = 99, 98, …, relative to the last step."""
    layer.forward(np.random.default_rng(2).normal(size=(8, 100, 1)))
    lengths = np.linalg.norm(layer.backward(np.full((8, 50), 0.02)), axis=(0, 2))[::-1]
    return lengths / lengths[0]


# %%
kerasedu.random.set_random_seed(0)
cells = {"SimpleRNN": layers.SimpleRNN(50), "LSTM": layers.LSTM(50), "LSTM made for keeping": layers.LSTM(50)}
for layer in cells.values():
    layer.build((None, 100, 1))
made_for_keeping(layer)
plots.curves(
    "On a logarithmic scale the gradients of the simple network and of the LSTM as Keras starts it fall within 100 "
    "steps to a small part; that of the LSTM made for keeping stays level.",
    {label: lengths_going_back(layer) for label, layer in cells.items()},
    xlabel="steps back in time",
    ylabel="length of dL/dx, relative",
    log=True,
)

# %% [markdown]
# ## 3. A task that needs memory
#
# An article builds `LSTM(50)` and `Dense(10)` on sequences of shape (100, 1), without data. Here is a task for it: in
# one of the first 20 steps there is a pulse, whose height tells the class. After 80 zeros or more the model names it.


# %%
def pulses(n):
    """Sequences (n, 100, 1) with one pulse each, and their classes (n,)."""
    x, y = np.zeros((n, 100, 1), "float32"), rng.integers(10, size=n)
    x[np.arange(n), rng.integers(20, size=n), 0] = y - 4.5
    return x, y


def pulse_reader(layer):
    model = kerasedu.Sequential([layers.Input((100, 1)), layer, layers.Dense(10, activation="softmax")])
    model.compile(optimizers.Adam(0.015), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


kerasedu.random.set_random_seed(1)
cells = {"SimpleRNN": layers.SimpleRNN(50), "LSTM": layers.LSTM(50), "LSTM made for keeping": layers.LSTM(50)}
models = {label: pulse_reader(layer) for label, layer in cells.items()}
keeper = made_for_keeping(cells["LSTM made for keeping"])

# %%
x, y = pulses(1000)
x_test, y_test = pulses(300)
losses = {}
for label, model in models.items():
    losses[label] = model.fit(x, y, epochs=7, batch_size=50, verbose=0).history["loss"]
    print(f"{label:22} {model.evaluate(x_test, y_test, verbose=0)[1]:.2f} of the test sequences right")
plots.curves("Of three losses, only that of the LSTM made for keeping falls far.", losses)

# %% [markdown]
# Guessing costs log 10 = 2.3, and two of the three stay near that. Gates alone are no memory; these had to start open.
# Look inside: four sequences differ only in their pulse, at step 5, and the unit shown tells them apart best at the
# end. (The report above the picture compares the training with tf.keras.)

# %%
print(parity.check_fit(models["LSTM"], x[:100], y[:100], epochs=1, batch_size=50))
kernel, recurrent_kernel, bias = keeper.get_weights()
classes = np.array([0, 3, 6, 9])
inputs = np.zeros((100, 4, 1), "float32")
inputs[5, :, 0] = classes - 4.5
(h, c), _ = ops.lstm_sequence(inputs, *np.zeros((2, 4, 50), "float32"), kernel, recurrent_kernel, bias)
unit = np.tanh(c[-1]).std(axis=0).argmax()
before = np.concatenate([np.zeros_like(h[:1]), h[:-1]])
f = ops.sigmoid(inputs @ kernel + before @ recurrent_kernel + bias)[:, :, 50 + unit]
rows = {f"tanh c, class {classes[k]}": np.tanh(c[:, k, unit]) for k in range(4)}
plots.gates(
    "Before the pulse at step 5 the four rows of carries are equal. Then they part, some at once, some later, and stay "
    "apart to the end, without input. The forget gate of the unit is near 1 at nearly all steps.",
    rows | {"f, class 0": f[:, 0], "f, class 9": f[:, 3]},
)

# %% [markdown]
# ## 4. The gated recurrent unit
#
# The **GRU** has one state and two gates: the update gate z says how much of the old state stays, the reset gate r how
# much of it the candidate g sees. Keras's blocks are z, r, g (z is a gate here, no sum); W is (d, 3u), U (u, 3u).
#
# $$h' = z\, h + (1 - z)\, g \qquad z = \sigma(x W_z + h U_z + b_z) \qquad r = \sigma(x W_r + h U_r + b_r)$$
#
# There are **two** GRUs. In the paper's, r meets h **before** the product with U: `reset_after=False`, written out
# below. Keras's default, made for GPUs, resets **after** the product, which has a bias b' of its own. So the bias is
# (2, 3u), its first row for x and the second for h:
#
# $$g = \tanh(x W_g + b_g + (r h)\, U_g) \qquad\text{or}\qquad g = \tanh(x W_g + b_g + r\,(h U_g + b'_g))$$


# %%
def gru_step_of_the_paper(x, h, kernel, recurrent_kernel, bias):
    """Reset before the product; bias (3u,)."""
    u = h.shape[1]
    x_z, x_r, x_g = np.split(x @ kernel + bias, 3, axis=1)
    h_z, h_r = np.split(h @ recurrent_kernel[:, : 2 * u], 2, axis=1)
    z, r = ops.sigmoid(x_z + h_z), ops.sigmoid(x_r + h_r)
    g = np.tanh(x_g + (r * h) @ recurrent_kernel[:, 2 * u :])
    return z * h + (1 - z) * g


x, h = rng.normal(size=(2, 3)), np.zeros((2, 4))
paper = layers.GRU(4, reset_after=False, bias_initializer="random_normal", dtype="float64")
y = paper(x[:, None])
print("one step, largest difference:", np.abs(gru_step_of_the_paper(x, h, *paper.get_weights()) - y).max())
parity.check(paper, rng.normal(size=(2, 6, 3)))

# %% [markdown]
# **Build** a step of the other one, with both rows of the bias. In z and r, b and b' are simply added.


# %% nbgrader={"grade": false, "grade_id": "gru_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gru_step(x, h, kernel, recurrent_kernel, bias):
    """The new h, reset after the product; x (n, d), h (n, u), kernel (d, 3u), recurrent_kernel (u, 3u), bias (2, 3u)."""
    ### BEGIN SOLUTION
    x_z, x_r, x_g = np.split(x @ kernel + bias[0], 3, axis=1)
    h_z, h_r, h_g = np.split(h @ recurrent_kernel + bias[1], 3, axis=1)
    z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    g = np.tanh(x_g + r * h_g)
    return z * h + (1 - z) * g
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_gru_step", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("gru_step", gru_step)

# %% [markdown]
# **Order** the lines that take dL/dh' back to dL/dh, for Keras's GRU. p is h U_g + b'_g. Three lines do not belong. dz,
# dr and dg are gradients of the sums before the activations.
#
# - A: `dg = (1 - z) * dh_new * (1 - g**2)`
# - B: `dz = (h - g) * dh_new * z * (1 - z)`
# - C: `dr = p * dg * r * (1 - r)`
# - D: `back = np.hstack([dz, dr, r * dg])`
# - E: `dh = z * dh_new + back @ recurrent_kernel.T`
# - F: `back = np.hstack([dz, dr, dg])`
# - G: `dh = back @ recurrent_kernel.T`
# - H: `dr = h * dg * r * (1 - r)`

# %% nbgrader={"grade": false, "grade_id": "lines_gru_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
letters = ""
### BEGIN SOLUTION
letters = "A B C D E"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_lines_gru_backward", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
order("lines_gru_backward", letters)

# %%
gru = layers.GRU(4, bias_initializer="random_normal", dtype="float64")
print(gradcheck.check_gradients(gru, rng.normal(size=(2, 6, 3))))
parity.check(gru, rng.normal(size=(2, 6, 3)))

# %% [markdown]
# Both comparisons check the layer's backward pass.
#
# **Find the bug.** Another library's GRU resets after the product too. It stores its weights transposed, as
# `weight_x` (3u, d) and `weight_h` (3u, u), with two biases (3u,), `bias_x` and `bias_h`. Its blocks of **rows** stand
# in the order **r, z, g**. Somebody imports them into Keras. Every shape fits, and the predictions are wrong.


# %% nbgrader={"grade": false, "grade_id": "imported_gru", "locked": false, "schema_version": 3, "solution": true, "task": false}
def imported_gru(weight_x, weight_h, bias_x, bias_h):
    """Keras's kernel (d, 3u), recurrent_kernel (u, 3u) and bias (2, 3u)."""
    return weight_x.T, weight_h.T, np.stack([bias_x, bias_h])


### BEGIN SOLUTION
def imported_gru(weight_x, weight_h, bias_x, bias_h):
    """Keras's kernel (d, 3u), recurrent_kernel (u, 3u) and bias (2, 3u)."""

    def reordered(weight):
        r, z, g = np.split(weight, 3)
        return np.concatenate([z, r, g])

    return reordered(weight_x).T, reordered(weight_h).T, np.stack([reordered(bias_x), reordered(bias_h)])


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_imported_gru", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("imported_gru", imported_gru)

# %% [markdown]
# ## 5. Sequences of different length
#
# A batch is one array, so shorter sequences are **padded**, mostly with zeros. A step on zeros is still a step: U and b
# change the state. A **mask** (n, time) says True where a step counts; at the others the state stays as it was.
# `Masking` makes one from the data: it skips steps at which all features equal `mask_value`, 0 by default. (Choose a
# value that real data cannot have.) Pad at the end: a GPU's fast kernels want it there.
#
# Below the demonstration, **build** the loop of a simple recurrent network with a mask, which may be False anywhere.

# %%
short = rng.normal(size=(1, 3, 2))
padded = np.pad(short, [(0, 0), (0, 4), (0, 0)])
lstm = layers.LSTM(4)
print("padded:            state differs by", np.abs(lstm(padded) - lstm(short)).max())
print("padded and masked: state differs by", np.abs(lstm(padded, mask=[[1, 1, 1, 0, 0, 0, 0]]) - lstm(short)).max())
parity.check(kerasedu.Sequential([layers.Masking(), lstm]), padded)


# %% nbgrader={"grade": false, "grade_id": "masked_states", "locked": false, "schema_version": 3, "solution": true, "task": false}
def masked_states(x, mask, h, kernel, recurrent_kernel, bias):
    """All states (n, time, units); where mask[:, t] is False the state stays as it was."""
    states = []
    for t in range(x.shape[1]):
        new = np.tanh(x[:, t] @ kernel + h @ recurrent_kernel + bias)
        ### BEGIN SOLUTION
        h = np.where(mask[:, t, None], new, h)
        ### END SOLUTION
        states.append(h)
    return np.stack(states, axis=1)


# %% nbgrader={"grade": true, "grade_id": "check_masked_states", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("masked_states", masked_states)

# %% [markdown]
# ## 6. Both ways, and which cell wins
#
# `Bidirectional` reads a sequence with one layer from the start and with a second one, with weights of its own, from
# the end, and joins their outputs. It needs the whole sequence, so it cannot predict the next step.
#
# **Predict** how many parameters there are, on sequences of shape (100, 1), in 1. `LSTM(50)` and 2. `GRU(50)`, as Keras
# builds it; 3. the shape of the latter's bias; 4. the shape that `Bidirectional(LSTM(10, return_sequences=True))` makes
# of a batch of digits, read row by row, (32, 8, 8).

# %% nbgrader={"grade": false, "grade_id": "predict_gated", "locked": false, "schema_version": 3, "solution": true, "task": false}
lstm = None
gru = None
bias_shape = None
both_ways = None
### BEGIN SOLUTION
lstm = 4 * (1 * 50 + 50 * 50 + 50)
gru = 3 * (1 * 50 + 50 * 50) + 2 * 3 * 50
bias_shape = (2, 3 * 50)
both_ways = (32, 8, 10 + 10)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_gated", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
quiz("predict_gated", lstm, gru, bias_shape, both_ways)

# %%
(x_train, y_train), (x_test, y_test) = datasets.digits()
cells = {"SimpleRNN(32)": layers.SimpleRNN(32), "GRU(32)": layers.GRU(32), "LSTM(32)": layers.LSTM(32)}
cells["Bidirectional(LSTM(16))"] = layers.Bidirectional(layers.LSTM(16))
for label, layer in cells.items():
    kerasedu.random.set_random_seed(0)
    model = kerasedu.Sequential([layers.Input((8, 8)), layer, layers.Dense(10, activation="softmax")])
    model.compile(optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x_train, y_train, epochs=8, verbose=0)
    parameters = sum(w.size for w in layer.get_weights())
    print(f"{label:24} {parameters:5} parameters {model.evaluate(x_test, y_test, verbose=0)[1]:.3f} right")
parity.check(layers.Bidirectional(layers.LSTM(4, return_sequences=True)), x_train[:2])

# %% [markdown]
# Over 8 steps all do about as well; which is ahead changes with the seed. Over 100 steps only an open gate did. So: a
# `SimpleRNN`, the smallest, where memory may be short; gates where it is long, a GRU with about three quarters of an
# LSTM's weights; both ways where the whole sequence is there.
#
# ## 7. A text, letter by letter
#
# Python brings a short text in its module `this`. A model reads letters, one-hot coded, and predicts at every step the
# next one. It reads windows of 40 letters; the targets are the same windows, one letter further.

# %%
with contextlib.redirect_stdout(io.StringIO()):  # the module prints its text when it is imported
    import this
text = codecs.decode(this.s, "rot13").lower()
letters = sorted(set(text))
codes = np.array([letters.index(letter) for letter in text])
one_hot = np.eye(len(letters), dtype="float32")
starts = range(0, len(text) - 41, 2)
windows = np.stack([one_hot[codes[s : s + 40]] for s in starts])
targets = np.stack([codes[s + 1 : s + 41] for s in starts])
print(f"{len(text)} letters, {len(letters)} different; windows {windows.shape}, targets {targets.shape}")

# %%
kerasedu.random.set_random_seed(0)
writer = kerasedu.Sequential(
    [
        layers.Input((None, len(letters))),
        layers.GRU(96, return_sequences=True),
        layers.Dense(len(letters), activation="softmax"),
    ]
)
writer.compile(optimizers.Adam(0.01), "sparse_categorical_crossentropy")
print(parity.check_fit(writer, windows[:64], targets[:64], epochs=1, batch_size=32))
loss = writer.fit(windows, targets, epochs=20, verbose=0).history["loss"]
plots.curves("The loss falls from 3 to almost nothing.", {"loss": loss}, ylabel="cross-entropy of a letter")

# %% [markdown]
# To write, draw a letter from the predicted probabilities p, append it, and read again. A **temperature** T sharpens
# or flattens p first; T = 1 changes nothing:
#
# $$p_k \leftarrow \frac{p_k^{1/T}}{\sum_j p_j^{1/T}}$$
#
# **Build** it for rows of probabilities, (n, k). This one is not in `kerasedu`.


# %% nbgrader={"grade": false, "grade_id": "with_temperature", "locked": false, "schema_version": 3, "solution": true, "task": false}
def with_temperature(probabilities, temperature):
    """Rows of probabilities (n, k), sharper for a temperature below 1, flatter above."""
    ### BEGIN SOLUTION
    p = probabilities ** (1 / temperature)
    return p / p.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_with_temperature", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("with_temperature", with_temperature)


# %%
def write(start, temperature, length=100):
    written, draw = start, np.random.default_rng(0)
    for _ in range(length):
        window = one_hot[[letters.index(letter) for letter in written[-40:]]]
        p = writer(window[None])[0, -1].astype("float64")
        p = ops.softmax(np.log(p) / temperature)  # the same as p to the power of 1 / T, normalised
        written += letters[draw.choice(len(letters), p=p)]
    return written


for temperature in (0.2, 1.0, 3.0):
    print(f"T = {temperature}: {write('simple is ', temperature)!r}")

# %% [markdown]
# At a low temperature the model recites: it has learnt one page by heart, and a loss near zero on that page says nothing
# about others. At a high one it spells at random.
#
# ## In your own words
#
# A colleague loads the weights of a trained GRU into a layer with `reset_after=False`, after adding the two rows of the
# bias "so that the shape fits". There is no error, and the accuracy drops from 0.93 to 0.71. Explain in four or five
# sentences what the two layers compute, why no row or sum of rows can repair it, and how you would test an import of
# weights.

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_import", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# With `reset_after=True` the reset gate multiplies h U + b', the product and its bias; with False it multiplies h
# before the product, and there is no b'. r (h U) and (r h) U differ unless r is the same for all units, and r b' changes
# with each input, so no constant bias can stand for it. Shapes say nothing about it. Test: run both models on the same
# few inputs, from equal states, and compare outputs (and gradients) number by number; agreement to rounding, not a
# similar accuracy, is the sign of success. The repair is a layer with `reset_after=True` and the bias (2, 3u).
#
# **Marking scheme.** 1 point each: where the reset gate stands in both; why biases cannot make up for it; that shapes or
# the lack of an error prove nothing; a test that compares numbers on the same input.
# ### END SOLUTION

# %% [markdown]
# ## What you can do now
#
# 1. An LSTM step: four blocks i, f, g, o; c' = f c + i g, h' = o tanh(c'). Backward, the new carry hears from two sides.
# 2. Along the carry a gradient is multiplied by f only; a forget bias of log 99 keeps 0.99 a step.
# 3. A GRU step: z, r, g; `reset_after` decides about the candidate and the bias; imports are tested with numbers.
# 4. Padding is skipped by a mask, and the state stays.
# 5. You measured: short memory, any cell; long memory, open gates.
# 6. A text is drawn letter by letter, and the temperature says how boldly.
