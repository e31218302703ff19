# Makes the help pages of the R package: those that are written beside the code, and one page for each class of objects
# of Python with all verbs of terra that it has, from the methods themselves and the table r/inst/verbs.tsv.
#   Rscript tools/r_help.R .venv/bin/python
# beside the newest terra there is, so that they know all of its verbs.
python <- commandArgs(TRUE)[1]
suppressMessages({
  library(terra)
  roxygen2::roxygenise("r")
})

space <- asNamespace("pyterra")
pages <- list(
  PySpatRaster = list(class = "SpatRaster", what = "rasters", example = c(
    "r <- rast(nrows = 4, ncols = 4, nlyrs = 2, vals = 1:32, names = c(\"a\", \"b\"))",
    "p <- as_py(r)", "app(p, \"mean\")", "q <- (p$b - p$a) / (p$b + p$a)", "global(q, \"max\")", "as_terra(q)"
  )),
  PySpatVector = list(class = "SpatVector", what = "vectors", example = c(
    "v <- vect(cbind(1:3, 4:6), atts = data.frame(id = 1:3))",
    "p <- as_py(v)", "nrow(p)", "as.data.frame(p[p$id > 1, ])", "as_terra(p)"
  )),
  PySpatExtent = list(class = "SpatExtent", what = "extents", example = c(
    "e <- as_py(ext(0, 10, 0, 5))", "e + 1", "as_terra(e)"
  )),
  PySpatRasterDataset = list(class = "SpatRasterDataset", what = "data sets of rasters", example = c(
    "r <- rast(nrows = 2, ncols = 2, vals = 1:4)",
    "p <- as_py(sds(list(a = r, b = r * 2)))", "names(p)", "as_terra(p[\"b\"])"
  )),
  PySpatRasterCollection = list(class = "SpatRasterCollection", what = "collections of rasters", example = c(
    "r <- rast(nrows = 2, ncols = 2, xmin = 0, xmax = 2, ymin = 0, ymax = 2, vals = 1:4)",
    "p <- as_py(sprc(r, shift(r, 2)))", "as_terra(merge(p))"
  )),
  PySpatVectorCollection = list(class = "SpatVectorCollection", what = "collections of vectors", example = c(
    "p <- as_py(svc(vect(cbind(1, 2)), vect(cbind(3:4, 5:6))))", "length(p)"
  )),
  PySpatNetwork = list(class = "SpatNetwork", what = "networks of lines", example = c(
    "if (exists(\"netw\", asNamespace(\"terra\"))) {",
    "  v <- vect(\"MULTILINESTRING ((0 0, 3 0), (3 0, 3 4))\", crs = \"EPSG:3035\")",
    "  p <- as_py(netw(disagg(v)))", "  net_nnodes(p)", "  as.data.frame(net_edges(p))", "}"
  )),
  PySpatVectorProxy = list(class = "SpatVectorProxy", what = "vectors that stay in their files", example = c(
    "f <- system.file(\"ex/lux.shp\", package = \"terra\")",
    "p <- as_py(vect(f, proxy = TRUE))", "query(p, start = 3, n = 2)"
  ))
)

# What older versions of terra call by other names: these pages are made beside the newest.
OLDER <- c("costDistance", "minRect")

escaped <- function(text) gsub("([\\\\%{}])", "\\\\\\1", text)

# generic, signature: every method of the package that has to do with its classes
methods_there <- function() {
  tables <- grep("^\\.__T__", ls(space, all.names = TRUE), value = TRUE)
  found <- lapply(tables, function(table) {
    signatures <- grep("PySpat", ls(space[[table]], all.names = TRUE), value = TRUE)
    data.frame(generic = rep(sub("^\\.__T__(.*):[^:]*$", "\\1", table), length(signatures)), signature = signatures)
  })
  do.call(rbind, found)
}

# The first line of Python's own description of each verb.
summaries <- function() {
  code <- paste(
    "import inspect, json, pyterra as pt",
    "from pyterra.rbridge import host_verbs",
    "def line(f): return (inspect.getdoc(f) or '').split('\\n')[0]",
    "every = {c: {n: line(getattr(getattr(pt, c), n)) for n in dir(getattr(pt, c)) if not n.startswith('_')}",
    "         for c in dir(pt) if c.startswith('Spat')}",
    "every['special'] = {n: line(f) for n, f in vars(host_verbs).items() if callable(f)}",
    "print(json.dumps(every))",
    sep = "\n"
  )
  jsonlite::fromJSON(system2(python, c("-c", shQuote(code)), stdout = TRUE), simplifyVector = FALSE)
}

# How terra's verb is called, without what has no effect here.
call_of <- function(row) {
  words <- Filter(function(a) !a$fixed && a$fate %in% c("", "?"), row$arguments)
  names <- vapply(words, `[[`, "", "name")
  setter <- endsWith(row$generic, "<-")
  inside <- paste(c("x", setdiff(names, if (setter) "value")), collapse = ", ")
  if (!grepl("^[A-Za-z.]", row$generic)) {
    return(row$generic)
  }
  paste0(sub("<-$", "", row$generic), "(", inside, ")", if (setter) " <- value" else "")
}

table_of <- function(class, told) {
  rows <- Filter(function(row) row$class == class && row$generic %in% there$generic, space$VERBS)
  lines <- vapply(rows, function(row) {
    said <- told[[if (row$do == "special") "special" else class]][[row$verb]]
    sprintf("  \\code{%s} \\tab %s \\cr", escaped(call_of(row)), escaped(if (length(said)) said else ""))
  }, "")
  if (length(lines)) c("\\tabular{ll}{", unique(lines), "}")
}

# What pages that are written by hand tell of already.
elsewhere <- unlist(lapply(list.files("r/man", "Rd$", full.names = TRUE), function(file) {
  lines <- readLines(file)
  if (!grepl("tools/r_help.R", lines[1L], fixed = TRUE)) grep("^\\\\alias", lines, value = TRUE)
}))

# Whether `?verb` is about terra: then it offers the page of its verb here, too.
is_of_terra <- function(verb) {
  found <- if (methods::isGeneric(verb, where = asNamespace("terra"))) methods::getGeneric(verb, where = asNamespace("terra"))
  grepl("^[A-Za-z]", verb) && !endsWith(verb, "<-") && !is.null(found) && found@package == "terra"
}

page_of <- function(name, page, told, known) {
  mine <- there[vapply(strsplit(there$signature, "#", fixed = TRUE), function(classes) {
    first <- grep("^PySpat", classes, value = TRUE)[1L]
    first == name || (first == "PySpat" && any(classes == page$class))
  }, NA), ]
  aliases <- paste0(mine$generic, ",", gsub("#", ",", mine$signature, fixed = TRUE), "-method")
  older <- Filter(function(row) row$class == page$class && row$generic %in% OLDER, space$VERBS)
  aliases <- c(aliases, sprintf("%s,%s-method", vapply(older, `[[`, "", "generic"), name))
  aliases <- c(aliases, Filter(is_of_terra, unique(mine$generic)))
  aliases <- setdiff(sprintf("\\alias{%s}", escaped(aliases)), known)
  c(
    "% Generated by tools/r_help.R: do not edit by hand",
    sprintf("\\name{%s-verbs}", name),
    sprintf("\\alias{%s-verbs}", name),
    sort(aliases),
    sprintf("\\title{Verbs of %s of Python}", page$what),
    "\\description{",
    sprintf("The verbs of terra that a \\linkS4class{%s} has. Arguments are those of terra, positions count from 1,", name),
    "and \\code{filename}, \\code{overwrite} and \\code{wopt} write the result. Nothing is computed before values are wanted.",
    "}",
    "\\details{",
    table_of(page$class, told),
    "Operators, \\code{$}, \\code{[} and \\code{[[} work as they do for terra's own objects, also between the two.",
    "}",
    "\\value{An object of Python where terra gives a raster, a vector or an extent; else what terra gives.}",
    "\\seealso{\\code{\\link{as_py}}; terra's help pages of the verbs}",
    "\\examples{",
    "\\dontshow{if (pyterra::py_ready()) withAutoprint(\\{ # examplesIf}",
    "library(terra)",
    page$example,
    "\\dontshow{\\}) # examplesIf}",
    "}"
  )
}

there <- methods_there()
left <- space$LEFT_TO_TERRA # a page of its own tells of them
left <- paste(rep(names(left), lengths(left)), unlist(lapply(left, vapply, paste, "", collapse = "#")))
there <- there[!paste(there$generic, there$signature) %in% left, ]
told <- summaries()
for (name in names(pages)) {
  page <- page_of(name, pages[[name]], told, elsewhere)
  elsewhere <- c(elsewhere, grep("^\\\\alias", page, value = TRUE)) # a topic has one page in a package
  writeLines(page, file.path("r", "man", paste0(name, "-verbs.Rd")))
}
