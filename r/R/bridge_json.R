# Headers as JSON. Numbers are written in 17 digits, so that they come back as the same numbers; NA and NaN are null.

# A vector of length one that is a value rather than an array.
one <- function(x) structure(list(x), class = "json_value")

# The JSON text of lists (objects where they have names), vectors (arrays), `one(x)` (values) and NULL.
to_json <- function(x) {
  if (is.null(x)) return("null")
  if (inherits(x, "json_value")) return(json_atoms(x[[1]]))
  if (is.list(x)) {
    parts <- vapply(x, to_json, "")
    if (is.null(names(x))) return(paste0("[", paste(parts, collapse = ","), "]"))
    return(paste0("{", paste(json_atoms(names(x)), parts, sep = ":", collapse = ","), "}"))
  }
  if (!length(x)) "[]" else paste0("[", paste(json_atoms(x), collapse = ","), "]")
}

json_atoms <- function(x) {
  if (is.character(x)) return(json_text(x))
  if (is.logical(x)) return(ifelse(is.na(x), "null", ifelse(x, "true", "false")))
  out <- sprintf(if (is.integer(x)) "%d" else "%.17g", x)
  out[is.na(x)] <- "null"
  out[is.infinite(x)] <- ifelse(x[is.infinite(x)] > 0, "1e999", "-1e999")
  out
}

json_text <- function(x) {
  x <- enc2utf8(x)
  odd <- !validUTF8(x)
  if (any(odd)) x[odd] <- iconv(x[odd], "latin1", "UTF-8")
  out <- gsub("\"", "\\\"", gsub("\\", "\\\\", x, fixed = TRUE), fixed = TRUE)
  if (any(grepl("[\001-\037]", out, useBytes = TRUE))) {
    for (code in 1:31) out <- gsub(intToUtf8(code), sprintf("\\u%04x", code), out, fixed = TRUE)
  }
  out <- paste0("\"", out, "\"")
  out[is.na(x)] <- "null"
  out
}

# A JSON text as lists and vectors; null in an array is NA.
from_json <- function(text) {
  jsonlite::fromJSON(text, simplifyVector = TRUE, simplifyDataFrame = FALSE, simplifyMatrix = FALSE)
}

# The version of the headers. Both sides refuse others.
SCHEMA <- 1L

read_header <- function(json) {
  header <- from_json(json)
  if (!identical(as.integer(header$schema), SCHEMA)) {
    stop("the header has version ", header$schema, ", but version ", SCHEMA,
         " is read here: R and Python must have the same version of pyterra", call. = FALSE)
  }
  header
}
