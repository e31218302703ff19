# Datasets and collections.

test_that("datasets go over and come back, with their verbs", {
  skip_without_python()
  r <- small_raster()
  d <- terra::sds(list(r, r * 2))
  names(d) <- c("one", "two")
  p <- as_py(d)
  expect_s4_class(p, "PySpatRasterDataset")
  expect_identical(length(p), 2L)
  expect_identical(names(p), c("one", "two"))
  expect_equal(values(p[2]), values(d[2]))
  expect_equal(values(p$two), values(r * 2))
  expect_equal(values(app(p, "max")), values(app(d, "max")), ignore_attr = TRUE)
  expect_equal(values(app(p, function(v) max(v) + 1)), values(app(d, "max")) + 1, ignore_attr = TRUE)
  expect_equal(values(suppressMessages(lapp(p, function(a, b) a + b))), values(r * 3), ignore_attr = TRUE)
  back <- as_terra(p)
  expect_of_terra(back, "SpatRasterDataset")
  expect_identical(names(back), c("one", "two"))
  expect_output(print(p), "PySpatRasterDataset")
  expect_error(p[3], "numbered 1 to 2")
})

test_that("collections go over and come back, and are merged", {
  skip_without_python()
  r <- small_raster()
  s <- terra::sprc(list(r, terra::shift(r, 3)))
  p <- as_py(s)
  expect_s4_class(p, "PySpatRasterCollection")
  expect_equal(values(merge(p)), values(merge(s)), ignore_attr = TRUE)
  expect_equal(values(mosaic(p, fun = "max")), values(mosaic(s, fun = "max")), ignore_attr = TRUE)
  expect_of_terra(as_terra(p), "SpatRasterCollection")
  v <- as_py(small_points())
  both <- c(v, v)
  expect_s4_class(both, "PySpatVectorCollection")
  expect_identical(length(both), 2L)
  expect_equal(nrow(both[1]), 3)
  expect_of_terra(as_terra(both), "SpatVectorCollection")
})

test_that("verbs of data sets and collections give what terra gives", {
  skip_without_python()
  r <- terra::rast(nrows = 2, ncols = 3, nlyrs = 2, vals = 1:12)
  terra::time(r) <- as.Date("2020-01-01") + 0:1
  d <- function() terra::sds(list(a = r, b = r * 2)) # terra changes data sets in place
  s <- function() terra::sprc(list(r, terra::shift(r, 30)))
  cases <- alist(
    nrow(x), ncol(x), dim(x), res(x), crs(x, proj = TRUE), units(x), dim(as.array(x)), as.vector(as.array(x)),
    { units(x) <- c("m", "s"); units(x) }, { varnames(x) <- c("u", "w"); varnames(x) }, extract(x, cbind(0, 0)), length(c(x, x)),
    { x[2] <- x[1]; as.vector(values(x[2])) }, nlyr(x), { add(x) <- x[1]; length(x) }
  )
  of_collections <- alist(nrow(x), ncol(x), dim(x), extract(x, cbind(0, 0)), as.vector(ext(x)), nlyr(x), length(x))
  compared <- function(cases, made) {
    for (case in cases) {
      want <- tryCatch(eval(case, list(x = made())), error = function(e) NULL) # not every version of terra has each
      if (is.null(want)) next
      got <- eval(case, list(x = as_py(made())))
      expect_equal(got, want, ignore_attr = TRUE, label = deparse(case)[[1L]])
    }
  }
  compared(cases, d)
  compared(of_collections, s)
  p <- as_py(d())
  expect_identical(unname(sources(p)), c("", ""))
  expect_true(is.data.frame(timeInfo(p)))
  expect_equal(time(p)$a, as.Date("2020-01-01") + 0:1)
  time(p) <- as.Date("2021-01-01") + 0:1
  expect_equal(time(p)$b, as.Date("2021-01-01") + 0:1)
  set.names(p, c("k", "l"))
  expect_identical(names(p), c("k", "l"))
  expect_equal(values(sapp(p, function(one) one[[1]])[["k"]]), values(r[[1]]), ignore_attr = TRUE)
  expect_equal(lengths(readValues(p)), c(12L, 12L))
  expect_equal(values(rast(p)[[3]]), values(r[[1]]) * 2, ignore_attr = TRUE)
  expect_s4_class(mergeTime(p), "PySpatRaster")
  expect_true(compareGeom(as_py(terra::sprc(list(r, r)))))
  expect_equal(nrow(vect(c(as_py(small_points()), as_py(small_points())))), 6)
})

test_that("members and their layers are chosen by position, also negative ones, and put behind the last", {
  skip_without_python()
  r <- small_raster()
  p <- as_py(terra::sds(list(one = r, two = r * 2)))
  expect_equal(values(p[-1]), values(r * 2))
  expect_equal(unname(values(p[1, 2])), unname(values(r[[2]])))
  expect_identical(names(p[, 1]), c("a", "a"))
  expect_identical(nlyr(p[1:2, 2, drop = FALSE]), c(1, 1))
  expect_identical(names(p[c("two", "one")]), c("two", "one"))
  p[3] <- r
  expect_identical(names(p), c("one", "two", ""))
  expect_error(p[5] <- r, "numbered 1 to 3, or one more")
  expect_error(p[0], "numbered 1 to 3, got 0")
  expect_error(p[5, 1], "numbered 1 to 3 .*, got 5")
  expect_error(p[0, 1], "numbered 1 to 3 .*, got 0")
  expect_error(p["none", 1], "numbered 1 to 3 .*, got none")
  expect_identical(nlyr(p[c(TRUE, FALSE, FALSE), 1]), 1)
  v <- as_py(small_points())
  s <- c(v, v[1], v[2:3])
  expect_identical(unlist(lapply(s[2:3], nrow), use.names = FALSE), c(1, 2))
  expect_error(s[1, 1], "takes one index")
})

test_that("sapp() of a data set hands cells to the function, as app() does", {
  skip_without_python()
  r <- small_raster()
  p <- as_py(terra::sds(list(one = r, two = r * 2)))
  expect_equal(unname(values(sapp(p, function(v) v[2]))), unname(values(c(r[[2]], r[[2]] * 2))))
  expect_equal(unname(values(sapp(p, "sum", na.rm = TRUE))), unname(values(c(sum(r, na.rm = TRUE), sum(r * 2, na.rm = TRUE)))))
})

test_that("names of none are no list", {
  skip_without_python()
  expect_identical(names(as_py(terra::sds())), character())
  expect_identical(names(as_py(terra::svc())), character())
  expect_identical(names(as_py(terra::vect(cbind(1, 1)))), character())
})
