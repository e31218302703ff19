# What pyterra does not do itself: terra does it, with objects of terra in place of those of Python.
#' @include constructors.R metadata.R networks.R pack.R predict.R rows.R values.R vector.R
NULL

# Objects of Python as those of terra, also in lists; and the other way round.
in_terra <- function(x) {
  if (is(x, "PySpat")) as_terra(x) else if (is.list(x) && !is.object(x)) lapply(x, in_terra) else x
}
in_python <- function(x) {
  if (kind_here(x) %in% c("raster", "vector", "extent", "network", "proxy", names(COLLECTIONS))) {
    as_py(x)
  } else if (is.list(x) && !is.object(x)) {
    lapply(x, in_python)
  } else {
    x
  }
}

# Functions of terra that are no generics are generics here, for objects of Python.
PLAIN <- c(
  "combineLevels", "extractAlong", "fileBlocksize", "focalMat", "halo", "legend_cont", "make.RGB", "mem_info", "same.crs", "shade", "tile_apply",
  "vrt_tiles", "warp_scale"
)

# Other arguments than the first that may be the object of Python.
OTHER_PLACES <- c(same.crs = "y", shade = "aspect", legend_cont = "legend")

# What the help page and the NAMESPACE say of them, for roxygen2.
aliases_of_plain <- function() {
  two <- outer(names(OTHER_PLACES), c("ANY,PySpat", "PySpat,ANY", "PySpat,PySpat"), paste, sep = ",")
  paste("@aliases", paste(c(PLAIN, paste0(c(paste0(setdiff(PLAIN, names(OTHER_PLACES)), ",PySpat"), two), "-method"), "coerce"), collapse = " "))
}
exports_of_plain <- function() {
  there <- 'if (is.function(asNamespace("terra")[["%1$s"]]) && !methods::isGeneric("%1$s", where = asNamespace("terra"))) exportMethods(%1$s)'
  sprintf(there, PLAIN)
}

#' Verbs that terra does itself
#'
#' A verb of terra that pyterra does not have takes objects of Python all the same: they are handed over to terra, whole, and what it
#' gives comes back as objects of Python. That is told once for each verb and session; `options(pyterra.tell_fall_back = FALSE)` turns
#' it off.
#'
#' Verbs of terra that change an object where it is, such as `set.window()`, would change a copy; they stop and say so.
#'
#' @name fall-back
#' @eval aliases_of_plain()
#' @evalNamespace exports_of_plain()
#' @exportMethod coerce
#' @seealso [as_terra()], [as_py()]
NULL

fall_back <- function(generic, given, stays = FALSE) {
  key <- paste("fell back:", generic)
  if (isTRUE(getOption("pyterra.tell_fall_back", TRUE)) && is.null(session[[key]])) {
    session[[key]] <- TRUE
    message(generic, ": terra does this, with objects that are handed over whole; said once, options(pyterra.tell_fall_back = FALSE) turns it off")
  }
  answer <- withVisible(apply_to(get(generic, TERRA), lapply(given, in_terra)))
  value <- if (stays) answer$value else in_python(answer$value)
  if (answer$visible) value else invisible(value)
}

leave_to_terra <- function(generic, stays, x, given) fall_back(generic, c(list(x), given), stays)

# They change an object where it is.
IN_PLACE <- c("set.window", "set.values", "set.ext", "set.crs", "set.RGB", "set.cats", "writeStart", "writeValues", "writeStop")

stop_in_place <- function(generic, x, given) {
  stop_plain(generic, ": would change a copy that terra has of a ", class(x)[[1L]], "; assign a new object, or take as_terra() and go on there")
}

# Every way in which objects of Python may stand where terra's method has objects of terra, or anything.
exchanged <- function(signature) {
  if (signature[[1L]] == "ANY" && !any(startsWith(signature, "PySpat"))) {
    return(list(replace(signature, 1L, "PySpat")))
  }
  places <- which(signature %in% names(PY_CLASS))
  if (!length(places)) {
    return(list())
  }
  choices <- expand.grid(rep(list(c(TRUE, FALSE)), length(places)))
  lapply(seq_len(nrow(choices) - 1L), function(i) {
    chosen <- places[unlist(choices[i, ])]
    replace(signature, chosen, unname(PY_CLASS[signature[chosen]]))
  })
}

# Those of all methods that terra and this package wrote for a generic.
signatures_for_py <- function(generic) {
  written <- c(findMethods(generic, where = TERRA)@.Data, findMethods(generic, where = topenv())@.Data)
  methods <- Filter(function(method) !is(method, "derivedDefaultMethod"), written)
  unique(do.call("c", lapply(methods, function(method) exchanged(method@defined@.Data))))
}

# How far a class is from one that a method takes, 0 for itself, Inf where the method does not take it. An object of Python is that
# first; what terra knows by its name comes after.
steps_to <- function(class, taken) {
  above <- if (isClass(class, where = topenv())) names(getClass(class, where = topenv())@contains)
  if (taken %in% c(class, above, "ANY")) match(taken, c(class, above, "ANY")) - 1 else Inf
}

# The method of this package for what would be called so, or NULL.
own_method <- function(generic, signature) {
  own <- Filter(function(method) any(startsWith(method@defined@.Data, "PySpat")), findMethods(generic, where = topenv())@.Data)
  away <- vapply(own, function(method) {
    taken <- c(method@defined@.Data, rep("ANY", length(signature)))[seq_along(signature)]
    sum(mapply(steps_to, signature, taken))
  }, 0)
  if (any(is.finite(away))) own[[which.min(away)]]
}

# Without y terra cuts by its own blocks.
by_hand("getTileExtents", "PySpatRaster", function(x, y, extend = FALSE, buffer = 0, cores) {
  if (missing(y)) {
    return(fall_back("getTileExtents", c(list(x, extend = extend, buffer = buffer), if (!missing(cores)) list(cores = cores))))
  }
  RESULTS$edges(ask("call", "get_tile_extents", list(x, y), list(extend = extend, buffer = buffer)))
})

# as(): what terra makes of its objects, it makes of those of Python.
for (signature in strsplit(ls(TERRA[[".__T__coerce:methods"]]), "#", fixed = TRUE)) local({
  to <- signature[[2L]]
  if (signature[[1L]] %in% names(PY_CLASS)) {
    suppressMessages(setAs(PY_CLASS[[signature[[1L]]]], to, function(from) in_python(as(as_terra(from), to))))
  }
})
rm(signature)

# What terra alone has an answer for.
leave <- function(generic, signature) {
  stays <- endsWith(generic, "<-") && signature[[1L]] %in% names(PY_CLASS)
  run <- if (generic %in% IN_PLACE) bquote(stop_in_place(.(generic))) else bquote(leave_to_terra(.(generic), .(stays)))
  add_method(generic, signature, run)
}

GROUPS_OF_R <- c("Arith", "Compare", "Logic", "Math", "Math2", "Summary", "Ops")
OF_S4 <- c("show", "coerce", "initialize", "length", "$", "[[", "[", "$<-", "[[<-", "[<-")

# Objects of Python are objects of terra too, and a method of terra that names both of its classes is nearer to them than one of this
# package that names one. So there is a method for each signature that terra knows.
generics_of_terra <- unique(sub("^[.]__T__(.*):[^:]*$", "\\1", ls(TERRA, all.names = TRUE, pattern = "^[.]__T__")))
LEFT_TO_TERRA <- list() # name -> signatures that it alone has an answer for

for (generic in setdiff(generics_of_terra, c("coerce", "initialize"))) local({
  generic <- generic
  for (signature in signatures_for_py(generic)) {
    own <- own_method(generic, signature)
    if (existsMethod(generic, signature, where = topenv())) {
      next
    } else if (!is.null(own)) {
      setMethod(generic, signature, own, where = topenv())
    } else if (!generic %in% c(GROUPS_OF_R, OF_S4) && has_generic(generic)) {
      leave(generic, signature)
      LEFT_TO_TERRA[[generic]] <<- c(LEFT_TO_TERRA[[generic]], list(signature))
    }
  }
})
rm(generic, generics_of_terra)

# The functions of PLAIN that this terra has, where they are no generics of its own; pyterra does those that have rows in the table.
is_plain <- function(name) {
  is.function(TERRA[[name]]) && name %in% getNamespaceExports(TERRA) && !isGeneric(name, where = TERRA)
}

for (name in Filter(is_plain, PLAIN)) local({
  name <- name
  setGeneric(name, signature = c(names(formals(get(name, TERRA)))[[1L]], if (name %in% names(OTHER_PLACES)) OTHER_PLACES[[name]]))
  row <- Find(function(row) row$generic == name && row$do == "call", VERBS)
  of_terra <- function(x, given) fall_back(name, c(list(x), given))
  own <- if (is.null(row)) of_terra else function(x, given) run_verb(row, as_py(x), given)
  add <- function(class, run) setMethod(name, class, method_for(name, run, topenv()))
  add("PySpat", of_terra)
  if (!is.null(row)) add(PY_CLASS[[row$class]], own)
  if (name %in% names(OTHER_PLACES)) add(c("ANY", "PySpat"), own)
})
rm(name)

if (is_plain("same.crs")) {
  for (class in c("PySpat", "ANY")) {
    setMethod("same.crs", c("PySpat", class), function(x, y) ask("function", "same_crs", list(x, y)))
    setMethod("same.crs", c(class, "PySpat"), function(x, y) ask("function", "same_crs", list(x, y)))
  }
  rm(class)
}

# Tiles as terra cuts them: a list of extents, or a matrix with a row for each.
tiles_of <- function(x, tiles) {
  if (is(tiles, "SpatExtent")) {
    return(list(tiles))
  }
  if (is.list(tiles)) {
    return(lapply(tiles, ext))
  }
  edges <- if (is.matrix(tiles)) tiles else TERRA[["getTileExtents"]](x, tiles)
  if (ncol(edges) != 4L) {
    stop_plain("tile_apply: a matrix of tiles must have the columns xmin, xmax, ymin, ymax, got ", ncol(edges))
  }
  lapply(seq_len(nrow(edges)), function(i) ext(edges[i, ]))
}

# A function of R runs here, for one tile after the other, whatever `cores` says; what it asks of Python uses all cores.
apply_to_tiles <- function(x, fun, cores = 1, cpkgs = NULL, tiles = NULL, buffer = 0, ..., filename = "", overwrite = FALSE,
                           wopt = list(), overlap_fun = NULL) {
  fun <- match.fun(fun)
  if (any(window(x))) {
    stop_plain("tile_apply: x must have no window; take it away with window(x) <- NULL")
  }
  of_tile <- function(tile, ...) {
    made <- fun(tile, ...)
    if (!is(made, "SpatRaster")) {
      stop_plain("tile_apply: fun must give a SpatRaster for every tile, got ", class(made)[[1L]])
    }
    as_py(made)
  }
  if (is.null(tiles)) {
    made <- tile_by_tile(x, of_tile, ..., n = NULL, buffer = buffer)
  } else {
    if (any(buffer > 0)) {
      warning("[tile_apply] 'buffer' is only used when 'tiles' is NULL; ignoring it", call. = FALSE)
    }
    parts <- lapply(tiles_of(x, tiles), function(edges) of_tile(crop(x, edges), ...))
    made <- if (length(parts) == 1L) parts[[1L]] else if (is.null(overlap_fun)) {
      do.call(merge, rev(parts)) # where tiles overlap the last one counts
    } else {
      do.call(mosaic, c(parts, list(fun = overlap_fun)))
    }
  }
  written(made, list(filename = filename, overwrite = overwrite, wopt = wopt))
}

if (is_plain("tile_apply")) {
  setMethod("tile_apply", "PySpatRaster", apply_to_tiles)
}
