# Parts of rasters and their replacement: `[`, `[[`, `$`, and c().
#' @include by_hand.R
NULL

# Cells by rows and columns; a missing index means all.
cells_of <- function(x, i, j) {
  rows <- if (is.null(i)) seq_len(nrow(x)) else chosen(i, nrow(x)) + 1
  cols <- if (is.null(j)) seq_len(ncol(x)) else chosen(j, ncol(x)) + 1
  cellFromRowColCombine(x, rows, cols)
}

# What x[i] stands for: "layers", "mask", "place", or numbers of cells.
single_index <- function(x, i) {
  if (is.character(i)) {
    "layers"
  } else if (is(i, "PySpatRaster") || is(i, "SpatRaster")) {
    "mask"
  } else if (is(i, "PySpat") || kind_of(i) %in% c("vector", "extent")) {
    "place"
  } else {
    "cells"
  }
}

# As R takes numbers of elements: zeros stand for nothing, negative ones leave out.
cell_numbers <- function(x, i) {
  if (is.data.frame(i)) {
    i <- i[[1L]]
  }
  if (is.logical(i)) {
    i <- which(i)
  }
  i <- i[is.na(i) | i != 0]
  if (any(i < 0, na.rm = TRUE)) chosen(i, ncell(x)) + 1 else i
}

# The layers of a third index; nothing else may stand there.
third_index <- function(generic, more) {
  if (length(more) > 1L || any(nzchar(names_of(more)))) {
    stop_plain(generic, ": takes rows, columns and layers, got ", toString(names(more)))
  }
  more[[1L]]
}

setMethod("[", "PySpatRaster", function(x, i, j, ..., drop = TRUE) {
  indices <- nargs() - !missing(drop) - 1L
  if (...length()) {
    x <- x[[third_index("[", list(...))]]
  }
  if (missing(i) && missing(j) && indices < 2L) {
    return(if (drop) values(x) else x)
  }
  if (indices >= 2L) {
    cells <- cells_of(x, if (!missing(i)) i, if (!missing(j)) j)
    return(if (drop) rows_of_cells(x, cells) else around(x, cells))
  }
  switch(single_index(x, i),
    layers = x[[i]],
    mask = if (drop) masked_values(x, as_py(i)) else trim(mask(x, i, maskvalues = c(NA, 0))),
    place = if (is(as_py(i), "PySpatExtent")) crop(x, i) else extract(x, i),
    cells = {
      cells <- cell_numbers(x, i)
      if (drop) rows_of_cells(x, cells) else around(x, cells)
    }
  )
})

masked_values <- function(x, test) {
  found <- ask("item", "", list(x, test))
  colnames(found) <- names(x)
  found
}

# The smallest raster with some cells; the others are missing.
around <- function(x, cells) {
  rows <- rowFromCell(x, cells)
  cols <- colFromCell(x, cells)
  part <- window_of(x, min(rows), diff(range(rows)) + 1, min(cols), diff(range(cols)) + 1)
  inside <- cellFromXY(part, xyFromCell(x, cells))
  if (length(unique(inside)) == ncell(part)) part else special("only_cells", part, as_positions(to_python(inside)))
}

setMethod("[<-", "PySpatRaster", function(x, i, j, ..., value) {
  indices <- nargs() - 2L
  if (...length()) {
    layers <- layer_index(x, third_index("[<-", list(...)))
    x[[layers]] <- with_cells(x[[layers]], cells_of(x, if (!missing(i)) i, if (!missing(j)) j), value)
    return(x)
  }
  if (missing(i) && missing(j) && indices < 2L) {
    return(set_values(x, value))
  }
  if (indices >= 2L) {
    return(with_cells(x, cells_of(x, if (!missing(i)) i, if (!missing(j)) j), value))
  }
  switch(single_index(x, i),
    layers = with_layer(x, i, value),
    mask = with_masked(x, as_py(i), value),
    place = with_cells_where(x, i, value),
    cells = with_cells(x, cell_numbers(x, i), value)
  )
})

# Some cells with other values: one for all, one per cell, one per cell and layer, or a matrix with a column per layer.
with_cells <- function(x, cells, value) {
  if (!hasValues(x)) {
    x <- setValues(x, NA_real_)
  }
  value <- if (is.data.frame(value)) data.matrix(value) else value
  if (!is.matrix(value) && length(value) > 1L && length(value) == length(cells) * nlyr(x)) {
    value <- matrix(value, length(cells))
  }
  columns <- if (is.matrix(value) && ncol(value) > 1L) ncol(value) else 1L
  numbers <- if (is.matrix(value)) apply(value, 2L, rep_len, length(cells)) else rep_len(as.double(value), length(cells))
  special("with_cells", x, as_positions(to_python(cells)), as_array(as.double(numbers)), columns)
}

# Cells where a raster is true; several values are one per cell.
with_masked <- function(x, test, value) {
  if (length(value) == 1L || is(value, "PySpat") || nlyr(test) > 1L) {
    return(ask("set_item", "", list(x, test, operand(value, x))))
  }
  with_cells(x, which(as.logical(values(test, mat = FALSE))), value)
}

# Cells that geometries or an extent cover.
with_cells_where <- function(x, place, value) {
  place <- as_py(place)
  shape <- if (is(place, "PySpatExtent")) as.polygons(place, crs = crs(x)) else place
  test <- rasterize(shape, x[[1L]], background = 0)
  ask("set_item", "", list(x, test, operand(value, x)))
}

setMethod("[[", "PySpatRaster", function(x, i, j, ...) {
  if (!missing(j) || ...length()) {
    stop_plain("[[: takes one index, of layers")
  }
  subset(x, layer_index(x, i))
})

layer_index <- function(x, i) {
  outside <- is.numeric(i) && (anyNA(i) || any(abs(i) > nlyr(x)) || any(i == 0))
  if (outside) {
    stop_plain("[[: layers are numbered 1 to ", nlyr(x), ", got ", paste(i, collapse = ", "))
  }
  i
}

setMethod("[[<-", "PySpatRaster", function(x, i, j, ..., value) with_layer(x, i, value))
setMethod("$", "PySpatRaster", function(x, name) subset(x, name))
setMethod("$<-", "PySpatRaster", function(x, name, value) with_layer(x, name, value))

# Layers replaced, added under a new name, or left out by NULL.
with_layer <- function(x, i, value) {
  if (is.null(value)) {
    return(subset(x, if (is.character(i)) intersect(i, names(x)) else i, negate = TRUE))
  }
  if (is.numeric(value) || is.logical(value)) {
    value <- setValues(x[[1L]], value)
  }
  if (!hasValues(x) && is.character(i)) { # there is nothing yet beside which it would stand
    names(value) <- i
    return(value)
  }
  if (is.numeric(i) && length(i) == 1L && i == nlyr(x) + 1) {
    return(c(x, value))
  }
  key <- if (is.character(i)) i else as_positions(chosen(layer_index(x, i), nlyr(x)))
  ask("set_item", "", list(x, key, as_py(value)))
}

setMethod("c", "PySpatRaster", function(x, ...) {
  parts <- list(x, ...)
  parts <- Filter(Negate(is.null), parts[names_of(parts) != "warn"]) # an argument of terra 1.9, about its messages
  named <- names_of(parts)
  joined <- ask("function", "c", unname(parts))
  if (any(nzchar(named))) {
    sizes <- vapply(parts, nlyr, 0)
    given <- rep(named, sizes)
    names(joined)[nzchar(given)] <- given[nzchar(given)]
  }
  joined
})

by_hand("as.list", "PySpatRaster", function(x) lapply(seq_len(nlyr(x)), function(i) x[[i]]))

#' @exportS3Method base::as.list
as.list.PySpatRaster <- function(x, ...) lapply(seq_len(nlyr(x)), function(i) x[[i]])

by_hand("rast", "PySpatRaster", function(x, nlyrs = nlyr(x), names = NULL, vals = NULL, keeptime = TRUE, keepunits = FALSE,
                                         props = FALSE) {
  grid <- ask("function", "rast", list(x), list(nlyrs = nlyrs))
  if (!keeptime && timeInfo(grid)$time[[1L]]) {
    time(grid) <- NULL
  }
  if (keepunits && nlyrs == nlyr(x)) {
    units(grid) <- units(x)
  }
  if (props) {
    stop_plain("rast: props other than FALSE is not taken: ", REASONS[["absent"]])
  }
  if (!is.null(names)) {
    names(grid) <- names
  }
  if (is.null(vals)) grid else setValues(grid, vals, keepnames = TRUE)
})
