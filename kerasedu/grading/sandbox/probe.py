"""Try a sandbox out before trusting it: an installed program is no proof that it confines."""

from __future__ import annotations

import tempfile

from kerasedu.grading.sandbox.bubblewrap import SandboxUnavailable
from kerasedu.grading.sandbox.session import Launcher, Lost, Raised, Session

ATTEMPTS = """
import ctypes, os, socket
escapes = []

def attempt(what, action):
    try:
        action()
    except BaseException:
        return
    escapes.append(what)

def namespace():
    if ctypes.CDLL(None).unshare(0x10000000):
        raise OSError

attempt("read a file of this machine", lambda: open({canary!r}).read())
attempt("list the folders of this machine", lambda: os.listdir("/home"))
attempt("write outside its folder", lambda: open("/grader/escaped", "w"))
attempt("reach the network", lambda: socket.create_connection(("127.0.0.1", {port}), timeout=1))
attempt("make a namespace", namespace)
attempt("signal another process", lambda: os.kill({pid}, 0))
open("/tmp/allowed", "w").close()
"""


def probe(launcher: Launcher) -> None:
    """Run ``ATTEMPTS`` in a sandbox.

    Raises:
        SandboxUnavailable: it does not start, or an attempt succeeded.
    """
    import os
    import socket

    with tempfile.NamedTemporaryFile("w") as canary, socket.socket() as listener:
        canary.write("a canary")
        canary.flush()
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        source = ATTEMPTS.format(canary=canary.name, port=listener.getsockname()[1], pid=os.getpid())
        try:
            with Session(launcher) as session:
                session.run("probe", source)
                escapes = session.fetch("escapes")
        except (OSError, Lost, Raised) as error:
            raise SandboxUnavailable(f"the sandbox does not work here: {error}") from None
    if escapes != []:
        raise SandboxUnavailable(f"the sandbox does not hold: from inside one can {', '.join(map(str, escapes))}")
