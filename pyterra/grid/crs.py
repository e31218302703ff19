"""Coordinate reference systems as text: a CRS is carried as WKT2 (``""`` = none) and compared by meaning."""

from __future__ import annotations

import contextlib
import math
import re
import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError

if TYPE_CHECKING:
    import pyproj

LOCAL = 'ENGCRS["Cartesian (Meter)",EDATUM["Unknown engineering datum"],CS[Cartesian,2],AXIS["(E)",east,ORDER[1],LENGTHUNIT["Meter",1]],AXIS["(N)",north,ORDER[2],LENGTHUNIT["Meter",1]]]'  # noqa: E501
LONLAT = "OGC:CRS84"

_local = threading.local()


def parse_crs(value: Any) -> str:
    """WKT2 of anything that names a CRS.

    Parameters
    ----------
    value : None, str, int, pyproj.CRS or rasterio.crs.CRS
        ``None`` and ``""`` mean none; an int is an EPSG code; ``"local"`` is a Cartesian plane in metres.

    Raises
    ------
    ArgumentError
        Where the CRS is not known.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return ""
    if isinstance(value, str):
        return _parse_text(value.strip())
    if isinstance(value, int):
        return _parse_text(f"EPSG:{value}")
    if hasattr(value, "to_wkt"):
        wkt = str(value.to_wkt())
        return _parse_text(wkt) if wkt else ""
    raise ArgumentError(f"crs: must be text, an EPSG number or a CRS object, got {type(value).__name__}")


@lru_cache(maxsize=512)
def _parse_text(text: str) -> str:
    if text == "local":
        return LOCAL
    if text.startswith(("GEOGCRS[", "PROJCRS[", "ENGCRS[", "BOUNDCRS[", "COMPOUNDCRS[")):
        to_pyproj(text)
        return text
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return CRS.from_user_input(text).to_wkt()
    except CRSError as error:
        raise ArgumentError(
            f"crs: {text[:80]!r} is not known; give 'EPSG:4326', WKT or a PROJ string ({error})"
        ) from None


@lru_cache(maxsize=512)
def to_pyproj(wkt: str) -> pyproj.CRS:
    """The pyproj CRS of a WKT text (not for ``""``)."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return CRS.from_wkt(wkt)
    except CRSError as error:
        raise ArgumentError(f"crs: {wkt[:80]!r} cannot be read ({error})") from None


@lru_cache(maxsize=4096)
def same_crs(a: str, b: str) -> bool:
    """Whether two WKT texts mean the same CRS; the order of axes does not count."""
    if a == b:
        return True
    if not a or not b:
        return False
    one, other = to_pyproj(a), to_pyproj(b)
    return bool(one.equals(other, ignore_axis_order=True)) or bool(
        _east_first(one).equals(_east_first(other), ignore_axis_order=True)
    )


def _east_first(crs: pyproj.CRS) -> pyproj.CRS:
    """A CRS with its axes in the order of x and y: PROJ ignores the order of axes for longitude and latitude alone."""
    told = crs.to_json_dict()
    axes = told.get("coordinate_system", {}).get("axis", [])
    if told["type"] != "ProjectedCRS" or [axis["direction"] for axis in axes] != ["north", "east"]:
        return crs
    axes.reverse()
    told.pop("id", None)
    return type(crs).from_json_dict(told)


def transformer(source: str, target: str) -> pyproj.Transformer:
    """This thread's way from a CRS to another (PROJ objects belong to a thread); to degrees for ``""``."""
    known: dict[tuple[str, str], pyproj.Transformer] = _local.__dict__.setdefault("transformers", {})
    if (source, target) not in known:
        here = to_pyproj(source)
        known[source, target] = way(here, to_pyproj(target) if target else None)
    return known[source, target]


def way(source: pyproj.CRS, target: pyproj.CRS | None) -> pyproj.Transformer:
    """What takes x and y from a CRS to another; to the degrees that it is made of for None.

    Raises
    ------
    ArgumentError
        Where there is no way, as from a plane that lies nowhere on the earth.
    """
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    there = source.geodetic_crs if target is None else target
    with contextlib.suppress(ProjError):
        if there is not None:
            return Transformer.from_crs(source, there, always_xy=True)
    names = " to ".join(describe_crs(crs.to_wkt()) if crs else "degrees" for crs in (source, target))
    raise ArgumentError(
        f"project: no way is known from {names}; coordinates must be places on the earth. A raster of the rows and "
        "columns of a sensor is projected before its cells change places, and what lies over it after that"
    )


@lru_cache(maxsize=512)
def unit_in_metres(wkt: str) -> float:
    """Metres of a unit of coordinates; 0 for angles, NaN for none."""
    if not wkt:
        return math.nan
    if is_lonlat(wkt):
        return 0.0
    axes = to_pyproj(wkt).axis_info
    return float(axes[0].unit_conversion_factor) if axes else math.nan


@lru_cache(maxsize=512)
def is_lonlat(wkt: str) -> bool:
    """Whether coordinates are longitude and latitude in degrees."""
    return bool(re.match(r"\s*(GEOGCRS|GEOGCS)\[", wkt))


@lru_cache(maxsize=512)
def turn_of(wkt: str) -> float:
    """How far x goes once around the earth, where x is longitude or in proportion to it; else 0."""
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    if not wkt:
        return 0.0
    crs = to_pyproj(wkt)
    if is_lonlat(wkt):
        return (
            float(round(2 * np.pi / crs.axis_info[0].unit_conversion_factor, 9)) if crs.axis_info else 360.0
        )
    if not crs.is_projected or crs.geodetic_crs is None:
        return 0.0
    lon, lat = np.meshgrid(np.arange(-180.0, 180.0, 10.0), [0.0, 50.0, -70.0])
    try:
        x, _ = Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True).transform(lon, lat)
    except ProjError:  # no way from degrees: x is no longitude
        return 0.0
    if not np.isfinite(x).all():
        return 0.0
    steps = np.diff(x, axis=1)
    step = float(np.median(steps))
    even = np.isclose(steps, step, rtol=1e-6, atol=0) | np.isclose(steps, -35 * step, rtol=1e-6, atol=0)
    return 36 * step if step > 0 and even.all() and np.allclose(x, x[0], rtol=0, atol=step * 1e-6) else 0.0


@lru_cache(maxsize=512)
@lru_cache(maxsize=256)
def _parameters(wkt: str) -> str:
    """The text of PROJ for a CRS, without its type; "" where it has none."""
    import warnings

    from pyproj import CRS

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what that text cannot say is no matter for one line
        return CRS.from_wkt(wkt).to_proj4().removesuffix(" +type=crs")


def describe_crs(wkt: str) -> str:
    """One line for people, such as ``lon/lat WGS 84 (EPSG:4326)``; ``""`` where there is no CRS."""
    if not wkt:
        return ""
    name_found = re.match(r'\s*\w+\["([^"]*)"', wkt)
    name = name_found.group(1) if name_found else "unknown"
    if name == "unknown":  # it was made of its parameters, which say what it is
        return _parameters(wkt) or name
    code = re.search(r'ID\["(\w+)",(\d+)\]\]\s*$', wkt) or re.search(
        r'AUTHORITY\["(\w+)","(\d+)"\]\]\s*$', wkt
    )
    label = f"{name} ({code.group(1)}:{code.group(2)})" if code else name
    return f"lon/lat {label}" if is_lonlat(wkt) else label
