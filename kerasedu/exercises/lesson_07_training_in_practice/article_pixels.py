"""Find the bug: pixels prepared for one data set only."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _images(rng):
    for n, m, rows, columns, largest, brighter, dtype in [
        (5, 3, 4, 4, 16, -7, "uint8"),
        (4, 6, 2, 3, 200, 55, "uint8"),
        (1, 2, 3, 5, 100, 3, "uint8"),
        (9, 9, 3, 3, 4095, -900, "uint16"),
    ]:
        x_train = rng.integers(0, largest, size=(n, rows, columns))
        x_test = rng.integers(0, largest, size=(m, rows, columns))
        x_train.flat[0], x_test.flat[0] = largest, largest + brighter
        x_test = np.minimum(x_test, largest + brighter)
        yield {"x_train": x_train.astype(dtype), "x_test": x_test.astype(dtype)}


def article_pixels(x_train, x_test):
    return _rows(x_train) / np.float32(x_train.max()), _rows(x_test) / np.float32(x_train.max())


def _rows(x):
    return x.reshape(len(x), -1).astype("float32")


def _as_printed(x_train, x_test):
    x_train = x_train.reshape(60000, 784)
    x_test = x_test.reshape(10000, 784)
    return x_train.astype("float32") / 255, x_test.astype("float32") / 255


def _length_of_the_training_set(x_train, x_test):
    largest = np.float32(x_train.max())
    return _rows(x_train) / largest, x_test.reshape(len(x_train), -1).astype("float32") / largest


def _still_255(x_train, x_test):
    return _rows(x_train) / 255, _rows(x_test) / 255


def _each_by_its_own_largest(x_train, x_test):
    return _rows(x_train) / np.float32(x_train.max()), _rows(x_test) / np.float32(x_test.max())


def _largest_of_both_sets(x_train, x_test):
    largest = np.float32(max(x_train.max(), x_test.max()))
    return _rows(x_train) / largest, _rows(x_test) / largest


def _each_pixel_by_its_own_largest(x_train, x_test):
    largest = np.maximum(_rows(x_train).max(axis=0), 1)
    return _rows(x_train) / largest, _rows(x_test) / largest


def _float64(x_train, x_test):
    return tuple(x.reshape(len(x), -1) / x_train.max() for x in (x_train, x_test))


def _pixels_in_rows(x_train, x_test):
    return tuple(x.T for x in article_pixels(x_train, x_test))


def _samples_cut_anew(x_train, x_test):
    return tuple(x.reshape(-1, len(x)).T for x in article_pixels(x_train, x_test))


def _images_kept(x_train, x_test):
    return tuple(x.astype("float32") / np.float32(x_train.max()) for x in (x_train, x_test))


def _whole_numbers_first(x_train, x_test):
    return tuple((x.reshape(len(x), -1) // x_train.max()).astype("float32") for x in (x_train, x_test))


def _overwritten(x_train, x_test):
    x_train, x_test = _rows(x_train), _rows(x_test)
    x_train = x_train / x_train.max()
    return x_train, x_test / x_train.max()


def _not_divided(x_train, x_test):
    return _rows(x_train), _rows(x_test)


def _divided_twice(x_train, x_test):
    return tuple(x / np.float32(x_train.max()) for x in article_pixels(x_train, x_test))


def _with_shapes(x_train, x_test):
    _, rows, columns = x_train.shape
    largest = float(np.max(x_train))
    return [np.reshape(x, (-1, rows * columns)).astype(np.float32) / largest for x in (x_train, x_test)]


def _rounded_at_the_end(x_train, x_test):
    train = np.array([image.ravel() for image in x_train]) / x_train.max()
    test = np.array([image.ravel() for image in x_test]) / x_train.max()
    return train.astype("float32"), test.astype("float32")


ARTICLE_PIXELS = Exercise(
    id="article_pixels",
    lesson="07",
    points=2,
    reference=article_pixels,
    cases=_images,
    mistakes=(
        Mistake(_as_printed, "60000, 10000 and 784 fit one data set. The array knows how many samples it has."),
        Mistake(_length_of_the_training_set, "The test set has a length of its own: its rows are len(x_test)."),
        Mistake(_still_255, "255 is the largest byte, not the largest pixel of this training set."),
        Mistake(
            _each_by_its_own_largest,
            "The same grey gets two different numbers in the two sets: the test set was scaled by itself.",
        ),
        Mistake(
            _largest_of_both_sets,
            "The test set had a part in the scale. Its pixels may be larger than 1: the scale is the training set's.",
        ),
        Mistake(
            _each_pixel_by_its_own_largest,
            "One number for all pixels: else bright and dark places of an image look alike.",
        ),
        Mistake(_float64, "The values are right. float32 was asked for, as in the article: half the memory."),
        Mistake(_pixels_in_rows, "Samples belong in the rows."),
        Mistake(
            _samples_cut_anew, "A row now holds pixels of several images: the samples must stay along the first axis."
        ),
        Mistake(_images_kept, "The values are right; each image must become one row."),
        Mistake(_whole_numbers_first, "A division of whole numbers threw the fractions away."),
        Mistake(
            _overwritten,
            "The test pixels hardly changed: x_train had been overwritten, and its largest pixel was 1 by then.",
        ),
        Mistake(_not_divided, "The rows are right; the pixels still have to be divided."),
        Mistake(_divided_twice, "The pixels were divided twice: the largest of the training set must become 1."),
    ),
    alternatives=(_with_shapes, _rounded_at_the_end),
    hints=(
        "Which numbers in the four lines belong to one particular data set?",
        "reshape works out a length where -1 stands. A scale is a statistic: it comes from the training set.",
        "x_test = x_test.reshape(len(x_test), -1)",
    ),
    tolerance=16.0,
    results=("train", "test"),
)
