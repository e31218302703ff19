"""Pieces of a raster made one."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, GridMismatchError


@pytest.fixture
def stored(tmp_path):
    return pt.rast(np.arange(12.0).reshape(3, 2, 2), names=["a", "b", "c"]).write_raster(tmp_path / "a.tif")


@pytest.fixture
def m():
    return pt.rast([[1.0, 2], [3, 4]], names="m")


def test_neighbours_in_memory_are_one_piece(m):
    x = pt.c(m, m * 2, m > 2)
    made = x.tighten()
    assert (x.nsrc(), made.nsrc(), made.in_memory()) == (3, 1, True)
    assert (made.names, made.is_bool(), made.sources()) == (["m", "m", "m"], [False, False, True], [""])
    np.testing.assert_array_equal(made.to_numpy(), x.to_numpy())


def test_layers_of_files_stay_between_them(m, stored):
    x = pt.c(m, m + 1, stored, m, m - 1)
    made = x.tighten()
    assert (x.nsrc(), made.nsrc()) == (5, 3)
    assert made.datatype() == ["", "", "float64", "float64", "float64", "", ""]
    assert made.sources() == ["", stored.sources()[0]]
    np.testing.assert_array_equal(made.to_numpy(), x.to_numpy())


def test_pieces_beyond_the_memory_are_one_in_a_temporary_file():
    with pt.options(memory="32MB"):
        r = pt.rast(nrows=1500, ncols=1500, vals=1)
        made = pt.c(r + 1, r * 2, r - 1).tighten()
        assert (made.nsrc(), made.in_memory()) == (1, False)
        assert made[0, 0].tolist() == [2, 2, 0]
        assert made.tighten()._node is made._node


def test_one_piece_stays_as_it_is(m, stored):
    for x in (m, stored, stored[[2, 0]], stored + 1):
        assert x.tighten()._node is x._node


def test_what_is_said_of_layers_is_kept(m):
    x = pt.c(m, m * 2)
    x.units, x.names = ["m", "km"], ["u", "v"]
    x.time = ["2020-01-01", "2021-01-01"]
    made = x.tighten()
    assert (made.units, made.names) == (["m", "km"], ["u", "v"])
    np.testing.assert_array_equal(made.time, x.time)


def test_a_data_set_is_one_raster_with_the_names_of_its_layers(m, stored):
    made = pt.sds(one=stored, two=m).tighten()
    assert made.names == ["a", "b", "c", "m"]
    np.testing.assert_array_equal(made.to_numpy(), pt.c(stored, m).to_numpy())
    assert made.sources() == [stored.sources()[0], ""]
    with pytest.raises(ArgumentError, match=r"^tighten: the data set must have a sub-dataset, got none"):
        pt.sds([]).tighten()
    with pytest.raises(GridMismatchError):
        pt.sds(one=m, two=pt.rast(nrows=3, ncols=3, vals=1)).tighten()
