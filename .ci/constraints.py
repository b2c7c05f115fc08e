"""Write constraints.txt: the newest versions that fit together, for each Python that this machine has.

    python .ci/constraints.py python3.10 python3.11 python3.12 python3.13

Asks each interpreter's pip what it would install (nothing is installed) and merges the answers; where they differ,
an environment marker tells them apart. Run the tests before committing the result.
"""

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXTRAS = "cpu,teach,ops,dev,site,bench"
# PyTorch and TensorFlow want different versions of CUDA's packages: no constraint can serve both.
FREE = ("cuda-", "nvidia-", "triton")
# Newer ones want a late patch release of Python, 3.11.5: Debian 12 has 3.11.2.
HELD_BACK = ("soupsieve<3",)


def resolve(python: str) -> tuple[str, dict[str, str]]:
    """The version of ``python``, and name -> version of everything the extras need there."""
    version = subprocess.check_output([python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], text=True)
    command = [python, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet", "--report", "-"]
    report = json.loads(subprocess.check_output([*command, f"{ROOT}[{EXTRAS}]", *HELD_BACK], text=True))
    packages = (item["metadata"] for item in report["install"])
    return version.strip(), {p["name"].lower().replace("_", "-"): p["version"] for p in packages}


def main(interpreters: list[str]) -> None:
    resolved = dict(resolve(python) for python in interpreters)
    choices: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for python, packages in resolved.items():
        for name, version in packages.items():
            choices[name][version].append(python)
    choices.pop("kerasedu")

    lines = ["# Versions that were tested together. Made by .ci/constraints.py; names only, no addresses."]
    for name, versions in sorted(choices.items()):
        if name.startswith(FREE):
            continue
        # TensorFlow's two packages are the same version, whichever the platform takes.
        for target in ("tensorflow", "tensorflow-cpu") if name.startswith("tensorflow") else (name,):
            for version, pythons in versions.items():
                everywhere = len(versions) == 1
                markers = " or ".join(f"python_version == '{p}'" for p in sorted(pythons, key=lambda p: int(p[2:])))
                lines.append(f"{target}=={version}" + ("" if everywhere else f" ; {markers}"))
    (ROOT / "constraints.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
