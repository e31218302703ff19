# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Zones: sums and means by district and by class
#
# After this chapter you can sum up a raster by polygons and by the classes of another raster, say how the edges of
# the polygons count, weigh cells by their area, count classes by zone, and put the results on a map.
#
# The land is made here: rain, kinds of land use, and six districts. `waves` gives an array of smooth random numbers
# between 0 and 1.

# %%
import pandas as pd

import pyterra as pt
from pyterra.workflows.teaching import waves

place = {"extent": (400_000, 440_000, 5_600_000, 5_630_000), "crs": "EPSG:32633"}
rain = pt.rast((500 + 700 * waves((60, 80), 3, longest=6)).round(), names="rain", units="mm", **place)
use = pt.rast(waves((60, 80), 8, longest=6), **place).classify([[-1, 0.4, 1], [0.4, 0.7, 2], [0.7, 1.01, 3]])
use.levels = pd.DataFrame({"value": [1, 2, 3], "use": ["forest", "meadow", "fields"]})
use.colors = {1: (63, 125, 79), 2: (169, 205, 117), 3: (230, 205, 120)}
use.names = "use"
corners = [(400_700 + 13_000 * i, 5_600_900 + 14_300 * j) for j in range(2) for i in range(3)]
districts = pt.vect(
    [
        f"POLYGON (({x} {y}, {x + 12_400} {y + 350}, {x + 12_900} {y + 14_100}, {x + 250} {y + 13_800}, {x} {y}))"
        for x, y in corners
    ],
    crs="EPSG:32633",
)
districts["name"] = ["Alder", "Birch", "Cedar", "Elm", "Fir", "Hazel"]
ax = rain.plot(cmap="YlGnBu", main="Rain and districts", legend_title="mm")
districts.polys(border="#333333", lwd=1.2, ax=ax)
districts.text("name", ax=ax)

# %% [markdown]
# ## By polygons
#
# `extract` gives a row for each polygon; `zonal` gives the same as a table of statistics alone. Both read only the
# blocks that the polygons touch.

# %%
table = rain.extract(districts, "mean", bind=True)
print(table[["name", "rain"]].values())

# %%
print(rain.zonal(districts, "max"))

# %% [markdown]
# Without a function every cell comes in a row of its own, with the number of its polygon: from 0, as all positions.

# %%
print(rain.extract(districts).head(3))

# %% [markdown]
# ## What of the edges?
#
# A cell belongs to the polygon that holds its centre. `touches=True` takes every cell that a polygon touches, and
# `exact=True` weighs each by the share of it that lies inside. Where polygons are small compared with cells this
# matters.

# %%
small = districts[0].buffer(-4_500)
answers = {
    "centres": rain.extract(small, "mean")["rain"],
    "touches": rain.extract(small, "mean", touches=True)["rain"],
    "exact": rain.extract(small, "mean", exact=True)["rain"],
}
print({name: round(float(answer.iloc[0]), 2) for name, answer in answers.items()})
print(rain.extract(small, exact=True).head(3))

# %% [markdown]
# ## By the classes of another raster
#
# The zones may be a raster on the same grid. Factors give their labels.

# %%
print(rain.zonal(use, "mean"))

# %% [markdown]
# `as_raster=True` puts the number of each zone back on the map, to compare a cell with its zone.

# %%
usual = rain.zonal(use, "mean", as_raster=True)
pt.c(rain, usual, rain - usual).plot(
    nc=3, main=["rain", "mean of its land use", "difference"], axes=False, cmap="YlGnBu"
)

# %% [markdown]
# ## Classes by district
#
# How much of each land use has each district? `crosstab` counts the combinations of two layers; the districts become
# a layer by `rasterize`.

# %%
layer = districts.rasterize(use, "name")
counts = pt.c(layer, use).crosstab()
print(counts)

# %% [markdown]
# Counts are cells. Areas come from `expanse`, which adds up the true area of cells, also where they are degrees.

# %%
print(use.expanse(unit="km", by_value=True))

# %% [markdown]
# ## On a map
#
# The table of `extract(bind=True)` is a vector with one more column: it can be drawn at once.

# %%
table.plot("rain", cmap="YlGnBu", main="Mean rain by district", legend_title="mm")

# %% [markdown]
# ## Exercises
#
# **1.** Which district has the widest range of rain, from its driest to its wettest cell?

# %% tags=["hide-cell"]
low, high = rain.zonal(districts, "min")["rain"], rain.zonal(districts, "max")["rain"]
width = (high - low).to_numpy()
print(districts["name"].iloc[int(width.argmax())], width.max(), "mm")

# %% [markdown]
# **2.** How much rain falls on the forests of each district, on average? Make the rest missing first.

# %% tags=["hide-cell"]
forest = rain.mask(use == "forest", maskvalues=0)
answer = forest.zonal(districts, "mean", na_rm=True)
answer.insert(0, "name", list(districts["name"]))
print(answer)

# %% [markdown]
# **3.** A raster in degrees has cells of different sizes. Weigh the mean of such a raster by the area of its cells,
# and compare it with the plain mean.

# %% tags=["hide-cell"]
globe = pt.rast(nrows=36, ncols=72)
warmth = 30 - globe.init("y").abs() * 0.6
area = warmth.cell_size(unit="km")
plain = warmth.global_("mean").iloc[0, 0]
weighed = warmth.global_("mean", weights=area).iloc[0, 0]
print(f"plain {plain:.2f}, by area {weighed:.2f}")
assert weighed > plain
