# SpatVector as a header, a matrix of vertices (geom, part, x, y, hole, and z where the header says that there are heights;
# numbers from 1) and the table of attributes.

VERTEX <- c("geom", "part", "x", "y", "hole")

vector_parts <- function(x) {
  attributes <- quietly_table(x)
  table <- table_parts(attributes)
  vertices <- terra::geom(x)
  heights <- "z" %in% colnames(vertices)
  wanted <- c(VERTEX, if (heights) "z")
  header <- list(schema = one(SCHEMA), kind = one(terra::geomtype(x)), count = one(length(x)), crs = one(terra::crs(x)))
  list(header = to_json(c(header, if (heights) list(heights = one(TRUE)))),
       geometry = if (identical(colnames(vertices), wanted)) vertices else vertices[, wanted, drop = FALSE],
       attributes = table$header, table = table$table)
}

# terra warns of missing whole numbers that it hands out rightly.
quietly_table <- function(x) {
  withCallingHandlers(terra::values(x), warning = function(w) {
    if (grepl("integer range", conditionMessage(w), fixed = TRUE)) invokeRestart("muffleWarning")
  })
}

build_vector <- function(json, geometry, attributes, table) {
  header <- read_header(json)
  frame <- build_table(attributes, table)
  if (header$count == 0) return(empty_vector(header, frame))
  if (isTRUE(header$heights)) {
    geometry <- matrix(as.double(geometry), ncol = 6, dimnames = list(NULL, c(VERTEX, "z")))
  }
  x <- shapes_of_matrix(geometry, header$kind, header$crs)
  if (length(frame)) terra::values(x) <- frame
  x
}

# No records, but the columns and the reference system: one record is made and taken out.
empty_vector <- function(header, frame) {
  kind <- if (header$kind %in% c("points", "lines", "polygons")) header$kind else "points"
  vertices <- cbind(1, 1, c(0, 0, 1, 0), c(0, 1, 1, 0), 0)
  x <- shapes_of_matrix(vertices[seq_len(c(points = 1, lines = 2, polygons = 4)[[kind]]), , drop = FALSE], kind, header$crs)
  if (length(frame)) terra::values(x) <- frame[NA_integer_, , drop = FALSE]
  x[0, ]
}

shapes_of_matrix <- function(geometry, kind, crs = "") {
  vertices <- if (is.matrix(geometry)) geometry else matrix(as.double(geometry), ncol = 5)
  if (ncol(vertices) > 5 && !has_heights()) vertices <- vertices[, 1:5, drop = FALSE]
  colnames(vertices) <- c(VERTEX, "z")[seq_len(ncol(vertices))]
  if (kind == "points" && anyDuplicated(vertices[, 1]) && points_are_parts()) {
    vertices[, 2] <- sequence(rle(vertices[, 1])$lengths)
  }
  terra::vect(vertices, type = kind, crs = crs)
}

# Whether vectors may have heights, as in later versions of terra.
has_heights <- function() exists("has.z", asNamespace("terra"), inherits = FALSE)

# Whether each point of a geometry is a part of its own, as in later versions of terra.
points_are_parts <- function() terra::geom(terra::vect("MULTIPOINT ((0 0), (1 1))"))[2, "part"] == 2
