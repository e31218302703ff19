# What Python says, in the words of R: names of verbs and arguments, values, and positions counted from 1.
#' @include table.R
NULL

# Words of Python and what they are in R, from the table of verbs. Where Python's word is also a plain one, only the name with `=` is
# meant.
words_of_table <- function() {
  verbs <- arguments <- list()
  for (row in VERBS) {
    if (grepl("[a-z]_", row$verb) && is.null(verbs[[row$verb]])) {
      verbs[[row$verb]] <- row$generic
    }
    for (argument in Filter(function(a) !a$fixed && a$python != a$name && a$name != "...", row$arguments)) {
      if (grepl("_", argument$python)) {
        arguments[[argument$python]] <- c(arguments[[argument$python]], argument$name)
      }
    }
  }
  list(verbs = verbs, arguments = lapply(arguments, `[[`, 1L))
}

PYTHON_WORDS <- words_of_table()
FILE_WORDS <- c("nodata=" = "NAflag=", "format=" = "filetype=", "options=" = "gdal=", "driver=" = "filetype=")
VALUES <- c(None = "NULL", True = "TRUE", False = "FALSE", DataFrame = "data.frame")
TYPES <- c(
  NoneType = "NULL or NA", str = "text", int = "a number", float = "a number", bool = "TRUE or FALSE", list = "several values",
  tuple = "several values", dict = "a named list", ndarray = "numbers", PlainFunction = "a function", BlockFunction = "a function"
)
PLACES <- c("^(r|v)\\[.*?\\] = \\.\\.\\.: " = "[<-: ", "^(r|v)\\[.*?\\]: " = "[: ", "^//: " = "%/%: ", "^%: " = "%%: ", "^\\*\\*: " = "^: ")

# What scripts of terra look for in its errors and warnings.
TERRA_SAYS <- c(
  "^extract: layer must be from 1 to " = "[extract] layer should be between 1 and nlyr(x), which is ",
  "^extract: cells must be numbered .*" = "[extract] out of range cell numbers detected"
)

in_words_of_r <- function(text) {
  whole <- function(word) paste0("(?<![\\w/.'\"-])(?:[rpxvw]\\.)?\\Q", word, "\\E(?![\\w/'\"])")
  for (words in list(PYTHON_WORDS$verbs, PYTHON_WORDS$arguments)) {
    for (word in names(words)[vapply(names(words), grepl, NA, x = text, fixed = TRUE)]) {
      text <- gsub(whole(word), words[[word]], text, perl = TRUE)
    }
  }
  for (word in names(FILE_WORDS)) {
    text <- gsub(paste0("(?<!\\w)\\Q", word, "\\E"), FILE_WORDS[[word]], text, perl = TRUE)
  }
  for (type in names(TYPES)) {
    text <- gsub(paste0("\\bgot ", type, "\\b(?: \\(\\))?"), paste("got", TYPES[[type]]), text, perl = TRUE)
  }
  for (place in names(PLACES)) {
    text <- sub(place, PLACES[[place]], text, perl = TRUE)
  }
  for (word in names(VALUES)) {
    text <- gsub(paste0("(?<![\\w/'\"])\\Q", word, "\\E(?![\\w/'\"])"), VALUES[[word]], text, perl = TRUE)
  }
  text <- counted_from_one(gsub(" .values", " values()<-", text, fixed = TRUE))
  for (words in names(TERRA_SAYS)) {
    text <- sub(words, TERRA_SAYS[[words]], text)
  }
  text
}

# What Python's messages say of positions; "rows 0:6" does not count its end. What a user's own function says is not among it.
POSITIONS <- c(
  "(?:go from|numbered|from) 0 to (-?\\d+)(?:, got (-?\\d+)(?: to (-?\\d+))?)?", "(?:rows|columns) (\\d+)\\.\\.(\\d+)",
  "\\brows \\d+ to \\d+ (?=must|were)", "\\brow \\d+ (?=first)", "\\brow \\d+, column \\d+", "\\[group \\d+(?=, \\d+ values)",
  "\\b(?:layer|layers) \\d+(?:, \\d+)*(?=, rows \\d+:\\d+)", "(?:rows|columns) (\\d+)(?=:\\d+)", "\\bgot cell -?\\d+", "\\bfor edge \\d+$",
  "\\brecord \\d+(?=[:,] )", "(?<=of )record \\d+ (?=comes back)", "\\bgeometry \\d+ (?=must)"
)

counted_from_one <- function(text) {
  text <- gsub("counted from 0", "counted from 1", text, fixed = TRUE)
  for (pattern in POSITIONS) text <- shifted_numbers(text, pattern)
  text
}

# The numbers of a pattern, and a 0 that stands in it, with one added.
shifted_numbers <- function(text, pattern) {
  places <- gregexpr(pattern, text, perl = TRUE)
  regmatches(text, places) <- lapply(regmatches(text, places), function(found) {
    vapply(found, function(one) {
      numbers <- gregexpr("-?\\d+", one)
      regmatches(one, numbers) <- list(as.character(as.numeric(regmatches(one, numbers)[[1L]]) + 1))
      one
    }, "")
  })
  text
}
