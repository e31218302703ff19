# Answers questions about terra: reads the path of a folder per line from stdin, evaluates the expressions in it, and
# writes what they gave. See session.py for the other side.
suppressMessages(library(terra))
terraOptions(progress = 0)

input <- function(con, nrow, ncol, nlyr, extent, crs, names, kind, time = NULL) {
  v <- readBin(con, "double", n = nrow * ncol * nlyr)
  v[is.nan(v)] <- NA
  if (kind %in% c("int", "factor")) v <- as.integer(v)
  if (kind == "bool") v <- as.logical(v)
  r <- rast(nrows = nrow, ncols = ncol, nlyrs = nlyr, extent = ext(extent), crs = crs)
  values(r) <- matrix(v, ncol = nlyr)
  if (kind == "bool") r <- r == 1
  if (kind == "factor") levels(r) <- data.frame(ID = 0:4, label = paste0("class", 0:4))
  names(r) <- names
  if (!is.null(time)) time(r) <- time
  r
}

vector_input <- function(wkt, crs, table = NULL) {
  v <- vect(wkt)
  crs(v) <- crs
  if (!is.null(table)) values(v) <- table
  v
}

# Distances of points along great circles
haversine <- function(v, w) {
  a <- crds(v) * pi / 180
  b <- crds(w) * pi / 180
  one <- function(i) {
    h <- sin((b[, 2] - a[i, 2]) / 2)^2 + cos(a[i, 2]) * cos(b[, 2]) * sin((b[, 1] - a[i, 1]) / 2)^2
    2 * 6378137 * asin(sqrt(h))
  }
  do.call(rbind, lapply(seq_len(nrow(a)), one))
}

# Distances of points along geodesics, which earlier versions of terra measure unless asked otherwise
geodesics <- function(v, ...) {
  tryCatch(distance(v, ..., method = "geo"), error = function(e) distance(v, ...))
}

# What newer versions of terra give where 1.7-3 differs, made from R's own operators
by_values <- function(fun, x, y) {
  n <- if (inherits(y, "SpatRaster")) max(nlyr(x), nlyr(y)) else nlyr(x)
  a <- values(x)[, rep_len(seq_len(nlyr(x)), n), drop = FALSE]
  b <- if (inherits(y, "SpatRaster")) values(y)[, rep_len(seq_len(nlyr(y)), n), drop = FALSE] else y
  out <- rast(x, nlyrs = n)
  values(out) <- fun(a + 0, b + 0) # as numbers of the raster are: of whole ones R has no infinite quotient
  names(out) <- if (nlyr(x) == n) names(x) else paste0("lyr", seq_len(n))
  out
}

# GDAL takes a cell that is missing in one layer only for valid in all: each layer by itself is what is meant
layer_by_layer <- function(x, fun) rast(lapply(seq_len(nlyr(x)), function(i) fun(x[[i]])))

# extend: four numbers are cells left, right, below and above
extend_by <- function(x, n) extend(x, ext(x) + c(n[1:2] * xres(x), n[3:4] * yres(x)))

# merge: missing cells are filled from the next raster
merge_by_cover <- function(x, ...) {
  all <- list(x, ...)
  e <- Reduce(union, lapply(all, ext))
  Reduce(cover, lapply(all, extend, y = e))
}

# A function that 1.7-3 has under no name
std <- function(x, na.rm = FALSE, ...) {
  if (na.rm) x <- x[!is.na(x)]
  if (length(x) == 0) NA else sqrt(mean((x - mean(x))^2))
}

# Cells that differ from a neighbour, after rounding; missing is a class of its own
class_edges <- function(x, inner, directions, falseval) {
  v <- as.matrix(x, wide = TRUE)
  v <- sign(v) * floor(abs(v) + 0.5)
  v[is.na(v)] <- Inf
  around <- function(i, n) pmin(pmax(i, 1), n)
  edge <- matrix(FALSE, nrow(v), ncol(v))
  for (i in -1:1) for (j in -1:1) {
    if (directions == 4 && i != 0 && j != 0) next
    edge <- edge | v != v[around(seq_len(nrow(v)) + i, nrow(v)), around(seq_len(ncol(v)) + j, ncol(v))]
  }
  if (inner) edge <- edge & is.finite(v)
  out <- ifelse(edge, 1, ifelse(is.infinite(v), NA, falseval))
  setValues(x, as.vector(t(out)))
}

# Numbers instead of labels
codes <- function(d) {
  as.data.frame(lapply(do.call(data.frame, as.list(d)), function(v) {
    if (is.character(v) || is.factor(v)) as.numeric(sub("class", "", as.character(v))) else as.numeric(v)
  }))
}

# terra 1.7-3 divides by the wrong weights
weighted_zones <- function(x, z, w, na.rm) {
  zone <- values(z)[, 1]
  one <- function(v, k) weighted.mean(v[k], values(w)[k, 1], na.rm = na.rm)
  groups <- sort(unique(zone[!is.na(zone)]))
  out <- lapply(seq_len(nlyr(x)), function(i) sapply(groups, function(g) one(values(x)[, i], which(zone == g))))
  as.data.frame(c(list(groups), out), col.names = c("zone", names(x)))
}

layers_from_0 <- function(d) {
  if (nrow(d) > 0) d[, 1] <- d[, 1] - 1
  d
}

# R leaves a row and a column of missing values in even where there are none
with_na <- function(m, use_na) {
  if (!use_na) return(unclass(m))
  for (k in 1:2) {
    gone <- is.na(dimnames(m)[[k]]) & apply(m, k, sum) == 0
    m <- if (k == 1) m[!gone, , drop = FALSE] else m[, !gone, drop = FALSE]
  }
  unclass(m)
}

zero_based <- function(cells) ifelse(is.na(cells), -1, cells - 1)

# R's approx for every cell
approx_cells <- function(x, z, at, method, ties, ...) {
  one <- function(v) {
    tryCatch(approx(z, v, at, method = method, ties = ties, ...)$y, error = function(e) rep(NA_real_, length(at)))
  }
  out <- rast(x, nlyrs = length(at))
  values(out) <- matrix(t(apply(values(x), 1, one)), ncol = length(at))
  out
}

# Tables of extract: geometries and cells count from 0, outside is -1
from_zero <- function(d) {
  d <- as.data.frame(d)
  if ("ID" %in% names(d)) d$ID <- d$ID - 1
  if ("cell" %in% names(d)) d$cell <- zero_based(d$cell)
  d
}

zone_from_zero <- function(d) { d$zone <- d$zone - 1; d }

# A statistic of no cells is missing (terra gives what R's function gives for nothing)
without_nothing <- function(d) {
  m <- data.matrix(from_zero(d))
  m[!is.finite(m)] <- NA
  m
}

# compareGeom of vectors; 1.7-3 has none
same_vertices <- function(v) {
  if (packageVersion("terra") >= "1.8") return(compareGeom(v, v))
  shapes <- geom(v, hex = TRUE)
  outer(shapes, shapes, "==")
}

# 1.7-3 gives numbers, one per layer, later versions a table
areas <- function(x) if (is.data.frame(x)) x$area else x

# A sum of no values is missing
sum_known <- function(v, na.rm = FALSE) if (na.rm && all(is.na(v))) NA else sum(v, na.rm = na.rm)

# The covered fraction of each cell, from extract
exact_cover <- function(v, x) {
  out <- rast(x, nlyrs = 1, vals = 0)
  e <- extract(x[[1]], v, exact = TRUE, cells = TRUE)
  e <- e[!is.na(e$cell), ]
  out[e$cell] <- e$fraction
  out
}

# 1.7-3 looks along rows and columns only, and measures both by the width of a cell: all pairs instead
planar_distance <- function(x) {
  known <- !is.na(values(x)[, 1])
  if (!any(known)) stop("no locations to compute distance from")
  xy <- xyFromCell(x, 1:ncell(x))
  from <- xy[known, , drop = FALSE]
  gap <- sqrt(outer(xy[, 1], from[, 1], "-")^2 + outer(xy[, 2], from[, 2], "-")^2)
  setValues(x, apply(gap, 1, min))
}

# Patches numbered in the order of their first cells
in_order <- function(x) {
  v <- as.vector(values(x))
  values(x) <- match(v, unique(v[!is.na(v)]))
  x
}

line <- function(out, ...) cat(paste(c(...), collapse = "\t"), "\n", sep = "", file = out)
unit <- function(x) paste(x, collapse = "\x1f")

give <- function(id, x, out, bin) {
  if (inherits(x, "SpatExtent")) x <- as.vector(x)
  if (inherits(x, "SpatRaster")) {
    e <- as.vector(ext(x))
    kind <- ifelse(is.factor(x), "factor", ifelse(is.bool(x), "bool", ifelse(is.int(x), "int", "num")))
    v <- as.double(values(x))
    line(out, id, "raster", nrow(x), ncol(x), nlyr(x), sprintf("%.17g", e), unit(names(x)), unit(kind), length(v))
    v[is.na(v)] <- NaN
    writeBin(v, bin)
  } else if (inherits(x, "SpatVector")) {
    give_vector(id, x, out, bin)
  } else if (is.data.frame(x) || is.matrix(x) || is.numeric(x) || is.logical(x)) {
    m <- if (is.data.frame(x)) data.matrix(x) else as.matrix(x)
    v <- as.double(m)
    v[is.na(v)] <- NaN
    line(out, id, "numbers", nrow(m), ncol(m), unit(colnames(m)), unit(rownames(m)), length(v))
    writeBin(v, bin)
  } else {
    line(out, id, "text", gsub("[\t\n]", " ", unit(as.character(x))))
  }
}

# geom() of 1.7-3 gives the first point of several as WKB
points_text <- function(x) {
  g <- geom(x)
  xy <- sprintf("(%.17g %.17g)", g[, 3], g[, 4])
  xy[is.na(g[, 3])] <- NA
  of <- split(xy, factor(g[, 1], levels = seq_len(nrow(x))))
  vapply(of, function(v) if (anyNA(v) || length(v) == 0) "POINT EMPTY" else paste0("MULTIPOINT (", toString(v), ")"), "")
}

give_vector <- function(id, x, out, bin) {
  n <- length(geom(x, hex = TRUE))  # nrow() of 1.7-3 counts geometries that were dropped
  table <- if (n == 0) data.frame() else values(x)
  text <- vapply(table, function(v) is.character(v) || is.factor(v), TRUE)
  words <- lapply(table[text], function(v) {
    v <- gsub("[\t\n]", " ", as.character(v))
    v[is.na(v)] <- "\x02"
    unit(v)
  })
  shapes <- if (n == 0) "" else unit(if (geomtype(x) == "points") points_text(x) else geom(x, hex = TRUE))
  line(out, id, "vector", geomtype(x), shapes, unit(names(table)), unit(ifelse(text, "text", "number")), unlist(words))
  for (v in table[!text]) {
    v <- as.double(v)
    v[is.na(v)] <- NaN
    writeBin(v, bin)
  }
}

answer <- function(id, code, where, out, bin) {
  result <- tryCatch(
    withCallingHandlers(eval(parse(text = code), where), warning = function(w) invokeRestart("muffleWarning")),
    error = function(e) e
  )
  if (inherits(result, "error")) {
    line(out, id, "error", gsub("[\t\n]", " ", conditionMessage(result)))
  } else {
    tryCatch(give(id, result, out, bin), error = function(e) line(out, id, "error", conditionMessage(e)))
  }
}

questions <- file("stdin", open = "r")
cat("ready\t", as.character(packageVersion("terra")), "\n", sep = "")
flush(stdout())
while (length(folder <- readLines(questions, n = 1)) > 0) {
  con <- file(file.path(folder, "in.bin"), open = "rb")
  bin <- file(file.path(folder, "out.bin"), open = "wb")
  out <- file(file.path(folder, "out.txt"), open = "w")
  source(file.path(folder, "questions.R"), local = TRUE)
  close(con)
  close(bin)
  close(out)
  cat("done\n")
  flush(stdout())
}
