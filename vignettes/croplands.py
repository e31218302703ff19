# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Annual cropland maps, step by step
#
# After this chapter you can turn maps of some years into a map of every year, average them to coarser cells, and run the
# same as a job of many tiles that survives interruptions.
#
# Where was cropland in 2005? The [GLAD cropland maps](https://glad.umd.edu/dataset/croplands) answer for five
# epochs: 2003, 2007, 2011, 2015 and 2019. Each says of every 30 m cell of the land whether it was cropland (1) or
# not (0). Many models want a map for *every* year, in percent, and at coarser cells too.
#
# The recipe is short: put the epochs on top of each other, draw a straight line between them for every cell, read the
# lines off at every year, and average the cells where fewer are wanted. On the whole earth this is 170 billion cells
# and 23 years, so it has to be cut into tiles, survive interruptions, and not compute the oceans. That is what
# `pyterra croplands` does. Here we do it by hand on a small area, then let the command do the same.

# %%
import tempfile
from pathlib import Path

import numpy as np

import pyterra as pt
from pyterra.workflows.croplands import croplands
from pyterra.workflows.demo import write_input

folder = Path(tempfile.mkdtemp(prefix="croplands-"))

# %% [markdown]
# ## A landscape to practise on
#
# The real files are gigabytes. So that this page runs anywhere, we make files of the same names and layout: two
# degrees by two on either side of Greenwich, with a coast in the west, rivers, roads, and parcels that come and go.
# They have 400 cells per degree, where the real ones have 4000.

# %%
write_input(folder / "input", cells_per_degree=400, seed=4, executor="serial")
for path in sorted((folder / "input").iterdir()):
    print(path.name)

# %% [markdown]
# One epoch comes in two files, west and east of Greenwich. A *virtual mosaic* makes one raster of them; nothing is
# copied, and nothing is read until values are wanted.

# %%
years = [2003, 2007, 2011, 2015, 2019]
for year in years:
    pt.vrt(str(folder / "input" / f"*_{year}.tif"), folder / f"{year}.vrt", overwrite=True)
epochs = pt.rast([folder / f"{year}.vrt" for year in years])
epochs.names = [str(y) for y in years]
epochs.time = years
print(epochs)

# %%
epochs.plot(main=[f"cropland {y}" for y in years], cmap="YlGn", legend=False, nc=5)

# %% [markdown]
# ## One cell
#
# Take a cell that changed. Its five values are knots; between them we go in a straight line, and before the first and
# after the last we keep the nearest value. In R this is `approx(years, values, xout = 2000:2022, rule = 2)`.

# %%
change = epochs["2019"] - epochs["2003"]
row, col = np.argwhere(change.to_numpy()[0] == 1)[0]
values = epochs[row, col]
print("epochs:", dict(zip(years, values.astype(int).tolist(), strict=True)))
print("2000 to 2022:", np.interp(range(2000, 2023), years, values).tolist())

# %% [markdown]
# ## All cells
#
# `approximate` does this for every cell. `xout` are the years we want; the layers' own years are the knots. We
# replace 1 by 100 first, so that the result is in percent.

# %%
annual = epochs.subst(1, 100).approximate(xout=range(2000, 2023), rule=2)
print(annual.nlyr, "layers, from", annual.names[0], "to", annual.names[-1])
print("our cell:", annual[row, col].tolist())

# %%
small = pt.ext(-0.1, 0.9, 45.6, 46.6)
annual.crop(small).plot(list(range(3, 15)), cmap="YlGn", range=(0, 100), legend=False, nc=4)

# %% [markdown]
# ## Fewer, larger cells
#
# A map of 1/48 degree cells has the mean of the percentages below each cell. 400 cells per degree do not divide by 48:
# a large cell covers 8 whole small ones and parts of others. `resample(..., "average")` weighs each by the area that
# lies inside. (The same holds for the published maps: 250 m is 1/480 degree, 30 m is 1/4000.)

# %%
coarse_grid = pt.rast(extent=annual.ext, resolution=1 / 48, crs="EPSG:4326")
coarse = annual.resample(coarse_grid, "average")
both = pt.c(coarse["2003"], coarse["2019"])
both.plot(main=["2003", "2019"], cmap="YlGn", range=(0, 100), legend_title="%")

# %% [markdown]
# Averages and straight lines do not mind their order: averaging the five epochs first, and then drawing the lines,
# gives the same map for a fifth of the work. The job uses this wherever no cell is missing.

# %%
other_way = epochs.subst(1, 100).resample(coarse_grid, "average").approximate(xout=range(2000, 2023), rule=2)
print("largest difference:", float(np.nanmax(np.abs((coarse - other_way).to_numpy()))))

# %% [markdown]
# ## The whole job
#
# Now the same by the workflow: tiles of one degree, maps of each year at two resolutions as cloud-optimised GeoTIFFs
# under OpenLandMap names, a STAC catalogue, a report. On the command line it would be
#
# ```
# pyterra croplands run input --out results --years 2000:2022
# ```

# %%
arguments = {"years": range(2003, 2008), "resolutions": {"30m": 400, "250m": 48}, "executor": "serial"}
report = croplands(folder / "input", folder / "results", **arguments)
print(report)

# %%
by_job = pt.rast(report.paths["250m"][2005])
by_hand = coarse["2005"]
print(
    "by hand and by the job:",
    float(np.nanmax(np.abs(by_job.to_numpy() - by_hand.to_numpy()))),
    "(the file is rounded)",
)

# %% [markdown]
# Start it again, and nothing is computed: a manifest knows what was made from which files. Change an input, lose a
# result or pull the plug, and only what is missing is made.

# %%
again = croplands(folder / "input", folder / "results", **arguments)
print(again.tiles, "|", again.maps)

# %% [markdown]
# ## Exercises
#
# **1.** What do the maps say of 2001, before the first epoch, if `rule=1`?

# %% tags=["hide-cell"]
before = epochs.subst(1, 100).approximate(xout=[2001, 2003], rule=1)
print(
    "2001:",
    before[0].is_na().global_("mean").iloc[0, 0],
    "of the cells are missing, for no epoch lies before them",
)

# %% [markdown]
# **2.** Steps instead of lines: how much cropland differs in 2005 between `method="constant"` and lines, on average?

# %% tags=["hide-cell"]
steps = epochs.subst(1, 100).approximate("constant", xout=[2005], rule=2)
lines = epochs.subst(1, 100).approximate(xout=[2005], rule=2)
gap = (steps - lines).abs().global_("mean", na_rm=True).iloc[0, 0]
print(f"{gap:.2f} percent of a cell: half of what changed between 2003 and 2007, at the cells that changed")

# %% [markdown]
# **3.** Which year gained most cropland? Take sums over the land of each year, and their differences.

# %% tags=["hide-cell"]
total = coarse.global_("mean", na_rm=True)["mean"].to_numpy()
gain = np.diff(total)
print(
    "most was gained in",
    2001 + int(gain.argmax()),
    "and each year of an interval gains the same: lines are straight",
)
