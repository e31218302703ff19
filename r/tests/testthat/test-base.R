# Functions of base, stats and utils on objects of Python: the right answer, or a stop; never an answer for the shell.

objects <- function() {
  r <- small_raster()
  list(PySpatRaster = as_py(r), PySpatVector = as_py(small_points()), PySpatExtent = as_py(terra::ext(r)), PySpatRasterDataset = sds(as_py(r), as_py(r)))
}

meaningless <- "has no meaning for a PySpat"

test_that("every generic of R's own packages answers by a method of its own, is known to be right, or stops", {
  skip_without_python()
  given <- objects()
  without <- answering <- character()
  for (package in names(pyterra:::GENERICS_OF_R)) {
    for (name in pyterra:::GENERICS_OF_R[[package]]) {
      for (class in names(given)) {
        method <- utils::getS3method(name, class, optional = TRUE)
        if (!is.function(method)) {
          without <- c(without, paste(name, class))
        } else if ("stop_of_r" %in% all.names(body(method)) && is.null(pyterra:::generic_for(name, class))) {
          failure <- tryCatch(method(given[[class]]), error = identity)
          if (!inherits(failure, "error") || !grepl(meaningless, conditionMessage(failure))) answering <- c(answering, paste(name, class))
        }
      }
    }
  }
  expect_identical(without, character())
  expect_identical(answering, character())
  covered <- c(unlist(pyterra:::GENERICS_OF_R), pyterra:::KEPT)
  for (package in c("base", "stats", "utils", "graphics")) {
    space <- asNamespace(package)
    known <- Filter(function(name) is.function(space[[name]]) && isTRUE(unname(tryCatch(utils::isS3stdGeneric(space[[name]]), error = function(e) FALSE))),
                    getNamespaceExports(package))
    expect_identical(setdiff(known, covered), character())
  }
})

test_that("what has no meaning stops in one sentence", {
  skip_without_python()
  p <- as_py(small_raster())
  v <- as_py(small_points())
  e <- ext(p)
  for (use in list(
    function() duplicated(p), function() order(p), function() cut(p, 3), function() sample(p),
    function() ts(p), function() stats::as.ts(p), function() ave(p), function() is.unsorted(p), function() stats::start(p), function() stats::lag(p),
    function() na.omit(p), function() stats::na.exclude(p), function() cbind(p, p), function() rbind(p, 1), function() stats::coef(v),
    function() stats::weights(v), function() stats::fitted(v), function() utils::stack(v), function() rev(e), function() diff(e), function() head(e), function() tail(e),
    function() summary(e), function() scale(e), function() cbind(e, e), function() stats::frequency(p), function() as.Date(p), function() labels(v),
    function() stats::time(v), function() diff(v), function() by(v, 1, length), function() with(p, a), function() pretty(p), function() stats::weights(p), function() ts(v), function() graphics::image(v)
  )) {
    expect_error(use(), meaningless, class = "pyterra_error")
  }
  expect_error(table(p), class = "pyterra_error")
})

test_that("all.equal() and identical() compare geometry, names, and values", {
  skip_without_python()
  r <- small_raster()
  p <- as_py(r)
  expect_true(all.equal(p, p * 1))
  expect_true(all.equal(p, r))
  expect_true(all.equal(p, p + 1e-12))
  expect_identical(all.equal(p, p + 5), all.equal(stats::na.omit(as.vector(values(r))), stats::na.omit(as.vector(values(r))) + 5, check.attributes = FALSE))
  expect_match(all.equal(p, p[[1]]), "2, 1 layers\\) differ")
  expect_match(all.equal(p, shift(p, 1)), "different rows, columns, extents")
  q <- p
  names(q) <- c("a", "z")
  expect_match(all.equal(p, q), "Names")
  expect_match(all.equal(p, subst(p, NA, 0)), "1 cells are missing in one of them")
  expect_match(all.equal(p, 3), "target is PySpatRaster, current is numeric")
  expect_match(all.equal(p, ext(p)), "current is PySpatExtent")
  expect_true(isTRUE(all.equal(1 / (p - p), 1 / (p - p))))
  expect_true(identical(p, p + 0))
  expect_true(identical(p, r) && identical(r, p) && !identical(r, p + 1))
  expect_false(identical(p, p + 1e-12))
  expect_true(identical(1, 1) && !identical(p, 1))
  v <- as_py(small_points())
  expect_true(all.equal(v, small_points()))
  expect_match(all.equal(v, v[3:1]), "geometry", all = FALSE)
  expect_match(all.equal(v, v[1:2]), "3, 2 geometries\\) differ")
  expect_true(identical(ext(p), ext(p)))
  expect_match(all.equal(ext(p), ext(p) + 1), "Mean relative difference")
  expect_true(all.equal(sds(p, p), sds(p, p)))
  expect_match(all.equal(sds(p, p), sds(p, p + 1)), "member 2")
})

test_that("an object of terra may stand first in all.equal()", {
  skip_without_python()
  skip_if_not(isGeneric("all.equal", where = asNamespace("terra")), "terra of this version has no all.equal()")
  r <- small_raster()
  expect_true(all.equal(r, as_py(r)))
  expect_match(all.equal(r, as_py(r)[[1]]), "2, 1 layers\\) differ")
  expect_true(all.equal(small_points(), as_py(small_points())))
})

test_that("layers are put between, records sorted, members listed, layers weighted", {
  skip_without_python()
  p <- as_py(small_raster())
  expect_identical(names(append(p, p[[2]], 1)), c("a", "b", "b"))
  expect_identical(names(append(p, p[[2]], 0)), c("b", "a", "b"))
  expect_identical(names(append(p, p[[1]])), c("a", "b", "a"))
  expect_identical(append(1:2, 3), c(1, 2, 3))
  v <- as_py(small_points())
  expect_identical(sort(v, "n", TRUE)$n, 3:1)
  expect_identical(sort(v, decreasing = TRUE, v = "n")$n, 3:1)
  expect_error(sort(v), "must name columns, got none; there are n, text")
  s <- sds(p, p[[1]])
  expect_identical(lapply(s, nlyr), lapply(as.list(s), nlyr))
  expect_equal(unname(unlist(lapply(sprc(p, p[[1]]), nlyr))), c(2, 1))
  expect_identical(as.list(ext(p))$xmax, 3)
  expect_equal(values(weighted.mean(p, c(1, 3)))[c(1, 6)], c((1.5 + 3 * 7.5) / 4, NA))
  expect_equal(values(weighted.mean(p, c(1, 3), na.rm = TRUE))[6], 12.5)
})

test_that("a cross-table has an axis per layer", {
  skip_without_python()
  r <- terra::rast(nrows = 1, ncols = 4, nlyrs = 3, vals = c(1, 1, 2, NA, 3, 4, 3, 3, 5, 5, 5, 5), names = c("a", "b", "c"))
  expect_equal(as.vector(crosstab(as_py(r))), as.vector(crosstab(r)))
  expect_identical(dimnames(crosstab(as_py(r))), dimnames(crosstab(r)))
  expect_identical(dimnames(crosstab(as_py(r)[[1:2]], useNA = TRUE))$a, c("1", "2", NA))
})

test_that("layers and records are turned round, repeated, split, subtracted and scaled", {
  skip_without_python()
  r <- terra::rast(nrows = 1, ncols = 3, nlyrs = 3, vals = c(1, NA, 3, 4, 5, 6, 9, 8, 7), names = c("a", "b", "c"))
  p <- as_py(r)
  expect_equal(values(rev(p)), values(rev(r)))
  expect_equal(values(diff(p)), cbind(b = c(3, NA, 3), c = c(5, 3, 1))) # as terra 1.9
  expect_equal(values(diff(p, lag = 2)), cbind(c = c(8, NA, 4)))
  expect_error(diff(p, lag = 3), "lag must be above 0 and below the number of layers")
  expect_identical(names(rep(p, 2)), rep(c("a", "b", "c"), 2))
  expect_identical(lapply(split(p, c(1, 2, 1)), names), list(c("a", "c"), "b"))
  expect_equal(values(scale(p)), apply(values(r), 2, scale), ignore_attr = TRUE)
  expect_equal(values(scale(p, FALSE)), apply(values(r), 2, scale, center = FALSE), ignore_attr = TRUE)
  expect_identical(as.vector(p), as.vector(values(r)))
  expect_equal(as.vector(values(anyNA(p))), c(FALSE, TRUE, FALSE))
  expect_equal(as.vector(values(isTRUE(p > 2))[, 1]), c(FALSE, NA, TRUE))
  expect_equal(as.vector(values(isFALSE(p > 2))[, 1]), c(TRUE, NA, FALSE))
  expect_equal(as.vector(values(isFALSE(p))[, 1]), c(FALSE, NA, TRUE)) # what is not 1, as terra 1.9
  v <- as_py(small_points())
  expect_identical(rev(v)$n, 3:1)
  expect_true(anyNA(v))
  expect_equal(vapply(lapply(p, as.vector), sum, 0), c(NA, 15, 24))
  expect_equal(values(Reduce(`+`, p)), values(p[[1]] + p[[2]] + p[[3]]))
  expect_equal(values(Reduce(`+`, p, 10)), values(p[[1]] + p[[2]] + p[[3]] + 10))
  expect_length(Reduce(`+`, p, accumulate = TRUE), 3)
  expect_identical(names(Filter(function(l) names(l) != "b", p)), c("a", "c"))
  expect_identical(names(Find(function(l) names(l) > "a", p)), "b")
  expect_identical(Position(function(l) names(l) > "a", p), 2L)
  expect_identical(Reduce(`+`, 1:3), 6L)
})

test_that("verbs answer where terra is not attached", {
  skip_without_python()
  p <- as_py(small_raster())
  expect_equal(values(base::mean(p)), values(mean(small_raster())))
  expect_s3_class(base::summary(p), "table")
  expect_equal(nrow(base::unique(as_py(small_points()))), 3)
  expect_equal(utils::head(p, 2), head(p, 2))
})

test_that("all.equal() and identical() compare times, units and categories, as terra 1.9", {
  skip_without_python()
  p <- as_py(small_raster())
  q <- p
  terra::time(q) <- as.Date("2020-01-01") + 0:1
  expect_match(all.equal(p, q), "different times")
  expect_false(identical(p, q))
  same <- p
  terra::time(same) <- as.Date("2020-01-01") + 0:1
  expect_true(identical(q, same))
  u <- p
  terra::units(u) <- "m"
  expect_match(all.equal(p, u), "different units")
  f <- as_py(terra::rast(nrows = 1, ncols = 2, vals = 1:2))
  g <- f
  levels(g) <- data.frame(id = 1:2, word = c("a", "b"))
  names(g) <- names(f)
  expect_match(all.equal(f, g), "different categories")
  expect_true(all.equal(g, g))
})
