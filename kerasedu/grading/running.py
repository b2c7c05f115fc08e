"""Run the cells of one submission in a sandbox, in order. One bad answer does not cost the others."""

from __future__ import annotations

import time

from kerasedu.grading import outcomes
from kerasedu.grading.intake import refusal
from kerasedu.grading.released import SETUP, Step
from kerasedu.grading.sandbox.session import Launcher, Lost, Raised, Session
from kerasedu.grading.sandbox.watchdog import OUT_OF_TIME

NOT_PYTHON = {"SyntaxError", "IndentationError", "TabError"}


def explain(lost: Lost) -> tuple[str, str]:
    """Outcome and message of an answer that cost the sandbox."""
    return (outcomes.TIMED_OUT if lost.reason == OUT_OF_TIME else outcomes.CRASHED), str(lost)


class Runner:
    """Runs each cell once; after a sandbox was lost, in a new one, all but those cells that cost it.

    ``troubles`` holds the outcome and a message for each cell that did not run to its end, ``printed`` what each
    printed.
    """

    def __init__(self, answers: dict[str, str], launcher: Launcher, disclose: bool):
        self.answers, self.launcher, self.disclose = answers, launcher, disclose
        self.troubles: dict[str, tuple[str, str]] = {}
        self.printed: dict[str, str] = {}
        self._end = time.monotonic() + launcher.limits.submission_seconds
        self._done: list[tuple[str, str]] = []
        self._session: Session | None = None

    def run(self, step: Step) -> None:
        """Run a set-up or answer cell."""
        source = step.source if step.kind == SETUP else self.answers.get(step.id)
        if source is None:
            return
        try:
            session = self.session()
        except Lost as lost:
            self.troubles[step.id] = explain(lost)
            return
        if self._survives(session, step.id, source):
            self._done.append((step.id, source))

    def session(self) -> Session:
        """A session in which all cells up to here have run.

        Raises:
            Lost: the submission has used up its time.
        """
        if time.monotonic() > self._end:
            raise Lost(OUT_OF_TIME)
        while self._session is None or self._session.lost:
            self.close()
            self._session = Session(self.launcher, self.disclose)
            self._done = [cell for cell in self._done if self._survives(self._session, *cell)]
        return self._session

    def close(self) -> None:
        """End the sandbox."""
        if self._session:
            self._session.close()

    def _survives(self, session: Session, cell: str, source: str) -> bool:
        """Run a cell; whether the session is still there. (Cells after the one that cost it were not to blame.)"""
        if session.lost:
            return True
        try:
            session.run(cell, source)
        except Raised as raised:
            self.troubles[cell] = self._explain_error(session, raised, source)
        except Lost as lost:
            self.troubles[cell] = explain(lost)
            return False
        self.printed[cell] = session.printed
        return True

    def _explain_error(self, session: Session, raised: Raised, source: str) -> tuple[str, str]:
        name = raised.type if raised.type.isidentifier() else "an error"
        place = session.line(raised)
        text = f"The answer cell raised {name}{f' ({place})' if place else ''}."
        if self.disclose and raised.message:
            text += f"\n{raised.message}"
        if raised.type in NOT_PYTHON:
            return outcomes.UNREADABLE, refusal(source) or text
        return outcomes.CRASHED, text
