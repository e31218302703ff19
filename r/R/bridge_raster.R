# SpatRaster as a header and, where the values are not a file's own, blocks of rows of doubles.
# A block is laid out as terra reads it: cell after cell, then layer after layer. numpy's (layer, row, col) is the same.

BLOCK_VALUES <- 2^20

# What an object is: "nothing", "raster", "vector", "extent", "dataset", "collection", "vectors", "table"; "" = nothing of these.
kind_of <- function(x) {
  if (is.null(x)) return("nothing")
  kinds <- c(SpatRaster = "raster", SpatVector = "vector", SpatExtent = "extent", SpatRasterDataset = "dataset",
             SpatRasterCollection = "collection", SpatVectorCollection = "vectors")
  for (name in names(kinds)) if (inherits(x, name)) return(kinds[[name]])
  if (any(startsWith(class(x), "PackedSpat"))) return("packed")
  if (inherits(x, c("sf", "sfc", "Spatial"))) return("foreign vector")
  if (inherits(x, c("Raster", "stars"))) return("foreign raster")
  if (is.data.frame(x)) return("table")
  ""
}

# Objects of other packages, and packed ones, as terra's.
as_terra_object <- function(x) {
  switch(kind_of(x),
         packed = terra::unwrap(x),
         "foreign vector" = terra::vect(x),
         "foreign raster" = terra::rast(x),
         x)
}

# The members of a dataset or a collection, and their names.
members_of <- function(x) {
  labels <- names(x)
  list(lapply(seq_along(x), function(i) x[i]), if (length(labels) == length(x)) labels else rep("", length(x)))
}

# A dataset or a collection of members.
gathered <- function(kind, members, labels) {
  x <- switch(kind, dataset = terra::sds(members), collection = terra::sprc(members), vectors = terra::svc(members))
  if (any(nzchar(labels))) names(x) <- labels
  x
}

rows_per_block <- function(ncol, nlyr) max(1L, as.integer(floor(BLOCK_VALUES / (as.double(ncol) * nlyr))))

describe_raster <- function(x) {
  n <- terra::nlyr(x)
  sources <- terra::sources(x, bands = TRUE)
  of_source <- source_of_layers(x)
  values <- terra::hasValues(x)
  known <- values && all(terra::hasMinMax(x))
  to_json(list(
    schema = one(SCHEMA),
    grid = list(nrow = one(terra::nrow(x)), ncol = one(terra::ncol(x)), extent = as.vector(terra::ext(x)),
                crs = one(terra::crs(x))),
    has_values = one(values),
    layers = c(
      list(name = names(x), long_name = terra::longnames(x)[of_source],
           variable = terra::varnames(x)[of_source], unit = terra::units(x), depth = depths(x),
           depth_name = depth_word("depthName", x), depth_unit = depth_word("depthUnit", x),
           integer = terra::is.int(x), kind = ifelse(terra::is.factor(x), "factor", ifelse(terra::is.bool(x), "bool",
                         ifelse(terra::is.int(x), "int", "num"))),
           range = if (known) unname(split(terra::minmax(x), rep(seq_len(n), each = 2)))),
      with(times(x), list(time = time, step = one(step), zone = one(zone))),
      list(categories = categories_of(x), colors = colors_of(x), channels = channels_of(x))
    ),
    files = if (values) files_of(x, sources)
  ))
}

depths <- function(x) {
  found <- as.double(terra::depth(x))
  if (any(found != 0, na.rm = TRUE)) found
}

# The source of each layer, from 1: names of variables are those of sources. One file may be several, a variable each.
source_of_layers <- function(x) {
  counts <- terra::sources(x, nlyr = TRUE)$nlyr
  if (sum(counts) == terra::nlyr(x)) rep(seq_along(counts), counts) else rep(1L, terra::nlyr(x))
}

# What depths are called, and their unit, for each layer. Earlier versions of terra do not know it.
depth_word <- function(verb, x) {
  if (verb %in% getNamespaceExports("terra")) rep_len(as.character(getExportedValue("terra", verb)(x)), terra::nlyr(x))
}

with_depth_word <- function(x, verb, words) {
  now <- depth_word(verb, x)
  if (is.null(now) || !length(words) || identical(now[1], words[1])) return(x)
  getExportedValue("terra", paste0(verb, "<-"))(x, value = words[1])
}

# Times as numbers: seconds or days since 1970, or years, months, years with fractions, raw numbers.
times <- function(x) {
  info <- terra::timeInfo(x)
  if (!info$time[1]) return(list(time = NULL, step = "", zone = ""))
  list(time = as.double(terra::time(x)), step = info$step[1], zone = if (is.na(info$zone[1])) "" else info$zone[1])
}

categories_of <- function(x) {
  if (!any(terra::is.factor(x))) return(NULL)
  tables <- terra::cats(x)
  active <- terra::activeCat(x, 0)
  lapply(seq_along(tables), function(i) {
    table <- tables[[i]]
    if (!is.data.frame(table)) return(NULL)
    list(names = names(table), types = unname(vapply(table, plain_type, "")),
         columns = unname(lapply(table, function(v) if (is.factor(v)) as.character(v) else v)),
         active = one(active[i] - 1L))
  })
}

plain_type <- function(x) {
  if (is.factor(x) || is.character(x)) "text" else if (is.logical(x)) "logical"
  else if (is.integer(x)) "integer" else "double"
}

colors_of <- function(x) {
  if (!any(terra::has.colors(x))) return(NULL)
  lapply(terra::coltab(x), function(table) {
    if (!is.data.frame(table)) return(NULL)
    unname(lapply(table[, 1:5], as.integer))
  })
}

# Which layers are red, green, blue (and alpha), from 0.
channels_of <- function(x) {
  found <- terra::RGB(x)
  if (length(found)) as.integer(found) - 1L
}

# Path and band of every layer, where all values are those of files; else NULL. `plain` where they are the files' as they
# are: then they are read where they are wanted. Values under a flag for NA or a window travel; the path serves to come back.
files_of <- function(x, sources = terra::sources(x, bands = TRUE)) {
  if (nrow(sources) != terra::nlyr(x) || any(sources$source == "") || !all(file.exists(sources$source))) return(NULL)
  paths <- normalizePath(sources$source)
  scoff <- terra::scoff(x)
  flag <- terra::NAflag(x)
  window <- any(terra::window(x))
  list(path = paths, band = as.integer(sources$bands) - 1L, scale = as.double(scoff[, 1]),
       offset = as.double(scoff[, 2]), flag = as.double(flag), window = one(window),
       plain = one(!window && all(is.nan(flag))))
}

# Values out: open_values(x), then read_values(x, row, nrows) for rows from 1, then close_values(x).

open_values <- function(x) invisible(terra::readStart(x))

read_values <- function(x, row, nrows) {
  as.double(terra::readValues(x, row, nrows, 1, terra::ncol(x), mat = FALSE))
}

close_values <- function(x) invisible(terra::readStop(x))

# Rasters in.

template <- function(header) {
  grid <- header$grid
  terra::rast(nrows = grid$nrow, ncols = grid$ncol, nlyrs = length(header$layers$name), xmin = grid$extent[1],
              xmax = grid$extent[2], ymin = grid$extent[3], ymax = grid$extent[4], crs = grid$crs)
}

# A raster without values, or over the files that the header names.
build_raster <- function(json) {
  header <- read_header(json)
  if (!header$has_values) return(annotated(template(header), header))
  files <- header$files
  run <- cumsum(c(TRUE, files$path[-1] != files$path[-length(files$path)]))
  parts <- lapply(split(seq_along(files$path), run), opened, files = files, grid = header$grid)
  annotated(do.call(c, unname(parts)), header)
}

# The bands `i` of the header, from one file, with the settings that R keeps beside files.
opened <- function(i, files, grid) {
  part <- terra::rast(files$path[i[1]])[[files$band[i] + 1]]
  if (isTRUE(files$window)) terra::window(part) <- terra::ext(grid$extent)
  if (terra::nrow(part) != grid$nrow || terra::ncol(part) != grid$ncol) {
    stop("R reads another grid from ", files$path[i[1]], call. = FALSE)
  }
  if (!isTRUE(files$window)) terra::ext(part) <- terra::ext(grid$extent)
  if (terra::crs(part) != grid$crs) terra::crs(part) <- grid$crs
  scoff <- cbind(files$scale[i], files$offset[i])
  if (any(unname(terra::scoff(part)) != scoff)) terra::scoff(part) <- scoff
  flag <- files$flag
  if (length(flag) && !anyNA(flag)) terra::NAflag(part) <- flag[1]
  part
}

# start_raster(json), then write_rows(state, values, row, nrows) for rows from 1 in order, then finish_raster(state).

start_raster <- function(json) {
  state <- new.env()
  state$header <- read_header(json)
  layers <- state$header$layers
  if (anyNA(as.double(layers$time))) layers$time <- NULL # layers joined for their times are several sources: not for rows
  state$raster <- described(template(state$header), layers)
  terra::writeStart(state$raster, filename = "", datatype = "FLT8S")
  state
}

write_rows <- function(state, values, row, nrows) {
  terra::writeValues(state$raster, as.double(values), row, nrows)
  invisible(TRUE)
}

finish_raster <- function(state) annotated(terra::writeStop(state$raster), state$header)

# What is known of the layers, put on them: flags first, since setting them drops other things.
annotated <- function(x, header) {
  layers <- header$layers
  file <- length(header$files) > 0L # as.int() and as.bool() would read it whole; its own type is told by the file
  if (header$has_values && !file) x <- flagged(x, ifelse(layers$kind == "factor" & layers$integer, "int", layers$kind))
  if (file) x <- bare(x, layers)
  known <- categories_and_active(x)
  for (i in seq_along(layers$categories)) {
    table <- layers$categories[[i]]
    if (is.null(table)) next
    frame <- as.data.frame(Map(typed, table$columns, table$types), stringsAsFactors = FALSE)
    names(frame) <- table$names
    if (isTRUE(all.equal(known[[i]], list(frame, table$active + 1)))) next
    terra::set.cats(x, layer = i, value = frame, active = table$active + 1)
  }
  for (i in seq_along(layers$colors)) {
    if (is.null(layers$colors[[i]])) next
    frame <- as.data.frame(lapply(layers$colors[[i]], as.integer))
    names(frame) <- c("value", "red", "green", "blue", "alpha")
    terra::coltab(x, layer = i) <- frame
  }
  x <- in_sources(x, layers)
  if (length(layers$channels)) terra::RGB(x) <- layers$channels + 1
  described(x, layers)
}

# A raster of files without the categories and colours that its layers have no more.
bare <- function(x, layers) {
  gone <- function(there, wanted) there & vapply(seq_along(there), function(i) is.null(wanted[[i]]), NA)
  tables <- if (is.null(layers$categories)) vector("list", terra::nlyr(x)) else layers$categories
  colors <- if (is.null(layers$colors)) vector("list", terra::nlyr(x)) else layers$colors
  for (i in which(gone(terra::is.factor(x), tables))) terra::set.cats(x, i, NULL)
  for (i in which(gone(terra::has.colors(x), colors))) terra::coltab(x, layer = i) <- NULL
  if (length(terra::RGB(x)) && !length(layers$channels)) terra::RGB(x) <- NULL
  x
}

# Names, units, times and so on. Only what differs is set: terra copies all values whenever it sets one of them.
described <- function(x, layers) {
  differs <- function(now, wanted) !identical(as.vector(now), as.vector(wanted))
  if (differs(terra::units(x), layers$unit)) terra::units(x) <- layers$unit
  if (length(layers$depth) && differs(terra::depth(x), layers$depth)) terra::depth(x) <- layers$depth
  if (!length(layers$depth) && any(terra::depth(x) != 0, na.rm = TRUE)) terra::depth(x) <- rep(0, terra::nlyr(x))
  if (!length(layers$time) && terra::timeInfo(x)$time[1]) terra::time(x) <- NULL
  if (length(layers$time) && differs(unlist(times(x)), c(as.double(layers$time), layers$step, layers$zone))) {
    x <- dated(x, layers)
  }
  if (length(layers$depth)) {
    x <- with_depth_word(with_depth_word(x, "depthName", layers$depth_name), "depthUnit", layers$depth_unit)
  }
  first <- !duplicated(source_of_layers(x))
  if (differs(terra::varnames(x), layers$variable[first])) terra::varnames(x) <- layers$variable[first]
  if (differs(terra::longnames(x), layers$long_name[first])) terra::longnames(x) <- layers$long_name[first]
  if (differs(names(x), layers$name)) names(x) <- layers$name
  x
}

# The raster with a source for each run of layers of one variable, since names of variables are those of sources.
in_sources <- function(x, layers) {
  called <- paste(layers$variable, layers$long_name, sep = "\r")
  now <- source_of_layers(x)
  if (all(called == called[match(now, now)])) return(x)
  do.call(c, lapply(runs_of(called), function(i) x[[i]]))
}

# The positions of each run of equal words.
runs_of <- function(words) {
  unname(split(seq_along(words), cumsum(c(TRUE, words[-1] != words[-length(words)]))))
}

# Per layer: the table of categories and the active column, as they are now.
categories_and_active <- function(x) {
  if (!any(terra::is.factor(x))) return(vector("list", terra::nlyr(x)))
  Map(list, terra::cats(x), terra::activeCat(x, 0))
}

typed <- function(values, type) {
  if (is.list(values)) values <- unlist(lapply(values, function(v) if (is.null(v)) NA else v))
  switch(type, integer = as.integer(values), double = as.double(values), logical = as.logical(values),
         as.character(values))
}

# Layers flagged as whole numbers or as true and false.
flagged <- function(x, kind) {
  is <- ifelse(terra::is.bool(x), "bool", ifelse(terra::is.int(x), "int", "num"))
  change <- kind %in% c("int", "bool") & kind != is
  if (!any(change)) return(x)
  if (all(kind == kind[1])) return(if (kind[1] == "int") terra::as.int(x) else terra::as.bool(x))
  do.call(c, lapply(runs_of(kind), function(i) {
    layers <- x[[i]]
    if (!any(change[i])) layers else if (kind[i[1]] == "int") terra::as.int(layers) else terra::as.bool(layers)
  }))
}

dated <- function(x, layers) {
  if (!length(layers$time)) return(x)
  number <- as.double(layers$time)
  if (anyNA(number)) { # terra takes no missing times, but has them where layers with and without time are joined
    parts <- lapply(seq_along(number), function(i) {
      if (is.na(number[i])) x[[i]] else dated(x[[i]], list(time = number[i], step = layers$step, zone = layers$zone))
    })
    return(do.call(c, parts))
  }
  switch(layers$step,
    seconds = {
      zone <- if (nzchar(layers$zone)) layers$zone else "UTC"
      terra::time(x) <- as.POSIXct(number, origin = "1970-01-01", tz = zone)
    },
    days = terra::time(x) <- as.Date(number, origin = "1970-01-01"),
    years = terra::time(x, tstep = "years") <- number,
    months = terra::time(x, tstep = "months") <- number,
    yearmonths = {
      month <- round(12 * (number - floor(number)))
      terra::time(x, tstep = "yearmonths") <- as.Date(ISOdate(floor(number), month + 1, 1))
    },
    terra::time(x) <- number
  )
  x
}
