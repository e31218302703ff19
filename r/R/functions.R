# Functions of R as arguments: usual ones are those of pyterra, by name; others are called from Python.

USUAL <- c(
  "sum", "mean", "median", "modal", "min", "max", "range", "prod", "any", "all", "sd", "var", "which.min",
  "which.max", "which"
)

# The name of a function that pyterra has itself, or NULL.
function_name <- function(f) {
  for (name in USUAL) {
    for (place in c("base", "stats", "terra")) {
      known <- get0(name, envir = asNamespace(place), mode = "function", inherits = FALSE)
      if (!is.null(known) && identical(f, known)) {
        return(name)
      }
    }
  }
  NULL
}

# A function for a verb; other values stay as they are. What else the user gives goes to the function itself.
as_function <- function(value, given, how) {
  if (!is.function(value)) {
    return(value)
  }
  name <- function_name(value)
  if (!is.null(name)) {
    return(name)
  }
  more <- given[["..."]]
  call <- if (how == "block_function") in_blocks(value, more) else at_once(value, more)
  as_is(function(found) sprintf('{"function":%d,"as":"%s"}', pointer(reticulate::r_to_py(call), found), how))
}

# What Python calls with a question and numbers, column after column: it gives an answer and numbers. Errors and
# warnings are parts of the answer.
answering <- function(f) {
  force(f)
  function(question, numbers) {
    said <- guarded(f, from_json(as_text(question)), plain_doubles(numbers))
    found <- said[[1L]]
    answer <- list(
      error = said[[2L]], warnings = said[[3L]], labels = as.character(found$labels), dim = as.integer(found$dim),
      kind = as.character(found$kind), texts = as.character(found$texts)
    )
    for (text in said[[4L]]) {
      message(text, appendLF = FALSE)
    }
    reticulate::tuple(to_json(answer), send_doubles(as.double(found$numbers)))
  }
}

plain_doubles <- function(numbers) {
  if (inherits(numbers, "python.builtin.object")) fetch_doubles(numbers) else as.double(numbers)
}

in_blocks <- function(f, more) {
  over_cells <- do.call(bridge_function, c(list(f), more))
  answering(function(question, numbers) {
    values <- matrix(numbers, question$rows, question$columns)
    found <- over_cells(question$way, values, as.character(question$names))
    size <- dim(found[[1L]])
    if (is.null(size)) {
      size <- if (question$way %in% c("each", "parts")) c(1L, length(found[[1L]])) else c(length(found[[1L]]), 1L)
    }
    list(numbers = found[[1L]], labels = found[[2L]], dim = size)
  })
}

at_once <- function(f, more) {
  answering(function(question, numbers) {
    sizes <- unlist(question$sizes)
    parts <- Map(function(size, stop) numbers[seq_len(size) + stop - size], sizes, cumsum(sizes))
    found <- do.call(f, c(unname(parts), more))
    if (is.factor(found)) found <- as.character(found)
    text <- is.character(found) && length(found)
    if (!text) bridge_numbers(found)
    list(
      numbers = if (!text) found, labels = names(found), dim = length(found), kind = typeof(found),
      texts = if (text) found
    )
  })
}
