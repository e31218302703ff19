# Methods that are written out, for terra's own generics.
#' @include methods.R
NULL

# What is written out, by generic and class.
BY_HAND <- new.env(parent = emptyenv())

# Adds a method whose body is `f`. Arguments are matched as terra matches them, by the row of the table, or by f's own formals
# where there is none; what f has no place for is refused.
by_hand <- function(generic, class, f) {
  for (name in generic) {
    if (has_generic(name)) local({
      row <- hand_row(name, class, f)
      assign(paste(name, class), list(row = row, f = f), envir = BY_HAND)
      add_method(name, class, bquote(run_by_hand(.(paste(name, class)))))
    })
  }
}

hand_row <- function(generic, class, f) {
  class <- sub("^Py", "", class)
  for (row in VERBS) {
    if (row$do == "hand" && row$generic == generic && row$class == class) {
      return(row)
    }
  }
  words <- paste(names(formals(f))[-1L], collapse = " ")
  verb_row(list(generic = generic, class = class, second = ".", do = "hand", verb = ".", arguments = words, result = "."))
}

run_by_hand <- function(key, x, given) {
  method <- BY_HAND[[key]]
  hand_call(method$row, method$f, x, given)
}

hand_call <- function(row, f, x, given) {
  given <- matched(row, given)
  if (needs_terra(row, given)) {
    return(fall_back(row$generic, c(list(x), spread(given))))
  }
  found <- effective(row, given)
  apply_to(f, c(list(x), found[names(found) != "..."], found[["..."]]))
}

# A call that names its arguments by their place: traces of errors hold no objects, which they would look into.
apply_to <- function(f, arguments) {
  places <- lapply(seq_along(arguments), function(i) call("[[", quote(arguments), i))
  names(places) <- names(arguments)
  eval(as.call(c(quote(f), places)))
}

# A copy of the handle, for what changes an object in place.
py_copy <- function(x) ask("special", "copied", list(x))

for (class in PY_CLASS) by_hand("deepcopy", class, py_copy)
rm(class)
