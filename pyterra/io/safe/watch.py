"""What fails while a file is written becomes an error that names the file and what was being done."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from pyterra.errors import SinkError, WriteError
from pyterra.io.raster.gdal import environment, failures
from pyterra.io.raster.gdal_log import gdal_errors


class Watch:
    """Context managers around the steps of writing a file; each takes, in words, what is done in it.

    Parameters
    ----------
    path : Path
        The file that is meant, whatever it is called until it is there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def gdal(self, what: str) -> Iterator[None]:
        """Give an environment of GDAL in which its failures become `WriteError`; a file may have no place."""
        from rasterio.errors import EnvError, NotGeoreferencedWarning

        settings = environment()
        settings.__enter__()
        try:
            with self.calls(what), warnings.catch_warnings():
                warnings.simplefilter("ignore", NotGeoreferencedWarning)
                yield
        finally:
            # An interrupt that falls into rasterio's own bookkeeping must come out as an interrupt.
            with suppress(EnvError):
                settings.__exit__()

    @contextmanager
    def calls(self, what: str) -> Iterator[None]:
        """Turn errors of rasterio, and those that GDAL only logs, into `WriteError`."""
        with gdal_errors() as lost, self.disk(what, lost):
            yield
        if lost:
            raise WriteError(f"write: {self.path}, {what}: {lost[0]}")

    @contextmanager
    def disk(self, what: str, lost: Sequence[str] = ()) -> Iterator[None]:
        """Turn errors of rasterio and of the disk into `WriteError`, with the first of GDAL's words if there are any."""
        try:
            yield
        except SinkError:
            raise
        except failures(OSError) as error:
            cause = lost[0] if lost else error.__cause__ or error
            raise WriteError(f"write: {self.path}, {what}: {cause}") from error
