# Verbs that terra does not have, as functions made from the table of verbs: the layers of a raster as a series of time.
#' @include verb.R table.R classes.R methods.R
NULL

OWN <- Filter(function(row) row$do == "own", VERBS)
names(OWN) <- vapply(OWN, `[[`, "", "generic")

# A function with the arguments of a row, which takes rasters of terra as well; the answer is an object of Python.
own_verb <- function(row) {
  row$do <- "call"
  words <- setdiff(names(Filter(function(a) !a$fixed, row$arguments)), "...")
  collect <- lapply(words, function(word) bquote(if (!missing(.(as.name(word)))) given[.(word)] <- list(.(as.name(word)))))
  run <- function(x, given) {
    if (!is(x, "SpatRaster")) {
      stop_plain(row$generic, ": x must be a SpatRaster, got ", class(x)[[1L]])
    }
    run_verb(row, as_py(x), given)
  }
  formals <- c(alist(x = ), stats::setNames(rep(list(quote(expr = )), length(words)), words), alist(... = ))
  body <- as.call(c(quote(`{`), quote(given <- list()), collect, quote(run(x, c(given, list(...))))))
  eval(call("function", as.pairlist(formals), body), list2env(list(run = run), parent = topenv()))
}

for (row in OWN) assign(row$generic, own_verb(row))
rm(row)

# R has one of this name, for series of its own.
stl <- local({
  of_rasters <- stl
  function(x, ...) if (is(x, "SpatRaster")) of_rasters(x, ...) else stats::stl(x, ...)
})

#' Layers as a series of time
#'
#' Gaps filled, curves smoothed, periods summed up and trends found, cell by cell along the layers of a raster. terra has no
#' such functions. They take rasters of terra and of Python, and give rasters of Python; nothing is computed before values are
#' wanted. Layers have times, or lie in equal steps.
#'
#' * `fill`: gaps filled by any of the ways below, also one after the other: `fill(x, c("swa", "linear"))`, `fill(x, list("swa", list(att_env = 40)))`,
#'   or by a row of what `tune` gives: `fill(x, tune(x)[1, ])`
#' * `tune`: which way suits a series: a data.frame of errors on values that are hidden
#' * `reconstruct`, `swa`: weighted means by season and distance (TSIRF)
#' * `whittaker`, `savitzky_golay`, `harmonic`, `mode_filter`: smooth curves, waves of a year, the most frequent class
#' * `stl`: a season that may change, a trend and what is left; series of R go to `stats::stl`
#' * `season_median`: gaps filled by medians of seasons
#' * `outliers`, `mask_by_bits`: values taken out: far from others, or by a quality layer
#' * `aggregate_time`, `anomaly`: statistics of periods, and what departs from the usual
#' * `trend`, `breakpoints`, `fdr`: lines, Theil and Sen, Mann and Kendall; a break; which of many probabilities are small enough
#' * `phenology`: when seasons begin, peak and end
#'
#' What the arguments mean and which defaults they have is on a page of its own, [series-arguments].
#'
#' @param x A raster of terra or of Python.
#' @param method,methods,season_size,keep_original,hide,share,length,cells,seed,kernel,att_seas,att_env,past,future,present,width,order,vectors,weights,quality,backend,lmbda,na.rm,waves,trend,seasonal,low_pass,degree,robust,what,same,beside,annual,least,flags,sd,probs,product,by,fun,days,long_term,kind,base,deseason,prewhiten,logit,level,threshold
#'   See [series-arguments].
#' @param filename,overwrite,wopt A file for the result, as terra has it.
#' @param ... Nothing more.
#' @return A raster of Python; `tune()` a data.frame.
#' @examplesIf pyterra::py_ready()
#' r <- terra::rast(nrows = 1, ncols = 1, nlyrs = 6, vals = c(1, 5, NA, 6, 3, NA))
#' terra::values(season_median(r, season_size = 2))
#' terra::values(fill(r, "linear"))
#' terra::values(trend(r, "sen", "slope"))
#' @name series
#' @aliases fill tune reconstruct swa whittaker savitzky_golay mode_filter harmonic season_median outliers mask_by_bits aggregate_time
#'   anomaly trend breakpoints fdr phenology stl
#' @evalNamespace sprintf("export(%s)", names(OWN))
NULL
