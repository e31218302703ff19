# Statistics that tell places count from 1, whatever they are found for; every verb takes every name.

test_that("places are counted from 1 in rasters, tables and vectors", {
  t <- terra::rast(matrix(c(1, 5, 3, 4, 2, 6), 2, byrow = TRUE), extent = c(0, 3, 0, 2))
  names(t) <- "a"
  zones <- terra::rast(t, vals = c(1, 1, 2, 2, 2, 1), names = "z")
  polygons <- terra::vect(c("POLYGON ((0 1, 3 1, 3 2, 0 2, 0 1))", "POLYGON ((0 0, 3 0, 3 1, 0 1, 0 0))"))
  x <- as_py(t)
  z <- as_py(zones)
  v <- as_py(polygons)
  expect_equal(global(x, which.max)[["which.max"]], 6)
  expect_equal(global(x, c("max", "which.min"))[1, ], data.frame(max = 6, which.min = 1), ignore_attr = TRUE)
  expect_equal(as.data.frame(zonal(x, z, "which.max")), data.frame(z = c(1, 2), a = c(3, 2)))
  expect_equal(zonal(x, v, "which_max")$a, c(2, 3))
  expect_equal(extract(x, v, which.min), data.frame(ID = 1:2, a = c(1, 2)))
  expect_equal(values(extract(x, v, which.min, bind = TRUE))$a, c(1, 2))
  expect_equal(as.vector(values(mosaic(x, x + 1, fun = "which.max"))), rep(2, 6))
  points <- as_py(terra::vect(cbind(c(0.5, 0.5, 2.5), 0.5), atts = data.frame(n = c(4, 7, 1), g = c("p", "p", "q"))))
  expect_equal(as.vector(values(rasterize(points, x, "n", "which.max"))), c(NaN, NaN, NaN, 2, NaN, 1))
  found <- values(aggregate(points, "g", fun = which.max))
  expect_equal(found$agg_n.x, c(2, 1))
  expect_equal(found$agg_n.y, c(2, 1))
})

test_that("verbs take the names of all statistics", {
  x <- as_py(terra::rast(matrix(c(1, NA, 3, 3), 2, byrow = TRUE)))
  found <- global(x, c("count", "isNA", "nunique", "any", "last", "modal"), na.rm = TRUE)
  expect_equal(unlist(found), c(count = 3, isNA = 1, nunique = 2, any = 1, last = 3, modal = 3))
  expect_equal(as.vector(values(aggregate(x, 2, "notNA"))), 3)
  expect_equal(as.vector(values(app(c(x, x * 2), var)))[4], 4.5)
})

test_that("statistics of zones stand below each other with wide = FALSE", {
  skip_without_python()
  x <- terra::rast(nrows = 2, ncols = 2, nlyrs = 2, vals = 1:8, names = c("a", "b"))
  z <- terra::rast(nrows = 2, ncols = 2, vals = c(3, 3, 7, 7), names = "zone")
  found <- zonal(as_py(x), as_py(z), "sum", wide = FALSE)
  expect_equal(found, data.frame(layer = c(1, 1, 2, 2), zone = c(3, 7, 3, 7), value = c(3, 7, 11, 15)))
})

test_that("layers that are called zone are no counts of zones", {
  skip_without_python()
  x <- terra::rast(nrows = 2, ncols = 2, vals = 1:4, names = "zone")
  expect_equal(zonal(as_py(x), terra::as.polygons(terra::ext(x), crs = terra::crs(x)), "sum"), data.frame(zone = 10))
})
