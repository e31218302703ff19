# The cases are written as users write them, with terra attached.
suppressPackageStartupMessages(library(terra))

# Python beside these tests: where it is missing they skip, and say what to install.
skip_without_python <- function() {
  found <- tryCatch(reticulate::py_module_available("pyterra"), error = function(e) FALSE)
  testthat::skip_if_not(found, "pyterra for Python is missing: see install_pyterra(), or set RETICULATE_PYTHON")
}
