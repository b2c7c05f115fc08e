"""What to predict, and lines to put in order."""

import math

from kerasedu.exercises.exercise import Ordering, Question, Quiz


def _question(name, right, wrong, hints):
    return Question(id=name, lesson="11", points=1, right=right, wrong=wrong, hints=hints)


RECALL_11 = Quiz(
    id="recall_11",
    lesson="11",
    questions=(
        _question(
            "recall_11_vanishing",
            lambda: 0.9**40,
            {
                36: "The factors of the steps multiply; they do not add.",
                0.9: "That is one step. Each of the 40 brings its factor.",
                0.9 / 40: "The factors of the steps multiply: 0.9 · 0.9 · …",
            },
            ("What does the chain rule do with 40 factors?", "They multiply.", "0.9 ** 40"),
        ),
        _question(
            "recall_11_states",
            lambda: (5, 12, 8),
            {
                (5, 8): "That is the last state alone. return_sequences=True gives one state a step.",
                (5, 12, 3): "3 is the number of features that come in; a state has as many numbers as there are units.",
                (12, 5, 8): "The batch comes first, then time.",
                (5, 8, 12): "Time comes before the units.",
            },
            ("What is asked for: the last state or all?", "(batch, time, units)", "The batch is 5, the units are 8."),
        ),
        _question(
            "recall_11_windows",
            lambda: (4, 20 - 5 + 1, 8),
            {
                (4, 20, 8): "That is padding='same'. Without padding the window cannot hang over the ends.",
                (4, 15, 8): "One position more: windows start at 0, 1, …, 15.",
                (4, 16, 3): "Each of the 8 filters sums over the 3 channels: the output's channels are the filters.",
                (4, 16, 24): "A filter sums over the channels; it does not give one output a channel.",
            },
            ("Which axis slides?", "There are n - k + 1 positions.", "20 - 5 + 1 positions, 8 filters."),
        ),
    ),
    hints=(
        "They come from the lessons on recurrent networks and on convolution.",
        "Steps back in time: multiply. Shapes: batch, time, units; a convolution has as many steps as windows fit in.",
        "Second answer: 5 sequences, 12 states each, 8 numbers in a state.",
    ),
)

PREDICT_CARRY = Quiz(
    id="predict_carry",
    lesson="11",
    questions=(
        _question(
            "predict_carry_share",
            lambda: 0.99**100,
            {
                99: "The factors multiply; they do not add.",
                0.99: "That is one step. Each of the 100 brings its factor.",
                0.01**100: "0.99 is what stays at each step, not what is lost.",
                0: "0.99 lies close to 1: work it out.",
            },
            ("Which factor does a step bring?", "f at each step, and the factors multiply.", "0.99 ** 100"),
        ),
        _question(
            "predict_carry_bias",
            lambda: math.log(99),
            {
                0.99: "That is f. Which z has the sigmoid 0.99?",
                1: "sigmoid(1) is 0.73.",
                -math.log(99): "That gives f = 0.01.",
                math.log10(99): "The natural logarithm.",
            },
            (
                "Solve 1 / (1 + exp(-z)) = 0.99.",
                "The sigmoid's inverse is log(f / (1 - f)).",
                "The argument of the logarithm: 0.99 / 0.01",
            ),
        ),
    ),
    hints=(
        "dc'/dc = f: how often does it act?",
        "100 factors f multiply; and f = sigmoid(z) is solved for z.",
        "sigmoid(z) = f means z = log(f / (1 - f)).",
    ),
)

LINES_GRU_BACKWARD = Ordering(
    id="lines_gru_backward",
    lesson="11",
    points=2,
    right=("ABCDE", "BACDE", "ACBDE"),
    distractors={
        "F": "What comes back through h U + b' passes the reset gate in the candidate's block.",
        "G": "h' = z h + … uses the old state directly as well: that way is missing.",
        "H": "r multiplies h U + b', so its gradient needs that, not h; this line belongs to the paper's GRU.",
    },
    hints=(
        "Which line needs the result of which other?",
        "First the gradients of the three sums, then what goes back through U, then the old state's two ways.",
        "dr needs dg: what reaches the reset gate comes through the candidate.",
    ),
)

PREDICT_GATED = Quiz(
    id="predict_gated",
    lesson="11",
    questions=(
        _question(
            "predict_gated_lstm",
            lambda: 4 * (1 * 50 + 50 * 50 + 50),
            {
                2600: "That is one block. An LSTM has four: i, f, g, o.",
                10910: "With Dense(10), which was not asked for.",
                7800: "Three blocks: that is how a GRU is built.",
                10200: "The biases are missing.",
                1040000: "The weights are the same at every step: the length of the sequence does not enter.",
            },
            ("How many columns has each array?", "Each of W, U and b has four blocks.", "4 · (50 + 2500 + 50)"),
        ),
        _question(
            "predict_gated_gru",
            lambda: 3 * (1 * 50 + 50 * 50) + 2 * 3 * 50,
            {
                7800: "That counts one row of the bias. With reset_after there are two.",
                10400: "That is the LSTM, with four blocks; a GRU has three.",
                7650: "The biases are missing.",
            },
            ("Three blocks.", "W and U have three blocks each; the bias has two rows.", "7650 and the bias"),
        ),
        _question(
            "predict_gated_bias",
            lambda: (2, 150),
            {
                (150,): "That is the GRU with reset_after=False. Keras's default has a second bias, for the product.",
                (300,): "The right number of biases; they lie in two rows.",
                (2, 3, 50): "The gates stand side by side in the columns.",
                (3, 100): "Rows are x and h, columns the gates.",
                (2, 50): "Each row serves three blocks.",
            },
            ("How many biases has each gate?", "One row for x, one for h; three blocks of columns.", "Two rows."),
        ),
        _question(
            "predict_gated_both_ways",
            lambda: (32, 8, 20),
            {
                (32, 8, 10): "Both directions are kept, side by side in the last axis.",
                (32, 16, 10): "They are joined along the units, not along time: both have an output for every step.",
                (32, 20): "return_sequences=True gives an output for every step.",
                (64, 8, 10): "They are joined along the units, not along the batch.",
            },
            ("How many layers read the sequence?", "Their outputs are joined along the last axis.", "10 + 10 units"),
        ),
    ),
    hints=(
        "Write down the shapes of W, U and b with their blocks.",
        "A block is a SimpleRNN of its own: (d, units), (units, units), (units,).",
        "LSTM: four blocks of 50 + 2500 + 50 numbers.",
    ),
)
