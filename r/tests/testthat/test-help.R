# Every function and every method has a help page.

test_that("every exported function and every method is on a help page", {
  pages <- tools::Rd_db("pyterra")
  aliases <- unlist(lapply(pages, function(page) {
    unlist(page[vapply(page, attr, "", "Rd_tag") == "\\alias"])
  }))
  space <- asNamespace("pyterra")
  methods <- unlist(lapply(grep("^\\.__T__", ls(space, all.names = TRUE), value = TRUE), function(table) {
    signatures <- grep("PySpat", ls(space[[table]], all.names = TRUE), value = TRUE)
    generic <- sub("^\\.__T__(.*):[^:]*$", "\\1", table)
    if (length(signatures)) paste0(generic, ",", gsub("#", ",", signatures, fixed = TRUE), "-method")
  }))
  left <- pyterra:::LEFT_TO_TERRA # one page tells of them all; which they are depends on terra
  methods <- setdiff(methods, unlist(lapply(names(left), function(name) paste0(name, ",", vapply(left[[name]], paste, "", collapse = ","), "-method"))))
  expect_gt(length(methods), 300)
  if (packageVersion("terra") < "1.8") { # later versions have generics for verbs that 1.7 has not
    expect_equal(setdiff(methods, aliases), character())
  }
  functions <- grep("^\\.", getNamespaceExports("pyterra"), value = TRUE, invert = TRUE)
  expect_equal(setdiff(functions, aliases), character())
})

# Pages as a terminal shows them, without the signs of bold and underlined letters.
in_terminal <- function() {
  lapply(tools::Rd_db("pyterra"), function(page) {
    gsub("_\\b", "", utils::capture.output(tools::Rd2txt(page, options = list(underline_titles = FALSE))))
  })
}

test_that("help pages read well in a terminal", {
  for (name in names(pages <- in_terminal())) {
    text <- pages[[name]]
    example <- match("Examples:", text, nomatch = length(text)) # code is as it is written
    expect_lte(max(nchar(text[seq_len(example)])), 100, label = name)
    expect_false(any(grepl("`|\\[[a-z_]+\\(\\)\\]", text)), label = name) # signs of Markdown
  }
})

test_that("families of verbs have pages that show calls as R writes them, and lead to terra's", {
  pages <- in_terminal()
  app <- paste(trimws(pages[["verbs-local-apply.Rd"]]), collapse = " ")
  expect_match(app, "app(x, fun, ..., filename = \"\", overwrite = FALSE, wopt = list())", fixed = TRUE)
  expect_match(app, "cores. has no effect")
  expect_match(app, "terra's page: .app.")
  expect_match(paste(trimws(pages[["series-arguments.Rd"]]), collapse = " "), "whittaker(x, lmbda = NULL, order = 2", fixed = TRUE)
  index <- paste(pages[["pyterra-verbs.Rd"]], collapse = " ")
  for (verb in c("focal", "zonal", "buffer", "writeRaster")) expect_match(index, verb)
  expect_gt(length(grep("terra:", pages[["pyterra-differences.Rd"]])), 100)
})

test_that("a verb of terra finds the page of this package as well as terra's", {
  for (verb in c("app", "focal", "crop", "buffer", "mosaic", "net_edges")) {
    if (methods::isGeneric(verb, where = asNamespace("terra"))) {
      found <- as.character(utils::help((verb), package = c("terra", "pyterra")))
      expect_true(any(grepl("pyterra/help", found, fixed = TRUE)), info = verb)
      expect_true(any(grepl("terra/help", sub("pyterra/help", "", found, fixed = TRUE), fixed = TRUE)), info = verb)
    }
  }
})

test_that("the vignette says what `vignette()` is asked for", {
  page <- file.path("..", "..", "vignettes", "pyterra.Rmd")
  skip_if_not(file.exists(page), "installed without its sources")
  info <- tools::vignetteInfo(page)
  expect_equal(info$title, "From R: terra's objects, terra's verbs, Python's engine")
  expect_equal(info$engine, "knitr::rmarkdown")
})
