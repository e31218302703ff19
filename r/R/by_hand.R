# Methods that are written out, for terra's own generics.
#' @include methods.R
NULL

# Adds a method whose body is `f`; arguments are matched by f's own formals.
by_hand <- function(generic, class, f) {
  for (name in generic) {
    if (has_generic(name)) {
      add_method(name, class, function(x, given) do.call(f, c(list(x), given)))
    }
  }
}

# A copy of the handle, for what changes an object in place.
py_copy <- function(x) ask("special", "copied", list(x))
