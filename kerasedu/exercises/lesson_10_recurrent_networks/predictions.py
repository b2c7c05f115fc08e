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
            id="recall_10_causal",
            lesson="10",
            points=1,
            right=lambda: 1 + 2 * 1 + 2 * 3,
            wrong={
                8: "The present step counts, too.",
                4: "Each kernel entry before the last reaches one dilation further back: two entries, not one.",
                5: "The dilation of the second layer sets its entries 3 steps apart.",
                6: "Three entries see two steps of the past each, times the dilation; then the present.",
                12: "A kernel of 3 reaches back 2 dilations, not 3.",
                13: "A kernel of 3 reaches back 2 dilations, not 3.",
                7: "That is the second layer alone. The first reaches further back still.",
                21: "The reaches of stacked layers add; they do not multiply.",
            },
            hints=(
                "How far back does one kernel of 3 entries reach?",
                "Each layer adds (kernel_size - 1) · dilation steps to the present one.",
                "The first layer adds 2 · 1 steps.",
            ),
        ),
    ),
    hints=(
        "The first two come from the lesson on backward propagation, the third from the one on CNNs in practice.",
        "Chains: multiply. Several uses: add. Causal layers: add up how far back each reaches.",
        "Third answer: the present step, 2 · 1 more by the first layer, and those by the second.",
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
