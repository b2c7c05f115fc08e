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
# # 03 Losses and metrics
#
# A **loss** is the number that training makes small. A **metric** is a number that people read. Both compare
# predictions with the truth, and both can mislead. After this lesson you can
#
# 1. compute squared and absolute errors, with weights, and say what is summed and what is averaged;
# 2. compute a cross-entropy from probabilities and from logits, and say where Keras clips;
# 3. say why cross-entropy, and not a squared error, goes with sigmoid and softmax;
# 4. choose the loss that fits the labels, and notice a softmax that is applied twice;
# 5. read accuracy, precision, recall and a confusion matrix, and say what each of them hides.

# %%
import numpy as np

import kerasedu
from kerasedu import datasets, gradcheck, layers, losses, metrics, ops, optimizers, parity, plots
from kerasedu.exercises import check, quiz

print("Comparisons run on:", parity.device.describe())
rng = np.random.default_rng(3)

# %% [markdown]
# **Recall** from earlier lessons; all three return today.
#
# 1. `Dense(1)` reads a batch of shape (32, 30). What shape comes out?
# 2. `y` has the shape (4,) and `p` has the shape (4, 1). What is the shape of `y * p`?
# 3. σ(z) is 0.9. What is σ(-z)?

# %% nbgrader={"grade": false, "grade_id": "recall_03", "locked": false, "schema_version": 3, "solution": true, "task": false}
first = None
second = None
third = None
### BEGIN SOLUTION
first = (32, 1)
second = (4, 4)
third = 0.1
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_recall_03", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("recall_03", first, second, third)

# %% [markdown]
# ## 1. Losses for numbers
#
# A model with d outputs predicts $\hat y$, shape (n, d), for targets y, shape (n, d). Keras computes a loss in two
# stages: one number $l_i$ for each sample, then one number L for the batch.
#
# $$l_i = \frac{1}{d}\sum_{j=1}^{d} (\hat y_{ij} - y_{ij})^2 \quad\text{or}\quad
# l_i = \frac{1}{d}\sum_{j=1}^{d} |\hat y_{ij} - y_{ij}| \qquad\qquad L = \frac{1}{n}\sum_{i=1}^{n} l_i$$
#
# These are the **mean squared error** (MSE) and the **mean absolute error** (MAE). The second stage is called the
# **reduction**. Keras names its default `"sum_over_batch_size"`: the sum divided by n, a mean.
#
# The example has four parts, which return in each loss that you write: *shapes, error, per sample, reduce*. **Predict**
# before you run it: each sample is put in twice. What becomes of the loss if the reduction is a mean, what if a sum?


# %%
def mean_squared_error(y_true, y_pred):
    # shapes: equal, or broadcasting pairs what does not belong together
    assert y_true.shape == y_pred.shape
    # error of each number, (n, d)
    error = (y_pred - y_true) ** 2
    # per sample, (n,)
    per_sample = error.mean(axis=-1)
    # reduce, one number
    return per_sample.mean()


y_true, y_pred = rng.normal(size=(2, 4, 3))
twice = [np.vstack([a, a]) for a in (y_true, y_pred)]
total = losses.MeanSquaredError(reduction="sum")
print("mean, once and twice:", mean_squared_error(y_true, y_pred), mean_squared_error(*twice))
print("sum,  once and twice:", total(y_true, y_pred), total(*twice))
parity.check(losses.MeanSquaredError(), y_pred, y_true)

# %% [markdown]
# A sum, and with it the size of a training step, grows with the number of samples; a mean does not. (The report's
# dL/dy_pred is the slope of the loss, the subject of lesson 04.)
#
# Squares weigh large errors heavily. Of all constants, the mean of the targets has the smallest MSE, the median the
# smallest MAE: for the targets 0, 0, 0, 12 the mean is 3, the median 0.
#
# **Weights.** Some samples may count more: $w_i$, shape (n,), is called `sample_weight`. Then two reductions differ:
#
# $$\frac{1}{n}\sum_i w_i\, l_i \qquad\text{and}\qquad \frac{\sum_i w_i\, l_i}{\sum_i w_i}$$
#
# By default Keras's **losses** use the first, its **metrics** the second. **Build** both; *per sample* and *reduce* are
# missing. The cell after the check compares yours with `kerasedu` and with tf.keras.


# %% nbgrader={"grade": false, "grade_id": "weighted_mae", "locked": false, "schema_version": 3, "solution": true, "task": false}
def weighted_mae(y_true, y_pred, weights):
    """Σ w l / n, and Σ w l / Σ w; y_true, y_pred (n, d), weights (n,)."""
    error = np.abs(y_pred - y_true)  # (n, d)
    ### BEGIN SOLUTION
    per_sample = error.mean(axis=-1)
    total = (weights * per_sample).sum()
    return total / len(weights), total / weights.sum()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_weighted_mae", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("weighted_mae", weighted_mae)


# %%
def compare(answer, **references):
    """Print how far the result of ``answer()`` is from each reference."""
    try:
        yours = np.asarray(answer(), dtype=float)
    except NotImplementedError:
        return print("Write your function first, then run this cell again.")
    for way, reference in references.items():
        fits = yours.shape == np.shape(reference)
        print(f"{way:10} largest difference {np.abs(yours - reference).max() if fits else np.inf:.0e}")


import keras

weights = np.array([0.5, 2, 2, 4])
rooms = [losses, metrics], [keras.losses, keras.metrics]
in_kerasedu, in_keras = ([room.MeanAbsoluteError()(y_true, y_pred, weights) for room in pair] for pair in rooms)
compare(lambda: weighted_mae(y_true, y_pred, weights), kerasedu=in_kerasedu, keras=in_keras)

# %% [markdown]
# ## 2. A loss for yes or no
#
# The network of an article ends in `Dense(1, activation="sigmoid")`: p, between 0 and 1, is the predicted probability
# that the label y, 0 or 1, is 1. The **cross-entropy** of a sample is -ln of the probability that was given to its true
# answer: p if y = 1, and 1 - p if y = 0. In one line, for n samples, with the natural logarithm (`np.log`):
#
# $$L = -\frac{1}{n}\sum_{i=1}^{n} \bigl( y_i \ln p_i + (1 - y_i) \ln(1 - p_i) \bigr)$$
#
# To be sure and right costs nothing; with p = 0.5 either answer costs ln 2 = 0.693.
#
# **Predict:** y = 1 and p = 0, so ln 0 is needed. What does Keras report: infinity, NaN, about 16, or 0?

# %%
y, p = np.array([[1.0], [1.0], [0.0], [1.0]]), np.array([[0.0], [1e-9], [0.3], [0.8]])
print("each sample:", losses.binary_crossentropy(y, p))
print("-ln 1e-7   :", -np.log(1e-7))
parity.check(losses.BinaryCrossentropy(), p, y)

# %% [markdown]
# Keras **clips**: a probability below ε = 1e-7 is replaced by ε, one above 1 - ε by 1 - ε. So the first two samples
# cost the same: beyond the limits the loss is level, and such a sample teaches nothing.
#
# **Find the bug.** The article prints $H(p, q) = -\sum_{i=1}^{n} p_i \log q_i$, with p the true values, q the
# predicted ones, and n the "number of samples". For its own network with one output that reads as below. Give it a
# batch of labels 0, a batch twice, a probability of 0; then mend it, with Keras's ε. (`np.clip(a, low, high)` clips.)


# %% nbgrader={"grade": false, "grade_id": "article_crossentropy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def article_crossentropy(y_true, y_pred):
    """Cross-entropy, one number; y_true (n,) 0 or 1, y_pred (n,) probabilities of 1."""
    return -np.sum(y_true * np.log(y_pred))


### BEGIN SOLUTION
def article_crossentropy(y_true, y_pred):
    """Cross-entropy, one number; y_true (n,) 0 or 1, y_pred (n,) probabilities of 1."""
    p = np.clip(y_pred, 1e-7, 1 - 1e-7)
    return -np.mean(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_article_crossentropy", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("article_crossentropy", article_crossentropy)

# %% [markdown]
# **From logits.** The numbers z before the sigmoid, p = σ(z), are called **logits**. Rounding turns σ(40) into exactly
# 1; z itself still knows more. Inserting p = σ(z) and rearranging gives a form that never meets ln 0 and never
# overflows:
#
# $$l = \max(z, 0) - z\,y + \ln(1 + e^{-|z|})$$
#
# `np.log1p(t)` is ln(1 + t), exact also for tiny t. In Keras it is `from_logits=True`, after a last layer without
# activation.
#
# **Build** it from a blank cell. The labels have the shape (n,), as in a file; the logits (n, 1), as `Dense(1)` returns
# them. Remember the second question of the recall.


# %% nbgrader={"grade": false, "grade_id": "binary_from_logits", "locked": false, "schema_version": 3, "solution": true, "task": false}
def binary_from_logits(y_true, z):
    """Mean cross-entropy, one number; y_true (n,) 0 or 1, z (n, 1) logits."""
    ### BEGIN SOLUTION
    z = z[:, 0]
    return np.mean(np.maximum(z, 0) - z * y_true + np.log1p(np.exp(-np.abs(z))))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_binary_from_logits", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("binary_from_logits", binary_from_logits)

# %%
y, z = np.array([[1.0], [1.0], [0.0]]), np.array([[-800.0], [-20.0], [1.5]])
print("from probabilities:", losses.binary_crossentropy(y, ops.sigmoid(z)))
print("from logits       :", losses.binary_crossentropy(y, z, from_logits=True))
compare(
    lambda: binary_from_logits(y[:, 0], z),
    kerasedu=losses.BinaryCrossentropy(from_logits=True)(y, z),
    keras=keras.losses.BinaryCrossentropy(from_logits=True, dtype="float64")(y, z),
)

# %% [markdown]
# ## 3. Why cross-entropy
#
# The article trains its sigmoid with `loss='mse'`. The picture shows both losses of one sample with y = 1 against its
# logit. **Predict:** at z = -8 the network is sure, and wrong. Training follows the slope of the loss: which of the two
# has the larger slope there? The slopes are measured: z moves a little to both sides, and the change of the loss is
# divided by the change of z.

# %%
logit = np.linspace(-10, 6, 161)
of_logit = {
    "squared error": lambda z: (ops.sigmoid(z) - 1) ** 2,
    "cross-entropy": lambda z: ops.binary_crossentropy(np.ones_like(z), z, from_logits=True),
}
for z_0 in (-8.0, -2.0, 2.0):
    slopes = [float(gradcheck.numerical_gradient(loss, z_0)) for loss in of_logit.values()]
    print(f"z = {z_0:4}: slope of the squared error {slopes[0]:10.6f}, of the cross-entropy {slopes[1]:10.6f}")
plots.lines(
    "Both losses are near 0 for large logits. To the left the cross-entropy rises along a straight line; the squared "
    "error bends, and from about -4 on it is nearly level at 1.",
    logit,
    {name: loss(logit) for name, loss in of_logit.items()},
    xlabel="logit z of a sample with label 1",
    ylabel="loss",
)

# %% [markdown]
# The slope of the cross-entropy is p - y (lesson 04 derives it): near -1 when p is near 0 and y is 1. The squared
# error **saturates**: where the sigmoid is level, the error no longer reaches z, and the worst mistakes teach least.
# Softmax saturates in the same way.
#
# On real data: is a tumour malignant (1) or benign (0), from two measurements? One `Dense(1)` with a sigmoid starts
# with bias -8, so sure of "benign". The measurements are scaled with the mean and deviation of the training samples.

# %%
(x_all, benign), (x_test, test_benign) = datasets.breast_cancer()
x_all, x_test = x_all[:, :2], x_test[:, :2]
is_validation = np.arange(len(x_all)) % 3 == 0
x_train, x_valid = x_all[~is_validation], x_all[is_validation]
malignant, valid_malignant = 1 - benign[~is_validation], 1 - benign[is_validation]
mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)
x_train, x_valid, x_test = [(x - mean) / deviation for x in (x_train, x_valid, x_test)]


def sure_of_benign(loss):
    kerasedu.random.set_random_seed(0)
    model = kerasedu.Sequential([layers.Dense(1, "sigmoid", bias_initializer=kerasedu.initializers.Constant(-8))])
    model.compile(optimizers.SGD(0.5), loss, metrics=["accuracy"])
    return model


parity.check_fit(sure_of_benign("mse"), x_train[:96], malignant[:96], epochs=2, batch_size=32)

# %%
accuracy, models = {}, {}
for loss in ("mse", "binary_crossentropy"):
    models[loss] = sure_of_benign(loss)
    accuracy[loss] = models[loss].fit(x_train, malignant, epochs=30, verbose=0).history["accuracy"]
plots.curves(
    "Trained on cross-entropy, the accuracy rises within a few epochs and stays high; trained on the squared error, it "
    "stays where it began.",
    accuracy,
    ylabel="accuracy on the training set",
)

# %% [markdown]
# ## 4. A loss for several classes
#
# For K classes the network returns K probabilities a sample, $p_{ik}$, shape (n, K). With labels as **one-hot** rows,
# $y_{ik}$, shape (n, K), 1 for the true class and 0 elsewhere,
#
# $$L = -\frac{1}{n}\sum_{i=1}^{n}\sum_{k=1}^{K} y_{ik} \ln p_{ik}$$
#
# a **sum over the classes, a mean over the samples**: again a sample costs -ln of the probability of its true class.
# This is `CategoricalCrossentropy`; it clips, too, after dividing each row of p by its sum (so p and 2 p give the same
# below). From class numbers, shape (n,), `SparseCategoricalCrossentropy` computes the same.
#
# **Predict**, for 10 classes, with expressions such as `np.log(2)`:
#
# 1. An untrained network gives every class the same probability. What is its loss?
# 2. A network is right and sure: it returns the *probabilities* (1, 0, …, 0) for class 0. Somebody computes the loss
#    with `from_logits=True`. What comes out?

# %% nbgrader={"grade": false, "grade_id": "predict_crossentropy", "locked": false, "schema_version": 3, "solution": true, "task": false}
untrained = None
softmax_twice = None
### BEGIN SOLUTION
untrained = np.log(10)
softmax_twice = -np.log(np.e / (np.e + 9))
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_crossentropy", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
quiz("predict_crossentropy", untrained, softmax_twice)

# %%
(digits, digit), (test_digits, test_digit) = datasets.digits()
kerasedu.random.set_random_seed(0)
model = kerasedu.Sequential([layers.Flatten(), layers.Dense(10)])
model.compile(optimizers.SGD(0.1), losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
print("loss before training:", model.evaluate(test_digits, test_digit, verbose=0)[0], "  ln 10:", np.log(10))
model.fit(digits, digit, epochs=10, verbose=0)
z = model.predict(test_digits, verbose=0)
p, one_hot = ops.softmax(z), ops.one_hot(test_digit, 10)
from_logits = losses.SparseCategoricalCrossentropy(from_logits=True)
print("after, from logits  :", from_logits(test_digit, z))
print("one-hot, p and 2 p  :", *(losses.CategoricalCrossentropy()(one_hot, row) for row in (p, 2 * p)))
print("softmax twice       :", from_logits(test_digit, p))
parity.check(losses.CategoricalCrossentropy(), 2 * p, one_hot)

# %% [markdown]
# A loss far from ln K before training is a sign of a mistake. So is one that stops falling near 1.46 although nearly all
# answers are right: a softmax is there twice. (If it is the last layer's activation, Keras warns and looks through it;
# one applied by hand goes unnoticed.)
#
# **Build** the sparse form from logits, up to *per sample*. With p = softmax(z) and the true class k,
#
# $$-\ln p_k = -\ln \frac{e^{z_k}}{\sum_j e^{z_j}} = \ln\Bigl(\sum_j e^{z_j}\Bigr) - z_k
# \qquad\text{and}\qquad \ln\Bigl(\sum_j e^{z_j}\Bigr) = m + \ln\Bigl(\sum_j e^{z_j - m}\Bigr)$$
#
# for every m. With m the largest logit **of the row** no exponential overflows, as in the stable softmax of lesson 02.
# `z[np.arange(n), labels]` picks from each row the entry of its label.


# %% nbgrader={"grade": false, "grade_id": "sparse_from_logits", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sparse_from_logits(labels, z):
    """The cross-entropy of each sample, (n,); labels (n,) from 0 to K - 1, z (n, K) logits."""
    ### BEGIN SOLUTION
    m = z.max(axis=-1)
    log_sum = m + np.log(np.exp(z - m[:, None]).sum(axis=-1))
    return log_sum - z[np.arange(len(labels)), labels]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_sparse_from_logits", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("sparse_from_logits", sparse_from_logits)

# %%
compare(
    lambda: sparse_from_logits(test_digit, z),
    kerasedu=losses.sparse_categorical_crossentropy(test_digit, z, from_logits=True),
    keras=keras.losses.sparse_categorical_crossentropy(test_digit, z, from_logits=True),
)
# An article has class numbers in the loss for one-hot rows: both libraries refuse
for loss in (losses.CategoricalCrossentropy(), keras.losses.CategoricalCrossentropy()):
    try:
        loss(test_digit, p)
    except ValueError as error:
        print(type(loss).__module__.split(".")[0], "refuses:", str(error).strip(), "\n")

# %% [markdown]
# ## 5. What metrics count, and what they hide
#
# An article evaluates by "accuracy, recall, precision and recall", and computes the accuracy with a cross-entropy. That
# is no share of right answers; and Keras's class `Accuracy` only asks whether two numbers are **equal**. (The *string*
# `"accuracy"` in `compile` chooses `BinaryAccuracy`, `CategoricalAccuracy` or `SparseCategoricalAccuracy` by the shapes.)
#
# **Predict:**
#
# 1. What is `Accuracy()([1, 0, 1, 0], [0.9, 0.2, 1.0, 0.4])`?
# 2. Of 50 tumours 10 are malignant. A program calls all of them benign. What is its accuracy?
# 3. **Recall** is the share found of what was to be found. What is this program's recall of malignant tumours?

# %% nbgrader={"grade": false, "grade_id": "predict_accuracy", "locked": false, "schema_version": 3, "solution": true, "task": false}
equality = None
always_benign = None
recall_of_malignant = None
### BEGIN SOLUTION
equality = 0.25
always_benign = 0.8
recall_of_malignant = 0
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_accuracy", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("predict_accuracy", equality, always_benign, recall_of_malignant)

# %%
labels, scores = np.array([1.0, 0, 1, 0]), np.array([0.9, 0.2, 1.0, 0.4])
for name in ("Accuracy", "BinaryAccuracy"):
    ours, theirs = (float(getattr(library, name)()(labels, scores)) for library in (metrics, keras.metrics))
    print(f"{name:14} kerasedu {ours}  tf.keras {theirs}")

# %% [markdown]
# The **confusion matrix** keeps what accuracy throws away: entry (i, j) counts the samples of true class i, the row,
# that were predicted as class j, the column. This is the order of TensorFlow and scikit-learn; some books transpose
# it. The labels 0, 0, 0, 1, predicted as 1, 1, 0, 1, give [[1, 2], [0, 1]]. **Build** it.


# %% nbgrader={"grade": false, "grade_id": "confusion_matrix", "locked": false, "schema_version": 3, "solution": true, "task": false}
def confusion_matrix(labels, predicted, classes):
    """Counts (classes, classes), rows true, columns predicted; labels, predicted (n,) from 0 to classes - 1."""
    ### BEGIN SOLUTION
    matrix = np.zeros((classes, classes), dtype=int)
    for label, decision in zip(labels, predicted):
        matrix[label, decision] += 1
    return matrix
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_confusion_matrix", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("confusion_matrix", confusion_matrix)

# %%
# The digits again; kerasedu has no such function, but a product of one-hot matrices makes one
import tensorflow as tf

decided = z.argmax(axis=-1)
matrix = (ops.one_hot(test_digit, 10).T @ ops.one_hot(decided, 10)).astype(int)
compare(
    lambda: confusion_matrix(test_digit, decided, 10),
    one_hot=matrix,
    tensorflow=tf.math.confusion_matrix(test_digit, decided, 10).numpy(),
)
errors = matrix - np.diag(matrix.diagonal())
true, called = np.unravel_index(errors.argmax(), errors.shape)
plots.confusion(
    f"{matrix.trace()} of {matrix.sum()} test digits lie on the diagonal. The largest number off it, {errors.max()}, is "
    f"that of the {true} called {called}.",
    matrix,
    range(10),
)

# %% [markdown]
# For each class k, **precision** is the share of right ones among those *called* k, **recall** the share of right ones
# among those that *are* k. Where nothing is there to divide by, Keras says 0. **Build** both for all classes at once;
# `matrix.diagonal()` holds the right ones.


# %% nbgrader={"grade": false, "grade_id": "precision_recall", "locked": false, "schema_version": 3, "solution": true, "task": false}
def precision_recall(matrix):
    """Precision (classes,) and recall (classes,); matrix (classes, classes) counts, rows true, columns predicted."""
    ### BEGIN SOLUTION
    right, called, true = matrix.diagonal(), matrix.sum(axis=0), matrix.sum(axis=1)
    return right / np.maximum(called, 1), right / np.maximum(true, 1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_precision_recall", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("precision_recall", precision_recall)

# %%
kinds = [metrics.Precision, metrics.Recall], [keras.metrics.Precision, keras.metrics.Recall]
calls = ops.one_hot(decided, 10)
in_kerasedu, in_keras = ([[kind(class_id=k)(one_hot, calls) for k in range(10)] for kind in pair] for pair in kinds)
compare(lambda: precision_recall(matrix), kerasedu=in_kerasedu, keras=in_keras)

# %% [markdown]
# **A threshold is a decision.** With one output, "malignant" is called where p exceeds a threshold, by default 0.5.
# Nothing forces 0.5. We try many, on the validation samples, which took no part in training. (Chosen on the test set,
# a threshold could not be judged there.) A missed tumour costs more than a second look, so we take the highest
# threshold that finds at least 0.95 of the malignant validation samples; then, once, the test set.

# %%
thresholds = np.arange(0.02, 1.0, 0.02)
p_valid = models["binary_crossentropy"].predict(x_valid, verbose=0)[:, 0]
sweep = {
    "precision": metrics.Precision(thresholds=list(thresholds))(valid_malignant, p_valid),
    "recall": metrics.Recall(thresholds=list(thresholds))(valid_malignant, p_valid),
    "accuracy": [metrics.BinaryAccuracy(threshold=t)(valid_malignant, p_valid) for t in thresholds],
}
plots.lines(
    "As the threshold rises, recall falls, precision rises on the whole, and the accuracy is highest in between.",
    thresholds,
    sweep,
    xlabel="threshold",
    ylabel="share",
)

# %%
chosen = thresholds[np.asarray(sweep["recall"]) >= 0.95].max()
p_test, test_malignant = models["binary_crossentropy"].predict(x_test, verbose=0)[:, 0], 1 - test_benign
for threshold in (0.5, chosen):
    scores = [metrics.BinaryAccuracy(threshold=threshold), metrics.Precision(threshold), metrics.Recall(threshold)]
    accuracy, precision, recall = (metric(test_malignant, p_test) for metric in scores)
    print(f"threshold {threshold:.2f}: accuracy {accuracy:.3f}  precision {precision:.3f}  recall {recall:.3f}")
print("always 'benign':", np.mean(test_malignant == 0).round(3), "accuracy")
parity.check(metrics.Precision(thresholds=[0.5, chosen]), p_test, test_malignant)

# %% [markdown]
# Does the test set keep what the validation set promised? Accuracy hides which class the errors hit, precision what was
# missed, recall the false alarms; all three hide how sure the network was, which the loss sees.
#
# **Build a variant** that is not in `kerasedu`. A loss can respect rare classes: first the mean of
# $-\ln p_{\text{true}}$ within each class that occurs in the batch, then the mean of these means. `labels == k` selects
# the samples of class k, `np.unique(labels)` lists the classes that occur. The probabilities are never 0.


# %% nbgrader={"grade": false, "grade_id": "balanced_crossentropy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def balanced_crossentropy(labels, probabilities):
    """Mean over classes of the mean cross-entropy in each; labels (n,), probabilities (n, K)."""
    ### BEGIN SOLUTION
    losses = -np.log(probabilities[np.arange(len(labels)), labels])
    return np.mean([losses[labels == k].mean() for k in np.unique(labels)])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_balanced_crossentropy", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("balanced_crossentropy", balanced_crossentropy)

# %%
# The same from weights: 1 / (number of samples of that class), with the reduction Σ w l / Σ w
both_classes = np.stack([1 - p_test, p_test], axis=1)
weights = 1 / np.bincount(test_malignant)[test_malignant]
keras_loss = keras.losses.SparseCategoricalCrossentropy(reduction="mean_with_sample_weight")
compare(
    lambda: balanced_crossentropy(test_malignant, both_classes), keras=keras_loss(test_malignant, both_classes, weights)
)

# %% [markdown]
# ## In your own words
#
# A clinic reads 1,000 scans, of which 10 show a tumour. Its network reports an accuracy of 0.99, and the team is
# pleased. Explain in four or five sentences what this number can hide, which two numbers you would ask for and what
# each divides by, what lowering the threshold does to both, and on which data you would choose the threshold.

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_accuracy", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# A program that calls every scan healthy is right on 990 of 1,000: its accuracy is 0.99, and it finds no tumour. I would
# ask for recall, the tumours found divided by the 10 tumours that are there, and for precision, the tumours found
# divided by all scans called tumour. A lower threshold calls more scans tumour: recall rises or stays, and precision
# falls as a rule, for there are more false alarms. The threshold is chosen on validation data and reported on test data
# that took no part in the choice.
#
# **Marking scheme.** 1 point each: the constant answer has the same accuracy; recall and precision with what each
# divides by, not exchanged; the effect of a lower threshold on both; validation data, not test data.
# ### END SOLUTION

# %% [markdown]
# ## What you can do now
#
# 1. Errors are averaged over a sample's outputs, then over the samples; with weights, Keras's losses still divide by n.
# 2. A sample costs -ln of the probability of its true answer; Keras clips at 1e-7, so at 16.118, and logits need no
#    clipping.
# 3. The cross-entropy keeps its slope where sigmoid is level; a squared error saturates. You measured both.
# 4. One-hot rows take the categorical loss, class numbers the sparse one; a loss stuck near 1.46 with 10 classes has
#    met softmax twice.
# 5. Rows true, columns predicted. Accuracy hides the rare class, precision the missed, recall the false alarms.
