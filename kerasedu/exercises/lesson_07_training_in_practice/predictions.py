"""What to predict: earlier lessons, equal starts, and numbers no training can beat."""

import math

from kerasedu.exercises.exercise import Question, Quiz


def _question(name, right, wrong, hints):
    return Question(id=name, lesson="07", points=1, right=right, wrong=wrong, hints=hints)


RECALL_07 = Quiz(
    id="recall_07",
    lesson="07",
    questions=(
        _question(
            "recall_07_guessing",
            lambda: math.log(10),
            {
                0.1: "That is the probability of the right class. What is the loss of it?",
                1: "That is a logarithm to the base 10; losses use the natural one.",
                math.log2(10): "That is a logarithm to the base 2; losses use the natural one.",
                0.9: "That is how often guessing is wrong. The loss looks at the probability of the right class.",
                -math.log(10): "The sign: log 0.1 is negative, the loss is not.",
                10 * math.log(10): "Only the right class counts, and it counts once.",
            },
            ("What is the loss of one sample?", "Minus the logarithm of the right class's probability.", "-log(0.1)"),
        ),
        _question(
            "recall_07_bias",
            lambda: (5, 5, 5),
            {
                (1, 1, 1): "Every sample of the batch uses the same bias: the gradient is a sum over the batch.",
                (3, 3, 3, 3, 3): "You summed over the units. There is one bias for each of the 3 units.",
                15: "There is one bias for each unit.",
                (3,): "That is the shape of the gradient. Which three numbers does it hold?",
                (0.2, 0.2, 0.2): "dy already holds what the loss's mean did; it is summed, not averaged again.",
            },
            ("How many biases are there?", "The sum over the batch.", "Each unit: 1 + 1 + 1 + 1 + 1"),
        ),
        _question(
            "recall_07_decay",
            lambda: 2 - 0.5 * 0.1 * 2,
            {
                2: "Weight decay does not need a gradient.",
                1.8: "The decay is multiplied by the learning rate, too.",
                1: "That is the learning rate times w; the decay is missing.",
                1.5: "Adam's first step has the length of the learning rate, unless the gradient is 0.",
                1.4: "The decay is right. Adam's own step is 0, since the gradient is.",
                1.95: "The decay is in proportion to w, which is 2.",
                2.1: "It makes weights smaller.",
            },
            ("Which part of the step is left?", "w - learning_rate · weight_decay · w", "2 - 0.5 · 0.1 · 2"),
        ),
    ),
    hints=(
        "They come from the lessons on losses, on back-propagation and on adaptive optimizers.",
        "Loss: -log of the right class. Bias: a sum over the batch. Decay: in proportion to w.",
        "Third answer: Adam's own step is 0, the decay is 0.5 · 0.1 · 2.",
    ),
)

PREDICT_EQUAL_START = Quiz(
    id="predict_equal_start",
    lesson="07",
    questions=(
        _question(
            "equal_start_columns",
            lambda: 1,
            {
                32: "Which number could tell two units apart, if their weights and inputs are equal?",
                64: "A column belongs to a unit: there are 32. But what could make two of them differ?",
                0: "There are columns. How many different ones?",
                2: "Whatever makes one unit's gradient makes the other's: all are equal.",
            },
            ("Compare two hidden units.", "Equal weights give equal outputs and equal gradients.", "All are equal."),
        ),
        _question(
            "equal_start_zeros",
            lambda: "B",
            {
                "A": "The gradient of the output kernel is hᵀ dz. What is h?",
                "C": "The gradient of the output kernel is hᵀ dz, and h is relu(0).",
                "D": "The output bias gets the sum of dz, which is not 0.",
            },
            ("What is h?", "h = 0, and dh = dz Vᵀ with V = 0.", "hᵀ dz = 0, dh = 0; what is left?"),
        ),
    ),
    hints=(
        "Follow two hidden units through one step, forward and back.",
        "A gradient is a product: where one factor is 0, or equal for all units, so is the gradient.",
        "Zeros: h = relu(0) = 0, so the output kernel's gradient hᵀ dz is 0.",
    ),
)

PREDICT_FLOORS = Quiz(
    id="predict_floors",
    lesson="07",
    questions=(
        _question(
            "floors_split",
            lambda: 2,
            {
                10: "Keras cuts before it shuffles: which rows are the last 200?",
                8: "Those are left for training.",
                1: "200 rows, 100 of each digit.",
                200: "That is the number of samples.",
            },
            ("Which rows are taken?", "The last fifth, before anything is shuffled.", "Rows 800 to 999"),
        ),
        _question(
            "floors_one_output",
            lambda: 2 / 3,
            {
                0: "One number in a row cannot equal three different targets.",
                2: "That is the sum of a row's squares. The loss is a mean.",
                1: "The best number for 1, 2, 3 is 2. What are the three squares?",
            },
            ("Which one number is nearest to 1, 2 and 3?", "Squares 1, 0, 1.", "Their mean"),
        ),
        _question(
            "floors_noise",
            lambda: 1 / 12,
            {
                0: "The targets are drawn anew in each round: there is nothing to learn but their mean.",
                0.25: "What is the best constant, and how far is a target from it on average, squared?",
                1 / 3: "That is the loss of the prediction 0.",
                0.5: "That is the best prediction, not its loss.",
            },
            ("What is the best prediction for noise?", "Its mean; the loss is then the variance.", "∫(y - ½)² dy"),
        ),
        _question(
            "floors_shape",
            lambda: (100, 8),
            {
                (8, 100): "The first axis counts samples.",
                (100,): "Each sample has 8 features.",
                (10, 8): "That is one batch.",
                (1, 8): "That is one sample, as `predict` needs it.",
                (None, 8): "That is what the model accepts. How many samples do 100 targets need?",
                (800,): "Samples in rows, features in columns.",
            },
            ("What does the first axis count?", "Samples, as many as targets.", "100 rows"),
        ),
    ),
    hints=(
        "Each number follows from the text of the question; no training is needed.",
        "A constant prediction is best at the mean, and its squared error is then the variance.",
        "Second answer: the best output for 1, 2, 3 is 2; the squares are 1, 0, 1.",
    ),
)
