"""One question put to pyterra and to terra: the same random inputs, the same verb in both languages."""

from __future__ import annotations

import atexit
import functools
import math
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import pyterra as pt

CRS = {"metres": "EPSG:3035", "degrees": "OGC:CRS84", "none": ""}
R_CRS = {"metres": "EPSG:3035", "degrees": "+proj=longlat +datum=WGS84", "none": ""}
LABELS = {i: f"class{i}" for i in range(5)}


@functools.cache
def _home() -> str:
    folder = tempfile.TemporaryDirectory(prefix="pyterra-live-")
    atexit.register(folder.cleanup)
    return folder.name


def new_folder() -> Path:
    """A folder for the files of a question, which goes when the tests end."""
    return Path(tempfile.mkdtemp(dir=_home()))


@dataclass(frozen=True)
class Given:
    """A random raster, in a form that both sides can make."""

    values: np.ndarray
    """Shape (layer, row, col), float64 with NaN."""
    extent: tuple[float, float, float, float]
    kind: str = "num"
    """num, int, bool or factor."""
    single: bool = True
    """Whether every value is exact in float32, and is held so."""
    place: str = "metres"
    """metres, degrees or none."""
    names: tuple[str, ...] = ()
    time: tuple[int, ...] | None = None
    """Years."""

    def ours(self) -> pt.SpatRaster:
        """For pyterra."""
        array: Any = self.values
        if self.kind in ("int", "factor", "bool"):
            dtype = "uint8" if self.kind != "int" else "int16"
            array = array.astype(dtype)
        elif self.single:
            array = array.astype("float32")
        made = pt.rast(array, extent=self.extent, crs=CRS[self.place], names=list(self.names))
        if self.kind == "bool":
            made = made == 1
        if self.kind == "factor":
            made.levels = [pt_table(name) for name in self.names]
            made.names = list(self.names)
        if self.time is not None:
            made = made.set_time(list(self.time), "years")
        return made

    def r_code(self) -> str:
        """For R; the values are read from the stream of inputs."""
        nlyr, nrow, ncol = self.values.shape
        time = "" if self.time is None else f", time = {lit(self.time)}"
        return (
            f"input(con, {nrow}, {ncol}, {nlyr}, {lit(self.extent)}, {lit(R_CRS[self.place])}, {lit(self.names)}, "
            f"{lit(self.kind)}{time})"
        )

    def __str__(self) -> str:
        return f"{self.values.shape} {self.kind}{'' if self.single else ' float64'} {self.place}"


@dataclass(frozen=True)
class GivenVector:
    """A random vector, in a form that both sides can make."""

    wkt: tuple[str, ...]
    """Geometries of one kind."""
    atts: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    """Columns of int, float or text; None is missing, in columns of float or text."""
    place: str = "metres"
    """metres, degrees or none."""

    def ours(self) -> pt.SpatVector:
        """For pyterra."""
        atts = {
            name: list(values)
            if any(isinstance(v, str | int) for v in values)
            else np.array(values, dtype=float)
            for name, values in self.atts.items()
        }
        return pt.vect(list(self.wkt), crs=CRS[self.place], atts=atts or None)

    def r_code(self) -> str:
        """For R."""
        columns = ", ".join(f"{name} = {_r_column(values)}" for name, values in self.atts.items())
        table = f", data.frame({columns})" if columns else ""
        return f"vector_input({lit(list(self.wkt))}, {lit(R_CRS[self.place])}{table})"

    def __str__(self) -> str:
        """The geometries, so that a failure can be looked at."""
        return f"{self.place} {' '.join(self.wkt)[:1500]} {dict(self.atts)}"


def _r_column(values: Sequence[Any]) -> str:
    if any(isinstance(v, str) for v in values):
        return f"c({', '.join('NA' if v is None else lit(v) for v in values)})"
    if all(isinstance(v, int) for v in values):
        return f"as.integer({lit(list(values))})"
    return f"as.numeric({lit([None if v is None else float(v) for v in values])})"


def pt_table(name: str) -> Any:
    import pandas as pd

    return pd.DataFrame({"ID": list(LABELS), "label": list(LABELS.values())})


@dataclass(frozen=True)
class Trial:
    """The same call in Python and in R, on rasters named x, y and so on."""

    verb: str
    inputs: Mapping[str, Given | GivenVector]
    py: str
    """Python, with the inputs, pt, np and nan at hand."""
    r: str
    """R, with the inputs at hand."""
    rtol: float | None = None
    """Tolerance relative to the largest value of the answer; by default 1e-6 for float32 and 1e-12 for float64."""
    names: bool = True
    """Whether names are compared."""
    edges: float = 1e-6
    """Tolerance of extents, in cells."""
    ordered: bool = True
    """Whether the order of records of a vector is compared."""
    gap: float = 1e-7
    """Tolerance of geometries: what differs of them, relative to the size of the answer."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """Further names for Python."""

    def ours(self) -> Any:
        """What pyterra gives."""
        scope = {name: given.ours() for name, given in self.inputs.items()}
        return eval(self.py, {"pt": pt, "np": np, "nan": math.nan, **self.more, **scope})

    def __str__(self) -> str:
        rasters = "; ".join(f"{name} {g}" for name, g in self.inputs.items())
        return f"{self.py}  |  R: {self.r}  |  {rasters}"


def lit(value: Any) -> str:
    """A value in R's spelling."""
    if value is None:
        return "NA"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return '"' + value.replace('"', '\\"') + '"'
    if isinstance(value, int | np.integer):
        return str(int(value))
    if isinstance(value, float | np.floating):
        if math.isnan(value):
            return "NA"
        return ("-Inf" if value < 0 else "Inf") if math.isinf(value) else repr(float(value))
    if isinstance(value, Sequence | np.ndarray):
        return f"c({', '.join(lit(v) for v in value)})"
    raise TypeError(f"no R spelling for {type(value).__name__}")


def r_matrix(rows: Sequence[Sequence[float]]) -> str:
    """A matrix in R's spelling."""
    flat = [v for row in rows for v in row]
    return f"matrix({lit(flat)}, nrow = {len(rows)}, byrow = TRUE)"


def py(value: Any) -> str:
    """A value in Python's spelling, with nan for missing."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    return repr(value).replace("inf", "np.inf")
