# subset() with NSE = TRUE: names of layers and columns stand for what they hold.
#' @include methods.R
NULL

row_of <- function(generic, class) Find(function(row) row$generic == generic && row$class == class, VERBS)

# What was given for subset(x, ...), not evaluated, by its names; NULL unless NSE is TRUE.
unevaluated <- function(call, formals, env) {
  call <- match.call(as.function(c(formals, list(NULL))), call)
  given <- as.list(call)[-(1:2)]
  if (isTRUE(eval(given$NSE, env))) given[names(given) != "NSE"]
}

# Names that are chosen by an expression of names, as in `-a`, `a:c` or `c(a, b)`.
chosen_names <- function(expression, names, env) {
  found <- eval(expression, stats::setNames(as.list(seq_along(names)), names), env)
  if (is.character(found)) found else names[found]
}

setMethod("subset", "PySpatRaster", function(x, ...) {
  env <- parent.frame()
  given <- unevaluated(sys.call(), alist(x = , subset = , negate = , NSE = , ... = ), env)
  if (is.null(given)) {
    return(run_verb(row_of("subset", "SpatRaster"), x, list(...)))
  }
  rest <- lapply(given[names(given) != "subset"], eval, env)
  do.call(subset, c(list(x, chosen_names(given$subset, names(x), env)), rest))
})

setMethod("subset", "PySpatVector", function(x, ...) {
  env <- parent.frame()
  given <- unevaluated(sys.call(), alist(x = , subset = , select = , drop = , NSE = , ... = ), env)
  if (is.null(given)) {
    given <- list(...)
    if (length(given) == 1L && is(given[[1L]], "SpatVector")) {
      return(x[given[[1L]]])
    }
    return(run_verb(row_of("subset", "SpatVector"), x, given))
  }
  rest <- lapply(given[!names(given) %in% c("subset", "select")], eval, env)
  rows <- if (!is.null(given$subset)) list(subset = eval(given$subset, as.data.frame(x), env))
  columns <- if (!is.null(given$select)) list(select = chosen_names(given$select, names(x), env))
  do.call(subset, c(list(x), rows, columns, rest))
})
