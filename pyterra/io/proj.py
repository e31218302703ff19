"""The database of PROJ: an old one, named in the environment, is replaced by rasterio's own before rasterio reads it.

``PROJ_DATA`` and ``PROJ_LIB`` are set by conda, by builds of R's sf, and by hand. PROJ reads databases that are newer
than itself, and refuses older ones: rasterio then knows no EPSG code at all, while R and pyproj go on.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import sys
from pathlib import Path

from pyterra.errors import warn
from pyterra.frozen import dataclass
from pyterra.packages import sqlite3

VARIABLES = ("PROJ_DATA", "PROJ_LIB")
"""The first that is set is the one that counts."""
Layout = tuple[int, int]

_getenv = ctypes.CDLL(None).getenv
_getenv.restype = ctypes.c_char_p


@dataclass(frozen=True)
class OldDatabase:
    """A variable that keeps rasterio from its own database."""

    variable: str
    folder: str
    """What the variable says."""
    layout: Layout | None
    """Of the database there; None where there is none."""
    own: str
    """The folder of rasterio's database."""
    own_layout: Layout

    def __str__(self) -> str:
        if self.layout is None:
            holds = "holds no proj.db"
        else:
            versions = f"layout {_dotted(self.layout)}, rasterio needs {_dotted(self.own_layout)}"
            holds = f"holds a database of an older PROJ ({versions})"
        return f"{self.variable}={self.folder} {holds}; unset {self.variable}"


replaced: dict[str, OldDatabase] = {}
"""Variable -> what it was before `use_newest` changed it."""
_seen: tuple[str, ...] | None = None


def use_newest() -> None:
    """Point the variable at rasterio's own database where what it names is older. Costs nothing when nothing changed.

    Warns
    -----
    PyterraWarning
        Once for each value of the variable: grids in the folder that it named are not found any more.
    """
    global _seen
    values = tuple(_variable(name) for name in VARIABLES)
    if values == _seen:
        return
    old = in_the_way()
    if old is not None:
        os.environ[old.variable] = old.own
        env = sys.modules.get("rasterio._env")
        if env is not None and hasattr(env, "set_proj_data_search_path"):
            env.set_proj_data_search_path(old.own)
        replaced[old.variable] = old
    _seen = tuple(_variable(name) for name in VARIABLES)
    if old is not None:
        warn(
            f"{old} (for now pyterra set it to {old.own}; transformation grids in the other folder are not used)"
        )


def in_the_way() -> OldDatabase | None:
    """The variable that names an older database than rasterio's, or none at all."""
    name = next((name for name in VARIABLES if _variable(name)), None)
    own = own_folder() if name else None
    own_layout = layout(own) if own else None
    if name is None or own is None or own_layout is None:
        return None
    folder = _variable(name)
    there = layout(folder)
    if there is not None and there >= own_layout:
        return None
    return OldDatabase(name, folder, there, own, own_layout)


def own_folder() -> str | None:
    """The folder of the database in rasterio's wheel; None where rasterio uses a PROJ of the system."""
    found = importlib.util.find_spec("rasterio")
    places = (
        [Path(place) / "proj_data" for place in (found.submodule_search_locations or [])] if found else []
    )
    return next((str(place) for place in places if (place / "proj.db").is_file()), None)


def layout(folder: str) -> Layout | None:
    """Version of the layout of a folder's ``proj.db``; None where there is none, or none that can be read."""
    path = Path(folder) / "proj.db"
    if not path.is_file():
        return None
    with (
        contextlib.suppress(sqlite3.Error, ValueError, KeyError),
        contextlib.closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as base,
    ):
        known = dict(
            base.execute("SELECT key, value FROM metadata WHERE key LIKE 'DATABASE.LAYOUT.VERSION.%'")
        )
        return int(known["DATABASE.LAYOUT.VERSION.MAJOR"]), int(known["DATABASE.LAYOUT.VERSION.MINOR"])
    return None


def _dotted(version: Layout) -> str:
    return ".".join(map(str, version))


def _variable(name: str) -> str:
    """The variable as libraries see it: what R sets in this process does not show in `os.environ`."""
    return os.fsdecode(_getenv(name.encode()) or b"")
