"""What is shown of a raster."""

import numpy as np
import pytest

import pyterra as pt


@pytest.fixture
def r():
    return pt.rast(
        np.arange(24.0).reshape(2, 3, 4), names=["red", "nir"], extent=(0, 4, 0, 3), crs="EPSG:3035"
    )


def test_the_summary_is_terras_and_reads_nothing(r):
    from pyterra.run import Forbidden, use_executor

    r.units = "m"
    r.time = ["2020-01-31", "2020-02-29"]
    with use_executor(Forbidden()):
        lines = repr(r).splitlines()
    assert lines == [
        "class       : SpatRaster",
        "size        : 3, 4, 2  (nrow, ncol, nlyr)",
        "resolution  : 1, 1  (x, y)",
        "extent      : 0, 4, 0, 3  (xmin, xmax, ymin, ymax)",
        "coord. ref. : ETRS89-extended / LAEA Europe (EPSG:3035)",
        "source(s)   : memory",
        "names       : red, nir",
        "min values  :   0,  12",
        "max values  :  11,  23",
        "unit        : m",
        "time (days) : 2020-01-31 to 2020-02-29",
    ]


def test_layers_of_pictures_and_with_colours_are_told():
    r = pt.rast(np.zeros((4, 1, 1)))
    r.rgb = [2, 0, 1]
    r = pt.c(r, pt.rast([[1]]))
    r.colors = [None, {1: "red"}, None, None, {1: "blue"}]
    assert repr(r).splitlines()[6:8] == ["colors rgb  : 2, 0, 1", "color table : 1, 4"]
    from pyterra.raster import show

    assert show.text(r, 1).splitlines()[6:8] == ["colors rgb  : 3, 1, 2", "color table : 2, 5"]


def test_html_holds_the_facts_and_a_map(r):
    r.names = ["<red>", "nir"]
    text = r._repr_html_()
    assert "&lt;red&gt;" in text
    assert "<red>" not in text
    assert "data:image/png;base64," in text


def test_columns_of_categories_depths_and_windows_are_shown():
    import pandas as pd

    r = pt.rast([[1, 2], [1, 1]])
    r.levels = pd.DataFrame({"id": [1, 2], "cover": ["a", "b"], "value": [10, 20]})
    assert "categories  : cover, value" in repr(r)
    r.window = pt.ext(0, 1, 0, 1)
    assert "window      : 0, 1, 0, 1  (xmin, xmax, ymin, ymax)" in repr(r)
    deep = pt.rast([[[1]], [[2]], [[3]]])
    deep.depth = [0, 2.5, 1]
    assert "depth       : 0 to 2.5 (3 steps)" in repr(deep)
    deep.depth = 4
    assert "depth       : 4\n" in repr(deep) + "\n"
