# Objects that leave this session, for files and for workers, go as terra packs its own.
#' @include by_hand.R collections.R
NULL

# terra's function for the object as one of terra's.
packed <- function(generic, class, x, ...) {
  if (!existsMethod(generic, class, where = TERRA)) {
    stop_plain(generic, ": this version of terra does not pack a ", class, "; hand over what it is made of")
  }
  own <- as_terra(x)
  get(generic, TERRA)(own, ...)
}

for (class in names(PY_CLASS)) local({
  class <- class
  for (generic in c("wrap", "saveRDS", "serialize")) local({
    generic <- generic
    by_hand(generic, PY_CLASS[[class]], function(x, ...) packed(generic, class, x, ...))
  })
})
rm(class)

# What is unpacked already stays, also the shell of an object whose session has ended.
for (class in PY_CLASS) by_hand("unwrap", class, function(x) x)
rm(class)
