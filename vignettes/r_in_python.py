# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # R in Python
#
# After this chapter you can take rasters, vectors, functions and models of R into an expression of pyterra, hand
# results back, and check that R would have given the same.
#
# Years of work lie in R: functions that everybody in the group trusts, models that took a week to tune, objects of
# terra that a colleague has in a session. None of it has to be written again. This page takes three things of R into
# an expression of pyterra: a raster, a function, a model. R runs in this very process, started by rpy2 (`pip install
# "pyterra-geo[r]"`, or `[r44]` for R before 4.5); `pyterra doctor` tells what is there.

# %%
import tempfile
import time
from pathlib import Path

import numpy as np
import rpy2.robjects as ro

import pyterra as pt

folder = Path(tempfile.mkdtemp(prefix="r-in-python-"))


# %% [markdown]
# ## A raster of terra
#
# Somebody's R code gives a SpatRaster: the hills of Luxembourg, which come with terra. `pt.from_r` takes it as it is.
# Its values are those of a file, so nothing is read: the path is handed over, with the names, times, categories and
# the coordinate reference system that R has for it.

# %%
ro.r("suppressPackageStartupMessages(library(terra))")
theirs = ro.r('rast(system.file("ex/elev.tif", package = "terra"))')
elevation = pt.from_r(theirs)
print(elevation)

# %% [markdown]
# What is in R's memory travels in blocks of 8 MB. Back it goes by `to_r()`, and R's functions take it like any other
# object.

# %%
relief = elevation.focal(5, "max", na_rm=True) - elevation.focal(5, "min", na_rm=True)
relief.names = ["relief"]
print(ro.r("function(x) global(x, 'mean', na.rm = TRUE)")(relief.to_r()))

# %% [markdown]
# With the converter, a whole block of rpy2 code speaks pyterra: what R gives arrives as SpatRaster, SpatVector or
# SpatExtent, and those are taken as arguments. Outside the block nothing is changed.

# %%
with (ro.default_converter + pt.rbridge.converter).context():
    districts = ro.r('vect(system.file("ex/lux.shp", package = "terra"))')
print(type(districts).__name__, len(districts), "districts")
print(elevation.extract(districts, "mean", na_rm=True).head(3))

# %% [markdown]
# ## A function of R
#
# `app`, `lapp`, `tapp` and `focal` take functions of R. Here a year of monthly temperatures is made of the hills, and
# an R function fits a wave to the twelve values of each cell: its mean, its amplitude, and the month in which it is
# warmest. It is called once per block, on this thread, and loops over the cells in R; reading, other verbs and
# writing go on in other threads meanwhile.

# %%
months = np.arange(12)
reach, peak = 8 + elevation * 0.005, 6.2 + relief * 0.006
temperature = pt.c(*(14 - elevation * 0.006 + reach * ((m - peak) * (np.pi / 6)).cos() for m in months))
temperature.names = [f"m{m + 1:02d}" for m in months]

wave = ro.r("""
function(v) {
  if (anyNA(v)) return(c(mean = NA, amplitude = NA, warmest = NA))
  angle <- 2 * pi * (0:11) / 12
  a <- 2 * mean(v * cos(angle)); b <- 2 * mean(v * sin(angle))
  c(mean = mean(v), amplitude = sqrt(a^2 + b^2), warmest = (atan2(b, a) / (2 * pi) * 12) %% 12 + 1)
}
""")
season = temperature.app(wave)
print(season.names)
print(season.global_("mean", na_rm=True).round(2))
season.plot()

# %% [markdown]
# terra gives the same numbers with the same function. Both call it for every cell, so both take about as long; what
# is gained here is the rest of the expression.

# %%
start = time.perf_counter()
ours = temperature.app(wave).compute()
here = time.perf_counter() - start
there = temperature.to_r()
app = ro.r("function(x, f) app(x, f)")
start = time.perf_counter()
terras = app(there, wave)
in_terra = time.perf_counter() - start
difference = np.nanmax(np.abs(ours.to_numpy() - pt.from_r(terras).to_numpy()))
print(f"pyterra {here:.2f} s, terra {in_terra:.2f} s, largest difference {difference:.1e}")
assert difference < 1e-5

# %% [markdown]
# An error in R stops the run and says where; a warning of R is a warning of Python.

# %%
try:
    temperature.app(ro.r('function(v) if (isTRUE(v[1] > 1)) stop("too warm in January") else 1')).compute()
except pt.errors.UDFError as error:
    print("UDFError:", str(error)[:160])

# %% [markdown]
# ## A model of R
#
# `predict` takes models of R as they are: `lm`, `glm`, `gam`, `randomForest`, `ranger`, and whatever has a method of
# `predict`. A forest is trained in R on 300 points where somebody noted the land cover, and the map comes from here:
# classes as categories, or a layer of probability for each.

# %%
layers = pt.c(elevation, relief, temperature[6])
layers.names = ["elevation", "relief", "july"]
points = layers.spat_sample(300, "random", na_rm=True, as_points=True, seed=7)
table = layers.extract(points, id=False)
noise = np.random.default_rng(2).normal(scale=12, size=len(table))
table["cover"] = np.select(
    [table["relief"] + noise > 90, table["elevation"] + noise > 380], ["forest", "pasture"], "crops"
)

fit = ro.r("""
function(table) {
  table$cover <- factor(table$cover)
  ranger::ranger(cover ~ elevation + relief + july, table, num.trees = 50, probability = TRUE, seed = 1)
}
""")
forest = fit(pt.rbridge.to_r(table))
probability = layers.predict(forest)
print(probability.names)
cover = probability.which_max() + 1
cover.levels = {i + 1: name for i, name in enumerate(probability.names)}
cover.colors = {1: (240, 210, 120), 2: (40, 110, 60), 3: (150, 200, 110)}
cover.plot(main="most probable cover")

# %% [markdown]
# Again the numbers are those of `terra::predict`.

# %%
predict = ro.r("""
function(x, model) predict(x, model, fun = function(m, d, ...) predict(m, d, ...)$predictions, na.rm = TRUE)
""")
terras = pt.from_r(predict(layers.to_r(), forest))
difference = np.nanmax(np.abs(probability.to_numpy() - terras.to_numpy()))
print(f"largest difference {difference:.1e}")
assert difference < 1e-6

# %% [markdown]
# A model in a file works where rpy2 cannot be installed: it is predicted with by `Rscript` processes, which also
# share long work among the cores. In R it was kept by `saveRDS`, which may hold code: read only files that you trust.

# %%
path = folder / "forest.rds"
ro.r["saveRDS"](forest, str(path))
by_workers = layers.predict(pt.rbridge.read_model(path))
assert np.nanmax(np.abs(by_workers.to_numpy() - probability.to_numpy())) < 1e-9
by_workers.write_raster(folder / "probability.tif", overwrite=True)
print(pt.rast(folder / "probability.tif"))

# %% [markdown]
# ## Exercises
#
# **1.** Hand R a table with the mean relief of each district, and let R say which three have the most.

# %% tags=["hide-cell"]
by_district = relief.extract(districts, "mean", na_rm=True)
by_district["name"] = districts["NAME_2"]
most = ro.r("function(t) head(t[order(-t$relief), c('name', 'relief')], 3)")
print(most(pt.rbridge.to_r(by_district)))

# %% [markdown]
# **2.** Write the relief within 3 by 3 cells as a function of R for `focal`, and compare it with what pyterra's own
# statistics give.

# %% tags=["hide-cell"]
corner = elevation.crop(pt.ext(6, 6.2, 49.6, 49.8))
spread = corner.focal(3, ro.r("function(v) max(v) - min(v)"))
plain = corner.focal(3, "max") - corner.focal(3, "min")
np.testing.assert_allclose(spread, plain)
print(spread.global_("mean", na_rm=True))

# %% [markdown]
# **3.** Fit `lm(july ~ elevation)` in R to the table of the forest, map what it predicts, and map what it leaves.

# %% tags=["hide-cell"]
line = ro.r("function(t) lm(july ~ elevation, t)")(pt.rbridge.to_r(table))
left = temperature[6] - layers.predict(line)
left.plot(main="July, less what the line predicts", cmap="RdBu_r")
print(left.global_(["mean", "sd"], na_rm=True).round(3))
