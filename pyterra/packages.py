"""Packages, and modules of Python that few programs need, under names that import them when they are first used.

geopandas, pandas and shapely take half a second, the modules of Python together a fifteenth of the import of pyterra.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import difflib
    import gzip
    import html
    import secrets
    import sqlite3
    import statistics
    import tarfile
    import uuid
    import zipfile
    import zoneinfo
    from xml.etree import ElementTree

    import geopandas
    import pandas
    import pyproj
    import shapely
else:

    class _Late:
        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, attribute: str) -> Any:
            return getattr(importlib.import_module(self._name), attribute)

    geopandas, pandas, pyproj, shapely = map(_Late, ("geopandas", "pandas", "pyproj", "shapely"))
    gzip, sqlite3, tarfile, zipfile = map(_Late, ("gzip", "sqlite3", "tarfile", "zipfile"))
    difflib, html, secrets, uuid = map(_Late, ("difflib", "html", "secrets", "uuid"))
    statistics, zoneinfo, ElementTree = map(_Late, ("statistics", "zoneinfo", "xml.etree.ElementTree"))

__all__ = [
    "ElementTree",
    "difflib",
    "geopandas",
    "gzip",
    "html",
    "pandas",
    "pyproj",
    "secrets",
    "shapely",
    "sqlite3",
    "statistics",
    "tarfile",
    "uuid",
    "zipfile",
    "zoneinfo",
]
