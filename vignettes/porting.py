# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # A terra script in Python, line by line
#
# After this chapter you can take a script of terra, write each of its lines in Python, check that both give the same
# numbers, and know the ten places where the two languages lead you astray.
#
# A script as they lie around in every office: it cuts two bands and a height model to a district, makes an index,
# classes and a smoothed map, adds the shape of the land, sums up by field, reads values at sample points, and writes a
# map for the web. Below, each line of R stands as a comment above the line of Python that takes its place. At the end
# the R script itself is run, where R and terra are installed, and the results are compared. Then comes a table of verbs
# in terra, pyterra, and rasterio with its kin, and the ten traps between the two languages.

# %%
import shutil
import subprocess
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

import pyterra as pt
from pyterra.errors import ArgumentError, CRSMismatchError, OutputExistsError, ValueRangeError
from pyterra.workflows.teaching import waves

folder = Path(tempfile.mkdtemp(prefix="porting-"))


# %% [markdown]
# ## The files
#
# A scene of two bands with a cloud, a height model, a district, fields and sample points: made here. `waves` gives
# an array of smooth random numbers between 0 and 1.

# %%
place = {"extent": (500_000, 504_800, 5_300_000, 5_303_600), "crs": "EPSG:32633"}
green, row, col = waves((120, 160), 3, longest=9), *np.mgrid[0:120, 0:160]
bands = np.stack([900 + 1500 * (1 - green), 1200 + 2800 * green]).round()
bands[:, np.hypot(row - 40, col - 110) < 12] = np.nan  # the cloud
pt.rast(bands, names=["red", "nir"], **place).write_raster(
    folder / "scene.tif", overwrite=True, datatype="int16", nodata=-9999
)
pt.rast((400 + 350 * waves((120, 160), 8, longest=9)).round(1), names="dem", **place).write_raster(
    folder / "dem.tif", overwrite=True
)


def write(wkt, file, **columns):
    """Write a vector file."""
    vector = pt.vect(wkt, crs="EPSG:32633")
    for key, values in columns.items():
        vector[key] = values
    vector.write_vector(folder / file, overwrite=True)


outline = "POLYGON ((500407 5300313, 504391 5300313, 504511 5302913, 501811 5303307, 500407 5300313))"
write([outline], "district.gpkg", name=["North"])
corners = [(501_007.3 + 1100 * i, 5_300_511.9 + 1010 * j) for j in range(2) for i in range(3)]
write(
    [
        f"POLYGON (({x} {y}, {x + 900} {y + 40}, {x + 870} {y + 800}, {x + 60} {y + 760}, {x} {y}))"
        for x, y in corners
    ],
    "fields.gpkg",
    field=list("abcdef"),
)
samples = np.random.default_rng(2).uniform([501_200, 5_300_600], [504_000, 5_302_600], (12, 2)).round() + 0.3
write([f"POINT ({x} {y})" for x, y in samples], "samples.gpkg", plot=list(range(1, 13)))

# %% [markdown]
# ## The script
#
# This is the R script, whole, as it is run below.

# %%
SCRIPT = """
library(terra)
scene <- rast("scene.tif")
district <- vect("district.gpkg")
scene <- mask(crop(scene, district), district)
ndvi <- (scene[["nir"]] - scene[["red"]]) / (scene[["nir"]] + scene[["red"]])
names(ndvi) <- "ndvi"
classes <- classify(ndvi, rbind(c(-1, 0, 1), c(0, 0.3, 2), c(0.3, 1, 3)))
levels(classes) <- data.frame(value = 1:3, cover = c("bare", "sparse", "dense"))
smooth <- focal(ndvi, 5, "mean", na.rm = TRUE)
dem <- crop(rast("dem.tif"), ndvi)
land <- terrain(dem, c("slope", "TPI"))
fields <- vect("fields.gpkg")
by_field <- extract(c(ndvi, land), fields, mean, na.rm = TRUE)
samples <- vect("samples.gpkg")
values <- extract(c(ndvi, smooth, land), samples)
counts <- freq(classes)
writeRaster(smooth, "smooth_r.tif", filetype = "COG", overwrite = TRUE)
"""
TELL = """
terraOptions(progress = 0)
told <- function(x, name) write.csv(x, paste0(name, "_r.csv"), row.names = FALSE, na = "nan")
told(by_field, "by_field"); told(values, "values"); told(data.frame(count = counts[, "count"]), "counts")
writeRaster(c(ndvi, classes + 0, land), "stack_r.tif", datatype = "FLT8S", overwrite = TRUE)
"""

# %% [markdown]
# And this is the same in Python.

# %%
# R: scene <- rast("scene.tif")
scene = pt.rast(folder / "scene.tif")

# R: district <- vect("district.gpkg")
district = pt.vect(folder / "district.gpkg")

# R: scene <- mask(crop(scene, district), district)
scene = scene.crop(district).mask(district)

# R: ndvi <- (scene[["nir"]] - scene[["red"]]) / (scene[["nir"]] + scene[["red"]])
ndvi = (scene["nir"] - scene["red"]) / (scene["nir"] + scene["red"])

# R: names(ndvi) <- "ndvi"
ndvi.names = "ndvi"

# R: classes <- classify(ndvi, rbind(c(-1, 0, 1), c(0, 0.3, 2), c(0.3, 1, 3)))
classes = ndvi.classify([[-1, 0, 1], [0, 0.3, 2], [0.3, 1, 3]])

# R: levels(classes) <- data.frame(value = 1:3, cover = c("bare", "sparse", "dense"))
classes.levels = pd.DataFrame({"value": [1, 2, 3], "cover": ["bare", "sparse", "dense"]})

# R: smooth <- focal(ndvi, 5, "mean", na.rm = TRUE)
smooth = ndvi.focal(5, "mean", na_rm=True)

# R: dem <- crop(rast("dem.tif"), ndvi)
dem = pt.rast(folder / "dem.tif").crop(ndvi)

# R: land <- terrain(dem, c("slope", "TPI"))
land = dem.terrain(["slope", "TPI"])

# R: fields <- vect("fields.gpkg")
fields = pt.vect(folder / "fields.gpkg")

# R: by_field <- extract(c(ndvi, land), fields, mean, na.rm = TRUE)
by_field = pt.c(ndvi, land).extract(fields, "mean", na_rm=True)

# R: samples <- vect("samples.gpkg")
samples = pt.vect(folder / "samples.gpkg")

# R: values <- extract(c(ndvi, smooth, land), samples)
values = pt.c(ndvi, smooth, land).extract(samples)

# R: counts <- freq(classes)
counts = classes.freq()

# R: writeRaster(smooth, "smooth_r.tif", filetype = "COG", overwrite = TRUE)
smooth = smooth.write_raster(folder / "smooth.tif", overwrite=True, format="COG", datatype="float32")

# %%
print(by_field.round(3))
print(values.head(4).round(3))
print(counts)
ax = ndvi.plot(cmap="YlGn", main="The index, the fields, the samples", legend_title="ndvi")
district.polys(lwd=1.5, ax=ax)
fields.polys(border="#aa3377", lwd=1.2, ax=ax)
fields.text("field", ax=ax)
samples.points(col="#224488", ax=ax)
pt.sbar(ax=ax)
classes.plot(colors=["#c2a878", "#d9e3a8", "#4c8c4a"], main="Cover", legend_title="")

# %% [markdown]
# ## The same results
#
# The numbers of R's script: its tables, its rasters, and the file for the web. `ID` counts from 1 there. The bands are
# 16-bit integers, and both compute with them in float64; the smooth index is compared through a file of float32.


# %%
def run_r(script):
    """Whether R with terra has run a script."""
    if shutil.which("Rscript") is None:
        return False
    (folder / "script.R").write_text(script)
    command = ["Rscript", "--vanilla", "script.R"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if "there is no package called" in done.stderr:
        return False
    assert done.returncode == 0, done.stderr
    return True


if run_r(SCRIPT + TELL):
    for name, ours in {"by_field": by_field, "values": values}.items():
        theirs = pd.read_csv(folder / f"{name}_r.csv")
        theirs["ID"] -= 1
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-6, err_msg=name)
    assert counts["count"].tolist() == pd.read_csv(folder / "counts_r.csv")["count"].tolist()
    theirs = pt.rast(folder / "stack_r.tif")
    np.testing.assert_allclose(ndvi, theirs[0], rtol=1e-12)
    np.testing.assert_array_equal(classes + 0, theirs[1])
    np.testing.assert_allclose(land, theirs[[2, 3]], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(smooth, pt.rast(folder / "smooth_r.tif"), rtol=1e-6, atol=1e-6)
    print("R's script gives the same tables and the same maps")
else:
    print("not compared: R with terra is not here")

# %% [markdown]
# ## Other verbs
#
# [A page of its own](../docs/porting.md) has lines of terra, of pyterra, and of rasterio, xarray and geopandas side by
# side, and all verbs of terra with their names here.

# %% [markdown]
# ## Ten traps
#
# **1. Positions count from 0**: layers, rows, columns, cells, the `ID` of `extract`, `which_max`. Labels (class codes,
# patch numbers, years) are what they are.

# %%
r = pt.rast(np.arange(12.0).reshape(3, 4), names="a")  # R: r <- rast(matrix(0:11, 3, byrow = TRUE))
assert r[0, 0] == 0
assert r[2, 3] == 11
assert r.cell_from_row_col(1, 2) == 6  # R: cellFromRowCol(r, 2, 3) is 7
assert pt.c(r, r + 1).which_max().values().tolist() == [[1]] * 12  # R: 2
assert r.extract(pt.vect([[0.5, 2.5]]))["ID"].tolist() == [0]  # R: 1

# %% [markdown]
# **2. Missing values spread** unless `na_rm=True`, as in R; they are NaN in arrays, `None` in calls. Comparing with NaN
# finds nothing: ask `is_na()`.

# %%
holes = r * 1
holes[holes > 8] = None  # R: holes[holes > 8] <- NA
assert np.isnan(holes.global_("mean").iloc[0, 0])
assert holes.global_("mean", na_rm=True).iloc[0, 0] == 4.0
assert holes.is_na().to_numpy().sum() == 3
assert np.isnan((holes == np.nan).to_numpy()).all()

# %% [markdown]
# **3. Only 1 is true.** In `&` and `|` a number is true where it equals 1, not where it is not 0. Write the
# comparison that you mean.

# %%
two = pt.rast([[0.0, 1.0, 2.0]])
assert (two & True).values(drop=True).tolist() == [0, 1, 0]
assert (two | False).values(drop=True).tolist() == [0, 1, 0]
assert ((two != 0) & True).values(drop=True).tolist() == [0, 1, 1]

# %% [markdown]
# **4. Nothing is computed by an expression.** It is when values are wanted: `plot`, `to_numpy`, tables, `write_raster`.
# Each of these goes through the whole chain. A map from which several results are made is therefore computed for each
# of them, unless `compute()` has kept it in memory, or it was written.

# %%
lazy = (r * 2).focal(3, "mean", na_rm=True)
kept = lazy.compute()
assert not lazy.in_memory()
assert kept.in_memory()
np.testing.assert_array_equal(lazy, kept)

log = folder / "calls.txt"
log.write_text("")


def total(block):
    """Sum of layers, that leaves a mark when it is called."""
    with log.open("a") as file:
        file.write("x")
    return block.sum(axis=0)


both = pt.c(r, r).app(total, per="block")
calls = []
for result in (both + 1, both * 2):
    result.to_numpy()
    calls.append(log.stat().st_size)
assert calls[1] > calls[0]
both = both.compute()
calls = log.stat().st_size
for result in (both + 1, both * 2):
    result.to_numpy()
assert log.stat().st_size == calls

# %% [markdown]
# **5. Names and time are set with `=`**, on this object alone; derived layers keep names as in terra. Dates are numpy's.

# %%
dated = pt.c(r, r + 10)
dated.names = ["first", "second"]  # R: names(dated) <- c("first", "second")
dated.time = ["2024-01-01", "2024-07-01"]  # R: time(dated) <- as.Date(c("2024-01-01", "2024-07-01"))
assert (dated * 2).names == ["first", "second"]
assert r.names == ["a"]
assert dated.time[1] == np.datetime64("2024-07-01")

# %% [markdown]
# **6. Different CRS are an error**, where terra warns. A missing one takes the other's, with a warning.

# %%
here = {"extent": (0, 4, 0, 3)}
a, b, c = (pt.rast(np.ones((3, 4)), crs=crs, **here) for crs in ("EPSG:4326", "EPSG:32633", ""))
try:
    a + b
except CRSMismatchError as error:
    print(error)
else:
    raise AssertionError("different CRS must not be added")
with warnings.catch_warnings(record=True) as heard:
    warnings.simplefilter("always")
    assert (a + c).crs == a.crs
assert len(heard) == 1

# %% [markdown]
# **7. Your functions see arrays.** `app` gives a function the layers of one cell (compiled where numba can; otherwise
# write `per="block"` and whole blocks come: layer, row, column). `lapp` gives one array per layer: use `np.where`, not
# `if`. `focal` gives the values of the window, missing ones included.

# %%
stack = pt.c(r, r + 1, r + 5)
by_cell = stack.app(lambda v: v[2] - v[0])  # R: app(stack, function(v) v[3] - v[1])
by_block = stack.app(lambda block: block[2] - block[0], per="block")
by_layer = stack.lapp(
    lambda x, y, z: np.where(x > 3, z - x, 5)
)  # R: function(x, y, z) ifelse(x > 3, z - x, 5)
for result in (by_cell, by_block, by_layer):
    assert (result.to_numpy() == 5).all()
reach = r.focal(3, lambda window: np.nanmax(window) - np.nanmin(window))
assert reach[0, 0] == 5
assert reach[1, 1] == 10

# %% [markdown]
# **8. Factors** have a table in `levels`; comparing is with labels; arithmetic is with codes, and drops the table.

# %%
kinds = pt.rast([[1, 2, 2, 3]], names="kind")
kinds.levels = pd.DataFrame({"value": [1, 2, 3], "kind": ["wood", "field", "lake"]})
assert (kinds == "field").values(drop=True).tolist() == [0, 1, 1, 0]
assert (kinds + 0).values(drop=True).tolist() == [1, 2, 2, 3]
assert not (kinds + 0).is_factor()[0]
assert kinds.freq()["value"].tolist() == ["wood", "field", "lake"]

# %% [markdown]
# **9. The type of a file is numpy's name**, and what does not fit is an error, not a missing value. Integers are
# rounded, not cut. `out_of_range="clip"` or `"na"` says what else to do.

# %%
try:
    (r * 100).write_raster(folder / "small.tif", datatype="uint8", overwrite=True)  # R: datatype = "INT1U"
except ValueRangeError as error:
    print(error)
else:
    raise AssertionError("1100 does not fit into a byte")
clipped = (r * 100).write_raster(
    folder / "small.tif", datatype="uint8", nodata=None, out_of_range="clip", overwrite=True
)
assert clipped.minmax().ravel().tolist() == [0, 255]
rounded = (r + 0.9).write_raster(folder / "whole.tif", datatype="uint8", overwrite=True)
assert rounded[0, 0] == 1

# %% [markdown]
# **10. There is no `filename=`.** Verbs describe; one `write_raster` at the end of the chain writes, in one pass and
# with bounded memory. A file that exists stays, unless `overwrite=True`.

# %%
# R: f <- focal(r * 2, 3, "mean", na.rm = TRUE, filename = "f.tif", overwrite = TRUE)
f = (r * 2).focal(3, "mean", na_rm=True).write_raster(folder / "f.tif", overwrite=True)
np.testing.assert_array_equal(f, lazy)
for wrong, kind in {
    lambda: r.focal(3, "mean", filename="f.tif"): ArgumentError,
    lambda: f.write_raster(folder / "f.tif"): OutputExistsError,
}.items():
    try:
        wrong()
    except kind as error:
        print(f"{type(error).__name__}: {error}")
    else:
        raise AssertionError("must be refused")

# %% [markdown]
# ## What terra does in the ten places
#
# The other side of the traps, asserted in R where it is installed.

# %%
TRAPS = """
suppressPackageStartupMessages(library(terra))
told <- function(x) tryCatch({x; "nothing"}, warning = function(w) "warning", error = function(e) "error")
r <- rast(matrix(0:11, 3, byrow = TRUE))
stopifnot(r[1, 1] == 0, r[3, 4] == 11, cellFromRowCol(r, 2, 3) == 7)                          # 1
stopifnot(values(which.max(c(r, r + 1))) == 2, extract(r, vect(cbind(0.5, 2.5)))$ID == 1)
holes <- r; holes[holes > 8] <- NA                                                            # 2
stopifnot(is.na(global(holes, "mean")), global(holes, "mean", na.rm = TRUE) == 4)
two <- rast(matrix(0:2, 1)); stopifnot(values(two & TRUE) == c(0, 1, 0), values(two | FALSE) == c(0, 1, 0))     # 3
f <- focal(r * 2, 3, "mean", na.rm = TRUE); stopifnot(inMemory(f))                            # 4
dated <- c(r, r + 10); names(dated) <- c("first", "second")                                   # 5
time(dated) <- as.Date(c("2024-01-01", "2024-07-01")); stopifnot(names(dated * 2) == names(dated))
a <- rast(r); crs(a) <- "EPSG:4326"; b <- rast(r); crs(b) <- "EPSG:32633"                     # 6
values(a) <- 1; values(b) <- 1; stopifnot(told(a + b) == "warning")
s <- c(r, r + 1, r + 5)                                                                       # 7
stopifnot(values(app(s, function(v) v[3] - v[1])) == 5)
stopifnot(values(lapp(s, function(x, y, z) ifelse(x > 3, z - x, 5))) == 5)
kinds <- rast(matrix(c(1, 2, 2, 3), 1))                                                       # 8
levels(kinds) <- data.frame(value = 1:3, kind = c("wood", "field", "lake"))
stopifnot(values(kinds == "field") == c(0, 1, 1, 0), freq(kinds)$value == c("wood", "field", "lake"))
small <- suppressWarnings(writeRaster(r * 100, "small_r.tif", datatype = "INT1U", overwrite = TRUE))     # 9
stopifnot(is.na(small[3, 4]), writeRaster(r + 0.9, "whole_r.tif", datatype = "INT1U", overwrite = TRUE)[1, 1] == 0)
g <- focal(r * 2, 3, "mean", na.rm = TRUE, filename = "f_r.tif", overwrite = TRUE)            # 10
stopifnot(all.equal(values(g), values(f), check.attributes = FALSE, tolerance = 1e-6))
stopifnot(told(writeRaster(r, "f_r.tif")) == "error")
"""
if run_r(TRAPS):
    theirs = pt.rast(folder / "f_r.tif")
    np.testing.assert_allclose(f, theirs, rtol=1e-6)
    print("and so does terra")

# %% [markdown]
# ## Exercises
#
# **1.** Where is the index highest, and what lies there? In R:
#
# ```r
# cell <- where.max(ndvi)[1, "cell"]
# c(xyFromCell(ndvi, cell), extract(dem, cell))
# ```

# %% tags=["hide-cell"]
cell = int(ndvi.where_max()["cell"].iloc[0])  # counted from 0: in R it is one more
print(cell, ndvi.xy_from_cell(cell).tolist(), dem.extract([cell])["dem"].tolist())

# %% [markdown]
# **2.** How many hectares of each cover lie above 500 m? In R:
#
# ```r
# high <- mask(classes, dem > 500, maskvalues = FALSE)
# counts <- freq(high)
# counts$ha <- counts$count * prod(res(high)) / 10000
# ```

# %% tags=["hide-cell"]
high = classes.mask(dem > 500, maskvalues=0)
hectares = high.freq()
hectares["ha"] = hectares["count"] * np.prod(high.res) / 10_000
print(hectares)

# %% [markdown]
# **3.** Write these lines in Python. What does the error say if the arguments keep their names?
#
# ```r
# writeRaster(classes, "classes.tif", datatype = "INT1U", NAflag = 255, filetype = "COG")
# levels(rast("classes.tif"))
# ```

# %% tags=["hide-cell"]
try:
    classes.write_raster(folder / "classes.tif", datatype="uint8", NAflag=255, filetype="COG")
except ArgumentError as error:
    print(error)
classes.write_raster(folder / "classes.tif", datatype="uint8", nodata=255, format="COG")
print(pt.rast(folder / "classes.tif").levels[0])
