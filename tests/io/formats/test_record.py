"""What a new format costs: a record, and two functions where GDAL does not know it."""

import numpy as np
import pytest
import rasterio

import pyterra as pt
from pyterra.errors import ArgumentError, OutputExistsError
from pyterra.expr import Read
from pyterra.expr.layers import named
from pyterra.grid import Grid
from pyterra.grid.extent import Extent
from pyterra.io import formats
from pyterra.io.array import ArraySource
from pyterra.io.formats.record import RasterFormat


def save(tiff, path, options):
    with rasterio.open(tiff) as file, open(path, "wb") as target:
        place = (*file.bounds, file.nodata)
        np.savez(target, values=file.read(), names=file.descriptions, crs=file.crs.to_wkt(), place=place)


def load(path, subds):
    with np.load(path) as file:
        values, (left, bottom, right, top, code) = file["values"].astype(float), file["place"]
        values[values == code] = np.nan
        grid = Grid(Extent(left, right, bottom, top), *values.shape[1:], str(file["crs"]))
        layers = named([str(name) for name in file["names"]])
    return Read(
        grid=grid,
        layers=layers,
        dtype=values.dtype,
        source=ArraySource(values),
        bands=tuple(range(len(layers))),
    )


NPZ = RasterFormat(
    name="Npz",
    endings=(".npz",),
    any_name=False,
    made="copied",
    written=(".npz",),
    types=("int16", "int32"),
    coded=True,
    load=load,
    save=save,
)


def test_a_record_and_two_functions_make_a_format(tmp_path, monkeypatch):
    monkeypatch.setattr(formats, "RASTER", (*formats.RASTER, NPZ))
    path = tmp_path / "a.npz"
    values = np.array([[[1, np.nan], [3, 4]], [[5, 6], [7, 8]]])
    r = pt.rast(values, extent=pt.ext(0, 2, 0, 2), crs="EPSG:3035", names=["a", "b"])
    with pytest.raises(ArgumentError, match="Npz holds int16, int32, got float64"):
        r.write_raster(path)
    back = r.write_raster(path, datatype="int16")
    np.testing.assert_array_equal(back.to_numpy(), values)
    np.testing.assert_array_equal(pt.rast(path).to_numpy(), values)
    assert (back.names, back.crs, list(back.ext)) == (["a", "b"], r.crs, [0, 2, 0, 2])
    with pytest.raises(OutputExistsError):
        r.write_raster(path, datatype="int16")
