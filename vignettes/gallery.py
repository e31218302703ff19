# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Gallery: forty pictures for a slide
#
# After this chapter you can choose the map that shows what you have to say, and draw it in a few lines.
#
# Maps of measured values, of classes, of relief, colour pictures, many layers at once, what lies behind a map, vectors,
# and the whole earth. Each picture has its few lines above it; they use the landscape that the first cells make. All of
# them are [on one page](../docs/pictures.md), to choose from.

# %%
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import shapely
from matplotlib.colors import LinearSegmentedColormap, to_rgba_array

import pyterra as pt

folder = Path(tempfile.mkdtemp(prefix="gallery-"))


# %% [markdown]
# ## A landscape
#
# Relief as noise that is rough at all scales, a lake where it is low, an index of vegetation that falls with height, and
# five classes of cover.


# %%
def noise(seed, rough=2.2, nrow=210, ncol=280):
    """Random numbers from 0 to 1 that are alike where they are near."""
    rng = np.random.default_rng(seed)
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(ncol, 1 / ncol), np.fft.fftfreq(nrow, 1 / nrow)))
    frequency[0, 0] = np.inf
    values = np.fft.ifft2(np.fft.fft2(rng.normal(size=(nrow, ncol))) / frequency ** (rough / 2 + 0.4)).real
    return (values - values.min()) / np.ptp(values)


place = {"extent": (4_321_000, 4_349_000, 3_010_000, 3_031_000), "crs": "EPSG:3035"}
ground = pt.rast(120 + 1700 * noise(4, 2.9) ** 1.6, names="height", units="m", **place)
slope, aspect = ground.terrain(["slope", "aspect"], unit="radians")
light = pt.shade(slope, aspect, angle=40, direction=315).trim()
ground = ground.crop(light)  # the outermost cells have no slope
water = ground < 330
height = ground.mask(water, maskvalues=1)
ndvi = pt.rast(np.clip(1.05 - 0.55 * noise(2) - 0.5 * noise(4, 2.9), -0.1, 0.92), names="NDVI", **place)
ndvi = ndvi.crop(ground).mask(height)
cover = ndvi.classify([[-1, 0.35, 1], [0.35, 0.52, 2], [0.52, 0.64, 3], [0.64, 1, 4]]).cover(water * 5)
cover.levels = {1: "bare", 2: "grassland", 3: "cropland", 4: "forest", 5: "water"}
cover.colors = {1: "#cbb89d", 2: "#b5cf6b", 3: "#f2d06b", 4: "#2f7d4f", 5: "#6baed6"}
cover.names = "cover"
LAND = LinearSegmentedColormap.from_list(
    "land", ["#5f9a63", "#a9c486", "#e9dfae", "#c79a6b", "#8a6a55", "#ffffff"]
)

# %% [markdown]
# ## Measured values
#
# ### With a north arrow and a scale

# %%
ax = height.plot(main="Height above the sea", cmap=LAND)
pt.north(ax=ax)
pt.sbar(ax=ax)

# %% [markdown]
# ### In intervals

# %%
height.plot(breaks=[300, 450, 600, 800, 1000, 1300, 1820], cmap="YlOrBr", main="In intervals")

# %% [markdown]
# ### As many cells in each interval

# %%
height.plot(breaks=5, breakby="cases", cmap="cividis", main="Fifths of the land", legend="bottom")

# %% [markdown]
# ### More or less than usual
#
# A range that is as wide to both sides makes the middle colour nothing out of the ordinary.

# %%
departure = ndvi - ndvi.global_("mean", na_rm=True).iloc[0, 0]
departure.plot(cmap="BrBG", range=(-0.35, 0.35), fill_range=True, main="Greener, or less green")

# %% [markdown]
# ### A legend in a corner, gaps in a colour

# %%
ndvi.plot(
    cmap="YlGn", missing="#9ecae1", legend="topright", legend_title="NDVI", main="Blue: no land", axes=False
)

# %% [markdown]
# ### Cell by cell

# %%
few = height.crop(pt.ext(4_346_000, 4_347_200, 3_026_000, 3_026_900))
ax = few.plot(main="Cell by cell", cmap="YlGnBu")
pt.lines(few, col="white", ax=ax)
pt.text(few, digits=0, ax=ax)

# %% [markdown]
# ## Classes
#
# ### Factors have their labels and colours

# %%
ax = cover.plot(main="Land cover")
pt.sbar(5000, "bottomright", type="line", ax=ax)

# %% [markdown]
# ### Shares in the legend

# %%
counts = cover.freq().set_index("value")["count"]
told = cover.copy()
told.levels = {i + 1: f"{label}, {counts[label] / cover.ncell:.0%}" for i, label in enumerate(counts.index)}
told.plot(legend="bottom", main="How much of each")

# %% [markdown]
# ### Yes or no

# %%
(ground > 900).plot(axes=False, main="Above 900 metres")

# %% [markdown]
# ### What became of what

# %%
patches = pt.rast(noise(9), **place).crop(cover) > 0.6
later = pt.ifel(patches, cover.subst([2, 4], [3, 2]), cover)
moved = (cover * 10 + later).mask(cover != later, maskvalues=0)
moved.levels = {23: "grassland to cropland", 42: "forest to grassland"}
ax = light.plot(cmap="Greys_r", legend=False, alpha=0.6, main="What became of what")
moved.plot(colors=["#e08214", "#8073ac"], add=True, legend="bottomleft", ax=ax)

# %% [markdown]
# ### Two things at once
#
# Thirds of one layer and thirds of the other are nine classes; the square is their legend.

# %%
square = ["#e8e8e8", "#ace4e4", "#5ac8c8", "#dfb0d6", "#a5add3", "#5698b9", "#be64ac", "#8c62aa", "#3b4994"]


def thirds(r):
    """Classes 0, 1, 2 with as many cells in each."""
    return r.classify([-np.inf, *np.nanquantile(r.to_numpy(), [1 / 3, 2 / 3]), np.inf])


ax = (thirds(height) * 3 + thirds(ndvi)).plot(
    type="classes", colors=square, legend=False, main="High, green, or both"
)
key = ax.inset_axes([0.77, 0.07, 0.2, 0.2 * 280 / 210])
key.imshow(to_rgba_array(square).reshape(3, 3, 4), origin="lower")
key.set(xticks=[], yticks=[])
for axis, label in ((key.xaxis, "greener"), (key.yaxis, "higher")):
    axis.set_label_text(label, fontsize=8, backgroundcolor="#ffffffb0")

# %% [markdown]
# ## Relief
#
# ### Light from the north-west

# %%
light.plot(cmap="Greys_r", legend=False, axes=False, main="Light from the north-west")

# %% [markdown]
# ### Heights in that light

# %%
ax = light.plot(cmap="Greys_r", legend=False, main="Heights in that light")
height.plot(cmap=LAND, alpha=0.55, add=True, legend="right", legend_title="m", ax=ax)
water.subst(0, np.nan).plot(type="classes", colors=["#6baed6"], add=True, ax=ax)

# %% [markdown]
# ### Lines of equal height

# %%
ax = height.plot(cmap="YlGnBu_r", alpha=0.8, main="Lines of equal height")
pt.contour(ground, levels=range(400, 1800, 200), add=True, ax=ax)

# %% [markdown]
# ### Bands of height

# %%
ground.contour(filled=True, nlevels=9, cmap="gist_earth", main="Bands of height", legend_title="m")

# %% [markdown]
# ### In perspective

# %%
ground.aggregate(2).persp(theta=25, phi=40, cmap=LAND, main="From the south-west")

# %% [markdown]
# ### Where water flows

# %%
coarse = ground.aggregate(10, "mean", na_rm=True)
ax = coarse.plot(cmap="Blues_r", main="Where water flows", legend_title="m")
pt.as_arrows(coarse.terrain("flowdir"), unit="flowdir", ax=ax)

# %% [markdown]
# ### What can be seen from the highest hill

# %%
hill = pt.xy_from_cell(ground, ground.where_max()["cell"])
ax = light.plot(cmap="Greys_r", legend=False, main="Seen from the highest hill")
seen = ground.viewshed(hill, observer=10)
seen.subst(0, np.nan).plot(type="classes", colors=["#ffd92f"], alpha=0.45, add=True, ax=ax)
pt.points(pt.vect(hill, crs="EPSG:3035"), col="#d7301f", cex=2, ax=ax)

# %% [markdown]
# ### A cross section, and where it runs

# %%
way = pt.vect(shapely.linestrings([[[4_322_000, 3_012_500], [4_347_000, 3_029_000]]]), crs="EPSG:3035")
fig, (above, below) = plt.subplots(2, 1, figsize=(7, 7), height_ratios=[2.4, 1], layout="constrained")
height.plot(cmap=LAND, ax=above, main="A cross section")
pt.lines(way, col="#d7301f", lwd=2, ax=above)
found = ground.extract_along(way, xy=True)
km = np.hypot(found["x"] - found["x"].iloc[0], found["y"] - found["y"].iloc[0]) / 1000
below.fill_between(km, found["height"], 300, color="#b8a888")
_ = below.set(xlabel="km from the south-west", ylabel="m", xlim=(0, km.max()), ylim=(300, None))

# %% [markdown]
# ## Colour pictures
#
# ### As it is

# %%
shine = (0.8 + 0.45 * light).clamp(0.5, 1.3)
bands = pt.c(
    *[
        (shine * (dry + (wet - dry) * ndvi)).clamp(0, 255)
        for dry, wet in [(172, 18), (150, 84), (112, 22), (90, 200)]
    ]
)
bands.names = ["red", "green", "blue", "near infrared"]
bands.plot_rgb("red", "green", "blue", missing="#3d6b8e", main="As it is")

# %% [markdown]
# ### Stretched

# %%
bands.plot_rgb("red", "green", "blue", stretch="lin", missing="#3d6b8e", main="Stretched")

# %% [markdown]
# ### By rank

# %%
bands.plot_rgb("red", "green", "blue", stretch="hist", missing="#3d6b8e", main="By rank")

# %% [markdown]
# ### What grows is red

# %%
bands.plot_rgb("near infrared", "red", "green", stretch="lin", missing="#1f3a52", main="What grows is red")

# %% [markdown]
# ## Many layers
#
# ### A year, in one range of colours

# %%
year = pt.c(*[ndvi + 0.3 * np.sin((month - 4) / 12 * 2 * np.pi) * (1.1 - ndvi) for month in range(1, 13)])
year.time = [f"2024-{month:02}-15" for month in range(1, 13)]
year.names = list("JFMAMJJASOND")
year.panel(cmap="YlGn", range=(-0.1, 1), nc=4, legend_title="NDVI", axes=False)

# %% [markdown]
# ### Each in its own

# %%
pt.c(height, ndvi, light).plot(nc=3, figsize=(13, 3.2), axes=False, main=["height", "NDVI", "light"])

# %% [markdown]
# ### As a film
#
# It plays in notebooks, and `save` makes a GIF or WebP of it.

# %%
film = year.animate(cmap="YlGn", range=(-0.1, 1), legend_title="NDVI", pause=0.4, maxcell=20_000)
film.save(folder / "year.gif", dpi=50)
film

# %% [markdown]
# ### Cells through the year

# %%
spots = pt.vect(
    np.array([[4_326_000, 3_026_000], [4_336_000, 3_020_000], [4_344_000, 3_013_000]]), crs="EPSG:3035"
)
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), width_ratios=[1, 1.3], layout="constrained")
year[6].plot(cmap="YlGn", ax=left, axes=False, legend=False, main="Three cells in July")
for name, series in zip("ABC", year.extract(spots, id=False).to_numpy(), strict=True):
    right.plot(range(1, 13), series, marker="o", label=name)
pt.points(spots, col="#d7301f", cex=2, ax=left)
pt.text(spots, list("ABC"), cex=1.3, ax=left)
right.set(xlabel="month", ylabel="NDVI", xticks=range(1, 13))
right.legend(frameon=False)

# %% [markdown]
# ### How sure one can be
#
# The mean of ten models beside how far they differ, in axes of one's own.

# %%
trees = [
    (ndvi + 0.5 * (0.15 + pt.rast(noise(20 + k), **place).crop(ndvi)) * (k - 4.5) / 9).clamp(0, 1)
    for k in range(10)
]
mean, sd = pt.app(pt.c(*trees), "mean"), pt.app(pt.c(*trees), "sd")
fig, (left, right) = plt.subplots(1, 2, figsize=(11, 3.6), layout="constrained")
mean.plot(cmap="YlGn", ax=left, axes=False, main="Mean of ten models")
sd.plot(cmap="magma_r", ax=right, axes=False, main="How far they differ (sd)")

# %% [markdown]
# ## Behind the map
#
# ### Histograms

# %%
pt.c(height, ndvi).hist(figsize=(9, 3.2))

# %% [markdown]
# ### Density

# %%
pt.c(height, ndvi).density(figsize=(9, 3.2))

# %% [markdown]
# ### One layer against another

# %%
height.plot(ndvi, main="Higher is barer")

# %% [markdown]
# ### By class

# %%
height.boxplot(cover, main="Where they lie (m)")

# %% [markdown]
# ### How many cells

# %%
cover.barplot(horiz=True, main="Cells of each class")

# %% [markdown]
# ### Each with each

# %%
pt.c(height, ndvi, light).pairs()

# %% [markdown]
# ## Points, lines and polygons
#
# ### Made here: parishes, rivers, plots

# %%
rng = np.random.default_rng(8)
xy = np.column_stack([rng.uniform(4_322_000, 4_348_000, 70), rng.uniform(3_011_000, 3_030_000, 70)])
table = {"x": xy[:, 0], "y": xy[:, 1], "trees": rng.poisson(9, 70) + 0.0, "kind": rng.choice(list("abc"), 70)}
plots = pt.vect(pd.DataFrame(table), geom=("x", "y"), crs="EPSG:3035")
frame = shapely.box(4_321_000, 3_010_000, 4_349_000, 3_031_000)
parishes = pt.vect(
    shapely.intersection(shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(xy))), frame),
    crs="EPSG:3035",
)
parishes["people"] = rng.lognormal(6, 1, len(parishes)).round()
parishes["side"] = np.where(parishes["people"] > 500, "town", "village")
x = np.linspace(4_321_000, 4_349_000, 80)
rivers = pt.vect(
    shapely.linestrings(
        [np.column_stack([x, y + 900 * np.sin(x / 2500 + y)]) for y in (3_014_000, 3_020_500, 3_027_000)]
    ),
    crs="EPSG:3035",
)
rivers["name"] = ["Lower", "Middle", "Upper"]

# %% [markdown]
# ### A colour for a number

# %%
ax = parishes.plot("people", cmap="PuBuGn", main="People", legend_title="people")
pt.text(parishes[:12], "people", cex=0.8, ax=ax)

# %% [markdown]
# ### A colour for a class

# %%
parishes.plot("side", colors=["#cc6677", "#ddcc77"], main="Towns and villages", legend="bottom")

# %% [markdown]
# ### Intervals

# %%
parishes.plot("people", breaks=[0, 200, 400, 800, 7000], cmap="BuPu", main="People, in intervals")

# %% [markdown]
# ### Points by what was counted

# %%
ax = height.plot(cmap="Greys", alpha=0.5, legend=False, main="Trees on plots")
plots.plot("trees", cmap="viridis", cex=1.6, add=True, legend="right", ax=ax)

# %% [markdown]
# ### Lines with names

# %%
ax = rivers.plot("name", lwd=2.5, main="Rivers", background="#f4f1ea")
pt.text(rivers, "name", cex=1.1, ax=ax)

# %% [markdown]
# ### A dot for a hundred people

# %%
ax = parishes.plot(col="#eeeeea", border="#bbbbbb", main="A dot for a hundred people")
_ = pt.dots(parishes, "people", 100, seed=3, ax=ax)

# %% [markdown]
# ### As large as what they count

# %%
ax = parishes.plot(col="#f4f1ea", border="#cccccc", main="As large as what they count")
pt.cartogram(parishes, "people", type="circles").plot("people", cmap="OrRd", alpha=0.85, add=True, ax=ax)

# %% [markdown]
# ### One over the other

# %%
ax = light.plot(cmap="Greys_r", alpha=0.7, legend=False, main="Layers of a map")
pt.polys(parishes, border="white", lwd=0.6, ax=ax)
pt.lines(rivers, col="#2a6f97", lwd=2, ax=ax)
plots.plot("kind", add=True, cex=1.2, legend="bottomleft", ax=ax)
pt.text(rivers, "name", col="#1b4965", ax=ax)
pt.north("topright", ax=ax)
pt.sbar(xy="bottomright", ax=ax)

# %% [markdown]
# ### A map in the map

# %%
part = pt.ext(4_335_000, 4_342_000, 3_015_000, 3_020_500)
ax = cover.crop(part).plot(main="A part, and where it lies")
_ = pt.inset(cover, loc="topleft", scale=0.32, box=part, box_col="#d7301f", box_lwd=2, ax=ax)

# %% [markdown]
# ## The whole earth
#
# ### In degrees

# %%
world = pt.rast(nrows=180, ncols=360)
lon, lat = np.deg2rad(world.x_from_col(np.arange(360))), np.deg2rad(world.y_from_row(np.arange(180)))
field = (
    45 * np.cos(lat)[:, None]
    - 18
    + 6 * np.sin(2 * lon + 1) * np.cos(lat)[:, None]
    + 12 * noise(6, 3, 180, 360)
)
world = pt.rast(world, vals=field.ravel(), names="temperature", units="°C")
ax = world.plot(cmap="RdYlBu_r", main="In degrees")
pt.lines(pt.graticule(30, 30), col="#555555", lwd=0.4, ax=ax)

# %% [markdown]
# ### As one looks at it: Robinson's projection and its graticule

# %%
ax = world.project("+proj=robin").plot(
    cmap="RdYlBu_r", axes=False, main="Robinson", legend="bottom", missing=None
)
pt.lines(pt.graticule(30, 30, crs="+proj=robin"), col="#444444", lwd=0.5, ax=ax)

# %% [markdown]
# ### From above the pole

# %%
north = world.crop(pt.ext(-180, 180, 40, 90)).project("EPSG:3995")
ax = north.plot(cmap="RdYlBu_r", axes=False, main="From above the pole", missing=None)
pt.lines(
    pt.graticule(range(-180, 181, 30), range(40, 90, 10), crs="EPSG:3995"), col="#444444", lwd=0.5, ax=ax
)

# %% [markdown]
# ### Degrees, and a scale that is right at its parallel

# %%
alps = pt.rast(noise(5, 2.4) * 30, extent=(5.9, 10.6, 45.8, 47.9), crs="EPSG:4326", names="rain", units="mm")
ax = alps.plot(cmap="Blues", main="Rain of a day")
pt.sbar(ax=ax)
pt.north(ax=ax)

# %% [markdown]
# ## Exercises
#
# **1.** Draw the slope in degrees, in four intervals with limits at 5, 10 and 20 degrees, with its legend below the map.

# %% tags=["hide-cell"]
degrees = ground.terrain("slope", unit="degrees")
top = float(degrees.minmax()[1, 0])
degrees.plot(breaks=[0, 5, 10, 20, top], cmap="OrRd", legend="bottom", legend_title="degrees", main="Slope")

# %% [markdown]
# **2.** Put January, April, July and October of the index beside each other, in one range of colours, with their
# dates as titles.

# %% tags=["hide-cell"]
chosen = year[[0, 3, 6, 9]]
chosen.panel(cmap="YlGn", main=[str(day)[:10] for day in chosen.time], nc=2, axes=False, legend_title="NDVI")

# %% [markdown]
# **3.** Show where forest lies above 600 metres, over the light of the hills, and write into the title how
# many square kilometres that is.

# %% tags=["hide-cell"]
high = ((cover == "forest") & (ground > 600)).subst(0, np.nan)
area = high.expanse(unit="km")["area"].sum()
ax = light.plot(cmap="Greys_r", legend=False, main=f"Forest above 600 metres: {area:.0f} km²")
high.plot(type="classes", colors=["#1b7837"], alpha=0.7, add=True, ax=ax)
