#' pyterra: rasters and vectors of terra, computed by Python
#'
#' Objects of terra are handed over by [as_py()] and come back by [as_terra()]. In between the verbs of terra work on
#' them as they do on its own objects: `app(p, "mean")`, `p + 1`, `values(p)`, `names(p) <- "a"`. Nothing is read or
#' computed until values are wanted; then it is done in blocks, on all cores.
#'
#' @keywords internal
#' @import methods
#' @rawNamespace import(terra)
"_PACKAGE"

.onLoad <- function(libname, pkgname) {
  choose_python()
  answer_for_r()
}
