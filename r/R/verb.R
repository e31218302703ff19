# A verb of the table, run: its arguments matched as R matches them against terra's method, handed on, and the answer
# brought into R's form.

run_verb <- function(row, x, given) {
  given <- matched(row, given)
  if (needs_terra(row, given)) {
    return(fall_back(row$generic, c(list(x), spread(given))))
  }
  call <- handed_on(row, x, given)
  answer <- ask(row$do, row$verb, c(list(py_of(x)), call$positional), call$named, now = call$now)
  answer <- RESULTS[[row$result]](answer, x, given)
  answer <- written(answer, call$write)
  if (row$result == "invisible") invisible(answer) else answer
}

# The arguments by terra's names; what `...` takes is a list under "...".
matched <- function(row, given) {
  if (!length(given)) {
    return(list())
  }
  given <- lapply(given, without_integer64)
  call <- as.call(c(quote(f), as.list(seq_along(given))))
  names(call) <- c("", names_of(given))
  call <- tryCatch(match.call(matcher_of(row, given), call, expand.dots = FALSE), error = function(e) {
    refuse_argument(row, sub("^unused arguments? \\(([^= ]+) = .*|.*", "\\1", conditionMessage(e)))
  })
  found <- lapply(as.list(call)[-1L], function(place) if (is.list(place)) given[unlist(place)] else given[[place]])
  unknown <- setdiff(names(found), names(row$arguments))
  if (identical(unknown, "...")) {
    unknown <- names_of(found[["..."]])
  }
  if (length(unknown)) {
    refuse_argument(row, unknown[[1L]])
  }
  own <- vapply(names(found), function(name) name != "..." && row$arguments[[name]]$how == "extra", NA)
  if (any(own)) {
    found <- c(found[!own & names(found) != "..."], list("..." = c(found[["..."]], found[own])))
  }
  found
}

# An argument by its name; "" is one that has no name, or that match.call does not tell.
refuse_argument <- function(row, name) {
  takes <- paste(setdiff(names(Filter(function(a) !a$fixed, row$arguments)), "..."), collapse = ", ")
  what <- if (nzchar(name)) paste0("has no argument '", name, "'") else "has too many arguments"
  stop_plain(row$generic, ": ", what, "; it takes ", if (nzchar(takes)) takes else "none")
}

# A function with the formals of the row in the order of the terra that is there: its versions differ in it, and its methods for
# some classes of the second argument do.
matcher_of <- function(row, given) {
  own <- names(Filter(function(a) !a$fixed, row$arguments))
  classes <- c(row$class, second_class(row$generic, given))
  key <- paste(c("formals", row$generic, classes), collapse = " ")
  if (is.null(session[[key]])) {
    theirs <- terra_formals(row$generic, classes)
    if (identical(theirs, "...")) theirs <- NULL
    order <- c(theirs, setdiff(own, c(if (length(theirs)) "...", theirs)))
    session[[key]] <- as.function(c(stats::setNames(rep(list(quote(expr = )), length(order)), order), list(NULL)))
  }
  session[[key]]
}

# What terra calls the class of the second argument that a generic dispatches on.
second_class <- function(generic, given) {
  if (!isGeneric(generic, where = TERRA)) {
    return("missing")
  }
  name <- getGeneric(generic, where = TERRA)@signature[-1L]
  value <- if (length(name)) given[[name[[1L]]]]
  if (is.null(value)) "missing" else sub("^PySpat", "Spat", class(value)[[1L]])
}

# Formals of the method of terra for some classes, without the first; NULL where it has none.
terra_formals <- function(generic, classes) {
  if (!isGeneric(generic, where = TERRA)) {
    return(NULL)
  }
  count <- min(length(classes), length(getGeneric(generic, where = TERRA)@signature))
  method <- tryCatch(selectMethod(generic, classes[seq_len(count)], optional = TRUE), error = function(e) NULL)
  if (!is(method, "MethodDefinition") || is(method, "derivedDefaultMethod")) {
    return(NULL)
  }
  own <- local_of(body(method))
  names(formals(if (is.null(own)) method else own))[-1L]
}

# The function that terra wrote, where R wraps it: in its generic's formals, and in a conversion of the second argument.
local_of <- function(code) {
  if (!is.call(code)) {
    return(NULL)
  }
  if (identical(code[[1L]], as.name("<-")) && identical(code[[2L]], as.name(".local"))) {
    return(eval(code[[3L]]))
  }
  parts <- if (identical(code[[1L]], as.name("{"))) as.list(code)[-1L]
  Find(Negate(is.null), lapply(parts, local_of))
}

# The arguments that have an effect; those that are refused stop here.
effective <- function(row, given) {
  fates <- vapply(names(given), function(name) row$arguments[[name]]$fate, "")
  for (name in refused(row, given)) {
    argument <- row$arguments[[name]]
    only <- if (is.null(argument$value)) "" else paste0(" other than ", argument$value)
    stop_plain(row$generic, ": ", name, only, " is not taken: ", REASONS[[argument$why]])
  }
  given[fates %in% c("", "?")]
}

# Arguments that are refused with the values that they have.
refused <- function(row, given) {
  Filter(function(name) {
    argument <- row$arguments[[name]]
    value <- given[[name]]
    known <- if (!is.null(argument$value)) eval(str2lang(argument$value), baseenv())
    switch(argument$fate,
      "!" = is.null(known) || !isTRUE(all.equal(value, known)),
      "?" = (is.function(value) && is.null(function_name(value)) && "function" %in% known) || is_word(value, known),
      FALSE
    )
  }, names(given))
}

# Whether terra has arguments that pyterra has not, so that it is asked instead.
needs_terra <- function(row, given) {
  any(vapply(refused(row, given), function(name) row$arguments[[name]]$why %in% LEFT, NA))
}

# How a result is written stands among the objects in `...` where terra's methods have no names for it.
WRITING <- c("filename", "overwrite", "wopt")

# What `...` took stands among the others again.
spread <- function(given) c(given[names(given) != "..."], given[["..."]])

handed_on <- function(row, x, given) {
  call <- list(positional = list(), named = list(), write = list(), now = FALSE)
  for (name in names(effective(row, given))) {
    argument <- row$arguments[[name]]
    value <- given[[name]]
    if (argument$how == "write") {
      call$write <- c(call$write, if (name == "...") value else given[name])
    } else if (argument$how == "others") {
      more <- beside(x, if (name == "...") value else list(value))
      file <- names_of(more) %in% WRITING
      call$write <- c(call$write, more[file])
      call$positional <- c(call$positional, unname(more[!file]))
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

# What stands beside a raster, whose layers one statistic counts; with par each layer by itself, so that numbers are layers, too.
beside <- function(x, more) {
  par <- isTRUE(more$par)
  more <- more[names_of(more) != "par"]
  if (par) lapply(more, function(value) if (is.numeric(value)) do.call(c, lapply(value, init, x = x[[1L]])) else value) else more
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
