"""Results as a table to read and as JSON to keep."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import rasterio

import pyterra as pt
from benchmarks.run import Result
from benchmarks.timing import summary

FILE_LIMIT = 1.2
"""A job from file to file may take this many times decoding its input and encoding its output alone."""
HEADER = (
    f"{'workload':<22} {'rival, s':>20} {'pyterra, s':>20} {'ratio':>7} {'target':>7} {'':<7}"
    f"{'codec x':>8} {'first, s':>9} {'MB rival':>9} {'MB':>6}  values"
)


def machine(terra_version: str | None) -> str:
    """What the numbers were measured with."""
    from numba import __version__ as numba_version

    terra = f"terra {terra_version}" if terra_version else "no terra"
    lines = [
        f"pyterra {pt.__version__}, numba {numba_version}, rasterio {rasterio.__version__} "
        f"(GDAL {rasterio.__gdal_version__}); {terra}; {platform.machine()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f} at the start (walls mean little above the number of cores)",
        "CPU seconds (user and system, all threads; wall seconds where threads are compared): median (least-most) of "
        "samples taken in turn.",
        "ratio = time of the rival / time of pyterra. The rival is live terra unless it is named.",
        "codec x = pyterra / decoding the input and encoding the output by GDAL alone; at most "
        f"{FILE_LIMIT} is aimed at.",
    ]
    if terra_version and tuple(int(p) for p in terra_version.replace("-", ".").split(".")[:2]) < (1, 9):
        lines.append(
            "The targets are set against terra 1.9; this one is older: it is slower in focal of large windows, "
            "exact matches and subst."
        )
    return "\n".join(lines)


def row(result: Result) -> str:
    """One line of the table."""
    which = result.workload.clock
    ours = summary(result.samples["ours"], which)
    rival = summary(result.samples["rival"], which) if result.samples.get("rival") else "-"
    ratio = result.ratio
    best = max(ratio or 0, result.own_ratio or 0)
    verdict = "" if ratio is None else "met" if best >= result.workload.target else "MISSED"
    floor = "" if result.over_floor is None else f"{result.over_floor:.2f}"
    if result.over_floor is not None and result.over_floor > FILE_LIMIT:
        floor += "!"
    return (
        f"{result.workload.name:<22} {rival!s:>20} {ours!s:>20} {_number(ratio):>7} "
        f"{result.workload.target:>7.2g} {verdict:<7}{floor:>8} {result.first:>9.2f} "
        f"{_number(result.peak.get('rival')):>9} {_number(result.peak.get('ours')):>6}  {_remarks(result)}"
    )


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def _remarks(result: Result) -> str:
    remarks = []
    if result.own_ratio is not None:
        remarks.append(f"ratio {result.own_ratio:.3g} with its own codec")
    if result.peer_ratio is not None:
        remarks.append(f"{result.peer_ratio:.3g} of {result.peer}")
    elif result.peer:
        remarks.append(result.peer)
    if result.workload.rival != "terra":
        remarks.append(f"rival: {result.workload.rival}")
    if result.unequal is not None:
        remarks.append(
            ("equal" if result.agrees else "DIFFERENT") + f" ({result.unequal:.2g} of cells differ)"
        )
    if result.share != 1 and not result.error:
        remarks.append(f"terra on {result.share:.3g} of the rows, scaled")
    remarks += [text for text in (result.error, result.workload.note) if text]
    return "; ".join(remarks)


def as_json(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Everything that was measured."""
    return [
        {
            "workload": result.workload.name,
            "rival": result.workload.rival,
            "terra": result.terra,
            "side": result.side,
            "clock": result.workload.clock,
            "target": result.workload.target,
            "ratio": result.ratio,
            "own_ratio": result.own_ratio,
            "peer": result.peer,
            "peer_ratio": result.peer_ratio,
            "over_codec": result.over_floor,
            "first_wall": result.first,
            "peak_megabytes": result.peak,
            "share": result.share,
            "unequal": result.unequal,
            "agrees": result.agrees,
            "error": result.error,
            "samples": {who: [s._asdict() for s in samples] for who, samples in result.samples.items()},
        }
        for result in results
    ]


def write_json(results: Sequence[Result], path: Path) -> None:
    """Keep the results in a file."""
    path.write_text(json.dumps(as_json(results), indent=1) + "\n")
