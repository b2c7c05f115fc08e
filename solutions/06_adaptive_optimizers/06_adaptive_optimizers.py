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
# # 06 Adaptive optimizers
#
# The rules of this lesson measure how large the gradient of each weight tends to be, and step accordingly. After this
# lesson you can
#
# 1. write RMSprop, Adam, Adagrad, AdamW and AMSGrad as state, correction and step, and predict their first steps;
# 2. tell Keras's form of a rule from the paper's, and say for which gradients the difference matters;
# 3. train several parameters, each with a state of its own;
# 4. find the faults of printed formulas, and say why a low loss is no proof of a right one;
# 5. choose an optimizer by an experiment that is fair.

# %%
import keras
import numpy as np

import kerasedu
from kerasedu import Variable, datasets, layers, optimizers, parity, plots
from kerasedu.exercises import check, quiz

print("Comparisons run on:", parity.device.describe())
rng = np.random.default_rng(6)

# %% [markdown]
# **Recall** from earlier lessons.
#
# 1. Keras's momentum with `learning_rate=0.1` and `momentum=0.9` starts from m = 0 and meets the gradient 1 twice.
#    What is m after the second step?
# 2. L = ½ · 50 w². Gradient descent converges for learning rates below which number?
# 3. A classifier gives both of two classes the probability 0.5, for every sample. What is its mean cross-entropy?

# %% nbgrader={"grade": false, "grade_id": "recall_06", "locked": false, "schema_version": 3, "solution": true, "task": false}
first = None
second = None
third = None
### BEGIN SOLUTION
first = 0.9 * -0.1 - 0.1
second = 2 / 50
third = np.log(2)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_recall_06", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("recall_06", first, second, third)

# %% [markdown]
# ## 1. RMSprop: divided by the usual size
#
# In a valley like $L = \frac12 (w_1^2 + 50 w_2^2)$ the steep direction bounds the learning rate, and along the flat one
# hardly anything moves. **RMSprop** divides each entry of the gradient g = dL/dw by its usual size, the root of an
# average v of its squares. With learning rate η:
#
# $$\text{state}\quad v \leftarrow \rho\, v + (1 - \rho)\, g^2 \qquad\qquad
# \text{step}\quad w \leftarrow w - \eta\, \frac{g}{\sqrt{v + \varepsilon}}$$
#
# w, g and v have one shape, and everything is computed entry by entry. v starts at 0. ρ (`rho`, 0.9) is the share of
# the past; ε (`epsilon`, 1e-7) prevents 0 / 0.


# %%
def path_in_valley(optimizer, steps=40):
    """The weights after 0, 1, …, steps steps."""
    w = Variable(np.array([-9.0, 1.6]), "w")
    path = [w.numpy()]
    for _ in range(steps):
        optimizer.apply_gradients([(np.array([1, 50]) * w.value, w)])
        path.append(w.numpy())
    return np.array(path)


plots.trajectories(
    "Gradient descent jumps across the valley to and fro, then creeps along its floor and has not arrived after 40 "
    "steps. RMSprop moves by similar lengths in both directions, and arrives near the minimum.",
    lambda first, second: (first**2 + 50 * second**2) / 2,
    {"SGD(0.03)": path_in_valley(optimizers.SGD(0.03)), "RMSprop(0.3)": path_in_valley(optimizers.RMSprop(0.3))},
    minimum=(0, 0),
)

# %% [markdown]
# **Build** one step. The state's line is missing; make a new array, do not change the one that came in. The cell after
# the check **compares** yours, `kerasedu` and tf.keras, on gradients of sizes 1, 1e-4 and 1e-7. In float32, differences
# below 2e-6 are rounding.


# %% nbgrader={"grade": false, "grade_id": "rmsprop_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rmsprop_step(w, g, v, learning_rate, rho, epsilon):
    """The new weights and the new v; w, g and v have one shape."""
    # state
    ### BEGIN SOLUTION
    v = rho * v + (1 - rho) * g**2
    ### END SOLUTION
    # step
    w = w - learning_rate * g / np.sqrt(v + epsilon)
    return w, v


# %% nbgrader={"grade": true, "grade_id": "check_rmsprop_step", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("rmsprop_step", rmsprop_step)

# %%
gradients = (rng.normal(size=(30, 3)) * [1, 1e-4, 1e-7]).astype("float32")


def compare_rule(rule, slots, name, dtype="float32", **arguments):
    """Largest |Δw| of ``rule(w, g, t, *state)`` against both libraries, over 30 steps with learning rate 2**-7."""
    for rules, variable in ((optimizers, Variable), (keras.optimizers, keras.Variable)):
        other, optimizer = variable(np.ones(3), dtype=dtype), getattr(rules, name)(2**-7, **arguments)
        state, largest = [np.ones(3, dtype), *[np.zeros(3, dtype)] * slots], 0
        for t, g in enumerate(gradients.astype(dtype), 1):
            try:
                state = rule(state[0], g, t, *state[1:])
            except NotImplementedError:
                return print("Write your function first, then run this cell again.")
            optimizer.apply_gradients([(g, other)])
            largest = max(largest, np.abs(other.numpy() - state[0]).max())
        print(name, *arguments, f"in {dtype} against {rules.__name__}: {largest:.0e}")


compare_rule(lambda w, g, t, v: rmsprop_step(w, g, v, 2**-7, 0.9, 1e-7), 1, "RMSprop")
parity.check(optimizers.RMSprop(0.01), np.ones(3, "float32"), gradients=gradients)

# %% [markdown]
# ## 2. Adam: three parts
#
# **Adam** averages the gradient, too: m is momentum in its averaged form, not in that of Keras's `SGD(momentum=…)`. m
# and v start at 0, and so are too small at first: after t steps with the same gradient m is $(1 - \beta_1^t)\,g$ and v
# is $(1 - \beta_2^t)\,g^2$; the first step has t = 1. The **correction** divides these shares out, in one factor α:
#
# $$\text{state}\quad m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2$$
# $$\text{correction}\quad \alpha = \eta\, \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t} \qquad\qquad
# \text{step}\quad w \leftarrow w - \alpha\, \frac{m}{\sqrt{v} + \varepsilon}$$
#
# `beta_1` is 0.9, `beta_2` 0.999. **Predict**, with η = 0.01 and without ε:
#
# 1. the length of RMSprop's first step (ρ = 0.9) for a gradient of 100;
# 2. the length of Adam's first step for a gradient of 100;
# 3. the change of w in Adam's first step for a gradient of -0.1.

# %% nbgrader={"grade": false, "grade_id": "predict_first_steps", "locked": false, "schema_version": 3, "solution": true, "task": false}
rmsprop = None
adam = None
adam_other = None
### BEGIN SOLUTION
rmsprop = 0.01 / np.sqrt(0.1)
adam = 0.01
adam_other = 0.01
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_first_steps", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("predict_first_steps", rmsprop, adam, adam_other)

# %%
t = np.arange(1, 201)
m, root_v = 1 - 0.9**t, np.sqrt(1 - 0.999**t)
print(f"without correction: first step {m[0] / root_v[0]:.2f} η, longest {(m / root_v).max():.2f} η")
plots.curves(
    "With correction every step has the length 1. Without it the first has 3.2, the twelfth 6.6, and after 200 steps "
    "the length has come down to about 2.3.",
    {"with correction": np.ones(200), "without": m / root_v},
    xlabel="step t",
    ylabel="length of the step in units of η",
)

# %% [markdown]
# Those are the lengths of the steps while the gradient stays the same. An article prints Adam without the correction.
# **Find the bug**: state and step are right; put the correction between them. Then your rule is compared in float32,
# and twice in float64.


# %% nbgrader={"grade": false, "grade_id": "adam_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adam_step(w, g, m, v, t, learning_rate, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """The new w, m and v; t = 1 in the first step."""
    # state
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    # step
    w = w - learning_rate * m / (np.sqrt(v) + epsilon)
    return w, m, v


### BEGIN SOLUTION
def adam_step(w, g, m, v, t, learning_rate, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """The new w, m and v; t = 1 in the first step."""
    # state
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    # correction
    alpha = learning_rate * (1 - beta_2**t) ** 0.5 / (1 - beta_1**t)
    # step
    w = w - alpha * m / (np.sqrt(v) + epsilon)
    return w, m, v


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_adam_step", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("adam_step", adam_step)

# %%
exact = {"beta_1": np.float64(0.9), "beta_2": np.float64(0.999)}
for dtype, betas in [("float32", {}), ("float64", {}), ("float64", exact)]:
    compare_rule(lambda w, g, t, m, v: adam_step(w, g, m, v, t, 2**-7), 2, "Adam", dtype, **betas)
parity.check(optimizers.Adam(0.01), np.ones(3, "float32"), gradients=gradients)

# %% [markdown]
# Keras rounds `beta_2=0.999` to float32 before it raises it to the power t, even for float64 weights; so does
# `kerasedu`. Given `np.float64(0.999)`, both use the very number, as you did.
#
# **Where ε stands.** Keras has it inside the root in RMSprop, Adagrad and Adadelta, outside in Adam. There it is the
# "epsilon hat" of the [paper](https://arxiv.org/abs/1412.6980), whose Algorithm 1 corrects first and adds ε afterwards:
#
# $$\hat m = \frac{m}{1 - \beta_1^t} \qquad \hat v = \frac{v}{1 - \beta_2^t} \qquad
# w \leftarrow w - \eta\, \frac{\hat m}{\sqrt{\hat v} + \varepsilon}$$
#
# Another article cites the paper, and prints the Adam below. Not only ε is missing. **Find the bugs**, and make it
# Algorithm 1, which `kerasedu` does not have; each result earns a point. With its ε divided by $\sqrt{1 - \beta_2^t}$
# it equals Keras's Adam: the cell after the check compares. For large gradients ε hardly matters. In which of the
# three forms below do steps shrink first as gradients get small?


# %% nbgrader={"grade": false, "grade_id": "article_adam", "locked": false, "schema_version": 3, "solution": true, "task": false}
def article_adam(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    """The new w, m and v, in the form of the paper's Algorithm 1."""
    m = m + beta_1 * g
    v = v + beta_2 * g**2
    w = w - learning_rate * m / (1 - beta_1**t) * 1 / np.sqrt(1 - beta_2**t)
    return w, m, v


### BEGIN SOLUTION
def article_adam(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    """The new w, m and v, in the form of the paper's Algorithm 1."""
    # state
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    # correction
    m_hat, v_hat = m / (1 - beta_1**t), v / (1 - beta_2**t)
    # step
    w = w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon)
    return w, m, v


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_article_adam", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("article_adam", article_adam)


# %%
def with_larger_epsilon(w, g, t, m, v):
    return article_adam(w, g, m, v, t, 2**-7, 0.9, 0.999, 1e-7 / np.sqrt(1 - 0.999**t))


compare_rule(with_larger_epsilon, 2, "Adam", "float64", **exact)
print("first step in units of η, ε = 1e-7")
print("gradient   RMSprop: √(v + ε)   Adam: Keras   Adam: Algorithm 1")
for g in (1.0, 1e-4, 1e-7, 0.0):
    rmsprop = g / np.sqrt(0.1 * g**2 + 1e-7)
    adam = np.sqrt(0.001) * g / (np.sqrt(0.001) * g + 1e-7)
    print(f"{g:8.0e}   {rmsprop:17.4f}   {adam:11.4f}   {g / (g + 1e-7):17.4f}")

# %% [markdown]
# ## 3. Adagrad: a sum instead of an average
#
# **Adagrad** adds up all squares and never forgets. Its accumulator a starts at 0.1 in Keras, at 0 in the paper; ε is
# 1e-7, inside the root. Nothing is averaged, so nothing needs a correction.
#
# $$\text{state}\quad a \leftarrow a + g^2 \qquad\qquad
# \text{step}\quad w \leftarrow w - \eta\, \frac{g}{\sqrt{a + \varepsilon}}$$
#
# **Predict**: the gradient is 1 in every step and η = 1. How long is step 100 of Adagrad, how long that of RMSprop?
# Then **build** Adagrad in Keras's form from a blank cell, for several steps.

# %%
lengths = {}
for optimizer in (optimizers.RMSprop(1.0), optimizers.Adagrad(1.0), optimizers.Adam(1.0)):
    w = Variable(np.zeros(1), "w")
    path = [w.numpy()]
    for _ in range(100):
        optimizer.apply_gradients([(np.ones(1), w)])
        path.append(w.numpy())
    lengths[type(optimizer).__name__] = -np.diff(np.concatenate(path))
plots.curves(
    "RMSprop's steps begin at 3.2 and level off at 1, Adagrad's fall like one over the root of t, from 0.95 to 0.1, and "
    "Adam's are 1 throughout.",
    lengths,
    xlabel="step",
    ylabel="length of the step in units of η",
)


# %% nbgrader={"grade": false, "grade_id": "adagrad_train", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adagrad_train(w, gradients, learning_rate):
    """The last w, after a step for each of the gradients; gradients (steps, …), each of the shape of w."""
    ### BEGIN SOLUTION
    # state, before the first step
    accumulator = np.full_like(w, 0.1)
    for g in gradients:
        # state
        accumulator = accumulator + g**2
        # step
        w = w - learning_rate * g / np.sqrt(accumulator + 1e-7)
    return w
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_adagrad_train", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("adagrad_train", adagrad_train)

# %%
compare_rule(lambda w, g, t: [adagrad_train(np.ones(3, "float32"), gradients[:t], 2**-7)], 0, "Adagrad")
parity.check(optimizers.Adagrad(0.01), np.ones(3, "float32"), gradients=gradients)

# %% [markdown]
# ## 4. Many parameters, and two descendants
#
# A model has many parameters: kernels, biases. Steps are counted once for all, but each parameter has **a state of its
# own**. **Build** the loop with your `adam_step`. `weights` is a list of arrays; `gradients` has for each step a list
# of their gradients. After the check `fit` does the same on measurements of tumours: the cell lists the state
# of Adam for two layers, and compares with tf.keras.


# %% nbgrader={"grade": false, "grade_id": "adam_train", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adam_train(weights, gradients, learning_rate):
    """The list of weights after one step of Adam for each item of gradients."""
    weights = list(weights)
    ### BEGIN SOLUTION
    ms, vs = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    for t, of_step in enumerate(gradients, 1):
        for i, g in enumerate(of_step):
            weights[i], ms[i], vs[i] = adam_step(weights[i], g, ms[i], vs[i], t, learning_rate)
    ### END SOLUTION
    return weights


# %% nbgrader={"grade": true, "grade_id": "check_adam_train", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("adam_train", adam_train)

# %%
(x_train, y_train), (x_test, y_test) = datasets.breast_cancer()
mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)
x_train, x_test = (x_train - mean) / deviation, (x_test - mean) / deviation


def classifier(optimizer):
    kerasedu.random.set_random_seed(0)
    model = kerasedu.Sequential([layers.Dense(8, activation="tanh"), layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer, "binary_crossentropy")
    return model


model = classifier(optimizers.Adam(0.01))
model.fit(x_train, y_train[:, None], verbose=0)
print(*(f"{variable.path} {variable.shape}" for variable in model.optimizer.variables), sep="\n")
parity.check_fit(classifier(optimizers.Adam(0.01)), x_train[:96], y_train[:96, None], epochs=2, batch_size=32)

# %% [markdown]
# **AdamW.** Weight decay pulls weights towards 0. A penalty $\frac{\lambda}{2} w^2$ in the loss adds λw to g, and Adam
# divides it by the gradient's size: where gradients are large, hardly any decay is left. AdamW decays the weights
# beside Adam's step, which sees g alone:
#
# $$w \leftarrow (w - \eta \lambda w) - \text{Adam's step}$$
#
# **Build** it with your `adam_step` and its defaults. Then watch both kinds of decay, on 50 weights with large
# gradients that average 0, and on 50 with small ones.


# %% nbgrader={"grade": false, "grade_id": "adamw_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adamw_step(w, g, m, v, t, learning_rate, weight_decay):
    """The new w, m and v; weight_decay is λ."""
    ### BEGIN SOLUTION
    return adam_step(w - learning_rate * weight_decay * w, g, m, v, t, learning_rate)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_adamw_step", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("adamw_step", adamw_step)

# %%
noise = rng.normal(size=(1000, 100)) * np.repeat([100, 0.01], 50)
w_l2, w_decay = Variable(np.ones(100), "w"), Variable(np.ones(100), "w")
adam, adamw = optimizers.Adam(0.001), optimizers.AdamW(0.001, weight_decay=0.5)
for g in noise:
    adam.apply_gradients([(g + 0.5 * w_l2.value, w_l2)])
    adamw.apply_gradients([(g, w_decay)])
for label, w in {"λw in the gradient": w_l2, "AdamW": w_decay}.items():
    large, small = w.value.reshape(2, 50).mean(axis=1)
    print(f"{label:18}  mean weight, from 1: large gradients {large:.2f}, small gradients {small:.2f}")

# %% [markdown]
# **AMSGrad.** Adam's v forgets a large gradient in some thousand steps, and steps get longer again. AMSGrad divides by
# the root of the largest v so far, entry by entry: $v_{max} \leftarrow \max(v_{max}, v)$. All else stays as in Adam,
# and v goes on as an average. **Build** it.


# %% nbgrader={"grade": false, "grade_id": "amsgrad_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def amsgrad_step(w, g, m, v, v_max, t, learning_rate):
    """The new w, m, v and v_max; beta_1 = 0.9, beta_2 = 0.999, epsilon = 1e-7."""
    ### BEGIN SOLUTION
    # state
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g**2
    v_max = np.maximum(v_max, v)
    # correction
    alpha = learning_rate * (1 - 0.999**t) ** 0.5 / (1 - 0.9**t)
    # step
    return w - alpha * m / (np.sqrt(v_max) + 1e-7), m, v, v_max
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_amsgrad_step", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("amsgrad_step", amsgrad_step)

# %%
compare_rule(lambda w, g, t, m, v: adamw_step(w, g, m, v, t, 2**-7, 0.1), 2, "AdamW", weight_decay=0.1)
compare_rule(lambda w, g, t, m, v, top: amsgrad_step(w, g, m, v, top, t, 2**-7), 3, "Adam", amsgrad=True)
parity.check(optimizers.AdamW(0.01, amsgrad=True), np.ones(3, "float32"), gradients=gradients)

# %% [markdown]
# ## 5. Formulas as printed
#
# Two articles print these rules. ∇ is g, m and v start at 0.
#
# 1. `Adam`: `m = β₁ m + (1-β₁) ∇`, `v = β₂ v + (1-β₂) ∇²`, `w -= η m / (√v + ε)`
# 2. `Adam`, other article: `m = m + β₁ ∇`, `v = v + β₂ ∇²`, `w -= η m / (1-β₁ᵗ) / √(1-β₂ᵗ)`
# 3. `RMSprop`: `m = β₁ m + (1-β₁) ∇`, `v = β₂ v + (1-β₂) ∇²`, `w -= η / (√v + ε) · m`
# 4. `Adagrad`: `m = m + ∇²`, `w -= η / (√m + ε) · ∇`
#
# You have mended two. **Predict**: which rule is the third really? What sets the fourth apart from Keras's Adagrad?
# Which gets furthest from Keras's rule of its name, on the bowl $\frac12(w_1^2 + 10 w_2^2 + 100 w_3^2)$?


# %%
def printed_adam(w, g, m, v, t):
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    return w - 0.001 * m / (np.sqrt(v) + 1e-7), m, v


def other_printed_adam(w, g, m, v, t):
    m, v = m + 0.9 * g, v + 0.999 * g**2
    return w - 0.001 * m / (1 - 0.9**t) / np.sqrt(1 - 0.999**t), m, v


def printed_adagrad(w, g, m, v, t):
    m = m + g**2
    return w - 0.001 / (np.sqrt(m) + 1e-7) * g, m, v


# %%
def path_of(rule, gradient_of, w, steps=1000):
    """The weights after each step of a printed rule, or of an optimizer."""
    variable, state, path = Variable(w, "w"), [np.zeros_like(w)] * 2, []
    for t in range(1, steps + 1):
        g = gradient_of(variable.value)
        if isinstance(rule, optimizers.Optimizer):
            rule.apply_gradients([(g, variable)])
        else:
            variable.value, *state = rule(variable.value, g, *state, t)
        path.append(variable.numpy())
    return np.array(path)


# %%
printed = {"1 Adam": (printed_adam, optimizers.Adam), "2 Adam, other": (other_printed_adam, optimizers.Adam)}
printed |= {"3 RMSprop": (printed_adam, optimizers.RMSprop), "4 Adagrad": (printed_adagrad, optimizers.Adagrad)}
distances = {}
for label, (rule, right) in printed.items():
    one, other = (path_of(each, lambda w: [1, 10, 100] * w, np.ones(3)) for each in (rule, right(0.001)))
    distances[label] = np.abs(one - other).max(axis=1)
    print(f"{label:14}", *(f"step {t}: {distances[label][t - 1]:.2g}" for t in (1, 10, 100, 1000)), sep="   ")
plots.curves(
    "Largest distance from Keras's weights, on a logarithmic scale. The other article's Adam begins at about 30 and swings "
    "between ones and thousands. The first Adam and the RMSprop reach some tenths within 100 steps; the RMSprop comes back "
    "to a hundredth. The Adagrad stays at a ten-thousandth.",
    distances,
    xlabel="step",
    ylabel="largest |Δw| against Keras",
    log=True,
)

# %% [markdown]
# The third is the first under another name. The fourth is the paper's Adagrad, from 0 and with ε outside, and close to
# Keras's only because these gradients are large. For a first gradient of 1e-3 it steps by η, and Keras's, divided by
# √0.1, by η/316.
#
# **Which Adam ends with the lowest loss?** All three train a logistic regression on the tumours, one weight for each
# measurement, from 0, in 1,000 steps with η = 0.001.


# %%
def logistic_loss(w, x, y):
    z = x @ w
    return np.mean(np.logaddexp(0, z) - y * z)


def logistic_gradient(w):
    return x_train.T @ (1 / (1 + np.exp(-x_train @ w)) - y_train) / len(y_train)


rules = {"Keras's Adam": optimizers.Adam(0.001), "1 Adam": printed_adam, "2 Adam, other": other_printed_adam}
rules |= {"Keras's Adam, η = 0.003": optimizers.Adam(0.003)}
for label, rule in rules.items():
    w = path_of(rule, logistic_gradient, np.zeros(30))[-1]
    print(f"{label:23} training loss {logistic_loss(w, x_train, y_train):.3f}", end="   ")
    print(f"test loss {logistic_loss(w, x_test, y_test):.3f}")

# %% [markdown]
# Both wrong rules end with a **lower training loss** than the right one. Their steps are too long, and η is small for
# this problem: with a larger η the right rule gets there, too. (Compare the test losses.) A loss
# proves nothing about a formula. Its **steps** must be compared with right ones, number by number: for t = 1, 2, 3, for
# small gradients, for zeros.
#
# ## 6. How to choose
#
# An article says that optimizers choose the algorithm by themselves, and names a "dynamic gradient descent" and a decay
# rate of Adagrad. None of this exists. One has to try, and fairly. The article compiles and fits a model with `SGD`,
# then compiles it with `Adam` and fits again. **Predict** where the second training starts: from new weights, where
# the first training ended, or where it started?

# %%
model = classifier(optimizers.SGD(0.1))
sgd = model.fit(x_train, y_train[:, None], epochs=5, verbose=0).history["loss"]
twin = parity.to_keras(model)
for compiled, rule in ((model, optimizers.Adam(0.01)), (twin, keras.optimizers.Adam(0.01))):
    before = compiled.get_weights()
    compiled.compile(rule, "binary_crossentropy")
    same = all(np.array_equal(a, b) for a, b in zip(before, compiled.get_weights()))
    print(type(compiled).__module__.split(".")[0], "has the same weights after compile:", same)
contaminated = model.fit(x_train, y_train[:, None], epochs=5, verbose=0).history["loss"]
fresh = classifier(optimizers.Adam(0.01)).fit(x_train, y_train[:, None], epochs=5, verbose=0).history["loss"]
print(f"loss of Adam's first epoch: {contaminated[0]:.3f} after SGD, {fresh[0]:.3f} from fresh weights")

# %% [markdown]
# So every training gets fresh weights and a fresh optimizer. Optimizers have different best learning rates, so each is
# **swept** over many. Results depend on the draw, so each is repeated with several **seeds**. The choice is made on
# validation data, and reported on test data that took no part in it.
#
# **Build** the choice. `losses[i, j, k]` is the validation loss of optimizer i, learning rate j, seed k. Return the
# pair (i, j) with the lowest mean over the seeds. The loss of a training that diverged is NaN or infinite, and rules
# out its pair.


# %% nbgrader={"grade": false, "grade_id": "fair_choice", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fair_choice(losses):
    """Two indices: the optimizer and its learning rate; losses (optimizers, rates, seeds)."""
    ### BEGIN SOLUTION
    means = np.where(np.isfinite(losses), losses, np.inf).mean(axis=2)
    return np.unravel_index(means.argmin(), means.shape)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_fair_choice", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("fair_choice", fair_choice)

# %% [markdown]
# Now in earnest, with linear models. **Rare features:** feature k is 1 in one of k samples on average, else 0; each
# sample is seen once, in batches of 10. A rare feature mostly has the gradient 0, its accumulator stays small, and
# Adagrad's steps for it stay long. **Few samples:** 40 patients of the diabetes data; 10 measurements and their 55
# products are the features. Many different weights fit 40 patients; which does a rule find? **Predict** which rule
# wins where.

# %%
RULES, SEEDS = (optimizers.SGD, optimizers.Adagrad, optimizers.Adam), 5


def sweep(problem, rates, steps, batch_size):
    """Validation and test losses of linear models that start at 0, (2, optimizers, rates, seeds)."""
    losses = np.empty((2, len(RULES), len(rates), SEEDS))
    for i, j, k in np.ndindex(losses.shape[1:]):
        (x, y), *others = problem(np.random.default_rng(k))
        w, optimizer = Variable(np.zeros(x.shape[1]), "w"), RULES[i](rates[j])
        with np.errstate(all="ignore"):  # lost trainings overflow
            for step in range(steps):
                rows = np.arange(step * batch_size, (step + 1) * batch_size) % len(y)
                optimizer.apply_gradients([(2 / batch_size * x[rows].T @ (x[rows] @ w.value - y[rows]), w)])
            losses[:, i, j, k] = [np.mean((x @ w.value - y) ** 2) for x, y in others]
    return losses


# %%
def report(losses, rates):
    """What the best learning rate of each optimizer, chosen by ``fair_choice`` on validation data, gives on test data."""
    for i, rule in enumerate(RULES):
        try:
            _, j = fair_choice(losses[0, i : i + 1])
        except NotImplementedError:
            return print("Write fair_choice first, then run this cell again.")
        mean, deviation = losses[1, i, j].mean(), losses[1, i, j].std()
        print(f"{rule.__name__:8} best at {rates[j]:.2g}: test loss {mean:.3f}, {deviation:.3f} from seed to seed")


def by_rule(losses):
    return {rule.__name__: table for rule, table in zip(RULES, losses[0])}


# %%
def rare_features(draw):
    x = (draw.random((2500, 200)) < 1 / np.arange(1, 201)).astype(float)
    y = x @ draw.normal(size=200) + 0.1 * draw.normal(size=2500)
    return [(x[part], y[part]) for part in (slice(1500), slice(1500, 2000), slice(2000, None))]


rates = np.geomspace(0.003, 3, 7)
losses = sweep(rare_features, rates, steps=150, batch_size=10)
report(losses, rates)
plots.sweep(
    "Each optimizer has a valley of good learning rates. Adagrad's lowest point, near 1, is below Adam's, near 0.1, and "
    "far below that of SGD, near 0.3, where SGD is one step away from getting lost.",
    rates,
    by_rule(losses),
    top=2,
)

# %%
(x, y), _ = datasets.diabetes()
x, y = (x - x.mean(axis=0)) / x.std(axis=0), (y - y.mean()) / y.std()
x = np.hstack([x, *(x[:, [i]] * x[:, i:] for i in range(10))]).astype(float)


def few_samples(draw):
    order = draw.permutation(len(y))
    return [(x[rows], y[rows]) for rows in (order[:40], order[40:200], order[200:])]


rates = np.geomspace(1e-4, 0.1, 7)
losses = sweep(few_samples, rates, steps=200, batch_size=40)
report(losses, rates)
plots.sweep(
    "Each optimizer has a valley. SGD's lowest point, at 0.001, is below those of Adagrad, at 0.003, and of Adam, at "
    "0.0003. Above 0.01 SGD gets lost; Adam's loss rises soon and steeply, Adagrad's slowly.",
    rates,
    by_rule(losses),
    top=2,
)

# %% [markdown]
# With rare features Adagrad wins. With few samples plain gradient descent does, by more than the seeds differ: it moves
# mostly along the directions in which these patients differ most; Adam steps about equally far for all 65 features,
# even those that hardly matter. "Adam is always best" is wrong: measure on your problem.
#
# ## In your own words
#
# A friend has written an Adam. "It is right: with the same learning rate it ends with a lower loss than Keras's."
# Explain in four or five sentences why this does not follow, how to find out whether the formula is right, and which of
# two right optimizers suits the data.

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_adam", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# A lower loss can come from longer steps: without the correction Adam's first steps are more than three times too long,
# and where the learning rate is small for the problem, that helps by accident. With a larger learning rate the right
# rule would do the same. To test the formula, run both from equal weights on equal gradients, small ones and zeros
# among them, and compare the weights after steps 1, 2, 3: they must agree to rounding. To choose between right rules,
# sweep the learning rate of each, with fresh weights and several seeds, choose on validation data and report on test
# data.
#
# **Marking scheme.** 1 point each: another reason for a lower loss, such as longer steps; comparing steps number by
# number; a case where faults show (first steps, small gradients or zeros); a fair choice (own best learning rate, and
# seeds or held-out data).
# ### END SOLUTION

# %% [markdown]
# ## What you can do now
#
# 1. RMSprop averages squares, Adagrad sums them; Adam averages the gradient, too, and corrects both averages. Its first
#    step is η, whatever the gradient. AdamW decays beside the step; AMSGrad divides by the largest average.
# 2. Keras has ε inside the root in RMSprop and Adagrad, outside and before the correction in Adam; Adagrad starts at
#    0.1. Gradients as small as ε show the difference; where ε is inside the root, those as small as √ε do.
# 3. Steps are counted once; each parameter has its own m and v.
# 4. You mended printed rules. Two wrong ones had the lower loss; steps compared number by number decide.
# 5. Fresh weights, a sweep for each optimizer, several seeds, one set of data to choose and another to report.
