# Functions of R itself on objects of Python. Where R would look at the shell, and answer for that, there is a method, or a stop.
#' @include by_hand.R collections.R groups.R index.R
NULL

# Functions of R that are no generics; terra has made generics of some.
#' Functions of R on objects of Python
#'
#' Cells, layers and records are compared, joined and taken apart as terra does it; functions of R that have no meaning for objects of
#' Python stop and say so.
#'
#' @param x,y,object An object of Python, or anything else.
#' @param ... As in R's own functions.
#' @return What terra gives: `isTRUE()` and `isFALSE()` of a raster are rasters, `identical()` compares geometry, names and values.
#' @name functions-of-R
#' @aliases isTRUE isFALSE identical sample ts ave is.unsorted addmargins append Reduce Filter Find Position all.equal,PySpat,ANY-method
#'   all.equal,PySpat,PySpat-method append,PySpatRaster-method isTRUE,PySpatRaster-method isFALSE,PySpatRaster-method identical,PySpat,PySpat-method sample,PySpat-method ts,PySpat-method
#'   ave,PySpat-method is.unsorted,PySpat-method addmargins,PySpat-method Reduce,ANY,PySpatRaster-method Filter,ANY,PySpatRaster-method
#'   Find,ANY,PySpatRaster-method Position,ANY,PySpatRaster-method as.numeric,PySpat-method as.integer,PySpat-method as.logical,PySpat-method
#'   as.complex,PySpat-method as.character,PySpat-method as.vector,PySpat-method
#' @keywords internal
#' @exportMethod isTRUE
#' @exportMethod isFALSE
#' @exportMethod identical
#' @exportMethod sample
#' @exportMethod ts
#' @exportMethod ave
#' @exportMethod is.unsorted
#' @exportMethod addmargins
#' @exportMethod append
#' @exportMethod Reduce
#' @exportMethod Filter
#' @exportMethod Find
#' @exportMethod Position
NULL

OVER_LAYERS <- c("Reduce", "Filter", "Find", "Position")

STOPPED <- c("sample", "ts", "ave", "is.unsorted", "addmargins")
GENERICS_OF_PYTERRA <- c("isTRUE", "isFALSE", "identical", "append", STOPPED, OVER_LAYERS)

for (name in GENERICS_OF_PYTERRA) {
  if (!isGeneric(name, where = topenv())) {
    setGeneric(name, signature = names(formals(name))[seq_len(if (name %in% c("identical", OVER_LAYERS)) 2L else 1L)])
  }
}
rm(name)

# R would take the raster for one member, or choose cells instead of layers.
for (name in setdiff(OVER_LAYERS, "Filter")) {
  handed <- lapply(stats::setNames(nm = names(formals(name))), as.name)
  handed$x <- quote(as.list(x))
  setMethod(name, c("ANY", "PySpatRaster"), as.function(c(formals(name), as.call(c(call("::", quote(base), as.name(name)), handed)))))
}
rm(name, handed)
setMethod("Filter", c("ANY", "PySpatRaster"), function(f, x) x[[which(vapply(as.list(x), f, NA))]])

setMethod("append", "PySpatRaster", function(x, values, after = nlyr(x)) {
  if (after <= 0) c(values, x) else if (after >= nlyr(x)) c(x, values) else c(x[[seq_len(after)]], values, x[[seq(after + 1, nlyr(x))]])
})

setMethod("isTRUE", "PySpatRaster", function(x) x == 1)
setMethod("isFALSE", "PySpatRaster", function(x) x != 1)
for (class in c("PySpat", names(PY_CLASS))) {
  setMethod("identical", c("PySpat", class), function(x, y) isTRUE(equal_py(x, y, tolerance = 0)))
  setMethod("identical", c(class, "PySpat"), function(x, y) isTRUE(equal_py(x, y, tolerance = 0)))
}
rm(class)
for (class in PY_CLASS) by_hand("str", class, function(object, ...) cat("S4 class '", class(object), "' [package \"pyterra\"]\n", sep = ""))

stop_of_r <- function(name, class) {
  instead <- switch(class,
    PySpatRaster = "values() and as.data.frame() give what R's own functions take, as_terra() what terra's take",
    PySpatVector = "as.data.frame() and crds() give what R's own functions take",
    PySpatExtent = "as.vector() gives its edges",
    "take one of its members"
  )
  stop_plain(name, ": has no meaning for a ", class, "; ", instead)
}

for (name in STOPPED) {
  first <- as.name(names(formals(name))[[1L]])
  setMethod(name, "PySpat", as.function(c(formals(name), bquote(stop_of_r(.(name), base::class(.(first)))))))
}
rm(name, first)
setMethod("sample", "PySpatVector", function(x, size, replace = FALSE, prob = NULL) {
  x[sample.int(nrow(x), if (missing(size)) nrow(x) else size, replace, prob), ]
})

# Equal but for rounding, or how they differ in the words of R. One of them may be an object of terra.
equal_py <- function(target, current, tolerance = sqrt(.Machine$double.eps)) {
  target <- as_py(target)
  if (!is(current, "PySpat") && !nzchar(kind_here(current))) {
    return(paste0("target is ", class(target)[[1L]], ", current is ", class(current)[[1L]]))
  }
  current <- as_py(current)
  if (class(target) != class(current)) {
    return(paste0("target is ", class(target)[[1L]], ", current is ", class(current)[[1L]]))
  }
  switch(class(target),
    PySpatRaster = equal_rasters(target, current, tolerance),
    PySpatVector = equal_vectors(target, current, tolerance),
    PySpatExtent = all.equal(edges_of(target), edges_of(current), tolerance = tolerance),
    equal_members(target, current, tolerance)
  )
}

equal_rasters <- function(target, current, tolerance) {
  if (nlyr(target) != nlyr(current)) {
    return(paste0("Lengths (", nlyr(target), ", ", nlyr(current), " layers) differ"))
  }
  if (!compareGeom(target, current, stopOnError = FALSE)) {
    return("the rasters have different rows, columns, extents or reference systems")
  }
  said <- if (!identical(names(target), names(current))) all.equal(names(target), names(current))
  said <- if (length(said)) paste("Names:", said)
  known <- list(times = time, units = units, categories = levels)
  apart <- Filter(function(what) !isTRUE(all.equal(known[[what]](target), known[[what]](current))), names(known))
  if (length(apart)) {
    said <- c(said, paste("the layers have different", paste(apart, collapse = ", ")))
  }
  if (hasValues(target) != hasValues(current)) {
    return(c(said, "one of them has no values"))
  }
  if (hasValues(target)) {
    said <- c(said, equal_values(target, current, tolerance))
  }
  if (length(said)) said else TRUE
}

equal_values <- function(target, current, tolerance) {
  total <- function(x) sum(global(x, "sum", na.rm = TRUE)[[1L]], na.rm = TRUE)
  odd <- total(is.na(target) != is.na(current))
  if (odd > 0) {
    return(paste(odd, "cells are missing in one of them"))
  }
  apart <- total(target != current) # infinite values are equal where they are the same
  if (apart == 0) {
    return(NULL)
  }
  off <- total(abs(target - current))
  size <- total(ifel(target != current, abs(target), 0))
  relative <- is.finite(size) && size / apart > tolerance
  difference <- if (relative) off / size else off / apart
  if (is.na(difference) || difference > tolerance) {
    paste0("Mean ", if (relative) "relative " else "absolute ", "difference: ", format(difference))
  }
}

equal_vectors <- function(target, current, tolerance) {
  if (nrow(target) != nrow(current)) {
    return(paste0("Lengths (", nrow(target), ", ", nrow(current), " geometries) differ"))
  }
  parts <- list(
    geomtype = all.equal(geomtype(target), geomtype(current)), crs = all.equal(crs(target), crs(current)),
    geometry = all.equal(geom(target), geom(current), tolerance = tolerance),
    attributes = all.equal(as.data.frame(target), as.data.frame(current), tolerance = tolerance)
  )
  said <- unlist(lapply(names(parts), function(name) if (!isTRUE(parts[[name]])) paste0(name, ": ", parts[[name]])))
  if (length(said)) said else TRUE
}

equal_members <- function(target, current, tolerance) {
  if (length(target) != length(current)) {
    return(paste0("Lengths (", length(target), ", ", length(current), ") differ"))
  }
  said <- unlist(lapply(seq_len(length(target)), function(i) {
    found <- equal_py(target[i], current[i], tolerance)
    if (!isTRUE(found)) paste0("member ", i, ": ", found)
  }))
  if (length(said)) said else TRUE
}

# Answers for generics of R, by class. terra may have generics of the same names.
OF_R <- list(
  all.equal = list(PySpat = function(target, current, ..., tolerance = sqrt(.Machine$double.eps)) equal_py(target, current, tolerance)),
  rev = list(PySpatVector = function(x) x[rev(seq_len(nrow(x)))]),
  as.list = c(
    list(PySpatExtent = function(x) as.list(edges_of(x))),
    sapply(GATHERED, function(class) function(x) stats::setNames(lapply(seq_len(length(x)), function(i) x[i]), names(x)), simplify = FALSE)
  )
)

setMethod("rep", "PySpatRaster", function(x, ...) x[[rep(seq_len(nlyr(x)), ...)]])
setMethod("anyNA", "PySpatVector", function(x, recursive = FALSE) anyNA(as.data.frame(x), recursive = TRUE))
by_hand("as.vector", "PySpatRaster", function(x, mode = "any") as.vector(values(x, mat = FALSE), mode))
for (name in setdiff(names(OF_R), "all.equal")) {
  for (class in names(OF_R[[name]])) by_hand(name, class, OF_R[[name]][[class]])
}
if (has_generic("all.equal")) {
  for (class in c("PySpat", "ANY")) {
    setMethod("all.equal", c("PySpat", class), function(target, current, ...) OF_R$all.equal$PySpat(target, current, ...))
  }
  for (class in names(PY_CLASS)) {
    setMethod("all.equal", c(class, "PySpat"), function(target, current, ...) OF_R$all.equal$PySpat(target, current, ...))
  }
}
rm(name, class)

# Generics of R whose own answer is right: they print, or ask whether there is anything.
KEPT <- c(
  "print", "format", "toString", "str", "edit", "open", "close", "flush", "seek", "truncate", "conditionCall", "conditionMessage",
  "getDLLRegisteredRoutines", "seq", "row.names", "levels", "as.null", "is.na<-", "mtfrm", ".DollarNames"
)

# The generics of R's own packages, by package.
generics_of_r <- function() {
  sapply(c("base", "stats", "utils", "graphics"), function(package) {
    space <- asNamespace(package)
    known <- Filter(function(name) is.function(space[[name]]) && !is.primitive(space[[name]]), getNamespaceExports(package))
    setdiff(Filter(function(name) dispatches(space[[name]]), sort(known)), KEPT)
  }, simplify = FALSE)
}

dispatches <- function(f) "UseMethod" %in% all.names(body(f))

# Methods for R's own generics, which are called where terra is not attached, or has none: those of terra, or a stop.
answer_for_r <- function() {
  for (package in names(GENERICS_OF_R)) {
    for (name in GENERICS_OF_R[[package]]) {
      for (class in unname(PY_CLASS)) {
        if (is.null(utils::getS3method(name, class, optional = TRUE, envir = topenv()))) {
          registerS3method(name, class, method_of_r(name, class), asNamespace(package))
        }
      }
    }
  }
  registerS3method("xtfrm", "PySpat", function(x) stop_of_r("order", class(x)), baseenv())
  for (name in c("cbind", "rbind")) {
    for (class in c("PySpatRaster", "PySpatExtent", GATHERED)) local({
      text <- paste0(name, ": has no meaning for a ", class, "; layers and members are joined by c()")
      registerS3method(name, class, function(..., deparse.level = 1) stop_plain(text), baseenv())
    })
  }
}

method_of_r <- function(name, class) {
  own <- OF_R[[name]]
  own <- if (is.null(own[[class]])) own[["PySpat"]] else own[[class]]
  if (!is.null(own)) {
    return(own)
  }
  force(name)
  force(class)
  function(...) {
    generic <- generic_for(name, class)
    if (is.null(generic)) stop_of_r(name, class) else generic(...)
  }
}

# terra's generic, where it has a method for a class of this package; NULL else.
generic_for <- function(name, class) {
  if (!has_generic(name) || !isGeneric(name, where = TERRA)) {
    return(NULL)
  }
  generic <- getGeneric(name, where = TERRA)
  method <- selectMethod(name, class, optional = TRUE, fdef = generic)
  if (is(method, "MethodDefinition") && method@defined[[1L]] %in% c(class, "PySpat")) generic
}

GENERICS_OF_R <- generics_of_r()
