"""What to predict, and lines to put in order."""

from kerasedu.exercises.exercise import Ordering, Question, Quiz

RECALL_10 = Quiz(
    id="recall_10",
    lesson="10",
    questions=(
        Question(
            id="recall_10_depth",
            lesson="10",
            points=1,
            right=lambda: 0.5**20,
            wrong={
                10: "The factors of a chain multiply; they do not add.",
                0.5: "That is one layer. Each of the 20 contributes its factor.",
                0.025: "The factors of a chain multiply: 0.5 · 0.5 · …",
            },
            hints=("What does the chain rule do with 20 factors?", "They multiply.", "0.5 ** 20"),
        ),
        Question(
            id="recall_10_fan_out",
            lesson="10",
            points=1,
            right=lambda: 2 + 5,
            wrong={
                5: "That is the last use alone. A variable that is used twice gathers the gradients of both uses.",
                2: "That is the first use alone. A variable that is used twice gathers the gradients of both uses.",
                3.5: "The gradients of all uses add up; they are not averaged.",
                10: "The uses stand side by side, not in a chain: their gradients add.",
            },
            hints=("How often does w occur?", "Gradients of all uses add up.", "The first use gives 2."),
        ),
        Question(
            id="recall_10_conv1d",
            lesson="10",
            points=1,
            right=lambda: (4, 20 - 5 + 1, 8),
            wrong={
                (4, 20, 8): "That is padding='same'. Without padding the window cannot hang over the ends.",
                (4, 15, 8): "One position more: windows start at 0, 1, …, 15.",
                (
                    4,
                    16,
                    3,
                ): "Each of the 8 filters sums over the 3 channels: the channels of the output are the filters.",
                (4, 16, 24): "A filter sums over the channels; it does not give one output a channel.",
            },
            hints=("Which axis slides?", "There are n - k + 1 positions.", "20 - 5 + 1 positions, 8 filters."),
        ),
    ),
    hints=(
        "They come from the lessons on initialisation, on back-propagation and on convolution.",
        "Chains: multiply. Several uses: add. Shapes: count positions.",
        "Third answer: the batch stays 4, there are 20 - 5 + 1 positions, and 8 filters.",
    ),
)

PREDICT_RNN_PARAMETERS = Quiz(
    id="predict_rnn_parameters",
    lesson="10",
    questions=(
        Question(
            id="parameters_simple_rnn",
            lesson="10",
            points=1,
            right=lambda: 3 * 5 + 5 * 5 + 5,
            wrong={
                4500: "W, U and b are the same at every step: the length of the sequence does not enter.",
                20: "Those are W and b. The state meets a matrix of its own.",
                40: "The bias is missing.",
                320: "U maps a state of 5 numbers to the next state of 5 numbers; time does not enter.",
            },
            hints=("Which arrays are trained?", "W (3, 5), U (5, 5), b (5,).", "15 + 25 + 5"),
        ),
        Question(
            id="parameters_article",
            lesson="10",
            points=1,
            right=lambda: 1 * 50 + 50 * 50 + 50 + 50 * 10 + 10,
            wrong={
                10910: "That is the model of the article's code, with gates. The formula has one W, one U, one b.",
                2600: "Those are W, U and b; V and c are missing.",
                3100: "One bias is missing: c has 10 numbers.",
                3060: "One bias is missing: b has 50 numbers.",
            },
            hints=("Five arrays.", "W (1, 50), U (50, 50), b (50,), V (50, 10), c (10,).", "2600 + 510"),
        ),
    ),
    hints=(
        "Write the shape of every array in the formula, then multiply and add.",
        "The same arrays are used at every step, so the number of steps does not matter.",
        "SimpleRNN(5) on 3 features: W is (3, 5), U is (5, 5), b is (5,).",
    ),
)

LINES_BPTT = Ordering(
    id="lines_bptt",
    lesson="10",
    points=2,
    right=("DBGACE", "DBGCAE", "DBGCEA", "DBGAEC", "DBGEAC", "DBGECA"),
    distractors={
        "F": "It forgets what comes back from the next step.",
        "H": "The last state hears from the loss first: time runs backwards.",
        "I": "It keeps one step's share; the weights gather the shares of all steps.",
    },
    hints=(
        "What must exist before the loop, and what does every other line inside need?",
        "Before the loop: what comes back from behind the last step. Inside: dz first, since all others use it.",
        "First line: back = np.zeros_like(h), with zeros for dkernel",
    ),
)
