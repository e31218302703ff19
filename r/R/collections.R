# Datasets and collections: rasters or vectors held together.
#' @include by_hand.R show.R
NULL

GATHERED <- unname(PY_CLASS[c("SpatRasterDataset", "SpatRasterCollection", "SpatVectorCollection")])

COLLECTIONS <- c(dataset = "sds", collection = "sprc", vectors = "svc")

# One of terra's goes member by member.
collection_to_py <- function(x) {
  held <- members_of(x)
  as_members(COLLECTIONS[[kind_of(x)]], held[[1L]], held[[2L]])
}

collection_to_terra <- function(x) {
  members <- lapply(seq_along(x), function(i) as_terra(x[i]))
  kind <- names(COLLECTIONS)[match(class(x)[[1L]], GATHERED)]
  gathered(kind, members, ask("get", "names", list(x)))
}

one_member <- function(x, i) {
  if (is.numeric(i) && length(i) == 1L && (is.na(i) || i == 0 || abs(i) > length(x))) {
    stop_plain("[: members are numbered 1 to ", length(x), ", got ", i)
  }
  if (!is.character(i)) {
    i <- chosen(i, length(x))
  }
  if (length(i) == 1L) {
    return(ask("item", "", list(x, i)))
  }
  ask("item", "", list(x, if (is.character(i)) as_vector(i) else as_positions(i)))
}

# Layers of members, joined unless `drop` is FALSE.
layers_of_members <- function(x, i, j, drop) {
  members <- as.list(x)
  if (!missing(i)) {
    places <- if (is.character(i)) match(i, names(x)) else seq_along(members)[if (is.logical(i)) rep_len(i, length(x)) else i]
    if (!length(places) || anyNA(places)) {
      stop_plain("[: members are numbered 1 to ", length(x), if (length(names(x))) paste0(" (", toString(names(x)), ")"), ", got ", toString(i))
    }
    members <- members[places]
  }
  layers <- lapply(members, function(one) one[[j]])
  if (drop) do.call(c, unname(layers)) else as_members("sds", layers, names(members))
}

for (class in GATHERED) {
  setMethod("length", class, function(x) ask("call", "__len__", list(x)))
  setMethod("[", class, function(x, i, j, ..., drop = TRUE) {
    if (missing(j)) {
      if (missing(i)) x else one_member(x, i)
    } else if (is(x, "PySpatRasterDataset")) {
      layers_of_members(x, i, j, drop)
    } else {
      stop_plain("[: takes one index, of members")
    }
  })
  setMethod("[[", class, function(x, i, j, ...) one_member(x, i))
  setMethod("$", class, function(x, name) one_member(x, name))
  setMethod("names", class, function(x) as.character(ask("get", "names", list(x))))
  setMethod("names<-", class, function(x, value) ask("set", "names", list(x, as_vector(value))))
  by_hand("ext", class, function(x) ask("get", "ext", list(x)))
}
rm(class)

# The answer of each member, under its name.
of_each <- function(x, f, ...) stats::setNames(lapply(seq_len(length(x)), function(i) f(x[i], ...)), names(x))

for (class in GATHERED[1:2]) {
  by_hand("crop", class, function(x, y, snap = "near", extend = FALSE) {
    ask("call", "crop", list(x, y), list(snap = snap, extend = extend))
  })
  for (name in c("nlyr", "nrow", "ncol")) local({
    name <- name
    by_hand(name, class, function(x) ask("get", name, list(x)))
  })
  by_hand("sources", class, function(x) unname(vapply(of_each(x, sources), toString, "")))
  by_hand("extract", class, function(x, y, ...) of_each(x, extract, y, ...))
}
rm(class, name)

# A data set has one grid, and one text of each kind for each of its members.
by_hand("dim", "PySpatRasterDataset", function(x) c(nrow(x), ncol(x)))
by_hand("dim", "PySpatRasterCollection", function(x) cbind(nrow = nrow(x), ncol = ncol(x), nlyr = nlyr(x)))
by_hand("ncell", "PySpatRasterDataset", function(x) ask("get", "ncell", list(x)))
by_hand("res", "PySpatRasterDataset", function(x) res(x[1]))
for (class in GATHERED[c(1, 3)]) {
  by_hand("crs", class, function(x, proj = FALSE, describe = FALSE, parse = FALSE) crs(x[1], proj, describe, parse))
}
for (name in c("units", "varnames", "longnames")) local({
  attribute <- if (name == "longnames") "long_names" else name
  by_hand(name, "PySpatRasterDataset", function(x) as.character(ask("get", attribute, list(x))))
  by_hand(paste0(name, "<-"), "PySpatRasterDataset", function(x, value) ask("set", attribute, list(x, as_vector(value))))
})
rm(name, class)
by_hand("time", "PySpatRasterDataset", function(x, format = "") of_each(x, time, format))
by_hand("time<-", "PySpatRasterDataset", function(x, tstep = "", value) {
  made <- lapply(seq_len(length(x)), function(i) {
    one <- x[i]
    time(one, tstep = tstep) <- if (is.list(value)) value[[i]] else value
    one
  })
  as_members("sds", made, names(x))
})
by_hand("timeInfo", "PySpatRasterDataset", function(x) do.call(rbind, of_each(x, timeInfo)))
by_hand("toMemory", "PySpatRasterDataset", function(x) ask("call", "to_memory", list(x)))
by_hand("as.array", "PySpatRasterDataset", function(x) {
  parts <- of_each(x, as.array)
  array(unlist(parts, use.names = FALSE), c(dim(parts[[1L]]), length(parts)))
})
by_hand("readStart", "PySpatRasterDataset", function(x) invisible(TRUE))
by_hand("readStop", "PySpatRasterDataset", function(x) invisible(TRUE))
by_hand("readValues", "PySpatRasterDataset", function(x, row = 1, nrows = nrow(x), col = 1, ncols = ncol(x), mat = FALSE, dataframe = FALSE) {
  unname(of_each(x, readValues, row, nrows, col, ncols, mat, dataframe))
})
by_hand("mergeTime", "PySpatRasterDataset", function(x, fun = "mean", filename = "", ...) {
  fun <- as_function(fun, list(), "block_function")
  written(ask("call", "merge_time", list(x, fun)), list(filename = filename, ...))
})
by_hand("vrt", "PySpatRasterCollection", function(x, filename = "", overwrite = FALSE, return_filename = FALSE) {
  files <- unlist(lapply(seq_len(length(x)), function(i) sources(x[i])))
  made <- ask("function", "vrt", list(as_vector(files), if (nzchar(filename)) path.expand(filename)), list(overwrite = overwrite))
  if (return_filename) sources(made) else made
})
by_hand("impose", "PySpatRasterCollection", function(x, y, filename = "", ...) {
  written(ask("call", "impose", list(x, y)), list(filename = filename, ...))
})
by_hand("compareGeom", "PySpatRasterCollection", function(x, y, ..., lyrs = FALSE, crs = TRUE, ext = TRUE, rowcol = TRUE,
                                                          res = FALSE, stopOnError = FALSE) {
  others <- lapply(seq_len(length(x))[-1L], function(i) x[i])
  all(vapply(others, function(y) {
    compareGeom(x[1], y, lyrs = lyrs, crs = crs, ext = ext, rowcol = rowcol, res = res, stopOnError = stopOnError)
  }, NA))
})
by_hand("sapp", "PySpatRasterDataset", function(x, fun, ..., filename = "", overwrite = FALSE, wopt = list()) {
  made <- of_each(x, app, fun, ...)
  for (name in names(made)[nzchar(names(made))]) {
    count <- nlyr(made[[name]])
    names(made[[name]]) <- if (count == 1L) name else paste0(name, "_", seq_len(count))
  }
  written(do.call(c, unname(made)), list(filename = filename, overwrite = overwrite, wopt = wopt))
})
by_hand("project", "PySpatVectorCollection", function(x, y, partial = FALSE) as_members("svc", of_each(x, project, y, partial = partial), names(x)))
by_hand("vect", "PySpatVectorCollection", function(x) do.call(rbind, unname(of_each(x, identity))))
by_hand("rast", "PySpatRasterDataset", function(x) ask("function", "rast", list(x)))

# Members gathered, by one of the functions `sds`, `sprc` and `svc`.
as_members <- function(constructor, members, names) {
  made <- ask("function", constructor, lapply(unname(members), as_py))
  if (any(nzchar(names))) ask("set", "names", list(made, as_vector(names))) else made
}

# Others put behind those that are held; `sds(r)` and the like hand over one raster.
for (kind in names(COLLECTIONS)) local({
  class <- GATHERED[[match(kind, names(COLLECTIONS))]]
  constructor <- COLLECTIONS[[kind]]
  joined <- function(x, ...) {
    held <- lapply(list(x, ...), function(one) if (methods::is(as_py(one), class)) as.list(as_py(one)) else list(as_py(one)))
    held <- do.call("c", held)
    as_members(constructor, held, if (is.null(names(held))) rep("", length(held)) else names(held))
  }
  with_member <- function(x, i, value) {
    held <- as.list(x)
    places <- if (is.character(i)) match(i, names(x)) else i
    if (anyNA(places) || any(places < 1 | places > length(x) + 1)) {
      stop_plain("[<-: members are numbered 1 to ", length(x), ", or one more for a new one, got ", toString(i))
    }
    held[places] <- list(as_py(value))
    as_members(constructor, held, c(names(x), rep("", length(held) - length(x))))
  }
  setMethod("c", class, joined)
  setMethod("[<-", class, function(x, i, j, ..., value) with_member(x, i, value))
  by_hand("set.names", class, function(x, value) {
    special("become", x, ask("set", "names", list(py_copy(x), as_vector(value))))
    invisible(TRUE)
  })
  by_hand("add<-", class, function(x, value) joined(x, value))
})
rm(kind)
by_hand("add<-", "PySpatRaster", function(x, value) c(x, value))

by_hand("app", "PySpatRasterDataset", function(x, fun, ..., cores = 1, filename = "", overwrite = FALSE, wopt = list()) {
  over_members(x, "app", fun, list(...), list(), list(filename = filename, overwrite = overwrite, wopt = wopt))
})
by_hand("lapp", "PySpatRasterDataset", function(x, fun, ..., usenames = FALSE, recycle = FALSE, filename = "", overwrite = FALSE,
                                               wopt = list()) {
  named <- list(usenames = usenames, recycle = recycle)
  over_members(x, "lapp", fun, list(...), named, list(filename = filename, overwrite = overwrite, wopt = wopt))
})

over_members <- function(x, verb, fun, more, named, write) {
  own <- is.function(fun) && is.null(function_name(fun))
  if (own && verb == "lapp") {
    return(fall_back("lapp", c(list(x, fun), more, named, write)))
  }
  fun <- as_function(fun, list("..." = more), "block_function")
  if (!own && length(more)) {
    named <- c(named, stats::setNames(more, vapply(names(more), snake_case, "")))
  }
  written(ask("call", verb, list(x, fun), named), write)
}

by_hand("merge", "PySpatRasterCollection", function(x, first = TRUE, filename = "", ...) {
  written(ask("call", "merge", list(x), list(first = first)), list(filename = filename, ...))
})
by_hand("mosaic", "PySpatRasterCollection", function(x, fun = "mean", filename = "", ...) {
  fun <- if (is.function(fun)) function_name(fun) else fun
  written(ask("call", "mosaic", list(x), list(fun = fun)), list(filename = filename, ...))
})

by_hand("sds", "PySpatRaster", function(x, ...) ask("function", "sds", list(x, ...)))
by_hand("sprc", "PySpatRaster", function(x, ...) ask("function", "sprc", list(x, ...)))
by_hand("svc", "PySpatVector", function(x, ...) ask("function", "svc", list(x, ...)))
setMethod("c", "PySpatVector", function(x, ...) ask("function", "svc", list(x, ...)))
