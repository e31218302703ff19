# An environment of Python for this package, and what there is of it.

#' Make an environment of Python with pyterra
#'
#' Makes the virtual environment `r-pyterra`, which this package looks for when Python starts. It holds a Python and
#' a numpy that reticulate can use: before version 1.38 reticulate wants Python 3.11 and numpy 1.
#'
#' @param envname Name of the environment, or its path.
#' @param package What pip installs: the name of the package with a version if you like, or the path of its sources; `[netcdf]` is what
#'   `writeCDF()` needs.
#' @param python The Python to make it with; by default the first that fits among those on the path.
#' @param warm Compile the kernels of most verbs now, which takes some minutes, so that first calls need not.
#' @param ... Further arguments of [reticulate::virtualenv_install()].
#' @return The path of the environment's Python, invisibly.
#' @seealso [py_check()]
#' @examples
#' \dontrun{
#' install_pyterra()
#' py_check()
#' }
#' @export
install_pyterra <- function(envname = "r-pyterra", package = "pyterra-geo[netcdf]", python = NULL, warm = interactive(), ...) {
  forget_libraries() # with them, pip may run on another Python's library, which lacks some of its modules
  needs <- python_needs()
  python <- if (is.null(python)) find_python(needs) else path.expand(python)
  if (is.null(python) || !python_fits(python, needs)) {
    stop_plain(
      "install_pyterra: ", if (is.null(python)) "no Python on the path fits" else paste(python, "does not fit"),
      "; reticulate ", as.character(needs$reticulate), " wants ", needs$text, " with venv; install it and give python ="
    )
  }
  if (file.exists(package)) {
    package <- normalizePath(package)
  }
  new <- !dir.exists(envname) && !reticulate::virtualenv_exists(envname)
  tryCatch({
    if (new) {
      reticulate::virtualenv_create(envname, python = python, packages = NULL)
    }
    reticulate::virtualenv_install(envname, packages = c(package, needs$packages), ...)
  }, error = function(e) {
    if (new && reticulate::virtualenv_exists(envname)) { # an environment without pyterra would be chosen the next time
      reticulate::virtualenv_remove(envname, confirm = FALSE)
    }
    stop_plain(
      "install_pyterra: pip could not install ", package, " (its words are above; ", conditionMessage(e), "); ",
      if (file.exists(package)) "see what it lacks" else "give package = the folder or the wheel of pyterra's sources",
      if (new) "; nothing was left behind"
    )
  })
  made <- reticulate::virtualenv_python(envname)
  if (warm && system2(made, c("-m", "pyterra.cli", "warm")) != 0) {
    warning("install_pyterra: pyterra is installed, but compiling its kernels failed (its words are above)", call. = FALSE)
  }
  if (reticulate::py_available()) {
    message("install_pyterra: Python runs already in this session; restart R to use ", made)
  } else if (envname != "r-pyterra") {
    message("install_pyterra: to use it, call reticulate::use_virtualenv(\"", envname, "\") before anything of Python")
  }
  invisible(made)
}

# What a version of reticulate can work with.
python_needs <- function(reticulate = utils::packageVersion("reticulate")) {
  if (reticulate < "1.38") {
    list(reticulate = reticulate, least = "3.11", most = "3.11", packages = "numpy<2", text = "Python 3.11")
  } else {
    list(reticulate = reticulate, least = "3.11", most = "3.99", packages = NULL, text = "Python 3.11 or newer")
  }
}

find_python <- function(needs) {
  minor <- if (needs$most == "3.11") "python3.11" else c("python3.13", "python3.12", "python3.11")
  found <- unname(Sys.which(c(minor, "python3", "python")))
  Find(function(python) nzchar(python) && python_fits(python, needs), found)
}

# Whether a Python has a version that fits, can make environments, and has a shared library that R can load.
python_fits <- function(python, needs) {
  code <- paste(
    "import sys, sysconfig, venv, ensurepip",
    "name = sysconfig.get_config_var('INSTSONAME') or ''",
    "print('%d.%d' % sys.version_info[:2] if name and not name.endswith('.a') else 'static')",
    sep = "; "
  )
  said <- suppressWarnings(tryCatch(
    system2(python, c("-c", shQuote(code)), stdout = TRUE, stderr = FALSE),
    error = function(e) character()
  ))
  version <- tryCatch(numeric_version(utils::tail(said, 1L)), error = function(e) numeric_version(character()))
  length(version) == 1L && version >= needs$least && version <= needs$most
}

#' What there is of Python, and what stands in the way
#'
#' Starts Python if it does not run yet, and prints versions, paths and known conflicts of R, reticulate, Python, numpy
#' and PROJ, with their cures.
#'
#' @return A list of `findings` (texts by name), `notes` and `problems`, invisibly.
#' @seealso [install_pyterra()]
#' @examplesIf pyterra::py_ready()
#' found <- py_check()
#' found$problems
#' @export
py_check <- function() {
  failure <- tryCatch({
    host()
    NULL
  }, error = identity)
  if (is.null(failure)) {
    told <- special("doctor")
    found <- c(unlist(told$findings), "numbers cross" = WAYS[[transport()]])
    checked <- list(findings = found, notes = texts(told$notes), problems = texts(told$problems))
  } else {
    versions <- vapply(c("pyterra", "reticulate", "terra"), function(p) as.character(utils::packageVersion(p)), "")
    checked <- list(findings = versions, notes = character(), problems = conditionMessage(failure))
  }
  print(structure(checked, class = "pyterra_check"))
  invisible(checked)
}

WAYS <- c(memory = "in memory", file = "through files: reticulate and numpy do not fit each other, and it is slower")

texts <- function(x) as.character(unlist(x))

#' @export
print.pyterra_check <- function(x, ...) {
  cat(sprintf("%s  %s\n", format(names(x$findings)), x$findings), sep = "")
  for (kind in c("note", "problem")) {
    for (text in x[[paste0(kind, "s")]]) {
      cat(strwrap(paste0(kind, ": ", text), exdent = 2L), sep = "\n")
    }
  }
  invisible(x)
}

#' Whether Python with pyterra is there
#'
#' @return `TRUE` or `FALSE`. It starts Python if it does not run yet.
#' @examples
#' py_ready()
#' @export
py_ready <- function() {
  tryCatch({
    host()
    TRUE
  }, error = function(e) FALSE)
}
