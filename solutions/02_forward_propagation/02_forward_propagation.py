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
# # 02 Forward propagation
#
# What a network computes from its input, layer by layer. After this lesson you can
#
# 1. compute what a neuron, a layer and a network return, and translate between x W + b and W x + b;
# 2. recognise the common activations by their shapes, and say why a network needs them;
# 3. write sigmoid and softmax so that no input makes them overflow;
# 4. predict the shape after `Dense`, `Activation`, `GlobalAveragePooling2D`, `Reshape`, `Concatenate` and a split;
# 5. run a network of any depth forward, and keep the cache that the way back needs.

# %%
import numpy as np

import kerasedu
from kerasedu import datasets, layers, ops, parity, plots
from kerasedu.exercises import check, quiz

print("Comparisons run on:", parity.device.describe())
(x_train, y_train), (x_test, y_test) = datasets.digits()
kerasedu.set_random_seed(2)

# %% [markdown]
# **Recall** from lessons 00 and 01.
#
# 1. `x @ kernel` has shape (3, 3), and somebody adds a bias of shape (3, 1). A: an error; B: each column gets its own
#    bias; C: each row gets its own bias.
# 2. `Dense(10)` reads the output of `Dense(16)`. How many parameters does it have, biases included?
# 3. x is float32 and the kernel float64. What is the type of `x @ kernel`? A: float32; B: float64.

# %% nbgrader={"grade": false, "grade_id": "recall_02", "locked": false, "schema_version": 3, "solution": true, "task": false}
first = None
second = None
third = None
### BEGIN SOLUTION
first = "C"
second = 16 * 10 + 10
third = "B"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_recall_02", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("recall_02", first, second, third)

# %% [markdown]
# ## 1. Neuron, layer, network
#
# A **neuron** has d inputs $x_i$, as many weights $w_i$ and one bias b. It makes one number y:
#
# $$z = \sum_{i=1}^{d} x_i w_i + b \qquad y = f(z)$$
#
# z is the **pre-activation** and f the **activation**, for example ReLU, max(z, 0). A **layer** is a column of neurons
# that read the same inputs, a **network** a row of layers. In the picture one neuron is bold.
#
# **Predict.** A neuron has the inputs 0.5, 0, 1, the weights 2, -1, -3 and the bias 1.
#
# 1. What is z?
# 2. What is y, with ReLU?
# 3. In Keras a layer's kernel has a **column** of weights for each neuron. What is the shape of the kernel of a
#    layer of four such neurons?

# %%
plots.network(
    "Three inputs x, a layer of four neurons h, a layer of two neurons y; each neuron has an arrow from every number "
    "before it. Neuron h 1 and its three arrows are bold. For n samples x is (n, 3), h (n, 4), y (n, 2); W 1 is (3, 4), "
    "b 1 (4,), W 2 (4, 2), b 2 (2,).",
    (3, 4, 2),
    ("x", "h", "y"),
    marked=0,
)

# %% nbgrader={"grade": false, "grade_id": "predict_neuron", "locked": false, "schema_version": 3, "solution": true, "task": false}
z = None
y = None
kernel_shape = None
### BEGIN SOLUTION
z = -1
y = 0
kernel_shape = (3, 4)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_neuron", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("predict_neuron", z, y, kernel_shape)

# %% [markdown]
# For n samples, one in each row of x, shape (n, d_in), a layer with kernel W (d_in, units) and bias b (units,) returns
#
# $$y = f(x W + b) \qquad \text{of shape } (n, \text{units})$$
#
# The next cell computes one neuron by hand, for one of five real digits, each a row of 64 pixels. It also tries **the
# other convention**: the source articles, as most textbooks, write $y = f(W x + b)$, where one sample is a column x
# (d_in,), and W (units, d_in) has a row for each neuron. PyTorch stores it so. Both give the same, for transposing a
# product reverses it: $(W x)^\top = x^\top W^\top$, so Keras's kernel is $W^\top$.

# %%
x = x_train[:5].reshape(5, 64)
layer = layers.Dense(4, activation="relu")
y = layer(x)
kernel, bias = layer.get_weights()
unit = y[0].argmax()
z = sum(x[0, i] * kernel[i, unit] for i in range(64)) + bias[unit]
print("x", x.shape, "kernel", kernel.shape, "bias", bias.shape, "y", y.shape)
print(f"sample 0, neuron {unit}: {max(z, 0):.6f} by hand, {y[0, unit]:.6f} from the layer")
other = np.maximum(kernel.T @ x[0] + bias, 0)
print("sample 0 in the other convention, largest difference:", np.abs(other - y[0]).max())
parity.check(layer, x)

# %% [markdown]
# **Build** Keras's form, with ReLU.


# %% nbgrader={"grade": false, "grade_id": "dense_relu", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dense_relu(x, kernel, bias):
    """relu(x W + b); x (n, d_in), kernel (d_in, units), bias (units,), result (n, units)."""
    ### BEGIN SOLUTION
    return np.maximum(x @ kernel + bias, 0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_dense_relu", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("dense_relu", dense_relu)

# %% [markdown]
# One of the articles builds a network of `Dense(10)` with ReLU on 8 features and `Dense(1)` with the sigmoid,
# σ(z) = 1 / (1 + e⁻ᶻ). The next cell shows how tf.keras refuses two lines that the articles print: the activation is an
# argument of the layer, not of `add`; and the data, of shape (8, 100) for training and (8, 1) for a prediction, has its
# samples in columns.
#
# Somebody rewrote the network in NumPy, and mended the shape with `reshape`. It runs for (8, 1) and for (8, 100), and it
# is right for (8, 1) only. **Find the bug and mend it.**

# %%
import tensorflow as tf

article = tf.keras.Sequential([tf.keras.layers.Dense(10, "relu"), tf.keras.layers.Dense(1, "sigmoid")])
article.build((None, 8))
attempts = {
    "model.add(layer, activation='relu')": lambda: article.add(tf.keras.layers.Dense(1), activation="relu"),
    "Dense(10)(X_test), X_test of shape (8, 1)": lambda: article.layers[0](np.zeros((8, 1))),
}
for line, attempt in attempts.items():
    try:
        attempt()
    except (TypeError, ValueError) as error:
        print(f"{line}\n    {str(error).splitlines()[0]}")


# %% nbgrader={"grade": false, "grade_id": "article_predict", "locked": false, "schema_version": 3, "solution": true, "task": false}
def article_predict(x, kernel_1, bias_1, kernel_2, bias_2):
    """Outputs (n, units) of the article's network; x (d_in, n) has one sample in each column."""
    x = x.reshape(-1, len(x))
    h = np.maximum(x @ kernel_1 + bias_1, 0)
    return 1 / (1 + np.exp(-(h @ kernel_2 + bias_2)))


### BEGIN SOLUTION
def article_predict(x, kernel_1, bias_1, kernel_2, bias_2):
    """Outputs (n, units) of the article's network; x (d_in, n) has one sample in each column."""
    h = np.maximum(x.T @ kernel_1 + bias_1, 0)
    return 1 / (1 + np.exp(-(h @ kernel_2 + bias_2)))


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_article_predict", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("article_predict", article_predict)

# %% [markdown]
# ## 2. Activations
#
# Beside ReLU and the sigmoid, $\tanh(z) = (e^z - e^{-z}) / (e^z + e^{-z})$ is common. Softmax, panel E below, is no
# function of one number: it turns a row of numbers $z_i$ into as many probabilities $p_i = e^{z_i} / \sum_j e^{z_j}$ that
# sum to 1. The panel shows them for the row z, 0, 1. Raising z lowers the other two.
#
# **Predict** which of the panels A to D shows ReLU, the sigmoid, tanh, and linear (no activation, f(z) = z).

# %%
panels = {"A": ops.tanh, "B": ops.relu, "C": lambda z: z, "D": ops.sigmoid}
panels["E, softmax"] = lambda z: ops.softmax(np.stack([z, 0 * z, 0 * z + 1], axis=1))
plots.functions(
    "Five panels over z from -4 to 4. A rises from -1 through 0 at z = 0 to 1. B is 0 left of z = 0, then a straight line "
    "of slope 1. C is a straight line of slope 1 throughout. D rises from 0 through one half at z = 0 to 1. E has three "
    "lines: that of z rises from 0 to nearly 1, those of 0 and 1 fall from 0.27 and 0.73 to nearly 0.",
    panels,
    limits=(-1.5, 1.5),
    lines=["of z", "of 0", "of 1"],
)

# %% nbgrader={"grade": false, "grade_id": "predict_activations", "locked": false, "schema_version": 3, "solution": true, "task": false}
relu = None
sigmoid = None
tanh = None
linear = None
### BEGIN SOLUTION
relu = "B"
sigmoid = "D"
tanh = "A"
linear = "C"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_activations", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
quiz("predict_activations", relu, sigmoid, tanh, linear)

# %% [markdown]
# Why have one at all? Two layers without activation give $(x W_1 + b_1) W_2 + b_2$. Multiply out what that is, and
# **build** the kernel and the bias of the single `Dense` layer that computes the same for every x. Each earns a point;
# this one is not in `kerasedu`.


# %% nbgrader={"grade": false, "grade_id": "merged_layer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def merged_layer(kernel_1, bias_1, kernel_2, bias_2):
    """kernel (d_in, units), bias (units,); kernel_1 (d_in, h), bias_1 (h,), kernel_2 (h, units), bias_2 (units,)."""
    ### BEGIN SOLUTION
    return kernel_1 @ kernel_2, bias_1 @ kernel_2 + bias_2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_merged_layer", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("merged_layer", merged_layer)

# %% [markdown]
# Without activations, depth adds nothing. **See** it on real zeros, sixes and nines, each given by two numbers: how much
# of its ink is in the upper half, and how much in the left, standardized. Two networks with 8 hidden neurons and a
# sigmoid learn, as in lesson 00, what is a 0; one has ReLU between. They say "0" where the output exceeds 1/2, hence
# z > 0. **Predict** the border's shape without ReLU.

# %%
chosen = np.isin(y_train, [0, 6, 9])
ink, zero = x_train[chosen], (y_train[chosen] == 0).astype("int")
upper, left, whole = (part.sum(axis=(1, 2)) for part in (ink[:, :4], ink[:, :, :4], ink))
x = np.stack([upper / whole, left / whole], axis=1)
x = (x - x.mean(axis=0)) / x.std(axis=0)
networks = {}
for title, activation in {"without activation": None, "with ReLU": "relu"}.items():
    kerasedu.set_random_seed(2)
    model = kerasedu.Sequential([layers.Dense(8, activation=activation), layers.Dense(1, activation="sigmoid")])
    model.compile(kerasedu.optimizers.Adam(0.03), "binary_crossentropy", metrics=["accuracy"])
    accuracy = model.fit(x, zero, epochs=30, verbose=0).history["accuracy"][-1]
    networks[f"{title}: {accuracy:.0%} right"] = model
alt = (
    "The zeros lie between sixes, upper left, and nines, lower right. Without activation one straight line, through the "
    "middle of the zeros, parts the plane. With ReLU a border with corners runs around the zeros."
)
axes = {"xlabel": "ink in the upper half", "ylabel": "ink in the left half"}
plots.decision_boundaries(alt, networks, x, zero, ["6 or 9", "0"], **axes)

# %% [markdown]
# z = 0 is a straight line there, whatever the weights. ReLU lets it bend where a hidden neuron switches on.
#
# ## 3. Formulas that overflow
#
# The sigmoid can be written in two ways that are equal on paper (multiply the first above and below by $e^z$):
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}} = \frac{e^z}{1 + e^z}$$
#
# In float64 $e^{710}$ no longer fits, in float32 $e^{89}$: it **overflows** to `inf`, with a warning. NumPy goes on:
# 1 / inf is 0, and inf / inf is `nan`, not a number. The inputs of softmax are called **logits**.
#
# **Predict** what float64 gives.
#
# 1. $1 / (1 + e^{-z})$ at z = -1000. A: 0; B: inf; C: nan.
# 2. $e^z / (1 + e^z)$ at z = 1000. A: 1; B: inf; C: nan.
# 3. The formula of softmax for the logits 1000, 0. A: 1 and 0; B: nan and 0; C: nan and nan.

# %% nbgrader={"grade": false, "grade_id": "predict_overflow", "locked": false, "schema_version": 3, "solution": true, "task": false}
first_form = None
second_form = None
softmax_formula = None
### BEGIN SOLUTION
first_form = "A"
second_form = "C"
softmax_formula = "B"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_overflow", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("predict_overflow", first_form, second_form, softmax_formula)

# %% [markdown]
# The first is right, but by luck: an `inf` has cancelled. The logarithm of that 0, which a loss takes, is -inf, though
# ln σ(-1000) is about -1000. So a function should not overflow even where its value survives.
#
# The activations of `kerasedu` do not, and agree with Keras's, at ±1000 too, in values and derivatives:

# %%
numbers = np.array([[-1000.0, -2.0, -0.5], [0.5, 2.0, 1000.0]])
for f in (ops.relu, ops.sigmoid, ops.tanh, ops.softmax, ops.log_softmax, ops.leaky_relu, ops.elu, ops.softplus):
    report = parity.check(f, numbers)
    verdict = "agrees with" if report.passed else "DIFFERS from"
    print(f"{f.__name__:12} {verdict} tf.keras, largest difference {report.worst.error:.0e}")

# %% [markdown]
# **Build** the sigmoid. Each of the two forms is safe for one sign of its argument. The result has the shape and type
# of x, and NumPy must have nothing to warn of. (Underflow, a power so small that it becomes 0, does no harm here.)
# `np.where(condition, a, b)` chooses between a and b entry by entry, after both have been computed.


# %% nbgrader={"grade": false, "grade_id": "stable_sigmoid", "locked": false, "schema_version": 3, "solution": true, "task": false}
def stable_sigmoid(x):
    """σ of each number of x, an array of any shape, without overflow."""
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_stable_sigmoid", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("stable_sigmoid", stable_sigmoid)

# %% [markdown]
# Softmax has no such second form. But adding one number c to all logits of a row changes nothing, since
# $e^{z_i + c} = e^c e^{z_i}$ and $e^c$ cancels. So a row may be shifted before exp sees it: with which c does no exponent
# exceed 0? **Build** softmax with that shift. `keepdims=True` in a sum or maximum over axis 1 keeps the shape (n, 1),
# which broadcasts along the rows.


# %% nbgrader={"grade": false, "grade_id": "stable_softmax", "locked": false, "schema_version": 3, "solution": true, "task": false}
def stable_softmax(z):
    """Softmax of each row; z (n, classes), result (n, classes)."""
    ### BEGIN SOLUTION
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_stable_softmax", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("stable_softmax", stable_softmax)

# %% [markdown]
# **A variant.** A network that classifies every pixel gives logits of shape (n, classes, rows, columns) when its
# channels come first, as in PyTorch. **Build** the logarithm of softmax over the classes, $\ln p_i = z_i - \ln \sum_j
# e^{z_j}$. It must stay finite where $p_i$ itself rounds to 0.


# %% nbgrader={"grade": false, "grade_id": "log_softmax_channels", "locked": false, "schema_version": 3, "solution": true, "task": false}
def log_softmax_channels(z):
    """ln softmax over axis 1; z and the result (n, classes, rows, columns)."""
    ### BEGIN SOLUTION
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_log_softmax_channels", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("log_softmax_channels", log_softmax_channels)

# %% [markdown]
# ## 4. Layers as a puzzle of shapes
#
# An article lists six kinds of layers. The first axis, the batch n, passes through all of them.
#
# | layer | what it does | shape before → after |
# |---|---|---|
# | `Dense(u)` | x W + b on the last axis | (n, d) → (n, u) |
# | `Activation(f)` | f, number by number (softmax: row by row) | kept |
# | `GlobalAveragePooling2D()` | mean over rows and columns, axes 1 and 2 | (n, rows, columns, c) → (n, c) |
# | `Reshape(shape)` | same numbers, same order | (n, …) → (n, *shape) |
# | `Concatenate()` | side by side along the last axis | (n, c), (n, d) → (n, c + d) |
# | "Split" | Keras has no such layer; `ops.split` cuts an axis into equal parts | (n, 8, …) → twice (n, 4, …) |
#
# Reshape is not transpose, as the picture shows.
#
# **Predict** five shapes. `images`, (5, 8, 8, 1), are five digits; their top and bottom halves go different ways.
#
# 1. `top, bottom = ops.split(images, 2, axis=1)`: the shape of `top`
# 2. `ink = GlobalAveragePooling2D()(top)`
# 3. `pixels = Reshape((32,))(bottom)`
# 4. `features = Activation("relu")(Dense(16)(pixels))`
# 5. `Concatenate()([ink, features])`

# %%
a = np.arange(6).reshape(2, 3)
plots.matrices(
    "a has the rows 0 1 2 and 3 4 5. Reshaped to (3, 2) its rows are 0 1, 2 3, 4 5; transposed they are 0 3, 1 4, 2 5.",
    **{"a": a, "a.reshape": a.reshape(3, 2), "a.T": a.T},
)

# %% nbgrader={"grade": false, "grade_id": "predict_shapes", "locked": false, "schema_version": 3, "solution": true, "task": false}
top_shape = None
ink_shape = None
pixels_shape = None
features_shape = None
joined_shape = None
### BEGIN SOLUTION
top_shape = (5, 4, 8, 1)
ink_shape = (5, 1)
pixels_shape = (5, 32)
features_shape = (5, 16)
joined_shape = (5, 17)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_shapes", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
quiz("predict_shapes", top_shape, ink_shape, pixels_shape, features_shape, joined_shape)

# %%
images = x_train[:5, :, :, None]
top, bottom = ops.split(images, 2, axis=1)
print(parity.check(ops.split, images, indices_or_sections=2, axis=1).summary())
top_input, bottom_input = layers.Input((4, 8, 1)), layers.Input((4, 8, 1))
ink = layers.GlobalAveragePooling2D()(top_input)
pixels = layers.Reshape((32,))(bottom_input)
features = layers.Activation("relu")(layers.Dense(16)(pixels))
model = kerasedu.Model([top_input, bottom_input], layers.Concatenate()([ink, features]))
parity.check(model, [top, bottom])

# %% [markdown]
# **Build** the same in NumPy, from the split on (`np.split`, `np.concatenate`), for any even number of rows and for
# several channels, which stay in the order of `Reshape`. `kernel` and `bias` are those of the dense layer.


# %% nbgrader={"grade": false, "grade_id": "two_branches", "locked": false, "schema_version": 3, "solution": true, "task": false}
def two_branches(x, kernel, bias):
    """Means of the top half, then relu(x W + b) of the bottom half; x (n, rows, columns, c), result (n, c + units)."""
    ### BEGIN SOLUTION
    top, bottom = np.split(x, 2, axis=1)
    features = np.maximum(bottom.reshape(len(x), -1) @ kernel + bias, 0)
    return np.concatenate([top.mean(axis=(1, 2)), features], axis=1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_two_branches", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("two_branches", two_branches)

# %% [markdown]
# ## 5. The whole network, and its cache
#
# **Forward propagation** runs layer by layer: what one returns, the next reads. With $h_0 = x$, for layer k = 1, 2, …
#
# $$z_k = h_{k-1} W_k + b_k \qquad h_k = f_k(z_k)$$
#
# The way back, in lesson 04, will ask two things of every layer: what it **received**, $h_{k-1}$, since that decides
# how much each weight matters, and its **pre-activation** $z_k$, since that decides how steep f is there. A forward
# pass that is to be followed by a backward pass keeps both: its **cache**.
#
# **Build** it for any number of layers. `weights` is the list $W_1, b_1, W_2, b_2, \dots$ that `get_weights` returns.
# All layers but the last have ReLU, the last softmax, for logits of any size. Return p, the list of what each layer
# received, and the list of pre-activations, first layer first; each of the three earns two points.


# %% nbgrader={"grade": false, "grade_id": "mlp_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mlp_forward(x, weights):
    """p (n, classes), inputs [h_0, h_1, …], pre_activations [z_1, z_2, …]; x (n, d), weights [W, b, W, b, …]."""
    inputs, pre_activations = [], []
    for kernel, bias in zip(weights[::2], weights[1::2]):
        # this layer: keep what it receives and its z, then let x be what it returns
        ### BEGIN SOLUTION
        inputs.append(x)
        z = x @ kernel + bias
        pre_activations.append(z)
        x = np.maximum(z, 0)
        ### END SOLUTION
    # p, from the last layer's z
    ### BEGIN SOLUTION
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    ### END SOLUTION
    return p, inputs, pre_activations


# %% nbgrader={"grade": true, "grade_id": "check_mlp_forward", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("mlp_forward", mlp_forward)

# %% [markdown]
# **On real data.** In the model below every activation is a layer of its own, so the layers return z₁, h₁, z₂, h₂, z₃
# and p in turn. It learns digits; lessons 03 to 05 show how. Then your arrays are compared with those of `kerasedu` and
# of tf.keras, one by one.

# %%
kerasedu.random.set_random_seed(0)
stack = [layers.Dense(32), layers.Activation("relu"), layers.Dense(16), layers.Activation("relu")]
model = kerasedu.Sequential([layers.Input((64,)), *stack, layers.Dense(10), layers.Activation("softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(x_train.reshape(-1, 64), y_train, epochs=20, verbose=0)
x = x_test.reshape(-1, 64)


def layer_by_layer(model, x):
    """What each layer of a Sequential model returns."""
    outputs = []
    for layer in model.layers:
        x = layer(x)
        outputs.append(np.asarray(x))
    return outputs


# %%
names = ["z_1", "h_1", "z_2", "h_2", "z_3", "p"]
ways = {"kerasedu": layer_by_layer(model, x), "tf.keras": layer_by_layer(parity.to_keras(model), x)}
try:
    p, inputs, z = mlp_forward(x, model.get_weights())
    for name, yours, *others in zip(names, [z[0], inputs[1], z[1], inputs[2], z[2], p], *ways.values()):
        print(f"{name:4}", "   ".join(f"{way} {np.abs(yours - a).max():.0e}" for way, a in zip(ways, others)))
    print(f"your network reads {np.mean(p.argmax(axis=1) == y_test):.0%} of the test digits right")
except NotImplementedError:
    print("Write mlp_forward first, then run this cell again.")

# %% [markdown]
# Differences near 1e-6 are rounding in float32.
#
# ## In your own words
#
# A friend copies the weights of a Keras network into NumPy code that computes W x + b for each sample. All layers have
# as many units as inputs. The code runs and each output sums to 1, yet the digits are wrong; and for some inputs the
# output is nan. Explain in four or five sentences what is probably wrong in each case, why no error was raised, and how
# the friend can find and mend it.

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_forward", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# Keras's kernel is (d_in, units), a column for each neuron; for W x it must be transposed. With square kernels both
# fit, so NumPy has nothing to complain of, and softmax sums to 1 whatever its logits are. Comparing each layer's z with
# Keras's on the same input shows the first layer that differs; a layer that is not square would have raised an error.
# The nan comes from softmax: exp overflows to inf for large logits, and inf / inf is nan, with a warning only.
# Subtracting each sample's largest logit first leaves the result as it is and keeps every exponent at or below 0.
#
# **Marking scheme.** 1 point each: the kernel must be transposed; square shapes (or the sum of 1) hide it; a test that
# finds it, layer by layer against Keras or with a layer that is not square; overflow in softmax, mended by the shift.
# ### END SOLUTION

# %% [markdown]
# ## What you can do now
#
# 1. A neuron is f(x · w + b), a layer f(x W + b) with a column of W for each neuron; W x + b has the transposed kernel.
# 2. ReLU has a corner, sigmoid and tanh flatten out, softmax couples a row; without them all layers merge into one.
# 3. e to a power of at most 0 cannot overflow: use e^-|x| in the sigmoid, subtract each row's largest in softmax.
# 4. Dense changes the last axis, pooling drops rows and columns, Reshape keeps the order, Concatenate adds lengths.
# 5. The cache holds, for each layer, what it received and its pre-activation. Lesson 03 measures how wrong p is, and
#    lesson 04 goes back through the cache.
