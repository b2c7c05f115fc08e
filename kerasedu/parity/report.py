"""What a comparison found, as a table in a terminal and in a notebook."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

import numpy as np

from kerasedu.parity import heat

HEADER = ("what", "device", "dtype", "max abs error", "max rel error", "tolerance", "error / tol.", "verdict")


@dataclass
class Row:
    """One array compared.

    Attributes:
        what: the array: ``"y"``, ``"dL/dkernel"``.
        dtype, shape: of Keras's array.
        error: the largest absolute difference; relative: that, divided by the largest number in Keras's array.
        tolerance: the largest difference that rounding explains.
        telling: whether an error of one part in a thousand would be seen.
        where, got, expected: the place of the largest difference and the two numbers there, if it is too large.
        cause: a guess at the mistake.
        heat: error divided by tolerance, as a small map of the array, if it is too large.
    """

    what: str
    dtype: str
    shape: tuple[int, ...] = ()
    error: float = float("inf")
    relative: float = float("inf")
    tolerance: float = 0.0
    telling: bool = True
    where: tuple[int, ...] | None = None
    got: float | None = None
    expected: float | None = None
    cause: str = ""
    device: str = ""
    heat: np.ndarray | None = field(default=None, repr=False, compare=False)

    @property
    def passed(self) -> bool:
        return self.error <= self.tolerance

    @property
    def ratio(self) -> float:
        """Error divided by tolerance: above 1 the arrays differ."""
        return self.error / self.tolerance if self.tolerance else (0.0 if self.error == 0 else float("inf"))

    @property
    def verdict(self) -> str:
        """``"equal"``, ``"DIFFERENT"``, or ``"rounding"`` where rounding hides whether they are equal."""
        if not self.passed:
            return "DIFFERENT"
        return "equal" if self.telling else "rounding"

    @property
    def remark(self) -> str:
        """Where the largest difference is, and what may have caused it."""
        place = ""
        if self.where is not None:
            place = f"at {list(self.where)}: {self.got:.8g}, Keras has {self.expected:.8g}"
        return "; ".join(part for part in (place, self.cause) if part)

    @property
    def has_places(self) -> bool:
        """Whether there are places to show: more than one number, and something is wrong."""
        return self.heat is not None and self.heat.size > 1

    def cells(self) -> tuple[str, ...]:
        """The row as text, under ``HEADER``."""
        numbers = (self.error, self.relative, self.tolerance)
        return (
            self.what, self.device, self.dtype, *(f"{n:.1e}" for n in numbers), f"{self.ratio:.2g}", self.verdict
        )  # fmt: skip


@dataclass
class Report:
    """The comparisons of one subject with its Keras twin. Shows as a table; true if all of them passed."""

    title: str
    device: str
    rows: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Append a comparison."""
        row.device = self.device
        self.rows.append(row)

    @property
    def passed(self) -> bool:
        """Whether something was compared and nothing was different."""
        return bool(self.rows) and all(row.passed for row in self.rows)

    @property
    def worst(self) -> Row:
        """The row with the largest error for its tolerance."""
        return max(self.rows, key=lambda row: row.ratio)

    def __bool__(self) -> bool:
        return self.passed

    def __getitem__(self, what: str) -> Row:
        """The row called ``what``."""
        for row in self.rows:
            if row.what == what:
                return row
        raise KeyError(f"{what!r} was not compared; compared were {', '.join(row.what for row in self.rows)}")

    def summary(self) -> str:
        """One line: what was compared, where, with which result."""
        if not self.rows:
            return f"{self.title}: nothing was compared"
        wrong = sum(not row.passed for row in self.rows)
        result = f"{wrong} of {len(self.rows)} DIFFERENT" if wrong else f"all {len(self.rows)} within tolerance"
        return f"{self.title} against Keras on {self.device}: {result}"

    def __str__(self) -> str:
        table = [HEADER, *(row.cells() for row in self.rows)]
        widths = [max(len(line[column]) for line in table) for column in range(len(HEADER))]
        lines = [self.summary(), _line(HEADER, widths)]
        for row in self.rows:
            lines.append(_line(row.cells(), widths))
            if row.remark:
                lines.append(f"    {row.remark}")
            if row.has_places:
                lines += [f"    {line}" for line in heat.as_text(row.heat)]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        cell = "padding:0.1em 0.7em;text-align:{};border:none;background:none;color:inherit"
        head = "".join(f'<th scope="col" style="{cell.format(_side(i))}">{name}</th>' for i, name in enumerate(HEADER))
        body = []
        for row in self.rows:
            weight = "" if row.passed else ";font-weight:bold;text-decoration:underline"
            cells = "".join(
                f'<td style="{cell.format(_side(i))}{weight if i == len(HEADER) - 1 else ""}">{escape(text)}</td>'
                for i, text in enumerate(row.cells())
            )
            body.append(f"<tr>{cells}</tr>")
            if row.remark:
                style = cell.format("left")
                body.append(
                    f'<tr><td colspan="{len(HEADER)}" style="{style};font-style:italic">{escape(row.remark)}</td></tr>'
                )
            if row.has_places:
                body.append(
                    f'<tr><td colspan="{len(HEADER)}" style="{cell.format("left")}">{heat.as_html(row.heat)}</td></tr>'
                )
        table = "color:inherit;border-collapse:collapse;font-variant-numeric:tabular-nums;margin:0.3em 0"
        caption = f'<caption style="text-align:left;color:inherit">{escape(self.summary())}</caption>'
        return f'<table style="{table}">{caption}<thead><tr>{head}</tr></thead><tbody>{"".join(body)}</tbody></table>'


def _side(column: int) -> str:
    return "right" if 3 <= column <= 6 else "left"


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    padded = (c.rjust(w) if _side(i) == "right" else c.ljust(w) for i, (c, w) in enumerate(zip(cells, widths)))
    return "  ".join(padded).rstrip()
