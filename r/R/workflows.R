# Whole jobs in one call. They run in Python, on all cores; what they tell meanwhile appears in the console.

#' Fill the gaps of a dated stack of files
#'
#' Each cell is filled along its own series, by lines as [terra::approximate()] draws them or by another way of [fill()], and the
#' files are written again.
#'
#' @param inputs Paths of files of one or more layers on one grid, or a folder of `.tif` files.
#' @param out Folder for the results, made where it is missing. Each file keeps its name, type and metadata.
#' @param method `"linear"`: straight lines between observations, `"constant"`: steps, or ways of [fill()], such as `"swa"` or
#'   `c("swa", "linear")`.
#' @param season_size Frames in a year, for ways that go by seasons; by default as the dates tell.
#' @param rule For lines and steps, before the first and after the last value of a cell: 1 leaves gaps, 2 repeats it. Two numbers: left, right.
#' @param dates One date per layer; by default those of the layers, or those in the names of the files.
#' @param overwrite Whether existing files are replaced.
#' @param quality Whether files are written to the folder `quality` that tell what values rest on, 0 to 100; for weighted means such as
#'   `"swa"` and `"deseasoned"`.
#' @param cog Whether cloud-optimised files are written.
#' @param resume Whether what an earlier run finished from the same inputs is kept.
#' @return Invisibly a list: `paths` of the files written, `quality` of those of quality; `dates` and `layers`; `before` and `after`, the numbers of missing
#'   cells of each layer; `never`, the number of cells without any value; `cells` of a layer. Printed, it is a table.
#' @examplesIf pyterra::py_ready()
#' folder <- tempfile()
#' dir.create(folder)
#' r <- terra::rast(nrows = 2, ncols = 2, vals = c(1, 2, NA, 4))
#' for (year in 2001:2003) {
#'   one <- if (year == 2002) r else terra::init(r, year)
#'   terra::writeRaster(one, file.path(folder, paste0("a_", year, "0101.tif")))
#' }
#' print(gapfill(folder, file.path(folder, "filled")))
#' @export
gapfill <- function(inputs, out, method = "linear", rule = 1, dates = NULL, overwrite = FALSE, season_size = NULL,
                    quality = FALSE, cog = FALSE, resume = FALSE) {
  given <- list(
    method = method, rule = as.integer(rule), dates = dates_text(dates), overwrite = overwrite,
    season_size = if (length(season_size)) as.integer(season_size), quality = quality, cog = cog, resume = resume
  )
  report <- run_job("gapfill", several(path_text(inputs)), path_text(out), given)
  report$dates <- as.Date(substr(texts(report$dates), 1L, 10L))
  for (name in c("paths", "quality", "layers", "text")) report[[name]] <- texts(report[[name]])
  for (name in c("before", "after")) report[[name]] <- as.numeric(unlist(report[[name]]))
  job_report(report)
}

#' Annual maps of cropland from epochs
#'
#' `croplands()` makes a map for every year from the epochs of the GLAD cropland maps, tile by tile, and mosaics at several
#' resolutions. An interrupted run goes on where it stopped. `croplands_demo()` makes input of the same kind and checks all
#' results.
#'
#' @param inputs The folder of the files `Global_cropland_{NE,NW,SE,SW}_{year}.tif`, or paths of files with a year in their
#'   names.
#' @param out Folder of the results, made where it is missing.
#' @param years Years to map.
#' @param resolutions Some of `"30m"`, `"100m"`, `"250m"` and `"1km"`, or cells per degree by name: `c("30m" = 4000)`.
#' @param epochs Epochs that must be there; by default the five of GLAD.
#' @param method `"linear"` or `"constant"`, between epochs.
#' @param rule Outside the epochs: 1 leaves years missing, 2 repeats the nearest.
#' @param workers Number of tiles at a time; by default all cores.
#' @param on_error When a tile fails for good: `"raise"`, or `"skip"` it and list it in the report.
#' @param resume Whether what an earlier run finished from the same inputs is kept.
#' @param progress Whether rate and remaining time are shown.
#' @param cells_per_degree Of the made input; fewer are quicker.
#' @return Invisibly a list: `out`; `maps`, a data.frame of `resolution`, `year` and `path`; `pictures`; `catalogue`;
#'   `with_cropland`, the number of tiles with cropland; `failures`. Printed, it is the report.
#' @examples
#' \donttest{
#' if (py_ready()) {
#'   report <- croplands_demo(tempfile(), cells_per_degree = 100, workers = 1)
#'   terra::plot(terra::rast(report$maps$path[report$maps$year == 2010][1]))
#' }
#' }
#' @export
croplands <- function(inputs, out, years = 2000:2022, resolutions = c("30m", "100m", "250m", "1km"), epochs = NULL,
                      method = "linear", rule = 2, workers = NULL, on_error = "raise", resume = TRUE,
                      progress = TRUE) {
  given <- list(
    years = several(as.integer(years)), resolutions = cells_by_name(resolutions), method = method,
    rule = as.integer(rule), on_error = on_error, resume = resume, progress = progress
  )
  if (!is.null(epochs)) {
    given$epochs <- several(as.integer(epochs))
  }
  cropland_report(run_job("croplands", several(path_text(inputs)), path_text(out), c(given, crew(workers))))
}

#' @rdname croplands
#' @export
croplands_demo <- function(out = "demo-output", cells_per_degree = 4000, workers = NULL) {
  given <- list(cells_per_degree = as.integer(cells_per_degree))
  cropland_report(run_job("croplands_demo", path_text(out), c(given, crew(workers))))
}

run_job <- function(name, ...) special("job", name, ...)

# A vector of R that stays a list where it has one member; one path stands for itself.
several <- function(x) if (is.character(x) && length(x) == 1L) x else as.list(x)

cells_by_name <- function(x) if (is.numeric(x)) as.list(x) else as.list(as.character(x))

dates_text <- function(x) if (!is.null(x)) as.list(format(as.Date(x)))

crew <- function(workers) {
  if (is.null(workers)) {
    return(list())
  }
  list(workers = as.integer(workers), executor = if (workers == 1) "serial" else "processes")
}

cropland_report <- function(report) {
  report$maps <- data.frame(
    resolution = texts(report$maps$resolution), year = as.integer(unlist(report$maps$year)),
    path = texts(report$maps$path)
  )
  for (name in c("out", "pictures", "catalogue", "failures", "text")) report[[name]] <- texts(report[[name]])
  job_report(report)
}

job_report <- function(report) invisible(structure(report, class = "pyterra_report"))

#' @export
print.pyterra_report <- function(x, ...) {
  cat(x$text, sep = "\n")
  invisible(x)
}
