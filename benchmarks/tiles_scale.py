"""The croplands job on as many tiles as the globe has, each of 40 x 40 cells: what the runner costs.

    python -m benchmarks.tiles_scale [--tiles 10600] [--workers 2] [--out FOLDER]

Prints the time per tile beside that of the same work in a plain loop, the memory of the job's own process and of its
workers over the run, and how long a restart takes that finds everything done.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import psutil

import pyterra as pt
from pyterra.options import options
from pyterra.tiles import Tile
from pyterra.workflows.cropland_steps import make_tile
from pyterra.workflows.croplands import croplands

CELLS = 40
ROWS = 50
EPOCHS = (2003, 2007, 2011, 2015, 2019)


class Memory(threading.Thread):
    """Resident memory of this process and its children, sampled."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.samples: list[tuple[float, int, int]] = []
        self._end = threading.Event()
        self.start()

    def run(self) -> None:
        here = psutil.Process()
        begin = time.monotonic()
        while not self._end.wait(0.5):
            largest = 0
            for child in here.children(recursive=True):
                try:
                    largest = max(largest, child.memory_info().rss)
                except psutil.Error:
                    continue  # it ended a moment ago
            self.samples.append((time.monotonic() - begin, here.memory_info().rss, largest))

    def lines(self) -> list[str]:
        """Megabytes at five moments."""
        self._end.set()
        self.join()
        at = np.linspace(0, len(self.samples) - 1, 5).round().astype(int)
        return [
            f"  after {self.samples[i][0]:6.1f} s: job {self.samples[i][1] / 1e6:.0f} MB, largest worker "
            f"{self.samples[i][2] / 1e6:.0f} MB"
            for i in at
        ]


def write_input(folder: Path, tiles: int) -> None:
    """Five epochs of `ROWS` degrees of latitude, and as many of longitude as it takes."""
    columns = -(-tiles // ROWS)
    rng = np.random.default_rng(1)
    for epoch in EPOCHS:
        values = (rng.random((ROWS * CELLS, columns * CELLS)) < 0.4).astype("float32")
        west = -(columns // 2)
        r = pt.rast(values, xmin=west, xmax=west + columns, ymin=0, ymax=ROWS, crs="EPSG:4326")
        r.write_raster(folder / f"crop_{epoch}.tif", datatype="uint8", nodata=None)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tiles", type=int, default=10_600)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    folder = given.out or Path(tempfile.mkdtemp(prefix="pyterra-tiles-"))
    folder.mkdir(parents=True, exist_ok=True)
    write_input(folder, given.tiles)
    files = sorted(folder.glob("crop_*.tif"))
    arguments = {"years": (2000, 2005), "resolutions": {"30m": CELLS}, "workers": given.workers}

    memory = Memory()
    report = croplands(files, folder / "out", **arguments)
    print(report)
    tiles = report.tiles
    print(f"{tiles.total} tiles in {tiles.seconds:.1f} s, {1e3 * tiles.seconds / tiles.total:.1f} ms each")
    print("Memory:", *memory.lines(), sep="\n")
    print(f"The same work in a loop: {1e3 * _alone(files, folder):.1f} ms a tile, one at a time")

    begin = time.perf_counter()
    again = croplands(files, folder / "out", **arguments)
    print(
        f"Restart with everything done: {time.perf_counter() - begin:.1f} s, of that tiles {again.seconds['tiles']:.1f} s"
    )


def _alone(files: list[Path], folder: Path, count: int = 100) -> float:
    """Seconds per tile without runner, processes or manifest."""
    from pyterra.workflows.cropland_steps import CroplandJob
    from pyterra.workflows.epochs import check_epochs, find_epochs, mosaic_epochs, stack_epochs

    out = folder / "alone"
    (out / "tiles" / "30m").mkdir(parents=True, exist_ok=True)
    epochs = find_epochs(files)
    stack = stack_epochs(mosaic_epochs(epochs, out / "epochs"), epochs)
    job = CroplandJob(
        epochs, stack, check_epochs(epochs), (2000, 2005), {"30m": CELLS}, "linear", 2, "v1", out
    )
    with options(workers=1, executor="serial"):
        make_tile(Tile("warm", (0, 1, 0, 1)), job)
        begin = time.perf_counter()
        for i in range(count):
            make_tile(Tile(f"t{i}", (i // ROWS, i // ROWS + 1, i % ROWS, i % ROWS + 1)), job)
    return (time.perf_counter() - begin) / count


if __name__ == "__main__":
    main()
