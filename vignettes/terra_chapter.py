# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Rasters and vectors, verb by verb
#
# After this chapter you can say in Python what you say in terra: make rasters, compute with them, change their grid,
# summarise, draw and write them.
#
# A walk through the verbs that everyday work needs, in the order in which courses on R's terra take them. Each line of
# Python stands beside the line of R that says the same, and where R and terra are installed both are run, and their
# numbers compared. Without R the page runs as well; it then says so.
#
# The land is made here: hills, a few stations where rain is measured, and four districts.

# %%
import pickle
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression

import pyterra as pt

folder = Path(tempfile.mkdtemp(prefix="chapter-"))


# %% [markdown]
# ## R beside Python
#
# `R("...")` runs lines in one session of R that stays open. `same(ours, "...")` asserts that what we have and the value
# of a line of R are equal: same number of numbers, missing ones at the same places, and otherwise to a relative 1e-9
# unless another tolerance is given. A raster counts as its cells layer by layer, a table as its columns of numbers.

# %% tags=["setup"]
LOOP = """
suppressPackageStartupMessages(library(terra)); terraOptions(progress = 0)
numbers <- function(x) {
  if (inherits(x, "SpatRaster")) x <- values(x)
  if (inherits(x, "SpatVector")) x <- geom(x)[, c("x", "y")]
  if (inherits(x, "SpatExtent")) x <- as.vector(x)
  if (is.data.frame(x)) x <- x[sapply(x, is.numeric)]
  as.numeric(unlist(x, use.names = FALSE))
}
input <- file("stdin"); open(input); cat("ready\\n")
repeat {
  lines <- character(); while (length(n <- readLines(input, 1)) && n != "#end") lines <- c(lines, n)
  if (!length(n)) break
  answer <- tryCatch({ writeBin(numbers(eval(parse(text = lines))), "answer.bin"); "ok" },
                     error = function(e) paste("error:", gsub("\\n", " ", conditionMessage(e))))
  cat(answer, "\\n", sep = ""); flush(stdout())
}
"""


class Session:
    """R with terra; its process is None where they are not installed."""

    def __init__(self):
        self.process, self.compared = None, 0
        if shutil.which("Rscript"):
            (folder / "loop.R").write_text(LOOP)
            self.process = subprocess.Popen(
                ["Rscript", "--vanilla", "loop.R"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=folder,
            )  # fmt: skip
            if self.process.stdout.readline() != "ready\n":  # R is there, terra is not
                self.close()

    def __call__(self, lines):
        """The numbers of the value of some lines of R; None without R."""
        if self.process is None:
            return None
        self.process.stdin.write(f"{lines}\n#end\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if answer != "ok":
            raise RuntimeError(f"{lines}: {answer}")
        return np.fromfile(folder / "answer.bin")

    def close(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.stdout.close()
            self.process.wait()
            self.process = None


def numbers(x):
    """All numbers of a raster, vector, extent, table, or what numpy understands."""
    if isinstance(x, pt.SpatRaster):
        x = x.to_numpy()
    elif isinstance(x, pt.SpatVector):
        x = x.crds().T
    elif isinstance(x, pt.SpatExtent):
        x = list(x)
    elif isinstance(x, pd.DataFrame):
        x = x.select_dtypes("number").to_numpy().T
    return np.asarray(x, dtype=float).ravel()


def same(ours, lines, *, rel=1e-9, abs_=0.0):
    """Assert that R gives the same numbers."""
    theirs = R(lines)
    if theirs is not None:
        np.testing.assert_allclose(numbers(ours), theirs, rtol=rel, atol=abs_, err_msg=lines)
        R.compared += 1


R = Session()
print("each section is compared with terra" if R.process else "no R with terra here: comparisons are skipped")


# %% tags=["setup"]
def hills(seed, nrow=100, ncol=140, longest=5.0):
    """Smooth random numbers between 0 and 1."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:nrow, 0:ncol] / ncol
    total = np.zeros((nrow, ncol))
    for _ in range(40):
        size = rng.uniform(0.6, longest)
        a, b, phase = *rng.normal(size=2) * size, rng.uniform(0, 2 * np.pi)
        total += np.sin(np.pi * (a * x + b * y) + phase) / size
    low, high = total.min(), total.max()
    return (total - low) / (high - low)


def show(**rasters):
    """Write rasters, and read them in R under the same names."""
    for name, raster in rasters.items():
        raster.write_raster(folder / f"{name}.tif", overwrite=True)
        R(f"{name} <- rast('{name}.tif'); 0")


# %% [markdown]
# ## Classes
#
# A `SpatRaster` is a grid of cells in one or more layers, a `SpatVector` points, lines or polygons with a table, a
# `SpatExtent` four numbers. All three print what they are. A raster knows its grid and its names at once; its values
# stay where they are until somebody wants them.

# %%
place = {"extent": (600_000, 614_000, 5_200_000, 5_210_000), "crs": "EPSG:32632"}
height = pt.rast((300 + 900 * hills(7, longest=14)).round(1), names="height", units="m", **place)
print(height)
show(height=height)

same(height, "height")
same(height.ext, "ext(height)")
same([*height.dim, *height.res, height.ncell], "c(dim(height), res(height), ncell(height))")

# %%
districts = pt.vect(
    [
        "POLYGON ((600420 5200370, 606130 5200370, 606930 5205340, 600420 5204130, 600420 5200370))",
        "POLYGON ((606130 5200370, 613560 5200370, 613560 5206710, 606930 5205340, 606130 5200370))",
        "POLYGON ((600420 5204130, 606930 5205340, 605870 5209640, 600420 5209640, 600420 5204130))",
        "POLYGON ((606930 5205340, 613560 5206710, 613560 5209640, 605870 5209640, 606930 5205340))",
    ],
    crs="EPSG:32632",
)
districts["name"] = ["Mill", "Castle", "Lake", "Abbey"]
districts["people"] = [1200, 5400, 800, 2300]
print(districts)
districts.write_vector(folder / "districts.gpkg", overwrite=True)
R("districts <- vect('districts.gpkg'); 0")
same(districts.expanse(transform=False), "expanse(districts, transform = FALSE)")

# %% [markdown]
# ## Creating rasters
#
# From an array, from the description of a grid, from another raster, from files. Without values a raster is only a
# grid: a template for `resample`, `rasterize`, `interpolate`.

# %%
blank = pt.rast(nrows=18, ncols=36, crs="EPSG:4326")
print(blank.has_values(), blank.ncell, blank.res)
same([*blank.res, blank.ncell], "c(res(rast(nrows = 18, ncols = 36)), 648)")

numbered = pt.rast(blank, vals=range(blank.ncell))
same(numbered, "setValues(rast(nrows = 18, ncols = 36), 0:647)")
same(height.init("x"), "init(height, 'x')")

wet = pt.rast(hills(11).round(4), names="wet", **place)
show(wet=wet)
both = pt.c(height, wet)
print(both.nlyr, both.names, [layer.names[0] for layer in both])
same(both["wet"], "c(height, wet)[['wet']]")
same(pt.rast([folder / "height.tif", folder / "wet.tif"]), "rast(c('height.tif', 'wet.tif'))")

# %% [markdown]
# ## Raster algebra
#
# Rasters are numbers: `+ - * / ** % //`, comparisons, `& | ~`, and the functions of mathematics, cell by cell.
# Layers that are fewer start again from the first. A missing cell makes a missing answer. Nothing is computed by such a
# line: `warm` below only says how it would be computed.

# %%
warm = 14 - 0.0065 * (height - 300)
assert not warm.in_memory()
same(warm, "14 - 0.0065 * (height - 300)")
same(both + height, "c(height, wet) + height")
same(both * 2 + 1, "c(height, wet) * 2 + 1")
same((height > 800) & (wet < 0.5), "height > 800 & wet < 0.5")
same((wet * 10).sqrt().round(2), "round(sqrt(wet * 10), 2)")
same((height // 100) * 100 + height % 100 - height, "height * 0", abs_=1e-9)

# %% [markdown]
# Across layers: `sum`, `mean`, `min`, `max`, `which_max` and so on give one layer (in R positions count from 1).

# %%
months = pt.c(*[warm + 9 * float(np.sin((m - 3) * np.pi / 6)) for m in range(12)])
months.names = [f"m{m + 1:02d}" for m in range(12)]
R(
    "months <- c(); for (m in 0:11) months <- c(months, 14 - 0.0065 * (height - 300) + 9 * sin((m - 3) * pi / 6))"
)
R("months <- rast(months); 0")
same(months.mean(), "mean(months)")
same(months.max() - months.min(), "max(months) - min(months)", abs_=1e-12)
same(months.which_max(), "which.max(months) - 1")

# %% [markdown]
# Assignment replaces cells, and leaves the raster it came from alone. R's `NA` is `None`.

# %%
high = height * 1
high[high < 700] = None
same(high, "high <- height; high[high < 700] <- NA; high")
same(high + wet, "high + wet")
same(height, "height")

# %% [markdown]
# ## Modifying: other cells, other grids
#
# `crop` cuts, `extend` adds missing margins, `trim` takes them off, `merge` joins neighbours, `shift`, `flip`, `rotate`
# and `t` move.

# %%
window = pt.ext(603_000, 609_050, 5_202_000, 5_207_000)
part = height.crop(window)
same(part, "crop(height, ext(603000, 609050, 5202000, 5207000))")
same(part.ext, "ext(crop(height, ext(603000, 609050, 5202000, 5207000)))")
same(part.extend(height).trim(), "part <- crop(height, ext(603000, 609050, 5202000, 5207000)); part")
same(part.extend(height), "extend(part, height)")
west, east = (
    height.crop(pt.ext(600_000, 606_000, *place["extent"][2:])),
    height.crop(pt.ext(606_000, 614_000, *place["extent"][2:])),
)
same(west.merge(east), "height")
same(part.flip(), "flip(part, 'vertical')")
same(part.t(), "t(part)")
same(part.shift(50, -20).ext, "ext(shift(part, 50, -20))")
earth = pt.rast(nrows=6, ncols=12, xmin=0, xmax=360, vals=range(72), crs="EPSG:4326")
same(earth.rotate(), "rotate(rast(nrows = 6, ncols = 12, xmin = 0, xmax = 360, vals = 0:71))")

# %% [markdown]
# `aggregate` makes large cells from whole small ones, `disagg` the reverse; `resample` goes to any other grid of the
# same CRS, `project` to one of another CRS. terra's answers are float32 here. GDAL, which warps for terra, turns
# only some coordinates exactly, and is content with an error of an eighth of a cell: 1 in 1000 of our heights. pyterra is
# content with 1/10,000 of a cell, as the values at the same points show.

# %%
coarse = height.aggregate(10)
same(coarse, "coarse <- aggregate(height, 10); coarse")
same(height.aggregate(10, "max"), "aggregate(height, 10, 'max')")
same(coarse.disagg(5), "disagg(coarse, 5)")
smooth = coarse.disagg(5, "bilinear")
same(smooth, "disagg(coarse, 5, 'bilinear')", rel=1e-6)
inner = pt.rast(extent=(602_040, 611_040, 5_201_950, 5_207_950), resolution=250, crs="EPSG:32632")
same(
    height.resample(inner, "bilinear"),
    "inner <- rast(ext(602040, 611040, 5201950, 5207950), resolution = 250, crs = 'EPSG:32632');"
    "resample(height, inner, 'bilinear')",
    rel=1e-6,
)
lonlat = pt.rast(extent=(10.35, 10.45, 46.97, 47.018), resolution=0.0008, crs="EPSG:4326")
turned = height.project(lonlat, "bilinear")
same(
    turned,
    "project(height, rast(ext(10.35, 10.45, 46.97, 47.018), resolution = 0.0008, crs = 'EPSG:4326'), 'bilinear')",
    rel=1e-3,
)
centres = turned.as_points().project(height.crs)
exact = height.extract(centres, method="bilinear")["height"]
np.testing.assert_allclose(turned.values(drop=True), exact, rtol=1e-5)
# R: plot(c(height, disagg(coarse, 10), focal(height, 15, "mean", na.rm = TRUE)), nc = 3)
pt.c(height, coarse.disagg(10), height.focal(15, "mean", na_rm=True)).plot(
    main=["100 m", "aggregated to 1 km", "mean of 15 x 15 cells"],
    nc=3,
    common=True,
    axes=False,
    cmap="gist_earth",
    range=(0, 1300),
    legend_title="height (m)",
)

# %% [markdown]
# `mask` makes cells missing, `cover` fills them, `clamp` cuts values off.

# %%
same(height.mask(wet > 0.35, maskvalues=0), "mask(height, wet > 0.35, maskvalues = 0)")
same(high.cover(height * 0), "cover(high, height * 0)")
same(height.clamp(400, 900), "clamp(height, 400, 900)")
same(height.mask(districts, touches=False), "mask(height, districts, touches = FALSE)")

# %% [markdown]
# ## lapp: a function of layers
#
# One argument for each layer, arrays in, arrays out.

# %%
same(
    both.lapp(lambda h, w: np.where(h > 800, w * 2, w)),
    "lapp(c(height, wet), function(h, w) ifelse(h > 800, w * 2, w))",
)
same(
    both.lapp(lambda wet, height: height - 1000 * wet, usenames=True),
    "lapp(c(height, wet), function(wet, height) height - 1000 * wet, usenames = TRUE)",
    abs_=1e-9,
)

# %% [markdown]
# ## app: a function of the values of a cell
#
# By name, or a function of yours: it gets the layers of one cell. What numba understands is compiled, and a function
# may return several values: so many layers.

# %%
same(months.app("sd"), "app(months, 'sd')", abs_=1e-12)
same(months.app(lambda v: v[6] - v[0]), "app(months, function(v) v[7] - v[1])", abs_=1e-12)
same(
    months.app(lambda v: np.array([v.min(), v.max()])),
    "app(months, function(v) c(min(v), max(v)))",
)
seasons = [(m + 1) % 12 // 3 for m in range(12)]
same(months.tapp(seasons, "mean"), "tapp(months, c(1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 1), 'mean')")

# %% [markdown]
# ## classify
#
# Rows of from, to, becomes; with two columns is, becomes; or cuts alone, which make a factor with labelled ranges.

# %%
belts = height.classify([[-np.inf, 550, 1], [550, 800, 2], [800, np.inf, 3]])
same(belts, "belts <- classify(height, rbind(c(-Inf, 550, 1), c(550, 800, 2), c(800, Inf, 3))); belts")
same((height > 800).ifel(1, wet), "ifel(height > 800, 1, wet)")
same(belts.subst([1, 3], [10, None]), "subst(belts, c(1, 3), c(10, NA))")
same(belts.classify([[1, 10], [2, 20]]), "classify(belts, rbind(c(1, 10), c(2, 20)))")
cuts = height.classify([0, 400, 800, 1300])
print(cuts.levels[0])
same(cuts + 0, "classify(height, c(0, 400, 800, 1300)) + 0")
belts.levels = pd.DataFrame({"value": [1, 2, 3], "belt": ["valley", "slopes", "alp"]})
belts.names = "belt"
R("levels(belts) <- data.frame(value = 1:3, belt = c('valley', 'slopes', 'alp')); 0")
same(belts == "alp", "belts == 'alp'")
print(belts)
# R: { plot(belts); lines(districts); text(districts, "name") }
ax = belts.plot(colors=["#7fb069", "#c9a66b", "#d9d9d9"], main="Three belts", legend_title="belt")
districts.polys(border="#333333", lwd=1.2, ax=ax)
districts.text("name", ax=ax)

# %% [markdown]
# ## focal: a function of the neighbourhood
#
# Beyond the edge cells are missing: `na_rm` tells whether they count. Weights are a matrix; a weight that is missing
# takes a neighbour out.

# %%
same(height.focal(5, "mean", na_rm=True), "focal(height, 5, 'mean', na.rm = TRUE)")
edges = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
same(
    height.focal(edges, "sum"),
    "focal(height, matrix(c(1, 0, -1, 2, 0, -2, 1, 0, -1), 3, byrow = TRUE), 'sum')",
    abs_=1e-8,
)
cross = np.array([[np.nan, 1, np.nan], [1, 1, 1], [np.nan, 1, np.nan]])
same(height.focal(cross, "max"), "focal(height, matrix(c(NA, 1, NA, 1, 1, 1, NA, 1, NA), 3), 'max')")
same(
    height.focal(3, lambda window: window.max() - window.min()),
    "focal(height, 3, function(v) max(v) - min(v))",
)
same(
    high.focal(3, "mean", na_policy="only", na_rm=True),
    "focal(high, 3, 'mean', na.policy = 'only', na.rm = TRUE)",
)

# %% [markdown]
# ## Distance
#
# From each missing cell to the nearest that has a value; or from every cell to a vector. In degrees it is the way over
# a sphere of the earth's radius, as in terra 1.9. terra 1.7-3 takes the width of a cell for its height and does not look
# in every direction between cells, so on the plane the comparison asks it for all pairs.

# %%
stations = pt.vect(
    np.random.default_rng(5).uniform([601_000, 5_201_000], [613_000, 5_209_000], (60, 2)).round(),
    crs="EPSG:32632",
)
stations["rain"] = (
    700 + 0.6 * height.extract(stations)["height"] + 0.02 * (stations.crds()[:, 0] - 600_000)
).to_numpy().round(1)  # fmt: skip
stations.write_vector(folder / "stations.gpkg", overwrite=True)
R("stations <- vect('stations.gpkg'); 0")

away = height.distance(stations)
same(away, "distance(height, stations)", rel=1e-6, abs_=1e-3)
peaks = (coarse > 900).ifel(1, None)
same(
    peaks.distance(),
    "p <- as.points(coarse); near <- as.points(ifel(coarse > 900, 1, NA)); apply(distance(p, near), 1, min)",
    rel=1e-6,
)
same(
    stations[0:4].distance(stations[4:10]),
    "as.vector(t(distance(stations[1:4], stations[5:10])))",
)
quarter = pt.vect(["POINT (0 0)", "POINT (90 0)"], crs="EPSG:4326").distance()
assert np.isclose(quarter[0, 1], 6_378_137 * np.pi / 2)
# R: { plot(distance(height, stations)); points(stations) }
ax = away.plot(main="Metres to the nearest station", cmap="viridis_r", legend_title="m")
stations.points(col="white", border="#222222", cex=0.9, ax=ax)
pt.sbar(ax=ax)

# %% [markdown]
# ## Spatial configuration
#
# `patches` numbers what hangs together, `boundaries` finds edges, `adjacent` the neighbours of cells, `terrain` the
# shape of the land.

# %%
alps = (height > 850).ifel(1, None)
woods = alps.patches(8)
same(
    (woods > 0).global_("sum", na_rm=True),
    "alps <- ifel(height > 850, 1, NA); global(alps, 'sum', na.rm = TRUE)[1, 1]",
)
same(
    woods.freq()["count"].sort_values(),
    "sort(freq(patches(alps, directions = 8))[, 'count'])",
)
same(
    belts.boundaries(classes=True).global_("sum", na_rm=True),
    "global(boundaries(belts, classes = TRUE), 'sum', na.rm = TRUE)[1, 1]",
)
same(
    height.adjacent([300, 4_000], "queen").ravel(),
    "as.vector(t(adjacent(height, c(301, 4001), 'queen'))) - 1",
)
same(height.terrain("slope"), "terrain(height, 'slope')", abs_=1e-9)
same(
    height.terrain("aspect", unit="radians").cos(),
    "cos(terrain(height, 'aspect', unit = 'radians'))",
    abs_=1e-9,
)
same(height.terrain("TPI"), "terrain(height, 'TPI')", abs_=1e-9)
same(height.cell_size(unit="ha"), "cellSize(height, mask = FALSE, unit = 'ha')", rel=1e-6)

# %% [markdown]
# Slope and aspect make a shade by algebra: light from the north-west, 45 degrees up.

# %%
slope, aspect = height.terrain(["slope", "aspect"], unit="radians")
tilt, light = np.pi / 4, np.deg2rad(315)
shade = slope.cos() * np.cos(tilt) + slope.sin() * np.sin(tilt) * (light - aspect).cos()
shade.names = "shade"
# R: plot(patches(alps, directions = 8))
ax = shade.plot(cmap="gray", legend=False, main="Patches of high land")
woods.plot(type="classes", add=True, alpha=0.55, ax=ax)

# %% [markdown]
# ## Predictions
#
# A model that has learnt from a table predicts from the layers of the same names. R's `lm` and a regression of
# scikit-learn give the same map. A function of (model, table) does as well.

# %%
table = both.extract(stations).drop(columns="ID")
line = LinearRegression().fit(table, stations["rain"])
rain = both.predict(line, names="rain")
same(
    rain,
    "d <- extract(c(height, wet), stations); d$rain <- stations$rain; m <- lm(rain ~ height + wet, d);"
    "predict(c(height, wet), m)",
    rel=1e-9,
)
same(
    both.predict({"a": 2.0}, lambda model, table: table["height"] * model["a"] - table["wet"]),
    "predict(c(height, wet), list(a = 2), fun = function(model, d) d$height * model$a - d$wet)",
)

# %% [markdown]
# ## From vectors to rasters, and back
#
# `rasterize` burns a field into a grid. Of several points in a cell, a function makes one number.

# %%
number = districts.rasterize(height, "people")
same(number, "rasterize(districts, height, 'people')")
same(
    stations.rasterize(coarse, "rain", "mean"),
    "rasterize(stations, coarse, 'rain', mean)",
    rel=1e-12,
)
same(
    stations.rasterize(coarse, fun="count"),
    "rasterize(stations, coarse, fun = length)",
)
same(belts.as_polygons().expanse(transform=False), "expanse(as.polygons(belts), transform = FALSE)")
same(coarse.as_points(), "as.points(coarse)")

# %% [markdown]
# ## Summaries
#
# Of a whole layer, of zones, of values and their combinations. Tables are pandas tables.

# %%
print(both.global_(["mean", "sd", "min", "max"]))
same(
    both.global_(["mean", "min", "max"]),
    "c(sapply(c('mean', 'min', 'max'), function(f) global(c(height, wet), f)[, 1]))",
)
same(both.zonal(belts, "mean").drop(columns="belt"), "zonal(c(height, wet), belts, 'mean')[, 2:3]")
same(height.zonal(districts, "mean")["height"], "extract(height, districts, mean)[, 2]")
same(belts.freq()["count"], "freq(belts)[, 'count']")
lots = (wet > 0.5).as_int()
lots.names = "lots"
print(pt.c(belts, lots).crosstab())
same(
    pt.c(belts + 0, lots).crosstab(long=True).iloc[:, -1],
    "crosstab(c(belts + 0, wet > 0.5), long = TRUE)[, 3]",
)
same(
    height.global_(lambda v: np.quantile(v, [0.1, 0.5])),
    "global(height, function(v) quantile(v, c(0.1, 0.5)))",
)
same(months.quantile([0.25, 0.75]), "quantile(months, c(0.25, 0.75))", rel=1e-6)
same(height.expanse(transform=False)["area"], "tail(unlist(expanse(height, transform = FALSE)), 1)")
print(both.summary())

# %% [markdown]
# ## Plotting
#
# Layers side by side, histograms, three layers as red, green and blue; vectors on top.

# %%
# R: { plot(height); lines(districts); text(districts, "name"); points(stations) }
ax = height.plot(cmap="gist_earth", range=(0, 1300), main="Districts and stations", legend_title="height (m)")
districts.polys(border="#222222", lwd=1.3, ax=ax)
districts.text("name", ax=ax)
stations.points(col="#aa3377", ax=ax)
pt.north(ax=ax)
pt.sbar(ax=ax)
# R: plot(months[[c(1, 4, 7, 10)]], nc = 4)
months[[0, 3, 6, 9]].plot(
    main=["January", "April", "July", "October"],
    nc=4,
    common=True,
    axes=False,
    cmap="inferno",
    legend_title="°C",
)
# R: hist(c(height, wet))
both.hist(main=["height (m)", "wetness"])
# R: plot(districts, "people")
districts.plot("people", cmap="YlGnBu", legend_title="people", main="People by district")

# %% [markdown]
# ## Writing
#
# The file is complete and verified, or it is not there. Its type is the source's while all values fit; values that do
# not fit the type asked for are an error, where terra makes them missing. R reads what we write.

# %%
whole = height.round(0).write_raster(folder / "whole.tif", overwrite=True, datatype="int16")
same(whole, "rast('whole.tif')")
same(whole, "round(height)")
months.write_raster(folder / "months.tif", overwrite=True, format="COG", datatype="float32")
same(pt.rast(folder / "months.tif"), "rast('months.tif')")
same(
    pt.vect(folder / "districts.gpkg").expanse(transform=False),
    "expanse(vect('districts.gpkg'), transform = FALSE)",
)
try:
    (height * 1000).write_raster(folder / "never.tif", datatype="int16")
except pt.errors.PyterraError as error:
    print(f"{type(error).__name__}: {error}")
assert not (folder / "never.tif").exists()

# %% [markdown]
# ## Cell values
#
# Cells have numbers, row by row from the upper left, and from 0. Outside of the raster is -1 (in R `NA`).

# %%
xy = np.array([[600_050, 5_209_950], [605_555, 5_203_333], [613_999, 5_200_001]])
R("xy <- cbind(c(600050, 605555, 613999), c(5209950, 5203333, 5200001)); 0")
cells = height.cell_from_xy(xy)
print(cells)
same(cells, "cellFromXY(height, xy) - 1")
same(height.xy_from_cell(cells), "as.vector(t(xyFromCell(height, cellFromXY(height, xy))))")
same(height.row_col_from_cell(cells), "as.vector(t(rowColFromCell(height, cellFromXY(height, xy)))) - 1")
assert height.cell_from_xy([[0, 0]])[0] == -1
same(height[20, 30], "height[21, 31]")
same(both.extract(cells), "extract(c(height, wet), cellFromXY(height, xy))")
same(both.extract(xy), "extract(c(height, wet), xy)")
same(
    both.extract(xy[1:2], method="bilinear"),
    "extract(c(height, wet), xy[2, , drop = FALSE], method = 'bilinear')",
)
same(both.extract(stations).drop(columns="ID"), "extract(c(height, wet), stations, ID = FALSE)")
same(both.extract(districts, "max").drop(columns="ID"), "extract(c(height, wet), districts, max, ID = FALSE)")
print(both.extract(districts, "mean", bind=True).values())

# %% [markdown]
# Samples: regular ones are the same everywhere, random ones come from another generator than R's.

# %%
print(both.spat_sample(3, seed=1, xy=True))
same(
    height.spat_sample(100, "regular", as_raster=True), "spatSample(height, 100, 'regular', as.raster = TRUE)"
)

# %% [markdown]
# ## Spatial prediction
#
# `interpolate` gives a model the coordinates of the cells beside their values. Here a surface of inverse distances, in
# a few lines, on the coarse grid; and a trend plane.


# %%
def inverse_distances(model, table):
    """Mean of the values of stations, weighed by the inverse square of their distance."""
    where, values = model
    apart = ((table[["x", "y"]].to_numpy()[:, None, :] - where) ** 2).sum(axis=2)
    weights = 1 / apart
    return weights @ values / weights.sum(axis=1)


grid = pt.rast(coarse, nlyrs=1)
surface = grid.interpolate((stations.crds(), stations["rain"].to_numpy()), inverse_distances)
surface.names = "rain"
same(
    surface,
    """s <- crds(stations); idw <- function(m, d, ...) apply(cbind(d$x, d$y), 1, function(p) {
         w <- 1 / ((s[, 1] - p[1])^2 + (s[, 2] - p[2])^2); sum(w * stations$rain) / sum(w) })
       interpolate(rast(coarse), 1, fun = idw)""",
)
plane = LinearRegression().fit(pd.DataFrame(stations.crds(), columns=["x", "y"]), stations["rain"])
same(
    grid.interpolate(plane),
    """d <- data.frame(crds(stations), rain = stations$rain); interpolate(rast(coarse), lm(rain ~ x + y, d))""",
    rel=1e-8,
)
axes = pt.c(surface.resample(height, "bilinear"), rain).plot(
    main=["inverse distances", "from height and wetness"], common=True, cmap="Blues", axes=False,
    legend_title="rain (mm)",
)  # fmt: skip

# %% [markdown]
# ## Miscellaneous
#
# What else a session needs: are two grids the same; dates of layers; series with gaps; options; and pickles instead of
# `wrap`.

# %%
assert height.compare_geom(wet)
assert not height.compare_geom(coarse, stop_on_error=False)

series = months.set_time(pd.date_range("2024-01-01", periods=12, freq="MS"))
print(series.time[:2])
gaps = months * 1
gaps[gaps > 15] = None
same(gaps.approximate(rule=2), "gaps <- months; gaps[gaps > 15] <- NA; approximate(gaps, rule = 2)", rel=1e-6)

assert np.array_equal(pickle.loads(pickle.dumps(warm)), warm)
with pt.options(executor="serial"):
    serial = warm.focal(3, "mean", na_rm=True).to_numpy()
assert np.array_equal(serial, warm.focal(3, "mean", na_rm=True).to_numpy(), equal_nan=True)

# %% [markdown]
# ## Exercises
#
# **1.** Which district lies highest on average?

# %% tags=["hide-cell"]
means = height.zonal(districts, "mean")["height"]
same(means.max(), "max(extract(height, districts, mean)[, 2])")
print(districts["name"].iloc[int(means.argmax())])

# %% [markdown]
# **2.** How many cells above 900 m lie within a kilometre of a station?

# %% tags=["hide-cell"]
near = (height > 900) & (away < 1000)
same(near.global_("sum"), "global((height > 900) & (distance(height, stations) < 1000), 'sum')")

# %% [markdown]
# **3.** Make four layers of the twelve months, the means of the seasons, and the range of these four for each cell.

# %% tags=["hide-cell"]
four = months.tapp(seasons, "mean")
same(
    four.max() - four.min(),
    "s <- tapp(months, c(1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 1), 'mean'); max(s) - min(s)",
    abs_=1e-9,
)

# %%
print(
    f"{R.compared} comparisons with terra, all equal"
    if R.process
    else "not compared: R with terra is not here"
)
R.close()
