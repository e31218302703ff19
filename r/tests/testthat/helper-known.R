# Answers that differ from those of the installed terra, and why. Names are the beginnings of cases.

NEWER <- "as newer terra has it; 1.7-3 did otherwise"

KNOWN_DIFFERENCES <- c(
  "(x > 1) & (y > 1)" = "NA & TRUE is missing; 1.7-3 gave 0",
  "(x > 1) | FALSE" = "NA | FALSE is missing; 1.7-3 gave 0",
  "abs(x)%%3" = NEWER,
  "abs(x)%/%3" = NEWER,
  "adjacent(x" = "terra names rows after cells, counted from 0",
  "all(x > 5)" = "in terra all() with NA and FALSE depends on the order of layers",
  "any(x > 5)" = "any() with a missing layer is missing; 1.7-3 gave 1",
  "app(x, range)" = "named as range() names them",
  "as.factor(z)" = "the layer keeps its name; 1.7-3 named it label",
  "boundaries(z, classes = TRUE, directions = 4)" = "missing is a class of its own; 1.7-3 looks past missing cells",
  "concats(" = "made of as.factor(z)",
  "crop(z, e + 9, extend = TRUE)" = "1.7-3 does not extend",
  "disagg(x, c(2, 3), \"bilinear\")" = "missing cells of one layer are not missing in others",
  "distance(s, points)" = "the layer keeps its name",
  "expanse(w)" = "a table; 1.7-3 gave numbers",
  "focal(z, matrix(1, 3, 3), \"modal\")" = "missing beside missing cells; terra is inconsistent",
  "global(x, c(" = "1.7-3 takes one function with na.rm",
  "ifel(" = "names of the condition; 1.7-3 kept others, and missing conditions gave a value",
  "init(x, \"cell\")" = "named by the word, as newer terra has it",
  "init(z, \"x\")" = "named by the word, as newer terra has it",
  "init(z, \"row\")" = "named by the word, as newer terra has it",
  "is.int(c(f, z))" = "a layer with categories is no integer layer",
  "merge(" = "missing cells are filled from the next raster; 1.7-3 left them",
  "mosaic(" = "see merge",
  "modal(z, z, b)" = "the layer keeps its name",
  "{     ncol(x) <- 4" = "layers keep their names",
  "{     nrow(x) <- 4" = "layers keep their names",
  "{     res(x) <- 2" = "layers keep their names",
  "rast(x, nlyrs = 1)" = "lyr.1, where 1.7-3 has lyr1",
  "rotate(w)" = "1.7-3 rotates what does not reach around the earth",
  "spatSample(x, 12, \"regular\")" = "twelve cells where twelve are asked for",
  "spatSample(x, 12, \"regular\", as.raster" = "twelve cells where twelve are asked for",
  "signif(x" = "significant digits; 1.7-3 rounds to decimals",
  "aggregate(points, \"label\"" = "records without a label come last",
  "convHull(points, \"label\")" = "records without a label come last",
  "densify(lines, 1)" = "attributes stay; 1.7-3 lost them",
  "median(points)" = "text has no median: an error",
  "min(v)" = "text is no number: an error",
  "max(v)" = "text is no number: an error",
  "nearest(" = "also the coordinates of the nearest, as newer terra has them",
  "rasterize(points, x, \"n\", fun = sum)" = "named after the field",
  "rasterize(v, x, \"size\", background = 0, touches = TRUE)" = "cells that two polygons touch belong to the last",
  "rasterize(v, x, cover = TRUE)" = "exact shares of cells",
  "union(v)" = "parts come in another order",
  "project(e + 10" = "1.7-3 goes 192 m too far north"
)

# The reason why a case differs, or NA.
known_difference <- function(text) {
  found <- startsWith(text, names(KNOWN_DIFFERENCES))
  if (any(found)) KNOWN_DIFFERENCES[[which(found)[1L]]] else NA_character_
}

# What the installed terra cannot do itself.
TERRA_REFUSES <- c(
  "as.integer(x)", "global(x, c(", "trim(mask(z, v), padding = 1)", "v * o", "mean(v)", "subset(v, select", "range(e)",
  "compareGeom(v, v)"
)
