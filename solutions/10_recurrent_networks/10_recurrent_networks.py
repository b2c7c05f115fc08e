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
# # 10 Recurrent networks
#
# Text, speech and measurements come one after the other, and what came before matters. After this lesson you can
#
# 1. write one step of a recurrent network, unroll it over a sequence, and count its parameters;
# 2. propagate gradients back through time, along both ways on which a state reaches the loss;
# 3. say when gradients vanish or explode, and measure it;
# 4. clip gradients by value and by norm, and tell which of them keeps the direction of a step;
# 5. cut a long sequence into windows, and carry the state from batch to batch.

# %%
import numpy as np

import kerasedu
from kerasedu import datasets, gradcheck, layers, ops, optimizers, parity, plots
from kerasedu.exercises import check, order, quiz

print("Comparisons run on:", parity.device.describe())
rng = np.random.default_rng(10)

# %% [markdown]
# **Recall** from earlier lessons.
#
# 1. A chain has 20 links, each with the local derivative 0.5. What is the derivative of the whole chain?
# 2. f = 2w + 5w. What is df/dw?
# 3. Two causal `Conv1D` with `kernel_size=3`, the first with dilation 1, the second with dilation 3, are stacked. How
#    many time steps does an output see, the present one included?

# %% nbgrader={"grade": false, "grade_id": "recall_10", "locked": false, "schema_version": 3, "solution": true, "task": false}
first = None
second = None
third = None
### BEGIN SOLUTION
first = 0.5**20
second = 7
third = 9
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_recall_10", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("recall_10", first, second, third)

# %% [markdown]
# ## 1. A layer that remembers
#
# A sequence is a list of inputs $x_0, x_1, \dots$ A dense layer would treat each alone. A **recurrent** layer has a
# **state** h: each step mixes the new input with the state that the step before has left.
#
# $$h_t = f(x_t W + h_{t-1} U + b) \qquad y_t = g(h_t V + c)$$
#
# For a batch of n samples $x_t$ is (n, d) and $h_t$ is (n, units). So the **kernel** W is (d, units), the **recurrent
# kernel** U (units, units), the bias b (units,). Keras calls this `SimpleRNN`; its f is tanh. The second formula is a
# `Dense` layer behind it, with kernel V (units, classes), bias c (classes,) and an activation g such as softmax.

# %%
plots.unrolled(
    "Four time steps side by side. In each, the input goes through W into the state, the state before goes through U "
    "into the state, and the state goes through V into the output. W, U and V are the same in all steps."
)

# %% [markdown]
# The picture is the network **unrolled**: one network, drawn once a step. `SimpleRNN` reads arrays of shape
# (batch, time, d). With `return_sequences=True` it returns all states, otherwise the last one.

# %%
x = rng.normal(size=(2, 6, 3))
parity.check(layers.SimpleRNN(4, return_sequences=True), x)

# %% [markdown]
# **Build** one step, and then the loop over time. In the loop one line is missing: the new state, from the input
# `x[:, t]` and the state `h`.


# %% nbgrader={"grade": false, "grade_id": "rnn_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    """The next state; x (n, d), h (n, units), kernel (d, units), recurrent_kernel (units, units), bias (units,)."""
    ### BEGIN SOLUTION
    return np.tanh(x @ kernel + h @ recurrent_kernel + bias)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_rnn_step", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("rnn_step", rnn_step)


# %% nbgrader={"grade": false, "grade_id": "rnn_states", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rnn_states(x, h, kernel, recurrent_kernel, bias):
    """All states (n, time, units); x (n, time, d), h (n, units) the state to start from."""
    states = []
    for t in range(x.shape[1]):
        ### BEGIN SOLUTION
        h = np.tanh(x[:, t] @ kernel + h @ recurrent_kernel + bias)
        ### END SOLUTION
        states.append(h)
    return np.stack(states, axis=1)


# %% nbgrader={"grade": true, "grade_id": "check_rnn_states", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("rnn_states", rnn_states)

# %% [markdown]
# **Predict** how many parameters there are:
#
# 1. in `SimpleRNN(5)`, reading sequences of 100 steps with 3 features;
# 2. in both formulas above, with 50 units, 1 feature and 10 classes. An article prints these formulas, and then builds
#    `LSTM(50)` and `Dense(10)` on sequences of 100 steps. That model has 10,910 parameters. Is it the one described?

# %% nbgrader={"grade": false, "grade_id": "predict_rnn_parameters", "locked": false, "schema_version": 3, "solution": true, "task": false}
simple_rnn = None
formulas = None
### BEGIN SOLUTION
simple_rnn = 3 * 5 + 5 * 5 + 5
formulas = (50 + 50 * 50 + 50) + (50 * 10 + 10)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_rnn_parameters", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
quiz("predict_rnn_parameters", simple_rnn, formulas)

# %% [markdown]
# It is not: 10,910 numbers make an LSTM, the cell of lesson 11, and a dense layer.
#
# The article writes its step $h_t = f(W x_t + U h_{t-1} + b)$, with samples in columns. Somebody typed it in for one
# sequence, with the weights of Keras layers (`output_kernel` is V, `output_bias` c), and mended what NumPy complained
# about. **Find the bug** that NumPy does not complain about. `x` is (time, d), the result (time, classes).


# %% nbgrader={"grade": false, "grade_id": "article_rnn", "locked": false, "schema_version": 3, "solution": true, "task": false}
def article_rnn(x, kernel, recurrent_kernel, bias, output_kernel, output_bias):
    """y_t = softmax(h_t V + c) for one sequence that starts from the state zero."""
    h = np.zeros_like(bias)
    y = []
    for x_t in x:
        h = np.tanh(kernel.T @ x_t + recurrent_kernel @ h + bias)
        scores = np.exp(output_kernel.T @ h + output_bias)
        y.append(scores / scores.sum())
    return np.stack(y)


### BEGIN SOLUTION
def article_rnn(x, kernel, recurrent_kernel, bias, output_kernel, output_bias):
    """y_t = softmax(h_t V + c) for one sequence that starts from the state zero."""
    h = np.zeros_like(bias)
    y = []
    for x_t in x:
        h = np.tanh(kernel.T @ x_t + recurrent_kernel.T @ h + bias)
        scores = np.exp(output_kernel.T @ h + output_bias)
        y.append(scores / scores.sum())
    return np.stack(y)


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_article_rnn", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("article_rnn", article_rnn)

# %% [markdown]
# ## 2. Back through time
#
# Unrolled, a recurrent network is a deep network whose layers share their weights. **Back-propagation through time**,
# BPTT, follows every arrow in reverse; here the ways of the gradients are dashed. A state sends two arrows out, to its
# output and to the next state, so **two gradients arrive and are added**. Before you go on, predict: if a loss looks
# only at the last output, is its gradient at $x_0$ zero?
#
# One step backward is that of a dense layer with a second input. Under the picture it is written out as an example; its
# five parts return in each backward pass that you write. `dh_new` is dL/dh of the state that the step made, (n, units).

# %%
plots.unrolled(
    "Four time steps. Dashed arrows run against the solid ones: from each output into its state, from each state into "
    "the state before and into its input.",
    backward=True,
)


# %%
def step_backward(dh_new, x, h, kernel, recurrent_kernel, bias):
    """dL/dx, dL/dh, dL/dW, dL/dU, dL/db of one step h_new = tanh(x W + h U + b)."""
    # shapes: z, h_new and dh_new are (n, units)
    h_new = np.tanh(x @ kernel + h @ recurrent_kernel + bias)
    # local derivative of tanh, from its own output
    slope = 1 - h_new**2
    # upstream
    dz = dh_new * slope
    # accumulate over the batch, for the weights
    dkernel, drecurrent_kernel, dbias = x.T @ dz, h.T @ dz, dz.sum(axis=0)
    # return, the inputs' gradients first
    return dz @ kernel.T, dz @ recurrent_kernel.T, dkernel, drecurrent_kernel, dbias


x_0, h_0 = rng.normal(size=(2, 3)), rng.normal(size=(2, 4))
weights = [rng.normal(size=shape) for shape in [(3, 4), (4, 4), (4,)]]
dh_new = rng.normal(size=(2, 4))
numerical = gradcheck.numerical_gradient(lambda h: np.vdot(dh_new, ops.simple_rnn_step(x_0, h, *weights)), h_0)
print("dL/dh, largest difference:", np.abs(step_backward(dh_new, x_0, h_0, *weights)[1] - numerical).max())

# %% [markdown]
# Now over time. `dhs[:, t]` is the gradient that arrives at state t from its own output, T the last step, so
# $dz_{T+1} = 0$, and $h_{-1}$ the state before the first step. $z_t$ is the sum inside tanh.
#
# $$\frac{dL}{dh_t} = \text{dhs}_t + dz_{t+1} U^\top \qquad dz_t = \frac{dL}{dh_t}\,(1 - h_t^2) \qquad
# \frac{dL}{dU} = \sum_{t=0}^{T} h_{t-1}^\top dz_t$$
#
# So a loss on the last output alone reaches $x_0$, too, through all states between. The weights are the same at every
# step, and each step adds its share to **one** gradient. **Order** these lines; three
# do not belong. Of those that do, the last four stand inside the loop. `states[:, t]` is $h_t$.
#
# - A: `dkernel += x[:, t].T @ dz`
# - B: `for t in reversed(range(steps)):`
# - C: `dx[:, t] = dz @ kernel.T`
# - D: `back, dkernel = np.zeros_like(h), np.zeros_like(kernel)`
# - E: `back = dz @ recurrent_kernel.T`
# - F: `dz = dhs[:, t] * (1 - states[:, t] ** 2)`
# - G: `dz = (dhs[:, t] + back) * (1 - states[:, t] ** 2)`
# - H: `for t in range(steps):`
# - I: `dkernel = x[:, t].T @ dz`

# %% nbgrader={"grade": false, "grade_id": "lines_bptt", "locked": false, "schema_version": 3, "solution": true, "task": false}
letters = ""
### BEGIN SOLUTION
letters = "D B G A C E"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_lines_bptt", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
order("lines_bptt", letters)

# %% [markdown]
# **Build** it whole: forward first, since the slopes need all states, then backward, with the five parts of
# `step_backward` inside the loop. Each of the five results earns its own point.


# %% nbgrader={"grade": false, "grade_id": "bptt", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bptt(dhs, x, h, kernel, recurrent_kernel, bias):
    """dL/dx, dL/dh, dL/dW, dL/dU, dL/db; dhs (n, time, units), x (n, time, d), h (n, units) before the first step."""
    ### BEGIN SOLUTION
    states = [h]  # states[t] is before step t, states[t + 1] after it
    for t in range(x.shape[1]):
        states.append(np.tanh(x[:, t] @ kernel + states[t] @ recurrent_kernel + bias))
    dx, dh = np.zeros_like(x), np.zeros_like(h)
    dkernel, drecurrent_kernel, dbias = np.zeros_like(kernel), np.zeros_like(recurrent_kernel), np.zeros_like(bias)
    for t in reversed(range(x.shape[1])):
        slope = 1 - states[t + 1] ** 2
        dz = (dhs[:, t] + dh) * slope
        dkernel += x[:, t].T @ dz
        drecurrent_kernel += states[t].T @ dz
        dbias += dz.sum(axis=0)
        dx[:, t], dh = dz @ kernel.T, dz @ recurrent_kernel.T
    return dx, dh, dkernel, drecurrent_kernel, dbias
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_bptt", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("bptt", bptt)

# %% [markdown]
# **Compare three ways.** For the loss $L = \sum_t \text{dhs}_t \cdot h_t$ the gradient at each state is `dhs`, as your
# function assumes. So its results must equal the slopes of L, measured by moving one number at a time; the backward
# pass of `kerasedu`; and what TensorFlow's tape records from the Keras layer.

# %%
h, dhs = rng.normal(size=(2, 4)), rng.normal(size=(2, 6, 4))
layer = layers.SimpleRNN(4, return_sequences=True, dtype="float64")
layer(x)
arguments = [x, h, *layer.get_weights()]


def loss(x, h, *weights):
    states, _ = ops.through_time(ops.simple_rnn_step, x.swapaxes(0, 1), [h], *weights)
    return np.vdot(dhs.swapaxes(0, 1), states)


def slopes_of(loss, arguments):
    """Numerical gradients with respect to each argument, the others held fixed."""
    moved = [lambda a, k=k: loss(*arguments[:k], a, *arguments[k + 1 :]) for k in range(len(arguments))]
    return [gradcheck.numerical_gradient(f, argument) for f, argument in zip(moved, arguments)]


# %%
layer.forward(x, initial_state=h)
of_kerasedu = [*layer.backward(dhs), *layer.grads]

import tensorflow as tf

twin, tensors = parity.to_keras(layer), [tf.constant(x), tf.constant(h)]
with tf.GradientTape() as tape:
    tape.watch(tensors)
    total = tf.reduce_sum(dhs * twin(tensors[0], initial_state=tensors[1]))
of_keras = tape.gradient(total, [*tensors, *twin.trainable_variables])
references = {"numerical": slopes_of(loss, arguments), "kerasedu": of_kerasedu, "tf.keras": of_keras}


# %%
def compare_three_ways(names, answer, references):
    """Print the largest difference between each result of ``answer()`` and each reference."""
    try:
        results = answer()
    except NotImplementedError:
        return print("Write your function first, then run this cell again.")
    for k, name in enumerate(names):
        right = {way: np.asarray(gradients[k]) for way, gradients in references.items()}
        fits = {
            way: np.abs(g - results[k]).max() if g.shape == np.shape(results[k]) else np.inf for way, g in right.items()
        }
        print(f"{name:18}", "   ".join(f"{way} {difference:.0e}" for way, difference in fits.items()))


names = ["dx", "dh", "dkernel", "drecurrent_kernel", "dbias"]
compare_three_ways(names, lambda: bptt(dhs, *arguments), references)

# %% [markdown]
# Measured slopes have some ten correct digits, so that column is larger; the other two should show rounding only.
#
# ## 3. Gradients that vanish, gradients that explode
#
# Going back one step multiplies the gradient by the slope $1 - h_t^2 \le 1$ and by $U^\top$. Over k steps that is a
# product of k matrices. Without tanh it is $(U^\top)^k$, and its growth per step tends to the **spectral radius** ρ of
# U, the largest absolute value of its eigenvalues. Below 1 the gradient vanishes, above 1 it explodes.
#
# We measure it: U is drawn at random and scaled to a given ρ, a gradient of length 1 starts at the last state, and with
# W = I, the identity, the gradient at $x_t$ is that at $z_t$.


# %%
def lengths_going_back(radius, activation):
    """‖dL/dz_t‖ for t = 59, 58, … when dL/dh at the last state has length 1."""
    draw = np.random.default_rng(1).normal(size=(16, 16))
    recurrent_kernel = draw * radius / np.abs(np.linalg.eigvals(draw)).max()
    layer = layers.SimpleRNN(16, activation, kernel_initializer="identity", dtype="float64")
    layer.build((1, 60, 16))
    layer.set_weights([np.eye(16), recurrent_kernel, np.zeros(16)])
    layer.forward(0.5 * np.random.default_rng(2).normal(size=(1, 60, 16)))
    dx = layer.backward(np.full((1, 16), 0.25))
    return np.linalg.norm(dx[0], axis=-1)[::-1]


# %%
lines = {f"ρ = {radius}, no activation": lengths_going_back(radius, None) for radius in (0.8, 1.0, 1.2)}
lines["ρ = 1.2, tanh"] = lengths_going_back(1.2, "tanh")
for label, lengths in lines.items():
    print(f"{label:24} factor per step: {(lengths[59] / lengths[29]) ** (1 / 30):.3f}")
plots.curves(
    "On a logarithmic scale the gradient's length falls steadily for a spectral radius of 0.8, stays level for 1, "
    "grows for 1.2, and falls for 1.2 with tanh.",
    lines,
    xlabel="steps back in time",
    ylabel="length of the gradient",
    log=True,
)

# %% [markdown]
# Without activation the factor is close to ρ. With tanh, states far from zero have small slopes: a network with ρ above
# 1 can still lose its gradient. This is why long memory is hard for a `SimpleRNN`; lesson 11 builds cells that avoid
# it. Keras starts U as an orthogonal matrix: all its eigenvalues have absolute value 1.
#
# ## 4. Clipping
#
# A gradient that explodes ruins the weights in one update. **Clipping** limits it first. **By value**: every number is
# forced into [-limit, limit]. Build it; `gradients` is a list of arrays, so is the result.


# %% nbgrader={"grade": false, "grade_id": "clip_by_value", "locked": false, "schema_version": 3, "solution": true, "task": false}
def clip_by_value(gradients, limit):
    """Each number of each gradient, forced into [-limit, limit]."""
    ### BEGIN SOLUTION
    return [np.clip(gradient, -limit, limit) for gradient in gradients]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_clip_by_value", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("clip_by_value", clip_by_value)

# %% [markdown]
# **By global norm**: the numbers of all gradients are seen as one vector of length n. If n exceeds the limit, all are
# multiplied by limit / n; else they stay.
#
# $$n = \sqrt{\sum_i \lVert g_i \rVert^2} \qquad g_i \leftarrow g_i \cdot \min\!\left(1, \frac{\text{limit}}{n}\right)$$
#
# The picture shows a gradient of two numbers and a limit of 1. Which way of clipping keeps its direction? Then build
# the second one.

# %%
plots.clipping(
    "The gradient (3, 0.5) clipped by value is (1, 0.5), which points elsewhere; clipped by norm it has length 1 and "
    "lies on the line of the original.",
    (3, 0.5),
    limit=1,
)


# %% nbgrader={"grade": false, "grade_id": "clip_by_global_norm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def clip_by_global_norm(gradients, limit):
    """All gradients multiplied by one factor, so that their common norm is at most limit; a list of arrays."""
    ### BEGIN SOLUTION
    norm = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))
    return [gradient * min(1, limit / norm) for gradient in gradients]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_clip_by_global_norm", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("clip_by_global_norm", clip_by_global_norm)

# %% [markdown]
# Every optimizer has both: `clipvalue` and `global_clipnorm`. (`clipnorm` clips each array by its own norm, so the step
# as a whole may turn.)
#
# **On real data.** We read each digit as a sequence of 32 steps, two pixels at a time, with a large learning rate; then
# the clipped training again, step by step against tf.keras, on a few digits.

# %%
(x_train, y_train), (x_test, y_test) = datasets.digits()
pairs, test_pairs = x_train.reshape(-1, 32, 2), x_test.reshape(-1, 32, 2)


def digit_reader(**clipping):
    kerasedu.random.set_random_seed(0)
    model = kerasedu.Sequential([layers.SimpleRNN(32), layers.Dense(10, activation="softmax")])
    model.compile(optimizers.SGD(0.3, **clipping), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


losses = {}
for label, clipping in {"not clipped": {}, "global_clipnorm=1": {"global_clipnorm": 1.0}}.items():
    model = digit_reader(**clipping)
    losses[label] = model.fit(pairs, y_train, epochs=8, verbose=0).history["loss"]
    print(f"{label}: {model.evaluate(test_pairs, y_test, verbose=0)[1]:.2f} of the test digits right")
plots.curves("Clipped, the loss falls steadily; not clipped, it stays high.", losses, ylabel="training loss")

# %%
parity.check_fit(digit_reader(global_clipnorm=1.0), pairs[:96], y_train[:96], epochs=2, batch_size=32)

# %% [markdown]
# ## 5. Long sequences
#
# BPTT keeps all states in memory and goes back through all of them. **Truncated BPTT** cuts the sequence into windows:
# the state is handed on to the next window, the gradient is not handed back.
#
# **Build** the gradients of the states, dL/dh_t, with that cut; windows are counted from t = 0, and the last may be
# shorter. `slopes[:, t]` is $1 - h_t^2$. What is missing is the cut.

# %%
plots.unrolled(
    "Six time steps in two windows of three. The solid arrow from state 2 to state 3 crosses the border; no dashed "
    "arrow does.",
    steps=6,
    backward=True,
    window=3,
)


# %% nbgrader={"grade": false, "grade_id": "truncated_upstream", "locked": false, "schema_version": 3, "solution": true, "task": false}
def truncated_upstream(dhs, slopes, recurrent_kernel, window):
    """dL/dh_t for every t (n, time, units), none of it from later windows; dhs, slopes (n, time, units)."""
    total = np.zeros_like(dhs)
    back = np.zeros_like(dhs[:, 0])
    for t in reversed(range(dhs.shape[1])):
        ### BEGIN SOLUTION
        if (t + 1) % window == 0:
            back = np.zeros_like(back)
        ### END SOLUTION
        total[:, t] = dhs[:, t] + back
        back = (total[:, t] * slopes[:, t]) @ recurrent_kernel.T
    return total


# %% nbgrader={"grade": true, "grade_id": "check_truncated_upstream", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("truncated_upstream", truncated_upstream)

# %% [markdown]
# Three ways again: cut means that each window starts from a state that is held fixed. From dL/dh_t follows
# dL/dx_t = (dL/dh_t · slope) Wᵀ.

# %%
W, U, _ = layer.get_weights()
states = layer(x, initial_state=h)
windows = [(slice(0, 3), h), (slice(3, 6), states[:, 2])]  # steps, and the state before them


def truncated_loss(layer, x):
    return sum(tf.reduce_sum(dhs[:, part] * layer(x[:, part], initial_state=start)) for part, start in windows)


of_kerasedu = []
for part, start in windows:
    layer.forward(x[:, part], initial_state=start)
    of_kerasedu.append(layer.backward(dhs[:, part])[0])
with tf.GradientTape() as tape:
    tape.watch(tensors[0])
    total = truncated_loss(twin, tensors[0])
references = {"numerical": [gradcheck.numerical_gradient(lambda x: truncated_loss(layer, x), x)]}
references |= {"kerasedu": [np.hstack(of_kerasedu)], "tf.keras": [tape.gradient(total, tensors[0])]}
slopes = 1 - states**2
compare_three_ways(["dx"], lambda: [(truncated_upstream(dhs, slopes, U, 3) * slopes) @ W.T], references)

# %% [markdown]
# In training, the windows of one long series come in successive batches. A layer with `stateful=True` keeps its last
# states, and row i of the next batch starts from row i's. So row i must **go on** where row i of the batch before
# stopped. `reset_state()` starts from zeros.
#
# **Build** such batches. `series` has batch_size · steps · k numbers; each row reads a part of the series from its
# start to its end: from 0, 1, …, 11 with two rows of three steps, the first batch is 0 1 2 and 6 7 8, the second 3 4 5
# and 9 10 11. This one is not in `kerasedu`. Under it, a stateful layer reads a sequence at once and in two pieces.


# %% nbgrader={"grade": false, "grade_id": "stateful_batches", "locked": false, "schema_version": 3, "solution": true, "task": false}
def stateful_batches(series, batch_size, steps):
    """k batches (k, batch_size, steps) of a series (batch_size · steps · k,); row i of each continues that before."""
    ### BEGIN SOLUTION
    return series.reshape(batch_size, -1, steps).swapaxes(0, 1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_stateful_batches", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("stateful_batches", stateful_batches)

# %%
whole = layers.SimpleRNN(4, stateful=True, return_sequences=True)
at_once = whole(x)
whole.reset_state()
in_pieces = np.hstack([whole(x[:, :3]), whole(x[:, 3:])])
print("at once or in two pieces, largest difference:", np.abs(at_once - in_pieces).max())
parity.check(layers.SimpleRNN(4, stateful=True), x, calls=2)

# %% [markdown]
# ## In your own words
#
# A friend trains a `SimpleRNN` on sequences of 200 steps, of which only the first decides the answer. The loss stays
# where guessing would be, and never becomes NaN. "The gradient explodes", says the friend, and adds `clipvalue=1`.
# Explain in four or five sentences what is likely to happen instead, how to measure it, and why clipping does not help.

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_vanishing", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# The gradient at the first step is a product of about 200 factors, slopes of tanh and Uᵀ, and tanh's slopes are at most
# 1: it vanishes, and the weights learn nothing from the first input. Measure the norm of dL/dx_t or dL/dh_t step by
# step: it falls by a constant factor. Clipping limits long gradients only; it makes none longer. An explosion would
# show as a jump of the loss or NaN. A gated cell, an orthogonal start or shorter sequences may help.
#
# **Marking scheme.** 1 point each: the gradient vanishes, as a product of many factors; a measurement over time steps;
# clipping only shortens; a sign by which an explosion would be known, or a remedy that fits.
# ### END SOLUTION

# %% [markdown]
# ## What you can do now
#
# 1. A step is tanh(x W + h U + b); the same W, U, b serve all steps, so their number does not depend on the length.
# 2. A state's gradient is that of its output plus what comes back from the next step; the weights' gradients are sums.
# 3. The growth per step is at most about the spectral radius of U; tanh only lowers it. You measured both.
# 4. Clipping by value turns the step, clipping by the global norm shortens it.
# 5. Windows hand the state on and cut the gradient; in stateful batches row i goes on with row i.
