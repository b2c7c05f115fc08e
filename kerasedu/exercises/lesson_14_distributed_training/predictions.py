"""What to predict."""

from kerasedu.exercises.exercise import Question, Quiz


def _question(id, right, wrong, hints):
    return Question(id=id, lesson="14", points=1, right=right, wrong=wrong, hints=hints)


RECALL_14 = Quiz(
    id="recall_14",
    lesson="14",
    questions=(
        _question(
            "recall_14_batch_normalization",
            lambda: 1,
            {
                0: "Training centres the batch's own numbers: their mean is 2, and 4 is not the mean.",
                2: "The mean has been taken off. What is the standard deviation?",
                0.5: "Divide by the standard deviation, the root of the variance 4.",
                4: "While training, the layer uses the mean and the variance of the batch.",
            },
            ("Mean and variance of the four numbers.", "(4 - mean) / standard deviation", "(4 - 2) / 2"),
        ),
        _question(
            "recall_14_bytes",
            lambda: 4_000_000,
            {
                1_000_000: "float32 takes 32 bits for each number.",
                32_000_000: "32 is the number of bits; 8 bits are a byte.",
                8_000_000: "That is float64.",
                2_000_000: "That is float16.",
            },
            ("A gradient for each parameter.", "float32 has 4 bytes.", "1,000,000 · 4"),
        ),
        _question(
            "recall_14_learning_rate",
            lambda: 2 / 8,
            {
                1 / 8: "That rate reaches the bottom in one step. Which is the largest that still converges?",
                8 / 2: "The steeper, the smaller the limit.",
                2: "That is the limit of η times the curvature.",
            },
            ("Each step multiplies the distance by 1 - ηλ.", "|1 - ηλ| < 1", "1 - 8 η = -1"),
        ),
    ),
    hints=(
        "They come from the lessons on training in practice, on performance and on gradient descent.",
        "Batch statistics while training; 4 bytes for a float32; η < 2 / λ.",
        "First answer: (4 - mean) / standard deviation with the mean 2.",
    ),
)

PREDICT_LARGE_BATCH = Quiz(
    id="predict_large_batch",
    lesson="14",
    questions=(
        _question(
            "samples_of_a_step",
            lambda: 8 * 32,
            {32: "That is one worker's share.", 40: "Each of the 8 workers has 32.", 4: "Every worker has 32 samples."},
            ("All workers' samples together.", "8 shares of 32.", "8 · 32"),
        ),
        _question(
            "scaled_learning_rate",
            lambda: 0.1 * 256 / 32,
            {
                0.1: "That is the rate of the small batch; the rule multiplies it.",
                0.0125: "A larger batch makes fewer steps, so each has to be longer, not shorter.",
                0.1 * 8**0.5: "That is a rule with the square root; the linear one multiplies by k.",
            },
            ("By which factor has the batch grown?", "The rate grows by the same factor.", "0.1 · 256 / 32"),
        ),
        _question(
            "steps_of_the_cluster",
            lambda: 1024 // 256,
            {32: "That is with 32 samples in a step.", 128: "All workers together make one step.", 8: "1,024 / 256"},
            ("How many samples does a step take?", "256.", "1,024 / 256"),
        ),
    ),
    hints=(
        "All workers together make one step.",
        "The batch has grown by the factor k = 8; the rule gives the rate the same factor.",
        "First answer: 8 · 32.",
    ),
)

PREDICT_COSTS = Quiz(
    id="predict_costs",
    lesson="14",
    questions=(
        _question(
            "ring_of_two",
            lambda: 2 * (2 - 1) * (100 / 2) / 100,
            {
                2: "Each message holds half of the gradient.",
                0.5: "That is one half of the all-reduce; the sums have to be handed round.",
                4: "2 (n - 1) is 2, and a message holds half of the gradient.",
            },
            (
                "How many messages one after the other, how long is each?",
                "2 (n - 1) messages of 50 MB.",
                "2 · 50 / 100",
            ),
        ),
        _question(
            "ring_of_very_many",
            lambda: 2,
            {
                0: "Messages get shorter, but there are more of them.",
                1: "(n - 1) / n tends to 1. What stands in front of it?",
                float("inf"): "There are more messages, but each is shorter: multiply the two.",
            },
            ("2 (n - 1) · size / (n · bandwidth)", "(n - 1) / n tends to 1.", "2 · 100 / 100"),
        ),
        _question(
            "late_steps",
            lambda: 1 - 0.99**100,
            {
                0.01: "That is one worker alone. A step is late if any of the 100 is.",
                1: "100 · 0.01 is the mean number of late workers in a step; some steps have two, some none.",
                0.99**100: "That is the share of steps in which nobody is late.",
                0.99: "That is the share of steps in which one given worker is on time.",
            },
            ("When is a step on time?", "When all 100 workers are: 0.99 · 0.99 · …", "1 - 0.99**100"),
        ),
    ),
    hints=(
        "Seconds of a message without latency: its megabytes divided by 100.",
        "2 (n - 1) messages of size / n. A step is on time only if every worker is.",
        "First answer: 2 messages of 50 MB at 100 MB/s.",
    ),
)
