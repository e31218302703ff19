# What terra's own code, and that of packages which look behind its verbs, finds in an object of Python: a pointer to C++ like those
# that terra makes.
#' @include classes.R
NULL

# Where objects of terra keep it: versions of terra differ in the word.
POINTER <- names(getSlots(getClass("SpatRaster", where = TERRA)))

# The class of the pointer of an object of terra, and one of them, for its methods and fields.
model_pointer <- function(class) {
  key <- paste("pointer", class)
  if (is.null(session[[key]])) {
    of_cpp <- if (class == "SpatRasterDataset") "SpatRasterStack" else class
    session[[key]] <- new(getClass(paste0("Rcpp_", of_cpp), where = TERRA))
  }
  session[[key]]
}

# An object of Python with its pointer. Nothing is handed over to terra before the pointer is followed.
with_pointer <- function(object) {
  class <- names(PY_CLASS)[PY_CLASS == class(object)]
  if (length(class)) {
    slot(object, POINTER, check = FALSE) <- later_pointer(model_pointer(class), object)
  }
  object
}

# The object of Python of an object here. Functions of terra that are no generics put the pointer to what they made in the place of
# that of their argument: then what it leads to is the object.
py_of <- function(x) {
  class <- names(PY_CLASS)[PY_CLASS == class(x)]
  if (!length(class) || exists(".own", slot(x, POINTER)@.xData, inherits = FALSE)) {
    return(x@py)
  }
  made <- new(getClass(class, where = TERRA))
  slot(made, POINTER) <- slot(x, POINTER)
  as_py(made)@py
}

# A pointer like the model whose C++ is that of as_terra(object), made once it is asked for.
later_pointer <- function(model, object) {
  known <- as.environment(model)
  here <- new.env(parent = parent.env(known))
  for (name in c(".module", ".cppclass", ".refClassDef")) {
    here[[name]] <- known[[name]]
  }
  delayedAssign(".own", slot(as_terra(object), POINTER), assign.env = here)
  delayedAssign(".pointer", here[[".own"]]$.pointer, assign.env = here)
  fields <- model$.refClassDef@fieldPrototypes
  for (name in base::setdiff(ls(fields), ls(here))) {
    field <- fields[[name]]
    environment(field) <- here
    makeActiveBinding(name, field, here)
  }
  model@.xData <- here
  here[[".self"]] <- model
  model
}
