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
# # 00 Start here
#
# This tour takes half an hour. You train a network on real handwriting, look at the numbers inside it, compare it with
# tf.keras, and answer your first exercises. After it you can
#
# 1. say whether your set-up is complete, and whether comparisons run on a CPU or a GPU;
# 2. name the five steps that every training repeats;
# 3. read a comparison with tf.keras, and tell rounding from a mistake;
# 4. answer an exercise, use its messages and hints, and see your points.
#
# Nothing here is explained to the bottom; that is what lessons 01 to 16 are for. You need Python, a little NumPy, and
# what a derivative is. **Run the cells from top to bottom** with Shift+Enter; a cell that is running shows `[*]`.

# %% [markdown]
# ## 1. Is everything there?
#
# Three packages matter. **NumPy** computes with arrays. **TensorFlow**, with Keras in it, is what is used in practice
# and what we check against. **kerasedu** is this course's library: the same functions as Keras, in NumPy, short enough
# to read. The next cell looks for all of them, and takes some seconds: TensorFlow is slow to start.

# %%
import numpy as np

import kerasedu
from kerasedu import datasets, doctor, layers, parity, plots
from kerasedu.exercises import answer, check, hint, order

doctor.examine()

# %% [markdown]
# If the last line says that everything is here, go on. If not, the lines above it say what to do; then restart
# (menu Kernel, Restart Kernel) and run the cell again. The line `computes on` says where TensorFlow computes. CPU is
# enough for every lesson; an NVIDIA card on Linux needs `make env DEVICE=gpu`, typed in the course's folder.
#
# ## 2. The data
#
# Handwritten digits, 8 by 8 pixels each, collected from 43 people (UCI, Optical Recognition of Handwritten Digits; it
# comes with scikit-learn). Each pixel is a number between 0, white, and 1, black. The **labels** say which digit was
# meant. Most images are for training; the rest, the test set, is kept aside to see how the network does on handwriting
# that it has never met.

# %%
(x_train, y_train), (x_test, y_test) = datasets.digits()
print("training:", x_train.shape, x_train.dtype, "labels:", y_train.shape, "test:", x_test.shape)
plots.images("Ten digits from the training set, each drawn by hand on 8 by 8 pixels.", x_train[:10], y_train[:10])

# %% [markdown]
# An array's `shape` lists its lengths axis by axis: the first counts images, the others rows and columns. A network
# for images often begins by laying each image out as one row of numbers, with a layer called `Flatten`.
#
# **Predict:** a batch of 32 images has shape (32, 8, 8). Which shape has it after `Flatten`? Replace `None` by a tuple,
# run the cell, then the one under it. It prints a verdict, and under that your points as a number. A wrong answer costs
# nothing; try as often as you like.

# %% nbgrader={"grade": false, "grade_id": "predict_flat_shape", "locked": false, "schema_version": 3, "solution": true, "task": false}
shape = None
### BEGIN SOLUTION
shape = (32, 64)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_flat_shape", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
answer("predict_flat_shape", shape)

# %% [markdown]
# ## 3. Train a network
#
# The network has two layers with numbers to be learned. `Dense(32)` makes 32 new numbers of the 64 pixels, each a
# weighted sum of all pixels plus one more number, the bias. `relu` replaces negative results by zero. `Dense(10)` makes
# ten numbers of those 32, one for each digit, and `softmax` turns them into ten probabilities that add up to 1.

# %%
kerasedu.set_random_seed(0)
model = kerasedu.Sequential(
    [
        layers.Input((8, 8)),
        layers.Flatten(),
        layers.Dense(32, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.summary()

# %% [markdown]
# The column of parameters counts the numbers to be learned. Each of the 32 units of the first `Dense` has one weight
# for each of its 64 inputs and one bias: 32 · (64 + 1) = 2,080.
#
# **Predict:** how many would a `Dense(16)` have that follows a layer of 32 units?

# %% nbgrader={"grade": false, "grade_id": "predict_parameters", "locked": false, "schema_version": 3, "solution": true, "task": false}
count = None
### BEGIN SOLUTION
count = 16 * (32 + 1)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_parameters", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
answer("predict_parameters", count)

# %% [markdown]
# `fit` trains. One pass over all training images is an **epoch**; within it the images are taken in batches of 32.
# After each batch every weight is changed a little, in the direction that makes the error, the **loss**, smaller.

# %%
history = model.fit(x_train, y_train, epochs=25, batch_size=32, validation_data=(x_test, y_test), verbose=0)
loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"right on {accuracy:.1%} of {len(x_test)} test images")

# %%
lines = {"training images": history.history["loss"], "test images": history.history["val_loss"]}
plots.curves("Both losses fall, fast at first; at the end the one on test images is the higher one.", lines)

# %% [markdown]
# The training loss is an average over the epoch, taken while the weights still improve, so it lags behind at first. In
# the end it is the lower one: the network knows its training images better than new ones.
#
# What happened between the first epoch and the last? For every batch the same five steps. **Order** them: write the
# letters in the order in which they happen. Two of the seven lines do not belong.
#
# - A: compare the outputs with the labels: the loss
# - B: take the next batch of images and their labels
# - C: change each weight a little against its derivative
# - D: compute the outputs from the images, layer by layer: the forward pass
# - E: change the labels a little towards the outputs
# - F: compute the loss's derivative with respect to every weight, from the last layer to the first: the backward pass
# - G: measure the accuracy on the test images and choose the weights that do best there

# %% nbgrader={"grade": false, "grade_id": "lines_training", "locked": false, "schema_version": 3, "solution": true, "task": false}
letters = ""
### BEGIN SOLUTION
letters = "B D A F C"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_lines_training", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
order("lines_training", letters)

# %% [markdown]
# ## 4. Look inside
#
# There is nothing in the model but arrays. Each of the 32 hidden units has 64 weights, one for each pixel; drawn as an
# image, they show where the unit looks for ink (purple) and where ink counts against it (orange).

# %%
kernel, bias, kernel_2, bias_2 = model.get_weights()
print("kernel", kernel.shape, "bias", bias.shape, "second kernel", kernel_2.shape, "second bias", bias_2.shape)
plots.images(
    "The weights of ten hidden units as 8 by 8 images: each has patches of positive and of negative weights.",
    kernel.T[:10].reshape(10, 8, 8),
    [f"unit {unit}" for unit in range(10)],
    signed=True,
)

# %% [markdown]
# So the forward pass can be done by hand. With x the flattened image, shape (1, 64), W₁ (64, 32), b₁ (32,), W₂ (32, 10)
# and b₂ (10,):
#
# $$h = \max(0,\; x W_1 + b_1), \qquad z = h W_2 + b_2, \qquad p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}$$
#
# Three lines of NumPy give what the model gives:

# %%
x = x_test[:1].reshape(1, 64)
h = np.maximum(0, x @ kernel + bias)
z = h @ kernel_2 + bias_2
p = np.exp(z) / np.exp(z).sum()
print("largest difference from the model:", np.abs(p - model.predict(x_test[:1], verbose=0)).max())
plots.bars(
    f"Ten probabilities; the largest belongs to the digit {p.argmax()}.", p[0], range(10), "digit", "probability"
)

# %% [markdown]
# ## 5. Is it what Keras computes?
#
# Numbers that look plausible can be wrong. In each lesson the same computation runs in tf.keras, with the same weights
# on the same inputs, and the results are compared number by number: outputs, and the derivatives that training uses.

# %%
parity.check(model, x_test[:16])

# %% [markdown]
# Each row is one array. The last digits differ: float32 keeps about 7 decimal digits, and two programs that add in
# another order round differently. The **tolerance** says how far that can go here; a formula that is wrong lands far
# outside it. The next comparison trains both libraries, three epochs from the same weights and batch for batch, and
# compares what was learned.

# %%
parity.check_fit(model, x_train[:320], y_train[:320], epochs=3)

# %% [markdown]
# **Predict:** a report shows a largest difference of 6e-08 for numbers near 1 in float32. What is that? A: a wrong
# formula; B: rounding; C: a broken graphics card.

# %% nbgrader={"grade": false, "grade_id": "predict_rounding", "locked": false, "schema_version": 3, "solution": true, "task": false}
choice = None
### BEGIN SOLUTION
choice = "B"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_rounding", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
answer("predict_rounding", choice)

# %% [markdown]
# ## 6. Your first function
#
# In most exercises you write a short function. This one is the accuracy. `probabilities` has shape (n, 10): row i holds
# the network's ten probabilities for image i. Its decision is the digit with the largest one. `labels` has shape (n,).
# Return the fraction of images whose decision equals the label, a single number between 0 and 1.
#
# Two NumPy functions help: `a.argmax(axis=1)` gives for each row the place of its largest entry, and `np.mean` of
# an array of True and False counts True as 1.


# %% nbgrader={"grade": false, "grade_id": "fraction_right", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fraction_right(probabilities, labels):
    """Fraction of rows whose largest entry stands at the label; probabilities (n, k), labels (n,)."""
    ### BEGIN SOLUTION
    return np.mean(probabilities.argmax(axis=1) == labels)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_fraction_right", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("fraction_right", fraction_right)

# %% [markdown]
# A check draws new inputs each time, compares your results with the reference, and says what differs. Where it knows
# the mistake, it tells you what is behind it. See what it says of a wrong answer, made on purpose:

# %%
check("fraction_right", lambda probabilities, labels: np.mean(probabilities.max(axis=1) == labels))

# %% [markdown]
# Stuck? Every exercise has three hints: where to look, the principle, one worked line. Take one at a time.

# %%
hint("fraction_right", 1)

# %% [markdown]
# ## 7. See it graded
#
# Save this notebook (Ctrl+S). Open a terminal (menu File, New, Terminal) and type
#
# ```console
# kerasedu check 00
# kerasedu progress
# ```
#
# (In a terminal outside JupyterLab, go to the course's folder and type `.venv/bin/kerasedu` instead of `kerasedu`.)
# The first runs the answer cells of your copy in order, as a teacher's grader does, and lists a verdict and the points
# of each exercise; the second shows what you have so far in all lessons. So what counts is what stands in the answer
# cells, not what you happened to run: a helper of yours belongs in the answer cell that uses it. What runs there has
# Python and NumPy only, so an answer that calls `kerasedu` or Keras is none.
#
# A few answers are in words, and a person reads them. Here is the first.
#
# **In your own words:** a friend has written the forward pass in another programming language and says it is right,
# since the digits come out right. In two or three sentences: why is that not enough, and what would convince you?

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_comparison", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# A program with an error can still put the largest probability on the right digit, for example when every output is
# scaled or a small term is missing. I would give both programs the same weights and inputs, compare every output
# number, and expect differences no larger than rounding. I would also compare derivatives, which training needs.
#
# **Marking scheme.** 1 point each: right digits can hide wrong numbers; same weights and inputs; differences compared
# with a tolerance for rounding.
# ### END SOLUTION

# %% [markdown]
# ## What you can do now
#
# 1. Your set-up runs, and the first cell names the device; `kerasedu doctor` says the same in a terminal.
# 2. Training repeats: batch, forward pass, loss, backward pass, change of the weights.
# 3. A comparison lists arrays, differences and tolerances; near 1e-7 in float32 is rounding.
# 4. An exercise answers at once, has three hints, and `kerasedu check` gives its points.
#
# Next is lesson 01: the matrix operations that all of this is made of.
