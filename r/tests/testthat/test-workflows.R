# Whole jobs, called from R.

dated_files <- function(folder) {
  r <- terra::rast(nrows = 2, ncols = 3, xmin = 0, xmax = 3, ymin = 0, ymax = 2, crs = "EPSG:4326")
  values <- list(c(1, NA, NA, 4, 5, 6), c(NA, NA, 3, NA, 9, NA), c(3, NA, 5, 8, 13, 6))
  for (i in 1:3) {
    terra::values(r) <- values[[i]]
    terra::writeRaster(r, file.path(folder, sprintf("a_%d0101.tif", 2000 + i)))
  }
}

test_that("gapfill() fills files and tells how many gaps were there", {
  skip_if_not(py_ready(), "no Python with pyterra: install_pyterra() makes an environment")
  folder <- withr::local_tempdir()
  dated_files(folder)
  report <- gapfill(folder, file.path(folder, "out"))
  expect_equal(report$before, c(2, 4, 1))
  expect_equal(report$after, c(2, 1, 1))
  expect_equal(report$never, 1)
  expect_equal(report$dates, as.Date(c("2001-01-01", "2002-01-01", "2003-01-01")))
  filled <- terra::values(terra::rast(report$paths[2]))[, 1]
  expect_equal(filled, c(2, NA, 3, 6, 9, 6))
  expect_output(print(report), "gaps, 3 filled")
})

test_that("gapfill() takes paths, dates, two rules, and does not replace files unasked", {
  skip_if_not(py_ready(), "no Python with pyterra: install_pyterra() makes an environment")
  folder <- withr::local_tempdir()
  dated_files(folder)
  paths <- sort(list.files(folder, full.names = TRUE))
  out <- file.path(folder, "out")
  report <- gapfill(paths, out, rule = c(2, 1), dates = as.Date(c("2001-01-01", "2001-01-02", "2001-01-11")))
  expect_equal(terra::values(terra::rast(report$paths[2]))[, 1], c(1.2, NA, 3, 4.4, 9, 6), tolerance = 1e-6)
  expect_equal(report$after, c(1, 1, 1))
  expect_error(gapfill(paths, out), class = "OutputExistsError")
  ways <- gapfill(paths, file.path(folder, "ways"), method = c("box", "linear"), quality = TRUE, cog = TRUE, resume = TRUE)
  expect_true(all(file.exists(ways$quality)))
  expect_equal(sum(ways$after), 3 * ways$never) # cells without any value
  expect_error(gapfill(paths[1], file.path(folder, "other")), class = "pyterra_error")
})

# Pictures take half of the time of a small job; tests of Python look at them.
without_pictures <- function(frame = parent.frame()) {
  catalogue <- reticulate::import("pyterra.workflows.cropland_catalogue")
  drawn <- catalogue$draw_quicklooks
  withr::defer(catalogue$draw_quicklooks <- drawn, frame)
  catalogue$draw_quicklooks <- reticulate::py_eval("lambda *_: []")
}

test_that("croplands_demo() makes maps, checks them, and tells where they are", {
  skip_if_not(py_ready(), "no Python with pyterra: install_pyterra() makes an environment")
  without_pictures()
  out <- withr::local_tempdir()
  report <- croplands_demo(out, cells_per_degree = 100, workers = 1)
  expect_equal(sort(unique(report$maps$year)), 2000:2022)
  expect_true(all(file.exists(report$maps$path)))
  expect_equal(report$failures, character())
  one <- report$maps[report$maps$resolution == "30m" & report$maps$year %in% c(2003, 2005, 2007), ]
  series <- terra::values(terra::rast(one$path[order(one$year)]))
  known <- stats::complete.cases(series)
  expect_gt(sum(known), 100)
  expect_lt(max(abs(series[known, 2] - (series[known, 1] + series[known, 3]) / 2)), 1)

  again <- croplands(file.path(out, "input"), file.path(out, "again"), years = 2005, workers = 1, resolutions = c("30m" = 100), progress = FALSE)
  expect_equal(again$maps$year, 2005L)
  expect_equal(
    terra::values(terra::rast(again$maps$path)), terra::values(terra::rast(one$path[one$year == 2005])),
    ignore_attr = TRUE
  )
})
