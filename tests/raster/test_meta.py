"""Names, time, categories, geometry, indexing, construction, and what is shown."""

import pickle

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import (
    ArgumentError,
    ExtentError,
    GridMismatchError,
    LayerError,
    PyterraWarning,
    TooLargeError,
)

NAN = np.nan


@pytest.fixture
def r():
    return pt.rast(
        np.arange(24.0).reshape(2, 3, 4), names=["red", "nir"], extent=(0, 4, 0, 3), crs="EPSG:3035"
    )


@pytest.mark.parametrize(
    ("extent", "resolution", "shape", "far"),
    [
        ((0, 1.05, 0, 1.05), 0.1, (11, 11), (1.1, 1.1)),
        ((0, 1.04, 0, 1.06), 0.1, (11, 10), (1.0, 1.1)),
        ((5, 6, -3, -1), (0.4, 0.3), (7, 3), (6.2, -0.9)),
        ((0, 1, 0, 1), 3, (1, 1), (3, 3)),
        ((0, 1, 0, 1), 0.1, (10, 10), (1, 1)),
    ],
)
def test_a_resolution_moves_the_far_edges(extent, resolution, shape, far):
    # As terra 1.9: the resolution is given, xmax and ymax follow; the setter does the same.
    made = pt.rast(extent=extent, resolution=resolution)
    again = pt.rast(extent=extent, nrows=2, ncols=2)
    again.res = resolution
    for r in (made, again, pt.rast(again, resolution=resolution)):
        assert r.res == pytest.approx(np.broadcast_to(resolution, 2), rel=1e-12)
        assert r.shape[1:] == shape
        assert (r.xmin, r.ymin) == (extent[0], extent[2])
        assert (r.xmax, r.ymax) == pytest.approx(far, rel=1e-12)


@pytest.mark.parametrize("bad", [0, -1, (1, 2, 3), np.nan, (1, 0)])
def test_a_resolution_is_checked(bad):
    with pytest.raises(ArgumentError, match="rast: resolution must be one or two numbers above 0"):
        pt.rast(extent=(0, 1, 0, 1), resolution=bad)


def test_construction_follows_terra():
    world = pt.rast()
    assert (world.nrow, world.ncol, world.nlyr) == (180, 360, 1)
    assert world.is_lonlat()
    assert not world.has_values()
    assert pt.rast(pt.ext(0, 10, 0, 10), resolution=3).res == (3, 3)
    assert pt.rast(nrows=2, ncols=2, nlyrs=3, vals=1).shape == (3, 2, 2)
    assert pt.rast(nrows=2, ncols=2, xmin=0, xmax=1000, ymin=0, ymax=1000).crs is None
    like = pt.rast(pt.rast(np.ones((2, 3)), extent=(0, 3, 0, 2), crs="EPSG:3035"), nlyrs=2)
    assert like.shape == (2, 2, 3)
    assert not like.has_values()
    with pytest.raises(ArgumentError, match="not both"):
        pt.rast(nrows=2, resolution=1)
    with pytest.raises(ArgumentError, match="resample"):
        pt.rast(np.ones((2, 2)), nrows=4)
    with pytest.raises(ArgumentError, match="shape"):
        pt.rast(np.ones(4))
    with pytest.raises(ArgumentError, match="multiple of 4"):
        pt.rast(nrows=2, ncols=2, vals=[1, 2, 3])


def test_an_array_given_to_rast_can_change_afterwards():
    array = np.zeros((2, 2))
    made = pt.rast(array)
    array[:] = 9
    assert made.to_numpy().max() == 0


def test_layers_are_a_sequence(r):
    assert len(r) == 2
    assert [layer.names for layer in r] == [["red"], ["nir"]]
    assert r[0].names == ["red"]
    assert r["nir"].to_numpy()[0, 0, 0] == 12
    assert r[["nir", "red"]].names == ["nir", "red"]
    assert r[0:1].nlyr == 1
    assert r[[True, False]].names == ["red"]
    assert r.subset("red", negate=True).names == ["nir"]
    with pytest.raises(LayerError, match="did you mean 'nir'"):
        r["nri"]
    with pytest.raises(LayerError, match="0 to 1"):
        r[-3]
    with pytest.raises(KeyError):
        r["nothing"]


def test_two_indices_are_rows_and_columns(r):
    assert r[1, 2].tolist() == [6, 18]
    assert r[0:2, 1:3].shape == (2, 2, 2)
    assert r[0, :].shape == (2, 4)
    assert r[[0, 2], [0, 3]][0].tolist() == [[0, 3], [8, 11]]
    with pytest.raises(ExtentError, match="rows go from 0 to 2"):
        r[3, 0]


def test_a_raster_mask_gives_values_in_cell_order(r, forced_blocks):
    mask = r["red"] > 8
    np.testing.assert_array_equal(r[mask], [[9, 21], [10, 22], [11, 23]])
    forced_blocks(2, 3)
    np.testing.assert_array_equal(r[mask], [[9, 21], [10, 22], [11, 23]])


def test_assignment_changes_one_handle_only(r):
    other = pt.SpatRaster(r._node)
    r[r > 20] = None
    assert np.isnan(r.to_numpy()).sum() == 3
    assert not np.isnan(other.to_numpy()).any()
    r[0, 0] = 7
    assert r[0, 0].tolist() == [7, 7]
    r["swir"] = r["red"] * 2
    assert r.names == ["red", "nir", "swir"]
    r["red"] = r["red"] * 0
    assert r["red"].global_("max").iloc[0, 0] == 0
    r[r < 5] = r * 0 - 1
    assert r.global_("min", na_rm=True)["min"].min() == -1
    assert other.names == ["red", "nir"]


def test_names_units_time_are_one_per_layer(r):
    r.names = ["a", "b"]
    r.units = ["m", "s"]
    r.time = ["2020-01-31", "2020-02-29"]
    assert (r.names, r.units) == (["a", "b"], ["m", "s"])
    assert r.time_info() == "days"
    assert r.time.dtype == "datetime64[D]"
    r.time = pd.to_datetime(["2020-01-31 12:00", "2020-02-29 00:00"])
    assert r.time_info() == "seconds"
    assert r.set_time(["2020-01-31", "2020-03-01"], "yearmonths").time == pytest.approx([2020, 2020 + 2 / 12])
    r.time = None
    assert r.time is None
    for attribute in ("names", "units", "time"):
        with pytest.raises(ArgumentError, match="one per layer"):
            setattr(r, attribute, ["x"])
    with pytest.raises(ArgumentError, match="dates such as"):
        r.time = ["yesterday", "today"]


def test_geometry_can_be_set(r):
    r.ext = pt.ext(0, 8, 0, 6)
    assert r.res == (2, 2)
    assert r.has_values()
    r.xmin = -8
    assert r.xres == 4
    r.crs = "EPSG:32631"
    assert r.crs.to_epsg() == 32631
    computed = r + 1
    computed.ext = pt.ext(0, 4, 0, 3)
    assert list(computed.ext) == [0, 4, 0, 3]
    assert computed.to_numpy()[0, 0, 0] == 1
    r.res = 1
    assert not r.has_values()


def test_compare_geom_says_what_differs(r):
    assert r.compare_geom(r + 1)
    assert not r.compare_geom(r.shift(1), stop_on_error=False)
    with pytest.raises(GridMismatchError, match="extents differ"):
        r.compare_geom(r.shift(1))
    other = pt.SpatRaster(r._node)
    other.crs = 32631
    with pytest.raises(GridMismatchError, match="reference systems"):
        r.compare_geom(other)


def test_cells_and_coordinates_count_from_zero(r):
    assert r.cell_from_xy([[0.5, 2.5], [9, 9]]).tolist() == [0, -1]
    assert r.xy_from_cell([0, 11]).tolist() == [[0.5, 2.5], [3.5, 0.5]]
    assert r.row_col_from_cell([5]).tolist() == [[1, 1]]
    assert r.cell_from_row_col_combine([0, 1], [0, 1]).tolist() == [0, 1, 4, 5]
    assert r.row_from_y(0.5).tolist() == 2
    assert r.col_from_x(3.99).tolist() == 3


def test_categories_can_be_set_shown_and_switched():
    s = pt.rast([[1, 2], [2, 3]])
    s.levels = pd.DataFrame({"id": [1, 2, 3], "cover": ["forest", "grass", "sea"], "code": ["F", "G", "S"]})
    assert s.names == ["cover"]
    assert s.is_factor() == [True]
    assert s.cats()[0].shape == (3, 3)
    s.active_cat = "code"
    assert s.levels[0].columns.tolist() == ["id", "code"]
    assert s.names == ["code"]
    assert pt.rast([[4, 5]]).as_factor().levels[0].iloc[:, 1].tolist() == ["4", "5"]
    s.levels = None
    assert s.is_factor() == [False]
    with pytest.raises(ArgumentError, match="whole numbers"):
        s.levels = {1.5: "x"}
    with pytest.raises(ArgumentError, match="one row only"):
        s.levels = pd.DataFrame({"id": [1, 1], "x": ["a", "b"]})


def test_colours_are_checked():
    s = pt.rast([[1, 2]])
    s.colors = {1: (255, 0, 0), 2: (0, 255, 0, 128)}
    assert s.colors[0] == {1: (255, 0, 0, 255), 2: (0, 255, 0, 128)}
    with pytest.raises(ArgumentError, match="0 to 255"):
        s.colors = {1: (300, 0, 0)}


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


def test_html_holds_the_facts_and_a_map(r):
    r.names = ["<red>", "nir"]
    text = r._repr_html_()
    assert "&lt;red&gt;" in text
    assert "<red>" not in text
    assert "data:image/png;base64," in text


def test_numpy_gets_values_but_not_in_passing_when_they_are_many(r):
    assert np.asarray(r).shape == (2, 3, 4)
    assert np.asarray(r, dtype="int16").dtype == np.int16
    huge = pt.rast(nrows=40_000, ncols=40_000, vals=None)
    from pyterra.expr import Constant

    huge = pt.SpatRaster(
        Constant(grid=huge._node.grid, layers=huge._node.layers, dtype=np.dtype("f4"), numbers=(1.0,))
    )
    with pytest.raises(TooLargeError, match="to_numpy"):
        np.asarray(huge)


def test_values_is_terras_matrix(r):
    assert r.values().shape == (12, 2)
    assert r[0].values(drop=True).tolist() == list(range(12))
    assert r.set_values(np.zeros((12, 2))).names == ["red", "nir"]
    with pytest.raises(ArgumentError, match="numbers"):
        r.set_values(np.array(["a"] * 12))


def test_joining_names_by_argument_and_checks_grids(r):
    assert pt.c(r[0], b=r[1]).names == ["red", "b"]
    with pytest.raises(GridMismatchError):
        pt.c(r, r.aggregate(2, "max", na_rm=True))
    bare = pt.rast(np.ones((3, 4)), extent=(0, 4, 0, 3))
    with pytest.warns(PyterraWarning, match="no CRS"):
        assert pt.c(r, bare).crs.to_epsg() == 3035


def test_rasters_over_files_pickle_small(tmp_path, r):
    file = pt.rast(np.random.default_rng(1).random((1, 500, 500))).write_raster(tmp_path / "f.tif")
    data = pickle.dumps(file.focal(3).app("max") + 1)
    assert len(data) < 10_000
    again = pickle.loads(data)
    assert again.to_numpy().tobytes() == (file.focal(3).app("max") + 1).to_numpy().tobytes()


def test_xarray_there_and_back(r):
    xarray = pytest.importorskip("xarray")
    r.time = ["2020-01-31", "2020-02-29"]
    array = r.to_xarray()
    assert array.dims == ("time", "y", "x")
    assert array.coords["spatial_ref"].attrs["crs_wkt"]
    back = pt.rast(array)
    assert back.names == ["red", "nir"]
    assert (back.time == r.time).all()
    assert back.compare_geom(r)
    np.testing.assert_array_equal(back.to_numpy(), r.to_numpy())
    upside_down = pt.rast(array.isel(y=slice(None, None, -1)))
    np.testing.assert_array_equal(upside_down.to_numpy(), r.to_numpy())
    with pytest.raises(ArgumentError, match="evenly"):
        pt.rast(xarray.DataArray(np.ones((2, 3)), coords={"y": [1, 0], "x": [0, 1, 5]}, dims=("y", "x")))
    assert pt.rast(array.to_dataset(name="v")).names == ["red", "nir"]


def test_points_on_a_grid_make_a_raster():
    frame = pd.DataFrame({"x": [0.5, 1.5, 0.5], "y": [1.5, 1.5, 0.5], "v": [1, 2, 3]})
    made = pt.rast(frame, type="xyz")
    np.testing.assert_array_equal(made.to_numpy(), [[[1, 2], [3, NAN]]])
    assert made.names == ["v"]
    with pytest.raises(ArgumentError, match="regular grid"):
        pt.rast(pd.DataFrame({"x": [0, 1, 2.5], "y": [0, 0, 1], "v": [1, 2, 3]}), type="xyz")
    with pytest.raises(ArgumentError, match="xyz"):
        pt.rast(frame)
