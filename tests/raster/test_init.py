"""init: values that follow from where a cell lies."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, UDFError


def test_init_counts_from_0():
    r = pt.rast(nrows=2, ncols=3, xmin=0, xmax=3, ymin=0, ymax=2, crs="")
    found = {f: r.init(f).values(drop=True).tolist() for f in ("x", "y", "row", "col", "cell", "chess")}
    assert found == {
        "x": [0.5, 1.5, 2.5, 0.5, 1.5, 2.5],
        "y": [1.5, 1.5, 1.5, 0.5, 0.5, 0.5],
        "row": [0, 0, 0, 1, 1, 1],
        "col": [0, 1, 2, 0, 1, 2],
        "cell": [0, 1, 2, 3, 4, 5],
        "chess": [1, 0, 1, 0, 1, 0],
    }


def test_init_takes_numbers_and_functions():
    r = pt.rast(nrows=2, ncols=2, nlyrs=2)
    assert r.init(7).to_numpy().tolist() == [[[7, 7], [7, 7]]] * 2
    assert r.init([1, 2, 3]).to_numpy()[1].tolist() == [[1, 2], [3, 1]]
    assert r.init(np.arange).to_numpy()[0].tolist() == [[0, 1], [2, 3]]
    with pytest.raises(UDFError, match="must give 4 values, got 1"):
        r.init(lambda n: 5)
    with pytest.raises(ArgumentError, match="fun: must be one of"):
        r.init("z")


@pytest.mark.parametrize("word", ["x", "y", "row", "col", "cell", "chess"])
def test_init_of_a_word_is_one_layer_of_that_name(word):
    assert pt.rast(nrows=2, ncols=2, nlyrs=3).init(word).names == [word]
