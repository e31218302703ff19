#' Hand an object to Python, and back
#'
#' `as_py()` hands over rasters, vectors, extents and networks of terra, objects of sf, tables, and paths. A raster of a file goes as
#' its path, and nothing is read; other values travel in blocks. `as_terra()` hands back.
#'
#' @param x For `as_py()` a SpatRaster, SpatVector, SpatExtent, data.frame or an object of sf; for `as_terra()` what
#'   `as_py()` gave. Objects that are there already come back as they are.
#' @param path A file, URL or `/vsi` path.
#' @param ... Further arguments of `pyterra.rast()` and `pyterra.vect()`.
#' @return `as_py()`, `py_rast()` and `py_vect()` give a PySpatRaster, PySpatVector or PySpatExtent (a data.frame becomes
#'   a pandas.DataFrame); `as_terra()` an object of terra.
#' @examplesIf pyterra::py_ready()
#' r <- terra::rast(nrows = 2, ncols = 2, vals = 1:4)
#' p <- as_py(r)
#' as_terra(p * 2)
#' @export
as_py <- function(x, ...) {
  if (...length() && !is.character(x)) {
    stop_plain("as_py: further arguments are for paths, got ", toString(names(list(...))))
  }
  if (is(x, "PySpat") || inherits(x, "python.builtin.object")) {
    return(x)
  }
  switch(kind_here(x),
    raster = raster_to_py(x),
    vector = vector_to_py(x),
    network = network_to_py(x),
    proxy = proxy_to_py(x),
    extent = ask("function", "ext", as.list(as.vector(x))),
    table = special("frame", x),
    dataset = ,
    collection = ,
    vectors = collection_to_py(x),
    packed = ,
    "foreign vector" = ,
    "foreign raster" = as_py(as_terra_object(x)),
    if (is.character(x)) path_to_py(x, ...) else stop_plain("as_py: cannot hand over a ", class(x)[[1L]])
  )
}

# What an object of terra is, as kind_of() says it, or one of those that stay within R.
kind_here <- function(x) {
  if (inherits(x, "SpatNetwork")) "network" else if (inherits(x, "SpatVectorProxy")) "proxy" else kind_of(x)
}

# Paths of rasters, or else of vectors.
path_to_py <- function(path, ...) {
  tryCatch(py_rast(path, ...), SourceError = function(e) {
    tryCatch(py_vect(path, ...), SourceError = function(other) stop(e))
  })
}

#' @rdname as_py
#' @export
py_rast <- function(path, ...) {
  ask("function", "rast", list(path_text(path)), list(...))
}

#' @rdname as_py
#' @export
py_vect <- function(path, ...) {
  ask("function", "vect", list(path_text(path)), list(...))
}

path_text <- function(path) {
  if (is.character(path)) path.expand(path) else path
}

#' @rdname as_py
#' @export
as_terra <- function(x) {
  if (is(x, "PySpatRaster")) {
    raster_to_terra(x)
  } else if (is(x, "PySpatVector")) {
    vector_to_terra(x)
  } else if (is(x, "PySpatExtent")) {
    edges <- unlist(special("edges", x))
    ext(edges[[1L]], edges[[2L]], edges[[3L]], edges[[4L]])
  } else if (is(x, "PySpatNetwork")) {
    network_to_terra(x)
  } else if (is(x, "PySpatVectorProxy")) {
    vect(sources(x), proxy = TRUE)
  } else if (class(x)[[1L]] %in% GATHERED) {
    collection_to_terra(x)
  } else if (nzchar(kind_here(x))) {
    as_terra_object(x)
  } else {
    stop_plain("as_terra: must be what as_py() gives, got ", class(x)[[1L]])
  }
}

# A raster goes as its header; its values follow in blocks of rows, where they are not those of a file.
raster_to_py <- function(x) {
  header <- describe_raster(x)
  made <- special("raster_of", header)
  if (!is.null(made)) {
    return(made)
  }
  rows <- special("rows", header)
  open_values(x)
  on.exit(close_values(x))
  step <- rows_per_block(ncol(x), nlyr(x))
  for (row in seq(1, nrow(x), by = step)) {
    count <- min(step, nrow(x) - row + 1)
    special("put_rows", rows, send_doubles(read_values(x, row, count)), row - 1, count)
  }
  special("finished", rows)
}

raster_to_terra <- function(x) {
  header <- special("header", x)
  if (!special("travels", x)) {
    return(build_raster(header))
  }
  raster_in_blocks(x, header)
}

raster_in_blocks <- function(x, header) {
  state <- start_raster(header)
  blocks <- special("values_of", x)
  repeat {
    block <- special("next_block", blocks)
    if (is.null(block)) {
      break
    }
    write_rows(state, block[[3L]], block[[1L]] + 1, block[[2L]])
  }
  finish_raster(state)
}

vector_to_py <- function(x) {
  parts <- vector_parts(x)
  special("vector_of", parts$header, send_doubles(parts$geometry), parts$attributes, send_doubles(parts$table))
}

vector_to_terra <- function(x) {
  parts <- special("vector_parts", x)
  build_vector(parts[[1L]], parts[[2L]], parts[[3L]], parts[[4L]])
}
