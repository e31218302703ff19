# Objects that leave the session: packed as terra packs, or refused in one sentence.

gone <- "belongs to a session of Python that has ended, or to another process; files and workers take wrap\\(p\\)"

# An object as base R saves it, which knows nothing of Python.
shell_of <- function(p) unserialize(base::serialize(p, NULL))

test_that("wrap() packs as terra packs, and as_py() takes it up again", {
  skip_without_python()
  r <- small_raster()
  p <- as_py(r) * 2
  expect_s4_class(wrap(p), "PackedSpatRaster")
  expect_equal(values(unwrap(wrap(p))), values(r * 2))
  expect_equal(values(as_py(wrap(p))), values(r * 2))
  v <- wrap(as_py(small_points()))
  expect_s4_class(v, "PackedSpatVector")
  expect_equal(values(as_py(v)), values(small_points()))
})

test_that("saveRDS() and serialize() pack", {
  skip_without_python()
  path <- withr::local_tempfile(fileext = ".rds")
  p <- as_py(small_raster())
  saveRDS(p, path)
  expect_equal(values(as_py(readRDS(path))), values(p))
  saveRDS(as_py(small_points()), path)
  expect_equal(geom(as_py(readRDS(path))), geom(small_points()))
  expect_equal(values(as_py(base::unserialize(serialize(p, NULL)))), values(p))
})

test_that("what terra cannot pack is refused by name", {
  skip_without_python()
  members <- svc(as_py(small_points()), as_py(small_points()))
  expect_error(wrap(members), "wrap: this version of terra does not pack a SpatVectorCollection")
})

test_that("an object that was saved as it is says so in every verb", {
  skip_without_python()
  p <- shell_of(as_py(small_raster()))
  expect_output(show(p), "of a session that has ended")
  v <- shell_of(as_py(small_points()))
  e <- shell_of(as_py(terra::ext(0, 1, 0, 1)))
  for (use in list(
    function() values(p), function() p + 1, function() 1 + p, function() p[1], function() names(p), function() as_terra(p), function() wrap(p),
    function() nlyr(p), function() app(p, sum), function() c(p, p), function() crop(as_py(small_raster()), p), function() v$n, function() v[1],
    function() as_terra(v), function() e + 1, function() xmin(e), function() plot(p), function() names(p) <- "a", function() sqrt(p),
    function() extract(as_py(small_raster()), v), function() p$a
  )) {
    expect_error(use(), gone, class = "pyterra_error", label = deparse(body(use)))
  }
})

test_that("workers of parallel take packed objects, and forked ones say that Python does not go along", {
  skip_without_python()
  p <- as_py(small_raster())
  worker <- parallel::makePSOCKcluster(1L)
  on.exit(parallel::stopCluster(worker))
  parallel::clusterCall(worker, function(paths) .libPaths(paths), .libPaths())
  parallel::clusterCall(worker, Sys.setenv, RETICULATE_PYTHON = Sys.getenv("RETICULATE_PYTHON"), PYTHONPATH = Sys.getenv("PYTHONPATH"))
  total <- function(x) {
    library(pyterra)
    terra::global(as_py(x) * 2, "sum", na.rm = TRUE)[[1L]]
  }
  environment(total) <- globalenv()
  expect_equal(parallel::parLapply(worker, list(wrap(p)), total)[[1L]], global(small_raster() * 2, "sum", na.rm = TRUE)[[1L]])
  expect_error(parallel::parLapply(worker, list(p), total), gone)
  skip_on_os("windows")
  forked <- suppressWarnings(parallel::mclapply(1:2, function(i) values(p), mc.cores = 2L))
  for (found in forked) {
    expect_match(conditionMessage(attr(found, "condition")), "Python does not go along into a forked process")
  }
})
