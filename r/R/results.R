# How answers of Python are brought into the form that terra's verbs give, by the names that the table of verbs uses.
#   answer: what came back; x: the object of the verb; given: all arguments, by terra's names

RESULTS <- list(
  . = function(answer, x, given) answer,
  invisible = function(answer, x, given) invisible(TRUE),
  cells = function(answer, x, given) na_for_nan(from_python(answer)),
  cells_of_values = function(answer, x, given) {
    part <- function(found) if (is.data.frame(found)) as.matrix(shift_columns(found, "cell")) else from_python(found)
    stats::setNames(lapply(answer, part), names(x))
  },
  cells_under = function(answer, x, given) {
    unname_rows(as.matrix(shift_columns(answer, grep("^(ID|cell|c[1-4])$", names(answer), value = TRUE))))
  },
  rcl = function(answer, x, given) {
    answer <- from_python(answer)
    colnames(answer) <- c("row", "col", "lyr")
    answer
  },
  ordered = function(answer, x, given) if (isTRUE(given$order)) shift_values(answer, 1) else answer,
  layer_cor = function(answer, x, given) {
    if (is.data.frame(answer)) unname(as.matrix(answer)) else lapply(answer, function(part) as.matrix(part) + 0)
  },
  by_layer = function(answer, x, given) {
    if (is.numeric(answer) && length(answer) == nlyr(x) && !isTRUE(given$combine)) stats::setNames(answer, names(x)) else answer
  },
  along = function(answer, x, given) shift_columns(answer, c("ID", "cell")),
  ranges = function(answer, x, given) {
    if (is.data.frame(answer)) {
      shift_columns(answer, "ID")
    } else if (is.list(answer)) {
      lapply(seq_along(answer), function(i) {
        part <- shift_columns(answer[[i]], "ID")
        names(part) <- make.unique(names(part))
        attr(part, "row.names") <- i
        part
      })
    } else if (is.matrix(answer)) {
      t(answer)
    } else {
      answer
    }
  },
  divided = function(answer, x, given) if (is_missing(given$as.raster)) stats::setNames(answer, c("r", "v")) else answer,
  plus_one = function(answer, x, given) shift_values(answer, 1),
  nearest = function(answer, x, given) if (isTRUE(given$nearest)) c(answer[[1]], shift_values(answer[[2]], 1)) else answer,
  which = function(answer, x, given) shift_found(answer, given),
  app = function(answer, x, given) {
    if (identical(given$fun, range) || identical(given$fun, "range")) names(answer) <- c("lyr.1", "lyr.2")
    RESULTS$which(answer, x, given)
  },
  # Columns that a function did not name are X1, X2, as those of a matrix in a data.frame.
  global = function(answer, x, given) {
    if (identical(given$fun, range)) names(answer) <- c("X1", "X2")
    if (is.function(given$fun)) names(answer) <- sub("^global_([0-9]+)$", "X\\1", make.names(names(answer)))
    RESULTS$which_columns(answer, x, given)
  },
  which_columns = function(answer, x, given) shift_columns(answer, c("which", "which.min", "which.max")),
  # What a function gave is named agg, also where it is one that pyterra has by name.
  which_records = function(answer, x, given) {
    answer <- shift_found(answer, given, grep("^which", names(answer), value = TRUE, invert = TRUE))
    known <- if (is.function(given$fun)) function_name(given$fun)
    if (!is.null(known)) {
      columns <- names(answer)
      computed <- columns %in% paste0(known, "_", names(x))
      columns[computed] <- sub(known, "agg", columns[computed], fixed = TRUE)
      twice <- columns %in% columns[duplicated(columns)] # the mean of n, and the number of records
      columns[twice] <- paste0(columns[twice], ifelse(computed[twice], ".x", ".y"))
      names(answer) <- columns
    }
    answer
  },
  which_zones = function(answer, x, given) {
    counts <- is.data.frame(answer) && identical(names(answer)[1L], "zone") && all(c("value", "count") %in% names(answer))
    if (counts && is(given$z, "SpatVector")) {
      return(counts_in_zones(answer, identical(given$wide, FALSE) || nlyr(x) > 1L, nrow(given$z)))
    }
    keys <- if (is.data.frame(answer) && is(given$z, "SpatRaster")) names(answer)[seq_len(nlyr(given$z))] else names(given$z)
    answer <- shift_found(answer, given, keys)
    if (!is.data.frame(answer) || !is(given$z, "SpatRaster")) {
      return(answer)
    }
    wide <- !identical(given$wide, FALSE)
    own <- is.function(given$fun) && is.null(function_name(given$fun))
    if (own && length(keys) == 1L) answer <- zones_of_function(answer, x, given$z)
    if (length(keys) == 2L && wide) zones_across(answer, keys, given$fun) else if (length(keys) == 1L && !wide) long_zones(answer) else answer
  },
  adjacent = function(answer, x, given) {
    answer <- from_python(answer)
    if (isTRUE(given$pairs) && !isTRUE(given$symmetrical)) {
      colnames(answer) <- c("from", "to")
    }
    answer
  },
  from_to = function(answer, x, given) {
    if (is.data.frame(answer)) return(of_doubles(as.matrix(shift_columns(answer, c("from", "to")))))
    dimnames(answer) <- rep(list(as.character(seq_len(nrow(answer)))), 2L)
    of_doubles(answer)
  },
  layer_columns = function(answer, x, given) {
    if (!isTRUE(given$wide)) {
      colnames(answer) <- names(x)
    }
    r_numbers(answer, x)
  },
  r_numbers = function(answer, x, given) r_numbers(answer, x),
  frame_of_raster = function(answer, x, given) shift_columns(typed_columns(answer, x), "cell"),
  # Rows are named after the cells, where some are left out.
  frame_of_cells = function(answer, x, given) {
    answer <- shift_columns(typed_columns(answer, x), "cell")
    if (identical(given$wide, FALSE)) {
      return(if (isTRUE(given$cells)) answer else answer[names(answer) != "cell"])
    }
    if (nrow(answer) < ncell(x)) attr(answer, "row.names") <- as.integer(answer$cell)
    if (!isTRUE(given$cells)) {
      return(answer[names(answer) != "cell"])
    }
    if (!isTRUE(given$xy) && ncell(x) <= .Machine$integer.max) answer$cell <- as.integer(answer$cell) # as terra has them beside values alone
    answer
  },
  frame_of_vector = function(answer, x, given) {
    answer[] <- lapply(answer, function(column) if (is.double(column) && !is.object(column)) na_for_nan(column) else column)
    answer
  },
  xy_columns = function(answer, x, given) {
    if (is.matrix(answer) && ncol(answer) %in% 2:3) {
      colnames(answer) <- c("x", "y", "z")[seq_len(ncol(answer))]
    }
    answer
  },
  # Values of points that a function of R, or its length(), makes are named after the field, or V1.
  rasterized = function(answer, x, given) {
    answer <- RESULTS$which(answer, x, given)
    if (is.null(given$by) && nlyr(answer) == 1L && geomtype(x) == "points") {
      field <- if (is.character(given$field) && length(given$field) == 1L && given$field %in% names(x)) given$field else "V1"
      if (identical(given$fun, "length")) {
        names(answer) <- paste0(field, "_length")
      } else if (is.function(given$fun) && names(answer) == "layer") {
        names(answer) <- field
      }
    }
    answer
  },
  texts = function(answer, x, given) as.character(answer), # of none a list would come back
  places = function(answer, x, given) as.data.frame(crds(answer)),
  cell_column = function(answer, x, given) shift_columns(answer, "cell"),
  # Numbers of layers are whole where they stand alone, and doubles beside values or zones.
  areas = function(answer, x, given) {
    answer <- layers_counted(answer, given)
    if (length(answer) == 2L && is.double(answer$layer)) answer$layer <- as.integer(answer$layer)
    answer
  },
  # Whole numbers where no value was found, and of layers where one was asked for.
  counts = function(answer, x, given) {
    answer <- layers_counted(answer, given)
    if (is(given$zones, "SpatVector")) answer$zone <- as.integer(answer$zone + 1)
    known <- intersect(c("layer", "value", "count"), names(answer))
    if (nrow(answer) == 0L) {
      answer[known] <- lapply(answer[known], as.integer)
      if (isTRUE(given$usenames) && "layer" %in% known) answer$layer <- character()
      if (is.factor(x)[1L] && "value" %in% known) answer$value <- character()
      return(answer)
    }
    answer$count <- if ("count" %in% known) as.double(answer$count)
    if (!is.null(given$value)) {
      if (is.double(answer$layer)) answer$layer <- as.integer(answer$layer)
      if (is.numeric(answer$value)) answer$value <- na_for_nan(as.double(answer$value))
    }
    answer
  },
  extracted = function(answer, x, given) {
    if (!is.null(given$layer) && is.null(given$fun)) { # the layer of each is not told, but where a function made one of many
      answer <- answer[, -max(which(names(answer) == "layer"))]
    }
    answer <- shift_found(answer, given, c("ID", "layer", if (isTRUE(given$bind)) names(given$y)))
    if (is.data.frame(answer)) answer <- shift_columns(answer, c("ID", "cell"))
    if (!is.data.frame(answer)) {
      return(answer)
    }
    counted <- identical(given$fun, table) || identical(given$fun, "table")
    if (counted) answer[] <- lapply(answer, function(column) if (is.integer(column)) column + 0 else column)
    if (!is.null(given$fun) && is.numeric(answer$ID)) answer$ID <- as.integer(answer$ID)
    if (counted && nlyr(x) == 1L) names(answer)[names(answer) == "value"] <- names(x)
    # Several numbers of a function are a matrix, but for points.
    if (is.null(given$fun) && !isTRUE(given$raw) && !identical(given$method, "bilinear")) answer <- typed_columns(answer, x)
    several <- is.function(given$fun) && !counted && length(setdiff(names(answer), "ID")) > nlyr(x) && !is_points(given$y)
    if (several || (isTRUE(given$raw) && is.null(given$fun))) as.matrix(answer, rownames.force = FALSE) else answer
  },
  # Where cells lie stands before their values.
  places_first = function(answer, x, given) {
    answer <- RESULTS$frame_of_raster(answer, x, given)
    first <- c(if (isTRUE(given$cells)) "cell", if (isTRUE(given$xy)) c("x", "y"))
    values <- seq_len(length(answer) - length(first)) # layers may have these names, too
    answer[c(length(values) + seq_along(first), values)]
  },
  xy_first = function(answer, x, given) {
    answer <- if (isTRUE(given$raw)) as.matrix(answer) else typed_columns(answer, x)
    if (isTRUE(given$xy)) answer[c(nlyr(x) + 1:2, seq_len(nlyr(x)))] else answer
  },
  ids_of_both = function(answer, x, given) {
    names(answer) <- sub("^id_y$", "id.y", names(answer))
    shift_columns(answer, "id.y")
  },
  edges_of_network = function(answer, x, given) ask("special", "shifted", list(answer, 1, c("from_node", "to_node", "source_id"))),
  ways = function(answer, x, given) ask("special", "shifted", list(answer, 1, c("from", "to"))),
  shared_ids = function(answer, x, given) ask("special", "shifted", list(answer, 1, c("id1", "id2"))),
  pairs_of_both = function(answer, x, given) {
    if (!is.matrix(answer)) {
      return(answer)
    }
    pairs <- expand.grid(to = as.double(seq_len(ncol(answer))), from = as.double(seq_len(nrow(answer))))
    data.frame(from = pairs$from, to = pairs$to, distance = as.vector(t(answer)))
  },
  geom = function(answer, x, given) {
    if (is.data.frame(answer)) {
      return(shift_columns(answer, c("geom", "part")))
    }
    if (isTRUE(given$wkb)) {
      return(lapply(answer, as.raw))
    }
    if (is.matrix(answer)) {
      answer[, 1:2] <- answer[, 1:2] + 1
      colnames(answer) <- c("geom", "part", "x", "y", "hole", "z")[seq_len(ncol(answer))]
    }
    answer
  },
  minmax = function(answer, x, given) {
    dimnames(answer) <- list(c("min", "max"), names(x))
    answer
  },
  edges = function(answer, x, given) {
    colnames(answer) <- c("xmin", "xmax", "ymin", "ymax")
    answer
  },
  flags = function(answer, x, given) vapply(answer, function(flag) if (is.null(flag)) NaN else as.double(flag), 0),
  # Without a reference system nobody knows.
  lonlat = function(answer, x, given) {
    if (nzchar(crs(x)) || isTRUE(given$perhaps)) {
      return(answer)
    }
    warning("is.lonlat: the reference system is not known", call. = FALSE)
    NA
  },
  datatype = function(answer, x, given) unname(ifelse(nzchar(answer), DATATYPES[match(answer, names(DATATYPES))], "")),
  block_columns = function(answer, x, given) {
    colnames(answer) <- c("rows", "cols")
    answer
  },
  scoff = function(answer, x, given) {
    colnames(answer) <- c("scale", "offset")
    answer
  },
  depth = function(answer, x, given) if (is.null(answer)) rep(0, nlyr(x)) else answer,
  crosstab = function(answer, x, given) {
    if (isTRUE(given$long)) {
      answer[] <- lapply(answer, function(column) if (is.numeric(column)) na_for_nan(as.double(column)) else column)
      return(stats::setNames(answer, c(names(x), "n")))
    }
    cross_table(answer[[1L]], answer[[2L]], names(x))
  },
  focal = function(answer, x, given) {
    if (is.function(given$fun) && is.null(function_name(given$fun)) && nlyr(answer) == nlyr(x)) {
      names(answer) <- names(x)
    }
    RESULTS$which(answer, x, given)
  },
  nearby = function(answer, x, given) {
    answer <- as.matrix(shift_columns(answer, setdiff(names(answer), "distance")))
    if (!"id" %in% colnames(answer)) {
      rownames(answer) <- NULL
      if (!is.null(given$y)) colnames(answer) <- sub("^(from|to)$", "\\1_id", colnames(answer))
      return(of_doubles(answer))
    }
    storage.mode(answer) <- "integer"
    rownames(answer) <- if (is.null(given$y)) as.character(seq_len(nrow(answer)))
    answer
  },
  relate = function(answer, x, given) {
    if (!isTRUE(given$pairs)) {
      return(answer)
    }
    pairs <- if (is.list(answer)) do.call(cbind, unname(lapply(answer, as.double))) else answer
    pairs[pairs < 0] <- NaN
    matrix(pairs + 1, ncol = 2L, dimnames = list(NULL, c("id.x", "id.y")))
  },
  sources = function(answer, x, given) if (length(answer)) answer else "",
  # A row for each layer was told; what belongs to a source is that of its first layer.
  sources_of_layers = function(answer, x, given) {
    first <- !duplicated(answer$sid)
    if (isTRUE(given$bands)) {
      answer$nlyr <- as.double(table(answer$sid)[answer$sid])
      answer$sid <- as.integer(answer$sid)
      answer$bands <- as.double(answer$bands)
      return(answer[c("sid", "source", "bands", if (isTRUE(given$nlyr)) "nlyr")])
    }
    if (isTRUE(given$nlyr)) {
      return(data.frame(source = answer$source[first], nlyr = as.double(table(answer$sid))))
    }
    answer$source[first]
  },
  held = function(answer, x, given) answer$held[if (isTRUE(given$bylayer)) TRUE else !duplicated(answer$sid)],
  union_ids = function(answer, x, given) {
    if (is.null(given$y)) {
      numbered <- grepl("^id_[0-9]+$", names(answer))
      names(answer)[numbered] <- paste0("id_", as.integer(sub("id_", "", names(answer)[numbered])) + 1L)
    }
    answer
  },
  zone_column = function(answer, x, given) {
    answer <- shift_found(answer, given, c("zone", names(given$z)))
    if (is.data.frame(answer)) shift_columns(answer, "zone") else answer
  },
  sample = function(answer, x, given) {
    if (!is(answer, "PySpatVector")) {
      return(if (is.data.frame(answer)) sampled_frame(answer, x, given) else sampled_matrix(answer, x, given))
    }
    if (!"cell" %in% setdiff(names(answer), names(x))) {
      answer
    } else if (isTRUE(given$cells)) {
      ask("special", "shifted", list(answer, 1, "cell"))
    } else {
      answer[, names(answer) != "cell"]
    }
  }
)

# A sample as a table; where terra gives a matrix, of cells without values and of strata that are no factors, it is one.
sampled_frame <- function(answer, x, given) {
  answer <- shift_columns(typed_columns(answer, x), "cell")
  if (identical(given$values, FALSE) || (identical(given$method, "stratified") && !is.factor(x)[[1L]])) {
    as.matrix(answer, rownames.force = FALSE) + 0
  } else {
    answer
  }
}

layers_counted <- function(answer, given) if (isTRUE(given$usenames)) answer else shift_columns(answer, "layer")

of_doubles <- function(matrix) {
  storage.mode(matrix) <- "double"
  matrix
}

# A sample as a matrix; its columns have names.
sampled_matrix <- function(answer, x, given) {
  if (is.matrix(answer) && ncol(answer) == nlyr(x)) RESULTS$layer_columns(answer, x, list()) else answer
}

# Types of numbers in files, by their names in Python.
DATATYPES <- c(
  uint8 = "INT1U", int8 = "INT1S", uint16 = "INT2U", int16 = "INT2S", uint32 = "INT4U", int32 = "INT4S", uint64 = "INT8U",
  int64 = "INT8S", float32 = "FLT4S", float64 = "FLT8S"
)

is_word <- function(value, words) is.character(value) && length(value) == 1L && value %in% words

gives_positions <- function(fun) {
  name <- if (is.function(fun)) function_name(fun) else fun
  is_word(name, c("which.min", "which.max", "which", "which_min", "which_max"))
}

# What a statistic found: places, where it tells any, are counted from 1; columns that say what it was found for stay.
shift_found <- function(answer, given, keys = character()) {
  if (!gives_positions(given$fun)) {
    return(answer)
  }
  columns <- setdiff(names(answer), keys)
  if (is.data.frame(answer)) {
    return(shift_columns(answer, columns))
  }
  if (is(answer, "PySpatVector")) ask("special", "shifted", list(answer, 1, columns)) else shift_values(answer, 1)
}

# How often each value occurs in each polygon, with a column for each value.
counts_in_zones <- function(answer, long, count) {
  answer$zone <- as.double(answer$zone + 1)
  answer$count <- as.double(answer$count)
  if (long) {
    return(answer)
  }
  values <- unique(answer$value)
  counts <- matrix(0, count, length(values), dimnames = list(NULL, as.character(values)))
  counts[cbind(answer$zone, match(answer$value, values))] <- answer$count
  cbind(data.frame(zone = as.double(seq_len(count))), counts)
}

# Zones of a function of the user's, as terra has them: a factor, or truths, in the order of the labels in their table, and of several layers
# in that of the alphabet.
zones_of_function <- function(answer, x, z) {
  if (is.bool(z)) {
    answer[[1L]] <- as.logical(answer[[1L]])
  } else if (is.factor(z)) {
    answer[[1L]] <- factor(answer[[1L]], unique(c(cats(z)[[1L]][[activeCat(z) + 1L]], answer[[1L]])))
    answer <- answer[order(if (nlyr(x) == 1L) answer[[1L]] else as.character(answer[[1L]])), , drop = FALSE]
    rownames(answer) <- NULL
  }
  answer
}

# Statistics of the zones of two layers: a row for each of the first, columns for the second. Where two never meet the sum is 0.
zones_across <- function(answer, keys, fun) {
  rows <- unique(answer[[keys[1L]]])
  columns <- unique(answer[[keys[2L]]])
  if (length(answer) == 3L) { # as terra: of several layers numbers as they come, labels by the alphabet
    if (is.numeric(columns)) columns <- sort(columns)
  } else {
    if (is.character(rows)) rows <- sort(rows)
    if (is.character(columns)) columns <- sort(columns)
  }
  cells <- cbind(match(answer[[keys[1L]]], rows), match(answer[[keys[2L]]], columns))
  again <- duplicated(cells)
  if (any(again)) {
    warning("zonal: zones of one label share a column, which has the first of them; wide = FALSE gives each", call. = FALSE)
  }
  nothing <- if (identical(if (is.function(fun)) function_name(fun) else fun, "sum")) 0 else NA
  across <- lapply(answer[-(1:2)], function(numbers) {
    laid <- matrix(nothing, length(rows), length(columns))
    laid[cells[!again, , drop = FALSE]] <- (if (is.numeric(numbers)) na_for_nan(numbers) else numbers)[!again]
    laid
  })
  named <- outer(names(across), columns, paste, sep = ".") # all statistics of a zone stand together
  if (is.character(columns)) named[1L, ] <- columns # terra leaves the name of the first layer out before labels
  laid <- lapply(seq_along(columns), function(k) lapply(across, function(numbers) numbers[, k]))
  data.frame(stats::setNames(c(list(rows), unlist(laid, recursive = FALSE)), c(keys[1L], named)), check.names = FALSE)
}

# Statistics of zones, below each other: the number of the layer, the zone, the value.
long_zones <- function(answer) {
  layers <- ncol(answer) - 1L
  long <- data.frame(layer = rep(seq_len(layers), each = nrow(answer)), zone = rep(answer[[1L]], layers),
                     value = unlist(answer[-1L], use.names = FALSE))
  names(long)[2L] <- names(answer)[1L]
  long
}

# A raster whose values are positions, counted from 1.
shift_values <- function(p, by) ask("special", "shifted", list(p, by))

cross_table <- function(counts, labels, names) {
  dimnames(counts) <- stats::setNames(labels, make.unique(names))
  structure(as.table(counts), class = c("xtabs", "table"), call = quote(crosstab(x)))
}

is_points <- function(y) is(y, "SpatVector") && identical(geomtype(y), "points")
