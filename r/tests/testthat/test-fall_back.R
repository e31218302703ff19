# What terra does for objects of Python, and constructors that take them.

test_that("every method of terra for its own classes is there for those of Python", {
  skip_without_python()
  own <- pyterra:::OF_S4
  tables <- ls(asNamespace("terra"), all.names = TRUE, pattern = "^[.]__T__")
  generics <- Filter(pyterra:::has_generic, setdiff(unique(sub("^[.]__T__(.*):[^:]*$", "\\1", tables)), own))
  asked <- 0L
  for (generic in generics) {
    for (method in findMethods(generic, where = asNamespace("terra"))@.Data) {
      for (signature in pyterra:::exchanged(method@defined@.Data)) {
        asked <- asked + 1L
        found <- selectMethod(generic, signature, optional = TRUE)
        expect_true(any(startsWith(found@defined@.Data, "PySpat")), label = paste(generic, toString(signature)))
      }
    }
  }
  expect_gt(asked, 500L)
})

test_that("what pyterra does not have, terra does, and says so once", {
  skip_without_python()
  skip_if_not("as.raster" %in% names(pyterra:::LEFT_TO_TERRA))
  r <- small_raster()
  p <- as_py(r)
  rm(list = intersect("fell back: as.raster", ls(pyterra:::session)), envir = pyterra:::session)
  expect_message(got <- as.raster(p), "as.raster: terra does this")
  expect_identical(got, as.raster(r))
  expect_no_message(as.raster(p))
  rm(list = "fell back: as.raster", envir = pyterra:::session)
  old <- options(pyterra.tell_fall_back = FALSE)
  on.exit(options(old))
  expect_no_message(as.raster(p))
})

test_that("answers of terra come back as objects of Python, also in lists", {
  skip_without_python()
  r <- small_raster()
  v <- small_points()
  given <- list(as_py(r), list(as_py(v), 7), data.frame(a = 1), "text", NULL)
  there <- pyterra:::in_terra(given)
  expect_s4_class(there[[1L]], "SpatRaster")
  expect_s4_class(there[[2L]][[1L]], "SpatVector")
  expect_identical(there[3:5], given[3:5])
  back <- pyterra:::in_python(list(r, list(v, ext(r)), sds(r, r)))
  expect_s4_class(back[[1L]], "PySpatRaster")
  expect_s4_class(back[[2L]][[1L]], "PySpatVector")
  expect_s4_class(back[[2L]][[2L]], "PySpatExtent")
  expect_s4_class(back[[3L]], "PySpatRasterDataset")
})

test_that("what changes an object in place is not done to a copy", {
  skip_without_python()
  left <- intersect(pyterra:::IN_PLACE, names(pyterra:::LEFT_TO_TERRA))
  skip_if_not("set.window" %in% left)
  expect_error(set.window(as_py(small_raster()), ext(0, 1, 0, 1)), "would change a copy")
})

test_that("constructors take objects of Python", {
  skip_without_python()
  r <- small_raster()
  v <- small_points()
  p <- as_py(r)
  w <- as_py(v)
  same_grid <- function(a, b) {
    expect_s4_class(a, "PySpatRaster")
    expect_true(compareGeom(as_terra(a), b))
  }
  same_grid(rast(w, res = 0.5), rast(v, res = 0.5))
  same_grid(rast(ext(p)), rast(ext(r)))
  same_grid(rast(ext(p), res = 1, crs = crs(p)), rast(ext(r), res = 1, crs = crs(r)))
  expect_equal(values(rast(list(p, r * 2))), values(rast(list(r, r * 2))))
  expect_equal(geom(vect(ext(p))), geom(as.polygons(ext(r))))
  expect_equal(geom(vect(list(w, v))), geom(vect(list(v, v))))
  expect_s4_class(sprc(list(p, p)), "PySpatRasterCollection")
  expect_s4_class(svc(list(w, v)), "PySpatVectorCollection")
  d <- sds(list(a = p, b = r))
  expect_identical(names(d), c("a", "b"))
  expect_equal(values(d[2]), values(r))
  expect_equal(nlyr(c(r, p)), 2 * nlyr(r))
  expect_equal(nlyr(c(r, r)), 2 * nlyr(r))
  expect_s4_class(rast(list(r, r)), "SpatRaster")
  moved <- terra::shift(r, 5)
  ext(moved) <- ext(p)
  expect_s4_class(moved, "SpatRaster")
  expect_identical(as.vector(ext(moved)), as.vector(ext(r)))
  made <- rast(p)
  made[1:2] <- 9
  expect_equal(unname(values(made)[1:3, 1]), c(9, 9, NaN))
})

test_that("points of a matrix, and shapes of sf, are rasterized", {
  skip_without_python()
  r <- small_raster()
  p <- as_py(r)
  xy <- terra::xyFromCell(r, c(1, 3))
  expect_equal(values(rasterize(xy, p, values = c(5, 7))), values(terra::rasterize(xy, r, values = c(5, 7))), ignore_attr = TRUE)
  skip_if_not_installed("sf")
  s <- sf::st_as_sf(terra::buffer(small_points(), 0.4))
  expect_equal(values(rasterize(s, p)), values(terra::rasterize(terra::vect(s), r)), ignore_attr = TRUE)
  expect_s3_class(sf::st_as_sf(as_py(small_points())), "sf")
})

test_that("names stand for layers and columns where NSE is TRUE", {
  skip_without_python()
  v <- as_py(small_points())
  table <- as.data.frame(v)
  least <- min(table[[1L]])
  name <- names(v)[[1L]]
  call <- substitute(subset(v, column > least, NSE = TRUE), list(column = as.name(name)))
  expect_equal(as.data.frame(eval(call)), table[table[[1L]] > least, , drop = FALSE], ignore_attr = TRUE)
  call <- substitute(subset(v, select = -column, NSE = TRUE), list(column = as.name(name)))
  expect_identical(names(eval(call)), names(v)[-1L])
  p <- as_py(small_raster())
  expect_identical(names(p), c("a", "b"))
  expect_identical(names(subset(p, b, NSE = TRUE)), "b")
  expect_identical(names(subset(p, -b, NSE = TRUE)), "a")
  expect_identical(names(subset(p, "a")), "a")
  expect_identical(names(subset(p, 2)), "b")
})

test_that("functions that name their numbers name the columns", {
  skip_without_python()
  r <- small_raster()
  z <- terra::setValues(r[[1]], rep_len(1:2, terra::ncell(r)))
  named <- function(v) c(low = min(v, na.rm = TRUE), high = max(v, na.rm = TRUE))
  plain <- function(v) unname(named(v))
  for (fun in list(function(v) quantile(v, na.rm = TRUE), named, plain)) {
    expect_equal(global(as_py(r), fun), terra::global(r, fun))
  }
  found <- zonal(as_py(r), z, named)
  expect_identical(names(found)[-1L], c("a.low", "a.high", "b.low", "b.high"))
  for (zone in 1:2) {
    by_hand <- as.vector(apply(values(r)[values(z) == zone, ], 2L, named))
    expect_equal(unname(unlist(found[zone, -1L])), by_hand)
  }
  expect_identical(names(zonal(as_py(r), z, plain))[-1L], c("a.1", "a.2", "b.1", "b.2"))
})
