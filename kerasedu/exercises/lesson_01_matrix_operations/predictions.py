"""What to predict, and lines to put in order."""

import numpy as np

from kerasedu.exercises.exercise import Ordering, Question

PREDICT_PRODUCT_SHAPE = Question(
    id="predict_product_shape",
    lesson="01",
    points=1,
    right=lambda: (np.ones((3, 1)).T * np.ones((2, 3))).shape,
    wrong={
        (1, 3): "Broadcasting stretches the axis of length 1; it does not keep it.",
        (2, 1): "That would be the matrix product B A. `*` works entry by entry.",
        (3, 2): "Nothing is transposed but A itself.",
    },
    hints=(
        "A.T has shape (1, 3). Write it above (2, 3), aligned on the right.",
        "Axes of length 1 stretch to the other's length; others must agree.",
        "The last axis: 3 and 3 give 3.",
    ),
)

PREDICT_DTYPE = Question(
    id="predict_dtype",
    lesson="01",
    points=1,
    right=lambda: {"float32": "A", "float64": "B", "int64": "C"}[
        (np.ones(2, "float32") + np.ones(2, "int64")).dtype.name
    ],
    wrong={
        "A": "float32 holds whole numbers exactly up to 2²⁴ only; int64 goes much further.",
        "C": "A float is in it.",
    },
    hints=(
        "Which type can hold the numbers of both operands?",
        "NumPy takes the smallest type that holds both; int64 does not fit into float32.",
        "np.result_type('float32', 'int64') tells.",
    ),
)

LINES_MATMUL = Ordering(
    id="lines_matmul",
    lesson="01",
    points=2,
    right=("CAEDB",),
    distractors={
        "F": "It multiplies entry by entry, which rectangular operands refuse.",
        "G": "It overwrites the sum.",
    },
    hints=(
        "The result must exist before it is written to, and is returned last.",
        "Three things: the array, the loops over its entries, the sum for one entry.",
        "First line: c = np.zeros((m, n))",
    ),
)
