"""Vectors of which nothing is read but what the file says of itself, until records are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyterra.errors import ArgumentError, ColumnError, near_names, said_by
from pyterra.grid.crs import describe_crs, parse_crs
from pyterra.printed import columns
from pyterra.vector.make import from_file

if TYPE_CHECKING:
    from pyterra.handles.spatvector import SpatVector
    from pyterra.handles.spatvectorproxy import SpatVectorProxy
    from pyterra.types import ExtentLike

_TYPES = {"object": "<chr>", "bool": "<logical>"}


def query(
    x: SpatVectorProxy,
    start: int = 0,
    n: int | None = None,
    vars: str | list[str] | None = None,
    where: str | None = None,
    *,
    extent: ExtentLike | None = None,
    filter: SpatVector | None = None,
    sql: str | None = None,
) -> SpatVector:
    """Read some of the records of a file.

    Parameters
    ----------
    x : SpatVectorProxy
    start : int
        The first of the records that all else leaves, from 0.
    n : int, optional
        How many of them; by default all.
    vars : str or list of str, optional
        Attributes; by default all.
    where : str, optional
        What must be true of the records, in SQL (OGR's dialect): ``"NAME = 'Lima' AND POP > 1000"``.
    extent : SpatExtent or object with an extent, optional
        Take only the records whose bounding boxes meet this.
    filter : SpatVector, optional
        Take only the records that intersect these geometries.
    sql : str, optional
        SQL that gives the records, in place of `start`, `n`, `vars` and `where`.

    Returns
    -------
    SpatVector

    Raises
    ------
    ArgumentError
        For numbers below 0, or `sql` beside what it takes the place of.
    ColumnError
        For an attribute that the file does not have.
    SourceError
        Where the file cannot be read, or the SQL has no sense.

    See Also
    --------
    vect : Makes the proxy, or reads all.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import pyterra as pt
    >>> path = Path(tempfile.mkdtemp()) / "a.gpkg"
    >>> pt.vect([[1, 2], [3, 4], [5, 6]], crs="EPSG:3035", atts={"k": [7, 8, 9]}).write_vector(path)
    >>> pt.vect(path, proxy=True).query(where="k > 7", n=1)["k"].tolist()
    [8]
    """
    told = x._layer
    if sql is not None and (start, n, vars, where) != (0, None, None, None):
        raise ArgumentError("query: sql takes the place of start, n, vars and where; say them in it")
    if start < 0 or (n is not None and n < 0):
        raise ArgumentError(f"query: start and n must be 0 or more, got {start} and {n}")
    names = list(told.types) if vars is None else [vars] if isinstance(vars, str) else list(vars)
    for name in names:
        if name not in told.types:
            raise ColumnError(f"query: no attribute {name!r}{near_names(name, list(told.types))}")
    most = None if n is None else max(n, 1)  # none at all means all to OGR
    with said_by("query"):
        read = from_file(told.source, told.layer, sql, extent, filter, where=where, skip=start, most=most)
    made = read[[]] if n == 0 else read
    chosen: SpatVector = made if vars is None else made[names]
    return chosen


def geomtype(x: SpatVectorProxy) -> str:
    """Kind of the geometries.

    Parameters
    ----------
    x : SpatVectorProxy

    Returns
    -------
    str
        ``points``, ``lines`` or ``polygons``; ``none`` where the file does not say.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import pyterra as pt
    >>> path = Path(tempfile.mkdtemp()) / "a.gpkg"
    >>> pt.vect("LINESTRING (0 0, 1 1)", crs="EPSG:3035").write_vector(path)
    >>> pt.vect(path, proxy=True).geomtype()
    'lines'
    """
    return x._layer.kind


def sources(x: SpatVectorProxy) -> list[str]:
    """The file.

    Parameters
    ----------
    x : SpatVectorProxy

    Returns
    -------
    list of str

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import pyterra as pt
    >>> path = Path(tempfile.mkdtemp()) / "a.gpkg"
    >>> pt.vect("LINESTRING (0 0, 1 1)", crs="EPSG:3035").write_vector(path)
    >>> [Path(name).name for name in pt.vect(path, proxy=True).sources()]
    ['a.gpkg']
    """
    return [x._layer.source]


def text(x: SpatVectorProxy) -> str:
    """terra's summary."""
    told = x._layer
    lines = [
        ("class", "SpatVectorProxy"),
        ("geometry", told.kind),
        ("dimensions", f"{told.count}, {len(told.types)}  (geometries, attributes)"),
        ("extent", ", ".join(f"{v:.7g}" for v in x.ext) + "  (xmin, xmax, ymin, ymax)"),
        ("source", told.source.rsplit("/", 1)[-1]),
        ("coord. ref.", describe_crs(parse_crs(told.crs or ""))),
    ]
    if told.types:
        types = [_word(kind) for kind in told.types.values()]
        wide = [max(len(a), len(b)) for a, b in zip(told.types, types, strict=True)]
        for label, cells in (("names", list(told.types)), ("type", types)):
            lines.append((label, " ".join(f"{cell:>{w}}" for cell, w in zip(cells, wide, strict=True))))
    return columns(lines)


def _word(kind: str) -> str:
    """terra's short name of a type of attributes."""
    if kind.startswith("datetime"):
        return "<POSIXct>"
    return _TYPES.get(kind, "<int>" if "int" in kind else "<num>")
