# Rasters block by block. Python reads rows when they are asked for: there is nothing to open, or to close.
#' @include by_hand.R values.R write.R
NULL

for (name in c("readStart", "readStop")) {
  by_hand(name, "PySpatRaster", function(x) invisible(TRUE))
}
rm(name)

by_hand("readValues", "PySpatRaster", function(x, row = 1, nrows = nrow(x), col = 1, ncols = ncol(x), mat = FALSE,
                                               dataframe = FALSE) {
  raster_values(x, mat, dataframe, row, nrows, col, ncols)
})

# Blocks in terra's form; rows are counted from 1.
blocks_in_r <- function(told) {
  rows <- matrix(as.double(unlist(told)), nrow = 2L)
  list(row = rows[1L, ] + 1, nrows = rows[2L, ], n = ncol(rows))
}

by_hand("blocks", "PySpatRaster", function(x, n = 4) blocks_in_r(special("row_blocks", x, n)))

by_hand("writeStart", "PySpatRaster", function(x, filename = "", overwrite = FALSE, n = 4, ...) {
  more <- told_of_file(...)
  if (length(filename) > 1L) {
    stop_plain("writeStart: filename must be one file, got ", length(filename), "; writeRaster() takes one for each layer")
  }
  path <- if (any(nzchar(filename))) path.expand(filename)
  own <- list(x, path, isTRUE(overwrite) || isTRUE(more$overwrite), n, as_vector(more$names))
  blocks_in_r(ask("special", "write_start", own, file_options(more[names_of(more) != "names"])))
})

by_hand("writeValues", "PySpatRaster", function(x, v, start, nrows) {
  if (is.data.frame(v)) {
    v <- data.matrix(numbers_of_columns(v))
  }
  ask("call", "write_values", list(x, as_array(as.double(v)), start - 1, nrows))
  invisible(TRUE)
})

by_hand("makeTiles", "PySpatRaster", function(x, y, filename = "tile_.tif", extend = FALSE, na.rm = FALSE, buffer = 0,
                                              value = "files", overwrite = FALSE, ...) {
  value <- match.arg(value, c("files", "raster", "collection"))
  more <- told_of_file(...)
  x <- named_by(x, more$names)
  named <- c(
    list(extend = extend, na_rm = na.rm, buffer = buffer, value = if (value == "raster") value else "files", overwrite = overwrite),
    file_options(more[names_of(more) != "names"])
  )
  answer <- ask("call", "make_tiles", list(x, y, path.expand(filename)), named)
  if (value == "collection") ask("function", "sprc", list(as_vector(answer))) else answer
})

by_hand("writeStop", "PySpatRaster", function(x) ask("call", "write_stop", list(x)))
