# Makes the help pages of the R package: those that are written beside the code, a page for each family of verbs, from the methods
# themselves, the table r/inst/verbs.tsv and what tools/r_help.py tells, and the page of what differs from terra.
#   Rscript tools/r_help.R .venv/bin/python
# beside the newest terra there is, so that they know all of its verbs.
python <- commandArgs(TRUE)[1]
suppressMessages({
  library(terra)
  roxygen2::roxygenise("r")
})

space <- asNamespace("pyterra")
theirs <- asNamespace("terra")
told <- jsonlite::fromJSON(system2(python, "tools/r_help.py", stdout = TRUE), simplifyVector = FALSE)

WIDTH <- 74L # of lines of code on a page, in a terminal of 80
KINDS <- c(
  SpatRaster = "rasters", SpatVector = "vectors", SpatExtent = "extents", SpatRasterDataset = "data sets", SpatRasterCollection = "collections",
  SpatVectorCollection = "collections of vectors", SpatVectorProxy = "proxies", SpatNetwork = "networks"
)
MEMBERS <- space$GROUPS_OF_R # told of in a few lines

OTHER_KINDS <- c("as.arrows", "cbind", "rbind") # a plain function of terra, and methods of the older kind of R

# What older versions of terra call by other names: these pages are made beside the newest.
OLDER <- c(costDistance = "situation", minRect = "vect-topology")

# Pages of terra that came after 1.7-3, the oldest that the package works beside: a link to them leads nowhere there.
LATER <- c(
  "addCats", "as.arrows", "rbind", "agitate", "bestMatch", "chunk", "colMeans", "colSums", "combineLevels", "compare", "countNA", "depthName", "depthName<-",
  "depthUnit", "depthUnit<-", "divide", "extractAlong", "extractRange", "flowAccumulation", "flowDir", "forceCCW", "furdist", "geoloc",
  "getTileExtents", "has.geoloc", "has.time", "has.z", "hull", "identical", "is.empty", "is.flipped", "is.num", "k_means", "logic",
  "make.RGB", "metags", "metags<-", "nany", "net_directed", "net_edges", "net_nedges", "net_nnodes", "net_nodes", "net_weights",
  "net_weights<-", "NIDP", "nseg", "panel", "pitfiller", "pitfinder", "regress", "rowMeans", "rowSums", "scale_linear", "shortestPath",
  "simplifyLevels", "snapTo", "surfArea", "thin", "thinNodes", "thresh", "toMemory", "vrt_tiles", "watershed", "xapp"
)

# What a page shows by way of example; a page without one shows how objects go over and come back.
EXAMPLES <- list(
  "create" = c("r <- as_py(rast(nrows = 2, ncols = 2, vals = 1:4))", "s <- c(r, r * 2)", "names(s) <- c(\"a\", \"b\")", "s[[\"b\"]]"),
  "extent-res" = c("r <- as_py(rast(nrows = 4, ncols = 4, vals = 1:16))", "crop(r, ext(0, 180, 0, 90))", "aggregate(r, 2, \"mean\")"),
  "local-apply" = c("r <- as_py(rast(nrows = 2, ncols = 2, nlyrs = 3, vals = 1:12))", "values(app(r, \"sum\"))", "values(app(r, function(v) max(v) - min(v)))"),
  "local-arith" = c("r <- as_py(rast(nrows = 2, ncols = 2, vals = 1:4))", "values(sqrt(r) + 1 > 2)"),
  "local-other" = c("r <- as_py(rast(nrows = 2, ncols = 2, vals = 1:4))", "values(classify(r, cbind(0, 2, 10)))", "values(clamp(r, 2, 3))"),
  "zonal-global" = c("r <- as_py(rast(nrows = 2, ncols = 2, vals = 1:4))", "global(r, \"mean\")", "zonal(r, r > 2, \"sum\")"),
  "situation" = c("r <- as_py(rast(nrows = 4, ncols = 4, vals = 1:16))", "values(focal(r, 3, \"mean\", na.rm = TRUE), mat = FALSE)"),
  "model" = c(
    "r <- rast(nrows = 2, ncols = 2, nlyrs = 2, vals = 1:8, names = c(\"a\", \"b\"))", "m <- lm(b ~ a, as.data.frame(r))",
    "values(predict(as_py(r), m))"
  ),
  "cell-values" = c("r <- as_py(rast(nrows = 2, ncols = 2, vals = 1:4))", "r[1:2]", "values(r)", "extract(r, cbind(-90, 45))"),
  "dims-props" = c("r <- as_py(rast(nrows = 2, ncols = 3, vals = 1:6))", "dim(r)", "names(r) <- \"height\"", "names(r)"),
  "cell-coords" = c("r <- as_py(rast(nrows = 2, ncols = 2))", "xyFromCell(r, 1:2)", "cellFromXY(r, cbind(90, -45))"),
  "depth" = c("r <- as_py(rast(nrows = 2, ncols = 2, nlyrs = 2, vals = 1:8))", "depth(r) <- c(0, 10)", "depth(r)"),
  "time" = c("r <- as_py(rast(nrows = 2, ncols = 2, nlyrs = 2, vals = 1:8))", "time(r) <- as.Date(c(\"2020-01-01\", \"2021-01-01\"))", "time(r)"),
  "categories" = c(
    "r <- as_py(rast(nrows = 2, ncols = 2, vals = c(1, 2, 2, 1)))", "levels(r) <- data.frame(id = 1:2, cover = c(\"wood\", \"water\"))", "freq(r)"
  ),
  "write" = c("r <- as_py(rast(nrows = 2, ncols = 2, vals = 1:4))", "f <- tempfile(fileext = \".tif\")", "writeRaster(r, f, datatype = \"INT1U\")", "rast(f)"),
  "tiles" = c("r <- as_py(rast(nrows = 4, ncols = 4, vals = 1:16))", "makeTiles(r, c(2, 2), tempfile(fileext = \"_.tif\"))"),
  "vect-create" = c("r <- as_py(rast(nrows = 2, ncols = 2, vals = 1:4))", "as.points(r)"),
  "vect-props" = c("v <- as_py(vect(\"POLYGON ((0 0, 3 0, 3 2, 0 2, 0 0))\", crs = \"EPSG:3035\"))", "expanse(v)", "perim(v)"),
  "vect-query" = c("v <- as_py(vect(cbind(1:3, 1:3)))", "relate(v, ext(0, 2.5, 0, 2.5), \"intersects\")"),
  "vect-ops" = c("v <- as_py(vect(cbind(1:3, 1:3), crs = \"EPSG:3035\"))", "expanse(buffer(v, 1))"),
  "vect-attrs" = c("v <- as_py(vect(cbind(1:3, 4:6), atts = data.frame(id = 1:3)))", "as.data.frame(v[v$id > 1, ])"),
  "vect-change" = c("v <- as_py(vect(cbind(1:3, 4:6)))", "crds(shift(v, 10, 0))"),
  "vect-topology" = c("v <- as_py(vect(\"POLYGON ((0 0, 3 0, 3 2, 0 2, 0 0))\"))", "crds(centroids(v))"),
  "crs" = c("v <- as_py(vect(cbind(10, 50), crs = \"EPSG:4326\"))", "crds(project(v, \"EPSG:3035\"))"),
  "extent" = c("e <- as_py(ext(0, 10, 0, 5))", "e + 1", "as_terra(e)"),
  "network" = c(
    "if (exists(\"netw\", asNamespace(\"terra\"))) {", "  v <- vect(\"MULTILINESTRING ((0 0, 3 0), (3 0, 3 4))\", crs = \"EPSG:3035\")",
    "  p <- as_py(netw(disagg(v)))", "  net_nnodes(p)", "}"
  ),
  "convert" = c("r <- as_py(rast(nrows = 2, ncols = 2, vals = c(1, 1, 2, 2)))", "as.data.frame(as.polygons(r))"),
  "sprc" = c("r <- rast(nrows = 2, ncols = 2, xmin = 0, xmax = 2, ymin = 0, ymax = 2, vals = 1:4)", "p <- as_py(sprc(r, shift(r, 2)))", "merge(p)"),
  "plot-map" = c("r <- as_py(rast(nrows = 20, ncols = 20, vals = 1:400))", "plot(r)"),
  "plot-other" = c("r <- as_py(rast(nrows = 20, ncols = 20, vals = 1:400))", "hist(r)")
)
OTHERWISE <- c("p <- as_py(rast(nrows = 2, ncols = 2, vals = 1:4))", "p", "as_terra(p)")

escaped <- function(text) gsub("([\\\\%{}])", "\\\\\\1", text)

# Words of Python in R's, with code and links of Markdown as those of help pages.
in_rd <- function(text) {
  text <- gsub("\\[([^]]+)\\]\\([^)]+\\)", "\\1", gsub("\\|", "|", gsub("``", "`", text, fixed = TRUE), fixed = TRUE))
  text <- escaped(space$in_words_of_r(text))
  gsub("`([^`]+)`", "\\\\code{\\1}", gsub("\\*\\*?([^*`]+)\\*?\\*", "\\1", text))
}

# generic, signature: every method of the package that has to do with its classes
methods_there <- function() {
  tables <- grep("^\\.__T__", ls(space, all.names = TRUE), value = TRUE)
  found <- lapply(tables, function(table) {
    signatures <- grep("PySpat", ls(space[[table]], all.names = TRUE), value = TRUE)
    data.frame(generic = rep(sub("^\\.__T__(.*):[^:]*$", "\\1", table), length(signatures)), signature = signatures)
  })
  found <- do.call(rbind, found)
  left <- space$LEFT_TO_TERRA # a page of its own tells of them
  left <- paste(rep(names(left), lengths(left)), unlist(lapply(left, vapply, paste, "", collapse = "#")))
  found[!paste(found$generic, found$signature) %in% left, ]
}

# Arguments of terra's method with their defaults: of the one for the row's classes that has most, or of a function that is no generic.
defaults_of <- function(row) {
  if (!methods::isGeneric(row$generic, where = theirs)) {
    return(if (is.function(theirs[[row$generic]])) formals(theirs[[row$generic]]))
  }
  seconds <- if (length(row$second)) row$second else c("missing", "ANY", "SpatRaster", "SpatVector", "numeric")
  found <- lapply(seconds, function(second) {
    classes <- c(row$class, second)[seq_along(methods::getGeneric(row$generic, where = theirs)@signature)]
    method <- tryCatch(methods::selectMethod(row$generic, classes[!is.na(classes)], optional = TRUE), error = function(e) NULL)
    own <- if (is.function(method)) space$local_of(body(method))
    if (is.function(own)) formals(own) else if (is.function(method)) formals(method)
  })
  found[[which.max(lengths(found))]]
}

# How a verb is called, with defaults and without what has no effect here.
call_of <- function(row) {
  words <- Filter(function(a) !a$fixed && a$fate %in% c("", "?"), row$arguments)
  names <- setdiff(vapply(words, `[[`, "", "name"), if (endsWith(row$generic, "<-")) "value")
  defaults <- tryCatch(defaults_of(row), error = function(e) list())
  inside <- vapply(names, function(name) {
    default <- if (name %in% names(defaults)) paste(deparse(defaults[[name]], width.cutoff = 500L), collapse = " ") else ""
    if (nzchar(default)) paste(name, "=", default) else name
  }, "")
  ends <- paste0(c("x", inside), c(rep(",", length(inside)), ")"))
  in_lines(paste0(sub("<-$", "", row$generic), "("), ends, if (endsWith(row$generic, "<-")) " <- value" else "")
}

# A call in lines that are not too long, broken between arguments.
in_lines <- function(begin, ends, after) {
  lines <- paste0(begin, ends[[1L]])
  for (end in ends[-1L]) {
    last <- length(lines)
    if (nchar(lines[[last]]) + nchar(end) < WIDTH) {
      lines[[last]] <- paste(lines[[last]], end)
    } else {
      lines <- c(lines, paste0("    ", end))
    }
  }
  paste0(paste(lines, collapse = "\n"), after)
}

# Arguments of terra's that have no effect, by the reason.
idle_of <- function(rows) {
  idle <- unlist(lapply(rows, function(row) {
    found <- Filter(function(a) a$fate == "~", row$arguments)
    stats::setNames(vapply(found, `[[`, "", "name"), vapply(found, `[[`, "", "why"))
  }))
  idle <- idle[!duplicated(idle)]
  vapply(split(idle, names(idle)), function(names) {
    reason <- space$REASONS[[names(names)[[1L]]]]
    if (length(names) > 1L) {
      reason <- gsub("and has", "and have", sub("^it has", "they have", sub("^it belongs", "they belong", sub("^it tunes", "they tune", reason))))
    }
    sprintf("%s %s no effect: %s.", paste(sprintf("\\code{%s}", names), collapse = ", "), if (length(names) > 1L) "have" else "has", reason)
  }, "")
}

# terra's page of a verb, where it has one.
topics <- unlist(lapply(tools::Rd_db("terra"), function(page) unlist(page[vapply(page, attr, "", "Rd_tag") == "\\alias"])))

# What a call is for: a class, and what the second argument is where that makes a difference.
kind_of_row <- function(row, calls) {
  second <- setdiff(row$second, c("missing", "ANY"))
  paste0(KINDS[[row$class]], if (length(unique(calls)) > 1L && length(second)) paste0(" and ", paste(second, collapse = " | ")))
}

# A line for each class, or one where they are the same.
summary_of <- function(said) {
  said <- Filter(function(one) nzchar(one$told), said)
  lines <- unique(vapply(said, `[[`, "", "told"))
  kinds <- vapply(lines, function(line) {
    same <- Filter(function(one) one$told == line, said)
    paste(KINDS[vapply(same, `[[`, "", "class")], collapse = ", ")
  }, "")
  begins <- if (length(lines) > 1L) sprintf("\\emph{%s}: ", kinds) else rep("", length(lines))
  paste(paste0(begins, vapply(lines, in_rd, "")), collapse = "\n\n")
}

PAGE_OF_TERRA <- "terra's page: \\code{\\link[terra]{%s}}."
PAGE_OF_NEWER <- "terra's page, in its newer versions: \\code{help(\"%s\", \"terra\")}."

# What the page says of a verb: its calls, a line for each class, what differs from terra.
section_of <- function(generic, rows, said) {
  calls <- vapply(rows, call_of, "")
  kinds <- vapply(split(rows, calls), function(same) paste(unique(vapply(same, kind_of_row, "", calls)), collapse = ", "), "")
  calls <- names(kinds)
  several <- length(unique(kinds)) > 1L
  code <- unlist(lapply(calls, function(call) c(if (several) paste0("# ", kinds[[call]]), call)))
  differing <- told$differences$Verbs[unique(unlist(lapply(said, `[[`, "differs")))]
  c(
    sprintf("\\section{%s}{", escaped(generic)),
    "\\preformatted{", escaped(code), "}",
    summary_of(said),
    "", idle_of(rows),
    if (length(differing)) c("", "What differs from terra:", items_of(differing)),
    if (generic %in% topics) c("", sprintf(if (generic %in% LATER) PAGE_OF_NEWER else PAGE_OF_TERRA, escaped(generic))),
    "}"
  )
}

# Rows of a table of differences: what, and in a paragraph what terra and pyterra do, and why.
items_of <- function(rows) {
  items <- vapply(rows, function(row) {
    why <- if (length(row) > 3L && nzchar(row[[4L]])) sprintf(" (%s)", in_rd(row[[4L]])) else ""
    sprintf("\\item{%s:}{terra: %s; here: %s%s.}", in_rd(row[[1L]]), in_rd(row[[2L]]), in_rd(row[[3L]]), why)
  }, "")
  c("\\describe{", items, "}")
}

# Whether `?verb` is about terra: then it offers the page of its verb here, too.
is_of_terra <- function(verb) {
  found <- if (methods::isGeneric(verb, where = theirs)) methods::getGeneric(verb, where = theirs)
  grepl("^[A-Za-z]", verb) && !endsWith(verb, "<-") && !is.null(found) && found@package == "terra"
}

there <- methods_there()

# The family of each method: that of its verb and class in the table, or of its verb.
family_of <- function(generic, signature) {
  if (generic %in% MEMBERS) {
    return("local-arith")
  }
  known <- Filter(function(one) one$terra == generic, told$verbs)
  classes <- sub("^Py", "", strsplit(signature, "#", fixed = TRUE)[[1L]])
  same <- Filter(function(one) one$class %in% classes, known)
  if (length(same)) same[[1L]]$group else if (length(known)) known[[1L]]$group else "misc"
}
there$family <- mapply(family_of, there$generic, there$signature)

# What pages that are written by hand tell of already.
pages <- list.files("r/man", "Rd$", full.names = TRUE)
made_here <- vapply(pages, function(file) any(grepl("tools/r_help.R", readLines(file, 1L), fixed = TRUE)), NA)
unlink(pages[made_here])
known <- unlist(lapply(pages[!made_here], function(file) grep("^\\\\alias", readLines(file), value = TRUE)))

aliases_of <- function(family) {
  mine <- there[there$family == family, ]
  older <- names(OLDER)[OLDER == family]
  older <- unlist(lapply(older, function(name) {
    rows <- Filter(function(row) row$generic == name, space$VERBS)
    sprintf("%s,Py%s-method", name, vapply(rows, `[[`, "", "class"))
  }))
  aliases <- c(paste0(mine$generic, ",", gsub("#", ",", mine$signature, fixed = TRUE), "-method"), older, Filter(is_of_terra, unique(mine$generic)))
  sort(unique(setdiff(sprintf("\\alias{%s}", escaped(aliases)), known)))
}

HEAD <- "% Generated by tools/r_help.R: do not edit by hand"

page_of <- function(family) {
  said <- Filter(function(one) one$group == family, told$verbs)
  rows <- Filter(function(row) {
    any(vapply(said, function(one) one$terra == row$generic && one$class == row$class, NA)) &&
      (row$do %in% MEMBERS || row$generic %in% c(there$generic, OTHER_KINDS))
  }, space$VERBS)
  written <- Filter(function(row) grepl("^[A-Za-z.]", row$generic) && !row$do %in% MEMBERS, rows)
  members <- unique(vapply(Filter(function(row) !grepl("^[A-Za-z.]", row$generic) || row$do %in% MEMBERS, rows), `[[`, "", "generic"))
  names <- sort(unique(vapply(written, `[[`, "", "generic")))
  kinds <- paste(intersect(KINDS, KINDS[vapply(rows, `[[`, "", "class")]), collapse = ", ")
  c(
    HEAD,
    sprintf("\\name{verbs-%s}", family),
    sprintf("\\alias{verbs-%s}", family),
    aliases_of(family),
    sprintf("\\title{%s}", told$groups[[family]]),
    "\\description{",
    sprintf("Verbs of terra for objects of Python: %s.", kinds),
    "Arguments are those of terra, and positions count from 1. Where there is \\code{filename}, the result is written, with",
    "\\code{overwrite} and terra's other options in \\code{wopt} or \\code{...}; otherwise nothing is computed before values are wanted.",
    "}",
    if (length(members)) {
      c("\\section{Operators and functions of R}{", paste0(paste(sprintf("\\code{%s}", escaped(members)), collapse = ", "), ", as for objects of terra."), "}")
    },
    unlist(lapply(names, function(name) {
      section_of(name, Filter(function(row) row$generic == name, written), Filter(function(one) one$terra == name, said))
    })),
    "\\value{An object of Python where terra gives a raster, a vector or an extent; otherwise what terra gives.}",
    "\\seealso{\\code{\\link{pyterra-verbs}} for the other families, \\code{\\link{pyterra-differences}}, \\code{\\link{as_py}}}",
    "\\examples{",
    "\\dontshow{if (pyterra::py_ready()) withAutoprint(\\{ # examplesIf}",
    "library(terra)",
    if (is.null(EXAMPLES[[family]])) OTHERWISE else EXAMPLES[[family]],
    "\\dontshow{\\}) # examplesIf}",
    "}"
  )
}

families <- intersect(names(told$groups), there$family)
for (family in families) {
  page <- page_of(family)
  known <- c(known, grep("^\\\\alias", page, value = TRUE)) # a topic has one page in a package
  writeLines(page, file.path("r", "man", sprintf("verbs-%s.Rd", family)))
}

# Verbs that terra does not have: their arguments, with defaults and what they mean.
own_section <- function(own) {
  row <- space$OWN[[own$name]]
  words <- Filter(function(a) !a$fixed && a$how != "write", row$arguments)
  words <- stats::setNames(vapply(words, `[[`, "", "name"), vapply(words, `[[`, "", "python"))
  arguments <- Filter(function(a) a$python %in% names(words), own$arguments)
  inside <- vapply(arguments, function(a) paste0(words[[a$python]], if (nzchar(a$default)) paste(" =", a$default)), "")
  items <- vapply(arguments, function(a) sprintf("\\item{\\code{%s}:}{%s}", words[[a$python]], in_rd(a$told)), "")
  c(
    sprintf("\\section{%s}{", own$name),
    "\\preformatted{", escaped(in_lines(paste0(own$name, "("), paste0(c("x", inside), c(rep(",", length(inside)), ")")), "")), "}",
    in_rd(own$told), "\\describe{", items, "}", "}"
  )
}

writeLines(c(
  HEAD,
  "\\name{series-arguments}",
  "\\alias{series-arguments}",
  "\\title{Arguments of the functions for layers as a series of time}",
  "\\description{",
  "What the functions on the page \\code{\\link{series}} take. \\code{x} is a raster of terra or of Python; those that give a raster take",
  "\\code{filename}, \\code{overwrite} and \\code{wopt}, too.",
  "}",
  unlist(lapply(told$own, own_section)),
  "\\seealso{\\code{\\link{series}}}"
), "r/man/series-arguments.Rd")

writeLines(c(
  HEAD,
  "\\name{pyterra-verbs}",
  "\\alias{pyterra-verbs}",
  "\\title{Verbs of terra for objects of Python, by family}",
  "\\description{Which verbs a \\linkS4class{PySpatRaster} and its like have: a page for each family, in the order of terra's own list.}",
  "\\details{",
  "\\describe{",
  vapply(families, function(family) {
    verbs <- sort(unique(there$generic[there$family == family & grepl("^[A-Za-z.]", there$generic)]))
    sprintf("\\item{\\link[=verbs-%s]{%s}:}{%s}", family, told$groups[[family]], paste(sprintf("\\code{%s}", escaped(verbs)), collapse = ", "))
  }, ""),
  "}",
  "What terra does with objects of Python in pyterra's place is on the page \\code{\\link{fall-back}}; layers as a series of time are on",
  "\\code{\\link{series}}.",
  "}",
  "\\seealso{\\code{\\link{as_py}}, \\code{\\link{pyterra-differences}}}"
), "r/man/pyterra-verbs.Rd")

writeLines(c(
  HEAD,
  "\\name{pyterra-differences}",
  "\\alias{pyterra-differences}",
  "\\title{Where pyterra differs from terra}",
  "\\description{pyterra follows the rules of terra 1.9. What differs is meant, and listed here.}",
  unlist(lapply(names(told$differences), function(section) {
    c(sprintf("\\section{%s}{", section), items_of(told$differences[[section]]), "}")
  })),
  "\\seealso{\\code{\\link{pyterra-verbs}}}"
), "r/man/pyterra-differences.Rd")
