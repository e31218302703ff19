"""Results of the croplands job against plain numpy: random cells, every file, the catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.construct import rast
from pyterra.errors import PyterraError
from pyterra.handles.spatextent import SpatExtent
from pyterra.handles.spatraster import SpatRaster
from pyterra.io.raster.cog import cog_problems
from pyterra.raster.join import c
from pyterra.workflows.cropland_steps import NODATA
from pyterra.workflows.epochs import find_epochs
from pyterra.workflows.report import CroplandReport

PATCHES = 8
"""Patches of each resolution that are computed again, in all years; the first lies in the middle."""
SIDE = 12
"""Cells along a side of a patch."""
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
        stack = c(*maps.values())
        cells = 0
        for patch in _patches(stack, rng):
            _compare(stack, list(maps), patch, epochs, name)
            cells += (patch[0].stop - patch[0].start) * (patch[1].stop - patch[1].start)
        yield (
            f"{name}: {len(maps)} valid COGs of {stack.nrow} x {stack.ncol} cells; {cells} random cells x {len(maps)} "
            "years equal numpy"
        )
    yield _catalogue(report)


def _patches(r: SpatRaster, rng: np.random.Generator) -> Iterator[tuple[slice, slice]]:
    """Rows and columns of patches."""
    height, width = min(SIDE, r.nrow), min(SIDE, r.ncol)
    row, col = (r.nrow - height) // 2, (r.ncol - width) // 2
    for _ in range(PATCHES):
        yield slice(row, row + height), slice(col, col + width)
        row, col = int(rng.integers(0, r.nrow - height + 1)), int(rng.integers(0, r.ncol - width + 1))


def _compare(
    stack: SpatRaster,
    years: list[int],
    patch: tuple[slice, slice],
    epochs: dict[int, list[SpatRaster]],
    name: str,
) -> None:
    """Every year of a patch against numpy's interpolation between the shares of cropland below each cell."""
    found = stack[patch]
    ys = stack.ymax - np.arange(patch[0].start, patch[0].stop + 1) * stack.yres
    xs = stack.xmin + np.arange(patch[1].start, patch[1].stop + 1) * stack.xres
    known = np.array(sorted(epochs), float)
    shares = np.array([_shares(epochs[int(year)], ys, xs) for year in known])
    for row, col in np.ndindex(found.shape[1:]):
        expected = 100 * np.interp(years, known, shares[:, row, col])
        here = found[:, row, col]
        # A tile without cropland is left out of the maps.
        good = np.where(np.isnan(here), expected == 0, np.abs(here - expected) <= 0.5 + _TIE)
        if not good.all():
            at = int(np.argmin(good))
            raise PyterraError(
                f"demo: the {name} map of {years[at]} has {here[at]:g} in row {patch[0].start + row}, column "
                f"{patch[1].start + col}, numpy computes {expected[at]:.6g}"
            )


def _shares(files: list[SpatRaster], ys: Any, xs: Any) -> Any:
    """Share of cropland between edges, by the areas of overlap (in degrees, as the job averages)."""
    total = np.zeros((len(ys) - 1, len(xs) - 1))
    weight = np.zeros_like(total)
    for r in files:
        rows, height = _overlaps((r.ymax - ys) / r.yres, r.nrow)
        cols, width = _overlaps((xs - r.xmin) / r.xres, r.ncol)
        if height.size and width.size:
            total += height @ r[rows, cols][0] @ width.T
            weight += np.outer(height.sum(axis=1), width.sum(axis=1))
    return total / weight


def _overlaps(edges: Any, size: int) -> tuple[slice, Any]:
    """Cells between the first and the last edge, and how much of each lies between each pair of edges."""
    first = max(0, int(np.floor(edges[0] + _TIE)))
    last = max(first, min(size, int(np.ceil(edges[-1] - _TIE))))
    cells = np.arange(first, last + 1)
    inside = np.clip(cells[None, :], edges[:-1, None], edges[1:, None])
    return slice(first, last), np.diff(inside, axis=1)


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
