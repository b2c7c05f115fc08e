"""Where in an array the errors sit: a small map, for a terminal and for a notebook."""

from __future__ import annotations

import math

import numpy as np

ROWS, COLUMNS = 12, 24
SHADES = " .:*#"  # below the tolerance, up to 10, 100, 1000 times the tolerance, beyond


def heat_map(difference: np.ndarray, limit: float) -> np.ndarray:
    """Error divided by tolerance, as a matrix of at most ``ROWS`` x ``COLUMNS`` numbers.

    The last axis runs across, all others run down. Where several numbers share a place, the largest shows.
    """
    columns = difference.shape[-1] if difference.ndim else 1
    matrix = difference.reshape(-1, max(columns, 1))
    matrix = _largest_in_blocks(_largest_in_blocks(matrix, ROWS).T, COLUMNS).T
    return matrix / (limit or 1.0)


def as_text(heat: np.ndarray) -> list[str]:
    """The map in characters: blank where rounding explains the error, ``#`` where it is 1,000 times larger."""
    return ["|" + "".join(SHADES[_level(ratio)] for ratio in row) + "|" for row in heat]


def as_html(heat: np.ndarray) -> str:
    """The map as a table of shaded cells, with its text alternative."""
    wrong = int((heat > 1).sum())
    alt = f"map of the errors: {wrong} of {heat.size} places are beyond the tolerance"
    rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in heat)
    return (
        f'<table role="img" aria-label="{alt}" style="border-collapse:collapse;display:inline-table;'
        f'border:1px solid currentColor">{rows}</table>'
    )


def _cell(ratio: float) -> str:
    shade = _level(ratio) / (len(SHADES) - 1)
    style = "width:0.9em;height:0.9em;padding:0;border:none;"
    return f'<td style="{style}background:rgba(213,94,0,{shade:g})"></td>'


def _level(ratio: float) -> int:
    if ratio <= 1:
        return 0
    return min(len(SHADES) - 1, 1 + int(math.log10(ratio))) if math.isfinite(ratio) else len(SHADES) - 1


def _largest_in_blocks(matrix: np.ndarray, most: int) -> np.ndarray:
    """The matrix with its rows gathered into at most ``most`` blocks, each the largest of its rows."""
    if len(matrix) <= most:
        return matrix
    return np.stack([block.max(axis=0) for block in np.array_split(matrix, most)])
