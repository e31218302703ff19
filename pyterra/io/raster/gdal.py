"""GDAL datasets, one handle per thread, few at a time."""

from __future__ import annotations

import atexit
import functools
import os
import re
import resource
import threading
import time
import warnings
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pyterra.errors import PyterraError, SourceError
from pyterra.forks import is_forked
from pyterra.io.formats import of_the_other_kind, raster_drivers
from pyterra.io.formats.names import ending
from pyterra.io.proj import use_newest
from pyterra.io.raster import decoded, virtual
from pyterra.io.raster.gdal_log import redact_logs
from pyterra.io.raster.guard import check_overviews
from pyterra.io.safe import aside
from pyterra.io.safe.places import path_text, without_scheme
from pyterra.options import current
from pyterra.redact import redact

LEAST_OPEN = 32
"""Handles a thread may keep open, however many threads there are."""
CACHE_BYTES = 128 * 2**20
"""GDAL's block cache of this process, at most; without a limit it takes 5 % of the machine.

In bytes: set from a thread that is not the first, GDAL would take 128 for bytes too, not megabytes.
"""
CACHE_SHARE = 0.1
"""Of options(memory=...), where that is given: blocks hold whole tiles, so that the cache is but a way through."""
REMOTE = ("/vsicurl", "/vsis3", "/vsigs", "/vsiaz", "http://", "https://", "s3://", "gs://", "az://")
_ENVIRONMENT = {
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "GDAL_HTTP_MAX_RETRY": 3,
    "GDAL_HTTP_RETRY_DELAY": 0.5,
    "GDAL_HTTP_MERGE_CONSECUTIVE_RANGES": "YES",
    "GDAL_TIFF_INTERNAL_MASK": "YES",
}

_ALONE = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR"}
"""For what lies in an archive or on a server: files beside it are not read, as nobody has looked at them."""

_local = threading.local()


def gdal_threads(wanted: int | str) -> int | str:
    """How many threads GDAL may use, of those that are wanted: one in a process that was forked off.

    GDAL keeps one pool of threads for the process; in a child it has none, and compressing or reading would wait for them
    for ever.
    """
    return 1 if is_forked() else wanted


def is_remote(path: str) -> bool:
    """Whether a path leads over the network."""
    return path.startswith(REMOTE)


def is_plain_file(path: str) -> bool:
    """Whether a path names a file of this machine, not something inside an archive or on a network."""
    return "://" not in path and not path.startswith("/vsi")


def check_there(path: str, verb: str) -> None:
    """Refuse the path of a file where nothing is, or where the user may not look.

    Raises
    ------
    SourceError
    """
    if not is_plain_file(path) or ":" in path:
        return
    try:
        os.stat(path)
    except PermissionError as error:
        raise SourceError(
            f"{verb}: {path} cannot be looked at: a folder on the way to it is closed to this user"
        ) from error
    except (OSError, ValueError) as error:
        raise SourceError(f"{verb}: {path} does not exist") from error


def absolute(path: str | os.PathLike[str], verb: str = "rast") -> str:
    """The path as a source keeps it: absolute for plain files, so that a change of folder does not matter."""
    text = path_text(path, verb)
    if text.lstrip().startswith("<"):
        raise SourceError(f"{verb}: the path must name a file, got XML text; write it to a file first")
    text = without_scheme(text)
    if text.startswith("~"):
        text = os.path.expanduser(text)
    return os.path.abspath(text) if is_plain_file(text) and ":" not in Path(text).parts[0] else text


def failures(*more: type[Exception]) -> tuple[type[Exception], ...]:
    """What rasterio raises where GDAL fails, and more that an ``except`` is for; some of it is no `RasterioError`."""
    from rasterio._err import CPLE_BaseError
    from rasterio.errors import RasterioError

    return RasterioError, CPLE_BaseError, *more


@contextmanager
def told(kind: type[PyterraError], what: str) -> Iterator[None]:
    """What GDAL fails at within is told as an error of pyterra's: ``what: GDAL's words``."""
    try:
        yield
    except failures() as error:
        raise kind(f"{what}: {error}") from error


def environment() -> Any:
    """A `rasterio.Env` with pyterra's settings: whatever uses GDAL runs in one, as its cache is sized at first use.

    A setting that the user made as an environment variable is left as it is.
    """
    return _environment({})


def cache_bytes() -> int:
    """Bytes of GDAL's cache of tiles, unless the user has set it."""
    memory = current().memory
    return CACHE_BYTES if memory is None else min(CACHE_BYTES, int(memory * CACHE_SHARE))


def _environment(more: Mapping[str, str]) -> Any:
    use_newest()
    import rasterio

    redact_logs()
    settings = {**_ENVIRONMENT, "GDAL_CACHEMAX": cache_bytes()}
    ours = {name: value for name, value in settings.items() if not _is_users(name)}
    if is_forked():
        ours["GDAL_NUM_THREADS"] = gdal_threads("ALL_CPUS")
    return rasterio.Env(**{**ours, **more})


def _is_users(name: str) -> bool:
    return name in os.environ and name != "GDAL_VRT_ENABLE_PYTHON"  # code in files is never run


def open_dataset(path: str, *, checked: bool = False) -> Any:
    """A new rasterio dataset for reading, opened with the drivers of its ending and no others.

    Parameters
    ----------
    path : str
    checked : bool
        Whether the path was opened before and is still what it was: then what it leads to is not looked at again.

    Raises
    ------
    SourceError
        Where GDAL cannot open it, or where it would lead to files that do not belong to it.
    """
    check_there(path, "rast")
    drivers = raster_drivers(path)
    if not drivers:
        raise SourceError(
            f"rast: {redact(path)} names a service or a view, which is not opened; save what it shows as a file first"
        )
    if not checked:
        virtual.check(path)
    for pause in pauses(path):
        try:
            return _opened(path, drivers)
        except SourceError as error:
            if pause is None or _REFUSED.search(str(error)):
                raise
            forget(path)
            time.sleep(pause)
    raise AssertionError("unreachable")


PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6, 1.6)
"""Seconds before what a server did not give, or not whole, is asked for again."""
_REFUSED = re.compile(r"\b(HTTP response code: ?4\d\d|40[134])\b")


def pauses(path: str) -> tuple[float | None, ...]:
    """The pause after each try to read a path; None after the last."""
    return (*PAUSES, None) if is_remote(path) else (None,)


def _opened(path: str, drivers: list[str]) -> Any:
    from rasterio._path import _parse_path
    from rasterio.errors import NotGeoreferencedWarning
    from rasterio.io import DatasetReader

    try:
        with _environment({} if is_plain_file(path) else _ALONE), warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            dataset = DatasetReader(_parse_path(_address(path)), driver=drivers)
            _note_complaint(dataset, path)
            check_overviews(dataset, redact(path))
            return dataset
    except failures(ValueError) as error:
        raise SourceError(
            f"rast: {redact(path)} cannot be opened{_as_what(path, drivers)}: {redact(str(error)).rstrip('.')}"
            f"{of_the_other_kind(path, 'rast')}"
        ) from error


def _as_what(path: str, drivers: list[str]) -> str:
    return f" as {' or '.join(drivers)}, which its ending says" if len(drivers) < 4 and ending(path) else ""


def transform_of(dataset: Any) -> Any:
    """The geotransform of an open dataset; the identity where it has none.

    Of PNM files GDAL gives whatever was in memory, unless a world file tells the place.
    """
    from affine import Affine

    worlds = (Path(dataset.name).with_suffix(ending) for ending in (".wld", ".WLD"))
    if dataset.driver == "PNM" and not any(world.is_file() for world in worlds):
        return Affine.identity()
    return dataset.transform


complaints: dict[str, str] = {}
"""Path -> what GDAL says of its CRS, where PROJ cannot read it."""


def _note_complaint(dataset: Any, path: str) -> None:
    """Take up the error about a CRS that is not understood, which rasterio would raise at whatever is asked next."""
    complaints.pop(path, None)
    if dataset.crs is None:
        try:
            _ = dataset.colorinterp
        except failures() as error:
            complaints[path] = str(error)


def subdatasets(path: str) -> dict[str, str]:
    """Name -> path of the data sets inside a file; empty where it holds one alone."""
    with open_dataset(path) as dataset:
        found = [str(name) for name in dataset.subdatasets]
    # What a file calls its own may lie elsewhere.
    own = re.compile(rf'\w+:(?:(?:off:)?\d+:)?"?{re.escape(path)}"?(?::[^"]*)?')
    found = [text for text in found if own.fullmatch(text) and raster_drivers(text)]
    if raster_drivers(path) == ["Zarr"]:  # lists coordinates, too
        found = [text for text in found if _is_plane(text)] or found
    names = [[part for part in text.replace(path, "").split(":") if part.strip('/"')] for text in found]
    return {parts[-1].strip('/"'): text for parts, text in zip(names, found, strict=True)}


def _is_plane(path: str) -> bool:
    """Whether a data set has rows and columns, and can be read: texts cannot."""
    try:
        with open_dataset(path) as dataset:
            return bool(min(dataset.shape) > 1)
    except SourceError:
        return False


@contextmanager
def borrowed(path: str, token: object) -> Iterator[Any]:
    """This thread's handle of a path, kept open; `token` tells apart the states of a file that changed.

    Where nothing tells them apart (None), as with GDAL's files in memory, it is opened anew and closed.
    """
    if token is not None or is_remote(path):
        yield _handle(path, token)
        return
    dataset = open_dataset(path, checked=True)
    try:
        yield dataset
    except BaseException:
        _put_away(dataset)
        raise
    dataset.close()


def _handle(path: str, token: object) -> Any:
    handles: OrderedDict[tuple[str, object], Any] | None = getattr(_local, "handles", None)
    if handles is None:
        handles = _local.handles = OrderedDict()
    key = (path, token)
    if key in handles:
        handles.move_to_end(key)
        return handles[key]
    dataset = open_dataset(path, checked=True)  # `token` says that it is what was opened before
    handles[key] = dataset
    while len(handles) > _most_open(current().worker_count):
        handles.popitem(last=False)[1].close()
    return dataset


def _close_handles() -> None:
    """Close the handles of this thread."""
    handles: OrderedDict[tuple[str, object], Any] = getattr(_local, "handles", None) or OrderedDict()
    while handles:
        handles.popitem()[1].close()


aside.before_rest.append(_close_handles)


@atexit.register
def _close_all() -> None:
    """Close the main thread's handles while rasterio is whole; later GDAL 3.12 reports errors to nobody."""
    _close_handles()
    while _failed:
        _failed.pop().close()


def _leave_handles() -> None:
    """In a process that was forked off: its parent's handles stay as they are, as both would move one place in a file."""
    _parents.append(getattr(_local, "handles", None))
    _local.handles = OrderedDict()


_parents: list[Any] = []
"""Handles of the parent, kept so that nothing closes them."""
os.register_at_fork(after_in_child=_leave_handles)


@functools.cache
def _most_open(workers: int) -> int:
    """Handles a thread may keep open: half of the files the system allows this process, shared by its workers.

    A stack of more files than that opens them anew for each block, at 1.5 ms a file.
    """
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = 2048 if allowed == resource.RLIM_INFINITY else min(allowed, 2048)
    return max(LEAST_OPEN, allowed // 2 // workers)


_failed: list[Any] = []
"""Virtual rasters that could not be read, left open.

GDAL remembers members that it could not open and gives zeros for them from then on, to any virtual raster that
comes to lie at the same place in memory; while this one is open none does.
"""


_spoiled: dict[str, int] = {}
"""Address -> how often what GDAL keeps of it turned out to be damaged."""


def _address(path: str) -> str:
    """The path as GDAL gets it: under a new name after each failure, so that it asks the server again.

    An answer that was cut short stays in GDAL's cache as the end of the file. What follows ``#`` in an address names a
    place in the file and is not sent.
    """
    failures_so_far = _spoiled.get(path, 0)
    if failures_so_far == 0 or not path.startswith(("http://", "https://", "/vsicurl/http")) or "#" in path:
        return path
    return f"{path if path.startswith('/vsicurl/') else f'/vsicurl/{path}'}#{failures_so_far}"


def forget(path: str) -> None:
    """Close this thread's handles of a path that could not be read; of a server's, ask for it anew."""
    handles: OrderedDict[tuple[str, object], Any] = getattr(_local, "handles", None) or OrderedDict()
    for key in [key for key in handles if key[0] == path]:
        _put_away(handles.pop(key))
    decoded.forget(path)
    if is_remote(path):
        _spoiled[path] = _spoiled.get(path, 0) + 1


def _put_away(dataset: Any) -> None:
    if dataset.driver == "VRT":
        _failed.append(dataset)
    else:
        dataset.close()
