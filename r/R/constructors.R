# Constructors that take objects of Python, and what hides them from dispatch: lists, and what follows the first argument.
#' @include coerce.R collections.R extent.R index.R
NULL

# Templates have no values, so that nothing travels; terra fits cells into extents of vectors otherwise than into those alone.
by_hand("rast", "PySpatExtent", function(x, ...) as_py(terra::rast(as_terra(x), ...)))
by_hand("rast", "PySpatVector", function(x, type = "", ...) {
  if (nzchar(type)) {
    stop_plain("rast: type must be \"\", for the extent and the system of the vector; got \"", type, "\"; use rasterize() for values")
  }
  as_py(terra::rast(as_terra(as.polygons(ext(x), crs = crs(x))), ...))
})
by_hand("vect", "PySpatExtent", function(x, crs = "") as.polygons(x, crs = crs))

# Shapes of other packages, and points of a table of coordinates, on a raster of Python.
rasterize_points <- function(x, y, values = 1, fun, ..., background = NA, update = FALSE, filename = "", overwrite = FALSE, wopt = list()) {
  fields <- if (length(dim(values)) == 2L) as.data.frame(values) else data.frame(values = values)
  records <- vect(as.matrix(x), atts = fields[rep_len(seq_len(nrow(fields)), nrow(x)), , drop = FALSE], crs = crs(y))
  fun <- if (missing(fun)) "last" else fun
  rasterize(as_py(records), y, names(fields), fun = fun, ..., background = background, update = update, filename = filename, overwrite = overwrite, wopt = wopt)
}
if (has_generic("rasterize")) {
  setMethod("rasterize", c("matrix", "PySpatRaster"), function(x, y, ...) rasterize_points(x, y, ...))
  setMethod("rasterize", c("data.frame", "PySpatRaster"), function(x, y, ...) rasterize_points(x, y, ...))
  setMethod("rasterize", c("ANY", "PySpatRaster"), function(x, y, ...) rasterize(as_py(x), y, ...))
}

holds_py <- function(x) is(x, "PySpat") || (is.list(x) && !is.object(x) && any(vapply(x, holds_py, NA)))

# What becomes of members of which some are of Python; the others follow them there.
HELD <- list(
  rast = function(members) {
    made <- do.call(c, lapply(unname(members), as_py))
    if (any(nzchar(names_of(members)))) names(made) <- rep(names_of(members), vapply(members, nlyr, 0))
    made
  },
  vect = function(members) do.call(rbind, lapply(unname(members), as_py)),
  c = function(members) do.call(c, lapply(members, as_py))
)
for (constructor in unname(COLLECTIONS)) local({
  constructor <- constructor
  HELD[[constructor]] <<- function(members) as_members(constructor, members, names_of(members))
})

# terra's own method, but where objects of Python are among what it is given.
among_others <- function(generic, class) {
  theirs <- if (isGeneric(generic, where = TERRA)) selectMethod(generic, class, optional = TRUE)
  if (is(theirs, "MethodDefinition")) {
    add_method(generic, class, function(x, given) {
      if (!holds_py(x) && !any(vapply(given, holds_py, NA))) {
        return(apply_to(theirs, c(list(x), given)))
      }
      HELD[[generic]](if (is.list(x)) c(x, given) else c(list(x), given))
    })
  }
}
for (generic in c("rast", "vect", unname(COLLECTIONS))) among_others(generic, "list")
for (generic in c("c", "sds", "sprc")) among_others(generic, "SpatRaster")
for (generic in c("c", "svc")) among_others(generic, "SpatVector")
# Files stay terra's, also where an object of Python says what is read of them.
for (generic in c("rast", "vect")) local({
  theirs <- selectMethod(generic, "character")
  add_method(generic, "character", function(x, given) {
    apply_to(theirs, c(list(x), lapply(given, function(v) if (is(v, "PySpat")) as_terra(v) else v)))
  })
})
rm(constructor, generic)

# An object of terra keeps its class when it takes up an extent of Python.
if (has_generic("ext<-")) {
  setMethod("ext<-", c("SpatRaster", "PySpatExtent"), function(x, value) {
    ext(x) <- as_terra(value)
    x
  })
}

# sf's own generic, where sf is there.
#' @exportS3Method sf::st_as_sf
st_as_sf.PySpatVector <- function(x, ...) getExportedValue("sf", "st_as_sf")(as_terra(x), ...)

# sf would answer that there is no reference system.
#' @exportS3Method sf::st_crs
st_crs.PySpat <- function(x, ...) {
  known <- if (is(x, "PySpatExtent")) "" else crs(x)
  getExportedValue("sf", "st_crs")(if (nzchar(known)) known else NA)
}

#' @exportS3Method sf::st_bbox
st_bbox.PySpat <- function(obj, ...) {
  getExportedValue("sf", "st_bbox")(edges_of(ext(obj)), crs = getExportedValue("sf", "st_crs")(obj))
}
