"""What the croplands job leaves for people and programs to look at: a STAC catalogue and two pictures."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pyterra.construct import ext, rast
from pyterra.errors import warn
from pyterra.handles.spatextent import SpatExtent
from pyterra.handles.spatraster import SpatRaster
from pyterra.raster.join import c
from pyterra.tiles import Asset, Collection, Item, Manifest, OutputFile, fingerprint, write_catalogue
from pyterra.workflows.cropland_steps import NODATA, AnnualMap, CroplandJob
from pyterra.workflows.pictures import save_panels

CATALOGUE = "catalogue"
"""Name of catalogue and pictures in the manifest."""
_DESCRIPTION = (
    "Share of a cell that is cropland, in percent, for each year: the GLAD cropland epochs (Potapov et al. 2021), "
    "interpolated between their years. Missing (255): no tile with cropland lies there, to be counted as 0."
)
_PROVIDERS = (
    {
        "name": "GLAD, University of Maryland",
        "description": "The maps of the epochs",
        "roles": ["producer"],
        "url": "https://glad.umd.edu/dataset/croplands",
    },
)
_PUBLICATIONS = {
    "10.1038/s43016-021-00429-z": (
        "Potapov, P. et al. (2022): Global maps of cropland extent and change show accelerated cropland expansion in the "
        "twenty-first century. Nature Food 3, 19-28"
    )
}
_EQUATOR = 6_378_137 * math.pi / 180
"""Metres of a degree along the equator."""
_DETAIL = 300
"""Cells along a side of the detailed picture."""
_PANEL = 150
"""Cells along a side of a panel that is not coarse to look at."""


def publish(
    job: CroplandJob, maps: Sequence[AnnualMap], manifest: Manifest, *, resume: bool = True
) -> tuple[Path, list[Path]]:
    """Write the catalogue and draw the pictures, where they are not of these maps already; returns their paths.

    Of maps that have not changed since the last catalogue, which may be terabytes, the checksums are taken from there.
    """
    files = [file for wanted in maps for file in _outputs(manifest, wanted.id)]
    digest = fingerprint([(Path(file.path).name, file.checksum) for file in files], job.version)
    before = _outputs(manifest, CATALOGUE)
    if resume and before and manifest.done(CATALOGUE, digest):
        return Path(before[0].path), [Path(file.path) for file in before if file.path.endswith(".png")]
    begin = time.perf_counter()
    same = {file.path for file in files if resume and file in before}
    known = {path: text for path, text in _checksums(before[0].path).items() if path in same} if same else {}
    catalogue = write_cropland_catalogue(job, maps, known)
    pictures = _pictures(job, maps)
    manifest.start(CATALOGUE, digest)
    made = [OutputFile.measure(path) for path in (catalogue, *pictures)]
    manifest.finish(CATALOGUE, [*made, *files], time.perf_counter() - begin)
    return catalogue, pictures


def _outputs(manifest: Manifest, name: str) -> tuple[OutputFile, ...]:
    record = manifest.record(name)
    return () if record is None else record.outputs


def _checksums(catalogue: str) -> dict[str, str]:
    """Path of each file of a catalogue and what that says of its content; none where it cannot be read."""
    found = {}
    try:
        for item in Path(catalogue).parent.glob("*/*.json"):
            for asset in json.loads(item.read_text(encoding="utf-8")).get("assets", {}).values():
                path = str((item.parent / asset["href"]).resolve())
                found[path] = asset["file:checksum"]
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return {}
    return found


def _pictures(job: CroplandJob, maps: Sequence[AnnualMap]) -> list[Path]:
    try:
        return draw_quicklooks(job, maps)
    except ImportError as error:
        warn(f"croplands: no pictures were drawn: {error}")
        return []


def write_cropland_catalogue(
    job: CroplandJob, maps: Sequence[AnnualMap], known: Mapping[str, str] | None = None
) -> Path:
    """Write a static STAC catalogue with an item per year and an asset per resolution; `known` are checksums by path."""
    items = []
    for year in job.years:
        paths = {m.resolution: m.path(job) for m in maps if m.year == year}
        if not paths:
            continue
        e = rast(next(iter(paths.values()))).ext
        items.append(
            Item(
                id=f"cropland-{year}",
                bbox=(e.xmin, e.ymin, e.xmax, e.ymax),
                begin=date(year, 1, 1),
                end=date(year, 12, 31),
                crs="EPSG:4326",
                assets={name: _asset(path, year, name, job, known or {}) for name, path in paths.items()},
                properties={"version": job.version},
            )
        )
    collection = Collection(
        id="cropland",
        title="Annual cropland",
        description=_DESCRIPTION,
        items=items,
        license="CC-BY-SA-4.0",
        keywords=["cropland", "land cover", "time series", "GLAD"],
        providers=_PROVIDERS,
        publications=_PUBLICATIONS,
    )
    return write_catalogue(
        job.out / "stac",
        [collection],
        catalogue_id="cropland",
        title="Annual cropland maps",
        description=_DESCRIPTION,
    )


def _asset(path: Path, year: int, resolution: str, job: CroplandJob, known: Mapping[str, str]) -> Asset:
    grid = rast(path)._node.grid
    return Asset(
        href=str(path),
        title=f"Cropland {year}, {resolution}",
        checksum=known.get(str(path.resolve()), True),
        shape=(grid.nrow, grid.ncol),
        transform=tuple(grid.transform),
        more={
            "gsd": round(_EQUATOR / job.resolutions[resolution], 2),
            "bands": [{"name": "cropland", "data_type": "uint8", "nodata": NODATA, "unit": "%"}],
        },
    )


def draw_quicklooks(job: CroplandJob, maps: Sequence[AnnualMap]) -> list[Path]:
    """Draw the whole area, and a small part of it in all detail, with years as panels."""
    made = {
        name: job.resolutions[name] for name in job.resolutions if any(m.resolution == name for m in maps)
    }
    finest = next(iter(made))
    style: dict[str, Any] = {"cmap": "YlGn", "range": (0, 100), "legend": "percent of a cell"}
    return [
        save_panels(
            _series(job, maps, _overview(job, made)), job.out / "quicklook.png", title="Cropland", **style
        ),
        save_panels(
            _series(job, maps, finest),
            job.out / "quicklook_detail.png",
            title=f"Cropland in detail ({finest})",
            extent=_busiest(job, finest),
            **style,
        ),
    ]


def _series(job: CroplandJob, maps: Sequence[AnnualMap], resolution: str) -> SpatRaster:
    """The finished maps of a resolution as layers named by their years."""
    return c(**{str(m.year): rast(m.path(job)) for m in maps if m.resolution == resolution})


def _overview(job: CroplandJob, made: Mapping[str, int]) -> str:
    """The coarsest resolution that still fills a panel."""
    xmin, xmax, ymin, ymax = job.area.extent
    degrees = min(xmax - xmin, ymax - ymin)
    filling = [name for name, cells in made.items() if degrees * cells >= _PANEL]
    return filling[-1] if filling else next(iter(made))


def _busiest(job: CroplandJob, finest: str) -> SpatExtent:
    """A square in the middle of the tile that holds most to be seen: the one with the largest file."""
    largest = max(job.tile_files[finest], key=lambda file: (file.size, file.path))
    r = rast(largest.path)
    half = min(_DETAIL, r.nrow, r.ncol) / 2
    x, y = (r.xmin + r.xmax) / 2, (r.ymin + r.ymax) / 2
    return ext(x - half * r.xres, x + half * r.xres, y - half * r.yres, y + half * r.yres)
