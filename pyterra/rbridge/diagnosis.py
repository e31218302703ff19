"""What the bridge to R finds on this machine, and what of it will make trouble."""

from __future__ import annotations

import ctypes
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field
from importlib import metadata
from pathlib import Path

from pyterra.frozen import dataclass
from pyterra.io import proj
from pyterra.rbridge.start import OLD_R, hosted, r_is_there

SCRIPT = Path(__file__).parent / "R" / "doctor.R"
TIMEOUT = 120
MODERN = (1, 38)
"""The first reticulate for numpy 2; older ones also want a Python before 3.12."""
_TBB = ("libtbb.so.12", "libtbb.12.dylib")
_TRY_RPY2 = """
from pyterra.rbridge.start import start
r = start()
print("\\n" + r.evalr("R.version.string")[0], "in", r.openrlib.cffi_mode.name, "mode")
"""


@dataclass(frozen=True)
class Diagnosis:
    """Findings by name, notes, and problems with their cure. Its text is a line for each."""

    findings: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """What matters to some uses only."""
    problems: tuple[str, ...] = ()
    """What stands in the way."""

    def __add__(self, other: Diagnosis) -> Diagnosis:
        return Diagnosis(
            self.findings | other.findings, self.notes + other.notes, self.problems + other.problems
        )

    def __str__(self) -> str:
        width = max((len(name) for name in self.findings), default=0)
        lines = [f"{name:<{width}}  {value}" for name, value in self.findings.items()]
        lines += [f"note: {note}" for note in self.notes]
        return "\n".join(lines + [f"problem: {problem}" for problem in self.problems])

    __repr__ = __str__


def doctor() -> Diagnosis:
    """Versions, paths and known conflicts of R, its packages, rpy2, numpy and PROJ.

    R and rpy2 are tried in processes of their own, so nothing is loaded into this one; it takes a few seconds.

    Returns
    -------
    Diagnosis
        With `findings`, `notes` and `problems`; printed, it is a line for each.

    Examples
    --------
    >>> import pyterra as pt
    >>> "numpy" in pt.rbridge.doctor().findings
    True
    """
    with ThreadPoolExecutor(2) as pool:
        asked, tried = pool.submit(_ask_r), pool.submit(_try_rpy2)
        r, rpy2 = asked.result(), tried.result()
    here = Diagnosis(
        {"Python": f"{platform.python_version()} ({sys.executable})", "numpy": _version("numpy")}
    )
    return here + r + rpy2 + _reticulate(r.findings) + _paths(r.findings) + proj_database() + _forks()


def proj_database() -> Diagnosis:
    """Which database of PROJ rasterio reads, and variables that named another one."""
    folder = proj.own_folder()
    found = {}
    if folder is not None:
        found["PROJ database"] = f"{folder} (layout {'.'.join(map(str, proj.layout(folder) or ()))})"
    for name in proj.VARIABLES:
        if os.environ.get(name) and name not in proj.replaced:
            found[name] = os.environ[name]
    old = proj.in_the_way()
    return Diagnosis(found, problems=tuple(str(one) for one in [*proj.replaced.values(), old] if one))


def _ask_r() -> Diagnosis:
    """What an R of its own says: versions, folders, and whether terra's PROJ finds its database."""
    if not r_is_there():
        return Diagnosis({"R": "not found (needed for the R bridge only)"})
    home = os.environ.get("R_HOME")
    program = os.path.join(home, "bin", "Rscript") if home else shutil.which("Rscript") or "Rscript"
    try:
        said = subprocess.run([program, str(SCRIPT)], capture_output=True, text=True, timeout=TIMEOUT)
    except (OSError, subprocess.SubprocessError) as error:
        cure = "; unset R_HOME, or set it to what `R RHOME` prints" if home else ""
        return Diagnosis({"R": program}, problems=(f"R does not run: {error}{cure}",))
    found = dict(line.split("\t", 1) for line in said.stdout.splitlines() if "\t" in line)
    if said.returncode or "R" not in found:
        text = said.stderr.strip().splitlines()[-1:] or ["it says nothing"]
        return Diagnosis({"R": program} | found, problems=(f"R fails: {text[0]}",))
    knows = found.pop("terra knows EPSG", "yes")
    return Diagnosis(found, tuple(_lacks(found)), tuple(_r_problems(found, knows)))


def _lacks(found: Mapping[str, str]) -> list[str]:
    missing = [name for name in ("terra", "jsonlite") if found.get(name) == "not installed"]
    return [f"R lacks {' and '.join(missing)}: install.packages({_r_names(missing)})"] if missing else []


def _r_names(names: list[str]) -> str:
    return f"c({', '.join(repr(name) for name in names)})"


def _r_problems(found: Mapping[str, str], knows: str) -> list[str]:
    problems = []
    if found.get("libR") == "not found":
        problems.append(
            "R was built without a shared library (libR), which rpy2 needs; use an R configured with --enable-R-shlib"
        )
    if knows == "no":
        problems.append(
            "terra cannot look up EPSG:3035: its PROJ finds no database that fits; unset PROJ_DATA and PROJ_LIB"
        )
    return problems


def _try_rpy2() -> Diagnosis:
    """Versions of rpy2's parts, and whether they start R."""
    parts = {name: _version(name) for name in ("rpy2-rinterface", "rpy2-robjects")}
    if "not installed" in parts.values():
        note = f"R objects in Python need rpy2: python -m pip install 'pyterra-geo[r]', or for R before 4.5: {OLD_R}"
        return Diagnosis(parts, (note,) if r_is_there() else ())
    if hosted() or not r_is_there():
        return Diagnosis(parts)
    said = subprocess.run(
        [sys.executable, "-c", _TRY_RPY2],
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        env=_same_modules(),
    )
    if said.returncode:
        text = said.stderr.strip().splitlines()[-1:] or ["it ended without a word"]
        return Diagnosis(parts, problems=(f"rpy2 does not start R: {text[0]}",))
    return Diagnosis(parts | {"rpy2 starts": said.stdout.strip().splitlines()[-1]})


def _same_modules() -> dict[str, str]:
    """The environment in which another Python finds the modules of this one."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _reticulate(found: Mapping[str, str]) -> Diagnosis:
    """Whether this environment can be used from R: reticulate has to fit its Python and its numpy."""
    version = found.get("reticulate", "not installed")
    if version == "not installed":
        return Diagnosis()
    numpy = _version("numpy")
    texts = []
    if _numbers(version) < MODERN and (_numbers(numpy) >= (2,) or sys.version_info >= (3, 12)):
        texts.append(
            f"reticulate {version} fits Python 3.11 with numpy 1, this is {platform.python_version()} with {numpy}: "
            "from R, use another environment (install_pyterra() makes one), or reticulate 1.38 or newer"
        )
    chosen = os.environ.get("RETICULATE_PYTHON")
    lost: tuple[str, ...] = ()
    if chosen and not os.path.exists(chosen):
        lost = (f"RETICULATE_PYTHON={chosen} does not exist; unset it or name a Python with pyterra",)
    named = {"RETICULATE_PYTHON": chosen} if chosen else {}
    return Diagnosis(named, tuple(texts), lost)


def _paths(found: Mapping[str, str]) -> Diagnosis:
    """Folders of libraries that R names in the environment, where other programs look too."""
    folders = [folder for folder in os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep) if folder]
    if not folders:
        return Diagnosis()
    listed = os.pathsep.join(folders)
    named = {"LD_LIBRARY_PATH": listed}
    own, folder = sysconfig.get_config_var("INSTSONAME"), sysconfig.get_config_var("LIBDIR")
    for other in folders:
        path = os.path.join(other, own or "")
        if own and folder and os.path.isfile(path) and not os.path.samefile(other, folder):
            return Diagnosis(
                named,
                problems=(
                    f"LD_LIBRARY_PATH={listed} makes new processes of this Python load {path}, another Python's "
                    "library; unset LD_LIBRARY_PATH before Python starts, or before it starts workers",
                ),
            )
    if os.path.join(found.get("R_HOME", "?"), "lib") in map(os.path.normpath, folders):
        return Diagnosis(named, (f"R put LD_LIBRARY_PATH={listed} into the environment of this process",))
    return Diagnosis(named)


def _forks() -> Diagnosis:
    """numba's threads outlive a fork with TBB alone; pyterra's own kernels have no threads."""
    for name in _TBB:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return Diagnosis({"TBB": name})
    hint = "parallel numba functions of yours may hang after a fork; install tbb (Debian: libtbb12)"
    return Diagnosis({"TBB": f"not found: {hint}"})


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
