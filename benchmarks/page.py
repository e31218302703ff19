"""docs/speed.md: what was measured, as a page for users."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from statistics import median
from string import Template
from typing import Any

import numpy as np
import rasterio

import pyterra as pt
from benchmarks.data import FULL, QUICK
from benchmarks.growth import Point

TITLES = {
    "ndvi-file": "vegetation index of two layers, file to file",
    "ndvi-memory": "vegetation index, in memory",
    "mean-file": "mean of 24 layers, file to file",
    "mean-memory": "mean of 24 layers, in memory",
    "sd-memory": "standard deviation of 24 layers, in memory",
    "max-memory": "maximum of 24 layers, in memory",
    "quantile-file": "three quantiles of 24 layers, file to file",
    "quantile-memory": "three quantiles of 24 layers, in memory",
    "classify-file": "classify by 10 ranges, file to file",
    "codes-file": "classify 200 codes of bytes, file to file",
    "subst-file": "subst of 200 codes of bytes, file to file",
    "classify-memory": "classify by 10 ranges, in memory",
    "codes-memory": "classify 200 codes of bytes, in memory",
    "focal3-file": "focal mean 3 x 3, file to file",
    "focal3-memory": "focal mean 3 x 3, in memory",
    "focal11-memory": "focal mean 11 x 11, in memory",
    "focal-weights-memory": "focal with weights 5 x 5, in memory",
    "focal-median-memory": "focal median 11 x 11, in memory",
    "aggregate-file": "aggregate by 10, file to file",
    "aggregate-memory": "aggregate by 10, in memory",
    "terrain-slope-memory": "slope, in memory",
    "chain-file": "index, clamp, classify, focal in one, file to file",
    "hundred-files": "a hundred files into one array",
    "zonal-mean-file": "zonal mean of 200 zones, files",
    "extract-polygons-file": "mean in 500 polygons, file",
    "extract-exact-file": "mean in 500 polygons by covered fractions, file",
    "extract-points-file": "values of 24 layers at 100,000 points, file",
    "distance-memory": "distance to 300 cells, in memory",
    "resample-file": "resample, bilinear, file to file",
    "project-file": "project, bilinear, file to file",
    "lapp-file": "lapp with a function of one's own, file to file",
    "gaps-memory": "gaps of 126 dates filled, in memory",
    "gaps-float-file": "gaps of 126 dates filled, float, file to file",
    "gaps-int16-file": "gaps of 126 dates filled, int16, file to file",
    "approximate-file": "five epochs to 23 years, linear, bytes, file to file",
    "approximate-constant-file": "five epochs to 23 years, constant, bytes, file to file",
    "approximate-memory": "five epochs to 23 years, in memory",
    "own-approximate-memory": "five epochs to 23 years by a function of one's own, in memory",
    "patches-memory": "patches, in memory",
    "forest-classes": "classes of a random forest of 100 trees, in memory",
}
"""Workloads of the page, and what they are called there."""

TEXT = Path(__file__).with_name("speed.md")
"""The page without its numbers."""
SMALLER = " *"
"""Marks what was measured on less data."""
COLUMNS = ("work", "terra, s", "pyterra, s", "ratio", "own codec", "aim", "peer", "codec", "MB", "first, s")


def write_page(path: Path, results: list[dict[str, Any]], points: list[Point]) -> None:
    """Write the page, and its plot beside it."""
    draw(points, path.with_suffix(".svg"))
    parts = {"machine": _machine(results), "table": _table(results), "sizes": _sizes(points)}
    path.write_text(Template(TEXT.read_text()).substitute(parts))


def _machine(results: list[dict[str, Any]]) -> str:
    terra = next((row["terra"] for row in results if row.get("terra")), None)
    parts = [
        f"{_processor()}, {os.cpu_count()} cores",
        f"Python {platform.python_version()}",
        f"pyterra {pt.__version__}",
        f"numba {version('numba')}",
        f"numpy {np.__version__}",
        f"rasterio {rasterio.__version__} with GDAL {rasterio.__gdal_version__}",
    ]
    if terra:
        parts.append(f"terra {terra}")
    load = f"Other work ran on the machine: a load average of {os.getloadavg()[2]:.0f} when the page was made"
    return f"Measured on {', '.join(parts)}. {load}; above the number of cores, wall seconds say little."


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return " ".join(line.split(":")[1].replace("(R)", "").replace("(TM)", "").split())
    return platform.machine()


def _table(results: list[dict[str, Any]]) -> str:
    lines = [_line(COLUMNS), _line(["---", *["---:"] * 9])]
    lines += [_line(_cells(row)) for row in results if row["workload"] in TITLES]
    if any(line.startswith("|") and SMALLER in line for line in lines):
        share = (QUICK.large / FULL.large) ** 2
        lines += [
            "",
            f"{SMALLER.strip()} measured on {share:.2f} of the cells of the others, where fixed costs weigh more.",
        ]
    missed = [row for row in results if row["workload"] in TITLES and _misses(row)]
    if missed:
        names = "; ".join(TITLES[row["workload"]] for row in missed)
        lines += ["", f"Below the aim: {names}."]
    return "\n".join(lines)


def _misses(row: dict[str, Any]) -> bool:
    return row["ratio"] is not None and max(row["ratio"], row.get("own_ratio") or 0) < row["target"]


def _cells(row: dict[str, Any]) -> list[str]:
    peer = f"{row['peer_ratio']:.2g} {row['peer']}" if row.get("peer_ratio") else ""
    rival = "" if row["rival"] == "terra" else f" ({row['rival']})"
    codec = "" if row["over_codec"] is None else f"{row['over_codec']:.2f}"
    peak = row["peak_megabytes"].get("ours")
    return [
        TITLES[row["workload"]] + ("" if row.get("side", FULL.large) == FULL.large else SMALLER),
        _seconds(row["samples"].get("rival")) + rival,
        _seconds(row["samples"].get("ours")),
        "" if row["ratio"] is None else _short(row["ratio"]),
        _short(row["own_ratio"]) if row.get("own_ratio") else "",
        _short(row["target"]),
        peer,
        codec,
        "" if peak is None else f"{peak:.0f}",
        f"{row['first_wall']:.1f}",
    ]


def _seconds(samples: list[dict[str, float]] | None) -> str:
    return _short(median(sample["cpu"] for sample in samples)) if samples else ""


def _short(number: float) -> str:
    return f"{number:.0f}" if number >= 100 else f"{number:.2g}" if number >= 0.01 else f"{number:.4f}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _sizes(points: list[Point]) -> str:
    lines = [_line(["grows with", "work", "size", "CPU s", "wall s"]), _line(["---"] * 2 + ["---:"] * 3)]
    for point in points:
        size = f"{point.size:.3g} million" if point.grows == "cells" else f"{point.size:.0f}"
        lines.append(_line([point.grows, point.work, size, _short(point.cpu), _short(point.wall)]))
    return "\n".join(lines)


def draw(points: list[Point], path: Path) -> None:
    """A picture of four parts: CPU seconds by cells, layers and files, and wall seconds by threads."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    with plt.rc_context({"svg.fonttype": "none", "svg.hashsalt": "pyterra", "font.size": 9}):
        figure, axes = plt.subplots(1, 4, figsize=(14, 3.2), layout="constrained")
        for panel, grows in zip(axes, ("cells", "layers", "files", "threads"), strict=True):
            some = [point for point in points if point.grows == grows]
            for work in dict.fromkeys(point.work for point in some):
                line = [point for point in some if point.work == work]
                times = [point.wall if grows == "threads" else point.cpu for point in line]
                panel.plot([point.size for point in line], times, marker="o", label=work)
            panel.set(xlabel="million cells" if grows == "cells" else grows, ylim=(0, None))
            panel.set(ylabel="wall seconds" if grows == "threads" else "CPU seconds")
            panel.legend(frameon=False, fontsize=7)
        figure.savefig(path, metadata={"Date": None})
        plt.close(figure)
