"""The windows of an image as a view: shape and strides, so that no number is copied. Not in kerasedu, which copies."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _images(rng):
    for (h, w, c), itemsize, size, step in [
        ((8, 8, 1), 4, 3, 1),
        ((7, 9, 3), 4, 3, 2),
        ((6, 5, 2), 8, 2, 3),
        ((4, 4, 4), 8, 4, 1),
    ]:
        yield _image((h, w, c), (w * c * itemsize, c * itemsize, itemsize), size, step)
    yield _image((9, 6, 2), (4, 36, 216), 2, 2)  # Fortran order
    yield _image((5, 7, 3), (-112, 16, 4), 3, 1)  # upside down, the first three of four channels
    h, w, c, step = (int(n) for n in rng.integers([10, 10, 2, 2], [20, 20, 5, 4]))
    yield _image((h, w, c), (w * c * 8, c * 8, 8), 3, step)


def _image(shape, strides, size, step):
    return {"shape": shape, "strides": strides, "size": size, "step": step}


def window_view(shape, strides, size, step):
    (h, w, c), (down, right, deep) = shape, strides
    positions = ((h - size) // step + 1, (w - size) // step + 1)
    return (*positions, size, size, c), (down * step, right * step, down, right, deep)


def _step_forgotten(shape, strides, size, step):
    return window_view(shape, strides, size, step)[0], (*strides[:2], *strides)


def _step_inside_the_window(shape, strides, size, step):
    view, (down, right, *inside) = window_view(shape, strides, size, step)
    return view, (down // step, right // step, down, right, inside[2])


def _step_twice(shape, strides, size, step):
    view, (down, right, *inside) = window_view(shape, strides, size, step)
    return view, (down, right, down, right, inside[2])


def _windows_side_by_side(shape, strides, size, step):
    view, (down, right, *inside) = window_view(shape, strides, size, step)
    return view, (down // step * size, right // step * size, *inside)


def _strides_of_a_copy(shape, strides, size, step):
    view, _ = window_view(shape, strides, size, step)
    itemsize = min(abs(stride) for stride in strides)
    return view, tuple(itemsize * int(np.prod(view[axis + 1 :])) for axis in range(5))


def _counted_in_numbers(shape, strides, size, step):
    view, places = window_view(shape, strides, size, step)
    itemsize = min(abs(stride) for stride in strides)
    return view, tuple(place // itemsize for place in places)


def _one_position_short(shape, strides, size, step):
    view, places = window_view(shape, strides, size, step)
    return (view[0] - 1, view[1] - 1, *view[2:]), places


def _positions_without_step(shape, strides, size, step):
    _, places = window_view(shape, strides, size, step)
    h, w, c = shape
    return (h - size + 1, w - size + 1, size, size, c), places


def _rounded_up(shape, strides, size, step):
    _, places = window_view(shape, strides, size, step)
    h, w, c = shape
    return (-(-h // step), -(-w // step), size, size, c), places


def _channels_before_the_window(shape, strides, size, step):
    (oh, ow, kh, kw, c), (a, b, down, right, deep) = window_view(shape, strides, size, step)
    return (oh, ow, c, kh, kw), (a, b, deep, down, right)


def _rows_and_columns_exchanged(shape, strides, size, step):
    view, (a, b, down, right, deep) = window_view(shape, strides, size, step)
    return view, (a, b, right, down, deep)


def _size_inside_the_window(shape, strides, size, step):
    view, (a, b, down, right, deep) = window_view(shape, strides, size, step)
    return view, (a, b, down * size, right * size, deep)


def _strides_from_the_shape(shape, strides, size, step):
    itemsize = min(abs(stride) for stride in strides)
    _, w, c = shape
    return window_view(shape, (w * c * itemsize, c * itemsize, itemsize), size, step)


def _divided_to_fractions(shape, strides, size, step):
    _, places = window_view(shape, strides, size, step)
    h, w, c = shape
    return ((h - size) / step + 1, (w - size) / step + 1, size, size, c), places


def _divided_upwards(shape, strides, size, step):
    _, places = window_view(shape, strides, size, step)
    h, w, c = shape
    return (-(-(h - size) // step) + 1, -(-(w - size) // step) + 1, size, size, c), places


def _size_forgotten(shape, strides, size, step):
    _, places = window_view(shape, strides, size, step)
    h, w, c = shape
    return (h // step, w // step, size, size, c), places


def _one_added_too_early(shape, strides, size, step):
    _, places = window_view(shape, strides, size, step)
    h, w, c = shape
    return ((h - size + 1) // step, (w - size + 1) // step, size, size, c), places


def _step_as_stride(shape, strides, size, step):
    return window_view(shape, strides, size, step)[0], (step, step, *strides)


def _windows_last(shape, strides, size, step):
    (oh, ow, kh, kw, c), (a, b, down, right, deep) = window_view(shape, strides, size, step)
    return (kh, kw, oh, ow, c), (down, right, a, b, deep)


def _columns_of_windows_first(shape, strides, size, step):
    (oh, ow, *inside), (a, b, *rest) = window_view(shape, strides, size, step)
    return (ow, oh, *inside), (b, a, *rest)


def _sign_lost(shape, strides, size, step):
    view, places = window_view(shape, strides, size, step)
    return view, tuple(abs(place) for place in places)


def _without_channels(shape, strides, size, step):
    view, places = window_view(shape, strides, size, step)
    return view[:4], places[:4]


def _by_moving(shape, strides, size, step):
    def address(*place):
        return sum(i * stride for i, stride in zip(place, strides))

    rows, columns = range(0, shape[0] - size + 1, step), range(0, shape[1] - size + 1, step)
    outer = [address(step, 0, 0), address(0, step, 0)]
    inner = [address(1, 0, 0), address(0, 1, 0), address(0, 0, 1)]
    return [[len(rows), len(columns), size, size, shape[2]], outer + inner]


def _as_arrays(shape, strides, size, step):
    positions = 1 + (np.array(shape[:2]) - size) // step
    view = (*positions, size, size, shape[2])
    return view, tuple(np.concatenate([np.array(strides[:2]) * step, strides]))


WINDOW_VIEW = Exercise(
    id="window_view",
    lesson="13",
    points=4,
    reference=window_view,
    cases=_images,
    mistakes=(
        Mistake(_step_forgotten, "The next window begins `step` rows or columns further on, not one."),
        Mistake(
            _step_inside_the_window, "Inside a window the numbers are neighbours; between windows there is the step."
        ),
        Mistake(_step_twice, "Between windows the step is right, but inside a window the numbers are neighbours."),
        Mistake(_windows_side_by_side, "Those windows do not overlap: the next one begins `step` further, not `size`."),
        Mistake(_strides_of_a_copy, "Those are the strides of a new array. A view goes through the old one's memory."),
        Mistake(_counted_in_numbers, "NumPy's strides are in bytes, as they came in."),
        Mistake(_one_position_short, "One position is missing each way: a window that ends at the border still fits."),
        Mistake(_positions_without_step, "With a step of 2 about half as many windows fit each way."),
        Mistake(_rounded_up, "That counts windows that hang over the border, as padding `same` would."),
        Mistake(
            _channels_before_the_window,
            "The order is rows and columns of windows, then window rows, window columns, channels.",
        ),
        Mistake(_rows_and_columns_exchanged, "Inside a window rows come before columns, as in the image."),
        Mistake(_size_inside_the_window, "Inside a window the next row is one row of the image further on."),
        Mistake(
            _strides_from_the_shape, "The image may itself be a view or lie column by column: use the strides given."
        ),
        Mistake(_divided_to_fractions, "A shape holds whole numbers: what is left over is no window. Divide by `//`."),
        Mistake(_divided_upwards, "Rounded up, the last window hangs over the border. Only whole windows count."),
        Mistake(_size_forgotten, "The windows are counted as if each were one pixel: their size leaves fewer places."),
        Mistake(
            _one_added_too_early,
            "How many steps fit behind the first window? Divide that, and only then count the first window as well.",
        ),
        Mistake(_step_as_stride, "`step` counts rows and columns; strides are in bytes. How long is a row in memory?"),
        Mistake(_windows_last, "The first two axes say which window, the next two which place in it."),
        Mistake(_columns_of_windows_first, "Rows of windows come before columns of windows."),
        Mistake(_sign_lost, "A negative stride is right: that image lies upside down in memory."),
        Mistake(_without_channels, "The channels are the fifth axis; all of them belong to a window."),
    ),
    alternatives=(_by_moving, _as_arrays),
    hints=(
        "For each of the five axes: when its index grows by one, which pixel comes next, and how many bytes is that?",
        "From window to window the address moves by `step` rows or columns of the image; inside a window by one.",
        "The first stride is step * strides[0]; there are (height - size) // step + 1 windows below each other.",
    ),
    results=("shape", "strides"),
)
