# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # From gaps to trends: a series of satellite images
#
# After this chapter you can take errors out of a series of images, choose a way of filling its gaps by testing on hidden
# values, and map seasons, trends and breaks.
#
# A satellite has looked at a landscape every month for seven years. A third of what it saw are clouds, and some haze went
# unnoticed. We want to know when fields green up, where it gets greener from year to year, and where a forest was felled
# and when.
#
# The steps: take the haze out, find the way of filling gaps that suits this series, fill it, and look at seasons, trends
# and breaks. All verbs work cell by cell along the layers, block by block, for rasters of any size.

# %%
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from statsmodels.datasets import co2

import pyterra as pt

folder = Path(tempfile.mkdtemp(prefix="time-series-"))


# %% [markdown]
# ## A series to practise on
#
# It is made here, so that we know the truth: fields with one season, grassland that gets greener, and a forest, a part of
# which is felled in the fifth year. Values are a vegetation index in percent.

# %%
YEARS, SIDE = 7, 60
months = (np.datetime64("2015-01", "M") + np.arange(12 * YEARS)).astype("datetime64[D]") + 14
rng = np.random.default_rng(7)
row, col = np.mgrid[0:SIDE, 0:SIDE]
when = (np.arange(12 * YEARS) + 0.5)[:, None, None] / 12

cover = np.where(col < 20, 0, np.where(col < 40, 1, 2))  # fields, grassland, forest
felled = (cover == 2) & ((row - 30) ** 2 + (col - 50) ** 2 < 60)
peak = 0.45 + 0.1 * row / SIDE  # fields in the south are later
fields = 25 + 45 * np.clip(np.cos(2 * np.pi * (when - peak)), 0, None) ** 2
grassland = 40 + 12 * np.cos(2 * np.pi * (when - 0.5)) + 1.5 * when
forest = 75 + 8 * np.cos(2 * np.pi * (when - 0.55)) - np.where(felled & (when > 4.4), 40, 0)
truth = np.choose(cover, [fields, grassland, forest]) + rng.normal(0, 1.5, (12 * YEARS, SIDE, SIDE))

cloudy = 0.3 + 0.25 * np.cos(2 * np.pi * when)  # more in winter
seen = np.where(rng.random(truth.shape) < cloudy, np.nan, truth)
haze = rng.random(truth.shape) < 0.02
seen = np.where(haze, seen - 25, seen)

series = pt.rast(seen, extent=(0, 30 * SIDE, 0, 30 * SIDE), crs="EPSG:32632")
series.time = months
series.names = [f"ndvi_{month:%Y_%m}" for month in months.astype(object)]
print(series)

# %% [markdown]
# ## Haze
#
# A value that lies far from the median of the months around it is taken out. Nothing is computed yet.

# %%
clear = series.outliers(width=7, sd=1.8)

# %% [markdown]
# ## Which way of filling suits this series?
#
# `tune` hides some of the values that are there, fills them by each way with several arguments, and compares. The ways
# are put in order on half of the cells, and judged on the others.

# %%
table = clear.tune(share=0.1, cells=500)
print(
    table[["method", "arguments", "rmse", "r2", "filled"]]
    .drop_duplicates("method")
    .round(2)
    .to_string(index=False)
)
best = table.iloc[0]

# %% [markdown]
# A mean that is weighted by season and by nearness, or waves of a year, know what lines between neighbours cannot: what
# the same month looked like in other years. Best is such a mean with a curve through what departs from it. `fill` takes
# the row of the table as it is.

# %%
filled = clear.fill(best).compute()
gaps = np.isnan(seen)
for name, found in (("by season", filled), ("by lines", clear.fill("linear"))):
    error = (found.to_numpy() - truth)[gaps]
    print(f"{name}: root mean square error in the gaps {np.sqrt(np.nanmean(error**2)):.1f}")

figure, axes = plt.subplots(3, 1, figsize=(9, 7), sharex=True)
for ax, (y, x, title) in zip(
    axes, [(30, 10, "field"), (30, 30, "grassland"), (30, 50, "felled forest")], strict=True
):
    ax.plot(months, truth[:, y, x], color="0.7", label="truth")
    ax.plot(months, filled.to_numpy()[:, y, x], color="tab:green", label="filled")
    ax.plot(months, seen[:, y, x], "k.", label="seen")
    ax.set_title(title, loc="left")
axes[0].legend(ncols=3, loc="lower right", bbox_to_anchor=(1, 1), frameon=False)

# %% [markdown]
# And the map of a cloudy month: what was seen, what we made of it, and what was there. Where the forest was felled half a
# year later, the gaps are filled too low: the mean by season knows the years after as well as those before.

# %%
month = int(np.argmin(np.isfinite(seen).sum(axis=(1, 2))))
figure, axes = plt.subplots(1, 3, figsize=(10, 3.4), layout="constrained")
for ax, (values, title) in zip(
    axes, [(seen[month], "seen"), (filled.to_numpy()[month], "filled"), (truth[month], "truth")], strict=True
):
    image = ax.imshow(values, vmin=20, vmax=90, cmap="YlGn")
    ax.set(title=f"{title}, {months[month].astype(object):%B %Y}", xticks=[], yticks=[])
figure.colorbar(image, ax=axes, label="vegetation index, %", shrink=0.8)

# %% [markdown]
# ## Seasons
#
# Where vegetation greens up by half of its yearly range, in days from 1 January; a curve without noise first.

# %%
smooth = filled.whittaker(3)
start = smooth.phenology("start", threshold=0.5)
mean_start = start.mean(na_rm=True)
mean_start.plot(main="Start of the season", legend_title="day of the year")

# %% [markdown]
# ## Trends
#
# The slope of each cell without its seasons, after Theil and Sen, where Mann and Kendall's test finds a trend. Of the
# cells that are called a trend about 5 % may be there by chance (`fdr`). We ask the series with its gaps: a filled value
# repeats what others say, and a test that counts it as one more observation is too sure of itself.

# %%
p = clear.trend("kendall", "p", deseason=True, prewhiten="wang")
slope = clear.trend("sen", "slope", deseason=True)
sure = p.fdr(0.05)
slope.mask(sure, maskvalues=0).plot(main="Trend", legend_title="percent a year")
too_sure = filled.trend("kendall", "p", deseason=True, prewhiten="wang").fdr(0.05)
changed = (cover == 1) | felled
for name, called in (("with gaps", sure), ("filled", too_sure)):
    wrong = (called.to_numpy()[0] == 1) & ~changed
    print(
        f"{name}: {100 * wrong.sum() / (called.to_numpy() == 1).sum():.0f} % of the cells have no trend in truth"
    )

# %% [markdown]
# ## Breaks
#
# One line with a season, or two, before and after a break? Where two say more, the year of the break and its height.

# %%
found = filled.breakpoints(waves=1).compute()
step = found["step"]
felling = (found["break"] + 2015).mask((step < -15) & (found["bic"] > 15), maskvalues=0)
felling.plot(main="When forest was felled")
there = ~np.isnan(felling.to_numpy()[0])
print(f"{(there & felled).sum()} of {felled.sum()} felled cells found, {(there & ~felled).sum()} others")
print(f"median year of the break: {np.median(felling.to_numpy()[0][there]):.1f}")

# %% [markdown]
# ## Years
#
# A high value of each year, which a tenth of its months exceed, and how far that of the last year departs from the usual.

# %%
yearly = filled.aggregate_time("years", "p90")
change = yearly.anomaly("difference", "years", base=("2015-01-01", "2018-12-31"))
change[-1].plot(main="2021 beside 2015 to 2018", legend_title="percent")

# %% [markdown]
# ## A real series: carbon dioxide on Mauna Loa
#
# Weekly measurements since 1958 come with statsmodels. A cell of a raster is a series as any other, so we make a raster
# of one cell, of months. Some months are missing. We hide another tenth, and eight months in a row, to see how well they
# come back.

# %%
weekly = co2.load_pandas().data["co2"]
monthly = weekly.resample("MS").mean()["1959":"2001"]
known = monthly.to_numpy()
when = monthly.index.to_numpy().astype("datetime64[D]") + 14
hide = rng.random(known.size) < 0.1
hide[300:308] = True
air = pt.rast(np.where(hide, np.nan, known)[:, None, None]).set_time(list(when))

for way in ("linear", "swa", "deseasoned"):
    found = air.fill(way).to_numpy()[:, 0, 0]
    error = (found - known)[hide & ~np.isnan(known)]
    print(f"{way}: root mean square error of hidden months {np.sqrt(np.mean(error**2)):.2f} ppm")

# %% [markdown]
# The level rises from year to year, so a mean of other years is too low or too high, and a line through a summer that is
# missing cuts it off. Season and departures from it, each for itself, come nearest, though the peak of the eight months
# that we hid stays somewhat low.

# %%
whole = air.fill("deseasoned").compute()
parts = whole.stl(robust=True).to_numpy()[:, 0, 0].reshape(3, -1)
figure, axes = plt.subplots(2, 1, figsize=(9, 6), layout="constrained")
some = slice(288, 324)
axes[0].plot(when[some], known[some], color="0.7", label="truth")
axes[0].plot(when[some], whole.to_numpy()[some, 0, 0], color="tab:green", label="filled")
axes[0].plot(when[some], np.where(hide, np.nan, known)[some], "k.", label="seen")
axes[0].legend(ncols=3)
axes[0].set_ylabel("CO$_2$, ppm")
axes[1].plot(when, parts[1], color="tab:red", label="trend")
axes[1].plot(when, parts[0] + 300, color="tab:blue", label="season, from 300")
axes[1].legend()
axes[1].set_ylabel("CO$_2$, ppm")

slope, low, high = whole.trend("sen", ["slope", "lower", "upper"], deseason=True).to_numpy().ravel()
print(f"rise by Theil and Sen: {slope:.2f} ppm a year ({low:.2f} to {high:.2f})")

# %% [markdown]
# ## Your own images
#
# One file for each date, in a folder, with the date in its name: the names give the times, and whatever you make of the
# series is written once, at the end. Here are two years of it, as files.

# %%
for i in range(24):
    series[i].write_raster(folder / f"{series.names[i]}.tif", overwrite=True)

files = sorted(folder.glob("ndvi_*.tif"))
images = pt.rast(files, time=[file.stem[5:].replace("_", "-") for file in files])
images.names = [file.stem for file in files]
curve = images.fill(["swa", "linear"]).whittaker(2)
highest = curve.tapp("years", "max")
highest = highest.write_raster(folder / "highest.tif", format="COG", overwrite=True)
print(highest)

# %% [markdown]
# For folders of any size `pyterra gapfill FOLDER --out FILLED --method swa+linear --tune` does the filling as a job of
# many tiles.

# %% [markdown]
# ## Exercises
#
# **1.** When in the year do the fields peak? Take the month with the highest mean of all years, and map it.

# %% tags=["hide-cell"]
month = filled.tapp("months", "mean").which_max() + 1
month.plot(type="classes", main="The greenest month")

# %% [markdown]
# **2.** How many images does a cell have in which it was seen? Where are the fewest?

# %% tags=["hide-cell"]
count = series.not_na().sum()
print("from", *count.minmax().ravel().astype(int).tolist(), "of", series.nlyr)

# %% [markdown]
# **3.** Fill the gaps by straight lines, and compare the mean of the last year with that of `filled`.

# %% tags=["hide-cell"]
lines = series.fill("linear")
last = slice(series.nlyr - 12, series.nlyr)
gap = (lines[last].mean() - filled[last].mean()).abs().global_("mean", na_rm=True).iloc[0, 0]
print(f"they differ by {gap:.2f} percent of the index on average")
