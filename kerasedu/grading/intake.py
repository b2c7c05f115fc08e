"""Open a submission as what it is: data from a stranger. Only the sources of its answer cells are taken."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kerasedu.grading.released import Released

LARGEST_FILE = 5 << 20
LARGEST_TIMESTAMP = 100
LARGEST_ANSWER = 200_000  # characters
MOST_CELLS = 500

# A magic that draws figures in the notebook has no effect on an answer. Every other one is refused.
HARMLESS_MAGIC = re.compile(r"^%matplotlib[ \t]*\w*[ \t]*$", re.MULTILINE)
MAGIC_OR_SHELL = re.compile(r"^\s*(%|!|\?|\w[\w.]*\?+\s*$|.*=\s*[%!]\s*\w)")


class Unreadable(ValueError):
    """A submission that cannot be graded, and why."""


class Missing(ValueError):
    """A submission that is not there."""


@dataclass(frozen=True)
class Submission:
    """What a learner handed in.

    Arguments:
        answers: grade id -> source, of the cells that are there.
        notes: remarks for the learner.
        digest: of the file.
    """

    answers: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    digest: str = ""


def read_submission(root: Path, path: Path, released: Released) -> Submission:
    """The answers in the notebook ``path``, which lies somewhere under ``root``.

    Raises:
        Missing: there is no such file.
        Unreadable: it is no notebook, or it is too large, or a link stands in the way.
    """
    data = read_plain_file(root, path)
    return Submission(*_answers(parse_notebook(data), released), digest=hashlib.sha256(data).hexdigest())


def read_plain_file(root: Path, path: Path, largest: int = LARGEST_FILE) -> bytes:
    """The content of a regular file, reached without following a link below ``root``."""
    here = root
    for part in path.relative_to(root).parts:
        here = here / part
        if here.is_symlink():
            raise Unreadable(f"{part} is a link. Hand in the file itself.")
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise Missing(f"there is no {path.name}{_what_is_there(path)}") from None
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be opened: {errno.errorcode.get(error.errno, error.errno)}") from None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(f"{path.name} is not a regular file.")
        if status.st_size > largest:
            raise Unreadable(
                f"{path.name} has {status.st_size / (1 << 20):.0f} MB; at most {largest >> 20} are accepted. "
                "Clear all outputs (Edit menu), save and hand in again."
            )
        return file.read(largest + 1)


def parse_notebook(data: bytes) -> list[dict[str, Any]]:
    """The cells of a notebook in format 4, each with a source that is text."""
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError, MemoryError):
        raise Unreadable("The file is not a notebook (not JSON). Was it saved to the end, or renamed?") from None
    version = notebook.get("nbformat") if isinstance(notebook, dict) else None
    if version != 4:
        found = f"format {version!r:.20}" if version is not None else "no notebook format"
        raise Unreadable(f"The file has {found}, expected 4. Open it in JupyterLab, save and hand in again.")
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise Unreadable("The notebook has no list of cells.")
    if len(cells) > MOST_CELLS:
        raise Unreadable(f"The notebook has {len(cells)} cells; at most {MOST_CELLS} are accepted.")
    return cells


def refusal(source: str) -> str | None:
    """Why an answer that is not Python is refused, if a magic or a shell line is the reason."""
    for line in source.splitlines():
        if MAGIC_OR_SHELL.match(line):
            return f"Magics and shell lines are not run when graded: take `{line.strip()[:80]}` out of the answer cell."
    return None


def _answers(cells: list[dict[str, Any]], released: Released) -> tuple[dict[str, str], tuple[str, ...]]:
    wanted = released.answers
    answers: dict[str, str] = {}
    notes = []
    for cell in cells:
        identifier = _grade_id(cell)
        if identifier not in wanted:
            continue
        if identifier in answers:
            notes.append(f"The answer cell {identifier!r} is there more than once; the first one counts.")
            continue
        source = _source(cell)
        if len(source) > LARGEST_ANSWER:
            notes.append(f"The answer cell {identifier!r} has {len(source)} characters and was left out.")
            continue
        answers[identifier] = HARMLESS_MAGIC.sub("", source)
    return answers, tuple(notes[:20])


def _grade_id(cell: dict[str, Any]) -> str | None:
    metadata = cell.get("metadata")
    grading = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    identifier = grading.get("grade_id") if isinstance(grading, dict) else None
    return identifier if isinstance(identifier, str) else None


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source.encode("utf-8", "replace").decode().replace("\0", "") if isinstance(source, str) else ""


def _what_is_there(path: Path) -> str:
    others = sorted(other.name for other in path.parent.glob("*.ipynb"))[:3] if path.parent.is_dir() else []
    return f"; there is {', '.join(others)}" if others else ""
