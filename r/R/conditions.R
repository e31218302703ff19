# Errors of Python as conditions of R, with the message alone.

stop_python <- function(told) {
  classes <- c(unlist(told$classes), "pyterra_error", "error", "condition")
  stop(structure(class = unique(classes), list(message = in_words_of_r(told$message), call = NULL)))
}

# An error of this package itself, worded as those of Python are.
stop_plain <- function(...) {
  stop(structure(class = c("ArgumentError", "pyterra_error", "error", "condition"), list(message = paste0(...), call = NULL)))
}

# Stops where one of the arguments of a method that is written out is no number.
one_number <- function(verb, ...) {
  given <- list(...)
  for (name in names(given)) {
    value <- given[[name]]
    if (length(value) != 1L || !(is.numeric(value) || is.logical(value)) || is.na(value)) {
      stop_plain(verb, ": ", name, " must be a number, got ", if (length(value)) toString(value) else "nothing")
    }
  }
}

# As if the user had pressed the key here: it ends the computation, and tryCatch(interrupt = ) sees it.
stop_interrupt <- function() {
  condition <- structure(class = c("interrupt", "condition"), list(message = "interrupted", call = NULL))
  signalCondition(condition)
  invokeRestart("abort")
}
