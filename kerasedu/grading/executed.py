"""The instructor's edition with its outputs. Each is run once and kept until its source or the library changes.

Lessons measure times, so running one again gives other outputs; keeping them makes packages repeatable.
"""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from kerasedu.grading.editions import instructor_edition, write_if_changed

CELL_SECONDS = 300


def executed_edition(root: Path, lesson: str) -> nbformat.NotebookNode:
    """The instructor's notebook of a lesson with outputs, from ``build/executed`` if it was run before."""
    notebook = instructor_edition(root / "solutions" / lesson / f"{lesson}.py")
    path = root / "build" / "executed" / f"{lesson}-{_fingerprint(root, notebook)}.ipynb"
    if not path.is_file():
        client = NotebookClient(notebook, timeout=CELL_SECONDS, kernel_name="python3", record_timing=False)
        client.execute(stderr=subprocess.DEVNULL)  # of the kernel's own; what cells write there is an output
        write_if_changed(path, nbformat.writes(notebook) + "\n")
    return nbformat.read(path, as_version=4)


def page(notebook: nbformat.NotebookNode, lesson: str) -> str:
    """The notebook as a web page."""
    body, _ = HTMLExporter(embed_images=True).from_notebook_node(notebook, {"metadata": {"name": lesson}})
    return body


def _fingerprint(root: Path, notebook: nbformat.NotebookNode) -> str:
    digest = hashlib.sha256(nbformat.writes(notebook).encode())
    for source in sorted((root / "kerasedu").rglob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]
