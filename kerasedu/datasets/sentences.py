"""Sentences of documentation that every installation has."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

Texts = tuple[list[str], np.ndarray]


def sentences(test_size: float = 0.2, seed: int = 0) -> tuple[Texts, Texts]:
    """Sentences from Python's language reference (class 0) and from the documentation of NumPy's functions (class 1).

    Only plain sentences of some length are taken, each once: words, commas, hyphens, apostrophes, parentheses. They
    stand in an order drawn by lot, and each class has the same share in training and test.

    Arguments:
        test_size: share of the test sentences.
        seed: of the order and the split; the same seed gives the same, as long as Python and NumPy stay the same.

    Returns:
        ``(train_texts, y_train), (test_texts, y_test)``: lists of text as written, and their classes, int64. About
        1,100 and 280 by default; how many depends on the versions of Python and NumPy.

    Source: https://docs.python.org/3/reference/ (module ``pydoc_data.topics``); https://numpy.org/doc/stable/reference/
    """
    from pydoc_data.topics import topics

    if not 0 < test_size < 1:
        raise ValueError(f"test_size is a share between 0 and 1, got {test_size!r}")
    numpy_docs = [getattr(np, name).__doc__ or "" for name in dir(np)]
    of_python, of_numpy = ({s for text in source for s in _sentences(text)} for source in (topics.values(), numpy_docs))
    classes = [sorted(of_python - of_numpy), sorted(of_numpy - of_python)]
    lot, train, test = np.random.RandomState(seed), [], []
    for number, texts in enumerate(classes):
        rows = [(texts[k], number) for k in lot.permutation(len(texts))]
        border = round(test_size * len(rows))
        test += rows[:border]
        train += rows[border:]
    return _mixed(train, lot), _mixed(test, lot)


def _sentences(text: str) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", text):
        for sentence in re.split(r"(?<=[.:])\s+(?=[A-Z])", " ".join(paragraph.split())):
            if re.fullmatch(r"[A-Z][a-z ,'()-]{40,}[.:]", sentence):
                yield sentence


def _mixed(rows: list[tuple[str, int]], lot: np.random.RandomState) -> Texts:
    order = lot.permutation(len(rows))
    return [rows[k][0] for k in order], np.array([rows[k][1] for k in order], dtype="int64")
