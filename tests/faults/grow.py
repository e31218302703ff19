"""How much a process grows while a verb works under a memory budget: ``python grow.py verb file folder megabytes``."""

import os
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import numpy as np

import pyterra as pt
from pyterra.errors import MemoryBudgetError


def file(verb):
    """A verb whose raster is written to a file."""
    return lambda r, to: verb(r).write_raster(to / "out.tif")


def centres(r):
    """A point in every hundredth cell."""
    return r.aggregate(10).as_points(values=False)


def blocks(r):
    """Squares that cover all of a raster."""
    return r.aggregate(500).as_polygons(aggregate=False)


class Plane:
    """A model of x and y."""

    def predict(self, table):
        return table["x"] + table["y"]


VERBS = {
    "write_raster": file(lambda r: r),
    "write_raster to COG": lambda r, to: r.write_raster(to / "out.tif", format="COG"),
    "write_cdf": lambda r, to: r.write_cdf(to / "out.nc"),
    "focal": file(lambda r: r.focal(5)),
    "project": file(lambda r: r.project("EPSG:4326")),
    "patches": file(lambda r: r.patches()),
    "sieve": file(lambda r: r.sieve(9)),
    "fill_holes": file(lambda r: r.classify({0: None}).fill_holes(nearest=True)),
    "distance": file(lambda r: r.distance()),
    "compute": lambda r, to: (r * 1.5).compute(),
    "freq": lambda r, to: r.freq(),
    "as_data_frame": lambda r, to: r.as_data_frame(xy=True),
    "as_polygons": lambda r, to: r.as_polygons(),
    "r[mask]": lambda r, to: r[r > 5],
    "as_points": lambda r, to: r.as_points(),
    "as_lines": lambda r, to: r.as_lines(),
    "cells as polygons": lambda r, to: r.as_polygons(aggregate=False),
    "as_data_frame of all cells": lambda r, to: r.as_data_frame(na_rm=False),
    "values": lambda r, to: r.values(),
    "to_xarray": lambda r, to: r.to_xarray().load(),
    "unique": lambda r, to: r.unique(),
    "crosstab": lambda r, to: pt.crosstab(pt.c(r, r + 1)),
    "zonal": lambda r, to: r.zonal(r, "mean"),
    "zonal median": lambda r, to: r.zonal(r, "median"),
    "zonal first": lambda r, to: r.zonal(r, "first"),
    "zonal of fine zones": lambda r, to: r.zonal(r.init("cell"), "mean"),
    "global_": lambda r, to: r.global_(["mean", "sd", "min", "max"]),
    "global_ median": lambda r, to: (r * 1.37).global_("median"),
    "global_ any": lambda r, to: r.global_("any"),
    "global_ first": lambda r, to: r.global_("first"),
    "quantile": file(lambda r: pt.c(r, r * 2, r * 3).quantile([0.1, 0.9])),
    "extract": lambda r, to: r.extract(centres(r)),
    "extract of areas": lambda r, to: r.extract(blocks(r), "mean"),
    "extract of areas, cell by cell": lambda r, to: r.extract(blocks(r)),
    "spat_sample": lambda r, to: r.spat_sample(10_000),
    "spat_sample random": lambda r, to: r.spat_sample(10_000, "random", na_rm=True),
    "minmax": lambda r, to: (r * 2).minmax(compute=True),
    "trim": file(lambda r: r.trim()),
    "crop": file(lambda r: r.crop(pt.ext(500, 15_000, 500, 15_000))),
    "mask": file(lambda r: r.mask(r > 5, maskvalues=0)),
    "classify": file(lambda r: r.classify([[1, 10], [2, 20]])),
    "aggregate": file(lambda r: r.aggregate(7, "modal")),
    "disagg": file(lambda r: r.disagg(2)),
    "resample": file(lambda r: r.resample(pt.rast(r.ext, resolution=13, crs=r.crs), "cubic")),
    "resample by areas": file(lambda r: r.resample(pt.rast(r.ext, resolution=33, crs=r.crs), "mode")),
    "focal median": file(lambda r: r.focal(9, "median")),
    "focal which": file(lambda r: r.focal(9, "which_max")),
    "focal function": file(lambda r: r.aggregate(10).focal(3, np.nanmean)),
    "terrain": file(lambda r: r.terrain(["slope", "aspect", "flowdir"])),
    "boundaries": file(lambda r: r.boundaries()),
    "app": file(lambda r: pt.c(r, r).app(np.sum)),
    "app sum": file(lambda r: pt.c(*[r] * 20).app("sum")),
    "approximate": file(lambda r: pt.c(*[r] * 8).approximate()),
    "reconstruct": file(lambda r: pt.c(*[r] * 5).reconstruct(season_size=2, quality=True)),
    "whittaker": file(lambda r: pt.c(*[r] * 8).whittaker([1, 10])),
    "stl": file(lambda r: pt.c(*[r] * 8).stl(4, what="trend")),
    "trend": file(lambda r: pt.c(*[r] * 8).trend(what=["slope", "p"])),
    "fdr": file(lambda r: (r / 13).fdr()),
    "tune": lambda r, to: pt.c(*[r] * 8).tune(["linear", "box"], season_size=4),
    "flow_accumulation": file(lambda r: r.terrain("flowdir").flow_accumulation()),
    "flow_dir": file(lambda r: r.flow_dir()),
    "pitfiller": file(lambda r: r.pitfiller(niter=2)),
    "watershed": file(lambda r: r.terrain("flowdir").watershed(centres(r))),
    "cost_dist": file(lambda r: r.cost_dist(target=3)),
    "buffer": file(lambda r: r.buffer(300)),
    "rasterize": file(lambda r: pt.rasterize(blocks(r), r)),
    "rasterize median": file(lambda r: pt.rasterize(blocks(r), r, fun="median")),
    "rasterize points": file(lambda r: pt.rasterize(centres(r), r)),
    "interpolate": file(lambda r: r.interpolate(Plane())),
    "lapp": file(lambda r: pt.c(r, r).lapp(np.hypot)),
    "tapp": file(lambda r: pt.c(*[r] * 12).tapp([1, 2] * 6, "mean")),
    "expanse": lambda r, to: r.expanse(by_value=True),
    "cell_size": file(lambda r: r.cell_size()),
    "mosaic": file(lambda r: pt.mosaic(r, r.shift(10_000))),
    "mosaic range": file(lambda r: pt.mosaic(r, r.shift(10_000), fun="range")),
    "plot": lambda r, to: r.plot(),
}
"""Every verb that reads or makes a whole raster."""

OFTEN = ("write_raster to COG", "write_cdf", "focal", "patches", "compute", "as_data_frame")
"""Those that go different ways: files of two kinds, blocks with a halo, strips, values that stay, and what is refused."""


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def growth(work):
    """What `work` does, and the most bytes by which the process grew meanwhile."""
    before = peak = resident()
    done = threading.Event()

    def watch():
        nonlocal peak
        while not done.is_set():
            peak = max(peak, resident())
            time.sleep(0.002)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        work()
        said = "done"
    except MemoryBudgetError as error:
        said = f"refused: {error}"
    finally:
        done.set()
        watcher.join()
    return said, peak - before


def main(verb, file, folder, megabytes):
    folder = Path(folder)
    r = pt.rast(file)
    part = r.crop(pt.ext(0, 10_000, 0, 10_000))
    for i, enough in enumerate((f"{megabytes}MB", "12MB" if verb == "compute" else f"{megabytes}MB")):
        with pt.options(memory=enough, workers=2, progress=False), suppress(MemoryBudgetError):
            (folder / str(i)).mkdir()
            VERBS[verb](
                part, folder / str(i)
            )  # compiles and loads; "compute" also what a raster beyond memory needs
    with pt.options(memory=f"{megabytes}MB", workers=2, progress=False):
        said, grown = growth(lambda: VERBS[verb](r, folder))
    print(grown, said)


if __name__ == "__main__":
    main(*sys.argv[1:])
