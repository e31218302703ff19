# Models of R in predict() and interpolate(): Python asks them for the cells of a block, or Rscript workers do where it is
# worth while.
#' @include by_hand.R
NULL

# A model as Python uses it: facts about it, answers for blocks, and a file for workers.
as_model <- function(model, fun, more) {
  if (inherits(model, "python.builtin.object") || is.character(model)) {
    return(model)
  }
  if (is.null(fun)) {
    model_load(model)
  }
  made <- new.env(parent = emptyenv())
  call <- answering(function(question, numbers) {
    switch(question$do,
      facts = list(labels = bridge_model_facts(model, fun)),
      predict = {
        key <- paste("columns", question$columns)
        if (is.null(made[[key]])) {
          made[[key]] <- bridge_predictor(model, fun, more, question$columns)
        }
        found <- made[[key]](matrix(numbers, question$rows))
        list(numbers = found[[1L]], labels = found[[2L]], dim = dim(found[[1L]]))
      },
      save = {
        bridge_save_job(question$path, model, fun, more)
        list(labels = .libPaths())
      }
    )
  })
  as_is(function(found) sprintf('{"function":%d,"as":"HostModel"}', pointer(reticulate::r_to_py(call), found)))
}

predict_with <- function(verb, object, model, fun, more, given) {
  if (identical(fun, stats::predict) || identical(fun, terra::predict)) {
    fun <- NULL
  }
  named <- given[c("const", "na_rm", "factors", "xy_names")]
  named <- Filter(Negate(is.null), named)
  if (!is.null(given$index)) {
    named$index <- if (is.numeric(given$index)) as_positions(given$index - 1) else as_vector(given$index)
  }
  of_python <- inherits(model, "python.builtin.object") || is.character(model)
  if (of_python) {
    names(more) <- vapply(names(more), snake_case, "")
    named <- c(named, more)
    if (is.function(fun)) stop_plain(verb, ": fun of R needs a model of R")
  }
  written(ask("call", verb, list(object, as_model(model, fun, more)), named), given$write)
}

by_hand("predict", "PySpatRaster", function(object, model, fun = NULL, ..., const = NULL, na.rm = NULL, index = NULL, cores = 1,
                                           cpkgs = NULL, filename = "", overwrite = FALSE, wopt = list()) {
  given <- list(
    const = const, na_rm = na.rm, index = index, write = list(filename = filename, overwrite = overwrite, wopt = wopt)
  )
  predict_with("predict", object, model, fun, list(...), given)
})

by_hand("interpolate", "PySpatRaster", function(object, model, fun = NULL, ..., xyNames = c("x", "y"), factors = NULL, const = NULL,
                                               index = NULL, cores = 1, cpkgs = NULL, na.rm = NULL, filename = "",
                                               overwrite = FALSE, wopt = list()) {
  given <- list(
    const = const, na_rm = na.rm, index = index, factors = factors, xy_names = xyNames,
    write = list(filename = filename, overwrite = overwrite, wopt = wopt)
  )
  predict_with("interpolate", object, model, fun, list(...), given)
})
