"""What a vector looks like in a console and in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyterra.grid.crs import describe_crs
from pyterra.packages import pandas
from pyterra.printed import columns
from pyterra.vector.meta import geomtype

if TYPE_CHECKING:
    from pyterra.handles.spatvector import SpatVector

SHOWN_ROWS = 3
SHOWN_COLUMNS = 10
LONGEST = 20


def facts(x: SpatVector) -> list[tuple[str, str]]:
    """Label and text of each line of terra's summary."""
    lines = [
        ("class", "SpatVector"),
        ("geometry", geomtype(x)),
        ("dimensions", f"{len(x)}, {len(x.names)}  (geometries, attributes)"),
        ("extent", ", ".join(f"{v:.7g}" for v in x.ext) + "  (xmin, xmax, ymin, ymax)"),
    ]
    if x._source:
        lines.append(("source", x._source.rsplit("/", 1)[-1]))
    lines.append(("coord. ref.", describe_crs(x.wkt)))
    return lines + _attribute_lines(x)


def _attribute_lines(x: SpatVector) -> list[tuple[str, str]]:
    names = x.names[:SHOWN_COLUMNS]
    if not names:
        return []
    head = x._table[names].head(SHOWN_ROWS)
    columns = [
        [_short(name), type_name(head[name]), *(_value(v) for v in _without_midnight(head[name]))]
        for name in names
    ]
    widths = [max(len(cell) for cell in cells) for cells in columns]
    more = f" (and {len(x.names) - SHOWN_COLUMNS} more)" if len(x.names) > SHOWN_COLUMNS else ""
    rows = [
        " ".join(f"{cells[i]:>{width}}" for cells, width in zip(columns, widths, strict=True))
        for i in range(len(head) + 2)
    ]
    labels = ["names", "type", *(["values"] + [""] * SHOWN_ROWS)[: len(head)]]
    if len(x) > SHOWN_ROWS:
        rows.append("...")
        labels.append("")
    rows[0] += more
    return list(zip(labels, rows, strict=True))


def type_name(values: Any) -> str:
    """terra's short name of a column's type."""
    kinds = pandas.api.types
    if kinds.is_bool_dtype(values):
        return "<lgl>"
    if kinds.is_integer_dtype(values):
        return "<int>"
    if kinds.is_float_dtype(values):
        return "<num>"
    if isinstance(values.dtype, pandas.CategoricalDtype):
        return "<fact>"
    if not kinds.is_datetime64_any_dtype(values):
        return "<chr>"
    return "<Date>" if _are_days(values) else "<POSIXt>"


def _are_days(values: Any) -> bool:
    """Whether all times are the beginnings of days, of no zone."""
    known = values.dropna()
    return (
        values.dtype.kind == "M"
        and getattr(values.dtype, "tz", None) is None
        and bool((known == known.dt.normalize()).all())
    )


def _without_midnight(values: Any) -> Any:
    return values.dt.date if _are_days(values) else values


def _value(value: Any) -> str:
    if pandas.isna(value) is True:
        return "NA"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.6g}" if abs(value) < 1e6 else f"{value:.10g}"
    return _short(str(value))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def text(x: SpatVector) -> str:
    """terra's summary."""
    lines = facts(x)
    return columns(lines)


def show(x: SpatVector) -> None:
    """Print the summary.

    Parameters
    ----------
    x : SpatVector

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[1, 2], [3, 4]], crs="EPSG:4326", atts={"a": [5, 6]}).show()
    class       : SpatVector
    geometry    : points
    dimensions  : 2, 1  (geometries, attributes)
    extent      : 1, 3, 2, 4  (xmin, xmax, ymin, ymax)
    coord. ref. : lon/lat WGS 84 (EPSG:4326)
    names       :     a
    type        : <int>
    values      :     5
                      6
    """
    print(text(x))
