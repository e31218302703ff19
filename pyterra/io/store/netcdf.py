"""NetCDF files of both formats: their variables, and one variable as a source of values.

A file is open while it is described and while a window is read (opening takes 0.7 ms), never in between: whoever made a
raster of it may write it again.
"""

from __future__ import annotations

import math
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import numpy as np

from pyterra.errors import SourceChangedError, SourceError
from pyterra.expr import Array
from pyterra.forks import renewed
from pyterra.frozen import dataclass
from pyterra.io.raster.gdal import absolute
from pyterra.io.raster.guard import MAX_TILE_BYTES, check_links, check_tile
from pyterra.io.safe.aside import aside
from pyterra.io.safe.fingerprint import Fingerprint, change
from pyterra.io.store.cf import Labelled, plain_attributes
from pyterra.io.store.cf_source import CfSource, Key

_NAMED = re.compile(r'^NETCDF:"?(.+?)"?(?::/*([^:"]+))?$', re.IGNORECASE)
_hdf = renewed(threading.RLock())
"""HDF5 does one thing at a time."""


def is_netcdf(path: str) -> bool:
    """Whether a path names a NetCDF file of this machine, or a variable in one as GDAL writes it."""
    from pyterra.io.formats.opening import own_format

    own = own_format(path)
    return own is not None and own.name == "netCDF"


def named_variable(path: str) -> tuple[str, str | None]:
    """File and variable of ``NETCDF:"file.nc":variable``; for any other text the path itself, absolute.

    Examples
    --------
    >>> named_variable('NETCDF:"/data/a.nc":t')
    ('/data/a.nc', 't')
    """
    found = _NAMED.match(path)
    return (absolute(found[1]), found[2]) if found else (absolute(path), None)


# Opening


@contextmanager
def variables_of(path: str) -> Iterator[dict[str, Labelled]]:
    """All variables of a file by name, those of groups as ``group/name``; they can be read inside the block.

    Raises
    ------
    SourceError
        Where it is no NetCDF file, or damaged.
    """
    with _opened(path) as file:
        try:
            found = dict(_walk(file)) if hasattr(file, "groups") else _classic(file)
        except (OSError, RuntimeError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise SourceError(f"rast: {path} cannot be opened as NetCDF: {error}") from error
        yield found


@contextmanager
def _opened(path: str) -> Iterator[Any]:
    with _hdf:
        file = _open(path)
        try:
            yield file
        finally:
            with warnings.catch_warnings():
                warnings.simplefilter(
                    "ignore", RuntimeWarning
                )  # mapped arrays that somebody still holds stay valid
                file.close()


def _open(path: str) -> Any:
    kind = _format(path)
    try:
        if kind == "classic":
            from scipy.io import netcdf_file

            return netcdf_file(path, "r", mmap=True, maskandscale=False)
        import h5netcdf
        import h5py

        with h5py.File(path, "r") as file:  # h5netcdf's own object cannot be thrown away when this fails
            check_links(file, path)
        return h5netcdf.File(path, "r", decode_vlen_strings=True, phony_dims="access")
    except ImportError as error:
        raise ImportError(
            f"rast: NetCDF needs {error.name}; install it with: pip install 'pyterra-geo[netcdf]'"
        ) from None
    except SourceError:
        raise
    except Exception as error:
        raise SourceError(f"rast: {path} cannot be opened as NetCDF: {error}") from error


def _format(path: str) -> str:
    try:
        with open(path, "rb") as file:
            start = file.read(8)
    except OSError as error:
        raise SourceError(f"rast: {path} cannot be opened: {error.strerror or error}") from error
    if start[:4] in (b"CDF\x01", b"CDF\x02"):
        return "classic"
    if start[:4] == b"\x89HDF":
        return "hdf"
    what = "CDF-5, which is not supported" if start[:3] == b"CDF" else "no NetCDF file"
    raise SourceError(f"rast: {path} is {what}")


def _walk(group: Any, before: str = "") -> Iterator[tuple[str, Labelled]]:
    for name, variable in group.variables.items():
        full = f"{before}{name}"
        yield (
            full,
            Labelled(
                full,
                tuple(variable.dimensions),
                tuple(int(n) for n in variable.shape),
                _dtype(variable.dtype),
                plain_attributes(variable.attrs),
                partial(_all_of, variable, full, _dtype(variable.dtype)),
                variable.chunks,
            ),
        )
    for name, inner in group.groups.items():
        yield from _walk(inner, f"{before}{name}/")


def _classic(file: Any) -> dict[str, Labelled]:
    return {
        name: Labelled(
            name,
            tuple(variable.dimensions),
            tuple(int(n) for n in variable.shape),
            np.dtype(variable.data.dtype),
            plain_attributes(variable._attributes),
            partial(_all_of, variable, name, variable.data.dtype),
        )
        for name, variable in file.variables.items()
    }


def _all_of(variable: Any, name: str, dtype: np.dtype[Any]) -> Array:
    """All values of what describes others, such as coordinates."""
    size = math.prod(variable.shape) * dtype.itemsize
    if size > MAX_TILE_BYTES:
        raise SourceError(
            f"rast: {name} has {size} bytes, which are too many for coordinates; such a file is damaged, or must be cut "
            "into smaller ones"
        )
    check_tile(name, getattr(variable, "chunks", None) or (), dtype.itemsize)
    return np.array(variable[...])


def _dtype(given: Any) -> np.dtype[Any]:
    """Type of the stored numbers; of what numpy has no name for, such as text, "object"."""
    try:
        return np.dtype(given)
    except TypeError:
        return np.dtype(object)


# Values


@dataclass(frozen=True, kw_only=True)
class NetcdfSource(CfSource):
    """One variable of a file."""

    path: str
    variable: str
    state: Fingerprint
    """What tells whether the file is still the one that was described."""

    @property
    def name(self) -> str:
        """File and variable."""
        return f"{self.path}:{self.variable}"

    @property
    def where(self) -> str:
        """The file."""
        return self.path

    def is_unchanged(self) -> bool:
        """Whether the file is the one that was described."""
        return change(self.path, self.state) is None

    @contextmanager
    def taking(self) -> Iterator[Callable[[Key], Array]]:
        """What reads a part of the variable, while the file is open."""
        what = change(self.path, self.state)
        if what is not None:
            raise SourceChangedError(
                f"read: {what} since the raster was defined; make the raster again with rast()"
            )
        opened = self._from_classic() if _format(self.path) == "classic" else self._from_hdf()
        with aside() as call:
            stack = ExitStack()
            try:
                take: Callable[[Key], Array] = call(stack.enter_context, opened)
                yield lambda key: call(take, key)
            finally:
                call(stack.close)

    @contextmanager
    def _from_classic(self) -> Iterator[Callable[[Key], Array]]:
        with _opened(self.path) as file:
            variable = file.variables[self.variable]
            yield lambda key: np.array(variable.data[key])

    @contextmanager
    def _from_hdf(self) -> Iterator[Callable[[Key], Array]]:
        import h5py

        with _hdf, h5py.File(self.path, "r") as file:
            inside = file[self.variable]
            yield lambda key: np.asarray(inside[key])


def tile_of(variable: Labelled, axes: tuple[int, int], shape: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns that are read best at once."""
    chunks = variable.chunks
    return (int(chunks[axes[0]]), int(chunks[axes[1]])) if chunks else (min(shape[0], 256), shape[1])
