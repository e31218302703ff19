"""Results of the croplands job against plain numpy: random cells, every file, the catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.construct import rast
from pyterra.errors import PyterraError
from pyterra.extent import SpatExtent
from pyterra.io.cog import cog_problems
from pyterra.raster.spatraster import SpatRaster
from pyterra.workflows.cropland_steps import NODATA
from pyterra.workflows.epochs import find_epochs
from pyterra.workflows.report import CroplandReport

CELLS = 400
"""Random cells of each resolution that are computed again, in all years."""
_TIE = 1e-6


def check_results(report: CroplandReport, inputs: Path, *, seed: int = 1) -> Iterator[str]:
    """Compare all maps with an independent computation; gives a line per finding.

    Raises
    ------
    PyterraError
        Where something is not as it must be.
    """
    epochs = {epoch.year: [rast(file) for file in epoch.files] for epoch in find_epochs(inputs)}
    whole = SpatExtent(*_hull([r.ext for r in next(iter(epochs.values()))]))
    rng = np.random.default_rng(seed)
    for name, by_year in report.paths.items():
        maps = {year: rast(path) for year, path in by_year.items()}
        for year, path in by_year.items():
            problems = cog_problems(path)
            _must(not problems, f"{path.name} is not a valid COG: {'; '.join(problems)}")
            layer = maps[year]._node.layers[0]
            _must(
                (layer.storage, layer.nodata) == ("uint8", NODATA),
                f"{path.name} must be bytes, missing {NODATA}",
            )
            _must(
                all(abs(a - b) < 1e-9 for a, b in zip(maps[year].ext, whole, strict=True)),
                f"extent of {path.name}",
            )
        first = next(iter(maps.values()))
        cells = rng.integers(0, first.ncell, CELLS)
        wrong = sum(_wrong(cell, maps, epochs) for cell in cells)
        _must(wrong == 0, f"{wrong} of {CELLS} random cells of the {name} maps differ from numpy")
        yield (
            f"{name}: {len(maps)} valid COGs of {first.nrow} x {first.ncol} cells; {CELLS} random cells x {len(maps)} "
            "years equal numpy"
        )
    yield _catalogue(report)


def _wrong(cell: int, maps: dict[int, SpatRaster], epochs: dict[int, list[SpatRaster]]) -> bool:
    """Whether a cell differs, in any year, from the mean of numpy's interpolation over the cells below it."""
    first = next(iter(maps.values()))
    row, col = divmod(int(cell), first.ncol)
    left, top = first.xmin + col * first.xres, first.ymax - row * first.yres
    place = (left, left + first.xres, top - first.yres, top)
    known = np.array(sorted(epochs), float)
    shares = [_share(epochs[int(year)], place) for year in known]
    for year, r in maps.items():
        expected = 100 * float(np.interp(year, known, shares))
        found = float(r[row, col][0])
        if np.isnan(found):  # a tile without cropland is left out
            if expected > 0:
                return True
        elif abs(found - expected) > 0.5 + _TIE:
            return True
    return False


def _share(files: list[SpatRaster], place: tuple[float, float, float, float]) -> float:
    """Share of a rectangle that is cropland, by the areas of overlap (in degrees, as the job averages)."""
    total = weight = 0.0
    left, right, bottom, top = place
    for r in files:
        cols, width = _overlaps((left - r.xmin) / r.xres, (right - r.xmin) / r.xres, r.ncol)
        rows, height = _overlaps((r.ymax - top) / r.yres, (r.ymax - bottom) / r.yres, r.nrow)
        if not width.size or not height.size:
            continue
        values = r[rows, cols][0]
        area = np.outer(height, width)
        total, weight = total + float((values * area).sum()), weight + float(area.sum())
    return total / weight


def _overlaps(start: float, stop: float, size: int) -> tuple[slice, Any]:
    """Cells between two positions, and how much of each lies between them."""
    first, last = max(0, int(np.floor(start + _TIE))), min(size, int(np.ceil(stop - _TIE)))
    edges = np.arange(first, max(first, last) + 1)
    inside = np.clip(edges, start, stop)
    return slice(first, max(first, last)), np.diff(inside)


def _catalogue(report: CroplandReport) -> str:
    """Follow all links of the catalogue to files that are there."""
    catalogue = json.loads(report.catalogue.read_text())
    items = assets = 0
    for child in _links(report.catalogue, catalogue, "child"):
        collection = json.loads(child.read_text())
        for path in _links(child, collection, "item"):
            item = json.loads(path.read_text())
            items += 1
            for asset in item["assets"].values():
                file = path.parent / asset["href"]
                _must(file.stat().st_size == asset["file:size"], f"{file} is not the file of the catalogue")
                assets += 1
    _must(
        assets == sum(len(by_year) for by_year in report.paths.values()), "the catalogue must hold all maps"
    )
    return f"STAC catalogue: {items} items, {assets} files, all there"


def _links(file: Path, content: dict[str, Any], relation: str) -> list[Path]:
    return [(file.parent / link["href"]).resolve() for link in content["links"] if link["rel"] == relation]


def _hull(extents: list[SpatExtent]) -> tuple[float, float, float, float]:
    whole = extents[0]
    for extent in extents[1:]:
        whole = whole.union(extent)
    return tuple(whole)  # type: ignore[return-value]


def _must(holds: bool, what: str) -> None:
    if not holds:
        raise PyterraError(f"demo: {what}")
