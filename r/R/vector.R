# Vectors: records and columns, `[`, `[[`, `$`, and verbs whose results terra has in forms of its own.
#' @include by_hand.R
NULL

# Numbers of records: by number, truth, or what they touch. Numbers of records that there are not stand for nothing, as in terra.
record_index <- function(x, i) {
  if (!is.numeric(i) && !is.logical(i)) {
    stop_plain("[: records are chosen by numbers, TRUE and FALSE, or places, got ", if (is.null(i)) "NULL" else paste("a", class(i)[[1L]]))
  }
  i <- chosen(if (is.numeric(i)) i[!is.na(i)] else without_missing(i), nrow(x))
  as_positions(i[!is.na(i) & i < nrow(x)])
}

records <- function(x, i) {
  if (is(i, "PySpatVector") || is(i, "PySpatExtent") || kind_of(i) %in% c("vector", "extent")) {
    place <- as_py(i)
    if (is(place, "PySpatExtent")) {
      place <- as.polygons(place, crs = crs(x))
    }
    return(x[which(as.logical(is.related(x, place, "intersects")))])
  }
  ask("item", "", list(x, record_index(x, i)))
}

column_names <- function(x, j, verb = "[") {
  known <- names(x)
  found <- if (is.character(j)) j else known[j]
  if (anyNA(found) || !all(found %in% known)) {
    stop_plain(verb, ": no column ", paste(setdiff(as.character(j), known), collapse = ", "), "; there are ",
               paste(known, collapse = ", "))
  }
  found
}

with_columns <- function(x, columns) ask("call", "subset", list(x), list(select = as_vector(columns)))

setMethod("[", "PySpatVector", function(x, i, j, ..., drop = FALSE) {
  if (!missing(i) && is.character(i) && missing(j)) {
    return(with_columns(x, column_names(x, i)))
  }
  if (!missing(i)) {
    x <- records(x, i)
  }
  if (!missing(j)) {
    x <- with_columns(x, column_names(x, j))
  }
  if (drop) as.data.frame(x) else x
})

setMethod("[[", "PySpatVector", function(x, i, j, ...) {
  drop <- isTRUE(list(...)$drop)
  if (is.character(i) && length(i) == 1L && !i %in% names(x)) {
    return(NULL)
  }
  frame <- as.data.frame(x)[column_names(x, i)]
  if (drop) frame[[1L]] else frame
})

setMethod("$", "PySpatVector", function(x, name) {
  known <- names(x)
  if (name %in% known) as.data.frame(x)[[name]]
})

# A column replaced, added, or taken out by NULL; of a table the first column counts, as in terra.
with_column <- function(x, name, value) {
  frame <- as.data.frame(x)
  if (is.data.frame(value)) {
    if (!ncol(value)) {
      stop_plain("[[<-: a table must have a column of values, got one without columns; NULL takes a column out")
    }
    if (ncol(value) > 1L) {
      warning("only the first of ", ncol(value), " columns is used", call. = FALSE)
    }
    value <- value[[1L]]
  } else if (is.list(value) && all(lengths(value) == 1L)) {
    value <- unlist(value, use.names = FALSE)
  }
  if (is.null(value)) {
    frame[[name]] <- NULL
  } else {
    if (!length(value)) {
      stop_plain("$<-: there must be values, got none")
    }
    if (nrow(x) %% length(value) != 0) {
      warning("the values are repeated, but do not fill the records evenly", call. = FALSE)
    }
    frame[[name]] <- rep_len(value, nrow(x))
  }
  ask("call", "set_values", list(x, frame))
}

setMethod("$<-", "PySpatVector", function(x, name, value) with_column(x, name, value))
setMethod("[[<-", "PySpatVector", function(x, i, j, ..., value) {
  with_column(x, if (is.numeric(i)) names(x)[[i]] else i, value)
})
setMethod("[<-", "PySpatVector", function(x, i, j, ..., value) {
  frame <- as.data.frame(x)
  rows <- if (missing(i)) seq_len(nrow(x)) else i
  if (missing(j) && is(value, "SpatVector")) {
    return(with_records(x, rows, as_py(value)))
  }
  if (is(value, "SpatVector")) {
    value <- as.data.frame(value)
  }
  if (missing(j)) {
    frame[rows, ] <- value
  } else if (missing(i)) {
    frame[, j] <- value
  } else {
    frame[rows, j] <- value
  }
  ask("call", "set_values", list(x, frame))
})

# Records in place of others, with their geometries.
with_records <- function(x, rows, value) {
  rows <- chosen(rows, nrow(x)) + 1
  order <- seq_len(nrow(x))
  order[rows] <- nrow(x) + rep_len(seq_len(nrow(value)), length(rows))
  rbind(x, value)[order, ]
}

# values(v) <- NULL takes all columns out.
by_hand("values<-", "PySpatVector", function(x, value) {
  if (is.null(value) || is.data.frame(value) && !length(value)) {
    return(special("without_attributes", x))
  }
  ask("call", "set_values", list(x, as.data.frame(value)))
})

by_hand("distance", "PySpatVector", function(x, y, sequential = FALSE, pairs = FALSE, symmetrical = TRUE, unit = "m",
                                            pairwise = FALSE, method = "haversine", use_nodes = FALSE, names = NULL) {
  how <- list(unit = unit, method = method, use_nodes = use_nodes)
  if (!missing(y) && !is.null(y) && !isTRUE(is.na(y))) {
    if (sequential || pairs) {
      stop_plain("distance: sequential and pairs are of one vector alone, got two")
    }
    found <- ask("call", "distance", list(x, y), c(list(pairwise = pairwise), how))
    if (is.matrix(found) && !is.null(names)) {
      dimnames(found) <- list(labels_of(x, names[1L]), labels_of(y, names[length(names)]))
    }
    return(found)
  }
  found <- ask("call", "distance", list(x), c(list(sequential = sequential), how))
  if (sequential) {
    return(found)
  }
  if (pairs) {
    return(pairs_of(found, symmetrical))
  }
  if (!is.null(names)) {
    dimnames(found) <- rep(list(labels_of(x, names[1L])), 2L)
  }
  stats::as.dist(found)
})

# What the rows of a matrix are called: values of a column.
labels_of <- function(x, name) {
  if (!is.character(name) || !name %in% base::names(x)) {
    stop_plain("distance: names must name columns, got ", format(name), "; there are ", toString(base::names(x)))
  }
  as.character(x[[name]][, 1L])
}

# A square matrix as rows from, to, value.
pairs_of <- function(m, symmetrical) {
  places <- if (symmetrical) which(lower.tri(m), arr.ind = TRUE) else which(row(m) != col(m), arr.ind = TRUE)
  places <- if (symmetrical) places[, 2:1, drop = FALSE] else places[order(places[, 1L], places[, 2L]), , drop = FALSE]
  out <- cbind(places, m[places])
  dimnames(out) <- list(NULL, c("from", "to", "value"))
  out
}

# R's generic has `decreasing` where terra has the names of columns.
by_hand("sort", "PySpatVector", function(x, v = FALSE, decreasing = FALSE) {
  if (is.logical(v)) {
    order <- v
    v <- decreasing
    decreasing <- order
  }
  if (is.logical(v)) {
    stop_plain("sort: v must name columns, got none; there are ", toString(names(x)))
  }
  ask("call", "sort", list(x, as_vector(column_names(x, v))), list(decreasing = decreasing))
})

# The last rows keep their numbers, as those of a data.frame do.
by_hand("tail", "PySpatVector", function(x, n = 6L) utils::tail(as.data.frame(x), n))

by_hand("as.list", "PySpatVector", function(x, geom = NULL) as.list(as.data.frame(x, geom = geom)))

#' @exportS3Method base::as.list
as.list.PySpatVector <- function(x, ...) as.list(as.data.frame(x))

#' @export
rbind.PySpatVector <- function(..., deparse.level = 1) {
  parts <- Filter(Negate(is.null), unname(list(...)))
  ask("call", "rbind", parts)
}

#' @export
cbind.PySpatVector <- function(..., deparse.level = 1) {
  parts <- list(...)
  more <- parts[-1L]
  names <- names_of(more)
  for (i in seq_along(more)) {
    if (!is(more[[i]], "PySpat") && !nzchar(kind_of(more[[i]]))) {
      plain <- is.null(dim(more[[i]])) && !is.list(more[[i]])
      more[[i]] <- as.data.frame(more[[i]])
      if (plain) names(more[[i]]) <- if (nzchar(names[[i]])) names[[i]] else "y" # terra's name for it
    }
  }
  Reduce(function(x, y) ask("call", "cbind", list(x, y)), more, parts[[1L]])
}

# R itself joins the attributes, so that all arguments of its merge() count; records stay in their order.
by_hand("merge", "PySpatVector", function(x, y, ...) {
  frame <- as.data.frame(x)
  other <- if (is(y, "SpatVector")) as.data.frame(y) else y
  taken <- c(names(frame), names(other))
  place <- make.unique(c(taken, ".record"))[[length(taken) + 1L]]
  frame[[place]] <- seq_len(nrow(x))
  joined <- merge(frame, other, ...)
  if (anyNA(joined[[place]])) {
    stop_plain("merge: every row must have a geometry, got rows of y without; leave out all and all.y")
  }
  joined <- joined[order(joined[[place]]), , drop = FALSE]
  x <- x[joined[[place]]]
  joined[[place]] <- NULL
  rownames(joined) <- NULL
  ask("call", "set_values", list(x, joined))
})

# Names of columns as terra makes them: none with blanks, none that begins with a digit, none twice.
valid_names <- function(value) {
  value <- ifelse(is.na(value), "NA", as.character(value))
  made <- gsub(" ", ".", trimws(value, whitespace = " "), fixed = TRUE)
  made <- ifelse(nzchar(made), sub("^([0-9])", "X\\1", made), "X")
  while (anyDuplicated(made)) { # a name that is made may be there already
    for (name in unique(made[duplicated(made)])) {
      made[made == name] <- paste0(name, "_", seq_len(sum(made == name)))
    }
  }
  if (any(made != value)) {
    warning("some names were changed to make them valid and unique", call. = FALSE)
  }
  made
}

by_hand("quantile", "PySpatVector", function(x, probs = seq(0, 1, 0.25), ...) {
  numbers <- Filter(is.numeric, as.data.frame(x))
  vapply(numbers, stats::quantile, numeric(length(probs)), probs = probs, ...)
})
