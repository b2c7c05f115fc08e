"""What to predict."""

from kerasedu.exercises.exercise import Question, Quiz


def _question(id, right, wrong, hints):
    return Question(id=id, lesson="12", points=1, right=right, wrong=wrong, hints=hints)


RECALL_12 = Quiz(
    id="recall_12",
    lesson="12",
    questions=(
        _question(
            "recall_12_mask",
            lambda: 3,
            {
                7: "Where the mask is False the state stays as it was.",
                4: "Those are the steps of padding.",
            },
            ("What does a layer do where the mask is False?", "The state stays.", "It changes in the real steps only."),
        ),
        _question(
            "recall_12_adam",
            lambda: -0.01,
            {
                -2.5: "That is a step of plain gradient descent. Adam divides by the size of the gradient.",
                2.5: "That is plain gradient descent, and uphill. Adam divides by the size of the gradient.",
                0.01: "The size is right. Does w go up or down when the gradient is positive?",
                -0.001: "The average m is a tenth of the gradient at first; the correction makes up for it.",
            },
            (
                "How long is Adam's first step?",
                "The gradient is divided by its own size.",
                "m / √v is 1 after correction.",
            ),
        ),
        _question(
            "recall_12_recall",
            lambda: 8 / 12,
            {
                0.8: "That is the precision: of those called positive. Recall: of those that are positive.",
                8 / 14: "The false positives are not among the positives.",
                4 / 12: "That is the share that was missed.",
            },
            (
                "Which samples are positive?",
                "Those found and those missed: TP + FN.",
                "TP = 8; FN = 4.",
            ),
        ),
    ),
    hints=(
        "They come from the lessons on LSTM, on adaptive optimizers, and on losses and metrics.",
        "A mask skips steps; Adam's first step has the size of the learning rate; recall is TP / (TP + FN).",
        "Third answer: 8 found, of 8 + 4.",
    ),
)

PREDICT_MODEL = Quiz(
    id="predict_model",
    lesson="12",
    questions=(
        _question(
            "parameters_of_two_tasks",
            lambda: (33 * 48 + 48) + (48 * 10 + 10) + (48 * 32 + 32),
            {
                (32 * 48 + 48)
                + (48 * 10 + 10)
                + (48 * 32 + 32): "Concatenate puts the ink behind the 32 pixels: the first layer reads 33 numbers.",
                33 * 48 + 48 * 10 + 48 * 32: "Those are the kernels; each layer has a bias, too.",
                2 * (33 * 48 + 48)
                + (48 * 10 + 10)
                + (48 * 32 + 32): "The hidden layer is there once; both tasks read it.",
            },
            ("Which three layers have weights?", "A kernel (d_in, units) and a bias (units,).", "33 numbers come in."),
        ),
        _question(
            "shape_of_the_drawing",
            lambda: (5, 32),
            {
                (32, 5): "Samples come first.",
                (32,): "There is one row for each sample.",
                (5, 4, 8): "A Dense layer makes rows of numbers; the image has to be reshaped.",
                (5, 10): "That is the digit.",
                (5, 42): "Two outputs stay two arrays.",
            },
            ("How many samples, how many units?", "A Dense layer makes (samples, units).", "5 samples, 32 pixels."),
        ),
        _question(
            "total_loss",
            lambda: 0.4 + 5 * 0.06,
            {
                0.46: "Each loss is multiplied by its weight before they are added.",
                (0.4 + 0.3) / 2: "The total is a sum, not a mean.",
                (0.4 + 0.3) / 6: "The weights are factors; nothing divides by their sum.",
                5 * 0.4 + 0.06: "The weights are in the order of the outputs: 1 for the digit, 5 for the pixels.",
                0.4: "That is the first task alone.",
            },
            ("What does fit minimise?", "The sum of the weighted losses.", "1 · 0.4 + 5 · 0.06"),
        ),
    ),
    hints=(
        "Draw the graph: two inputs, Concatenate, one hidden layer, two layers behind it.",
        "Concatenate has no weights. The total loss is a weighted sum.",
        "First kernel: (33, 48).",
    ),
)
