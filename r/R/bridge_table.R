# Tables as a header and one matrix of doubles, a column per column. Missing is NA; texts and factors are codes from 0
# into the values that the header lists.

table_parts <- function(x) {
  x <- flat_table(x)
  columns <- lapply(seq_along(x), function(i) column_parts(x[[i]], names(x)[i]))
  numbers <- unlist(lapply(columns, `[[`, "numbers"), use.names = FALSE)
  headers <- lapply(columns, `[[`, "header")
  list(header = to_json(list(schema = one(SCHEMA), rows = one(nrow(x)), columns = headers)),
       table = matrix(as.double(numbers), nrow(x), length(x)))
}

# Columns that are matrices or tables as columns of their own, as data.frame() makes them; each must have its rows, and a name.
flat_table <- function(x) {
  if (is.null(names(x))) names(x) <- paste0("V", seq_along(x))
  names(x)[is.na(names(x))] <- "NA"
  wide <- vapply(x, function(v) length(dim(v)) == 2L, NA)
  columns <- lapply(seq_along(x), function(i) {
    v <- x[[i]]
    if (!wide[i]) return(stats::setNames(list(v), names(x)[i]))
    parts <- if (is.data.frame(v)) as.list(flat_table(v)) else lapply(seq_len(ncol(v)), function(k) v[, k])
    titles <- if (is.data.frame(v)) names(flat_table(v)) else if (is.null(colnames(v))) seq_len(ncol(v)) else colnames(v)
    stats::setNames(parts, paste(names(x)[i], titles, sep = "."))
  })
  columns <- do.call(c, c(list(list()), columns))
  rows <- .row_names_info(x, 2L)
  for (i in seq_along(columns)) {
    if (length(columns[[i]]) != rows) {
      stop("column ", names(columns)[i], ": must have ", rows, " values as the table has rows, got ", length(columns[[i]]), call. = FALSE)
    }
  }
  structure(columns, class = "data.frame", row.names = .set_row_names(rows))
}

# Classes of numbers that are read as numbers; others have a meaning that numbers do not have.
PLAIN_CLASSES <- c("AsIs", "ts", "numeric", "integer", "logical", "labelled", "haven_labelled", "vctrs_vctr")

# The numbers of integer64, which are stored in the bytes of doubles.
long_numbers <- function(x, name) {
  halves <- matrix(readBin(writeBin(as.double(unclass(x)), raw(), endian = "little"), "integer", 2L * length(x), endian = "little"), 2L)
  low <- ifelse(is.na(halves[1, ]), -2^31, halves[1, ])
  high <- ifelse(is.na(halves[2, ]), -2^31, halves[2, ])
  numbers <- high * 2^32 + ifelse(low < 0, low + 2^32, low)
  numbers[high == -2^31 & low == 0] <- NA
  if (any(abs(numbers) >= 2^53, na.rm = TRUE)) { # the next one has no double of its own
    stop("column ", name, ": whole numbers must lie within 2^53, where they are exact; make it text first", call. = FALSE)
  }
  numbers
}

column_parts <- function(x, name) {
  header <- list(name = one(name))
  if (is.factor(x)) {
    if (anyNA(levels(x))) x <- factor(x, levels(x)[!is.na(levels(x))], ordered = is.ordered(x))
    header <- c(header, type = list(one("factor")), values = list(levels(x)), ordered = list(one(is.ordered(x))))
    numbers <- as.integer(x) - 1L
  } else if (is.character(x)) {
    known <- unique(x[!is.na(x)])
    header <- c(header, type = list(one("text")), values = list(known))
    numbers <- match(x, known) - 1L
  } else if (inherits(x, "Date")) {
    header <- c(header, type = list(one("date")))
    numbers <- unclass(x)
  } else if (inherits(x, "POSIXt")) {
    zone <- attr(as.POSIXlt(x[0]), "tzone")[1]
    header <- c(header, type = list(one("time")), zone = list(one(if (is.null(zone)) "" else zone)))
    numbers <- unclass(as.POSIXct(x))
  } else if (inherits(x, "integer64")) {
    header <- c(header, type = list(one("integer")))
    numbers <- long_numbers(x, name)
  } else if ((is.logical(x) || is.numeric(x)) && !length(setdiff(oldClass(x), PLAIN_CLASSES))) {
    header <- c(header, type = list(one(plain_type(x))))
    numbers <- x
  } else {
    stop("column ", name, ": must hold numbers, logicals, text, factors, dates or times, got ", class(x)[1], call. = FALSE)
  }
  list(header = header, numbers = as.double(numbers))
}

build_table <- function(json, table) {
  header <- read_header(json)
  columns <- lapply(seq_along(header$columns), function(i) {
    restored(header$columns[[i]], as.double(table[seq_len(header$rows) + (i - 1) * header$rows]))
  })
  names(columns) <- vapply(header$columns, `[[`, "", "name")
  structure(columns, class = "data.frame", row.names = .set_row_names(header$rows))
}

restored <- function(column, numbers) {
  if (column$type != "double") numbers[is.nan(numbers)] <- NA # a date of NaN is no missing date
  switch(column$type,
    double = numbers,
    integer = as.integer(numbers),
    logical = as.logical(numbers),
    text = as.character(unlist(column$values))[numbers + 1],
    factor = factor(as.integer(numbers) + 1L, seq_along(column$values), as.character(unlist(column$values)),
                    ordered = isTRUE(column$ordered)),
    date = as.Date(numbers, origin = "1970-01-01"),
    time = as.POSIXct(numbers, origin = "1970-01-01", tz = column$zone),
    stop("columns of type ", column$type, " are not known", call. = FALSE)
  )
}
