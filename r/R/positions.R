# Positions: R counts from 1, Python from 0. All that shifts them is here.

# Cells, rows and columns for Python; missing ones are outside (-1), as are those below 1.
to_python <- function(x) {
  x <- trunc(as.double(x)) - 1
  x[is.na(x) | x < 0] <- -1
  x
}

# Those of Python for R; outside is missing.
from_python <- function(x) {
  x <- x + 1
  x[!is.na(x) & x < 1] <- NaN
  x
}

# Numbers of members out of n as R takes them: negative ones leave out, TRUE and FALSE choose, zeros and what is beyond the
# point stand for nothing.
chosen <- function(i, n) {
  i <- without_integer64(i)
  if (is.logical(i)) {
    i <- which(rep_len(i, n))
  }
  i <- trunc(i)
  i <- i[is.na(i) | i != 0]
  if (any(i < 0, na.rm = TRUE)) {
    i <- seq_len(n)[i]
  }
  i - 1
}

# Columns of a table that hold positions.
shift_columns <- function(frame, columns) {
  for (name in intersect(columns, names(frame))) {
    if (is.numeric(frame[[name]])) {
      frame[[name]] <- from_python(frame[[name]])
    }
  }
  frame
}
