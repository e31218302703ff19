# Extents: edges by name and number, and new ones with other edges.
#' @include by_hand.R
NULL

EDGES <- c("xmin", "xmax", "ymin", "ymax")

edges_of <- function(x) stats::setNames(unlist(special("edges", x)), EDGES)

by_hand("ext", "PySpatExtent", function(x) x)
by_hand("as.vector", "PySpatExtent", function(x, mode = "any") edges_of(x))
by_hand("as.character", "PySpatExtent", function(x) {
  paste0("ext(", paste(edges_of(x), collapse = ", "), ")")
})

with_edges <- function(edges) ask("function", "ext", unname(as.list(edges)))

setMethod("[", "PySpatExtent", function(x, i, j, ..., drop = TRUE) if (missing(i)) edges_of(x) else edges_of(x)[i])
setMethod("$", "PySpatExtent", function(x, name) edges_of(x)[match.arg(name, EDGES)])
setMethod("[<-", "PySpatExtent", function(x, i, j, ..., value) {
  edges <- edges_of(x)
  edges[i] <- value
  with_edges(edges)
})
setMethod("$<-", "PySpatExtent", function(x, name, value) {
  edges <- edges_of(x)
  edges[[match.arg(name, EDGES)]] <- value
  with_edges(edges)
})

for (side in EDGES) local({
  side <- side
  by_hand(paste0(side, "<-"), "PySpatExtent", function(x, value) {
    edges <- edges_of(x)
    edges[[side]] <- value
    with_edges(edges)
  })
})
rm(side)
