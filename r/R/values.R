# Values out of rasters and into them.
#' @include by_hand.R metadata.R write.R
NULL

# Numbers of a raster as R has them: whole ones where all layers are, TRUE and FALSE where all layers are.
r_numbers <- function(numbers, x) {
  if (all(is.bool(x))) {
    storage.mode(numbers) <- "logical"
  } else if (all(is.int(x)) && fit_integer(numbers)) {
    storage.mode(numbers) <- "integer"
  }
  numbers
}
fit_integer <- function(numbers) !any(abs(numbers) > .Machine$integer.max, na.rm = TRUE)

# The columns of the layers of a raster in the same way, each by itself; what is missing is NA.
typed_columns <- function(frame, x) {
  columns <- which(names(frame) %in% names(x))
  if (length(columns) != nlyr(x)) {
    return(frame)
  }
  bool <- is.bool(x)
  whole <- is.int(x)
  for (i in seq_along(columns)) {
    values <- frame[[columns[[i]]]]
    if (is.numeric(values)) {
      frame[[columns[[i]]]] <- if (bool[[i]]) as.logical(values) else if (whole[[i]] && fit_integer(values)) as.integer(values) else na_for_nan(values)
    }
  }
  frame
}

na_for_nan <- function(values) {
  values[is.nan(values)] <- NA
  values
}

raster_values <- function(x, mat = TRUE, dataframe = FALSE, row = 1, nrows = nrow(x), col = 1, ncols = ncol(x),
                          na.rm = FALSE) {
  one_number("values", row = row, nrows = nrows, col = col, ncols = ncols)
  if (!hasValues(x)) {
    warning("[readValues] raster has no values", call. = FALSE)
    x <- setValues(x, NaN)
  }
  if (dataframe) {
    frame <- as.data.frame(window_of(x, row, nrows, col, ncols), na.rm = FALSE)
    return(if (na.rm) stats::na.omit(frame) else frame)
  }
  numbers <- r_numbers(special("numbers", x, as_positions(c(row - 1, nrows, col - 1, ncols))), x)
  if (!mat && !na.rm) {
    return(numbers)
  }
  dim(numbers) <- c(length(numbers) / nlyr(x), nlyr(x))
  colnames(numbers) <- names(x)
  if (na.rm) {
    numbers <- numbers[!rowSums(is.na(numbers)), , drop = FALSE]
  }
  if (mat) numbers else as.vector(numbers)
}

# A window of rows and columns as a raster.
window_of <- function(x, row, nrows, col, ncols) {
  if (row == 1 && col == 1 && nrows == nrow(x) && ncols == ncol(x)) x else special("window", x, row - 1, nrows, col - 1, ncols)
}

by_hand("values", "PySpatRaster", raster_values)

# Names stay where the number of layers does, whatever keepnames says, as in terra.
with_values <- function(x, values, keeptime = TRUE, keepunits = TRUE, keepnames = FALSE, props = FALSE, tell = TRUE) {
  if (is.data.frame(values)) {
    values <- data.matrix(numbers_of_columns(values))
  }
  kind <- if (is.integer(values)) "int" else if (is.logical(values) && !all(is.na(values))) "bool" else "num" # NA alone is no truth
  if (is.character(values) || is.factor(values)) {
    return(with_labels(x, factor(values), keeptime, keepunits, keepnames, props))
  }
  if (length(values) && !is.numeric(values) && !is.logical(values)) {
    stop_plain("setValues: values must be numbers, logicals, text or a factor, got a ", class(values)[[1L]])
  }
  size <- ncell(x) * nlyr(x)
  numbers <- if (is.matrix(values)) matrix_values(x, values) else as.double(values)
  if (!is.matrix(values) && length(numbers) != size) {
    if (!length(numbers)) {
      stop_plain("setValues: there must be values, got none")
    }
    if (length(numbers) > size) {
      stop_plain("setValues: there must be at most ", size, " values, one per cell and layer, got ", length(numbers))
    }
    if (tell && length(numbers) > 1L) {
      warning("setValues: the values are repeated", call. = FALSE)
    }
    numbers <- rep_len(numbers, size)
  }
  special("set_values", x, as_array(numbers), kind, keeptime, keepunits, TRUE)
}

# The values of a matrix, cell after cell, layer after layer: a column per layer, whose rows are cells or are repeated over them;
# the rows and columns of the layers, side by side.
matrix_values <- function(x, values) {
  if (nrow(values) == ncell(x) && ncol(values) == nlyr(x)) {
    return(as.double(values))
  }
  if (ncol(values) == nlyr(x) && nrow(values) > 0L && ncell(x) %% nrow(values) == 0) {
    if (nrow(values) > 1L) {
      warning("setValues: the values are repeated", call. = FALSE)
    }
    return(as.double(apply(values, 2L, rep_len, ncell(x))))
  }
  if (nrow(values) == nrow(x) && ncol(values) == ncol(x) * nlyr(x)) {
    return(as.double(aperm(array(values, c(nrow(x), ncol(x), nlyr(x))), c(2L, 1L, 3L))))
  }
  stop_plain(
    "setValues: a matrix must have a row for each of ", ncell(x), " cells and a column for each of ", nlyr(x), " layers, got ",
    nrow(values), " x ", ncol(values)
  )
}

# Texts as categories.
with_labels <- function(x, values, ...) {
  made <- with_values(x, as.integer(values), ...)
  levels(made) <- data.frame(value = seq_along(levels(values)), label = levels(values))
  names(made) <- names(x)
  made
}

as_array <- function(numbers) {
  force(numbers)
  as_is(function(found) json_array(numbers, found))
}

by_hand("setValues", "PySpatRaster", with_values)

set_values <- function(x, value) with_values(x, value, keepnames = TRUE)
by_hand("values<-", "PySpatRaster", set_values)

by_hand("set.values", "PySpatRaster", function(x, cells, values, layer = 0) {
  if (missing(cells)) {
    return(x)
  }
  made <- x
  if (layer > 0) {
    part <- x[[layer]]
    part[cells] <- values
    made[[layer]] <- part
  } else {
    made[cells] <- values
  }
  special("become", x, made)
  invisible(TRUE)
})

first_cells <- function(x, n = 6L) {
  one_number("head", n = n)
  rows_of_cells(x, seq_len(min(n, ncell(x))))
}
last_cells <- function(x, n = 6L) {
  one_number("tail", n = n)
  rows_of_cells(x, ncell(x) - rev(seq_len(min(n, ncell(x)))) + 1)
}

# Values at cells as a table without numbers of rows of its own; layers may have the same name.
rows_of_cells <- function(x, cells) {
  if (!hasValues(x)) {
    x <- setValues(x, NaN)
  }
  cells <- trunc(as.double(cells))
  cells[is.na(cells) | cells < 1 | cells > ncell(x)] <- NA_real_
  extract(x, cells)
}

by_hand("head", "PySpatRaster", first_cells)
by_hand("tail", "PySpatRaster", last_cells)

# Ranges of layers, whose numbers the raster holds.
by_hand("rangeFill", "PySpatRaster", function(x, limit, circular = FALSE, filename = "", ...) {
  found <- ask("call", "range_fill", list(shift_values(x, -1), limit), list(circular = circular))
  written(found, list(filename = filename, ...))
})

by_hand("xapp", "PySpatRaster", function(x, y, fun, ..., filename = "", overwrite = FALSE, wopt = list()) {
  own <- seq_len(nlyr(x))
  found <- app(c(x, as_py(y)), function(v, ...) fun(v[own], v[-own], ...), ...)
  written(found, list(filename = filename, overwrite = overwrite, wopt = wopt))
})

# The terms of a formula are columns of numbers; an intercept is always there.
by_hand("regress", "PySpatRaster", function(y, x, formula = NULL, na.rm = FALSE, cores = 1, filename = "", overwrite = FALSE, ...) {
  if (is(x, "SpatRaster")) {
    if (!is.null(formula) && !identical(all.vars(formula[[3L]]), "x")) {
      stop_plain("regress: formula must be y ~ x where x is a raster")
    }
    terms <- as_py(x)
    labels <- "x"
  } else {
    x <- if (is.data.frame(x)) x else data.frame(x = x)
    form <- if (is.null(formula)) stats::as.formula(paste("~", paste(sprintf("`%s`", names(x)), collapse = " + "))) else formula[-2L]
    terms <- stats::model.matrix(form, x)
    if (!"(Intercept)" %in% colnames(terms) || ncol(terms) < 2L) {
      stop_plain("regress: formula must have an intercept and a predictor")
    }
    labels <- gsub("`", "", colnames(terms)[-1L], fixed = TRUE)
    terms <- as_matrix(terms[, -1L, drop = FALSE])
  }
  found <- ask("call", "regress", list(y, terms), list(na_rm = na.rm))
  names(found) <- c("(Intercept)", labels)
  written(found, list(filename = filename, overwrite = overwrite, ...))
})

by_hand("bestMatch", "PySpatRaster", function(x, y, labels = NULL, fun = "squared", ..., filename = "", overwrite = FALSE, wopt = list()) {
  y <- if (is.matrix(y)) as.data.frame(y) else if (is.data.frame(y)) y else as_py(y)
  found <- shift_values(ask("call", "best_match", list(x, y), list(fun = fun, na_rm = isTRUE(list(...)$na.rm))), 1)
  if (!is.null(labels)) {
    levels(found) <- data.frame(ID = seq_along(labels), label = as.character(labels))
  }
  written(found, list(filename = filename, overwrite = overwrite, wopt = wopt))
})

# The cells with the extremes of layers: a matrix, or a list with a part for each layer.
for (side in c("min", "max")) local({
  verb <- paste0("where_", side)
  by_hand(paste0("where.", side), "PySpatRaster", function(x, values = TRUE, list = FALSE) {
    found <- unname_rows(as.matrix(shift_columns(ask("call", verb, base::list(x), base::list(values = values)), c("layer", "cell"))))
    if (!list) {
      return(found)
    }
    lapply(seq_len(nlyr(x)), function(i) found[found[, 1L] == i, -1L, drop = !values])
  })
})
rm(side)

by_hand("summary", "PySpatRaster", function(object, size = 100000, warn = TRUE, ...) {
  if (ncell(object) > size) {
    if (warn) {
      warning("the summary is of a sample of ", size, " cells", call. = FALSE)
    }
    frame <- spatSample(object, size, method = "regular")
  } else {
    frame <- values(object, dataframe = TRUE)
  }
  names(frame) <- make.unique(names(frame))
  frame[] <- lapply(frame, function(column) if (is.logical(column)) as.numeric(column) else column) # as terra counts truths
  summary(frame, ...)
})
by_hand("summary", "PySpatVector", function(object, ...) summary(as.data.frame(object), ...))

by_hand("xFromCol", "PySpatRaster", function(object, col = seq_len(ncol(object))) {
  ask("call", "x_from_col", list(object, as_positions(to_python(col))))
})
by_hand("yFromRow", "PySpatRaster", function(object, row = seq_len(nrow(object))) {
  ask("call", "y_from_row", list(object, as_positions(to_python(row))))
})

by_hand("writeRaster", "PySpatRaster", write_raster)
by_hand("writeCDF", "PySpatRaster", write_cdf)

# Several numbers are repeated over the cells of each layer; a function of R gives the values of all cells, from their number. What else
# is given goes to it, but for options of files.
by_hand("init", "PySpatRaster", function(x, fun, ..., filename = "", overwrite = FALSE, wopt = list()) {
  more <- list(...)
  if (!is.function(fun) && !all(nzchar(names_of(more)))) {
    stop_plain("init: has too many arguments; it takes fun, filename, overwrite, wopt")
  }
  own <- is.function(fun) & !names_of(more) %in% FILE_OPTIONS
  if (!is.character(fun)) units(x) <- "" # new numbers are in none
  if (is.numeric(fun) && length(fun) > 1L) {
    made <- setValues(x, rep(rep_len(as.double(fun), ncell(x)), nlyr(x)))
  } else if (is.function(fun)) {
    made <- setValues(x, as.double(do.call(fun, c(list(ncell(x) * nlyr(x)), more[own]))))
  } else {
    fun <- if (is_missing(fun)) as_numbers(fun) else fun
    made <- ask("call", "init", list(if (is.character(fun)) rast(x, nlyrs = 1, names = fun) else x, fun))
    if (is_word(fun, c("cell", "row", "col"))) {
      made <- shift_values(made, 1)
    }
  }
  written(made, c(list(filename = filename, overwrite = overwrite, wopt = wopt), more[!own]))
})

# A function of rasters for one tile after the other.
tile_by_tile <- function(x, fun, ..., n, buffer) {
  room <- special("chunks", x, n, buffer)
  for (i in seq_len(special("chunk_count", room)) - 1) {
    special("chunk_take", room, i, as_py(fun(special("chunk_seen", room, i), ...)))
  }
  special("chunk_joined", room)
}

by_hand("chunk", "PySpatRaster", function(x, fun, ..., n = NULL, buffer = 0, filename = "", wopt = list()) {
  written(tile_by_tile(x, fun, ..., n = n, buffer = buffer), list(filename = filename, wopt = wopt))
})

# A function of rasters for each layer.
by_hand("sapp", "PySpatRaster", function(x, fun, ..., filename = "", overwrite = FALSE, wopt = list()) {
  layers <- lapply(as.list(x), function(layer) as_py(fun(layer, ...)))
  written(do.call(c, layers), list(filename = filename, overwrite = overwrite, wopt = wopt))
})
