# What reticulate does with objects of terra that are handed to functions of Python, and with what they give back.

#' Conversions for reticulate
#'
#' With them functions of the module take objects of terra and give objects of terra: `import_pyterra()$app(r, "mean")`.
#'
#' @param x An object of terra, or one of Python.
#' @param convert Whether results of its methods become objects of R.
#' @return An object of Python, or of terra.
#' @name conversions
#' @keywords internal
NULL

#' @importFrom reticulate r_to_py
#' @importFrom reticulate py_to_r
NULL

#' @rdname conversions
#' @export
r_to_py.SpatRaster <- function(x, convert = FALSE) as_py(x)@py

#' @rdname conversions
#' @export
r_to_py.SpatVector <- function(x, convert = FALSE) as_py(x)@py

#' @rdname conversions
#' @export
r_to_py.SpatExtent <- function(x, convert = FALSE) as_py(x)@py

#' @rdname conversions
#' @export
r_to_py.PySpat <- function(x, convert = FALSE) py_of(x)

# reticulate 1.28 may hand over what it has converted already.
terra_of_py <- function(x) {
  if (inherits(x, "python.builtin.object")) as_terra(wrap_py(x)) else x
}

#' @rdname conversions
#' @export
py_to_r.pyterra.handles.spatraster.SpatRaster <- function(x) terra_of_py(x)

#' @rdname conversions
#' @export
py_to_r.pyterra.handles.spatvector.SpatVector <- function(x) terra_of_py(x)

#' @rdname conversions
#' @export
py_to_r.pyterra.handles.spatextent.SpatExtent <- function(x) terra_of_py(x)
