"""The croplands job of the globe in core-hours, from single square degrees: dense, sparse, of one cell, empty.

    python -m benchmarks.globe [--cells 4000] [--dense 4000] [--sparse 5600] [--one 1000] [--options COMPRESS=ZSTD ...]

Each part is run alone on one core and its CPU time taken: the tile (fill), and for each resolution the map of a year. The
numbers of tiles of each kind are assumptions, to be given; 10,600 tiles of GLAD hold cropland.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import pyterra as pt
from pyterra import kernels
from pyterra.options import options
from pyterra.tiles import OutputFile, Tile
from pyterra.workflows.cropland_steps import AnnualMap, CroplandJob, make_map, make_tile
from pyterra.workflows.croplands import RESOLUTIONS, YEARS, _make_folders
from pyterra.workflows.epochs import GLAD_YEARS, check_epochs, find_epochs, mosaic_epochs

KINDS = ("dense", "sparse", "one", "empty")
YEAR = 2005
"""A year between two epochs."""
WIDE = 40
"""Degrees along the side of the extent that holds one cell."""
GLOBE = 360 * 140
"""Square degrees of the maps."""
PARTS = {
    "overviews": ("io.safe.safe_write", "make_overviews"),
    "layout": ("io.safe.safe_write", "lay_out"),
    "copy to COG": ("io.raster.cog", "copy_to_cog"),
    "verification": ("io.safe.safe_write", "SafeRaster._read_back"),
}
"""What is timed inside of a map, where it is there."""


def write_input(folder: Path, cells: int) -> None:
    """Five epochs of four square degrees, one of each kind, side by side."""
    land = kernels.landscape.cropland(0, 0, cells, cells, coast=-cells)
    rng = np.random.default_rng(1)
    thin = kernels.landscape.cropland(0, 3 * cells, cells, cells, coast=-cells)
    thin *= np.kron(rng.random((25, 25)) < 0.06, np.ones((cells // 25, cells // 25), np.uint8))[
        :cells, :cells
    ]
    one = np.zeros_like(land)
    one[1:, cells // 3, cells // 3] = 1
    whole = np.concatenate([land, thin, one, np.zeros_like(land)], axis=2)
    shares = {kind: float(part.mean()) for kind, part in zip(KINDS, (land, thin, one, one * 0), strict=True)}
    print("share of cropland:", ", ".join(f"{kind} {100 * share:.3g} %" for kind, share in shares.items()))
    for epoch, values in zip(GLAD_YEARS, whole, strict=True):
        r = pt.rast(values[None], xmin=0, xmax=4, ymin=45, ymax=46, crs="EPSG:4326")
        how = {"COMPRESS": "LZW", "BLOCKXSIZE": 1024, "BLOCKYSIZE": 1024}
        r.write_raster(folder / f"crop_{epoch}.tif", datatype="uint8", nodata=None, options=how)


class Clock:
    """CPU seconds of calls, and of parts inside of them."""

    def __init__(self) -> None:
        self.parts: Counter[str] = Counter()
        for part, (module, name) in PARTS.items():
            with suppress(ImportError, AttributeError):
                holder: Any = importlib.import_module(f"pyterra.{module}")
                *owners, name = name.split(".")
                for owner in owners:
                    holder = getattr(holder, owner)
                setattr(holder, name, self._timed(part, getattr(holder, name)))

    def _timed(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **how: Any) -> Any:
            begin = time.process_time()
            try:
                return function(*arguments, **how)
            finally:
                self.parts[part] += time.process_time() - begin

        return timed

    def __call__(self, function: Callable[..., Any], *arguments: Any, repeat: int = 3) -> float:
        """The least of some runs, in CPU seconds."""
        took = []
        kept: list[Counter[str]] = []
        for _ in range(repeat):
            self.parts = Counter()
            begin = time.process_time()
            function(*arguments)
            took.append(time.process_time() - begin)
            kept.append(self.parts)
        self.parts = kept[int(np.argmin(took))]
        return min(took)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cells", type=int, default=4000)
    parser.add_argument("--dense", type=int, default=4000)
    parser.add_argument("--sparse", type=int, default=5600)
    parser.add_argument("--one", type=int, default=1000)
    parser.add_argument("--options", nargs="*", default=[], help="creation options of the maps")
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    counts = {kind: getattr(given, kind) for kind in KINDS[:3]}
    counts["empty"] = GLOBE - sum(counts.values())
    with options(workers=1, executor="serial", progress=False):
        hours = measured(given, counts)
    print("Core-hours of the globe:")
    for what, value in hours.items():
        print(f"  {what:<32} {value:6.2f}")
    print(f"  {'all':<32} {sum(v for what, v in hours.items() if not what.startswith('  of it')):6.2f}")


def measured(given: argparse.Namespace, counts: dict[str, int]) -> dict[str, float]:
    """Core-hours by part."""
    folder = Path(tempfile.mkdtemp(prefix="pyterra-globe-"))
    write_input(folder, given.cells)
    epochs = find_epochs(sorted(folder.glob("crop_*.tif")))
    sizes = {name: max(1, cells * given.cells // 4000) for name, cells in RESOLUTIONS.items()}
    job = CroplandJob(
        epochs, {}, check_epochs(epochs), YEARS, sizes, "linear", 2, "v1", folder / "out", **asked(given)
    )
    job.out.mkdir()
    _make_folders(job)
    job = replace(job, mosaics=mosaic_epochs(epochs, job.out / "epochs"))
    tiles = {kind: Tile(kind, (i, i + 1, 45, 46)) for i, kind in enumerate(KINDS)}
    clock, hours = Clock(), {}
    for tile in tiles.values():
        make_tile(tile, job)
    total = 0.0
    for kind, tile in tiles.items():
        took = clock(make_tile, tile, job, repeat=given.repeat)
        print(f"tile {kind}: {took:.3f} CPU-s")
        total += took * counts[kind]
    hours["fill"] = total / 3600
    for name in sizes:
        hours.update(of_maps(name, job, tiles, counts, clock, given.repeat))
    return hours


def asked(given: argparse.Namespace) -> dict[str, Any]:
    """The creation options, where this version of the job takes them."""
    made = dict(option.split("=", 1) for option in given.options)
    if made and "options" in inspect.signature(CroplandJob).parameters:
        return {"options": made}
    return {}


def of_maps(
    name: str, job: CroplandJob, tiles: dict[str, Tile], counts: dict[str, int], clock: Clock, repeat: int
) -> dict[str, float]:
    """Core-hours of all maps of a resolution."""
    seconds, parts = 0.0, Counter[str]()
    wanted = AnnualMap(name, YEAR)
    small = 0.0
    for kind in KINDS[:3]:
        tile = tiles[kind]
        files = [OutputFile.measure(path) for path in made(tile, job) if path.parent.name == name]
        here = replace(job, tile_files={name: tuple(files)}, area=replace(job.area, extent=tile.extent))
        small = clock(make_map, wanted, here, repeat=repeat)
        print(f"map {name} {kind}: {small:.4f} CPU-s a year ({detail(clock.parts)})")
        seconds += small * counts[kind]
        for part, took in clock.parts.items():
            parts[part] += took * counts[kind]
    extent = (tile.extent[0] - WIDE + 1, tile.extent[1], tile.extent[2] - WIDE + 1, tile.extent[3])
    wide = replace(here, area=replace(job.area, extent=extent))
    took = clock(make_map, wanted, wide, repeat=1)
    empty = max(0.0, took - small) / (WIDE**2 - 1)
    print(f"map {name} empty: {empty:.5f} CPU-s a year and square degree ({detail(clock.parts)})")
    year = seconds + empty * counts["empty"]
    found = {f"maps {name}": year * len(job.years) / 3600}
    found[f"  of it emptiness {name}"] = empty * counts["empty"] * len(job.years) / 3600
    return found | {f"  of it {part} {name}": v * len(job.years) / 3600 for part, v in parts.items()}


def made(tile: Tile, job: CroplandJob) -> list[Path]:
    """The files of a tile."""
    return [
        path for name in job.resolutions if (path := job.out / "tiles" / name / f"{tile.id}.tif").exists()
    ]


def detail(parts: Counter[str]) -> str:
    """Parts in words."""
    return ", ".join(f"{part} {took:.3f}" for part, took in parts.items())


if __name__ == "__main__":
    main()
