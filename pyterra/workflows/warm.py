"""Compiling ahead: verbs are called once with few cells, for both types that blocks have."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date
from functools import partial
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

import pyterra as pt
from pyterra.errors import WriteError
from pyterra.frozen import dataclass
from pyterra.options import options
from pyterra.run.progress import Progress

SIDE = 12
DATES = 24
_LONG = ("focal", "app", "approximate", "files", "extract")
"""First words of what takes longest to compile, which is begun first so that all processes end at about the same time."""


@dataclass(frozen=True)
class Warmed:
    """What was done."""

    verbs: int
    seconds: float
    folder: str
    """Where the compiled kernels lie."""

    def __str__(self) -> str:
        return f"Compiled in {self.seconds:.1f} s (verbs called: {self.verbs}); kernels are kept in {self.folder}"


@dataclass(frozen=True)
class Inputs:
    """Small rasters of one type of values, and shapes on them."""

    r: pt.SpatRaster
    """One layer, some cells missing."""
    stack: pt.SpatRaster
    """Five layers."""
    series: pt.SpatRaster
    """Two years of months."""
    codes: pt.SpatRaster
    """Whole numbers from 0 to 5."""
    world: pt.SpatRaster
    """The earth, in longitudes and latitudes."""
    polygons: pt.SpatVector
    lines: pt.SpatVector
    points: pt.SpatVector
    folder: Path

    @property
    def other(self) -> pt.SpatRaster:
        """A grid across that of `r`."""
        return pt.rast(self.r.ext, resolution=7, crs="EPSG:3035")

    @property
    def flow(self) -> pt.SpatRaster:
        """Directions of flow."""
        return self.r.terrain("flowdir")


def inputs(dtype: str, folder: Path) -> Inputs:
    """The same numbers as values of a type."""
    random = np.random.default_rng(7)
    values = random.random((DATES, SIDE, SIDE)) * 100
    values[random.random(values.shape) < 0.1] = np.nan
    values = values.astype(dtype)
    times = [date(2020 + month // 12, 1 + month % 12, 1) for month in range(DATES)]
    where: dict[str, Any] = {"extent": pt.ext(0, SIDE * 10, 0, SIDE * 10), "crs": "EPSG:3035"}
    places = random.random((9, 2)) * SIDE * 10
    series = pt.rast(values, **where)
    series.time = times
    squares = [f"POLYGON (({x} 5, {x + 47} 9, {x + 40} 90, {x} 70, {x} 5))" for x in (3, 55)]
    return Inputs(
        r=pt.rast(values[:1], **where),
        stack=pt.rast(values[:5], **where),
        series=series,
        codes=pt.rast(np.floor(values[:1] / 20), **where),
        world=pt.rast(values[:1], extent=pt.ext(-180, 180, -90, 90), crs="EPSG:4326"),
        polygons=pt.vect(squares, crs="EPSG:3035", atts={"n": [1.0, 2.0]}),
        lines=pt.vect(["LINESTRING (3 3, 60 80, 110 20)"], crs="EPSG:3035"),
        points=pt.vect(places, crs="EPSG:3035", atts={"n": places[:, 0]}),
        folder=folder,
    )


def _stored(i: Inputs, datatype: str, name: str = "stored.tif") -> pt.SpatRaster:
    """What a file gives back."""
    path = i.folder / name
    codec = {"COMPRESS": "LZW"} if datatype == "INT1U" else {}  # the codec of terra's files
    i.stack.write_raster(path, datatype=datatype, overwrite=True, options=codec)
    return pt.rast(path)


def _cog(i: Inputs, datatype: str) -> None:
    """A map large enough for overviews."""
    wide = i.r.disagg(50)
    wide.write_raster(i.folder / "map.tif", format="COG", datatype=datatype, overwrite=True)


Step = Callable[[Inputs], Any]

EVERYDAY: dict[str, Step] = {
    "arithmetic": lambda i: (i.stack[0] - i.stack[1]) / (i.stack[0] + i.stack[1]) > 0.3,
    "app mean": lambda i: i.stack.app("mean", na_rm=True),
    "app sd": lambda i: i.stack.app("sd", na_rm=True),
    "app max": lambda i: i.stack.app("max", na_rm=True),
    "app median": lambda i: i.stack.app("median", na_rm=True),
    "quantile": lambda i: i.stack.quantile([0.1, 0.5, 0.9], na_rm=True),
    "classify ranges": lambda i: i.r.classify([(0, 30, 1), (30, 60, 2), (60, 101, 3)]),
    "classify codes": lambda i: i.codes.classify([(k, 10 - k) for k in range(6)]),
    "subst": lambda i: i.codes.subst([0, 1], [7, 8]),
    "clamp": lambda i: i.r.clamp(10, 90),
    "mask": lambda i: i.r.mask(i.polygons),
    "crop": lambda i: i.r.crop(pt.ext(10, 70, 10, 70)),
    "focal mean": lambda i: i.r.focal(3, "mean", na_rm=True),
    "focal max": lambda i: i.r.focal(3, "max", na_rm=True),
    "focal median": lambda i: i.r.focal(5, "median", na_rm=True),
    "focal weights": lambda i: i.r.focal(np.array([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]]), "sum", na_rm=True),
    "slope": lambda i: i.r.terrain("slope"),
    "aggregate": lambda i: i.r.aggregate(3, "mean", na_rm=True),
    "disagg": lambda i: i.r.disagg(2),
    "resample": lambda i: i.r.resample(i.other, "bilinear"),
    "project": lambda i: i.world.project("EPSG:8857", method="bilinear"),
    "distance": lambda i: i.r.distance(),
    "patches": lambda i: i.codes.patches(),
    "zonal": lambda i: i.stack.zonal(i.codes, "mean", na_rm=True),
    "extract by polygons": lambda i: i.stack.extract(i.polygons, "mean", na_rm=True),
    "extract at points": lambda i: i.stack.extract(i.points, method="bilinear"),
    "rasterize": lambda i: i.polygons.rasterize(i.r, "n"),
    "approximate": lambda i: i.series.approximate(rule=2),
    "global_": lambda i: i.r.global_("mean", na_rm=True),
    "freq": lambda i: i.codes.freq(),
    "files": lambda i: [_stored(i, kind).values() for kind in ("INT1U", "INT2S", "INT4S", "FLT4S", "FLT8S")],
}
"""What nearly every script calls."""

SELDOM: dict[str, Step] = {
    **{
        f"app {fun}": partial(lambda i, fun: i.stack.app(fun, na_rm=True), fun=fun)
        for fun in (
            "sum",
            "prod",
            "min",
            "range",
            "modal",
            "which_max",
            "any",
            "all",
            "count",
            "first",
            "var",
        )
    },
    "weighted_mean": lambda i: i.stack.weighted_mean([1, 2, 3, 4, 5], na_rm=True),
    "app own function": lambda i: i.stack.app(lambda v: v.max() - v.min()),
    "lapp own function": lambda i: i.stack[:2].lapp(lambda a, b: a * b + 1),
    "sort": lambda i: i.stack.sort(),
    "roll": lambda i: i.series.roll(3, "mean", na_rm=True),
    **{
        f"focal {fun}": partial(lambda i, fun: i.r.focal(3, fun, na_rm=True), fun=fun)
        for fun in ("sd", "modal", "median", "sum", "min", "any")
    },
    "focal own function": lambda i: i.r.focal(3, lambda v: v.max() - v.min()),
    "focal_reg": lambda i: i.stack[:2].focal_reg(3, na_rm=True),
    "focal_pairs": lambda i: i.stack[:2].focal_pairs(3, "pearson", na_rm=True),
    "focal3d": lambda i: i.stack.focal3d(3, "mean", na_rm=True),
    **{
        f"aggregate {fun}": partial(lambda i, fun: i.r.aggregate(3, fun, na_rm=True), fun=fun)
        for fun in ("sum", "min", "median", "modal", "sd")
    },
    "aggregate own function": lambda i: i.r.aggregate(3, lambda v: v.max() - v.min()),
    **{
        f"resample {method}": partial(lambda i, method: i.r.resample(i.other, method), method=method)
        for method in ("near", "cubic", "average", "min", "mode", "q1")
    },
    **{
        f"project {method}": partial(
            lambda i, method: i.world.project("EPSG:8857", method=method), method=method
        )
        for method in ("near", "cubic", "average", "mode")
    },
    "terrain": lambda i: i.r.terrain(["aspect", "roughness", "TRI", "TPI", "flowdir"]),
    "boundaries": lambda i: i.r.boundaries(),
    "surf_area": lambda i: i.r.surf_area(),
    "viewshed": lambda i: i.r.viewshed((55, 55)),
    "direction": lambda i: i.r.direction(),
    "distance on the earth": lambda i: i.world.distance(),
    "distance to points": lambda i: i.r.distance(i.points),
    "distance to points on the earth": lambda i: i.world.distance(pt.vect([(3.0, 4.0)], crs="EPSG:4326")),
    "cost_dist": lambda i: i.codes.cost_dist(target=0),
    "grid_dist": lambda i: i.r.grid_dist(),
    "flow_accumulation": lambda i: i.flow.flow_accumulation(),
    "watershed": lambda i: i.flow.watershed([(55, 55)]),
    "nidp": lambda i: i.flow.nidp(),
    "pitfinder": lambda i: i.flow.pitfinder(),
    "flow_dir": lambda i: i.r.flow_dir(),
    "pitfiller": lambda i: i.r.pitfiller(),
    "sieve": lambda i: i.codes.sieve(3),
    "fill_holes": lambda i: i.r.fill_holes(),
    "as_contour": lambda i: i.r.as_contour(nlevels=3),
    "as_polygons": lambda i: i.codes.as_polygons(),
    **{
        f"zonal {fun}": partial(lambda i, fun: i.stack.zonal(i.codes, fun, na_rm=True), fun=fun)
        for fun in ("sd", "min", "max", "prod", "modal")
    },
    "crosstab": lambda i: pt.c(i.codes, i.codes).crosstab(),
    "layer_cor": lambda i: i.stack.layer_cor("pearson"),
    "autocor": lambda i: i.r.autocor(),
    "extract exact": lambda i: i.r.extract(i.polygons, exact=True),
    "extract by lines": lambda i: i.r.extract(i.lines),
    "rasterize lines": lambda i: i.lines.rasterize(i.r, touches=True),
    "rasterize cover": lambda i: i.polygons.rasterize(i.r, cover=True),
    "rasterize points": lambda i: i.points.rasterize(i.r, "n", fun="sum"),
    "rasterize_win": lambda i: i.points.rasterize_win(i.r, "n", win="circle", pars=40, fun="mean"),
    "rasterize_geom": lambda i: i.polygons.rasterize_geom(i.r, fun="area"),
    "interp_idw": lambda i: i.r.interp_idw(i.points, "n", radius=60),
    "interp_near": lambda i: i.r.interp_near(i.points, "n", radius=60),
    "interp_near interpolate": lambda i: i.r.interp_near(i.points, "n", radius=60, interpolate=True),
    "focal median without gaps": lambda i: i.r.subst(np.nan, 0).focal(3, "median"),
    "global_ weights": lambda i: i.r.global_("mean", weights=i.codes, na_rm=True),
    "zonal weights": lambda i: i.r.zonal(i.codes, "mean", w=i.codes, na_rm=True),
    "thin_nodes": lambda i: i.polygons.thin_nodes(1),
    "simplify_geom": lambda i: i.polygons.densify(0.01).simplify_geom(1),
    "distance of lines on the earth": lambda i: i.lines.project("EPSG:4326").distance(
        i.points.project("EPSG:4326")
    ),
    "expanse": lambda i: i.world.as_polygons().expanse(),
    "fill_time": lambda i: i.series.fill_time(),
    "approximate constant": lambda i: i.series.approximate(method="constant", rule=2),
    **{
        f"fill {method}": partial(lambda i, method: i.series.fill(method), method=method)
        for method in ("swa", "whittaker", "savitzky_golay", "harmonic", "season_median", "deseasoned")
    },
    "stl": lambda i: i.series.stl(),
    "mode_filter": lambda i: i.series.mode_filter(),
    "outliers": lambda i: i.series.outliers(),
    "trend": lambda i: i.series.trend(),
    "trend sen": lambda i: i.series.trend("sen"),
    "trend kendall": lambda i: i.series.trend("kendall", prewhiten="yue"),
    "breakpoints": lambda i: i.series.breakpoints(),
    "phenology": lambda i: i.series.phenology(),
    "savitzky_golay rows and columns": lambda i: i.series.savitzky_golay((5, 3, 3)),
    **{
        f"COG {kind}": partial(lambda i, kind: _cog(i, kind), kind=kind)
        for kind in ("INT1U", "INT2S", "FLT4S")
    },
}
"""What is called now and then."""


def warm(*, everyday: bool = False, workers: int = 1, say: Callable[[str], object] | None = None) -> Warmed:
    """Compile what verbs run, so that their first call is about as quick as the next.

    Parameters
    ----------
    everyday : bool
        Only what nearly every script calls (`EVERYDAY`), else also what is called now and then (`SELDOM`).
    workers : int
        Processes that compile at once: numba compiles one kernel at a time in each. With more than one, a script
        needs ``if __name__ == "__main__":`` around the call.
    say : function, optional
        Gets a line for every verb: its name and its seconds.

    Returns
    -------
    Warmed
        How many verbs there were, how long it took, and where the kernels are kept.

    Raises
    ------
    WriteError
        Where there is no folder to keep kernels in.

    Notes
    -----
    Kernels are compiled for the processor of this machine, and are found again by every process that runs on one of
    the same kind. They lie beside the package where that can be written, else in the user's cache; the environment
    variable ``NUMBA_CACHE_DIR`` names another folder.
    """
    steps = EVERYDAY if everyday else EVERYDAY | SELDOM
    folder = _folder()
    began = time.perf_counter()
    with Progress(len(steps), "compiling", unit="verbs") as progress:
        for name, seconds in _all_called(list(steps), workers):
            progress.advance()
            if say is not None:
                say(f"{name}: {seconds:.2f} s")
    return Warmed(len(steps), time.perf_counter() - began, str(folder))


def _all_called(names: list[str], workers: int) -> Iterator[tuple[str, float]]:
    """Names of verbs that were called, and their seconds: those that share kernels one after the other."""
    families: dict[str, list[str]] = {}
    for name in names:
        families.setdefault(name.split()[0], []).append(name)
    if min(workers, len(families)) < 2:
        yield from _called(names)
        return
    with ProcessPoolExecutor(min(workers, len(families)), get_context("spawn")) as pool:
        longest_first = [families[name] for name in _LONG if name in families]
        longest_first += sorted(
            (family for name, family in families.items() if name not in _LONG), key=len, reverse=True
        )
        runs = as_completed([pool.submit(_listed, family) for family in longest_first])
        yield from chain.from_iterable(run.result() for run in runs)


def _listed(names: list[str]) -> list[tuple[str, float]]:
    return list(_called(names))


def _called(names: list[str]) -> Iterator[tuple[str, float]]:
    """Call verbs for both types of values, one after the other."""
    steps = EVERYDAY | SELDOM
    with tempfile.TemporaryDirectory(prefix="pyterra-warm-") as folder, options(progress=False):
        kinds = [inputs(dtype, Path(folder)) for dtype in ("float32", "float64")]
        for name in names:
            start = time.perf_counter()
            for kind in kinds:
                _computed(steps[name](kind))
            yield name, time.perf_counter() - start


def _computed(result: Any) -> None:
    if isinstance(result, pt.SpatRaster):
        result.to_numpy()


def _folder() -> Path:
    """Where compiled kernels are kept."""
    from pyterra.kernels._kept import folders, kept_in

    folder = kept_in()
    if folder is None:
        tried = " nor ".join(map(str, folders()))
        raise WriteError(
            f"warm: compiled kernels need a folder that can be written, got neither {tried}; let NUMBA_CACHE_DIR name one"
        )
    return folder
