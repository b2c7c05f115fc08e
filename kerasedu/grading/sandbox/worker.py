"""The sandbox's own program: runs a learner's cells and calls their functions, and answers in frames of plain data.

    {"op": "run", "cell": "softmax", "source": "def softmax…"}    an answer cell, in a namespace that all cells share
    {"op": "fetch", "name": "shape"}                              the value of a name
    {"op": "call", "name": "softmax", "arguments": (z,)}          a call

It needs only Python and NumPy. Learner's code shares its process, so nothing it says is trusted: it can withhold or
falsify answers, and gains nothing, for what is right is known and decided elsewhere.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import warnings
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
OUTPUT_LIMIT = 2_000  # characters of a learner's output that are kept


def main() -> None:
    settings = json.loads(sys.argv[1])
    requests, replies = _take_over_pipes()
    _give_up_rights(settings)
    sys.path[:] = [path for path in sys.path if path] + settings["packages"]
    sys.meta_path.insert(0, WithoutKerasEdu() if settings["keras"] else OnlyNumpy())
    sys.path.insert(0, HERE)
    import wire

    sys.path.remove(HERE)
    learner = Learner(wire)
    wire.write_frame(replies, {"ready": True})
    while True:
        try:
            message = wire.read_frame(requests)
        except EOFError:
            return
        reply = {**learner.answer(message), "id": message["id"]}
        if os.getpid() != learner.process:  # a copy of this process, made by the learner's code
            os._exit(1)
        try:
            wire.write_frame(replies, reply)
        except wire.WireError:
            raised = {"type": "MemoryError", "message": "the result is too large"}
            wire.write_frame(replies, {"raised": raised, "id": message["id"]})


class OnlyNumpy:
    """Lets learners import the standard library and NumPy, what every grading sandbox has, and nothing else."""

    ALLOWED = frozenset({"numpy", "wire", *sys.stdlib_module_names})

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        top = name.partition(".")[0]
        if top not in self.ALLOWED and not top.startswith("_sysconfigdata"):
            raise ModuleNotFoundError(f"No module named {top!r}", name=name)


class WithoutKerasEdu:
    """For exercises about Keras itself: lets learners import everything but the course's own library."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if name.partition(".")[0] == "kerasedu":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


class Learner:
    """The learner's namespace, and what may be asked of it."""

    def __init__(self, wire: Any):
        import numpy

        self.wire, self.numpy = wire, numpy
        self.process = os.getpid()
        self.names: dict[str, Any] = {"__name__": "__main__", "np": numpy}

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        if message["op"] == "fetch":
            return {"value": self.names.get(message["name"], self.wire.Absent())}
        task = self._run if message["op"] == "run" else self._call
        output = _Output()
        with warnings.catch_warnings(record=True) as caught, self.numpy.errstate(all="warn"):
            warnings.simplefilter("always")
            with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
                try:
                    reply = task(message)
                except BaseException as error:
                    reply = {"raised": _describe(error)}
        warned = list(dict.fromkeys(str(warning.message) for warning in caught))[:10]
        return {**reply, "printed": output.getvalue(), "warned": warned}

    def _run(self, message: dict[str, Any]) -> dict[str, Any]:
        exec(compile(message["source"], f"<{message['cell']}>", "exec"), self.names)
        return {}

    def _call(self, message: dict[str, Any]) -> dict[str, Any]:
        arguments = message["arguments"]
        before = [_copy(argument) for argument in arguments]
        value = self.names[message["name"]](*arguments)
        changed = [(i, now) for i, (was, now) in enumerate(zip(before, arguments)) if not _same(was, now)]
        return {"value": value, "changed": changed}


def _take_over_pipes() -> tuple[Any, Any]:
    """The pipes to the grader, moved away from stdin and stdout; those and stderr lead nowhere from now on."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    return requests, replies


def _give_up_rights(settings: dict[str, Any]) -> None:
    """Set the limits that the kernel enforces, and become a user who owns nothing."""
    if settings["limits"]:
        import resource

        for name, value in {**settings["limits"], "RLIMIT_CORE": 0}.items():
            resource.setrlimit(getattr(resource, name), (value, value))
    if settings["user"]:
        os.setgroups([])
        os.setresgid(*[settings["user"]] * 3)
        os.setresuid(*[settings["user"]] * 3)


def _describe(error: BaseException) -> dict[str, Any]:
    """What was raised, and the last line of an answer cell that it passed through."""
    cell, line = "", 0
    if isinstance(error, SyntaxError) and (error.filename or "").startswith("<"):
        cell, line = error.filename, error.lineno or 0
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename.startswith("<"):
            cell, line = step.tb_frame.f_code.co_filename, step.tb_lineno
        step = step.tb_next
    try:
        message = str(error)[:300]
    except BaseException:
        message = ""
    return {"type": type(error).__name__, "message": message, "cell": cell.strip("<>"), "line": line}


class _Output(io.StringIO):
    """Keeps the first characters written to it and lets the rest go."""

    def write(self, text: str) -> int:
        super().write(text[: max(0, OUTPUT_LIMIT - self.tell())])
        return len(text)


def _copy(value: Any) -> Any:
    if hasattr(value, "tobytes"):
        return value.copy()
    return type(value)(_copy(item) for item in value) if isinstance(value, (list, tuple)) else value


def _same(before: Any, after: Any) -> bool:
    if hasattr(before, "tobytes"):
        return before.shape == after.shape and before.dtype == after.dtype and before.tobytes() == after.tobytes()
    if isinstance(before, (list, tuple)):
        return len(before) == len(after) and all(_same(b, a) for b, a in zip(before, after))
    return True


if __name__ == "__main__":
    main()
