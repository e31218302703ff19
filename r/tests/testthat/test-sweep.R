# Every argument of every case, given what no verb expects there: whatever is said is said in R's words.

UNEXPECTED <- list(missing = NA, null = NULL, none = numeric(0), mixed = list(1, "a"))

PYTHON <- paste0(
  "Error: |NoneType|\\bNone\\b|\\btuples?\\b|\\bdict\\b|ndarray|numpy|\\bstr\\b|\\bint\\(|\\bfloat\\b|global_|na_rm|nodata=|[.]values|Traceback|",
  "unhashable|unsupported operand|not supported between|unexpected keyword|positional argument|broadcast|object is|nopython|has no attribute '_"
)

# A call with another argument, in its place or by its name; an assignment with another value.
with_argument <- function(call, place, value) {
  if (is.numeric(place)) {
    if (is.null(value)) call[place] <- list(NULL) else call[[place]] <- value
    return(call)
  }
  as.call(c(as.list(call), stats::setNames(list(value), place)))
}

# The calls that are made of a case, a few for each of its arguments.
changed <- function(name, case, class) {
  if (identical(case[[1L]], as.name("{"))) {
    return(lapply(UNEXPECTED, function(value) {
      case[[2L]] <- with_argument(case[[2L]], 3L, value)
      case
    }))
  }
  rows <- Filter(function(row) row$generic == name && row$class == class, pyterra:::VERBS)
  takes <- unlist(lapply(rows, function(row) names(Filter(function(a) !a$fixed && a$fate %in% c("", "?") && a$how != "write" && a$name != "...", row$arguments))))
  takes <- if (length(case) <= 2L) takes else setdiff(takes, c(names(case), takes[seq_len(length(case) - 2L)]))
  places <- c(as.list(seq_along(case)[-(1:2)]), as.list(takes))
  unlist(lapply(places, function(place) lapply(UNEXPECTED, function(value) with_argument(case, place, value))), recursive = FALSE)
}

test_that("no message shows Python's words, whatever stands in the place of an argument", {
  skip_without_python()
  objects <- lapply(case_inputs(case_seed()), as_py)
  classes <- list(SpatRaster = RASTER_CASES, SpatVector = VECTOR_CASES, SpatExtent = EXTENT_CASES)
  for (class in names(classes)) {
    cases <- classes[[class]]
    cases <- cases[!duplicated(names(cases)) & vapply(cases, is.call, NA)]
    for (i in seq_along(cases)) {
      for (use in changed(names(cases)[i], cases[[i]], class)) {
        place <- list2env(objects, parent = globalenv())
        said <- tryCatch(suppressMessages({
          warned <- NULL
          withCallingHandlers(eval(use, place), warning = function(w) {
            warned <<- c(warned, conditionMessage(w))
            invokeRestart("muffleWarning")
          })
          warned
        }), error = conditionMessage)
        if (any(grepl(PYTHON, said))) fail(paste0(deparse1(use), ": ", toString(said)))
      }
    }
  }
  succeed()
})
