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
# # 08 Convolution and pooling
#
# In an image neighbours belong together, and an edge is an edge wherever it lies. After this lesson you can
#
# 1. compute what a convolution layer returns, with several channels and filters, and a stride;
# 2. predict output sizes and numbers of parameters, and say where `same` puts its zeros;
# 3. write a convolution as one matrix product, and as PyTorch lays it out;
# 4. propagate gradients back to the kernel and to the image, overlaps included;
# 5. pool, and send each gradient to the pixel that it belongs to.
#
# **Recall** from earlier lessons.
#
# 1. `he_normal` draws a kernel of shape (200, 50). Which standard deviation do its numbers have?
# 2. The first gradient of a weight is 5. How far does Adam, with `learning_rate=0.001`, move the weight?
# 3. A number x is used in three places of a graph. They send back 2, -1 and 4. What is dL/dx?

# %%
import time

import numpy as np

import kerasedu
from kerasedu import datasets, gradcheck, layers, ops, parity, plots
from kerasedu.exercises import answer, check, order, quiz

print("Comparisons run on:", parity.device.describe())
rng = np.random.default_rng(8)
(x_train, y_train), (x_test, y_test) = datasets.digits()

# %% nbgrader={"grade": false, "grade_id": "recall_08", "locked": false, "schema_version": 3, "solution": true, "task": false}
first = None
second = None
third = None
### BEGIN SOLUTION
first = (2 / 200) ** 0.5
second = 0.001
third = 2 - 1 + 4
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_recall_08", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
quiz("recall_08", first, second, third)

# %% [markdown]
# ## 1. What a kernel sees
#
# A dense layer gives each pixel a weight of its own and does not know which pixels are neighbours. A **convolution**
# slides a small array of weights, the **kernel**, over the image. At each place it sees a **window** of pixels,
# multiplies each with the weight that lies on it, and adds up. The kernel below weighs the left column of its window
# with -1 and the right column with +1: positive sums where ink begins, negative ones where it ends.
#
# Click *Show it moving*, then **predict**: a sequence has one axis, and `Conv1D` slides along it. Which outputs does the
# sequence 1, 2, 4, 8 give with the kernel 10, 1? Write them as a tuple.

# %%
digit = (16 * x_train[0]).astype(int)
edge = np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]])
plots.sliding(
    "A window of 3 by 3 moves over a handwritten zero of 8 by 8 pixels, row by row. Beside it stand the nine products "
    "of pixel and kernel; their sum fills one cell after the other of a 6 by 6 output. In the still frame the window's "
    "corner is at row 2, column 2, with ink in its left column only: the sum is -35.",
    digit,
    edge,
    still=14,
)

# %% nbgrader={"grade": false, "grade_id": "predict_conv1d", "locked": false, "schema_version": 3, "solution": true, "task": false}
outputs = None
### BEGIN SOLUTION
outputs = (12, 24, 48)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_conv1d", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
answer("predict_conv1d", outputs)

# %% [markdown]
# In mathematics a convolution turns the kernel round first; what layers do is called cross-correlation there. To a
# network it makes no difference, since kernels are learnt; to anyone who copies weights it does.
#
# A layer reads n images with several **channels** (red, green, blue, or what the layer before returned) and has several
# kernels, its **filters**. The **stride** s is the step from one window to the next:
#
# $$y_{n,i,j,f} = \text{bias}_f + \sum_{u,v,c} x_{n,\;i s+u,\;j s+v,\;c}\;\text{kernel}_{u,v,c,f}$$
#
# The window of output i, j has its corner at row i s, column j s; u, v and c count its rows, columns and channels. x is
# (n, height, width, channels), the kernel (kernel height, kernel width, channels, filters), the bias (filters,) and y
# (n, out height, out width, filters). **A filter has weights for every channel and adds up over all of them.**

# %%
images = x_train[:4, :, :, None]
kernel = np.stack([edge, edge.T], axis=-1)[:, :, None, :].astype("float32")
print(parity.check(ops.conv, (images, kernel)))
y = ops.conv(16 * images, kernel)
plots.maps(
    "A handwritten one of 8 by 8 pixels, and what the two filters return, 6 by 6 each. Filter 0 is positive at left "
    "edges of the stroke and negative at right ones, filter 1 positive at upper edges and negative at lower ones.",
    {"digit": 16 * images[1, :, :, 0], "filter 0": y[1, :, :, 0], "filter 1": y[1, :, :, 1]},
)

# %% [markdown]
# The formula in loops, for one channel and one filter, is the example below. **Build** it for n images, with all
# channels and filters and the bias. Use any number of loops. Here and below, results have the dtype of x.


# %%
def conv_one_channel(x, kernel, strides):
    """The sums of all windows; x (height, width), kernel (kernel height, kernel width)."""
    kernel_height, kernel_width = kernel.shape
    out_height = (x.shape[0] - kernel_height) // strides + 1
    out_width = (x.shape[1] - kernel_width) // strides + 1
    y = np.zeros((out_height, out_width), x.dtype)
    for i in range(out_height):
        for j in range(out_width):
            top, left = i * strides, j * strides
            window = x[top : top + kernel_height, left : left + kernel_width]
            y[i, j] = np.sum(window * kernel)
    return y


print(conv_one_channel(digit, edge, strides=2))


# %% nbgrader={"grade": false, "grade_id": "conv_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_forward(x, kernel, bias, strides):
    """y (n, out height, out width, filters), from x, kernel and bias as in the formula."""
    ### BEGIN SOLUTION
    kernel_height, kernel_width, _, filters = kernel.shape
    out_height = (x.shape[1] - kernel_height) // strides + 1
    out_width = (x.shape[2] - kernel_width) // strides + 1
    y = np.zeros((len(x), out_height, out_width, filters), x.dtype)
    for n in range(len(x)):
        for i in range(out_height):
            for j in range(out_width):
                top, left = i * strides, j * strides
                window = x[n, top : top + kernel_height, left : left + kernel_width]
                for f in range(filters):
                    y[n, i, j, f] = np.sum(window * kernel[..., f]) + bias[f]
    return y
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_conv_forward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("conv_forward", conv_forward)

# %% [markdown]
# ## 2. Sizes, zeros, parameters
#
# With `dilation_rate` d the entries of a kernel of size k stand d places apart, so it spans d (k - 1) + 1 places. Along
# one axis of the given length there are
#
# - `padding="valid"`: ⌊(length - span) / s⌋ + 1 windows, those that fit in whole. What is left over is not seen;
# - `padding="same"`: ⌈length / s⌉ windows. Zeros are added, as many as the last window lacks:
#   total = max(0, (⌈length / s⌉ - 1) s + span - length).
#
# **Predict:** length 6, k = 3, s = 2. How many zeros does `same` add, and on which side?

# %%
print(parity.check(ops.conv, (images, kernel), dilation_rate=2))
print(parity.check(ops.conv, (images, kernel), strides=2, padding="same"))
plots.padding(
    "Six cells. In Keras one zero is added after them, and three windows start at x0, x2 and x4. With one zero on each "
    "side, three windows start at the first zero, x1 and x3; the last zero is not seen.",
    length=6,
    kernel_size=3,
    strides=2,
    rows={"same, in Keras": (0, 1), "one zero on both sides": (1, 1)},
)

# %% [markdown]
# TensorFlow puts ⌊total / 2⌋ zeros before and the rest after: an odd one goes below and to the right. PyTorch's layers
# put as many on every side as `padding` says. In the picture both give three outputs, from other windows: weights
# carried over compute something else. **Build** the four numbers for one axis.


# %% nbgrader={"grade": false, "grade_id": "conv_sizes", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_sizes(length, kernel_size, strides, dilation_rate):
    """(windows with 'valid', windows with 'same', its zeros before, its zeros after), four whole numbers."""
    ### BEGIN SOLUTION
    span = dilation_rate * (kernel_size - 1) + 1
    valid = (length - span) // strides + 1
    same = (length + strides - 1) // strides
    total = max(0, (same - 1) * strides + span - length)
    return valid, same, total // 2, total - total // 2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_conv_sizes", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("conv_sizes", conv_sizes)

# %% [markdown]
# A layer's parameters are its kernel and bias: kernel height · kernel width · channels · filters + filters. The size of
# the image does not occur, since the same weights serve everywhere.
#
# ## 3. One matrix product
#
# Copy what each window sees into a row of a matrix (**im2col**). The rows then have
# K = kernel height · kernel width · channels numbers. The kernel, reshaped to (K, filters), has a filter in each column.
# All sums are one product, rows @ kernel, as in a dense layer.
#
# **Build** the rows for n images: image by image, in each row by row of windows, from left to right. Every window is
# written in the kernel's order: row, column, channel.

# %%
x = np.array([[1, 2, 0, 3], [4, 1, 2, 0], [0, 5, 1, 2]])
rows = np.array([x[i : i + 2, j : j + 2].ravel() for i in range(2) for j in range(3)])
column = np.array([[1], [0], [-1], [0]])
plots.matrices(
    "An image of 3 rows and 4 columns; its six windows of 2 by 2 as rows of four numbers, the first 1 2 4 1; the "
    "kernel 1 0 -1 0 as a column; six sums, -3 1 -2 4 -4 1.",
    x=x,
    rows=rows,
    kernel=column,
    y=rows @ column,
)


# %% nbgrader={"grade": false, "grade_id": "im2col", "locked": false, "schema_version": 3, "solution": true, "task": false}
def im2col(x, kernel_height, kernel_width, strides):
    """One row for each window, (n · out height · out width, K); x (n, height, width, channels)."""
    ### BEGIN SOLUTION
    rows = []
    for image in x:
        for top in range(0, x.shape[1] - kernel_height + 1, strides):
            for left in range(0, x.shape[2] - kernel_width + 1, strides):
                rows.append(image[top : top + kernel_height, left : left + kernel_width].ravel())
    return np.array(rows)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_im2col", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("im2col", im2col)


# %%
def seconds(function, *arguments, repeats=5):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function(*arguments)
        times.append(time.perf_counter() - start)
    return sorted(times)[repeats // 2]


x, w = rng.normal(size=(2, 16, 16, 4)), rng.normal(size=(3, 3, 4, 8))
ratio = seconds(ops.conv_loops, x, w, repeats=3) / seconds(ops.conv, x, w, repeats=50)
print(f"loops take {ratio:,.0f} times as long; the rows hold {14 * 14 * 9 / (16 * 16):.1f} times the numbers of x")
print("largest difference:", np.abs(ops.conv_loops(x, w) - ops.conv(x, w)).max())

# %% [markdown]
# `ops.conv` works like this, `ops.conv_loops` number by number. The price is memory: neighbouring windows share pixels,
# and every copy is stored.
#
# An article gives this formula for convolutional networks: $y = f(W x + b)$, "x the input features, W the weight
# matrix". With x the whole image that is a dense layer. It holds for each **window**, flattened to x, with W of shape
# (filters, K). Somebody wrote it for the kernel of a Keras layer, with f = ReLU. **Find the bug**; NumPy does not
# complain.


# %% nbgrader={"grade": false, "grade_id": "article_convolution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def article_convolution(x, kernel, bias):
    """relu(W window + b) at each place of one image (height, width, channels): (out height, out width, filters)."""
    kernel_height, kernel_width, _, filters = kernel.shape
    W = kernel.reshape(filters, -1)
    y = np.zeros((x.shape[0] - kernel_height + 1, x.shape[1] - kernel_width + 1, filters), x.dtype)
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            window = x[i : i + kernel_height, j : j + kernel_width]
            y[i, j] = np.maximum(W @ window.ravel() + bias, 0)
    return y


### BEGIN SOLUTION
def article_convolution(x, kernel, bias):
    """relu(W window + b) at each place of one image (height, width, channels): (out height, out width, filters)."""
    kernel_height, kernel_width, _, filters = kernel.shape
    W = kernel.reshape(-1, filters).T
    y = np.zeros((x.shape[0] - kernel_height + 1, x.shape[1] - kernel_width + 1, filters), x.dtype)
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            window = x[i : i + kernel_height, j : j + kernel_width]
            y[i, j] = np.maximum(W @ window.ravel() + bias, 0)
    return y


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_article_convolution", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("article_convolution", article_convolution)

# %% [markdown]
# **The same layer in PyTorch** has the channels first, the filters in front, and as many zeros on each of the four
# sides as `padding` says. `np.pad` adds zeros, given (before, after) for each axis; `transpose` and `np.moveaxis` move
# axes, `reshape` does not. **Build** it; this one is not in `kerasedu`. Your `conv_forward` may help.


# %% nbgrader={"grade": false, "grade_id": "conv_channels_first", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_channels_first(x, weight, bias, padding, strides):
    """(n, filters, out height, out width); x (n, channels, height, width), weight (filters, channels, rows, columns)."""
    ### BEGIN SOLUTION
    x, kernel = x.transpose(0, 2, 3, 1), weight.transpose(2, 3, 1, 0)
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    return conv_forward(x, kernel, bias, strides).transpose(0, 3, 1, 2)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_conv_channels_first", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("conv_channels_first", conv_channels_first)

# %% [markdown]
# ## 4. Back to the kernel
#
# `dy` is dL/dy, of y's shape. kernel[u, v, c, f] met a pixel in every window of every image, and each time the product
# went into one y:
#
# $$\frac{dL}{d\text{kernel}_{u,v,c,f}} = \sum_{n,i,j} x_{n,\;i s+u,\;j s+v,\;c}\;dy_{n,i,j,f}
# \qquad \frac{dL}{d\text{bias}_f} = \sum_{n,i,j} dy_{n,i,j,f}$$
#
# With stride 1 this is a correlation again: dy slides over x. With the rows of im2col it is lesson 04's dense layer,
# rowsᵀ @ dy. In loops, for one channel and one filter, it is the example below.
#
# **Build** both gradients for all channels, filters and images. Of `kernel` you need the shape only.


# %%
def kernel_gradient_one_channel(dy, x, kernel, strides):
    """dL/dkernel; dy (out height, out width), x (height, width)."""
    # shapes: one number for each entry of the kernel
    dkernel = np.zeros_like(kernel)
    for i in range(dy.shape[0]):
        for j in range(dy.shape[1]):
            # local derivative: the pixel that each entry met
            top, left = i * strides, j * strides
            window = x[top : top + kernel.shape[0], left : left + kernel.shape[1]]
            # upstream: times the gradient of the output that it went into; accumulate over all windows
            dkernel += window * dy[i, j]
    # return
    return dkernel


x, dy, k = rng.normal(size=(6, 7)), rng.normal(size=(4, 5)), rng.normal(size=(3, 3))
difference = kernel_gradient_one_channel(dy, x, k, strides=1) - conv_one_channel(x, dy, strides=1)
print("dy sliding over x, largest difference:", np.abs(difference).max())


# %% nbgrader={"grade": false, "grade_id": "conv_kernel_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_kernel_gradient(dy, x, kernel, strides):
    """dL/dkernel and dL/dbias (filters,); dy (n, out height, out width, filters), x (n, height, width, channels)."""
    ### BEGIN SOLUTION
    kernel_height, kernel_width, _, filters = kernel.shape
    rows = im2col(x, kernel_height, kernel_width, strides)
    dy = dy.reshape(-1, filters)
    return (rows.T @ dy).reshape(kernel.shape), dy.sum(axis=0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_conv_kernel_gradient", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("conv_kernel_gradient", conv_kernel_gradient)

# %% [markdown]
# ## 5. Back to the image
#
# **Predict:** a kernel of 3 by 3 slides over an image of 8 by 8 with stride 1. How many windows see a pixel in the
# corner, and how many one in the middle? And with stride 2? If dy and the kernel are all ones, dL/dx counts them:

# %%
ones, counts = np.ones((1, 8, 8, 1)), {}
for strides in (1, 2, 3):
    y = ops.conv(ones, np.ones((3, 3, 1, 1)), strides)
    dx, _ = ops.conv_backward(np.ones_like(y), ones, np.ones((3, 3, 1, 1)), strides)
    counts[f"stride {strides}"] = dx[0, :, :, 0]
plots.maps(
    "How many windows of 3 by 3 see each of 8 by 8 pixels. Stride 1: 1 in the corners, 9 in the middle. Stride 2: 1, 2 "
    "or 4, and 0 in the last row and column. Stride 3: 1, and 0 in the last two rows and columns.",
    counts,
)

# %% [markdown]
# A pixel receives a term from each window that sees it, for each filter, and the terms add up (recall 3):
#
# $$\frac{dL}{dx_{n,r,t,c}} = \sum_{i s+u=r,\;\; j s+v=t} \; \sum_f dy_{n,i,j,f}\; \text{kernel}_{u,v,c,f}$$
#
# In code it is easier the other way: go through the windows, and let each send to the pixels that it saw. **Order** the
# lines of `dx` for one sequence, one channel, one filter; four do not belong. Then **build** it for images, from a blank
# cell, in the five parts *shapes, local derivative, upstream, accumulate, return*. Of `x` you need shape and dtype only.
#
# - A: `for p in range(len(dy)):`
# - B: `dx[start : start + len(kernel)] += dy[p] * kernel`
# - C: `dx = np.zeros_like(x)`
# - D: `start = p * strides`
# - E: `dx[start : start + len(kernel)] = dy[p] * kernel`
# - F: `dx[start : start + len(kernel)] += dy[p] * kernel[::-1]`
# - G: `for p in range(len(x)):`
# - H: `return dx`
# - I: `start = p`

# %% nbgrader={"grade": false, "grade_id": "lines_conv_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
letters = ""
### BEGIN SOLUTION
letters = "C A D B H"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_lines_conv_backward", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
order("lines_conv_backward", letters)


# %% nbgrader={"grade": false, "grade_id": "conv_input_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_input_gradient(dy, x, kernel, strides):
    """dL/dx (n, height, width, channels); dy (n, out height, out width, filters)."""
    ### BEGIN SOLUTION
    kernel_height, kernel_width, _, filters = kernel.shape
    dx = np.zeros_like(x)
    for n in range(dy.shape[0]):
        for i in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                top, left = i * strides, j * strides
                window = dx[n, top : top + kernel_height, left : left + kernel_width]
                for f in range(filters):
                    window += dy[n, i, j, f] * kernel[..., f]
    return dx
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_conv_input_gradient", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("conv_input_gradient", conv_input_gradient)

# %% [markdown]
# **Compare three ways.** For $L = \sum dy \cdot y$ the gradient at y is dy. Your results must equal measured slopes of L,
# the backward pass of `kerasedu`, and what TensorFlow's tape records from the Keras layer.
#
# Then the same as matrices: in one dimension y = C x, with the kernel in each row of C, one place further every time. So
# dx = Cᵀ dy. Rows of Cᵀ read the kernel **backwards**: dx is dy, with zeros around it, under the kernel turned round.
# `np.convolve`, the mathematicians' convolution, does the same.


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
        print(f"{name:8}", "   ".join(f"{way} {difference:.0e}" for way, difference in fits.items()))


# %%
import tensorflow as tf

x = rng.normal(size=(2, 7, 6, 3))
layer = layers.Conv2D(4, (3, 2), strides=2, dtype="float64")
dy = rng.normal(size=layer(x).shape)
(w, b), tensor = layer.get_weights(), tf.constant(x)
slopes = [gradcheck.numerical_gradient(lambda w: np.vdot(dy, ops.conv(x, w, 2)), w)]
slopes += [gradcheck.numerical_gradient(lambda b: np.vdot(dy, ops.conv(x, w, 2) + b), b)]
slopes += [gradcheck.numerical_gradient(lambda x: np.vdot(dy, ops.conv(x, w, 2)), x)]
layer.forward(x)
dx, twin = layer.backward(dy), parity.to_keras(layer)
with tf.GradientTape() as tape:
    tape.watch(tensor)
    total = tf.reduce_sum(dy * twin(tensor))
of_keras = tape.gradient(total, [*twin.trainable_variables, tensor])
references = {"numerical": slopes, "kerasedu": [*layer.grads, dx], "tf.keras": of_keras}
names, given = ["dkernel", "dbias", "dx"], (dy, x, w, 2)
compare_three_ways(names, lambda: [*conv_kernel_gradient(*given), conv_input_gradient(*given)], references)

# %%
C = np.array([np.roll([1, 10, 100, 0, 0, 0], p) for p in range(4)])
dy = np.array([1, 2, 3, 4])
print("Cᵀ dy          ", C.T @ dy)
print("np.convolve     ", np.convolve(dy, [1, 10, 100]))
plots.maps(
    "C has four rows: 1 10 100 at columns 0 to 2, then one column further in each row. Row 2 of its transpose reads "
    "100 10 1 0: the kernel backwards.",
    {"C": C, "C transposed": C.T},
)

# %% [markdown]
# ## 6. Pooling
#
# **Pooling** makes images smaller: from each window, and each channel by itself, it keeps the largest number
# (`MaxPooling2D`) or the mean (`AveragePooling2D`). It has no parameters. `strides` is `pool_size` unless stated, and
# `valid` the default.
#
# **Predict:** the gradient 12 arrives at a window that holds 2, 7, 7, 1. What goes to each pixel, in either kind?

# %%
x = np.array([[2, 7, 0, 3], [7, 1, 5, 4], [0, 0, 6, 8], [0, 0, 9, 7]])
dy = np.array([[12, 4], [8, 20]])
pooled = x[None, :, :, None].astype("float64"), 2
plots.maps(
    "A 4 by 4 image in four windows, dy with 12, 4, 8 and 20, and dL/dx. Max pooling sends 12 to the first of two "
    "sevens, 4 to the 5, 8 to the first of four zeros, 20 to the 9. Average pooling sends a quarter to every pixel.",
    {
        "x": x,
        "dy": dy,
        "max: dL/dx": ops.max_pool_backward(dy[None, :, :, None], *pooled)[0, :, :, 0],
        "average: dL/dx": ops.average_pool_backward(dy[None, :, :, None], *pooled)[0, :, :, 0],
    },
)

# %% [markdown]
# The output moves with the largest number, one to one, and not with the others: dy goes to the winner. Where two are
# largest the function has a kink, and no derivative. TensorFlow's rule (on a CPU): **the first wins**, row by row. Behind
# a ReLU ties are common: windows of zeros. Of an average over N pixels each gets dy / N; zeros of `same` do not count.
#
# **Build** the backward pass of max pooling; windows may overlap. `np.argmax` numbers the entries of a window row by
# row and returns the first of equal maxima; `np.unravel_index` turns that number into row and column. Then come three
# ways at a random x, since measured slopes mean nothing at a kink, and the library on an image full of ties.


# %% nbgrader={"grade": false, "grade_id": "max_pool_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def max_pool_backward(dy, x, pool_size, strides):
    """dL/dx; x (n, height, width, channels), dy (n, out height, out width, channels); of equal maxima the first."""
    ### BEGIN SOLUTION
    dx = np.zeros_like(x)
    for n, i, j, c in np.ndindex(dy.shape):
        top, left = i * strides, j * strides
        window = x[n, top : top + pool_size, left : left + pool_size, c]
        u, v = np.unravel_index(np.argmax(window), window.shape)
        dx[n, top + u, left + v, c] += dy[n, i, j, c]
    return dx
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_max_pool_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("max_pool_backward", max_pool_backward)

# %%
x = rng.normal(size=(2, 7, 6, 3))
dy = rng.normal(size=ops.max_pool(x, 3, 2).shape)
tensor = tf.constant(x)
with tf.GradientTape() as tape:
    tape.watch(tensor)
    total = tf.reduce_sum(dy * tf.keras.layers.MaxPooling2D(3, 2, dtype="float64")(tensor))
slopes = gradcheck.numerical_gradient(lambda x: np.vdot(dy, ops.max_pool(x, 3, 2)), x)
references = {"numerical": [slopes], "kerasedu": [ops.max_pool_backward(dy, x, 3, 2)]}
references["tf.keras"] = [tape.gradient(total, tensor)]
compare_three_ways(["dx"], lambda: [max_pool_backward(dy, x, 3, 2)], references)
print(parity.check(ops.average_pool, x, pool_size=3, strides=2, padding="same"))
parity.check(ops.max_pool, rng.integers(0, 2, size=(2, 8, 8, 3)).astype("float32"), pool_size=2)

# %% [markdown]
# ## 7. Two printed networks
#
# An article prints the network below with this X and y, and explains "two kernels … a 10x10 convolution". Another
# builds `Conv2D(32, (3, 3))`, `MaxPooling2D((2, 2))`, `Flatten()`, `Dense(10)` for images of 28x28x1, and passes
# integer labels to `categorical_crossentropy`. (`Flatten` puts all numbers of an image into one row.) Run the first,
# shown without its doubled ReLUs, **find the bugs, and recount**:
#
# 1. How many filters do its convolution layers have, together?
# 2. Which shape has the kernel of its last layer, the "10x10 convolution"?
# 3. Which shape must X have, and
# 4. which shape must y have, for three images and this loss?
# 5. How many parameters has its second convolution?
# 6. How many numbers does `Flatten` return for one image?
# 7. How many parameters has the other article's network?

# %%
X = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
y = np.array([[0, 0, 1], [0, 1, 0], [1, 0, 0]])
model = kerasedu.Sequential()
model.add(layers.Conv2D(32, kernel_size=3, activation="relu", input_shape=(28, 28, 1)))
model.add(layers.MaxPooling2D(pool_size=(2, 2)))
model.add(layers.Conv2D(64, kernel_size=3, activation="relu"))
model.add(layers.MaxPooling2D(pool_size=(2, 2)))
model.add(layers.Flatten())
model.add(layers.Dense(64, activation="relu"))
model.add(layers.Dropout(0.5))
model.add(layers.Dense(10, activation="softmax"))
model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
for data, labels in [(X, y), (np.zeros((3, 28, 28, 1)), y), (np.zeros((3, 28, 28, 1)), np.array([0, 1, 2]))]:
    try:
        model.fit(data, labels, verbose=0)
    except ValueError as error:
        print("ValueError:", error)


# %% nbgrader={"grade": false, "grade_id": "article_model", "locked": false, "schema_version": 3, "solution": true, "task": false}
filters = None
last_kernel = None
images_shape = None
labels_shape = None
second_convolution = None
flattened = None
second_network = None
### BEGIN SOLUTION
filters = 32 + 64
last_kernel = (64, 10)
images_shape = (3, 28, 28, 1)
labels_shape = (3, 10)
second_convolution = 3 * 3 * 32 * 64 + 64
flattened = 5 * 5 * 64
second_network = (3 * 3 * 1 * 32 + 32) + (13 * 13 * 32 * 10 + 10)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_article_model", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
quiz("article_model", filters, last_kernel, images_shape, labels_shape, second_convolution, flattened, second_network)


# %%
def small_network():
    """The second article's network for the digits of 8 by 8 pixels, with the loss that integer labels need."""
    kerasedu.random.set_random_seed(0)
    parts = [layers.Input((8, 8, 1)), layers.Conv2D(16, 3, activation="relu"), layers.MaxPooling2D(2)]
    model = kerasedu.Sequential([*parts, layers.Flatten(), layers.Dense(10, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


print(f"the first article's network: {model.count_params():,} parameters")
model = small_network()
model.fit(x_train[..., None], y_train, epochs=8, verbose=0)
print(f"small network: {model.count_params():,} parameters,", end=" ")
print(f"{model.evaluate(x_test[..., None], y_test, verbose=0)[1]:.2f} of the test digits right")
parity.check_fit(small_network(), x_train[:96, :, :, None], y_train[:96], epochs=2, batch_size=32)

# %% [markdown]
# ## In your own words
#
# A friend has written the gradient of the input with `dx[window] = …`. The gradient check passes for kernels of 2 by 2
# with stride 2, and fails for kernels of 3 by 3 with stride 2. Explain in four or five sentences what is wrong, why the
# first check passes, which pixels are wrong in the second, and how to mend it.

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_overlap", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# With a kernel of 3 and stride 2 neighbouring windows share a row or a column of pixels. Such a pixel is used in two or
# four windows, so its gradient is the sum of what all of them send. The assignment keeps only what the last window
# wrote. With kernel 2 and stride 2 no pixel is in two windows, so assigning and adding are the same. Wrong are the
# pixels where windows overlap, those that the map of counts shows with 2 or 4; the others are right. Start from zeros
# and use `+=`.
#
# **Marking scheme.** 1 point each: a pixel seen by several windows receives the sum of their terms; no overlap when the
# stride is at least the kernel's size, so the first check cannot tell; the wrong pixels are the shared rows and columns
# (counts above 1); zeros first, then add.
# ### END SOLUTION

# %% [markdown]
# ## What you can do now
#
# 1. y sums window times kernel over rows, columns and **all** channels, without a flip; window i starts at i · stride.
# 2. `valid` rounds down; `same` rounds up and puts an odd zero after. Parameters do not depend on the image's size.
# 3. im2col makes it rows @ kernel; PyTorch's layout has other axes and symmetric zeros.
# 4. dkernel is rowsᵀ dy, a correlation of x with dy; dx gathers a term from every window that sees a pixel.
# 5. Max pooling sends dy to the first largest pixel, average pooling to all in equal parts.
