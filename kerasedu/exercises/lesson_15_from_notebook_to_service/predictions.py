"""What to predict."""

from kerasedu.exercises.exercise import Question, Quiz

RECALL_15 = Quiz(
    id="recall_15",
    lesson="15",
    questions=(
        Question(
            id="recall_15_workers",
            lesson="15",
            points=1,
            right=lambda: (30 * 2.0 + 10 * 6.0) / 40,
            wrong={
                4: "That is the plain mean of the two. One worker has three times as many samples.",
                8: "The losses are means, so their gradients are averaged, not added.",
                5: "The weights are turned round: the gradient 2 comes from 30 samples.",
                2: "That is the larger worker alone.",
                120: "That is the gradient of the sum; the mean divides by all 40 samples.",
            },
            hints=(
                "What would one machine with all samples compute?",
                "Each worker's mean counts as often as it has samples.",
                "(30 · 2 + 10 · 6) / 40",
            ),
        ),
        Question(
            id="recall_15_temperature",
            lesson="15",
            points=1,
            right=lambda: 2.718281828459045,
            wrong={
                7.38905609893065: "That is e², at temperature 1. At 2 the logits are (1, 0).",
                54.598150033144236: "The logits are divided by the temperature, not multiplied.",
                1: "At temperature 2 the logits are (1, 0); they would be equal at an infinite temperature only.",
                0.36787944117144233: "The class with the larger logit is the more likely one.",
                2: "Softmax takes exp of the logits before it divides.",
            },
            hints=(
                "First divide the logits.",
                "The ratio of two probabilities is exp of the difference of their logits.",
                "np.exp(1)",
            ),
        ),
        Question(
            id="recall_15_saliency",
            lesson="15",
            points=1,
            right=lambda: 5,
            wrong={
                -5: "Saliency is the size of the slope; the sign is dropped.",
                10: "The gradient is the slope at the input, not the slope times the input.",
                -10: "The gradient is the slope at the input, not the slope times the input; and its sign is dropped.",
                3: "That is the slope of the first input.",
                2: "That is the value of the input.",
            },
            hints=("What is ds/dx2?", "The size of the gradient, wherever the input is.", "|-5|"),
        ),
    ),
    hints=(
        "They come from the lessons on distributed training, on text generation and on looking inside a network.",
        "Samples weigh means; a temperature divides logits; saliency is the size of a slope.",
        "Second answer: the logits are (1, 0), so the ratio is exp(1).",
    ),
)

PREDICT_BYTES = Quiz(
    id="predict_bytes",
    lesson="15",
    questions=(
        Question(
            id="bytes_of_a_kernel",
            lesson="15",
            points=1,
            right=lambda: 64 * 32 * 4,
            wrong={
                2048: "That is the number of weights; a float32 takes 4 bytes.",
                16384: "That would be float64.",
                8320: "That counts the bias, too.",
                65536: "Those are bits.",
            },
            hints=("How many weights, and how many bytes each?", "32 bits are 4 bytes.", "64 · 32 · 4"),
        ),
        Question(
            id="bytes_after_pruning",
            lesson="15",
            points=1,
            right=lambda: 64 * 32 * 4,
            wrong={
                1638.4: "A zero takes as many bytes as any other number; nothing was removed from the array.",
                1640: "A zero takes as many bytes as any other number; nothing was removed from the array.",
                1636: "A zero takes as many bytes as any other number; nothing was removed from the array.",
                6553.6: "A zero takes as many bytes as any other number; nothing was removed from the array.",
                0: "The array is still there, of the same shape.",
            },
            hints=(
                "Does the shape of the array change?",
                "A zero is a number like any other.",
                "As many bytes as before.",
            ),
        ),
        Question(
            id="bytes_of_int8",
            lesson="15",
            points=1,
            right=lambda: 64 * 32 + 32 * 4,
            wrong={
                2048: "The 32 scales are stored as well, 4 bytes each.",
                2052: "There is a scale for each unit, not one for all.",
                2080: "The scales are float32: 4 bytes each.",
                2304: "There is a scale for each of the 32 units, not for each of the 64 inputs.",
                8320: "int8 takes one byte.",
            },
            hints=(
                "Two arrays are stored.",
                "One byte for each weight, and a float32 for each unit.",
                "64 · 32 + 32 · 4",
            ),
        ),
    ),
    hints=(
        "Numbers times bytes for each number.",
        "float32 takes 4 bytes, int8 one; a zero takes as much as any other number.",
        "First answer: 64 · 32 · 4.",
    ),
)
