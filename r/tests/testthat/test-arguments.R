# Arguments: matched by place as terra's methods take them, and refused by name where there is no place for them.

test_that("methods that are written out refuse what they do not know", {
  skip_without_python()
  p <- as_py(small_raster())
  v <- as_py(small_points())
  e <- ext(p)
  s <- sds(p, p)
  uses <- alist(
    rast(p, res = 3), rast(p, nlyr = 2, resolution = 1), as.list(p, wrong = 1), values(p, wrong = 1), values(v, wrong = 1), head(p, wrong = 1), tail(p, 2, wrong = 1),
    init(p, "cell", wrong = 1), init(p, 5, 6, 7), setValues(p, 1, wrong = 1), as.data.frame(p, wrong = 1), as.data.frame(v, wrong = 1),
    as.matrix(p, wrong = 1), writeRaster(p, tempfile(fileext = ".tif"), wrong = 1), writeRaster(p, tempfile(fileext = ".tif"), FALSE, "INT2S"),
    writeCDF(p, tempfile(fileext = ".nc"), wrong = 1), mean(v, wrong = 1), relate(v, v, "intersects", wrong = 1),
    unique(v, wrong = 1), distance(v, wrong = 1), distance(v, v, sequential = TRUE), as.list(v, wrong = 1), xFromCol(p, 1, wrong = 1),
    crop(s, e, wrong = 1), app(s, mean, filename = "", wrong = 1), crs(p, wrong = 1), time(p, wrong = 1), predict(p, NULL, cores = 1),
    set.names(p, "a", wrong = 1), ext(s, wrong = 1), merge(sprc(p), wrong = 1), wrap(p, wrong = 1), p[1, 2, wrong = 1],
    p[[1, wrong = 1]], as_py(small_raster(), wrong = 1), quantile(p, wrong = 1), minmax(p, wrong = 1), cats(p, wrong = 1), interpolate(p, NULL, wrong = 1)
  )
  for (use in uses) {
    failure <- tryCatch({
      eval(use)
      NULL
    }, error = identity)
    expect_s3_class(failure, "error")
  }
  expect_error(rast(p, res = 3), "rast: has no argument 'res'; it takes nlyrs, names, vals")
  expect_error(head(p, wrong = 1), "head: has no argument 'wrong'; it takes n")
})

test_that("arguments without a name stand where terra's method for those classes has them", {
  skip_without_python()
  r <- terra::rast(nrows = 4, ncols = 4, xmin = 0, xmax = 4, ymin = 0, ymax = 4, crs = "+proj=utm +zone=33", vals = c(NA, 2:16))
  v <- terra::vect(cbind(1:2, 1:2), crs = terra::crs(r))
  p <- as_py(r)
  w <- as_py(v)
  expect_equal(values(distance(p, w, "km")), values(distance(r, v, "km")), ignore_attr = TRUE)
  expect_equal(distance(w, w, TRUE), distance(v, v, TRUE), ignore_attr = TRUE)
  expect_equal(values(patches(p, 8)), values(patches(r, 8)))
  expect_equal(unique(p, FALSE), unique(r, FALSE))
})

test_that("every argument of the table that is not refused has a place in a method that is written out", {
  for (name in ls(pyterra:::BY_HAND)) {
    made <- get(name, envir = pyterra:::BY_HAND)
    takes <- names(formals(made$f))[-1L]
    named <- names(Filter(function(a) a$fate %in% c("", "?"), made$row$arguments))
    expect_true("..." %in% takes || all(named %in% takes), label = paste(name, toString(setdiff(named, takes))))
  }
})

test_that("NA, NULL, text and several values are refused where a number or TRUE and FALSE must be, in R's words", {
  skip_without_python()
  p <- as_py(small_raster())
  s <- p[[1]]
  v <- as_py(small_points())
  uses <- list(
    "shift: dx must be a number, got NA" = quote(shift(p, NA)),
    "shift: dx must be a number, got NULL" = quote(shift(p, NULL)),
    "shift: dy must be a number, got 'k'" = quote(shift(v, 1, "k")),
    "shift: dx must be a number, got 1, 2" = quote(shift(ext(p), 1:2)),
    "as.data.frame: xy must be TRUE or FALSE, got NA" = quote(as.data.frame(p, xy = NA)),
    "aggregate: fact must be a number or numbers, got NA" = quote(aggregate(p, NA)),
    "boundaries: classes must be TRUE or FALSE, got NULL" = quote(boundaries(s, classes = NULL)),
    "app: fun must be text or a function, got NA" = quote(app(p, NA)),
    "global: na.rm must be TRUE or FALSE, got NA" = quote(global(p, "mean", na.rm = NA)),
    "nrow: value must be a number, got NA" = quote(nrow(p) <- NA),
    "resample: y must be a SpatRaster, got NA" = quote(resample(p, NA)),
    "terrain: v must be text or texts, got NA" = quote(terrain(s, NA)),
    "trim: padding must be a number, got nothing" = quote(trim(p, numeric(0))),
    "clamp: lower must not be missing; leave it out for no limit" = quote(clamp(p, NA)),
    "clamp: upper must not be missing; leave it out for no limit" = quote(clamp(p, 0, c(1, NA)))
  )
  for (i in seq_along(uses)) {
    expect_identical(conditionMessage(tryCatch(eval(uses[[i]]), error = identity)), names(uses)[i])
  }
  expect_equal(values(mean(p, na.rm = 1)), values(mean(p, na.rm = TRUE)))
  expect_identical(ncol(as.data.frame(p, xy = 1)), 4L)
})

test_that("whole numbers of integer64 are the numbers they stand for", {
  skip_without_python()
  # the bytes of integer64 are those of the smallest doubles: 1, 2, 3 are these multiples
  long <- function(x) structure(x * 4.940656458412465e-324, class = "integer64")
  p <- as_py(small_raster())
  one <- p[[1]]
  classes <- data.frame(is = 1.5)
  classes$becomes <- long(3)
  expect_equal(as.vector(values(classify(one, classes))), c(3, 2.5, 3.5, 4.5, 5.5, NA))
  expect_equal(as.vector(values(setValues(one, long(1:6)))), as.double(1:6))
  expect_equal(as.vector(values(clamp(one, long(3)))), c(3, 3, 3.5, 4.5, 5.5, NA))
  one[long(2)] <- long(3)
  expect_equal(as.vector(values(one)), c(1.5, 3, 3.5, 4.5, 5.5, NA))
})

test_that("a table of times or texts is no table of classes", {
  skip_without_python()
  p <- as_py(small_raster())
  for (table in list(data.frame(d = as.Date("2020-01-01") + 0:2), data.frame(t = as.POSIXct("2020-01-01", tz = "UTC") + 0:2), data.frame(f = factor("b")))) {
    expect_error(classify(p, table), "classify: rcl must be numbers, got")
  }
})

test_that("no way to convert arguments or answers hides another of its name", {
  for (ways in list(pyterra:::ARGUMENTS, pyterra:::RESULTS)) expect_identical(names(ways)[duplicated(names(ways))], character())
})

test_that("a place of two numbers is x and y, one number is that of a cell", {
  skip_without_python()
  z <- terra::rast(nrows = 3, ncols = 3, xmin = 0, xmax = 3, ymin = 0, ymax = 3, crs = "EPSG:32633", vals = c(5, 9, 1, 1, 1, 1, 1, 9, 1))
  p <- as_py(z)
  expect_equal(values(viewshed(p, c(2.5, 0.5), 1)), values(viewshed(p, 9, 1)))
  expect_equal(values(viewshed(p, c(0.5, 2.5), 1)), values(viewshed(p, 1, 1)))
  expect_false(identical(values(viewshed(p, 1, 1)), values(viewshed(p, 9, 1))))
})
