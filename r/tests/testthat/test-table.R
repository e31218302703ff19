# The table of verbs against terra's methods, against Python's verbs, and against the cases.

verbs <- pyterra:::VERBS
label <- function(row) paste0(row$generic, "(", row$class, ")")

# Formals of the methods of terra that a row stands for, after the first.
formals_in_terra <- function(row) {
  methods <- findMethods(row$generic, where = asNamespace("terra"))
  out <- character()
  for (method in methods@.Data) {
    signature <- method@defined@.Data
    second <- if (length(signature) > 1L) signature[[2L]] else ""
    if (signature[[1L]] == row$class && (!length(row$second) || second %in% row$second)) {
      out <- union(out, names(formals(unrematched(method)))[-1L])
    }
  }
  out
}

# The function behind a method whose formals are not the generic's.
unrematched <- function(method) {
  first <- tryCatch(body(method)[[2L]], error = function(e) NULL)
  local <- is.call(first) && identical(first[[1L]], as.name("<-")) && identical(first[[2L]], as.name(".local"))
  if (local) eval(first[[3L]]) else method
}

written_out <- c("hand", "terra", "own", "Arith", "Compare", "Logic", "Math", "Math2", "Summary")

test_that("every argument of terra's methods is handed on, ignored or refused", {
  lost <- character()
  for (row in verbs) {
    if (row$do %in% c("terra", "Arith", "Compare", "Logic", "Math", "Math2", "Summary") || !isGeneric(row$generic, where = asNamespace("terra"))) next
    if (row$generic %in% c("[", "[<-", "[[", "[[<-", "$", "$<-", "c", "!", "show", "coltab<-")) next
    missing <- setdiff(formals_in_terra(row), c(names(row$arguments), "...")) # what `...` takes is refused where it has no place
    if (length(missing)) lost <- c(lost, paste(label(row), toString(missing)))
  }
  expect_identical(lost, character())
})

test_that("every word of the table is one that the package knows", {
  hows <- c(names(pyterra:::ARGUMENTS), "write", "extra", "others")
  unknown <- character() # told at once: an expectation for each of four thousand words takes longer than all the rest of this file
  for (row in verbs) {
    words <- c(
      if (!row$do %in% c("call", "get", "set", "special", written_out)) row$do,
      if (!row$result %in% names(pyterra:::RESULTS)) row$result
    )
    for (argument in row$arguments) {
      words <- c(
        words, if (!argument$how %in% hows) paste(argument$name, argument$how),
        if (nzchar(argument$fate) && !argument$why %in% names(pyterra:::REASONS)) paste(argument$name, argument$why)
      )
    }
    if (length(words)) unknown <- c(unknown, paste(label(row), words))
  }
  expect_gt(length(verbs), 300L)
  expect_identical(unknown, character())
})

test_that("methods are for generics that terra exports or that R has", {
  given <- c(getNamespaceExports("terra"), unlist(lapply(c("base", "stats", "utils", "graphics", "methods"), getNamespaceExports)))
  internal <- grep("^[.]__T__", ls(asNamespace("terra"), all.names = TRUE), value = TRUE)
  hidden <- setdiff(sub("^[.]__T__(.*):.*$", "\\1", internal), given)
  expect_gt(length(hidden), 0L)
  for (name in hidden) {
    expect_false(pyterra:::has_generic(name), label = name)
  }
  expect_true(pyterra:::has_generic("crop"))
  expect_true(pyterra:::has_generic("as.vector"))
})

test_that("what is written out is not said to be made from the table", {
  made <- vapply(Filter(function(row) row$do != "hand", verbs), function(row) paste0(row$generic, " Py", row$class), "")
  expect_identical(intersect(ls(pyterra:::BY_HAND), made), character())
})

test_that("every row has a method, and a case where it is not a picture or a file", {
  cases <- list(SpatRaster = names(RASTER_CASES), SpatVector = names(VECTOR_CASES), SpatExtent = names(EXTENT_CASES))
  elsewhere <- c(
    "writeRaster", "writeCDF", "writeVector", "predict", "interpolate", "show",
    "spatSample", "costDistance", "set.names", "set.crs", "set.ext", "set.cats", "set.values", "coltab<-", "hull", "has.time", "countNA", "is.empty",
    "sort", "as.character", "cospi", "tanpi", "any", "all", "prod", "concats", "as.list", "is.na", "!",
    "wrap", "saveRDS", "serialize", "update", "shade", "fileBlocksize", "vrt_tiles", "combineLevels", "chunk"
  )
  asked <- Filter(function(row) {
    !(row$do %in% c("terra", "own") || row$generic %in% elsewhere || paste(row$generic, row$class) == "c SpatVector" || !row$class %in% names(cases))
  }, verbs)
  without <- Filter(function(row) !row$generic %in% cases[[row$class]], asked)
  expect_gt(length(asked), 300L)
  expect_identical(vapply(without, label, ""), character())
})
