"""A figure together with its text alternative."""

from __future__ import annotations

import base64
import html
import io


class Picture:
    """A matplotlib figure that a notebook shows as an image with an ``alt`` text.

    Arguments:
        figure: a matplotlib figure; it is closed after drawing.
        alt: what the figure shows, for those who cannot see it.
    """

    def __init__(self, figure, alt: str):
        import matplotlib.pyplot as plt

        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=110, bbox_inches="tight", facecolor="white")
        plt.close(figure)
        self.png = buffer.getvalue()
        self.alt = alt

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.png).decode()
        return f'<img style="max-width: 100%" alt="{html.escape(self.alt)}" src="data:image/png;base64,{data}">'

    def __repr__(self) -> str:
        return f"<Picture: {self.alt}>"
