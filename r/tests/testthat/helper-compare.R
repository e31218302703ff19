# What differs between an answer of terra and one of Python; NULL for nothing. Objects of Python are brought to terra.

in_terra <- function(x) {
  if (methods::is(x, "PySpat")) as_terra(x) else if (is.list(x) && !is.data.frame(x)) lapply(x, in_terra) else x
}

# An object of terra itself; those of Python are of its classes too.
expect_of_terra <- function(x, class) expect_identical(class(x)[[1L]], class)

difference <- function(want, got) {
  got <- in_terra(got)
  if (methods::is(want, "SpatRaster")) {
    raster_difference(want, got)
  } else if (methods::is(want, "SpatVector")) {
    vector_difference(want, got)
  } else if (methods::is(want, "SpatExtent")) {
    if (methods::is(got, "SpatExtent")) value_difference(unname(as.vector(want)), unname(as.vector(got))) else "no extent"
  } else if (is.data.frame(want)) {
    frame_difference(want, got)
  } else if (is.list(want)) {
    parts <- Map(difference, want, if (length(got) == length(want)) got else vector("list", length(want)))
    unlist(parts)[1L]
  } else {
    value_difference(want, got)
  }
}

value_difference <- function(want, got) {
  if (inherits(want, c("Date", "POSIXt"))) {
    return(if (!identical(format(want), format(got))) "times differ")
  }
  if (is.logical(want)) want <- want + 0
  if (is.logical(got)) got <- got + 0
  attributes(want) <- attributes(want)[c("dim", "dimnames", "names")]
  attributes(got) <- attributes(got)[c("dim", "dimnames", "names")]
  found <- all.equal(want, got, tolerance = 1e-6)
  if (!isTRUE(found)) paste(found, collapse = "; ")
}

frame_difference <- function(want, got) {
  if (!is.data.frame(got)) {
    return(paste("a", class(got)[1L], "for a data.frame"))
  }
  if (!identical(names(want), names(got))) {
    return(paste("columns", toString(names(want)), "and", toString(names(got))))
  }
  if (nrow(want) != nrow(got)) {
    return(paste(nrow(want), "and", nrow(got), "rows"))
  }
  if (is.character(attr(want, "row.names")) && !identical(rownames(want), rownames(got))) {
    return("row names differ")
  }
  for (name in names(want)) {
    a <- plain_column(want[[name]])
    b <- plain_column(got[[name]])
    found <- value_difference(a, b)
    if (!is.null(found)) {
      return(paste0(name, ": ", found))
    }
  }
  NULL
}

plain_column <- function(x) if (is.factor(x)) as.character(x) else if (is.numeric(x)) as.double(x) else x

raster_difference <- function(want, got) {
  if (!methods::is(got, "SpatRaster")) {
    return(paste("a", class(got)[1L], "for a raster"))
  }
  if (!identical(dim(want), dim(got))) {
    return(paste("dim", toString(dim(want)), "and", toString(dim(got))))
  }
  checks <- list(
    extent = value_difference(as.vector(terra::ext(want)), as.vector(terra::ext(got))),
    names = value_difference(names(want), names(got)),
    crs = if (terra::crs(want, proj = TRUE) != terra::crs(got, proj = TRUE)) "differs",
    "has values" = value_difference(terra::hasValues(want), terra::hasValues(got)),
    factor = value_difference(terra::is.factor(want), terra::is.factor(got)),
    time = value_difference(terra::time(want), terra::time(got)),
    values = if (terra::hasValues(want)) value_difference(unname(terra::values(want)), unname(terra::values(got))),
    levels = if (any(terra::is.factor(want))) difference(terra::levels(want), terra::levels(got))
  )
  checks <- Filter(Negate(is.null), checks)
  if (length(checks)) paste(names(checks)[1L], checks[[1L]])
}

vector_difference <- function(want, got) {
  if (!methods::is(got, "SpatVector")) {
    return(paste("a", class(got)[1L], "for a vector"))
  }
  if (length(want) != length(got) || terra::geomtype(want) != terra::geomtype(got)) {
    return(paste(length(want), terra::geomtype(want), "and", length(got), terra::geomtype(got)))
  }
  found <- suppressWarnings(frame_difference(as.data.frame(want), as.data.frame(got)))
  if (is.null(found)) shape_difference(want, got) else found
}

# Shapes are the same where they cover the same, wherever their rings begin.
shape_difference <- function(want, got) {
  if (terra::geomtype(want) == "points") {
    return(value_difference(unname(terra::crds(want)), unname(terra::crds(got))))
  }
  size <- if (terra::geomtype(want) == "polygons") function(v) terra::expanse(v, transform = FALSE) else terra::perim
  found <- suppressWarnings(value_difference(size(want), size(got)))
  edges <- function(v) t(vapply(seq_len(length(v)), function(i) as.vector(terra::ext(v[i])), numeric(4)))
  if (is.null(found)) value_difference(unname(edges(want)), unname(edges(got))) else found
}
