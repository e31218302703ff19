"""What rast and its kin make of what they are given."""

import numpy as np
import pandas as pd
import pytest
import rasterio
import rasterio.rpc
from rasterio import Affine

import pyterra as pt
from pyterra.errors import ArgumentError, SourceError

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


def test_points_on_a_grid_make_a_raster():
    frame = pd.DataFrame({"x": [0.5, 1.5, 0.5], "y": [1.5, 1.5, 0.5], "v": [1, 2, 3]})
    made = pt.rast(frame, type="xyz")
    np.testing.assert_array_equal(made.to_numpy(), [[[1, 2], [3, NAN]]])
    assert made.names == ["v"]
    with pytest.raises(ArgumentError, match="regular grid"):
        pt.rast(pd.DataFrame({"x": [0, 1, 2.5], "y": [0, 0, 1], "v": [1, 2, 3]}), type="xyz")
    with pytest.raises(ArgumentError, match="xyz"):
        pt.rast(frame)


# terra 1.9-45: rectify(rast(path), method = ...) of the file below
TURNED = {
    "near": [
        [NAN, NAN, NAN, 40, NAN], [NAN, 20, 30, 80, NAN], [10, 60, 60, 110, 120], [NAN, 90, 100, NAN, NAN],
        [NAN, 90, NAN, NAN, NAN],
    ],
    "bilinear": [
        [NAN, NAN, NAN, 40, NAN], [NAN, 20.49038, 41.83013, 70.49038, NAN],
        [17.32051, 42.81089, 71.47115, 100.13139, 120], [NAN, 72.4519, 99.15063, NAN, NAN], [NAN, 90, NAN, NAN, NAN],
    ],
}  # fmt: skip


@pytest.fixture
def turned(tmp_path):
    """Cells of 10 m, turned by 30 degrees."""
    path = tmp_path / "turned.tif"
    turn = Affine.rotation(30)
    transform = Affine(10 * turn.a, -10 * turn.b, 100, 10 * turn.d, -10 * turn.e, 200)
    profile = {"driver": "GTiff", "height": 3, "width": 4, "count": 1, "dtype": "uint8", "crs": "EPSG:32631"}
    with rasterio.open(path, "w", transform=transform, **profile) as file:
        file.write(np.arange(10, 121, 10, dtype="uint8").reshape(1, 3, 4))
    return path


@pytest.mark.parametrize("method", TURNED)
def test_turned_files_are_opened_north_up(turned, method):
    found = pt.rectify(turned, method)
    assert list(found.ext) == [100, 150, 170, 220]
    assert found.names == ["turned"]
    np.testing.assert_allclose(found.to_numpy()[0], TURNED[method], rtol=1e-6)
    part = pt.rectify(turned, method, aoi=(110, 140, 180, 210))
    np.testing.assert_array_equal(part.to_numpy()[0], found.to_numpy()[0, 1:4, 1:4])


def test_a_turned_file_keeps_its_code_for_missing_and_its_type(turned):
    with rasterio.open(turned, "r+") as file:
        file.nodata = 30
    found = pt.rectify(turned, "near")
    assert found.is_int() == [True]
    expected = np.where(np.array(TURNED["near"]) == 30, NAN, TURNED["near"])
    np.testing.assert_array_equal(found.to_numpy()[0], expected)


def test_a_cell_that_one_layer_misses_is_no_value_of_it_and_whole_numbers_are_not_rounded(turned):
    with rasterio.open(turned) as file:
        cells, profile = (
            file.read(1).astype("int16"),
            {**file.profile, "dtype": "int16", "count": 2, "nodata": -99},
        )
    with rasterio.open(turned, "w", **profile) as file:
        file.write(np.stack([cells, np.where(cells == 70, -99, cells)]))
    found = pt.rectify(turned).to_numpy()
    np.testing.assert_allclose(found[0], TURNED["bilinear"], rtol=1e-6)
    expected = np.array(TURNED["bilinear"])
    expected[1, 2:4], expected[2, 2:4] = (
        (30.32057, 70.59718),
        (72.22598, 109.02453),
    )  # terra 1.9-45: rectify(rast(path))
    np.testing.assert_allclose(found[1], expected, rtol=1e-6)


def test_points_of_control_place_a_file(tmp_path):
    path = tmp_path / "points.tif"
    points = [
        rasterio.control.GroundControlPoint(r, c, 10 * c, -10 * r)
        for r, c in ((0, 0), (0, 4), (3, 0), (3, 4))
    ]
    profile = {"driver": "GTiff", "height": 3, "width": 4, "count": 1, "dtype": "float32", "nodata": -1}
    with rasterio.open(path, "w", gcps=points, crs="EPSG:32631", **profile) as file:
        file.write(np.arange(12, dtype="float32").reshape(1, 3, 4))
    with pytest.raises(SourceError, match=r"ground control points; open it with rectify\(\)"):
        pt.rast(path)
    found = pt.rectify(path, "near")
    np.testing.assert_array_equal(found.to_numpy()[0], np.arange(12.0).reshape(3, 4))


def test_a_missing_cell_of_a_file_without_a_code_does_not_spoil_its_neighbours(turned):
    with rasterio.open(turned) as file:
        cells, profile = file.read().astype("float32"), {**file.profile, "dtype": "float32"}
    cells[0, 1, 1] = NAN
    with rasterio.open(turned, "w", **profile) as file:
        file.write(cells)
    found = pt.rectify(turned).to_numpy()[0]
    # terra 1.9-45: rectify(rast(path)); ten times what a file of 1 to 12 gives
    expected = [[NAN, NAN, NAN, 40, NAN], [NAN, 20.49038, 41.32739, 70.49038, NAN]]
    np.testing.assert_allclose(found[:2], expected, rtol=1e-6)
    assert np.argwhere(np.isnan(found) & ~np.isnan(TURNED["bilinear"])).tolist() == [
        [2, 1],
        [2, 2],
    ]  # that cell


@pytest.mark.parametrize("method", ["near", "bilinear"])
@pytest.mark.parametrize("north", [True, False])
def test_a_file_that_runs_from_east_to_west_is_mirrored(tmp_path, method, north):
    path, cells = tmp_path / "west.tif", np.arange(6, dtype="float32").reshape(2, 3)
    at = Affine(-10, 0, 130, 0, -10, 220) if north else Affine(-10, 0, 130, 0, 10, 200)
    profile = {
        "driver": "GTiff",
        "height": 2,
        "width": 3,
        "count": 1,
        "dtype": "float32",
        "crs": "EPSG:32631",
    }
    with rasterio.open(path, "w", transform=at, **profile) as file:
        file.write(cells[None])
    with pytest.raises(SourceError, match=r"runs from east to west; open it with rectify\(\)"):
        pt.rast(path)
    found = pt.rectify(path, method)
    assert list(found.ext) == [100, 130, 200, 220]
    expected = cells[:, ::-1] if north else cells[::-1, ::-1]
    np.testing.assert_array_equal(found.to_numpy()[0], expected)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")  # when it is written
def test_rational_polynomials_place_a_file_in_degrees(tmp_path):
    path, cells = tmp_path / "rpc.tif", np.arange(12, dtype="float32").reshape(3, 4)
    zeros = [0.0] * 20
    one = [1.0, *zeros[1:]]
    east, south = [0.0, 1.0, *zeros[2:]], [0.0, 0.0, -1.0, *zeros[3:]]
    told = {
        "height_off": 0,
        "lat_off": 45,
        "long_off": 10,
        "line_off": 1,
        "samp_off": 1.5,
        "height_scale": 500,
    }
    told |= {"lat_scale": 1, "long_scale": 1, "line_scale": 1, "samp_scale": 1}
    told |= {"line_num_coeff": south, "line_den_coeff": one, "samp_num_coeff": east, "samp_den_coeff": one}
    profile = {"driver": "GTiff", "height": 3, "width": 4, "count": 1, "dtype": "float32"}
    with rasterio.open(path, "w", **profile) as file:
        file.write(cells[None])
        file.rpcs = rasterio.rpc.RPC(**told)
    found = pt.rectify(path, "near")
    assert found.is_lonlat()
    middle = found.extract([[10.0, 45.0]]).iloc[0, -1]
    assert middle in (5, 6)  # line 1, sample 1.5: where two cells meet


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")  # when it is written
def test_what_cannot_be_rectified_is_refused(tmp_path):
    with pytest.raises(SourceError, match=r"rast: .*no\.tif does not exist"):
        pt.rectify(tmp_path / "no.tif")
    with pytest.raises(SourceError, match=r"plain\.tif cannot be placed: .*project\(\) takes that to a grid"):
        pt.rectify(_plain(tmp_path / "plain.tif"))
    with pytest.raises(ArgumentError, match="rectify: method: must be one of"):
        pt.rectify(tmp_path / "no.tif", "sum")


def _plain(path):
    """A file without any place."""
    with rasterio.open(path, "w", driver="GTiff", width=2, height=2, count=1, dtype="uint8"):
        pass
    return path
