# The Python session: which Python, and the modules that are called. Nothing starts before it is needed.

session <- new.env(parent = emptyenv())

# The environment "r-pyterra" that install_pyterra() makes, unless the user has chosen a Python; where there is none,
# current reticulate is asked to make one by itself.
choose_python <- function() {
  if (nzchar(Sys.getenv("RETICULATE_PYTHON"))) {
    return(invisible())
  }
  tryCatch({
    if (has_pyterra("r-pyterra")) {
      reticulate::use_virtualenv("r-pyterra", required = FALSE)
    } else if (exists("py_require", envir = asNamespace("reticulate"), inherits = FALSE)) {
      get("py_require", envir = asNamespace("reticulate"))("pyterra-geo", python_version = ">=3.11")
    }
  }, error = function(e) NULL) # another Python was chosen before: then it is that one
  invisible()
}

# Whether there is an environment of that name that holds pyterra.
has_pyterra <- function(envname) {
  if (!reticulate::virtualenv_exists(envname)) {
    return(FALSE)
  }
  home <- dirname(dirname(reticulate::virtualenv_python(envname)))
  length(Sys.glob(file.path(home, c("lib/python*", "Lib"), "site-packages", "pyterra_geo*"))) > 0L
}

#' The Python module
#'
#' Functions of the module take objects of terra and give objects of terra.
#'
#' @param convert Whether results become objects of R. With `FALSE` they stay objects of Python.
#' @return The module, for use with `$`.
#' @export
#' @examplesIf pyterra::py_ready()
#' r <- terra::rast(nrows = 2, ncols = 2, nlyrs = 2, vals = 1:8)
#' pt <- import_pyterra()
#' pt$app(r, "mean")
import_pyterra <- function(convert = TRUE) {
  host()
  reticulate::import("pyterra", convert = convert)
}

# The Python side of this package; its answers are taken apart in answer.R.
host <- function() {
  if (is.null(session$host)) {
    forget_libraries()
    session$host <- tryCatch(
      reticulate::import("pyterra.rbridge.host", convert = FALSE),
      error = function(e) stop_plain(no_python(e))
    )
    session$pid <- Sys.getpid()
  }
  session$host
}

# One sentence for all that can go wrong when Python starts, or looks for pyterra.
no_python <- function(e) {
  said <- sub("\n.*", "", sub("^.*(ModuleNotFoundError|ImportError): ", "", conditionMessage(e)))
  chosen <- Sys.getenv("RETICULATE_PYTHON")
  python <- tryCatch(suppressWarnings(reticulate::py_discover_config()$python), error = function(e) NULL)
  python <- if (length(python)) python else if (nzchar(chosen)) chosen
  needs <- python_needs()
  paste0(
    "pyterra: ", if (is.null(python)) "there is no Python" else paste("Python at", python, "does not do"),
    " (", said, "); reticulate ", as.character(needs$reticulate), " wants ", needs$text,
    " with pyterra: install_pyterra() makes an environment, reticulate::use_python() chooses another"
  )
}

# R's front end puts folders before LD_LIBRARY_PATH, where new processes of Python would find another Python's library. What
# is loaded stays loaded, and new processes of R set it by themselves.
forget_libraries <- function() {
  set <- Sys.getenv("LD_LIBRARY_PATH")
  own <- front_end_libraries()
  if (nzchar(own) && startsWith(set, own)) {
    users <- sub("^:", "", substring(set, nchar(own) + 1L))
    if (nzchar(users)) Sys.setenv(LD_LIBRARY_PATH = users) else Sys.unsetenv("LD_LIBRARY_PATH")
  }
}

front_end_libraries <- function() {
  if (!file.exists(file.path(R.home("etc"), "ldpaths"))) {
    return("")
  }
  ask <- "unset LD_LIBRARY_PATH R_LD_LIBRARY_PATH; . \"$R_HOME/etc/ldpaths\" && echo \"$R_LD_LIBRARY_PATH\""
  said <- suppressWarnings(system2("sh", c("-c", shQuote(ask)), stdout = TRUE, stderr = FALSE))
  if (length(said) == 1L) said else ""
}

# A function of the host module; looking it up costs more than calling it.
host_function <- function(name) {
  if (!is.null(session$pid) && session$pid != Sys.getpid()) {
    stop_plain("Python does not go along into a forked process, as that of mclapply(): use makePSOCKcluster() and wrap()")
  }
  if (is.null(session$functions[[name]])) {
    session$functions[[name]] <- host()[[name]]
  }
  session$functions[[name]]
}
