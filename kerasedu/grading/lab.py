"""JupyterLab in the learner's folder: opened on the start page, without questions, beside no other of its kind."""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path

from kerasedu.grading.editions import write_if_changed
from kerasedu.grading.start_page import NAME

# JupyterLab's configuration for this folder, by file. Markdown opens as it reads, so that the start page's links can be
# clicked; nobody is asked about news; what nbgrader and jupytext add is for teachers and authors.
NBGRADER = ("formgrader", "validate_assignment", "assignment_list", "course_list")
OFF = ("jupyterlab_jupytext", *(f"nbgrader.server_extensions.{name}" for name in NBGRADER))
CONFIGURATION = {
    "labconfig/default_setting_overrides.json": {
        "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Markdown Preview"}},
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false"},
    },
    "labconfig/page_config.json": {"disabledExtensions": {"@jupyter/nbgrader": True, "jupyterlab-jupytext": True}},
    "jupyter_server_config.d/kerasedu.json": {"ServerApp": {"jpserver_extensions": dict.fromkeys(OFF, False)}},
}
FIRST_PORT = 8888


def configure(workspace: Path) -> Path:
    """Write JupyterLab's configuration for this folder; what JUPYTER_CONFIG_PATH must hold for it to apply."""
    folder = workspace / ".kerasedu" / "jupyter"
    for name, content in CONFIGURATION.items():
        write_if_changed(folder / name, json.dumps(content, indent=1) + "\n")
    return folder


def command(workspace: Path, port: int, browser: bool) -> list[str]:
    """What starts JupyterLab. The open tabs are remembered in the folder, not among those of other projects."""
    line = [sys.executable, "-m", "jupyterlab", f"--port={port}", "--port-retries=0", "--ServerApp.ip=127.0.0.1"]
    line += [f"--LabApp.default_url=/lab/tree/{NAME}", "--LabApp.log_level=ERROR", "--ServerApp.log_level=ERROR"]
    line += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    line += ["--MappingKernelManager.transport_encryption=auto"]  # otherwise each kernel warns that it does not encrypt
    line += [f"--LabApp.workspaces_dir={workspace / '.kerasedu' / 'jupyter' / 'workspaces'}"]
    if os.name == "posix":  # no login shell, which would set PATH anew
        line += [f"--ServerApp.terminado_settings=shell_command={os.environ.get('SHELL') or 'sh'}"]
    line += [] if browser else ["--no-browser"]
    line += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return line


def environment(configuration: Path) -> dict[str, str]:
    """The surroundings of JupyterLab: its configuration, and `kerasedu` as a command in its terminals."""
    given = dict(os.environ)
    for name, first in (("JUPYTER_CONFIG_PATH", configuration), ("PATH", Path(sys.executable).parent)):
        given[name] = os.pathsep.join([str(first), *filter(None, [given.get(name)])])
    return given


def running(workspace: Path) -> str | None:
    """The address of a JupyterLab that is already open on this folder."""
    from jupyter_server.serverapp import list_running_servers

    for server in list_running_servers():
        if Path(server["root_dir"]).resolve() == workspace.resolve() and is_taken(server["port"]):
            return f"{server['url']}lab/tree/{NAME}?token={server['token']}"
    return None


def free_port() -> int:
    """The first port from 8888 on where nobody listens."""
    return next(port for port in range(FIRST_PORT, FIRST_PORT + 1000) if not is_taken(port))


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
