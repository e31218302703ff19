# A map in a browser, which Python serves while R goes on.

#' Look at rasters and vectors in a browser
#'
#' A map on which one moves and zooms down to every cell: tiles are read from the files when they are looked at, so that a raster
#' of any size opens at once. The mouse shows the value of a cell, a click all that is known of a place; layers with times are one
#' layer with a slider. terra's [terra::plet()] draws with leaflet, with what a page can hold.
#'
#' The map is served to this machine alone, at an address with a token, until R ends or `explore()` closes it.
#'
#' @param x A raster or vector of terra or of Python. Without it, all maps that are served are closed.
#' @param ... Further ones, and extents, the lowest first.
#' @param title Of the page.
#' @param browser Whether a browser is opened.
#' @return Invisibly the address of the map.
#' @examplesIf pyterra::py_ready()
#' r <- terra::rast(nrows = 2, ncols = 2, vals = 1:4)
#' explore(r, terra::ext(0, 90, 0, 45), browser = FALSE)
#' explore()
#' @export
explore <- function(x, ..., title = "Map", browser = interactive()) {
  if (missing(x)) {
    return(invisible(special("explored", title)))
  }
  address <- do.call(special, c("explored", title, lapply(list(x, ...), as_py)))
  if (browser) utils::browseURL(address)
  invisible(address)
}
