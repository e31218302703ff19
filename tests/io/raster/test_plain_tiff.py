"""GeoTIFFs that are described without GDAL: as GDAL describes them, or left to it."""

import numpy as np
import pytest
import rasterio
from rasterio.windows import Window as RasterioWindow

import pyterra as pt
from pyterra.grid import Window
from pyterra.io.raster import many
from pyterra.io.raster.plain_tiff import plain_tiff
from pyterra.io.raster.raster_file import open_source
from pyterra.io.safe.fingerprint import fingerprint

UPRIGHT = rasterio.Affine(2, 0, 10, 0, -3, 50)


def write(path, values, transform=UPRIGHT, then=lambda dataset: None, **options):
    profile = {"driver": "GTiff", "compress": "lzw", "dtype": values.dtype, "transform": transform, **options}
    shape = dict(zip(("count", "height", "width"), values.shape, strict=True))
    with rasterio.open(path, "w", **profile, **shape) as file:
        file.write(values)
        then(file)
    return str(path)


def described(path):
    return plain_tiff(path, fingerprint(path))


@pytest.mark.parametrize(
    "dtype", ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"]
)
def test_what_is_said_is_what_gdal_says(tmp_path, dtype):
    rng = np.random.default_rng(1)
    codes = [None, 0, 7, -9999, 300, 2.5, -3.4028234663852886e38, np.nan]
    for i, code in enumerate(codes):
        values = rng.integers(0, 100, (int(rng.integers(1, 4)), 30, 40)).astype(dtype)
        layout = [{}, {"tiled": True, "blockxsize": 16, "blockysize": 32}, {"blockysize": 7}][i % 3]
        interleave = ["band", "pixel"][i % 2]
        try:
            path = write(tmp_path / f"{i}.tif", values, nodata=code, interleave=interleave, **layout)
        except ValueError:  # rasterio refuses codes that the type cannot hold
            continue
        plain = described(path)
        source, dataset = open_source(path)
        dataset.close()
        assert plain is not None
        assert plain.source == source
        np.testing.assert_array_equal(plain.tiles.read(range(len(values)), Window(0, 0, 30, 40)), values)


def scaled(file):
    file.scales = (0.1,)


LEFT = {
    "a scale": {"then": scaled},
    "tags": {"then": lambda file: file.update_tags(1, STATISTICS_MEAN="3")},
    "south at the top": {"transform": rasterio.Affine(2, 0, 10, 0, 3, 50)},
    "rotated": {"transform": rasterio.Affine(2, 1, 10, 1, -3, 50)},
    "no place": {"transform": None},
    "another codec": {"compress": "deflate"},
    "64 bits": {"dtype": "int64"},
    "half floats": {"dtype": "float32", "NBITS": 16},
    "few bits": {"NBITS": 4},
}


@pytest.mark.parametrize("case", LEFT)
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_what_is_said_elsewhere_is_left_to_gdal(tmp_path, case):
    values = np.arange(12, dtype=LEFT[case].get("dtype", "uint8")).reshape(1, 3, 4)
    assert described(write(tmp_path / "a.tif", values)) is not None or case in ("64 bits", "half floats")
    assert described(write(tmp_path / "b.tif", values, **LEFT[case])) is None


def test_what_stands_beside_a_file_is_left_to_gdal(tmp_path):
    values = np.arange(12, dtype="uint8").reshape(1, 3, 4)
    path = write(tmp_path / "a.tif", values)
    assert described(path) is not None
    (tmp_path / "A.TIF.aux.xml").write_text(
        "<PAMDataset><PAMRasterBand band='1'><NoDataValue>5</NoDataValue></PAMRasterBand></PAMDataset>"
    )
    assert described(path) is None


def test_what_is_no_such_file_is_left_to_gdal(tmp_path):
    (tmp_path / "a.tif").write_text("II*\0 is no TIFF")
    (tmp_path / "b.tif").write_bytes(b"")
    for name in ("a.tif", "b.tif", "no.tif"):
        assert described(str(tmp_path / name)) is None
    assert plain_tiff("https://example.org/a.tif", None) is None


def test_a_changed_file_is_left_to_gdal(tmp_path):
    values = np.arange(12, dtype="uint8").reshape(1, 3, 4)
    path = write(tmp_path / "a.tif", values)
    state = fingerprint(path)
    write(path, np.zeros((2, 30, 40), "uint8"))
    assert plain_tiff(path, state) is None


@pytest.mark.parametrize("dtype", ["uint8", "int16", "float32", "float64"])
def test_many_files_are_read_without_gdal_and_hold_the_same(tmp_path, dtype, monkeypatch):
    rng = np.random.default_rng(2)
    values = rng.integers(0, 100, (5, 2, 40, 50)).astype(dtype)
    paths = [write(tmp_path / f"{i}.tif", part, nodata=3) for i, part in enumerate(values)]
    opened, genuine = [], many._opened
    monkeypatch.setattr(many, "_opened", lambda name: opened.append(name) or genuine(name))
    window = Window(3, 7, 20, 31)
    found = pt.read_rasters(paths, lyr=1, window=(3, 7, 20, 31))
    assert opened == paths[:1]  # which is asked for its rows and columns
    expected = []
    for path in paths:
        with rasterio.open(path) as file:
            place = RasterioWindow(window.col, window.row, window.ncol, window.nrow)
            numbers = file.read(2, window=place).astype(found.dtype)
        expected.append(np.where(numbers == 3, np.nan, numbers))
    np.testing.assert_array_equal(found, expected)


def test_a_damaged_tile_is_an_error_of_gdals(tmp_path):
    values = np.random.default_rng(3).integers(0, 100, (1, 64, 64)).astype("uint8")
    path = write(tmp_path / "a.tif", values)
    with rasterio.open(path) as file:
        first = int(file.get_tag_item("BLOCK_OFFSET_0_0", "TIFF", bidx=1))
    with open(path, "r+b") as file:
        file.seek(first)
        file.write(bytes(1000))
    with pytest.raises(pt.errors.ReadError, match=r"a\.tif"):
        pt.read_rasters([path], dtype="uint8")


@pytest.mark.parametrize("kind", [1, 2, 3, 4, 5, 11])
def test_a_place_of_another_type_is_left_to_gdal(tmp_path, kind):
    path = write(tmp_path / "a.tif", np.arange(12, dtype="uint8").reshape(1, 3, 4))
    with open(path, "r+b") as file:
        content = file.read()
        at = content.index((33550).to_bytes(2, "little") + (12).to_bytes(2, "little"))
        file.seek(at + 2)
        file.write(kind.to_bytes(2, "little"))
    assert described(path) is None
