"""Quick looks."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.workflows.pictures import PANELS, evenly, save_errors, save_panels


@pytest.mark.parametrize(
    ("count", "at_most", "found"), [(5, 3, [0, 2, 4]), (2, 9, [0, 1]), (1, 3, [0]), (23, 2, [0, 22])]
)
def test_the_first_and_the_last_of_a_series_are_among_those_that_are_shown(count, at_most, found):
    assert evenly(count, at_most) == found


def test_a_figure_of_panels_replaces_an_older_one(tmp_path):
    plt = pytest.importorskip("matplotlib.pyplot")
    path = tmp_path / "a.png"
    path.write_text("old")
    r = pt.rast(np.arange((PANELS + 3) * 4.0).reshape(-1, 2, 2))
    assert save_panels(r, path, title="a", legend="m") == path
    assert path.read_bytes().startswith(b"\x89PNG")
    assert [p.name for p in tmp_path.iterdir()] == ["a.png"]
    assert plt.get_fignums() == []


def test_errors_of_ways_are_drawn_best_first(tmp_path):
    table = pd.DataFrame(
        {
            "method": ["swa", "swa", "linear", "stl"],
            "arguments": ["att_env=10", "att_env=5", "", ""],
            "rmse": [1.0, 1.1, 2.0, np.nan],
            "filled": [1.0, 1.0, 0.9, 0.0],
        }
    )
    path = save_errors(table, tmp_path / "tuning.png")
    assert path.read_bytes().startswith(b"\x89PNG")
