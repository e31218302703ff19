# Methods for terra's own generics, made from the table of verbs. No generic of terra is masked: only methods for the classes of
# this package are added.
#' @include classes.R table.R verb.R
NULL

# Whether this version of terra has a generic and exports it, or R has the function.
has_generic <- function(name) {
  if (is.primitive(get0(name, baseenv()))) {
    return(!is.null(getGeneric(name)))
  }
  isGeneric(name, where = TERRA) && (name %in% getNamespaceExports(TERRA) || in_r(name))
}

in_r <- function(name) {
  any(vapply(c("base", "stats", "utils", "graphics", "methods"), function(p) exists(name, asNamespace(p), inherits = FALSE), NA))
}

# A method with the generic's own formals that hands what was given to run(x, given); where `run` is a call of a function of this
# package, x and given follow its arguments. Such a method keeps no environment of its own: to load two thousand of them took most of
# the time of library(pyterra).
method_for <- function(generic, run, where = TERRA) {
  formals <- formals(getGeneric(generic, where = where))
  first <- names(formals)[[1L]]
  rest <- setdiff(names(formals), c(first, "..."))
  collect <- lapply(rest, function(name) {
    bquote(if (!missing(.(as.name(name)))) given[.(name)] <- list(.(as.name(name))))
  })
  dots <- if ("..." %in% names(formals)) quote(c(given, list(...))) else quote(given)
  answer <- as.call(c(if (is.call(run)) as.list(run) else quote(run), as.name(first), dots))
  body <- as.call(c(quote(`{`), quote(given <- list()), collect, answer))
  eval(call("function", as.pairlist(formals), body), if (is.call(run)) topenv() else list2env(list(run = run), parent = topenv()))
}

# The signatures of a row: with a second class, it is terra's or this package's.
signatures <- function(row) {
  class <- PY_CLASS[[row$class]]
  if (!length(row$second) || length(getGeneric(row$generic, where = TERRA)@signature) < 2L) {
    return(list(class))
  }
  second <- c(row$second, unname(PY_CLASS[intersect(row$second, names(PY_CLASS))]))
  second[second == "sf"] <- "ANY" # a class of another package, which need not be there
  lapply(second, function(s) c(class, s))
}

# Where the second argument is an object of Python, an object of terra follows it there.
mixed_signature <- function(row) {
  generic <- getGeneric(row$generic, where = TERRA)
  if (length(generic@signature) < 2L || endsWith(row$generic, "<-") || !row$class %in% names(PY_CLASS)) {
    return(NULL)
  }
  py <- unname(PY_CLASS[intersect(row$second, names(PY_CLASS))])
  if (!length(row$second)) c(row$class, "PySpat") else if (length(py)) c(row$class, py[[1L]])
}

add_method <- function(generic, signature, run) {
  setMethod(generic, signature, method_for(generic, run), where = topenv())
}

run_row <- function(number, x, given) run_verb(VERBS[[number]], as_py(x), given)

for (number in seq_along(VERBS)) local({
  row <- VERBS[[number]]
  if (row$do %in% c("call", "get", "set", "special") && row$class %in% names(PY_CLASS) && has_generic(row$generic)) {
    mixed <- mixed_signature(row)
    for (signature in c(signatures(row), if (!is.null(mixed)) list(mixed))) {
      add_method(row$generic, signature, bquote(run_row(.(number))))
    }
  }
})
rm(number)
