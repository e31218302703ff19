# Every verb with objects of terra and with the same objects of Python.

seed <- case_seed()
fresh <- function(objects) {
  lapply(objects, function(x) if (methods::is(x, "SpatRaster") || methods::is(x, "SpatVector")) terra::deepcopy(x) else x)
}

evaluated <- function(case, objects) {
  place <- list2env(objects, parent = list2env(list(), parent = globalenv()))
  tryCatch(suppressWarnings(eval(case, place)), error = function(e) structure(list(conditionMessage(e)), class = "failure"))
}

compare_cases <- function(cases, objects, handed) {
  for (case in cases) {
    text <- paste(deparse(case, width.cutoff = 200L), collapse = " ")
    known <- known_difference(text)
    want <- evaluated(case, fresh(objects))
    got <- evaluated(case, handed)
    if (inherits(got, "failure")) {
      if (!is.na(known) && grepl("an error$", known)) next
      if (inherits(want, "failure")) next
      fail(paste0(text, " (seed ", seed, "): ", got[[1L]]))
    } else if (inherits(want, "failure")) {
      expect_true(any(startsWith(text, TERRA_REFUSES)), label = paste0(text, ": terra refuses with ", want[[1L]]))
    } else {
      found <- suppressWarnings(difference(want, got))
      if (!is.na(known)) next
      expect_null(found, label = paste0(text, " (seed ", seed, ")"))
    }
  }
}

test_that("verbs of rasters, vectors and extents give what terra gives", {
  skip_without_python()
  message("seed ", seed)
  objects <- case_inputs(seed)
  handed <- lapply(objects, as_py)
  compare_cases(RASTER_CASES, objects, handed)
  compare_cases(VECTOR_CASES, objects, handed)
  compare_cases(EXTENT_CASES, objects, handed)
})

test_that("objects that were handed over are as they were", {
  skip_without_python()
  objects <- case_inputs(seed)
  handed <- lapply(objects, as_py)
  compare_cases(RASTER_CASES[grepl("<-", names(RASTER_CASES))], objects, handed)
  compare_cases(VECTOR_CASES[grepl("<-", names(VECTOR_CASES))], objects, handed)
  for (name in names(objects)) {
    expect_null(suppressWarnings(difference(objects[[name]], handed[[name]])), label = name)
  }
})
