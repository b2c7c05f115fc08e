"""A registry in one JSON file: what stands in for MLflow's where that is not installed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace


class LocalRegistry:
    """Models, their versions and aliases, under the names of MLflow's client; only what lesson 15 needs.

    Every call reads the file and every change replaces it at once, so several processes see the same; two that write
    at the same time are not guarded against.
    """

    def __init__(self, path: Path):
        self.path = Path(path)

    def create_registered_model(self, name: str) -> None:
        models = self._read()
        if name in models:
            raise ValueError(f"there is a model {name!r} already")
        self._write({**models, name: {"versions": [], "aliases": {}}})

    def create_model_version(self, name: str, source: str, tags: dict[str, str] | None = None) -> SimpleNamespace:
        models = self._read()
        versions = self._model(models, name)["versions"]
        versions.append({"version": str(len(versions) + 1), "source": source, "tags": tags or {}})
        self._write(models)
        return SimpleNamespace(**versions[-1])

    def get_model_version(self, name: str, version: str) -> SimpleNamespace:
        versions = self._model(self._read(), name)["versions"]
        found = [entry for entry in versions if entry["version"] == str(version)]
        if not found:
            raise ValueError(f"model {name!r} has no version {version}, only {len(versions)}")
        return SimpleNamespace(**found[0])

    def set_registered_model_alias(self, name: str, alias: str, version: str) -> None:
        version, models = self.get_model_version(name, version).version, self._read()
        models[name]["aliases"][alias] = version
        self._write(models)

    def get_model_version_by_alias(self, name: str, alias: str) -> SimpleNamespace:
        aliases = self._model(self._read(), name)["aliases"]
        if alias not in aliases:
            raise ValueError(f"model {name!r} has no alias {alias!r}")
        return self.get_model_version(name, aliases[alias])

    def _model(self, models: dict, name: str) -> dict:
        if name not in models:
            raise ValueError(f"there is no model {name!r}")
        return models[name]

    def _read(self) -> dict:
        return json.loads(self.path.read_text()) if self.path.exists() else {}

    def _write(self, models: dict) -> None:
        unfinished = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        unfinished.write_text(json.dumps(models, indent=1))
        os.replace(unfinished, self.path)  # the old file or the new one, never a part
