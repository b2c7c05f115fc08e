"""What to predict, and lines to put in order."""

import numpy as np

from kerasedu.exercises.exercise import Ordering, Question, Quiz


def _question(id, right, wrong, hints, points=1):
    return Question(id=id, lesson="08", points=points, right=right, wrong=wrong, hints=hints)


RECALL_08 = Quiz(
    id="recall_08",
    lesson="08",
    questions=(
        _question(
            "recall_08_initializer",
            lambda: float(np.sqrt(2 / 200)),
            {
                0.2: "2 is divided by the inputs of a unit, 200, not by the units.",
                0.01: "That is the variance; the standard deviation is its root.",
                float(np.sqrt(1 / 200)): "That is LecunNormal; ReLU loses half of the variance, so HeNormal has a 2.",
                float(np.sqrt(2 / 250)): "That is GlorotNormal, which also looks at the units.",
            },
            ("Which length counts, 200 or 50?", "Variance 2 / fan_in.", "The root of 2 / 200."),
        ),
        _question(
            "recall_08_adam",
            lambda: 0.001,
            {
                0.005: "That is plain gradient descent. Adam divides by the root of the mean square, here 5.",
                0.0001: "The bias correction makes up for 1 - beta_1 = 0.1.",
                0.025: "Adam divides by the gradient's size; it does not multiply by it.",
                5: "That is the gradient. Adam's first step does not depend on its size.",
                -0.001: "That is the change, and its sign is right; how far was asked, without a sign.",
            },
            ("What are m and v after one step, corrected?", "m = 5 and √v = 5.", "learning_rate · 5 / 5"),
        ),
        _question(
            "recall_08_several_uses",
            lambda: 2 - 1 + 4,
            {
                4: "That is the last use alone. Every use sends a share, and shares add up.",
                2: "That is the first use alone. Every use sends a share, and shares add up.",
                -8: "The uses stand side by side, not in a chain: they add up.",
                5 / 3: "Shares of several uses add up; they are not averaged.",
                7: "Signs count: one use sends -1.",
            },
            ("In how many ways does x reach the loss?", "Shares of several uses add up.", "2 + (-1) + 4"),
        ),
    ),
    hints=(
        "They come from lessons 07, 06 and 04.",
        "HeNormal: variance 2 / fan_in. Adam: first step m / √v, both corrected. Several uses: add.",
        "Second answer: m = 5 and √v = 5, so the step is learning_rate · 5 / 5.",
    ),
)

PREDICT_CONV1D = _question(
    "predict_conv1d",
    lambda: tuple(int(y) for y in np.correlate([1, 2, 4, 8], [10, 1], "valid")),
    {
        (21, 42, 84): "That is the kernel turned round, as in mathematics. Layers use it as it is: 10 meets the first.",
        (12, 48): "The windows overlap: the second starts at the second number.",
        (12, 24, 48, 80): "The last window would reach past the end; without padding it does not count.",
        (11, 22, 44, 88): "That multiplies each number by the sum of the kernel.",
        (10, 20, 40, 80): "The second entry of the kernel, 1, meets the next number.",
        (10, 2): "Each output is a sum of two products.",
        (12, 24): "Three windows of two neighbours fit into four numbers.",
        (1, 12, 24, 48, 80): "Windows that reach past an end do not count; nothing was said of zeros around.",
        84: "Each place gives its own sum; there are three places.",
    },
    (
        "How many windows of two neighbours are there?",
        "At each place: 10 times the first of the two, plus 1 times the second.",
        "The first window sees 1 and 2: 10 · 1 + 1 · 2.",
    ),
    points=2,
)


ARTICLE_MODEL = Quiz(
    id="article_model",
    lesson="08",
    questions=(
        _question(
            "article_model_filters",
            lambda: 32 + 64,
            {
                2: "There are two convolution layers. How many filters has each?",
                4: "The layers have 32 and 64 filters.",
                64: "Those are the filters of the second layer alone.",
                32: "Those are the filters of the first layer alone.",
                32 + 64 * 32: "A filter sees all channels; it is one filter, whatever their number.",
            },
            ("Which argument of Conv2D is it?", "Its first, filters.", "32 and 64"),
        ),
        _question(
            "article_model_dense",
            lambda: (64, 10),
            {
                (10, 10): "That is the text's number. Which shape comes in, and how many units are there?",
                (10, 64): "Keras's kernel is (inputs, units).",
                (1600, 10): "Before it stands Dense(64).",
                (65, 10): "The bias is an array of its own, (10,).",
                (64, 3): "The layer is Dense(10); the labels have 3 columns, and that is one of the bugs.",
            },
            ("What does the layer before return?", "Dense's kernel is (inputs, units).", "64 inputs come in."),
        ),
        _question(
            "article_model_input",
            lambda: (3, 28, 28, 1),
            {
                (3, 28, 28): "The channel axis is missing; grey images have one channel.",
                (28, 28, 1): "That is one image; the first axis counts the images.",
                (1, 28, 28, 3): "Three images, one channel each.",
                (3, 1, 28, 28): "Keras puts the channels last.",
                (3, 3): "That is what the article passes.",
                (None, 28, 28, 1): "None stands for any number of images; here there are three.",
                (3, 784): "A convolution needs to know which pixels are neighbours: two axes.",
            },
            ("Which axes does Conv2D read?", "(batch, height, width, channels)", "input_shape leaves out the batch."),
        ),
        _question(
            "article_model_labels",
            lambda: (3, 10),
            {
                (3,): "Integers belong to sparse_categorical_crossentropy; this loss needs a probability a class.",
                (3, 1): "Integers belong to sparse_categorical_crossentropy; this loss needs a probability a class.",
                (3, 3): "The output has 10 numbers a sample, so have the labels.",
                (10,): "One row for each of the three images.",
                (None, 10): "None stands for any number of images; here there are three.",
                (10, 3): "Samples are rows.",
            },
            ("Which shape has the output?", "categorical_crossentropy compares it number by number.", "One-hot rows."),
        ),
        _question(
            "article_model_second",
            lambda: 3 * 3 * 32 * 64 + 64,
            {
                640: "A filter has weights for each of the 32 channels that it sees.",
                18432: "Each filter has a bias as well.",
                18464: "One bias for each filter, not for each channel.",
                20480: "One bias for each filter, not for each pair of channel and filter.",
                18496 * 11 * 11: "The same weights serve at every place.",
                576: "A filter has weights for each of the 32 channels, and a bias.",
            },
            ("Which shape has the kernel?", "(3, 3, channels, filters), and a bias (filters,).", "3 · 3 · 32 · 64 + …"),
        ),
        _question(
            "article_model_flatten",
            lambda: 5 * 5 * 64,
            {
                2304: "11 pixels make 5 whole windows of 2; the last row and column are left over.",
                3136: "That is padding='same'; Keras's default is 'valid', so each convolution takes 2 pixels.",
                7744: "That is before the last pooling.",
                25: "There are 64 channels.",
                64: "There are 5 · 5 places.",
            },
            ("Follow one side of the image: 28 → 26 → …", "28 → 26 → 13 → 11 → 5, with 64 channels.", "5 · 5 · …"),
        ),
        _question(
            "article_model_total",
            lambda: (3 * 3 * 1 * 32 + 32) + (13 * 13 * 32 * 10 + 10),
            {
                54400: "The biases of the Dense layer are missing.",
                54378: "The biases of the convolution are missing.",
                54368: "The biases are missing, 32 and 10.",
                54090: "That is the Dense layer alone; the convolution has 320.",
                216650: "Pooling halves both sides before Flatten: 13 · 13, not 26 · 26.",
                63050: "That is padding='same'; Keras's default is 'valid', so 28 becomes 26.",
                2010: "Flatten keeps every number, 13 · 13 · 32; it does not average over places.",
            },
            (
                "Two layers have parameters. What does Dense read?",
                "Conv2D: 3 · 3 · 1 · 32 + 32. Dense: 13 · 13 · 32 inputs, 10 units.",
                "320 + (5408 · 10 + 10)",
            ),
        ),
    ),
    hints=(
        "The code says it; the text of the article says something else. Write the shape behind each layer.",
        "Conv2D: kernel (3, 3, channels, filters) and bias (filters,). Dense: kernel (inputs, units). "
        "Categorical labels have the output's shape.",
        "28 → 26 → 13 → 11 → 5; and behind Dense(64), the kernel of Dense(10) has 64 rows.",
    ),
)

LINES_CONV_BACKWARD = Ordering(
    id="lines_conv_backward",
    lesson="08",
    points=2,
    right=("CADBH",),
    distractors={
        "E": "Windows overlap: this writes over what another window has sent.",
        "F": "The window's first pixel met the kernel's first entry, and gets that one back.",
        "G": "There is one dy for each window, and there are fewer windows than pixels.",
        "I": "Windows are `strides` apart, forward and backward.",
    },
    hints=(
        "What must exist before the loop, and what is the loop over?",
        "For each output: where does its window start, and what did each pixel in it meet?",
        "Inside the loop: start = p * strides, then the line that uses it.",
    ),
)
