"""What to predict."""

import numpy as np

from kerasedu.exercises.exercise import Question, Quiz


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


RECALL_03 = Quiz(
    id="recall_03",
    lesson="03",
    questions=(
        Question(
            id="recall_03_dense",
            lesson="03",
            points=1,
            right=lambda: (np.zeros((32, 30)) @ np.zeros((30, 1))).shape,
            wrong={
                (32,): "Nearly: Dense keeps the axis of its units, also if there is only one.",
                (1, 32): "Samples are rows.",
                (30, 1): "That is the kernel. The result has a row for each sample.",
                (32, 30): "That is the input; the last axis becomes the units.",
            },
            hints=("What is the shape of x W?", "(n, d_in) times (d_in, units) is (n, units).", "units = 1"),
        ),
        Question(
            id="recall_03_broadcast",
            lesson="03",
            points=1,
            right=lambda: (np.zeros(4) * np.zeros((4, 1))).shape,
            wrong={
                (4,): "Line the shapes up from the right: 4 meets 1, and nothing meets 4.",
                (4, 1): "Line the shapes up from the right: 4 meets 1, and nothing meets 4.",
                (
                    1,
                    4,
                ): "Line the shapes up from the right: 4 meets 1, and the missing axis counts as 1, which meets 4.",
                (16,): "The right number of numbers; they keep their two axes.",
            },
            hints=("Write the shapes under each other.", "(1, 4) meets (4, 1).", "An axis of length 1 is stretched."),
        ),
        Question(
            id="recall_03_sigmoid",
            lesson="03",
            points=1,
            right=lambda: float(_sigmoid(-np.log(9.0))),
            wrong={
                -0.9: "A sigmoid lies between 0 and 1.",
                0.9: "A sigmoid grows with z: at -z it is smaller.",
                1.1: "A sigmoid lies between 0 and 1.",
                -0.1: "A sigmoid lies between 0 and 1.",
                0.5: "That is σ(0).",
            },
            hints=("Where is σ symmetric?", "σ(z) = 1 / (1 + e^-z). What is σ(z) + σ(-z)?", "The two add up to 1."),
        ),
    ),
    hints=(
        "They come from the lessons on forward propagation and on matrix operations.",
        "Dense: (n, d_in) becomes (n, units). Broadcasting: from the right. Sigmoid: σ(z) + σ(-z) = 1.",
        "Second answer: (4,) counts as (1, 4).",
    ),
)

PREDICT_CROSSENTROPY = Quiz(
    id="predict_crossentropy",
    lesson="03",
    questions=(
        Question(
            id="predict_crossentropy_uniform",
            lesson="03",
            points=1,
            right=lambda: float(-np.log(1 / 10)),
            wrong={
                2.3: "Nearly: give four digits, or let Python compute it.",
                0.1: "That is the probability of the true class; the loss is -ln of it.",
                1.0: "That would be -log10; the logarithm here is the natural one.",
                10: "The loss is -ln of the probability of the true class, 1/10.",
                float(np.log(0.1)): "Logarithms of probabilities are negative, so the loss has a minus.",
                float(10 * np.log(10)): "Only the true class counts, not all ten.",
            },
            hints=("Which probability does the true class get?", "-ln of it.", "-np.log(0.1)"),
        ),
        Question(
            id="predict_crossentropy_twice",
            lesson="03",
            points=1,
            right=lambda: float(np.log(np.e + 9) - 1),
            wrong={
                0: "So it would be with p = 1. But p is taken for logits: softmax of (1, 0, …, 0) is not (1, 0, …, 0).",
                float(np.log(np.e + 10) - 1): "Besides the 1 there are nine zeros, not ten.",
                float(np.e / (np.e + 9)): "That is the probability after the second softmax; the loss is -ln of it.",
                float(np.log(10)): "Nearly as bad as guessing, but not equal: e¹ is larger than e⁰.",
                float(np.log(np.e + 9)): "The logit of the true class, 1, is subtracted.",
            },
            hints=(
                "Apply softmax to (1, 0, …, 0).",
                "The first gets e / (e + 9).",
                "-np.log(np.e / (np.e + 9))",
            ),
        ),
    ),
    hints=(
        "Both times: which probability does the true class get in the end?",
        "The first: 1/10. The second: e¹ divided by e¹ + 9 e⁰.",
        "-np.log(0.1)",
    ),
)

PREDICT_ACCURACY = Quiz(
    id="predict_accuracy",
    lesson="03",
    questions=(
        Question(
            id="predict_accuracy_equality",
            lesson="03",
            points=1,
            right=lambda: float(np.mean(np.array([1, 0, 1, 0]) == [0.9, 0.2, 1.0, 0.4])),
            wrong={
                1: "So it would be after a decision at 0.5. `Accuracy()` decides nothing: is 0.9 equal to 1?",
                0: "One of the four is equal.",
                0.75: "Which three are equal? 0.9 and 1 are not, 0.2 and 0 are not.",
                0.825: "It counts what is equal; it does not measure how near the others are.",
            },
            hints=("Compare the numbers one by one.", "It asks y_true == y_pred.", "1.0 == 1"),
        ),
        Question(
            id="predict_accuracy_constant",
            lesson="03",
            points=1,
            right=lambda: 40 / 50,
            wrong={0.2: "That is the share of the malignant.", 0: "Its answer is right for every benign tumour."},
            hints=("For how many is the answer right?", "The benign ones.", "40 of 50"),
        ),
        Question(
            id="predict_accuracy_recall",
            lesson="03",
            points=1,
            right=lambda: 0 / 10,
            wrong={
                1: "Recall: the share of the malignant that were found.",
                0.8: "That is the accuracy. How many of the malignant were found?",
                0.2: "That is the share of the malignant among all. How many of them were found?",
            },
            hints=("How many malignant tumours does it find?", "It finds none of 10.", "0 of 10"),
        ),
    ),
    hints=(
        "Count by hand; the numbers are small.",
        "Equality of numbers; right answers of all; found ones of the malignant.",
        "Second answer: 40 of the 50 answers are right.",
    ),
)
