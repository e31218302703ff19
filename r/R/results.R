# How answers of Python are brought into the form that terra's verbs give, by the names that the table of verbs uses.
#   answer: what came back; x: the object of the verb; given: all arguments, by terra's names

RESULTS <- list(
  . = function(answer, x, given) answer,
  invisible = function(answer, x, given) invisible(TRUE),
  cells = function(answer, x, given) from_python(answer),
  plus_one = function(answer, x, given) shift_values(answer, 1),
  which = function(answer, x, given) if (gives_positions(given$fun)) shift_values(answer, 1) else answer,
  adjacent = function(answer, x, given) {
    answer <- from_python(answer)
    if (isTRUE(given$pairs)) {
      colnames(answer) <- c("from", "to")
    }
    answer
  },
  from_to = function(answer, x, given) {
    if (is.data.frame(answer)) as.matrix(shift_columns(answer, c("from", "to"))) else answer
  },
  array = function(answer, x, given) {
    dimnames(answer) <- list(NULL, NULL, names(x))
    answer
  },
  layer_columns = function(answer, x, given) {
    if (!isTRUE(given$wide)) {
      colnames(answer) <- names(x)
    }
    answer
  },
  xy_columns = function(answer, x, given) {
    if (is.matrix(answer) && ncol(answer) == 2L) {
      colnames(answer) <- c("x", "y")
    }
    answer
  },
  cell_column = function(answer, x, given) shift_columns(answer, "cell"),
  layer_column = function(answer, x, given) {
    if (isTRUE(given$usenames)) answer else shift_columns(answer, "layer")
  },
  id_cell = function(answer, x, given) {
    if (is.data.frame(answer)) shift_columns(answer, c("ID", "cell")) else answer
  },
  ids_of_both = function(answer, x, given) shift_columns(answer, c("id.x", "id.y", "ID")),
  geom = function(answer, x, given) {
    if (is.data.frame(answer)) {
      return(shift_columns(answer, c("geom", "part")))
    }
    if (is.matrix(answer)) {
      answer[, 1:2] <- answer[, 1:2] + 1
      colnames(answer) <- c("geom", "part", "x", "y", "hole")
    }
    answer
  },
  minmax = function(answer, x, given) {
    dimnames(answer) <- list(c("min", "max"), names(x))
    answer
  },
  depth = function(answer, x, given) if (is.null(answer)) rep(0, nlyr(x)) else answer,
  crosstab = function(answer, x, given) {
    if (isTRUE(given$long)) answer else cross_table(answer, names(x))
  },
  nearby = function(answer, x, given) as.matrix(shift_columns(answer, setdiff(names(answer), "distance"))),
  quantiles = function(answer, x, given) answer,
  relate = function(answer, x, given) {
    if (isTRUE(given$pairs)) from_python(answer) else answer
  },
  sample = function(answer, x, given) if (is.data.frame(answer)) shift_columns(answer, "cell") else answer
)

is_word <- function(value, words) is.character(value) && length(value) == 1L && value %in% words

gives_positions <- function(fun) {
  name <- if (is.function(fun)) function_name(fun) else fun
  is_word(name, c("which.min", "which.max", "which"))
}

# A raster whose values are positions, counted from 1.
shift_values <- function(p, by) ask("special", "shifted", list(p, by))

cross_table <- function(frame, names) {
  counts <- as.matrix(frame)
  dimnames(counts) <- stats::setNames(list(rownames(frame), colnames(frame)), names[1:2])
  as.table(counts)
}
