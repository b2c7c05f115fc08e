"""Build the website into build/site/html: `make site`, or `python docs/site/build.py --lessons 01 04`.

The pages are gathered from where they live: lessons from course/ (executed, kept by content), the guides, and the
library's docstrings. Nothing is fetched, here or by the finished pages.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import sys
from pathlib import Path

import nbformat
from sphinx.cmd.build import main as sphinx

SITE = Path(__file__).resolve().parent
DOCS = SITE.parent
ROOT = DOCS.parent
sys.path[:0] = [str(ROOT), str(SITE)]  # the library of this tree, also where another one is installed

import api  # noqa: E402

QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}
PAGES = {"index.md": DOCS, "glossary.md": DOCS, "teachers_guide.md": DOCS}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lessons", nargs="+", metavar="NN", help="only these lessons (default: all)")
    parser.add_argument("--output", type=Path, default=ROOT / "build/site", help="folder (default: build/site)")
    options = parser.parse_args(arguments)

    output = options.output.resolve()
    lessons = find_lessons(options.lessons)
    assemble(output / "source", lessons)
    prepare(output / "cache")
    print(f"Building the site from {len(lessons)} lessons. Those that changed are executed first: up to a minute each.")
    flags = ["--fail-on-warning", "--keep-going", "--quiet", "--conf-dir", str(SITE)]
    failed = sphinx([*flags, "-d", str(output / "doctrees"), str(output / "source"), str(output / "html")])
    if not failed:
        print(f"Done: {output / 'html' / 'index.html'}")
    return failed


def find_lessons(numbers: list[str] | None) -> list[Path]:
    lessons = sorted((ROOT / "course").glob("[0-9][0-9]_*/*.ipynb"))
    unknown = set(numbers or []) - {path.name[:2] for path in lessons}
    if unknown:
        sys.exit(f"There is no lesson {', '.join(sorted(unknown))} in course/.")
    return [path for path in lessons if not numbers or path.name[:2] in numbers]


def assemble(source: Path, lessons: list[Path]) -> None:
    """Put all pages into the folder ``source``; files that did not change keep their time, so Sphinx skips them."""
    pages = {name: (folder / name).read_text() for name, folder in PAGES.items()}
    pages["index.md"] = pages["index.md"].replace("<!-- lessons -->", lesson_map(lessons))
    for path in lessons:  # from each part of the glossary to its lesson
        link = rf"\g<0>\n\n[To the lesson](lessons/{path.name})"
        pages["glossary.md"] = re.sub(
            rf"^## Lesson {path.name[:2]}: .*", link, pages["glossary.md"], flags=re.MULTILINE
        )
    pages["parity.md"] = (ROOT / "tests/parity/README.md").read_text()
    pages["api/index.md"] = api_index()
    for room in api.ROOMS:
        pages[f"api/{room}.rst"] = api.room_page(room)
    for path in lessons:
        pages[f"lessons/{path.name}"] = path.read_text()

    for name, text in pages.items():
        write(source / name, text.encode())
    write(source / "lesson_01.png", (DOCS / "lesson_01.png").read_bytes())
    kept = {*pages, "lesson_01.png"}
    for path in source.rglob("*"):
        if path.is_file() and path.relative_to(source).as_posix() not in kept:
            path.unlink()


def write(path: Path, content: bytes) -> None:
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def lesson_map(lessons: list[Path]) -> str:
    """The table of lessons with a line on each, as the README says it, and the menu's entries."""
    readme = dict(re.findall(r"\| \[(\d\d)\]\(course/\S+\) \| (.+?) \|", (ROOT / "README.md").read_text()))
    rows = ["| lesson | topic |", "|---|---|"]
    for path in lessons:
        number = path.name[:2]
        rows.append(f"| [{title(path)}](lessons/{path.name}) | {readme.get(number, '')} |")
    menu = [
        "```{toctree}",
        ":hidden:",
        ":titlesonly:",
        ":caption: Lessons",
        "",
        *(f"lessons/{path.stem}" for path in lessons),
        "```",
    ]
    return "\n".join([*rows, "", *menu])


def title(path: Path) -> str:
    first = nbformat.read(path, as_version=4).cells[0].source
    return first.splitlines()[0].removeprefix("# ")


def api_index() -> str:
    """The page that leads to the rooms of the library."""
    intro = (SITE / "api_index.md").read_text()
    rows = ["| room | holds |", "|---|---|"]
    for room in api.ROOMS:
        summary = (api.import_module(room).__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")
        summary = re.sub(r"``(.*?)``", r"`\1`", summary)
        rows.append(f"| [`{room}`]({room}.rst) | {summary} |")
    menu = ["```{toctree}", ":hidden:", ":titlesonly:", "", *api.ROOMS, "```"]
    return "\n".join([intro, *rows, "", *menu, ""])


def prepare(caches: Path) -> None:
    """Settings for the lessons' kernels, and the folder of what they printed: a new one when the library changed."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "kerasedu").rglob("*.py")):
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    cache = caches / digest.hexdigest()[:16]
    for old in caches.glob("*"):
        if old != cache:
            shutil.rmtree(old)
    os.environ.update(QUIET)
    os.environ["KERASEDU_SITE_CACHE"] = str(cache)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))


if __name__ == "__main__":
    sys.exit(main())
