# The form of answers: types, names of rows and columns, NA and NaN, what is visible.

forms_raster <- function() {
  terra::rast(nrows = 2, ncols = 3, nlyrs = 2, xmin = 0, xmax = 3, ymin = 0, ymax = 2, crs = "", vals = c(1L, NA, 3L, 3L, NA, 6L, 2L, NA, 2L, 1L, 1L, NA),
              names = c("a", "b"))
}

test_that("rows of a table are named after the cells", {
  skip_without_python()
  r <- forms_raster()
  p <- as_py(r)
  for (given in list(list(), list(xy = TRUE), list(cells = TRUE), list(na.rm = TRUE), list(na.rm = FALSE))) {
    found <- do.call(as.data.frame, c(list(p), given))
    expected <- do.call(as.data.frame, c(list(r), given))
    expect_identical(names(found), names(expected))
    if (utils::packageVersion("terra") >= "1.8") expect_identical(rownames(found), rownames(expected))
  }
  expect_identical(rownames(as.data.frame(p)), c("1", "3", "4", "5", "6"))
})

test_that("numbers of cells, of layers and of what was counted are doubles", {
  skip_without_python()
  p <- as_py(forms_raster())
  expect_type(freq(p)$count, "double")
  expect_type(crosstab(p, long = TRUE)$n, "double")
  expect_type(layerCor(p, "cov", use = "complete.obs")$n, "double")
  expect_s3_class(crosstab(p), "xtabs")
  missing <- crosstab(p, long = TRUE, useNA = TRUE)
  expect_true(all(!is.nan(as.matrix(missing))))
  expect_type(extract(p, as_py(terra::vect("POLYGON ((0 0, 3 0, 3 2, 0 2, 0 0))")), mean, na.rm = TRUE)$ID, "integer")
})

test_that("what is missing among few numbers is what it is among many", {
  skip_without_python()
  p <- as_py(forms_raster())
  expect_true(all(is.nan(xyFromCell(p, c(0, 7)))))
  expect_true(all(is.nan(xFromCol(p, c(0, 4)))))
  expect_true(is.nan(linearUnits(p)))
  expect_true(is.na(as.Date(NA)) && !is.nan(unclass(time(p)[1])))
})

test_that("rows, columns and layers choose single numbers", {
  skip_without_python()
  r <- forms_raster()
  p <- as_py(r)
  i <- cbind(row = c(1, 2), col = c(1, 3), lyr = c(2, 1))
  expect_identical(p[i], c(2L, 6L))
})

test_that("samples of cells alone and of strata are matrices", {
  skip_without_python()
  p <- as_py(forms_raster())
  expect_true(is.matrix(spatSample(p, 2, values = FALSE, cells = TRUE, xy = TRUE)))
  found <- spatSample(p[[2]], 1, "stratified", xy = TRUE)
  expect_identical(colnames(found), c("x", "y", "b"))
})

test_that("sources are told for each, also of several", {
  skip_without_python()
  file <- tempfile(fileext = ".tif")
  r <- terra::writeRaster(forms_raster(), file, datatype = "INT2S")
  p <- as_py(r)
  held <- as_py(forms_raster())
  crs(held) <- crs(p)
  several <- c(p, p[[1]], held)
  expect_identical(basename(sources(several)), c(basename(file), basename(file), ""))
  expect_identical(sources(several, nlyr = TRUE)$nlyr, c(2, 1, 2))
  expect_identical(sources(several, bands = TRUE)$bands[1:3], c(1, 2, 1))
  expect_identical(inMemory(several), c(FALSE, FALSE, TRUE))
  expect_identical(inMemory(several, bylayer = TRUE), c(FALSE, FALSE, FALSE, TRUE, TRUE))
})

test_that("what sets values in place gives what terra gives", {
  skip_without_python()
  p <- as_py(forms_raster())
  shown <- withVisible(set.values(p))
  expect_true(shown$visible)
  expect_s4_class(shown$value, "PySpatRaster")
  shown <- withVisible(setMinMax(p))
  expect_false(shown$visible)
  expect_s4_class(shown$value, "PySpatRaster")
  expect_false(withVisible(set.values(p, 1, 9))$visible)
  expect_equal(unlist(p[1], use.names = FALSE), c(9, 9))
})

test_that("values that are repeated are told", {
  skip_without_python()
  p <- as_py(forms_raster())
  expect_warning(setValues(p, 1:6), "repeated")
  expect_warning(setValues(p, cbind(1:3, 1:3)), "repeated")
  expect_silent(setValues(p, 1))
})

test_that("a tag goes away by a text without letters", {
  skip_without_python()
  skip_if_not(pyterra:::has_generic("metags<-"), "terra of this version sets no tags")
  p <- as_py(forms_raster())
  metags(p) <- c(one = "1", two = "2")
  metags(p) <- cbind("one", "")
  expect_identical(metags(p)$name, "two")
  expect_identical(rownames(metags(p, name = "two")), "1")
  metags(p) <- "two="
  expect_identical(nrow(metags(p)), 0L)
})

test_that("min, max and their like know par, too", {
  skip_without_python()
  r <- rast(nrows = 2, ncols = 2, nlyrs = 2, vals = c(1:7, NA))
  p <- as_py(r)
  numbers <- function(x) unname(values(x)) + 0
  expect_equal(numbers(min(p, 5, par = FALSE)), numbers(min(r, 5)))
  expect_equal(numbers(min(p, 5, par = TRUE)), pmin(numbers(r), 5))
  expect_equal(numbers(max(p, 5, 3, par = TRUE)), pmax(numbers(r), 5))
  expect_equal(numbers(sum(p, 5, par = TRUE)), numbers(r) + 5)
  expect_equal(numbers(max(p, p * 2, par = TRUE)), numbers(r) * 2)
  expect_equal(numbers(max(p, par = TRUE)), numbers(r))
  f <- tempfile(fileext = ".tif")
  expect_equal(numbers(sum(p, par = TRUE, na.rm = TRUE, filename = f)), numbers(r))
  expect_true(file.exists(f))
})

test_that("with par numbers are layers of their own", {
  skip_without_python()
  p <- as_py(forms_raster())
  found <- mean(p, 4, par = TRUE)
  expect_identical(names(found), c("a", "b"))
  expect_equal(unname(unlist(found[1])), c(2.5, 3))
  expect_identical(nlyr(mean(p, 4, par = FALSE)), 1)
  expect_equal(unname(unlist(mean(p, 4, par = FALSE)[1])), 7 / 3)
})

test_that("whether cells are missing is TRUE or FALSE", {
  skip_without_python()
  expect_identical(global(as_py(forms_raster()), "anyNA")$anyNA, c(TRUE, TRUE))
  expect_identical(global(as_py(forms_raster()), "anynotNA")$anynotNA, c(TRUE, TRUE))
})


test_that("zones of two layers are rows and columns", {
  skip_without_python()
  r <- terra::rast(nrows = 3, ncols = 3, vals = 1:9, names = "r")
  z <- c(round(r / 4), round(r / 5))
  names(z) <- c("k", "l")
  x <- c(r, r * 2)
  names(x) <- c("a", "b")
  one <- zonal(as_py(r), as_py(z))
  expect_identical(names(one), c("k", "r.0", "r.1", "r.2"))
  expect_equal(one$r.1, c(NA, 4, 6.5))
  expect_false(any(is.nan(one$r.0)))
  two <- zonal(as_py(x), as_py(z))
  expect_identical(names(two), c("k", "a.0", "b.0", "a.1", "b.1", "a.2", "b.2"))
  expect_equal(two$b.1, c(NA, 8, 13))
})
