"""A figure that moves, with a still frame and a text that stand in for it."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable

import numpy as np

from kerasedu.plots.picture import Picture

COLOURS = 64  # of the moving image's palette: enough for a drawing, and the file stays small


class Animation(Picture):
    """A matplotlib figure drawn again and again; a notebook shows one frame, and the moving image (GIF) on a click.

    Nothing moves unasked, and closing the fold stops it.

    Arguments:
        figure: a matplotlib figure; it is closed after drawing.
        draw: called with 0, 1, …, changes the figure into that frame.
        frames: how many.
        alt: what moves how, for those who cannot see it.
        seconds: how long the whole lasts; then it begins again.
        still: the number of the frame that stands still; by default the last one.
    """

    def __init__(
        self,
        figure,
        draw: Callable[[int], object],
        frames: int,
        alt: str,
        seconds: float = 5.0,
        still: int | None = None,
    ):
        self.gif = _moving(figure, draw, frames, seconds)
        draw(frames - 1 if still is None else still)
        super().__init__(figure, alt)

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.gif).decode()
        moving = f'<img style="max-width: 100%" alt="{html.escape(self.alt)}" src="data:image/gif;base64,{data}">'
        return f"{super()._repr_html_()}<details><summary>Show it moving</summary>{moving}</details>"


def _moving(figure, draw: Callable[[int], object], frames: int, seconds: float) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    canvas = FigureCanvasAgg(figure)
    figure.set_facecolor("white")
    images = []
    for number in range(frames):
        draw(number)
        canvas.draw()
        images.append(Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3]))
    palette = images[-1].quantize(COLOURS)  # the last frame has all that was drawn on the way
    images = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    buffer = io.BytesIO()
    duration = round(1000 * seconds / frames)  # of a frame, in milliseconds
    images[0].save(buffer, "GIF", save_all=True, append_images=images[1:], duration=duration, loop=0)
    return buffer.getvalue()
