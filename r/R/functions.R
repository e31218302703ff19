# Functions of R as arguments: usual ones are those of pyterra, by name; others are called from Python with blocks.

USUAL <- c(
  "sum", "mean", "median", "modal", "min", "max", "range", "prod", "any", "all", "sd", "var", "which.min", "which.max",
  "which", "length", "quantile"
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

# A function for a verb. What else is given goes to the function itself, where it is one of R.
as_function <- function(value, given) {
  if (!is.function(value)) {
    return(value)
  }
  name <- function_name(value)
  if (!is.null(name)) {
    return(name)
  }
  more <- given[["..."]]
  if (!length(more)) {
    return(value)
  }
  function(...) do.call(value, c(list(...), more))
}

json_function <- function(f, found) {
  stop_plain("functions of R other than ", paste(USUAL, collapse = ", "), " are not called from Python")
}
