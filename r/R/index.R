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
  if (inherits(i, "factor")) {
    stop_plain("[: an index must be numbers, names or TRUE and FALSE, got a factor; use as.character() or as.integer()")
  } else if (is.character(i)) {
    "layers"
  } else if (is(i, "SpatRaster")) {
    "mask"
  } else if (is(i, "PySpat") || kind_of(i) %in% c("vector", "extent")) {
    "place"
  } else {
    "cells"
  }
}

# As R takes numbers of elements: zeros stand for nothing, negative ones leave out; two columns are rows and columns.
cell_numbers <- function(x, i) {
  i <- if (is.data.frame(i)) data.matrix(numbers_of_columns(i)) else without_integer64(i)
  if (is.logical(i)) {
    if (length(i) > ncell(x)) {
      stop_plain("[: TRUE and FALSE must be one per cell (", ncell(x), "), got ", length(i))
    }
    i <- which(i)
  }
  if (is.matrix(i) && ncol(i) > 1L) {
    if (ncol(i) > 2L) {
      stop_plain("[<-: a matrix must have a column of cells, or two of rows and columns, got ", ncol(i))
    }
    return(cellFromRowCol(x, i[, 1L], i[, 2L]))
  }
  i <- trunc(as.vector(i))
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
  indices <- nargs() - 1L - (!missing(drop))
  if (...length()) {
    x <- x[[third_index("[", list(...))]]
  }
  if (missing(i) && missing(j)) {
    return(if (drop) values(x) else x)
  }
  if (indices >= 2L) {
    cells <- cells_of(x, if (!missing(i)) i, if (!missing(j)) j)
    return(if (drop) rows_of_cells(x, cells) else around(x, cells[!is.na(cells)]))
  }
  switch(single_index(x, i),
    layers = x[[named_like(names(x), i)]],
    mask = if (drop) masked_values(x, as_py(i)) else trim(mask(x, i, maskvalues = c(NA, 0))),
    place = if (is(as_py(i), "PySpatExtent")) crop(x, i) else extract(x, i, ID = FALSE),
    cells = if (is.matrix(i) && ncol(i) == 3L) rows_columns_layers(x, i) else {
      cells <- cell_numbers(x, i)
      if (drop) rows_of_cells(x, cells) else around(x, cells)
    }
  )
})

# Layers by their names, or else by regular expressions that names match, as terra takes texts in single brackets.
named_like <- function(names, i) {
  if (all(i %in% names)) i else {
    found <- unique(unlist(lapply(i, grep, names)))
    if (length(found)) names[found] else i
  }
}

# Values at rows, columns and layers.
rows_columns_layers <- function(x, i) {
  found <- as.matrix(rows_of_cells(x, cellFromRowCol(x, i[, 1L], i[, 2L])))
  unname(found[cbind(seq_len(nrow(i)), i[, 3L])])
}

masked_values <- function(x, test) {
  found <- ask("item", "", list(x, test))
  colnames(found) <- names(x)
  r_numbers(found, x)
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
    x[[layers]] <- with_cells(x[[layers]], cells_inside(x, if (!missing(i)) i, if (!missing(j)) j), value)
    return(x)
  }
  if (missing(i) && missing(j) && indices < 2L) {
    return(with_values(x, value, keepnames = TRUE, tell = FALSE))
  }
  if (indices >= 2L) {
    return(with_cells(x, cells_inside(x, if (!missing(i)) i, if (!missing(j)) j), value))
  }
  switch(single_index(x, i),
    layers = with_layer(x, i, value),
    mask = with_masked(x, as_py(i), value),
    place = with_cells_where(x, i, value),
    cells = with_cells(x, numbers_inside(x, cell_numbers(x, if (is.logical(i) && length(i) < ncell(x)) rep_len(i, ncell(x)) else i)), value)
  )
})

# What is to get other values must be there.
cells_inside <- function(x, i, j) {
  cells <- cells_of(x, i, j)
  if (anyNA(cells)) {
    stop_plain("[<-: rows are numbered 1 to ", nrow(x), " and columns 1 to ", ncol(x), ", got others")
  }
  cells
}

numbers_inside <- function(x, cells) {
  if (any(cells > ncell(x), na.rm = TRUE)) {
    stop_plain("[<-: cells are numbered 1 to ", ncell(x), ", got ", max(cells, na.rm = TRUE))
  }
  cells
}

# Some cells with other values.
with_cells <- function(x, cells, value) {
  force(cells)
  if (!hasValues(x)) {
    x <- setValues(x, NA_real_)
  }
  value <- values_for(value, length(cells), nlyr(x))
  special("with_cells", x, as_positions(to_python(cells)), as_array(as.double(value)), ncol(value))
}

# A matrix of a row per cell: of one value for all, one per cell, one per cell and layer, or a matrix with a column per layer.
values_for <- function(value, cells, layers) {
  value <- if (is.data.frame(value)) data.matrix(numbers_of_columns(value)) else without_integer64(value)
  if (!is.numeric(value) && !is.logical(value)) {
    stop_plain("[<-: values must be numbers, got ", if (is.null(value)) "NULL" else paste("a", class(value)[[1L]]))
  }
  fits <- if (is.matrix(value)) {
    nrow(value) %in% c(1L, cells) && ncol(value) %in% c(1L, layers)
  } else {
    length(value) %in% c(1L, cells, cells * layers)
  }
  if (!fits) {
    stop_plain(
      "[<-: values must be one, one per cell (", cells, "), or one per cell and layer (", cells * layers, "), got ", length(value)
    )
  }
  columns <- if (is.matrix(value)) ncol(value) else if (length(value) > 1L && length(value) == cells * layers) layers else 1L
  value <- matrix(value, ncol = columns)
  value[rep_len(seq_len(nrow(value)), cells), , drop = FALSE]
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
  if (inherits(i, "factor")) {
    stop_plain("[[: an index must be numbers, names or TRUE and FALSE, got a factor; use as.character() or as.integer()")
  }
  i <- if (is.numeric(i)) trunc(without_integer64(i)) else i
  outside <- is.numeric(i) && (anyNA(i) || any(abs(i) > nlyr(x)) || any(i == 0))
  if (outside) {
    stop_plain("[[: layers are numbered 1 to ", nlyr(x), ", got ", paste(i, collapse = ", "))
  }
  i
}

setMethod("[[<-", "PySpatRaster", function(x, i, j, ..., value) with_layer(x, i, value))
setMethod("$", "PySpatRaster", function(x, name) subset(x, name))
setMethod("$<-", "PySpatRaster", function(x, name, value) with_layer(x, name, value))

# Layers replaced, added under a new name, or left out by NULL. Of several layers of a name the first is replaced.
with_layer <- function(x, i, value) {
  if (is.null(value)) {
    return(subset(x, if (is.character(i)) intersect(i, names(x)) else i, negate = TRUE))
  }
  keeps <- is.character(i) || is.atomic(value)
  if (is.atomic(value)) {
    value <- setValues(x[[1L]], value)
    names(value) <- paste0("lyr.", nlyr(x) + 1)
  }
  if (!hasValues(x) && is.character(i) && !all(i %in% names(x))) { # there is nothing yet beside which it would stand
    names(value) <- i
    return(value)
  }
  if (is.numeric(i) && length(i) == 1L && i == nlyr(x) + 1) {
    return(c(x, value))
  }
  if (is.character(i) && !all(i %in% names(x))) {
    return(ask("set_item", "", list(x, i, as_py(value))))
  }
  places <- if (is.character(i)) match(i, names(x)) else layer_index(x, i)
  made <- ask("set_item", "", list(x, as_positions(chosen(places, nlyr(x))), as_py(value)))
  if (keeps) {
    names(made) <- names(x)
  }
  made
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
