"""Choosing layers reaches the sources; joining reads one file once."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.expr import Read, Stack


@pytest.fixture
def file(tmp_path):
    values = np.arange(5 * 6 * 7, dtype="float32").reshape(5, 6, 7)
    return pt.rast(values, names=list("abcde")).write_raster(tmp_path / "five.tif")


def test_a_chosen_band_is_a_read_of_that_band_alone(file):
    node = file[["d", "b"]]._node
    assert isinstance(node, Read)
    assert node.bands == (3, 1)


def test_a_choice_goes_through_verbs_that_treat_layers_alike(file):
    chosen = (file * 2).focal(3)[2]._node
    reads = [n for n in walk(chosen) if isinstance(n, Read)]
    assert [r.bands for r in reads] == [(2,)]
    assert (pt.SpatRaster(chosen).to_numpy() == (file * 2).focal(3).to_numpy()[2:3]).sum() > 0


def test_bands_of_one_file_joined_again_are_one_read(file):
    assert isinstance(pt.c(file[1], file[0])._node, Read)
    assert isinstance(pt.c(file[1], file[0] + 1)._node, Stack)


def test_a_choice_of_a_choice_is_one_choice(file):
    stacked = pt.c(file, file + 1)
    again = stacked[[9, 0, 5]][[2, 0]]
    assert again.names == ["a", "e"]
    assert (again.to_numpy()[1] == file.to_numpy()[4] + 1).all()
    assert not any(isinstance(child, Stack) for child in again._node.inputs)


def walk(node):
    yield node
    for child in node.inputs:
        yield from walk(child)
