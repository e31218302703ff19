# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # From points to a map: where does the bush grow?
#
# After this chapter you can bring rasters and points or polygons to a model of scikit-learn, test it where it has not
# learnt, draw a map of probability or of classes, and mark the places where that map should not be trusted.
#
# A botanist has visited 400 places and noted at each whether a certain bush grows there. We have rasters of height,
# slope, wetness and the kind of rock for the whole landscape. From these we want a map of the probability that the bush
# grows at a place where nobody has been, and an honest number for how good that map is.
#
# The steps: values of the rasters at the points, a random forest, a test of the forest on *other areas* than those it
# has learnt from, and the map. Scikit-learn makes the model; pyterra brings the rasters to it, block by block, on all
# cores, and the answers back.

# %%
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import BaseCrossValidator, KFold, cross_val_predict

import pyterra as pt
from pyterra.workflows.teaching import waves

folder = Path(tempfile.mkdtemp(prefix="mapping-"))


# %% [markdown]
# ## A landscape to practise on
#
# Everything is made here, so that we know the truth: hills, their slope, and two kinds of rock. The bush likes gentle
# slopes at middle heights, and lime. `waves` gives an array of smooth random numbers between 0 and 1.


# %%
size = (240, 320)  # rows and columns
place = {"extent": (612_000, 628_000, 5_204_000, 5_216_000), "crs": "EPSG:32632"}
height = pt.rast(400 + 1200 * waves(size, 1, count=50), names="height", units="m", **place)
slope = height.terrain("slope")
slope.names = "slope"
wetness = pt.rast(
    waves(size, 2, count=50) * 0.7 + 0.3 * (1 - waves(size, 1, count=50)), names="wetness", **place
)
rock = pt.rast((waves(size, 3, longest=2.5, count=50) > 0.5).astype("uint8"), names="rock", **place)
rock.levels = {0: "granite", 1: "lime"}
rock.names = "rock"
predictors = pt.c(height, slope, wetness, rock)
print(predictors)
predictors.plot(nc=2, axes=False)

# %% [markdown]
# The truth, which in life nobody has: a probability for each cell. `lapp` makes it from the layers; its last term is
# something that varies smoothly over the land and that none of our predictors tells: there is always such a thing, and
# it is what makes testing on neighbours so treacherous.

# %%
unknown = pt.rast(waves(size, 9, longest=3, count=50) * 3 - 1.5, **place)
truth = pt.c(height, slope, rock + 0, unknown).lapp(
    lambda h, s, lime, u: 1 / (1 + np.exp(((h - 900) / 220) ** 2 + s / 9 - 2.2 - 1.6 * lime - 1.8 * u))
)
truth.names = "probability"

# %% [markdown]
# ## The visits
#
# Nobody visits places at random: people go where the road is, and look around. So the points come in clusters.

# %%
rng = np.random.default_rng(4)
centres = rng.uniform([613_000, 5_205_000], [627_000, 5_215_000], (40, 2))
xy = centres.repeat(10, axis=0) + rng.normal(size=(400, 2)) * 250
points = pt.vect(xy, crs="EPSG:32632")
seen = truth.extract(points)["probability"].to_numpy() > rng.random(400)
points["bush"] = np.where(seen, "yes", "no")
print(points)

ax = height.plot(cmap="Greys", alpha=0.6, main="400 visits", legend_title="height (m)")
points.plot("bush", colors=["#bb5566", "#117733"], add=True, legend="bottomleft", cex=0.9, ax=ax)
pt.sbar(xy="bottomright", ax=ax)

# %% [markdown]
# ## What the forest learns from
#
# `extract` gives the values of all layers at the points: a table with a row per point. Rock comes as its label. A forest
# of scikit-learn wants numbers, so we give it a column that is 1 on lime; the map will need a layer of that name.

# %%
layers = pt.c(height, slope, wetness, rock == "lime")
layers.names = ["height", "slope", "wetness", "lime"]
table = layers.extract(points).drop(columns="ID").astype(float)
print(table.head())
complete = table.notna().all(axis=1).to_numpy()  # the slope is missing along the edge
x, y, where = table[complete], seen[complete], xy[complete]

# %% [markdown]
# ## How good is it? Ask in other places
#
# The usual test leaves out points at random. But a point that is left out has neighbours of its cluster among those the
# forest has learnt from: the test asks for what the forest has seen. A map is used where nobody has been, so leave out
# whole *blocks* of land instead. A splitter for scikit-learn is a class with two methods.


# %%
class Blocks(BaseCrossValidator):
    """Squares of land, dealt out to folds.

    Parameters
    ----------
    where : ndarray of shape (n, 2)
        Coordinates of the samples.
    size : float
        Side of a square.
    folds : int
    """

    def __init__(self, where, size, folds=5, seed=0):
        number = np.unique(np.floor(where / size), axis=0, return_inverse=True)[1].ravel()
        dealt = np.random.default_rng(seed).permutation(number.max() + 1) % folds
        self.fold_of_sample, self.folds = dealt[number], folds

    def get_n_splits(self, X=None, y=None, groups=None):
        return self.folds

    def _iter_test_masks(self, X=None, y=None, groups=None):
        return (self.fold_of_sample == fold for fold in range(self.folds))


forest = RandomForestClassifier(150, min_samples_leaf=4, n_jobs=-1, random_state=1)
blocks = Blocks(where, 4000)
tests = {"points at random": KFold(5, shuffle=True, random_state=1), "blocks of land": blocks}
scores = {}
for name, splitter in tests.items():
    shares = cross_val_predict(forest, x, y, cv=splitter, method="predict_proba")[:, 1]
    scores[name] = roc_auc_score(y, shares)
    print(f"{name:>18}: area under the curve {scores[name]:.3f}")

# %%
folds = points[complete.nonzero()[0].tolist()]
folds["fold"] = [f"fold {i + 1}" for i in blocks.fold_of_sample]
ax = folds.plot("fold", main="Blocks of land, dealt out to five folds", cex=1.1)
edges = np.arange(612_000, 628_001, 4000), np.arange(5_204_000, 5_216_001, 4000)
for left in edges[0][:-1]:
    for bottom in edges[1][:-1]:
        pt.lines(pt.ext(left, left + 4000, bottom, bottom + 4000), col="#999999", lwd=0.6, ax=ax)

# %% [markdown]
# Random points promise more than blocks do. The second number is the one to print beside the map.
#
# ## The map
#
# `predict` finds the layers by the names of the forest's columns, leaves out cells where one is missing, and gives a
# layer per class. Nothing is computed until the map is drawn or written. Its bits are those of scikit-learn itself.

# %%
forest.fit(x, y)
chance = layers.predict(forest, type="prob", index=1, names="bush")
print(chance)
chance = chance.write_raster(folder / "bush.tif", overwrite=True, datatype="float32")

ax = chance.plot(cmap="YlGn", range=(0, 1), main="Probability of the bush", legend_title="probability")
pt.points(points[seen.nonzero()[0].tolist()], col="#222222", cex=0.5, ax=ax)
pt.north(ax=ax)
pt.sbar(ax=ax)

# %% [markdown]
# Against the truth, which we have only here:

# %%
both = pt.c(truth, chance)
both.names = ["truth", "predicted"]
both.plot(common=True, range=(0, 1), cmap="YlGn", axes=False, legend_title="probability")
error = (chance - truth).abs().global_("mean", na_rm=True)
print("mean error of the probability:", round(float(error.iloc[0, 0]), 3))

# %% [markdown]
# ## Where the map should not be trusted
#
# A forest never says more than it has seen. Where heights, slopes and wetness lie outside the range of the visited
# places, its answer is a guess. A comparison for each layer and a sum mark those cells.

# %%
outside = pt.c(*[(layers[name] < x[name].min()) | (layers[name] > x[name].max()) for name in x.columns]).sum()
share = 100 * float((outside > 0).global_("mean", na_rm=True).iloc[0, 0])
print(f"{share:.1f} % of the land lies outside of what was visited")
stray = (outside > 0).ifel(1, None)
ax = chance.plot(
    cmap="YlGn", range=(0, 1), main="Grey: nothing like it was visited", legend_title="probability"
)
stray.plot(add=True, colors=["#777777"], type="classes", ax=ax)

# %% tags=["remove-cell"]
assert scores["points at random"] > scores["blocks of land"] > 0.5
assert (folder / "bush.tif").exists()

# %% [markdown]
# ## Several classes, from polygons
#
# A map of land cover goes the same way. The predictors are the bands of an image, and somebody has drawn circles in which
# there is one kind of cover. We make both: four kinds that follow height and wetness, and what a camera sees of them.

# %%
h, w = height.to_numpy()[0], wetness.to_numpy()[0]
kind = np.select([w > 0.75, h > 1150, h > 750], [0, 3, 1], 2)
kinds = np.array(["water", "forest", "meadow", "rock"])
light = np.array([[300, 250, 200], [400, 350, 2900], [750, 800, 2500], [1300, 1400, 1900]])
seen_by_camera = light[kind].transpose(2, 0, 1) + rng.normal(0, 300, (3, *size))
image = pt.rast(seen_by_camera, names=["green", "red", "infrared"], **place)

drawn = pt.vect(rng.uniform([612_200, 5_204_200], [627_800, 5_215_800], (150, 2)), crs="EPSG:32632")
drawn["cover"] = kinds[pt.rast(kind, names="kind", **place).extract(drawn)["kind"].astype(int)]
drawn = drawn.buffer(200)

# %% [markdown]
# `extract` gives a row per cell, and in the column `ID` the number of its polygon: so each row gets the label of the
# polygon. Cells of one polygon are neighbours. So whole polygons are kept for the test, fifty of them.

# %%
cells = image.extract(drawn)
cells["cover"] = drawn["cover"].to_numpy()[cells["ID"]]
learn, test = cells[cells["ID"] < 100], cells[cells["ID"] >= 100]
cover_forest = RandomForestClassifier(100, min_samples_leaf=5, n_jobs=-1, random_state=1)
cover_forest.fit(learn[image.names], learn["cover"])
answers = cover_forest.predict(test[image.names])
print(pd.crosstab(test["cover"], answers, rownames=["drawn"], colnames=["told by the forest"]))
print(f"{100 * np.mean(test['cover'] == answers):.0f} % of the cells are right")

# %% [markdown]
# Of a model that gives labels `predict` makes a layer of classes. They may have colours of their own, which stay in the
# file. `expanse` adds up the area of each.

# %%
cover = image.predict(cover_forest, names="cover")
cover.colors = {"water": "#4477aa", "forest": "#228833", "meadow": "#c5d86d", "rock": "#bbbbbb"}
cover = cover.write_raster(folder / "cover.tif", overwrite=True)
print(cover.expanse(unit="ha", by_value=True))
ax = cover.plot(main="Land cover, and where it was drawn")
drawn.polys(border="black", lwd=0.6, ax=ax)
pt.sbar(ax=ax)

# %% [markdown]
# ## Exercises
#
# **1.** How much of the land has a probability above one half?

# %% tags=["hide-cell"]
share = (chance > 0.5).global_("mean", na_rm=True).iloc[0, 0]
print(f"{100 * share:.1f} %")

# %% [markdown]
# **2.** Blocks of 2 km instead of 4: is the promise of the test nearer to that of random points?

# %% tags=["hide-cell"]
shares = cross_val_predict(forest, x, y, cv=Blocks(where, 2000), method="predict_proba")[:, 1]
print(f"blocks of 2 km: {roc_auc_score(y, shares):.3f}; 4 km: {scores['blocks of land']:.3f}")

# %% [markdown]
# **3.** Trees of a forest disagree where it is not sure. Map the standard deviation of the trees' answers.

# %% tags=["hide-cell"]


def spread(model, table):
    """Standard deviation of the probabilities that the trees give."""
    rows = table[x.columns].to_numpy()
    return np.std([tree.predict_proba(rows)[:, 1] for tree in model.estimators_], axis=0)


unsure = layers.aggregate(4).predict(forest, spread, names="spread")
unsure.plot(cmap="magma", main="How much the trees disagree", legend_title="sd")
