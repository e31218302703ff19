# Datasets and collections: rasters or vectors held together.
#' @include by_hand.R show.R
NULL

GATHERED <- c("PySpatRasterDataset", "PySpatRasterCollection", "PySpatVectorCollection")

COLLECTIONS <- c(dataset = "sds", collection = "sprc", vectors = "svc")

# One of terra's goes member by member.
collection_to_py <- function(x) {
  held <- members_of(x)
  made <- ask("function", COLLECTIONS[[kind_of(x)]], lapply(held[[1L]], as_py))
  if (any(nzchar(held[[2L]]))) {
    made <- ask("set", "names", list(made, as_vector(held[[2L]])))
  }
  made
}

collection_to_terra <- function(x) {
  members <- lapply(seq_along(x), function(i) as_terra(x[i]))
  kind <- names(COLLECTIONS)[match(class(x)[[1L]], GATHERED)]
  gathered(kind, members, ask("get", "names", list(x)))
}

one_member <- function(x, i) {
  if (is.numeric(i) && length(i) == 1L && (i < 1 || i > length(x))) {
    stop_plain("[: members are numbered 1 to ", length(x), ", got ", i)
  }
  if (length(i) == 1L) {
    return(ask("item", "", list(x, if (is.character(i)) i else i - 1)))
  }
  ask("call", "subset", list(x, if (is.character(i)) as_vector(i) else as_positions(chosen(i, length(x)))))
}

for (class in GATHERED) {
  setMethod("length", class, function(x) ask("call", "__len__", list(x)))
  setMethod("[", class, function(x, i, j, ..., drop = TRUE) one_member(x, i))
  setMethod("[[", class, function(x, i, j, ...) one_member(x, i))
  setMethod("$", class, function(x, name) one_member(x, name))
  setMethod("names", class, function(x) ask("get", "names", list(x)))
  setMethod("names<-", class, function(x, value) ask("set", "names", list(x, as_vector(value))))
  setMethod("show", class, show_py)
  by_hand("ext", class, function(x) ask("get", "ext", list(x)))
}
rm(class)

for (class in GATHERED[1:2]) {
  by_hand("crop", class, function(x, y, snap = "near", extend = FALSE) {
    ask("call", "crop", list(x, y), list(snap = snap, extend = extend))
  })
  by_hand("nlyr", class, function(x) ask("get", "nlyr", list(x)))
}
rm(class)

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
    stop_plain("lapp: of datasets takes no function of R; use lapp() of c(x[1], x[2]), or hand the dataset back by as_terra()")
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
