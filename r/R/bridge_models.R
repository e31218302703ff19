# Models of R over the cells of a block: what they want, columns with their levels, answers as columns of numbers.

# What is known of a model, as JSON: predictors by name (`wanted`), or the words of its formula (`among`), the levels of
# factors, and the packages that its methods come from.
bridge_model_facts <- function(model, fun = NULL) {
  wanted <- if (is.null(fun)) model_wanted(model)
  among <- if (is.null(fun) && is.null(wanted)) model_words(model)
  levels <- model_levels(model)
  to_json(list(
    kind = one(class(model)[1]), wanted = wanted, among = among, levels = if (length(levels)) levels else NULL,
    packages = model_packages(model)
  ))
}

model_wanted <- function(model) {
  if (inherits(model, "ranger")) return(model$forest$independent.variable.names)
  if (inherits(model, "randomForest")) return(names(model$forest$xlevels))
  NULL
}

model_words <- function(model) {
  terms <- tryCatch(stats::terms(model), error = function(e) NULL)
  if (inherits(terms, "terms")) all.vars(stats::delete.response(terms)) else NULL
}

# The levels of factors among the predictors, by name.
model_levels <- function(model) {
  if (isS4(model) || !is.list(model)) return(list())
  levels <- c(model$xlevels, attr(model, "xlevels"), model$forest$xlevels, model$forest$covariate.levels)
  if (inherits(model, "gam")) levels <- c(levels, lapply(Filter(is.factor, model$var.summary), base::levels))
  levels <- Filter(is.character, levels)
  levels[!duplicated(names(levels))]
}

# The types that predictors had in the data of the fit, by name.
model_types <- function(model) {
  types <- tryCatch(attr(stats::terms(model), "dataClasses"), error = function(e) NULL)
  if (is.character(types)) types else character()
}

model_packages <- function(model) {
  places <- lapply(class(model), function(name) {
    c(
      attr(name, "package"),
      environmentName(environment(utils::getS3method("predict", name, optional = TRUE)))
    )
  })
  setdiff(unique(c(unlist(places), attr(class(model), "package"))), c("", "base", "stats", "R_GlobalEnv"))
}

# Load the package that predicts with a model, where none that is loaded does: one that declares a method for its class.
model_load <- function(model) {
  for (name in c(attr(class(model), "package"), model_packages(model))) loadNamespace(name)
  if (isS4(model) || !is.null(utils::getS3method("predict", class(model)[1], optional = TRUE))) return(invisible())
  for (package in .packages(all.available = TRUE)) {
    declared <- system.file("Meta", "nsInfo.rds", package = package)
    methods <- if (nzchar(declared)) readRDS(declared)$S3methods
    if (length(methods) && any(methods[, 1] == "predict" & methods[, 2] == class(model)[1])) {
      return(invisible(loadNamespace(package)))
    }
  }
}

# A predictor for blocks: function(values), with a row for each cell, that gives list(numbers, JSON of the columns).
# `fun` gets the model and a table; without it, it is predict(). `more` are further arguments, `columns` the JSON of the
# columns of the table: name; codes and labels of a factor; flag; or the value of a constant.
bridge_predictor <- function(model, fun, more, columns) {
  columns <- jsonlite::fromJSON(columns, simplifyVector = FALSE)
  levels <- model_levels(model)
  types <- model_types(model)
  makers <- lapply(columns, function(column) model_column(column, levels[[column$name]], types[column$name]))
  constant <- vapply(columns, function(column) !is.null(column$value), NA)
  places <- cumsum(!constant)
  titles <- vapply(columns, function(column) column$name, "")
  if (is.null(fun) && inherits(model, "ranger")) more <- ranger_arguments(model, more)
  predictor <- if (is.null(fun)) model_predict(model, more) else fun
  request <- as.call(c(list(quote(predictor), quote(model), quote(data)), more))

  function(values) {
    cells <- nrow(values)
    data <- lapply(seq_along(makers), function(i) {
      if (constant[i]) makers[[i]](cells) else makers[[i]](values[, places[i]])
    })
    names(data) <- titles
    attr(data, "row.names") <- .set_row_names(cells)
    class(data) <- "data.frame"
    model_answer(eval(request), cells)
  }
}

# How a column is made of numbers, or of the number of cells where it is a constant.
model_column <- function(column, levels, type) {
  as_factor <- function(labels) factor(labels, levels = if (is.null(levels)) unique(labels) else levels)
  if (!is.null(column$value)) {
    value <- column$value
    return(function(cells) rep(if (is.null(levels)) value else as_factor(as.character(value)), cells))
  }
  if (length(column$codes)) {
    codes <- unlist(column$codes)
    known <- as_factor(as.character(unlist(column$labels)))
    if (is.null(levels)) known <- factor(known, levels = unique(as.character(unlist(column$labels))))
    return(function(values) known[match(values, codes)])
  }
  logical <- if (is.na(type)) isTRUE(column$flag) else type == "logical"
  if (logical) return(function(values) values == 1)
  identity
}

# The function that predicts. Forests draw lots where classes have equal votes, in the order of the rows: the first class
# wins instead, so that a cell's class does not depend on its block.
model_predict <- function(model, more) {
  plain <- is.null(more$type) || more$type %in% c("response", "class")
  plain <- plain && !length(setdiff(names(more), c("type", "num.threads")))
  if (plain && inherits(model, "ranger") && model$treetype == "Classification" && !is.null(model$forest$levels)) {
    return(ranger_class)
  }
  if (plain && inherits(model, "randomForest") && identical(model$type, "classification")) return(forest_class)
  if (isS4(model)) {
    method <- methods::selectMethod("predict", class(model), optional = TRUE)
    if (!is.null(method)) return(method)
  }
  stats::predict
}

forest_class <- function(model, data, ...) {
  votes <- stats::predict(model, data, type = "prob")
  votes <- sweep(votes, 2L, model$forest$cutoff, "/")
  factor(colnames(votes)[max.col(votes, "first")], levels = model$classes)
}

ranger_class <- function(model, data, ...) {
  part <- function(rows) {
    trees <- stats::predict(model, data[rows, , drop = FALSE], predict.all = TRUE, ...)$predictions
    trees <- matrix(trees, nrow = length(rows))
    best <- rep(-1, length(rows))
    found <- integer(length(rows))
    for (class in seq_along(model$forest$levels)) {
      votes <- rowSums(trees == class)
      found[votes > best] <- class
      best <- pmax(best, votes)
    }
    found
  }
  rows <- seq_len(nrow(data))
  found <- unlist(lapply(split(rows, (rows - 1L) %/% 4096L), part), use.names = FALSE)
  factor(model$forest$levels[found], levels = model$forest$levels)
}

# Workers are the parallelism; and probabilities are asked for when such a forest is grown.
ranger_arguments <- function(model, more) {
  if (is.null(more$num.threads)) more$num.threads <- 1
  given <- more$type
  own <- c(prob = "Probability estimation", class = "Classification")
  if (!is.null(given) && given %in% names(own)) {
    if (model$treetype != own[[given]]) {
      stop("type = \"", given, "\" needs a ranger of ", own[[given]], ", got ", model$treetype, call. = FALSE)
    }
    more$type <- NULL
  }
  more
}

# An answer as a matrix of numbers with a row for each cell, and the JSON of its columns: name, levels or flag.
model_answer <- function(found, cells) {
  columns <- answer_columns(found, cells)
  sizes <- lengths(columns)
  if (!length(columns) || any(sizes != cells)) {
    stop("for ", cells, " rows it must give ", cells, " rows of values, got ", if (length(sizes)) max(sizes) else "nothing",
         call. = FALSE)
  }
  numbers <- vapply(columns, function(v) {
    if (is.character(v)) {
      stop("the answer is text whose labels are not known beforehand; let the function give a factor with all its levels",
           call. = FALSE)
    }
    if (!is.numeric(v) && !is.logical(v) && !is.factor(v)) stop("it must give numbers or labels, got ", class(v)[1], call. = FALSE)
    as.double(v)
  }, numeric(cells))
  titles <- names(columns)
  told <- lapply(seq_along(columns), function(i) {
    v <- columns[[i]]
    list(name = one(titles[i]), levels = if (is.factor(v)) levels(v) else NULL, flag = one(is.logical(v)))
  })
  list(matrix(numbers, nrow = cells), to_json(told))
}

# The columns of an answer with their names, empty for a single one without.
answer_columns <- function(found, cells) {
  if (inherits(found, "ranger.prediction")) {
    p <- found$predictions
    found <- if (is.factor(p) || length(dim(p)) > 1L) p else c(list(prediction = p), if (!is.null(found$se)) list(se = found$se))
  }
  if (is.factor(found)) return(list(class = found))
  if (is.matrix(found) && is.null(colnames(found))) {
    return(stats::setNames(lapply(seq_len(ncol(found)), function(j) found[, j]), rep("", ncol(found))))
  }
  if (is.matrix(found) || is.data.frame(found)) {
    found <- as.data.frame(found)
  } else if (is.list(found)) {
    found <- Filter(Negate(is.null), found)
    found <- as.data.frame(lapply(found, function(v) if (is.factor(v) || is.data.frame(v) || is.matrix(v)) v else as.vector(v)))
  } else {
    return(stats::setNames(list(as.vector(found)), ""))
  }
  names(found) <- make.names(names(found), unique = TRUE)
  as.list(found)
}

# What workers need, in a file: with a function go the objects of the workspace that it uses, and what is attached.
bridge_save_job <- function(path, model, fun = NULL, more = list()) {
  usual <- c("stats", "graphics", "grDevices", "utils", "datasets", "methods", "base")
  saveRDS(
    list(
      model = model, fun = fun, more = more, packages = model_packages(model), world = if (!is.null(fun)) model_globals(fun),
      attached = if (!is.null(fun)) setdiff(.packages(), usual)
    ),
    path,
    compress = FALSE
  )
  invisible(NULL)
}

# The objects of the workspace that a function names, and that the functions among them name.
model_globals <- function(fun) {
  world <- globalenv()
  found <- list()
  waiting <- list(fun)
  while (length(waiting)) {
    names <- if (is.primitive(waiting[[1]])) character() else unique(all.names(body(waiting[[1]])))
    waiting <- waiting[-1]
    for (name in setdiff(names[names %in% ls(world, all.names = TRUE)], names(found))) {
      found[[name]] <- get(name, envir = world)
      if (is.function(found[[name]])) waiting <- c(waiting, found[[name]])
    }
  }
  found
}
