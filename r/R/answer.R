# Answers of Python, taken apart: objects, values, tables, errors and warnings.

answer_of <- function(answer) {
  if (is_handle(answer)) {
    return(wrap_py(answer))
  }
  parts <- list()
  if (inherits(answer, "python.builtin.tuple")) {
    parts <- lapply(seq_len(reticulate::py_len(answer)) - 1L, function(i) reticulate::py_get_item(answer, i))
    answer <- parts[[1L]]
    parts <- parts[-1L]
  }
  told <- jsonlite::fromJSON(reticulate::py_to_r(answer), simplifyVector = FALSE)
  for (text in told$warnings) {
    warning(text, call. = FALSE)
  }
  value_told(told, parts)
}

is_handle <- function(x) !isS4(x) && length(class(x)) > 0L && !is.na(class_for(x))

value_told <- function(told, parts) {
  switch(told$is,
    object = wrap_py(part(told, parts)),
    null = NULL,
    text = shaped(told, as.character(blanks(told$value))),
    logical = shaped(told, as.logical(blanks(told$value))),
    numbers = shaped(told, as.double(blanks(told$value))),
    array = shaped(told, fetch_doubles(part(told, parts))),
    list = named(told, lapply(told$value, value_told, parts = parts)),
    frame = frame_told(told, parts),
    interrupt = stop_interrupt(),
    error = stop_python(told),
    stop("unknown answer: ", told$is)
  )
}

part <- function(told, parts) parts[[told[["#"]] + 1L]]

# null stands for missing.
blanks <- function(values) {
  values[vapply(values, is.null, NA)] <- NA
  unlist(values)
}

named <- function(told, x) {
  if (!is.null(told$names)) {
    names(x) <- unlist(told$names)
  }
  x
}

shaped <- function(told, x) {
  if (!is.null(told$dim)) {
    dim(x) <- unlist(told$dim)
  }
  x <- switch(told$class %||% "",
    date = as.Date(x, origin = "1970-01-01"),
    time = as.POSIXct(x, origin = "1970-01-01", tz = "UTC"),
    x
  )
  named(told, x)
}

frame_told <- function(told, parts) {
  header <- as_text(part(told, parts))
  parts <- parts[[told[["#"]] + 2L]]
  frame <- build_table(header, fetch_table(parts))
  if (!is.null(told$rows)) {
    rownames(frame) <- make.unique(unlist(told$rows))
  }
  frame
}

`%||%` <- function(a, b) if (is.null(a)) b else a
