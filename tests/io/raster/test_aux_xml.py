"""Category tables in side files."""

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

import pyterra as pt
from pyterra.errors import SourceError


def make(path, values, **options):
    values = np.asarray(values)
    values = values[None] if values.ndim == 2 else values
    profile = {"driver": "GTiff", "count": len(values), "height": values.shape[1], "width": values.shape[2]}
    profile |= {"dtype": values.dtype, "crs": "EPSG:3035", "transform": from_origin(0, values.shape[1], 1, 1)}
    with rasterio.open(path, "w", **(profile | options)) as f:
        f.write(values)
    return path


def test_category_names_and_tables_of_side_files_are_read(tmp_path):
    path = make(tmp_path / "f.tif", np.array([[1, 2]], "uint8"))
    side = tmp_path / "f.tif.aux.xml"
    side.write_text(
        "<PAMDataset><PAMRasterBand band='1'><CategoryNames><Category/><Category>forest</Category>"
        "<Category>grass</Category></CategoryNames></PAMRasterBand></PAMDataset>"
    )
    assert pt.rast(path).levels[0].iloc[:, 1].tolist() == ["forest", "grass"]
    side.write_text("<PAMDataset><PAMRasterBand")
    with pytest.raises(SourceError, match="malformed"):
        pt.rast(path)
    side.write_text("<!DOCTYPE x [<!ENTITY a 'b'>]><PAMDataset/>")
    with pytest.raises(SourceError, match="entities"):
        pt.rast(path)


COLUMNS = (
    '<FieldDefn index="0"><Name>value</Name><Type>{}</Type><Usage>5</Usage></FieldDefn>'
    '<FieldDefn index="1"><Name>label</Name><Type>2</Type><Usage>2</Usage></FieldDefn>'
)


@pytest.mark.parametrize("kind", [0, 1, 2])
@pytest.mark.parametrize("value", ["abc", "1e400", "nan", "inf", "0x10", "9" * 400, "1.5", "3"])
@pytest.mark.parametrize("band", ["1", "x", "1e3", "-1", ""])
def test_whatever_a_side_file_says_the_raster_is_opened_or_the_file_is_named(tmp_path, kind, value, band):
    path = tmp_path / "a.tif"
    pt.rast([[1, 2]]).write_raster(path, datatype="uint8")
    (tmp_path / "a.tif.aux.xml").write_text(
        f'<PAMDataset><PAMRasterBand band="{band}"><GDALRasterAttributeTable>{COLUMNS.format(kind)}'
        f"<Row><F>{value}</F><F>wood</F></Row></GDALRasterAttributeTable></PAMRasterBand></PAMDataset>"
    )
    told = []
    try:
        told = pt.rast(path).values(drop=True).tolist()
    except SourceError as error:
        message = str(error)
    assert told == [1, 2] or "a.tif.aux.xml is malformed" in message
    assert told or (band, value) != ("1", "3")
