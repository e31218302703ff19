library(testthat)
library(pyterra)

test_check("pyterra")
