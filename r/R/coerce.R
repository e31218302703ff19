# Rasters and vectors as something else: numbers, text, positions in a table, sums of rows and columns, groups of records.
#' @include by_hand.R base.R
NULL

without_categories <- function(x) {
  label <- names(x)
  if (is.factor(x)) levels(x) <- NULL
  names(x) <- label
  x + 0
}

by_hand("as.numeric", "PySpatRaster", function(x, index = NULL, filename = "", ...) {
  if (is.numeric(index)) index <- index - 1
  written(ask("call", "as_numeric", list(x), list(index = index)), list(filename = filename, ...))
})

# The call that makes the raster, without its values, as terra writes it.
by_hand("as.character", "PySpatRaster", function(x) {
  known <- crs(x, describe = TRUE)
  system <- if (anyNA(known[c("authority", "code")])) gsub("\n *", "", crs(x)) else paste0(known$authority, ":", known$code)
  edges <- edges_of(ext(x))
  paste0(
    "rast(ncols=", ncol(x), ", nrows=", nrow(x), ", nlyrs=", nlyr(x), ", ", paste0(EDGES, "=", edges, collapse = ", "),
    ", names=c(", paste0("'", names(x), "'", collapse = ", "), "), crs='", system, "')"
  )
})

for (name in c("as.numeric", "as.integer", "as.logical", "as.complex", "as.character")) local({
  name <- name
  setMethod(name, "PySpat", function(x, ...) stop_of_r(name, class(x)))
})
rm(name)
setMethod("as.vector", "PySpat", function(x, mode = "any") stop_of_r("as.vector", class(x)))

# Where each value of a layer stands first in a table; text stands for categories.
layer_in_table <- function(x, table, nomatch, incomparables) {
  numbers <- table
  if (is.character(table)) {
    known <- if (is.factor(x)) levels(x)[[1L]]
    numbers <- known[[1L]][match(table, known[[2L]])]
  }
  wanted <- !duplicated(numbers) & !table %in% incomparables & (is.na(table) | !is.na(numbers))
  if (!any(wanted)) {
    return(init(x, nomatch))
  }
  subst(without_categories(x), numbers[wanted], which(wanted), others = nomatch)
}

by_hand("match", "PySpatRaster", function(x, table, nomatch = NA, incomparables = NULL) {
  table <- if (is.factor(table)) as.character(table) else table
  if (is.character(table) && !any(is.factor(x))) {
    stop_plain("match: text is found among categories, and no layer has any")
  }
  if (!is.null(table) && !is.numeric(table) && !is.logical(table) && !is.character(table)) {
    stop_plain("match: table must be numbers or text, got a ", class(table)[[1L]])
  }
  table <- if (is.character(table)) table else as.double(table)
  found <- do.call(c, lapply(as.list(x), layer_in_table, table, as.integer(nomatch), incomparables))
  names(found) <- paste0("lyr.", seq_len(nlyr(x)))
  found
})

# Rows or columns of cells summed up, a row of the answer for each, a column for each layer.
summed_up <- function(x, cells, fun, na.rm) {
  found <- values(if (prod(cells) == 1) x else aggregate(x, cells, fun, na.rm = na.rm))
  if (fun == "sum" && na.rm) {
    found[is.na(found)] <- 0
  }
  found
}

for (name in c("rowSums", "rowMeans", "colSums", "colMeans")) local({
  name <- name
  fun <- if (endsWith(name, "Sums")) "sum" else "mean"
  rows <- startsWith(name, "row")
  by_hand(name, "PySpatRaster", function(x, na.rm = FALSE, dims = 1L) {
    if (!isTRUE(dims == 1)) {
      stop_plain(name, ": dims other than 1 is not taken: layers are always told apart")
    }
    summed_up(x, if (rows) c(1, ncol(x)) else c(nrow(x), 1), fun, isTRUE(as.logical(na.rm)))
  })
})
rm(name)

# Records by the values of a column, or by a group for each.
by_hand("split", "PySpatVector", function(x, f, min_node_dist = 10000) {
  if (is(f, "PySpat") || nzchar(kind_of(f))) {
    return(ask("call", "split", list(x, as_py(f)), list(min_node_dist = min_node_dist)))
  }
  if (length(f) == nrow(x) && !(is.character(f) && all(f %in% names(x)))) {
    unknown <- !is.list(f) && anyNA(f)
    records <- if (unknown) base::split(seq_len(nrow(x)), addNA(factor(f))) else base::split(seq_len(nrow(x)), f, drop = TRUE)
    names(records)[is.na(names(records))] <- "NA"
    return(lapply(records, function(i) x[i]))
  }
  parts <- ask("call", "split", list(x, f))
  stats::setNames(parts, vapply(parts, function(part) as.character(as.data.frame(part)[1L, f]), ""))
})
