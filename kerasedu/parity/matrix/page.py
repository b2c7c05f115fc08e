"""The results as one HTML file that needs nothing else: a row a comparison, worst first, sortable, with a filter."""

from __future__ import annotations

from html import escape
from string import Template

from kerasedu.parity.matrix.result import Result, Results

COLUMNS = (
    "family", "configuration", "what", "dtype", "device", "max abs error", "max rel error", "tolerance", "error / tol.",
    "verdict",
)  # fmt: skip
NUMBERS = range(5, 9)

PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>kerasedu against Keras</title>
<style>
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 110rem; padding: 0 1rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption, th, td { padding: 0.15rem 0.7rem; text-align: left; vertical-align: top; }
th button { all: unset; cursor: pointer; font-weight: bold; }
th button:focus-visible { outline: 2px solid; }
tbody tr { border-top: 1px solid #8886; }
.number { text-align: right; white-space: nowrap; }
.wrong { font-weight: bold; text-decoration: underline; }
.remark { font-style: italic; }
input { font: inherit; width: 22rem; max-width: 100%; margin: 1rem 0; }
</style>
</head>
<body>
<h1>kerasedu against Keras</h1>
<p>$verdict</p>
<p>$circumstances</p>
<table>
<caption>By family</caption>
<thead><tr><th>family</th><th class="number">comparisons</th><th class="number">failed</th>
<th class="number">largest error / tolerance</th><th>which</th></tr></thead>
<tbody>
$summary
</tbody>
</table>
<h2>Every comparison</h2>
<p>An error above its tolerance is a difference. The tolerance is what rounding explains, 4 √n ε (max|y| + s) + 32 δ:
see <code>kerasedu/parity/tolerance.py</code>. A configuration with its random numbers is repeated by
<code>kerasedu parity --only "TEXT"</code>, TEXT being a part of it. A click on a heading sorts.</p>
<label>Show only rows that contain <input id="filter" type="search"></label>
<table id="all">
<thead><tr>$heads</tr></thead>
<tbody>
$rows
</tbody>
</table>
<script>
const body = document.querySelector("#all tbody");
const rows = [...body.rows];
const value = (row, i) => row.cells[i].dataset.value ?? row.cells[i].textContent;
document.querySelectorAll("#all th button").forEach((button, i) => {
  let sign = -1;
  button.addEventListener("click", () => {
    sign = -sign;
    const number = button.dataset.number === "yes";
    rows.sort((a, b) => sign * (number ? value(a, i) - value(b, i) : value(a, i).localeCompare(value(b, i))));
    document.querySelectorAll("#all th").forEach(th => th.removeAttribute("aria-sort"));
    button.parentNode.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
    body.append(...rows);
  });
});
document.querySelector("#filter").addEventListener("input", event => {
  const text = event.target.value.toLowerCase();
  rows.forEach(row => { row.hidden = !row.textContent.toLowerCase().includes(text); });
});
</script>
</body>
</html>
""")


def as_page(results: Results) -> str:
    """The whole page."""
    failed = sum(not result.passed for result in results.results)
    counted = f"{len(results.results)} comparisons of {results.cases} configurations in {results.seconds:.0f} s: "
    verdict = counted + (f"{failed} failed." if failed else "all within tolerance.")
    if not results.complete:
        verdict += " The run was interrupted: what is missing was not compared."
    heads = "".join(
        f'<th scope="col"><button data-number="{"yes" if i in NUMBERS else "no"}">{name}</button></th>'
        for i, name in enumerate(COLUMNS)
    )
    return PAGE.substitute(
        verdict=escape(verdict),
        circumstances=escape(", ".join(f"{name}: {value}" for name, value in results.circumstances.items())),
        summary="\n".join(_summary_row(*line) for line in results.summary()),
        heads=heads,
        rows="\n".join(map(_row, results.worst_first())),
    )


def _summary_row(family: str, count: int, wrong: int, ratio: float, which: str) -> str:
    numbers = "".join(f'<td class="number">{text}</td>' for text in (count, wrong, f"{ratio:.2g}"))
    return f"<tr><td>{escape(family)}</td>{numbers}<td>{escape(which)}</td></tr>"


def _row(result: Result) -> str:
    numbers = (result.error, result.relative, result.tolerance, result.ratio)
    measured = "".join(f'<td class="number" data-value="{n:.6e}">{n:.1e}</td>' for n in numbers)
    texts = (result.family, result.label, result.what, result.dtype, result.device)
    remark = f'<div class="remark">{escape(result.remark)}</div>' if result.remark else ""
    kind = "" if result.passed else ' class="wrong"'
    cells = "".join(f"<td>{escape(text)}{remark if i == 1 else ''}</td>" for i, text in enumerate(texts))
    return f"<tr>{cells}{measured}<td{kind}>{escape(result.verdict)}</td></tr>"
