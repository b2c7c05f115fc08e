"""Find the bugs: pixels and labels made ready in a way that depends on the rest of the batch."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _batches(rng):
    """Faint images and few classes among them, and in the last batch every class and a pixel of full ink."""
    for n, largest, classes in [(3, 200, 3), (1, 90, 7), (5, 1, 9), (12, 256, 10)]:
        labels = rng.integers(n == 1, classes, size=n)  # the only label of a batch is not 0, its number there
        labels[:10] = rng.permutation(10)[:n] if classes == 10 else labels[:10]
        images = rng.integers(largest, size=(n, 28, 28)).astype("uint8")
        images[1:2] //= 2
        yield {"images": images, "labels": labels}


def article_data(images, labels):
    return _pixels(images), _one_hot(labels)


def _pixels(images, ink=255):
    return (images / ink).reshape(-1, 28, 28, 1).astype("float32")


def _one_hot(labels):
    return np.eye(10, dtype="float32")[labels]


def _scaled_by_the_batch(images):
    return _pixels(images, max(images.max(), 1))


def _as_many_as_the_batch_has(labels):
    return np.eye(labels.max() + 1, dtype="float32")[labels]


def _both_by_the_batch(images, labels):
    with np.errstate(invalid="ignore"):
        return _pixels(images, images.max()), _as_many_as_the_batch_has(labels)


def _pixels_by_the_batch(images, labels):
    with np.errstate(invalid="ignore"):
        return _pixels(images, images.max()), _one_hot(labels)


def _classes_by_the_batch(images, labels):
    return _pixels(images), _as_many_as_the_batch_has(labels)


def _each_image_by_its_own(images, labels):
    with np.errstate(invalid="ignore"):
        return _pixels(images, images.max(axis=(1, 2), keepdims=True)), _one_hot(labels)


def _classes_renumbered(images, labels):
    return _pixels(images), _one_hot(np.unique(labels, return_inverse=True)[1])


def _whole_rows_set(images, labels):
    y = np.zeros((max(len(labels), 10), 10), dtype="float32")
    y[labels] = 1
    return _pixels(images), y[: len(labels)]


def _counted_from_one(images, labels):
    return _pixels(images), np.eye(11, dtype="float32")[labels][:, 1:]


def _labels_as_they_come(images, labels):
    return _pixels(images), labels


def _whole_number_division(images, labels):
    return (images // 255).reshape(-1, 28, 28, 1).astype("float32"), _one_hot(labels)


def _not_scaled(images, labels):
    return images.reshape(-1, 28, 28, 1).astype("float32"), _one_hot(labels)


def _channels_first(images, labels):
    return _pixels(images).reshape(-1, 1, 28, 28), _one_hot(labels)


def _divided_by_256(images, labels):
    return _pixels(images, 256), _one_hot(labels)


def _by_comparing(images, labels):
    return images.astype("float32")[..., np.newaxis] / 255, (labels[:, None] == np.arange(10)).astype("float32")


def _by_writing_ones(images, labels):
    x = np.empty((len(images), 28, 28, 1), dtype="float32")
    y = np.zeros((len(labels), 10), dtype="float32")
    for i, (image, label) in enumerate(zip(images, labels)):
        x[i, :, :, 0] = image / np.float32(255)
        y[i, label] = 1
    return [x, y]


ARTICLE_DATA = Exercise(
    id="article_data",
    lesson="09",
    points=2,
    reference=article_data,
    cases=_batches,
    results=("x", "y"),
    mistakes=(
        Mistake(
            _both_by_the_batch,
            "The same digit must become the same numbers whatever batch it comes in. Here a faint batch is made "
            "stronger, and a batch without nines gets fewer columns than the model has outputs.",
        ),
        Mistake(_pixels_by_the_batch, "A faint image alone in a batch would come out as strong as any other."),
        Mistake(_each_image_by_its_own, "Each image is made stronger on its own, and an empty one divided by 0."),
        Mistake(
            _classes_by_the_batch,
            "How many outputs has the model? A batch without nines must have as many columns.",
        ),
        Mistake(_classes_renumbered, "The classes were numbered anew in each batch: column 7 must always mean 7."),
        Mistake(_whole_rows_set, "y[labels] = 1 fills whole rows, those numbered like the labels. One entry a row.", 2),
        Mistake(_counted_from_one, "The columns are shifted by one: digit 0 belongs to column 0."),
        Mistake(_labels_as_they_come, "That is the form for the sparse loss; the categorical one compares with rows."),
        Mistake(_whole_number_division, "// throws the fraction away: only pixels of 255 are left."),
        Mistake(_not_scaled, "The pixels still go up to 255."),
        Mistake(_channels_first, "The channel axis is Keras's last: (n, 28, 28, 1)."),
        Mistake(_divided_by_256, "Full ink is 255, and must become 1."),
    ),
    alternatives=(_by_comparing, _by_writing_ones),
    hints=(
        "Run it on one image whose largest number is 100 and whose label is 3. What should x.max() and y.shape be?",
        "Nothing that is computed from the batch may decide how a sample looks: neither a maximum nor a count.",
        "Full ink is 255 in every image: x = (images / 255) …",
    ),
)
