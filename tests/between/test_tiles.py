"""Tiles. Extents are those of terra 1.9 (getTileExtents, makeTiles, align), but for geometries, which terra mixes up."""

import os

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, ExtentError, OutputExistsError

NAN = float("nan")


@pytest.fixture
def r():
    return pt.rast(np.arange(1.0, 31).reshape(5, 6), extent=(0, 6, 0, 5), crs="EPSG:32633")


def test_tiles_of_so_many_rows_and_columns(r):
    assert r.get_tile_extents((2, 3)).tolist() == [
        [0, 3, 3, 5], [3, 6, 3, 5], [0, 3, 1, 3], [3, 6, 1, 3], [0, 3, 0, 1], [3, 6, 0, 1],
    ]  # fmt: skip
    assert r.get_tile_extents(4).tolist() == [[0, 4, 1, 5], [4, 6, 1, 5], [0, 4, 0, 1], [4, 6, 0, 1]]
    assert r.get_tile_extents((2, 3), buffer=1)[1].tolist() == [2, 7, 2, 6]
    assert r.get_tile_extents((5, 6), buffer=(1, 2)).tolist() == [[-2, 8, -1, 6]]


def test_cells_of_another_raster_are_tiles(r):
    tiles = pt.rast(nrows=2, ncols=2, xmin=0, xmax=8, ymin=-1, ymax=5)
    assert r.get_tile_extents(tiles).tolist() == [[0, 4, 2, 5], [4, 6, 2, 5], [0, 4, 0, 2], [4, 6, 0, 2]]
    small = pt.rast(nrows=1, ncols=1, xmin=0, xmax=3, ymin=2, ymax=5)
    assert r.get_tile_extents(small).tolist() == [[0, 3, 2, 5]]
    assert r.get_tile_extents(small, extend=True).tolist() == [
        [0, 3, 2, 5], [3, 6, 2, 5], [0, 3, 0, 2], [3, 6, 0, 2],
    ]  # fmt: skip


def test_geometries_have_a_tile_each(r):
    v = pt.vect(["POLYGON ((0.2 0.2, 2.4 0.2, 2.4 2.4, 0.2 0.2))", "POLYGON ((3 3, 5 3, 5 4.6, 3 3))"])
    assert r.get_tile_extents(v).tolist() == [[0, 2, 0, 2], [3, 5, 3, 5]]


@pytest.mark.parametrize(("y", "buffer"), [(0, 0), (1.5, 0), ((1, 2, 3), 0), ("a", 0), (2, -1)])
def test_what_says_nothing_of_tiles_is_refused(r, y, buffer):
    with pytest.raises(ArgumentError, match="must be one or two whole numbers of cells"):
        r.get_tile_extents(y, buffer=buffer)


def test_tiles_are_written_and_make_the_raster_again(r, tmp_path):
    files = (r * 2).make_tiles((2, 3), tmp_path / "t_.tif", datatype="int16")
    assert [os.path.basename(file) for file in files] == [f"t_{i}.tif" for i in range(1, 7)]
    assert pt.rast(files[5]).values(drop=True).tolist() == [56, 58, 60]
    whole = pt.vrt(files)
    assert (whole.to_numpy() == r.to_numpy() * 2).all()
    assert whole.vrt_tiles() == files
    with pytest.raises(OutputExistsError):
        r.make_tiles((2, 3), tmp_path / "t_.tif")
    again = r.make_tiles(4, tmp_path / "t_.tif", buffer=1, overwrite=True, value="raster")
    assert (again.to_numpy() == r.to_numpy()).all()


def test_tiles_without_values_are_left_out(r, tmp_path):
    r = (r > 18).ifel(r, NAN)
    files = r.make_tiles((2, 3), tmp_path / "t_.tif", na_rm=True)
    assert [os.path.basename(file) for file in files] == [f"t_{i}.tif" for i in range(3, 7)]


def test_files_of_virtual_rasters_alone_are_named(r, tmp_path):
    with pytest.raises(ArgumentError, match=r"vrt_tiles: must be a \.vrt, or a raster of one, got memory"):
        r.vrt_tiles()
    with pytest.raises(ArgumentError, match="make_tiles: value: must be one of files, raster"):
        r.make_tiles(2, tmp_path / "t_.tif", value="collection")


def test_align_moves_sides_to_edges_of_cells(r):
    e = pt.ext(0.2, 5.7, 0.4, 4.4)
    assert [list(e.align(r, snap)) for snap in ("near", "in", "out")] == [
        [0, 6, 0, 4],
        [1, 5, 1, 4],
        [0, 6, 0, 5],
    ]
    assert list(e.align(2)) == [0, 6, 0, 6]
    assert list(pt.ext(-3, 9, -2.2, 8).align(r)) == [-3, 9, -2, 8]
    with pytest.raises(ArgumentError, match="align: snap: must be one of near, in, out"):
        e.align(r, "up")


class TestWholeCells:
    """`align`, `intersect` and `crop` of terra 1.9-45, on cells of 2 x 2."""

    @pytest.fixture
    def r(self):
        return pt.rast(nrows=3, ncols=4, xmin=0, xmax=8, ymin=0, ymax=6, crs="", vals=range(12))

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ((0.9, 5.2, 1.1, 4.4), [0, 6, 2, 4]),
            ((-5, 3.1, 2.9, 50), [0, 4, 2, 6]),
            ((2.1, 2.4, 2.1, 2.4), [2, 4, 2, 4]),
            ((2.9, 3.1, 2.9, 3.1), [2, 4, 2, 4]),
            ((3.02, 3.8, 1.87, 2.26), [2, 4, 0, 2]),
            ((7.99, 8.01, 1.56, 1.65), [6, 8, 0, 2]),
            ((5.79, 6.25, 4.1, 4.33), [4, 6, 4, 6]),
        ],
    )
    def test_one_at_least(self, r, given, expected):
        e = pt.ext(*given)
        assert list(e.intersect(r)) == list(r.intersect(e)) == list(r.crop(e).ext) == expected
        assert isinstance(r.intersect(e), pt.SpatExtent)
        assert list(e.align(r).intersect(r.ext)) == expected

    def test_none_beyond_the_raster(self, r):
        for given in ((20, 30, 20, 30), (-3, 0, 0, 6), (8, 9, 0, 6)):
            e = pt.ext(*given)
            assert e.intersect(r) is None
            assert r.intersect(e) is None
            with pytest.raises(ExtentError):
                r.crop(e)

    def test_what_is_cut_off_has_a_cell(self, r):
        """1.9 aligns a part that is nearest to the edge to what lies beyond, and crops to a cell."""
        e = pt.ext(-0.47, 0.29, 5.39, 5.61)
        assert r.intersect(e) is None
        assert list(r.crop(e).ext) == [0, 2, 4, 6]
        assert list(e.align(r)) == [-2, 0, 4, 6]
