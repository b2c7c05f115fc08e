"""Honest submissions, with marks known beforehand."""

from case import ALL, RIGHT, TARGET, Case
from nbformat.v4 import new_code_cell, new_markdown_cell

UNTOUCHED = object()


def own_cells(notebook):
    notebook.cells.insert(3, new_code_cell("1 / 0"))
    notebook.cells.insert(9, new_markdown_cell("my notes"))


HELPER = """
def bias_of(bias):
    return bias.reshape(-1, 1)

def dense_columns(x, kernel, bias):
    return np.dot(kernel.T, x) + bias_of(bias)
"""
TRIED = RIGHT + "print(dense_columns(np.ones((2, 3)), np.ones((2, 4)), np.zeros(4)).shape)\n"
TRIED_BADLY = RIGHT + "dense_columns(1, 2, 3)\n"
ROOTS = """
def pairwise_squared(x, y):
    return np.sqrt(np.square(x[:, None] - y).sum(axis=-1))
"""
LOOPS = """
def matmul_loops(a, b):
    rows = [[sum(a[i] * b[:, j]) for j in range(b.shape[1])] for i in range(len(a))]
    return np.array(rows, dtype=a.dtype)
"""
OTHERS = (
    "predict_product_shape",
    "lines_matmul",
    "mean_squared_difference",
    "predict_dtype",
    "matmul_blocked",
    "multiplications",
    "product_layer",
    "dense_columns",
    "pairwise_squared",
)

CASES = [
    Case("all_right", ALL, "graded"),
    Case("another_way", ALL, "graded", {TARGET: RIGHT.replace("kernel.T @ x", "np.einsum('du,dn->un', kernel, x)")}),
    Case("with_a_helper", ALL, "graded", {TARGET: HELPER}),
    Case("tried_out", ALL, "graded", {TARGET: TRIED}),
    Case("tried_out_with_an_error", ALL, "graded", {TARGET: TRIED_BADLY}),
    Case("own_cells", ALL, "graded", change=own_cells),
    Case("loops", ALL, "graded", {"matmul_loops": LOOPS}),
    Case("one_known_mistake", ALL - 3, "graded", {"pairwise_squared": ROOTS}),
    Case(
        "two_wrong_predictions",
        ALL - 2,
        "graded",
        {"predict_dtype": "choice = 'A'", "predict_product_shape": "shape = (3, 2)"},
    ),
    Case("syntax_error", ALL - 3, "unreadable", {TARGET: "def dense_columns(x, kernel, bias)\n    return x"}),
    Case("raises", ALL - 3, "crashed", {TARGET: "def dense_columns(x, kernel, bias):\n    return kernel @ x @ bias"}),
    Case("only_one_answer", 3, "missing", dict.fromkeys(OTHERS, UNTOUCHED)),
]
