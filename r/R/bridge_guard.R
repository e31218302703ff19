# Calls that always come back: the value, or the error as text, with the warnings and messages on the way.
# Functions are found by fixed names and called with arguments; no code is made from values.

guarded <- function(f, ...) {
  arguments <- list(...)
  # The call names its arguments by their place, so that error messages never print the data.
  places <- lapply(seq_along(arguments), function(i) call("[[", quote(arguments), i))
  names(places) <- names(arguments)
  call <- as.call(c(list(quote(f)), places))
  warned <- told <- failure <- character()
  value <- withCallingHandlers(
    tryCatch(
      eval(call),
      error = function(e) {
        failure <<- c(conditionMessage(e), guard_call(conditionCall(e)))
        NULL
      },
      interrupt = function(e) {
        failure <<- "interrupt"
        NULL
      }
    ),
    warning = function(w) {
      warned <<- c(warned, conditionMessage(w))
      invokeRestart("muffleWarning")
    },
    message = function(m) {
      told <<- c(told, conditionMessage(m))
      invokeRestart("muffleMessage")
    }
  )
  list(value, failure, warned, told)
}

# Text of a call, empty for the calls that the bridge itself made.
guard_call <- function(call) {
  own <- list(quote(f), quote(.f), quote(predictor))
  if (is.null(call) || list(call[[1]]) %in% own || identical(call, quote(eval(call)))) return("")
  deparse(call, width.cutoff = 120L, nlines = 1L)[1]
}

# A function by its name: `package::name`, or a name of the bridge or of base R.
guard_function <- function(name, environment) {
  parts <- strsplit(name, "::", fixed = TRUE)[[1]]
  if (length(parts) == 2) getExportedValue(parts[1], parts[2]) else get(name, envir = environment, mode = "function")
}

# reticulate inside an R that Python started ends badly; the other way round is fine.
guard_against_reticulate <- function() {
  tell <- function(...) {
    warning(
      "reticulate is loaded in an R that Python started: Python may hang or crash when it ends; ",
      "start R first and load Python by reticulate instead",
      call. = FALSE
    )
  }
  if (isNamespaceLoaded("reticulate")) tell()
  setHook(packageEvent("reticulate", "onLoad"), tell)
  invisible(NULL)
}
