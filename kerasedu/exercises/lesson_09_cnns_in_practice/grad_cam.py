"""Grad-CAM: a weight for each feature map, their sum, its positive part, and that enlarged to the image."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _maps(rng):
    sizes = [(2, 3, 4, 5, 2), (1, 2, 2, 3, 4), (3, 3, 3, 3, 3), (2, 4, 2, 1, 2), (2, 2, 3, 4, 1)]
    for (n, h, w, filters, factor), dtype in zip(sizes, ["float64", "float64", "float64", "float64", "float32"]):
        shape = (n, h, w, filters)
        maps = np.maximum(rng.normal(0.3, size=shape), 0)
        yield {"maps": maps.astype(dtype), "gradients": rng.normal(size=shape).astype(dtype), "factor": factor}


def grad_cam(maps, gradients, factor):
    weights = gradients.mean(axis=(1, 2))
    return _drawn(weights, np.maximum(_weighted(maps, weights), 0), factor)


def _weighted(maps, weights):
    return np.einsum("nhwk,nk->nhw", maps, weights)


def _drawn(weights, heat, factor):
    return weights, heat, heat.repeat(factor, axis=1).repeat(factor, axis=2)


def _no_relu(maps, gradients, factor):
    weights = gradients.mean(axis=(1, 2))
    return _drawn(weights, _weighted(maps, weights), factor)


def _relu_on_the_weights(maps, gradients, factor):
    weights = np.maximum(gradients.mean(axis=(1, 2)), 0)
    return _drawn(weights, _weighted(maps, weights), factor)


def _relu_before_the_sum(maps, gradients, factor):
    weights = gradients.mean(axis=(1, 2))
    return _drawn(weights, _weighted(maps, np.maximum(weights, 0)), factor)


def _absolute_value(maps, gradients, factor):
    weights = gradients.mean(axis=(1, 2))
    return _drawn(weights, np.abs(_weighted(maps, weights)), factor)


def _weights_summed(maps, gradients, factor):
    weights = gradients.sum(axis=(1, 2))
    return _drawn(weights, np.maximum(_weighted(maps, weights), 0), factor)


def _weights_the_largest(maps, gradients, factor):
    weights = gradients.max(axis=(1, 2))
    return _drawn(weights, np.maximum(_weighted(maps, weights), 0), factor)


def _weights_over_the_batch(maps, gradients, factor):
    weights = np.tile(gradients.mean(axis=(0, 1, 2)), (len(maps), 1))
    return _drawn(weights, np.maximum(_weighted(maps, weights), 0), factor)


def _mean_over_the_maps(maps, gradients, factor):
    weights = gradients.mean(axis=(1, 2))
    return _drawn(weights, np.maximum(_weighted(maps, weights), 0) / maps.dtype.type(maps.shape[-1]), factor)


def _mean_over_channels(maps, gradients, factor):
    weights = gradients.mean(axis=-1)
    return _drawn(weights, np.maximum((maps * weights[..., None]).sum(axis=-1), 0), factor)


def _weights_not_used(maps, gradients, factor):
    return _drawn(gradients.mean(axis=(1, 2)), np.maximum((maps * gradients).sum(axis=-1), 0), factor)


def _only_positive_gradients(maps, gradients, factor):
    weights = np.maximum(gradients, 0).mean(axis=(1, 2))
    return _drawn(weights, np.maximum(_weighted(maps, weights), 0), factor)


def _gradients_times_maps(maps, gradients, factor):
    weights = (gradients * maps).mean(axis=(1, 2))
    return _drawn(weights, np.maximum(_weighted(maps, weights), 0), factor)


def _weights_of_the_first(maps, gradients, factor):
    weights = gradients.mean(axis=(1, 2))
    return _drawn(weights, np.maximum(maps @ weights[0], 0), factor)


def _weights_of_the_maps(maps, gradients, factor):
    weights = maps.mean(axis=(1, 2))
    return _drawn(weights, np.maximum(_weighted(gradients, weights), 0), factor)


def _scaled(maps, gradients, factor):
    weights, heat, _ = grad_cam(maps, gradients, factor)
    with np.errstate(invalid="ignore"):
        return _drawn(weights, heat / heat.max(axis=(1, 2), keepdims=True), factor)


def _tiled(maps, gradients, factor):
    weights, heat, _ = grad_cam(maps, gradients, factor)
    return weights, heat, np.tile(heat, (1, factor, factor))


def _enlarged_one_way(maps, gradients, factor):
    weights, heat, _ = grad_cam(maps, gradients, factor)
    return weights, heat, heat.repeat(factor, axis=1)


def _sizes_of_the_slopes(maps, gradients, factor):
    weights = np.abs(gradients).mean(axis=(1, 2))
    return _drawn(weights, np.maximum(_weighted(maps, weights), 0), factor)


def _one_row_of_weights(maps, gradients, factor):
    weights = gradients.mean(axis=(0, 1, 2))
    return _drawn(weights, np.maximum(maps @ weights, 0), factor)


def _axes_kept(maps, gradients, factor):
    weights, heat, enlarged = grad_cam(maps, gradients, factor)
    return weights[:, None, None], heat, enlarged


def _images_repeated(maps, gradients, factor):
    weights, heat, _ = grad_cam(maps, gradients, factor)
    return weights, heat, heat.repeat(factor, axis=0).repeat(factor, axis=1)


def _map_by_map(maps, gradients, factor):
    n, h, w, filters = maps.shape
    weights = np.zeros((n, filters), maps.dtype)
    heat = np.zeros((n, h, w), maps.dtype)
    for i in range(n):
        for k in range(filters):
            weights[i, k] = gradients[i, :, :, k].sum() / (h * w)
            heat[i] += weights[i, k] * maps[i, :, :, k]
    heat[heat < 0] = 0
    return [weights, heat, np.kron(heat, np.ones((1, factor, factor), maps.dtype))]


def _by_broadcasting(maps, gradients, factor):
    _, h, w, _ = maps.shape
    weights = np.mean(gradients, axis=(1, 2), keepdims=True)
    heat = (maps * weights).sum(axis=3).clip(min=0)
    rows, columns = np.arange(h * factor) // factor, np.arange(w * factor) // factor
    return weights[:, 0, 0], heat, heat[:, rows][:, :, columns]


def _by_matmul(maps, gradients, factor):
    n, h, w, filters = maps.shape
    weights = gradients.reshape(n, h * w, filters).mean(axis=1)
    heat = (maps.reshape(n, h * w, filters) @ weights[:, :, None]).reshape(n, h, w)
    heat = heat * (heat > 0)
    return weights, heat, np.repeat(np.repeat(heat, factor, 2), factor, 1)


GRAD_CAM = Exercise(
    id="grad_cam",
    lesson="09",
    points=3,
    reference=grad_cam,
    cases=_maps,
    results=("weights", "heat", "enlarged"),
    mistakes=(
        Mistake(_no_relu, "Negative places speak against the class; the map shows what speaks for it."),
        Mistake(_relu_on_the_weights, "Negative weights count: they lower the sum. Only the sum's negative part goes."),
        Mistake(_relu_before_the_sum, "Maps with a negative weight belong into the sum; cut off after it."),
        Mistake(_absolute_value, "What speaks against the class would shine as brightly as what speaks for it."),
        Mistake(_weights_summed, "A weight is the mean over height and width, not the sum."),
        Mistake(_weights_the_largest, "A weight is the mean over height and width, not the largest slope."),
        Mistake(_weights_over_the_batch, "Each image has weights of its own: the mean runs over two axes, not three."),
        Mistake(_mean_over_the_maps, "The weighted maps are added; that is their mean."),
        Mistake(
            _mean_over_channels,
            "The mean went over the filters and left one weight for each place; it should be one for each filter.",
        ),
        Mistake(_weights_not_used, "The weights are right, but the heat multiplies place by place with the gradients."),
        Mistake(_only_positive_gradients, "Negative slopes belong into the mean; ReLU comes last, after the sum."),
        Mistake(_gradients_times_maps, "The maps enter once, in the sum; a weight is the mean of the gradients alone."),
        Mistake(_weights_of_the_first, "The weights are right, but all images were drawn with those of the first."),
        Mistake(_weights_of_the_maps, "Gradients and maps are exchanged: the weights come from the gradients."),
        Mistake(_scaled, "The heat was scaled to 1; as it stands was asked for."),
        Mistake(_tiled, "The map was laid side by side. Each number should become a block of equal numbers."),
        Mistake(_enlarged_one_way, "Enlarged in one direction only."),
        Mistake(_sizes_of_the_slopes, "Absolute values belong to saliency; here slopes keep their signs in the mean."),
        Mistake(_one_row_of_weights, "Each image has weights of its own: the mean runs over two axes, not three."),
        Mistake(_axes_kept, "The numbers are right; weights is (n, filters), without the two axes of length 1."),
        Mistake(_images_repeated, "heat is (n, h, w): that repeats the images and the rows, not rows and columns."),
    ),
    alternatives=(_map_by_map, _by_broadcasting, _by_matmul),
    hints=(
        "Write the three shapes first: one weight for each image and filter, one number for each place, and the latter "
        "factor times as high and wide.",
        "Mean over the two axes of space; then the sum over the filters of weight times map; then ReLU.",
        "weights = gradients.mean(axis=(1, 2)) has the shape (n, filters); weights[:, None, None, :] meets the maps.",
    ),
    tolerance=256.0,
)
