# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Gallery: one of each kind of picture
#
# Every plot of pyterra, on data made here. `plot` draws maps of rasters and vectors, `plot_rgb` colour pictures, `hist`
# histograms; `lines`, `points`, `polys` and `text` draw over a map; `north` and `sbar` add an arrow and a scale.

# %%
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

import pyterra as pt

folder = Path(tempfile.mkdtemp(prefix="gallery-"))


# %% [markdown]
# ## A landscape
#
# Hills as sums of waves, a lake where they are low, an index of vegetation, four classes of cover.


# %%
def waves(seed, nrow=180, ncol=240, count=60):
    """Smooth random numbers between 0 and 1."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:nrow, 0:ncol] / ncol
    total = np.zeros((nrow, ncol))
    for _ in range(count):
        size = rng.uniform(1, 14)
        a, b, phase = *rng.normal(size=2) * size, rng.uniform(0, 2 * np.pi)
        total += np.sin(2 * np.pi * (a * x + b * y) / 2 + phase) / size
    low, high = total.min(), total.max()
    return (total - low) / (high - low)


place = {"extent": (4_321_000, 4_345_000, 3_010_000, 3_028_000), "crs": "EPSG:3035"}
height = pt.rast(120 + 900 * waves(1) ** 1.5, names="height", units="m", **place)
lake = height < 260
height = height.mask(lake, maskvalues=1)
green = pt.rast(np.clip(0.9 * waves(2) - 0.35 * waves(1), -0.1, 0.9), names="ndvi", **place).mask(height)
cover = green.classify([[-1, 0.1, 1], [0.1, 0.28, 2], [0.28, 0.42, 3], [0.42, 1, 4]]).cover(lake * 5)
cover.levels = {1: "bare", 2: "grassland", 3: "cropland", 4: "forest", 5: "water"}
cover.names = "cover"
COLORS = {
    "bare": "#d9c9a8",
    "grassland": "#b5cf6b",
    "cropland": "#f2d06b",
    "forest": "#2f7d4f",
    "water": "#6baed6",
}

# %% [markdown]
# ## Measured values

# %%
ax = height.plot(main="Height above the sea")
pt.north(ax=ax)
pt.sbar(ax=ax)

ax = height.plot(
    breaks=[200, 300, 400, 500, 650, 800, 1020], cmap="YlOrBr", main="In intervals", legend="bottom"
)

ax = green.plot(
    cmap="YlGn", range=(-0.1, 0.7), legend="topright", legend_title="NDVI", main="Legend in a corner"
)

# %% [markdown]
# ## Classes, and yes or no

# %%
ax = cover.plot(colors=COLORS, main="Land cover")
pt.sbar(5000, "bottomright", type="line", ax=ax)
lake.plot(main="Is it water?", axes=False)

# %% [markdown]
# ## Several layers
#
# Each with its own range, or all with one.

# %%
months = pt.c(*[green + 0.35 * np.sin((m - 3) / 12 * 2 * np.pi) for m in range(1, 7)])
months.names = ["January", "February", "March", "April", "May", "June"]
pt.c(height, green).plot()
months.plot(common=True, cmap="BrBG", range=(-0.6, 1.2), nc=3, axes=False, legend_title="NDVI")
months.panel(cmap="BrBG", nc=3, legend_title="NDVI")

# %% [markdown]
# ## Surfaces

# %%
ax = height.plot(cmap="terrain", main="Lines of equal height")
pt.contour(height, col="white", add=True)
height.contour(filled=True, nlevels=6, cmap="YlOrBr")
height.persp(theta=20, cmap="terrain")
coarse = height.aggregate(10, "mean")
ax = coarse.plot(cmap="terrain", main="Where water flows")
pt.as_arrows(coarse.terrain("flowdir"), unit="flowdir", ax=ax)

# %% [markdown]
# ## Colour pictures

# %%
slope = np.gradient(waves(1), axis=1) * 12
light, leaves = np.clip(0.62 + slope, 0.25, 1), waves(2)
rgb = pt.rast(
    np.stack([light * (185 - 130 * leaves), light * (165 - 60 * leaves), light * (120 - 80 * leaves)]),
    **place,
)
rgb = rgb.mask(height)
rgb.names = ["red", "green", "blue"]
rgb.plot_rgb("red", "green", "blue", main="As it is", missing="#9ecae1")
rgb.plot_rgb(stretch="lin", main="Stretched", missing="#9ecae1")
rgb.plot_rgb(stretch="hist", main="By rank", missing="#9ecae1")

# %% [markdown]
# ## Histograms, and one layer against another

# %%
pt.c(height, green, *rgb[[0, 1]]).hist()
height.plot(green, main="Higher is barer")
pt.c(height, green).density()
cover.barplot(colors=list(COLORS.values()), horiz=True)
green.boxplot(cover, main="Vegetation by cover")
pt.c(height, green, *rgb[[0]]).pairs()

# %% [markdown]
# ## No legend, or one of your own

# %%
ax = height.image(cmap=pt.map_pal("elevation", 30), axes=False)
pt.add_box(ax=ax)
pt.add_grid(4, 3, ax=ax)
pt.legend_cont(
    "right", legend=height, cmap=pt.map_pal("elevation", 30), at=[300, 600, 900], title="metres", ax=ax
)
pt.halo(4_333_000, 3_019_000, "the lake", cex=1.5, ax=ax)
pt.add_mtext("Made here", "bottom", adj=1, ax=ax)
pt.add_abline(v=4_340_000, lty="dashed", ax=ax)
pt.add_legend("topleft", labels="meridian", lwd=1, lty="dashed", col="#333333", ax=ax)

# %% [markdown]
# ## Points, lines and polygons

# %%
rng = np.random.default_rng(8)
xy = np.column_stack([rng.uniform(4_322_000, 4_344_000, 70), rng.uniform(3_011_000, 3_027_000, 70)])
plots = pt.vect(
    pd.DataFrame(
        {"x": xy[:, 0], "y": xy[:, 1], "trees": rng.poisson(9, 70) + 0.0, "kind": rng.choice(list("abc"), 70)}
    ),
    geom=("x", "y"),
    crs="EPSG:3035",
)
cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(xy)))
frame = shapely.box(4_321_000, 3_010_000, 4_345_000, 3_028_000)
parishes = pt.vect(shapely.intersection(cells, frame), crs="EPSG:3035")
parishes["people"] = rng.lognormal(6, 1, len(parishes)).round()
parishes["side"] = np.where(parishes["people"] > 500, "town", "village")
t = np.linspace(0, 1, 80)
rivers = pt.vect(
    np.array(
        [
            shapely.linestrings(4_321_000 + 24_000 * t, y + 900 * np.sin(9 * t + k) + 1500 * t * (k - 1))
            for k, y in enumerate([3_013_000, 3_018_500, 3_024_000])
        ]
    ),
    crs="EPSG:3035",
)
rivers["name"] = ["Lower", "Middle", "Upper"]

ax = parishes.plot("people", cmap="PuBuGn", main="People", legend_title="people")
pt.text(parishes[:12], "people", cex=0.8, ax=ax)
parishes.plot("side", colors=["#cc6677", "#ddcc77"], main="Towns and villages", legend="bottom")
parishes.plot("people", breaks=[0, 200, 400, 800, 5000], cmap="BuPu", main="In intervals")
plots.plot("trees", main="Trees on plots", cmap="viridis", cex=1.4)
rivers.plot("name", lwd=2.5, main="Rivers")
pt.svc(plots=plots, rivers=rivers).plot()
ax = parishes.plot(col="#eeeeea", border="#bbbbbb", main="A dot for a hundred people")
pt.dots(parishes, "people", 100, seed=3, ax=ax)

# %% [markdown]
# ## Maps that move
#
# Films play in notebooks.

# %%
film = months.animate(cmap="BrBG", legend_title="NDVI", pause=0.5)
film.save(folder / "months.gif", dpi=50)

# %% [markdown]
# ## One over the other

# %%
ax = height.plot(cmap="Greys", alpha=0.7, main="Layers of a map", legend_title="height (m)")
pt.polys(parishes, border="white", lwd=0.6, ax=ax)
pt.lines(rivers, col="#2a6f97", lwd=2, ax=ax)
plots.plot("kind", add=True, cex=1.2, legend="bottomleft", ax=ax)
pt.text(rivers, "name", col="#1b4965", ax=ax)
pt.lines(pt.ext(4_330_000, 4_336_000, 3_016_000, 3_021_000), col="#ee6677", lwd=1.8, ax=ax)
pt.north("topleft", ax=ax)
pt.sbar(xy="bottomright", ax=ax)

small = height.crop(pt.ext(4_330_000, 4_331_200, 3_016_000, 3_016_900))
ax = small.plot(main="Cell by cell", cmap="YlGnBu")
pt.lines(small, col="white", ax=ax)
pt.text(small, ax=ax)

# %% [markdown]
# ## Degrees
#
# On lon/lat maps the scale bar is measured along its parallel, and a degree is as wide as it is there.

# %%
world = pt.rast(nrows=90, ncols=180)
lon, lat = world.x_from_col(np.arange(180)), world.y_from_row(np.arange(90))
field = np.cos(np.deg2rad(lat))[:, None] * 30 - 8 + 4 * np.sin(np.deg2rad(lon * 2))[None, :]
world = pt.rast(world, vals=field.ravel(), names="temperature", units="°C")
world.plot(cmap="RdYlBu_r", main="Around the earth")
alps = pt.rast(waves(5) * 30, extent=(5.9, 10.6, 45.8, 47.9), crs="EPSG:4326", names="rain", units="mm")
ax = alps.plot(cmap="Blues", main="In degrees")
pt.sbar(ax=ax)
pt.north(ax=ax)
