"""An animation is a moving image, a still one and a text."""

import io

import matplotlib
import pytest
from PIL import Image

from kerasedu.plots import Animation

matplotlib.use("agg")


@pytest.fixture
def moving_point():
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(2, 2))
    (point,) = axis.plot([0], [0], "o")
    axis.set(xlim=(0, 4), ylim=(0, 4))
    return figure, lambda frame: point.set_data([frame], [frame])


def test_the_moving_image_has_every_frame_and_lasts_as_long_as_asked(moving_point):
    animation = Animation(*moving_point, frames=5, alt="a point moves", seconds=2)
    image = Image.open(io.BytesIO(animation.gif))
    assert image.format == "GIF"
    assert image.n_frames == 5
    assert image.info["duration"] == 400


def test_the_page_shows_a_still_frame_and_the_moving_one_in_a_fold_each_with_the_text(moving_point):
    animation = Animation(*moving_point, frames=3, alt='a "b"')
    still, fold = animation._repr_html_().split("<details>")
    assert "data:image/png" in still
    assert "data:image/gif" in fold
    assert still.count('alt="a &quot;b&quot;"') == fold.count('alt="a &quot;b&quot;"') == 1


def test_the_still_frame_is_the_last_or_the_one_asked_for(moving_point):
    figure, draw = moving_point
    drawn = []
    Animation(figure, lambda frame: drawn.append(frame) or draw(frame), frames=3, alt="text")
    Animation(figure, lambda frame: drawn.append(frame) or draw(frame), frames=3, alt="text", still=1)
    assert drawn == [0, 1, 2, 2, 0, 1, 2, 1]


def test_the_figure_is_closed_afterwards(moving_point):
    import matplotlib.pyplot as plt

    Animation(*moving_point, frames=2, alt="text")
    assert plt.get_fignums() == []
