"""What to predict, and lines to put in order."""

from kerasedu.exercises.exercise import Ordering, Question, Quiz

RECALL_09 = Quiz(
    id="recall_09",
    lesson="09",
    questions=(
        Question(
            id="recall_09_pooling",
            lesson="09",
            points=1,
            right=lambda: (4, 7 // 2, 7 // 2, 3),
            wrong={
                (4, 4, 4, 3): "That is padding='same'. Without padding the last row has no partner and is not seen.",
                (4, 6, 6, 3): "The window moves on by its own size: strides are pool_size unless told otherwise.",
                (4, 3, 3, 1): "Each channel is pooled on its own.",
                (2, 3, 3, 3): "The batch is not pooled.",
            },
            hints=("Which axes shrink?", "As many windows of 2 as fit into 7.", "7 // 2, twice"),
        ),
        Question(
            id="recall_09_dropout",
            lesson="09",
            points=1,
            right=lambda: 3.0 / (1 - 0.75),
            wrong={
                3: "The numbers that stay are enlarged, so that the mean stays what it was.",
                0.75: "Keras scales while training, and up: by 1 / (1 - rate).",
                4: "rate is the share that is dropped; a quarter stays.",
                2.25: "rate is the share that is dropped, and the rest is divided by the share that stays.",
            },
            hints=("Which share stays?", "Kept numbers are divided by the share that stays.", "3 / 0.25"),
        ),
        Question(
            id="recall_09_momentum",
            lesson="09",
            points=1,
            right=lambda: 0.1 + (0.9 * 0.1 + 0.1),
            wrong={
                0.2: "That is without momentum. The second step contains 0.9 of the first.",
                0.19: "That is the second step alone.",
                0.029: "That is the form with 1 - momentum; Keras adds the whole gradient.",
                0.38: "The first step has no step before it.",
                -0.29: "That is the change, and its sign is right; how far was asked, without a sign.",
            },
            hints=("How long is each of the two steps?", "m = 0.9 m - 0.1 g", "0.1, then 0.19"),
        ),
    ),
    hints=(
        "They come from the lessons on convolution and pooling, on training in practice, and on gradient descent.",
        "Whole windows only; what stays is divided by its share; each step contains a part of the one before.",
        "Third answer: the first step is 0.1, the second 0.9 · 0.1 + 0.1.",
    ),
)

PREDICT_ARTICLE_CNN = Quiz(
    id="predict_article_cnn",
    lesson="09",
    questions=(
        Question(
            id="scaled_003",
            lesson="09",
            points=1,
            right=lambda: (3 * 3 * 1 * 8 + 8) + (3 * 3 * 8 * 16 + 16) + (2 * 2 * 16 * 10 + 10),
            wrong={
                1864: "The biases are missing: one for each filter and each output.",
                890: "A filter of the second convolution has weights for each of the 8 channels it reads.",
                3818: "8 is halved twice before Flatten: 2 · 2 · 16 numbers reach Dense.",
                11498: "8 is halved twice before Flatten: 2 · 2 · 16 numbers reach Dense.",
                1408: "Flatten keeps all 2 · 2 places: 64 numbers reach Dense.",
                650: "That is Dense alone.",
                6058: "Dense(64) is gone: Dense(10) stands directly behind Flatten.",
                1248: "That is the convolutions alone.",
            },
            hints=("Three layers have weights.", "8, 8, 4, 4, 2.", "80 + 1168 + 64 · 10 + 10"),
        ),
        Question(
            id="small_003",
            lesson="09",
            points=1,
            right=lambda: (1, 1, 64),
            wrong={
                (4, 4, 64): "That is with padding='same'.",
                (2, 2, 64): "That is with padding='same', and after the second pooling.",
                (3, 3, 64): "3 is the height in front of the second convolution, which takes another 2 off.",
                (4, 4, 32): "That is with padding='same', and the second convolution has 64 filters.",
                (1, 1, 32): "The second convolution has 64 filters.",
                (1, 1, 1): "The second convolution has 64 filters.",
                (1, 1, 2048): "A filter sums over its input channels; they do not multiply the outputs.",
            },
            hints=("Follow height and width.", "8, 6, 3, 1.", "The filters are the last axis: 64."),
        ),
        Question(
            id="joined_by_calls",
            lesson="09",
            points=1,
            right=lambda: 8 * 8 * 10 + 10,
            wrong={
                11530: "The convolution is called, but who reads what it returns?",
                11850: "The convolution is called, but who reads what it returns?",
                970: "What is on no way from the input to the output does not belong to the model.",
                640: "The biases are missing.",
                20: "Flatten stands before Dense: it reads 64 numbers.",
                0: "Dense has a kernel and a bias.",
            },
            hints=("Go back from the output.", "It is Dense on the flattened input.", "64 · 10 + 10"),
        ),
    ),
    hints=(
        "Write height, width and filters behind every layer; for the third, go back from output_layer.",
        "Without padding a 3 by 3 window takes 2 off; pooling halves. A model is what lies between input and output.",
        "8 becomes 6, then 3. Conv2D(8, 3) on one channel has 3 · 3 · 1 · 8 + 8 parameters.",
    ),
)

LINES_AUGMENTATION = Ordering(
    id="lines_augmentation",
    lesson="09",
    points=2,
    right=("CAEBF",),
    distractors={
        "D": "Shifted twins of one image would lie on both sides of the split that follows.",
        "G": "Whoever watches the test set while choosing when to stop has chosen by it: that is what x_val is for.",
        "H": "The shifts of all epochs would add up, until the digits leave the picture.",
    },
    hints=(
        "What is done once, what in every epoch, what at the very end?",
        "Split first. In the loop: shift the training images anew from the originals, then train. Test once.",
        "First line: C.",
    ),
)

PREDICT_TRANSFER = Quiz(
    id="predict_transfer",
    lesson="09",
    questions=(
        Question(
            id="parameters_trained",
            lesson="09",
            points=1,
            right=lambda: 2 * 2 * 16 * 5 + 5,
            wrong={
                1573: "That is all of them; those of the frozen layers are not changed.",
                320: "The new biases are trained, too.",
                650: "The old last layer had ten outputs; the new one has five.",
                1248: "That is what is frozen.",
                85: "Flatten keeps all 2 · 2 places: 64 numbers reach Dense.",
            },
            hints=("Which layer is new?", "64 numbers in, 5 out.", "64 · 5 + 5"),
        ),
        Question(
            id="gradients_computed",
            lesson="09",
            points=1,
            right=lambda: 2,
            wrong={
                6: "Weights that are frozen get no gradient: grads has one array for each trainable weight.",
                1: "A layer has a kernel and a bias.",
                3: "Count arrays of weights, not layers.",
                4: "Those are the arrays of the frozen layers, which are not trained.",
                325: "grads is a list with one array for each trainable weight, however many numbers are in it.",
            },
            hints=("What is in grads?", "One array for each trainable weight.", "The new kernel, the new bias."),
        ),
    ),
    hints=(
        "Only the new Dense layer is trained.",
        "Its input are the flattened 2 · 2 · 16 numbers, its outputs five.",
        "kernel (64, 5), bias (5,)",
    ),
)
