# Errors of Python as conditions of R, with the message alone.

stop_python <- function(told) {
  classes <- c(unlist(told$classes), "pyterra_error", "error", "condition")
  stop(structure(class = unique(classes), list(message = in_words_of_r(told$message), call = NULL)))
}

# An error of this package itself, worded as those of Python are.
stop_plain <- function(...) {
  stop(structure(class = c("ArgumentError", "pyterra_error", "error", "condition"), list(message = paste0(...), call = NULL)))
}

# As if the user had pressed the key here: it ends the computation, and tryCatch(interrupt = ) sees it.
stop_interrupt <- function() {
  condition <- structure(class = c("interrupt", "condition"), list(message = "interrupted", call = NULL))
  signalCondition(condition)
  invokeRestart("abort")
}
