"""The report of a croplands run: what lies where, how long it took, what failed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from pyterra.frozen import dataclass
from pyterra.io.safe.parts import atomic_path
from pyterra.tiles import Failure, Manifest, Report, Tile
from pyterra.workflows.cropland_steps import AnnualMap, CroplandJob


@dataclass(frozen=True)
class CroplandReport:
    """How a run of the croplands job ended."""

    out: Path
    """Folder of all results."""
    tiles: Report
    """Of the tiles."""
    maps: Report
    """Of the mosaics."""
    with_cropland: int
    """Tiles that hold cropland in at least one epoch."""
    paths: Mapping[str, Mapping[int, Path]]
    """The finished maps by resolution and year."""
    catalogue: Path
    """STAC catalogue."""
    pictures: tuple[Path, ...]
    """Quick looks; none where matplotlib is not installed."""
    seconds: Mapping[str, float]
    """By stage."""
    text: str
    """All of this for people to read; also in ``report.txt``."""

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Tiles and mosaics that were given up."""
        return self.tiles.failures + self.maps.failures

    def __str__(self) -> str:
        return self.text


def write_report(
    job: CroplandJob,
    tiles: Sequence[Tile],
    maps: Sequence[AnnualMap],
    manifest: Manifest,
    reports: Mapping[str, Report],
    seconds: Mapping[str, float],
    catalogue: Path,
    pictures: Sequence[Path],
) -> CroplandReport:
    """Write ``report.json`` and ``report.txt``, and return what they say."""
    records = {record.id: record for record in manifest.records()}
    of_tiles = [records[tile.id] for tile in tiles if tile.id in records]
    holding = [record for record in of_tiles if record.state == "done" and record.outputs]
    files: dict[str, dict[int, Path]] = {name: {} for name in job.resolutions}
    for made in maps:
        files[made.resolution][made.year] = made.path(job)
    sizes = {name: sum(path.stat().st_size for path in by_year.values()) for name, by_year in files.items()}
    content: dict[str, Any] = {
        "inputs": {epoch.year: list(epoch.files) for epoch in job.epochs},
        "extent": list(job.area.extent),
        "parameters": {
            "years": list(job.years),
            "cells_per_degree": dict(job.resolutions),
            "method": job.method,
            "rule": job.rule,
            "version": job.version,
        },
        "tiles": _numbers(reports["tiles"]) | {"with_cropland": len(holding)},
        "maps": _numbers(reports["maps"]),
        "bytes": sizes,
        "files": {
            name: {year: str(path.relative_to(job.out)) for year, path in by_year.items()}
            for name, by_year in files.items()
        },
        "seconds": {stage: round(value, 3) for stage, value in seconds.items()},
        "seconds_per_tile": _seconds(holding),
    }
    text = _text(job, content, len(of_tiles), catalogue, pictures)
    _write(job.out / "report.json", json.dumps(content, indent=2) + "\n")
    _write(job.out / "report.txt", text)
    return CroplandReport(
        job.out,
        reports["tiles"],
        reports["maps"],
        len(holding),
        files,
        catalogue,
        tuple(pictures),
        dict(seconds),
        text,
    )


def _numbers(report: Report) -> dict[str, Any]:
    return {
        "asked_for": report.total,
        "made_now": report.done,
        "made_before": report.skipped,
        "failed": [asdict(failure) for failure in report.failures],
        "seconds": round(report.seconds, 3),
    }


def _seconds(records: Sequence[Any]) -> dict[str, float]:
    known = [record.seconds for record in records if record.seconds is not None]
    return {"median": round(median(known), 3), "longest": round(max(known), 3)} if known else {}


def _text(
    job: CroplandJob, content: Mapping[str, Any], tiles: int, catalogue: Path, pictures: Sequence[Path]
) -> str:
    years = f"{job.years[0]} to {job.years[-1]}" if len(job.years) > 1 else f"{job.years[0]}"
    xmin, xmax, ymin, ymax = job.area.extent
    failed = content["tiles"]["failed"] + content["maps"]["failed"]
    lines = [
        f"Cropland maps of {years}, longitude {xmin:g} to {xmax:g}, latitude {ymin:g} to {ymax:g}",
        f"Epochs: {', '.join(str(epoch.year) for epoch in job.epochs)} ({job.method}, rule {job.rule})",
        f"Results in {job.out}:",
    ]
    for name, files in content["files"].items():
        lines.append(f"  layers{name}/  {len(files)} maps, {content['bytes'][name] / 1e6:.1f} MB")
        lines += [f"    {Path(path).name}" for path in list(files.values())[:1]]
    lines += [f"  {path.relative_to(job.out)}" for path in (catalogue, *pictures)]
    lines.append("  report.json, report.txt, manifest.sqlite, tiles/ (kept for the next run)")
    per_tile = content["seconds_per_tile"]
    lines.append(
        f"Tiles: {tiles}, {content['tiles']['with_cropland']} with cropland; made now {content['tiles']['made_now']}, "
        f"before {content['tiles']['made_before']}"
        + (f"; {per_tile['median']:.2f} s each (median)" if per_tile else "")
    )
    lines.append(f"Maps: made now {content['maps']['made_now']}, before {content['maps']['made_before']}")
    lines.append(
        "Seconds: " + ", ".join(f"{stage} {value:.1f}" for stage, value in content["seconds"].items())
    )
    lines.append(f"Failures: {len(failed) or 'none'}")
    lines += [f"  {failure['id']}: {failure['error']}" for failure in failed]
    return "\n".join(lines) + "\n"


def _write(path: Path, text: str) -> None:
    with atomic_path(path, overwrite=True) as part:
        part.write_text(text, encoding="utf-8")
