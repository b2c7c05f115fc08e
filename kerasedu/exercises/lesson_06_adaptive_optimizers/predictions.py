"""What to predict and to recognise."""

import numpy as np

from kerasedu.exercises.exercise import Question, Quiz


def _question(id, right, wrong, hints, points=1):
    return Question(id=id, lesson="06", points=points, right=right, wrong=wrong, hints=hints)


RECALL_06 = Quiz(
    id="recall_06",
    lesson="06",
    questions=(
        _question(
            "recall_06_momentum",
            lambda: 0.9 * -0.1 - 0.1,
            {
                -0.1: "That is m after the first step. In the second, 0.9 of it is kept and -0.1 is added.",
                -0.2: "Momentum keeps the share 0.9 of the old m, not all of it.",
                -0.019: "That is the averaged form, with 1 - momentum before the gradient. Keras's has no such factor.",
                0.19: "The sign: m is added to w, and has to lead downhill.",
            },
            ("m = momentum · m - learning_rate · g", "m starts at 0, so the first m is -0.1.", "0.9 · (-0.1) - 0.1"),
        ),
        _question(
            "recall_06_curvature",
            lambda: 2 / 50,
            {
                0.02: "That one jumps to the minimum in one step. Up to twice as much still converges.",
                50.0: "That is the curvature; the limit is inverse to it.",
                25.0: "Upside down.",
            },
            ("One step multiplies w by 1 - learning_rate · 50.", "The factor must stay above -1.", "2 / curvature"),
        ),
        _question(
            "recall_06_loss",
            lambda: float(np.log(2)),
            {
                0.5: "That is the probability; the loss of a sample is -ln of it.",
                0.25: "That is the squared difference.",
                1.0: "Keras takes the natural logarithm.",
                float(-np.log(2)): "The logarithm of a probability is negative; the loss is -ln.",
            },
            ("-ln of the probability that the right class got", "That is 0.5 for each sample.", "-ln 0.5"),
        ),
    ),
    hints=(
        "The first two come from gradient descent, the third from losses.",
        "Momentum: m = momentum · m - learning_rate · g. Descent on a bowl: w is multiplied by 1 - learning_rate · c.",
        "Third answer: the mean of equal numbers is that number, -ln 0.5.",
    ),
)

PREDICT_FIRST_STEPS = Quiz(
    id="predict_first_steps",
    lesson="06",
    questions=(
        _question(
            "first_step_rmsprop",
            lambda: 0.01 / float(np.sqrt(0.1)),
            {
                0.01: "v is not g² after the first step, but the share 1 - rho of it.",
                0.1: "Take the root: √v is √0.1 · 100.",
                1.0: "That is gradient descent. Here g is divided by √v, which grows with it.",
                -0.0316227766: "The length is asked for.",
            },
            ("Which value has v after the first step?", "v = 0.1 · 100²", "0.01 · 100 / (√0.1 · 100)"),
        ),
        _question(
            "first_step_adam",
            lambda: 0.01,
            {
                1.0: "Adam's step is not proportional to the gradient: g is divided by its own size.",
                0.001: "m is 0.1 g, but the correction divides by 1 - β₁, which is 0.1, too.",
                0.0316227766: "That is the step without the correction.",
                0.316227766: "The correction of v is missing.",
            },
            ("What are m and v at t = 1?", "The correction makes of them g and g².", "0.01 · g / √g²"),
        ),
        _question(
            "first_step_adam_other",
            lambda: 0.01,
            {
                -0.01: "The gradient is negative: downhill is up for w.",
                0.001: "Adam's step is not proportional to the gradient: its size drops out.",
                0.00001: "Adam's step is not proportional to the gradient: its size drops out.",
            },
            ("Only the sign of g is left in the first step.", "w decreases where g is positive.", "+ learning_rate"),
        ),
    ),
    hints=(
        "Put t = 1 and zeros for the state into the formulas, with g as a letter.",
        "g cancels, except for its sign. What is left is learning_rate times a number made of rho or the betas.",
        "RMSprop: v = (1 - rho) g², so the step is learning_rate / √(1 - rho).",
    ),
)
