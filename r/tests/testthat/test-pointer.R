# Objects of Python are objects of terra as well, for code that does not know of them.

pointer_of <- function(x) methods::slot(x, pyterra:::POINTER)

test_that("objects of Python are of terra's classes", {
  skip_without_python()
  r <- small_raster()
  v <- small_points()
  objects <- list(SpatRaster = r, SpatVector = v, SpatExtent = terra::ext(r), SpatRasterDataset = terra::sds(r, r), SpatRasterCollection = terra::sprc(r, r))
  for (class in names(objects)) {
    p <- as_py(objects[[class]])
    expect_true(inherits(p, class), label = class)
    expect_true(is(p, class), label = class)
    expect_true(validObject(p), label = class)
    expect_identical(class(p)[[1L]], paste0("Py", class))
    expect_s4_class(pointer_of(p), class(pointer_of(objects[[class]])))
  }
})

test_that("a pointer leads to what as_terra() makes, and to nothing before it is followed", {
  skip_without_python()
  computed <- 0 # times that the function ran
  p <- app(as_py(small_raster()), function(v) {
    computed <<- computed + 1
    sum(v)
  })
  before <- computed
  pointer <- pointer_of(p)
  expect_identical(computed, before)
  want <- as_terra(p)
  before <- computed
  expect_equal(pointer$nrow(), nrow(want))
  expect_identical(pointer$names, names(want))
  expect_equal(pointer$range_max, pointer_of(want)$range_max)
  after <- computed
  pointer$ncol()
  pointer_of(p)$ncol()
  expect_identical(computed, after)
})

test_that("C++ of terra takes pointers of objects of Python", {
  skip_without_python()
  r <- small_raster()
  own <- terra::deepcopy(r)
  pointer_of(own)$addSource(pointer_of(as_py(r) * 2), FALSE, asNamespace("terra")$spatOptions())
  expect_equal(terra::values(own), cbind(terra::values(r), terra::values(r * 2)), ignore_attr = TRUE)
})

test_that("functions of other packages that take objects of terra take those of Python", {
  skip_without_python()
  p <- as_py(small_raster())
  tallest <- function(x, ...) UseMethod("tallest")
  tallest.SpatRaster <- function(x, ...) max(values(x), na.rm = TRUE)
  registerS3method("tallest", "SpatRaster", tallest.SpatRaster, environment())
  expect_equal(tallest(p), max(terra::values(small_raster()), na.rm = TRUE))

  here <- environment()
  setClass("Site", slots = c(map = "SpatRaster", area = "SpatExtent"), where = here)
  on.exit(removeClass("Site", where = here))
  site <- new("Site", map = p, area = ext(p))
  expect_true(validObject(site))
  expect_s4_class(crop(site@map, site@area), "PySpatRaster")

  setGeneric("heights", function(x, y) standardGeneric("heights"), where = here)
  on.exit(removeGeneric("heights", where = here), add = TRUE)
  setMethod("heights", c("SpatRaster", "numeric"), function(x, y) values(x * y), where = here)
  expect_equal(heights(p, 2), terra::values(small_raster() * 2), ignore_attr = TRUE)
})

test_that("as() makes an object of terra of one of Python", {
  skip_without_python()
  r <- small_raster()
  back <- as(as_py(r) + 1, "SpatRaster")
  expect_of_terra(back, "SpatRaster")
  expect_equal(terra::values(back), terra::values(r + 1))
})

test_that("no method of terra is nearer to objects of Python than this package's own", {
  skip_without_python()
  terra_alone <- c("coerce", "initialize")
  tables <- ls(asNamespace("terra"), all.names = TRUE, pattern = "^[.]__T__")
  generics <- setdiff(unique(sub("^[.]__T__(.*):[^:]*$", "\\1", tables)), terra_alone)
  asked <- 0L
  for (generic in generics) {
    for (signature in pyterra:::signatures_for_py(generic)) {
      found <- selectMethod(generic, signature, optional = TRUE)
      own <- pyterra:::own_method(generic, signature)
      if (!is.null(own)) {
        asked <- asked + 1L
        expect_identical(body(found), body(own), label = paste(generic, toString(signature)))
      }
    }
  }
  expect_gt(asked, 500L)
})

test_that("functions of terra that are no generics give what they give for objects of terra", {
  skip_without_python()
  r <- small_raster()
  slope <- terra::terrain(r[[1]], "slope", unit = "radians")
  aspect <- terra::terrain(r[[1]], "aspect", unit = "radians")
  want <- terra::shade(slope, aspect)
  got <- terra::shade(as_py(slope), as_py(aspect))
  expect_null(difference(want, got))
  expect_null(difference(want * 2, got * 2))
  expect_output(show(got), "hillshade")
})
