# Files: filename, overwrite and wopt of terra's verbs, and the verbs that write.

# Options of terra that say how it computes, and have no effect here.
TUNING <- c(
  "overwrite", "progress", "memfrac", "memmax", "memmin", "todisk", "tempdir", "verbose", "steps", "statistics",
  "tolerance", "ncopies", "print", "progressbar", "filename"
)

# Options of files, by their names in Python.
FILE_OPTIONS <- c(
  datatype = "datatype", format = "filetype", options = "gdal", nodata = "NAflag", scale = "scale", offset = "offset"
)

# The answer, or the raster of the file that it was written to.
written <- function(answer, given) {
  if (!length(given)) {
    return(answer)
  }
  wopt <- as.list(given$wopt)
  more <- c(given[setdiff(names(given), c("filename", "overwrite", "wopt"))], wopt)
  if (is(answer, "PySpatRaster")) {
    answer <- named_by(answer, more$names)
    more$names <- NULL
  }
  options <- file_options(more)
  filename <- given$filename
  if (is.null(filename) || !any(nzchar(filename))) {
    return(answer)
  }
  write_file(answer, filename, isTRUE(given$overwrite) || isTRUE(wopt$overwrite), options)
}

write_file <- function(x, filename, overwrite, options) {
  if (!is(x, "PySpatRaster")) {
    stop_plain("filename: only rasters are written so, got ", class(x)[[1L]])
  }
  ask("call", "write_raster", list(x, path.expand(filename), overwrite), options)
}

# terra's options in Python's words.
file_options <- function(more) {
  if (!all(nzchar(names_of(more)))) {
    stop_plain("writeRaster: options of files must be named, as in datatype = \"INT2S\"")
  }
  out <- list()
  for (name in setdiff(names(more), TUNING)) {
    value <- more[[name]]
    if (is.null(value)) {
      next
    }
    how <- FILE_OPTIONS[match(name, FILE_OPTIONS)]
    if (is.na(how)) {
      stop_plain("writeRaster: ", name, " is not an option of files that pyterra has")
    }
    out[[names(how)]] <- if (name == "gdal") creation_options(value) else value
  }
  out
}

# c("COMPRESS=LZW", "PREDICTOR=2") as a list with names.
creation_options <- function(texts) {
  parts <- regmatches(texts, regexpr("=", texts), invert = TRUE)
  stats::setNames(lapply(parts, `[[`, 2L), vapply(parts, `[[`, "", 1L))
}

write_raster <- function(x, filename = "", overwrite = FALSE, ...) {
  if (!any(nzchar(filename))) {
    stop_plain("writeRaster: a filename is needed")
  }
  more <- told_of_file(...)
  x <- named_by(x, more$names)
  invisible(write_file(x, filename, overwrite, file_options(more[names_of(more) != "names"])))
}

# Options of a file, those in wopt and those beside it.
told_of_file <- function(...) {
  more <- list(...)
  c(more[names_of(more) != "wopt"], as.list(more$wopt))
}

# A raster under the names that it is to have in a file.
named_by <- function(x, names) {
  if (!is.null(names)) {
    names(x) <- names
  }
  x
}

write_cdf <- function(x, filename, varname = NULL, longname = "", unit = "", zname = "time", prec = NULL, compression = NA,
                      missval = NULL, overwrite = FALSE) {
  types <- c(double = "float64", float = "float32", integer = "int32", short = "int16", byte = "int8")
  named <- list(longname = longname, unit = unit, zname = zname, overwrite = overwrite)
  named$varname <- varname
  if (!is.null(prec)) {
    named$datatype <- types[[match.arg(prec, names(types))]]
  }
  if (!is.na(compression)) {
    named$compression <- compression
  }
  named$missval <- missval
  invisible(ask("call", "write_cdf", list(x, path.expand(filename)), named))
}
