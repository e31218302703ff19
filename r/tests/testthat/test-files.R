# filename, overwrite and wopt, and the two ways on which numbers travel.

test_that("a verb with a filename gives the raster of the file", {
  skip_without_python()
  r <- small_raster()
  p <- as_py(r)
  path <- tempfile(fileext = ".tif")
  found <- app(p, "sum", filename = path)
  expect_identical(sources(found), path)
  expect_equal(values(terra::rast(path)), values(app(r, "sum")), ignore_attr = TRUE)
  expect_error(app(p, "sum", filename = path), "exists")
  crop(p, terra::ext(0, 2, 0, 2), filename = path, overwrite = TRUE, datatype = "INT2S", wopt = list(names = c("k", "l")))
  expect_identical(names(terra::rast(path)), c("k", "l"))
  focal(p, 3, "mean", na.rm = TRUE, filename = path, overwrite = TRUE, wopt = list(datatype = "FLT8S", gdal = "COMPRESS=DEFLATE"))
  expect_equal(values(terra::rast(path)), values(focal(r, 3, "mean", na.rm = TRUE)), ignore_attr = TRUE)
})

test_that("writeRaster and writeVector write", {
  skip_without_python()
  path <- tempfile(fileext = ".tif")
  written <- writeRaster(as_py(small_raster()), path, datatype = "FLT4S", NAflag = -99)
  expect_s4_class(written, "PySpatRaster")
  expect_equal(values(terra::rast(path)), values(small_raster()))
  expect_error(writeRaster(as_py(small_raster()), path), "exists")
  shapes <- tempfile(fileext = ".gpkg")
  writeVector(as_py(small_points()), shapes)
  expect_equal(nrow(suppressWarnings(terra::vect(shapes))), 3) # an older GDAL warns of the version of the file
})

for (way in c("memory", "file")) {
  test_that(paste("numbers travel by", way), {
    skip_without_python()
    skip_if(way == "memory" && !pyterra:::converts_arrays(), "this reticulate does not convert arrays")
    old <- options(pyterra.transport = way)
    on.exit(options(old))
    r <- terra::rast(nrows = 30, ncols = 40, nlyrs = 2, vals = stats::runif(2400))
    r[7] <- NA
    p <- as_py(r)
    expect_identical(values(p), values(r))
    expect_identical(values(as_terra(p * 1)), values(r))
    expect_equal(values(app(p, function(v) sum(v))), values(app(r, function(v) sum(v))))
    expect_equal(geom(as_terra(as_py(small_points()))), geom(small_points()))
    expect_equal(global(p, "mean", na.rm = TRUE), global(r, "mean", na.rm = TRUE))
    expect_length(Sys.glob(file.path(pyterra:::session$folder, "pyterra-*.bin")), 0)
  })
}
