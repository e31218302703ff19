# Tables as a header and one matrix of doubles, a column per column. Missing is NA; texts and factors are codes from 0
# into the values that the header lists.

table_parts <- function(x) {
  columns <- lapply(seq_along(x), function(i) column_parts(x[[i]], names(x)[i]))
  numbers <- unlist(lapply(columns, `[[`, "numbers"), use.names = FALSE)
  headers <- lapply(columns, `[[`, "header")
  list(header = to_json(list(schema = one(SCHEMA), rows = one(nrow(x)), columns = headers)),
       table = matrix(as.double(numbers), nrow(x), length(x)))
}

column_parts <- function(x, name) {
  header <- list(name = one(name))
  if (is.factor(x)) {
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
  } else if (is.logical(x) || is.numeric(x)) {
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
  structure(columns, class = "data.frame", row.names = seq_len(header$rows))
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
