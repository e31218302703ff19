# Missing values of all kinds, single values, and texts go through the door unchanged.

test_that("missing values of every type stay missing", {
  skip_without_python()
  v <- as_py(small_points())
  v$logical <- c(TRUE, NA, FALSE)
  v$integer <- c(1L, NA, 3L)
  v$double <- c(0.1, NA, Inf)
  v$date <- as.Date(c("2020-01-31", NA, "1969-12-31"))
  v$factor <- factor(c("q", NA, "p"), levels = c("q", "p"))
  v$text <- c("", NA, "NA")
  expect_identical(v$logical, c(TRUE, NA, FALSE))
  expect_identical(v$integer, c(1L, NA, 3L))
  expect_identical(v$double, c(0.1, NA, Inf))
  expect_identical(v$date, as.Date(c("2020-01-31", NA, "1969-12-31")))
  expect_identical(as.character(v$factor), c("q", NA, "p"))
  expect_identical(v$text, c("", NA, "NA"))
})

test_that("a missing argument is missing, whatever its type", {
  skip_without_python()
  r <- small_raster()
  p <- as_py(r)
  for (missing in list(NA, NA_real_, NA_integer_)) {
    expect_equal(values(mask(p, p[[1]], maskvalues = missing)), values(mask(r, r[[1]], maskvalues = missing)))
    expect_equal(values(classify(p, cbind(missing, 0))), values(classify(r, cbind(missing, 0))))
    expect_equal(values(subst(p, missing, 3)), values(subst(r, missing, 3)))
    expect_equal(values(ifel(p > 3, missing, p)), values(ifel(r > 3, missing, r)), ignore_attr = TRUE)
  }
  expect_equal(values(p %in% c(2.5, NA)), values(r %in% c(2.5, NA)) == 1, ignore_attr = TRUE)
})

test_that("one member of a vector stays a vector where it is one", {
  skip_without_python()
  r <- small_raster()
  p <- as_py(r)
  expect_equal(values(quantile(p, 0.5)), values(quantile(r, 0.5)))
  expect_identical(names(subset(p, "b")), "b")
  q <- p[[1]]
  names(q) <- "one"
  terra::units(q) <- "m"
  expect_identical(names(q), "one")
  expect_identical(terra::units(q), "m")
  expect_equal(cellFromRowCol(p, 2, 3), 6)
  expect_equal(xyFromCell(p, 6), xyFromCell(r, 6))
  expect_equal(extract(p, 2), extract(r, 2))
  expect_equal(freq(p[[1]], digits = 1)$count, rep(1, 5))
})

test_that("numbers are exact, and texts of all kinds survive", {
  skip_without_python()
  numbers <- c(0.1, 1 / 3, .Machine$double.xmax, .Machine$double.xmin, 2^53, -0)
  p <- as_py(terra::rast(nrows = 1, ncols = 6, vals = numbers))
  expect_identical(as.vector(values(p)), numbers)
  expect_identical(values(p * (1 / 3))[1:2], numbers[1:2] * (1 / 3))
  odd <- c("quote \" and \\ back", "line\nbreak", "\u00e9\u4e2d\U1F600", "'; drop", "{\"#\":0}", "tab\t")
  for (text in odd) {
    q <- as_py(small_raster())[[1]]
    names(q) <- text
    expect_identical(names(q), text)
  }
})
