"""Virtual rasters that are written: what they show, and what is refused."""

from xml.etree import ElementTree

import numpy as np
import pytest
import rasterio

import pyterra as pt
from pyterra.errors import (
    ArgumentError,
    GridMismatchError,
    SourceError,
)
from pyterra.io.raster.vrt import _lie_apart
from pyterra.run import Forbidden, use_executor

PLACE = {"extent": (500_000, 500_090, 4_000_000, 4_000_060), "crs": "EPSG:32631"}


def raster(values, **more):
    place = PLACE | more
    return pt.rast(np.asarray(values), extent=pt.ext(*place.pop("extent")), **place)


@pytest.fixture
def two(tmp_path):
    first = raster(np.array([[1, 2, 3], [4, 5, 6]], "int16"), names="one").write_raster(tmp_path / "1.tif")
    second = raster([[0.5, np.nan, 1], [2, 3, 4]], names="two").write_raster(
        tmp_path / "2.tif", datatype="float32"
    )
    return pt.c(second, first)


def test_a_virtual_raster_shows_the_files_of_a_raster(tmp_path, two):
    two.names, two.units = ["b", "a"], ["m", ""]
    with use_executor(Forbidden()):
        two.write_raster(tmp_path / "all.vrt")
    for back in (pt.rast(tmp_path / "all.vrt"), two.write_raster(tmp_path / "again.vrt")):
        np.testing.assert_array_equal(back.to_numpy(), two.to_numpy())
        assert (back.names, back.units, back.crs) == (["b", "a"], ["m", ""], two.crs)
    with rasterio.open(tmp_path / "all.vrt") as file:
        assert sorted(path.rpartition("/")[2] for path in file.files) == ["1.tif", "2.tif", "all.vrt"]


def test_a_virtual_raster_of_what_is_computed_or_of_itself_is_refused(tmp_path, two):
    path = tmp_path / "all.vrt"
    for computed in (two + 1, two.crop(pt.ext(500_000, 500_030, 4_000_000, 4_000_060))):
        with pytest.raises(ArgumentError, match=r"is computed or lies in memory; write \.tif, or use vrt"):
            computed.write_raster(path)
    with pytest.raises(ArgumentError, match="shows files as they are"):
        two.write_raster(path, datatype="uint8")
    with pytest.raises(SourceError, match="is a source of the raster"):
        two.write_raster(path).write_raster(path, overwrite=True)
    assert pt.rast(path).nlyr == 2


NAN = np.nan


@pytest.fixture
def r():
    return pt.rast(np.arange(12.0).reshape(1, 3, 4), extent=(0, 4, 0, 3), names="v")


def test_vrt_reads_many_files_as_one(tmp_path, r):
    for i in range(4):
        r.crop(pt.ext(i, i + 1, 0, 3)).write_raster(tmp_path / f"part{i}.tif")
    made = pt.vrt(str(tmp_path / "part*.tif"), tmp_path / "all.vrt")
    np.testing.assert_array_equal(made.to_numpy(), r.to_numpy())
    assert made.sources() == [str(tmp_path / "all.vrt")]
    part = pt.vrt([tmp_path / "part1.tif", tmp_path / "part3.tif"])
    np.testing.assert_array_equal(part.to_numpy()[0, 0], [1, NAN, 3])
    moved = tmp_path / "moved"
    tmp_path.joinpath("parts").mkdir()
    for file in tmp_path.glob("*.*"):
        file.rename(tmp_path / "parts" / file.name)
    tmp_path.joinpath("parts").rename(moved)  # the mosaic names its files relative to itself
    np.testing.assert_array_equal(pt.rast(moved / "all.vrt").to_numpy(), r.to_numpy())


def test_vrt_refuses_files_that_do_not_fit(tmp_path, r):
    r.write_raster(tmp_path / "a.tif")
    r.aggregate(2, "max", na_rm=True).write_raster(tmp_path / "b.tif")
    with pytest.raises(GridMismatchError, match=r"b\.tif"):
        pt.vrt([tmp_path / "a.tif", tmp_path / "b.tif"])
    (r > 1).write_raster(tmp_path / "c.tif")
    with pytest.raises(pt.errors.SourceError, match=r"c\.tif"):
        pt.vrt([tmp_path / "a.tif", tmp_path / "c.tif"])


def test_a_temporary_vrt_goes_with_its_raster(tmp_path, r):
    import gc

    r.write_raster(tmp_path / "a.tif")
    folder = tmp_path / "temporary"
    folder.mkdir()
    with pt.options(tempdir=folder):
        made = pt.vrt([tmp_path / "a.tif"])
    assert len(list(folder.iterdir())) == 1
    del made
    gc.collect()
    assert list(folder.iterdir()) == []


def test_a_mosaic_that_would_not_change_stays_for_those_who_read_it(tmp_path, two):
    reading = pt.vrt([tmp_path / "1.tif"], tmp_path / "one.vrt")
    before = (tmp_path / "one.vrt").stat().st_mtime_ns
    pt.vrt([tmp_path / "1.tif"], tmp_path / "one.vrt", overwrite=True)
    assert (tmp_path / "one.vrt").stat().st_mtime_ns == before
    np.testing.assert_array_equal(reading.to_numpy(), [[[1, 2, 3], [4, 5, 6]]])
    pt.vrt([tmp_path / "2.tif"], tmp_path / "one.vrt", overwrite=True)
    assert pt.rast(tmp_path / "one.vrt").to_numpy()[0, 0, 0] == 0.5


def kinds(path):
    return {element.tag for element in ElementTree.parse(path).iter() if element.tag.endswith("Source")}


def test_files_that_lie_apart_are_copied_as_they_are_and_others_looked_through(tmp_path, r):
    holed = r.copy()
    holed[1, 1:3] = NAN
    names = {}
    for name, part in {
        "a": holed,
        "b": holed.shift(4),
        "c": (holed + 100).shift(2),
        "d": holed.shift(0, 4),
    }.items():
        names[name] = tmp_path / f"{name}.tif"
        part.write_raster(names[name], datatype="float32")
    apart = pt.vrt([names["a"], names["b"], names["d"]], tmp_path / "apart.vrt")
    assert kinds(tmp_path / "apart.vrt") == {"SimpleSource"}
    expected = np.full((1, 7, 8), NAN)
    expected[0, 4:, :4] = expected[0, 4:, 4:] = expected[0, :3, :4] = holed.to_numpy()
    np.testing.assert_array_equal(apart.to_numpy(), expected)
    over = pt.vrt([names["a"], names["c"]], tmp_path / "over.vrt")
    assert kinds(tmp_path / "over.vrt") == {"ComplexSource"}
    np.testing.assert_array_equal(over.to_numpy()[0, 1], [4, NAN, 104, 7, NAN, 107])


def test_places_are_told_apart():
    assert _lie_apart([(0, 0, 2, 2), (2, 0, 1, 2), (0, 2, 5, 1)])
    assert not _lie_apart([(0, 0, 2, 2), (1, 1, 2, 2)])
    assert not _lie_apart([(0, 0, 2, 2), (0, 0, 2, 2)])
    rng = np.random.default_rng(1)
    for _ in range(50):
        places = np.column_stack([rng.integers(-3, 12, (4, 2)), rng.integers(1, 5, (4, 2))])
        seen = np.zeros((20, 20), int)
        for row, col, nrow, ncol in places + [3, 3, 0, 0]:
            seen[row : row + nrow, col : col + ncol] += 1
        assert _lie_apart([tuple(place) for place in places.tolist()]) == (seen.max() <= 1)


def test_a_virtual_raster_has_the_tiles_of_its_files(tmp_path):
    r = pt.rast(np.zeros((700, 900), "uint8"))
    r.write_raster(tmp_path / "west.tif", options={"TILED": "YES", "BLOCKXSIZE": 256, "BLOCKYSIZE": 48})
    r.shift(900).write_raster(tmp_path / "east.tif")
    both = pt.vrt([tmp_path / "west.tif", tmp_path / "east.tif"])
    assert both._node.source.tile == (144, 256)
