# How arguments are handed on, by the names that the table of verbs uses.
#   value: what the user gave; x: the object of the verb; given: all arguments, by terra's names

ARGUMENTS <- list(
  plain = function(value, x, given) value,
  vector = function(value, x, given) as_vector(value),
  flag = function(value, x, given) if (is.logical(value) && length(value) == 1L) value else as_vector(value),
  groups = function(value, x, given) as_vector(if (is.factor(value)) as.integer(value) else value),
  snake = function(value, x, given) if (is.character(value)) vapply(value, snake_case, "", USE.NAMES = FALSE) else value,
  some = function(value, x, given) if (length(value)) as_vector(value) else stop_plain("%in%: table must hold values, got none"),
  cells = function(value, x, given) as_positions(to_python(value)),
  # Numbers of cells that somebody wrote: fractions are rounded, and those below 1 are no cells either, but no missing ones.
  numbered = function(value, x, given) {
    if (length(value) == 2L && any(value %% 1 != 0, na.rm = TRUE)) {
      warning("[extract] a vector of two decimal values is interpreted as referring to cell numbers, not to coordinates", call. = FALSE)
    }
    cells <- round(value)
    as_positions(ifelse(is.na(cells), -1, ifelse(cells < 1, -2, cells - 1)))
  },
  nested = function(value, x, given) {
    if (is.list(value)) lapply(value, function(v) as_positions(to_python(v))) else if (!is.null(value)) as_positions(to_python(value))
  },
  # Numbers of layers, from 0, also where a raster holds them.
  place = function(value, x, given) {
    if (is.numeric(value)) value - 1 else if (nzchar(kind_of(value)) || is(value, "PySpat")) shift_values(as_py(value), -1) else value
  },
  layers = function(value, x, given) {
    if (is.character(value)) as_vector(value) else as_positions(chosen(value, nlyr(x)))
  },
  records = function(value, x, given) {
    if (is.null(value)) NULL else as_positions(chosen(without_missing(value), nrow(x)))
  },
  columns = function(value, x, given) {
    as_vector(if (is.null(value)) value else column_names(x, value, "subset"))
  },
  matrix = function(value, x, given) as_matrix(value),
  table = function(value, x, given) {
    if (is.data.frame(value) && all(vapply(value, is.numeric, NA))) as_matrix(value) else value
  },
  frame = function(value, x, given) if (is.null(value)) NULL else as.data.frame(value),
  spot = function(value, x, given) if (length(value) == 1L) value - 1 else as.vector(value),
  found = function(value, x, given) {
    if (is.data.frame(value)) value else if (is.matrix(value)) as_matrix(value) else if (is.numeric(value)) ARGUMENTS$cells(value) else value
  },
  places = function(value, x, given) if (is.matrix(value) || is.data.frame(value)) as_matrix(value) else value,
  nan = function(value, x, given) if (is.numeric(value) || is_missing(value)) as_numbers(value) else value,
  flags = function(value, x, given) if (is_missing(value)) NULL else if (length(value) == 1L) value else as_vector(value),
  names = function(value, x, given) {
    as_vector(if (is.null(value)) rep("", length(names(x))) else ifelse(is.na(value), "NA", as.character(value)))
  },
  valid = function(value, x, given) as_vector(valid_names(value)),
  colors = function(value, x, given) if (is.null(value)) NULL else as_vector(hexadecimal(value)),
  color = function(value, x, given) hexadecimal(value),
  always = function(value, x, given) TRUE,
  never = function(value, x, given) FALSE,
  unset = function(value, x, given) is.null(value),
  lower = function(value, x, given) if (is.null(value)) NULL else tolower(value),
  name = function(value, x, given) if (is.function(value)) function_name(value) else value,
  fun = function(value, x, given) as_function(value, given, "block_function"),
  now = function(value, x, given) {
    if (length(value) > 1L) as_vector(value) else as_function(value, given, "PlainFunction")
  },
  tabled = function(value, x, given) if (identical(value, table)) "table" else ARGUMENTS$now(value, x, given),
  index = function(value, x, given) as_index(if (is.function(value)) as.vector(value(time(x))) else value),
  crs = function(value, x, given) as_crs(value),
  extent = function(value, x, given) if (is.numeric(value)) value else ext(value),
  sides = function(value, x, given) if (is(value, "SpatRaster")) value else ext(value),
  window = function(value, x, given) if (is.null(value) || is.numeric(value)) value else ext(value),
  chance = function(value, x, given) sample.int(.Machine$integer.max, 1L)
)

# Colours as Python knows them, whose names are others than R's.
hexadecimal <- function(value) {
  found <- grDevices::col2rgb(value, alpha = TRUE)
  grDevices::rgb(found[1L, ], found[2L, ], found[3L, ], found[4L, ], maxColorValue = 255)
}

is_missing <- function(value) length(value) == 1L && is.atomic(value) && is.na(value)

without_missing <- function(value) {
  if (is.logical(value)) value & !is.na(value) else value
}

# Whole numbers of integer64 are stored in the bytes of doubles, which are other numbers.
without_integer64 <- function(value) if (inherits(value, "integer64")) long_numbers(value, "of integer64") else value

numbers_of_columns <- function(frame) {
  frame[] <- lapply(frame, without_integer64)
  frame
}

# A list in Python even where it has one member.
as_vector <- function(value) {
  if (is.null(value) || inherits(value, c("Date", "POSIXt", "data.frame")) || !is.atomic(value)) {
    return(value)
  }
  as_is(function(found) json_vector(value, found))
}

# Whole numbers; many of them cross as an array.
as_positions <- function(value) {
  force(value)
  as_is(function(found) if (length(value) > LONG) json_array(value, found, whole = TRUE) else json_list(value))
}

# Numbers in which missing is NaN, also where there is one number.
as_numbers <- function(value) {
  force(value)
  as_is(function(found) {
    if (length(value) > LONG) {
      json_array(value, found)
    } else if (is_missing(value)) {
      '{"nan":true}'
    } else if (length(value) == 1L) {
      json_atoms(as.double(value))
    } else {
      sprintf('{"numbers":%s}', json_list(as.double(value)))
    }
  })
}

as_matrix <- function(value) {
  value <- if (is.data.frame(value)) data.matrix(numbers_of_columns(value)) else as.matrix(value)
  as_is(function(found) json_array(unname(value), found))
}

# Groups of layers: words for periods, numbers or texts of groups; the levels of a factor in their order.
as_index <- function(value) {
  if (is.character(value) && length(value) == 1L) value else as_vector(value)
}

# A reference system by what has one, or by its text; "" and NA are none.
as_crs <- function(value) {
  if (is(value, "PySpat") || kind_of(value) %in% c("raster", "vector")) {
    crs(value)
  } else if (is.null(value) || is_missing(value)) {
    ""
  } else {
    as.character(value)
  }
}
