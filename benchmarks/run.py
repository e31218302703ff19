"""A workload timed and checked: pyterra and its rival in turn, and what GDAL alone needs for the files."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.windows import Window

from benchmarks.data import Data
from benchmarks.job import Job, Workload, own_codec
from benchmarks.peers import Peer
from benchmarks.terra import Terra, TerraError
from benchmarks.timing import Sample, Timed, clock, interleaved, peak_megabytes, reset_peak, summary
from pyterra.io.raster.gdal import forget
from pyterra.run.held import held

BLOCK = 2048
LONG = 40.0
"""Seconds after which a side is not asked for another sample."""


@dataclass
class Result:
    """What was measured of a workload."""

    workload: Workload
    """Which one."""
    samples: dict[str, list[Sample]] = field(default_factory=dict)
    """Seconds of ``ours``, ``rival`` and ``floor`` (decoding and encoding alone)."""
    first: float = float("nan")
    """Wall seconds of the first call, with kernels compiled or loaded."""
    peak: dict[str, float | None] = field(default_factory=dict)
    """Megabytes each process held at most."""
    share: float = 1.0
    """Share of the rows that the rival worked on; its samples are scaled up."""
    unequal: float | None = None
    """Share of cells that differ; None where there is nothing to compare."""
    agrees: bool = True
    """Whether both sides did the same work."""
    error: str = ""
    """Why the rival has no time."""
    side: int = 0
    """Cells along a side of single layers."""
    terra: str | None = None
    """Version of terra, where it was asked."""
    peer: str = ""
    """Another package of Python that was timed too, or why none was."""

    @property
    def ratio(self) -> float | None:
        """Time of the rival by ours."""
        if not self.samples.get("rival"):
            return None
        which = self.workload.clock
        return summary(self.samples["rival"], which).median / summary(self.samples["ours"], which).median

    @property
    def own_ratio(self) -> float | None:
        """Time of the rival by ours with the codec that pyterra takes unless asked otherwise."""
        if not self.samples.get("rival") or not self.samples.get("own"):
            return None
        return summary(self.samples["rival"]).median / summary(self.samples["own"]).median

    @property
    def peer_ratio(self) -> float | None:
        """Time of the peer by ours."""
        if not self.samples.get("peer"):
            return None
        return summary(self.samples["peer"]).median / summary(self.samples["ours"]).median

    @property
    def over_floor(self) -> float | None:
        """Our time by that of decoding the input and encoding the output alone."""
        if "floor" not in self.samples:
            return None
        return summary(self.samples["ours"]).median / summary(self.samples["floor"]).median


def measure(workload: Workload, data: Data, terra: Terra | None, peer: Peer | None = None) -> Result:
    """Run a workload once for its result, then all sides in turn for their times."""
    job = workload.make(data)
    version = None if terra is None else terra.version
    result = Result(workload, share=job.share, side=data.sizes.large, terra=version)
    found: list[Any] = []
    reset_peak()
    result.first = clock(lambda: found.append(job.ours())).wall
    result.peak["ours"] = peak_megabytes()
    calls: dict[str, Timed] = {"ours": lambda: _from_closed_files(job, job.ours)}
    if job.rival is not None:
        rival = job.rival
        rival()
        calls["rival"] = lambda: _from_closed_files(job, rival)
    elif terra is not None:
        try:
            _first_of_terra(job, terra, data.folder, found[0], result)
            calls["rival"] = lambda: _scaled(terra.run(job.code), job.share)
        except TerraError as error:
            result.error = f"terra: {error}"
    else:
        result.error = "R or terra is not installed"
    found.clear()
    if job.output is not None:
        calls["own"] = lambda: _with_own_codec(job)
        stored, profile = _stored(job.output)
        calls["floor"] = lambda: clock(
            lambda: _codec_alone(job.inputs, stored, profile, data.output("floor"))
        )
    if peer is not None:
        _first_of_peer(job, peer, data, calls, result)
    result.samples = interleaved(calls, data.sizes.samples, LONG)
    return result


def _first_of_peer(job: Job, peer: Peer, data: Data, calls: dict[str, Timed], result: Result) -> None:
    """Import the peer and run it once, so that what it compiles is not timed."""
    try:
        call = peer.make(data)
    except ImportError:
        result.peer = f"{peer.package} is not installed"
        return
    result.peer = peer.package
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if clock(call).cpu < LONG:
            calls["peer"] = lambda: _from_closed_files(job, call)
        else:
            result.peer = f"{peer.package} takes more than {LONG:.0f} s"


def _from_closed_files(job: Job, call: Callable[[], Any]) -> Sample:
    """Time a call that must open and decode its inputs and has no answer yet: what was kept of the last is let go."""
    held.clear()
    for path in job.inputs:
        forget(str(path))
    return clock(call)


def _with_own_codec(job: Job) -> Sample:
    with own_codec():
        return _from_closed_files(job, job.ours)


def _first_of_terra(job: Job, terra: Terra, folder: Path, ours: Any, result: Result) -> None:
    """Prepare R, run its side once, and compare the values."""
    terra.run(f"rm(list = ls())\n{job.setup}")
    reset_peak(terra.pid)
    terra.run(job.code)
    result.peak["rival"] = peak_megabytes(terra.pid)
    path = folder / "terra.tif"
    terra.run(f'invisible(writeRaster(out, "{path}", datatype = "FLT8S", overwrite = TRUE))')
    theirs = _values(path)
    array = ours if isinstance(ours, np.ndarray) else ours.to_numpy()
    result.unequal = share_unequal(array[:, : theirs.shape[1]], theirs, job.tolerance)
    result.agrees = result.unequal <= job.unequal


def share_unequal(ours: NDArray[Any], theirs: NDArray[Any], tolerance: float) -> float:
    """Share of cells that are missing on one side only, or differ by more than a share of the range."""
    if ours.shape != theirs.shape:
        return 1.0
    gone = np.isnan(ours)
    differs = gone != np.isnan(theirs)
    if not gone.all():
        limit = tolerance * max(float(np.nanmax(theirs) - np.nanmin(theirs)), 1e-30)
        with np.errstate(invalid="ignore"):
            differs |= np.abs(ours - theirs) > limit
    return float(differs.mean())


def _scaled(sample: Sample, share: float) -> Sample:
    return Sample(sample.cpu / share, sample.wall / share)


def _values(path: Path) -> NDArray[Any]:
    with rasterio.open(path) as file:
        values: NDArray[Any] = file.read(masked=True).filled(np.nan)
        return values


def _stored(path: Path) -> tuple[NDArray[Any], dict[str, Any]]:
    """The numbers in a file and what a file like it is made with."""
    with rasterio.open(path) as file:
        return file.read(), {**file.profile, "num_threads": 2}


def _codec_alone(inputs: tuple[Path, ...], stored: NDArray[Any], profile: dict[str, Any], path: Path) -> None:
    """Decode all inputs and encode the output, by GDAL alone, in blocks of whole tiles."""
    for source in inputs:
        with rasterio.open(source) as file:
            for window in _windows(file.height, file.width):
                file.read(window=window)
    with rasterio.open(path, "w", **profile) as file:
        for window in _windows(file.height, file.width):
            rows, cols = window.toslices()
            file.write(stored[:, rows, cols], window=window)


def _windows(height: int, width: int) -> list[Window]:
    return [
        Window(col, row, min(BLOCK, width - col), min(BLOCK, height - row))
        for row in range(0, height, BLOCK)
        for col in range(0, width, BLOCK)
    ]
