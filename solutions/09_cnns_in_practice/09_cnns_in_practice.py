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
# # 09 CNNs in practice
#
# The source articles name what Keras is used for: vision, speech, text, games. This lesson is about vision and, at its
# end, a signal. After it you can
#
# 1. follow shapes and parameters through a published CNN, repair it, and scale it to your data;
# 2. augment training images without touching what you test on;
# 3. reuse a trained network for new classes with few labels, and say what is trained;
# 4. look inside: filters, feature maps, saliency, Grad-CAM, each from gradients of the right quantity;
# 5. convolve a signal so that no output sees the future.

# %%
import numpy as np

import kerasedu
from kerasedu import datasets, gradcheck, layers, losses, optimizers, parity, plots
from kerasedu.exercises import check, order, quiz

print("Comparisons run on:", parity.device.describe())
rng = np.random.default_rng(9)

# %% [markdown]
# **Recall** from earlier lessons.
#
# 1. `MaxPooling2D(2)` reads a batch of shape (4, 7, 7, 3). Which shape comes out?
# 2. `Dropout(0.75)`, in training, keeps a 3.0. Which number comes out in its place?
# 3. `SGD(0.1, momentum=0.9)` sees the gradient 1 twice. How far has the weight moved after both steps?

# %% nbgrader={"grade": false, "grade_id": "recall_09", "locked": false, "schema_version": 3, "solution": true, "task": false}
first = None
second = None
third = None
### BEGIN SOLUTION
first = (4, 3, 3, 3)
second = 3 / 0.25
third = 0.1 + 0.19
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_recall_09", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("recall_09", first, second, third)

# %% [markdown]
# ## 1. A network from an article
#
# In lesson 08 you counted the parameters of the CNNs that two articles print for MNIST, digits of 28 by 28 pixels. Now
# one of them is to read our digits, 8 by 8. **Predict**:
#
# 1. How many parameters has `article_003`, below, on 8 by 8 pixels, when both `Conv2D` get `padding="same"` and 8 and 16
#    filters, and `Dense(10)` stands directly behind `Flatten`?
# 2. As it is printed, which shape (height, width, filters) leaves its second `Conv2D` on 8 by 8 pixels?
# 3. The article's second version joins layers by assigning attributes, such as `model.output`. Somebody wrote calls in
#    their place, in `article_called`. How many parameters has its model on 8 by 8 pixels?

# %%
import tensorflow as tf
from keras import Input, Model, Sequential
from keras.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D


def article_003(shape):
    first = [Conv2D(32, kernel_size=3, activation="relu"), MaxPooling2D(pool_size=(2, 2))]
    second = [Conv2D(64, kernel_size=3, activation="relu"), MaxPooling2D(pool_size=(2, 2))]
    head = [Flatten(), Dense(64, activation="relu"), Dropout(0.5), Dense(10, activation="softmax")]
    return Sequential([Input(shape), *first, *second, *head])


def article_called(shape):
    input_layer = Input(shape)
    called = [layer(input_layer) for layer in (Conv2D(32, kernel_size=3, activation="relu"), Flatten())]
    output_layer = Dense(10, activation="softmax")(called[-1])
    return Model(inputs=input_layer, outputs=output_layer)


# %% nbgrader={"grade": false, "grade_id": "predict_article_cnn", "locked": false, "schema_version": 3, "solution": true, "task": false}
scaled = None
small = None
parameters = None
### BEGIN SOLUTION
scaled = (3 * 3 * 1 * 8 + 8) + (3 * 3 * 8 * 16 + 16) + (2 * 2 * 16 * 10 + 10)
small = (1, 1, 64)
parameters = 8 * 8 * 10 + 10
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_article_cnn", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("predict_article_cnn", scaled, small, parameters)


# %%
def attempt(what, action):
    try:
        print(f"{what}: works, {action()}")
    except Exception as error:
        text = str(error).replace("\x1b[1m", "").replace("\x1b[0m", "").split("call().")[-1]
        print(f"{what}: {type(error).__name__}, {' '.join(text.split())[:120]}")


model, conv2d = article_called((8, 8, 1)), Conv2D(32, kernel_size=3)
attempt("article_003 on 28 x 28", lambda: f"{article_003((28, 28, 1)).count_params():,} parameters")
attempt("article_003 on 8 x 8", lambda: article_003((8, 8, 1)))
attempt("article_called", lambda: f"{model.count_params():,} parameters, {[layer.name for layer in model.layers]}")
# as printed in the second version:
attempt("Model(inputs=conv2d)", lambda: Model(inputs=conv2d))
attempt("model.output = conv2d", lambda: setattr(model, "output", conv2d))
attempt("model.add(conv2d)", lambda: model.add(conv2d))

# %% [markdown]
# A functional model contains the layers on the way from its inputs to its outputs, and **calls** make the way:
# `x = conv2d(inputs)`, then `x = Flatten()(x)`, and so on. A layer whose result nobody reads is left out in silence.
#
# **Find the bugs.** The article trains on three rows of three numbers with three classes. Somebody wrote this for MNIST
# instead. On all of MNIST the arrays come out right. On a batch, or on one scanned digit, each of the two results goes
# wrong in its own way. Each earns a point.


# %% nbgrader={"grade": false, "grade_id": "article_data", "locked": false, "schema_version": 3, "solution": true, "task": false}
def article_data(images, labels):
    """x (n, 28, 28, 1), ink, 255, becomes 1; one-hot y (n, 10), both float32; images (n, 28, 28), labels (n,)."""
    x = (images / images.max()).reshape(-1, 28, 28, 1).astype("float32")
    y = np.eye(labels.max() + 1, dtype="float32")[labels]
    return x, y


### BEGIN SOLUTION
def article_data(images, labels):
    """x (n, 28, 28, 1), ink, 255, becomes 1; one-hot y (n, 10), both float32; images (n, 28, 28), labels (n,)."""
    x = (images / 255).reshape(-1, 28, 28, 1).astype("float32")
    y = np.eye(10, dtype="float32")[labels]
    return x, y


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_article_data", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("article_data", article_data)

# %% [markdown]
# **Scaled to our digits**, 1,438 for training, 8 by 8 pixels, we change three things: `padding="same"`, so that 8
# becomes 8, 4, 4, 2; a quarter of the filters, 8 and 16, and no hidden `Dense`, for fewer pixels and samples; and no
# softmax in the model. The loss applies it (`from_logits=True`), so that the model returns **scores**, which section 4
# needs. Below, the training is **compared** with tf.keras, every weight after every step, without dropout, whose random
# draws differ between libraries; then it is done with dropout, on all digits.


# %%
def digit_cnn(classes=10, seed=0, rate=0.5):
    kerasedu.random.set_random_seed(seed)
    convolutions = [layers.Conv2D(8, 3, padding="same", activation="relu"), layers.MaxPooling2D(2)]
    convolutions += [layers.Conv2D(16, 3, padding="same", activation="relu"), layers.MaxPooling2D(2)]
    head = [layers.Flatten(), layers.Dropout(rate), layers.Dense(classes)]
    model = kerasedu.Sequential([layers.Input((8, 8, 1)), *convolutions, *head])
    model.compile(optimizers.Adam(0.005), logits_loss, metrics=["accuracy"])
    return model


logits_loss = losses.SparseCategoricalCrossentropy(from_logits=True)
(x_train, y_train), (x_test, y_test) = datasets.digits()
x_train, x_test = x_train[..., None], x_test[..., None]
parity.check_fit(digit_cnn(rate=0.0), x_train[:64], y_train[:64], epochs=2, batch_size=32)

# %%
reader = digit_cnn()
reader.summary()
reader.fit(x_train, y_train, epochs=12, verbose=0)
print(f"{reader.evaluate(x_test, y_test, verbose=0)[1]:.3f} of the test digits right")

MNIST = False  # True where there is a network or a copy of the file (11 MB): article_004 on a tenth of it
if MNIST:
    (images, labels), (images_test, labels_test) = datasets.mnist()
    stack = [layers.Conv2D(32, (3, 3), activation="relu"), layers.MaxPooling2D((2, 2)), layers.Flatten()]
    large = kerasedu.Sequential([layers.Input((28, 28, 1)), *stack, layers.Dense(10)])
    large.compile("adam", logits_loss, metrics=["accuracy"])
    large.fit(images[:6000, ..., None] / 255, labels[:6000], epochs=2)
    large.evaluate(images_test[:2000, ..., None] / 255, labels_test[:2000])

# %% [markdown]
# ## 2. Augmentation
#
# A digit moved by a pixel is the same digit: its **label stays**. Showing the network moved copies tells it so without
# new data. Each image gets a shift of its own; zeros, the white of paper, move in at the edge.
#
# **Build** it. Positive dy moves down, positive dx to the right, and every shift is smaller than the image.


# %% nbgrader={"grade": false, "grade_id": "shift_images", "locked": false, "schema_version": 3, "solution": true, "task": false}
def shift_images(images, dy, dx):
    """Image i moved by dy[i] rows, dx[i] columns; images (n, height, width, channels), the result in their dtype."""
    ### BEGIN SOLUTION
    moved = np.zeros_like(images)
    height, width = images.shape[1:3]
    for i in range(len(images)):
        y, x = dy[i], dx[i]
        stays = images[i, max(-y, 0) : height - max(y, 0), max(-x, 0) : width - max(x, 0)]
        moved[i, max(y, 0) : height + min(y, 0), max(x, 0) : width + min(x, 0)] = stays
    return moved
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_shift_images", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("shift_images", shift_images)


# %%
def when_written(action):
    """What action() returns, once the functions it calls are written."""
    try:
        return action()
    except NotImplementedError:
        print("Write your function first, then run this cell again.")


def compare(names, answer, references):
    """Print the largest difference between each result of answer() and each reference."""
    for k, (name, mine) in enumerate(zip(names, answer())):
        pairs = {way: (np.asarray(mine), np.asarray(right[k])) for way, right in references.items()}
        fits = {way: np.abs(a - b).max() if a.shape == b.shape else np.inf for way, (a, b) in pairs.items()}
        print(f"{name:10}", "   ".join(f"{way} {difference:.0e}" for way, difference in fits.items()))


# %%
def keras_shift(images, dy, dx):
    """As shift_images: output pixel (x, y) is input pixel (x - dx, y - dy), and 0 where there is none."""
    one, zero = np.ones(len(dy)), np.zeros(len(dy))
    where = np.stack([one, zero, -dx, zero, one, -dy, zero, zero], axis=1).astype("float32")
    return np.asarray(tf.keras.ops.image.affine_transform(images, where, "nearest", fill_mode="constant"))


seven = np.repeat(x_test[y_test == 7][:1], 9, axis=0)
dy, dx = np.array([0, -1, -1, -1, 0, 0, 1, 1, 1]), np.array([0, -1, 0, 1, -1, 1, -1, 0, 1])
moved = keras_shift(seven, dy, dx)
when_written(lambda: compare(["moved"], lambda: [shift_images(seven, dy, dx)], {"tf.keras": [moved]}))
titles = [f"dy {y}, dx {x}" for y, x in zip(dy, dx)]
plots.images("A seven, and the same seven moved by one pixel in each of eight directions.", moved, titles, columns=9)

# %% [markdown]
# **Order** these lines of an experiment. Three do not belong, though each has been seen in real code. `x_fit` are the
# images that the network learns from, `x_val` those by which one decides when to stop.
#
# - A: `for epoch in range(40):`
# - B: `    model.fit(moved, y_fit, validation_data=(x_val, y_val))`
# - C: `x_fit, x_val, y_fit, y_val = x_train[:300], x_train[300:], y_train[:300], y_train[300:]`
# - D: `x_train = np.concatenate([x_train, shift_images(x_train, dy, dx)])`
# - E: `    moved = shift_images(x_fit, *rng.integers(-1, 2, size=(2, 300)))`
# - F: `model.evaluate(x_test, y_test)`
# - G: `    model.fit(moved, y_fit, validation_data=(x_test, y_test))`
# - H: `    x_fit = shift_images(x_fit, *rng.integers(-1, 2, size=(2, 300)))`

# %% nbgrader={"grade": false, "grade_id": "lines_augmentation", "locked": false, "schema_version": 3, "solution": true, "task": false}
letters = ""
### BEGIN SOLUTION
letters = "C A E B F"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_lines_augmentation", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
order("lines_augmentation", letters)

# %% [markdown]
# With 300 training digits, is it worth it? Predict which network does better on digits as they are, and which on digits
# that a scanner has moved by up to a pixel. The validation images are the same for both, and they are looked at twice:
# as they are, and moved once.

# %%
fit, val, _ = np.split(np.random.default_rng(0).permutation(len(x_train)), [300, 600])
x_fit, y_fit, x_val, y_val = x_train[fit], y_train[fit], x_train[val], y_train[val]
x_val_moved = keras_shift(x_val, *rng.integers(-1, 2, size=(2, 300)))
accuracy = {}
for label, reach in [("plain training", 0), ("augmented", 1)]:
    model, as_is, scanned = digit_cnn(), [], []
    for _ in range(30):
        moved = keras_shift(x_fit, *rng.integers(-reach, reach + 1, size=(2, 300)))
        model.fit(moved, y_fit, verbose=0)
        as_is.append(model.evaluate(x_val, y_val, verbose=0)[1])
        scanned.append(model.evaluate(x_val_moved, y_val, verbose=0)[1])
    accuracy |= {f"{label}, plain digits": as_is, f"{label}, moved digits": scanned}
plots.curves(
    "On plain digits the network trained on plain digits rises fast and stays a little ahead of the augmented one. On "
    "moved digits it stays far below; the augmented one comes near its other curve.",
    accuracy,
    ylabel="validation accuracy",
)

# %% [markdown]
# Augmentation adds no digits, it adds a rule: a shift does not matter. It pays where the rule holds in use; where all
# digits are well centred it costs epochs. A rule can be wrong, too: turned upside down, a 6 becomes a 9.
#
# ## 3. Transfer
#
# A network that knows 0 to 4 has filters for strokes and bends. For 5 to 9 there are only 100 labels. **Transfer**:
# keep the convolutions, replace the last layer. **Frozen** weights (`layer.trainable = False`) are not changed; if they
# are trained on from their old values instead, that is **fine-tuning**.
#
# **Predict** for `digit_cnn(classes=5)` whose convolutions are frozen:
#
# 1. how many numbers are trained;
# 2. how many arrays `model.grads`, the gradients of what is trained, has after a backward pass.

# %% nbgrader={"grade": false, "grade_id": "predict_transfer", "locked": false, "schema_version": 3, "solution": true, "task": false}
trained = None
gradients = None
### BEGIN SOLUTION
trained = 2 * 2 * 16 * 5 + 5
gradients = 2
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_transfer", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
quiz("predict_transfer", trained, gradients)

# %% [markdown]
# The new model has outputs 0 to 4, so the label 7 has to become 2. **Build** it for any list of classes, such as
# (7, 2, 9): which samples stay, and at which place of the list their labels stand.
#
# Below it are four ways to start, with the same 100 labels each, three draws of labels, 15 epochs. The last one shows
# what frozen filters are worth that nobody has trained.


# %% nbgrader={"grade": false, "grade_id": "new_targets", "locked": false, "schema_version": 3, "solution": true, "task": false}
def new_targets(labels, classes):
    """kept (n,), True where the label is in classes (k,); targets (number kept,), its place there, from 0."""
    ### BEGIN SOLUTION
    match = labels[:, None] == classes
    kept = match.any(axis=1)
    return kept, match[kept].argmax(axis=1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_new_targets", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("new_targets", new_targets)


# %%
def small_network(start, draw, rate=0.5):
    """digit_cnn(5) with old weights, if start tells so, and with frozen convolutions, if it tells so."""
    model = digit_cnn(5, draw, rate)
    if "old" in start:
        model.set_weights([*old.get_weights()[:4], *model.get_weights()[4:]])
    for layer in model.layers[:-1]:
        layer.trainable = "frozen" not in start
    model.compile(optimizers.Adam(0.01), logits_loss, metrics=["accuracy"])
    return model


old = digit_cnn(5)
old.fit(x_train[y_train < 5], y_train[y_train < 5], epochs=12, verbose=0)
x_new, y_new = x_train[y_train >= 5], y_train[y_train >= 5] - 5
parity.check(small_network("old filters, frozen", 1, rate=0.0), x_new[:16], y_new[:16], name="frozen")

# %%
curves = {}
for start in ("old filters, frozen", "old filters, fine-tuned", "from scratch", "random filters, frozen"):
    runs = []
    for draw in (1, 2, 3):
        few, held_out, _ = np.split(np.random.default_rng(draw).permutation(len(x_new)), [100, 400])
        options = {"validation_data": (x_new[held_out], y_new[held_out]), "epochs": 15, "batch_size": 10, "verbose": 0}
        runs.append(small_network(start, draw).fit(x_new[few], y_new[few], **options).history["val_accuracy"])
    curves[start] = np.mean(runs, axis=0)
plots.curves(
    "Validation accuracy on 5 to 9. The old filters, frozen or fine-tuned, are far ahead in the first epochs; random "
    "frozen filters stay lowest; training from scratch starts low and ends beside fine-tuning, above frozen.",
    curves,
    ylabel="validation accuracy",
)

# %% [markdown]
# Look at the first epochs and at the last. Transfer saves the first part of the way; frozen, the filters also stay as the
# old digits left them. Training from scratch gets as far here, because these images are small and easy; where training
# takes days, or labels are a dozen, it may not.
#
# ## 4. Looking inside
#
# **Filters and feature maps.** The eight filters of the first layer are images, 3 by 3: purple adds, orange subtracts.
# A **feature map** is what one filter answers everywhere, 8 by 8. Match some filters with their maps of this three.

# %%
three, convolution = x_test[y_test == 3][:1], reader.layers[0]
filters = convolution.get_weights()[0][:, :, 0].transpose(2, 0, 1)  # (8, 3, 3)
maps = convolution(three)[0].transpose(2, 0, 1)  # (8, 8, 8)
enlarged = np.pad(filters.repeat(2, axis=1).repeat(2, axis=2), ((0, 0), (1, 1), (1, 1)))
rows = [three[..., 0], *enlarged / np.abs(filters).max(), three[..., 0], *maps / maps.max()]
plots.images(
    "A three, and under each of eight filters of 3 by 3 weights its feature map: some answer along horizontal strokes, "
    "some along upright or slanting ones.",
    np.concatenate([np.reshape(row, (1, 8, 8)) for row in rows]),
    ["input", *(f"filter {k}" for k in range(8)), "input", *(f"map {k}" for k in range(8))],
    columns=9,
    signed=True,
)

# %% [markdown]
# **Saliency** asks: which pixels would change the score $S_c$ of class c, if they changed a little? The gradient
# $\partial S_c / \partial x$ has the image's shape (n, height, width, channels). A pixel's saliency is the largest of
# its channels' **absolute** values. **Build** the map from the gradient.


# %% nbgrader={"grade": false, "grade_id": "saliency", "locked": false, "schema_version": 3, "solution": true, "task": false}
def saliency(gradients):
    """(n, height, width), the largest absolute value of the channels; gradients (n, height, width, channels)."""
    ### BEGIN SOLUTION
    return np.abs(gradients).max(axis=-1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_saliency", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("saliency", saliency)

# %% [markdown]
# The gradient itself is one backward pass that starts at the scores with a one-hot row. **Compared three ways**, on two
# digits in float64. Measured slopes need a point without kinks, and the white around a digit makes ties in the pooling
# windows: so each pixel is moved a little.
#
# Then the maps are drawn, and tested. Predict: which share of the test digits is still right when the six most salient
# pixels of each are erased, and when six random ones are?

# %%
exact = gradcheck.with_dtype(reader, "float64")
twin = parity.to_keras(exact)
shown = np.array([np.flatnonzero(y_test == digit)[0] for digit in range(10)])
x, labels = x_test[shown].astype("float64"), y_test[shown]
one_hot = np.eye(10)[labels]
apart = x[:2] + rng.uniform(0.0, 0.02, size=(2, 8, 8, 1))

exact.forward(apart)
of_kerasedu = exact.backward(one_hot[:2])
numerical = gradcheck.numerical_gradient(lambda pixels: np.vdot(exact(pixels), one_hot[:2]), apart)
with tf.GradientTape() as tape:
    pixels = tf.constant(apart)
    tape.watch(pixels)
    chosen = tf.reduce_sum(twin(pixels) * one_hot[:2])
references = {"numerical": [numerical], "tf.keras": [tape.gradient(chosen, pixels)]}
compare(["dS/dx"], lambda: [of_kerasedu], references)

# %%
scores = exact.forward(x)
gradients = exact.backward(one_hot)
when_written(
    lambda: plots.overlays(
        "Ten digits. The framed pixels, above half of the image's largest saliency, lie on the strokes, beside "
        "them, and in the gaps between them.",
        x,
        saliency(gradients),
        [f"score of {digit}" for digit in labels],
    )
)


# %%
def right_after_erasing(order):
    """Share of test digits still right without the six pixels that have the largest numbers in order (n, 8, 8)."""
    erased = x_test.reshape(-1, 64).copy()
    np.put_along_axis(erased, np.argsort(order.reshape(-1, 64))[:, -6:], 0, axis=1)
    return (reader(erased.reshape(x_test.shape)).argmax(axis=1) == y_test).mean()


reader.forward(x_test)
all_gradients = reader.backward(np.eye(10)[y_test])
print(f"six random pixels erased: {right_after_erasing(rng.uniform(size=(len(x_test), 8, 8))):.2f} right")
when_written(lambda: print(f"six most salient erased: {right_after_erasing(saliency(all_gradients)):.2f} right"))

# %% [markdown]
# **Grad-CAM** looks at the last feature maps A (n, 4, 4, 16) instead: coarser, but each is a whole pattern. It needs
# $\partial S_c / \partial A$. Behind A come pooling, `Flatten`, dropout (idle now) and `Dense`, so that you can write
# this gradient by hand. **Build** it, with the five parts: *shapes* at each layer; *local derivative* of `Dense` and of
# pooling; *upstream* starts at 1 for the label's score; *accumulate*: nothing is shared, so nothing is summed; *return*.
# The score is taken before softmax. In a window with several largest numbers the first gets the gradient, row by row.


# %% nbgrader={"grade": false, "grade_id": "score_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def score_gradient(maps, kernel, bias, labels):
    """dS/dmaps for the score of labels (n,) behind MaxPooling2D(2), Flatten and Dense.

    maps (n, h, w, filters), h and w even; kernel (h/2 · w/2 · filters, classes), bias (classes,).
    """
    ### BEGIN SOLUTION
    n, h, w, filters = maps.shape
    d_pooled = kernel[:, labels].T.reshape(n, h // 2, w // 2, filters)
    gradient = np.zeros_like(maps)
    for i, a, b, k in np.ndindex(d_pooled.shape):
        window = maps[i, 2 * a : 2 * a + 2, 2 * b : 2 * b + 2, k]
        row, column = divmod(window.argmax(), 2)
        gradient[i, 2 * a + row, 2 * b + column, k] = d_pooled[i, a, b, k]
    return gradient
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_score_gradient", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("score_gradient", score_gradient)


# %%
def scores_from(maps, stack):
    for layer in stack:
        maps = layer(maps)
    return maps


weights = exact.layers[-1].get_weights()
apart = scores_from(x[:2], exact.layers[:3]) + rng.uniform(0.01, 0.02, size=(2, 4, 4, 16))  # away from ties
numerical = gradcheck.numerical_gradient(lambda a: np.vdot(scores_from(a, exact.layers[3:]), one_hot[:2]), apart)
behind = kerasedu.Sequential([layers.Input((4, 4, 16)), *exact.layers[3:]])
behind.forward(apart)
of_kerasedu = behind.backward(one_hot[:2])
with tf.GradientTape() as tape:
    a = tf.constant(apart)
    tape.watch(a)
    chosen = tf.reduce_sum(scores_from(a, twin.layers[3:]) * one_hot[:2])
references = {"numerical": [numerical], "kerasedu": [of_kerasedu], "tf.keras": [tape.gradient(chosen, a)]}
when_written(lambda: compare(["dS/dmaps"], lambda: [score_gradient(apart, *weights, labels[:2])], references))

# %% [markdown]
# From maps A and gradients G, h by w each, Grad-CAM makes a weight αₖ for each filter k and adds the maps up:
#
# $$\alpha_k = \frac{1}{hw} \sum_{i,j} G_{ijk} \qquad \text{heat}_{ij} = \text{ReLU}\Big(\sum_k \alpha_k A_{ijk}\Big)$$
#
# Then each number becomes a block of factor by factor equal numbers, to lie over the image. The heat shows where a score
# comes from, be the score right or wrong. **Build** all three results; each earns a point.
#
# The cell after it does the same in Keras. There the score has to be computed **from these maps** while the tape
# records. If it comes from a call of its own, `twin(x)`, as in many recipes, it does not depend on them: the gradient
# is `None`, and no error says so.


# %% nbgrader={"grade": false, "grade_id": "grad_cam", "locked": false, "schema_version": 3, "solution": true, "task": false}
def grad_cam(maps, gradients, factor):
    """weights (n, filters), heat (n, h, w), enlarged (n, h · factor, w · factor); both inputs (n, h, w, filters)."""
    ### BEGIN SOLUTION
    weights = gradients.mean(axis=(1, 2))
    heat = np.maximum((maps * weights[:, None, None, :]).sum(axis=-1), 0)
    return weights, heat, heat.repeat(factor, axis=1).repeat(factor, axis=2)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_grad_cam", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("grad_cam", grad_cam)

# %%
with tf.GradientTape(persistent=True) as tape:
    a = scores_from(tf.constant(x), twin.layers[:3])
    tape.watch(a)
    chosen = tf.reduce_sum(scores_from(a, twin.layers[3:]) * one_hot)
    elsewhere = tf.reduce_sum(twin(x) * one_hot)
print("The same score, from a call of its own:", tape.gradient(elsewhere, a))
w = tf.reduce_mean(tape.gradient(chosen, a), axis=(1, 2), keepdims=True)
heat = tf.nn.relu(tf.reduce_sum(w * a, axis=-1))
enlarged = tf.keras.layers.UpSampling2D(2, dtype="float64")(heat[..., None])[..., 0]
of_keras = {"tf.keras": [tf.reshape(w, (10, 16)), heat, enlarged]}


def by_hand(classes):
    maps = scores_from(x, exact.layers[:3])
    return grad_cam(maps, score_gradient(maps, *weights, classes), 2)


when_written(lambda: compare(["weights", "heat", "enlarged"], lambda: by_hand(labels), of_keras))

# %%
second_best = np.where(one_hot == 1, -np.inf, scores).argmax(axis=1)
when_written(
    lambda: plots.overlays(
        "The digits twice, under blocks of two by two pixels. Above, Grad-CAM of the right class marks places on and "
        "beside the strokes; below, that of the class with the second highest score marks other places, or none.",
        np.concatenate([x, x]),
        np.concatenate([by_hand(labels)[2], by_hand(second_best)[2]]),
        [f"for {digit}" for digit in (*labels, *second_best)],
    )
)

# %% [markdown]
# ## 5. A signal
#
# A scanner delivers a digit row by row: a signal of 8 time steps with d = 8 numbers each. We want a guess after every
# row, so the output at t may use rows up to t only. A **causal** convolution puts all zeros in front; **dilation** sets
# the entries of the kernel apart, so that few layers reach far back. With K kernel entries
# $k_o$ (d, filters), $x_t$ (n, d) and the bias b (filters,):
#
# $$y_t = b + \sum_{o=0}^{K-1} x_{t - (K-1-o)\,\text{dilation}}\; k_o \qquad x_t = 0 \text{ for } t < 0$$
#
# **Build** the layer, without activation, in a layout that Keras does not have: time is the **first** axis, as signals
# arrive. The kernel is Keras's, and as in every layer it is not flipped.
#
# Three such layers are stacked under it, with K = 2 and dilations 1, 2, 4. **Predict** how many rows the last output
# has seen, and what the share of right guesses will look like, row by row, with causal padding and with "same".


# %% nbgrader={"grade": false, "grade_id": "causal_dilated", "locked": false, "schema_version": 3, "solution": true, "task": false}
def causal_dilated(x, kernel, bias, dilation):
    """y (time, n, filters); x (time, n, d), kernel (K, d, filters), bias (filters,)."""
    ### BEGIN SOLUTION
    y = np.zeros((*x.shape[:2], len(bias)), dtype=x.dtype) + bias
    for o in range(len(kernel)):
        delay = (len(kernel) - 1 - o) * dilation
        y[delay:] += x[: max(len(x) - delay, 0)] @ kernel[o]
    return y
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_causal_dilated", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("causal_dilated", causal_dilated)

# %%
rows, rows_test = x_train[..., 0], x_test[..., 0]  # (n, time, d)
layer = layers.Conv1D(16, 2, padding="causal", dilation_rate=4, bias_initializer="normal")
references = {"kerasedu": [layer(rows[:20])], "tf.keras": [parity.to_keras(layer)(rows[:20])]}
time_first = rows[:20].swapaxes(0, 1)
when_written(
    lambda: compare(["y"], lambda: [causal_dilated(time_first, *layer.get_weights(), 4).swapaxes(0, 1)], references)
)
parity.check(layer, rows[:20])


# %%
def right_after_each_row(padding):
    kerasedu.random.set_random_seed(0)
    stack = [layers.Conv1D(16, 2, dilation_rate=d, padding=padding, activation="relu") for d in (1, 2, 4)]
    model = kerasedu.Sequential([layers.Input((8, 8)), *stack, layers.Dense(10)])
    model.compile(optimizers.Adam(0.01), losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(rows, np.repeat(y_train[:, None], 8, axis=1), epochs=15, verbose=0)
    return (model.predict(rows_test, verbose=0).argmax(axis=-1) == y_test[:, None]).mean(axis=0)


plots.curves(
    "With causal padding the share rises row by row, from below a half to about nine tenths. With padding 'same' it is "
    "about eight tenths from the first row on, and falls at the last rows.",
    {f"padding='{padding}'": right_after_each_row(padding) for padding in ("causal", "same")},
    xlabel="rows read",
    ylabel="share of test digits right",
)

# %% [markdown]
# Causally, the last output has seen 1 + 1 + 2 + 4 = 8 rows, all of them. With `padding="same"` output t has seen the
# rows from t - 3 to t + 4: the first one reads what the scanner has not delivered yet, the last one only the last four.
# On stored data the early outputs look like skill; in use there is nothing to read.
#
# ## In your own words
#
# A colleague makes ten shifted copies of each of 1,797 digits, shuffles them all, and splits 80 to 20. "99.9 % on the
# test set. And look at the heat maps." They are nearly empty for the digits of which the network is surest; they were
# made from gradients of the probabilities. Explain in four or five sentences what is wrong with the number, how to do
# it right, why the maps are empty, and what a heat map cannot show even if it is right.

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_augmented_test", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# Copies of one digit lie on both sides of the split, so the test asks for images that the network has all but seen, and
# the number says little about new writers. Split first, then shift the training images only, and test once on
# untouched images. The derivative of softmax is near 0 where a probability is near 1, so all gradients are; the
# gradient of the score, before softmax, does not fade. A heat map shows where the evidence for a class lay, not that it
# is good evidence or that the network generalises; that needs a test such as erasing pixels, and a clean test set.
#
# **Marking scheme.** 1 point each: twins across the split; split before augmenting, test untouched; softmax saturates,
# take the score; a limit of heat maps.
# ### END SOLUTION

# %% [markdown]
# ## What you can do now
#
# 1. Follow height, width and filters layer by layer; most parameters of a small CNN sit in `Dense` behind `Flatten`.
# 2. Split first, then shift training images only, each by its own amount, zeros moving in, labels unchanged.
# 3. Keep filters, replace the head, number the classes from 0; frozen weights have no gradient.
# 4. Saliency: absolute gradients of a score. Grad-CAM: mean gradients weight the maps; ReLU of the sum. Then test it.
# 5. Causal: zeros in front only; stacked dilations add up to what an output sees.
