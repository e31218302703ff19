# Calls that always come back: the value, or the error as text, with the warnings and messages on the way.
# Functions are found by fixed names and called with arguments; no code is made from values.

guarded <- function(f, ...) {
  arguments <- list(...)
  # The call names its arguments by their place, so that error messages never print the data.
  places <- lapply(seq_along(arguments), function(i) call("[[", quote(arguments), i))
  names(places) <- names(arguments)
  call <- as.call(c(list(quote(f)), places))
  warned <- new.env(parent = emptyenv())
  told <- failure <- character()
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
      guard_count(warned, conditionMessage(w))
      invokeRestart("muffleWarning")
    },
    message = function(m) {
      told[[length(told) + 1L]] <<- conditionMessage(m)
      invokeRestart("muffleMessage")
    }
  )
  list(value, failure, guard_counted(warned), told)
}

# Warnings by their text: one for each, with how often it was given. Of texts that all differ, the first are kept.
WARNINGS_KEPT <- 20L

guard_count <- function(warned, text) {
  text <- substr(if (nzchar(text)) text else "(a warning without text)", 1L, 2000L)
  if (is.null(warned[[text]]) && length(warned) >= WARNINGS_KEPT) text <- "further warnings with other texts"
  known <- warned[[text]]
  assign(text, if (is.null(known)) c(length(warned), 1) else known + c(0, 1), envir = warned)
}

guard_counted <- function(warned) {
  found <- as.list(warned, all.names = TRUE)
  if (!length(found)) return(character())
  numbers <- do.call(rbind, found)
  times <- ifelse(numbers[, 2] > 1, sprintf(" (%d times)", as.integer(numbers[, 2])), "")
  paste0(names(found), times)[order(numbers[, 1])]
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
