"""What to predict, and the steps of training to put in order."""

import numpy as np

from kerasedu.exercises.exercise import Ordering, Question

PREDICT_FLAT_SHAPE = Question(
    id="predict_flat_shape",
    lesson="00",
    points=1,
    right=lambda: np.zeros((32, 8, 8)).reshape(32, -1).shape,
    wrong={
        (2048,): "The images stay apart: Flatten lays out each one and leaves the first axis, the batch, alone.",
        (64, 32): "The right numbers; the batch comes first.",
        (32, 16): "Rows and columns multiply: how many pixels has an image?",
        (32, 8): "Nothing is lost: every pixel of an image stays, in one long row. How many are there?",
        (32, 8, 8): "That is the shape before.",
        (32, 1, 64): "Nearly: no axis of length 1 is left over.",
    },
    hints=(
        "How many numbers describe one image?",
        "Flatten keeps the first axis and multiplies the others.",
        "An image has 8 · 8 pixels.",
    ),
)

PREDICT_PARAMETERS = Question(
    id="predict_parameters",
    lesson="00",
    points=1,
    right=lambda: 16 * (32 + 1),
    wrong={
        16 * 32: "Each unit has a bias besides its weights.",
        16 * 32 + 1: "Each of the 16 units has a bias of its own.",
        (16 + 1) * 32: "The biases belong to the units of the new layer, not to its inputs.",
        16 + 32: "Every unit is connected with every input.",
        16 * (64 + 1): "The layer's inputs are the 32 numbers of the layer before it, not the pixels.",
    },
    hints=(
        "Do the count of the text again, with other sizes.",
        "A unit has one weight for each of its inputs, and one bias.",
        "One unit here has 32 + 1 numbers.",
    ),
)

PREDICT_ROUNDING = Question(
    id="predict_rounding",
    lesson="00",
    points=1,
    right=lambda: "B",
    wrong={
        "A": "A wrong formula is off in the first digits, not in the seventh.",
        "C": "A CPU rounds in the same way.",
    },
    hints=(
        "How many decimal digits does float32 keep?",
        "A difference in the last digit kept comes from rounding.",
        "np.finfo('float32').eps is 1.2e-07.",
    ),
)

LINES_TRAINING = Ordering(
    id="lines_training",
    lesson="00",
    points=2,
    right=("BDAFC",),
    distractors={
        "E": "The labels are what is to be learned; training never changes them.",
        "G": "The test images take no part in training: chosen by them, the weights could not be judged by them.",
    },
    hints=(
        "What must be known before a loss can be computed, and what before a weight can be changed?",
        "Data, then forward, then the loss, then backward, then the change.",
        "First: B.",
    ),
)
