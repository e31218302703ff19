# Functions of R over the cells of a block: called once for a block, the loop over cells is here.

# A function for blocks, with its further arguments: function(way, values, names) that gives list(numbers, labels).
#   way "each":    `.f` gets the values of a cell, a vector with `names`; `values` has a column for each cell
#   way "rows":    `.f` gets all of `values`, a row for each cell, and must work on rows, as rowSums does
#   way "columns": `.f` gets the columns of `values` as arguments, by name where there are names
#   way "parts":   `.f` gets the values of a cell in as many vectors as there are `names`; `values` as for "each"
# Numbers are (result, cell) for "each" and "parts", (cell, result) else.
bridge_function <- function(.f, ...) {
  force(.f)
  list(...) # errors in arguments belong here

  each <- function(values, names) {
    dimnames(values) <- list(if (length(names)) names, NULL)
    cells <- ncol(values)
    first <- .f(values[, 1L], ...)
    count <- length(first)
    labels <- base::names(first)
    out <- if (count == 1L) numeric(cells) else matrix(0, count, cells)
    bridge_numbers(first)
    if (count == 1L) {
      out[1L] <- first
      for (i in seq_len(cells)[-1L]) {
        found <- .f(values[, i], ...)
        if (length(found) != 1L) bridge_stop_count(1L, length(found))
        out[i] <- found
      }
    } else {
      out[, 1L] <- first
      for (i in seq_len(cells)[-1L]) {
        found <- .f(values[, i], ...)
        if (length(found) != count) bridge_stop_count(count, length(found))
        if (!is.null(labels) && !identical(base::names(found), labels)) labels <- NULL
        out[, i] <- found
      }
    }
    bridge_numbers(out)
    list(out, if (count > 1L) labels)
  }

  parts <- function(values, names) {
    places <- matrix(seq_len(nrow(values)), ncol = length(names))
    vectors <- lapply(seq_along(names), function(i) call("[", quote(v), places[, i]))
    call <- as.call(c(list(quote(.f)), vectors, list(quote(...))))
    bridge_function(eval(call("function", as.pairlist(alist(v = )), call)))("each", values, NULL)
  }

  rows <- function(values, names) {
    dimnames(values) <- list(NULL, if (length(names)) names)
    bridge_rows(.f(values, ...), nrow(values))
  }

  columns <- function(values, names) {
    places <- lapply(seq_len(ncol(values)), function(i) call("[", quote(values), quote(expr = ), i))
    if (length(names)) base::names(places) <- names
    bridge_rows(eval(as.call(c(list(quote(.f)), places, list(quote(...))))), nrow(values))
  }

  function(way, values, names) {
    found <- switch(way, each = each, parts = parts, rows = rows, columns = columns)(values, names)
    if (is.null(found[[2]])) found[[2]] <- character()
    storage.mode(found[[1]]) <- "double"
    found
  }
}

# A result of many cells at once as a matrix with a row for each.
bridge_rows <- function(found, cells) {
  if (is.data.frame(found)) found <- as.matrix(found)
  bridge_numbers(found)
  labels <- if (is.matrix(found)) colnames(found)
  if (length(found) == 0L || length(found) %% cells != 0L) {
    stop("for ", cells, " cells it must give ", cells, " numbers, or a multiple of that, got ", length(found), call. = FALSE)
  }
  list(matrix(found, nrow = cells), labels)
}

bridge_numbers <- function(found) {
  if (length(found) == 0L || !(is.numeric(found) || is.logical(found))) {
    stop("it must give numbers, got ", if (length(found)) class(found)[1] else "nothing", call. = FALSE)
  }
}

bridge_stop_count <- function(expected, found) {
  stop("it must give ", expected, " values for every cell, as for the first, got ", found, call. = FALSE)
}
