"""What to predict."""

import numpy as np

from kerasedu.exercises.exercise import Question, Quiz


def _question(id, right, wrong, *hints):
    return Question(id=id, lesson="02", points=1, right=right, wrong=wrong, hints=hints)


RECALL_02 = Quiz(
    id="recall_02",
    lesson="02",
    questions=(
        _question(
            "recall_02_bias",
            lambda: "C",
            {
                "A": "Aligned on the right, 3 meets 1 and 3 meets 3: it runs.",
                "B": "(3, 1) is stretched along its second axis, so a row of the product gets one number.",
            },
            "Line the two shapes up from the right.",
            "The axis of length 1 is stretched.",
            "Row i of the sum is row i of the product plus the number bias[i, 0].",
        ),
        _question(
            "recall_02_parameters",
            lambda: 16 * 10 + 10,
            {
                16 * 10: "Those are the weights; each of the 10 units has a bias as well.",
                16 * 10 + 16: "There is one bias for each unit, not for each input.",
                16 + 10: "Each unit has a weight for each of its inputs.",
                10: "Those are the biases.",
            },
            "How many numbers does one of the 10 units have?",
            "A weight for each input, and one bias.",
            "10 · (16 + 1)",
        ),
        _question(
            "recall_02_dtype",
            lambda: "B",
            {"A": "NumPy takes a type that holds both; float32 can't hold all of float64."},
            "Which type can hold the numbers of both operands?",
            "Types widen.",
            "np.result_type('float32', 'float64') tells.",
        ),
    ),
    hints=(
        "They come from lessons 00 and 01: broadcasting, parameters, data types.",
        "Shapes line up from the right; a unit has a weight for each input and a bias; types widen.",
        "Second answer: 10 units, each with 16 weights and 1 bias.",
    ),
)

PREDICT_NEURON = Quiz(
    id="predict_neuron",
    lesson="02",
    questions=(
        _question(
            "predict_neuron_z",
            lambda: float(np.dot([0.5, 0.0, 1.0], [2.0, -1.0, -3.0]) + 1),
            {
                -2: "The bias is missing.",
                -3: "The bias is added, not subtracted.",
                0: "That is the output after ReLU; z comes before.",
                5: "One of the weights is negative: 1 · (-3).",
            },
            "Multiply entry by entry, add up, add the bias.",
            "z = x₁ w₁ + x₂ w₂ + x₃ w₃ + b",
            "0.5 · 2 = 1, 0 · (-1) = 0, 1 · (-3) = -3.",
        ),
        _question(
            "predict_neuron_y",
            lambda: max(0.0, float(np.dot([0.5, 0.0, 1.0], [2.0, -1.0, -3.0]) + 1)),
            {-1: "That is z. ReLU lets only positive numbers pass.", 1: "ReLU does not change the sign of a number."},
            "Is z positive?",
            "ReLU gives max(z, 0).",
            "max(-1, 0)",
        ),
        _question(
            "predict_neuron_kernel",
            lambda: (3, 4),
            {
                (4, 3): "That is the W of W x + b. In Keras a neuron's weights are a column of the kernel.",
                (4, 1): "Each of the four neurons has three weights.",
                (3, 1): "That is one neuron.",
                (12,): "Twelve numbers, yes; the kernel has two axes.",
            },
            "x W: which axis of W meets the last axis of x?",
            "One column of weights for each neuron.",
            "x is (n, 3) and the result (n, 4).",
        ),
    ),
    hints=(
        "Put the numbers into the formula.",
        "z is the sum with the bias; ReLU makes it max(z, 0); the kernel is (d_in, units).",
        "z = 1 + 0 - 3 + 1",
    ),
)


def _panel(name, letter, wrong, *hints):
    return _question(f"predict_activations_{name}", lambda: letter, wrong, *hints)


PREDICT_ACTIVATIONS = Quiz(
    id="predict_activations",
    lesson="02",
    questions=(
        _panel(
            "relu",
            "B",
            {"C": "That line also goes below zero; max(z, 0) does not."},
            "Where is max(z, 0) flat?",
            "It is 0 left of 0, and z right of it.",
            "It has a corner at 0.",
        ),
        _panel(
            "sigmoid",
            "D",
            {"A": "That curve reaches down to -1; the sigmoid stays above 0."},
            "Put z = 0 in: 1 / (1 + 1).",
            "Between 0 and 1, ½ in the middle.",
            "σ(0) = 0.5",
        ),
        _panel(
            "tanh",
            "A",
            {"D": "That curve stays above 0; tanh is negative for negative z."},
            "tanh(-z) = -tanh(z): what is tanh(0)?",
            "Between -1 and 1, 0 in the middle.",
            "tanh(0) = 0",
        ),
        _panel(
            "linear",
            "C",
            {"B": "That one is flat left of 0; y = z is not."},
            "y = z",
            "A straight line without a corner.",
            "At z = -2 it is -2.",
        ),
    ),
    hints=(
        "Read off each panel: the value at 0, and what happens far to the left and to the right.",
        "ReLU has a corner; the sigmoid lies between 0 and 1, tanh between -1 and 1; linear is y = z.",
        "σ(0) = ½ and tanh(0) = 0.",
    ),
)


def _letter(value):
    return {0.0: "A", np.inf: "B"}.get(float(value), "C")


def _at(formula, x):
    with np.errstate(all="ignore"):
        return formula(np.float64(x))


PREDICT_OVERFLOW = Quiz(
    id="predict_overflow",
    lesson="02",
    questions=(
        _question(
            "predict_overflow_below",
            lambda: _letter(_at(lambda x: 1 / (1 + np.exp(-x)), -1000)),
            {
                "B": "The denominator is inf; what is 1 divided by it?",
                "C": "inf stands in the denominator alone: 1/inf is 0.",
            },
            "What is the exponent?",
            "e¹⁰⁰⁰ is inf, 1 + inf is inf.",
            "1 / inf",
        ),
        _question(
            "predict_overflow_above",
            lambda: _letter(_at(lambda x: np.exp(x) / (1 + np.exp(x)), 1000)),
            {
                "A": "Numerator and denominator are both inf.",
                "B": "The denominator is inf as well.",
            },
            "What is the numerator, what the denominator?",
            "Both are inf, and inf/inf is not defined.",
            "inf / inf",
        ),
        _question(
            "predict_overflow_softmax",
            lambda: "B",
            {
                "A": "That is the right answer of the formula on paper. What are e¹⁰⁰⁰ and the sum in float64?",
                "C": "The second one is e⁰ / inf, and that is a number.",
            },
            "Write both powers of e, then their sum.",
            "The powers are inf and 1, the sum is inf.",
            "inf / inf and 1 / inf",
        ),
    ),
    hints=(
        "e to the power 1000 does not fit into float64: it becomes inf.",
        "1/inf = 0, inf/inf = nan, 1 + inf = inf.",
        "For the softmax: the powers are inf and 1, the sum is inf.",
    ),
)

PREDICT_SHAPES = Quiz(
    id="predict_shapes",
    lesson="02",
    questions=(
        _question(
            "predict_shapes_split",
            lambda: np.split(np.zeros((5, 8, 8, 1)), 2, axis=1)[0].shape,
            {
                (5, 8, 4, 1): "Axis 1 holds the rows; you have halved the columns.",
                (2, 4, 8, 1): "Axis 0, the batch, is not split.",
                (4, 8, 1): "The batch axis stays.",
            },
            "Which axis is halved?",
            "Axis 1, of length 8, becomes 4.",
            "(5, 4, …)",
        ),
        _question(
            "predict_shapes_pooling",
            lambda: np.zeros((5, 4, 8, 1)).mean(axis=(1, 2)).shape,
            {
                (5,): "The axis of the channels stays, though it has length 1.",
                (5, 4, 8): "Rows and columns are averaged away; the channels stay.",
                (1,): "Each image keeps an average of its own.",
                (5, 1, 1, 1): "The axes that were averaged over disappear, unless one asks for keepdims=True.",
            },
            "One number for each image and channel.",
            "Rows and columns disappear.",
            "(batch, channels)",
        ),
        _question(
            "predict_shapes_reshape",
            lambda: np.zeros((5, 4, 8, 1)).reshape(5, 32).shape,
            {
                (32,): "target_shape leaves the batch out: each of the 5 images gets the shape (32,).",
                (5, 64): "That would be the whole image; this is the bottom half.",
                (160,): "The batch axis stays.",
            },
            "How many numbers has the bottom half of one image?",
            "4 · 8 · 1 = 32 numbers an image; the batch axis stays.",
            "(5, …)",
        ),
        _question(
            "predict_shapes_activation",
            lambda: (np.zeros((5, 32)) @ np.zeros((32, 16))).shape,
            {
                (5, 32): "That is its input; Dense(16) has 16 units.",
                (32, 16): "That is the shape of the kernel.",
                (16, 5): "Samples are rows.",
            },
            "Dense changes the last axis; what does an activation change?",
            "An activation keeps the shape.",
            "(5, 32) times (32, 16)",
        ),
        _question(
            "predict_shapes_concatenate",
            lambda: np.concatenate([np.zeros((5, 1)), np.zeros((5, 16))], axis=-1).shape,
            {
                (5, 16): "The average is there as well, one number more.",
                (10, 16): "It joins along the last axis; the batch stays.",
                (6, 16): "It joins along the last axis; the batch stays.",
                (5, 18): "One channel gives one average.",
            },
            "By default it joins along the last axis.",
            "Lengths of that axis add up; the others must be equal.",
            "1 + 16",
        ),
    ),
    hints=(
        "The first axis, the batch of 5, never changes. Follow the others.",
        "split halves axis 1; pooling drops rows and columns; Dense changes the last axis; Concatenate adds lengths.",
        "The bottom half has 4 · 8 · 1 = 32 numbers an image.",
    ),
)
