"""What a run of the matrix found: one result an array compared, to be read by programs and by people."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FAILED = "COULD NOT RUN"
OTHERWISE = "backend differs"  # Keras gives other numbers on this backend than on TensorFlow, for a known reason


@dataclass
class Result:
    """One array compared, or the reason why a case could not run.

    Attributes:
        family, names, label: of the case; the label is the configuration that repeats it.
        what, dtype, device, error, relative, tolerance, ratio, verdict: as in ``parity.Row``.
        remark: where the largest error is and what may have caused it, or why the case could not run.
    """

    family: str
    names: tuple[str, ...]
    label: str
    what: str
    dtype: str
    device: str
    error: float
    relative: float
    tolerance: float
    ratio: float
    verdict: str
    remark: str = ""

    @property
    def passed(self) -> bool:
        return self.verdict not in ("DIFFERENT", FAILED)


@dataclass
class Results:
    """All results of a run, and under which circumstances they came about."""

    circumstances: dict[str, Any]
    results: list[Result] = field(default_factory=list)
    cases: int = 0
    seconds: float = 0.0
    complete: bool = False

    @property
    def passed(self) -> bool:
        """Whether everything ran and nothing was different."""
        return self.complete and bool(self.results) and all(result.passed for result in self.results)

    def worst_first(self) -> list[Result]:
        """What could not run, then the rest by error divided by tolerance."""
        return sorted(self.results, key=lambda r: (r.verdict != FAILED, r.passed, -r.ratio))

    def summary(self) -> list[tuple[str, int, int, float, str]]:
        """For each family: its name, how many comparisons, how many failed, the largest ratio and whose it is.

        Where the backend is known to differ, the ratio says nothing and is passed over.
        """
        lines = []
        for family, count in Counter(result.family for result in self.results).items():
            own = [result for result in self.worst_first() if result.family == family]
            wrong = sum(not result.passed for result in own)
            worst = next((result for result in own if result.verdict != OTHERWISE), own[0])
            lines.append((family, count, wrong, worst.ratio, f"{worst.label}: {worst.what}"))
        return lines

    def as_json(self) -> str:
        """Everything, worst first."""
        head = {"circumstances": self.circumstances, "cases": self.cases, "comparisons": len(self.results)}
        head |= {"passed": self.passed, "complete": self.complete, "seconds": round(self.seconds, 1)}
        rows = ({k: _plain(v) for k, v in asdict(result).items()} for result in self.worst_first())
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)  # a line each, for grep and diff
        return json.dumps(head, indent=1, ensure_ascii=False)[:-2] + f',\n "results": [\n{lines}\n]}}\n'

    def as_markdown(self) -> str:
        """The circumstances and the summary, as text for a repository."""
        wrong = sum(not result.passed for result in self.results)
        lines = [
            f"# {len(self.results)} comparisons with Keras on {self.circumstances['device']}",
            "",
            ", ".join(f"{name} {value}" for name, value in self.circumstances.items()) + ".",
            f"{self.cases} configurations in {self.seconds:.0f} s: "
            + (f"{wrong} failed" if wrong else "all within tolerance")
            + ("." if self.complete else "; interrupted."),
            "",
            "| family | comparisons | failed | largest error / tolerance | which |",
            "|---|--:|--:|--:|---|",
        ]
        lines += [
            f"| {family} | {n} | {bad} | {ratio:.2g} | {which} |" for family, n, bad, ratio, which in self.summary()
        ]
        reasons = Counter(result.remark.split(";")[0] for result in self.results if result.verdict == OTHERWISE)
        if reasons:
            lines += ["", "Where Keras itself gives other numbers on this backend than on TensorFlow:", ""]
            lines += [f"- {reason} ({count} comparisons)" for reason, count in reasons.most_common()]
        return "\n".join(lines) + "\n"

    def save(self, folder: Path) -> list[Path]:
        """Write ``parity.json``, ``parity.html`` and ``parity.md`` into the folder."""
        from kerasedu.parity.matrix.page import as_page

        folder.mkdir(parents=True, exist_ok=True)
        texts = {"parity.json": self.as_json(), "parity.html": as_page(self), "parity.md": self.as_markdown()}
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        return [folder / name for name in texts]


def _plain(value: Any) -> Any:
    """What JSON can hold: null stands for infinity, which it lacks."""
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value
