"""Verbs that put cells or vertices elsewhere, or choose some of them, one call on both sides: a row each."""

from __future__ import annotations

import pyterra as pt
from benchmarks.data import Data
from benchmarks.jobs.between import r_vector
from benchmarks.jobs.calls import Call, enter, hills, layers, points, polygons, sources


def globe(data: Data) -> tuple[pt.SpatRaster, str]:
    """The whole globe, from 0 to 360 degrees."""
    x, code = hills(data)
    x.ext, x.crs = (0, 360, -90, 90), "EPSG:4326"
    return x, code + "ext(x) <- c(0, 360, -90, 90); crs(x) <- 'EPSG:4326'\n"


def framed(data: Data) -> tuple[pt.SpatRaster, str]:
    """A raster with a frame of missing cells, 50 wide."""
    x, code = hills(data)
    return x.extend(50).compute(), code + "x <- extend(x, 50)\n"


def with_part(data: Data) -> tuple[tuple[pt.SpatRaster, pt.SpatExtent], str]:
    """A raster, and half of its extent to either side."""
    x, code = hills(data)
    part = pt.ext(x.xmin + x.ncol // 4 * x.xres, x.xmax, x.ymin + x.nrow // 4 * x.yres, x.ymax)
    return (x, part), code + f"y <- ext({', '.join(map(repr, part))})\n"


def shifted(data: Data) -> tuple[tuple[pt.SpatRaster, pt.SpatRaster], str]:
    """Two rasters that overlap by half."""
    x, code = hills(data)
    half = x.ncol // 2 * x.xres
    return (x, x.shift(half).compute()), code + f"y <- shift(x, {half!r})\n"


def files(data: Data) -> tuple[list[str], str]:
    """Two files side by side."""
    names = []
    x = pt.rast(data.hills)
    for i, part in enumerate((x, x.shift(x.ncol * x.xres))):
        names.append(str(data.folder / f"beside{i}.tif"))
        part.write_raster(names[-1], overwrite=True)
    return names, f'x <- c("{names[0]}", "{names[1]}")\n'


def points_and_stars(data: Data) -> tuple[tuple[pt.SpatVector, pt.SpatVector], str]:
    """2,000 points, and 500 stars."""
    v, code = points(data, 2_000)
    return (v, pt.vect(data.polygons)), code + r_vector("y", data.polygons)


CALLS = [
    Call("crop-memory", with_part, lambda x: x[0].crop(x[1]), "crop(x, y)"),
    Call("extend-memory", hills, lambda x: x.extend(100), "extend(x, 100)"),
    Call("trim-memory", framed, lambda x: x.trim(), "trim(x)"),
    Call("flip-memory", hills, lambda x: x.flip(), "flip(x)"),
    Call("rev-memory", layers, lambda x: x.rev(), "rev(x)"),
    Call("t-memory", hills, lambda x: x.t(), "t(x)"),
    Call("rotate-memory", globe, lambda x: x.rotate(), "rotate(x)"),
    Call("shift-memory", hills, lambda x: x.shift(100, 50), "shift(x, 100, 50)"),
    Call("subset-memory", layers, lambda x: x.subset([0, 3, 5]), "subset(x, c(1, 4, 6))"),
    Call("intersect-memory", shifted, lambda x: x[0].intersect(x[1]), "intersect(x, y)"),
    Call("buffer-memory", sources, lambda x: x.buffer(600), "buffer(x, 600)"),
    Call("spat-sample-memory", hills, lambda x: x.spat_sample(100_000, "regular", as_raster=True),
         'spatSample(x, 100000, "regular", as.raster = TRUE)'),
    Call("vrt-files", files, lambda x: pt.vrt(x) * 1, "vrt(x) * 1"),
    Call("minmax-memory", layers, lambda x: (x * 1).minmax(), "{y <- x * 1; setMinMax(y, force = TRUE); minmax(y)}"),
    Call("crds-polygons", polygons, lambda x: x.crds(), "crds(x)"),
    Call("geom-polygons", polygons, lambda x: x.geom()[:, 2:4], "geom(x)[, 3:4]"),
    Call("nseg-polygons", polygons, lambda x: [*x.nseg(), 0], "c(nseg(x), 0)"),
    Call("furdist-points", points_and_stars, lambda x: x[0][:100].furdist(x[1]).ravel(), "furdist(x[1:100], y)$distance"),
    Call("nearby-points", points_and_stars, lambda x: [len(x[0].nearby(distance=500)), 0],
         "c(nrow(nearby(x, distance = 500)), 0)"),
    Call("snap-to-polygons", points_and_stars, lambda x: x[0].snap_to(x[1], paired=False).crds(),
         "crds(snapTo(x, y, paired = FALSE))"),
]  # fmt: skip
enter(CALLS)
