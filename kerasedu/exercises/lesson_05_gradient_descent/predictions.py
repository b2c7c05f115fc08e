"""What to predict."""

from kerasedu.exercises.exercise import Question, Quiz


def _question(id, right, wrong, hints):
    return Question(id=id, lesson="05", points=1, right=right, wrong=wrong, hints=hints)


RECALL_05 = Quiz(
    id="recall_05",
    lesson="05",
    questions=(
        _question(
            "recall_05_softmax",
            lambda: (0.2 - 1) / 1,
            {
                0.8: "The size is right. With a larger logit of the right class, does the loss grow or fall?",
                0.2: "That is p. The gradient is p - y, and y is 1 at the right class.",
                0.2 * (1 - 0.2): "That is a slope of the softmax alone; the loss has a slope, too.",
                -1 / 0.2: "That is dL/dp; one step further back lies the logit.",
            },
            ("Softmax and cross-entropy together have a short gradient.", "It is p - y.", "y is 1 here: 0.2 - 1."),
        ),
        _question(
            "recall_05_mean",
            lambda: 1,
            {
                2: "The sum doubles, and so does the number it is divided by.",
                0.5: "Twice as many terms are added before dividing by twice as many.",
            },
            ("Is the loss a sum or a mean?", "A mean of equal halves is the mean of one half.", "2 S / (2 n) = S / n"),
        ),
        _question(
            "recall_05_parameters",
            lambda: 64 * 32 + 32 + 32 * 10 + 10,
            {
                64 * 32 + 32 * 10: "Those are the kernels; each layer has a bias, too.",
                64 * 32 + 32 + 64 * 10 + 10: "The second layer reads the 32 outputs of the first.",
                64 * 32 + 32: "That is the first layer.",
            },
            ("Two kernels, two biases.", "A kernel is (d_in, units), a bias (units,).", "First layer: 64 · 32 + 32."),
        ),
    ),
    hints=(
        "They come from the lessons on backward propagation, on losses and on forward propagation.",
        "Softmax with cross-entropy: p - y. A mean divides by the number of samples. Dense: kernel and bias.",
        "Second answer: the sum over twice the samples is divided by twice their number.",
    ),
)

PREDICT_STEPS = Quiz(
    id="predict_steps",
    lesson="05",
    questions=(
        _question(
            "steps_of_an_epoch",
            lambda: -(-354 // 32),
            {
                11: "11 full batches leave samples over, and these make a batch, too.",
                354: "That would be one step a sample, batch_size=1.",
                1: "That would be one batch of all samples.",
                354 / 32: "A batch is made or not: round up.",
            },
            ("How often does 32 fit into 354?", "What is left over makes a smaller batch.", "354 / 32 is about 11.06"),
        ),
        _question(
            "size_of_the_last_batch",
            lambda: 354 % 32,
            {
                32: "352 samples fill 11 batches. How many are left?",
                0: "11 batches of 32 are 352 samples.",
                30: "Count what is left, not what is missing.",
            },
            ("How many samples are in the full batches?", "11 · 32 = 352.", "354 - 352"),
        ),
        _question(
            "samples_read",
            lambda: 24 * 354 // 24,
            {
                24: "A step of batch descent reads every sample, not one.",
                354 / 32: "One step of each: how many samples do they read?",
                1: "Both make as many steps. How many samples does one step of each read?",
            },
            ("How many samples does one step of each read?", "354 against 1.", "(24 · 354) / (24 · 1)"),
        ),
    ),
    hints=(
        "Full batches first, then what is left.",
        "354 = 11 · 32 + 2, and every sample comes once in an epoch.",
        "Third answer: 24 steps of 354 samples against 24 steps of one.",
    ),
)

PREDICT_LEARNING_RATE = Quiz(
    id="predict_learning_rate",
    lesson="05",
    questions=(
        _question(
            "largest_learning_rate",
            lambda: 2 / 20,
            {
                2: "That holds for the flat direction. The other one needs a smaller limit.",
                1 / 20: "That is the rate which reaches the bottom in one step along the steep direction; what is the "
                "largest one that still shrinks the distance?",
                2 / 21: "Each direction has a factor of its own, 1 - ηλ; curvatures do not add up.",
                20 / 2: "The steeper, the smaller the limit.",
            },
            ("Which direction gets into trouble first?", "|1 - ηλ| < 1 with λ = 20.", "1 - ηλ = -1 at η = 2 / λ"),
        ),
        _question(
            "factor_of_the_flat_direction",
            lambda: 1 - 0.05 * 1,
            {
                0.05: "That is ηλ, what is taken away; the factor is what is left.",
                0: "That is the steep direction: 1 - 0.05 · 20.",
                -0.05: "1 - ηλ with η = 0.05 and λ = 1.",
            },
            ("1 - ηλ", "λ = 1 here.", "1 - 0.05 · 1"),
        ),
    ),
    hints=(
        "Along each direction the distance is multiplied by its own factor 1 - ηλ.",
        "It shrinks if the factor lies between -1 and 1.",
        "For λ = 20: 1 - 20 η > -1.",
    ),
)

PREDICT_MOMENTUM = Quiz(
    id="predict_momentum",
    lesson="05",
    questions=(
        _question(
            "place_after_two_steps",
            lambda: -0.1 + (0.9 * -0.1 - 0.1),
            {
                -0.2: "That is plain descent: two steps of 0.1. m keeps 0.9 of the first one.",
                -0.19: "That is m after the second step; w has also made the first.",
                -0.029: "That is a moving average, with a factor 1 - 0.9. Keras's m gathers whole steps.",
                -0.28: "The old velocity shrinks by 0.9, the new step does not.",
                0.29: "The gradient is positive: w moves down.",
            },
            ("Write down m and w after each step.", "m: -0.1, then 0.9 · (-0.1) - 0.1.", "w = -0.1 - 0.19"),
        ),
        _question(
            "length_in_the_end",
            lambda: 0.1 / (1 - 0.9),
            {
                0.1: "That is a step without momentum. m keeps 0.9 of what it was, and gets 0.1 on top.",
                0.9: "Ask when m stays what it is: m = 0.9 m - 0.1.",
                10: "That is how many times longer; the plain step is 0.1.",
                -1: "The length of a step is positive.",
            },
            ("When does m no longer change?", "m = 0.9 m - 0.1.", "0.1 · m = -0.1"),
        ),
        _question(
            "halved_at_step_3",
            lambda: 0.9 * 0.19 + 0.05,
            {
                0.05
                * 2.71: "That is the form with the learning rate outside. In Keras's form the steps of before keep "
                "their length.",
                0.05: "That is the new part alone; 0.9 of the last velocity is kept.",
                0.271: "That is step 3 without halving.",
                0.2755: "Halving makes the step shorter than 0.271.",
                0.1355: "That is the form with the learning rate outside. In Keras's form the steps of before keep "
                "their length.",
                -0.221: "Right, but for the sign: asked for is a length.",
                0.171: "That is what is left of the velocity; the new part, with the new η, is added.",
            },
            ("m after step 2 is -0.19.", "m = 0.9 · (-0.19) - 0.05 · 1.", "0.171 + 0.05"),
        ),
    ),
    hints=(
        "Two columns: m and w. In each step first m, then w.",
        "m = 0.9 m - η · 1, then w = w + m.",
        "First step: m = -0.1, w = -0.1.",
    ),
)
