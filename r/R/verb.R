# A verb of the table, run: its arguments matched as R matches them against terra's method, handed on, and the answer
# brought into R's form.

run_verb <- function(row, x, given) {
  given <- matched(row, given)
  call <- handed_on(row, x, given)
  answer <- ask(row$do, row$verb, c(list(x@py), call$positional), call$named, now = call$now)
  answer <- RESULTS[[row$result]](answer, x, given)
  written(answer, call$write)
}

# The arguments by terra's names; what `...` takes is a list under "...".
matched <- function(row, given) {
  if (!length(given)) {
    return(list())
  }
  call <- as.call(c(quote(f), as.list(seq_along(given))))
  names(call) <- c("", if (is.null(names(given))) rep("", length(given)) else names(given))
  call <- tryCatch(match.call(row$matcher, call, expand.dots = FALSE), error = function(e) {
    stop_plain(row$generic, ": ", explained(conditionMessage(e), row))
  })
  lapply(as.list(call)[-1L], function(place) if (is.list(place)) given[unlist(place)] else given[[place]])
}

# match.call speaks of the places of arguments; what it says of their names is kept.
explained <- function(message, row) {
  takes <- paste(setdiff(names(formals(row$matcher)), "..."), collapse = ", ")
  named <- regmatches(message, regexec("^unused arguments? \\(([^=]+) = ", message))[[1L]]
  what <- if (length(named)) paste0("has no argument '", named[[2L]], "'") else "has too many arguments"
  paste0(what, "; it takes ", if (nzchar(takes)) takes else "none")
}

handed_on <- function(row, x, given) {
  call <- list(positional = list(), named = list(), write = list(), now = FALSE)
  for (name in names(given)) {
    argument <- row$arguments[[name]]
    value <- given[[name]]
    if (argument$fate == "!") {
      check_refused(row, argument, value)
    } else if (argument$fate == "~") {
      next
    } else if (argument$how == "write") {
      call$write <- c(call$write, if (name == "...") value else given[name])
    } else if (argument$how == "others") {
      call$positional <- c(call$positional, if (name == "...") unname(value) else list(value))
    } else if (argument$how == "extra") {
      call$named <- c(call$named, extra_arguments(row, value, given))
    } else {
      call$now <- call$now || (argument$how == "now" && is.function(value) && is.null(function_name(value)))
      call$named[argument$python] <- list(ARGUMENTS[[argument$how]](value, x, given))
    }
  }
  for (argument in row$arguments) {
    if (argument$fixed) {
      call$named[[argument$python]] <- if (argument$value == "chance") ARGUMENTS$chance() else argument$value
    } else if (!is.null(argument$value) && argument$fate == "" && !argument$name %in% names(given)) {
      call$named[argument$python] <- list(eval(str2lang(argument$value), baseenv()))
    }
  }
  call
}

check_refused <- function(row, argument, value) {
  allowed <- if (!is.null(argument$value)) eval(str2lang(argument$value), baseenv())
  if (!is.null(argument$value) && isTRUE(all.equal(value, allowed))) {
    return(invisible())
  }
  only <- if (is.null(argument$value)) "" else paste0(" other than ", argument$value)
  stop_plain(row$generic, ": ", argument$name, only, " is not taken: ", REASONS[[argument$why]])
}

# Arguments that go to the function which was handed over: one of R has them already; pyterra's own take na.rm and what
# they have.
extra_arguments <- function(row, more, given) {
  own <- vapply(given, function(v) is.function(v) && is.null(function_name(v)), NA)
  if (any(own) || !length(more)) {
    return(list())
  }
  if (is.null(names(more)) || !all(nzchar(names(more)))) {
    stop_plain(row$generic, ": further arguments must be named")
  }
  names(more) <- vapply(names(more), snake_case, "")
  more
}
