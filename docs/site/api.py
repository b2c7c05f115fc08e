"""The pages of the library: one a room, made from its docstrings. Also a Sphinx extension that reads the docstrings.

Our docstrings are plain text: formulas stand indented, everything else is prose. For Sphinx, `as_rst` makes blocks of
the formulas, so that they keep their lines and columns, escapes what reStructuredText would read as markup, and has
napoleon turn "Arguments:" and the like into lists.
"""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from itertools import takewhile
from textwrap import dedent
from types import FunctionType, ModuleType

from sphinx.ext.napoleon import Config as NapoleonConfig
from sphinx.ext.napoleon import GoogleDocstring

from kerasedu.activations import ActivationFunction

# Room -> title of its page, in the order of the menu.
ROOMS = {
    "kerasedu": "At the top",
    "kerasedu.ops": "Operations on arrays",
    "kerasedu.activations": "Activations",
    "kerasedu.initializers": "Initializers",
    "kerasedu.regularizers": "Regularizers",
    "kerasedu.constraints": "Constraints",
    "kerasedu.losses": "Losses",
    "kerasedu.metrics": "Metrics",
    "kerasedu.layers": "Layers",
    "kerasedu.optimizers": "Optimizers",
    "kerasedu.optimizers.schedules": "Schedules",
    "kerasedu.models": "Models",
    "kerasedu.callbacks": "Callbacks",
    "kerasedu.autodiff": "Automatic differentiation",
    "kerasedu.gradcheck": "Numerical gradients",
    "kerasedu.datasets": "Data",
    "kerasedu.plots": "Figures",
    "kerasedu.parity": "Comparison with Keras",
    "kerasedu.exercises": "Exercises",
}
AT_THE_TOP = ("Variable", "epsilon", "floatx", "set_floatx", "set_random_seed")
FIELDS = NapoleonConfig(napoleon_use_param=False, napoleon_use_rtype=False)
SECTIONS = ("Arguments", "Returns", "Raises", "Attributes")


def public_names(room: str) -> list[str]:
    """The names that a user of the room meets; those it only borrows from other rooms are left out."""
    if room == "kerasedu":
        return list(AT_THE_TOP)
    module = import_module(room)
    listed = getattr(module, "__all__", None)
    names = listed if listed is not None else [name for name in dir(module) if not name.startswith("_")]
    return [name for name in names if _belongs(getattr(module, name), room, listed is not None)]


def _belongs(value: object, room: str, listed: bool) -> bool:
    if isinstance(value, ActivationFunction):
        return True
    if not (inspect.isclass(value) or inspect.isfunction(value)):
        return False
    return listed or value.__module__ == room or value.__module__.startswith(f"{room}.")


def room_page(room: str) -> str:
    """The page of a room as reStructuredText: a section for each of its files, an entry for each public name."""
    module = import_module(room)
    parts = [_heading(ROOMS[room], "="), f".. py:module:: {room}", as_rst(inspect.getdoc(module) or "")]
    first = [name for name in public_names(room) if not name.endswith("_backward")]
    parts.append(" · ".join(f":py:obj:`~{room}.{name}`" for name in first))
    chapters: dict[str, list[str]] = {}
    for name in public_names(room):
        value = getattr(module, name)
        home = room if isinstance(value, ActivationFunction) else value.__module__
        chapters.setdefault(home, []).append(name)
    for home in sorted(chapters, key=lambda home: (home == room, home)):
        if len(chapters) > 1:
            parts += _chapter(import_module(home), chapters[home])
        own_first = sorted(chapters[home], key=lambda name: getattr(module, name).__name__ != name)
        parts += [_entry(room, name, getattr(module, name)) for name in own_first]
    return "\n\n".join(parts) + "\n"


def _chapter(home: ModuleType, names: list[str]) -> list[str]:
    file = home.__name__.rsplit(".", 1)[1]
    title = next((name for name in names if name.lower() == file.replace("_", "") != name), "")
    title = title or file.replace("_", " ").capitalize()
    title = {"Gru": "GRU", "Lstm": "LSTM", "Simple rnn": "Simple RNN"}.get(title, title)
    return [_heading(title, "-"), as_rst(inspect.getdoc(home) or "")]


def _heading(title: str, underline: str) -> str:
    return f"{title}\n{underline * len(title)}"


def _entry(room: str, name: str, value) -> str:
    full = f"{room}.{name}"
    if isinstance(value, ActivationFunction):
        signature = str(inspect.signature(value.function))
        return f".. py:function:: {name}{signature}\n\n" + _indented(as_rst(inspect.getdoc(value) or ""))
    if value.__name__ != name:
        return f".. py:data:: {name}\n\n   Another name of :py:obj:`~{room}.{value.__name__}`."
    if inspect.isclass(value):
        methods = _documented(value)
        options = ["show-inheritance:", *([f"members: {', '.join(methods)}"] if methods else [])]
        return "\n".join([f".. autoclass:: {full}", *(f"   :{option}" for option in options)])
    return f".. autofunction:: {full}"


def _documented(cls: type) -> list[str]:
    """What the class and its private bases say of their methods; a base with an entry of its own says it there."""
    public = {getattr(import_module(room), name) for room in ROOMS for name in public_names(room)}
    own = takewhile(lambda base: base is cls or base not in public, cls.__mro__)
    members = {name: value for base in own for name, value in vars(base).items() if base is not object}
    return [name for name, value in members.items() if not name.startswith("_") and _has_words(value)]


def _has_words(value: object) -> bool:
    function = getattr(value, "__func__", value)
    return isinstance(function, (FunctionType, property)) and bool(function.__doc__)


def _indented(text: str) -> str:
    return "\n".join(f"   {line}" if line else "" for line in text.splitlines())


def as_rst(docstring: str) -> str:
    """One of our docstrings as reStructuredText."""
    lines, rst = docstring.splitlines(), []
    section = False
    while lines:
        line = lines.pop(0)
        indented = line.startswith("    ")
        if line.strip() and not indented:
            section = line.removesuffix(":") in SECTIONS and line.endswith(":")
        if indented and not section and (not rst or not rst[-1]):
            block = [line, *takewhile(lambda line: not line or line.startswith("    "), lines)]
            del lines[: len(block) - 1]
            rst += [".. code-block:: text", "   :class: formula", "", _indented(dedent("\n".join(block))), ""]
        elif re.match(r"Sources?: ", line):
            source, text = line.split(": ", 1)
            rst += ["", rf"*{source}*\: {_escaped(text)}"]
        else:
            rst.append(_escaped(line))
    return str(GoogleDocstring("\n".join(rst), FIELDS))


def _escaped(line: str) -> str:
    """The line with everything outside ``code`` and addresses taken literally."""
    line = re.sub(r"^( +[\w, *]+: |)(\s*[a-zA-Z])\.(?= |$)", r"\1\2\\.", line)  # "s." would begin a list
    pieces = re.split(r"(``.*?``|https?://\S+|\\.)", line)
    return "".join(p if n % 2 else re.sub(r"([*|`\\]|_(?!\w))", r"\\\1", p) for n, p in enumerate(pieces))


def setup(app):
    """Sphinx calls this: docstrings pass through `as_rst`."""

    def convert(app, what, name, obj, options, lines):
        lines[:] = as_rst("\n".join(lines)).splitlines()

    app.connect("autodoc-process-docstring", convert)
    return {"parallel_read_safe": True}
