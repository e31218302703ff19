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
