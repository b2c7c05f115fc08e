"""Where the course lies."""

from __future__ import annotations

from pathlib import Path

import click


def find_root() -> Path:
    """The course's folder: the working directory or one above it, else where the package was installed from."""
    for folder in (Path.cwd(), *Path.cwd().parents, Path(__file__).parents[2]):
        if (folder / "solutions").is_dir() and (folder / "kerasedu").is_dir():
            return folder
    raise click.ClickException("no course here: run this inside the cloned repository")
