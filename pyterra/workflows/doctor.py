"""What pyterra finds on this machine, and what of it will make trouble."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tempfile
from importlib import metadata
from pathlib import Path

from pyterra.options import current
from pyterra.plan.memory import format_bytes, memory_budget

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
_PROJ_VARIABLES = ("PROJ_LIB", "PROJ_DATA")
_BUSY_MEMORY = 512 * 2**20


def diagnose() -> tuple[dict[str, str], list[str]]:
    """Return findings by name, and problems with their cure."""
    findings = {
        "pyterra": _version("pyterra-geo"),
        "Python": f"{platform.python_version()} on {platform.platform()}",
    }
    findings |= {name: _version(name) for name in _PACKAGES}
    findings |= _libraries()
    findings["cores"] = f"{current().worker_count} used by default, {os.cpu_count()} in the machine"
    findings["memory"] = f"{format_bytes(memory_budget())} planned with"
    folder = current().temporary_folder
    writable = _is_writable(folder)
    findings["temporary folder"] = f"{folder}, {format_bytes(shutil.disk_usage(folder).free)} free"
    findings["R"] = _r_version()
    problems = _proj_problems()
    if not writable:
        problems.append(f"the temporary folder {folder} is not writable; set TMPDIR or options(tempdir=...)")
    if memory_budget() < _BUSY_MEMORY:
        problems.append(
            f"only {format_bytes(memory_budget())} of memory are free for pyterra; close other programs"
        )
    return findings, problems


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


def _proj_problems() -> list[str]:
    """A database of another PROJ, named in the environment, makes every CRS fail or wrong."""
    import pyproj

    problems = []
    for name in _PROJ_VARIABLES:
        place = os.environ.get(name)
        if place and not any((Path(part) / "proj.db").is_file() for part in place.split(os.pathsep)):
            problems.append(f"{name}={place} holds no proj.db; unset {name}")
        elif place:
            problems.append(
                f"{name}={place} is set: rasterio and pyproj bring databases of their own, and one of another version "
                f"breaks CRS; unset {name}"
            )
    try:
        pyproj.CRS.from_epsg(4326)
    except pyproj.exceptions.CRSError as error:
        problems.append(f"pyproj cannot look up EPSG:4326 ({error}); reinstall pyproj")
    return problems


def _is_writable(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _r_version() -> str:
    """First line of what R says of itself; it is asked without its libraries, so it answers at once."""
    program = shutil.which("R")
    if program is None:
        return "not found (needed for the R bridge only)"
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        return f"{program} does not run: {error}"
    return f"{said.stdout.splitlines()[0]} ({program})"
