# Random objects of terra that the cases speak of. The seed is printed; PYTERRA_SEED sets another.

case_seed <- function() {
  given <- Sys.getenv("PYTERRA_SEED")
  if (nzchar(given)) as.integer(given) else 20240501L
}

case_inputs <- function(seed) {
  set.seed(seed)
  grid <- terra::rast(nrows = 6, ncols = 7, nlyrs = 3, xmin = 0, xmax = 7, ymin = 0, ymax = 6, crs = "EPSG:32633")
  fill <- function(n, holes = 4) {
    numbers <- round(stats::runif(n, -5, 20), 2)
    numbers[sample(n, holes)] <- NA
    numbers
  }
  x <- terra::setValues(grid, fill(126))
  names(x) <- c("a", "b", "c")
  y <- terra::setValues(grid, fill(126, 1))
  names(y) <- c("p", "q", "r")
  z <- terra::setValues(terra::rast(grid, nlyrs = 1), sample(1:3, 42, TRUE))
  names(z) <- "zone"
  f <- terra::setValues(terra::rast(grid, nlyrs = 1), sample(c(1:3, NA), 42, TRUE))
  levels(f) <- data.frame(id = 1:3, cover = c("water", "forest", "town"), code = c("w", "f", "t"))
  d <- terra::setValues(grid, fill(126, 20))
  terra::time(d) <- as.Date("2021-03-01") + c(0, 31, 365)
  terra::units(d) <- "mm"
  s <- terra::setValues(terra::rast(grid, nlyrs = 1), sample(c(1, NA, NA), 42, TRUE))
  g <- terra::setValues(terra::rast(nrows = 4, ncols = 5, xmin = 1, xmax = 6, ymin = 1, ymax = 5, crs = "EPSG:32633"), fill(20, 1))
  names(g) <- "g"
  w <- terra::setValues(terra::rast(nrows = 5, ncols = 6, xmin = 10, xmax = 16, ymin = 45, ymax = 50), fill(30, 1))
  b <- z > 1
  shapes <- c("POLYGON ((0.2 0.3, 3.4 0.1, 3.1 3.7, 0.6 3.2, 0.2 0.3))", "POLYGON ((2.5 2.2, 6.4 2.6, 5.8 5.5, 2.8 5.1, 2.5 2.2))")
  v <- terra::vect(shapes, crs = "EPSG:32633")
  terra::values(v) <- data.frame(id = c(4L, 9L), name = c("one", NA), size = round(stats::runif(2), 3))
  o <- terra::vect("POLYGON ((1.5 1.1, 5.2 0.9, 5.5 4.4, 1.7 4.2, 1.5 1.1))", crs = "EPSG:32633")
  o$kind <- "other"
  points <- terra::vect(cbind(stats::runif(5, 0.5, 6.5), stats::runif(5, 0.5, 5.5)), crs = "EPSG:32633")
  points$n <- 1:5
  points$label <- c("k", "l", NA, "k", "m")
  lines <- terra::vect(c("LINESTRING (0.5 0.5, 3.2 2.1, 6.1 5.2)", "LINESTRING (1.1 5.3, 2.2 0.7)"), crs = "EPSG:32633")
  lines$road <- c("A", "B")
  e <- terra::ext(1, 5, 1, 4)
  list(x = x, y = y, z = z, f = f, d = d, s = s, g = g, w = w, b = b, v = v, o = o, points = points, lines = lines, e = e)
}
