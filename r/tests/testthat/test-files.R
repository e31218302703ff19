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

test_that("update() changes the file, and the raster is that of the file", {
  skip_without_python()
  file <- tempfile(fileext = ".tif")
  p <- writeRaster(as_py(terra::rast(nrows = 2, ncols = 2, nlyrs = 2, vals = 1:8, names = c("a", "b"))), file, datatype = "INT1U")
  expect_invisible(update(p, cells = c(2, 4), values = c(9, 7)))
  expect_equal(values(p), cbind(a = c(1, 9, 3, 7), b = c(5, 9, 7, 7)))
  update(p, cells = 1, values = 20, layer = "b")
  update(p, cells = 1:2, values = 31:34, layer = c(2, 1))
  expect_equal(terra::values(terra::rast(file)), cbind(a = c(33, 34, 3, 7), b = c(31, 32, 7, 7)))
  names(p) <- c("x", "y")
  ext(p) <- c(0, 4, 0, 2)
  update(p, names = TRUE, extent = TRUE)
  expect_identical(names(terra::rast(file)), c("x", "y"))
  expect_equal(as.vector(terra::ext(terra::rast(file))), c(0, 4, 0, 2), ignore_attr = TRUE)
  expect_error(update(p + 1, names = TRUE), "whole layers of a file")
  expect_error(update(p, cells = 0, values = 1), "from 1 to 4, got 0")
})

test_that("chunk() gives a function one tile after the other", {
  skip_without_python()
  skip_if_not(pyterra:::has_generic("chunk"), "this terra has no chunk()")
  p <- as_py(terra::rast(nrows = 10, ncols = 12, nlyrs = 2, vals = stats::rnorm(240), xmin = 0, xmax = 12, ymin = 0, ymax = 10))
  seen <- list()
  made <- chunk(p, function(x, a) {
    seen[[length(seen) + 1]] <<- dim(x)
    sum(x) + a
  }, 100, n = c(5, 8))
  expect_equal(seen, list(c(5, 8, 2), c(5, 4, 2), c(5, 8, 2), c(5, 4, 2)))
  expect_identical(values(made), values(sum(p) + 100))
  path <- tempfile(fileext = ".tif")
  made <- chunk(p, function(x) as_terra(focal(x, 3, "mean", na.rm = TRUE)), n = 4, buffer = 1, filename = path, wopt = list(datatype = "FLT8S"))
  expect_identical(sources(made), path)
  expect_identical(values(made), values(focal(p, 3, "mean", na.rm = TRUE)))
  expect_error(chunk(p, function(x) stop("mine"), n = 4), "mine")
  expect_error(chunk(p, function(x) x, n = 0), "n must be")
})

test_that("tile_apply() gives a function one tile after the other", {
  skip_without_python()
  skip_if_not(is.function(asNamespace("terra")[["tile_apply"]]), "this terra has no tile_apply()")
  x <- terra::rast(nrows = 12, ncols = 10, xmin = 0, xmax = 10, ymin = 0, ymax = 12, crs = "EPSG:3035", vals = as.double(1:120))
  p <- as_py(x)
  expect_no_message(made <- tile_apply(p, function(x, k) x * k, k = 3))
  expect_s4_class(made, "PySpatRaster")
  expect_equal(values(made), values(x * 3))
  mean_of <- function(x) focal(x, 3, "mean", na.rm = TRUE)
  expect_equal(values(tile_apply(p, mean_of, buffer = 1)), values(mean_of(x)))
  tiles <- terra::getTileExtents(x, 5)
  edges <- function(x) x * 0 + terra::xmin(x)
  for (given in list(5, c(5, 4), tiles, lapply(seq_len(nrow(tiles)), function(i) terra::ext(tiles[i, ])), terra::ext(0, 5, 2, 12))) {
    theirs <- terra::tile_apply(x, edges, tiles = given)
    made <- tile_apply(p, edges, tiles = given)
    expect_equal(as.vector(ext(made)), as.vector(terra::ext(theirs)))
    expect_equal(values(made), values(theirs), ignore_attr = "dimnames")
  }
  over <- terra::getTileExtents(x, 5, buffer = 1)
  for (fun in list(NULL, "mean", "max")) {
    theirs <- terra::tile_apply(x, edges, tiles = over, overlap_fun = fun)
    expect_equal(values(tile_apply(p, edges, tiles = over, overlap_fun = fun)), values(theirs), ignore_attr = "dimnames")
  }
  path <- tempfile(fileext = ".tif")
  tile_apply(p, function(x) as_terra(x + 1), tiles = 5, filename = path, wopt = list(datatype = "FLT8S"))
  expect_equal(values(terra::rast(path)), values(x + 1), ignore_attr = "dimnames")
  expect_warning(tile_apply(p, identity, tiles = 5, buffer = 1), "only used when 'tiles' is NULL")
  expect_error(tile_apply(p, function(x) 1), "fun must give a SpatRaster for every tile, got numeric")
  expect_error(tile_apply(p, function(x) stop("mine"), tiles = 5), "mine")
})

test_that("tags have domains, in all the forms that terra takes", {
  skip_without_python()
  skip_if(utils::packageVersion("terra") < "1.9", "tags of this terra have no domains")
  x <- terra::rast(nrows = 2, ncols = 2, vals = as.double(1:4))
  p <- as_py(x)
  expect_identical(names(metags(p)), c("name", "value", "domain"))
  given <- list(
    list(value = cbind(c("a", "b"), c("1", "2"), c("", "dom"))),
    list(value = c(x = "9"), domain = "USR"),
    list(value = c("dd:q=5", "z=1")),
    list(value = data.frame(n = "k", v = "w", d = "dom")),
    list(value = cbind("b", "", "dom")),
    list(value = cbind("a", "", "dom")),
    list(value = cbind("q", "6"), domain = "dd")
  )
  for (one in given) {
    domain <- if (is.null(one$domain)) "" else one$domain
    metags(x, domain = domain) <- one$value
    metags(p, domain = domain) <- one$value
    sorted <- function(tags) tags[order(tags$domain, tags$name), ]
    expect_equal(sorted(metags(p)), sorted(metags(x)), ignore_attr = "row.names")
  }
  path <- tempfile(fileext = ".tif")
  back <- metags(writeRaster(p, path))
  expect_true(all(paste(metags(p)$domain, metags(p)$name) %in% paste(back$domain, back$name)))
  expect_equal(metags(p, name = "k")$value, "w")
  metags(p, layer = 1) <- cbind("a", "L1", "dom")
  expect_equal(metags(p, layer = 1)$value, "L1")
  metags(p) <- NULL
  expect_identical(nrow(metags(p)), 0L)
})
