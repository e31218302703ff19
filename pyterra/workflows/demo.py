"""The croplands job on made-up input: write it, run it, and check every result against plain numpy."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from pyterra import kernels
from pyterra.errors import PyterraError
from pyterra.frozen import dataclass
from pyterra.io.safe.safe_write import SafeRaster
from pyterra.tiles import Tile, path_inside, run_tiles
from pyterra.workflows.croplands import RESOLUTIONS, YEARS, croplands
from pyterra.workflows.demo_check import check_results
from pyterra.workflows.epochs import GLAD_YEARS
from pyterra.workflows.report import CroplandReport

WEST, SOUTH, DEGREES = -1, 45, 2
"""The demo's square: one degree on either side of the meridian of Greenwich, where two GLAD files meet."""
_STRIP = 1024


@dataclass(frozen=True)
class _Landscape:
    cells_per_degree: int
    folder: Path
    seed: int


def demo(
    out: str | os.PathLike[str] = "demo-output",
    *,
    cells_per_degree: int = 4000,
    workers: int | None = None,
    executor: Any = "processes",
    say: Callable[[str], None] = print,
) -> CroplandReport:
    """Make GLAD-like input over 2 x 2 degrees, run the whole croplands job on it, and check the results.

    Parameters
    ----------
    out : path
        Folder for input and results, made when missing. A folder that holds something else is refused.
    cells_per_degree : int
        4000 as the GLAD maps; less for a quick try, with resolutions in proportion.
    workers, executor
        As in `croplands`.
    say : callable
        Takes the lines that tell what happens.

    Raises
    ------
    PyterraError
        Where a result is not what an independent computation gives.
    """
    folder = Path(out).expanduser().resolve()
    _begin(folder)
    inputs = folder / "input"
    say(
        f"1. Input: cropland of {len(GLAD_YEARS)} epochs in GLAD's files, {DEGREES} x {DEGREES} degrees, made up"
    )
    write_input(inputs, cells_per_degree, workers=workers, executor=executor)
    say(f"2. Job: {YEARS[0]} to {YEARS[-1]}, {', '.join(RESOLUTIONS)}")
    report = croplands(
        inputs,
        folder / "results",
        resolutions={
            name: max(1, cells * cells_per_degree // RESOLUTIONS["30m"])
            for name, cells in RESOLUTIONS.items()
        },
        workers=workers,
        executor=executor,
    )
    say(report.text.rstrip())
    say("3. Check: every map opened again and compared with plain numpy")
    for line in check_results(report, inputs):
        say(f"   {line}")
    picture = report.pictures[-1] if report.pictures else report.out
    say(f"All is well. Look at {picture}, or at all maps: pyterra view {folder}")
    return report


def write_input(
    folder: Path,
    cells_per_degree: int,
    *,
    seed: int = 1,
    workers: int | None = None,
    executor: Any = "processes",
) -> None:
    """Write files of GLAD's names, type and layout: west and east of Greenwich, five epochs.

    Parameters
    ----------
    folder : Path
        Where to, made when missing.
    cells_per_degree : int
        4000 in the real files.
    seed : int
        Another number, another landscape.
    workers, executor
        As in `run_tiles`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sides = [
        Tile("NW", (WEST, 0, SOUTH, SOUTH + DEGREES)),
        Tile("NE", (0, WEST + DEGREES, SOUTH, SOUTH + DEGREES)),
    ]
    context = _Landscape(cells_per_degree, folder, seed)
    run_tiles(
        _write_side, sides, context=context, workers=workers, executor=executor, retries=0, label="input"
    )


def _write_side(side: Tile, landscape: _Landscape) -> list[Path]:
    from affine import Affine

    cells = landscape.cells_per_degree
    xmin, xmax, ymin, ymax = (round(edge) for edge in side.extent)
    nrow, ncol = (ymax - ymin) * cells, (xmax - xmin) * cells
    profile = {
        "width": ncol,
        "height": nrow,
        "count": 1,
        "dtype": "uint8",
        "crs": "EPSG:4326",
        "transform": Affine(1 / cells, 0, xmin, 0, -1 / cells, ymax),
        "compress": "LZW",
        "tiled": True,
        "blockxsize": _STRIP,
        "blockysize": _STRIP,
    }
    paths = [path_inside(landscape.folder, f"Global_cropland_{side.id}_{year}.tif") for year in GLAD_YEARS]
    rasters = [SafeRaster(path, profile, overwrite=True, verify="sample") for path in paths]
    try:
        for top in range(0, nrow, _STRIP):
            rows = min(_STRIP, nrow - top)
            strip = kernels.landscape.cropland(
                top,
                xmin * cells,
                rows,
                ncol,
                coast=(WEST + 0.3) * cells,
                bends=0.17 * cells,
                epochs=len(GLAD_YEARS),
                seed=landscape.seed,
            )
            for raster, layer in zip(rasters, strip, strict=True):
                raster.write((top, 0, rows, ncol), layer[np.newaxis])
        for raster in rasters:
            raster.commit()
    finally:
        for raster in rasters:
            raster.abort()
    return paths


def _begin(folder: Path) -> None:
    """Make the folder, or clear what an earlier demo left in it."""
    mark = folder / ".pyterra-demo"
    if folder.exists() and any(folder.iterdir()) and not mark.exists():
        raise PyterraError(
            f"demo: the folder must be empty or that of an earlier demo, got {folder}; name another one with --out"
        )
    for part in ("input", "results"):
        shutil.rmtree(folder / part, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    mark.touch()
