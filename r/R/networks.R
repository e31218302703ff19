# Networks of lines, and vectors that stay in their files.
#' @include by_hand.R metadata.R
NULL

# A function that older versions of terra do not have.
newer <- function(name) get(name, TERRA)

# Edges are handed over as they are, each with its weight; nothing is cut or merged again.
network_to_terra <- function(x) {
  edges <- as_terra(newer("net_edges")(x))
  weights <- if (is.null(newer("net_weights")(x))) FALSE else "weight"
  newer("netw")(edges, merge = FALSE, directed = newer("net_directed")(x), weights = weights)
}

network_to_py <- function(x) {
  edges <- newer("net_edges")(x)
  weights <- if (nrow(edges)) newer("net_weights")(x)
  edges <- if (nrow(edges)) without_own_columns(edges) else ask("function", "vect", list(), list(crs = crs(x)))
  named <- list(merge = FALSE, directed = newer("net_directed")(x), weights = if (is.null(weights)) FALSE else "weight")
  ask("function", "netw", list(edges), named)
}

# The columns that a network makes of its own are made again.
without_own_columns <- function(edges) edges[, setdiff(names(edges), c("from_node", "to_node", "source_id", "length"))]

proxy_to_py <- function(x) {
  parts <- strsplit(terra::sources(x), "::", fixed = TRUE)[[1L]]
  py_vect(parts[[1L]], layer = if (length(parts) > 1L) parts[[2L]], proxy = TRUE)
}

for (class in intersect(c("PySpatNetwork", "PySpatVectorProxy"), PY_CLASS)) by_hand("crs", class, crs_of)
rm(class)

by_hand("netw", "PySpatVector", function(x, snap = 0, merge = TRUE, directed = FALSE, weights = TRUE, ...) {
  weights <- if (is.numeric(weights)) as_vector(weights) else weights
  ask("function", "netw", list(x), list(snap = snap, merge = merge, directed = directed, weights = weights))
})
by_hand("netw", "PySpatNetwork", function(x, ...) x)
by_hand("nrow", "PySpatVectorProxy", function(x) dim(x)[[1L]])
by_hand("ncol", "PySpatVectorProxy", function(x) dim(x)[[2L]])
