# Writes reference.tsv: what terra gives for every line of cases.tsv. Run in this folder: Rscript make_reference.R
# The rasters are the same that test_reference.py makes: quarters of whole numbers, exact in binary.
suppressMessages(library(terra))

make <- function(step, gap, low, names) {
  i <- rep(0:29, 3)
  l <- rep(1:3, each = 30)
  v <- ((i * step + l * 11) %% 101) / 4 - low
  if (gap > 0) v[(i + l * 3) %% gap == 0] <- NA
  r <- rast(nrows = 6, ncols = 5, nlyrs = 3, xmin = 0, xmax = 50, ymin = 0, ymax = 60, crs = "")
  values(r) <- matrix(v, ncol = 3)
  names(r) <- names
  r
}

x <- make(37, 7, 10, c("a", "b", "c"))
y <- make(53, 0, 0, c("d", "e", "f"))
g <- rast(nrows = 4, ncols = 3, xmin = 6, xmax = 42, ymin = 7, ymax = 55, crs = "")

cases <- read.delim("cases.tsv", quote = "", stringsAsFactors = FALSE)
out <- file("reference.tsv", "w")
writeLines(paste0("# terra ", packageVersion("terra")), out)
for (k in seq_len(nrow(cases))) {
  r <- eval(parse(text = cases$r[k]))
  v <- as.vector(values(r))
  v <- ifelse(is.na(v), "NA", sprintf("%.15g", v))
  shape <- paste(nlyr(r), nrow(r), ncol(r))
  writeLines(paste(cases$name[k], shape, paste(as.vector(ext(r)), collapse = " "), paste(names(r), collapse = " "),
                   paste(v, collapse = " "), sep = "\t"), out)
}
close(out)
