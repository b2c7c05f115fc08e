"""The map of errors shows where an array is wrong, however large it is."""

import numpy as np
import pytest

from kerasedu.parity import heat
from kerasedu.parity.compare import compare


def test_each_number_has_its_place_in_a_small_array():
    shown = heat.heat_map(np.array([[0.0, 3.0], [0.5, 0.0]]), limit=0.1)
    np.testing.assert_allclose(shown, [[0, 30], [5, 0]])


@pytest.mark.parametrize("shape", [(), (1,), (50,), (100, 200), (7, 9, 3), (2, 3, 4, 5), (13, 25)])
def test_the_map_is_small_and_keeps_the_largest_error(shape):
    difference = np.abs(np.random.default_rng(2).standard_normal(shape))
    shown = heat.heat_map(np.asarray(difference), limit=2.0)
    assert shown.shape[0] <= heat.ROWS
    assert shown.shape[1] <= heat.COLUMNS
    assert shown.max() == pytest.approx(difference.max() / 2)


def test_a_wrong_column_shows_as_a_column():
    y = np.random.default_rng(3).standard_normal((40, 6))
    wrong = y.copy()
    wrong[:, 2] *= 1.01
    lines = heat.as_text(compare("y", wrong, y).heat)
    assert len(lines) == heat.ROWS
    for line in lines:
        assert line[1:3] == "  "
        assert line[3] in ".:*#"
        assert line[4:7] == "   "


def test_levels_are_powers_of_ten():
    assert heat.as_text(np.array([[0, 1, 2, 20, 200, 2000, np.inf]])) == ["|  .:*##|"]


def test_the_table_has_a_text_and_a_cell_for_each_place():
    html = heat.as_html(np.array([[0, 5], [0, 50]]))
    assert 'aria-label="map of the errors: 2 of 4 places are beyond the tolerance"' in html
    assert html.count("<td") == 4


def test_what_is_equal_has_no_map():
    assert compare("y", np.ones(3), np.ones(3)).heat is None
