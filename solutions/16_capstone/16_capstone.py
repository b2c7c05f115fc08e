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
# # 16 Capstone
#
# Everything at once, in three parts. After them you can
#
# 1. write a digit classifier of which every line is yours, and show that it computes what tf.keras computes;
# 2. read code and formulas that somebody published, say what they really do, and repair them;
# 3. plan, measure and report an experiment of your own.
#
# In the answer cells use NumPy only. There are no worked examples any more: where you are stuck, the lessons named
# beside each task help, and so do the hints, for example `hint("own_forward", 1)`.

# %%
import numpy as np

import kerasedu
from kerasedu import Variable, datasets, gradcheck, layers, losses, optimizers, parity, plots
from kerasedu.exercises import check, quiz

print("Comparisons run on:", parity.device.describe())

# %% [markdown]
# **Recall.**
#
# 1. How many parameters have `Dense(32)` and `Dense(10)` behind it, on images of 64 pixels?
# 2. Adam with `learning_rate=0.01` meets the gradient 100 in each of its first five steps. How far does the weight move
#    in all?
# 3. How many steps are 3 epochs over 1,438 samples in batches of 32?

# %% nbgrader={"grade": false, "grade_id": "recall_16", "locked": false, "schema_version": 3, "solution": true, "task": false}
first = None
second = None
third = None
### BEGIN SOLUTION
first = (64 * 32 + 32) + (32 * 10 + 10)
second = 5 * 0.01
third = 3 * 45
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_recall_16", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("recall_16", first, second, third)

# %% [markdown]
# ## (a) A classifier of your own
#
# The data are 1,797 handwritten digits of 8 by 8 pixels. Each image becomes a row of 64 numbers.

# %%
(x_train, y_train), (x_test, y_test) = datasets.digits()
x, x_new = x_train.reshape(-1, 64).astype("float64"), x_test.reshape(-1, 64).astype("float64")
shown = [np.flatnonzero(y_train == digit)[0] for digit in range(10)]
plots.images("Ten handwritten digits, 0 to 9, in coarse grey pixels.", x_train[shown], [str(d) for d in range(10)])

# %% [markdown]
# **Forward** (lesson 02). `weights` is a list $W_1, b_1, W_2, b_2, \dots$ of any length, as `get_weights` returns it.
# All layers but the last apply ReLU, the last softmax. It must not overflow, whatever the logits.


# %% nbgrader={"grade": false, "grade_id": "own_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def own_forward(x, weights):
    """Probabilities (n, classes); x (n, d), weights [W, b, W, b, …]."""
    ### BEGIN SOLUTION
    for kernel, bias in zip(weights[:-2:2], weights[1:-2:2]):
        x = np.maximum(x @ kernel + bias, 0)
    z = x @ weights[-2] + weights[-1]
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_own_forward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("own_forward", own_forward)

# %% [markdown]
# **Backward** (lessons 03 and 04). The loss is the mean over the batch of $-\log p_{\text{label}}$. Return its gradients
# in a list, in the order of the weights. Shapes, local derivative, upstream, accumulate, return: for each layer, from
# the last to the first.


# %% nbgrader={"grade": false, "grade_id": "own_gradients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def own_gradients(x, labels, weights):
    """dL/dW, dL/db, … in the order of weights; x (n, d), labels (n,) whole numbers."""
    ### BEGIN SOLUTION
    inputs = [x]
    for kernel, bias in zip(weights[:-2:2], weights[1:-2:2]):
        inputs.append(np.maximum(inputs[-1] @ kernel + bias, 0))
    p = own_forward(inputs[-1], weights[-2:])
    dz = (p - np.eye(p.shape[1])[labels]) / len(x)
    gradients = []
    for k in reversed(range(len(inputs))):
        gradients = [inputs[k].T @ dz, dz.sum(axis=0), *gradients]
        dz = (dz @ weights[2 * k].T) * (inputs[k] > 0)
    return gradients
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_own_gradients", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("own_gradients", own_gradients)

# %% [markdown]
# **Compare three ways**, on eight digits: all 2,410 slopes measured, the backward pass of `kerasedu`, and TensorFlow's
# tape.


# %%
import tensorflow as tf


def digit_model():
    kerasedu.random.set_random_seed(0)
    dense = [layers.Dense(32, activation="relu"), layers.Dense(10, activation="softmax")]
    model = gradcheck.with_dtype(kerasedu.Sequential([layers.Input((64,)), *dense]), "float64")
    model.compile(optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def loss_when(k, value):
    """The loss on eight digits when array k of the weights has this value."""
    model.set_weights([*start[:k], value, *start[k + 1 :]])
    return crossentropy(y_train[:8], model(x[:8]))


model, crossentropy = digit_model(), losses.SparseCategoricalCrossentropy()
start = model.get_weights()

# %%
numerical = [gradcheck.numerical_gradient(lambda w, k=k: loss_when(k, w), start[k]) for k in range(4)]
model.set_weights(start)
crossentropy.forward(y_train[:8], model.forward(x[:8]))
model.backward(crossentropy.backward())
twin = parity.to_keras(model)
with tf.GradientTape() as tape:
    p = tf.gather(twin(x[:8]), y_train[:8], axis=1, batch_dims=1)
    total = -tf.reduce_mean(tf.math.log(p))
ways = {"numerical": numerical, "kerasedu": model.grads, "tf.keras": tape.gradient(total, twin.trainable_variables)}
try:
    yours = own_gradients(x[:8], y_train[:8], start)
except NotImplementedError:
    yours = []
    print("Write own_gradients first, then run this cell again.")
for k, gradient in enumerate(yours):
    differences = {way: np.abs(gradient - np.asarray(right[k])).max() for way, right in ways.items()}
    print(f"array {k}  ", "   ".join(f"{way} {difference:.0e}" for way, difference in differences.items()))

# %% [markdown]
# **One step of Adam** (lesson 06), for one array, in Keras's form. State, correction, step:
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2 \qquad
# w \leftarrow w - \eta\, \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}\, \frac{m}{\sqrt v + \varepsilon}$$
#
# with $\beta_1 = 0.9$, $\beta_2 = 0.999$, $\varepsilon = 10^{-7}$, the learning rate η, and t = 1 in the first step.


# %% nbgrader={"grade": false, "grade_id": "own_adam_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def own_adam_step(w, g, m, v, t, learning_rate):
    """The new w, m and v; all arrays have the shape of w."""
    ### BEGIN SOLUTION
    # state
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g**2
    # correction
    alpha = learning_rate * (1 - 0.999**t) ** 0.5 / (1 - 0.9**t)
    # step
    return w - alpha * m / (np.sqrt(v) + 1e-7), m, v
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_own_adam_step", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("own_adam_step", own_adam_step)

# %% [markdown]
# **The training loop** (lesson 05). Take the samples in their order, `batch_size` at a time; the last batch of an epoch
# may be smaller. Use `own_gradients` and `own_adam_step`; both must be right before this can be.


# %% nbgrader={"grade": false, "grade_id": "own_fit", "locked": false, "schema_version": 3, "solution": true, "task": false}
def own_fit(x, labels, weights, epochs, batch_size, learning_rate):
    """The trained weights, a list like ``weights``, which stays as it was."""
    ### BEGIN SOLUTION
    t, slots = 0, [(np.zeros_like(w), np.zeros_like(w)) for w in weights]
    for _ in range(epochs):
        for begin in range(0, len(x), batch_size):
            t += 1
            batch = slice(begin, begin + batch_size)
            gradients = own_gradients(x[batch], labels[batch], weights)
            steps = [own_adam_step(w, g, *mv, t, learning_rate) for w, g, mv in zip(weights, gradients, slots)]
            weights, slots = [w for w, _, _ in steps], [mv for _, *mv in steps]
    return weights
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_own_fit", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("own_fit", own_fit)

# %% [markdown]
# **Weight for weight.** One epoch of 45 steps from the same start: with your loop, with `kerasedu`, with tf.keras. Then
# the largest difference in each array.

# %%
options = {"epochs": 1, "batch_size": 32, "shuffle": False, "verbose": 0}
model, twin = digit_model(), parity.to_keras(digit_model())
model.fit(x, y_train, **options)
twin.fit(x, y_train, **options)
trained = {"kerasedu": model.get_weights(), "tf.keras": twin.get_weights()}
try:
    trained["yours"] = own_fit(x, y_train, start, epochs=1, batch_size=32, learning_rate=0.01)
except NotImplementedError:
    print("Write own_fit first, then run this cell again.")
for one, other in [("kerasedu", "tf.keras"), ("yours", "kerasedu"), ("yours", "tf.keras")]:
    if one in trained:
        pairs = zip(trained[one], trained[other])
        print(f"{one:8} and {other:8}", *(f"{np.abs(a - b).max():.0e}" for a, b in pairs), sep="   ")

# %% [markdown]
# Yours may differ by a few millionths, although you compute in float64: TensorFlow raises to powers a β₂ that it has
# rounded to float32, and `kerasedu` does so too (lesson 06). Twenty epochs more, and what the model still gets wrong:

# %%
model.fit(x, y_train, epochs=20, batch_size=32, verbose=0)
predicted = model.predict(x_new, verbose=0).argmax(axis=1)
wrong = np.flatnonzero(predicted != y_test)
print(f"{np.mean(predicted == y_test):.3f} of {len(y_test)} new digits right")
plots.images(
    "Digits of the test set that the model reads wrongly; most are hard to read for people as well.",
    x_test[wrong[:10]],
    [f"{y_test[k]} read {predicted[k]}" for k in wrong[:10]],
    columns=5,
)

# %% [markdown]
# ## (b) The articles are wrong
#
# This course grew out of five articles about Keras. Here is what happens when one runs what they print. **Predict** for
# each line: an error, or a result?


# %%
import keras


def compiled(*stack, **options):
    model = keras.Sequential(list(stack))
    model.compile("adam", **options)
    return model


def fitted(units, x, y, loss=None, activation=None):
    return compiled(keras.layers.Dense(units, activation=activation), loss=loss).fit(x, y, verbose=0)


A, B = np.array([[1], [2], [3]]), np.array([[7, 8, 9], [10, 11, 12]])
inputs = keras.Input((3, 3))

# %%
printed = {
    "1 matrix product A * B": lambda: A * B,
    "1 product layer a + b": lambda: inputs + inputs,
    "1 Dense(1), 3 targets": lambda: fitted(1, B, B, "mse"),
    "2 add(layer, activation)": lambda: keras.Sequential().add(keras.layers.Dense(3), activation="relu"),
    "2 compile without loss": lambda: fitted(1, np.ones((4, 2)), np.ones((4, 1))),
    "2 X of shape (8, 100)": lambda: fitted(1, np.ones((8, 100)), np.ones(100), "mse"),
    "3 Adam(lr=0.001)": lambda: keras.optimizers.Adam(lr=0.001),
    "3 layer Split": lambda: keras.layers.Split,
    "3 optimizer Nesterov": lambda: keras.optimizers.Nesterov,
    "4 Model(inputs=Conv2D)": lambda: keras.Model(inputs=keras.layers.Conv2D(32, 3)),
    "4 Model(…).add(layer)": lambda: keras.Model(inputs, inputs).add(keras.layers.Dense(3)),
    "5 labels 0 to 9": lambda: fitted(10, np.ones((4, 8)), np.arange(4), "categorical_crossentropy", "softmax"),
}
for what, run in printed.items():
    try:
        print(f"{what:25} runs: {type(run()).__name__}")
    except Exception as error:
        print(f"{what:25} {type(error).__name__}: {' '.join(str(error).split())[:75]}")

# %% [markdown]
# What it does, why, and the repair:
#
# | printed | why | repair |
# |---|---|---|
# | `A * B` | entry by entry, (3, 1) and (2, 3) do not fit | `B @ A` |
# | a + b as a product | runs: the layer adds | `ops.matmul` |
# | one output, three targets | runs: (n, 1) is broadcast against (n, 3) | `Dense(3)` |
# | `add(layer, activation)` | `add` takes a layer only | `Dense(3, activation="relu")` |
# | no loss | nothing to differentiate | name one in `compile` |
# | `lr`, `Split`, `Nesterov` | no such names | `learning_rate`, `ops.split`, `SGD(nesterov=True)` |
# | `Model(inputs=layer)`, `Model.add` | a model needs tensors; only `Sequential` has `add` | `Model(inputs, layer(inputs))` |
#
# Errors that stop you are the harmless ones. The rest of this part is about those that run. In each answer cell stands
# code as it is found in or behind the articles, in our words. **Find the bug and mend it.** (Losses and metrics
# are in lesson 03, fair comparisons in 05.)
#
# The second article draws 100 samples of 8 features as `np.random.rand(8, 100)`. Keras refuses it, so somebody made
# the shape fit:


# %% nbgrader={"grade": false, "grade_id": "exam_samples", "locked": false, "schema_version": 3, "solution": true, "task": false}
def exam_samples(measurements):
    """Samples in rows, (n, features); measurements (features, n)."""
    d, n = measurements.shape
    return measurements.reshape(n, d)


### BEGIN SOLUTION
def exam_samples(measurements):
    """Samples in rows, (n, features); measurements (features, n)."""
    return measurements.T


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_exam_samples", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("exam_samples", exam_samples)

# %% [markdown]
# The same article prints the cross-entropy as $-\sum_{i=1}^{n} p_i \log q_i$ and says that n is the number of samples.
# Compute what Keras does, and keep it finite when a probability is 0: Keras clips at 1e-7.


# %% nbgrader={"grade": false, "grade_id": "exam_cross_entropy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def exam_cross_entropy(y_true, y_pred):
    """The loss, one number; y_true one-hot (n, classes), y_pred probabilities (n, classes)."""
    return -np.sum(y_true * np.log(y_pred))


### BEGIN SOLUTION
def exam_cross_entropy(y_true, y_pred):
    """The loss, one number; y_true one-hot (n, classes), y_pred probabilities (n, classes)."""
    p = np.clip(y_pred, 1e-7, 1 - 1e-7)
    return -np.mean(np.sum(y_true * np.log(p), axis=1))


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_exam_cross_entropy", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("exam_cross_entropy", exam_cross_entropy)

# %% [markdown]
# The fifth article gives whole-number labels to a loss for one-hot rows. Keras refuses; NumPy does not. Somebody adds
# an axis to the labels, and it trains, badly:


# %% nbgrader={"grade": false, "grade_id": "exam_labels", "locked": false, "schema_version": 3, "solution": true, "task": false}
def exam_labels(labels, probabilities):
    """Mean cross-entropy; labels (n,) whole numbers, probabilities (n, classes)."""
    return -np.mean(np.sum(labels[:, None] * np.log(probabilities), axis=1))


### BEGIN SOLUTION
def exam_labels(labels, probabilities):
    """Mean cross-entropy; labels (n,) whole numbers, probabilities (n, classes)."""
    return -np.mean(np.log(probabilities[np.arange(len(labels)), labels]))


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_exam_labels", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("exam_labels", exam_labels)

# %% [markdown]
# The fourth article lists "accuracy, recall, precision and recall", computes the accuracy with a cross-entropy, and takes
# `accuracy` for all else; on probabilities that one tests equality. A sample counts as positive above 0.5.


# %% nbgrader={"grade": false, "grade_id": "exam_scores", "locked": false, "schema_version": 3, "solution": true, "task": false}
def exam_scores(y_true, y_pred):
    """Accuracy, precision and recall; y_true (n,) 0 or 1, y_pred (n,) probabilities of 1."""
    hits = np.sum((y_pred > 0.5) * y_true)
    return np.mean(y_true == y_pred), hits / np.sum(y_true), hits / np.sum(y_pred > 0.5)


### BEGIN SOLUTION
def exam_scores(y_true, y_pred):
    """Accuracy, precision and recall; y_true (n,) 0 or 1, y_pred (n,) probabilities of 1."""
    positive = y_pred > 0.5
    hits = np.sum(positive & (y_true == 1))
    return np.mean(positive == y_true), hits / np.sum(positive), hits / np.sum(y_true)


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_exam_scores", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("exam_scores", exam_scores)

# %% [markdown]
# The fifth article compares optimizers by compiling and fitting one model again and again. Compiling anew keeps the
# weights. Here the same happens with learning rates, on a linear model with the mean squared error:


# %% nbgrader={"grade": false, "grade_id": "exam_comparison", "locked": false, "schema_version": 3, "solution": true, "task": false}
def exam_comparison(start, x, y, learning_rates, steps):
    """The loss after ``steps`` steps with each learning rate; start (d,), x (n, d), y (n,)."""
    w, losses = start.copy(), []
    for learning_rate in learning_rates:
        for _ in range(steps):
            w -= learning_rate * 2 / len(y) * x.T @ (x @ w - y)
        losses.append(np.mean((x @ w - y) ** 2))
    return np.array(losses)


### BEGIN SOLUTION
def exam_comparison(start, x, y, learning_rates, steps):
    """The loss after ``steps`` steps with each learning rate; start (d,), x (n, d), y (n,)."""
    losses = []
    for learning_rate in learning_rates:
        w = start.copy()
        for _ in range(steps):
            w -= learning_rate * 2 / len(y) * x.T @ (x @ w - y)
        losses.append(np.mean((x @ w - y) ** 2))
    return np.array(losses)


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_exam_comparison", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("exam_comparison", exam_comparison)

# %% [markdown]
# **Optimizers as printed.** The second article's Adam lacks the correction. The fifth's "Adam" adds up $m + \beta_1 g$
# and does not use v; its "RMSprop" is the second's Adam under another name; its Adagrad starts at 0 and has ε outside
# the root. We run them on a bowl, $L = \frac12 (w_1^2 + 10 w_2^2 + 100 w_3^2)$, beside those of Keras.


# %%
def steps_of(update, steps=1000):
    """The weights after each step, from (1, 1, 1)."""
    w, m, v, path = np.ones(3), np.zeros(3), np.zeros(3), []
    for t in range(1, steps + 1):
        w, m, v = update(w, np.array([1, 10, 100]) * w, m, v, t)
        path.append(w)
    return np.array(path)


def of_keras(optimizer):
    def update(w, g, m, v, t):
        optimizer.apply_gradients([(g, weight)])
        return weight.value.copy(), m, v

    weight = Variable(np.ones(3), "w")
    return steps_of(update)


# %%
def adam_2(w, g, m, v, t):
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    return w - 0.001 * m / (np.sqrt(v) + 1e-7), m, v


def adam_5(w, g, m, v, t):
    m = m + 0.9 * g
    return w - 0.001 * m / (1 - 0.9**t) / np.sqrt(1 - 0.999**t), m, v


def adagrad_5(w, g, m, v, t):
    v = v + g**2
    return w - 0.001 * g / (np.sqrt(v) + 1e-7), m, v


printed = {"Adam of article 2": (adam_2, optimizers.Adam), "Adam of article 5": (adam_5, optimizers.Adam)}
printed |= {"its RMSprop": (adam_2, optimizers.RMSprop), "its Adagrad": (adagrad_5, optimizers.Adagrad)}

# %%
curvature, distances = np.array([1, 10, 100]), {}
for label, (update, optimizer) in printed.items():
    path, right = steps_of(update), of_keras(optimizer(0.001))
    distances[label] = np.abs(path - right).max(axis=1)
    loss, loss_of_keras = (0.5 * np.sum(curvature * w[-1] ** 2) for w in (path, right))
    print(f"{label:17}  loss after 1,000 steps {loss:8.2g}, Keras's {loss_of_keras:8.2g}", end="   first step for")
    for g in (0.001, 100.0):
        weight = Variable(np.zeros(1), "w")
        optimizer(0.001).apply_gradients([(np.array([g]), weight)])
        print(f" g = {g:g}: {update(0.0, g, 0.0, 0.0, 1)[0] / weight.value[0]:.3g} times", end="")
    print()
plots.curves(
    "Distance from Keras's weights on a logarithmic scale: the Adam of article 5 is off by more than ten from the first "
    "step, that of article 2 and the RMSprop by some tenths, the Adagrad by about a ten-thousandth.",
    distances,
    xlabel="step",
    ylabel="largest |Δw| against Keras",
    log=True,
)

# %% [markdown]
# The wrong Adam of article 2 ends **lower** than the right one: a loss does not tell whether a formula is right. Numbers
# compared step by step do. And the Adagrad, hardly wrong on this bowl, starts with far longer steps than Keras's where
# gradients are small.
#
# **Numbers that the articles do not give.**
#
# 1. The fourth calls `Conv2D(32)` and `Conv2D(64)` "two kernels". How many filters do both layers have together?
# 2. The fifth gives $y = f(Wx + b)$ as the formula of a CNN. How many parameters has its `Conv2D(32, (3, 3))` on
#    images of shape (28, 28, 1)?
# 3. The second trains on targets that are drawn evenly from 0 to 1, anew in each round, and have nothing to do with the
#    input. What is the smallest mean squared error that can be reached in the long run?
# 4. The first fits `Dense(1)` to the targets (1, 2, 3) and (4, 5, 6). What is the smallest mean squared error?
# 5. The "RMSprop" of the fifth keeps m, an average of g, and v, one of g², and steps along m / (√v + ε). What is it?
#    A: RMSprop with another ε. B: Adam without bias correction. C: SGD with momentum.
# 6. The second trains a sigmoid output with the mean squared error. One sample with target 1 has the logit z = -8. What
#    is dL/dz, for $L = (\sigma(z) - 1)^2$?

# %% nbgrader={"grade": false, "grade_id": "exam_numbers", "locked": false, "schema_version": 3, "solution": true, "task": false}
filters = None
parameters = None
noise = None
one_output = None
name = None
slope = None
### BEGIN SOLUTION
filters = 32 + 64
parameters = (3 * 3 * 1 + 1) * 32
noise = 1 / 12
one_output = 2 / 3
name = "B"
s = 1 / (1 + np.exp(8))
slope = 2 * (s - 1) * s * (1 - s)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_exam_numbers", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
quiz("exam_numbers", filters, parameters, noise, one_output, name, slope)

# %% [markdown]
# The network is sure and wrong, and the sample hardly moves the weights. Cross-entropy does not have this flaw:

# %%
print("   z    dL/dz of the squared error    of the cross-entropy")
for z in (-8.0, -4.0, -1.0, 0.0):
    slopes = []
    for loss in (losses.MeanSquaredError(), losses.BinaryCrossentropy()):
        sigmoid = layers.Activation("sigmoid", dtype="float64")
        loss.forward(np.array([[1.0]]), sigmoid.forward(np.array([[z]])))
        slopes.append(sigmoid.backward(loss.backward()).item())
    print(f"{z:4.0f}  {slopes[0]:14.2e}  {slopes[1]:24.2e}")

# %% [markdown]
# What the articles **say** needs repair as well:
#
# | said | true |
# |---|---|
# | forward and backward propagation are "training methods" | they compute outputs and gradients; the optimizer trains |
# | "dynamic gradient descent", and optimizers that choose themselves | there are none |
# | the squared difference of each point with itself | is 0; distances are between different points |
# | y = f(Wx + b) is a CNN, and the RNN's formula is the LSTM below it | a dense layer, a simple RNN |
# | data of 3 by 3 numbers in 3 classes, for a model of 28 by 28 pixels and 10 classes | the shapes must agree |
# | a custom layer is one with attributes `activation` and `batch_size` | `build`, `call`, `get_config` (lesson 12) |
#
# ## (c) A question of your own
#
# Ask one question about digits, or other data of this course, that you can answer by an experiment: does a convolution
# need fewer labels than a dense network? Which pixels can be left out? How small can the weights be stored? Does an
# ensemble of five beat one model five times as large? Work in cells of your own below this one; the report goes into
# the next, with the decisive code and numbers in it, in 200 to 400 words.
#
# | points | for |
# |---|---|
# | 2 | a question that an experiment can decide, and what you expected, written down before |
# | 3 | a fair comparison: same data, same start or several seeds, one thing changed; the test set used once |
# | 3 | numbers with their spread, and a figure or table that shows them |
# | 2 | a check that the code does what you say: against Keras, a known value, or a deliberate error that it catches |
# | 2 | an answer that goes no further than the numbers, and what would change your mind |

# %% [markdown] nbgrader={"grade": true, "grade_id": "report", "locked": false, "points": 12, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# Reports differ; this is the outline of one with full marks. *Question:* with 10 labels a class, does a convolution
# beat a dense network of the same number of parameters? *Expected:* yes, since neighbouring pixels belong together.
# *Method:* both models, same 100 training images drawn with seeds 0 to 4, same optimizer and number of steps, the
# number of epochs chosen on a validation set taken from the rest of the training images, the 359 test images used once.
# *Check:* `parity.check_fit` on both models for two epochs; with shuffled labels both must fall to a tenth. *Result:* a
# table with mean and range of five accuracies for each model. *Answer:* stated with the range; if the ranges overlap,
# that no difference was seen. It holds for this data and size; a difference that vanishes with other seeds would change
# it.
#
# **Marking scheme.** The rubric above. Take a point off where the test set was used to choose anything, where a single
# seed carries the conclusion, and where numbers stand in the report that no code in it produces.
# ### END SOLUTION

# %% [markdown]
# ## What you can do now
#
# 1. You have written a classifier whole, and followed its weights beside tf.keras through an epoch.
# 2. You have run five articles, told loud errors from silent ones, and repaired those that would have cost the most.
# 3. You have asked a question and answered it with numbers, which is what all of this is for.
