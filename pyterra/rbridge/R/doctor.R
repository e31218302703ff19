# What R says of itself and of the packages that the bridge needs: one line each, name, tab, value.
say <- function(name, value) cat(name, "\t", value, "\n", sep = "")

version_of <- function(package) {
  tryCatch(as.character(utils::packageVersion(package)), error = function(e) "not installed")
}

say("R", R.version.string)
say("R_HOME", R.home())
library_of_r <- Sys.glob(file.path(R.home("lib"), "libR.*"))
say("libR", if (length(library_of_r)) library_of_r[[1]] else "not found")
for (package in c("terra", "sf", "reticulate", "jsonlite")) say(package, version_of(package))
say("pyterra in R", version_of("pyterra"))
if (version_of("terra") != "not installed") {
  used <- terra::gdal(lib = "all")
  say("terra uses", paste(toupper(names(used)), used, collapse = ", "))
  known <- tryCatch(terra::crs(terra::rast(crs = "EPSG:3035")), error = function(e) "", warning = function(w) "")
  say("terra knows EPSG", if (nzchar(known)) "yes" else "no")
}
