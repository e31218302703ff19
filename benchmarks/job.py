"""What a workload is: the same work said for pyterra and for its rival, and the least ratio that is aimed at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pyterra as pt
from benchmarks.data import Data

LZW = {"COMPRESS": "LZW", "PREDICTOR": "1"}
"""Output files of both sides: tiles of 512 x 512, LZW without predictor."""
R_GDAL = 'gdal = c("COMPRESS=LZW", "TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512")'
R_LZW = f"{R_GDAL}, overwrite = TRUE"


@contextmanager
def own_codec() -> Iterator[None]:
    """Within: files are compressed as pyterra does unless asked otherwise."""
    kept = dict(LZW)
    LZW.clear()
    try:
        yield
    finally:
        LZW.update(kept)


@dataclass(frozen=True)
class Job:
    """One workload on given data."""

    ours: Callable[[], Any]
    """The work in pyterra; gives a raster (or an array)."""
    code: str = ""
    """The work in R; assigns `out`. Empty where the rival is not terra."""
    setup: str = ""
    """What R does before, untimed."""
    rival: Callable[[], Any] | None = None
    """The rival, where it is not terra."""
    share: float = 1.0
    """Share of the rows that terra works on, where all would take minutes; its time is scaled up."""
    inputs: tuple[Path, ...] = ()
    """Files that are read, for the cost of decoding alone."""
    output: Path | None = None
    """File that is written, for the cost of encoding alone."""
    tolerance: float = 1e-5
    """Largest difference that counts as equal, relative to the range of the values."""
    unequal: float = 0.0
    """Share of cells that may differ by more, or be missing on one side only."""


@dataclass(frozen=True)
class Workload:
    """A named way to make a job."""

    name: str
    """What is asked for with ``--rows``."""
    target: float
    """Least ratio of the rival's time to ours."""
    make: Callable[[Data], Job]
    """The job on given data."""
    rival: str = "terra"
    """Who is compared with."""
    clock: Literal["cpu", "wall"] = "cpu"
    """Which time is compared."""
    note: str = field(default="", kw_only=True)
    """What a reader must know."""


WORKLOADS: dict[str, Workload] = {}


def workload(
    name: str, target: float, rival: str = "terra", clock: Literal["cpu", "wall"] = "cpu", note: str = ""
) -> Callable[[Callable[[Data], Job]], Callable[[Data], Job]]:
    """Enter a function of the data into the table of workloads."""

    def enter(make: Callable[[Data], Job]) -> Callable[[Data], Job]:
        WORKLOADS[name] = Workload(name, target, make, rival, clock, note=note)
        return make

    return enter


def in_memory(path: Path) -> pt.SpatRaster:
    """A raster that holds the values of a file."""
    return pt.rast(path).compute()


def r_file(name: str, path: Path) -> str:
    """R code that opens a file."""
    return f'{name} <- rast("{path}")\n'


def r_memory(name: str, path: Path) -> str:
    """R code for a raster that holds the values of a file."""
    return f'{name} <- rast("{path}"); {name} <- setValues({name}, values({name}))\n'
