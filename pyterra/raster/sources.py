"""Where the values of a raster come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError
from pyterra.expr import Array, Cells, FileBand, Node, Read, join, select
from pyterra.expr.described import Described
from pyterra.frozen import dataclass
from pyterra.packages import pandas
from pyterra.raster.build import FLOAT64, cells_raster, number, numbers_of, raster
from pyterra.raster.naming import one_per_layer

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster


def copy(x: SpatRaster) -> SpatRaster:
    """Another handle on the same values. What is set on one (names, CRS, cells) does not reach the other.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    SpatRaster

    Examples
    --------
    >>> import pyterra as pt
    >>> a = pt.rast([[1, 2]], names="a")
    >>> b = a.copy()
    >>> b.names = "b"
    >>> a.names
    ['a']
    """
    return raster(x._node)


def sources(x: SpatRaster) -> list[str]:
    """The files behind a raster.

    Returns
    -------
    list of str
        In the order of first use; ``""`` stands for memory.

    See Also
    --------
    in_memory : Says whether the values are an array in memory.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import pyterra as pt
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "height.tif"
    >>> r = pt.rast([[1, 2]]).write_raster(file)
    >>> [pathlib.Path(name).name for name in (r + 1).sources()]
    ['height.tif']
    """
    found: dict[str, None] = {}
    seen: set[Node] = set()
    stack = [x._node]
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, Read):
            found[node.source.name if node.source.where else ""] = None
        stack.extend(reversed(node.inputs))
    return list(found)


def file_bands(node: Node) -> list[FileBand | None]:
    """The band of a file that each layer is; None for what is computed or lies in memory."""
    return [
        part.source.file_band(part.bands[layer]) if isinstance(part, Read) else None
        for part, layer in node.parts
    ]


def nsrc(x: SpatRaster) -> int:
    """Number of sources: files, and pieces in memory or still to be computed, in the order of the layers.

    Returns
    -------
    int

    See Also
    --------
    sources : Names the files.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2]])
    >>> pt.c(r, r + 1).nsrc()
    2
    """
    return len(pieces(x._node))


def pieces(node: Node) -> list[list[int]]:
    """Layers of each source: those that follow each other and come of the same one, in its order."""
    found: list[list[int]] = []
    last: tuple[object, int] | None = None
    for i, (part, layer) in enumerate(node.parts):
        source, band = (part.source, part.bands[layer]) if isinstance(part, Read) else (part, layer)
        if last is not None and last[0] == source and band > last[1]:
            found[-1].append(i)
        else:
            found.append([i])
        last = source, band
    return found


def datatype(x: SpatRaster, bylyr: bool = True) -> list[str]:
    """Types of the numbers in the files behind the layers.

    Parameters
    ----------
    x : SpatRaster
    bylyr : bool
        One for each layer; otherwise one for each source.

    Returns
    -------
    list of str
        numpy's names; ``""`` for what is computed or lies in memory.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import pyterra as pt
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "a.tif"
    >>> r = pt.rast([[1, 2]]).write_raster(file, datatype="uint8")
    >>> pt.c(r, r + 1).datatype()
    ['uint8', '']
    """
    found = ["" if band is None else band.dtype for band in file_bands(x._node)]
    return found if bylyr else [found[piece[0]] for piece in pieces(x._node)]


def file_blocksize(x: SpatRaster) -> NDArray[np.int64]:
    """Rows and columns of the tiles, or strips, of the files behind the layers.

    Returns
    -------
    ndarray of int of shape (nlyr, 2)
        0 for what is computed or lies in memory.

    See Also
    --------
    blocks : Gives rows that are best read at once.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 2]]).file_blocksize().tolist()
    [[0, 0]]
    """
    tiles = [(0, 0) if band is None else band.tile or (0, 0) for band in file_bands(x._node)]
    return np.array(tiles, np.int64).reshape(-1, 2)


def is_flipped(x: SpatRaster) -> list[bool]:
    """Whether the files behind a raster begin with their southernmost row. Values are given from the north in any case.

    Returns
    -------
    list of bool
        One per source.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1], [2]]).is_flipped()
    [False]
    """
    bands = file_bands(x._node)
    found = [band is not None and band.flipped for band in bands]
    return [found[piece[0]] for piece in pieces(x._node)]


def has_geoloc(x: SpatRaster) -> list[bool]:
    """Whether cells lie where arrays of coordinates place them, as in the swath of a satellite or a curvilinear model.

    Returns
    -------
    list of bool
        One per source.

    See Also
    --------
    geoloc : Names the arrays.
    project : Takes such a raster to a grid.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1], [2]]).has_geoloc()
    [False]
    """
    return [x._node.grid.geolocation is not None] * nsrc(x)


def geoloc(x: SpatRaster) -> pd.DataFrame:
    """The arrays of coordinates that place the cells, and the CRS in which they do.

    Returns
    -------
    DataFrame
        A row per source: whether it has such arrays (`geolocation`), whether control points place it (`gcps`: never, as
        `rectify` opens such files), the CRS (`srs`, WKT), and what the arrays of `x` and `y` are.

    See Also
    --------
    project : Takes such a raster to a grid.

    Notes
    -----
    A raster of rows and columns that two arrays place has an extent in cells and a CRS that says so, so that it is not
    taken for places on the earth. What leaves cells where they are keeps the arrays: arithmetic, `app`, `focal`, `crop`,
    `aggregate`. What moves them about loses them, and so do files that are written. Rasters that different arrays place
    meet after `project`, not cell by cell.

    Examples
    --------
    >>> import numpy as np, pyterra as pt, xarray
    >>> lon, lat = np.meshgrid([5.0, 6.0], [51.0, 50.0])
    >>> places = {"lon": (("y", "x"), lon + lat / 100), "lat": (("y", "x"), lat)}
    >>> r = pt.rast(xarray.DataArray([[1.0, 2], [3, 4]], dims=("y", "x"), coords=places, name="t"))
    >>> r.geoloc()[["geolocation", "x", "y"]]
       geolocation    x    y
    0         True  lon  lat
    >>> r.project("EPSG:4326", "near").values(drop=True).tolist()
    [1.0, 2.0, 3.0, 4.0]
    """
    told = x._node.grid.geolocation
    names = told.arrays.names if told else ("", "")
    row = {
        "geolocation": told is not None,
        "gcps": False,
        "srs": told.crs if told else "",
        "x": names[0],
        "y": names[1],
    }
    return pandas.DataFrame([row] * nsrc(x))


# Codes for missing, scales and offsets


@dataclass(frozen=True)
class Flagged:
    """Values without those that stand for missing."""

    codes: tuple[float | None, ...]
    """One per layer, or one for all; None for none."""

    def __call__(self, block: Array) -> Array:
        out = block.copy()
        codes = self.codes * len(out) if len(self.codes) == 1 else self.codes
        for layer, code in zip(out, codes, strict=True):
            if code is not None:
                layer[layer == code] = np.nan
        return out


def na_flag(x: Described) -> list[float | int | None]:
    return [layer.nodata for layer in x._node.layers]


def set_na_flag(x: Described, value: float | Sequence[float | None] | None) -> None:
    items = [None if v is None else number(v, "na_flag:") for v in one_per_layer(x, value, "na_flag")]
    codes = tuple(None if v is None or v != v else v for v in items)
    node = _without_flags(x._node)
    if any(code is not None for code in codes):
        layers = [
            layer
            if code is None
            else replace(layer, nodata=int(code) if code == int(code) else code, range=None)
            for layer, code in zip(node.layers, codes, strict=True)
        ]
        same = len(set(codes)) == 1
        kernel = Flagged(codes[:1] if same else codes)
        node = cells_raster([node], layers, node.dtype, kernel, layerwise=same)._node
    x._node = node


def _without_flags(node: Node) -> Node:
    """The raster as it was before codes for missing were set."""
    if isinstance(node, Cells) and isinstance(node.kernel, Flagged):
        (below,) = node.arguments
        told = zip(node.layers, below.layers, strict=True)
        return replace(
            below, layers=tuple(replace(now, nodata=old.nodata, range=old.range) for now, old in told)
        )
    return node


def scoff(x: Described) -> NDArray[np.float64]:
    found = [(1.0, 0.0) if band is None else (band.scale, band.offset) for band in file_bands(x._node)]
    return np.array(found, np.float64).reshape(-1, 2)


def set_scoff(x: Described, value: Any) -> None:
    count = len(x._node.layers)
    given = np.array([[1.0, 0.0]]) if value is None else numbers_of(value, "scoff")
    if given.size == 2:
        given = np.tile(given.reshape(1, 2), (count, 1))
    if given.shape != (count, 2) or not np.isfinite(given).all() or (given[:, 0] == 0).any():
        raise ArgumentError(
            f"scoff: must be a scale other than 0 and an offset for each layer ({count}), got {value!r:.60}"
        )
    if all(band is None for band in file_bands(x._node)):
        plain = (given == [1.0, 0.0]).all()
        x._node = x._node if plain else (raster(x._node) * given[:, 0] + given[:, 1])._node
        return
    x._node = join([_scaled(select(x._node, [i]), *map(float, given[i])) for i in range(count)])


def _scaled(node: Node, scale: float, offset: float) -> Node:
    """One layer with another scale and offset: of the stored numbers of a file, else of the values."""
    (band,) = file_bands(node)
    if band is None or not isinstance(node, Read):
        return node if (scale, offset) == (1.0, 0.0) else (raster(node) * scale + offset)._node
    if (band.scale, band.offset) == (scale, offset):
        return node
    source = node.source.rescaled(node.bands[0], scale, offset)
    assert source is not None
    plain = (scale, offset) == (1.0, 0.0)
    kept = replace(node.layers[0].number(), unit=node.layers[0].unit)
    layer = replace(kept, storage=band.dtype if plain else "float64", nodata=band.nodata if plain else None)
    return replace(node, source=source, layers=(layer,), dtype=FLOAT64)
