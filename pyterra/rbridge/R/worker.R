# A worker: reads a question per line from stdin, as JSON, and answers with a line on stdout. Numbers are in files.
local({
  bridge <- new.env(parent = as.environment("package:stats"))
  folder <- Sys.getenv("PYTERRA_BRIDGE")
  for (name in c("bridge_guard.R", "bridge_json.R", "bridge_models.R")) sys.source(file.path(folder, name), envir = bridge)
  mark <- Sys.getenv("PYTERRA_MARK")
  numbers_in <- Sys.getenv("PYTERRA_IN")
  numbers_out <- Sys.getenv("PYTERRA_OUT")
  answers <- file("/dev/stdout", "w", raw = TRUE)
  sink(stderr()) # whatever models print
  questions <- file("stdin", "r")
  jobs <- new.env()

  # list(model, fun, more): what was saved by the bridge, or a model in a file of the user's
  load_job <- function(path, bare, more, packages) {
    found <- readRDS(path)
    if (bare) found <- list(model = found, fun = NULL, more = more)
    for (name in rev(c(packages, found$attached))) suppressPackageStartupMessages(library(name, character.only = TRUE))
    for (name in found$packages) loadNamespace(name)
    bridge$model_load(found$model)
    list2env(as.list(found$world), globalenv())
    found
  }

  job <- function(q) {
    if (is.null(jobs[[q$job]])) {
      for (old in utils::head(ls(jobs), -1L)) rm(list = old, envir = jobs)
      assign(q$job, list(model = load_job(q$path, q$bare, q$more, as.character(q$packages)), made = list()), envir = jobs)
    }
    jobs[[q$job]]
  }

  predictor <- function(q) {
    found <- job(q)
    if (is.null(found$made[[q$columns]])) {
      m <- found$model
      found$made <- list()
      found$made[[q$columns]] <- bridge$bridge_predictor(m$model, m$fun, m$more, q$columns)
      assign(q$job, found, envir = jobs)
    }
    found$made[[q$columns]]
  }

  answer <- function(q) {
    if (q$do == "facts") return(bridge$bridge_model_facts(job(q)$model$model))
    values <- matrix(readBin(numbers_in, "double", q$cells * q$layers), nrow = q$cells)
    found <- predictor(q)(values)
    writeBin(as.double(found[[1]]), numbers_out)
    found[[2]]
  }

  say <- function(x) {
    writeLines(paste0(mark, x), answers, useBytes = TRUE)
    flush(answers)
  }

  say("{}")
  repeat {
    line <- readLines(questions, 1L, encoding = "UTF-8")
    if (!length(line)) { # Python has ended, perhaps without a chance to clear up
      folder <- dirname(numbers_in)
      unlink(c(numbers_in, numbers_out, Sys.getenv("PYTERRA_LOG")))
      if (!length(list.files(folder, all.files = TRUE, no.. = TRUE))) unlink(folder, recursive = TRUE)
      quit(save = "no", runLast = FALSE)
    }
    q <- jsonlite::fromJSON(line, simplifyVector = FALSE)
    found <- bridge$guarded(answer, q)
    say(bridge$to_json(list(
      value = if (is.character(found[[1]])) bridge$one(found[[1]]), failure = found[[2]], warned = found[[3]], told = found[[4]]
    )))
  }
})
