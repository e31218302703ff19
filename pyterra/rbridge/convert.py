"""Objects of terra as pyterra's, and back, where Python is the host (rpy2)."""

from __future__ import annotations

import sys
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

from pyterra.errors import ArgumentError, RError, SourceError
from pyterra.handles.datasets import SpatRasterCollection, SpatRasterDataset
from pyterra.handles.spatextent import SpatExtent
from pyterra.handles.spatraster import SpatRaster
from pyterra.handles.spatvector import SpatVector
from pyterra.handles.vectors import SpatVectorCollection
from pyterra.rbridge import schema, shapes, tables
from pyterra.rbridge.blocks import Rows, rows_of, rows_per_block
from pyterra.rbridge.session import Session, session
from pyterra.vector.build import is_vector
from pyterra.vector.make import vect

if TYPE_CHECKING:
    import pandas as pd

COLLECTIONS: dict[type, str] = {
    SpatRasterDataset: "dataset",
    SpatRasterCollection: "collection",
    SpatVectorCollection: "vectors",
}
"""What R calls them."""


def from_r(x: Any) -> Any:
    """An object of R as an object of pyterra.

    Parameters
    ----------
    x : R object
        As rpy2 holds it: a SpatRaster, SpatVector, SpatExtent, SpatRasterDataset, SpatRasterCollection,
        SpatVectorCollection of terra; an object of sf, sp, stars or raster; a data.frame.

    Returns
    -------
    SpatRaster, SpatVector, SpatExtent, SpatRasterDataset, SpatRasterCollection, SpatVectorCollection or DataFrame
        None for R's NULL, which functions give that are called only for their effect.

    Raises
    ------
    ArgumentError
        For anything else.
    ImportError
        Where R or rpy2 is missing, or they do not fit together.

    See Also
    --------
    to_r : Makes objects of R from those of pyterra.

    Notes
    -----
    A raster whose values are those of files is passed as paths: nothing is read, and the files must stay in place. Other
    values travel in blocks of 8 MB; values that do not fit a third of the memory budget go to a temporary file. Names,
    time, units, depth, categories, colours and flags are those of the object in R.

    Examples
    --------
    >>> import pyterra as pt
    >>> import rpy2.robjects as ro  # doctest: +SKIP
    >>> pt.from_r(ro.r("terra::ext(0, 2, 0, 1)"))  # doctest: +SKIP
    SpatExtent : 0, 2, 0, 1 (xmin, xmax, ymin, ymax)
    """
    s = session()
    if not hasattr(x, "__sexp__"):
        raise ArgumentError(f"from_r: must be an R object, got {type(x).__name__}; see pyterra.rast and vect")
    sexp = s.call("as_terra_object", x)
    kind = s.text(s.call("kind_of", sexp))
    if kind == "nothing":
        return None
    if kind == "raster":
        return _raster(s, sexp)
    if kind == "vector":
        return _vector(s, sexp)
    if kind == "extent":
        return SpatExtent(*s.doubles(s.call("as.vector", sexp)).tolist())
    if kind == "table":
        return _frame(s, sexp)
    if kind in ("dataset", "collection", "vectors"):
        return _members(s, sexp, kind)
    classes = ", ".join(str(c) for c in s.texts(s.call("class", sexp)))
    raise ArgumentError(
        f"from_r: must be a raster, vector, extent, collection or data.frame, got R's {classes}"
    )


def _raster(s: Session, sexp: Any) -> SpatRaster:
    header = schema.from_text(str(s.text(s.call("describe_raster", sexp))))
    if not header["has_values"] or header["files"] is not None:
        with suppress(SourceError):  # R may read what rasterio does not, or read it otherwise
            return schema.raster_of(header)
    rows = Rows(header)
    step = rows_per_block(rows.grid.ncol, len(rows.layers))
    with s.lock:  # terra has one place for reading per object: other threads that want it wait
        s.call("open_values", sexp)
        try:
            for row in range(0, rows.grid.nrow, step):
                count = min(step, rows.grid.nrow - row)
                rows.put(s.doubles(s.call("read_values", sexp, row + 1, count)), row, count)
        finally:
            s.call("close_values", sexp)
    return rows.raster()


def _vector(s: Session, sexp: Any) -> SpatVector:
    header, geometry, attributes, table = s.parts(s.call("vector_parts", sexp))
    about, columns = (schema.from_text(str(s.text(part))) for part in (header, attributes))
    return shapes.vector_of(about, s.doubles(geometry), columns, s.doubles(table))


def _frame(s: Session, sexp: Any) -> pd.DataFrame:
    header, table = s.parts(s.call("table_parts", sexp))
    return tables.frame_of(schema.from_text(str(s.text(header))), s.doubles(table))


def _members(s: Session, sexp: Any, kind: str) -> Any:
    members, names = s.parts(s.call("members_of", sexp))
    found = [from_r(member) for member in s.parts(members)], [str(name or "") for name in s.texts(names)]
    return next(cls for cls, name in COLLECTIONS.items() if name == kind)(*found)


def to_r(x: Any) -> Any:
    """An object of pyterra as an object of R.

    Parameters
    ----------
    x : SpatRaster, SpatVector, SpatExtent, SpatRasterDataset, SpatRasterCollection, SpatVectorCollection, DataFrame or \
            GeoDataFrame

    Returns
    -------
    R object
        As rpy2 holds it: of ``rpy2.robjects`` where that is imported, else of ``rpy2.rinterface``.

    Raises
    ------
    ArgumentError
        For anything else.
    RError
        Where terra cannot take it.
    ImportError
        Where R or rpy2 is missing, or they do not fit together.

    Notes
    -----
    A raster whose values are bands of local files, under whatever names, goes as paths, and R reads what it needs. Other
    values are computed and travel in blocks; terra keeps them in memory or in its own temporary file.
    """
    s = session()
    if isinstance(x, SpatRaster):
        return _wrapped(_raster_to_r(s, x))
    if is_vector(x):
        header, geometry, attributes, table = shapes.vector_parts(x)
        parts = (schema.to_text(header), geometry, schema.to_text(attributes), table)
        return _wrapped(s.call("build_vector", *parts))
    if isinstance(x, SpatExtent):
        return _wrapped(s.call("terra::ext", [float(edge) for edge in x]))
    if hasattr(x, "iloc") and hasattr(x, "geometry"):  # tables and series of geopandas
        return to_r(vect(x))
    if hasattr(x, "iloc") and hasattr(x, "columns"):
        attributes, table = tables.parts_of(x)
        return _wrapped(s.call("build_table", schema.to_text(attributes), table))
    kind = COLLECTIONS.get(type(x))
    if kind is None:
        raise ArgumentError(
            f"to_r: must be a raster, vector, extent, collection or DataFrame, got {type(x).__name__}"
        )
    members = s.call("list", *(to_r(member) for member in x))
    return _wrapped(s.call("gathered", kind, members, [str(name) for name in x.names]))


def _raster_to_r(s: Session, x: SpatRaster) -> Any:
    header = schema.describe(x)
    if not header["has_values"] or header["files"] is not None:
        try:
            return s.call("build_raster", schema.to_text(header))
        except RError:
            if header["files"] is None:
                raise
            header = {**header, "files": None}  # R's GDAL cannot read the file
    state = s.call("start_raster", schema.to_text(header))
    with closing(rows_of(x)) as rows:
        for row, count, values in rows:
            s.call("write_rows", state, values.reshape(-1), row + 1, count)
    return s.call("finish_raster", state)


def _wrapped(sexp: Any) -> Any:
    """As rpy2's high level holds it, where that is in use."""
    if "rpy2.robjects" not in sys.modules:
        return sexp
    from rpy2 import robjects

    with session().lock:
        if isinstance(sexp, robjects.rinterface.SexpS4):
            return robjects.methods.RS4(sexp)
        return robjects.vectors.DataFrame(sexp)


def make_converter() -> Any:
    """A converter of rpy2 under which R's objects of terra arrive as pyterra's, and go as R's.

    For a ``with`` block::

        with (rpy2.robjects.default_converter + pyterra.rbridge.converter).context():
            r = rpy2.robjects.r["rast"]("dem.tif")
    """
    session()
    from rpy2 import rinterface
    from rpy2.robjects.conversion import Converter

    made = Converter("pyterra")
    for kind in (SpatRaster, SpatVector, SpatExtent, *COLLECTIONS):
        made.py2rpy.register(kind, to_r)

    def arrived(sexp: Any) -> Any:
        known = session().text(session().call("kind_of", sexp)) not in ("", None)
        return from_r(sexp) if known else _wrapped(sexp)

    made.rpy2py.register(rinterface.SexpS4, arrived)
    return made
