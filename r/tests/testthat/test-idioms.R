# What R users take for granted.

test_that("copies are copies: a change of one variable is not seen in another", {
  skip_without_python()
  p <- as_py(small_raster())
  q <- p
  names(q) <- c("k", "l")
  q[1] <- 99
  units(q) <- "m"
  terra::ext(q) <- c(0, 6, 0, 4)
  expect_identical(names(p), c("a", "b"))
  expect_equal(unname(values(p)[1, ]), c(1.5, 7.5))
  expect_identical(terra::units(p), c("", ""))
  expect_equal(terra::xmax(p), 3)
  change <- function(x) {
    names(x) <- c("in", "side")
    x
  }
  change(p)
  expect_identical(names(p), c("a", "b"))
  v <- as_py(small_points())
  w <- v
  w$n <- 4:6
  expect_equal(v$n, 1:3)
})

test_that("set.* change an object in all variables, as in terra", {
  skip_without_python()
  p <- as_py(small_raster())
  q <- p
  terra::set.names(p, c("k", "l"))
  expect_identical(names(q), c("k", "l"))
  terra::set.names(p, "m", 2)
  expect_identical(names(q), c("k", "m"))
  terra::set.crs(p, "EPSG:4326")
  expect_match(terra::crs(q), "WGS 84")
  terra::set.values(p, 1:2, c(70, 80), layer = 1)
  expect_equal(unname(values(q)[1:2, 1]), c(70, 80))
})

test_that("objects of terra, of Python and numbers mix on both sides", {
  skip_without_python()
  r <- small_raster()
  p <- as_py(r)
  for (found in list(p + r, r + p, p * 2, 2 * p)) {
    expect_s4_class(found, "PySpatRaster")
    expect_equal(values(found), values(2 * r))
  }
  expect_equal(values(r > p) + 0, values(r > r) + 0)
  expect_equal(values(crop(r, terra::ext(p) - 0.5)), values(crop(p, terra::ext(r) - 0.5)))
  expect_s4_class(mask(r, p), "PySpatRaster")
  expect_s4_class(c(p, r), "PySpatRaster")
  expect_equal(values(p * c(1, NA))[, 2], rep(NA_real_, 6))
})

test_that("drop is no index", {
  skip_without_python()
  r <- small_raster()
  p <- as_py(r)
  expect_equal(values(p[5, drop = FALSE]), values(r[5, drop = FALSE]))
  expect_equal(dim(p[2, 3, drop = FALSE]), c(1, 1, 2))
  expect_identical(names(p["b", drop = FALSE]), "b")
  expect_equal(values(p[p[[2]] > 9, drop = FALSE]), values(r[r[[2]] > 9, drop = FALSE]))
})

test_that("two columns of an index are rows and columns", {
  skip_without_python()
  r <- small_raster()
  p <- as_py(r)
  places <- cbind(c(1, 2), c(2, 3)) # cells 2 and 6
  expect_equal(p[places], r[places])
  p[places] <- c(20, 60)
  r[places] <- c(20, 60)
  expect_equal(values(p), values(r))
  expect_equal(p[cbind(5)], p[5])
  expect_equal(p[cbind(1, 2, 1)], 20)
  expect_error(p[cbind(1, 2, 1)] <- 1, "a column of cells, or two of rows and columns, got 3")
})

test_that("indices are cut to whole numbers, zeros stand for nothing, TRUE and FALSE are repeated where cells are replaced", {
  skip_without_python()
  p <- as_py(small_raster())
  expect_equal(p[2.9], p[2])
  expect_identical(names(p[[2.9]]), "b")
  expect_equal(nrow(p[0, 1]), 0)
  expect_equal(p[c(0, 2), 1], p[2, 1])
  expect_error(p[values(p) > 5], "one per cell \\(6\\), got 12")
  expect_error(p[factor("b")], "got a factor")
  expect_error(p[[factor("b")]], "got a factor")
  p[c(TRUE, FALSE)] <- 0
  expect_equal(values(p)[, 2], c(0, 8.5, 0, 10.5, 0, 12.5))
  points <- as_py(small_points())
  expect_equal(as_py(small_raster())[points], extract(as_py(small_raster()), points, ID = FALSE))
})

test_that("cells get as many values as there are places, of numbers", {
  skip_without_python()
  p <- as_py(small_raster())
  q <- p
  q[1:2, 1] <- cbind(1:2, 3:4)
  expect_equal(unname(values(q)[c(1, 4), ]), cbind(1:2, 3:4))
  q[1:2] <- cbind(1, 2)
  expect_equal(unname(values(q)[1:2, ]), cbind(c(1, 1), c(2, 2)))
  expect_error(p[2] <- c(7, 8, 9), "one per cell \\(1\\), or one per cell and layer \\(2\\), got 3")
  expect_error(p[1:3] <- 1:2, "got 2")
  expect_error(p[2] <- NULL, "must be numbers, got NULL")
  expect_error(p[2] <- "k", "must be numbers, got a character")
  expect_error(p[99] <- 1, "^\\[<-: cells are numbered 1 to 6, got 99")
  expect_error(p[3, ] <- 1, "^\\[<-: rows are numbered 1 to 2")
})

test_that("matrices are laid out as the layers are, and values are numbers, logicals, text or factors", {
  skip_without_python()
  r <- small_raster()
  p <- as_py(r)
  values(p) <- matrix(1:12, 2) # two layers side by side
  values(r) <- matrix(1:12, 2)
  expect_equal(values(p), values(r))
  one <- as_py(small_raster())[[1]]
  values(one) <- matrix(1:6, 2)
  expect_equal(as.vector(values(one)), c(1, 3, 5, 2, 4, 6))
  expect_error(values(one) <- matrix(1:6, 3), "got 3 x 2")
  expect_error(values(p) <- cbind(1:6), "got 6 x 1")
  expect_error(values(one) <- as.Date("2020-01-01"), "got a Date")
  expect_error(values(one) <- list(1, 2), "got a list")
  values(one) <- "k"
  expect_identical(names(one), "a")
  expect_identical(as.character(values(one, dataframe = TRUE)[[1]]), rep("k", 6))
})

test_that("a name stands for the first layer of it where one is replaced, and keeps it", {
  skip_without_python()
  r <- small_raster()
  p <- c(as_py(r), as_py(r))
  p$b <- p[[1]] * 0
  expect_identical(names(p), c("a", "b", "a", "b"))
  expect_equal(unname(values(p)[1, ]), c(1.5, 0, 1.5, 7.5))
  p$text <- "k" # a class, not a path
  expect_identical(as.character(values(p$text, dataframe = TRUE)[[1]]), rep("k", 6))
})

test_that("columns get values that are there, and say where they do not fit", {
  skip_without_python()
  v <- as_py(small_points())
  expect_error(v$new <- numeric(0), "got none")
  expect_warning(v$new <- 1:2, "do not fill the records evenly")
  expect_identical(v$new, c(1L, 2L, 1L))
})

test_that("functions of terra are the same objects after attaching, but those that are generics here alone", {
  exported <- intersect(getNamespaceExports("pyterra"), getNamespaceExports("terra"))
  plain <- Filter(pyterra:::is_plain, pyterra:::PLAIN)
  expect_gt(length(plain), 3L)
  for (name in plain) {
    expect_identical(formals(getExportedValue("pyterra", name)), formals(getExportedValue("terra", name)), label = name)
  }
  exported <- setdiff(exported, plain)
  for (name in grep("^[.]__", exported, invert = TRUE, value = TRUE)) {
    expect_identical(getExportedValue("pyterra", name), getExportedValue("terra", name), label = name)
  }
})

test_that("layers go through lapply and sapply", {
  skip_without_python()
  p <- as_py(small_raster())
  expect_identical(vapply(p, function(layer) names(layer), ""), c("a", "b"))
  expect_length(as.list(p), 2)
})

test_that("printing says what it is", {
  skip_without_python()
  expect_output(print(as_py(small_raster())), "class *: PySpatRaster")
  expect_output(print(as_py(small_raster())), "names *: *a, *b")
  expect_output(show(as_py(small_points())), "class *: PySpatVector")
  expect_output(print(terra::ext(as_py(small_raster()))), "0, 3, 0, 2")
})

test_that("an object of a session that has ended says so", {
  skip_without_python()
  path <- tempfile(fileext = ".rds")
  p <- as_py(small_raster())
  base::saveRDS(p, path)
  expect_output(print(base::readRDS(path)), "session that has ended")
})

test_that("pictures are drawn by terra from few cells", {
  skip_without_python()
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  p <- as_py(small_raster())
  expect_no_error(plot(p))
  expect_no_error(plot(p, 1))
  expect_no_error(plot(p, "b", main = "b"))
  usr <- NULL
  expect_no_error(plot(p, fun = function(...) usr <<- graphics::par("usr")))
  expect_lte(usr[[1L]], xmin(p))
  able <- tryCatch({
    terra::plot(small_raster(), fun = lines(ext(small_raster())))
    TRUE
  }, error = function(e) FALSE)
  if (able) expect_no_error(plot(p, fun = lines(ext(p)))) # later versions take an expression
  expect_no_error(hist(p))
  expect_no_error(density(p))
  expect_no_error(barplot(p, digits = 0))
  expect_no_error(boxplot(p))
  expect_no_error(pairs(c(p, p * 2)))
  expect_no_error(image(p))
  expect_no_error(contour(p))
  expect_no_error(persp(as_py(terra::rast(nrows = 2, ncols = 2, vals = 1:4))))
  expect_no_error({
    plot(as_py(small_points()), "n")
    lines(terra::ext(p))
    points(as_py(small_points()))
  })
  large <- as_py(terra::rast(nrows = 100, ncols = 100, vals = 1))
  expect_lte(ncell(pyterra:::drawable(large, 400)), 450)
})

test_that("a raster of a file goes as its path, and comes back as it", {
  skip_without_python()
  path <- file.path(normalizePath(Sys.getenv("HOME")), basename(tempfile("pyterra-test-", fileext = ".tif")))
  skip_if_not(file.access(dirname(path), 2) == 0)
  on.exit(unlink(path))
  terra::writeRaster(small_raster(), path, datatype = "FLT8S")
  p <- as_py(terra::rast(path))
  expect_identical(sources(p), path)
  expect_identical(terra::sources(as_terra(p)), path)
  expect_identical(sources(py_rast(path)), path)
  expect_s4_class(as_py(path), "PySpatRaster")
})

test_that("objects that are there already stay, and sf and tables go over", {
  skip_without_python()
  p <- as_py(small_raster())
  expect_identical(as_py(p), p)
  r <- small_raster()
  expect_identical(as_terra(r), r)
  expect_error(as_py(sum), "as_py: cannot hand over")
  skip_if_not_installed("sf")
  v <- as_py(sf::st_as_sf(small_points()))
  expect_s4_class(v, "PySpatVector")
  expect_equal(nrow(extract(p, sf::st_as_sf(small_points()))), 3)
})

test_that("functions of the module take and give objects of terra", {
  skip_without_python()
  pt <- import_pyterra()
  r <- small_raster()
  found <- pt$app(r, "mean")
  expect_of_terra(found, "SpatRaster")
  expect_equal(values(found), values(app(r, "mean")))
  expect_of_terra(pt$ext(r), "SpatExtent")
  expect_of_terra(pt$as_points(r), "SpatVector")
})

test_that("init() repeats several numbers over the cells of each layer", {
  skip_without_python()
  p <- as_py(small_raster())
  expect_equal(unname(values(init(p, 1:4))), cbind(c(1:4, 1, 2), c(1:4, 1, 2))) # as terra 1.9
  expect_equal(as.vector(values(init(p[[1]], c(1, NA)))), c(1, NA, 1, NA, 1, NA))
})

test_that("a layer without values is replaced among the others", {
  skip_without_python()
  p <- as_py(terra::rast(small_raster()))
  p$a <- 1
  expect_identical(names(p), c("a", "b"))
  expect_equal(unname(values(p)[1, ]), c(1, NA))
})

test_that("layers that become numbers keep their names, and new ones get a name of their own", {
  skip_without_python()
  p <- as_py(small_raster())
  q <- p
  q[[2]] <- 0
  expect_identical(names(q), c("a", "b"))
  expect_equal(unname(values(q)[1, ]), c(1.5, 0))
  q[[1:2]] <- 7
  expect_identical(names(q), c("a", "b"))
  expect_equal(unname(values(q)[6, ]), c(7, 7))
  q[[-1]] <- 8
  expect_equal(unname(values(q)[6, ]), c(7, 8))
  q[[3]] <- 9
  expect_identical(names(q), c("a", "b", "lyr.3"))
})

test_that("what is known of layers can be asked before a raster of R goes back", {
  skip_without_python()
  file <- withr::local_tempfile(fileext = ".tif")
  p <- as_py(terra::writeRaster(small_raster(), file))
  expect_length(terra::time(p), 2)
  expect_equal(dim(as_terra(p)), dim(p))
})

test_that("statistics of layers are written where a file is named", {
  skip_without_python()
  p <- as_py(small_raster())
  for (f in list(mean, terra::median, max, terra::stdev)) {
    file <- withr::local_tempfile(fileext = ".tif")
    written <- f(p, p + 1, na.rm = TRUE, filename = file, overwrite = TRUE)
    expect_identical(basename(terra::sources(written)), basename(file))
    expect_equal(values(written), values(f(p, p + 1, na.rm = TRUE)), tolerance = 1e-6)
  }
})

test_that("files are read within objects of Python, and stay terra's", {
  skip_without_python()
  shapes <- system.file("ex/lux.shp", package = "terra")
  two <- as_py(terra::vect(shapes)[1:2, ])
  expect_equal(nrow(terra::vect(shapes, filter = two)), nrow(terra::vect(shapes, filter = as_terra(two))))
  grid <- system.file("ex/elev.tif", package = "terra")
  expect_equal(dim(terra::rast(grid, win = terra::ext(two))), dim(terra::rast(grid, win = terra::ext(as_terra(two)))))
})

test_that("objects that follow the first are no options of files, whatever their layers are called", {
  skip_without_python()
  p <- as_py(small_raster())
  expect_equal(unname(values(atan2(p, p))), unname(values(atan2(as_terra(p), as_terra(p)))))
  expect_equal(dim(terra::merge(p, p)), dim(p))
})

test_that("one code for missing is that of all layers", {
  skip_without_python()
  r <- as_py(terra::rast(nrows = 1, ncols = 2, nlyrs = 2, vals = c(1, 5, 5, 2)))
  NAflag(r) <- 5
  expect_equal(as.vector(values(r)), c(1, NA, NA, 2))
  NAflag(r) <- c(1, 2)
  expect_equal(as.vector(values(r)), c(NA, 5, 5, NA))
})

test_that("the columns of vectors are counted from 1", {
  skip_without_python()
  v <- as_py(terra::vect(cbind(1:3, 1:3), atts = data.frame(g = c("a", "b", "b"), n = c(1, 2, 4))))
  expect_equal(names(aggregate(v, 1)), c("g", "mean_n", "agg_n"))
  expect_equal(names(aggregate(v, "g", fun = mean, count = FALSE)), c("g", "agg_n"))
  expect_equal(names(aggregate(v, "g", fun = mean)), c("g", "agg_n.x", "agg_n.y"))
  expect_null(v[["other"]])
  expect_equal(nrow(v[c(1, NA)]), 1)
})

test_that("values have the type of their layers, and what is missing is NA", {
  skip_without_python()
  whole <- as_py(terra::rast(nrows = 1, ncols = 3, vals = c(1L, NA, 3L), names = "whole"))
  real <- as_py(terra::rast(nrows = 1, ncols = 3, vals = c(1.5, NaN, 3), names = "real"))
  flag <- whole > 1
  names(flag) <- "flag"
  expect_type(values(whole), "integer")
  expect_identical(values(whole, mat = FALSE), c(1L, NA, 3L))
  expect_identical(as.vector(flag), c(FALSE, NA, TRUE))
  expect_identical(dim(values(flag)), c(3L, 1L))
  expect_type(as.matrix(whole, wide = TRUE), "integer")
  expect_type(as.array(flag), "logical")
  expect_type(whole[flag], "integer")
  expect_type(values(c(whole, real)), "double")
  expect_type(values(whole * 2^31), "double")
  expect_identical(names(table(values(flag))), c("FALSE", "TRUE"))
  place <- terra::vect(cbind(c(-120, 0, 120, 500), 0), crs = "EPSG:4326")
  all <- c(whole, real, flag)
  frames <- list(
    as.data.frame(all, na.rm = FALSE), as.data.frame(all, xy = TRUE, na.rm = FALSE), values(all, dataframe = TRUE), all[1:3], all[1, ], head(all, 3),
    extract(all, place), extract(all, terra::crds(place)), extract(all, 1:3), extract(all, ext(all)), spatSample(all, 3, "regular")
  )
  for (frame in frames) {
    expect_type(frame$whole, "integer")
    expect_type(frame$real, "double")
    expect_type(frame$flag, "logical")
    expect_identical(frame$whole[1:3], c(1L, NA, 3L))
    expect_false(any(is.nan(frame$real)))
  }
  expect_identical(colnames(spatSample(flag, 3, "regular", as.df = FALSE)), "flag")
})

test_that("layers of numbers and of words are counted in one table", {
  skip_without_python()
  numbers <- as_py(terra::rast(nrows = 1, ncols = 3, vals = c(1.5, 2, 2)))
  words <- numbers * 0 + 1
  levels(words) <- data.frame(id = 1, word = "one")
  found <- freq(c(numbers, numbers > 1.7, words), digits = 1)
  expect_identical(found$value, c("1.5", "2", "0", "1", "one"))
  expect_equal(found$count, c(1, 2, 1, 2, 3))
})

test_that("tables and matrices are of whole numbers where those of terra are", {
  skip_without_python()
  r <- as_py(terra::rast(nrows = 2, ncols = 2, nlyrs = 2, vals = c(1:4, 1:4)))
  nothing <- r * NA
  expect_identical(expanse(r)$layer, 1:2)
  expect_type(expanse(r, byValue = TRUE)$layer, "double")
  expect_identical(expanse(r, usenames = TRUE)$layer, names(r))
  expect_identical(freq(nothing), data.frame(layer = integer(), value = integer(), count = integer()))
  expect_identical(freq(nothing, value = 3), data.frame(layer = 1:2, value = 3, count = 0))
  expect_identical(freq(nothing, value = NA)$value, c(NA_real_, NA_real_))
  halves <- terra::vect(c("POLYGON ((-180 -90, 0 -90, 0 90, -180 90, -180 -90))", "POLYGON ((0 -90, 180 -90, 180 90, 0 90, 0 -90))"), crs = "OGC:CRS84")
  crs(r) <- "OGC:CRS84"
  in_halves <- data.frame(layer = 1, value = c(1, 3, 2, 4), count = 1, zone = c(1L, 1L, 2L, 2L))
  expect_identical(freq(r[[1]], zones = halves), in_halves)
  expect_identical(freq(r[[1]], zones = as_py(halves), value = 2)$zone, 1:2)
  points <- as_py(small_points())
  crs(points) <- "EPSG:3035"
  near <- nearby(points, k = 1)
  expect_type(near, "integer")
  expect_identical(dimnames(near), list(as.character(seq_len(nrow(points))), c("id", "k1")))
  expect_null(rownames(nearby(points, points, k = 1)))
  expect_identical(nearby(points, distance = 1e-9), matrix(0, 0, 2, dimnames = list(NULL, c("from", "to"))))
  expect_identical(adjacent(as.polygons(r[[1]][1, , drop = FALSE]), pairs = FALSE), matrix(c(0, 1, 1, 0), 2, dimnames = rep(list(c("1", "2")), 2)))
})

test_that("the last records keep their numbers, and matrices have no names of rows", {
  skip_without_python()
  v <- as_py(small_points())
  expect_identical(rownames(tail(v, 2)), c("2", "3"))
  expect_identical(tail(v, 2)$n, 2:3)
  expect_null(rownames(adjacent(as.polygons(as_py(terra::rast(nrows = 1, ncols = 3, vals = 1:3))), pairs = TRUE)))
  w <- v
  w$n <- c(1.5, NaN, 3)
  expect_identical(is.nan(as.data.frame(w)$n), rep(FALSE, 3))
})

test_that("files say the type of their numbers, cells are cut to whole numbers, and writing shows nothing", {
  skip_without_python()
  r <- terra::rast(nrows = 2, ncols = 2, vals = 1:4)
  file <- withr::local_tempfile(fileext = ".tif")
  terra::writeRaster(r, file, datatype = "INT2S")
  p <- py_rast(file)
  expect_identical(datatype(p), "INT2S")
  expect_equal(xyFromCell(p, 2.9), xyFromCell(p, 2))
  expect_identical(is.nan(cellFromXY(p, cbind(1000, 1000))), FALSE)
  out <- withr::local_tempfile(fileext = ".gpkg")
  expect_invisible(writeVector(as_py(small_points()), out))
})

test_that("numbers of cells that there are not give a warning, and rows an error that counts from 1", {
  skip_without_python()
  x <- small_raster()
  p <- as_py(x)
  for (cells in list(c(1, ncell(x) + 1), c(1, 0), c(2, -3))) {
    expect_warning(found <- extract(p, cells), "out of range cell numbers detected")
    expect_equal(found, suppressWarnings(extract(x, cells)))
  }
  expect_no_warning(expect_equal(extract(p, c(1, NA)), extract(x, c(1, NA))))
  expect_no_warning(p[c(1, ncell(x) + 1)])
  expect_warning(found <- extract(p, c(1.2, 2.7)), "two decimal values")
  expect_equal(found, extract(x, c(1, 3)))
  expect_error(readValues(p, nrow(p) + 1, 1), paste0("rows are numbered 1 to ", nrow(p), ", got ", nrow(p) + 1), fixed = TRUE)
  expect_error(values(p, row = 1, nrows = 99), "nrows must be 1 to")
})

test_that("a raster without values has missing values and limits, with a warning", {
  skip_without_python()
  x <- terra::rast(nrows = 2, ncols = 2, nlyrs = 2)
  p <- as_py(x)
  expect_warning(found <- values(p), "raster has no values")
  expect_equal(found, suppressWarnings(values(x)))
  expect_warning(found <- minmax(p), "no cell values")
  expect_true(all(is.na(found)))
  expect_false(hasValues(rev(p)))
  expect_false(hasValues(c(p, p)))
})

test_that("records and columns of vectors are taken and replaced as in terra", {
  skip_without_python()
  v <- as_py(small_points())
  expect_equal(nrow(v[9]), 0)
  expect_identical(v[c(1, 9)]$n, 1L)
  expect_error(v[as_py(small_raster())], "numbers, TRUE and FALSE, or places, got a PySpatRaster")
  expect_error(v[NULL], "got NULL")
  w <- v
  w[, 1] <- c(1.5, 2, 3)
  expect_identical(w$n, c(1.5, 2, 3))
  w[, "n"] <- 4:6
  expect_identical(w$n, 4:6)
  w[["n"]] <- data.frame(k = 7:9)
  expect_identical(w$n, 7:9)
  expect_warning(w[["n"]][2] <- 10L, "only the first of 2 columns")
  expect_identical(w$n, 7:9)
  w$k <- list(1, 2, 3)
  expect_identical(w$k, c(1, 2, 3))
  expect_error(w[["n"]] <- data.frame(), "a table must have a column of values")
  values(w) <- data.frame()
  expect_identical(names(w), character())
})

test_that("columns get names that are valid and none twice, with a warning", {
  skip_without_python()
  v <- as_py(small_points())
  for (given in list(c("a", "a"), c("a b", "1"), c("", " x"), c("ok", "a.b"))) {
    want <- small_points()
    suppressWarnings(names(want) <- given)
    got <- v
    if (identical(names(want), given)) names(got) <- given else expect_warning(names(got) <- given, "made|changed")
    expect_identical(names(got), names(want), label = toString(given))
  }
})

test_that("merge() takes what merge() of tables takes", {
  skip_without_python()
  v <- small_points()
  p <- as_py(v)
  y <- data.frame(text = c("z", "x", "none"), m = 1:3, n = 7:9)
  cases <- alist(
    merge(x, y), merge(x, y, by = 2), merge(x, y, by = "text", all.x = TRUE, suffixes = c("_l", "_r")), merge(x, y, by.x = 1, by.y = 0),
    merge(x, y, by.x = "text", by.y = "text", all = FALSE), merge(x, y[0, ], by = "text"), merge(x, rbind(y, y), by = "text")
  )
  for (case in cases) {
    want <- tryCatch(eval(case, list(x = v, y = y)), error = function(e) NULL)
    got <- eval(case, list(x = p, y = y))
    # terra 1.7 warns of its own missing whole numbers
    if (!is.null(want)) expect_equal(as.data.frame(got), suppressWarnings(as.data.frame(want)), label = deparse(case))
    if (!is.null(want)) expect_equal(terra::crds(got), terra::crds(want), label = deparse(case))
  }
  expect_error(merge(p, y, by = "text", all = TRUE), "every row must have a geometry")
})

test_that("cbind() puts all tables and values beside a vector", {
  skip_without_python()
  v <- as_py(small_points())
  expect_identical(names(cbind(v, data.frame(a = 1:3), data.frame(b = 3:1))), c("n", "text", "a", "b"))
  expect_identical(cbind(v, 7:9)$y, 7:9)
  expect_identical(cbind(v, w = 7:9)$w, 7:9)
  expect_identical(names(cbind(v, matrix(1:6, 3))), c("n", "text", "V1", "V2"))
})

test_that("all cells are set without a word, NA alone is no truth, and one column of a matrix is for all layers", {
  skip_without_python()
  p <- as_py(small_raster())
  expect_silent(p[] <- 1:3)
  expect_equal(unname(values(p)[, 2]), c(1:3, 1:3))
  p[] <- NA
  expect_identical(terra::is.bool(p), c(FALSE, FALSE))
  p[] <- c(NA, TRUE)
  expect_identical(terra::is.bool(p), c(TRUE, TRUE))
  q <- as_py(small_raster())
  expect_equal(unname(values(q + matrix(1:6, ncol = 1))[, 2]), 7:12 + 0.5 + 1:6)
  expect_equal(unname(values(q[[2]] * matrix(c(1, 10), ncol = 1))[, 1]), (7:12 + 0.5) * c(1, 10))
})

test_that("summaries count truths as numbers, ranges have terra's names, and cells are whole numbers beside values", {
  skip_without_python()
  r <- small_raster()
  p <- as_py(r)
  expect_equal(unname(summary(p > 8)), unname(summary(r > 8)))
  expect_identical(names(app(p, range)), c("lyr.1", "lyr.2"))
  expect_type(as.data.frame(p, cells = TRUE)$cell, "integer")
  expect_type(as.data.frame(p, cells = TRUE, xy = TRUE)$cell, "double")
})

test_that("numbers beside an extent are one for each side, repeated, and extents divide", {
  skip_without_python()
  e <- terra::ext(2, 9, 1, 7)
  p <- as_py(e)
  edges <- function(x) as.vector(x)
  for (case in alist(x + c(1, 2), x + 1:4, 2:3 + x, x - c(0.5, 1), x * c(1, 2), x * -2, 2 * x, x / c(2, 4), x / 4, x %% 3)) {
    expect_equal(edges(eval(case, list(x = p))), edges(eval(case, list(x = e))), label = deparse(case))
  }
  expect_equal(p / terra::ext(0, 5, 3, 12), c(x = 1.4, y = 2 / 3))
  expect_error(3 - p, "must stand on the left")
})

test_that("clusters begin at the centres that are given", {
  skip_without_python()
  skip_if_not("k_means" %in% getNamespaceExports("terra"))
  p <- as_py(terra::rast(nrows = 1, ncols = 4, vals = c(1, 2, 8, 9)))
  for (i in 1:4) expect_equal(as.vector(values(terra::k_means(p, cbind(c(10, 0))))), c(2, 2, 1, 1))
})

test_that("points lie at equal distances on lines", {
  skip_without_python()
  skip_if(packageVersion("terra") < "1.9", "spatSample of lines is of terra 1.9")
  lines <- terra::vect(c("LINESTRING (0 0, 30 0)", "MULTILINESTRING ((0 20, 5 20), (10 20, 15 20))"), crs = "EPSG:32633")
  for (size in list(7, c(3, 2))) {
    expect_equal(crds(spatSample(as_py(lines), size, "regular")), crds(spatSample(lines, size, "regular")))
  }
})

test_that("what is made of points by length() or a function of R is named after the field, or V1", {
  skip_without_python()
  r <- small_raster()
  v <- small_points()
  p <- as_py(v)
  expect_identical(names(terra::rasterize(p, r, fun = "length")), "V1_length")
  expect_identical(names(terra::rasterize(p, r, "n", fun = "length")), "n_length")
  expect_identical(names(terra::rasterize(p, r, fun = function(x) length(x) * 2)), "V1")
  expect_identical(names(terra::rasterize(p, r, "n", fun = function(x) max(x))), "n")
})

test_that("sums of an extent are of x and of y", {
  skip_without_python()
  expect_identical(sum(as_py(terra::ext(2, 9, 1, 7))), c(11, 8))
})

test_that("a function of records may give texts and truths, and a column that is called n stands beside their number", {
  skip_without_python()
  v <- terra::vect(cbind(1:4, 1:4))
  terra::values(v) <- data.frame(g = c("b", "a", "b", "a"), n = c(1, 2, 3, 7))
  told <- function(fun) terra::values(aggregate(as_py(v), "g", fun = fun))
  expect_identical(told(function(x) paste(x, collapse = "-")), data.frame(g = c("a", "b"), agg_n.x = c("2-7", "1-3"), agg_n.y = c(2L, 2L)))
  expect_identical(told(function(x) x[1] > 1.5)$agg_n.x, c(TRUE, FALSE))
  expect_identical(told(function(x) if (x[1] > 1) NA_character_ else "one")$agg_n.x, c(NA, "one"))
  expect_identical(told(function(x) if (x[1] > 1) NA else TRUE)$agg_n.x, c(NA, TRUE))
  expect_error(zonal(as_py(small_raster()), as_py(small_raster())[[1]], function(x) "text"), "text")
})

test_that("zones of a function of the user's are factors or truths, as in terra 1.9", {
  skip_without_python()
  r <- terra::rast(nrows = 3, ncols = 2, vals = 1:6, names = "a")
  z <- terra::rast(r, vals = rep(c(3, 1, 2), each = 2), names = "z")
  levels(z) <- data.frame(id = c(3, 1, 2), soil = c("sand", "loam", "clay"))
  fun <- function(x) sum(x)
  p <- as_py(r)
  expect_equal(zonal(p, as_py(z), fun), data.frame(soil = factor(c("sand", "loam", "clay"), c("sand", "loam", "clay")), a = c(3, 7, 11)))
  two <- zonal(c(p, b = p), as_py(z), fun)
  expect_identical(as.character(two$soil), c("clay", "loam", "sand"))
  expect_identical(levels(two$soil), c("sand", "loam", "clay"))
  expect_equal(zonal(p, p > 2, fun), data.frame(a = c(FALSE, TRUE), a.1 = c(3, 18)), ignore_attr = TRUE)
  across <- zonal(c(p, b = p), c(p > 2, as_py(z)), "mean")
  expect_identical(names(across)[-1], c("clay", "b.clay", "loam", "b.loam", "sand", "b.sand"))
  v <- terra::as.polygons(terra::ext(r), crs = terra::crs(r))
  expect_equal(zonal(p, v, table), zonal(p, v, "table"))
})

test_that("vectors are merged whatever their columns are called", {
  skip_without_python()
  v <- terra::vect(c("POINT (0 0)", "POINT (1 1)", "POINT (2 2)"))
  terra::values(v) <- data.frame(a = 1:3, .record = c("x", "y", "z"))
  table <- data.frame(a = c(2, 3, 3), .record = 7:9)
  expect_equal(as.data.frame(merge(as_py(v), table, by = "a")), as.data.frame(terra::merge(v, table, by = "a")))
  expect_equal(as.data.frame(merge(as_py(v), table["a"])), as.data.frame(terra::merge(v, table["a"])))
})

test_that("names of columns are unique also where a name that is made is there already", {
  skip_without_python()
  v <- as_py(terra::vect(c("POINT (0 0)", "POINT (1 1)")))
  terra::values(v) <- data.frame(a = 1:2, b = 1:2, c = 1:2)
  expect_warning(names(v) <- c("a", "a", "a_1"), "valid and unique")
  expect_identical(anyDuplicated(names(v)), 0L)
  expect_warning(names(v) <- c("a", NA, "c d"), "valid and unique")
  expect_identical(names(v), c("a", "NA", "c.d"))
})

test_that("zones of one label give the first of them, with a warning", {
  skip_without_python()
  x <- terra::rast(nrows = 2, ncols = 2, vals = 1:4)
  z <- c(terra::rast(x, vals = c(1, 1, 2, 2)), terra::rast(x, vals = c(1, 2, 1, 1)))
  names(z) <- c("z1", "z2")
  levels(z[[2]]) <- data.frame(value = 1:2, label = c("a", "a"))
  expect_warning(found <- zonal(as_py(x), as_py(z), "sum"), "wide = FALSE gives each")
  expect_equal(found$a, c(1, 7))
})

test_that("rows and columns beyond the raster are missing, and layers with colours are told from 1", {
  skip_without_python()
  p <- as_py(small_raster())
  expect_true(all(is.na(p[99, 1])))
  expect_true(all(is.na(p[1, 99])))
  expect_identical(is.na(p[c(1, 99), 1][[1]]), c(FALSE, TRUE))
  expect_error(terra::writeStart(p, tempfile(c("a", "b"), fileext = ".tif")), "filename must be one file, got 2")
  coltab(p, layer = 1) <- data.frame(1:2, c("red", "blue"))
  expect_output(print(p), "color table : 1", fixed = TRUE)
  found <- terra::predict(p, stats::lm(y ~ x, data.frame(x = 1:3, y = c(1, 2, 4))), fun = function(m, d, ...) unname(cbind(d[[1]], 1)))
  expect_identical(names(found), c("lyr1", "lyr2"))
})
