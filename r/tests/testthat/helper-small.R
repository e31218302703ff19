# A raster of 2 x 3 cells and two layers, checkable by eye; cell 6 of the first layer is missing.
small_raster <- function() {
  terra::rast(nrows = 2, ncols = 3, nlyrs = 2, xmin = 0, xmax = 3, ymin = 0, ymax = 2, crs = "", vals = c(1:5, NA, 7:12) + 0.5,
              names = c("a", "b"))
}

small_points <- function() {
  v <- terra::vect(cbind(1:3, 1:3))
  v$n <- 1:3
  v$text <- c("x", NA, "z")
  v
}
