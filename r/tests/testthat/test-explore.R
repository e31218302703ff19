# Maps that Python serves while R goes on.

test_that("explore() serves what it is given while R is idle, until it is closed", {
  skip_if_not(py_ready(), "no Python with pyterra: install_pyterra() makes an environment")
  skip_if_not(reticulate::py_module_available("matplotlib"), "matplotlib is missing in Python")
  r <- terra::rast(nrows = 2, ncols = 2, vals = 1:4, names = "height")
  v <- terra::vect(cbind(c(10, 20), c(30, 40)), crs = "EPSG:4326")
  address <- explore(r, v, as_py(r) * 2, terra::ext(0, 90, 0, 45), title = "Heights", browser = FALSE)
  expect_match(address, "^http://127\\.0\\.0\\.1:[0-9]+/[A-Za-z0-9_-]{32}/$")
  page <- paste(readLines(address, warn = FALSE), collapse = "\n")
  expect_match(page, "<title>Heights</title>", fixed = TRUE)
  expect_match(page, "height (2)", fixed = TRUE)
  said <- readLines(paste0(address, "at?x=-100&y=50&layers=0"), warn = FALSE)
  expect_identical(said, "{\"0\": [1.0]}")
  explore()
  expect_error(suppressWarnings(readLines(address, warn = FALSE)))
})

test_that("explore() says what cannot be shown", {
  skip_if_not(py_ready(), "no Python with pyterra: install_pyterra() makes an environment")
  expect_error(explore(terra::ext(0, 1, 0, 1), browser = FALSE), "explore: what is shown must be")
})
