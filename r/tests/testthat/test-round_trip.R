# What goes to Python comes back as it was. Python's own tests go through the same cases.

mixed <- c("levels_and_numbers", "kinds", "files", "file_and_memory")
measured <- c("window", "file_and_memory")

test_that("rasters come back as they were", {
  skip_without_python()
  folder <- withr::local_tempdir()
  cases <- round_trip_rasters(folder)
  for (name in names(cases)) {
    back <- as_terra(as_py(cases[[name]]))
    found <- raster_differences(cases[[name]], back, mixed = name %in% mixed, statistics = name %in% measured)
    expect_identical(found, character(), info = name)
  }
})

test_that("layers of several variables keep their words, and depths their name and unit", {
  skip_without_python()
  x <- c(terra::rast(nrows = 2, ncols = 2, nlyrs = 2, vals = 1), terra::rast(nrows = 2, ncols = 2, vals = 2))
  terra::varnames(x) <- c("air", "sea")
  terra::longnames(x) <- c("of the air", "of the sea")
  terra::depth(x) <- 1:3
  known <- intersect(c("depthName", "depthUnit"), getNamespaceExports("terra"))
  for (name in known) x <- getExportedValue("terra", paste0(name, "<-"))(x, value = "hPa")
  p <- as_py(x)
  for (fact in c("varnames", "longnames", "depth", known)) {
    asked <- getExportedValue("terra", fact)
    expect_identical(asked(p), asked(x), info = fact)
    expect_identical(asked(as_terra(p)), asked(x), info = fact)
  }
})

test_that("files stay files", {
  skip_without_python()
  folder <- withr::local_tempdir()
  cases <- round_trip_rasters(folder)
  for (name in c("file", "band", "bands", "file_renamed", "na_flag", "window", "files", "scale", "levels_file")) {
    back <- as_terra(as_py(cases[[name]]))
    expect_identical(terra::sources(back), terra::sources(cases[[name]]), info = name)
  }
})

test_that("a file in the folder for temporary files is handed over as its path, also one of terra's own", {
  skip_without_python()
  path <- withr::local_tempfile(fileext = ".tif")
  r <- terra::writeRaster(small_raster(), path)
  p <- as_py(r)
  expect_identical(terra::sources(p), normalizePath(path))
  expect_identical(terra::sources(as_terra(p)), terra::sources(r))
  terra::terraOptions(todisk = TRUE)
  on.exit(terra::terraOptions(todisk = FALSE))
  own <- r * 2
  expect_identical(terra::sources(as_py(own)), normalizePath(terra::sources(own)))
  expect_equal(values(as_py(own)), values(small_raster() * 2))
})

test_that("vectors come back as they were", {
  skip_without_python()
  cases <- round_trip_vectors()
  for (name in names(cases)) {
    expect_identical(vector_differences(cases[[name]], as_terra(as_py(cases[[name]]))), character(), info = name)
  }
})

test_that("random rasters and vectors come back", {
  skip_without_python()
  seed <- as.integer(Sys.getenv("PYTERRA_SEED", "20240501"))
  set.seed(seed)
  for (i in 1:20) {
    x <- random_raster()
    expect_identical(raster_differences(x, as_terra(as_py(x))), character(), info = paste("raster", i, "of seed", seed))
    v <- random_vector()
    expect_identical(vector_differences(v, as_terra(as_py(v))), character(), info = paste("vector", i, "of seed", seed))
  }
})

test_that("both transports give the same", {
  skip_without_python()
  x <- terra::rast(nrows = 30, ncols = 20, nlyrs = 2, vals = c(NA, rnorm(1199)))
  for (way in c("memory", "file")) {
    if (way == "memory" && !pyterra:::converts_arrays()) next
    before <- options(pyterra.transport = way)
    expect_identical(raster_differences(x, as_terra(as_py(x))), character(), info = way)
    expect_identical(raster_differences(x * 2, as_terra(as_py(x) * 2)), character(), info = way)
    options(before)
  }
})
