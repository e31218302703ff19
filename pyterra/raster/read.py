"""read_rasters: one layer of each of many files as one array."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.arguments import checked
from pyterra.errors import ArgumentError, MemoryBudgetError, SourceError
from pyterra.expr import Array
from pyterra.grid import Window
from pyterra.io import heap, spare
from pyterra.io.raster.many import Reading, looked_at, read_into, within
from pyterra.io.safe.aside import Aside, Reply
from pyterra.options import current
from pyterra.plan import format_bytes, memory_budget
from pyterra.raster.files import listed
from pyterra.redact import redact

if TYPE_CHECKING:
    from numpy.typing import DTypeLike


@checked
def read_rasters(
    files: Iterable[str | os.PathLike[str]],
    *,
    window: Window | Sequence[int] | None = None,
    dtype: DTypeLike | None = None,
    out: Array | None = None,
    workers: int | None = None,
    lyr: int = 0,
    missing: float | None = None,
) -> Array:
    """One layer of each of many files, read at the same time into one array.

    Parameters
    ----------
    files : sequence of paths or URLs
        GeoTIFFs and whatever else GDAL reads, all with the same numbers of rows and columns.
    window : Window or four integers (row, col, nrow, ncol), optional
        Only these cells, counted from the upper left.
    dtype : dtype, optional
        Type of the array. In floating types missing cells are NaN, and scale and offset are applied; integer types hold
        the numbers that are stored, codes for missing too. By default float32, or float64 where the first file needs it.
    out : ndarray of shape (file, row, col), optional
        Where to read to; `dtype` is its type.
    workers : int, optional
        Files read at the same time; from the options by default.
    lyr : int
        Which layer of each file, from 0.
    missing : float, optional
        What the layer of a file that does not exist is filled with: NaN, or a number that the type holds. By default such
        a file is an error.

    Returns
    -------
    ndarray of shape (file, row, col)
        `out`, where that is given.

    Raises
    ------
    SourceError
        Where a file does not exist or cannot be opened.
    ReadError
        Where one cannot be read.
    GridMismatchError
        Where a file has other numbers of rows and columns.
    ArgumentError
        Where a type cannot hold what a file stores, or `window` does not lie within it.
    MemoryBudgetError
        Where the array does not fit the memory budget.

    See Also
    --------
    rast : Opens files as the layers of a raster, of which nothing is read before it is wanted.

    Notes
    -----
    The values are those of ``rast(files).to_numpy()``, in less time: each file is opened once, by one thread, and read
    straight into the array where its type is the one that is stored. Extents and CRS are not compared, and
    masks and alpha bands hide nothing.

    References
    ----------
    ``read_rasters`` of scikit-map, whose arrays have the files last.

    Examples
    --------
    >>> import os, tempfile
    >>> import numpy as np, pyterra as pt
    >>> folder = tempfile.mkdtemp()
    >>> paths = [os.path.join(folder, f"{year}.tif") for year in (2000, 2001, 2002)]
    >>> for i in (0, 2):
    ...     _ = pt.rast([[1 + i, 2 + i]]).write_raster(paths[i], datatype="uint8")
    >>> pt.read_rasters(paths, missing=np.nan).tolist()
    [[[1.0, 2.0]], [[nan, nan]], [[3.0, 4.0]]]
    >>> pt.read_rasters(paths[::2], dtype="uint8", window=(0, 1, 1, 1)).ravel().tolist()
    [2, 4]
    """
    paths = _paths(files)
    wanted = np.dtype(dtype) if dtype is not None else None if out is None else out.dtype
    what = _reading(paths, lyr, _window(window), wanted, missing is not None)
    target = _target(out, (len(paths), what.window.nrow, what.window.ncol), what.dtype)
    hole = None if missing is None else _hole(missing, what.dtype)

    def read(place: int) -> None:
        if not read_into(paths[place], what, target[place]):
            if hole is None:
                raise _gone(paths[place])
            target[place] = hole

    _all_at_once(read, len(paths), workers or current().worker_count)
    return target


def _paths(files: Any) -> list[str]:
    found = listed(files)
    if isinstance(found, str | os.PathLike) or not isinstance(found, Sequence):
        raise ArgumentError(f"read_rasters: files must be a list of paths, got {type(files).__name__}")
    if not found or not all(isinstance(path, str | os.PathLike) for path in found):
        raise ArgumentError(f"read_rasters: files must be paths, at least one, got {list(found)[:3]!r}")
    return [os.fspath(path) for path in found]


def _window(window: Any) -> Window | None:
    if window is None or isinstance(window, Window):
        return window
    numbers = [int(number) for number in window]
    if len(numbers) != 4:
        raise ArgumentError(
            f"read_rasters: window must be four integers (row, col, nrow, ncol), got {window!r}"
        )
    return Window(*numbers)


def _reading(
    paths: list[str], lyr: int, window: Window | None, dtype: np.dtype[Any] | None, may_lack: bool
) -> Reading:
    """What the first file that exists says of all."""
    if dtype is not None and (dtype.kind not in "iuf" or dtype.itemsize > 8):
        raise ArgumentError(f"read_rasters: dtype must be a type of numbers, got {dtype}")
    for path in paths:
        found = looked_at(path, lyr)
        if found is not None:
            size, own = found
            return Reading(lyr, size, within(size, window), dtype or own, dtype is not None)
        if not may_lack:
            raise _gone(path)
    raise SourceError("read_rasters: none of the files exists, so that nothing tells rows and columns")


def _gone(path: str) -> SourceError:
    return SourceError(
        f"read_rasters: {redact(path)} does not exist; missing=nan gives it a layer of missing cells"
    )


def _target(out: Array | None, shape: tuple[int, int, int], dtype: np.dtype[Any]) -> Array:
    if out is not None:
        if out.shape != shape or out.dtype != dtype or not out.flags.writeable:
            raise ArgumentError(
                f"read_rasters: out must be a writable array of shape (file, row, col) = {shape} and dtype {dtype}, got "
                f"{out.shape} and {out.dtype}"
            )
        return out
    need = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
    if need > memory_budget():
        raise MemoryBudgetError(
            f"read_rasters: the array needs {format_bytes(need)}, the memory budget is {format_bytes(memory_budget())}; "
            "give a window, a narrower dtype or fewer files, or raise options(memory=...)"
        )
    return spare.empty(shape, dtype)


def _hole(missing: float, dtype: np.dtype[Any]) -> Any:
    if dtype.kind == "f":
        return dtype.type(missing)
    limits = np.iinfo(dtype)
    if missing != missing or int(missing) != missing or not limits.min <= missing <= limits.max:
        raise ArgumentError(
            f"read_rasters: missing must be a number that {dtype} holds, got {missing}; use its code for missing, or "
            "dtype='float32'"
        )
    return dtype.type(int(missing))


def _all_at_once(read: Any, count: int, workers: int) -> None:
    """Call a function with the numbers up to `count`, in threads; the first error ends it."""
    heap.settle()
    threads = Aside(max(1, min(workers, count)), "pyterra-read")
    replies = [threads.begin(Reply(), read, place) for place in range(count)]
    try:
        for reply in replies:
            reply.wait()
    finally:
        for reply in replies:
            reply.cancel()
        threads.end()
