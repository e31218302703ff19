# What is known of layers beside their values: times, categories, colours, units. terra itself does it, on a raster of one
# cell with the same layers, so that its forms and its checks are terra's own.
#' @include by_hand.R
NULL

# terra's functions are asked for by name: a generic that a method held would be saved with all of its methods.

# The layers of a raster on one cell, without values.
layers_in_terra <- function(x) build_raster(special("layers", x))

# Puts what is known of the layers of one cell onto a raster.
with_layers <- function(x, layers) {
  force(layers)
  special("with_layers", x, describe_raster(layers))
}

for (name in c("time", "timeInfo", "cats", "levels", "activeCat", "coltab", "has.colors", "varnames", "longnames", "RGB")) local({
  name <- name
  by_hand(name, "PySpatRaster", function(x, ...) get(name, TERRA)(layers_in_terra(x), ...))
})

by_hand("activeCat<-", "PySpatRaster", function(x, layer = 1, value) {
  if (length(value) != 1L || is.na(value)) {
    stop_plain("activeCat<-: value must be a category, by name or number, got ", if (length(value)) toString(value) else "nothing")
  }
  layers <- layers_in_terra(x)
  activeCat(layers, layer = layer) <- value
  with_layers(x, layers)
})

for (name in c("time<-", "levels<-", "coltab<-", "varnames<-", "units<-", "depth<-", "longnames<-", "RGB<-")) local({
  name <- name
  by_hand(name, "PySpatRaster", function(x, ...) with_layers(x, get(name, TERRA)(layers_in_terra(x), ...)))
})
rm(name)

for (name in c("categories", "addCats")) local({
  name <- name
  by_hand(name, "PySpatRaster", function(x, ...) with_layers(x, get(name, TERRA)(layers_in_terra(x), ...)))
})
rm(name)

crs_of <- function(x, ...) {
  text <- ask("get", "crs", list(x))
  if (is.null(text)) {
    return(crs(rast(nrows = 1L, ncols = 1L, crs = ""), ...))
  }
  key <- paste("crs", text)
  if (is.null(session[[key]])) {
    session[[key]] <- rast(nrows = 1L, ncols = 1L, crs = text)
  }
  crs(session[[key]], ...)
}
by_hand("crs", "PySpatRaster", crs_of)
by_hand("crs", "PySpatVector", crs_of)

# What changes an object wherever it is known, in all variables that share it.
in_place <- function(generic, class, f) {
  by_hand(generic, class, function(x, ...) {
    special("become", x, f(x, ...))
    invisible(TRUE)
  })
}

set_some_names <- function(x, value, index = seq_along(names(x)), validate = FALSE) {
  known <- names(x)
  known[index] <- value
  names(x) <- if (validate) make.names(known, unique = TRUE) else known
  x
}
set_crs <- function(x, value) {
  crs(x) <- value
  x
}
set_ext <- function(x, value) {
  ext(x) <- value
  x
}
set_cats <- function(x, layer = 1, value, active = 1) {
  layers <- layers_in_terra(x)
  set.cats(layers, layer = layer, value = value, active = active)
  with_layers(x, layers)
}

for (class in c("PySpatRaster", "PySpatVector")) {
  in_place("set.names", class, set_some_names)
  in_place("set.crs", class, set_crs)
}
rm(class)
set_picture <- function(x, ...) {
  layers <- layers_in_terra(x)
  set.RGB(layers, ...)
  with_layers(x, layers)
}
# Names and texts in terra's form.
tags_of <- function(x, layer = NULL, name = NULL) {
  if (is.null(layer)) {
    told <- matrix(as.character(unlist(special("shared_tags", x))), ncol = 3L, byrow = TRUE)
    frame <- data.frame(name = told[, 1L], value = told[, 2L], domain = told[, 3L])
  } else {
    told <- ask("call", "metags", list(x), list(layer = place_of_layer(layer)))
    frame <- data.frame(name = as.character(names(told)), value = as.character(unlist(told, use.names = FALSE)))
    frame <- cbind(layer = rep(layer, nrow(frame)), frame)
  }
  if (is.null(name)) frame else frame[frame$name %in% name, , drop = FALSE]
}

place_of_layer <- function(layer) if (is.numeric(layer)) layer - 1 else layer

# Name, text and domain of each tag: from columns, named texts, or "domain:name=text".
told_tags <- function(value, domain) {
  if (is.data.frame(value) || is.matrix(value)) {
    value <- as.data.frame(value)
    if (ncol(value) > 3L) {
      stop_plain("metags<-: value must have two or three columns, name, value and domain, got ", ncol(value))
    }
    return(list(as.character(value[[1L]]), as.character(value[[2L]]), if (ncol(value) == 3L) as.character(value[[3L]]) else domain))
  }
  if (!is.null(names(value))) {
    return(list(names(value), as.character(value), domain))
  }
  value <- ifelse(grepl("=", value, fixed = TRUE), value, paste0(value, "="))
  parts <- unlist(creation_options(value))
  own <- grepl(":", names(parts), fixed = TRUE)
  list(sub("^[^:]*:", "", names(parts)), unname(parts), ifelse(own, sub(":.*", "", names(parts)), domain))
}

with_tags <- function(x, ..., layer = NULL, domain = "", value) {
  layer <- if (!is.null(layer)) place_of_layer(layer)
  if (is.null(value)) {
    return(ask("call", "set_metags", list(x, NULL), list(layer = layer)))
  }
  told <- told_tags(value, domain)
  # A text without letters takes its name away. Layers have no domains: what is said of one is dropped, as in terra.
  texts <- lapply(told[[2L]], function(text) if (!is.na(text) && nzchar(text)) text)
  domains <- if (is.null(layer)) rep_len(told[[3L]], length(texts)) else rep_len("", length(texts))
  domains[is.na(domains)] <- ""
  for (one in unique(domains)) {
    here <- domains == one
    x <- ask("call", "set_metags", list(x, stats::setNames(texts[here], told[[1L]][here])), list(layer = layer, domain = one))
  }
  x
}
by_hand("metags", "PySpatRaster", tags_of)
by_hand("metags<-", "PySpatRaster", with_tags)
by_hand("has.time", "PySpatRaster", function(x) any(!is.na(time(x))))
# What stands in a file is changed there; the raster is that of the file as it is then.
by_hand("update", "PySpatRaster", function(object, crs = FALSE, extent = FALSE, names = FALSE, cells = NULL, values = NULL, layer = 0) {
  if (is.numeric(layer)) {
    layer <- if (all(layer > 0)) as.list(layer - 1)
  }
  cells <- if (!is.null(cells)) cells - 1
  asked <- list(crs = crs, extent = extent, names = names, cells = cells, values = values, layer = layer)
  special("become", object, ask("call", "update", list(object), asked))
  invisible(object)
})
in_place("set.RGB", "PySpatRaster", set_picture)
by_hand("setMinMax", "PySpatRaster", function(x, force = FALSE) {
  special("become", x, ask("call", "set_minmax", list(x, force)))
  invisible(x)
})
in_place("set.ext", "PySpatRaster", set_ext)
in_place("set.cats", "PySpatRaster", set_cats)
