# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Vectors: points, lines and polygons
#
# After this chapter you can make vectors from text, coordinates and tables, work with their attributes as with
# columns of pandas, ask how they lie to each other, cut and join them, measure them on the earth, and pass them to
# and from geopandas.
#
# The town is made here: parcels, a river, wells and a plan for a park.

# %%
import numpy as np

import pyterra as pt

CRS = "EPSG:32633"
corners = [(500_000 + 400 * i, 5_400_000 + 300 * j) for j in range(3) for i in range(4)]
parcels = pt.vect(
    [f"POLYGON (({x} {y}, {x + 400} {y}, {x + 400} {y + 300}, {x} {y + 300}, {x} {y}))" for x, y in corners],
    crs=CRS,
)
parcels["id"] = list(range(1, 13))
parcels["owner"] = ["Ada", "Bo", "Ada", "Cy", "Bo", "Cy", "Dee", "Dee", "Ada", "Bo", "Cy", "Cy"]
river = pt.vect(
    "LINESTRING (499900 5400750, 500500 5400560, 500900 5400610, 501300 5400300, 501750 5400150)", crs=CRS
)
river["name"] = ["Ouse"]
wells = pt.vect(
    np.random.default_rng(4).uniform([500_050, 5_400_050], [501_550, 5_400_850], (14, 2)).round(), crs=CRS
)
wells["depth"] = np.random.default_rng(5).uniform(4, 30, 14).round(1)
park = pt.vect(
    "POLYGON ((500550 5400150, 501250 5400250, 501150 5400720, 500700 5400700, 500550 5400150))", crs=CRS
)
print(parcels)
ax = parcels.plot("owner", main="The town", alpha=0.6)
river.lines(col="#1f6fa8", lwd=2.5, ax=ax)
wells.points(col="#222222", cex=0.8, ax=ax)
park.polys(border="#1b6b4a", lwd=2, ax=ax)

# %% [markdown]
# ## Attributes
#
# `v["name"]` is a column, a pandas Series; setting it makes or changes one. Brackets with numbers, slices or truths
# choose records.

# %%
parcels["hectares"] = parcels.expanse(unit="ha").round(2)
print(parcels["hectares"].head(3).tolist())
adas = parcels[parcels["owner"] == "Ada"]
print(len(adas), "parcels of Ada")
print(parcels.values().groupby("owner")["hectares"].sum())

# %% [markdown]
# `aggregate` joins geometries that share a value; `disagg` takes parts apart again.

# %%
estates = parcels.aggregate("owner")
estates.plot("owner", main="Parcels joined by owner", alpha=0.7)

# %% [markdown]
# ## How things lie to each other
#
# `relate` and `is_related` ask for one of the usual relations; `nearest` and `distance` measure.

# %%
inside = wells.is_related(park, "within")
print(int(np.sum(inside)), "wells lie in the park")
print("metres from wells to the river:", wells.distance(river).ravel().round().tolist()[:5])
at_river = parcels[parcels.is_related(river, "intersects")]
print("parcels at the river:", at_river["id"].tolist())

# %% [markdown]
# ## Overlay
#
# `intersect` keeps what two layers share, with the attributes of both; `erase` takes one from the other; `union` has
# all pieces.

# %%
lost = parcels.intersect(park)
lost["hectares"] = lost.expanse(unit="ha").round(2)
print(lost[["id", "owner", "hectares"]].values())
ax = parcels.erase(park).plot("owner", main="What is left of the parcels", alpha=0.7)
park.polys(border="#1b6b4a", lwd=1.5, lty="dashed", ax=ax)

# %% [markdown]
# ## Buffers, in metres, also on the earth
#
# Widths are in metres, whatever the units of the coordinates. In degrees a buffer is a circle on the earth, not on
# the map.

# %%
banks = river.buffer(80)
print("bank in hectares:", round(float(banks.expanse(unit="ha")[0]), 1))
oslo = pt.vect("POINT (10.75 59.91)", crs="EPSG:4326").buffer(50_000)
print(
    [round(value, 2) for value in oslo.ext], "degrees, and", round(float(oslo.expanse(unit="km")[0])), "km²"
)

# %% [markdown]
# ## To and from others
#
# `pt.vect` takes a GeoDataFrame, shapely geometries, WKT, a matrix of coordinates or a file; `to_geopandas` hands
# back.

# %%
frame = wells.to_geopandas()
print(type(frame).__name__, frame.columns.tolist())
again = pt.vect(frame)
assert len(again) == len(wells)

# %% [markdown]
# ## Exercises
#
# **1.** Which parcel has the most wells?

# %% tags=["hide-cell"]
joined = wells.intersect(parcels)
counts = joined["id"].value_counts()
print("parcel", counts.index[0], "has", counts.iloc[0], "wells")

# %% [markdown]
# **2.** The council buys all that lies within 80 m of the river and not in the park. How many hectares does each
# owner sell?

# %% tags=["hide-cell"]
strip = parcels.intersect(river.buffer(80).erase(park))
strip["sold"] = strip.expanse(unit="ha")
print(strip.values().groupby("owner")["sold"].sum().round(2))

# %% [markdown]
# **3.** Give every place of the town to its nearest well, and find the largest of these areas within the outline of
# the parcels.

# %% tags=["hide-cell"]
areas = wells.voronoi().intersect(parcels.aggregate())
hectares = areas.expanse(unit="ha")
print("largest:", round(float(hectares.max()), 1), "ha")
ax = areas.plot(col="#eef3ee", border="#1b6b4a", main="The nearest well")
wells.points(col="#222222", ax=ax)
