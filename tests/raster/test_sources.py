"""Where values come from and how they are stored. Answers are terra 1.9's, or worked out by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.raster.sources import copy, sources

NAN = float("nan")


@pytest.fixture
def stored(tmp_path):
    """Two layers of 2 x 3 bytes in a file, 1 to 12, of which 3 is missing."""
    values = np.arange(1.0, 13).reshape(2, 2, 3)
    values[0, 0, 2] = NAN
    return pt.rast(values).write_raster(tmp_path / "a.tif", datatype="uint8", nodata=3)


def values(r, layer=0):
    return r[layer].values(drop=True).tolist()


def test_files_come_in_the_order_of_first_use_and_memory_has_no_name(tmp_path):
    a = pt.rast([[1.0]], names="a").write_raster(tmp_path / "a.tif")
    b = pt.rast([[2.0]], names="b").write_raster(tmp_path / "b.tif")
    found = sources((b + 1) * a + b + pt.rast([[3.0]], extent=a.ext, crs=a.crs))
    assert [Path(name).name for name in found] == ["b.tif", "a.tif", ""]
    assert sources(pt.rast(nrows=1, ncols=1)) == []


def test_a_copy_is_a_handle_of_its_own():
    a = pt.rast([[1.0, 2.0]], names="a")
    b = copy(a)
    b[b > 1] = 9
    assert (a.values(drop=True).tolist(), b.values(drop=True).tolist()) == ([1, 2], [1, 9])


def test_na_flag_makes_cells_missing_until_it_is_taken_back(stored):
    assert stored.na_flag == [3, 3]
    stored.na_flag = 5
    assert np.array_equal(
        values(stored), [1, 2, NAN, 4, NAN, 6], equal_nan=True
    )  # terra: what the file says stays
    assert stored.na_flag == [5, 5]
    stored.na_flag = [1, None]
    assert np.array_equal(values(stored), [NAN, 2, NAN, 4, 5, 6], equal_nan=True)
    assert stored.na_flag == [1, 3]
    assert not stored[1].is_na().values().any()
    stored.na_flag = None
    assert np.array_equal(values(stored), [1, 2, NAN, 4, 5, 6], equal_nan=True)
    assert stored.na_flag == [3, 3]


def test_na_flag_of_values_in_memory(tmp_path):
    r = pt.rast([[1, 2], [3, 4]])
    r.na_flag = 2
    assert np.array_equal(values(r), [1, NAN, 3, 4], equal_nan=True)
    assert r.minmax().ravel().tolist() == [1, 4]
    r.write_raster(tmp_path / "b.tif", datatype="uint8")
    with rasterio.open(tmp_path / "b.tif") as file:
        assert file.read(1, masked=True).compressed().tolist() == [1, 3, 4]


def test_a_flag_of_float32_is_the_stored_number():
    r = pt.rast(np.array([[-3.4e38, 1]], "float32"))
    r.na_flag = -3.4e38
    assert np.array_equal(values(r), [NAN, 1], equal_nan=True)


def test_na_flag_refuses_what_is_no_number_for_each_layer(stored):
    with pytest.raises(ArgumentError, match=r"na_flag: must be one per layer \(2\), got 3"):
        stored.na_flag = [1, 2, 3]
    with pytest.raises(ArgumentError, match="na_flag: must be a number, got 'x'"):
        stored.na_flag = "x"


def test_scoff_reads_stored_numbers_anew(stored):
    assert stored.scoff.tolist() == [[1, 0], [1, 0]]
    stored.scoff = [[10, 5], [1, 0]]
    assert np.array_equal(values(stored), [15, 25, NAN, 45, 55, 65], equal_nan=True)
    assert values(stored, 1) == [7, 8, 9, 10, 11, 12]
    assert stored.scoff.tolist() == [[10, 5], [1, 0]]
    assert (stored + 1).scoff.tolist() == [[1, 0], [1, 0]]
    stored.scoff = None
    assert np.array_equal(values(stored), [1, 2, NAN, 4, 5, 6], equal_nan=True)


def test_scoff_of_a_file_that_has_one_can_be_undone(tmp_path):
    r = pt.rast([[12, 22]]).write_raster(tmp_path / "a.tif", datatype="int16", scale=0.1, offset=2)
    assert r.scoff.tolist() == [[0.1, 2]]
    r.scoff = (1, 0)
    assert values(r) == [100, 200]
    assert r.names == ["a"] or r.names == ["lyr.1"]


def test_scoff_of_values_in_memory_computes_with_them():
    r = pt.rast([[[1, 2]], [[3, 4]]])
    r.scoff = (10, 5)
    assert r.values().tolist() == [[15, 35], [25, 45]]  # as terra: nothing is left to undo
    assert r.scoff.tolist() == [[1, 0], [1, 0]]
    assert r.nsrc() == 1


@pytest.mark.parametrize("value", [(0, 1), [1, 2, 3], [[1, NAN]]])
def test_scoff_refuses_what_is_no_scale(value):
    r = pt.rast([[1, 2]])
    with pytest.raises(ArgumentError, match="scoff: must be a scale other than 0"):
        r.scoff = value


def test_sources_are_counted_as_terra_counts_them(stored):
    m = pt.rast(stored, vals=1)
    assert [r.nsrc() for r in (stored, m, stored + 1, stored[[1, 0]])] == [1, 1, 1, 2]
    assert [pt.c(*rs).nsrc() for rs in ((m, stored), (m, m), (stored, stored[0]))] == [2, 2, 2]


def test_types_and_tiles_are_those_of_the_files(stored):
    both = pt.c(stored + 1, stored)
    assert both.datatype() == ["", "", "uint8", "uint8"]
    assert both.datatype(bylyr=False) == ["", "uint8"]
    assert both.file_blocksize()[0].tolist() == [0, 0]
    assert both.file_blocksize()[2].tolist() == list(stored._node.source.tile)


def test_a_file_that_begins_in_the_south_is_flipped(tmp_path):
    transform = rasterio.Affine(1, 0, 5, 0, 1, 7)
    profile = {
        "driver": "GTiff",
        "width": 1,
        "height": 2,
        "count": 1,
        "dtype": "uint8",
        "transform": transform,
    }
    with rasterio.open(tmp_path / "a.tif", "w", **profile) as file:
        file.write(np.array([[[1], [2]]], "uint8"))
    r = pt.rast(tmp_path / "a.tif")
    assert r.is_flipped() == [True]
    assert values(r) == [2, 1]
    assert pt.c(r, r * 2).is_flipped() == [True, False]


def test_limits_are_known_or_made_known():
    r = pt.rast([[3, 1]]) * 2
    assert r.has_minmax() == [False]
    assert r.set_minmax().has_minmax() == [True]
    assert r.set_minmax().minmax(compute=False).ravel().tolist() == [2, 6]
    assert pt.rast([[3, 1]]).has_minmax() == [True]
    assert pt.rast(nrows=1, ncols=2).has_minmax() == [False]


def test_set_minmax_computes_what_a_file_tells_wrong_where_it_is_forced(tmp_path):
    r = pt.rast([[3, 1]]).write_raster(tmp_path / "a.tif")
    with rasterio.open(tmp_path / "a.tif", "r+") as file:
        file.update_tags(1, STATISTICS_MAXIMUM=99)
    r = pt.rast(tmp_path / "a.tif")
    assert r.set_minmax().minmax().ravel().tolist() == [1, 99]
    assert r.set_minmax(force=True).minmax().ravel().tolist() == [1, 3]


def test_to_memory_holds_values_exactly(stored):
    held = (stored / 3).to_memory()
    assert held.in_memory()
    assert np.array_equal(held.values(), (stored / 3).values(), equal_nan=True)


# What is said of layers


def test_depth_has_a_name_and_a_unit_that_netcdf_keeps(tmp_path):
    r = pt.rast([[[1]], [[2]]])
    assert (r.depth_name, r.depth_unit) == ("depth", "")
    r.depth, r.depth_name, r.depth_unit = [10, 20], "lev", "m"
    assert ((r + 1).depth_name, r[0].depth_unit) == ("lev", "m")
    again = r.write_raster(tmp_path / "a.nc")
    assert (again.depth, again.depth_name, again.depth_unit) == ([10, 20], "lev", "m")
    with pytest.raises(ArgumentError, match="depth_name: must be one text, got 1"):
        r.depth_name = 1


def test_varnames_stay_with_layers():
    r = pt.rast([[[1]], [[2]]])
    r.varnames = "t"
    assert (r * 2).varnames == ["t", "t"]
    s = pt.sds(r, r * 2)
    s.varnames = ["p", "q"]
    assert s.varnames == ["p", "q"]
    assert s[1].varnames == ["q", "q"]


def test_layers_make_a_picture(tmp_path):
    r = pt.rast(np.arange(16).reshape(4, 2, 2))
    assert r.rgb is None
    assert not r.has_rgb()
    r.rgb = [2, 1, 0]
    assert r.rgb == [2, 1, 0]
    assert (r.has_rgb(), r.crop(r.ext).rgb) == (True, [2, 1, 0])
    assert [(r + 1).rgb, r[[0, 1]].rgb, pt.c(r, r[0]).rgb] == [None, None, None]
    h = r.set_rgb([0, 1, 2], "hsv")
    assert (h.rgb, h.has_rgb(), h.has_rgb(strict=False), r.rgb) == ([0, 1, 2], False, True, [2, 1, 0])
    for made, rgb in ((r.set_rgb([0, 1, 2, 3]), [0, 1, 2, 3]), (h, [0, 1, 2]), (r, [2, 1, 0])):
        written = made.write_raster(tmp_path / "a.tif", overwrite=True, datatype="uint8")
        assert written.rgb == rgb
        assert written.has_rgb() == made.has_rgb()
    r.rgb = None
    assert r.rgb is None


def test_a_file_says_which_bands_are_red_green_and_blue(tmp_path):
    profile = {"driver": "GTiff", "width": 1, "height": 1, "count": 3, "dtype": "uint8", "photometric": "RGB"}
    profile["transform"] = rasterio.Affine(1, 0, 5, 0, -1, 7)
    with rasterio.open(tmp_path / "a.tif", "w", **profile) as file:
        file.write(np.ones((3, 1, 1), "uint8"))
    assert pt.rast(tmp_path / "a.tif").rgb == [0, 1, 2]
    one = pt.rast(tmp_path / "a.tif")[[1, 2]].write_raster(tmp_path / "b.tif")
    assert one.rgb is None
    plain = pt.rast(np.ones((3, 1, 1), "uint8")).write_raster(tmp_path / "c.tif")
    assert plain.rgb is None


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ([0, 1], "rgb", "rgb: must be 3 or 4 layers, got 2"),
        ([0, 1, 2, 3], "hsv", "rgb: must be 3 layers, got 4"),
        ([0, 1, 4], "rgb", "rgb: must be different numbers of layers, 0 to 3"),
        ([0, 1, 1], "rgb", "rgb: must be different numbers of layers"),
        ([0, 1, 2], "lab", "rgb: type: must be one of rgb, hsv, hsi, hsl, got 'lab'"),
    ],
)
def test_set_rgb_refuses_what_is_no_picture(value, kind, text):
    with pytest.raises(ArgumentError, match=text):
        pt.rast(np.zeros((4, 1, 1))).set_rgb(value, kind)


def test_origin_moves_a_raster_by_less_than_a_cell():
    # terra 1.9: an extent of 0.3, 2.3, 0, 2 under origin(x) <- 0.1, then c(0.9, -0.4).
    r = pt.rast(nrows=2, ncols=2, xmin=0.3, xmax=2.3, ymin=0, ymax=2, vals=[1, 2, 3, 4])
    r.origin = 0.1
    assert np.allclose(list(r.ext), [0.1, 2.1, 0.1, 2.1])
    assert np.allclose(r.origin, 0.1)
    r.origin = 0
    r.origin = (0.9, -0.4)
    assert np.allclose(list(r.ext), [-0.1, 1.9, -0.4, 1.6])
    assert values(r) == [1, 2, 3, 4]
    globe = pt.rast(nrows=2, ncols=4)
    globe.origin = (10, 5)
    assert np.allclose(list(globe.ext), [-170, 190, -85, 95])
    with pytest.raises(ArgumentError, match="origin: must be one or two numbers"):
        r.origin = (1, 2, 3)


@pytest.mark.parametrize(
    ("crs", "metres"),
    [
        ("EPSG:32633", 1),
        ("EPSG:2263", 0.3048006),
        ("", NAN),
        ("EPSG:4326", 0),
        ("+proj=utm +zone=1 +units=km", 1000),
    ],
)
def test_linear_units_are_those_of_terra(crs, metres):
    grid = {"nrows": 1, "ncols": 1, "xmin": 0, "xmax": 1, "ymin": 0, "ymax": 1}
    found = pt.rast(**grid, crs=crs).linear_units(), pt.vect([[0.0, 0.0]], crs=crs).linear_units()
    assert np.allclose(found, metres, rtol=1e-7, equal_nan=True)


def test_types_of_attributes_have_terras_words():
    atts = {
        "a": [1], "b": ["x"], "c": [1.5], "d": [True], "e": [pd.Timestamp("2020-01-01")], "f": pd.Categorical(["u"]),
    }  # fmt: skip
    assert pt.vect([[1.0, 2.0]], atts=atts).datatype() == [
        "long",
        "string",
        "double",
        "bool",
        "time",
        "factor",
    ]
