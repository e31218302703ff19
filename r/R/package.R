#' pyterra: rasters and vectors of terra, computed by Python
#'
#' Objects of terra are handed over by [as_py()] and come back by [as_terra()]. In between the verbs of terra work on
#' them as they do on its own objects: `app(p, "mean")`, `p + 1`, `values(p)`, `names(p) <- "a"`. Nothing is read or
#' computed until values are wanted; then it is done in blocks, on all cores.
#'
#' @keywords internal
#' @import methods
#' @rawNamespace import(terra)
#' @include base.R
"_PACKAGE"

# The generics of terra that methods are made for, as they were where the package was built: methods of one version of terra do not
# fit another whose generics differ.
beside_terra <- function() {
  names <- unique(c(vapply(VERBS, `[[`, "", "generic"), names(OF_R), GENERICS_OF_PYTERRA))
  known <- sub("^[.]__T__(.*):.*$", "\\1", ls(TERRA, all.names = TRUE, pattern = "^[.]__T__")) # asking isGeneric() takes seconds
  vapply(stats::setNames(nm = names), function(name) {
    generic <- if (name %in% known) TERRA[[name]]
    if (is(generic, "standardGeneric")) toString(c(names(formals(generic)), "by", generic@signature)) else as.character(name %in% known)
  }, "")
}

utils::globalVariables("nseries") # stats::ts makes it, in a default that its method takes over

BUILT_BESIDE <- list(version = as.character(utils::packageVersion("terra")), generics = beside_terra())

check_terra <- function(built = BUILT_BESIDE) {
  here <- as.character(utils::packageVersion("terra"))
  if (here != built$version && !identical(beside_terra(), built$generics)) {
    stop_plain(
      "pyterra: was built beside terra ", built$version, ", whose functions are not those of terra ", here,
      " that is here; install pyterra again, beside this terra"
    )
  }
}

.onLoad <- function(libname, pkgname) {
  check_terra()
  choose_python()
  answer_for_r()
}
