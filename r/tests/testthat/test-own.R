# Verbs that terra does not have.

series <- function(...) {
  rast(nrows = 1, ncols = 2, xmin = 0, xmax = 2, ymin = 0, ymax = 1, nlyrs = 6, vals = c(rbind(c(1, 5, NA, 6, 3, NA), c(2, 4, 2, 4, 2, 4))), crs = "EPSG:32631")
}

test_that("rasters of terra and of Python give rasters of Python", {
  for (x in list(series(), as_py(series()))) {
    found <- season_median(x, season_size = 2)
    expect_s4_class(found, "PySpatRaster")
    expect_equal(unname(values(found)[1, ]), c(1, 5, 2, 6, 3, 6))
  }
})

test_that("ways are named, have arguments, and follow each other", {
  expect_equal(unname(values(fill(series(), "linear"))[1, ]), c(1, 5, 5.5, 6, 3, 3))
  expect_equal(values(fill(series(), list("box", list(width = 1)))), values(reconstruct(series(), "box", width = 1)))
  expect_equal(unname(values(fill(series(), c("box", "linear")))[1, 3]), mean(c(1, 5, 6, 3)), tolerance = 1e-6)
  found <- tune(series(), c("linear", "box"), share = 0.4)
  expect_s3_class(found, "data.frame")
  expect_setequal(found$method, c("linear", "box"))
  one <- tune(series(), list(list("box", list(width = 1))), share = 0.4)
  expect_equal(values(fill(series(), one[1, ])), values(fill(series(), list("box", list(width = 1)))))
})

test_that("statistics of time", {
  x <- series()
  time(x) <- as.Date("2020-01-15") + 31 * (0:5)
  expect_equal(names(aggregate_time(x, "quarters", "max")), c("y2020q1", "y2020q2"))
  expect_equal(unname(values(aggregate_time(x, "quarters", "max"))), cbind(c(5, 4), c(6, 4)))
  slope <- coef(lm(c(2, 4, 2, 4, 2, 4) ~ I((0:5) / 12 + 14 / 31 / 12)))[[2]]
  expect_equal(unname(values(trend(x, what = "slope"))[2, 1]), slope, tolerance = 0.05)
  expect_equal(names(trend(x, "kendall")), c("s", "var_s", "z", "p", "tau"))
})

test_that("results are written where a file is named, and what is wrong is said", {
  path <- tempfile(fileext = ".tif")
  whittaker(series(), 2, filename = path)
  expect_equal(nlyr(rast(path)), 6)
  expect_error(fill(1), "fill: x must be a SpatRaster, got numeric")
  expect_error(whittaker(series(), lambda = 2), "whittaker")
  expect_error(harmonic(series()), "season_size")
})

test_that("stl() takes rasters, and leaves series of R to R", {
  skip_without_python()
  r <- terra::rast(nrows = 1, ncols = 1, nlyrs = 8, vals = c(1, 3, 2, 4, 3, 5, 4, 6))
  found <- stl(as_py(r), season_size = 2, what = "trend", degree = c(1, 1, 1))
  expect_equal(as.vector(terra::values(found)), seq(1.75, 5.25, 0.5))
  expect_equal(stl(nottem, "per")$time.series, stats::stl(nottem, "per")$time.series)
})
