# Doubles to Python and back. Where reticulate converts arrays they cross in memory, as matrices of one column, which are
# its fast way; otherwise through files of raw doubles. A probe decides once per session; the option pyterra.transport
# ("memory" or "file") and the environment variable PYTERRA_TRANSPORT overrule it.

transport <- function() {
  chosen <- getOption("pyterra.transport", Sys.getenv("PYTERRA_TRANSPORT"))
  if (chosen %in% c("memory", "file")) {
    return(chosen)
  }
  if (is.null(session$transport)) {
    session$transport <- if (converts_arrays()) "memory" else "file"
  }
  session$transport
}

# reticulate before 1.38 with numpy 2 fails on the way out, or silently gives back an object of Python.
converts_arrays <- function() {
  numbers <- matrix(c(1.5, NA, -Inf))
  back <- tryCatch(
    reticulate::py_to_r(host_function("echo")(reticulate::r_to_py(numbers))),
    error = function(e) NULL
  )
  is.double(back) && identical(is.na(back), is.na(numbers)) && identical(back[c(1, 3)], numbers[c(1, 3)])
}

# Numbers of any shape, column after column, as an array of Python.
send_doubles <- function(x) {
  if (!is.double(x)) {
    x <- as.double(x)
  }
  if (transport() == "memory" && length(x)) {
    if (length(dim(x)) != 2L) {
      dim(x) <- c(length(x), 1L)
    }
    return(host_function("own")(reticulate::r_to_py(x)))
  }
  path <- transport_file()
  on.exit(unlink(path))
  writeBin(as.vector(x), path)
  host_function("load_doubles")(path)
}

# The numbers of an array of Python, row after row, as a vector.
fetch_doubles <- function(array) {
  if (transport() == "memory") {
    numbers <- reticulate::py_to_r(host_function("column")(array))
    dim(numbers) <- NULL
    return(numbers)
  }
  path <- transport_file()
  on.exit(unlink(path))
  size <- as.double(as_text(host_function("save_doubles")(array, path)))
  readBin(path, "double", size)
}

transport_file <- function() {
  if (is.null(session$folder)) {
    shared <- "/dev/shm"
    session$folder <- if (dir.exists(shared) && file.access(shared, 2L) == 0L) shared else tempdir()
  }
  tempfile("pyterra-", tmpdir = session$folder, fileext = ".bin")
}

# A text of Python; `str` of anything else.
as_text <- function(py) {
  if (is.character(py)) py else reticulate::py_str(py)
}
