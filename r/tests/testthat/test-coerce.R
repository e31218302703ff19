# Rasters and vectors as numbers, text, positions in a table, sums, and groups. The right values are those that terra 1.9 gives for the
# objects here, but where a test says otherwise.

cover <- function() {
  r <- terra::rast(nrows = 2, ncols = 3, xmin = 0, xmax = 3, ymin = 0, ymax = 2, crs = "", vals = c(1, 2, 3, 1, NA, 2))
  levels(r) <- data.frame(id = 1:3, cover = c("water", "forest", "town"), code = c("10", "30", "20"), cost = c(5, 6.5, 7))
  as_py(r)
}

cells <- function(x) as.vector(values(x, mat = FALSE))

test_that("as.numeric() gives a raster of numbers", {
  skip_without_python()
  p <- as_py(small_raster())
  expect_equal(values(as.numeric(p)), values(small_raster()))
  expect_identical(is.bool(as.numeric(p > 3)), c(FALSE, FALSE))
  expect_equal(cells(as.double(p)), as.vector(values(small_raster())))
  f <- cover()
  expect_false(is.factor(as.numeric(f)))
  expect_equal(cells(as.numeric(f)), c(1, 2, 3, 1, NA, 2))
  expect_identical(names(as.numeric(f)), "cover")
  expect_equal(cells(as.numeric(f, 1)), c(3, 1, 2, 3, NA, 1)) # places in the alphabet
  expect_equal(cells(as.numeric(f, "code")), c(10, 30, 20, 10, NA, 30))
  expect_equal(cells(as.numeric(f, index = 3)), c(5, 6.5, 7, 5, NA, 6.5))
  expect_error(as.numeric(f, "none"), "index must be one of cover, code, cost")
  expect_error(as.numeric(f, 0), "index must be")
  expect_error(as.numeric(f, 4), "index must be")
  activeCat(f) <- 3
  expect_equal(cells(as.numeric(f)), c(5, 6.5, 7, 5, NA, 6.5)) # of the active category, as its help says; terra takes the column before
  expect_identical(names(as.numeric(f)), "cost")
  expect_false(any(is.int(as.numeric(as_py(terra::rast(nrows = 1, ncols = 2, vals = 1:2))))))
})

test_that("as.character() gives the call that makes a raster or an extent", {
  skip_without_python()
  p <- as_py(terra::rast(nrows = 3, ncols = 2, nlyrs = 2, xmin = 0.1, xmax = 1 / 3, ymin = -1e6, ymax = 1e-7, crs = "EPSG:32633", names = c("a", "b")))
  expect_identical(
    as.character(p),
    "rast(ncols=2, nrows=3, nlyrs=2, xmin=0.1, xmax=0.333333333333333, ymin=-1e+06, ymax=1e-07, names=c('a', 'b'), crs='EPSG:32633')"
  )
  expect_match(as.character(as_py(small_raster())), "crs=''\\)$")
  expect_identical(as.character(ext(p)), "ext(0.1, 0.333333333333333, -1e+06, 1e-07)")
  expect_identical(toString(as_py(small_raster())), as.character(as_py(small_raster())))
})

test_that("match() gives places in a table, counted from 1", {
  skip_without_python()
  p <- as_py(small_raster())
  found <- match(p, c(8.5, 2.5))
  expect_equal(cells(found), c(NA, 2, NA, NA, NA, NA, NA, 1, NA, NA, NA, NA))
  expect_identical(names(found), c("lyr.1", "lyr.2"))
  expect_equal(cells(match(p[[1]], c(8.5, 8.5, 2.5))), c(NA, 3, NA, NA, NA, NA)) # as base::match(); terra counts repeated ones once
  expect_equal(cells(match(p[[1]], c(2.5, NA))), c(NA, 1, NA, NA, NA, 2))
  expect_equal(cells(match(p[[1]], 2.5, nomatch = 0)), c(0, 1, 0, 0, 0, 0))
  expect_equal(cells(match(p[[1]], c(2.5, 3.5), incomparables = 2.5)), c(NA, NA, 2, NA, NA, NA))
  expect_equal(cells(match(p[[1]], NULL)), rep(NA_real_, 6))
  f <- cover()
  expect_equal(cells(match(f, c("town", "water"))), c(2, NA, 1, 2, NA, NA))
  expect_equal(cells(match(f, factor("forest"))), c(NA, 1, NA, NA, NA, 1))
  expect_equal(cells(match(f, 2:3)), c(NA, 1, 2, NA, NA, 1))
  expect_equal(cells(match(f, "none")), rep(NA_real_, 6)) # terra gives FALSE
  expect_error(match(p, "2.5"), "text is found among categories, and no layer has any")
  expect_error(p %in% "2.5", "%in%: labels are found among categories, and no layer has any")
  expect_error(p %in% NULL, "%in%: table must hold values, got none")
  expect_error(p %in% numeric(0), "%in%: table must hold values, got none")
})

test_that("rows and columns are summed up by layer", {
  skip_without_python()
  skip_if_not(isGeneric("rowSums", where = asNamespace("terra")), "terra of this version has no rowSums()")
  p <- as_py(small_raster()) # 1.5 2.5 3.5 / 4.5 5.5 NA and 7.5 8.5 9.5 / 10.5 11.5 12.5
  expect_equal(rowSums(p), cbind(a = c(7.5, NA), b = c(25.5, 34.5)))
  expect_equal(rowSums(p, na.rm = TRUE), cbind(a = c(7.5, 10), b = c(25.5, 34.5)))
  expect_equal(rowMeans(p), cbind(a = c(2.5, NA), b = c(8.5, 11.5)))
  expect_equal(colSums(p), cbind(a = c(6, 8, NA), b = c(18, 20, 22)))
  expect_equal(colMeans(p, TRUE), cbind(a = c(3, 4, 3.5), b = c(9, 10, 11)))
  nothing <- p[[1]] * NA
  expect_equal(rowSums(nothing, na.rm = TRUE)[, 1], c(0, 0))
  expect_true(all(is.nan(rowMeans(nothing, na.rm = TRUE)) | is.na(rowMeans(nothing, na.rm = TRUE))))
  expect_equal(rowSums(p[, 1, drop = FALSE])[, 1], c(1.5, 4.5))
  expect_error(rowSums(p, dims = 2), "dims other than 1")
})

test_that("records are split by a column, or by a group for each, and named", {
  skip_without_python()
  v <- as_py(small_points())
  v$text <- c("x", "y", "x")
  expect_identical(lapply(split(v, "text"), function(part) part$n), list(x = c(1L, 3L), y = 2L))
  expect_identical(lapply(split(v, c(2, 1, 2)), function(part) part$n), list("1" = 2L, "2" = c(1L, 3L)))
  expect_identical(names(split(v, factor(c("b", "a", "b"), levels = c("b", "a", "z")))), c("b", "a"))
  expect_error(split(v, "none"), "no attribute 'none'; there are n, text")
})

test_that("what is neither numbers nor text stops", {
  skip_without_python()
  p <- as_py(small_raster())
  v <- as_py(small_points())
  e <- ext(p)
  for (use in list(
    function() as.numeric(v), function() as.integer(e), function() as.logical(sds(p, p)), function() as.complex(p), function() as.character(v),
    function() as.vector(v), function() addmargins(p), function() v^v, function() e^2, function() e %/% 2
  )) {
    expect_error(use(), "has no meaning for a PySpat", class = "pyterra_error")
  }
  for (use in list(function() factor(p), function() table(v), function() table(cover()))) {
    expect_error(use(), "factor\\(\\) and table\\(\\) of R take values\\(\\)")
  }
  expect_error(v == v)
  expect_error(e == 1)
})

test_that("names are text, whatever they were", {
  skip_without_python()
  p <- as_py(small_raster())
  names(p) <- c(NA, 3)
  expect_identical(names(p), c("NA", "3"))
  names(p) <- NULL
  expect_identical(names(p), c("", ""))
})
