"""The croplands job of the globe in core-hours, from single square degrees: dense, sparse, of one cell, empty.

    python -m benchmarks.globe [--dense 2800] [--sparse 6600] [--one 1200] [--options COMPRESS=ZSTD LEVEL=1]

Each part is run alone on one core and its CPU time taken: the tile (fill), and for each resolution the map of a year,
as what four tiles more of a kind add to it. The numbers of tiles of each kind are assumptions: 10,600 tiles of GLAD
hold cropland, 1,244 million hectares in 2019 (Potapov et al. 2022); that is 3,100 tiles of 10,100 square kilometres as
dense as the one here.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import rasterio

import pyterra as pt
from pyterra import kernels
from pyterra.options import options
from pyterra.tiles import OutputFile, Tile
from pyterra.workflows.cropland_steps import AnnualMap, CroplandJob, make_map, make_tile
from pyterra.workflows.croplands import RESOLUTIONS, YEARS, _make_folders
from pyterra.workflows.epochs import GLAD_YEARS, check_epochs, find_epochs, mosaic_epochs, stack_epochs

KINDS = ("dense", "sparse", "one", "empty")
YEAR, FIRST, EQUAL = 2005, 2000, 2001
"""A year between two epochs, and two before the first, whose maps are equal."""
COPIES = 4
"""Further tiles of a kind in a map."""
WIDE = 40
"""Degrees along the side of the extent that holds one cell."""
GLOBE = 360 * 140
"""Square degrees of the maps."""
PARTS = {
    "overviews": ("io.raster.cog", "make_overviews"),
    "layout": ("io.raster.cog", "lay_out"),
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
    parser.add_argument("--dense", type=int, default=2800)
    parser.add_argument("--sparse", type=int, default=6600)
    parser.add_argument("--one", type=int, default=1200)
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
        epochs, None, check_epochs(epochs), YEARS, sizes, "linear", 2, "v1", folder / "out", **asked(given)
    )
    job.out.mkdir()
    _make_folders(job)
    job = replace(job, stack=stack_epochs(mosaic_epochs(epochs, job.out / "epochs"), epochs))
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
    parts = Counter[str]()
    wanted, first, equal = (AnnualMap(name, year) for year in (YEAR, FIRST, EQUAL))
    seconds = alone = copied = 0.0
    for kind in KINDS[:3]:
        xmin, xmax, ymin, ymax = tiles[kind].extent
        (file,) = [path for path in made(tiles[kind], job) if path.parent.name == name]
        files = [OutputFile.measure(path) for path in (file, *copies(file))]
        many, one = (
            replace(
                job,
                tile_files={name: tuple(files[:count])},
                area=replace(job.area, extent=(xmin, xmax, ymin - count + 1, ymax)),
            )
            for count in (1 + COPIES, 1)
        )
        all_of_them, inside = clock(make_map, wanted, many, repeat=repeat), clock.parts
        alone = clock(make_map, wanted, one, repeat=repeat)
        each = max(0.0, all_of_them - alone) / COPIES
        make_map(first, many)
        again = clock(make_map, equal, replace(many, finished_maps=frozenset([first])), repeat=repeat)
        print(
            f"map {name} {kind}: {each:.4f} CPU-s a tile and year ({detail(inside)} of {1 + COPIES}), copied "
            f"{max(0.0, again - alone) / COPIES:.4f}"
        )
        seconds += each * counts[kind]
        copied += max(0.0, again - alone) / COPIES * counts[kind]
        for part, took in inside.items():
            parts[part] += took / (1 + COPIES) * counts[kind]
    xmin, xmax, ymin, ymax = one.area.extent
    wide = replace(one, area=replace(job.area, extent=(xmin - WIDE + 1, xmax, ymin - WIDE + 1, ymax)))
    took = clock(make_map, wanted, wide, repeat=1)
    empty = max(0.0, took - alone) / (WIDE**2 - 1)
    print(f"map {name}: {alone:.3f} CPU-s for any, {empty:.5f} for an empty square degree")
    years, copies_of = len(job.interpolation.distinct()) / 3600, len(job.years) / 3600
    copies_of -= years
    everywhere = empty * counts["empty"]
    return {
        f"maps {name}": (seconds + alone + everywhere) * years + (copied + alone + everywhere) * copies_of,
        f"  of it emptiness {name}": everywhere * (years + copies_of),
        f"  of it copies {name}": copied * copies_of,
        **{f"  of it {part} {name}": took * years for part, took in parts.items()},
    }


def copies(file: Path) -> list[Path]:
    """The same tile further south."""
    from affine import Affine

    found = []
    for i in range(1, 1 + COPIES):
        found.append(file.with_name(f"{file.stem}-{i}.tif"))
        shutil.copyfile(file, found[-1])
        with rasterio.open(found[-1], "r+", IGNORE_COG_LAYOUT_BREAK="YES") as raster:
            raster.transform = Affine.translation(0, -i) * raster.transform
    return found


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
