# Errors, warnings and interrupts of Python in R.

test_that("errors carry the message and the classes of Python", {
  skip_without_python()
  p <- as_py(small_raster())
  failure <- tryCatch(focal(p, 4), error = identity)
  expect_s3_class(failure, "pyterra_error")
  expect_s3_class(failure, "ArgumentError")
  expect_s3_class(failure, "ValueError")
  expect_match(conditionMessage(failure), "^focal: w must .* got 4; use 3 or 5$")
  expect_s3_class(tryCatch(p$nothing, error = identity), "LayerError")
  expect_s3_class(tryCatch(as_py("no such file.tif"), error = identity), "SourceError")
})

test_that("arguments that pyterra does not have are refused by name", {
  skip_without_python()
  p <- as_py(small_raster())
  expect_error(crop(p, terra::ext(0, 1, 0, 1), wrong = 1, filename = tempfile(fileext = ".tif")), "wrong is not an option of files")
  expect_error(crop(p, terra::ext(0, 1, 0, 1), wrong = 1), "wrong is not an option of files")
  expect_error(freq(p, wrong = 1), "freq: has no argument 'wrong'; it takes digits, value")
  expect_equal(as.vector(suppressMessages(ext(p, cells = 1))), as.vector(ext(small_raster(), cells = 1))) # terra does it
  crs(p) <- "EPSG:3035"
  expect_false(is.lonlat(p, perhaps = FALSE))
  expect_no_error(app(p, sum, cores = 2))
})

test_that("arguments are matched as R matches them", {
  skip_without_python()
  p <- as_py(small_raster())
  expect_equal(values(focal(p, fun = "max", w = 3, na.rm = TRUE, expand = TRUE)), values(focal(small_raster(), 3, "max", na.rm = TRUE, expand = TRUE)))
  expect_equal(values(clamp(p, 2, 4, FALSE)), values(clamp(small_raster(), 2, 4, FALSE)))
  expect_equal(values(clamp(p, up = 4)), values(clamp(small_raster(), upper = 4)))
})

test_that("warnings of Python are warnings of R", {
  skip_without_python()
  p <- as_py(small_raster())
  q <- p
  terra::crs(q) <- "EPSG:4326"
  expect_warning(p + q)
})

test_that("warnings and errors of functions of R come through", {
  skip_without_python()
  p <- as_py(small_raster())
  expect_error(app(p, function(v) stop("oh no")), "app: .*oh no")
  expect_warning(values(app(p, function(v) {
    warning("beware")
    v[1]
  })), "beware")
  expect_error(global(p, function(v) "text"), "must give numbers")
})

test_that("an interrupt of Python is one of R", {
  skip_without_python()
  found <- tryCatch(pyterra:::value_told(list(is = "interrupt"), list()), interrupt = function(e) "interrupted")
  expect_identical(found, "interrupted")
})

test_that("Ctrl-C ends a verb under way, which leaves nothing, and works afterwards", {
  skip_without_python()
  skip_on_os("windows")
  folder <- tempfile()
  dir.create(folder)
  p <- as_py(terra::rast(nrows = 40, ncols = 40, vals = 1))
  calls <- 0
  slowly <- function(v) { # one call for each cell
    calls <<- calls + 1
    if (calls == 50) {
      tools::pskill(Sys.getpid(), tools::SIGINT)
      Sys.sleep(10) # ends with the signal
    }
    v[1]
  }
  found <- tryCatch(app(p, slowly, filename = file.path(folder, "out.tif")), interrupt = function(e) "interrupted")
  expect_identical(found, "interrupted")
  expect_lt(calls, 1000)
  expect_length(dir(folder, all.files = TRUE, no.. = TRUE), 0)
  expect_equal(as.vector(minmax(app(p, slowly, filename = file.path(folder, "out.tif")))), c(1, 1))
})

test_that("nobody knows what the coordinates are without a reference system", {
  skip_without_python()
  r <- as_py(terra::rast(nrows = 2, ncols = 2, xmin = 0, xmax = 2, ymin = 0, ymax = 2, vals = 1:4, crs = ""))
  expect_warning(found <- is.lonlat(r), "not known")
  expect_identical(found, NA)
  expect_warning(found <- is.lonlat(as_py(terra::vect(cbind(1, 2)))), "not known")
  expect_identical(found, NA)
  expect_true(is.lonlat(as_py(terra::vect(cbind(1, 2))), perhaps = TRUE))
})
