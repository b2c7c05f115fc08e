"""Find the bug: an article explains convolutions by the formula of a dense layer; the cost counted from it is wrong."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _layers(rng):
    sizes = [(28, 28, 1, 3, 32), (8, 6, 3, 3, 4), (5, 7, 2, 1, 3), (4, 4, 3, 4, 5), (9, 5, 1, 2, 1)]
    sizes.append(tuple(int(n) for n in (*rng.integers(10, 40, 2), *rng.integers(2, 9, 3))))
    for height, width, channels, kernel_size, filters in sizes:
        yield {
            "height": height,
            "width": width,
            "channels": channels,
            "kernel_size": kernel_size,
            "filters": filters,
        }


def _positions(height, width, kernel_size):
    return (height - kernel_size + 1) * (width - kernel_size + 1)


def article_cost(height, width, channels, kernel_size, filters):
    kernel = kernel_size * kernel_size * channels * filters
    return kernel + filters, 2 * kernel * _positions(height, width, kernel_size)


def _of_a_dense_layer(height, width, channels, kernel_size, filters):
    inputs, outputs = height * width * channels, _positions(height, width, kernel_size) * filters
    return inputs * outputs + outputs, 2 * inputs * outputs


def _kernel_at_every_position(height, width, channels, kernel_size, filters):
    parameters, operations = article_cost(height, width, channels, kernel_size, filters)
    return parameters * _positions(height, width, kernel_size), operations


def _channels_forgotten(height, width, channels, kernel_size, filters):
    return article_cost(height, width, 1, kernel_size, filters)


def _no_bias(height, width, channels, kernel_size, filters):
    parameters, operations = article_cost(height, width, channels, kernel_size, filters)
    return parameters - filters, operations


def _bias_at_every_position(height, width, channels, kernel_size, filters):
    parameters, operations = article_cost(height, width, channels, kernel_size, filters)
    return parameters + filters * (_positions(height, width, kernel_size) - 1), operations


def _multiplications_only(height, width, channels, kernel_size, filters):
    parameters, operations = article_cost(height, width, channels, kernel_size, filters)
    return parameters, operations // 2


def _one_position(height, width, channels, kernel_size, filters):
    kernel = kernel_size * kernel_size * channels * filters
    return kernel + filters, 2 * kernel


def _position_for_every_pixel(height, width, channels, kernel_size, filters):
    kernel = kernel_size * kernel_size * channels * filters
    return kernel + filters, 2 * kernel * height * width


def _parameters_times_positions(height, width, channels, kernel_size, filters):
    parameters, _ = article_cost(height, width, channels, kernel_size, filters)
    return parameters, 2 * parameters * _positions(height, width, kernel_size)


def _one_side_of_the_kernel(height, width, channels, kernel_size, filters):
    kernel = kernel_size * channels * filters
    return kernel + filters, 2 * kernel * _positions(height, width, kernel_size)


def _last_position_missed(height, width, channels, kernel_size, filters):
    parameters, _ = article_cost(height, width, channels, kernel_size, filters)
    return parameters, 2 * (parameters - filters) * (height - kernel_size) * (width - kernel_size)


def _biases_added_up(height, width, channels, kernel_size, filters):
    parameters, operations = article_cost(height, width, channels, kernel_size, filters)
    return parameters, operations + filters * _positions(height, width, kernel_size)


def _one_bias(height, width, channels, kernel_size, filters):
    parameters, operations = article_cost(height, width, channels, kernel_size, filters)
    return parameters - filters + 1, operations


def _exchanged(height, width, channels, kernel_size, filters):
    return article_cost(height, width, channels, kernel_size, filters)[::-1]


def _operations_of_one_filter(height, width, channels, kernel_size, filters):
    parameters, operations = article_cost(height, width, channels, kernel_size, filters)
    return parameters, operations // filters


def _one_addition_less(height, width, channels, kernel_size, filters):
    parameters, operations = article_cost(height, width, channels, kernel_size, filters)
    return parameters, operations - filters * _positions(height, width, kernel_size)


def _operations_still_dense(height, width, channels, kernel_size, filters):
    parameters, _ = article_cost(height, width, channels, kernel_size, filters)
    return parameters, _of_a_dense_layer(height, width, channels, kernel_size, filters)[1]


def _parameters_still_dense(height, width, channels, kernel_size, filters):
    _, operations = article_cost(height, width, channels, kernel_size, filters)
    return _of_a_dense_layer(height, width, channels, kernel_size, filters)[0], operations


def _kernel_at_every_position_one_bias(height, width, channels, kernel_size, filters):
    _, operations = article_cost(height, width, channels, kernel_size, filters)
    return operations // 2 + filters, operations


def _operations_without_channels(height, width, channels, kernel_size, filters):
    parameters, operations = article_cost(height, width, channels, kernel_size, filters)
    return parameters, operations // channels


def _kernel_without_channels(height, width, channels, kernel_size, filters):
    _, operations = article_cost(height, width, channels, kernel_size, filters)
    return kernel_size * kernel_size * filters + filters, operations


def _bias_for_every_channel(height, width, channels, kernel_size, filters):
    _, operations = article_cost(height, width, channels, kernel_size, filters)
    return (kernel_size * kernel_size + 1) * channels * filters, operations


def _square_image(height, width, channels, kernel_size, filters):
    parameters, _ = article_cost(height, width, channels, kernel_size, filters)
    return parameters, article_cost(height, height, channels, kernel_size, filters)[1]


def _as_matrices(height, width, channels, kernel_size, filters):
    patches = np.zeros((height - kernel_size + 1, width - kernel_size + 1, kernel_size, kernel_size, channels), "b")
    kernel = np.zeros((kernel_size, kernel_size, channels, filters))
    return [kernel.size + np.zeros(filters).size, 2 * patches.size * filters]


def _position_by_position(height, width, channels, kernel_size, filters):
    operations = 0
    for _ in range(kernel_size, height + 1):
        for _ in range(kernel_size, width + 1):
            operations += filters * (kernel_size**2 * channels) * 2
    return filters * (1 + channels * kernel_size**2), float(operations)


ARTICLE_COST = Exercise(
    id="article_cost",
    lesson="13",
    points=4,
    reference=article_cost,
    cases=_layers,
    mistakes=(
        Mistake(_of_a_dense_layer, "That is the dense layer still: every output with a weight for every input."),
        Mistake(
            _kernel_at_every_position,
            "The same kernel and bias serve at every position. They are work there, but no new parameters.",
        ),
        Mistake(_channels_forgotten, "A window reaches through all channels.", 25),
        Mistake(_no_bias, "Each filter has a bias, and it is a parameter."),
        Mistake(_bias_at_every_position, "The bias of a filter is one number, the same at all positions."),
        Mistake(_multiplications_only, "Each multiplication comes with an addition: two operations."),
        Mistake(_one_position, "The operations of one position were counted. At how many positions does a window fit?"),
        Mistake(_position_for_every_pixel, "Windows stay inside the image: there are fewer positions than pixels."),
        Mistake(_parameters_times_positions, "Adding the bias was counted as well, twice even: products only."),
        Mistake(_one_side_of_the_kernel, "The kernel is square: kernel_size numbers high and as many wide."),
        Mistake(_last_position_missed, "A window that ends at the border fits as well: one position more each way."),
        Mistake(_biases_added_up, "Adding the bias was counted as well: products only."),
        Mistake(_one_bias, "Each filter has its own bias."),
        Mistake(_exchanged, "The parameters come first, the operations second."),
        Mistake(_operations_of_one_filter, "Those are the operations of one filter; every filter goes over the image."),
        Mistake(
            _one_addition_less,
            "The first product of a sum needs no addition, true; by the convention above it is counted all the same.",
        ),
        Mistake(
            _operations_still_dense,
            "The parameters are right; the operations still multiply every output by every input.",
        ),
        Mistake(
            _parameters_still_dense,
            "The operations are right; among the parameters every output still has a weight for every input.",
        ),
        Mistake(
            _kernel_at_every_position_one_bias,
            "The same kernel serves at every position. It is work there, but no new parameters.",
        ),
        Mistake(_operations_without_channels, "Each output adds up products over all channels of its window.", 25),
        Mistake(_kernel_without_channels, "A filter has weights of its own for each channel.", 25),
        Mistake(_bias_for_every_channel, "A filter has one bias, however many channels come in.", 25),
        Mistake(_square_image, "Images need not be square: count the positions down and across separately."),
    ),
    alternatives=(_as_matrices, _position_by_position),
    hints=(
        "Which inputs does one output of a convolution see, and which of its weights are its own?",
        "One output needs kernel_size · kernel_size · channels multiplications, each with an addition. All positions "
        "share one kernel for each filter.",
        "window = kernel_size * kernel_size * channels; the kernel has window * filters numbers.",
    ),
    results=("parameters", "operations"),
)
