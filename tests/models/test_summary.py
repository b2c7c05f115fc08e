"""summary: the layers, their outputs, their weights."""

import numpy as np
import pytest

from kerasedu import Input, Model, Sequential, layers


def summary_of(model, **options):
    texts = []
    model.summary(print_fn=texts.append, **options)
    (text,) = texts
    return text


def test_the_whole_table():
    model = Sequential([Input((4,)), layers.Dense(3, name="hidden"), layers.Dense(2, name="out")], name="net")
    model.layers[0].trainable = False
    expected = """\
Model: "net"
┌────────────────┬──────────────┬─────────┐
│ Layer (type)   │ Output Shape │ Param # │
├────────────────┼──────────────┼─────────┤
│ hidden (Dense) │ (None, 3)    │      15 │
│ out (Dense)    │ (None, 2)    │       8 │
└────────────────┴──────────────┴─────────┘
 Total params: 23 (92.00 B)
 Trainable params: 8 (32.00 B)
 Non-trainable params: 15 (60.00 B)"""
    assert summary_of(model) == expected


def test_it_is_printed_to_stdout(capsys):
    Sequential([Input((4,)), layers.Dense(3)]).summary()
    captured = capsys.readouterr()
    assert "Dense" in captured.out
    assert captured.err == ""


def test_the_optimizer_has_numbers_too():  # a count of steps and a learning rate, of 8 bytes each
    model = Sequential([Input((4,)), layers.Dense(256)])
    model.compile("sgd", "mse")
    model.fit(np.ones((2, 4)), np.ones((2, 256)), verbose=0)
    assert " Total params: 1,282 (5.02 KB)" in summary_of(model)
    assert " Optimizer params: 2 (16.00 B)" in summary_of(model)


def test_a_graph_says_what_follows_what():
    a, b = Input((2,), name="a"), Input((2,), name="b")
    shared = layers.Dense(3, name="shared")
    text = summary_of(Model([a, b], layers.Concatenate(name="join")([shared(a), shared(b)])))
    assert "│ a (InputLayer)     │ (None, 2)    │       0 │ -              │" in text
    assert "│ shared (Dense)     │ (None, 3)    │       9 │ a, b           │" in text
    assert "│ join (Concatenate) │ (None, 6)    │       0 │ shared, shared │" in text


def test_a_chain_does_not():
    x = Input((2,))
    assert "Connected" not in summary_of(Model(x, layers.Dense(3)(layers.Dense(3)(x))))


def test_nested_layers_and_frozen_layers_are_shown_on_demand():
    inner = Sequential([layers.Dense(3, name="deep", trainable=False), layers.Flatten(name="flat")], name="inner")
    text = summary_of(Sequential([Input((2,)), inner]), expand_nested=True, show_trainable=True)
    assert "│ inner (Sequential)  │ (None, 3)    │       9 │ Y         │" in text
    assert "│    └ deep (Dense)   │ (None, 3)    │       9 │ N         │" in text
    assert "│    └ flat (Flatten) │ (None, 3)    │       0 │ -         │" in text
    assert "deep" not in summary_of(Sequential([Input((2,)), inner]))


def test_several_outputs_of_a_layer():
    x = Input((5, 2))
    text = summary_of(Model(x, layers.LSTM(3, return_state=True)(x)))
    assert "(None, 3), (None, 3), (None, 3)" in text


def test_a_model_that_is_not_built_says_so():
    text = summary_of(Sequential([layers.Dense(3, name="d")]))
    assert "│ d (Dense)    │ ?            │ 0 (unbuilt) │" in text
    assert "Not built yet" in text


@pytest.mark.parametrize(("width", "fits"), [(40, False), (60, False), (100, True)])
def test_the_table_is_as_wide_as_told(width, fits):
    text = summary_of(
        Sequential([Input((2,)), layers.Dense(3, name="a_rather_long_name_for_a_layer")]), line_length=width
    )
    assert {len(line) for line in text.splitlines()[1:6]} == {width}
    assert ("…" not in text) == fits
