"""What to predict."""

from kerasedu.exercises.exercise import Question, Quiz


def _question(name, right, wrong, hints):
    return Question(id=name, lesson="13", points=1, right=right, wrong=wrong, hints=hints)


RECALL_13 = Quiz(
    id="recall_13",
    lesson="13",
    questions=(
        _question(
            "recall_13_shared",
            lambda: 64 * 10 + 10,
            {
                1300: "One layer has one kernel and one bias, however often it is called.",
                640: "The bias is missing.",
                2570: "One kernel for both, (64, 10): the two inputs are not put together.",
            },
            ("How many layers are there?", "A layer that is called twice shares its weights.", "64 · 10 + 10"),
        ),
        _question(
            "recall_13_patches",
            lambda: (32 * 26 * 26, 9),
            {
                (32 * 28 * 28, 9): "Without padding a window fits 26 times each way, not 28.",
                (9, 32 * 26 * 26): "Windows are rows; the numbers of a window lie along the columns.",
                (26 * 26, 9): "That is one image; the batch has 32.",
                (32, 26 * 26 * 9): "Each window has a row of its own, not each image.",
                (32 * 26 * 26, 3): "A window has 3 · 3 numbers.",
            },
            ("What stands in one row?", "A row is one window of one image.", "28 - 3 + 1 = 26 positions each way."),
        ),
        _question(
            "recall_13_float32",
            lambda: 2**24,
            {
                2**24 + 1: "float32 has 24 binary digits; this number needs 25, so it is rounded.",
                2**24 + 2: "Halfway between two float32 numbers: the even one is taken, and that is 2²⁴.",
            },
            ("How many binary digits has float32?", "24; beyond 2²⁴ only even numbers exist.", "The 1 is lost."),
        ),
    ),
    hints=(
        "They come from the lessons on models, on convolution and on matrix operations.",
        "Shared layers share weights; im2col has a row for each window; float32 rounds to 24 binary digits.",
        "Second answer: 26 positions each way, for 32 images; 9 numbers a window.",
    ),
)

PREDICT_ROOFLINE = Quiz(
    id="predict_roofline",
    lesson="13",
    questions=(
        _question(
            "roofline_corner",
            lambda: 5.0,
            {
                0.2: "That is bytes per operation; the intensity is operations per byte.",
                2000: "The corner is where intensity · bandwidth reaches the peak: divide.",
                20: "That is the bandwidth. At which intensity does it feed 100 operations?",
            },
            ("Where do the two roofs meet?", "intensity · bandwidth = peak", "100 / 20"),
        ),
        _question(
            "roofline_addition",
            lambda: 1 / 12,
            {
                0.125: "Two numbers are read and one is written: 12 bytes an addition.",
                0.25: "Two numbers are read and one is written, 4 bytes each.",
                12: "That is bytes per operation; the intensity is operations per byte.",
                0.083: "Rounded too far: write it as a fraction.",
                0.08: "Rounded too far: write it as a fraction.",
                1 / 3: "One operation for three numbers, right; each has 4 bytes.",
                1 / 24: "In float32 a number has 4 bytes.",
            },
            ("How many bytes move for one addition?", "Two are read, one is written.", "1 / (3 · 4)"),
        ),
        _question(
            "roofline_one_sample",
            lambda: 10.0,
            {
                100: "That is the peak. The kernel has to be read for one sample, and each number is used once.",
                5: "Multiplication and addition: two operations for each number of the kernel.",
                0.5: "That is the intensity. At 20 billion bytes a second it gives how many operations?",
                20: "That is the bandwidth in bytes. A number has 4 of them and takes part in 2 operations.",
                40: "2 operations for 4 bytes: the intensity is a half.",
            },
            ("How often is each number of the kernel used?", "Once: 2 operations for 4 bytes.", "0.5 · 20"),
        ),
    ),
    hints=(
        "Intensity first: operations divided by bytes. Then compare with the corner.",
        "Left of the corner the rate is intensity · bandwidth, right of it the peak.",
        "An addition reads two numbers and writes one, 4 bytes each, for one operation.",
    ),
)

PREDICT_FLOAT16 = Quiz(
    id="predict_float16",
    lesson="13",
    questions=(
        _question(
            "float16_tiny",
            lambda: 0,
            {
                1e-8: "The smallest float16 above 0 is about 6e-8: this is less than half of it.",
                6e-8: "That is the smallest number above 0; 1e-8 is nearer to 0.",
                2**-24: "That is the smallest number above 0; 1e-8 is nearer to 0.",
            },
            ("What is the smallest float16 above 0?", "2⁻²⁴, about 6e-8.", "1e-8 is nearer to 0 than to 6e-8."),
        ),
        _question(
            "float16_product",
            lambda: float("inf"),
            {
                90000: "The largest float16 is 65504.",
                65504: "What is too large becomes infinite; it does not stop at the largest number.",
                65536: "That power of two is too large as well: 65504 is the largest float16.",
            },
            ("What is the largest float16?", "65504; what is larger becomes infinite.", "300 · 300 = 90000"),
        ),
        _question(
            "float16_update",
            lambda: 1,
            {
                1.0004: "Around 1 float16 has steps of about 0.001; the result is rounded to one of them.",
                1.0009765625: "0.0004 is less than half of the step to that number.",
            },
            ("Which float16 comes next after 1?", "1 + 2⁻¹⁰, about 1.00098.", "0.0004 is less than half of it."),
        ),
    ),
    hints=(
        "The table above has the smallest and the largest number, and the step after 1.",
        "A result is rounded to the nearest number that exists; beyond the largest it is infinite.",
        "The next float16 after 1 is 1.00098, and 1.0004 is nearer to 1.",
    ),
)

PREDICT_TRACES = Quiz(
    id="predict_traces",
    lesson="13",
    questions=(
        _question(
            "traces_shapes",
            lambda: 2,
            {
                3: "The second batch has the shape of the first: its graph is there already.",
                1: "The last batch is smaller: another shape, another graph.",
            },
            ("What does a graph depend on?", "On shape and dtype of tensors.", "Shapes (32, 4) and (6, 4)."),
        ),
        _question(
            "traces_numbers",
            lambda: 3,
            {
                1: "A Python number is part of the graph as a constant: another number, another graph.",
                2: "Each Python number makes a graph of its own, as a constant.",
            },
            ("Is a Python number a tensor?", "It is built into the graph as a constant.", "0.1, 0.2 and 0.3"),
        ),
        _question(
            "traces_tensors",
            lambda: 1,
            {
                3: "These are tensors of equal shape and dtype: their value does not matter.",
                2: "These are tensors of equal shape and dtype: their value does not matter.",
            },
            ("Does the value of a tensor matter?", "Only its shape and dtype.", "All three are () float32."),
        ),
    ),
    hints=(
        "Count the different keys: shape and dtype of each tensor, value of each Python object.",
        "A graph is made once for each key and used again whenever the key comes back.",
        "The first call has two keys: (32, 4) and (6, 4).",
    ),
)

PREDICT_AMDAHL = Quiz(
    id="predict_amdahl",
    lesson="13",
    questions=(
        _question(
            "amdahl_total",
            lambda: 3.0,
            {
                1.25: "Only the products become faster; reading still takes 2 seconds.",
                1: "Only the products become faster; reading still takes 2 seconds.",
                1.5: "Products: 8 seconds divided by 8; reading stays.",
                9: "8 / 8 = 1 second is what the products still take, not what is saved.",
                8.25: "The products became faster, not the reading.",
            },
            ("Which part stays as it is?", "Reading: 2 seconds.", "2 + 8 / 8"),
        ),
        _question(
            "amdahl_limit",
            lambda: 5.0,
            {
                8: "That is the factor of the products alone.",
                4: "Products take no time in the limit: compare 10 seconds with the 2 that stay.",
                10 / 3: "That is the speed-up with this card. In the limit the products take no time.",
                2: "That is in seconds what stays. By which factor is it less than 10?",
                1.25: "That is the limit of a faster reading, if products stayed as slow.",
                float("inf"): "The products' time goes to 0, but the 2 seconds of reading stay.",
            },
            ("How long do the products take in the limit?", "Nothing; the reading stays.", "10 / 2"),
        ),
        _question(
            "amdahl_memory",
            lambda: 16.0,
            {
                4: "Those are the weights. Training holds their gradients and Adam's moments as well.",
                12: "There are four arrays of that size: weights, gradients and two moments.",
                8: "Adam keeps two moments for each weight as well.",
                32: "float32 has 4 bytes.",
                16_000_000: "That is in bytes; asked is for millions of them.",
                64: "float32 has 32 bits, and they are 4 bytes: four arrays of 4 megabytes.",
            },
            (
                "Which arrays have the shape of the weights?",
                "Weights, gradients, m and v.",
                "4 arrays · 4 bytes · 1 million",
            ),
        ),
    ),
    hints=(
        "Write the total as a part that stays and a part that shrinks.",
        "Total after: what stays + what shrinks / factor. However large the factor, what stays remains.",
        "Memory: weights, gradients, m and v, 4 bytes a number.",
    ),
)
