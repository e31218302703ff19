# What terra does for objects of Python, and constructors that take them.

test_that("every method of terra for its own classes is there for those of Python", {
  skip_without_python()
  own <- pyterra:::OF_S4
  tables <- ls(asNamespace("terra"), all.names = TRUE, pattern = "^[.]__T__")
  generics <- Filter(pyterra:::has_generic, setdiff(unique(sub("^[.]__T__(.*):[^:]*$", "\\1", tables)), own))
  asked <- 0L
  for (generic in generics) {
    for (signature in pyterra:::signatures_for_py(generic)) {
      asked <- asked + 1L
      found <- selectMethod(generic, signature, optional = TRUE)
      expect_true(any(startsWith(found@defined@.Data, "PySpat")), label = paste(generic, toString(signature)))
    }
  }
  expect_gt(asked, 500L)
})

test_that("what pyterra does not have, terra does, and says so once", {
  skip_without_python()
  skip_if_not("as.raster" %in% names(pyterra:::LEFT_TO_TERRA))
  r <- small_raster()
  p <- as_py(r)
  rm(list = intersect("fell back: as.raster", ls(pyterra:::session)), envir = pyterra:::session)
  expect_message(got <- as.raster(p), "as.raster: terra does this")
  expect_identical(got, as.raster(r))
  expect_no_message(as.raster(p))
  rm(list = "fell back: as.raster", envir = pyterra:::session)
  old <- options(pyterra.tell_fall_back = FALSE)
  on.exit(options(old))
  expect_no_message(as.raster(p))
})

test_that("answers of terra come back as objects of Python, also in lists", {
  skip_without_python()
  r <- small_raster()
  v <- small_points()
  given <- list(as_py(r), list(as_py(v), 7), data.frame(a = 1), "text", NULL)
  there <- pyterra:::in_terra(given)
  expect_of_terra(there[[1L]], "SpatRaster")
  expect_of_terra(there[[2L]][[1L]], "SpatVector")
  expect_identical(there[3:5], given[3:5])
  back <- pyterra:::in_python(list(r, list(v, ext(r)), sds(r, r)))
  expect_s4_class(back[[1L]], "PySpatRaster")
  expect_s4_class(back[[2L]][[1L]], "PySpatVector")
  expect_s4_class(back[[2L]][[2L]], "PySpatExtent")
  expect_s4_class(back[[3L]], "PySpatRasterDataset")
})

test_that("what changes an object in place is not done to a copy", {
  skip_without_python()
  left <- intersect(pyterra:::IN_PLACE, names(pyterra:::LEFT_TO_TERRA))
  skip_if_not("set.window" %in% left)
  expect_error(set.window(as_py(small_raster()), ext(0, 1, 0, 1)), "would change a copy")
})

test_that("constructors take objects of Python", {
  skip_without_python()
  r <- small_raster()
  v <- small_points()
  p <- as_py(r)
  w <- as_py(v)
  same_grid <- function(a, b) {
    expect_s4_class(a, "PySpatRaster")
    expect_true(compareGeom(as_terra(a), b))
  }
  same_grid(rast(w, res = 0.5), rast(v, res = 0.5))
  same_grid(rast(ext(p)), rast(ext(r)))
  same_grid(rast(ext(p), res = 1, crs = crs(p)), rast(ext(r), res = 1, crs = crs(r)))
  expect_equal(values(rast(list(p, r * 2))), values(rast(list(r, r * 2))))
  expect_equal(geom(vect(ext(p))), geom(as.polygons(ext(r))))
  expect_equal(geom(vect(list(w, v))), geom(vect(list(v, v))))
  expect_s4_class(sprc(list(p, p)), "PySpatRasterCollection")
  expect_s4_class(svc(list(w, v)), "PySpatVectorCollection")
  d <- sds(list(a = p, b = r))
  expect_identical(names(d), c("a", "b"))
  expect_equal(values(d[2]), values(r))
  expect_equal(nlyr(c(r, p)), 2 * nlyr(r))
  expect_equal(nlyr(c(r, r)), 2 * nlyr(r))
  expect_of_terra(rast(list(r, r)), "SpatRaster")
  moved <- terra::shift(r, 5)
  ext(moved) <- ext(p)
  expect_of_terra(moved, "SpatRaster")
  expect_identical(as.vector(ext(moved)), as.vector(ext(r)))
  made <- rast(p)
  made[1:2] <- 9
  expect_equal(unname(values(made)[1:3, 1]), c(9, 9, NaN))
})

test_that("points of a matrix, and shapes of sf, are rasterized", {
  skip_without_python()
  r <- small_raster()
  p <- as_py(r)
  xy <- terra::xyFromCell(r, c(1, 3))
  want <- suppressWarnings(values(terra::rasterize(xy, r, values = c(5, 7))))
  expect_equal(values(rasterize(xy, p, values = c(5, 7))), want, ignore_attr = TRUE)
  both <- rasterize(xy, p, values = cbind(u = c(5, 7), w = 2:1))
  expect_equal(names(both), c("u", "w"))
  expect_equal(unname(values(both)), unname(cbind(want, c(2, NA, 1, rep(NA, nrow(want) - 3)))))
  expect_equal(names(rasterize(xy, p, values = data.frame(u = c(5, 7)), fun = "mean")), "mean")
  expect_equal(names(rasterize(xy, p, values = data.frame(u = 5:6, w = 7:8), fun = "mean")), c("u_mean", "w_mean"))
  skip_if_not_installed("sf")
  s <- sf::st_as_sf(terra::buffer(small_points(), 0.4))
  want <- suppressWarnings(values(terra::rasterize(terra::vect(s), r)))
  expect_equal(values(rasterize(s, p)), want, ignore_attr = TRUE)
  expect_s3_class(sf::st_as_sf(as_py(small_points())), "sf")
  terra::crs(r) <- "EPSG:4326"
  expect_identical(sf::st_crs(as_py(r)), sf::st_crs(r))
  expect_equal(sf::st_bbox(as_py(r)), sf::st_bbox(r))
  expect_equal(as.vector(sf::st_bbox(as_py(small_points()))), c(1, 1, 3, 3))
})

test_that("names stand for layers and columns where NSE is TRUE", {
  skip_without_python()
  v <- as_py(small_points())
  table <- as.data.frame(v)
  least <- min(table[[1L]])
  name <- names(v)[[1L]]
  call <- substitute(subset(v, column > least, NSE = TRUE), list(column = as.name(name)))
  expect_equal(as.data.frame(eval(call)), table[table[[1L]] > least, , drop = FALSE], ignore_attr = TRUE)
  call <- substitute(subset(v, select = -column, NSE = TRUE), list(column = as.name(name)))
  expect_identical(names(eval(call)), names(v)[-1L])
  p <- as_py(small_raster())
  expect_identical(names(p), c("a", "b"))
  expect_identical(names(subset(p, b, NSE = TRUE)), "b")
  expect_identical(names(subset(p, -b, NSE = TRUE)), "a")
  expect_identical(names(subset(p, "a")), "a")
  expect_identical(names(subset(p, 2)), "b")
})

test_that("functions that name their numbers name the columns", {
  skip_without_python()
  r <- small_raster()
  z <- terra::setValues(r[[1]], rep_len(1:2, terra::ncell(r)))
  named <- function(v) c(low = min(v, na.rm = TRUE), high = max(v, na.rm = TRUE))
  plain <- function(v) unname(named(v))
  for (fun in list(function(v) quantile(v, na.rm = TRUE), named, plain)) {
    expect_equal(global(as_py(r), fun), terra::global(r, fun))
  }
  found <- zonal(as_py(r), z, named)
  expect_identical(names(found)[-1L], c("a.low", "a.high", "b.low", "b.high"))
  for (zone in 1:2) {
    by_hand <- as.vector(apply(values(r)[values(z) == zone, ], 2L, named))
    expect_equal(unname(unlist(found[zone, -1L])), by_hand)
  }
  expect_identical(names(zonal(as_py(r), z, plain))[-1L], c("a.1", "a.2", "b.1", "b.2"))
})

test_that("arguments that pyterra lacks are left to terra", {
  skip_without_python()
  x <- terra::rast(nrows = 4, ncols = 4, xmin = 0, xmax = 4, ymin = 0, ymax = 4, vals = 1:16)
  v <- small_points()
  rm(list = intersect("fell back: compareGeom", ls(pyterra:::session)), envir = pyterra:::session)
  expect_message(got <- compareGeom(as_py(x), as_py(x), as_py(x)), "compareGeom: terra does this")
  expect_identical(got, terra::compareGeom(x, x, x))
  expect_equal(suppressMessages(geom(as_py(v), list = TRUE)), geom(v, list = TRUE))
  expect_error(disagg(as_py(x), 2, unknown = 1), "unknown is not an option")
})

test_that("texts in single brackets are names, or what names match", {
  skip_without_python()
  p <- as_py(terra::rast(nrows = 1, ncols = 1, nlyrs = 3, vals = 1:3, names = c("red", "green", "reed")))
  expect_identical(names(p["re"]), c("red", "green", "reed"))
  expect_identical(names(p["^re"]), c("red", "reed"))
  expect_identical(names(p["red"]), "red")
})

test_that("records are replaced with their geometries, and chosen by shapes or by chance", {
  skip_without_python()
  v <- small_points()
  w <- as_py(v)
  w[1, ] <- w[3, ]
  expect_equal(crds(w)[1, ], crds(v)[3, ])
  expect_equal(as.data.frame(w)[1, ], as.data.frame(v)[3, ], ignore_attr = TRUE)
  expect_equal(crds(w)[2:3, ], crds(v)[2:3, ])
  area <- as_py(terra::buffer(v[2], 0.1))
  expect_equal(crds(subset(as_py(v), area)), crds(v[2]))
  expect_identical(nrow(sample(as_py(v), 2)), 2)
})

test_that("cells of rows, columns and layers; sampled records without their cells", {
  skip_without_python()
  p <- as_py(terra::rast(nrows = 2, ncols = 2, nlyrs = 2, vals = 1:8))
  expect_equal(p[cbind(c(1, 2), c(2, 1), c(1, 2))], c(2, 7))
  f <- terra::rast(nrows = 3, ncols = 3, vals = rep(1:3, 3))
  levels(f) <- data.frame(id = 1:3, label = c("a", "b", "c"))
  s <- spatSample(as_py(f), 1, method = "stratified", as.points = TRUE)
  expect_identical(names(s), "label")
  told <- spatSample(as_py(f), 1, method = "stratified", cells = TRUE)
  expect_true(is.factor(told$label))
  expect_equal(as.vector(terra::values(f))[told$cell], as.integer(told$label))
})

test_that("functions of terra that are no generics are those of pyterra where it has them", {
  skip_without_python()
  there <- Filter(pyterra:::is_plain, pyterra:::PLAIN)
  tell <- options(pyterra.tell_fall_back = TRUE)
  on.exit(options(tell))
  x <- terra::rast(nrows = 6, ncols = 6, xmin = 0, xmax = 6, ymin = 0, ymax = 6, crs = "EPSG:32633", vals = (1:36)^2)
  p <- as_py(x)
  slope <- terrain(x, "slope", unit = "radians")
  aspect <- terrain(x, "aspect", unit = "radians")
  own <- list(
    focalMat = list(x, 2), shade = list(slope, aspect, 40, c(0, 90)), same.crs = list(x, "EPSG:32633"), fileBlocksize = list(x)
  )
  for (name in intersect(names(own), there)) {
    given <- own[[name]]
    want <- do.call(getExportedValue("terra", name), given)
    asked <- lapply(given, function(v) if (is(v, "SpatRaster")) as_py(v) else v)
    expect_no_message(got <- do.call(getExportedValue("pyterra", name), asked))
    if (is(want, "SpatRaster")) {
      expect_s4_class(got, "PySpatRaster")
      expect_equal(values(got), values(want), tolerance = 1e-6)
    } else {
      expect_equal(got, want, ignore_attr = name == "fileBlocksize")
    }
  }
  skip_if_not("same.crs" %in% there)
  expect_true(pyterra::same.crs("EPSG:32633", p))
  expect_false(pyterra::same.crs(p, "EPSG:4326"))
})

test_that("ways that pyterra does not have are left to terra", {
  skip_without_python()
  methods <- unlist(lapply(pyterra:::VERBS, function(row) paste(row$generic, names(Filter(function(a) a$fate == "?", row$arguments)))))
  expect_true("mosaic fun" %in% methods)
  row <- pyterra:::row_of("mosaic", "SpatRaster")
  expect_true(pyterra:::needs_terra(row, list(fun = "blend")))
  expect_false(pyterra:::needs_terra(row, list(fun = "mean")))
  expect_identical(names(pyterra:::effective(row, list(fun = "mean"))), "fun")
})

test_that("cells of the size that is given start at a corner of a vector", {
  skip_without_python()
  v <- small_points()
  for (res in c(0.3, 0.7)) expect_equal(as.vector(ext(rast(as_py(v), res = res))), as.vector(ext(rast(v, res = res))))
  expect_equal(dim(rast(as_py(v), nrows = 3, ncols = 5, nlyrs = 2)), c(3, 5, 2))
})

test_that("functions with several numbers make a matrix of extract()", {
  skip_without_python()
  r <- small_raster()
  area <- terra::buffer(terra::vect(cbind(1:2, 1)), 0.7)
  several <- function(v, ...) c(min(v, ...), max(v, ...))
  want <- terra::extract(r, area, several, na.rm = TRUE)
  got <- extract(as_py(r), as_py(area), several, na.rm = TRUE)
  expect_true(is.matrix(got)) # 1.7-3 gives a table
  expect_equal(as.vector(as.matrix(got)), as.vector(as.matrix(want)))
  expect_s3_class(extract(as_py(r), as_py(area), function(v) sum(v)), "data.frame")
})

test_that("extract() counts with table, and gives a matrix of ranges and of plain numbers", {
  skip_without_python()
  r <- small_raster()[[1]]
  area <- terra::buffer(small_points(), 1.2)
  p <- as_py(r)
  v <- as_py(area)
  each <- extract(p, v)
  counts <- extract(p, v, fun = table)
  expect_equal(names(counts), c("ID", names(r), "count"))
  known <- each[!is.na(each[[2]]), ]
  expect_equal(sum(counts$count), nrow(known))
  expect_equal(counts$ID, unique(known[order(known[[1]], known[[2]]), ])$ID)
  expect_equal(extract(p, v, raw = TRUE), as.matrix(each, rownames.force = FALSE))
  expect_true(is.matrix(extract(p, v, fun = range, na.rm = TRUE)))
  expect_s3_class(extract(p, as_py(small_points()), fun = range, na.rm = TRUE), "data.frame")
})
