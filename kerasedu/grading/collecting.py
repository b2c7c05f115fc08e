"""Bring submissions into nbgrader's folders, from wherever they were handed in. Nothing of them is run or trusted.

What is taken: ``STUDENT/LESSON/LESSON.ipynb`` as nbgrader has it, a folder of files named after their students, and
the zip files in which Canvas and Moodle hand out an assignment's submissions.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path, PurePosixPath

from kerasedu.grading.editions import LessonError, write_if_changed
from kerasedu.grading.intake import LARGEST_FILE, Missing, Unreadable, read_plain_file
from kerasedu.grading.roster import Person

MOST_FILES = 20_000
LARGEST_TOTAL = 2 << 30  # of all notebooks in one zip, unpacked
CANVAS = re.compile(r"(?P<who>[^_]+)_(?P<late>LATE_)?(?P<number>\d+)_\d+_(?P<file>.+)")
MOODLE = re.compile(r"(?P<who>[^_/]+)_(?P<number>\d+)_assignsubmission_file_?/?(?P<file>.*)")


@dataclass(frozen=True)
class Found:
    """A notebook that was handed in.

    Arguments:
        student: whose, as far as the name tells; ``number`` is the person's in Canvas or Moodle.
        data: the file's content.
        time: when.
        name: the file's.
    """

    student: str
    data: bytes
    time: datetime
    name: str
    number: str = ""


@dataclass(frozen=True)
class Refused:
    """A file that was not taken, and why."""

    name: str
    reason: str


def collect(source: Path, lesson: str, submitted: Path, roster: Iterable[Person] = ()) -> Iterator[str]:
    """Bring everything in ``source`` into ``submitted``; says of each file what happened to it.

    Of several files of one student the newest counts; others are kept beside it, under ``earlier``.
    """
    people = list(roster)
    found = []
    for one in _read(source, lesson):
        if isinstance(one, Refused):
            yield f"refused {one.name!r}: {one.reason}"
        else:
            found.append(one)
    for one in sorted(found, key=lambda one: one.time):
        student = _student(one, people)
        if student is None:
            yield f"refused {one.name!r}: it does not tell whose it is"
        else:
            yield f"{student}: {_store(one, submitted / student / lesson, lesson)} {one.name!r}"


def _read(source: Path, lesson: str) -> Iterator[Found | Refused]:
    if source.is_dir():
        nbgraders = sorted(source.glob(f"*/{lesson}/{lesson}.ipynb"))
        return _read_folder(source, nbgraders or sorted(source.glob("*.ipynb")), lesson, bool(nbgraders))
    if zipfile.is_zipfile(source):
        return _read_zip(source, lesson)
    raise LessonError(f"{source} is neither a folder nor a zip file")


def _read_folder(source: Path, paths: list[Path], lesson: str, nbgraders: bool) -> Iterator[Found | Refused]:
    for path in paths:
        try:
            data = read_plain_file(source, path)
        except (Missing, Unreadable) as error:
            yield Refused(str(path.relative_to(source)), str(error))
            continue
        time = datetime.fromtimestamp(path.stat().st_mtime, timezone.utc)
        student = path.parents[1].name if nbgraders else _without_lesson(path.stem, lesson)
        yield Found(student, data, time, str(path.relative_to(source)))


def _read_zip(source: Path, lesson: str) -> Iterator[Found | Refused]:
    with zipfile.ZipFile(source) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > MOST_FILES:
            raise LessonError(f"{source.name} has {len(entries)} files; at most {MOST_FILES} are accepted")
        total = 0
        for entry in entries:
            reason = _why_not(entry)
            data = b"" if reason else _unpack(archive, entry)
            total += len(data)
            if total > LARGEST_TOTAL:
                raise LessonError(f"{source.name} unpacks to more than {LARGEST_TOTAL >> 30} GB")
            if reason or len(data) > LARGEST_FILE:
                yield Refused(entry.filename, reason or f"more than {LARGEST_FILE >> 20} MB when unpacked")
                continue
            match = MOODLE.fullmatch(entry.filename) or CANVAS.fullmatch(PurePosixPath(entry.filename).name)
            who = match["who"] if match else _without_lesson(PurePosixPath(entry.filename).stem, lesson)
            time = datetime(*entry.date_time, tzinfo=timezone.utc)
            yield Found(who, data, time, entry.filename, match["number"] if match else "")


def _why_not(entry: zipfile.ZipInfo) -> str:
    """Why an entry of a zip file is left alone; empty if it is not."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return "its name leads out of the archive"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "it is a link"
    if entry.flag_bits & 1:
        return "it is encrypted"
    if path.suffix.lower() != ".ipynb":
        return "it is not a notebook"
    return ""


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The content of an entry, or its beginning if that is too long: what the entry says of its size may be a lie."""
    try:
        with archive.open(entry) as file:
            return file.read(LARGEST_FILE + 1)
    except (zipfile.BadZipFile, OSError, NotImplementedError, EOFError):
        return b""


def _student(found: Found, people: list[Person]) -> str | None:
    """The id of the student who handed something in, as the roster has it, else as the file's name does."""
    wanted = _plain(found.student)
    for person in people:
        if found.number and found.number == person.lms_user_id:
            return person.id
    for person in people:
        names = {person.id, person.email, person.name, person.last_name + person.first_name}
        if wanted and wanted in map(_plain, names):
            return person.id
    student = re.sub(r"[/\\\x00-\x1f]", "", found.student).strip(" .")[:80]
    return student or None


def _plain(name: str) -> str:
    """Letters and digits of a name, small and without accents, as Canvas writes names."""
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in decomposed.lower() if letter.isalnum())


def _without_lesson(stem: str, lesson: str) -> str:
    return re.sub(rf"[ _.-]*{re.escape(lesson)}[ _.-]*", "", stem)


def _store(found: Found, folder: Path, lesson: str) -> str:
    """Put a notebook in its place, unless a newer one lies there; what was done, in a word."""
    path, stamp = folder / f"{lesson}.ipynb", folder / "timestamp.txt"
    time = found.time.strftime("%Y-%m-%d %H:%M:%S UTC")
    before = stamp.read_text().strip() if stamp.is_file() else ""
    earlier = folder / "earlier"
    if path.is_file() and path.read_bytes() == found.data:
        return "already there"
    if path.is_file() and before >= time:
        _write(earlier / f"{_as_name(time)}.ipynb", found.data)
        return "kept as an earlier one"
    if path.is_file():
        earlier.mkdir(exist_ok=True)
        os.replace(path, earlier / f"{_as_name(before or 'before')}.ipynb")
    _write(path, found.data)
    write_if_changed(stamp, time + "\n")
    return "collected"


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _as_name(time: str) -> str:
    return time.replace(":", "").replace(" ", "_")
