"""Submissions are collected from folders and zip files; what is unsafe is refused, what is late keeps its time."""

import json
import zipfile

import pytest
from classroom import LESSON, make_course, solved
from click.testing import CliRunner
from nbgrader.api import Gradebook

from kerasedu import cli
from kerasedu.grading import collecting
from kerasedu.grading.collecting import collect
from kerasedu.grading.editions import LessonError
from kerasedu.grading.roster import Person, read_roster

ADA = Person("ada", "Ada", "Lovelace", "ada@example.org", "501")
JOSE = Person("jose", "José", "O'Neil", "jose@example.org", "502")


def make_zip(path, entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data, *time in entries:
            archive.writestr(zipfile.ZipInfo(name, *time), data, zipfile.ZIP_DEFLATED)
    return path


def collected(folder):
    return {path.parents[1].name: path.read_bytes() for path in folder.glob(f"*/{LESSON}/{LESSON}.ipynb")}


def test_canvas(tmp_path):
    source = make_zip(
        tmp_path / "submissions.zip",
        [
            (f"lovelaceada_501_9001_{LESSON}.ipynb", b"1", (2026, 11, 1, 12, 0, 0)),
            (f"oneiljose_LATE_502_9002_{LESSON}-2.ipynb", b"2", (2026, 11, 3, 8, 30, 0)),
            ("somebody_777_9003_notes.txt", b"no"),
        ],
    )
    messages = list(collect(source, LESSON, tmp_path / "submitted", [ADA, JOSE]))
    assert collected(tmp_path / "submitted") == {"ada": b"1", "jose": b"2"}
    assert (tmp_path / "submitted" / "jose" / LESSON / "timestamp.txt").read_text() == "2026-11-03 08:30:00 UTC\n"
    assert [m for m in messages if m.startswith("refused")] == [
        "refused 'somebody_777_9003_notes.txt': it is not a notebook"
    ]


@pytest.mark.parametrize("separator", ["/", "", "_"])
def test_moodle(tmp_path, separator):
    name = f"José O'Neil_4711_assignsubmission_file_{separator}{LESSON}.ipynb"
    list(collect(make_zip(tmp_path / "m.zip", [(name, b"1")]), LESSON, tmp_path / "submitted", [ADA, JOSE]))
    assert collected(tmp_path / "submitted") == {"jose": b"1"}


def test_without_a_roster_the_name_in_the_file_is_the_student(tmp_path):
    for name in ("cyd.ipynb", f"dan_{LESSON}.ipynb", f"{LESSON}-eve.ipynb"):
        (tmp_path / name).write_bytes(b"{}")
    (tmp_path / f"{LESSON}.ipynb").write_bytes(b"{}")
    messages = list(collect(tmp_path, LESSON, tmp_path / "submitted"))
    assert set(collected(tmp_path / "submitted")) == {"cyd", "dan", "eve"}
    assert sum("does not tell whose it is" in message for message in messages) == 1


def test_nbgrader_s_folders(tmp_path):
    path = tmp_path / "downloaded" / "fay" / LESSON / f"{LESSON}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"{}")
    (tmp_path / "downloaded" / "evil").symlink_to(tmp_path / "downloaded" / "fay")
    messages = list(collect(tmp_path / "downloaded", LESSON, tmp_path / "submitted"))
    assert set(collected(tmp_path / "submitted")) == {"fay"}
    assert any("is a link" in message for message in messages)


@pytest.mark.parametrize(
    "name", ["../../escaped.ipynb", "/tmp/escaped.ipynb", "a/../../escaped.ipynb", "..\\escaped.ipynb", "C:\\x.ipynb"]
)
def test_path_traversal_is_refused(tmp_path, name):
    source = make_zip(tmp_path / "z.zip", [(name, b"{}")])
    (message,) = collect(source, LESSON, tmp_path / "a" / "b" / "submitted")
    assert "leads out of the archive" in message
    assert list(tmp_path.rglob("*escaped*")) == []


def test_a_student_cannot_be_a_path(tmp_path):
    source = make_zip(
        tmp_path / "z.zip", [("..._501_1_x.ipynb", b"{}"), (".._4711_assignsubmission_file_x.ipynb", b"{}")]
    )
    messages = list(collect(source, LESSON, tmp_path / "submitted"))
    assert all("does not tell whose it is" in message for message in messages)


def test_links_in_a_zip_are_refused(tmp_path):
    link = zipfile.ZipInfo("ada.ipynb")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    (message,) = collect(tmp_path / "z.zip", LESSON, tmp_path / "submitted")
    assert "it is a link" in message


def test_zip_bombs_are_refused(tmp_path, monkeypatch):
    bomb = make_zip(tmp_path / "bomb.zip", [("ada.ipynb", bytes(50 << 20)), ("ben.ipynb", b"{}")])
    assert bomb.stat().st_size < 100_000
    messages = list(collect(bomb, LESSON, tmp_path / "submitted"))
    assert "more than 5 MB when unpacked" in messages[0]
    assert set(collected(tmp_path / "submitted")) == {"ben"}
    monkeypatch.setattr(collecting, "LARGEST_TOTAL", 1 << 20)
    with pytest.raises(LessonError, match="unpacks to more"):
        list(collect(bomb, LESSON, tmp_path / "other"))
    monkeypatch.setattr(collecting, "MOST_FILES", 1)
    with pytest.raises(LessonError, match="2 files"):
        list(collect(bomb, LESSON, tmp_path / "other"))


def test_the_newest_counts_and_earlier_ones_are_kept(tmp_path):
    entries = [
        ("ada_501_1_x.ipynb", b"old", (2026, 11, 1, 0, 0, 0)),
        ("ada_501_2_x.ipynb", b"new", (2026, 11, 2, 0, 0, 0)),
    ]
    for order in (entries, entries[::-1]):
        list(collect(make_zip(tmp_path / "z.zip", order), LESSON, tmp_path / "submitted"))
        assert collected(tmp_path / "submitted") == {"ada": b"new"}
        (earlier,) = (tmp_path / "submitted" / "ada" / LESSON / "earlier").iterdir()
        assert earlier.read_bytes() == b"old"


@pytest.mark.parametrize(
    "text",
    [
        "id,first_name,last_name,email\nada,Ada,Lovelace,ada@example.org\n",
        'Student,ID,SIS User ID,SIS Login ID,Section\nPoints Possible,,,,\n"Lovelace, Ada",501,,ada,1\n',
        "Identifier,Full name,Email address,Grade\nParticipant 501,Ada Lovelace,ada,\n",
    ],
    ids=["own", "Canvas", "Moodle"],
)
def test_rosters(tmp_path, text):
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8-sig")
    (person,) = read_roster(tmp_path / "roster.csv")
    assert (person.id, person.name) == ("ada", "Ada Lovelace")


def test_a_roster_that_tells_nothing_or_too_much(tmp_path):
    (tmp_path / "empty.csv").write_text("colour\nred\n")
    with pytest.raises(LessonError, match="no student found"):
        read_roster(tmp_path / "empty.csv")
    (tmp_path / "twice.csv").write_text("id\nada\nada\n")
    with pytest.raises(LessonError, match="more than once: ada"):
        read_roster(tmp_path / "twice.csv")


def test_the_command_names_who_is_missing(tmp_path, monkeypatch):
    root = make_course(tmp_path)
    (root / "roster.csv").write_text("id,first_name\nada,Ada\nben,Ben\n")
    make_zip(root / "z.zip", [("ada.ipynb", json.dumps(solved()))])
    monkeypatch.chdir(root)
    result = CliRunner().invoke(cli.main, ["collect", "1", "z.zip", "--roster", "roster.csv"])
    assert result.exit_code == 0, result.output
    assert "nothing from 1 of 2: ben" in result.output
    with Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        assert {student.id: student.first_name for student in book.students} == {"ada": "Ada", "ben": "Ben"}
