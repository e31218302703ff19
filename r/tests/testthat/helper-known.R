# Answers that differ from those of terra, and why. Names are the beginnings of cases.

NEWER <- "as newer terra has it; 1.7-3 did otherwise"

# Of every version.
KNOWN_DIFFERENCES <- c(
  "centroids(x)" = "points, as its help says; terra gives a table",
  "nrow(metags(x))" = "a table, as its help says; terra gives NULL until there was a tag",
  "divide(v[1], list(" = "cut where the area is exact; terra is 1e-5 off",
  "fillHoles(ifel" = "of equally near cells another one",
  "NIDP(" = "pits are no neighbours of themselves; missing stays missing",
  "flowAccumulation(" = "missing directions stay missing",
  "pitfinder(" = "missing directions stay missing",
  "watershed(" = "missing directions stay missing",
  "interpIDW(" = "named after the field", "interpNear(" = "named after the field", "rasterizeWin(" = "named after the field",
  "rasterizeGeom(points" = "named after what it tells",
  "viewshed(" = "ground that falls away is seen",
  "focal3D(x" = "layers keep their names",
  "k_means(" = "another algorithm",
  "direction(s" = "of cells equally near another one",
  "adjacent(x" = "terra names rows after cells, counted from 0",
  "app(x, range)" = "named as range() names them",
  "ifel(b, x, NA)" = "named after the layers of x; terra has lyr1 where the test has one layer",
  "disagg(x, c(2, 3), \"bilinear\")" = "missing cells of one layer are not missing in others",
  "distance(s, points)" = "the layer keeps its name",
  "sort(y, decreasing" = "missing ones come last; terra leaves such cells as they are",
  "nany(x" = "nany() with a missing layer is missing, as any()",
  "weighted.mean(x, c(" = "named after the verb, as with a raster of weights",
  "modal(z, z, b)" = "the layer keeps its name",
  "{     ncol(x) <- 4" = "layers keep their names",
  "{     nrow(x) <- 4" = "layers keep their names",
  "{     res(x) <- 2" = "layers keep their names",
  "rast(x, nlyrs = 1)" = "lyr.1, where terra has lyr1",
  "spatSample(x, 12, \"regular\")" = "twelve cells where twelve are asked for",
  "spatSample(x, 12, \"regular\", as.raster" = "twelve cells where twelve are asked for",
  "signif(x" = "significant digits; terra rounds to decimals",
  "aggregate(points, \"label\"" = "records without a label come last",
  "convHull(points, \"label\")" = "records without a label come last",
  "median(points)" = "text has no median: an error",
  "min(v)" = "text is no number: an error",
  "max(v)" = "text is no number: an error",
  "nearest(" = "also the coordinates of the nearest",
  "rasterize(v, x, \"size\", background = 0, touches = TRUE)" = "cells that two polygons touch belong to the last",
  "rasterize(v, x, cover = TRUE)" = "exact shares of cells",
  "union(v)" = "parts come in another order",
  "NAflag(x)" = "one per layer, not per source",
  "project(e + 10" = "terra goes 192 m too far north"
)

# Of versions before 1.8.
OLDER_DIFFERENCES <- c(
  "intersect(x, ext(" = "an extent in whole cells; 1.7-3 refuses", "intersect(ext(" = "an extent in whole cells; 1.7-3 gives it as it is",
  "rasterize(points, g" = "1.7-3 has no functions of several numbers", "sort(spatSample(points" = "1.7-3 takes other points",
  "extract(x, project(" = "vectors of another CRS are projected; 1.7-3 takes them as they are",
  "(x > 1) & (y > 1)" = "NA & TRUE is missing; 1.7-3 gave 0",
  "(x > 1) | FALSE" = "NA | FALSE is missing; 1.7-3 gave 0",
  "sieve(f, 2, 4)" = NEWER,
  "abs(x)%%3" = NEWER,
  "ifel(" = "1.7-3 gave a value where the condition is missing",
  "abs(x)%/%3" = NEWER,
  "all(x > 5)" = "in terra all() with NA and FALSE depends on the order of layers",
  "any(x > 5)" = "any() with a missing layer is missing; 1.7-3 gave 1",
  "as.factor(z)" = "the layer keeps its name; 1.7-3 named it label",
  "boundaries(z, classes = TRUE, directions = 4)" = "missing is a class of its own; 1.7-3 looks past missing cells",
  "cartogram(v" = NEWER,
  "concats(" = "made of as.factor(z)",
  "elongate(as.lines(v)" = NEWER,
  "crop(z, e + 9, extend = TRUE)" = "1.7-3 does not extend",
  "expanse(w)" = "a table; 1.7-3 gave numbers",
  "focal(z, matrix(1, 3, 3), \"modal\")" = "missing beside missing cells; terra is inconsistent",
  "global(x, c(" = "1.7-3 takes one function with na.rm",
  "init(x, \"cell\")" = "named by the word, as newer terra has it",
  "init(z, \"x\")" = "named by the word, as newer terra has it",
  "init(z, \"row\")" = "named by the word, as newer terra has it",
  "is.int(c(f, z))" = "a layer with categories is no integer layer",
  "compare(x, 3" = "1.7-3 has no compare()",
  "layerCor(x" = "1.7-3 takes other words for use, and names rows",
  "extract(ifel(z == 2, NA, z), points, search_radius" = "1.7-3 has no search_radius",
  "split(x, c(" = "the second group; 1.7-3 began with it",
  "where.min(x, list" = "1.7-3 gave other forms",
  "weighted.mean(x, abs" = "the layer is named weighted.mean; 1.7-3 named it sum",
  "merge(" = "missing cells are filled from the next raster; 1.7-3 left them",
  "mosaic(" = "see merge",
  "rotate(w)" = "1.7-3 rotates what does not reach around the earth",
  "densify(lines, 1)" = "attributes stay; 1.7-3 lost them",
  "rasterize(points, x, \"n\", fun = sum)" = "named after the field",
  "extract(x, points, layer = c(" = "without the names of the layers, as newer terra has it",
  "crosstab(c(z, b), long = TRUE)" = "named after the layers; 1.7-3 made the names different",
  "v + o" = "what one side covers comes first; 1.7-3 began with what both cover",
  "union(v, o)" = "see v + o"
)

OLDER_TERRA <- utils::packageVersion("terra") < "1.8"

# The reason why a case differs, or NA.
known_difference <- function(text) {
  known <- c(KNOWN_DIFFERENCES, if (OLDER_TERRA) OLDER_DIFFERENCES)
  found <- startsWith(text, names(known))
  if (any(found)) known[[which(found)[1L]]] else NA_character_
}

# What the installed terra cannot do itself.
TERRA_REFUSES <- c(
  "centroids(x)", "centroids(v, correct",
  "fillHoles(z)", "fillHoles(ifel(", "split(v[1], as.lines(o))", "split(as.lines(v), o)",
  "as.integer(x)", "global(x, c(", "trim(mask(z, v), padding = 1)", "v * o", "mean(v)", "subset(v, select", "range(e)",
  "compareGeom(v, v)", "simplifyLevels(f)", "rowSums(", "rowMeans(", "colSums(", "colMeans(", "compare(x, y", "crds(x, df = TRUE, na.all", "where.min(x, values = FALSE)",
  "intersect(x, ext(", "rasterize(points, g", "sort(spatSample(points"
)
