# Objects of Python in R. Their class says which verbs of terra they have.

#' Rasters, vectors and extents of Python
#'
#' Made by [as_py()]. The verbs of terra have methods for them.
#'
#' @slot py The object of Python.
#' @name PySpat-class
#' @aliases PySpatRaster-class PySpatVector-class PySpatExtent-class PySpatRasterDataset-class
#'   PySpatRasterCollection-class PySpatVectorCollection-class PySpatVectorProxy-class PySpatNetwork-class
#' @seealso [as_py()], [as_terra()]
NULL

#' @rdname PySpat-class
#' @export
setClass("PySpat", representation("VIRTUAL", py = "ANY"))

#' @rdname PySpat-class
#' @export
setClass("PySpatRaster", contains = "PySpat")

#' @rdname PySpat-class
#' @export
setClass("PySpatVector", contains = "PySpat")

#' @rdname PySpat-class
#' @export
setClass("PySpatExtent", contains = "PySpat")

#' @rdname PySpat-class
#' @export
setClass("PySpatRasterDataset", contains = "PySpat")

#' @rdname PySpat-class
#' @export
setClass("PySpatRasterCollection", contains = "PySpat")

#' @rdname PySpat-class
#' @export
setClass("PySpatVectorCollection", contains = "PySpat")

#' @rdname PySpat-class
#' @export
setClass("PySpatVectorProxy", contains = "PySpat")

#' @rdname PySpat-class
#' @export
setClass("PySpatNetwork", contains = "PySpat")

PYTHON_CLASSES <- c(
  pyterra.handles.spatraster.SpatRaster = "PySpatRaster",
  pyterra.handles.spatvector.SpatVector = "PySpatVector",
  pyterra.handles.spatextent.SpatExtent = "PySpatExtent",
  pyterra.handles.datasets.SpatRasterDataset = "PySpatRasterDataset",
  pyterra.handles.datasets.SpatRasterCollection = "PySpatRasterCollection",
  pyterra.handles.vectors.SpatVectorCollection = "PySpatVectorCollection",
  pyterra.handles.spatvectorproxy.SpatVectorProxy = "PySpatVectorProxy",
  pyterra.handles.spatnetwork.SpatNetwork = "PySpatNetwork"
)

# The class of R for an object of Python, or NA.
class_for <- function(py) {
  known <- base::intersect(class(py), names(PYTHON_CLASSES))
  if (length(known)) PYTHON_CLASSES[[known[[1L]]]] else NA_character_
}

# Other objects of Python stay as they are.
wrap_py <- function(py) {
  class <- class_for(py)
  if (is.na(class)) py else new(class, py = py)
}

is_py <- function(x) isS4(x) && methods::.hasSlot(x, "py")
