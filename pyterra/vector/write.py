"""Vectors to files."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyterra.errors import ArgumentError, SinkError, said_by
from pyterra.io.formats.record import KINDS
from pyterra.io.safe.places import path_text
from pyterra.vector.build import check_vector

if TYPE_CHECKING:
    from pyterra.handles.spatvector import SpatVector


def write_vector(
    x: SpatVector,
    path: str | os.PathLike[str],
    format: str | None = None,
    layer: str | None = None,
    *,
    insert: bool = False,
    overwrite: bool = False,
    options: Mapping[str, Any] | Sequence[str] | None = None,
) -> None:
    """Write a vector to a file.

    The file is written under another name beside the target, read back, and renamed: at any time the target holds
    what it held before, or the whole result.

    Parameters
    ----------
    x : SpatVector
    path : path
        The ending determines the format: ``.gpkg .fgb .parquet .shp .geojson .sqlite .csv .gml .kml`` and others.
    format : str, optional
        OGR's name of the format, in any case, such as "GPKG", "FlatGeobuf", "Parquet", "ESRI Shapefile", "GeoJSON".
    layer : str, optional
        Name of the layer; by default that of the file.
    insert : bool
        Add the layer to a file that has others (GPKG), and keep those.
    overwrite : bool
        Whether an existing file may be replaced, or, with `insert`, an existing layer.
    options : mapping or sequence of str, optional
        Options of the layer, as the format's driver takes them: ``{"ENCODING": "UTF-8"}`` or ``["ENCODING=UTF-8"]``.

    Raises
    ------
    OutputExistsError
        Where the file or the layer exists and `overwrite` is False.
    WriteError
        Where the file cannot be written or read back.

    See Also
    --------
    vect : Reads a file.
    to_geopandas : Hands the table over.

    Notes
    -----
    The file is compared with the vector, value by value, before it gets its name. A value that the format would lose is a
    WriteError that names record and column; a value that it stores in another way (times as text, names cut to ten
    characters, rounded numbers) is a warning. There is no warning for narrower or wider types of equal values, for
    categories that become their labels (in all formats but GeoParquet), for -0.0 that becomes 0.0 (in GPKG), and for
    digits beyond the fifteenth in text formats and Shapefiles.

    A Shapefile is several files, which no file system replaces as one. After a process was killed, pyterra still finds
    either the old files or the new ones: the new ones lie complete in a hidden folder beside the path, and the next
    `vect` or `write_vector` of that path moves them into place. Other programs find the old files, the new ones, or,
    where the process was killed during the exchange, no ``.shp``.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import pyterra as pt
    >>> path = Path(tempfile.mkdtemp()) / "a.gpkg"
    >>> pt.vect([[1, 2]], crs="EPSG:3035", atts={"n": [5]}).write_vector(path)
    >>> pt.vect(path)["n"].tolist()
    [5]
    """
    from pyterra.io.formats import vector_format
    from pyterra.io.raster.creation import creation_options
    from pyterra.io.vector.write import write_table

    check_vector(x, "write_vector")
    file = path_text(path, "write_vector", SinkError)
    record, kind = vector_format(file, format, "write_vector"), x.geomtype()
    if insert and not record.inserts:
        raise ArgumentError(f"write_vector: insert is for GPKG, got {record}; write a file of its own")
    if kind in KINDS and kind not in record.kinds:
        raise ArgumentError(
            f"write_vector: {record} holds {' and '.join(record.kinds)}, got {kind}; write .gpkg"
        )
    with said_by("write_vector"):
        write_table(
            x._table,
            file,
            record=record,
            layer=layer or Path(file).stem,
            kind=kind,
            insert=insert,
            overwrite=overwrite,
            options=creation_options(options, "write_vector"),
        )
