"""What pyterra finds on this machine, and what of it will make trouble."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from importlib import metadata
from pathlib import Path

from pyterra.options import current
from pyterra.plan.memory import format_bytes, memory_budget
from pyterra.rbridge.diagnosis import Diagnosis, doctor

_PACKAGES = (
    "numpy",
    "numba",
    "rasterio",
    "pandas",
    "geopandas",
    "pyproj",
    "matplotlib",
    "xarray",
    "distributed",
)
_BUSY_MEMORY = 512 * 2**20


def diagnose() -> Diagnosis:
    """Return findings by name, notes, and problems with their cure."""
    findings = {
        "pyterra": _version("pyterra-geo"),
        "platform": platform.platform(),
    }
    findings |= {name: _version(name) for name in _PACKAGES}
    findings |= _libraries()
    findings["cores"] = f"{current().worker_count} used by default, {os.cpu_count()} in the machine"
    findings["memory"] = f"{format_bytes(memory_budget())} planned with"
    folder = current().temporary_folder
    findings["temporary folder"] = f"{folder}, {format_bytes(shutil.disk_usage(folder).free)} free"
    problems = _crs_problems()
    if not _is_writable(folder):
        problems.append(f"the temporary folder {folder} is not writable; set TMPDIR or options(tempdir=...)")
    if memory_budget() < _BUSY_MEMORY:
        problems.append(
            f"only {format_bytes(memory_budget())} of memory are free for pyterra; close other programs"
        )
    return Diagnosis(findings, problems=tuple(problems)) + doctor()


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _libraries() -> dict[str, str]:
    """GDAL and PROJ as rasterio and pyproj bring them."""
    import pyproj
    import rasterio

    return {
        "GDAL": rasterio.__gdal_version__,
        "PROJ": f"{'.'.join(str(n) for n in rasterio.__proj_version__.split('.'))} (rasterio), "
        f"{pyproj.proj_version_str} (pyproj)",
    }


def _crs_problems() -> list[str]:
    import pyproj

    try:
        pyproj.CRS.from_epsg(4326)
    except pyproj.exceptions.CRSError as error:
        return [f"pyproj cannot look up EPSG:4326 ({error}); reinstall pyproj"]
    return []


def _is_writable(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
