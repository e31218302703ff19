# Objects of Python in R. Their class says which verbs of terra they have.

#' Rasters, vectors and extents of Python
#'
#' Made by [as_py()]. The verbs of terra have methods for them.
#'
#' They are objects of terra as well: `inherits(p, "SpatRaster")` is `TRUE`, and functions of other packages that take a SpatRaster take
#' a PySpatRaster. Code that looks behind the verbs, into what terra keeps in C++, finds a copy there, which is made by [as_terra()] when
#' something asks for it; what such code changes in it does not change the object of Python. A pointer that such code puts in the place
#' of the object's own, as functions of terra that are no generics do (`terra::shade(p, q)`), becomes the object.
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

TERRA <- asNamespace("terra")

# Classes of terra, and those of this package that stand for them.
PY_CLASS <- c(
  SpatRaster = "PySpatRaster", SpatVector = "PySpatVector", SpatExtent = "PySpatExtent", SpatRasterDataset = "PySpatRasterDataset",
  SpatRasterCollection = "PySpatRasterCollection", SpatVectorCollection = "PySpatVectorCollection", SpatVectorProxy = "PySpatVectorProxy",
  SpatNetwork = "PySpatNetwork"
)
PY_CLASS <- PY_CLASS[vapply(names(PY_CLASS), isClass, NA, where = TERRA)] # earlier versions of terra lack some

# What a class of this package is: an object of Python first, and what terra knows by that name.
both <- function(class) c("PySpat", base::intersect(class, names(PY_CLASS)))

#' @rdname PySpat-class
#' @export
setClass("PySpatRaster", contains = both("SpatRaster"))

#' @rdname PySpat-class
#' @export
setClass("PySpatVector", contains = both("SpatVector"))

#' @rdname PySpat-class
#' @export
setClass("PySpatExtent", contains = both("SpatExtent"))

#' @rdname PySpat-class
#' @export
setClass("PySpatRasterDataset", contains = both("SpatRasterDataset"))

#' @rdname PySpat-class
#' @export
setClass("PySpatRasterCollection", contains = both("SpatRasterCollection"))

#' @rdname PySpat-class
#' @export
setClass("PySpatVectorCollection", contains = both("SpatVectorCollection"))

#' @rdname PySpat-class
#' @export
setClass("PySpatVectorProxy", contains = both("SpatVectorProxy"))

#' @rdname PySpat-class
#' @export
setClass("PySpatNetwork", contains = both("SpatNetwork"))

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

SHELLS <- lapply(stats::setNames(nm = unname(PYTHON_CLASSES)), new)

# Other objects of Python stay as they are.
wrap_py <- function(py) {
  class <- class_for(py)
  if (is.na(class)) {
    return(py)
  }
  object <- SHELLS[[class]]
  object@py <- py
  with_pointer(object)
}

is_py <- function(x) is(x, "PySpat")
