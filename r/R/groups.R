# The group generics: Arith, Compare, Logic, Math, Math2, Summary, and `!`. Objects of terra and numbers may stand on either
# side.
#' @include methods.R
NULL

OPERATORS <- c(
  "+" = "add", "-" = "sub", "*" = "mul", "/" = "truediv", "^" = "pow", "%%" = "mod", "%/%" = "floordiv",
  "==" = "eq", "!=" = "ne", "<" = "lt", "<=" = "le", ">" = "gt", ">=" = "ge", "&" = "and", "|" = "or"
)

# What the operator is where the object of Python stands on the right.
MIRRORED <- c("==" = "eq", "!=" = "ne", "<" = "gt", "<=" = "ge", ">" = "lt", ">=" = "le")

group_of <- function(op) {
  for (group in c("Arith", "Compare", "Logic")) if (op %in% getGroupMembers(group)) return(group)
}

# Python's method for an operator, x op y.
operate <- function(op, x, y) {
  member(group_of(op), op, if (is(x, "PySpat")) x else y)
  if (!is(x, "PySpat") && !is(y, "PySpat")) {
    stop("one side must be an object of Python")
  }
  if (op == "/" && is(x, "SpatExtent") && is(y, "SpatExtent")) {
    return(ratio_of_extents(x, y))
  }
  if (is(x, "PySpat") || nzchar(kind_of(x))) {
    x <- as_py(x)
    y <- operand(y, x)
    return(ask("call", paste0("__", OPERATORS[[op]], "__"), list(x, y)))
  }
  word <- if (op %in% names(MIRRORED)) MIRRORED[[op]] else paste0("r", OPERATORS[[op]])
  ask("call", paste0("__", word, "__"), list(y, operand(x, y)))
}

# Numbers: one, or one per layer; a matrix is laid over the cells, a column per layer, or one for all.
operand <- function(value, x) {
  if (is.matrix(value) && is(x, "PySpatRaster")) {
    return(setValues(if (ncol(value) == 1L) x[[1L]] else x, apply(value, 2L, rep_len, ncell(x))))
  }
  if (is.numeric(value) || is.logical(value)) as_numbers(as.double(value)) else value
}

# Numbers beside an extent are one for each side, repeated, as in terra.
with_sides <- function(op, x, value) {
  member("Arith", op, x)
  value <- rep_len(as.double(if (op %in% c("*", "/")) abs(value) else value), 4L)
  ask("call", paste0("__", OPERATORS[[op]], "__"), list(x, if (op == "%%") value[[1L]] else as_numbers(value)))
}

setMethod("Arith", c("PySpatExtent", "numeric"), function(e1, e2) with_sides(.Generic, e1, e2))
setMethod("Arith", c("numeric", "PySpatExtent"), function(e1, e2) {
  if (!.Generic %in% c("+", "*")) {
    stop_plain(.Generic, ": an extent must stand on the left, got a number; only + and * take it on either side")
  }
  with_sides(.Generic, e2, e1)
})

# How many times as wide and as high an extent is as another.
ratio_of_extents <- function(e1, e2) {
  a <- edges_of(as_py(e1))
  b <- edges_of(as_py(e2))
  c(x = (a[["xmax"]] - a[["xmin"]]) / (b[["xmax"]] - b[["xmin"]]), y = (a[["ymax"]] - a[["ymin"]]) / (b[["ymax"]] - b[["ymin"]]))
}

# What may stand on the other side, by group and class.
OTHERS <- list(
  Arith = list(
    PySpatRaster = c("PySpatRaster", "SpatRaster", "numeric", "logical", "matrix", "character"),
    PySpatVector = c("PySpatVector", "SpatVector"),
    PySpatExtent = c("PySpatExtent", "SpatExtent")
  ),
  Compare = list(
    PySpatRaster = c("PySpatRaster", "SpatRaster", "numeric", "logical", "matrix", "character"),
    PySpatExtent = c("PySpatExtent", "SpatExtent")
  ),
  Logic = list(PySpatRaster = c("PySpatRaster", "SpatRaster", "numeric", "logical", "matrix"))
)

for (group in names(OTHERS)) {
  for (class in names(OTHERS[[group]])) {
    for (other in OTHERS[[group]][[class]]) {
      setMethod(group, c(class, other), function(e1, e2) operate(.Generic, e1, e2))
      if (other != class) {
        setMethod(group, c(other, class), function(e1, e2) operate(.Generic, e1, e2))
      }
    }
  }
}
rm(group, class, other)

setMethod("Arith", c("PySpatRaster", "missing"), function(e1, e2) {
  if (.Generic == "-") ask("call", "__neg__", list(e1)) else e1
})

setMethod("!", "PySpatRaster", function(x) ask("call", "__invert__", list(x)))

# Members of a group that pyterra has.
member <- function(group, name, x) {
  for (row in VERBS) {
    if (row$do == group && row$generic == name && row$class == names(PY_CLASS)[PY_CLASS == class(x)]) {
      return(row$verb)
    }
  }
  stop_of_r(name, class(x))
}

# A member of Summary, of an object and of what stands beside it; among that is how the result is written.
summed_by <- function(name, x, more, na.rm) {
  if (is(x, "PySpatExtent") && name %in% c("sum", "prod", "any", "all")) { # of x and of y, as terra
    edges <- unname(edges_of(x))
    f <- get(name, baseenv())
    return(c(f(edges[1:2]), f(edges[3:4])))
  }
  named <- if (is(x, "PySpatRaster") || (na.rm && is(x, "PySpatVector"))) list(na_rm = na.rm) else list()
  file <- names_of(more) %in% WRITING
  found <- written(ask("call", member("Summary", name, x), c(list(x), unname(more[!file])), named), more[file])
  if (is.data.frame(found)) {
    unname_rows(as.matrix(found))
  } else if (is(x, "PySpatExtent") && name == "range") {
    stats::setNames(found, c("x", "y"))
  } else {
    found
  }
}

for (class in unname(PY_CLASS)) {
  setMethod("Math", class, function(x) ask("call", member("Math", .Generic, x), list(x)))
  setMethod("Math2", class, function(x, digits) {
    ask("call", member("Math2", .Generic, x), list(x), if (missing(digits)) list() else list(digits = digits))
  })
  setMethod("Summary", class, function(x, ..., na.rm = FALSE) {
    more <- list(...)
    if (is(x, "PySpatRaster") && isTRUE(more$par) && all(names_of(more) %in% c("par", WRITING))) { # each layer by itself, and nothing beside
      layers <- lapply(as.list(x), function(layer) summed_by(.Generic, layer, list(), na.rm))
      return(written(do.call(c, layers), more[names_of(more) %in% WRITING]))
    }
    summed_by(.Generic, x, if (is(x, "PySpatRaster")) beside(x, more) else more, na.rm)
  })
}
rm(class)

unname_rows <- function(m) {
  rownames(m) <- NULL
  m
}
