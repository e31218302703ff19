"""Cases of files of other formats."""

from __future__ import annotations

from inputs import Inputs

import pyterra as pt
from cases.case import Case, new_path, plain_case, values_case
from pyterra.errors import JobError


def smoothed(tile):
    return tile.focal((1, 3), "mean", na_rm=True) if tile.ncol > 1 else tile + 0


def tiled(z):
    """A job says what its tiles raised; here that is raised as it was."""
    try:
        return pt.tile_apply(z.one, smoothed, tiles=(7, 9), buffer=1, executor="serial")
    except JobError as error:
        raise AssertionError(str(error)) from error


def by_rows(z):
    """The raster, read and written block by block."""
    with (z.x * 2).read_start() as source, z.x.write_start() as target:
        for (row, nrows), values in source:
            target.write_values(values, row, nrows)
    return target.raster


def rows_of_two(z):
    """The same, two rows at a time, in terra's form."""
    x = pt.rast(z.x)
    x.write_start(new_path(z), datatype="float64")
    for row in range(0, x.nrow, 2):
        nrows = min(2, x.nrow - row)
        x.write_values(z.x.read_values(row, nrows, mat=True), row, nrows)
    return x.write_stop()


def tiles_of(z: Inputs) -> list[str]:
    made = z.x.make_tiles((7, 9), new_path(z))
    assert isinstance(made, list)
    return made


def changed(z):
    """The raster as a file holds it, two of its cells changed there."""
    made = z.x.write_raster(new_path(z), datatype="float64")
    return made.update(cells=[0, made.ncell - 1], values=[1.5, float("nan")])


def with_header(z):
    """The raster as plain numbers, opened by their header."""
    file = new_path(z, "bin")
    file.write_bytes(z.x.to_numpy().astype("<f8").tobytes())
    how = {"extent": z.x.ext, "crs": z.x.crs, "bandorder": "BSQ", "lyrnms": z.x.names}
    return pt.rast(pt.make_vrt(file, z.x.nrow, z.x.ncol, z.x.nlyr, **how))


FILES = [
    Case("pt.tile_apply", tiled, reads="its tiles are files"),
    Case(
        "pt.chunk",
        lambda z: pt.chunk(z.one, smoothed, n=(7, 9), buffer=1),
        reads="its tiles are files",
    ),
    Case("write_cdf", lambda z: z.x.write_cdf(new_path(z, "nc"), "light"), reads="files hold values"),
    Case(
        "write_cdf",
        lambda z: pt.write_cdf({"a": z.series, "b": z.one}, new_path(z, "nc")),
        "variables",
        reads="files hold values",
    ),
    plain_case("get_tile_extents", lambda z: z.x.get_tile_extents((3, 2), buffer=1)),
    Case(
        "make_tiles",
        lambda z: z.x.make_tiles((7, 9), new_path(z), value="raster", datatype="float64"),
        reads="files hold values",
    ),
    values_case("vrt_tiles", lambda z: len(pt.vrt(tiles_of(z)).vrt_tiles())),
    Case("pt.make_vrt", with_header, reads="files hold values"),
    Case("tighten", lambda z: pt.c(z.x * 2, z.x + 1, z.one).tighten(), reads="it holds values"),
    Case("SpatRasterDataset.tighten", lambda z: pt.sds(a=z.x, b=z.one).tighten()),
    Case("update", changed, reads="files hold values"),
    plain_case("blocks", lambda z: z.x.blocks()),
    Case("read_start", by_rows, reads="blocks are handed to Python"),
    values_case("read_values", lambda z: z.x.read_values(0, 1, mat=True)),
    values_case(
        "SpatRasterDataset.read_values", lambda z: pt.sds(a=z.x, b=z.one).read_values(0, 1, dataframe=True)
    ),
    Case("write_start", by_rows, "as a context", reads="blocks come from Python"),
    Case("write_values", rows_of_two, reads="blocks come from Python"),
    Case("write_stop", rows_of_two, reads="blocks come from Python"),
]
