# Objects that go to Python and come back, and what to compare. Python's own tests read this file too.

round_trip_rasters <- function(folder) {
  base <- terra::rast(nrows = 7, ncols = 5, nlyrs = 2, xmin = 0, xmax = 5, ymin = 0, ymax = 7, vals = runif(70))
  base[3] <- NA
  cells <- function(n) rep_len(1:n, 35)
  single <- function(vals) terra::rast(base, nlyrs = 1, vals = vals)
  with_file <- function(x, name, ...) {
    path <- file.path(folder, name)
    terra::writeRaster(x, path, overwrite = TRUE, ...)
    terra::rast(path)
  }
  out <- list(plain = base, integer = terra::rast(base, vals = 1:70), logical = base > 0.5)

  x <- terra::deepcopy(base)
  names(x) <- c("a \u00e9", "a \u00e9")
  terra::units(x) <- c("m", "\u00b0C")
  terra::depth(x) <- c(1, 2.5)
  terra::varnames(x) <- "variable"
  terra::longnames(x) <- "a \"long\" \\ name\nof two lines"
  out$described <- x

  dated <- function(value, ...) { # on a copy: terra 1.7 sets times in place
    x <- terra::deepcopy(base)
    terra::time(x, ...) <- value
    x
  }
  out$days <- dated(as.Date(c("2001-02-03", "1907-12-31")))
  out$seconds <- dated(as.POSIXct(c("2001-02-03 04:05:06", "2020-12-31 23:59:59"), tz = "UTC"))
  out$zone <- dated(as.POSIXct(c("2001-02-03 04:05:06", "2020-07-31 23:59:59"), tz = "Europe/Amsterdam"))
  out$years <- dated(c(1999, 2020), tstep = "years")
  out$months <- dated(c(3, 12), tstep = "months")
  out$yearmonths <- dated(as.Date(c("2001-02-03", "2020-12-31")), tstep = "yearmonths")
  out$raw_time <- dated(c(-7, 9))

  x <- single(cells(5))
  levels(x) <- data.frame(ID = 1:5, name = c("\u00e4", "b", NA, "d\"", "e"), num = c(1.5, 2, 3, 4, 9), int = 5:1)
  terra::activeCat(x) <- 2
  out$levels <- x
  out$levels_and_numbers <- c(x, single(1:35))
  x <- single(cells(5))
  terra::coltab(x) <- data.frame(value = 1:5, col = grDevices::rainbow(5, alpha = 0.5))
  out$colors <- x
  x <- terra::rast(base, nlyrs = 3, vals = 1:105)
  terra::RGB(x) <- c(3, 1, 2)
  out$rgb <- x

  out$empty <- terra::rast(nrows = 3, ncols = 4)
  out$empty_layers <- terra::rast(nrows = 3, ncols = 4, nlyrs = 3, names = c("x", "y", "z"))
  x <- terra::deepcopy(base)
  terra::crs(x) <- ""
  out$no_crs <- x
  out$kinds <- c(base[[1]], single(1:35), base[[1]] > 0.5)

  stored <- function() with_file(base, "stored.tif", datatype = "FLT8S")
  out$file <- stored()
  out$band <- stored()[[2]]
  out$bands <- stored()[[c(2, 1, 2)]]
  x <- stored()
  names(x) <- c("p", "q")
  terra::time(x) <- as.Date(c("2001-02-03", "2020-12-31"))
  terra::ext(x) <- c(10, 15, 20, 27)
  terra::crs(x) <- "EPSG:3035"
  out$file_renamed <- x
  x <- stored()
  terra::NAflag(x) <- terra::values(x)[5, 1]
  out$na_flag <- x
  x <- stored()
  terra::window(x) <- terra::ext(1, 3, 2, 5)
  out$window <- x
  other <- with_file(base * 10, "other.tif", datatype = "FLT8S")
  out$files <- c(stored(), other[[2]])
  out$file_and_memory <- c(stored(), base)
  x <- stored()
  terra::scoff(x) <- cbind(c(2, 3), c(1, 0))
  out$scale <- x
  out$levels_file <- with_file(out$levels, "levels.tif", datatype = "INT1U")
  out
}

round_trip_vectors <- function() {
  polygons <- terra::vect(c(
    "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 2 1, 2 2, 1 2, 1 1))",
    "MULTIPOLYGON (((10 0, 11 0, 11 1, 10 0)), ((12 0, 13 0, 13 1, 12 0), (12.5 .1, 12.6 .1, 12.6 .2, 12.5 .1)))"
  ), crs = "EPSG:4326")
  full <- polygons
  full$f <- factor(c("a", NA), levels = c("b", "a"))
  full$d <- as.Date(c("2020-01-02", NA))
  full$t <- as.POSIXct(c("2020-01-02 03:04:05", NA), tz = "UTC")
  full$l <- c(TRUE, NA)
  full$i <- c(1L, NA)
  full$s <- c("\u00e9\n\"\\", NA)
  full$n <- c(1.5, NA)
  points <- terra::vect(cbind(c(1, 2.5, 3), c(-1, 0, 1e-9)), atts = data.frame(id = 3:1))
  list(polygons = polygons, attributes = full, points = points,
       multipoints = terra::vect(c("MULTIPOINT ((0 0), (1 1))", "POINT (5 5)")),
       lines = terra::vect(c("LINESTRING (0 0, 1 1)", "MULTILINESTRING ((0 0, 1 1), (2 2, 3 3, 4 5))"), crs = "EPSG:3035"),
       none = terra::vect(), one_column = terra::vect("POINT (1 2)", crs = "EPSG:4326"))
}

# Random rasters and vectors of every kind.
random_raster <- function() {
  nrows <- sample(1:40, 1)
  ncols <- sample(1:40, 1)
  nlyrs <- sample(1:6, 1)
  n <- nrows * ncols * nlyrs
  vals <- switch(sample(3, 1), rnorm(n), sample(-5:5, n, TRUE), runif(n) > 0.5)
  vals[runif(n) < 0.1] <- NA
  x <- terra::rast(nrows = nrows, ncols = ncols, nlyrs = nlyrs, xmin = -runif(1), xmax = runif(1), ymin = -1,
                   ymax = rnorm(1)^2, crs = sample(c("", "EPSG:4326", "EPSG:3035"), 1), vals = vals)
  names(x) <- vapply(seq_len(nlyrs), function(i) intToUtf8(sample(c(32:126, 228, 8364, 20013), 5)), "")
  if (runif(1) < 0.5) terra::units(x) <- sample(c("m", "", "kg"), nlyrs, TRUE)
  if (runif(1) < 0.5) terra::time(x) <- as.Date("2000-01-01") + sample(-1e4:1e4, nlyrs)
  x
}

random_vector <- function() {
  n <- sample(1:20, 1)
  type <- sample(c("points", "lines", "polygons"), 1)
  rings <- lapply(seq_len(n), function(i) {
    if (type == "points") return(cbind(i, 1, rnorm(1), rnorm(1), 0))
    angle <- sort(runif(sample(4:9, 1), 0, 2 * pi))
    ring <- cbind(i, 1, 10 * i + 3 * cos(angle), 3 * sin(angle), 0)
    if (type == "lines") return(ring)
    ring <- rbind(ring, ring[1, ])
    hole <- ring[rev(seq_len(nrow(ring))), ]
    hole[, 3] <- 10 * i + (hole[, 3] - 10 * i) / 1e3
    hole[, 4] <- hole[, 4] / 1e3
    hole[, 5] <- 1
    second <- ring
    second[, 2] <- 2
    second[, 4] <- second[, 4] + 100
    rbind(ring, if (runif(1) < 0.5) hole, if (runif(1) < 0.5) second)
  })
  vertices <- do.call(rbind, rings)
  colnames(vertices) <- c("geom", "part", "x", "y", "hole")
  text <- vapply(seq_len(n), function(i) intToUtf8(sample(c(32:126, 228, 8364, 20013), 5)), "")
  text[runif(n) < 0.2] <- NA
  terra::vect(vertices, type = type, crs = sample(c("", "EPSG:4326"), 1),
              atts = data.frame(a = rnorm(n), b = sample(1:3, n, TRUE), text = text))
}

# What differs between an object and what came back; nothing, where all is well.
# Not compared: names of variables of a `mixed` raster, since terra keeps them per source and one source comes back; the
# range where it was a file's statement (`statistics`); whether the first column of a colour table is value or values.
raster_differences <- function(x, y, mixed = FALSE, statistics = FALSE) {
  facts <- c("names", "longnames", "varnames", "units", "depth", "time", "timeInfo", "levels", "cats", "activeCat", "coltab", "RGB",
             "is.int", "is.bool", "is.factor", "minmax", "scoff", "NAflag", "window", "crs", "dim", "res", "ext")
  if (mixed) facts <- setdiff(facts, c("longnames", "varnames", "NAflag"))
  if (statistics) facts <- setdiff(facts, "minmax")
  fact <- function(x, name) {
    found <- suppressWarnings(get(name, envir = asNamespace("terra"))(x))
    if (name == "ext") found <- as.vector(found)
    if (name == "coltab") found <- lapply(found, function(t) if (is.data.frame(t)) unname(as.list(t)))
    found
  }
  out <- facts[!vapply(facts, function(name) identical(fact(x, name), fact(y, name)), NA)]
  if (terra::hasValues(x) && !same_numbers(terra::values(x), terra::values(y))) out <- c(out, "values")
  out
}

# NaN and NA are both missing in a raster, and reticulate makes one of the other.
same_numbers <- function(a, b) {
  a[is.nan(a)] <- NA
  b[is.nan(b)] <- NA
  identical(a, b)
}

vector_differences <- function(x, y) {
  quiet <- function(v) suppressWarnings(terra::values(v))
  same <- c(geometry = identical(terra::geom(x), terra::geom(y)), crs = identical(terra::crs(x), terra::crs(y)),
            type = identical(terra::geomtype(x), terra::geomtype(y)), values = identical(quiet(x), quiet(y)))
  names(same)[!same]
}
