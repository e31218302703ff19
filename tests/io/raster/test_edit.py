"""What belongs to a file goes along when it is changed, unless it is no longer so."""

import numpy as np
import pytest
import rasterio
from rasterio.enums import Resampling

import pyterra as pt
from pyterra.errors import SinkError, WriteError
from pyterra.io.raster.aux_xml import read_categories
from pyterra.io.safe.verify import Digests


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.tif"


@pytest.fixture
def r(path):
    """A layer of bytes in tiles of 16 x 16 cells, the last ones ragged."""
    values = np.arange(40 * 50.0).reshape(1, 40, 50) % 200
    tiles = {"BLOCKXSIZE": 16, "BLOCKYSIZE": 16}
    return pt.rast(values, crs="EPSG:32633").write_raster(path, datatype="uint8", nodata=255, options=tiles)


@pytest.mark.parametrize("options", [{}, {"TILED": "NO"}, {"INTERLEAVE": "PIXEL"}, {"COMPRESS": "NONE"}])
def test_cells_anywhere_are_changed_and_no_others(path, options):
    rng = np.random.default_rng(3)
    values = rng.integers(0, 200, (3, 70, 90)).astype(float)
    x = pt.rast(values).write_raster(
        path, datatype="int16", options={"BLOCKXSIZE": 16, "BLOCKYSIZE": 32, **options}
    )
    cells = rng.permutation(70 * 90)[:500]
    new = rng.integers(-300, 0, (2, 500)).astype(float)
    values.reshape(3, -1)[[2, 0][0], cells], values.reshape(3, -1)[0, cells] = new
    x.update(cells=cells, values=new, layer=[2, 0])
    np.testing.assert_array_equal(pt.rast(path).to_numpy(), values)


def test_statistics_of_old_values_are_taken_out(r, path):
    assert r.has_minmax() == [True]
    now = r.update(cells=0, values=250)
    assert now.has_minmax() == [False]
    assert [p.name for p in path.parent.iterdir()] == ["a.tif"]
    assert now.minmax(compute=True).max() == 250


def test_statistics_stay_where_no_cell_changes(r):
    r.names = "x"
    assert r.update(names=True).has_minmax() == [True]


@pytest.mark.parametrize("how", ["average", "nearest", "mode"])
@pytest.mark.parametrize("outside", [False, True])
def test_overviews_are_made_anew_as_they_were_made(r, path, how, outside):
    with rasterio.Env(TIFF_USE_OVR=outside), rasterio.open(path, "r+") as file:
        file.build_overviews([2, 4], Resampling[how])
    x = pt.rast(path)
    cells = np.arange(50 * 8)
    x.update(cells=cells, values=np.random.default_rng(1).integers(0, 9, cells.size))
    found = []
    for level in (0, 1):
        with rasterio.open(path, overview_level=level) as file:
            found.append(file.read())
            assert file.tags(1)["RESAMPLING"] == how.upper()
    with rasterio.Env(TIFF_USE_OVR=outside), rasterio.open(path, "r+") as file:
        file.build_overviews([2, 4], Resampling[how])
    for level in (0, 1):
        with rasterio.open(path, overview_level=level) as file:
            np.testing.assert_array_equal(file.read(), found[level])


def test_classes_beside_the_file_go_along(path):
    r = pt.rast([[1.0, 2], [2, 1]])
    r.levels = {1: "wood", 2: "sand"}
    now = r.write_raster(path).update(cells=0, values=2)
    assert now.is_factor() == [True]
    assert read_categories(path)[0].labels() == {1: "wood", 2: "sand"}


def test_what_a_side_file_tells_in_place_of_the_file_is_taken_out_of_it(r, path):
    (path.parent / "a.tif.aux.xml").write_text(
        '<PAMDataset><SRS>EPSG:3857</SRS><GeoTransform>5, 1, 0, 5, 0, -1</GeoTransform><PAMRasterBand band="1">'
        "<Description>beside</Description><Histograms><HistItem/></Histograms><Metadata>"
        '<MDI key="STATISTICS_MAXIMUM">3</MDI><MDI key="OWN">kept</MDI></Metadata></PAMRasterBand></PAMDataset>'
    )
    x = pt.rast(path)
    x.names, x.crs, x.ext = "new", "EPSG:3035", (0, 50, 0, 40)
    now = x.update(names=True, crs=True, extent=True, cells=0, values=7)
    assert (now.names, now.crs.to_epsg(), tuple(now.ext)) == (["new"], 3035, (0, 50, 0, 40))
    side = (path.parent / "a.tif.aux.xml").read_text()
    assert "kept" in side
    assert not any(word in side for word in ("3857", "beside", "Histograms", "STATISTICS_"))


def test_cells_under_a_mask_are_refused_and_names_are_not(r, path):
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(path, "r+") as file:
        file.write_mask(np.arange(2000).reshape(40, 50) % 2 == 0)
    x = pt.rast(path, mask=True)
    with pytest.raises(SinkError, match=r"^update: .* has cells hidden by its mask"):
        x.update(cells=0, values=1)
    x.names = "seen"
    now = x.update(names=True)
    np.testing.assert_array_equal(now.to_numpy(), pt.rast(path, mask=True).to_numpy())
    assert now.names == ["seen"]
    assert np.isnan(now.to_numpy()).sum() == 1000


def test_permissions_stay(r, path):
    path.chmod(0o640)
    pt.rast(path).update(cells=0, values=3)
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_file_system_that_copies_nothing_by_itself_is_no_obstacle(r, path, monkeypatch):
    monkeypatch.delattr("os.copy_file_range")
    assert r.update(cells=0, values=3)[0, 0].tolist() == [3]


@pytest.mark.parametrize("name", ["STATISTICS_MINIMUM", "STATISTICS_MEAN"])
def test_statistics_of_any_kind_and_band_are_taken_out(path, name):
    pt.rast(np.ones((2, 4, 4))).write_raster(path, datatype="uint8")
    with rasterio.open(path, "r+") as file:
        file.clear_stats()
        file.update_tags(2, **{name: "7"}, OWN="kept")
    pt.rast(path).update(cells=0, values=2)
    with rasterio.open(path) as file:
        tags = file.tags(2)
    assert (name in tags, tags["OWN"]) == (False, "kept")


def test_a_disk_that_keeps_other_numbers_is_noticed_and_the_file_stays(r, path, monkeypatch):
    before, plain = path.read_bytes(), Digests.add
    monkeypatch.setattr(Digests, "add", lambda self, piece, numbers: plain(self, piece, numbers + 1))
    with pytest.raises(
        WriteError, match=r"^update: .*a.tif, rows 0..15, columns 0..15: what was read back differs"
    ):
        r.update(cells=0, values=3)
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["a.tif"]
