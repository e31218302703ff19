# Messages of Python in the words of R.

words <- pyterra:::in_words_of_r

test_that("verbs, arguments and values have R's names", {
  expect_identical(words("global_: fun must be a name, got None; use na_rm=True"), "global: fun must be a name, got NULL; use na.rm=TRUE")
  expect_identical(words("write_raster: nodata=3 must be a value of INT1U"), "writeRaster: NAflag=3 must be a value of INT1U")
  expect_identical(words("values: the raster must have cell values; set them with .values or init()"),
                   "values: the raster must have cell values; set them with values()<- or init()")
  expect_identical(words("see r.as_factor() and as_factor"), "see as.factor() and as.factor")
})

test_that("paths, texts in quotes and longer names stay as they are", {
  for (text in c("no file /tmp/na_rm/global_.tif", "'na_rm' is no layer", "file my_global_x", "layer \"None\" of None_a")) {
    expect_identical(words(text), text)
  }
})

test_that("positions are counted from 1", {
  expect_identical(words("layers: numbers go from 0 to 1, got 5"), "layers: numbers go from 1 to 2, got 6")
  expect_identical(words("vector: records are numbered 0 to 2, got 7"), "vector: records are numbered 1 to 3, got 8")
  expect_identical(words("app: it failed [block of rows 0:6, columns 10:12]"), "app: it failed [block of rows 1:6, columns 11:12]")
  expect_identical(words("lies in rows 0..5, columns 3..4"), "lies in rows 1..6, columns 4..5")
  expect_identical(words("layers are counted from 0, never from the end"), "layers are counted from 1, never from the end")
  expect_identical(words("a colour must be 3 numbers from 0 up"), "a colour must be 3 numbers from 0 up")
})

test_that("positions in messages count from 1", {
  for (case in list(
    c("write_values: rows are numbered 0 to 3, got 4 to 5; take", "writeValues: rows are numbered 1 to 4, got 5 to 6; take"),
    c("rows 1 to 2 must not be written yet", "rows 2 to 3 must not be written yet"), c("got none for 3, row 1 first;", "got none for 3, row 2 first;"),
    c("layer 'x' [group 0, 4 values]", "layer 'x' [group 1, 4 values]"), c("in a.tif, layer 0, rows 0:2, columns 0:3", "in a.tif, layer 1, rows 1:2, columns 1:3"),
    c("got -1 in row 0, column 2; set", "got -1 in row 1, column 3; set"), c("got cell 98; 4 x 4", "got cell 99; 4 x 4"), c("got -2 for edge 0", "got -2 for edge 1"),
    c("must have 4 rows of 3 cells", "must have 4 rows of 3 cells"), c("R: no data in row 5", "R: no data in row 5")
  )) expect_identical(words(case[1]), case[2])
})

test_that("some errors are found by scripts that look for terra's words", {
  expect_identical(words("extract: layer must be from 0 to 2, got 3"), "[extract] layer should be between 1 and nlyr(x), which is 3, got 4")
})

test_that("errors of verbs speak of R", {
  skip_without_python()
  p <- as_py(small_raster())
  v <- as_py(small_points())
  for (use in list(
    function() global(p, "nothing"), function() subset(p, 7), function() p[[5]], function() v[, 7], function() app(p, function(x) if (is.na(sum(x))) stop("no") else 1)[1:6],
    function() writeRaster(p, tempfile(fileext = ".tif"), datatype = "INT1U", NAflag = -5), function() extract(p, v, layer = 9), function() freq(p, zones = 3),
    function() zonal(p, p[[1]], "nothing"), function() focal(p, 3, "mean", na.policy = "some")
  )) {
    said <- conditionMessage(tryCatch(use(), error = identity))
    expect_false(grepl("global_|na_rm|nodata=|na_policy|as_raster|[.]values|None|from 0|rows 0", said), label = said)
  }
})
