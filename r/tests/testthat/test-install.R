# Environments of Python: which fit, what is made, and what is said where nothing does.

fake_python <- function(says) {
  path <- file.path(withr::local_tempdir(.local_envir = parent.frame()), "python")
  writeLines(c("#!/bin/sh", paste("echo", says)), path)
  Sys.chmod(path, "755")
  path
}

test_that("old reticulate wants Python 3.11 and numpy 1, current one any Python from 3.11", {
  old <- pyterra:::python_needs(numeric_version("1.28"))
  expect_equal(old$packages, "numpy<2")
  expect_equal(c(old$least, old$most), c("3.11", "3.11"))
  new <- pyterra:::python_needs(numeric_version("1.38"))
  expect_null(new$packages)
  expect_true(numeric_version("3.13") <= new$most)
})

test_that("a Python fits by its version and its shared library", {
  old <- pyterra:::python_needs(numeric_version("1.28"))
  new <- pyterra:::python_needs(numeric_version("1.46"))
  expect_true(pyterra:::python_fits(fake_python("3.11"), old))
  expect_false(pyterra:::python_fits(fake_python("3.12"), old))
  expect_true(pyterra:::python_fits(fake_python("3.12"), new))
  expect_false(pyterra:::python_fits(fake_python("3.10"), new))
  expect_false(pyterra:::python_fits(fake_python("static"), new))
  expect_false(pyterra:::python_fits("/nowhere/python", new))
})

test_that("a Python that does not fit is refused with what is wanted", {
  expect_error(install_pyterra(python = fake_python("3.9")), "does not fit; reticulate .* wants Python 3.11")
})

test_that("what cannot be installed says what to do, and leaves no environment behind", {
  python <- pyterra:::find_python(pyterra:::python_needs())
  skip_if(is.null(python), "no Python that fits")
  home <- withr::local_tempdir()
  failure <- tryCatch(
    utils::capture.output(install_pyterra(file.path(home, "made"), python = python, pip_options = "--no-index --quiet")), error = conditionMessage
  )
  expect_match(failure, "could not install pyterra-geo\\[netcdf\\] .*give package = .*sources; nothing was left behind")
  expect_identical(list.files(home), character())
})

test_that("only an environment that holds pyterra is chosen", {
  home <- withr::local_tempdir()
  withr::local_envvar(WORKON_HOME = home)
  expect_false(pyterra:::has_pyterra("r-pyterra"))
  dir.create(file.path(home, "r-pyterra", "bin"), recursive = TRUE)
  file.create(c(file.path(home, "r-pyterra", "bin", c("python", "activate")), file.path(home, "r-pyterra", "pyvenv.cfg")))
  expect_false(pyterra:::has_pyterra("r-pyterra"))
  dir.create(file.path(home, "r-pyterra", "lib", "python3.11", "site-packages", "pyterra_geo-0.1.0.dist-info"), recursive = TRUE)
  expect_true(pyterra:::has_pyterra("r-pyterra"))
})

test_that("folders that R's front end added are taken out of LD_LIBRARY_PATH, those of the user stay", {
  withr::local_envvar(LD_LIBRARY_PATH = paste0(pyterra:::front_end_libraries(), ":/my/own"))
  skip_if(!nzchar(pyterra:::front_end_libraries()), "R's front end adds no folders")
  pyterra:::forget_libraries()
  expect_equal(Sys.getenv("LD_LIBRARY_PATH"), "/my/own")
  withr::local_envvar(LD_LIBRARY_PATH = pyterra:::front_end_libraries())
  pyterra:::forget_libraries()
  expect_equal(Sys.getenv("LD_LIBRARY_PATH"), "")
})

test_that("without a Python that does, one sentence says what to do", {
  words <- 'pyterra::py_check(); tryCatch(pyterra::as_py(terra::ext(0, 1, 0, 1)), error = function(e) cat("E:", class(e)))'
  said <- suppressWarnings(system2(
    file.path(R.home("bin"), "Rscript"), c("-e", shQuote(words)),
    stdout = TRUE, stderr = FALSE, env = c("RETICULATE_PYTHON=/nowhere/python", "R_TESTS=")
  ))
  said <- gsub(" +", " ", paste(said, collapse = " "))
  expect_match(said, "Python at /nowhere/python does not do")
  expect_match(said, "install_pyterra() makes", fixed = TRUE)
  expect_match(said, "E: ArgumentError pyterra_error error condition", fixed = TRUE)
})

test_that("py_check() tells versions of both sides", {
  skip_if_not(py_ready(), "no Python with pyterra: install_pyterra() makes an environment")
  expect_output(found <- py_check(), "reticulate")
  expect_equal(found$findings[["terra"]], as.character(packageVersion("terra")))
  expect_equal(found$findings[["reticulate"]], as.character(packageVersion("reticulate")))
  expect_match(found$findings[["numbers cross"]], "memory|files")
  expect_type(found$problems, "character")
})

test_that("a package that was built beside another terra says so, where their functions differ", {
  built <- pyterra:::BUILT_BESIDE
  expect_silent(pyterra:::check_terra(built))
  built$version <- "1.0.0"
  expect_silent(pyterra:::check_terra(built))
  built$generics[["app"]] <- "x, by, x"
  expect_error(pyterra:::check_terra(built), "was built beside terra 1.0.0, .* install pyterra again, beside this terra$")
  built$version <- as.character(packageVersion("terra"))
  expect_silent(pyterra:::check_terra(built))
})
