# Questions to Python: a JSON text, and the objects it points at. See pyterra/rbridge/host.py for its words.

# Asks Python to do something with objects and values; gives the answer as an object of R.
#   do: "call" a method, "get" or "set" a property, "item", "set_item", "function" of the module, "special" of the host
#   positional, named: lists of R values, or of what as_is() made
ask <- function(do, name, positional = list(), named = list()) {
  found <- new.env(parent = emptyenv())
  found$objects <- list()
  text <- paste0(
    '{"do":', json_text(do), ',"name":', json_text(name),
    ',"positional":[', paste(vapply(positional, json_value, "", found = found), collapse = ","), "]",
    ',"named":', json_named(named, found), "}"
  )
  answer_of(do.call(host()$ask, c(list(text), found$objects)))
}

# Marks a value as JSON that is ready, with the objects it points at put in when the question is written.
as_is <- function(write) structure(list(write = write), class = "pyterra_json")

json_named <- function(values, found) {
  if (!length(values)) {
    return("{}")
  }
  texts <- vapply(values, json_value, "", found = found)
  paste0("{", paste0(vapply(names(values), json_text, ""), ":", texts, collapse = ","), "}")
}

pointer <- function(object, found) {
  found$objects[[length(found$objects) + 1L]] <- object
  length(found$objects) - 1L
}

LONG <- 500L

# A value of R in a question. One number, text or truth is a single value, more are a list; missing is null.
json_value <- function(x, found) {
  if (is.null(x)) {
    return("null")
  }
  if (inherits(x, "pyterra_json")) {
    return(x$write(found))
  }
  if (inherits(x, "python.builtin.object")) {
    return(sprintf('{"#":%d}', pointer(x, found)))
  }
  if (is(x, "PySpat")) {
    return(sprintf('{"#":%d}', pointer(x@py, found)))
  }
  if (nzchar(kind_of(x)) || inherits(x, c("sf", "sfc"))) {
    return(json_value(as_py(x), found))
  }
  if (is.function(x)) {
    return(json_function(x, found))
  }
  if (is.data.frame(x)) {
    return(json_frame(x, found))
  }
  if (inherits(x, "Date")) {
    return(paste0('{"date":', json_list(unclass(x), json_number), "}"))
  }
  if (inherits(x, "POSIXt")) {
    return(paste0('{"time":', json_list(unclass(as.POSIXct(x)), json_number), "}"))
  }
  if (is.factor(x)) {
    x <- as.character(x)
  }
  if (is.numeric(x) && (length(x) > LONG || length(dim(x)) > 1L)) {
    return(json_array(x, found))
  }
  if (is.list(x)) {
    return(if (is.null(names(x))) json_items(x, found) else paste0('{"named":', json_named(x, found), "}"))
  }
  atom <- json_atom(x)
  if (length(x) == 1L) atom(x) else json_list(x, atom)
}

json_items <- function(x, found) {
  paste0("[", paste(vapply(x, json_value, "", found = found), collapse = ","), "]")
}

json_atom <- function(x) {
  if (is.logical(x)) {
    json_logical
  } else if (is.numeric(x)) {
    json_number
  } else if (is.character(x)) {
    json_text
  } else {
    stop_plain("an object of class ", class(x)[[1L]], " cannot be handed to Python")
  }
}

json_list <- function(x, atom) paste0("[", paste(atom(x), collapse = ","), "]")

json_logical <- function(x) ifelse(is.na(x), "null", ifelse(x, "true", "false"))

json_number <- function(x) {
  text <- sprintf("%.17g", as.double(x))
  text[is.na(x)] <- "null"
  text[x %in% Inf] <- "Infinity"
  text[x %in% -Inf] <- "-Infinity"
  text
}

json_text <- function(x) {
  text <- enc2utf8(x)
  text <- gsub("\\", "\\\\", text, fixed = TRUE)
  text <- gsub('"', '\\"', text, fixed = TRUE)
  control <- grepl("[[:cntrl:]]", text)
  text[control] <- vapply(text[control], escape_control, "", USE.NAMES = FALSE)
  ifelse(is.na(x), "null", paste0('"', text, '"'))
}

escape_control <- function(text) {
  codes <- utf8ToInt(text)
  paste(ifelse(codes < 32L, sprintf("\\u%04x", codes), intToUtf8(codes, multiple = TRUE)), collapse = "")
}

# Numbers as an array; a matrix keeps its shape.
json_array <- function(x, found) {
  dim <- if (length(dim(x)) > 1L) paste0(',"dim":', json_list(dim(x), json_number)) else ""
  sprintf('{"#":%d%s}', pointer(send_doubles(x), found), dim)
}

json_frame <- function(x, found) {
  parts <- table_parts(x)
  place <- pointer(send_table(parts$table), found)
  sprintf('{"frame":%s,"#":%d}', parts$header, place)
}

# A matrix as an array of Python of the same shape.
send_table <- function(table) {
  host()$shaped(send_doubles(table), nrow(table), ncol(table))
}
