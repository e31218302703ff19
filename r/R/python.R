# The Python session: which Python, and the modules that are called. Nothing starts before it is needed.

session <- new.env(parent = emptyenv())

# Asks current reticulate for an environment with pyterra; older ones look for the environment "r-pyterra" unless the
# user has chosen one.
choose_python <- function() {
  reticulate <- asNamespace("reticulate")
  if (exists("py_require", envir = reticulate, inherits = FALSE)) {
    get("py_require", envir = reticulate)("pyterra-geo")
  } else if (!nzchar(Sys.getenv("RETICULATE_PYTHON"))) {
    tryCatch(reticulate::use_virtualenv("r-pyterra", required = FALSE), error = function(e) NULL)
  }
}

#' The Python module
#'
#' Functions of the module take objects of terra and give objects of terra.
#'
#' @param convert Whether results become objects of R. With `FALSE` they stay objects of Python.
#' @return The module, for use with `$`.
#' @export
#' @examples
#' \dontrun{
#' r <- terra::rast(nrows = 2, ncols = 2, vals = 1:4)
#' pt <- import_pyterra()
#' pt$app(r, "mean")
#' }
import_pyterra <- function(convert = TRUE) {
  reticulate::import("pyterra", convert = convert)
}

# The Python side of this package; its answers are taken apart in answer.R.
host <- function() {
  if (is.null(session$host)) {
    session$host <- reticulate::import("pyterra.rbridge.host", convert = FALSE)
  }
  session$host
}
