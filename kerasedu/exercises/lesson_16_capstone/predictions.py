"""What to predict: questions from all lessons, and numbers that the articles do not give."""

import math

from kerasedu.exercises.exercise import Question, Quiz


def _question(name, right, wrong, hints):
    return Question(id=name, lesson="16", points=1, right=right, wrong=wrong, hints=hints)


def _sigmoid(z):
    return 1 / (1 + math.exp(-z))


RECALL_16 = Quiz(
    id="recall_16",
    lesson="16",
    questions=(
        _question(
            "recall_16_parameters",
            lambda: (64 * 32 + 32) + (32 * 10 + 10),
            {
                64 * 32 + 32 * 10: "The biases are missing: one for each unit.",
                64 * 32 + 32: "That is the first layer.",
                (64 + 32 + 10): "Every unit is connected with every input: multiply.",
            },
            ("Two kernels, two biases.", "(64, 32), (32,), (32, 10), (10,)", "2080 in the first layer"),
        ),
        _question(
            "recall_16_five_steps",
            lambda: 5 * 0.01,
            {
                0.01: "That is the first step. The next four are as long, for the gradient stays the same.",
                5: "Adam divides by the gradient's own size: its scale does not enter.",
                0.005: "That is without the correction of m: it makes up for the start at 0.",
            },
            (
                "What are m and √v after the correction, when the gradient was always g?",
                "The corrected m is g, the corrected √v is |g|, in every step.",
                "Each step is learning_rate · g / |g|.",
            ),
        ),
        _question(
            "recall_16_steps",
            lambda: 3 * math.ceil(1438 / 32),
            {
                45: "That is one epoch.",
                132: "The samples left over make a batch of their own.",
                3: "That counts the epochs; each batch makes one step.",
            },
            ("How many batches has an epoch?", "1438 / 32, rounded up.", "45 batches an epoch"),
        ),
    ),
    hints=(
        "They come from the lessons on layers, on Adam and on training.",
        "Parameters: kernels and biases. Adam: the corrected averages. Steps: one for each batch, the smaller one too.",
        "Third answer: 45 batches an epoch.",
    ),
)

EXAM_NUMBERS = Quiz(
    id="exam_numbers",
    lesson="16",
    questions=(
        _question(
            "exam_numbers_filters",
            lambda: 32 + 64,
            {
                2: "There are two layers. How many kernels has each?",
                64: "That is the second layer alone.",
                32: "That is the first layer alone.",
                2048: "Each of the 64 filters spans the 32 channels; it is one filter.",
            },
            ("What does the first argument of Conv2D count?", "Filters, one for each output channel.", "32 and 64"),
        ),
        _question(
            "exam_numbers_conv",
            lambda: 3 * 3 * 1 * 32 + 32,
            {
                288: "The biases are missing.",
                9: "That is one filter without its bias.",
                784 * 26 * 26 * 32 + 26 * 26 * 32: "That is what the printed formula would need: a dense layer.",
            },
            ("How large is a filter?", "3 · 3 · 1 numbers and a bias.", "32 · (9 + 1)"),
        ),
        _question(
            "exam_numbers_noise",
            lambda: 1 / 12,
            {
                0: "The targets are new noise in every batch: there is nothing to learn but their mean.",
                0.25: "That is the mean absolute error of the best constant, or its square. Which mean was asked for?",
                1 / 3: "That is the loss of the prediction 0.",
                0.5: "That is the best prediction, not its loss.",
            },
            ("What is the best prediction for pure noise?", "Its mean; the loss is then the variance.", "∫(y - ½)² dy"),
        ),
        _question(
            "exam_numbers_broadcast",
            lambda: 2 / 3,
            {
                0: "One number a row cannot equal three different ones.",
                2: "That is the sum of the squares of a row. The loss is a mean.",
                1: "The best number for 1, 2, 3 is 2: what are the three squares?",
            },
            ("Which one number is nearest to 1, 2, 3?", "The squares are 1, 0, 1; take the mean.", "The best is 2."),
        ),
        _question(
            "exam_numbers_name",
            lambda: "B",
            {
                "A": "RMSprop has no average of the gradient itself, and its epsilon is under the root.",
                "C": "Momentum alone does not divide by √v.",
            },
            (
                "Which averages does the formula keep?",
                "m of the gradient and v of its square, and the step m / √v.",
                "Compare it with the Adam of the second article.",
            ),
        ),
        _question(
            "exam_numbers_slope",
            lambda: 2 * (_sigmoid(-8) - 1) * _sigmoid(-8) * (1 - _sigmoid(-8)),
            {
                _sigmoid(-8) - 1: "That is the gradient of the cross-entropy.",
                2
                * (
                    _sigmoid(-8) - 1
                ): "That is the gradient at the output; z lies behind the sigmoid, which has a slope.",
                (_sigmoid(-8) - 1) * _sigmoid(-8) * (1 - _sigmoid(-8)): "The square brings a factor 2.",
            },
            ("Two factors: loss and sigmoid.", "2 (s - 1) · s (1 - s), with s = sigmoid(-8).", "s = 1 / (1 + exp(8))"),
        ),
    ),
    hints=(
        "Each asks for a number that the article's own code determines.",
        "Filters: the first argument. Noise: predict the mean. Broadcasting: one number for three targets.",
        "Third answer: the variance of a number drawn evenly from 0 to 1.",
    ),
)
