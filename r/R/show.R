# Printing, and pictures: terra itself draws, with what a picture of its size can show.
#' @include by_hand.R
NULL

show_py <- function(object) {
  if (is_alive(object)) {
    text <- special("shown", object)
    cat(sub("^class( +): Spat", "class\\1: PySpat", text), sep = "\n")
  } else {
    cat("class       :", class(object), "(of a session that has ended)\n")
  }
  invisible(object)
}

# Objects of Python do not outlive their session: after readRDS() or load() there is only the shell.
is_alive <- function(object) {
  py <- object@py
  inherits(py, "python.builtin.object") && !reticulate::py_is_null_xptr(py)
}

for (class in unname(PY_CLASS)) {
  setMethod("show", class, show_py)
}
rm(class)

#' @export
print.PySpat <- function(x, ...) show_py(x)

MAXCELL <- 500000

# An object as terra draws it: rasters with about as many cells as the picture shows, read at that resolution.
drawable <- function(x, maxcell = MAXCELL) {
  if (!is(x, "PySpatRaster")) {
    return(as_terra(x))
  }
  as_terra(if (ncell(x) > maxcell) spatSample(x, maxcell, method = "regular", as.raster = TRUE, warn = FALSE) else x)
}

# terra's function with every object of Python as terra's.
draw <- function(name, x, given) apply_to(get(name, TERRA), drawn_from(x, given))

drawn_from <- function(x, given) {
  maxcell <- if (is.null(given$maxcell)) MAXCELL else given$maxcell
  given <- lapply(given, function(v) if (is(v, "PySpat")) drawable(v, maxcell) else v)
  c(list(drawable(x, maxcell)), given)
}

# plot(): what stands for `fun` is evaluated when terra comes to it, once the map is there.
plot_py <- function(x, y, ...) {
  names <- if (is.null(...names())) rep("", ...length()) else ...names()
  later <- which(names %in% "fun")
  given <- if (missing(y)) list() else list(y)
  for (i in setdiff(seq_len(...length()), later)) {
    given <- c(given, stats::setNames(list(...elt(i)), names[[i]]))
  }
  if (!length(later)) {
    return(draw("plot", x, given))
  }
  delayedAssign("fun", ...elt(later))
  shown <- drawn_from(x, given)
  parts <- lapply(seq_along(shown), function(i) call("[[", quote(shown), i))
  eval(as.call(c(quote(terra::plot), stats::setNames(parts, names(shown)), list(fun = quote(fun)))))
}

for (row in VERBS) {
  if (row$do == "terra" && row$class %in% names(PY_CLASS) && has_generic(row$generic)) local({
    name <- row$generic
    second <- getGeneric(name, where = TERRA)@signature
    others <- if (length(second) > 1L && row$class == "SpatRaster") c("numeric", "character", "missing", "PySpatRaster")
    for (signature in c(PY_CLASS[[row$class]], lapply(others, function(other) c("PySpatRaster", other)))) {
      if (name == "plot") {
        setMethod(name, signature, plot_py)
      } else {
        add_method(name, signature, bquote(draw(.(name))))
      }
    }
  })
}
rm(row)
