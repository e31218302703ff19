"""Tiles and values of a layer at full resolution."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

pytest.importorskip("matplotlib")


def full(r, **look):
    return r.plet(maxcell=100, **look).layers[0].full


@pytest.fixture
def numbers():
    values = np.random.default_rng(3).integers(0, 50, (300, 530)).astype(float)
    values[:7, :9] = np.nan
    return pt.rast(values, extent=(5, 7, 49, 50), crs="EPSG:4326")


def test_the_finest_tiles_are_the_cells_in_the_colours_of_plot(numbers):
    pyramid = full(numbers, range=(0, 49))
    assert pyramid.described() | {"corner": 0, "cell": 0} == {
        "rows": 300, "cols": 530, "size": 256, "coarsest": 6, "corner": 0, "cell": 0,
    }  # fmt: skip
    whole = numbers.plet(maxcell=10**6, range=(0, 49)).layers[0].rgba
    for row, col in ((0, 0), (1, 2)):
        rows, cols = slice(row * 256, (row + 1) * 256), slice(col * 256, (col + 1) * 256)
        assert np.array_equal(pyramid.tile(0, row, col), whole[rows, cols])
    assert pyramid.tile(0, 1, 2).shape == (44, 18, 4)


def test_coarser_tiles_have_a_cell_for_two_by_two(numbers):
    pyramid = full(numbers)
    assert pyramid.tile(1, 0, 0).shape == (150, 256, 4)
    assert pyramid.tile(1, 0, 1).shape == (150, 9, 4)
    assert pyramid.tile(5, 0, 0).shape == (10, 17, 4)


@pytest.mark.parametrize("place", [(0, 2, 0), (0, 0, 3), (-1, 0, 0), (6, 0, 0), (0, -1, 0)])
def test_there_are_no_tiles_elsewhere(numbers, place):
    with pytest.raises(ArgumentError, match="there is none at level"):
        full(numbers).tile(*place)


def test_classes_that_the_preview_did_not_see_have_colours_and_others_keep_theirs():
    values = np.ones((40, 40), "uint8")
    values[21, 33] = 7
    r = pt.rast(values)
    r.levels = {1: "a", 7: "b"}
    page = r.plet(maxcell=4)
    assert page.layers[0].labels == ((1, "a"),)
    tile = page.layers[0].full.tile(0, 0, 0)
    assert len(np.unique(tile.reshape(-1, 4), axis=0)) == 2
    assert (tile[0, 0] == page.layers[0].rgba[0, 0]).all()
    assert (tile[..., 3] == 255).all()


def test_values_are_those_of_extract(numbers):
    pyramid = full(numbers)
    places = np.random.default_rng(8).uniform((4.9, 48.9), (7.1, 50.1), (40, 2))
    expected = numbers.extract(places).iloc[:, -1].to_numpy(float)
    assert np.array_equal([pyramid.value(x, y)[0] for x, y in places.tolist()], expected, equal_nan=True)


@pytest.mark.parametrize("stretch", [None, "lin", "hist"])
def test_pictures_in_colours_are_stretched_as_their_preview(stretch):
    values = np.random.default_rng(4).integers(0, 200, (3, 300, 40)).astype("uint8")
    r = pt.rast(values)
    r.rgb = [0, 1, 2]
    whole, small = (r.plet(stretch=stretch, maxcell=cells).layers[0] for cells in (10**6, 4000))
    assert whole.full.coarsest == 0
    tile = small.full.tile(0, 0, 0)
    assert tile.shape == (256, 40, 4)
    assert small.full.value(3.5, 298.5) == values[:, 1, 3].tolist()
    assert np.abs(tile.astype(int) - whole.rgba[:256]).max() <= (0 if stretch is None else 12)


def test_tiles_of_a_projected_raster_are_its_cells(numbers):
    page = numbers.plet(map=pt.vect([[4.2e6, 2.9e6]], crs="EPSG:3035").plet(), range=(0, 49), maxcell=500)
    full = page.layers[1].full
    whole = numbers.project("EPSG:3035", method="near").plet(range=(0, 49), maxcell=10**7).layers[0].rgba
    assert np.array_equal(full.tile(0, 0, 1), whole[:256, 256:512])
