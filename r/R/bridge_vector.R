# SpatVector as a header, a matrix of vertices (geom, part, x, y, hole; numbers from 1) and the table of attributes.

vector_parts <- function(x) {
  attributes <- quietly_table(x)
  table <- table_parts(attributes)
  vertices <- terra::geom(x)
  list(header = to_json(list(schema = one(SCHEMA), kind = one(terra::geomtype(x)), count = one(length(x)),
                             crs = one(terra::crs(x)))),
       geometry = matrix(as.double(vertices[, c("geom", "part", "x", "y", "hole")]), ncol = 5),
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
  if (header$count == 0) {
    x <- terra::vect()
    terra::crs(x) <- header$crs
    return(x)
  }
  vertices <- matrix(as.double(geometry), ncol = 5)
  colnames(vertices) <- c("geom", "part", "x", "y", "hole")
  x <- terra::vect(vertices, type = header$kind, crs = header$crs)
  if (length(frame)) terra::values(x) <- frame
  x
}
