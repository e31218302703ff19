# Networks of lines, and vectors that stay in their files.

crossing <- function() {
  v <- terra::vect(c("LINESTRING (0 0, 10 10)", "LINESTRING (0 10, 10 0)", "LINESTRING (10 10, 20 10)"), crs = "EPSG:32633")
  v$name <- c("a", "b", "c")
  v
}

# A network without the order of its edges.
told_of <- function(net) {
  edges <- as.data.frame(net_edges(net))
  list(nodes = net_nnodes(net), edges = net_nedges(net), directed = net_directed(net), length = sort(edges$length),
       weight = sort(net_weights(net)), name = sort(edges$name), degree = sort(net_nodes(net)$degree))
}

test_that("networks are those of terra", {
  skip_without_python()
  skip_if_not("PySpatNetwork" %in% pyterra:::PY_CLASS, "terra of this version has no networks")
  for (given in list(list(), list(merge = FALSE), list(directed = TRUE), list(weights = c(1, 2, 3, 4, 5), merge = FALSE))) {
    own <- do.call(terra::netw, c(list(crossing()), given))
    net <- do.call(terra::netw, c(list(as_py(crossing())), given))
    expect_s4_class(net, "PySpatNetwork")
    expect_equal(told_of(net), told_of(own))
    expect_equal(told_of(as_py(own)), told_of(own))
    expect_equal(told_of(as_terra(net)), told_of(own))
    expect_equal(as.vector(ext(net)), as.vector(ext(own)))
    expect_identical(crs(net, describe = TRUE)$code, "32633")
  }
  expect_identical(terra::netw(net), net)
  expect_error(terra::netw(as_py(small_points())), "lines")
})

test_that("nodes, edges and ways are numbered from 1; weights are set", {
  skip_without_python()
  skip_if_not("PySpatNetwork" %in% pyterra:::PY_CLASS, "terra of this version has no networks")
  net <- terra::netw(as_py(crossing()), merge = FALSE)
  edges <- as.data.frame(net_edges(net))
  expect_equal(range(edges$from_node, edges$to_node), c(1, net_nnodes(net)))
  expect_identical(edges$name, crossing()$name[edges$source_id])
  way <- shortestPath(net, from = 1, to = seq_len(net_nnodes(net)))
  expect_equal(way$from, rep(1, net_nnodes(net)))
  expect_equal(way$to, seq_len(net_nnodes(net)))
  expect_equal(way$distance[[1L]], 0)
  net_weights(net) <- NULL
  expect_null(net_weights(net))
  net_weights(net) <- seq_len(net_nedges(net))
  expect_equal(net_weights(net), seq_len(net_nedges(net)))
  expect_error(net_weights(net) <- 1:2, "weights")
  expect_output(print(net), "PySpatNetwork")
  expect_error(mean(net), class = "pyterra_error")
})

test_that("as() makes of objects of Python what it makes of those of terra", {
  skip_without_python()
  expect_identical(as(as_py(small_raster()), "data.frame"), as(small_raster(), "data.frame"))
  expect_equal(as(as_py(small_points()), "data.frame"), as(small_points(), "data.frame"))
  skip_if_not("PySpatNetwork" %in% pyterra:::PY_CLASS, "terra of this version has no networks")
  expect_s4_class(as(as_py(crossing()), "SpatNetwork"), "PySpatNetwork")
  skip_if_not_installed("igraph")
  net <- terra::netw(as_py(crossing()))
  expect_equal(igraph::vcount(as(net, "igraph")), net_nnodes(net))
})

test_that("proxies are queried as those of terra", {
  skip_without_python()
  file <- withr::local_tempfile(fileext = ".shp") # of other files, terra may give attributes alone where vars are told
  terra::writeVector(small_points(), file)
  own <- terra::vect(file, proxy = TRUE)
  proxy <- as_py(own)
  expect_s4_class(proxy, "PySpatVectorProxy")
  expect_of_terra(as_terra(proxy), "SpatVectorProxy")
  expect_identical(c(dim(proxy), nrow(proxy), ncol(proxy)), c(dim(own), nrow(own), ncol(own)))
  expect_identical(names(proxy), names(own))
  expect_identical(geomtype(proxy), geomtype(own))
  expect_equal(as.vector(ext(proxy)), as.vector(ext(small_points())))
  expect_output(print(proxy), "PySpatVectorProxy")
  for (asked in list(list(), list(start = 2, n = 1), list(where = "n > 1", vars = "text"), list(extent = ext(1.5, 2.5, 1.5, 2.5)))) {
    got <- do.call(query, c(list(proxy), asked))
    want <- do.call(query, c(list(own), asked))
    expect_s4_class(got, "PySpatVector")
    expect_equal(as.data.frame(got), as.data.frame(want))
    expect_equal(crds(got), crds(want), ignore_attr = TRUE)
  }
  expect_error(query(proxy, vars = "none"), "none")
})
