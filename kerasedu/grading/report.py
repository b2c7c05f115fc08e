"""What a class did with a lesson, for its teacher: points, exercises, mistakes, identical answers, run times."""

from __future__ import annotations

import io
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import mean, median

from kerasedu.exercises.exercise import Exercise, catalogue
from kerasedu.grading import charts, outcomes
from kerasedu.grading.feedback import environment, title
from kerasedu.grading.records import Record
from kerasedu.grading.released import Released

RARE = 0.1  # an answer that more than this share of the class gave says nothing about copying
SHARED = 3  # so many rare answers in common are worth a look
SLOW = 10.0  # times the median, and at least a second


@dataclass(frozen=True)
class ExerciseLine:
    """How one exercise went."""

    exercise: str
    out_of: float
    mean_share: float | None
    counts: dict[str, int]


@dataclass(frozen=True)
class MistakeLine:
    """A known mistake and how many made it, of those who were graded."""

    exercise: str
    name: str
    hint: str
    count: int
    of: int


@dataclass(frozen=True)
class Identical:
    """Two students whose answers agree, word for word, where few others' do."""

    students: tuple[str, str]
    exercises: tuple[str, ...]


def report_page(records: Sequence[Record], answers: Mapping[str, Mapping[str, str]], released: Released) -> str:
    """The page as HTML.

    Arguments:
        records: of everyone.
        answers: student -> grade id -> source.
        released: the lesson as handed out.
    """
    graded = [record for record in records if record.outcome == outcomes.GRADED]
    lines = exercise_lines(graded)
    return (
        environment()
        .get_template("report.html")
        .render(
            title=title(released.lesson),
            records=records,
            graded=graded,
            ungraded=[record for record in records if record.outcome != outcomes.GRADED],
            outcomes=outcomes.ALL,
            lines=lines,
            mistakes=mistake_lines(graded, released.lesson[:2]),
            identical=identical_answers(answers, released),
            slow=slow_answers(graded),
            distribution=charts.distribution([record.points for record in graded], automatic_points(graded)),
            by_exercise=charts.by_exercise([(line.exercise, line.mean_share) for line in lines]),
        )
    )


def automatic_points(graded: Iterable[Record]) -> float:
    """Points that are to be had without a person."""
    exercises = {score.exercise: score.out_of for record in graded for score in record.scores}
    manual = {s.exercise for record in graded for s in record.scores if s.points is None}
    return sum(out_of for exercise, out_of in exercises.items() if exercise not in manual)


def exercise_lines(graded: Iterable[Record]) -> list[ExerciseLine]:
    """A line for each exercise, in the lesson's order."""
    scores = defaultdict(list)
    for record in graded:
        for score in record.scores:
            scores[score.exercise].append(score)
    lines = []
    for exercise, of_it in scores.items():
        shares = [score.points / score.out_of for score in of_it if score.points is not None and score.out_of]
        counts = Counter(score.outcome for score in of_it)
        lines.append(ExerciseLine(exercise, of_it[0].out_of, mean(shares) if shares else None, dict(counts)))
    return lines


def mistake_lines(graded: Sequence[Record], lesson: str) -> list[MistakeLine]:
    """Known mistakes, the most frequent first."""
    counts = Counter((s.exercise, s.mistake) for record in graded for s in record.scores if s.mistake)
    lines = []
    for (exercise, name), count in counts.most_common():
        item = catalogue(lesson).get(exercise)
        mistakes = item.mistakes if isinstance(item, Exercise) else ()
        hint = next((mistake.hint for mistake in mistakes if mistake.name == name), "")
        lines.append(MistakeLine(exercise, name.strip("_").replace("_", " "), hint, count, len(graded)))
    return lines


def identical_answers(answers: Mapping[str, Mapping[str, str]], released: Released) -> list[Identical]:
    """Pairs of students who share at least ``SHARED`` answers that hardly anyone else gave.

    Comments and spaces do not count, so neither do changes of them.
    """
    most = max(2, RARE * len(answers))
    handed_out = {identifier: _essence(source) for identifier, source in released.answers.items()}
    shared = defaultdict(list)
    for identifier in released.answers:
        groups = defaultdict(list)
        for student, given in answers.items():
            essence = _essence(given.get(identifier, ""))
            if essence and essence != handed_out[identifier]:
                groups[essence].append(student)
        for students in groups.values():
            if 2 <= len(students) <= most:
                for pair in combinations(sorted(students), 2):
                    shared[pair].append(identifier)
    pairs = [Identical(pair, tuple(exercises)) for pair, exercises in shared.items() if len(exercises) >= SHARED]
    return sorted(pairs, key=lambda pair: (-len(pair.exercises), pair.students))


def slow_answers(graded: Iterable[Record]) -> list[tuple[str, str, float, float]]:
    """Student, exercise, seconds, median of the class: where someone took far longer than the others."""
    seconds = defaultdict(list)
    for record in graded:
        for score in record.scores:
            seconds[score.exercise].append((score.seconds, record.student))
    slow = []
    for exercise, times in seconds.items():
        usual = median(time for time, _ in times)
        slow += [(who, exercise, time, usual) for time, who in times if time > max(1.0, SLOW * usual)]
    return sorted(slow, key=lambda entry: -entry[2])


def _essence(source: str) -> str:
    """The words of a program, without comments and spaces; the text itself if it is not one."""
    skipped = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}
    try:
        tokens = tokenize.generate_tokens(io.StringIO(source).readline)
        return " ".join(token.string for token in tokens if token.type not in skipped).strip()
    except (tokenize.TokenError, SyntaxError, RecursionError):
        return "".join(source.split())
