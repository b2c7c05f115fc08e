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
# # 01 Matrix operations
#
# A network computes with arrays, and most of its time goes into products of matrices. After this lesson you can
#
# 1. tell the entry-by-entry product `A * B` from the matrix product `A @ B`, and write the second one yourself;
# 2. predict the shape and the data type of a result, and see when broadcasting goes wrong in silence;
# 3. say which ways of making a product faster are real, and measure them;
# 4. write one layer of a network in Keras's convention and in the transposed one;
# 5. compute the distances between many points without a loop.
#
# Each section asks for a prediction, shows a formula, calls the reference in `kerasedu`, compares it with tf.keras,
# and has you build it. Run the cells from top to bottom with Shift+Enter.

# %%
import time

import numpy as np

import kerasedu
from kerasedu import datasets, layers, ops, parity, plots
from kerasedu.exercises import answer, check, order

print("Comparisons run on:", parity.device.describe())

# %% [markdown]
# ## 1. Two products
#
# An article on Keras multiplies these two arrays with `C = A * B` and calls it matrix multiplication. A has shape
# (3, 1) and B has shape (2, 3). Run it: NumPy refuses.

# %%
A = np.array([[1], [2], [3]])
B = np.array([[7, 8, 9], [10, 11, 12]])
try:
    C = A * B
except ValueError as error:
    print("ValueError:", error)

# %% [markdown]
# `*` works entry by entry. It lines the shapes up from the right, and an axis of length 1 is stretched to the other's
# length: this is **broadcasting**. (3, 1) and (2, 3) end in 1 and 3, which fits, but 3 and 2 do not.
#
# **Predict**, before you compute it: what is the shape of `A.T * B`? Replace `None` by a tuple.

# %% nbgrader={"grade": false, "grade_id": "predict_product_shape", "locked": false, "schema_version": 3, "solution": true, "task": false}
shape = None
### BEGIN SOLUTION
shape = (2, 3)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_product_shape", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
answer("predict_product_shape", shape)

# %% [markdown]
# So the transposed version runs, without an error, and is still no matrix product. The **matrix product** of
# A, shape (m, k), and B, shape (k, n), has shape (m, n):
#
# $$c_{ij} = \sum_{p=1}^{k} a_{ip}\, b_{pj}$$
#
# Row i of A meets column j of B; the shared length k disappears in the sum. Here only `B @ A` fits: (2, 3) times
# (3, 1) is (2, 1).

# %%
plots.matrices(
    "B times A: row 0 of B, 7 8 9, with the column 1 2 3 gives 50; row 1, 10 11 12, gives 68.", B=B, A=A, product=B @ A
)

# %% [markdown]
# **Call and compare.** `ops.matmul` is this library's product; tf.keras computes the same with `keras.ops.matmul`.
# The report gives the largest difference and the tolerance that rounding explains.

# %%
parity.check(ops.matmul, (np.float64(B), np.float64(A)))

# %% [markdown]
# **Build.** Write the product with three loops. `a` has shape (m, k), `b` (k, n); the result has the data type of `a`.


# %% nbgrader={"grade": false, "grade_id": "matmul_loops", "locked": false, "schema_version": 3, "solution": true, "task": false}
def matmul_loops(a, b):
    """c[i, j] = sum over p of a[i, p] b[p, j]; a (m, k), b (k, n), c (m, n)."""
    ### BEGIN SOLUTION
    m, k = a.shape
    n = b.shape[1]
    c = np.zeros((m, n), dtype=a.dtype)
    for i in range(m):
        for j in range(n):
            for p in range(k):
                c[i, j] += a[i, p] * b[p, j]
    return c
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_matmul_loops", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("matmul_loops", matmul_loops)

# %% [markdown]
# (Stuck? `hint("matmul_loops", 1)` in a cell of your own helps.)
#
# **Order.** The same product with two loops and a dot product. Put the lines in order; two of them do not belong.
#
# - A: `for i in range(m):`
# - B: `return c`
# - C: `c = np.zeros((m, n))`
# - D: `c[i, j] = a[i] @ b[:, j]` (inside both loops)
# - E: `for j in range(n):` (inside the first loop)
# - F: `c = a * b`
# - G: `c[i, j] = a[i, -1] * b[-1, j]`

# %% nbgrader={"grade": false, "grade_id": "lines_matmul", "locked": false, "schema_version": 3, "solution": true, "task": false}
letters = ""
### BEGIN SOLUTION
letters = "C A E D B"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_lines_matmul", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
order("lines_matmul", letters)

# %% [markdown]
# ## 2. Broadcasting that nobody asked for
#
# **Predict:** a model returns `output` of shape (3, 1); the `target` has shape (3,). How many numbers has
# `target - output`? Aligned on the right, (3,) is (1, 3), and it meets (3, 1).

# %%
target = np.array([1.0, 2.0, 3.0])
output = np.array([[1.0], [2.0], [3.0]])
plots.matrices(
    "The difference is a 3 by 3 grid: every target minus every output, zero only on the diagonal.",
    target=target,
    output=output,
    difference=target - output,
)

# %% [markdown]
# Every prediction is right, and yet the mean of the squared differences is not zero. No error, no warning: such a
# loss trains a model towards the mean. The article does this with an output of shape (2, 1). **Find the bug and mend
# it.**


# %% nbgrader={"grade": false, "grade_id": "mean_squared_difference", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mean_squared_difference(target, output):
    """Mean of (target - output)²; target (n,), output (n, 1); a single number."""
    return np.mean((target - output) ** 2)


### BEGIN SOLUTION
def mean_squared_difference(target, output):
    """Mean of (target - output)²; target (n,), output (n, 1); a single number."""
    return np.mean((target - output[:, 0]) ** 2)


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_mean_squared_difference", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("mean_squared_difference", mean_squared_difference)

# %% [markdown]
# ## 3. Numbers have a type
#
# An array has a `size` (how many numbers), a `shape` (how they are arranged) and a `dtype` (how each is stored).
# Networks compute in float32: 4 bytes, about 7 decimal digits. float64 has 8 bytes and about 16 digits.

# %%
print("0.1 + 0.2 == 0.3:", 0.1 + 0.2 == 0.3)
for dtype in ("float32", "float64"):
    print(dtype, "next after 1:", 1 + np.finfo(dtype).eps)
print("int8: 127 + 1 =", np.array([127], "int8") + np.int8(1))

# %% [markdown]
# Rounding makes addition depend on its order: (a + b) + c and a + (b + c) can differ. Two right programs may
# therefore differ in the last digits, and comparisons need a tolerance. This is what the reports above state.

# %%
big, one = np.float32(2**24), np.float32(1)
print("(big + 1) + 1 =", (big + one) + one)
print("big + (1 + 1) =", big + (one + one))

# %% [markdown]
# **Predict:** which type has `float32 + int64`, for arrays? A: float32, B: float64, C: int64.

# %% nbgrader={"grade": false, "grade_id": "predict_dtype", "locked": false, "schema_version": 3, "solution": true, "task": false}
choice = None
### BEGIN SOLUTION
choice = "B"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_predict_dtype", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
answer("predict_dtype", choice)

# %% [markdown]
# ## 4. Which optimisations are real?
#
# The article recommends "blocking, transposing, exchanging, associating". Exchanging is wrong for differences
# (a - b is not b - a) and for matrix products. The others need a clock.
#
# **Memory order** is real. NumPy stores an array row by row: the numbers of a row lie side by side, those of a column
# lie a whole row apart. The processor fetches neighbours together, so adding up rows is quicker than adding up columns,
# though the number of additions is the same.


# %%
def seconds(function, *arguments, repeats=5):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function(*arguments)
        times.append(time.perf_counter() - start)
    return sorted(times)[repeats // 2]


large = np.random.default_rng(0).normal(size=(2048, 2048))
by_rows = seconds(lambda: [row.sum() for row in large])
by_columns = seconds(lambda: [column.sum() for column in large.T])
print(f"column by column takes {by_columns / by_rows:.1f} times as long as row by row")

# %% [markdown]
# **Blocking** is real as well. Copying the transpose reads rows and writes columns: one of the two jumps. In blocks of
# 64 by 64 both stay in the processor's fast memory.


# %%
def transpose_in_blocks(a, s=64):
    result = np.empty_like(a)
    for i in range(0, len(a), s):
        for j in range(0, len(a), s):
            result[j : j + s, i : i + s] = a[i : i + s, j : j + s].T
    return result


print(f"at once takes {seconds(large.T.copy) / seconds(transpose_in_blocks, large):.1f} times as long as in blocks")

# %% [markdown]
# A matrix product reads rows of one operand and columns of the other, again and again, so blocks help even more. They
# follow the rule of entries, $C_{IJ} = \sum_P A_{IP}\, B_{PJ}$, where the last block of a row or column may be smaller.
# NumPy's `@` calls a library (BLAS) that works so, in machine code; Python's loops cannot compete.

# %%
x, w = np.random.default_rng(0).normal(size=(2, 64, 64))
loops = seconds(ops.matmul_loops, x, w, repeats=3)
print(f"three loops take {loops / seconds(np.matmul, x, w, repeats=50):,.0f} times as long as BLAS")

# %% [markdown]
# **Build** the blocked product. Let three loops step by `block_size`; slices past the end are cut off by NumPy.


# %% nbgrader={"grade": false, "grade_id": "matmul_blocked", "locked": false, "schema_version": 3, "solution": true, "task": false}
def matmul_blocked(a, b, block_size):
    """a @ b, block by block; a (m, k), b (k, n), result (m, n)."""
    ### BEGIN SOLUTION
    (m, k), n, s = a.shape, b.shape[1], block_size
    c = np.zeros((m, n))
    for i in range(0, m, s):
        for j in range(0, n, s):
            for p in range(0, k, s):
                c[i : i + s, j : j + s] += a[i : i + s, p : p + s] @ b[p : p + s, j : j + s]
    return c
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_matmul_blocked", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("matmul_blocked", matmul_blocked)

# %% [markdown]
# **Associating** is real too: (A B) v = A (B v) in exact arithmetic, but the cost differs. Count multiplications:
# a product of (m, k) and (k, n) takes m k n. Measure, then write the count for A (B v), with A of shape (m, k),
# B of shape (k, n) and v of shape (n,).

# %%
rng = np.random.default_rng(1)
M, N, v = rng.normal(size=(500, 500)), rng.normal(size=(500, 500)), rng.normal(size=500)
left = seconds(lambda: (M @ N) @ v)
right = seconds(lambda: M @ (N @ v))
print(f"(A B) v takes {left / right:.0f} times as long as A (B v)")


# %% nbgrader={"grade": false, "grade_id": "multiplications", "locked": false, "schema_version": 3, "solution": true, "task": false}
def multiplications(m, k, n):
    """Number of multiplications in A (B v)."""
    ### BEGIN SOLUTION
    return k * n + m * k
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_multiplications", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("multiplications", multiplications)

# %% [markdown]
# ## 5. A layer is a product
#
# The article builds a "matrix multiplication layer" for two inputs. `a` has shape (n, m, k) and `b` (n, k, p): n
# samples, each with two matrices of its own; the result has shape (n, m, p). With square matrices it runs.
# **Find the bug and mend it.**


# %% nbgrader={"grade": false, "grade_id": "product_layer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def product_layer(a, b):
    """The matrix product of each sample's a and b; a (n, m, k), b (n, k, p), result (n, m, p)."""
    c = a + b
    return c


### BEGIN SOLUTION
def product_layer(a, b):
    """The matrix product of each sample's a and b; a (n, m, k), b (n, k, p), result (n, m, p)."""
    return a @ b


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_product_layer", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("product_layer", product_layer)

# %% [markdown]
# Sums have their layers too, `Add` and `Subtract`. A functional model names its inputs and applies layers to them:

# %%
a, b = layers.Input((3,)), layers.Input((3,))
sum_and_difference = kerasedu.Model([a, b], [layers.Add()([a, b]), layers.Subtract()([a, b])])
parity.check(sum_and_difference, [np.float32(x[:4, :3]), np.float32(w[:4, :3])])

# %% [markdown]
# The product that networks are made of has a trainable matrix. With a sample in each row of x, shape (n, d_in),
# kernel W of shape (d_in, units) and bias b of shape (units,), Keras's `Dense` computes
#
# $$y = x W + b$$

# %%
dense = layers.Dense(3)
parity.check(dense, np.random.default_rng(2).normal(size=(5, 4)))

# %% [markdown]
# Textbooks often write samples as columns. **Build** that form: `x` has shape (d_in, n), the kernel keeps Keras's
# shape (d_in, units), and the result has shape (units, n). This one is not in `kerasedu`.


# %% nbgrader={"grade": false, "grade_id": "dense_columns", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dense_columns(x, kernel, bias):
    """x (d_in, n), kernel (d_in, units), bias (units,); result (units, n)."""
    ### BEGIN SOLUTION
    return kernel.T @ x + bias[:, None]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_dense_columns", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("dense_columns", dense_columns)

# %% [markdown]
# ## 6. Distances between real digits
#
# The article squares the difference of each point with itself. That is zero. Between different points it is useful:
# for x of shape (m, d) and y of shape (n, d),
#
# $$D_{ij} = \sum_{f=1}^{d} (x_{if} - y_{jf})^2$$
#
# With `x[:, None, :]`, shape (m, 1, d), and `y[None, :, :]`, shape (1, n, d), broadcasting is what we want.


# %% nbgrader={"grade": false, "grade_id": "pairwise_squared", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pairwise_squared(x, y):
    """D[i, j] = |x[i] - y[j]|²; x (m, d), y (n, d), result (m, n)."""
    ### BEGIN SOLUTION
    return np.square(x[:, None, :] - y[None, :, :]).sum(axis=-1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_pairwise_squared", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("pairwise_squared", pairwise_squared)

# %% [markdown]
# Handwritten digits, 8 by 8 pixels each: give each of 100 test images the label of its nearest training image.
# `ops.pairwise_squared_distances` is the library's form, quicker because it is one matrix product.

# %%
(x_train, y_train), (x_test, y_test) = datasets.digits()
distances = ops.pairwise_squared_distances(x_test[:100].reshape(100, -1), x_train.reshape(len(x_train), -1))
nearest = y_train[distances.argmin(axis=1)]
print("right:", np.mean(nearest == y_test[:100]))

# %% [markdown]
# ## In your own words
#
# A colleague writes `loss = np.mean((y_true - y_pred) ** 2)` with `y_true` of shape (n,) and `y_pred` of shape (n, 1).
# The program runs. Say in three or four sentences what it computes instead, how you would notice, and how to mend it.

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_broadcast", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# The shapes broadcast to (n, n), so the mean is over all pairs of a target with a prediction. It is not zero for
# perfect predictions, and the loss falls only until the predictions reach the mean of the targets. Printing the shape
# of the difference shows it. Give both the same shape, with `y_pred[:, 0]` or `y_true[:, None]`.
#
# **Marking scheme.** 1 point each: names the shape (n, n); says what is averaged; a way to notice; a repair.
# ### END SOLUTION

# %% [markdown]
# ## What you can do now
#
# 1. `*` is entry by entry, `@` sums over the shared axis; you wrote the sum.
# 2. Shapes line up from the right, axes of length 1 stretch; (n,) against (n, 1) gives (n, n). Types widen.
# 3. Blocking and choosing the order of products save time; exchanging operands changes the result.
# 4. Keras's layer is x W + b with samples in rows; in columns it is Wᵀ x + b.
# 5. A new axis of length 1 makes all pairs meet.
