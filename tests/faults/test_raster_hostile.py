"""Files that are not what they say: refused at once, with a clear word, without reaching elsewhere."""

import resource
import struct
import time

import numpy as np
import pytest
import rasterio
from rasterio.control import GroundControlPoint

import pyterra as pt
from pyterra.errors import ArgumentError, MemoryBudgetError, ReadError, SourceError

TRANSFORM = rasterio.Affine(30.0, 0.0, 5e5, 0.0, -30.0, 5e6)


def write(path, array=None, **options):
    array = np.arange(12, dtype="float32").reshape(1, 3, 4) if array is None else array
    profile = {
        "driver": "GTiff", "count": len(array), "height": array.shape[1], "width": array.shape[2],
        "dtype": array.dtype.name, "crs": "EPSG:32631", "transform": TRANSFORM, **options,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as file:
        file.write(array)
    return path


def tiff(path, width, height, **tags):
    """A TIFF of a header and nothing else: uint8, DEFLATE, one strip or tiles."""
    entries = {256: (4, width), 257: (4, height), 258: (3, 8), 259: (3, 8), 262: (3, 1), 277: (3, 1)}
    entries |= {273: (4, 8), 278: (4, height), 279: (4, 100)} if not tags else tags["tiles"]
    body = struct.pack("<H", len(entries))
    for tag, (kind, value) in sorted(entries.items()):
        body += struct.pack("<HHII", tag, kind, 1, value)
    path.write_bytes(b"II*\0" + struct.pack("<I", 8) + body + struct.pack("<I", 0) + bytes(100))
    return path


def grown_megabytes(before):
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def test_a_sparse_file_of_a_trillion_cells_opens_and_refuses_to_be_read_whole(tmp_path):
    path = tmp_path / "sparse.tif"
    size = 1_000_448
    with rasterio.open(
        path, "w", driver="GTiff", width=size, height=size, count=1, dtype="uint8", tiled=True, blockxsize=4096,
        blockysize=4096, SPARSE_OK=True, BIGTIFF="YES", crs="EPSG:32631", transform=TRANSFORM,
    ):  # fmt: skip
        pass
    before, begin = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    r = pt.rast(path)
    assert r.ncell == size**2
    with pytest.raises(MemoryBudgetError, match=r"the memory budget is"):
        r.to_numpy()
    with pytest.raises(MemoryBudgetError):
        (r + 1).values()
    assert r[size - 1, size - 1][0] == 0
    assert time.monotonic() - begin < 20
    assert grown_megabytes(before) < 300


def test_a_huge_single_strip_is_not_swallowed(tmp_path):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    path = tiff(tmp_path / "strip.tif", 500_000, 500_000)
    with pytest.raises(SourceError, match=r"strip\.tif"):
        pt.rast(path)[10, 10]
    with pytest.raises(MemoryBudgetError):
        pt.rast(path).to_numpy()
    assert grown_megabytes(before) < 300


def test_a_huge_tile_is_refused_when_opened(tmp_path):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    side = 60_000 // 16 * 16
    tiles = {322: (4, side), 323: (4, side), 324: (4, 8), 325: (4, 100)}
    path = tiff(tmp_path / "tile.tif", side, side, tiles=tiles)
    with pytest.raises(SourceError, match=r"tile\.tif"):
        pt.rast(path)
    assert grown_megabytes(before) < 300


def test_a_tile_counts_with_all_bands_that_lie_in_it(tmp_path):
    """1008 x 1008 cells of 65,535 bands, pixel by pixel: one tile is 66 GB."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tiles = {277: (3, 65_535), 322: (4, 1008), 323: (4, 1008), 324: (4, 8), 325: (4, 100)}
    path = tiff(tmp_path / "deep.tif", 1000, 1000, tiles=tiles)
    with pytest.raises(
        SourceError, match=r"deep\.tif declares tiles of 1008 x 1008 cells of 65535 bands, 66587754240 bytes"
    ):
        pt.rast(path)
    assert grown_megabytes(before) < 300


def netcdf(path, shape, chunks, coordinates=True):
    """A NetCDF-4 file of a few kilobytes, in which no chunk is stored."""
    h5py = pytest.importorskip("h5py")
    with h5py.File(path, "w") as file:
        variable = file.create_dataset("v", shape, "f8", chunks=chunks)
        for i, name in enumerate(("y", "x") if coordinates else ()):
            one = file.create_dataset(name, shape[i : i + 1], "f8", chunks=(min(shape[i], 1000),))
            one.make_scale(name)
            variable.dims[i].attach_scale(one)
    return path


def test_a_chunk_that_declares_gigabytes_is_refused(tmp_path):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    path = netcdf(tmp_path / "chunk.nc", (20_000, 20_000), (20_000, 20_000))
    with pytest.raises(
        SourceError, match=r"chunk\.nc: v declares tiles of 20000 x 20000 cells, 3200000000 bytes"
    ):
        pt.rast(path)
    assert grown_megabytes(before) < 300


def test_coordinates_that_declare_gigabytes_are_refused(tmp_path):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    path = netcdf(tmp_path / "long.nc", (5, 2**31), (5, 1000))
    with pytest.raises(SourceError, match="x has 17179869184 bytes, which are too many for coordinates"):
        pt.rast(path)
    assert grown_megabytes(before) < 300


def test_a_preview_does_not_look_through_endless_chunks(tmp_path):
    r = pt.rast(netcdf(tmp_path / "many.nc", (10**6, 10**6), (10, 10), coordinates=False))
    with pytest.raises(
        ReadError, match=r"many\.nc:v: \d+ chunks of 10 x 10 cells .* crop it first, or write it again"
    ):
        r.hist()
    assert r[10**6 - 1, 10**6 - 1][0] == 0


def test_a_picture_without_a_place_has_cells_of_size_one_whatever_was_in_memory(tmp_path):
    """GDAL's driver of PNM leaves the six numbers of the place as they were."""
    for number in range(5):
        path = tmp_path / f"{number}.pgm"
        path.write_bytes(b"P5\n3 2\n255\n" + bytes(range(6)))
        r = pt.rast(path)
        assert tuple(r.ext) == (0, 3, 0, 2)
        assert r.to_numpy().tolist() == [[[0, 1, 2], [3, 4, 5]]]
    (tmp_path / "4.wld").write_text("30\n0\n0\n-30\n500015\n4999985\n")
    assert tuple(pt.rast(tmp_path / "4.pgm").ext) == (500_000, 500_090, 4_999_940, 5_000_000)
    path.write_bytes(b"P5\n2000000000 2000000000\n255\n" + bytes(100))
    with pytest.raises(SourceError, match=r"4\.pgm declares tiles of 1 x 2000000000 cells"):
        pt.rast(path)


TEXTS = {
    "text": "this is no raster",
    "nothing": "",
    "vrt": """<VRTDataset rasterXSize="20" rasterYSize="1"><VRTRasterBand dataType="Byte" band="1"
        subClass="VRTRawRasterBand"><SourceFilename relativetoVRT="0">/etc/passwd</SourceFilename>
        <ImageOffset>0</ImageOffset><PixelOffset>1</PixelOffset><LineOffset>20</LineOffset></VRTRasterBand>
        </VRTDataset>""",
    "wms": """<GDAL_WMS><Service name="TMS"><ServerUrl>http://127.0.0.1:9/${z}/${x}/${y}.png</ServerUrl></Service>
        <DataWindow><SizeX>256</SizeX><SizeY>256</SizeY></DataWindow></GDAL_WMS>""",
}


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("suffix", [".tif", ".TIFF"])
def test_text_under_the_name_of_a_tiff_is_refused(tmp_path, kind, suffix):
    path = tmp_path / f"odd{suffix}"
    path.write_text(TEXTS[kind])
    with pytest.raises(SourceError, match="odd"):
        pt.rast(path)


@pytest.mark.parametrize("kind", ["vrt", "wms"])
def test_xml_in_place_of_a_path_is_refused(kind):
    with pytest.raises(SourceError, match="XML"):
        pt.rast(TEXTS[kind])


def test_a_rotated_raster_is_refused_with_a_hint(tmp_path):
    path = write(tmp_path / "turned.tif", transform=TRANSFORM @ rasterio.Affine.rotation(20))
    with pytest.raises(SourceError, match=r"turned\.tif is rotated; open it with rectify"):
        pt.rast(path)


def test_a_raster_placed_by_control_points_is_refused_with_a_hint(tmp_path):
    corners = [GroundControlPoint(r, c, x=c * 30.0, y=-r * 30.0) for r in (0, 3) for c in (0, 4)]
    path = write(tmp_path / "points.tif", transform=None, gcps=corners)
    with pytest.raises(
        SourceError, match=r"points\.tif is placed by ground control points; open it with rectify"
    ):
        pt.rast(path)


def test_complex_numbers_are_refused(tmp_path):
    path = write(tmp_path / "waves.tif", np.ones((1, 3, 4), "complex64"))
    with pytest.raises(SourceError, match=r"waves\.tif holds complex numbers"):
        pt.rast(path)


def test_a_file_that_begins_in_the_south_is_read_north_up(tmp_path):
    array = np.arange(12, dtype="float32").reshape(1, 3, 4)
    path = write(tmp_path / "south.tif", array, transform=rasterio.Affine(30, 0, 5e5, 0, 30, 5e6))
    r = pt.rast(path)
    assert r.ymax == 5e6 + 90
    assert np.array_equal(r.to_numpy(), array[:, ::-1])
    assert r[0, 0][0] == 8
    assert np.array_equal((r.focal(3, "max") * 1).to_numpy()[0, 1:2, 1:3], [[10, 11]])


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SourceError, match=r"none\.tif does not exist"):
        pt.rast(tmp_path / "none.tif")


@pytest.mark.usefixtures("asked_once")
def test_secrets_of_an_address_do_not_show():
    with pytest.raises(SourceError) as error:
        pt.rast("/vsicurl/http://me:pass-word@127.0.0.1:9/a.tif?sig=hidden-word")
    assert "pass-word" not in str(error.value)
    assert "hidden-word" not in str(error.value)


def test_a_text_that_libraries_would_cut_at_nul_is_refused(tmp_path):
    r = pt.rast(np.ones((1, 2, 2)))
    v = pt.vect(["POINT (1 2)"])
    for call in (
        lambda: r.write_raster(tmp_path / "a.tif", options={"COMPRESS": "LZW\0X"}),
        lambda: r.write_raster(tmp_path / "a.tif", options=["COMPRESS=LZW\0X"]),
        lambda: r.write_raster(tmp_path / "a.tif", tags={"a": "b\0c"}),
        lambda: r.write_raster(tmp_path / "a.tif", tags={"a\0": "b"}),
        lambda: v.write_vector(tmp_path / "a.gpkg", options={"SPATIAL_INDEX": "NO\0"}),
        lambda: setattr(r, "names", ["a\0"]),
        lambda: setattr(r, "units", ["m\0"]),
        lambda: setattr(r, "long_names", ["a\0"]),
    ):
        with pytest.raises(ArgumentError, match=r"must have no character NUL, got '.*\\x00.*take it out"):
            call()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("odd", ["\0", "\x01", "\x1b", "\ufffe"])
def test_names_that_xml_has_no_room_for_are_refused_before_anything_is_computed(tmp_path, odd):
    r = pt.rast(np.ones((1, 2, 2)))
    r.levels = {1: f"a{odd}b"}
    with pytest.raises(ArgumentError, match="write_raster: names of classes must have no control characters"):
        r.write_raster(tmp_path / "a.tif")
    assert not list(tmp_path.iterdir())
    r.levels = {1: "a\tö\U0001f333"}
    r.write_raster(tmp_path / "a.tif")
    assert pt.rast(tmp_path / "a.tif").levels[0].iloc[0, 1] == "a\tö\U0001f333"
