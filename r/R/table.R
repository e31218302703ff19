# The table of verbs, inst/verbs.tsv, as rows that can be run.

# Why an argument of terra has no effect, or is refused.
REASONS <- c(
  workers = "pyterra computes on all cores by itself",
  speed = "it tunes how terra computes, not what",
  frames = "it belongs to base R's data.frame and has no effect in terra",
  encoding = "files are always written in UTF-8",
  several = "two objects are compared at a time",
  absent = "pyterra has no counterpart",
  counted = "factor() and table() of R take values(); as.factor() and freq() take a raster",
  none = "it has no effect in terra, or only on its messages"
)

# Reasons for which terra is asked instead of pyterra.
LEFT <- c("absent", "several")

# How R's words become Python's where snake case does not say it.
WORDS <- c(NArule = "na_rule", zeroAsNA = "zero_as_na", useNA = "use_na", ID = "id")

snake_case <- function(name) {
  if (name %in% names(WORDS)) {
    return(WORDS[[name]])
  }
  tolower(gsub(".", "_", gsub("([a-z0-9])([A-Z])", "\\1_\\2", name), fixed = TRUE))
}

read_verbs <- function(path) {
  lines <- readLines(path, encoding = "UTF-8")
  table <- utils::read.delim(text = lines[!startsWith(lines, "#")], quote = "", colClasses = "character", comment.char = "")
  lapply(seq_len(nrow(table)), function(i) verb_row(as.list(table[i, ])))
}

verb_row <- function(row) {
  words <- if (row$arguments == ".") character() else strsplit(row$arguments, " +")[[1L]]
  row$arguments <- lapply(words, argument)
  names(row$arguments) <- vapply(row$arguments, `[[`, "", "name")
  row$second <- if (row$second == ".") character() else strsplit(row$second, ";", fixed = TRUE)[[1L]]
  row
}

# Names of members, "" where one has none.
names_of <- function(x) if (is.null(names(x))) rep("", length(x)) else names(x)

# One word of the column: name, name>other, name:how, name~why, name!why=value, name?why=values, name=value, @name=value.
argument <- function(word) {
  fixed <- startsWith(word, "@")
  value <- NULL
  if (grepl("=", word, fixed = TRUE)) {
    value <- sub("^[^=]*=", "", word)
    word <- sub("=.*$", "", word)
  }
  parts <- regmatches(word, regexec("^@?([^>:~!?]+)(>([^:~!?]+))?(:([^~!?]+))?([~!?](.+))?$", word))[[1L]]
  list(
    name = parts[[2L]], fixed = fixed, value = value,
    python = if (nzchar(parts[[4L]])) parts[[4L]] else snake_case(parts[[2L]]),
    how = if (nzchar(parts[[6L]])) parts[[6L]] else "plain",
    fate = substr(parts[[7L]], 1L, 1L), why = parts[[8L]]
  )
}

# The table lies beside the code, both in the sources and in the installed package.
verbs_path <- function() {
  home <- getNamespaceInfo(topenv(), "path")
  found <- file.path(home, c("verbs.tsv", "inst/verbs.tsv"))
  found[file.exists(found)][[1L]]
}

VERBS <- read_verbs(verbs_path())
