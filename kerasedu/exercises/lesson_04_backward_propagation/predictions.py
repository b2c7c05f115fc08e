"""What to predict, and lines to put in order."""

import numpy as np

from kerasedu.exercises.exercise import Ordering, Question, Quiz


def _question(id, right, wrong, hints, points=1):
    return Question(id=id, lesson="04", points=points, right=right, wrong=wrong, hints=hints)


RECALL_04 = Quiz(
    id="recall_04",
    lesson="04",
    questions=(
        _question(
            "recall_04_kernel",
            lambda: (4, 3),
            {
                (3, 4): "That is the transposed convention. Keras computes x W + b with samples in the rows of x.",
                (5, 3): "That is the shape of the output.",
            },
            ("y = x W + b", "x's last axis meets W's first.", "(5, 4) times (4, 3) is (5, 3)."),
        ),
        _question(
            "recall_04_bias",
            lambda: 5,
            {
                1: "Broadcasting adds it to every row.",
                15: "That is how many numbers of y there are, for all three biases.",
            },
            ("How many rows has x W?", "Broadcasting stretches (3,) along the samples.", "One use for each row."),
        ),
        _question(
            "recall_04_loss",
            lambda: float(-np.log([1.0, 0.5]).mean()),
            {
                float(-np.log([1.0, 0.5]).sum()): "That is the sum; Keras takes the mean over the samples.",
                0.75: "That is the mean of the probabilities; the loss of a sample is -ln p.",
                float(np.log(0.75) * -1): "Take the logarithm of each sample, then the mean.",
            },
            ("The loss of one sample is -ln p.", "-ln 1 = 0.", "(0 + ln 2) / 2"),
        ),
    ),
    hints=(
        "Write the shapes of x, W, b and y under each other.",
        "Broadcasting uses the bias once for each row; cross-entropy is -ln p of the right class, averaged.",
        "-ln 1 = 0 and -ln 0.5 = ln 2.",
    ),
)


def _square_plus_itself(x):
    h = 1e-6
    return round(((x + h) ** 2 + (x + h) - (x - h) ** 2 - (x - h)) / (2 * h))


PREDICT_FAN_OUT = _question(
    "predict_fan_out",
    lambda: _square_plus_itself(3.0),
    {
        1: "That is the way through the sum alone. The way through the product counts too.",
        3: "That is one of three ways from x to L.",
        4: "x enters the product twice, once on each side.",
        6: "That is the derivative of x·x; x is also added.",
        12: "That is the value of L.",
    },
    (
        "How many arrows leave x?",
        "Multiply along each way from x to L, then add the ways.",
        "The way through the left side of the product: 3 · 1.",
    ),
)

PREDICT_FLOW = Quiz(
    id="predict_flow",
    lesson="04",
    questions=(
        _question(
            "predict_flow_sigmoids",
            lambda: 0.25**5,
            {
                0.25: "That is one sigmoid; there are five in a row.",
                1.25: "Along a path derivatives multiply; they do not add.",
                0.25 / 5: "Along a path derivatives multiply: five factors.",
                0.5**5: "σ(0) = 0.5 is its value; the slope is σ (1 - σ).",
                1.0: "The slope of a sigmoid is largest at 0, and there it is 0.5 · (1 - 0.5).",
            },
            (
                "What is the largest slope of one sigmoid?",
                "σ' = σ (1 - σ), largest where σ = 1/2. Five in a row multiply.",
                "0.25 ** 5",
            ),
        ),
        _question(
            "predict_flow_backward",
            lambda: "C",
            {
                "A": "Was there a learning rate anywhere? Without one nothing can be updated.",
                "B": "Was there a learning rate anywhere? Without one nothing can be updated.",
            },
            (
                "Which of the two, gradient or weight, does backward return or keep?",
                "Backward computes dL/dW; an optimizer changes W.",
                "Print the kernel before and after.",
            ),
        ),
    ),
    hints=(
        "1: what is the largest slope of one sigmoid? 2: which numbers would an update need that backward never sees?",
        "Along a path slopes multiply. Backward computes gradients; whoever changes weights needs a learning rate.",
        "1: 0.25 ** 5. 2: print the kernel before and after.",
    ),
)

LINES_CROSSENTROPY = Ordering(
    id="lines_crossentropy",
    lesson="04",
    points=2,
    right=("FDACG", "DFACG", "DAFCG"),
    distractors={
        "B": "That is the gradient of the sum over the samples; the loss is their mean.",
        "E": "Softmax's derivative is no elementwise product, and it is in p - y already.",
        "H": "Axis 0 counts the samples. The probabilities of one sample, its row, have the sum 1.",
        "I": "Right on paper; for a logit of 1000 it is infinite. Another line computes the same without that.",
    },
    hints=(
        "First the probabilities, then their difference from the targets, then the mean.",
        "Subtracting 1 at the right class subtracts the one-hot row y.",
        "p becomes a probability only when it has been divided by its sum; C needs p and n.",
    ),
)
