"""Any arrays given to layers and spatial ops: an answer of the promised shape and type, or a ValueError."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerasedu import Sequential, layers, ops

DTYPES = ["float16", "float32", "float64", "int64", "uint8", "bool", "complex64", "U3", "object"]
SHAPES = [
    (),
    (0,),
    (3,),
    (2, 3),
    (0, 3),
    (2, 0),
    (2, 3, 4),
    (2, 0, 3),
    (1, 3, 1),
    (2, 4, 3, 2),
    (0, 3, 3, 1),
    (1, 4, 0, 2),
]
ARRAYS = st.tuples(st.sampled_from(DTYPES), st.sampled_from(SHAPES), st.booleans(), st.integers(0, 9))
LAYERS = {
    "Activation": lambda: layers.Activation("elu"),
    "ReLU": lambda: layers.ReLU(2, 0.1, 0.5),
    "LeakyReLU": layers.LeakyReLU,
    "ELU": layers.ELU,
    "Softmax": layers.Softmax,
    "Identity": layers.Identity,
    "Dropout": lambda: layers.Dropout(0.5),
    "Flatten": layers.Flatten,
    "Reshape": lambda: layers.Reshape((-1, 3)),
    "Permute": lambda: layers.Permute((2, 1)),
    "RepeatVector": lambda: layers.RepeatVector(2),
    "ZeroPadding2D": layers.ZeroPadding2D,
    "nearest": layers.UpSampling2D,
    "bilinear": lambda: layers.UpSampling2D(3, interpolation="bilinear"),
    "Conv1D": lambda: layers.Conv1D(2, 2, padding="causal"),
    "Conv2D": lambda: layers.Conv2D(2, 2),
    "MaxPooling1D": layers.MaxPooling1D,
    "MaxPooling2D": lambda: layers.MaxPooling2D(3, 1, "same"),
    "AveragePooling1D": lambda: layers.AveragePooling1D(3, 1, "same"),
    "AveragePooling2D": layers.AveragePooling2D,
    "GlobalMaxPooling1D": layers.GlobalMaxPooling1D,
    "GlobalMaxPooling2D": layers.GlobalMaxPooling2D,
    "GlobalAveragePooling1D": layers.GlobalAveragePooling1D,
    "GlobalAveragePooling2D": layers.GlobalAveragePooling2D,
    "BatchNormalization": layers.BatchNormalization,
    "LayerNormalization": layers.LayerNormalization,
}
MERGES = ["Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract", "Concatenate"]


def make(kind) -> np.ndarray:
    """A read-only array of any type and shape, with NaN and infinities if there is place, with a negative stride."""
    dtype, shape, has_holes, seed = kind
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 3, shape) if dtype[0] in "iub" else rng.standard_normal(shape)
    if has_holes and dtype[0] == "f":
        x = np.where(rng.random(shape) < 0.3, rng.choice([np.nan, np.inf, -np.inf]), x)
    x = np.asarray(x).astype(dtype)
    x = x[::-1] if x.ndim else x
    x.flags.writeable = False
    return x


def answer(f, *arrays):
    """f(*arrays), or None if it refuses them with a ValueError that says something; the arrays stay as they are."""
    before = [a.tobytes() for a in arrays]
    with np.errstate(all="ignore"):
        try:
            result = f(*arrays)
        except ValueError as error:
            assert str(error)
            result = None
    assert [a.tobytes() for a in arrays] == before
    return result


@pytest.mark.parametrize("name", LAYERS)
@given(kind=ARRAYS, training=st.booleans())
def test_layers(name, kind, training):
    layer, x = LAYERS[name](), make(kind)
    y = answer(lambda x: layer.forward(x, training=training), x)
    if y is not None:
        assert y.dtype == layer.dtype
        assert y.shape == layer.compute_output_shape(x.shape)
        dx = answer(layer.backward, np.ones_like(y))
        assert (dx.dtype, dx.shape) == (layer.dtype, x.shape)
        assert [g.shape for g in layer.grads] == [v.shape for v in layer.trainable_weights]


@pytest.mark.parametrize("name", MERGES)
@given(a=ARRAYS, b=ARRAYS, alike=st.booleans())
def test_merging_layers(name, a, b, alike):
    a = make(a)
    b = make((b[0], a.shape, *b[2:]) if alike else b)
    layer = getattr(layers, name)()
    y = answer(lambda a, b: layer.forward([a, b]), a, b)
    if y is not None:
        assert y.dtype == layer.dtype
        assert y.shape == layer.compute_output_shape([a.shape, b.shape])
        dxs = answer(layer.backward, np.ones_like(y))
        assert [(dx.dtype, dx.shape) for dx in dxs] == [(layer.dtype, x.shape) for x in (a, b)]


@given(x=ARRAYS, kernel=ARRAYS, padding=st.sampled_from(["valid", "same"]))
def test_conv(x, kernel, padding):
    x, kernel = make(x), make(kernel)
    y = answer(lambda x, kernel: ops.conv(x, kernel, padding=padding), x, kernel)
    if y is not None:
        dx, d_kernel = answer(
            lambda x, kernel: ops.conv_backward(np.ones_like(y), x, kernel, padding=padding), x, kernel
        )
        assert (dx.shape, d_kernel.shape) == (x.shape, kernel.shape)
        assert y.dtype == dx.dtype == d_kernel.dtype


BYTES = np.full((2, 6, 4), 200, dtype="uint8")


@pytest.mark.parametrize(
    "layer",
    [
        layers.Dense(3),
        layers.Conv1D(3, 2),
        layers.LSTM(3),
        layers.BatchNormalization(),
        layers.LayerNormalization(),
        layers.TimeDistributed(layers.Dense(3)),
        layers.Bidirectional(layers.GRU(3)),
        Sequential([layers.Flatten(), layers.Dense(3)]),
    ],
    ids=lambda layer: layer.name,
)
def test_images_of_bytes_are_not_for_weights(layer):
    with pytest.raises(
        ValueError, match=r"uint8, shape \(2, 6, 4\).*scale the image first: x.astype\('float32'\) / 255"
    ):
        layer(BYTES)
    layer(BYTES.astype("float32") / 255)


def test_bytes_go_where_nothing_is_weighed_or_where_they_are_words_or_rows():
    assert layers.Flatten()(BYTES).shape == (2, 24)
    assert layers.MaxPooling1D(2)(BYTES).max() == 200
    assert layers.Embedding(256, 3)(BYTES).shape == (2, 6, 4, 3)
    assert layers.TimeDistributed(layers.Embedding(256, 3))(BYTES).shape == (2, 6, 4, 3)
    assert layers.Dense(3)(BYTES[0]).shape == (6, 3)


@pytest.mark.parametrize("layer", [layers.Dense(3), layers.GlobalAveragePooling1D(), Sequential([layers.Dense(3)])])
def test_a_mask_in_the_place_of_training_is_named(layer):
    mask = np.ones((2, 6), bool)
    with pytest.raises(ValueError, match=r"training to be True or False, got an array.*layer\(x, mask=mask\)"):
        layer(np.ones((2, 6, 4)), mask)


def test_keras_second_names_of_the_weights():
    layer = layers.BatchNormalization()
    layer.build((2, 3))
    assert [v.name for v in layer.variables] == ["gamma", "beta", "moving_mean", "moving_variance"]
    assert [v.name for v in layer.trainable_variables] == ["gamma", "beta"]
    assert [v.name for v in layer.non_trainable_variables] == ["moving_mean", "moving_variance"]
