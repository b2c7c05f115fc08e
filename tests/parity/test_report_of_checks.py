"""A report says what was compared and with which result, in a terminal and in a notebook."""

import html.parser

import numpy as np
import pytest

from kerasedu.parity.compare import compare
from kerasedu.parity.report import HEADER, Report

Y = np.random.default_rng(3).standard_normal((3, 4))


@pytest.fixture
def report():
    report = Report("Dense(units=4)", "CPU")
    report.add(compare("y", Y + 1e-17, Y))
    report.add(compare("dL/dx", Y * 1.001, Y))
    return report


def test_a_report_passes_if_every_row_passes(report):
    assert not report.passed
    assert not report
    del report.rows[1]
    assert report.passed
    assert report


def test_a_report_of_nothing_does_not_pass():
    report = Report("Dense(units=4)", "CPU")
    assert not report.passed
    assert str(report).startswith("Dense(units=4): nothing was compared")


def test_rows_are_found_by_name(report):
    assert report["dL/dx"].cause == "off by the factor 1.001"
    assert report.worst is report["dL/dx"]
    with pytest.raises(KeyError, match="'dL/dw' was not compared; compared were y, dL/dx"):
        report["dL/dw"]


def test_the_text_is_a_table_with_aligned_columns(report):
    first, header, *rows = str(report).splitlines()
    assert first == "Dense(units=4) against Keras on CPU: 1 of 2 DIFFERENT"
    assert all(name in header for name in HEADER)
    assert rows[0].split() == ["y", "CPU", "float64", *rows[0].split()[3:7], "equal"]
    assert rows[1].endswith("DIFFERENT")
    assert header.index("verdict") == rows[0].index("equal") == rows[1].index("DIFFERENT")
    assert rows[2].strip().startswith("at [")
    assert rows[2].endswith("off by the factor 1.001")


def test_a_passing_report_says_so():
    report = Report("relu", "CPU")
    report.add(compare("y", Y, Y))
    assert str(report).splitlines()[0] == "relu against Keras on CPU: all 1 within tolerance"


class Checker(html.parser.HTMLParser):
    """Counts elements, and makes sure that all are closed."""

    def __init__(self):
        super().__init__()
        self.open, self.count, self.text, self.attributes = [], {}, "", []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.count[tag] = self.count.get(tag, 0) + 1
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_the_notebook_shows_a_table(report):
    checker = Checker()
    checker.feed(report._repr_html_())
    assert not checker.open
    assert checker.count["table"] == 2  # the second is the map of the errors
    assert checker.count["caption"] == 1
    assert checker.count["th"] == len(HEADER)
    assert checker.count["tr"] == 1 + 2 + 1 + (1 + 3)  # the last is the row with the map, of three rows
    assert "1 of 2 DIFFERENT" in checker.text
    assert "off by the factor 1.001" in checker.text


def test_the_table_takes_its_colours_from_the_theme(report):
    checker = Checker()
    checker.feed(report._repr_html_())
    for name, value in checker.attributes:
        assert name in ("style", "scope", "colspan", "role", "aria-label")
        if name == "style":
            for declaration in value.split(";"):
                if declaration.startswith("color:") or declaration.startswith("background:"):
                    shade_on_any_ground = declaration.startswith("background:rgba(213,94,0,")
                    assert shade_on_any_ground or declaration in ("color:inherit", "background:none")


def test_names_cannot_break_the_table(report):
    report.title = "<script>alert(1)</script>"
    assert "<script>" not in report._repr_html_()
