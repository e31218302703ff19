#' Hand an object to Python, and back
#'
#' `as_py()` hands over rasters, vectors and extents of terra, objects of sf, and paths. A raster of a file goes as its
#' path, and nothing is read; other values travel in blocks. `as_terra()` hands back.
#'
#' @param x For `as_py()` a SpatRaster, SpatVector, SpatExtent or sf object; for `as_terra()` what `as_py()` gave. Objects
#'   that are there already come back as they are.
#' @param path A file, URL or `/vsi` path.
#' @param ... Further arguments of `pyterra.rast()` and `pyterra.vect()`.
#' @return `as_py()`, `py_rast()` and `py_vect()` a PySpatRaster, PySpatVector or PySpatExtent; `as_terra()` an object
#'   of terra.
#' @export
#' @examples
#' \dontrun{
#' r <- terra::rast(nrows = 2, ncols = 2, vals = 1:4)
#' p <- as_py(r)
#' as_terra(p * 2)
#' }
setGeneric("as_py", function(x, ...) standardGeneric("as_py"))

#' @rdname as_py
#' @export
setGeneric("as_terra", function(x, ...) standardGeneric("as_terra"))

#' @rdname as_py
#' @export
py_rast <- function(path, ...) {
  wrap_py(reticulate::import("pyterra", convert = FALSE)$rast(path, ...))
}

#' @rdname as_py
#' @export
py_vect <- function(path, ...) {
  wrap_py(reticulate::import("pyterra", convert = FALSE)$vect(path, ...))
}
