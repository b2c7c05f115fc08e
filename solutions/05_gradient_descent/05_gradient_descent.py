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
# # 05 Gradient descent
#
# Lesson 04 computed gradients; this one uses them. After this lesson you can
#
# 1. tell the gradient from the update, and write the update of all weights of a model;
# 2. split an epoch into mini-batches, and say what small batches cost and gain;
# 3. predict from the curvature of a loss which learning rates converge;
# 4. write momentum and Nesterov's momentum in Keras's form, and tell them from the forms in other texts;
# 5. schedule the learning rate, and write a training loop that agrees with tf.keras weight for weight.

# %%
import numpy as np

import kerasedu
from kerasedu import datasets, gradcheck, layers, losses, optimizers, parity, plots
from kerasedu.exercises import check, quiz
from kerasedu.optimizers import schedules

print("Comparisons run on:", parity.device.describe())
rng = np.random.default_rng(5)
kerasedu.random.set_random_seed(5)


def yours(function, *arguments):
    """What your function returns, None as long as it is not written."""
    try:
        return function(*arguments)
    except NotImplementedError:
        print("Write your function first, then run this cell again.")


# %% [markdown]
# **Recall** from earlier lessons.
#
# 1. Softmax gives the right class the probability 0.2. What is the derivative of the cross-entropy of this one sample
#    with respect to the logit of the right class?
# 2. Every sample of a batch is put in a second time. By which factor does the gradient of the mean loss change?
# 3. How many parameters do `Dense(32)` and then `Dense(10)` have together, on 64 inputs?

# %% nbgrader={"grade": false, "grade_id": "recall_05", "locked": false, "schema_version": 3, "solution": true, "task": false}
first = None
second = None
third = None
### BEGIN SOLUTION
first = 0.2 - 1
second = 1
third = (64 * 32 + 32) + (32 * 10 + 10)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_recall_05", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("recall_05", first, second, third)

# %% [markdown]
# ## 1. The gradient is not the update
#
# An article calls back-propagation a training method that computes gradients and adjusts the weights. These are two
# things. Before you run the cell, predict which of its three parts changes the kernel of a layer. The table under its
# output compares the third part with tf.keras, after each of five steps.

# %%
(digits, labels), (test_digits, test_labels) = datasets.digits()
digits, test_digits = digits.reshape(-1, 64), test_digits.reshape(-1, 64)
layer, loss, sgd = layers.Dense(10, activation="softmax"), losses.SparseCategoricalCrossentropy(), optimizers.SGD(0.1)
layer.build(digits.shape)
parts = {
    "forward": lambda: loss.forward(labels, layer.forward(digits)),
    "backward": lambda: layer.backward(loss.backward()),
    "apply_gradients": lambda: sgd.apply_gradients(zip(layer.grads, layer.trainable_variables)),
}
for name, run in parts.items():
    before = layer.get_weights()[0].copy()
    run()
    print(f"{name:16} largest change of the kernel: {np.abs(layer.get_weights()[0] - before).max():.4f}")
parity.check(sgd, layer.get_weights(), steps=5)

# %% [markdown]
# Back-propagation finds $g = \partial L / \partial w$, in the shape of w, and leaves w alone. An **optimizer** changes
# w. The simplest one, **gradient descent**, goes a step against the gradient, with η the `learning_rate`:
#
# $$w \leftarrow w - \eta\, g$$
#
# Here it is in full, with three labels that return in every update rule. It runs on real data: from the body mass index
# and the blood pressure of n = 354 people, `x` (n, 2), two weights w (2,) predict how far diabetes has advanced, `y`
# (n,). All are scaled to mean 0 and standard deviation 1, so no bias is needed. The loss is the mean squared
# difference of x w and y.


# %%
def descend(w, gradient_of, learning_rate, steps):
    """The weights before the first and after each step, (steps + 1, d)."""
    path = [w]
    for t in range(steps):
        gradient = gradient_of(w, t)
        # state: nothing is remembered from step to step
        # correction: the gradient is taken as it is
        # step
        w = w - learning_rate * gradient
        path.append(w)
    return np.stack(path)


# %%
def standardize(a):
    return (a - a.mean(axis=0)) / a.std(axis=0)


(patients, progress), _ = datasets.diabetes()
measured, y = standardize(np.float64(patients)), standardize(np.float64(progress))
x, everybody = measured[:, 2:4], np.arange(len(y))


def gradient(w, rows):
    """The gradient of the mean squared difference over some rows of x."""
    return 2 / len(rows) * x[rows].T @ (x[rows] @ w - y[rows])


print("weights before and after three steps")
print(descend(np.zeros(2), lambda w, t: gradient(w, everybody), learning_rate=0.1, steps=3))

# %% [markdown]
# **Build** the step for a model with several arrays.


# %% nbgrader={"grade": false, "grade_id": "sgd_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sgd_step(weights, gradients, learning_rate):
    """New weights, a list of arrays; weights and gradients are lists of arrays, of equal shapes in pairs."""
    ### BEGIN SOLUTION
    return [w - learning_rate * g for w, g in zip(weights, gradients)]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_sgd_step", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("sgd_step", sgd_step)

# %% [markdown]
# ## 2. All samples, some, or one
#
# The gradient of the mean loss over all samples takes a pass over all of them for one step. A few samples give an
# estimate of it: right on average, and the noisier the fewer they are. **Batch** gradient descent takes all samples in
# a step, **mini-batch** descent some, **stochastic** descent a single one. An **epoch** shows every sample once, in
# random order. `fit` has `batch_size=32` unless told otherwise.
#
# **Predict:** there are 354 samples.
#
# 1. How many steps does an epoch take with `batch_size=32`?
# 2. How many samples are in its last batch?
# 3. Batch descent and stochastic descent make 24 steps each. How many times as many samples does the first one read?

# %% nbgrader={"grade": false, "grade_id": "predict_steps", "locked": false, "schema_version": 3, "solution": true, "task": false}
steps = None
last = None
times = None
### BEGIN SOLUTION
steps = 12
last = 354 - 11 * 32
times = 354
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_steps", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("predict_steps", steps, last, times)

# %%
order, lowest = rng.permutation(len(x)), np.linalg.lstsq(x, y)[0]
ways = {
    "batch, 354": lambda w, t: gradient(w, everybody),
    "mini-batch, 32": lambda w, t: gradient(w, order[t % 12 * 32 :][:32]),
    "stochastic, 1": lambda w, t: gradient(w, order[t : t + 1]),
}
plots.trajectories(
    "Three ways from the same start into the same valley in 24 steps. With all samples the way is smooth; with 32 it "
    "trembles a little; with one it jumps to and fro and does not settle.",
    lambda a, b: np.mean((np.stack([a, b], axis=-1) @ x.T - y) ** 2, axis=-1),
    {label: descend(np.array([-0.6, 0.9]), way, 0.08, 24) for label, way in ways.items()},
    minimum=lowest,
    xlabel="weight of the body mass index",
    ylabel="weight of the blood pressure",
)

# %% [markdown]
# All made 24 steps. The mini-batches came about as far as the whole batch, and read a twelfth as many samples.
#
# The loss of a batch is a **mean**, so its gradient has about the same size for any batch. With a sum the step would
# grow with the batch, and the learning rate would have to shrink.
#
# **Build** batch k of an epoch, k = 0, 1, …: the entries of `order` from k · `batch_size` on, `batch_size` of them or,
# at the end, what is left. (In Keras, a `PyDataset` of your own has this as its method `__getitem__(k)`.)


# %% nbgrader={"grade": false, "grade_id": "minibatch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def minibatch(x, y, order, batch_size, k):
    """Samples and labels of batch k; x (n, …), y (n,), order (n,): a permutation of 0, …, n - 1."""
    ### BEGIN SOLUTION
    rows = order[k * batch_size : (k + 1) * batch_size]
    return x[rows], y[rows]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_minibatch", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("minibatch", minibatch)


# %%
def softmax_model(optimizer):
    kerasedu.random.set_random_seed(0)
    model = kerasedu.Sequential([layers.Dense(10, activation="softmax")])
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# batches of 32, 32 and 6 digits, not shuffled
parity.check_fit(softmax_model(optimizers.SGD(0.5)), digits[:70], labels[:70], epochs=2, batch_size=32)

# %% [markdown]
# ## 3. Learning rate and curvature
#
# Take the loss $L(w) = \frac{\lambda}{2} w^2$ of one weight. Its gradient is λw, and λ, its second derivative, is its
# **curvature**. One step makes
#
# $$w \leftarrow w - \eta \lambda w = (1 - \eta\lambda)\, w$$
#
# so the distance from the minimum is multiplied by 1 - ηλ each time. It shrinks if $|1 - \eta\lambda| < 1$, that is,
# **if η < 2/λ**. With several weights there are several such directions, each with its curvature, and one η for all.
#
# **Predict** for $L = \frac12 (1 \cdot w_1^2 + 20 \cdot w_2^2)$:
#
# 1. below which learning rate do both weights converge?
# 2. with learning rate 0.05, by which factor does $w_1$ shrink in one step?

# %% nbgrader={"grade": false, "grade_id": "predict_learning_rate", "locked": false, "schema_version": 3, "solution": true, "task": false}
limit = None
factor = None
### BEGIN SOLUTION
limit = 2 / 20
factor = 1 - 0.05 * 1
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_learning_rate", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
quiz("predict_learning_rate", limit, factor)

# %% [markdown]
# The steep direction sets the limit, the flat one then takes long: that is the trouble with gradient descent.
#
# On real data: for the mean squared difference the second derivatives form the matrix $H = \frac{2}{n} x^\top x$, of
# shape (d, d). Its eigenvalues are the curvatures, along the valley's own directions. We take all ten measurements of
# the diabetes data, and learning rates on both sides of 2/λ for the largest λ.

# %%
curvatures = np.linalg.eigvalsh(2 / len(y) * measured.T @ measured)
limit = 2 / curvatures.max()
print(f"curvatures from {curvatures.min():.3f} to {curvatures.max():.2f}, limit of the learning rate {limit:.3f}")
best = np.linalg.lstsq(measured, y)[0]


def losses_at(learning_rate, steps=60):
    path = descend(np.zeros(10), lambda w, t: 2 / len(y) * measured.T @ (measured @ w - y), learning_rate, steps)
    return np.mean((path[1:] @ measured.T - y) ** 2, axis=1) - np.mean((measured @ best - y) ** 2)


plots.curves(
    "Above its lowest value the loss falls fastest with half of the limit. With a tenth and with 0.98 of it the fall is "
    "about equally slow. With 1.03 of the limit the loss grows several hundredfold in 60 steps.",
    {f"{share} of the limit": losses_at(share * limit) for share in (0.1, 0.5, 0.98, 1.03)},
    xlabel="steps",
    ylabel="loss above the lowest",
    log=True,
)

# %% [markdown]
# Just below the limit descent is no quicker than at a tenth of it: now the steep direction has a factor near -1.
#
# Learning rates are compared by trying several. An article on optimizers trains a model with `SGD`, then compiles **the
# same model** with `Adam` and trains it again; but `compile` leaves the weights as they are. (The cell below the check
# shows it, and compares the descent above with tf.keras.) **Find the bug** in the same comparison for learning rates, on
# the mean squared difference of x w and y. It should return the loss after `steps` steps for each learning rate.


# %% nbgrader={"grade": false, "grade_id": "compare_rates", "locked": false, "schema_version": 3, "solution": true, "task": false}
def compare_rates(x, y, w, learning_rates, steps):
    """One loss for each learning rate; x (n, d), y (n,), w (d,): where training starts."""
    losses = []
    for learning_rate in learning_rates:
        for _ in range(steps):
            gradient = 2 / len(x) * x.T @ (x @ w - y)
            w = w - learning_rate * gradient
        losses.append(np.mean((x @ w - y) ** 2))
    return np.array(losses)


### BEGIN SOLUTION
def compare_rates(x, y, w, learning_rates, steps):
    """One loss for each learning rate; x (n, d), y (n,), w (d,): where training starts."""
    losses = []
    for learning_rate in learning_rates:
        own = w
        for _ in range(steps):
            gradient = 2 / len(x) * x.T @ (x @ own - y)
            own = own - learning_rate * gradient
        losses.append(np.mean((x @ own - y) ** 2))
    return np.array(losses)


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_compare_rates", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("compare_rates", compare_rates)

# %%
features, targets = np.float32(measured), np.float32(y[:, None])
model = kerasedu.Sequential([layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
model.compile(optimizers.SGD(0.98 * limit), "mse")
report = parity.check_fit(model, features, targets, epochs=5, batch_size=354)  # batch descent, as in the figure
for name, network in {"kerasedu": model, "tf.keras": parity.to_keras(model)}.items():
    network.fit(features, targets, batch_size=354, verbose=0)
    before = np.array(network.get_weights()[0])
    network.compile("adam", "mse")
    print(name, "- compile leaves the weights as they are:", np.array_equal(before, network.get_weights()[0]))
report

# %% [markdown]
# ## 4. Momentum
#
# Across a narrow valley the gradient changes its sign again and again; along it, it stays. **Momentum** remembers a
# **velocity** m, of the shape of w and zero at first. It keeps a share β of it (Keras: `momentum`) and adds the new
# step:
#
# $$m \leftarrow \beta m - \eta g \qquad w \leftarrow w + m$$
#
# **Predict** with η = 0.1, β = 0.9, a gradient that is always 1, and w = 0 at the start:
#
# 1. where is w after two steps?
# 2. how long is a step in the end, when m no longer changes?
# 3. Start again, and halve η to 0.05 for step 3. How long is step 3?

# %% nbgrader={"grade": false, "grade_id": "predict_momentum", "locked": false, "schema_version": 3, "solution": true, "task": false}
place = None
length = None
third_step = None
### BEGIN SOLUTION
place = -0.1 + (0.9 * -0.1 - 0.1)
length = 0.1 / (1 - 0.9)
third_step = 0.9 * 0.19 + 0.05
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_momentum", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("predict_momentum", place, length, third_step)

# %% [markdown]
# **Build** the step: what is missing is the velocity.


# %% nbgrader={"grade": false, "grade_id": "momentum_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def momentum_step(w, m, gradient, learning_rate, momentum):
    """The new weights and the new velocity, each of the shape of w."""
    # state: m comes in, its new value goes out
    # correction: what is left of m, and the new step
    ### BEGIN SOLUTION
    m = momentum * m - learning_rate * gradient
    ### END SOLUTION
    # step
    return w + m, m


# %% nbgrader={"grade": true, "grade_id": "check_momentum_step", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("momentum_step", momentum_step)

# %% [markdown]
# **Other texts** write other rules under the same name. With a *moving average*, $m \leftarrow \beta m + (1 - \beta) g$
# and $w \leftarrow w - \eta m$, the steps are 1 - β times as long. A third form keeps the learning rate *outside*:
#
# $$v \leftarrow \beta v + g \qquad w \leftarrow w - \eta_t v$$
#
# with v zero at first. While η is constant, its path is that of Keras. **Build** it for a learning rate $\eta_t$ that
# may change in each step t. It is not in `kerasedu`; the cell below the check sets it beside the form of Keras, with
# gradients of 1 and η halved from step 3 on.


# %% nbgrader={"grade": false, "grade_id": "momentum_outside", "locked": false, "schema_version": 3, "solution": true, "task": false}
def momentum_outside(w, gradients, learning_rates, momentum):
    """w after each step, (steps, d); w (d,) at the start, gradients (steps, d), learning_rates (steps,)."""
    ### BEGIN SOLUTION
    v, path = np.zeros_like(w), []
    for gradient, learning_rate in zip(gradients, learning_rates):
        v = momentum * v + gradient
        w = w - learning_rate * v
        path.append(w)
    return np.stack(path)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_momentum_outside", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("momentum_outside", momentum_outside)

# %%
import tensorflow as tf

libraries = {"kerasedu": (optimizers, kerasedu.Variable), "tf.keras": (tf.keras.optimizers, tf.Variable)}


def path_of(optimizer, variable, gradient_of, steps):
    path = [np.array(variable.numpy())]
    for t in range(steps):
        optimizer.apply_gradients([(gradient_of(path[-1], t), variable)])
        path.append(np.array(variable.numpy()))
    return np.stack(path)


for name, (library, variable) in libraries.items():
    halved = library.schedules.PiecewiseConstantDecay([1], [0.1, 0.05])  # up to t = 1, and after it
    rule = library.SGD(halved, momentum=0.9)
    path = path_of(rule, variable([0.0], dtype="float32"), lambda w, t: np.float32([1]), 5)
    print(f"{name}, rate inside:", path[1:, 0])
outside = yours(momentum_outside, np.zeros(1), np.ones((5, 1)), np.array([0.1, 0.1, 0.05, 0.05, 0.05]), 0.9)
print("yours, rate outside:   ", None if outside is None else outside[:, 0])

# %% [markdown]
# **Nesterov's** idea: the velocity will carry w to about w + βm anyway, so take the gradient there. In the paper's form,
# with weights θ, that is $m \leftarrow \beta m - \eta\, g(\theta + \beta m)$, $\theta \leftarrow \theta + m$. A training
# loop has the gradient at its weights only; therefore Keras lets its weights be the point ahead,
# $w = \theta + \beta m$. Then, with the new m on the right,
#
# $$m \leftarrow \beta m - \eta\, g(w) \qquad w \leftarrow w + \beta m - \eta\, g(w)$$
#
# **Build** this step; the cell below prints how far its path, and those of `kerasedu` and tf.keras, are from the
# paper's points ahead.


# %% nbgrader={"grade": false, "grade_id": "nesterov_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def nesterov_step(w, m, gradient, learning_rate, momentum):
    """The new weights and the new velocity; gradient is that at w."""
    ### BEGIN SOLUTION
    m = momentum * m - learning_rate * gradient
    return w + momentum * m - learning_rate * gradient, m
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_nesterov_step", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("nesterov_step", nesterov_step)


# %%
def your_path(step):
    w, m, path = start, np.zeros(2), [start]
    for _ in range(40):
        w, m = step(w, m, curvature * w, 0.04, 0.8)
        path.append(w)
    return path


curvature, start = np.array([1.0, 20.0]), np.array([-4.0, 1.0])
theta, m, ahead = start, np.zeros(2), [start]
for _ in range(40):
    m = 0.8 * m - 0.04 * curvature * (theta + 0.8 * m)
    theta = theta + m
    ahead.append(theta + 0.8 * m)

paths = {"yours": yours(your_path, nesterov_step)}
for name, (library, variable) in libraries.items():
    rule = library.SGD(0.04, momentum=0.8, nesterov=True)
    paths[name] = path_of(rule, variable(start, dtype="float32"), lambda w, t: np.float32(curvature * w), 40)
print("distance:", {name: f"{np.abs(np.subtract(p, ahead)).max():.0e}" for name, p in paths.items() if p is not None})


# %%
def rule(**arguments):
    """40 steps on the loss with the curvatures 1 and 20."""
    variable = kerasedu.Variable(start, "w", dtype="float64")
    return path_of(optimizers.SGD(0.04, **arguments), variable, lambda w, t: curvature * w, 40)


print("exists:", {name: hasattr(tf.keras.optimizers, name) for name in ("SGD", "Nesterov", "DynamicGradientDescent")})
plots.trajectories(
    "Plain descent turns into the valley at once and then creeps along its floor. Momentum runs over it, swings from "
    "side to side, and passes the minimum before it comes back. Nesterov's momentum is as quick along the valley, "
    "hardly swings, and passes the minimum by less.",
    lambda first, second: (first**2 + 20 * second**2) / 2,
    {"plain": rule(), "momentum": rule(momentum=0.8), "Nesterov": rule(momentum=0.8, nesterov=True)},
    minimum=(0, 0),
    frames=30,
)

# %% [markdown]
# Along the floor of the valley the velocity grows to several plain steps. Across the valley plain momentum overshoots;
# Nesterov's gradient is taken ahead, where the other slope begins, and brakes.
#
# (One article lists an optimizer `Nesterov`, another a "dynamic gradient descent". Keras has neither: the first is an
# argument of `SGD`. Nor is there an argument `lr`, as in `Adam(lr=0.001)`; it is `learning_rate`.)
#
# ## 5. Schedules
#
# Near the minimum stochastic descent goes on jumping, for its gradients are noisy. A **schedule** makes the learning
# rate a function of the step t = 0, 1, …: large at first, small in the end. `ExponentialDecay` multiplies it by r every
# T steps, $\eta_t = \eta_0\, r^{\,t/T}$; with `staircase=True` t/T is rounded down. `CosineDecay` follows half a cosine.

# %%
decay = schedules.ExponentialDecay(0.08, decay_steps=100, decay_rate=0.5)
stairs = schedules.ExponentialDecay(0.08, decay_steps=100, decay_rate=0.5, staircase=True)
cosine = schedules.CosineDecay(0.0, decay_steps=308, warmup_target=0.08, warmup_steps=46)
for schedule in (decay, stairs, cosine):
    print(parity.check(schedule, np.arange(354)), end="\n\n")
plots.curves(
    "Over 354 steps the first rate falls in a smooth curve, the second in three steps down, the third rises in a "
    "straight line for 46 steps and then falls to zero along half a cosine.",
    {label: s(np.arange(354)) for label, s in {"decay": decay, "staircase": stairs, "warm-up, cosine": cosine}.items()},
    xlabel="step, counted from 1",
    ylabel="learning rate",
)

# %% [markdown]
# **Build** the third one, in a form where `total_steps` counts the warm-up too. In a **warm-up** of W steps the rate
# rises in a straight line, peak · t/W. From t = W on it is
#
# $$\eta_t = \text{peak} \cdot \frac{1 + \cos(\pi p)}{2}, \qquad p = \frac{t - W}{\text{total} - W}$$
#
# so p runs from 0 to 1, and stays 1 after `total_steps`. W may be 0. Keras's `decay_steps` is total - W.


# %% nbgrader={"grade": false, "grade_id": "warmup_cosine", "locked": false, "schema_version": 3, "solution": true, "task": false}
def warmup_cosine(steps, peak, warmup_steps, total_steps):
    """The learning rates at some steps; steps (n,) whole numbers from 0 on, in any order; the result (n,)."""
    ### BEGIN SOLUTION
    rates = []
    for t in steps:
        if t < warmup_steps:
            rates.append(peak * t / warmup_steps)
        else:
            p = min(1, (t - warmup_steps) / (total_steps - warmup_steps))
            rates.append(peak * (1 + np.cos(np.pi * p)) / 2)
    return np.array(rates)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_warmup_cosine", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("warmup_cosine", warmup_cosine)

# %%
rates, keras = yours(warmup_cosine, np.arange(360), 0.08, 46, 354), tf.keras.optimizers.schedules
their_cosine = keras.CosineDecay(0.0, decay_steps=308, warmup_target=0.08, warmup_steps=46)
for name, theirs in {"kerasedu": cosine, "tf.keras": their_cosine}.items():
    if rates is not None:
        print(f"yours and {name}: {max(abs(rates[t] - float(theirs(t))) for t in range(360)):.0e}")


def distances(learning_rate):
    variable = kerasedu.Variable(np.zeros(2), "w", dtype="float64")
    path = path_of(optimizers.SGD(learning_rate), variable, ways["stochastic, 1"], 354)
    return np.linalg.norm(path[1:] - lowest, axis=1)


plots.curves(
    "An epoch of stochastic descent. With a constant rate the distance from the minimum keeps jumping; with the cosine "
    "the jumps die away.",
    {"constant 0.08": distances(0.08), "warm-up, cosine": distances(cosine)},
    xlabel="steps",
    ylabel="distance from the minimum",
)

# %% [markdown]
# ## 6. The whole loop
#
# Everything together, for softmax regression: one dense layer with softmax and cross-entropy. **Build** the loop from a
# blank cell. `orders` has one permutation of the samples for each epoch, and each mini-batch makes one step of plain
# gradient descent. From lesson 04: with p (rows, classes) the probabilities of a batch, the gradient at the logits is
# (p - one-hot labels) / rows.


# %% nbgrader={"grade": false, "grade_id": "train_softmax", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_softmax(x, y, kernel, bias, orders, batch_size, learning_rate):
    """Kernel and bias after training; x (n, d), y (n,) whole numbers, kernel (d, classes), orders (epochs, n)."""
    ### BEGIN SOLUTION
    for order in orders:
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            z = x[rows] @ kernel + bias
            e = np.exp(z - z.max(axis=1, keepdims=True))
            p = e / e.sum(axis=1, keepdims=True)
            dz = (p - np.eye(len(bias))[y[rows]]) / len(rows)
            dkernel, dbias = x[rows].T @ dz, dz.sum(axis=0)
            kernel = kernel - learning_rate * dkernel
            bias = bias - learning_rate * dbias
    return kernel, bias
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_train_softmax", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("train_softmax", train_softmax)

# %% [markdown]
# **Compare three ways.** One step with learning rate 1 on one batch moves the weights by minus the gradient, so your
# loop tells its gradients. The first cell prints how far dkernel and dbias are from measured slopes (some ten equal
# digits), from `kerasedu` and from tf.keras (equal but for rounding). The second compares all weights after two epochs,
# in float32, and then shows what `fit` does with everything from this lesson.

# %%
batch, right = np.float64(digits[:20, 20:28]), labels[:20]
layer = layers.Dense(10, activation="softmax", dtype="float64")
loss.forward(right, layer.forward(batch))
layer.backward(loss.backward())
kernel, bias = layer.get_weights()
twin = parity.to_keras(layer)
with tf.GradientTape() as tape:
    total = tf.reduce_mean(tf.keras.losses.sparse_categorical_crossentropy(right, twin(batch)))


def slope(change, at):
    return gradcheck.numerical_gradient(lambda w: loss(right, layer.activation(change(w))), at)


measured_slopes = [slope(lambda w: batch @ w + bias, kernel), slope(lambda b: batch @ kernel + b, bias)]
of_keras = tape.gradient(total, twin.trainable_variables)
moved = yours(train_softmax, batch, right, kernel, bias, [np.arange(20)], 20, 1.0)
for name, grads in {"measured": measured_slopes, "kerasedu": layer.grads, "tf.keras": of_keras}.items():
    if moved is not None:
        print(name, [f"{np.abs(w - new - g).max():.0e}" for w, new, g in zip([kernel, bias], moved, grads)])

# %%
model = softmax_model(optimizers.SGD(0.5))
model.build(digits.shape)
twin, first_weights = parity.to_keras(model), [w.copy() for w in model.get_weights()]
trained = yours(train_softmax, digits, labels, *first_weights, [np.arange(len(digits))] * 2, 32, 0.5)
for name, network in {"kerasedu": model, "tf.keras": twin}.items():
    network.fit(digits, labels, epochs=2, batch_size=32, shuffle=False, verbose=0)
    if trained is not None:
        print(name, "kernel, bias:", [f"{np.abs(a - b).max():.0e}" for a, b in zip(trained, network.get_weights())])

schedule = schedules.CosineDecay(0.0, decay_steps=400, warmup_target=0.2, warmup_steps=50)
model = softmax_model(optimizers.SGD(schedule, momentum=0.9, nesterov=True))
model.fit(digits, labels, epochs=10, batch_size=32, verbose=0)
print(f"{model.evaluate(test_digits, test_labels, verbose=0)[1]:.1%} of the test digits right")
parity.check_fit(model, digits[:96], labels[:96], epochs=2, batch_size=32)

# %% [markdown]
# ## In your own words
#
# A friend writes: "Back-propagation trains my network too slowly. The loss zigzags and falls by little. I doubled the
# learning rate, and it became NaN. Which better kind of back-propagation should I take?" Explain in four or five
# sentences what is confused here, how a learning rate can be too small and too large at once, and what to try.

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_descent", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# Back-propagation only computes the gradient at the present weights; the optimizer makes the update, so that is what
# may be exchanged. The loss has directions of different curvature. A rate above 2/λ of the steepest one makes the
# distance there grow in every step, up to NaN; just below it the weights zigzag there. Along flat directions the same
# rate removes only the small share ηλ in each step, so progress is slow. Momentum helps, since its velocity adds up
# along the valley and cancels across it; so do scaled inputs, and a schedule that ends with small rates.
#
# **Marking scheme.** 1 point each: gradient and update are told apart; the steepest direction limits the rate (2/λ);
# flat directions are slow at the same rate; a remedy that fits, with its reason.
# ### END SOLUTION

# %% [markdown]
# ## What you can do now
#
# 1. Backward computes g and changes nothing; the optimizer's step is w - ηg, array by array.
# 2. Batch k is a slice of one order, for x and y alike. Small batches give many cheap, noisy steps.
# 3. Each direction has the factor 1 - ηλ: the largest curvature limits η to 2/λ, the smallest sets the pace.
# 4. Keras: m = βm - ηg, w + m; for Nesterov w + βm - ηg. An average is another rule; with η outside m, a schedule shows
#    the difference.
# 5. Rates fall with the step count, after a warm-up; your loop ends at the weights of tf.keras.
