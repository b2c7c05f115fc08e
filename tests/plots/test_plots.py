"""Every figure is an image that a page can show, with a text that stands in for it."""

import io

import matplotlib
import numpy as np
import pytest
from PIL import Image

from kerasedu import Model, layers, plots
from kerasedu.autodiff import Tensor

matplotlib.use("agg")

X = Tensor(3.0)


def _bowl(x, y):
    return x**2 + 4 * y**2


def _way(steps):
    return 0.5 ** np.arange(steps)[:, None] * [2.0, 1.0]


def _two_tasks():
    x, extra = layers.Input((3,)), layers.Input((1,))
    h = layers.Dense(4)(layers.Concatenate()([x, extra]))
    return Model([x, extra], [layers.Dense(2)(h), layers.Add()([h, layers.Dense(4)(h)])])


FIGURES = {
    "matrices": lambda alt: plots.matrices(alt, A=np.arange(6).reshape(2, 3), b=np.zeros(2)),
    "images": lambda alt: plots.images(alt, np.random.default_rng(0).normal(size=(7, 4, 4, 1)), list("abc"), columns=3),
    "curves": lambda alt: plots.curves(alt, {"loss": [3, 2, 1], "val_loss": [4, 3]}, log=True),
    "bars": lambda alt: plots.bars(alt, [0.1, 0.9], range(2), "digit", "probability"),
    "unrolled": lambda alt: plots.unrolled(alt, steps=6, backward=True, window=3),
    "gates": lambda alt: plots.gates(alt, {"f": np.ones(5), "c": np.linspace(-1, 1, 5)}, list("abcde")),
    "gradient_flow": lambda alt: plots.gradient_flow(alt, {"sigmoid": [1e-6, 1e-4, 1e-2], "relu": [0.1, 0.2, 0.1]}),
    "graph": lambda alt: plots.graph(alt, X * X + X, {"x": X}),
    "step_sizes": lambda alt: plots.step_sizes(alt, [0.1, 0.01, 0.001], {"one": [1e-3, 0, 1e-5], "two": [1, 2, 3]}),
    "trajectories": lambda alt: plots.trajectories(alt, _bowl, {"a": _way(6), "b": _way(4)}, (0, 0)),
    "trajectories, moving": lambda alt: plots.trajectories(alt, _bowl, {"a": _way(6)}, (0, 0), frames=3),
    "sweep": lambda alt: plots.sweep(alt, [0.1, 1], {"SGD": [[1, 2], [3, np.inf]], "Adam": np.ones((2, 2))}, top=4),
    "learning_curves": lambda alt: plots.learning_curves(
        alt, {"one": {"loss": [3, 2, 1], "val_loss": [3, 2, 4]}, "two": {"loss": [1], "val_loss": [2]}}, ylim=5
    ),
    "heat_map": lambda alt: plots.heat_map(alt, np.eye(3, 2), list("abc"), list("de"), "row", "column", "share"),
    "grouped_bars": lambda alt: plots.grouped_bars(alt, {"a": [1, 2], "b": [0, 3]}, list("cd"), "bin", "share"),
    "confusion": lambda alt: plots.confusion(alt, np.array([[3, 1], [0, 0]]), ["benign", "malignant"]),
    "lines": lambda alt: plots.lines(alt, [-1, 0, 2], {"a": [1, 2, 3], "b": [0, 0, 1]}, "z", "loss"),
    "overlays": lambda alt: plots.overlays(
        alt, np.ones((3, 4, 4, 1)), np.arange(48.0).reshape(3, 4, 4), "ab", columns=2
    ),
    "clipping": lambda alt: plots.clipping(alt, (3, 0.5), limit=1),
    "network": lambda alt: plots.network(alt, (3, 4, 2), ("x", "h", "p"), marked=0),
    "model_graph": lambda alt: plots.model_graph(alt, _two_tasks()),
    "points": lambda alt: plots.points(alt, [0, 1, 2], [1, 3, 2], {"middle": ([0, 2], [1, 3])}, "x", "y"),
    "functions": lambda alt: plots.functions(
        alt, {"tanh": np.tanh, "both": lambda z: np.stack([z, -z], axis=1)}, limits=(-2, 2), lines=["up", "down"]
    ),
    "maps": lambda alt: plots.maps(alt, {"stride 1": np.ones((3, 4)), "stride 2": -np.ones((2, 2))}),
    "padding": lambda alt: plots.padding(alt, 6, 3, 2, {"TensorFlow": (0, 1), "symmetric": (1, 1)}),
    "roofline": lambda alt: plots.roofline(alt, {"x W": (np.array([0.5, 8]), np.array([4, 30]))}, 40, 10),
    "decision_boundaries": lambda alt: plots.decision_boundaries(
        alt, {"line": lambda x: x[:, 0], "no": lambda x: 0 * x[:, :1]}, _way(4), [0, 1, 1, 0], ["no", "yes"]
    ),
    "growth": lambda alt: plots.growth(alt, [1, 2], {"width": [1, 4]}, {"width": [0.1, 0.35]}),
    "ring": lambda alt: plots.ring(alt, workers=3),
    "scaling": lambda alt: plots.scaling(alt, [1, 10, 100], {"a": [1, 8, 20], "b": [1, 9, 90]}),
    "sliding": lambda alt: plots.sliding(alt, np.arange(12).reshape(3, 4), np.array([[1, -1], [0, 1]])),
}
SIGNATURE = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_an_image_with_a_text_alternative(name):
    picture = FIGURES[name]('a < b & "c"')
    assert picture.png.startswith(SIGNATURE)
    assert 'alt="a &lt; b &amp; &quot;c&quot;"' in picture._repr_html_()
    assert repr(picture) == '<Picture: a < b & "c">'


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_closed_after_drawing(name):
    import matplotlib.pyplot as plt

    FIGURES[name]("text")
    assert plt.get_fignums() == []


def test_the_picture_changes_with_the_numbers():
    one, other = (plots.matrices("text", A=np.full((2, 2), value)) for value in (1, 2))
    assert one.png != other.png


def test_a_figure_moves_only_if_frames_are_asked_for():
    still = plots.trajectories("text", _bowl, {"a": _way(6)}, (0, 0))
    moving = plots.trajectories("text", _bowl, {"a": _way(6), "b": _way(3)}, (0, 0), frames=4)
    assert not isinstance(still, plots.Animation)
    assert Image.open(io.BytesIO(moving.gif)).n_frames == 4


def test_paths_on_a_flat_surface_and_a_path_of_one_point_can_be_drawn():
    plots.trajectories("text", lambda x, y: 0 * x, {"a": np.zeros((1, 2))}, (0, 0))


def test_a_sliding_window_has_one_frame_for_each_place():
    image, kernel = np.arange(20).reshape(4, 5), np.ones((2, 3))
    for strides, places in [(1, 3 * 3), (2, 2 * 2)]:
        moving = Image.open(io.BytesIO(plots.sliding("text", image, kernel, strides).gif))
        assert moving.n_frames == places


def _colour_at(picture, place):
    """Colour of the picture at a place: parts of its width and of its height."""
    image = Image.open(io.BytesIO(picture.png)).convert("RGB")
    return image.getpixel(tuple(int(part * side) for part, side in zip(place, image.size)))


def test_each_side_of_a_boundary_has_the_colour_of_the_class_chosen_there():
    corners, names = np.array([[0.0, 0.0], [1.0, 1.0]]), ["a", "b"]
    forms = {
        "one number": lambda x: 0.5 + 0.1 * np.sign(x[:, 0] - 0.5),
        "one column": lambda x: 0.5 + 0.1 * np.sign(x[:, :1] - 0.5),
        "a column for each": lambda x: np.stack([x[:, 1] * 0 + 0.5, x[:, 0]], axis=1),
    }
    left, right = (0.25, 0.4), (0.7, 0.4)
    seen = set()
    for form in forms.values():
        picture = plots.decision_boundaries("text", {"": form}, corners, [0, 1], names)
        seen.add((_colour_at(picture, left), _colour_at(picture, right)))
    assert len(seen) == 1
    ((blue, orange),) = seen
    assert blue[2] > blue[0]
    assert orange[0] > orange[2]


def test_boundaries_need_two_features_and_few_classes():
    with pytest.raises(ValueError, match=r"expected x of shape \(n, 2\), got \(4, 3\)"):
        plots.decision_boundaries("text", {}, np.zeros((4, 3)), np.zeros(4), "ab")
    with pytest.raises(ValueError, match="5 classes would look alike: at most 4"):
        plots.decision_boundaries("text", {}, np.zeros((4, 2)), np.zeros(4), "abcde")


def test_two_runs_show_losses_and_distances():
    picture = plots.runs(
        "two runs",
        {"ours": [2.0, 1.0], "theirs": [2.0, 1.0]},
        {"apart": [0.0, 1e-7], "rounding": [1e-8, 1e-8]},
        [0.1, 0.2],
    )
    assert picture.alt == "two runs"
    assert picture.png.startswith(b"\x89PNG")
