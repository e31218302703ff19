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
    warning(in_words_of_r(text), call. = FALSE)
  }
  value_told(told, parts)
}

is_handle <- function(x) !is.na(class_for(x))

value_told <- function(told, parts) {
  switch(told$is,
    object = wrap_py(parts[[told[["#"]] + 1L]]),
    null = NULL,
    text = shaped(told, as.character(blanks(told$value))),
    logical = shaped(told, as.logical(blanks(told$value))),
    numbers = shaped(told, as.double(blanks(told$value))),
    array = shaped(told, fetch_doubles(parts[[told[["#"]] + 1L]])),
    list = labelled(told, lapply(told$value, value_told, parts = parts)),
    frame = frame_told(told, parts),
    interrupt = stop_interrupt(),
    error = stop_python(told),
    stop("an answer of unknown kind: ", told$is)
  )
}

# null stands for missing.
blanks <- function(values) {
  values[vapply(values, is.null, NA)] <- NA
  unlist(values)
}

labelled <- function(told, x) {
  if (!is.null(told$names)) {
    names(x) <- unlist(told$names)
  }
  x
}

shaped <- function(told, x) {
  if (!is.null(told$class)) x <- na_for_nan(x) # a date of NaN is no missing date
  if (!is.null(told$dim)) {
    dim(x) <- unlist(told$dim)
  }
  x <- switch(if (is.null(told$class)) "" else told$class,
    date = as.Date(x, origin = "1970-01-01"),
    time = as.POSIXct(x, origin = "1970-01-01", tz = "UTC"),
    x
  )
  labelled(told, x)
}

frame_told <- function(told, parts) {
  frame <- build_table(told$header, fetch_doubles(parts[[told[["#"]] + 1L]]))
  if (!is.null(told$rows)) {
    rownames(frame) <- make.unique(as.character(unlist(told$rows)))
  }
  frame
}
