"""What is said of a file is what GDAL says, line by line."""

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine, from_origin

from pyterra.errors import SourceError
from pyterra.io.raster.report import report

PLACE = from_origin(500000, 5000000, 30, 20)

# terra 1.9-45: describe() of the file below, without the corners in degrees, the area that a CRS is meant for and the
# order of its axes.
TOLD = """
Driver: GTiff/GeoTIFF
Size is 40, 30
Coordinate System is:
Origin = (500000.000000000000000,5000000.000000000000000)
Pixel Size = (30.000000000000000,-20.000000000000000)
Metadata:
  made=by hand
  AREA_OR_POINT=Area
Image Structure Metadata:
  COMPRESSION=DEFLATE
  INTERLEAVE=PIXEL
Corner Coordinates:
Upper Left  (  500000.000, 5000000.000)
Lower Left  (  500000.000, 4999400.000)
Upper Right (  501200.000, 5000000.000)
Lower Right (  501200.000, 4999400.000)
Center      (  500600.000, 4999700.000)
Band 1 Block=16x16 Type=Int16, ColorInterp=Gray
  Description = height
  NoData Value=-9
  Overviews: 20x15, 10x8
  Unit Type: m
  Offset: 5,   Scale:0.1
Band 2 Block=16x16 Type=Int16, ColorInterp=Undefined
  NoData Value=-9
  Overviews: 20x15, 10x8
  Metadata:
    season=dry
""".strip().splitlines()


def written(path, *, dtype="int16", count=1, shape=(30, 40), **more):
    settings = {"driver": "GTiff", "height": shape[0], "width": shape[1], "count": count, "dtype": dtype}
    with rasterio.open(path, "w", **settings | {"transform": PLACE} | more) as file:
        file.write(np.zeros((count, *shape), dtype))
    return rasterio.open(path, "r+")


def test_lines_are_those_of_terra(tmp_path):
    blocks = {"tiled": True, "blockxsize": 16, "blockysize": 16, "compress": "deflate"}
    with written(tmp_path / "a.tif", count=2, nodata=-9, crs="EPSG:32631", **blocks) as file:
        file.set_band_description(1, "height")
        file.set_band_unit(1, "m")
        file.scales, file.offsets = (0.1, 1), (5, 0)
        file.update_tags(made="by hand")
        file.update_tags(2, season="dry")
        file.build_overviews([2, 4])
    lines = report(str(tmp_path / "a.tif"))
    assert lines[1] == f"Files: {tmp_path / 'a.tif'}"
    start = lines.index("Coordinate System is:") + 1
    stop = next(i for i, line in enumerate(lines) if line.startswith("Origin"))
    assert lines[start] == 'PROJCRS["WGS 84 / UTM zone 31N",'
    assert sorted(lines[:1] + lines[2:start] + lines[stop:]) == sorted(TOLD)


def test_a_rotated_file_has_six_numbers(tmp_path):
    turn = Affine.rotation(30)
    turned = Affine(turn.a, turn.b, 3, turn.d, turn.e, 4)
    written(tmp_path / "a.tif", transform=turned).close()
    lines = report(str(tmp_path / "a.tif"))
    at = lines.index("GeoTransform =")
    numbers = [float(number) for line in lines[at + 1 : at + 3] for number in line.split(",")]
    assert numbers == pytest.approx(turned.to_gdal(), abs=1e-15)


def test_degrees_have_more_digits(tmp_path):
    written(tmp_path / "a.tif", crs="EPSG:4326", transform=from_origin(5, 50, 0.1, 0.1)).close()
    assert "Lower Right (   9.0000000,  47.0000000)" in report(str(tmp_path / "a.tif"))


def test_a_file_without_a_place_says_nothing_of_it(tmp_path):
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
        written(tmp_path / "a.tif", transform=Affine.identity()).close()
    lines = report(str(tmp_path / "a.tif"))
    assert not [line for line in lines if line.startswith(("Origin", "Pixel", "GeoTransform", "Coordinate"))]


@pytest.mark.parametrize(
    ("dtype", "named"),
    [("uint8", "Byte"), ("uint16", "UInt16"), ("float32", "Float32"), ("complex64", "CFloat32")],
)
def test_types_are_called_as_gdal_calls_them(tmp_path, dtype, named):
    written(tmp_path / "a.tif", dtype=dtype).close()
    assert f"Type={named}," in report(str(tmp_path / "a.tif"))[-1]


def test_no_tag_moves_the_cursor(tmp_path):
    with written(tmp_path / "a.tif") as file:
        file.update_tags(TIFFTAG_IMAGEDESCRIPTION="a\x1b[2Jb\x07c\nd")
    text = "".join(report(str(tmp_path / "a.tif")))
    assert "=a?[2Jb?c?d" in text
    assert text.isprintable()


def test_a_document_that_leads_elsewhere_is_refused(tmp_path):
    (tmp_path / "a.vrt").write_text(
        '<VRTDataset rasterXSize="1" rasterYSize="1"><VRTRasterBand dataType="Byte" band="1"><SimpleSource>'
        "<SourceFilename>/etc/hostname</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"
    )
    with pytest.raises(SourceError, match="vrt_roots"):
        report(str(tmp_path / "a.vrt"))


def test_what_cannot_be_opened_is_told(tmp_path):
    (tmp_path / "a.tif").write_bytes(b"no raster")
    with pytest.raises(SourceError, match=r"a\.tif"):
        report(str(tmp_path / "a.tif"))
