# Questions to Python: a JSON text, and the objects it points at. See pyterra/rbridge/host.py for its words.

# Asks Python to do something; gives the answer as an object of R.
#   do: "call" a method, "get" or "set" a property, "item", "set_item", "function" of the module, "special" of the host
#   positional, named: lists of values of R, or of what as_is() made
#   now: whether it is computed at once, on this thread, since a function of R takes part
ask <- function(do, name, positional = list(), named = list(), now = FALSE) {
  found <- new.env(parent = emptyenv())
  found$objects <- list()
  text <- paste0(
    '{"do":', json_text(do), ',"name":', json_text(name),
    ',"positional":', json_items(positional, found),
    ',"named":', json_members(named, found), if (now) ',"now":true', "}"
  )
  answer_of(do.call(host_function("ask"), c(list(text), found$objects)))
}

special <- function(name, ...) ask("special", name, list(...))

# A value that says itself how it is written: write(found) gives JSON, and puts the objects that it points at in.
as_is <- function(write) structure(list(write = write), class = "pyterra_json")

json_items <- function(values, found) {
  paste0("[", paste(vapply(values, json_value, "", found = found), collapse = ","), "]")
}

json_members <- function(values, found) {
  if (!length(values)) {
    return("{}")
  }
  texts <- vapply(values, json_value, "", found = found)
  paste0("{", paste0(json_text(names(values)), ":", texts, collapse = ","), "}")
}

# The place of an object of Python among those that go with the text.
pointer <- function(object, found) {
  if (inherits(object, "python.builtin.object") && reticulate::py_is_null_xptr(object)) {
    stop_plain(
      "this object belongs to a session of Python that has ended, or to another process; files and workers take wrap(p), ",
      "and as_py() takes that up again"
    )
  }
  found$objects[[length(found$objects) + 1L]] <- object
  length(found$objects) - 1L
}

LONG <- 500L # numbers from which on a vector crosses as an array

# A value of R in a question. One number, text or truth is a single value, more are a list; missing is null
# among others, and told apart from NULL where it stands alone.
json_value <- function(x, found) {
  if (is.null(x)) {
    "null"
  } else if (inherits(x, "pyterra_json")) {
    x$write(found)
  } else if (inherits(x, "python.builtin.object")) {
    sprintf('{"#":%d}', pointer(x, found))
  } else if (is_py(x)) {
    sprintf('{"#":%d}', pointer(py_of(x), found))
  } else if (is.data.frame(x) && !inherits(x, "sf")) {
    json_frame(x, found)
  } else if (nzchar(kind_here(x))) {
    json_value(as_py(x), found)
  } else if (is.function(x)) {
    stop_plain("a function of R cannot be handed on here")
  } else if (inherits(x, "Date")) {
    sprintf('{"date":%s}', json_list(unclass(x)))
  } else if (inherits(x, "POSIXt")) {
    sprintf('{"time":%s}', json_list(unclass(as.POSIXct(x))))
  } else if (is.list(x)) {
    if (is.null(names(x))) json_items(x, found) else sprintf('{"named":%s}', json_members(x, found))
  } else {
    json_vector(x, found, always = FALSE)
  }
}

# A vector of R; a list even where it has one member, if it always is one.
json_vector <- function(x, found, always = TRUE) {
  if (is.factor(x)) {
    x <- as.character(x)
  }
  if (!is.logical(x) && !is.numeric(x) && !is.character(x)) {
    stop_plain("an object of class ", class(x)[[1L]], " cannot be handed to Python")
  }
  if (is.numeric(x) && (length(x) > LONG || length(dim(x)) > 1L)) {
    return(json_array(x, found))
  }
  if (length(x) != 1L || always) json_list(x) else if (is.na(x)) '{"na":true}' else json_atoms(as.vector(x))
}

json_list <- function(x) to_json(as.vector(x))

# Numbers as an array; a matrix keeps its shape.
json_array <- function(x, found, whole = FALSE) {
  dim <- if (length(dim(x)) > 1L) sprintf(',"dim":%s', json_list(dim(x))) else ""
  sprintf('{"#":%d%s%s}', pointer(send_doubles(x), found), dim, if (whole) ',"whole":true' else "")
}

json_frame <- function(x, found) {
  parts <- table_parts(x)
  sprintf('{"frame":%s,"#":%d}', parts$header, pointer(send_doubles(parts$table), found))
}
