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
        """For each family: its name, how many comparisons, how many failed, the largest ratio and whose it is."""
        lines = []
        for family, count in Counter(result.family for result in self.results).items():
            own = [result for result in self.worst_first() if result.family == family]
            wrong = sum(not result.passed for result in own)
            lines.append((family, count, wrong, own[0].ratio, f"{own[0].label}: {own[0].what}"))
        return lines

    def as_json(self) -> str:
        """Everything, worst first."""
        head = {"circumstances": self.circumstances, "cases": self.cases, "comparisons": len(self.results)}
        head |= {"passed": self.passed, "complete": self.complete, "seconds": round(self.seconds, 1)}
        rows = [{k: _plain(v) for k, v in asdict(result).items()} for result in self.worst_first()]
        return json.dumps({**head, "results": rows}, indent=1, ensure_ascii=False)

    def save(self, folder: Path) -> list[Path]:
        """Write ``parity.json`` and ``parity.html`` into the folder."""
        from kerasedu.parity.matrix.page import as_page

        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / "parity.json", folder / "parity.html"]
        for path, text in zip(paths, (self.as_json(), as_page(self))):
            path.write_text(text, encoding="utf-8")
        return paths


def _plain(value: Any) -> Any:
    """What JSON can hold: null stands for infinity, which it lacks."""
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value
