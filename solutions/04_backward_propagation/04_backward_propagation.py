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
# # 04 Backward propagation
#
# To train a network one must know how its loss changes with each weight: the **gradient**. Backward propagation computes
# all of them in one walk from the loss back to the input. After this lesson you can
#
# 1. follow values and gradients through a computation graph, and say where gradients multiply and where they add;
# 2. write the backward pass of the layers so far, each transpose for a reason;
# 3. say why softmax and cross-entropy are differentiated together;
# 4. check a gradient numerically, and know the error of the check itself;
# 5. tell a gradient from an update, and measure where gradients vanish.

# %%
import inspect

import numpy as np
import tensorflow as tf

import kerasedu
from kerasedu import datasets, gradcheck, layers, losses, ops, optimizers, parity, plots
from kerasedu.autodiff import Tensor, topological_order
from kerasedu.exercises import answer, check, order, quiz

print("Comparisons run on:", parity.device.describe())
rng = np.random.default_rng(4)

# %% [markdown]
# **Recall** from earlier lessons.
#
# 1. `Dense(3)` reads x of shape (5, 4). What is the shape of its kernel?
# 2. How many of the 15 numbers of its output contain the first number of its bias?
# 3. For two samples a model gives the right classes the probabilities 1 and 0.5. What is Keras's cross-entropy?

# %% nbgrader={"grade": false, "grade_id": "recall_04", "locked": false, "schema_version": 3, "solution": true, "task": false}
first = None
second = None
third = None
### BEGIN SOLUTION
first = (4, 3)
second = 5
third = np.log(2) / 2
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_recall_04", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("recall_04", first, second, third)

# %% [markdown]
# ## 1. The chain rule on a graph
#
# A loss L is computed step by step. In a **computation graph** each step is a node, and an edge carries a value to the
# step that uses it. The **local derivative** of an edge says how fast the result of that step changes with this value:
# in u + v it is 1 for both, in u · v it is v for u, and u for v.
#
# **Predict** dL/dx for L = x · x + x at x = 3, by following every arrow that leaves x.

# %% nbgrader={"grade": false, "grade_id": "predict_fan_out", "locked": false, "schema_version": 3, "solution": true, "task": false}
slope = None
### BEGIN SOLUTION
slope = 7
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_fan_out", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
answer("predict_fan_out", slope)

# %%
x = Tensor(3.0)
plots.graph(
    "x is 3 and goes three ways: twice into a product, which is 9, and once into the sum, L = 12. Back come 1 at L, 1 at "
    "the product, and 3, 3 and 1 along the three ways to x: dL/dx = 7.",
    x * x + x,
    {"x": x},
)

# %% [markdown]
# A `Tensor` of `kerasedu.autodiff` remembers how it was computed; the picture is drawn from this memory. Two rules
# explain every number below an edge:
#
# - along an edge: the gradient at its end **times** its local derivative;
# - at a node: the **sum** over all edges that leave it. *Fan-out adds.*
#
# $$\frac{dL}{du} = \sum_{v \text{ uses } u} \frac{dL}{dv} \cdot \frac{\partial v}{\partial u} \qquad \frac{dL}{dL} = 1$$
#
# A node may pass its gradient on only when all of it has arrived. **Build** the walk back through any graph. Nodes 0, 1, …
# are numbered in the order in which they were computed, the last is L. `edges` lists (start, end, local derivative) in no
# particular order; two edges may join the same nodes, as in x · x. The cell after the check tries your function on
# tensors.


# %% nbgrader={"grade": false, "grade_id": "graph_gradients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def graph_gradients(edges, count):
    """dL/d(node) for each of the count nodes, an array (count,)."""
    ### BEGIN SOLUTION
    gradients = np.zeros(count)
    gradients[-1] = 1.0
    for node in reversed(range(count)):
        for start, end, local in edges:
            if end == node:
                gradients[start] += local * gradients[node]
    return gradients
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_graph_gradients", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("graph_gradients", graph_gradients)


# %%
def compare(names, yours, references):
    """Print the largest difference between each result of yours() and each reference."""
    try:
        results = yours()
    except NotImplementedError:
        return print("Write your function first, then run this cell again.")
    for name, result, *right in zip(names, results, *references.values()):
        fits = [np.abs(result - g).max() if np.shape(result) == np.shape(g) else np.inf for g in right]
        print(f"{name:9}", "   ".join(f"{way} {difference:.0e}" for way, difference in zip(references, fits)))


v = Tensor(0.5)
last = v.tanh() * (v * v + v)
nodes = topological_order(last)
edges = [(nodes.index(a), k, pullback(1.0)) for k, node in enumerate(nodes) for a, pullback in node.parents]
last.backward()
compare(["gradients"], lambda: [graph_gradients(edges, len(nodes))], {"tape": [[node.grad for node in nodes]]})

# %% [markdown]
# ## 2. The tape
#
# Your walk is **reverse-mode automatic differentiation**. While it computes forward, a `Tensor` writes a **tape**: for
# each input the function that turns dL/dy into dL/d(input). `backward` plays the tape in reverse. All of
# `kerasedu.autodiff` is shorter than 200 lines; here are a product and the walk. Find your two rules.

# %%
print(inspect.getsource(Tensor.__mul__))
print(inspect.getsource(Tensor.backward).split('"""')[2])

# %% [markdown]
# Tensors are not numbered as your nodes were, so `topological_order` finds an order in which each comes after what it was computed from.
# `unbroadcast` is fan-out again: a number that broadcasting used n times gets n gradients, and they are added.
#
# **Compare** a neuron tanh(w x + b) with a target, here `c` = -target, and the loss L = (tanh(w x + b) + c)². TensorFlow's
# `GradientTape` records what happens inside `with`: variables by themselves, other tensors when asked by `watch`. It
# gives the gradients one asks for, and forgets; ours leaves a `grad` on every tensor.

# %%
values = {"w": 0.5, "x": -2.0, "b": 1.5, "c": -1.0}
ours = {name: Tensor(value) for name, value in values.items()}
L = ((ours["w"] * ours["x"] + ours["b"]).tanh() + ours["c"]) ** 2
L.backward()
v = {name: tf.Variable(value, dtype="float64") for name, value in values.items()}
with tf.GradientTape() as tape:
    total = (tf.tanh(v["w"] * v["x"] + v["b"]) + v["c"]) ** 2
for name, gradient in tape.gradient(total, v).items():
    print(f"dL/d{name}  kerasedu {ours[name].grad:.12f}   tf.keras {gradient:.12f}")
print("tensors on our tape:", len(topological_order(L)))
plots.graph(
    "w times x is -1, plus b is 0.5, tanh of it 0.462, plus c is -0.538, squared is L = 0.289. Back come 1, then -1.08 "
    "to c and to tanh, then -0.846 to b and to the product, 1.69 to w and -0.423 to x.",
    L,
    ours,
)

# %% [markdown]
# ## 3. Layers
#
# In a layer every number of an array is such a node. Its backward pass receives dy = dL/dy, the gradient of its output,
# and returns one for each input and weight. **A gradient has the shape and the dtype of what it is the gradient of.**
#
# Here is one written out, for y = x · scale + shift with x and dy of shape (n, d), scale and shift (d,). Its five parts
# return in each backward pass that you write.


# %%
def scale_backward(dy, x, scale):
    """dL/dx, dL/dscale, dL/dshift."""
    # shapes: dx is (n, d), the other two are (d,): the axis of the samples has to go
    # local derivative: with respect to x it is scale, to scale x, to shift 1
    # upstream: each times dy
    dx, dscale_by_sample, dshift_by_sample = dy * scale, dy * x, dy
    # accumulate: all samples used the same scale and shift, and fan-out adds
    dscale, dshift = dscale_by_sample.sum(axis=0), dshift_by_sample.sum(axis=0)
    # return, the input's gradient first
    return dx, dscale, dshift


arrays = [rng.normal(size=shape) for shape in [(5, 3), (3,), (3,)]]
x, scale, shift = map(Tensor, arrays)
dy = rng.normal(size=(5, 3))
(x * scale + shift).backward(dy)
for tensor, gradient in zip([x, scale, shift], scale_backward(dy, *arrays[:2])):
    print(gradient.shape, "difference from the tape:", np.abs(gradient - tensor.grad).max())

# %% [markdown]
# `Dense` computes $y_{nj} = \sum_i x_{ni} W_{ij} + b_j$, with x (n, d), W (d, units), b (units,), dy (n, units). For dx,
# follow $x_{ni}$ into all units j:
#
# $$dx_{ni} = \sum_j dy_{nj}\, W_{ij} \quad\text{so}\quad dx = dy\, W^\top$$
#
# Where does $W_{ij}$ go, and over which index must be summed? Write that down first: with square matrices a wrong
# transpose has the right shape. **Build** what is missing.


# %% nbgrader={"grade": false, "grade_id": "dense_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dense_backward(dy, x, kernel):
    """dL/dx, dL/dW, dL/db of y = x W + b; dy (n, units), x (n, d), kernel W (d, units)."""
    # shapes: dx (n, d), dkernel (d, units), dbias (units,)
    # local derivative and upstream
    dx = dy @ kernel.T
    # accumulate
    # return
    ### BEGIN SOLUTION
    dkernel, dbias = x.T @ dy, dy.sum(axis=0)
    return dx, dkernel, dbias
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_dense_backward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("dense_backward", dense_backward)

# %% [markdown]
# An **activation** y = f(z) acts on each number alone, so dz = dy · f'(z). From the output, σ' = y (1 - y) and
# tanh' = 1 - y². ReLU's slope is 1 where z > 0 and 0 where z < 0. At z = 0 it has a kink and no derivative; Keras takes 0
# there. Note what decides: the sign of z, never that of dy.
#
# **Build** y = max(x W + b, 0) from a blank cell, with the five parts.


# %% nbgrader={"grade": false, "grade_id": "hidden_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def hidden_backward(dy, x, kernel, bias):
    """dL/dx, dL/dW, dL/db of y = relu(x W + b); dy (n, units), x (n, d), kernel (d, units), bias (units,)."""
    ### BEGIN SOLUTION
    # shapes: z and dz are (n, units)
    z = x @ kernel + bias
    # local derivative, upstream
    dz = dy * (z > 0)
    # accumulate
    dkernel, dbias = x.T @ dz, dz.sum(axis=0)
    # return
    return dz @ kernel.T, dkernel, dbias
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_hidden_backward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("hidden_backward", hidden_backward)

# %% [markdown]
# Layers without weights send numbers elsewhere, and gradients take the same ways back:
#
# | forward | backward |
# |---|---|
# | `Flatten`, `Reshape` | dy, reshaped to the shape of x |
# | `Concatenate` | dy, cut into the pieces (`split`) |
# | `ops.split` | the pieces of dy, concatenated |
# | `Add` | dy, to each input |
# | one array used several times | the sum of what comes back |
#
# All are compared below; the last model puts its input beside a product. **Build** its backward pass:
# $y = [x W,\; x]$ has the shape (n, units + d). It is not in `kerasedu`. x leaves by two ways.

# %%
image = layers.Input((2, 2))
flat = layers.Flatten()(image)
parts = [layers.Reshape((2, 2))(flat), image]
moved_around = kerasedu.Model(image, layers.Concatenate()([*parts, layers.Add()(parts)]))
inputs = layers.Input((3,))
product = layers.Dense(4, use_bias=False)(inputs)
skip = gradcheck.with_dtype(kerasedu.Model(inputs, layers.Concatenate()([product, inputs])), "float64")
print(parity.check(ops.split, rng.normal(size=(5, 6)), indices_or_sections=3, axis=-1))
print(parity.check(moved_around, rng.normal(size=(5, 2, 2)), name="Flatten, Reshape, Add, Concatenate"))
parity.check(skip, rng.normal(size=(5, 3)), name="x beside x W")


# %% nbgrader={"grade": false, "grade_id": "skip_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def skip_backward(dy, x, kernel):
    """dL/dx, dL/dW of y = concatenate([x W, x], axis=-1); dy (n, units + d), x (n, d), kernel (d, units)."""
    ### BEGIN SOLUTION
    units = kernel.shape[1]
    dz, dskip = dy[:, :units], dy[:, units:]
    return dz @ kernel.T + dskip, x.T @ dz
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_skip_backward", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("skip_backward", skip_backward)

# %% [markdown]
# **Compare three ways.** For L = Σ dy · y the gradient at y is dy, as your functions assume. So they must equal the slopes
# of L, measured by moving one number at a time; the backward pass of `kerasedu`; and TensorFlow's tape.


# %%
def three_ways(layer, x, dy):
    """dL/dx, dL/dw, … for L = Σ dy · layer(x): measured, by kerasedu, by tf.keras."""
    layer.forward(x)
    of_kerasedu = [layer.backward(dy), *layer.grads]
    twin, tensor = parity.to_keras(layer), tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        total = tf.reduce_sum(dy * twin(tensor))
    of_keras = tape.gradient(total, [tensor, *twin.trainable_variables])
    point = [x, *layer.get_weights()]

    def moved(k, value):
        x, *weights = [*point[:k], value, *point[k + 1 :]]
        layer.set_weights(weights)
        return np.vdot(dy, layer(x))

    measured = [gradcheck.numerical_gradient(lambda a, k=k: moved(k, a), a) for k, a in enumerate(point)]
    layer.set_weights(point[1:])
    return {"numerical": measured, "kerasedu": of_kerasedu, "tf.keras": of_keras}


# %%
x, dy = rng.normal(size=(5, 3)), rng.normal(size=(5, 7))
dense, hidden = (layers.Dense(7, activation, dtype="float64") for activation in (None, "relu"))
compare(["dense dx", "dkernel", "dbias"], lambda: dense_backward(dy, x, dense.kernel.value), three_ways(dense, x, dy))
compare(
    ["hidden dx", "dkernel", "dbias"], lambda: hidden_backward(dy, x, *hidden.get_weights()), three_ways(hidden, x, dy)
)
compare(["skip dx", "dkernel"], lambda: skip_backward(dy, x, *skip.get_weights()), three_ways(skip, x, dy))

# %% [markdown]
# ## 4. Softmax and cross-entropy
#
# Softmax makes K logits z into probabilities y, and each of them depends on all logits. Its derivative is a table, the
# **Jacobian**, of shape (K, K):
#
# $$\frac{\partial y_i}{\partial z_j} = y_i\,(\delta_{ij} - y_j) \qquad \delta_{ij} = 1 \text{ if } i = j, \text{ else } 0$$
#
# In the picture each row sums to 0: adding a number to all logits changes no probability. By the chain rule
# $dz_j = \sum_i dy_i\, \partial y_i / \partial z_j$. Insert the Jacobian, and **build** the result for a batch without
# making the table.

# %%
y = ops.softmax(np.array([2.0, 1.0, 0.0]))
jacobian = np.diag(y) - np.outer(y, y)
print("sums of the rows:", jacobian.sum(axis=1).round(12))
plots.matrices(
    "Probabilities 0.67, 0.24, 0.09. The Jacobian is symmetric, positive on the diagonal, negative everywhere else.",
    probabilities=y.round(2),
    Jacobian=jacobian.round(2),
)


# %% nbgrader={"grade": false, "grade_id": "softmax_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax_backward(dy, y):
    """dL/dz for y = softmax(z) in each row; dy, y (n, K)."""
    ### BEGIN SOLUTION
    return y * (dy - (dy * y).sum(axis=-1, keepdims=True))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_softmax_backward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("softmax_backward", softmax_backward)

# %% [markdown]
# With cross-entropy after it the table disappears. From here on p are probabilities, y labels. For one sample
# with label k, the loss is $-\ln p_k = \ln \sum_j e^{z_j} - z_k$; its derivative with respect to $z_j$ is $p_j$, minus 1
# for j = k. With one-hot rows y, for the mean over n samples, all (n, K),
#
# $$\frac{dL}{dz} = \frac{p - y}{n}$$
#
# **Order** the lines that compute it for logits `z` (n, K) and whole-number `labels` (n,). Four do not belong.
#
# - A: `p = e / e.sum(axis=1, keepdims=True)`
# - B: `dz = p`
# - C: `p[np.arange(n), labels] -= 1`
# - D: `e = np.exp(z - z.max(axis=1, keepdims=True))`
# - E: `dz = p * (1 - p) / n`
# - F: `n = len(z)`
# - G: `dz = p / n`
# - H: `p = e / e.sum(axis=0, keepdims=True)`
# - I: `e = np.exp(z)`

# %% nbgrader={"grade": false, "grade_id": "lines_crossentropy", "locked": false, "schema_version": 3, "solution": true, "task": false}
letters = ""
### BEGIN SOLUTION
letters = "F D A C G"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_lines_crossentropy", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
order("lines_crossentropy", letters)

# %%
z, labels = rng.normal(size=(4, 3)), np.array([0, 2, 1, 1])
dy = rng.normal(size=(4, 3))
compare(["dz"], lambda: [softmax_backward(dy, ops.softmax(z))], three_ways(layers.Softmax(dtype="float64"), z, dy))
for from_logits, z_or_p in {True: np.array([[50.0, 0.0]]), False: ops.softmax(np.array([[50.0, 0.0]]))}.items():
    crossentropy = losses.SparseCategoricalCrossentropy(from_logits=from_logits)
    crossentropy.forward([1], z_or_p)
    dz = crossentropy.backward()
    if not from_logits:
        dz = ops.softmax_backward(dz, None, z_or_p)
    print("logits 50 and 0, label 1:", "together" if from_logits else "in two steps", dz)
parity.check(losses.SparseCategoricalCrossentropy(from_logits=True), z, labels)

# %% [markdown]
# In two steps the gradient is 0 where the prediction is most wrong: Keras clips probabilities, and a clipped number has
# slope 0. Give the loss logits: `from_logits=True`.
#
# An article trains sigmoid outputs p = σ(z) on squared differences. **Find the bug**: what is its gradient for z = -8 and
# y = 1? Put binary cross-entropy in its place, the mean of $-(y \ln p + (1 - y) \ln(1 - p))$. Multiply dL/dp by the
# sigmoid's slope on paper first: p rounds to 0 or 1.


# %% nbgrader={"grade": false, "grade_id": "output_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def output_gradient(z, y):
    """dL/dz, (n,); logits z (n,), labels y (n,), 0 or 1; L is the mean over the n samples."""
    p = 1 / (1 + np.exp(-z))
    dp = 2 * (p - y) / len(z)
    return dp * p * (1 - p)


### BEGIN SOLUTION
def output_gradient(z, y):
    """dL/dz, (n,); logits z (n,), labels y (n,), 0 or 1; L is the mean over the n samples."""
    p = 1 / (1 + np.exp(-z))
    return (p - y) / len(z)


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_output_gradient", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("output_gradient", output_gradient)

# %%
z, y = np.array([-8.0, 0.5, 2.0]), np.array([1.0, 0.0, 1.0])
crossentropy = losses.BinaryCrossentropy(from_logits=True)
measured = gradcheck.numerical_gradient(lambda z: crossentropy(y[:, None], z[:, None]), z)
crossentropy.forward(y[:, None], z[:, None])
logits = tf.Variable(z)
with tf.GradientTape() as tape:
    total = tf.keras.losses.BinaryCrossentropy(from_logits=True, dtype="float64")(y[:, None], logits[:, None])
references = {"numerical": [measured], "kerasedu": [crossentropy.backward()[:, 0]]}
compare(["dz"], lambda: [output_gradient(z, y)], references | {"tf.keras": [tape.gradient(total, logits).numpy()]})

# %% [markdown]
# ## 5. Checking gradients
#
# A gradient is a slope, and slopes can be measured. With $e_i$ the vector that is 1 at place i and 0 elsewhere, and a
# small **step** h,
#
# $$\frac{\partial L}{\partial w_i} \approx \frac{L(w + h e_i) - L(w - h e_i)}{2h}$$
#
# **Build** it for the loss below. Compute in float64, whatever the type of `x` and `w`.


# %% nbgrader={"grade": false, "grade_id": "numerical_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def loss(x, w):
    """A single number; x (n, d), w (d,)."""
    return np.mean(np.tanh(x @ w) ** 2)


def numerical_gradient(x, w, step):
    """dL/dw measured, (d,), float64; x (n, d), w (d,), float32 or float64."""
    ### BEGIN SOLUTION
    x, w = x.astype("float64"), w.astype("float64")
    gradient = np.zeros(len(w))
    for i in range(len(w)):
        h = np.zeros(len(w))
        h[i] = step
        gradient[i] = (loss(x, w + h) - loss(x, w - h)) / (2 * step)
    return gradient
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_numerical_gradient", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("numerical_gradient", numerical_gradient)

# %% [markdown]
# The measurement has errors of its own. Too large a step misses the curvature: the error is about h²/6 · |L'''|, or
# h/2 · |L''| with one side only. Too small a step drowns in rounding, about ε |L| / h, where ε is 2.2e-16 in float64 and
# 1.2e-7 in float32. And where the loss has a **kink**, the measured slope lies between those of both sides: check at
# random points, away from kinks. `gradcheck.check_gradients` does all this for a layer.
#
# **Predict** before you run the cell: over the step, each error is a U. At which step is each of the three lowest? A
# difference below these minima says nothing about your gradient.

# %%
print("relu at 0, measured:", gradcheck.numerical_gradient(ops.relu, 0.0), " backward:", ops.relu_backward(1.0, 0.0))
x, w, steps = rng.normal(size=(20, 3)), np.array([0.4, -0.7, 0.2]), 10.0 ** -np.arange(1, 13)
exact = np.mean(2 * np.tanh(x @ w) / np.cosh(x @ w) ** 2 * x[:, 0])


def errors(dtype, below):
    """|measured - exact| of dL/dw[0] for all steps, from w - below · h to w + h."""
    moved = [[loss(x.astype(dtype), (w + [s * h, 0, 0]).astype(dtype)) for s in (1, -below)] for h in steps]
    return [abs((up - down) / ((1 + below) * h) - exact) for h, (up, down) in zip(steps, moved)]


plots.step_sizes(
    "Errors over the step: each falls and rises again. Two-sided in float64 is lowest near 1e-5, one-sided near 1e-8 and "
    "not so low, float32 near 0.01 and far higher.",
    steps,
    {"two-sided, float64": errors("float64", 1), "one-sided": errors("float64", 0), "float32": errors("float32", 1)},
)

# %% [markdown]
# ## 6. From gradient to update
#
# Through a chain of layers local derivatives multiply. **Predict**
#
# 1. the largest derivative that a chain of five sigmoids, σ(σ(σ(σ(σ(x))))), could have if each stood at its steepest;
# 2. what has become of the kernel after `layer.forward(x)` and `layer.backward(dy)`. A: it has moved downhill; B: it has
#    moved uphill; C: it is as before.

# %% nbgrader={"grade": false, "grade_id": "predict_flow", "locked": false, "schema_version": 3, "solution": true, "task": false}
largest = None
choice = None
### BEGIN SOLUTION
largest = 0.25**5
choice = "C"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_flow", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
quiz("predict_flow", largest, choice)

# %%
(x_train, y_train), _ = datasets.digits()
crossentropy = losses.SparseCategoricalCrossentropy(from_logits=True)


def gradient_lengths(activation):
    """‖dL/dW‖ of ten hidden layers and the output layer, on 256 digits, before any training."""
    kerasedu.random.set_random_seed(0)
    hidden = [layers.Dense(32, activation) for _ in range(10)]
    model = kerasedu.Sequential([layers.Flatten(), *hidden, layers.Dense(10)])
    crossentropy.forward(y_train[:256], model.forward(x_train[:256]))
    before = model.get_weights()
    model.backward(crossentropy.backward())
    print(activation, "weights as before:", all(map(np.array_equal, before, model.get_weights())))
    return [np.linalg.norm(gradient) for gradient in model.grads[::2]]


plots.gradient_flow(
    "With sigmoids the gradient shrinks by a steady factor for each layer on the way back; with ReLU it hardly changes.",
    {activation: gradient_lengths(activation) for activation in ("sigmoid", "relu")},
)

# %% [markdown]
# Read the picture from right to left, as the gradient goes. Each layer multiplies it by its weights and by slopes: at
# most 1/4 for a sigmoid, so the first layers hardly learn; 1 for a ReLU that is on.
#
# An article calls both passes "training methods", and lets the backward pass "adjust weights and biases". Neither does:
# forward computes values, backward gradients, and the **update** is a third step, an optimizer's (lesson 05). Somebody
# followed the article, layer by layer, for $L = \frac{1}{2n} \sum (\text{out} - y)^2$ with
# $\text{out} = \tanh(x\, w_1)\, w_2$. **Find the bug.**


# %% nbgrader={"grade": false, "grade_id": "training_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def training_step(x, y, w1, w2, learning_rate):
    """w1 and w2 after one step; x (n, d), y (n, k), w1 (d, h), w2 (h, k)."""
    h = np.tanh(x @ w1)
    dout = (h @ w2 - y) / len(x)
    w2 = w2 - learning_rate * h.T @ dout
    dh = dout @ w2.T
    w1 = w1 - learning_rate * x.T @ (dh * (1 - h**2))
    return w1, w2


### BEGIN SOLUTION
def training_step(x, y, w1, w2, learning_rate):
    """w1 and w2 after one step; x (n, d), y (n, k), w1 (d, h), w2 (h, k)."""
    h = np.tanh(x @ w1)
    dout = (h @ w2 - y) / len(x)
    dw2 = h.T @ dout
    dh = dout @ w2.T
    dw1 = x.T @ (dh * (1 - h**2))
    return w1 - learning_rate * dw1, w2 - learning_rate * dw2


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_training_step", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("training_step", training_step)

# %%
x, y, start = rng.normal(size=(6, 3)), rng.normal(size=(6, 2)), [rng.normal(size=(3, 4)), rng.normal(size=(4, 2))]
options = {"use_bias": False, "dtype": "float64"}
model = kerasedu.Sequential([layers.Dense(4, "tanh", **options), layers.Dense(2, **options)])
model.build((6, 3))
model.set_weights(start)
model.compile(optimizers.SGD(0.5), losses.MeanSquaredError(dtype="float64"))  # is L for two outputs
twin = parity.to_keras(model)
model.train_on_batch(x, y)
twin.train_on_batch(x, y)
after = {"kerasedu": model.get_weights(), "tf.keras": twin.get_weights()}
compare(["w1", "w2"], lambda: training_step(x, y, *start, 0.5), after)

# %% [markdown]
# ## In your own words
#
# A colleague trains a network by `w -= learning_rate * dw` inside each layer's `backward`, as soon as dw is known. The
# loss falls, so "it works". Explain in four or five sentences what is computed instead of the gradient, in which layer it
# is still right, how a numerical check would show the fault, and under which conditions that check can be trusted.

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_backward", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# The loss came from the old weights. A layer that updates before it hands dx on uses its new weights in dx, so all layers
# before it get gradients that belong to no single point. Only the last layer's own gradient, whose upstream is the loss
# itself, is right. Measured slopes of the loss at the old weights agree with the gradient of the last layer and differ
# from those of the layers before it, the more the larger the learning rate. The check is to be trusted in float64, with a
# two-sided step near 1e-5, away from kinks. First all gradients, then all updates.
#
# **Marking scheme.** 1 point each: old and new weights are mixed; the last layer's gradient is right; the check compares
# slopes at the old weights, layer by layer; two of: float64, two sides, a middling step, no kinks.
# ### END SOLUTION

# %% [markdown]
# ## What you can do now
#
# 1. Along an edge gradients multiply, at a node they add; a node waits until all have come. A tape does just this.
# 2. dx = dy Wᵀ, dW = xᵀ dy, db = Σ dy: the index that is missing in the result is summed. Layers that move numbers move
#    gradients back.
# 3. Softmax has a Jacobian; with cross-entropy it leaves (p - y) / n, which neither vanishes nor overflows.
# 4. Two sides, float64, h near 1e-5, no kinks: then some ten digits of a slope can be trusted.
# 5. Backward changes no weight; all gradients first, then the update. Through sigmoids gradients shrink layer by layer.
