"""Augmentation: each image moved by its own whole number of pixels, zeros moving in."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _images(rng):
    sizes = [(7, 3, 5, 2), (1, 4, 4, 1), (3, 4, 4, 1), (8, 6, 3, 1)]
    for (n, h, w, c), dtype in zip(sizes, ["float64", "float32", "float64", "uint8"]):
        shifts = {"dy": rng.integers(1 - h, h, size=n), "dx": rng.integers(1 - w, w, size=n)}
        shifts["dy"][:6], shifts["dx"][:6] = [1, -1, 2, 0, -1, 0][:n], [2, 1, -2, -1, 0, 0][:n]
        yield {"images": rng.integers(1, 200, size=(n, h, w, c)).astype(dtype), **shifts}


def shift_images(images, dy, dx):
    moved = np.zeros_like(images)
    _, h, w, _ = images.shape
    for i, (y, x) in enumerate(zip(dy, dx)):
        here = images[i, max(-y, 0) : h - max(y, 0), max(-x, 0) : w - max(x, 0)]
        moved[i, max(y, 0) : h + min(y, 0), max(x, 0) : w + min(x, 0)] = here
    return moved


def _wraps_around(images, dy, dx):
    return np.stack([np.roll(image, (y, x), axis=(0, 1)) for image, y, x in zip(images, dy, dx)])


def _other_way(images, dy, dx):
    return shift_images(images, -dy, -dx)


def _axes_exchanged(images, dy, dx):
    return shift_images(images.swapaxes(1, 2), dy, dx).swapaxes(1, 2)


def _all_by_the_first(images, dy, dx):
    return shift_images(images, np.full_like(dy, dy[0]), np.full_like(dx, dx[0]))


def _edge_repeated(images, dy, dx):
    _, h, w, _ = images.shape
    rows = np.clip(np.arange(h) - dy[:, None], 0, h - 1)
    columns = np.clip(np.arange(w) - dx[:, None], 0, w - 1)
    return images[np.arange(len(images))[:, None, None], rows[:, :, None], columns[:, None, :]]


def _only_down_and_right(images, dy, dx):
    return shift_images(images, np.maximum(dy, 0), np.maximum(dx, 0))


def _only_wrapped_rows_cleared(images, dy, dx):
    moved = _wraps_around(images, dy, dx)
    for image, y in zip(moved, dy):
        image[:y] = 0 if y > 0 else image[:y]
        image[len(image) + y :] = 0 if y < 0 else image[len(image) + y :]
    return moved


def _cleared_at_the_front(images, dy, dx):
    moved = _wraps_around(images, dy, dx)
    for image, y, x in zip(moved, dy, dx):
        image[:y] = 0
        image[:, :x] = 0
    return moved


def _channels_first(images, dy, dx):
    return shift_images(images.transpose(0, 2, 3, 1), dy, dx).transpose(0, 3, 1, 2)


def _only_dy(images, dy, dx):
    return shift_images(images, dy, np.zeros_like(dx))


def _gap_not_cleared(images, dy, dx):
    moved = shift_images(images, dy, dx)
    left_over = shift_images(np.ones_like(images), dy, dx) == 0
    return np.where(left_over, images, moved)


def _negative_index(images, dy, dx):
    n, h, w, _ = images.shape
    moved = np.zeros_like(images)
    for i, row, column in np.ndindex(n, h, w):
        y, x = row - dy[i], column - dx[i]
        if y < h and x < w:
            moved[i, row, column] = images[i, y, x]
    return moved


def _up_for_down(images, dy, dx):
    return shift_images(images, -dy, dx)


def _left_for_right(images, dy, dx):
    return shift_images(images, dy, -dx)


def _slices_for_positive_shifts(images, dy, dx):
    moved = np.zeros_like(images)
    _, h, w, _ = images.shape
    for i, (y, x) in enumerate(zip(dy, dx)):
        moved[i, y:, x:] = images[i, : h - y, : w - x]
    return moved


def _empty_for_no_shift(images, dy, dx):
    def slices(shift):
        if shift >= 0:
            return slice(shift, None), slice(None, -shift)
        return slice(None, shift), slice(-shift, None)

    moved = np.zeros_like(images)
    for i, (y, x) in enumerate(zip(dy, dx)):
        (rows, old_rows), (columns, old_columns) = slices(y), slices(x)
        moved[i, rows, columns] = images[i, old_rows, old_columns]
    return moved


def _in_a_frame_of_zeros(images, dy, dx):
    _, h, w, _ = images.shape
    framed = np.pad(images, ((0, 0), (h, h), (w, w), (0, 0)))
    return np.stack([image[h - y : 2 * h - y, w - x : 2 * w - x] for image, y, x in zip(framed, dy, dx)])


def _pixel_by_pixel(images, dy, dx):
    n, h, w, _ = images.shape
    moved = np.zeros_like(images)
    for i, row, column in np.ndindex(n, h, w):
        y, x = row - dy[i], column - dx[i]
        if 0 <= y < h and 0 <= x < w:
            moved[i, row, column] = images[i, y, x]
    return moved


def _rolled_and_masked(images, dy, dx):
    _, h, w, _ = images.shape
    rows, columns = np.arange(h) - dy[:, None], np.arange(w) - dx[:, None]
    inside = ((rows >= 0) & (rows < h))[:, :, None] & ((columns >= 0) & (columns < w))[:, None, :]
    return np.where(inside[..., None], _wraps_around(images, dy, dx), images.dtype.type(0))


SHIFT_IMAGES = Exercise(
    id="shift_images",
    lesson="09",
    points=3,
    reference=shift_images,
    cases=_images,
    mistakes=(
        Mistake(
            _wraps_around,
            "What leaves on one side comes in on the other: np.roll moves around a ring. A seven whose foot stands at "
            "the top is no seven.",
        ),
        Mistake(_other_way, "Right size, wrong direction: a positive dy moves down, a positive dx to the right."),
        Mistake(_axes_exchanged, "dy belongs to the rows, the second axis of images; dx to the columns, the third."),
        Mistake(_all_by_the_first, "Every image was moved alike; each has its own dy and dx."),
        Mistake(_edge_repeated, "The edge was drawn out into the gap; zeros, the white of paper, move in."),
        Mistake(_only_down_and_right, "Negative shifts, up and to the left, do nothing here."),
        Mistake(_only_wrapped_rows_cleared, "The rows that came around are cleared; the columns are not."),
        Mistake(
            _cleared_at_the_front, "For a negative shift the gap opens at the end; image[:-1] = 0 clears the rest."
        ),
        Mistake(_channels_first, "The axes are (n, height, width, channels); the channels do not move."),
        Mistake(_gap_not_cleared, "The old pixels stand in the gap: start from zeros, not from a copy."),
        Mistake(_only_dy, "The columns stayed where they were."),
        Mistake(_negative_index, "A negative index reads from the end, so pixels come in from the other side."),
        Mistake(_up_for_down, "The columns move as they should; a positive dy has to move the rows down."),
        Mistake(_left_for_right, "The rows move as they should; a positive dx has to move the columns to the right."),
        Mistake(
            _slices_for_positive_shifts,
            "For a positive shift these slices fit. For a negative one the block comes from further down or right and "
            "lands at the start.",
        ),
        Mistake(_empty_for_no_shift, "Right unless a shift is 0: [:-0] means [:0], which is empty."),
    ),
    alternatives=(_in_a_frame_of_zeros, _pixel_by_pixel, _rolled_and_masked),
    hints=(
        "Draw a 4 by 4 image, moved by dy = 1, dx = -1. Which rows and columns of the old image survive, and where?",
        "Start from zeros. Copy a block: the part of the old image that stays inside, to where it comes to lie. A "
        "frame of zeros around the image, out of which a window is cut, does the same without cases.",
        "With framed = np.pad(image, ((h, h), (w, w), (0, 0))) the unmoved image is framed[h : 2 * h, w : 2 * w].",
    ),
)
